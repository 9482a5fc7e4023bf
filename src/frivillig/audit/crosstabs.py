"""Two variables of noughts and ones: all two-by-two tables that the printed numbers allow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from frivillig.audit.findings import Certainty, Finding, Kind, Verdict, comma, listing, shown, spelled
from frivillig.audit.means import outcomes
from frivillig.audit.moments import sums
from frivillig.audit.structure import Report
from frivillig.data import Statistic
from frivillig.statistics.published import ROUNDINGS

# Cells examined at once; twenty million take about a second.
MOST_CELLS = 2 * 10**7


@dataclass(frozen=True)
class Tables:
    """Two-by-two tables, one per position of the arrays.

    Attributes:
        ones: Respondents in the group with the value 1.
        first: Of them, those with the outcome.
        second: Those with the outcome in the group with the value 0.
        n: Respondents in all.
    """

    ones: np.ndarray
    first: np.ndarray
    second: np.ndarray
    n: int

    def measure(self, name: str) -> np.ndarray:
        """A measure of each table: `odds` (ratio), `r` (phi), `first`, `second` (percent), `sd`."""
        a, b, k = self.first.astype(float), self.second.astype(float), self.ones.astype(float)
        c, d = k - a, self.n - k - b
        with np.errstate(divide="ignore", invalid="ignore"):
            match name:
                case "odds":
                    return a * d / (b * c)
                case "r":
                    return (a * d - b * c) / np.sqrt(k * (self.n - k) * (a + b) * (c + d))
                case "first":
                    return 100 * a / k
                case "second":
                    return 100 * b / (self.n - k)
                case _:
                    return np.sqrt(k / self.n * (1 - k / self.n))

    def where(self, kept: np.ndarray) -> Tables:
        """The tables for which `kept` is true."""
        return Tables(self.ones[kept], self.first[kept], self.second[kept], self.n)

    def __len__(self) -> int:
        return len(self.ones)


def two_by_two(n: int, ones: list[int], users: tuple[int, int]) -> Tables:
    """All tables of `n` respondents.

    Args:
        n: Respondents.
        ones: How many may be in the first group.
        users: Fewest and most with the outcome.
    """
    parts = []
    for k in ones:
        first, second = (grid.ravel() for grid in np.mgrid[0 : k + 1, 0 : n - k + 1])
        kept = (first + second >= users[0]) & (first + second <= users[1])
        parts.append((np.full(kept.sum(), k), first[kept], second[kept]))
    return (
        Tables(*(np.concatenate(column) for column in zip(*parts, strict=True)), n)
        if parts
        else Tables(*np.zeros((3, 0), int), n)
    )


def check_crosstabs(report: Report) -> Iterator[Finding]:
    """Each pair of outcome and binary variable with at least two printed measures of their relation."""
    pairs: dict[tuple[str, str, str], dict[str, Statistic]] = {}

    def note(row: Statistic, outcome: str, name: str, measure: str) -> None:
        origin = row.id.partition(".")[0]
        if {(origin, outcome), (origin, name)} <= report.binary and row.relation in ("=", "~"):
            pairs.setdefault((origin, outcome, name), {})[measure] = row

    for row, found in report.using("corr", "r"):
        note(row, found.arguments[0], found.arguments[1], "r")
    for row, found in report.using("logit", "odds"):
        outcome, _, terms = found.arguments[0].partition(" ~ ")
        if terms == found.term:
            note(row, outcome, terms, "odds")
    for row, found in report.using("share"):
        yes, base = (re.fullmatch(r"(\w+) == ([01])", argument) for argument in found.arguments)
        if yes and base and yes[2] == "1":
            note(row, yes[1], base[1], "first" if base[2] == "1" else "second")
    for (origin, outcome, name), measures in pairs.items():
        n = report.count(origin, f"{name}.notna()")
        if n and len(measures) > 1:
            yield _joint(report, origin, outcome, name, n, measures)


def _joint(
    report: Report, origin: str, outcome: str, name: str, n: int, measures: dict[str, Statistic]
) -> Finding:
    mean, spread = report.find(origin, "mean", name), report.find(origin, "sd", name)
    margin = [row for row in (report.find(origin, "count", f"{name}.notna()"), mean) if row]
    ones = _ones(mean, n, report.roundings)
    subject = f"{origin}.{name}.{outcome}"
    ids = tuple(row.id for row in (*margin, *measures.values()))
    cells = sum((k + 1) * (n - k + 1) for k in ones)
    if cells > MOST_CELLS:
        sentence = (
            f"Alle firefeltstabeller krever {comma(cells, 0)} regneskritt. Grensen er {comma(MOST_CELLS, 0)}."
        )
        return Finding(Kind.TWO_BY_TWO, subject, ids, Verdict.SKIPPED, Certainty.CERTAIN, sentence)
    known, asked = outcomes(report, origin, f"{outcome} == 1"), report.respondents(origin)
    users = (max(0, n - (asked - min(known))), min(n, max(known))) if known and asked else (0, n)
    tables = two_by_two(n, ones, users)
    fits = {measure: _fits(report, tables, measure, row) for measure, row in measures.items()}
    all_fit = tables.where(np.logical_and.reduce(list(fits.values())))
    reproduce = f"len(two_by_two({n}, {ones}, {users}))"
    limited = f"Med {users[0]} til {users[1]} ja-svar i alt" if known and asked else "Uansett antall ja-svar"
    printed = listing([f"{_name(measure)} {shown(row)}" for measure, row in measures.items()]).capitalize()
    if not len(all_fit):
        verdict, certainty = _weight(report, mean, n, measures)
        sentence = (
            f"{printed} kan ikke gjelde samme firefeltstabell. {limited} finnes ingen slik tabell."
            f"{_alone(tables, fits, measures)}"
        )
        return Finding(Kind.TWO_BY_TWO, subject, ids, verdict, certainty, sentence, reproduce)
    if spread and (wrong := _spread(report, all_fit, spread)):
        verdict, certainty = _weight(report, mean, n, measures | {"sd": spread})
        return Finding(Kind.TWO_BY_TWO, subject, (*ids, spread.id), verdict, certainty, wrong, reproduce)
    sentence = f"{printed} kan gjelde samme firefeltstabell. Det finnes {_tables(len(all_fit))}."
    if len(all_fit) == 1:
        k, a, b = int(all_fit.ones[0]), int(all_fit.first[0]), int(all_fit.second[0])
        sentence += f" Den har {a} av {k} mot {b} av {n - k}."
    return Finding(Kind.TWO_BY_TWO, subject, ids, Verdict.CONSISTENT, Certainty.CERTAIN, sentence, reproduce)


def _ones(mean: Statistic | None, n: int, roundings: Sequence[str]) -> list[int]:
    """How many of `n` may have the value 1, given the printed mean."""
    if mean is None or mean.value is None:
        return list(range(n + 1))
    return sorted({k for rule in roundings for k in sums(mean.value, n, rule) if 0 <= k <= n})


def _weight(
    report: Report, mean: Statistic | None, n: int, measures: dict[str, Statistic]
) -> tuple[Verdict, Certainty]:
    """Impossible when no table fits by any rule of rounding, however many have the outcome in all."""
    tables = two_by_two(n, _ones(mean, n, ROUNDINGS), (0, n))
    kept = [_fits(report, tables, measure, row, ROUNDINGS) for measure, row in measures.items()]
    exact = all(row.relation == "=" for row in measures.values())
    if exact and not np.logical_and.reduce(kept).any():
        return Verdict.IMPOSSIBLE, Certainty.CERTAIN
    return Verdict.INCONSISTENT, Certainty.LIKELY


def _fits(
    report: Report, tables: Tables, measure: str, row: Statistic, roundings: Sequence[str] = ()
) -> np.ndarray:
    low, high = (float(end) for end in report.limits(row, roundings))
    # A standard deviation may have been divided by n or by n - 1.
    factors = (1, sqrt(tables.n / (tables.n - 1))) if measure == "sd" else (1,)
    values = [tables.measure(measure) * factor for factor in factors]
    return np.logical_or.reduce([(one >= low - 1e-9) & (one <= high + 1e-9) for one in values])


def _alone(tables: Tables, fits: dict[str, np.ndarray], measures: dict[str, Statistic]) -> str:
    """What each measure says about the others when it alone is right."""
    text = ""
    for measure, kept in fits.items():
        alone = tables.where(kept)
        if not len(alone):
            continue
        others = []
        for other in measures.keys() - {measure}:
            values = alone.measure(other)
            values = values[np.isfinite(values)]
            if len(values):
                ends = {
                    comma(value, 2 if other in ("odds", "r") else 0) for value in (values.min(), values.max())
                }
                others.append(f"{_name(other)} {' til '.join(sorted(ends))}")
        text += (
            f" {_name(measure).capitalize()} {shown(measures[measure])} finnes i {_tables(len(alone))}, "
            f"med {listing(sorted(others))}."
        )
    return text


def _tables(count: int) -> str:
    return f"{spelled(count)} {'tabell' if count == 1 else 'tabeller'}"


def _spread(report: Report, tables: Tables, row: Statistic) -> str:
    """Why no formula gives the printed standard deviation in any of the tables; empty when one does."""
    if _fits(report, tables, "sd", row).any():
        return ""
    population = tables.measure("sd")
    sample = population * sqrt(tables.n / (tables.n - 1))
    return (
        f"Etter de andre tallene er standardavviket {comma(population.min(), 3)} til "
        f"{comma(sample.max(), 3)}, men {shown(row)} er trykt."
    )


def _name(measure: str) -> str:
    return {"odds": "oddsforhold", "r": "korrelasjon", "first": "andel med", "second": "andel uten"}[measure]
