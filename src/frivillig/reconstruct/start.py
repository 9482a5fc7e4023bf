"""Where a run starts: register variables with exact counts, and a rough first draw of the covariates.

The start is our assumption, not the report's: sizes are skewed, policies and courses are commoner in
large municipalities, and expenses and density go with size. It decides where among the solutions a
run ends, so the spread of an ensemble says what we assumed as well as what was printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frivillig.data import read_schema
from frivillig.reconstruct.groups import group_tables
from frivillig.reconstruct.moments import Covariate
from frivillig.reconstruct.tables import OUTCOME, binary_tables, sizes
from frivillig.reconstruct.targets import Target, columns_named
from frivillig.statistics.regression import Floats
from frivillig.statistics.vectors import Array, vector

COVARIATES = (
    Covariate("population", True, 200, 295_000, 1.0, 0),
    Covariate("elderly_share", False, 0.09, 0.36, 0.04, 4),
    Covariate("expenses_per_capita", True, 60, 9_000, 0.75, 2),
    Covariate("expenses_share", False, 12, 48, 4.7, 2),
    Covariate("organisation_density", True, 0.5, 12, 0.4, 3),
)
# How strongly the outcome and the register variables follow size, in log odds per log population: for
# datasets, and for pushing, which asks what is possible and not what is plausible.
FOLLOWS_SIZE = {OUTCOME: (0.6, 1.0), "policy": (0.7, 1.5), "course": (0.3, 1.2)}
FOLLOWS_SIZE_WIDE = {OUTCOME: (0.2, 2.0), "policy": (0.0, 3.0), "course": (0.0, 2.5)}
# Spread of log population, apart from the districts of a city, and the size of those in persons.
SIZE_SPREAD = (1.3, 1.5)
DISTRICTS = ("oslo", 32_000, 62_000)


@dataclass(frozen=True)
class Start:
    """Where a run starts.

    Attributes:
        fixed: The columns that stay: answers and register variables, arrays of shape (respondents,).
        numbers: The numbers behind the covariates, shape (covariates, respondents); NaN where missing.
        low: Their smallest allowed values, of the same shape.
        high: Their largest allowed values, of the same shape.
    """

    fixed: dict[str, Array]
    numbers: Floats
    low: Floats
    high: Floats


def draw_start(
    answers: dict[str, Array],
    targets: list[Target],
    rng: np.random.Generator,
    wide: bool = False,
) -> Start:
    """Register variables and first numbers.

    Args:
        answers: The answers to the survey, one array of shape (respondents,) per column.
        targets: The targets.
        rng: Source of chance.
        wide: Whether to start anywhere, for pushing, and not where it is plausible.

    Raises:
        ConflictError: when no table of a register variable holds the targets.
    """
    users = answers[OUTCOME] == 1
    strengths = {
        column: rng.uniform(*between)
        for column, between in (FOLLOWS_SIZE_WIDE if wide else FOLLOWS_SIZE).items()
    }
    columns = {"county": _draw_groups("county", users, targets, rng)}
    districts = columns["county"] == DISTRICTS[0]
    low = np.repeat([[_number(c, c.low)] for c in COVARIATES], len(users), axis=1)
    high = np.repeat([[_number(c, c.high)] for c in COVARIATES], len(users), axis=1)
    threshold = _threshold("population", targets)
    size = np.empty(len(users))
    size[districts] = rng.uniform(*np.log(DISTRICTS[1:]), districts.sum())
    size[~districts] = _draw_size(users[~districts], districts.sum(), threshold, strengths.pop(OUTCOME), rng)
    low[0, districts] = high[0, districts] = size[districts]
    if threshold:
        # A count has no slope: from here on, everybody stays on one side. Each has a bound of its own,
        # for those who are pushed towards the threshold would else pile up there.
        away = size[~districts] - np.log(threshold[0])
        nearest = np.maximum(0.003, 0 if wide else rng.uniform(0, 0.5, len(away)) * np.abs(away))
        low[0, ~districts] = np.where(away > 0, np.log(threshold[0]) + nearest, low[0, ~districts])
        high[0, ~districts] = np.where(away > 0, high[0, ~districts], np.log(threshold[0]) - nearest)
    missing = np.zeros(len(users), int)
    # One draw of how much what is missing is missing for the same respondents.
    together = rng.uniform(0, 2)
    for column, strength in strengths.items():
        columns[column] = _draw_binary(column, users, size * strength, columns, targets, rng)
        missing += np.isnan(columns[column])
    numbers = _draw_numbers(size, users, rng)
    for row, covariate in enumerate(COVARIATES):
        known = sizes(covariate.name, targets, len(users))[-1]
        order = np.argsort(-together * missing + rng.gumbel(size=len(users)))
        numbers[row, order[: len(users) - known]] = np.nan
        missing += np.isnan(numbers[row])
    return Start(answers | columns, np.clip(numbers, low, high), low, high)


def _number(covariate: Covariate, value: float) -> float:
    return float(np.log(value)) if covariate.logarithmic else value


def _draw_groups(
    column: str, users: NDArray[np.bool_], targets: list[Target], rng: np.random.Generator
) -> Array:
    groups = tuple(read_schema("municipalities").labels(column))
    table = group_tables(column, groups, targets, int(users.sum()), int((~users).sum())).draw(rng)
    values = np.empty(len(users), dtype=object)
    values[users] = rng.permutation(np.repeat(groups, [with_outcome for with_outcome, _ in table.values()]))
    values[~users] = rng.permutation(
        np.repeat(groups, [n - with_outcome for with_outcome, n in table.values()])
    )
    return values


def _draw_size(
    users: NDArray[np.bool_],
    above: int,
    threshold: tuple[float, int] | None,
    follows: float,
    rng: np.random.Generator,
) -> Floats:
    """Log population: skewed, with the outcome commoner among the large.

    Args:
        users: Who has the outcome.
        above: How many others are above the threshold.
        threshold: A size, and how many are above it.
        follows: How strongly the outcome follows size.
        rng: Source of chance.
    """
    drawn = np.sort(rng.normal(8.8, rng.uniform(*SIZE_SPREAD), len(users)))[::-1]
    if threshold:
        bound, number = threshold
        last = number - above
        drawn += np.log(bound) - drawn[last - 1 : last + 1].mean()
    leaning = follows * drawn + rng.logistic(size=len(drawn))
    order = np.argsort(-leaning)
    size, split = np.empty(len(users)), users.sum()
    size[users], size[~users] = rng.permutation(drawn[order[:split]]), rng.permutation(drawn[order[split:]])
    return size


def _threshold(column: str, targets: list[Target]) -> tuple[float, int] | None:
    for target in targets:
        if target.expression.verb == "count" and (
            found := re.fullmatch(rf"{column} > ([\d.]+)", target.expression.arguments[0])
        ):
            return float(found[1]), int(np.ceil(target.interval.low))
    return None


def _draw_binary(
    column: str,
    users: NDArray[np.bool_],
    leaning: Floats,
    columns: dict[str, Array],
    targets: list[Target],
    rng: np.random.Generator,
) -> Floats:
    """A variable of 0 and 1, with a table that targets allow, commoner where `leaning` is high."""
    table = rng.choice(binary_tables(column, targets, int(users.sum()), int((~users).sum())))
    absent = _never(column, columns, targets)
    values = np.zeros(len(users))
    for group, ones, gone in ((users, table[0], table[4]), (~users, table[1], table[5])):
        rows = rng.permutation(np.flatnonzero(group))
        rows = rows[np.argsort(~absent[rows], kind="stable")]
        values[rows[:gone]] = np.nan
        rest = rows[gone:]
        values[rest[np.argsort(-leaning[rest] - rng.logistic(size=len(rest)))[:ones]]] = 1
    return values


def _never(column: str, columns: dict[str, Any], targets: list[Target]) -> NDArray[np.bool_]:
    """Respondents for whom targets say that the variable is missing: a count that must be zero."""
    (length,) = {len(values) for values in columns.values()}
    known = {**columns, column: np.ones(length)}
    never = np.zeros(length, bool)
    for target in targets:
        named = columns_named(target.expression)
        if (
            target.expression.verb == "count"
            and target.interval.high < 1
            and column in named
            and set(named) <= set(known)
        ):
            never |= vector(target.expression.arguments[0], known)
    return never


def _draw_numbers(size: Floats, users: NDArray[np.bool_], rng: np.random.Generator) -> Floats:
    """First numbers behind the covariates: each leans on size, or on nothing, by a random amount."""
    z = (size - size.mean()) / size.std()

    def beside(r: float) -> Floats:
        return r * z + np.sqrt(1 - r * r) * rng.standard_normal(len(z))

    return np.stack(
        [
            size,
            0.20 + 0.04 * beside(rng.uniform(-0.9, -0.5)),
            6.7 + 0.76 * beside(rng.uniform(0.45, 0.75)),
            28.6 + 4.7 * (beside(0.0) - 0.2 * users),
            1.05 + 0.38 * beside(rng.uniform(-0.75, -0.45)),
        ]
    )
