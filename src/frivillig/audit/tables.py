"""Tables of shares with a total: integer counts behind them, and totals outside their groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from frivillig.audit.findings import Certainty, Finding, Kind, Verdict, comma, listing, shown, spelled
from frivillig.audit.means import outcomes
from frivillig.audit.structure import EQUALS, Report
from frivillig.data import Statistic
from frivillig.statistics import Groups, feasible_groups

# Additions of the dynamic program, some hundred million a second.
MOST_CELLS = 3 * 10**8


def check_groups(report: Report) -> Iterator[Finding]:
    """Shares of one condition by group, against their share of all."""
    groups: dict[tuple[str, str, str], dict[str, Statistic]] = defaultdict(dict)
    for row, found in report.using("share"):
        condition, base = found.arguments
        first = base.partition(" and ")[0]
        match = EQUALS.fullmatch(first)
        if match and match[2].startswith('"') and row.relation == "=":
            groups[row.id.partition(".")[0], condition, match[1]][match[2]] = row
    for (origin, condition, column), rows in groups.items():
        total = _total(report, origin, condition)
        if total is None or len(rows) < 2:
            continue
        asked = report.respondents(origin)
        if total.id.endswith(".total.pct") and asked:
            yield _solve(report, origin, column, rows, total, asked)
        else:
            yield _between(report, rows, total)


def _total(report: Report, origin: str, condition: str) -> Statistic | None:
    """The share of all for whom a condition holds."""
    for row, found in report.using("share"):
        if (
            row.id.startswith(f"{origin}.")
            and found.arguments[0] == condition
            and found.arguments[1].endswith(".notna()")
            and " " not in found.arguments[1]
        ):
            return row
    return None


def _between(report: Report, rows: dict[str, Statistic], total: Statistic) -> Finding:
    """A total is a weighted mean of its groups: it lies between the lowest and the highest of them."""
    low = min(report.limits(row)[0] for row in rows.values())
    high = max(report.limits(row)[1] for row in rows.values())
    least, most = report.limits(total)
    ids = (*(row.id for row in rows.values()), total.id)
    printed = listing([shown(row) for row in rows.values()])
    subject = total.id.removesuffix(".pct")
    if most < low or least > high:
        # Were the rest at the far end, at nought or a hundred, this share of all is the least it must be.
        rest = 1 - most / low if most < low else 1 - (100 - least) / (100 - high)
        sentence = (
            f"Samlet andel er trykt som {shown(total)} prosent, men gruppene har {printed}. "
            f"Det går bare opp hvis minst {comma(100 * rest, 0)} prosent er utenfor gruppene, "
            "eller hvis spørsmålene ikke er de samme."
        )
        if same := _same_elsewhere(report, rows):
            sentence += f" De samme tallene står ved «{same.statement}»."
            ids = (*ids, same.id)
        return Finding(Kind.GROUPS, subject, ids, Verdict.INCONSISTENT, Certainty.LIKELY, sentence)
    sentence = f"Samlet andel, {shown(total)} prosent, ligger mellom gruppenes {printed}."
    return Finding(Kind.GROUPS, subject, ids, Verdict.CONSISTENT, Certainty.CERTAIN, sentence)


def _same_elsewhere(report: Report, rows: dict[str, Statistic]) -> Statistic | None:
    """A row of the same table that begins an item with the same numbers for the same groups."""
    here = list(rows.values())
    endings = [row.id.split(".")[-2] for row in here]
    for other in report.first:
        prefix, ending = other.id.rsplit(".", 2)[0], other.id.split(".")[-2] if "." in other.id else ""
        if other.place == here[0].place and other.id != here[0].id and ending == endings[0]:
            ids = [f"{prefix}.{end}.pct" for end in endings]
            if all(
                report.spine.has(id) and report.spine[id].printed == row.printed
                for id, row in zip(ids, here, strict=True)
            ):
                return other
    return None


def _solve(
    report: Report, origin: str, column: str, rows: dict[str, Statistic], total: Statistic, asked: int
) -> Finding:
    """All integer counts that fit the shares of all groups and of the total."""
    sizes = _sizes(report, origin, column, rows, asked)
    subject, ids = total.id.removesuffix(".pct"), (*(row.id for row in rows.values()), total.id)
    totals = _counts(report, total, asked)
    pairs = sum(len(size) for size in sizes.values()) * 2
    cells = pairs * asked * max(totals, default=0)
    if cells > MOST_CELLS:
        sentence = (
            f"Alle løsninger i hele tall krever om lag {comma(cells, 0)} regneskritt. "
            f"Grensen er {comma(MOST_CELLS, 0)}."
        )
        return Finding(Kind.GROUPS, subject, ids, Verdict.SKIPPED, Certainty.CERTAIN, sentence)
    printed = {group: row.value or Decimal(0) for group, row in rows.items()}
    found: list[tuple[int, Groups]] = []
    for rule in report.roundings:
        for count in totals:
            try:
                found.append((count, feasible_groups(printed, count, asked, sizes, rule)))
            except ValueError:
                continue
        if found:
            break
    if not found:
        sentence = f"Ingen antall i gruppene gir alle prosentene når {asked} svarte i alt."
        return Finding(Kind.GROUPS, subject, ids, Verdict.INCONSISTENT, Certainty.LIKELY, sentence)
    feasible = {
        group: sorted({pair for _, result in found for pair in result.feasible[group]}) for group in rows
    }
    fixed = [group for group, pairs in feasible.items() if len(pairs) == 1]
    solutions = sum(result.solutions for _, result in found)
    wholes = listing([f"{count} av {asked}" for count, _ in found], "eller")
    sentence = (
        f"Antallene bak prosentene er ikke trykt. Med {wholes} i alt finnes {comma(solutions, 0)} løsninger "
        f"i hele tall, og antallene er fastlagt i {spelled(len(fixed))} av {spelled(len(rows))} grupper."
    )
    table = [("Gruppe", "Trykt prosent", "Mulige antall")] + [
        (row.statement, shown(row), _choices(feasible[group])) for group, row in rows.items()
    ]
    # The same sum by hand, for the first total that fits.
    plain = {group: list(size) if len(size) < 2 else size for group, size in sizes.items()}
    reproduce = f"feasible_groups({printed!r}, {found[0][0]}, {asked}, {plain!r}).solutions"
    return Finding(
        Kind.GROUPS, subject, ids, Verdict.NOT_STATED, Certainty.LIKELY, sentence, reproduce, tuple(table)
    )


def _choices(pairs: list[tuple[int, int]]) -> str:
    shown = [f"{users} av {size}" for users, size in pairs]
    return ", ".join(shown) if len(shown) <= 12 else f"{len(shown)} muligheter, {shown[0]} til {shown[-1]}"


def _counts(report: Report, total: Statistic, asked: int) -> list[int]:
    """The counts of all groups together that the total share allows."""
    condition = report.expressions[total.id].arguments[0]
    known = outcomes(report, total.id.partition(".")[0], condition)
    low, high = report.limits(total)
    return [count for count in known or range(asked + 1) if low <= Fraction(100 * count, asked) <= high]


def _sizes(
    report: Report, origin: str, column: str, rows: dict[str, Statistic], asked: int
) -> dict[str, range]:
    """Respondents of each group: printed, or bounded by the group said to have the fewest or the most."""
    known = {
        group: size for group in rows if (size := report.count(origin, f"{column} == {group}")) is not None
    }
    low, high = 1, asked - sum(known.values()) - (len(rows) - len(known) - 1)
    for row, found in report.using("share"):
        match = EQUALS.fullmatch(found.arguments[0])
        if match and match[1] == column and match[2] in known and row.id.startswith(f"{origin}."):
            if "lavest" in row.statement.lower():
                low = known[match[2]]
            if "høyest" in row.statement.lower():
                high = known[match[2]]
    return {
        group: range(known[group], known[group] + 1) if group in known else range(low, high + 1)
        for group in rows
    }
