"""Claims in words that say how printed numbers stand to each other.

The `stat` of such a row is `holds | RELATION`, as `frivillig.statistics.relations` reads it. Whether it can
hold is decided with all values that the printed numbers can stand for: rounding never makes a claim false.
How the words were read is told by whoever coded them, in a `note` that begins with `Lest som`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product

from frivillig.audit.findings import Certainty, Finding, Kind, Verdict, comma, listing, shown
from frivillig.audit.structure import ABOVE_ALL, BELOW_ALL, Report
from frivillig.data import Statistic
from frivillig.statistics.expressions import related_rows
from frivillig.statistics.relations import named_rows, read_relation

Interval = tuple[Fraction, Fraction]
# Can the left be so related to the right? Given their lowest and highest values.
POSSIBLE = {
    ast.Lt: lambda left, right: left[0] < right[1],
    ast.LtE: lambda left, right: left[0] <= right[1],
    ast.Eq: lambda left, right: left[0] <= right[1] and right[0] <= left[1],
    ast.GtE: lambda left, right: left[1] >= right[0],
    ast.Gt: lambda left, right: left[1] > right[0],
}
SIGNS = {ast.Lt: "<", ast.LtE: "≤", ast.Eq: "=", ast.GtE: "≥", ast.Gt: ">"}
READ_AS = "Lest som "
OPERATIONS = {
    ast.Add: (lambda a, b: a + b, "+"),
    ast.Sub: (lambda a, b: a - b, "−"),
    ast.Mult: (lambda a, b: a * b, "·"),
    ast.Div: (lambda a, b: a / b, ":"),
}


def check_claims(report: Report) -> Iterator[Finding]:
    """Every claim in words against the numbers that it is about."""
    for row in report.spine.values():
        found = report.expressions.get(row.id)
        if found is None or found.verb != "holds":
            continue
        relation = read_relation(found.arguments[0])
        ids = tuple(related_rows(found))
        if not all(report.spine.has(id) and report.spine[id].value is not None for id in ids):
            continue  # what is lost can support no claim and contradict none
        sides = [relation.left, *relation.comparators]
        values = [_interval(side, report) for side in sides]
        holds = all(
            POSSIBLE[type(sign)](*pair) for sign, pair in zip(relation.ops, pairwise(values), strict=True)
        )
        verdict = Verdict.CONSISTENT if holds else Verdict.INCONSISTENT
        # Loose words can be read in another way.
        certainty = Certainty.POSSIBLE if row.relation == "~" else Certainty.LIKELY
        sentence = _sentence(row, relation, report, holds)
        yield Finding(Kind.WORDING, row.id, (row.id, *ids), verdict, certainty, sentence)


def _sentence(row: Statistic, relation: ast.Compare, report: Report, holds: bool) -> str:
    """What the words say, what the numbers give, and what else can be said for the words."""
    sides = [relation.left, *relation.comparators]
    reading, comment = _formula(relation, report), ""
    if row.note.startswith(READ_AS):
        reading, _, comment = row.note.removeprefix(READ_AS).partition(". ")
    numbers = [_given(side, report) for side in sides if list(named_rows(side))]
    given = f"{'tallet' if len(numbers) == 1 else 'tallene'} er {listing(numbers)}"
    sentence = f"«{row.printed}» er lest som {reading.removesuffix('.')}. "
    sentence += f"Det stemmer, for {given}." if holds else f"Men {given}."
    return f"{sentence} {comment}".strip()


def _formula(relation: ast.Compare, report: Report) -> str:
    text = _shown(relation.left, report)
    for sign, side in zip(relation.ops, relation.comparators, strict=True):
        text += f" {SIGNS[type(sign)]} {_shown(side, report)}"
    return text


def _given(side: ast.expr, report: Report) -> str:
    """A number as printed, or a sum with its result."""
    text = _shown(side, report)
    if isinstance(side, ast.BinOp):
        text += f" = {comma(sum(_interval(side, report)) / 2, 1).removesuffix(',0')}"
    return text


def _interval(node: ast.expr, report: Report) -> Interval:
    """Lowest and highest value; for the four operations the ends come from the ends."""
    match node:
        case ast.Attribute():
            row = report.spine[ast.unparse(node)]
            exact = row.unit == "count" and row.relation == "="
            return (Fraction(row.value), Fraction(row.value)) if exact else report.limits(row)
        case ast.BinOp(left, operation, right):
            first, second = _interval(left, report), _interval(right, report)
            if isinstance(operation, ast.Div) and second[0] <= 0 <= second[1]:
                return BELOW_ALL, ABOVE_ALL
            compute = OPERATIONS[type(operation)][0]
            values = [compute(a, b) for a, b in product(first, second)]
            return min(values), max(values)
    number = Fraction(Decimal(ast.unparse(node)))
    return number, number


def _shown(node: ast.expr, report: Report) -> str:
    match node:
        case ast.Attribute():
            return shown(report.spine[ast.unparse(node)])
        case ast.BinOp(left, operation, right):
            return f"{_shown(left, report)} {OPERATIONS[type(operation)][1]} {_shown(right, report)}"
    return ast.unparse(node).replace("-", "−").replace(".", ",")
