"""Estimates from answers, estimates from printed counts, and the language of the spine's `stat`."""

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
from frivillig.statistics.published import Groups, Overlap, feasible_groups, implied_bases, overlaps, question

__all__ = [
    "Expression",
    "ExpressionError",
    "Groups",
    "Overlap",
    "check_expressions",
    "compute",
    "cross_table",
    "difference",
    "evaluate",
    "feasible_groups",
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
    "question",
    "shares",
    "single_choice",
    "unit_factor",
    "variance_inflation",
]
