"""Numbers, tables and figures as Norwegian readers expect them.

Labels and formats of the Norwegian edition stand in this package and in the data package only.
"""

from frivillig.display.exhibits import Exhibit
from frivillig.display.figures import bars, dots, sets, stacked, timeline
from frivillig.display.numbers import interval, join, number, percent, period, printed
from frivillig.display.tables import counts, table

__all__ = [
    "Exhibit",
    "bars",
    "counts",
    "dots",
    "interval",
    "join",
    "number",
    "percent",
    "period",
    "printed",
    "sets",
    "stacked",
    "table",
    "timeline",
]
