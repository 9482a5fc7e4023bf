"""Means of two groups against the mean of all, and what they say about the size of the groups."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from frivillig.audit.findings import Certainty, Finding, Kind, Verdict, comma, shown, spans
from frivillig.audit.moments import sums
from frivillig.audit.structure import Report, variable
from frivillig.data import Statistic
from frivillig.statistics.published import ROUNDINGS


def splits(
    groups: tuple[tuple[Fraction, Fraction], ...], total: tuple[Fraction, Fraction], n: int
) -> list[int]:
    """Sizes of the second of two groups under which their means give the mean of all.

    Args:
        groups: Lowest and highest mean of each group.
        total: Lowest and highest mean of all.
        n: Respondents in both groups together.
    """
    (low_0, high_0), (low_1, high_1) = groups
    return [
        k
        for k in range(n + 1)
        if (n - k) * low_0 + k * low_1 <= n * total[1] and (n - k) * high_0 + k * high_1 >= n * total[0]
    ]


def group_means(report: Report) -> Iterator[tuple[str, str, str, dict[str, Statistic], Statistic, int]]:
    """Source, binary variable, numeric variable, group means, mean of all, and N where all are printed."""
    groups: dict[tuple[str, str, str], dict[str, Statistic]] = defaultdict(dict)
    totals: dict[tuple[str, str], Statistic] = {}
    for row, found in report.using("mean"):
        origin, named = row.id.partition(".")[0], variable(found.arguments[0])
        if named is None or row.relation != "=":
            continue
        if len(found.arguments) == 1:
            totals[origin, named[0]] = row
        elif match := re.fullmatch(r"(\w+) == ([01])", found.arguments[1]):
            groups[origin, match[1], named[0]][match[2]] = row
    for (origin, binary, name), rows in groups.items():
        total, n = totals.get((origin, name)), report.count(origin, f"{name}.notna()")
        if len(rows) == 2 and total and n:
            yield origin, binary, name, rows, total, n


def scaled(report: Report, row: Statistic, roundings: Sequence[str] = ()) -> tuple[Fraction, Fraction]:
    """Limits of a mean in the unit of its variable: `mean | V / 1000` times a thousand."""
    named = variable(report.expressions[row.id].arguments[0])
    low, high = report.limits(row, roundings)
    factor = named[1] if named else 1
    return low * factor, high * factor


def outcomes(report: Report, origin: str, condition: str) -> list[int]:
    """How many of all respondents a condition `Y == 1` can hold for, by all that is printed about Y.

    Where the number with an answer is not printed, everybody is taken to have a value.

    Returns:
        The numbers in rising order; empty when nothing is printed about Y.
    """
    match, asked = re.fullmatch(r"(\w+) == 1", condition), report.respondents(origin)
    if not match or not asked:
        return []
    name = match[1]
    n = report.count(origin, f"{name}.notna()") or asked
    known = [{count}] if (count := report.count(origin, condition)) is not None else []
    if share := report.find(origin, "share", condition, f"{name}.notna()"):
        low, high = report.limits(share)
        known.append({k for k in range(n + 1) if low <= Fraction(100 * k, n) <= high})
    if (mean := report.find(origin, "mean", name)) and mean.value is not None:
        known.append({k for rule in report.roundings for k in sums(mean.value, n, rule)})
    for source, binary, _, rows, total, size in group_means(report):
        if (source, binary, size) == (origin, name, n):
            known.append(
                set(splits((scaled(report, rows["0"]), scaled(report, rows["1"])), scaled(report, total), n))
            )
    return sorted(set.intersection(*known)) if known else []


def check_means(report: Report) -> Iterator[Finding]:
    """Means of two groups against the mean of all."""
    for origin, binary, name, rows, total, n in group_means(report):
        ids = (rows["0"].id, rows["1"].id, total.id)
        limits, whole = (scaled(report, rows["0"]), scaled(report, rows["1"])), scaled(report, total)
        own, mean = report.count(origin, f"{binary}.notna()"), report.find(origin, "mean", binary)
        subject = f"{origin}.{name}.{binary}"
        if own is None or own == n:
            sizes = splits(limits, whole, n)
            reproduce = f"splits({limits!r}, {whole!r}, {n})"
            means, all_together = f"{shown(rows['0'])} og {shown(rows['1'])}", _with_unit(report, total)
            if not sizes:
                loose = [scaled(report, row, ROUNDINGS) for row in (rows["0"], rows["1"], total)]
                exact = not splits((loose[0], loose[1]), loose[2], n)
                verdict = Verdict.IMPOSSIBLE if exact else Verdict.INCONSISTENT
                certainty = Certainty.CERTAIN if exact else Certainty.LIKELY
                sentence = (
                    f"Ingen deling av {comma(n, 0)} gir gjennomsnittet {all_together} samlet "
                    f"når gruppene har {means}."
                )
                yield Finding(Kind.MEANS, subject, ids, verdict, certainty, sentence, reproduce)
            else:
                fitting = sizes if len(sizes) < 4 else range(sizes[0], sizes[-1] + 1)
                sentence = (
                    f"Gruppenes størrelse er ikke trykt. Gjennomsnittene {means} gir {all_together} samlet "
                    f"når {spans(fitting)} av {comma(n, 0)} er i gruppen med {shown(rows['1'])}."
                )
                yield Finding(
                    Kind.MEANS, subject, ids, Verdict.NOT_STATED, Certainty.LIKELY, sentence, reproduce
                )
        elif mean and mean.value is not None and own < n:
            ones = sorted({k for rule in report.roundings for k in sums(mean.value, own, rule)})
            rest = [
                n * whole[0] - max((own - k) * limits[0][1] + k * limits[1][1] for k in ones),
                n * whole[1] - min((own - k) * limits[0][0] + k * limits[1][0] for k in ones),
            ]
            impossible = rest[1] < 0
            average = f"mellom {comma(rest[0] / (n - own), 0)} og {comma(rest[1] / (n - own), 0)}"
            sentence = f"De {n - own} uten opplysning må ha hatt et gjennomsnitt {average}" + (
                ", og det er umulig." if impossible else "."
            )
            verdict = Verdict.INCONSISTENT if impossible else Verdict.CONSISTENT
            yield Finding(Kind.MEANS, subject, ids, verdict, Certainty.LIKELY, sentence)


def _with_unit(report: Report, row: Statistic) -> str:
    """A mean with its unit, where that is not the one of its variable: `mean | V / 1000` is in thousands."""
    named = variable(report.expressions[row.id].arguments[0])
    divisor = named[1] if named else 1
    return shown(row) + {1: "", 1000: " tusen"}.get(divisor, f" · {comma(divisor, 0)}")
