"""Means and standard deviations of noughts and ones: what integers allow."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from math import ceil, floor, sqrt

from frivillig.audit.findings import (
    ROUNDING_NAMES,
    Certainty,
    Finding,
    Kind,
    Verdict,
    comma,
    listing,
    shown,
    spans,
)
from frivillig.audit.structure import Report
from frivillig.data import Statistic
from frivillig.statistics.published import ROUNDINGS, preimage

DIVISORS = {1: "n − 1", 0: "n"}


def sums(mean: Decimal, n: int, rounding: str = ROUND_HALF_UP) -> list[int]:
    """Sums of `n` integers whose mean is printed as `mean`: the test of Brown and Heathers (GRIM).

    Source: Brown, N. J. L. and Heathers, J. A. J. (2017), Social Psychological and Personality
    Science 8, 363-369.
    """
    low, high, low_included, high_included = preimage(mean, rounding)
    first = ceil(low * n) if low_included else floor(low * n) + 1
    last = floor(high * n) if high_included else ceil(high * n) - 1
    return list(range(first, last + 1))


def spreads(mean: Decimal, sd: Decimal, n: int) -> list[tuple[int, int, str]]:
    """How noughts and ones can have a printed mean and standard deviation.

    Returns:
        The number of ones, the degrees of freedom in the divisor (n less 0 or 1), and the rule of rounding
        common to both numbers.
    """
    return [
        (k, less, rule)
        for rule in ROUNDINGS
        for k in sums(mean, n, rule)
        if 0 <= k <= n
        for less in DIVISORS
        if _rounds(sqrt(k * (n - k) / n / (n - less)), sd, rule)
    ]


def _formulas(k: int, n: int) -> tuple[float, float]:
    """The standard deviation of `k` ones among `n`, by both formulas."""
    return sqrt(k * (n - k) / n / (n - 1)), sqrt(k * (n - k)) / n


def _rounds(value: float, printed: Decimal, rounding: str) -> bool:
    low, high, *_ = preimage(printed, rounding)
    return float(low) - 1e-12 <= value <= float(high) + 1e-12


def check_spreads(report: Report) -> Iterator[Finding]:
    """Standard deviations of binary variables; then all of one table under one formula."""
    places: dict[str, list[tuple[Statistic, list[tuple[int, int, str]]]]] = defaultdict(list)
    for row, found in report.using("sd"):
        origin, name = row.id.partition(".")[0], found.arguments[0]
        mean, n = report.find(origin, "mean", name), report.count(origin, f"{name}.notna()")
        if (
            (origin, name) not in report.binary
            or mean is None
            or mean.value is None
            or row.value is None
            or not n
        ):
            continue
        fits = spreads(mean.value, row.value, n)
        yield _spread(report, row, mean, n, fits)
        places[row.place].append((row, fits))
    for place, members in places.items():
        common = set.intersection(*({fit[1:] for fit in fits} for _, fits in members))
        if len(members) > 1 and not {fit for fit in common if fit[1] in report.roundings}:
            rows = tuple(row.id for row, _ in members)
            sentence = (
                f"Ingen formel gir alle standardavvikene til ja/nei-variablene i {place}, "
                f"{listing([shown(row) for row, _ in members])}, med vanlig avrunding."
            )
            if common:
                sentence += " De passer bare når desimalene kuttes, og andre tall i rapporten er ikke kuttet."
            yield Finding(
                Kind.SPREAD,
                rows[0].split(".")[0] + "." + _slug(place),
                rows,
                Verdict.INCONSISTENT,
                Certainty.LIKELY,
                sentence,
            )


def _spread(
    report: Report, row: Statistic, mean: Statistic, n: int, fits: list[tuple[int, int, str]]
) -> Finding:
    ids, reproduce = (row.id, mean.id), f"spreads(Decimal('{mean.value}'), Decimal('{row.value}'), {n})"
    by_rule = {
        rule: [k for k in sums(mean.value or Decimal(0), n, rule) if 0 <= k <= n] for rule in ROUNDINGS
    }
    ones = sorted({k for rule in report.roundings for k in by_rule[rule]})
    start = f"Gjennomsnittet {shown(mean)} blant {comma(n, 0)} betyr at {spans(ones)} har verdien 1."
    table = [("Antall med verdien 1", "Delt på n − 1", "Delt på n")] + [
        (comma(k, 0), *(comma(value, 4) for value in _formulas(k, n))) for k in ones
    ]
    if not ones:
        verdict = Verdict.INCONSISTENT if any(by_rule.values()) else Verdict.IMPOSSIBLE
        sentence = f"Ikke noe antall av {comma(n, 0)} gir gjennomsnittet {shown(mean)}."
        return Finding(Kind.SPREAD, row.id, ids, verdict, Certainty.CERTAIN, sentence, reproduce)
    if not fits:
        sentence = f"{start} Da kan ikke standardavviket være {shown(row)}"
        # One number rounded and the other cut is no single rule, but it happens.
        either = {k for rule in ROUNDINGS for k in by_rule[rule]}
        values = [value for k in either for value in _formulas(k, n)]
        mixed = any(_rounds(value, row.value or Decimal(0), rule) for value in values for rule in ROUNDINGS)
        verdict = Verdict.INCONSISTENT if mixed else Verdict.IMPOSSIBLE
        sentence += ", med mindre det ene tallet er avrundet og det andre avkuttet." if mixed else "."
        return Finding(
            Kind.SPREAD, row.id, ids, verdict, Certainty.CERTAIN, sentence, reproduce, tuple(table)
        )
    usual = [fit for fit in fits if fit[2] in report.roundings]
    if not usual:
        rule = ROUNDING_NAMES[fits[0][2]]
        sentence = (
            f"{start} Standardavviket {shown(row)} passer bare med {rule}, "
            "en regel som andre tall i rapporten utelukker."
        )
        return Finding(
            Kind.SPREAD,
            row.id,
            ids,
            Verdict.INCONSISTENT,
            Certainty.LIKELY,
            sentence,
            reproduce,
            tuple(table),
        )
    divisors = [divisor for less, divisor in DIVISORS.items() if any(fit[1] == less for fit in usual)]
    sentence = f"{start} Standardavviket {shown(row)} passer med {listing(divisors, 'eller')} i nevneren."
    return Finding(
        Kind.SPREAD, row.id, ids, Verdict.CONSISTENT, Certainty.CERTAIN, sentence, reproduce, tuple(table)
    )


def _slug(place: str) -> str:
    return re.sub(r"\W+", "_", place.lower()).strip("_")
