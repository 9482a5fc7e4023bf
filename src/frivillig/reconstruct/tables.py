"""Every table of counts that printed numbers allow, by enumeration. Exact, and no solver.

A register variable (county, policy, course) meets the answers in one place only: whether the
municipality recruits its own volunteers. So its table with that answer can be enumerated in full.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from frivillig.reconstruct.targets import ConflictError, Target, columns_named, smallest_conflict
from frivillig.statistics import Expression
from frivillig.statistics.quick import correlation_p
from frivillig.statistics.vectors import Array, vector

OUTCOME = "own_recruitment"
Numbers = NDArray[Any]


def about(targets: list[Target], column: str) -> tuple[Target, ...]:
    """The targets that name a register variable and nothing else but the outcome."""
    return tuple(
        target
        for target in targets
        if column in (named := columns_named(target.expression)) and set(named) <= {column, OUTCOME, "id"}
    )


def allowed(targets: Iterable[Target], rows: dict[str, Array], counts: Numbers) -> NDArray[np.bool_]:
    """Which tables hold all targets.

    Args:
        targets: Targets about the columns of `rows`.
        rows: The kinds of respondents: one array of shape (kinds,) per column.
        counts: One table per row, shape (tables, kinds).
    """
    kept = np.ones(len(counts), bool)
    for target in targets:
        kept[kept] = target.interval.holds(weighted(target.expression, rows, counts[kept]))
    return kept


def weighted(expression: Expression, rows: dict[str, Array], counts: Numbers) -> Numbers:
    """An expression computed from counts of kinds of respondents, for many tables at once.

    Args:
        expression: Any but a regression with several terms.
        rows: The kinds of respondents, as in `allowed`.
        counts: Shape (tables, kinds).

    Returns:
        One number per table; NaN where the base is empty.
    """
    match expression.verb:
        case "count":
            return counts @ vector(expression.arguments[0], rows)
        case "share":
            condition, base = (vector(argument, rows) for argument in expression.arguments)
            return _ratio(100 * (counts @ (condition & base)), counts @ base)
        case "mean" | "sd":
            variable, *base = expression.arguments
            x = vector(variable, rows).astype(float)
            kept = np.isfinite(x) & vector(base[0], rows) if base else np.isfinite(x)
            n, total, squares = _sums(counts, kept, x, x)
            if expression.verb == "mean":
                return _ratio(total, n)
            return np.sqrt(_ratio(squares - _ratio(total * total, n), n - 1))
        case "corr":
            return _correlation(expression, rows, counts)
    return _two_by_two(expression, rows, counts)


def _ratio(above: Numbers, below: Numbers) -> Numbers:
    return np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)


def _sums(counts: Numbers, kept: Numbers, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    x, y = np.where(kept, x, 0.0), np.where(kept, y, 0.0)
    return counts @ kept, counts @ x, counts @ (x * y)


def _correlation(expression: Expression, rows: dict[str, Array], counts: Numbers) -> Numbers:
    x, y = (vector(argument, rows).astype(float) for argument in expression.arguments)
    kept = np.isfinite(x) & np.isfinite(y)
    n, sum_x, sum_xy = _sums(counts, kept, x, y)
    _, sum_y, sum_yy = _sums(counts, kept, y, y)
    _, _, sum_xx = _sums(counts, kept, x, x)
    spread = np.sqrt((n * sum_xx - sum_x**2) * (n * sum_yy - sum_y**2))
    r = _ratio(n * sum_xy - sum_x * sum_y, spread)
    if expression.measure == "r":
        return r
    return np.array([correlation_p(value, int(pairs)) for value, pairs in zip(r, n, strict=True)])


def _two_by_two(expression: Expression, rows: dict[str, Array], counts: Numbers) -> Numbers:
    """A logistic regression on one variable of 0 and 1, which has a closed form."""
    outcome, term = (part.strip() for part in expression.arguments[0].split("~"))
    y, x = vector(outcome, rows), vector(term, rows)
    a, b, c, d = (counts @ ((x == i) & (y == j)) for i, j in ((1, 1), (1, 0), (0, 1), (0, 0)))
    with np.errstate(divide="ignore", invalid="ignore"):
        coefficient = np.log(a * d / (b * c))
        match expression.measure:
            case "odds":
                return np.exp(coefficient)
            case "p":
                return 2 * norm.sf(np.abs(coefficient) / np.sqrt(1 / a + 1 / b + 1 / c + 1 / d))
            case "x50":
                return -np.log(c / d) / coefficient
            case "mcfadden":
                full = sum(_entropy(n, m) for n, m in ((a, b), (c, d)))
                return 1 - full / _entropy(a + c, b + d)
    return coefficient


def _entropy(ones: Numbers, zeros: Numbers) -> Numbers:
    return ones * np.log(ones / (ones + zeros)) + zeros * np.log(zeros / (ones + zeros))


def binary_tables(column: str, targets: list[Target], users: int, others: int) -> Numbers:
    """All tables of a variable of 0 and 1 with the outcome.

    Args:
        column: The variable.
        targets: All targets.
        users: Respondents with the outcome 1.
        others: Respondents with the outcome 0.

    Returns:
        One table per row: respondents with variable and outcome 1 and 1, 1 and 0, 0 and 1, 0 and 0,
        missing and 1, missing and 0.

    Raises:
        ConflictError: when no table holds the targets.
    """
    concerned = about(targets, column)
    found = _binary_tables(column, concerned, users, others)
    if not len(found):
        # How many have the variable is kept: without it none would be missing, which is no relief.
        size = [target for target in concerned if _counts_values(target, column)]
        rest = [target for target in concerned if target not in size]

        def feasible(some: list[Target]) -> bool:
            return len(_binary_tables(column, (*size, *some), users, others)) > 0

        raise ConflictError([*size, *smallest_conflict(rest, feasible)])
    return found


# The same for every dataset of an ensemble.
@cache
def _binary_tables(column: str, targets: tuple[Target, ...], users: int, others: int) -> Numbers:
    known = sizes(column, targets, users + others)
    # First the variable alone: how many have it, among how many known.
    alone = [target for target in targets if set(columns_named(target.expression)) <= {column, "id"}]
    margins = np.array([(ones, n - ones, users + others - n) for n in known for ones in range(n + 1)])
    margins = margins[allowed(alone, {column: np.array([1, 0, np.nan]), "id": np.array(["x"] * 3)}, margins)]
    blocks = []
    for ones, zeros, missing in margins:
        with_one, missing_users = np.meshgrid(np.arange(ones + 1), np.arange(missing + 1), indexing="ij")
        zero_users = users - with_one - missing_users
        block = [
            with_one,
            ones - with_one,
            zero_users,
            zeros - zero_users,
            missing_users,
            missing - missing_users,
        ]
        blocks.append(np.stack([cell.ravel() for cell in block], axis=1))
    tables = np.concatenate(blocks) if blocks else np.empty((0, 6), int)
    tables = tables[(tables >= 0).all(axis=1)]
    return tables[allowed(targets, _kinds(column), tables)]


def table_limits(
    expression: Expression, column: str, targets: list[Target], users: int, others: int
) -> tuple[float, float]:
    """The smallest and largest value over all tables of a variable of 0 and 1 with the outcome. Exact.

    Args:
        expression: About the variable and the outcome.
        column: The variable.
        targets: All targets.
        users: Respondents with the outcome 1.
        others: Respondents with the outcome 0.

    Raises:
        ConflictError: when no table holds the targets.
    """
    values = weighted(expression, _kinds(column), binary_tables(column, targets, users, others))
    return float(values.min()), float(values.max())


def _kinds(column: str) -> dict[str, Array]:
    """The kinds of respondents that a table counts, in its order."""
    return {
        column: np.array([1, 1, 0, 0, np.nan, np.nan]),
        OUTCOME: np.array([1.0, 0.0] * 3),
        "id": np.array(["x"] * 6),
    }


def _counts_values(target: Target, column: str) -> bool:
    return target.expression.arguments == (f"{column}.notna()",)


def sizes(column: str, targets: Iterable[Target], size: int) -> list[int]:
    """How many values a variable can have; without a target about it, none is missing."""
    counts = [target.interval for target in targets if _counts_values(target, column)]
    return [n for n in range(size + 1) if all(n in interval for interval in counts)] if counts else [size]
