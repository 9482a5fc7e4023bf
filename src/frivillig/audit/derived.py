"""Numbers that follow from two others: differences, days between dates, and a whole from its part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from frivillig.audit.findings import Certainty, Finding, Kind, Verdict, comma, shown, spelled
from frivillig.audit.structure import Report

MONTHS = [
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
]


def check_differences(report: Report) -> Iterator[Finding]:
    """A difference `<q>.….points` against the two shares of `<q>`, when it has two."""
    for row in report.first:
        prefix = row.id.rsplit(".", 2)[0] + "."
        shares = [r for r in report.first if r.id.startswith(prefix) and r.unit == "percent"]
        if row.unit != "percentage_points" or not row.id.endswith(".points") or len(shares) != 2:
            continue
        first, second = sorted(shares, key=lambda share: share.value or 0, reverse=True)
        (low_1, high_1), (low_2, high_2), (low, high) = map(report.limits, (first, second, row))
        agrees = low_1 - high_2 <= high and low <= high_1 - low_2
        gap = (first.value or 0) - (second.value or 0)
        sentence = (
            f"Forskjellen er {shown(first)} − {shown(second)} = "
            f"{comma(gap, max(first.decimals, second.decimals))} prosentpoeng, "
            f"{'og' if agrees else 'men'} {'om lag ' if row.relation == '~' else ''}{shown(row)} er trykt."
        )
        verdict = Verdict.CONSISTENT if agrees else Verdict.INCONSISTENT
        ids = (row.id, first.id, second.id)
        yield Finding(
            Kind.DERIVED, row.id, ids, verdict, Certainty.LIKELY, sentence, computed={row.id: float(gap)}
        )


def check_levels(report: Report) -> Iterator[Finding]:
    """`<x>_per_capita` and `<x>_share` (percent of all): together they say how large all is per capita."""
    for row in report.first:
        part, share_id = row.id.rpartition("_per_capita"), row.id.replace("_per_capita", "_share")
        if row.unit != "nok_per_capita" or not part[1] or share_id not in report.spine:
            continue
        share = report.spine[share_id]
        if share.unit == "percent" and share.value:
            whole = comma(100 * (row.value or 0) / share.value, 0)
            sentence = (
                f"Med {shown(row)} kroner per innbygger og {shown(share)} prosent av utgiftene blir de "
                f"samlede utgiftene om lag {whole} kroner per innbygger, hvis begge tallene gjelder de "
                "samme utgiftene. Det er ikke oppgitt."
            )
            ids = (row.id, share.id)
            yield Finding(Kind.DERIVED, row.id, ids, Verdict.NOT_STATED, Certainty.POSSIBLE, sentence)


def check_dates(report: Report) -> Iterator[Finding]:
    """Days between two dates: `<s>.<g>.….days` against `<s>.sent.date` and `<s>.<g>.sent.date`."""
    for row in report.first:
        parts = row.id.split(".")
        if row.unit != "days" or len(parts) < 4:
            continue
        prefix, group = ".".join(parts[:-3]), parts[-3]
        ids = (f"{prefix}.sent.date", f"{prefix}.{group}.sent.date")
        days = [day for id in ids if report.spine.has(id) and (day := _day(report.spine[id].printed))]
        if len(days) < 2:
            continue
        apart = (days[1] - days[0]).days
        agrees = row.value == Decimal(apart)
        dates = f"{report.spine[ids[0]].printed} til {report.spine[ids[1]].printed}"
        days_apart = f"{spelled(apart)} {'dag' if apart == 1 else 'dager'}"
        sentence = f"Fra {dates} er det {days_apart}, {'og' if agrees else 'men'} {shown(row)} er trykt."
        yield Finding(
            Kind.DERIVED,
            row.id,
            (row.id, *ids),
            Verdict.CONSISTENT if agrees else Verdict.INCONSISTENT,
            Certainty.LIKELY,
            sentence,
            computed={row.id: float(apart)},
        )


def _day(text: str) -> date | None:
    """A date as '13. september', in a year that is no leap year unless one is given."""
    match = re.fullmatch(r"(\d{1,2})\. (\w+)(?: (\d{4}))?", text)
    if not match or match[2] not in MONTHS:
        return None
    return date(int(match[3] or 2001), MONTHS.index(match[2]) + 1, int(match[1]))
