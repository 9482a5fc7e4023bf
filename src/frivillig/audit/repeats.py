"""The same number in two places."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import exp

from frivillig.audit.findings import Certainty, Finding, Kind, Verdict, comma, shown
from frivillig.audit.structure import Report
from frivillig.data import Statistic

# From the unit of the first row to the unit of the other: the factor.
FACTORS = {
    ("share", "percent"): 100,
    ("percent", "share"): Fraction(1, 100),
    ("thousand_persons", "persons"): 1000,
    ("p_value", "percent"): 100,
}


def check_repeats(report: Report) -> Iterator[Finding]:
    """Every row that repeats another, against the first."""
    agreeing = []
    for row in report.spine.values():
        if not row.repeats or not row.printed or row.unit == "wording":
            continue
        first = report.spine[row.repeats]
        problem = _differs(report, row, first)
        if problem is None:
            agreeing.append(row.id)
            continue
        yield Finding(
            Kind.REPEAT,
            row.id,
            (row.id, first.id),
            Verdict.INCONSISTENT,
            # `Over 66` is often said of those who are 66, too.
            Certainty.POSSIBLE if _same_limit(row, first) else Certainty.CERTAIN,
            problem,
        )
    if agreeing:
        sentence = (
            f"For {comma(len(agreeing), 0)} tall som er trykt to steder, er de to like, "
            "eller så like som avrunding tillater."
        )
        yield Finding(Kind.REPEAT, "all", tuple(agreeing), Verdict.CONSISTENT, Certainty.CERTAIN, sentence)


def _differs(report: Report, row: Statistic, first: Statistic) -> str | None:
    """How a repeated number differs from the first; None when it does not."""
    there = (
        f"«{row.statement}» er trykt som {_sign(row)}{shown(row)} "
        f"({row.place}), men {_sign(first)}{shown(first)} ({first.place})."
    )
    if row.value is None or first.value is None:
        return (
            None
            if row.printed.lower() in first.printed.lower() or first.printed.lower() in row.printed.lower()
            else there
        )
    if _same_limit(row, first):
        without, included = sorted((row, first), key=lambda limit: "=" in limit.relation)
        return (
            f"Tallet {shown(row)} er selv med ett sted, {_sign(included)}{shown(included)} "
            f"({included.place}), men ikke et annet, {_sign(without)}{shown(without)} ({without.place}). "
            "Det kan være den samme grensen, sagt på en løsere måte."
        )
    exact = row.relation == first.relation == "=" and (row.unit, row.decimals) == (first.unit, first.decimals)
    if exact and row.value != first.value:
        return there
    low, high = report.limits(first)
    if (first.unit, row.unit) == ("log_thousand_persons", "persons"):
        low, high = Fraction(1000 * exp(low)), Fraction(1000 * exp(high))
    elif first.unit != row.unit and (first.unit, row.unit) not in FACTORS:
        return None
    factor = FACTORS.get((first.unit, row.unit), 1)
    least, most = report.limits(row)
    return (
        None
        if least <= high * factor and low * factor <= most and not _beyond(row, low * factor, high * factor)
        else there
    )


def _same_limit(row: Statistic, first: Statistic) -> bool:
    """Whether two limits differ only in that one of them includes its value."""
    return row.value == first.value and {row.relation, first.relation} in ({"<", "<="}, {">", ">="})


def _beyond(row: Statistic, low: Fraction, high: Fraction) -> bool:
    """Whether the first number lies wholly on the wrong side of a limit."""
    value = Fraction(row.value or 0)
    return (row.relation == "<" and low >= value) or (row.relation == ">" and high <= value)


def _sign(row: Statistic) -> str:
    return {"<": "< ", "<=": "≤ ", ">": "> ", ">=": "≥ "}.get(row.relation, "")
