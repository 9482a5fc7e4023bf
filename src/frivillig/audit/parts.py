"""Parts of a whole: shares of a hundred, counts of a total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from frivillig.audit.findings import Certainty, Finding, Kind, Verdict, comma, shown
from frivillig.audit.structure import EQUALS, Report
from frivillig.data import Statistic


def check_parts(report: Report) -> Iterator[Finding]:
    """Parts against their whole: shares of a hundred, counts of a total."""
    yield from _shares_of_hundred(report)
    yield from _counts_of_whole(report)
    for row in report.first:
        if row.id.endswith(".total.count"):
            yield from _table_total(report, row)


def _shares_of_hundred(report: Report) -> Iterator[Finding]:
    groups: dict[tuple[str, str, str], list[Statistic]] = defaultdict(list)
    for row, found in report.using("share"):
        match = EQUALS.fullmatch(found.arguments[0])
        if match and match[1] in found.arguments[1] and row.relation == "=":
            groups[row.id.partition(".")[0], match[1], found.arguments[1]].append(row)
    for (origin, column, base), rows in groups.items():
        if len(rows) < 2 or (origin, column) in report.binary:
            continue
        least = sum(report.limits(row)[0] for row in rows)
        printed = sum(row.value for row in rows)  # type: ignore[misc]
        ids = tuple(row.id for row in rows)
        terms = " + ".join(shown(row) for row in rows)
        total = comma(printed, max(row.decimals for row in rows))
        subject = f"{origin}.{column}" if base == f"{column}.notna()" else f"{origin}.{column}.{_slug(base)}"
        if least > 100:
            sentence = f"Hver svarte én gang, men {terms} er {total} prosent, mer enn avrunding kan forklare."
            yield Finding(
                Kind.PARTS,
                subject,
                ids,
                Verdict.IMPOSSIBLE,
                Certainty.CERTAIN,
                sentence,
                " + ".join(str(row.value) for row in rows),
            )
        else:
            sentence = (
                f"De trykte andelene er til sammen {total} prosent, "
                f"{'ikke mer enn hundre' if printed <= 100 else 'og avrunding kan forklare det over hundre'}."
            )
            yield Finding(Kind.PARTS, subject, ids, Verdict.CONSISTENT, Certainty.CERTAIN, sentence)


def _counts_of_whole(report: Report) -> Iterator[Finding]:
    groups: dict[tuple[str, str], list[Statistic]] = defaultdict(list)
    for row, found in report.using("count"):
        match = EQUALS.fullmatch(found.arguments[0])
        if match and row.relation == "=":
            groups[row.id.partition(".")[0], match[1]].append(row)
    for (origin, column), rows in groups.items():
        own = report.find(origin, "count", f"{column}.notna()")
        whole = own or report.find(origin, "count", "id.notna()")
        if len(rows) < 2 or whole is None or whole.value is None:
            continue
        total, parts = int(whole.value), sum(int(row.value or 0) for row in rows)
        ids = (*(row.id for row in rows), whole.id)
        terms = " + ".join(str(int(row.value or 0)) for row in rows)
        full = own is not None and _complete(report, origin, column, len(rows))
        if parts > total or (full and parts != total):
            sentence = f"Delene er {terms} = {comma(parts, 0)}, men helheten er trykt som {comma(total, 0)}."
            verdict = Verdict.IMPOSSIBLE if parts > total else Verdict.INCONSISTENT
            yield Finding(
                Kind.PARTS, f"{origin}.{column}.count", ids, verdict, Certainty.CERTAIN, sentence, terms
            )
        elif parts == total:
            sentence = f"Delene er {terms} = {comma(parts, 0)}, det samme som helheten."
            yield Finding(
                Kind.PARTS, f"{origin}.{column}.count", ids, Verdict.CONSISTENT, Certainty.CERTAIN, sentence
            )


def _complete(report: Report, origin: str, column: str, parts: int) -> bool:
    """Whether the printed shares of the column's answers leave no room for another answer."""
    rows = [
        row
        for row, found in report.using("share")
        if row.id.startswith(f"{origin}.")
        and found.arguments[0].startswith(f"{column} == ")
        and found.arguments[1] == f"{column}.notna()"
    ]
    return len(rows) == parts and sum(row.value for row in rows) >= 99  # type: ignore[misc]


def _table_total(report: Report, total: Statistic) -> Iterator[Finding]:
    prefix = total.id.removesuffix("total.count")
    parts = [
        row
        for row in report.first
        if row.id.startswith(prefix)
        and row.unit == "count"
        and row.id != total.id
        and row.place.startswith("Tabell")
    ]
    if len(parts) < 2:
        return
    values = [int(row.value or 0) for row in parts]
    terms = " + ".join(map(str, values))
    agrees = sum(values) == total.value
    sentence = f"Cellene i {parts[0].place} er {terms} = {comma(sum(values), 0)}, " + (
        "og det er summen som er trykt." if agrees else f"men summen er trykt som {shown(total)}."
    )
    yield Finding(
        Kind.PARTS,
        total.id,
        (*(row.id for row in parts), total.id),
        Verdict.CONSISTENT if agrees else Verdict.INCONSISTENT,
        Certainty.CERTAIN if agrees else Certainty.LIKELY,
        sentence,
        terms,
        computed={total.id: float(sum(values))},
    )


def _slug(text: str) -> str:
    return "_".join(part for part in "".join(c if c.isalnum() else " " for c in text).split())
