"""Numbers, tables and figures as Norwegian readers expect them.

Labels and formats of the Norwegian edition stand in this package and in the data package only.
"""

from frivillig.display.exhibits import Exhibit
from frivillig.display.figures import bars, differences, dots, grid, sets, stacked
from frivillig.display.numbers import interval, join, number, p_value, percent, printed, span
from frivillig.display.tables import matrix, table

__all__ = [
    "Exhibit",
    "bars",
    "differences",
    "dots",
    "grid",
    "interval",
    "join",
    "matrix",
    "number",
    "p_value",
    "percent",
    "printed",
    "sets",
    "span",
    "stacked",
    "table",
]
