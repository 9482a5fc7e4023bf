"""What belongs together in a spine: questions, groups, variables and models.

The checks know no single number. They infer the structure from these conventions:

- The first part of an id is the source (a survey); `count | id.notna()` is how many answered it.
- Ids end in the answer and the kind of number: `<question>.<answer>.pct`, `….count`, `….mean`. A share's
  count is its `n`, else the count with the same id but for the ending.
- Shares have a common base when their `stat` names the same base within the same question; where `stat`
  is empty, when the same base is printed within the same question.
- `column == "answer"` with one column is a question with one answer each: its shares cannot overlap.
- An answer named `none` excludes the others of its question, and `any` is its complement.
- `<table>.total.pct` and `<table>.total.count` are the whole of the other rows of the table.
- Of a variable X, `count | X.notna()` is N, `mean | X` its mean and `sd | X` its spread. X has the values
  0 and 1 when a condition `X == 0` or `X == 1` occurs.
- `mean | V / 1000` and `mean | V | X == 1` are the same V in other units and in a group.
- `<q>.….points` is the difference of the two shares of `<q>`; `<s>.<g>.….days` lies between `<s>.sent.date`
  and `<s>.<g>.sent.date`; `<x>_per_capita` and `<x>_share` are the same part of all.
- Words (unit `wording`) speak of the row they repeat: `….not_<answer>.wording` of those without the answer,
  `….any.wording` of those without `none`. How words say that rows stand to each other is in their `stat`,
  and how they were read is in their `note`, after `Lest som`.
- A row that `repeats` another says the same; the first one counts, the other is compared with it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from frivillig.data import Spine, Statistic
from frivillig.statistics import Expression, implied_bases, parse
from frivillig.statistics.published import ROUNDINGS, preimage

EQUALS = re.compile(r"(\w+) == (\"[^\"]*\"|-?[\d.]+)")
VARIABLE = re.compile(r"(\w+)(?: / (\d+))?")
BELOW_ALL, ABOVE_ALL = Fraction(-(10**12)), Fraction(10**12)


@dataclass(frozen=True)
class Question:
    """Shares with a common base.

    Attributes:
        id: What the ids of its shares have in common.
        shares: Share rows by answer, in the order of the spine.
        counts: Count by answer, where printed.
        rows: Ids of the shares with a count, and of the rows that print the counts.
        base: The condition of the base in `stat`; empty without.
        stated: The printed base; None where none is printed.
        exclusive: Whether each respondent gives one answer.
    """

    id: str
    shares: dict[str, Statistic]
    counts: dict[str, int]
    rows: tuple[str, ...]
    base: str
    stated: int | None
    exclusive: bool

    @property
    def pairs(self) -> list[tuple[int, Decimal]]:
        """Counts with the percentages printed beside them."""
        return [(self.counts[a], row.value) for a, row in self.shares.items() if a in self.counts]  # type: ignore[misc]

    def only(self, answers: Container[str], part: str = "") -> Question:
        """The question with some of its answers; `part` is added to the id."""
        shares = {answer: row for answer, row in self.shares.items() if answer in answers}
        counts = {answer: count for answer, count in self.counts.items() if answer in answers}
        rows = tuple(id for id in self.rows if id.split(".")[-2] in answers)
        id = f"{self.id}.{part}" if part else self.id
        return Question(id, shares, counts, rows, self.base, self.stated, self.exclusive)


class Report:
    """A spine with its structure."""

    def __init__(self, spine: Spine) -> None:
        self.spine = spine
        self.rows = [row for row in spine.values() if row.value is not None]
        self.first = [row for row in self.rows if not row.repeats]
        self.expressions: dict[str, Expression] = {
            row.id: parse(row.stat) for row in spine.values() if row.stat
        }
        self._by_stat = {(source(row), row.stat): row for row in self.first if row.stat}

    def find(self, origin: str, *parts: str) -> Statistic | None:
        """The row of a source whose `stat` has these parts."""
        return self._by_stat.get((origin, " | ".join(parts)))

    def count(self, origin: str, condition: str) -> int | None:
        """The printed number of respondents for whom a condition holds."""
        row = self.find(origin, "count", condition)
        return int(row.value) if row and row.value is not None and row.relation == "=" else None

    def respondents(self, origin: str) -> int | None:
        """How many answered the survey; None where that is not printed."""
        return self.count(origin, "id.notna()")

    def using(self, verb: str, measure: str = "") -> Iterator[tuple[Statistic, Expression]]:
        """Rows, not repeats, computed with a verb."""
        for row in self.first:
            if (found := self.expressions.get(row.id)) and (found.verb, found.measure) == (verb, measure):
                yield row, found

    def sibling(self, row: Statistic, ending: str) -> Statistic | None:
        """The row with the same id but for its last part."""
        id = f"{row.id.rpartition('.')[0]}.{ending}"
        return self.spine[id] if self.spine.has(id) else None

    @cached_property
    def questions(self) -> list[Question]:
        """Shares with a common base, where at least one has its count printed."""
        members: dict[tuple[str, str], list[Statistic]] = defaultdict(list)
        for row in self.first:
            if (
                row.unit == "percent"
                and row.relation == "="
                and row.id.endswith(".pct")
                and row.id.count(".") >= 2
            ):
                base = self._base(row) or str(row.base or row.id if row.n is None else row.base or "")
                members[row.id.rsplit(".", 2)[0], base].append(row)
        questions = []
        for (prefix, _), rows in members.items():
            shares = {row.id.split(".")[-2]: row for row in rows}
            counts = {answer: n for answer, row in shares.items() if (n := self._n(row)) is not None}
            if counts:
                stated = next((row.base for row in rows if row.base), None)
                columns = {self._answer(row) for row in rows}
                exclusive = len(columns) == 1 and None not in columns
                # Another question with the same beginning is named by its answers too.
                taken = any(question.id == prefix for question in questions)
                id = f"{prefix}.{'_'.join(shares)}" if taken or len(shares) == 1 else prefix
                named = [row for answer, row in shares.items() if answer in counts]
                printed = [count.id for row in named if (count := self.sibling(row, "count"))]
                ids = (*(row.id for row in named), *printed)
                base = self._base(rows[0])
                questions.append(Question(id, shares, counts, ids, base, stated, exclusive))
        return questions

    def _base(self, row: Statistic) -> str:
        found = self.expressions.get(row.id)
        return found.arguments[1] if found and found.verb == "share" else ""

    def _answer(self, row: Statistic) -> str | None:
        """The column of which the share counts one answer."""
        found = self.expressions.get(row.id)
        match = EQUALS.fullmatch(found.arguments[0]) if found and found.verb == "share" else None
        return match[1] if match and found and found.arguments[1] == f"{match[1]}.notna()" else None

    def _n(self, row: Statistic) -> int | None:
        if row.n is not None:
            return row.n
        count = self.sibling(row, "count")
        return int(count.value) if count and count.value is not None else None

    @cached_property
    def roundings(self) -> list[str]:
        """Rules under which the percentages of the report can have been printed.

        A rule is out when it leaves a question without a base and another rule does not.
        """
        fits = [
            {rule for rule in ROUNDINGS if implied_bases(question.pairs, rule)}
            for question in self.questions
            if any(count and percent for count, percent in question.pairs)
        ]
        out = set().union(*(set(ROUNDINGS) - rules for rules in fits if rules))
        return [rule for rule in ROUNDINGS if rule not in out] or list(ROUNDINGS)

    @cached_property
    def binary(self) -> set[tuple[str, str]]:
        """Source and name of the variables with the values 0 and 1."""
        return {
            (id.partition(".")[0], match[1])
            for id, found in self.expressions.items()
            for argument in found.arguments
            for match in EQUALS.finditer(argument)
            if match[2] in ("0", "1")
        }

    def limits(self, row: Statistic, roundings: Sequence[str] = ()) -> tuple[Fraction, Fraction]:
        """Between which numbers the exact one lies, by any of the rules; those of the report unless named.

        `~` is as rough as the last digit that is not zero; `<` and `>` leave the other side open.
        """
        value = Fraction(row.value or 0)
        if row.relation in ("<", "<="):
            return BELOW_ALL, value
        if row.relation in (">", ">="):
            return value, ABOVE_ALL
        if row.relation == "~":
            digits = str(row.value).rstrip("0") if row.decimals == 0 else ""
            step = Fraction(10) ** (len(str(row.value)) - len(digits) if digits else -row.decimals)
            return value - step, value + step
        ends = [preimage(row.value or Decimal(0), rule)[:2] for rule in roundings or self.roundings]
        return min(low for low, _ in ends), max(high for _, high in ends)


def source(row: Statistic) -> str:
    """The source of a row: the first part of its id."""
    return row.id.partition(".")[0]


def variable(text: str) -> tuple[str, int] | None:
    """Name and divisor of a variable: `population / 1000`; None for any other expression."""
    match = VARIABLE.fullmatch(text)
    return (match[1], int(match[2] or 1)) if match else None
