"""Overlapping sets: bounds for every region that the report does not print."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import numpy as np

from frivillig.audit.findings import Certainty, Finding, Kind, Verdict, comma, listing, spelled
from frivillig.audit.structure import EQUALS, Report
from frivillig.data import Statistic
from frivillig.statistics import implied_bases

# Regions double with each set; five sets have 32 regions and take a few tenths of a second.
MOST_SETS = 5


def check_overlaps(report: Report) -> Iterator[Finding]:
    """Each group of sets whose overlaps are printed, as `count | a == 1 and b == 1`.

    Bounds are exact: the least and the most integer solution of a linear program over the regions.
    """
    joint: dict[tuple[str, str], list[tuple[Statistic, dict[str, str]]]] = defaultdict(list)
    for row, found in report.using("count"):
        parts = re.split(r" and ", found.arguments[0])
        matches = [EQUALS.fullmatch(part) for part in parts]
        if len(parts) > 1 and all(matches) and row.relation == "=":
            values = {match[1]: match[2] for match in matches if match}
            if len(values) == len(parts) and set(values.values()) <= {"0", "1"}:
                origin = row.id.partition(".")[0]
                joint[origin, next(iter(values)).partition("_")[0]].append((row, values))
    for (origin, stem), rows in joint.items():
        sets = list(dict.fromkeys(name for _, values in rows for name in values))
        rows += [
            (row, {name: "1"})
            for name in sets
            if (row := report.find(origin, "count", f"{name} == 1")) is not None
        ]
        yield _regions(report, f"{origin}.{stem}", sets, rows)


def regions(
    sets: list[str], constraints: list[tuple[dict[str, str], int, int]]
) -> dict[tuple[str, ...], tuple[int, int]] | None:
    """Fewest and most members of every region of some sets.

    Args:
        sets: Names of the sets.
        constraints: Conditions by set (`"1"` inside, `"0"` outside; sets not named are free), with the
            fewest and the most respondents for whom they hold.

    Returns:
        By the sets that a region lies within: its bounds. None when no counts satisfy all constraints.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    cells = list(product("10", repeat=len(sets)))
    matrix = [
        [all(cell[sets.index(name)] == value for name, value in values.items()) for cell in cells]
        for values, _, _ in constraints
    ]
    limits = LinearConstraint(
        np.array(matrix, dtype=float), [low for _, low, _ in constraints], [high for *_, high in constraints]
    )
    found = {}
    for index, cell in enumerate(cells):
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(cells))
            aim[index] = sign
            solution = milp(
                aim, constraints=limits, bounds=Bounds(0, np.inf), integrality=np.ones(len(cells))
            )
            if solution.status == 2:
                return None
            ends.append(round(abs(solution.fun)) if solution.status == 0 else None)
        found[tuple(name for name, value in zip(sets, cell, strict=True) if value == "1")] = (
            ends[0],
            ends[1],
        )
    return found


def _regions(
    report: Report, subject: str, sets: list[str], rows: list[tuple[Statistic, dict[str, str]]]
) -> Finding:
    ids = tuple(row.id for row, _ in rows)
    if len(sets) > MOST_SETS:
        sentence = (
            f"Med {len(sets)} mengder blir det {comma(2 ** len(sets), 0)} felt. "
            f"De er flere enn grensen, som er {MOST_SETS} mengder."
        )
        return Finding(Kind.OVERLAPS, subject, ids, Verdict.SKIPPED, Certainty.CERTAIN, sentence)
    printed = [(values, int(row.value or 0), int(row.value or 0)) for row, values in rows]
    whole = _whole(report, subject, sets)
    found = regions(sets, printed + whole)
    names = {name: _name(report, subject, name) for name in sets}
    reproduce = f"regions({sets!r}, {printed + whole!r})"
    if found is None:
        sentence = "Ingen fordeling på feltene gir alle de trykte antallene på én gang."
        # The overlaps alone are arithmetic; that all gave an answer is a reading.
        alone = regions(sets, printed) is None
        verdict = Verdict.IMPOSSIBLE if alone else Verdict.INCONSISTENT
        certainty = Certainty.CERTAIN if alone else Certainty.LIKELY
        return Finding(Kind.OVERLAPS, subject, ids, verdict, certainty, sentence, reproduce)
    decided = sum(low == high for low, high in found.values())
    sentence = (
        f"De trykte overlappene går opp. De avgjør {spelled(decided)} av {spelled(len(found))} felt, "
        "og tabellen viser grensene for alle."
    )
    table = [("Felt", "Minst", "Høyst")]
    for inside, (low, high) in found.items():
        label = listing([names[name] for name in inside]) or "ingen av dem"
        if inside and len(inside) < len(sets):
            label = f"bare {label}"
        table.append((label, comma(low, 0), "ikke avgrenset" if high is None else comma(high, 0)))
    return Finding(
        Kind.OVERLAPS, subject, ids, Verdict.CONSISTENT, Certainty.CERTAIN, sentence, reproduce, tuple(table)
    )


def _whole(report: Report, subject: str, sets: list[str]) -> list[tuple[dict[str, str], int, int]]:
    """What the rest of the question says: its base, and that an answer named `none` excludes the sets.

    Every respondent is taken to have given at least one answer, so that nobody is outside the sets
    but those with another answer.
    """
    for question in report.questions:
        if question.id != subject or not any(count and percent for count, percent in question.pairs):
            continue
        bases = [base for rule in report.roundings for base in implied_bases(question.pairs, rule)]
        if not bases:
            return []
        origin, _, stem = subject.partition(".")
        conditions = {
            f"{stem}_{row.id.split('.')[-2]} == 1": row
            for row in report.first
            if row.id.startswith(f"{subject}.") and row.id.endswith(".count")
        }
        outside = {
            name.split(" ")[0]: row for name, row in conditions.items() if name.split(" ")[0] not in sets
        }
        none = outside.get(f"{stem}_none")
        least = int(none.value or 0) if none else 0
        most = sum(int(row.value or 0) for row in outside.values())
        complete = all(report.find(origin, "count", f"{name} == 1") for name in sets)
        return [({}, min(bases), max(bases))] + (
            [(dict.fromkeys(sets, "0"), least, most)] if complete else []
        )
    return []


def _name(report: Report, subject: str, column: str) -> str:
    row = report.find(subject.partition(".")[0], "count", f"{column} == 1")
    return f"«{row.statement}»" if row else column
