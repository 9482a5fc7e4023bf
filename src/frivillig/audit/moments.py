"""Means and standard deviations: what integers allow, and groups against the whole."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil, floor, sqrt

from frivillig.audit.findings import ROUNDING_NAMES, Certainty, Finding, Kind, Verdict, comma, listing, spans
from frivillig.audit.structure import Report, variable
from frivillig.data import Statistic
from frivillig.statistics.published import ROUNDINGS, preimage

FORMULAS = {1: "delt på n − 1", 0: "delt på n"}


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
        for less in FORMULAS
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
            sentence = f"Ingen formel gir alle standardavvikene til ja/nei-variablene i {place} med vanlig avrunding."
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
    ones = spans(k for rule in report.roundings for k in sums(mean.value, n, rule))  # type: ignore[arg-type]
    start = f"Gjennomsnitt {mean.printed} av {n} betyr {ones} med verdien 1."
    table = [("Antall med verdien 1", "Delt på n − 1", "Delt på n")] + [
        (str(k), comma(sqrt(k * (n - k) / n / (n - 1)), 4), comma(sqrt(k * (n - k)) / n, 4))
        for k in sorted({k for rule in report.roundings for k in sums(mean.value, n, rule)})  # type: ignore[arg-type]
    ]
    if ones == "ingen":
        sentence = f"Ingen antall av {n} gir gjennomsnittet {mean.printed}."
        return Finding(Kind.SPREAD, row.id, ids, Verdict.IMPOSSIBLE, Certainty.CERTAIN, sentence, reproduce)
    if not fits:
        sentence = f"{start} Da kan ikke standardavviket være {row.printed}"
        # One number rounded and the other cut is no single rule, but it happens.
        either = {k for rule in ROUNDINGS for k in sums(mean.value, n, rule)}  # type: ignore[arg-type]
        mixed = any(
            _rounds(value, row.value, rule) for k in either for value in _formulas(k, n) for rule in ROUNDINGS
        )  # type: ignore[arg-type]
        verdict = Verdict.INCONSISTENT if mixed else Verdict.IMPOSSIBLE
        sentence += ", med mindre det ene tallet er avrundet og det andre avkuttet." if mixed else "."
        return Finding(
            Kind.SPREAD, row.id, ids, verdict, Certainty.CERTAIN, sentence, reproduce, tuple(table)
        )
    usual = [fit for fit in fits if fit[2] in report.roundings]
    if not usual:
        rule = ROUNDING_NAMES[fits[0][2]]
        sentence = f"{start} Standardavviket {row.printed} passer bare med {rule}, som andre tall i rapporten utelukker."
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
    formulas = listing([FORMULAS[less] for less in FORMULAS if any(fit[1] == less for fit in usual)], "eller")
    sentence = f"{start} Standardavviket {row.printed} passer {formulas}."
    return Finding(
        Kind.SPREAD, row.id, ids, Verdict.CONSISTENT, Certainty.CERTAIN, sentence, reproduce, tuple(table)
    )


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


def scaled(report: Report, row: Statistic) -> tuple[Fraction, Fraction]:
    """Limits of a mean in the unit of its variable: `mean | V / 1000` times a thousand."""
    named = variable(report.expressions[row.id].arguments[0])
    low, high = report.limits(row)
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
            means = f"{rows['0'].printed} og {rows['1'].printed}"
            if not sizes:
                sentence = f"Ingen deling av {n} gir {total.printed} samlet når gruppene har {means}."
                yield Finding(
                    Kind.MEANS, subject, ids, Verdict.IMPOSSIBLE, Certainty.CERTAIN, sentence, reproduce
                )
            else:
                shown = spans(sizes) if len(sizes) < 4 else f"{sizes[0]}–{sizes[-1]}"
                sentence = f"Gruppenes størrelse er ikke trykt. {means} gir {total.printed} samlet når {shown} av {n} er i den andre gruppen."
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
            average = f"{comma(rest[0] / (n - own), 0)} til {comma(rest[1] / (n - own), 0)}"
            sentence = f"De {n - own} uten opplysning må ha hatt et gjennomsnitt på {average}" + (
                ", og det er umulig." if impossible else "."
            )
            verdict = Verdict.IMPOSSIBLE if impossible else Verdict.CONSISTENT
            yield Finding(Kind.MEANS, subject, ids, verdict, Certainty.LIKELY, sentence)


def _slug(place: str) -> str:
    return re.sub(r"\W+", "_", place.lower()).strip("_")
