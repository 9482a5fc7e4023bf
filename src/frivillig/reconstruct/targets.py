"""What a reconstruction must reproduce: rows of the spine, and the report's statements without a number.

A row counts by its role alone; no number of the report stands in this package.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from frivillig.data import DATA, SURVEYS, DataError, Fault, Spine, Statistic, read_schema
from frivillig.statistics import Expression, ExpressionError, parse, unit_factor
from frivillig.statistics.vectors import columns_of, formula_terms

STATEMENTS = DATA / "published" / "statements.csv"
# Values that a number can have by its nature, in the unit of the verb or measure.
POSSIBLE = {
    "count": (0, math.inf),
    "share": (0, 100),
    "sd": (0, math.inf),
    "odds": (0, math.inf),
    "p": (0, 1),
    "r": (-1, 1),
    "mcfadden": (0, 1),
}


@dataclass(frozen=True)
class Interval:
    """All values that a printed number or a statement allows, and whether its ends belong to it."""

    low: float
    high: float
    closed_low: bool = True
    closed_high: bool = True

    def holds(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which values lie inside."""
        # A hair of slack: 0.345 is no exact binary number.
        slack = 1e-12 * np.maximum(1.0, np.abs(values))
        above = values >= self.low - slack if self.closed_low else values > self.low
        below = values <= self.high + slack if self.closed_high else values < self.high
        return above & below

    def __contains__(self, value: float) -> bool:
        return bool(self.holds(np.asarray(value)))

    def distance(self, value: float) -> float:
        """How far a value lies outside; 0 inside."""
        return max(self.low - value, value - self.high, 0.0)


@dataclass(frozen=True)
class Target:
    """One number that the respondents must have.

    Attributes:
        id: Id of the row of the spine or of the statement.
        place: Where the report says it.
        printed: What it says.
        expression: How the number is computed.
        interval: Its values, in the unit of the expression (p-values and pseudo-R² as fractions).
    """

    id: str
    place: str
    printed: str
    expression: Expression
    interval: Interval

    def __str__(self) -> str:
        return f"{self.id}: {self.printed} ({self.place})"


class ConflictError(Exception):
    """Targets that cannot hold together; the message names a smallest set of them."""

    def __init__(self, targets: Iterable[Target]) -> None:
        self.targets = list(targets)
        rows = "\n".join(f"  {target}" for target in self.targets)
        super().__init__(
            "these targets cannot hold together, while any of them could be left out to free the others; "
            f"give one of them another role than target:\n{rows}"
        )


def rounding_interval(value: float, relation: str, decimals: int | None, factor: float = 1.0) -> Interval:
    """The values behind a number.

    Args:
        value: The number.
        relation: How it binds: = < <= > >= or ~ (read as =).
        decimals: Printed decimals, rounded half up; None for an exact bound.
        factor: What the true value was multiplied by before it was printed.
    """
    half = Fraction(0) if decimals is None else Fraction(1, 2 * 10**decimals)
    exact = Fraction(str(value))
    low, high = float((exact - half) / Fraction(factor)), float((exact + half) / Fraction(factor))
    if relation in ("=", "~"):
        # Half up by size: 0.345 prints 0.35, and -0.345 prints -0.35.
        return Interval(low, high, value >= 0 or decimals is None, value <= 0 or decimals is None)
    if relation in ("<", ">"):
        bound = value / factor
        return (
            Interval(-math.inf, bound, closed_high=False)
            if relation == "<"
            else Interval(bound, math.inf, closed_low=False)
        )
    if relation == "<=":
        return Interval(-math.inf, high, closed_high=decimals is None)
    return Interval(low, math.inf)


def interval_of(statistic: Statistic) -> Interval:
    """The values that a row of the spine allows, in the unit of its expression.

    Raises:
        ValueError: when the row has no number, or one that cannot be read.
    """
    if statistic.value is None:
        raise ValueError(f"{statistic.id}: '{statistic.printed}' is no number")
    return rounding_interval(
        float(statistic.value), statistic.relation, statistic.decimals, unit_factor(statistic)
    )


def read_targets(survey: str, spine: Spine, statements: Path = STATEMENTS) -> list[Target]:
    """The targets of a survey: rows with the role target, of the spine and of the statements.

    Raises:
        DataError: for each expression that does not parse or names an unknown column, and each
            printed value that is impossible.
    """
    known = set(read_schema(survey).columns)
    faults: list[Fault] = []
    targets: list[Target] = []
    for row in (*_printed(spine), *_stated(statements)):
        if SURVEYS.get(row.id.partition(".")[0]) != survey:
            continue
        try:
            expression = parse(row.stat)
            unknown = sorted(set(columns_named(expression)) - known)
        except ExpressionError as problem:
            faults.append(
                Fault(row.file, row.line, "stat", str(problem), "an expression of the stat language")
            )
            continue
        if unknown:
            found = f"'{unknown[0]}' in '{row.stat}'"
            faults.append(Fault(row.file, row.line, "stat", found, f"a column of {survey}"))
            continue
        if row.interval is None:
            found = f"'{row.printed}'" if row.printed else "nothing"
            rule = "a number with decimal comma, or a number word, since the role is target"
            faults.append(Fault(row.file, row.line, row.column, found, rule))
            continue
        measure = expression.measure or expression.verb
        low, high = POSSIBLE.get(measure, (-math.inf, math.inf))
        interval = row.interval
        if interval.high < low or interval.low > high or (interval.high == low and not interval.closed_high):
            found = f"'{row.printed}' for {measure}"
            faults.append(Fault(row.file, row.line, row.column, found, f"a value from {low} to {high}"))
            continue
        targets.append(Target(row.id, row.place, row.printed, expression, interval))
    if faults:
        raise DataError(faults)
    return targets


@dataclass(frozen=True)
class _Row:
    """A target before its expression is read, and where its number stands."""

    file: str
    line: int
    column: str
    id: str
    place: str
    printed: str
    stat: str
    interval: Interval | None


def _printed(spine: Spine) -> Iterator[_Row]:
    file = "data/published/statistics.csv"
    for line, row in enumerate(spine.values(), 2):
        if row.role == "target":
            try:
                text, interval = f"{row.relation} {row.printed}", interval_of(row)
            except ValueError:
                text, interval = row.printed, None
            yield _Row(file, line, "printed", row.id, row.place, text, row.stat, interval)


def _stated(path: Path) -> Iterator[_Row]:
    file = "data/published/statements.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        for line, row in enumerate(csv.DictReader(lines), 2):
            if row["role"] == "target":
                interval = rounding_interval(float(row["bound"]), row["relation"], None)
                text = f"{row['relation']} {row['bound']}"
                yield _Row(file, line, "bound", row["id"], row["place"], text, row["stat"], interval)


@cache
def columns_named(expression: Expression) -> tuple[str, ...]:
    """Every column that an expression names."""
    if expression.verb != "logit":
        return tuple(sorted({name for argument in expression.arguments for name in columns_of(argument)}))
    outcome, terms = formula_terms(expression.arguments[0])
    return tuple(sorted({outcome, *(name for term in terms for name in columns_of(term))}))


def smallest_conflict(targets: Iterable[Target], feasible: Callable[[list[Target]], bool]) -> list[Target]:
    """A smallest set of targets that cannot hold together: without any one of them, the rest can.

    Deletion filter: Chinneck, J. W. and Dravnieks, E. W. (1991), ORSA Journal on Computing 3, 157-168.
    """
    kept = list(targets)
    for target in tuple(kept):
        fewer = [other for other in kept if other is not target]
        if not feasible(fewer):
            kept = fewer
    return kept
