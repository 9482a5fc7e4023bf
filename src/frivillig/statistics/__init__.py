"""Estimates from answers, estimates from printed counts, and the language of the spine's `stat`."""

from frivillig.statistics.coding import agreement, tally, weigh
from frivillig.statistics.estimates import cross_table, difference, multiple_response, shares, single_choice
from frivillig.statistics.expressions import (
    Expression,
    ExpressionError,
    check_expressions,
    compute,
    evaluate,
    parse,
    unit_factor,
)
from frivillig.statistics.published import (
    Groups,
    Overlap,
    counts_behind,
    feasible_groups,
    implied_bases,
    overlaps,
    printed_shares,
    question,
)
from frivillig.statistics.splits import detectable_difference, differences, feasible_splits

__all__ = [
    "Expression",
    "ExpressionError",
    "Groups",
    "Overlap",
    "agreement",
    "check_expressions",
    "compute",
    "counts_behind",
    "cross_table",
    "detectable_difference",
    "difference",
    "differences",
    "evaluate",
    "feasible_groups",
    "feasible_splits",
    "implied_bases",
    "multiple_response",
    "overlaps",
    "parse",
    "printed_shares",
    "question",
    "shares",
    "single_choice",
    "tally",
    "unit_factor",
    "weigh",
]
