"""Numbers, tables and figures as Norwegian readers expect them.

Labels and formats of the Norwegian edition stand in this package and in the data package only.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# Each name is loaded when first asked for: Sphinx needs the numbers, but neither pandas nor seaborn.
MODULES = {
    "CRITICAL": "bounds",
    "Crossing": "models",
    "Exhibit": "exhibits",
    "PageData": "page_data",
    "VARIABLES": "models",
    "bars": "figures",
    "by_group": "tables",
    "calibrated": "shapes",
    "cleared": "guard",
    "counts": "tables",
    "curve": "models",
    "curves": "shapes",
    "differences": "figures",
    "distribution": "models",
    "dots": "figures",
    "estimates": "models",
    "fits": "regressions",
    "forms": "shapes",
    "grid": "diagrams",
    "interval": "numbers",
    "join": "numbers",
    "limits": "bounds",
    "matrix": "tables",
    "number": "numbers",
    "original": "numbers",
    "p_value": "numbers",
    "percent": "numbers",
    "period": "numbers",
    "pinned": "bounds",
    "printed": "numbers",
    "ranges": "bounds",
    "regression": "regressions",
    "response": "tables",
    "sets": "diagrams",
    "span": "numbers",
    "spelled": "numbers",
    "stacked": "figures",
    "stars": "regressions",
    "table": "tables",
    "tally": "figures",
    "timeline": "diagrams",
    "variables": "models",
    "weighted": "tables",
}
__all__ = list(MODULES)


def __getattr__(name: str) -> Any:
    """A public name, from its module."""
    if name not in MODULES:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(import_module(f"{__name__}.{MODULES[name]}"), name)
