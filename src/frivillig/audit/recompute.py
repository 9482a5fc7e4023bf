"""Every printed number beside the one that the answers, or other printed numbers, give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import exp, isfinite, isnan, nan

import pandas as pd

from frivillig.audit.computed import Computed, Source
from frivillig.audit.findings import Finding
from frivillig.audit.repeats import FACTORS
from frivillig.audit.structure import Report
from frivillig.data import Spine, Statistic
from frivillig.data.reading import UNITS_WITHOUT_VALUE
from frivillig.statistics import ExpressionError, compute, evaluate, parse
from frivillig.statistics.disclosure import withhold_shares


def concordance(
    spine: Spine,
    findings: Iterable[Finding],
    answers: Callable[[str], pd.DataFrame],
    smallest: Callable[[str], int] = lambda survey: 0,
) -> dict[str, Computed]:
    """Compute every number of a spine that can be computed.

    Args:
        spine: The printed numbers.
        findings: Those of `frivillig.audit.audit`; what they compute from other printed numbers is used.
        answers: Gives the respondents of a survey by its name; asked once for each survey.
        smallest: Gives the smallest number of respondents of a survey that may be shown.

    Returns:
        One `Computed` per row, by id.
    """
    report = Report(spine)
    derived = {id: value for finding in findings for id, value in finding.computed.items()}
    asked = dict.fromkeys(
        row.survey
        for row in spine.values()
        if row.survey and row.stat and row.unit not in UNITS_WITHOUT_VALUE
    )
    surveys = {survey: answers(survey) for survey in asked}
    withheld = _withheld(spine, surveys, smallest)
    found: dict[str, Computed] = {}
    # Repeated numbers come after the rows that they repeat, wherever those stand.
    for row in sorted(spine.values(), key=lambda row: bool(row.repeats)):
        source, value = _compute(row, spine, surveys, derived, found)
        if source == Source.ANSWERS and row.id in withheld:
            source, value = Source.WITHHELD, None
        if value is None or not isfinite(value):
            found[row.id] = Computed(Source.FAILED if value is not None else source)
            continue
        fits = None if row.value is None else _fits(report, row, value)
        if source == Source.REPEATED and row.unit != spine[row.repeats].unit:
            # Another unit has other digits: 4759 comes from the printed 1.56, not from what rounds to it.
            fits = found[row.repeats].fits
        found[row.id] = Computed(source, value, fits)
    return {id: found[id] for id in spine}


def _compute(
    row: Statistic,
    spine: Spine,
    surveys: dict[str, pd.DataFrame],
    derived: dict[str, float],
    found: dict[str, Computed],
) -> tuple[Source, float | None]:
    if not row.printed:
        return Source.LOST, None
    if row.unit in UNITS_WITHOUT_VALUE:
        return Source.NO_QUANTITY, None
    if row.stat and row.survey:
        try:
            return Source.ANSWERS, compute(row, surveys[row.survey])
        except ExpressionError:
            return Source.FAILED, None
    if row.unit == "percent" and row.n is not None and row.base:
        return Source.COUNTS, 100 * row.n / row.base
    if row.id in derived:
        return Source.OTHERS, derived[row.id]
    if row.repeats and (first := found[row.repeats].value) is not None:
        return Source.REPEATED, _converted(first, spine[row.repeats].unit, row.unit)
    return Source.ALONE, None


def _withheld(spine: Spine, surveys: Mapping[str, pd.DataFrame], smallest: Callable[[str], int]) -> set[str]:
    """Ids of what tells of too few, and of what those could be worked out from.

    Rows that share an id but for the last two parts (answer and kind of number) belong to one question.
    """
    groups: dict[str, dict[str, tuple[float, float]]] = {}
    ids: dict[tuple[str, str], list[str]] = {}
    least: dict[str, int] = {}
    withheld = set()
    for row in spine.values():
        if not row.stat or not row.survey or not smallest(row.survey):
            continue
        size = _sizes(row, surveys[row.survey])
        if size is None:
            continue
        question, answer, _ = row.id.rsplit(".", 2)
        known = groups.setdefault(question, {}).get(answer)
        # A share has a base, a bare count has none.
        if known is None or isnan(known[1]):
            groups[question][answer] = size
        ids.setdefault((question, answer), []).append(row.id)
        least[question] = smallest(row.survey)
    for question, answers in groups.items():
        table = pd.DataFrame.from_dict(answers, orient="index", columns=["count", "base"])
        table["base"] = table["base"].fillna(max(table["base"].max(), table["count"].sum()))
        shown = withhold_shares(table, least[question])
        for answer in shown.index[shown["count"].isna()]:
            withheld.update(ids[question, answer])
    return withheld


def _sizes(row: Statistic, answers: pd.DataFrame) -> tuple[float, float] | None:
    """How many respondents a count, share or mean tells of, and of how many (missing for a count)."""
    expression = parse(row.stat)
    try:
        match expression.verb:
            case "count":
                return evaluate(row.stat, answers), nan
            case "share":
                condition, base = expression.arguments
                whole = evaluate(f"count | {base}", answers)
                return evaluate(f"count | ({condition}) and ({base})", answers), whole
            case "mean" | "sd":
                _, *base = expression.arguments
                return (evaluate(f"count | {base[0]}", answers), nan) if base else None
    except ExpressionError:
        return None
    return None


def _converted(value: float, unit: str, other: str) -> float | None:
    """A value in another unit; None where the units measure different things."""
    if (unit, other) == ("log_thousand_persons", "persons"):
        return 1000 * exp(value)
    return (
        value if unit == other else value * float(FACTORS[unit, other]) if (unit, other) in FACTORS else None
    )


def _fits(report: Report, row: Statistic, value: float) -> bool:
    low, high = report.limits(row)
    if row.relation in ("<=", ">="):
        # A printed lowest or highest value is rounded too.
        half = Fraction(10) ** -row.decimals / 2
        low, high = low - half, high + half
    # A hair of slack: what is exactly half a unit away may be off by the last bit.
    exact = Fraction(Decimal(repr(value)))
    slack = Fraction(1, 10**9) * max(1, abs(exact))
    return low - slack <= exact <= high + slack
