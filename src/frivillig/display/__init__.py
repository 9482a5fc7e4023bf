"""Numbers, tables and figures as Norwegian readers expect them.

Labels and formats of the Norwegian edition stand in this package and in the data package only.
"""

import lazy_loader

# The names are in __init__.pyi. Each is loaded when first asked for: Sphinx needs the numbers, but neither
# pandas nor seaborn.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
