"""Numbers, tables and figures as Norwegian readers expect them.

Labels and formats of the Norwegian edition stand in this package and in the data package only.
"""

from frivillig.display.exhibits import Exhibit
from frivillig.display.figures import bars, dots, sets, stacked, tally
from frivillig.display.numbers import interval, join, number, percent, printed
from frivillig.display.tables import table

__all__ = [
    "Exhibit",
    "bars",
    "dots",
    "interval",
    "join",
    "number",
    "percent",
    "printed",
    "sets",
    "stacked",
    "table",
    "tally",
]
