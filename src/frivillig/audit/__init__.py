"""What printed numbers can and cannot mean: checks of a spine against itself.

The checks use nothing but the spine. The conventions by which they find questions, tables and models
stand in `frivillig.audit.structure`.
"""

import lazy_loader

# The names are in __init__.pyi.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
