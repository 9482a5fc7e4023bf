"""Executable edition of a Norwegian report on volunteers in municipal elder care.

Floors, each importing only from those below it: data, statistics, display, sphinx.
"""

from importlib.metadata import version

__version__ = version("frivillig")
