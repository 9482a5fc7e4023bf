"""The same fact in two places: numbers against numbers, words against numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from math import exp

from frivillig.audit.findings import Certainty, Finding, Kind, Verdict, comma
from frivillig.audit.structure import ABOVE_ALL, BELOW_ALL, Report
from frivillig.data import NUMBER_WORDS, Statistic

# From the unit of the first row to the unit of the other: the factor.
FACTORS = {
    ("share", "percent"): 100,
    ("percent", "share"): Fraction(1, 100),
    ("thousand_persons", "persons"): 1000,
    ("p_value", "percent"): 100,
}
FRACTIONS = {
    "halvparten": Fraction(1, 2),
    "hver tredje": Fraction(1, 3),
    "alle": Fraction(1),
    "ingen": Fraction(0),
}
PARTS = {"tredjedel": 3, "fjerdedel": 4, "femtedel": 5, "firedel": 4}
# What words before a fraction do to it: lowest and highest value, in percentage points from it.
WORDS = {
    "litt under": (-10, 0),
    "nesten": (-10, 0),
    "knapt": (-10, 0),
    "praktisk talt": (-10, 0),
    "litt over": (0, 10),
    "drøyt": (0, 10),
    "over": (0, 100),
    "mer enn": (0, 100),
    "under": (-100, 0),
    "": (-5, 5),
}


def check_repeats(report: Report) -> Iterator[Finding]:
    """Every row that repeats another, against the first."""
    agreeing = []
    for row in report.spine.values():
        if not row.repeats or not row.printed:
            continue
        first = report.spine[row.repeats]
        if row.unit == "wording":
            if finding := _wording(report, row, first):
                yield finding
            continue
        problem = _differs(report, row, first)
        if problem is None:
            agreeing.append(row.id)
            continue
        yield Finding(
            Kind.REPEAT, row.id, (row.id, first.id), Verdict.INCONSISTENT, Certainty.CERTAIN, problem
        )
    if agreeing:
        sentence = (
            f"{len(agreeing)} tall som er trykt to steder, er like, eller like så nær som avrunding tillater."
        )
        yield Finding(Kind.REPEAT, "all", tuple(agreeing), Verdict.CONSISTENT, Certainty.CERTAIN, sentence)


def _differs(report: Report, row: Statistic, first: Statistic) -> str | None:
    """How a repeated number differs from the first; None when it does not."""
    there = (
        f"«{row.statement}» er trykt som {_sign(row)}{row.printed} "
        f"({row.place}), men {_sign(first)}{first.printed} ({first.place})."
    )
    if row.value is None or first.value is None:
        return (
            None
            if row.printed.lower() in first.printed.lower() or first.printed.lower() in row.printed.lower()
            else there
        )
    strict = {row.relation, first.relation}
    if row.value == first.value and strict in ({"<", "<="}, {">", ">="}):
        return (
            f"Grensen {row.printed} er med ett sted og ikke et annet: {_sign(first)}{first.printed} "
            f"({first.place}) og {_sign(row)}{row.printed} ({row.place})."
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


def _beyond(row: Statistic, low: Fraction, high: Fraction) -> bool:
    """Whether the first number lies wholly on the wrong side of a limit."""
    value = Fraction(row.value or 0)
    return (row.relation == "<" and low >= value) or (row.relation == ">" and high <= value)


def phrase(text: str, relation: str = "~") -> tuple[Fraction, Fraction] | None:
    """What a phrase as 'litt under to av ti' says in percent; None when it names no fraction.

    Args:
        text: The phrase.
        relation: Relation of its row; `<`, `<=`, `>` and `>=` leave one side open.

    Returns:
        Lowest and highest percentage.
    """
    words = text.lower()
    modifier = next((start for start in WORDS if start and words.startswith(start)), "")
    rest = words.removeprefix(modifier).strip()
    share = FRACTIONS.get(rest)
    if (
        share is None
        and (match := re.fullmatch(r"(\w+) av (\w+)", rest))
        and {match[1], match[2]} <= NUMBER_WORDS.keys()
    ):
        share = Fraction(NUMBER_WORDS[match[1]]) / Fraction(NUMBER_WORDS[match[2]])
    if (
        share is None
        and (match := re.fullmatch(r"(\w+) (\w+?)(?:er)?", rest))
        and match[2] in PARTS
        and match[1] in NUMBER_WORDS
    ):
        share = Fraction(NUMBER_WORDS[match[1]]) / PARTS[match[2]]
    if share is None:
        return None
    if relation in ("<", "<="):
        return BELOW_ALL, 100 * share
    if relation in (">", ">="):
        return 100 * share, ABOVE_ALL
    down, up = WORDS[modifier]
    return 100 * share + down, 100 * share + up


def _wording(report: Report, row: Statistic, first: Statistic) -> Finding | None:
    meant = phrase(row.printed, row.relation)
    factor = {"percent": 1, "share": 100}.get(first.unit)
    if meant is None or (factor is None and not (row.n and row.base)):
        return None
    low, high = (end * (factor or 1) for end in report.limits(first))
    if factor is None:
        low = high = Fraction(100 * (row.n or 0), row.base or 1)
    complement = row.id.split(".")[-2] == "any" and first.id.split(".")[-2] == "none"
    if complement:
        low, high = 100 - high, 100 - low
    ids = (row.id, first.id)
    shown = (
        f"{comma(low, 1)} prosent"
        if factor is None
        else f"{'' if not complement else '100 − '}{comma(first.value * factor, 0)} prosent"
    )  # type: ignore[operator]
    if low < meant[1] and high > meant[0]:
        sentence = f"«{row.printed}» passer med {shown}."
        return Finding(Kind.WORDING, row.id, ids, Verdict.CONSISTENT, Certainty.POSSIBLE, sentence)
    sentence = f"«{row.printed}» passer ikke med {shown}."
    if first.n and first.base and meant[0] <= Fraction(100 * first.n, first.base) <= meant[1]:
        exact = comma(Fraction(100 * first.n, first.base), 2)
        sentence += f" Ordene passer med antallene: {first.n} av {first.base} er {exact} prosent."
    return Finding(Kind.WORDING, row.id, ids, Verdict.INCONSISTENT, Certainty.LIKELY, sentence)


def _sign(row: Statistic) -> str:
    return f"{row.relation} " if row.relation in ("<", "<=", ">", ">=") else ""
