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
from frivillig.statistics.models import (
    fourfold_tables,
    holm,
    likelihood_ratio,
    logit_table,
    marginal_effects,
    mcfadden_p,
    predicted,
    variance_inflation,
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
    "fourfold_tables",
    "holm",
    "implied_bases",
    "likelihood_ratio",
    "logit_table",
    "marginal_effects",
    "mcfadden_p",
    "multiple_response",
    "overlaps",
    "parse",
    "predicted",
    "printed_shares",
    "question",
    "shares",
    "single_choice",
    "tally",
    "unit_factor",
    "variance_inflation",
    "weigh",
]
