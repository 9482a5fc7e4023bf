from .bounds import CRITICAL, limits, pinned, ranges
from .diagrams import grid, sets, timeline
from .exhibits import Exhibit
from .figures import bars, differences, dots, stacked, tally
from .guard import cleared
from .models import VARIABLES, Crossing, curve, distribution, estimates, variables
from .numbers import interval, join, number, original, p_value, percent, period, printed, span, spelled
from .page_data import PageData
from .regressions import fits, regression, stars
from .shapes import calibrated, curves, forms
from .tables import by_group, counts, matrix, response, table, weighted

__all__ = [
    "CRITICAL",
    "VARIABLES",
    "Crossing",
    "Exhibit",
    "PageData",
    "bars",
    "by_group",
    "calibrated",
    "cleared",
    "counts",
    "curve",
    "curves",
    "differences",
    "distribution",
    "dots",
    "estimates",
    "fits",
    "forms",
    "grid",
    "interval",
    "join",
    "limits",
    "matrix",
    "number",
    "original",
    "p_value",
    "percent",
    "period",
    "pinned",
    "printed",
    "ranges",
    "regression",
    "response",
    "sets",
    "span",
    "spelled",
    "stacked",
    "stars",
    "table",
    "tally",
    "timeline",
    "variables",
    "weighted",
]
