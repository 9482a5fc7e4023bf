"""How many gave each answer: a small integer program (OR-Tools CP-SAT).

Counts of answers are unknown, not answers: a model of respondents with all their items takes
minutes, this one milliseconds. Every printed count or share is one or two linear constraints.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from ortools.sat.python import cp_model

from frivillig.reconstruct.questionnaire import Question, Survey
from frivillig.reconstruct.targets import Interval, Target, columns_named
from frivillig.statistics.vectors import Array, arrays, columns_of, vector

# More respondents than any of the surveys has.
MOST = 1000
# Questions left unanswered by those who went on are rare: one costs as much as this many respondents
# who are placed elsewhere than aimed at.
SKIP_COST = 50


@dataclass
class Table:
    """Respondents by the columns of a question.

    Attributes:
        columns: One array per column, of shape (rows,): what is known of the respondents of each row.
        counts: Their number, one linear expression per row.
        item: The only column whose marks are told apart, in a question with several marks.
    """

    columns: dict[str, Array]
    counts: list[Any]
    item: str = ""

    def count(self, condition: str) -> Any:
        """The number of respondents for whom a condition holds."""
        return sum(np.array(self.counts, dtype=object)[vector(condition, self.columns).astype(bool)])


@dataclass
class Group:
    """Respondents who are alike in what decides on a question.

    Attributes:
        known: What is known of them: the columns of `by` and `given`.
        asked: How many were asked.
        answers: The number of each answer, or of marks.
        skipped: How many were asked and did not answer.
    """

    known: dict[str, Any]
    asked: Any
    answers: dict[Any, Any]
    skipped: Any


class CountModel:
    """The integer program of one survey.

    Args:
        survey: The questionnaire.
        targets: The targets; those that these counts do not decide are passed over.
    """

    def __init__(self, survey: Survey, targets: list[Target]) -> None:
        self.survey = survey
        self.model = cp_model.CpModel()
        self.profiles = [self._variable() for _ in range(len(survey.profiles))]
        self.tables = [Table(arrays(survey.profiles), list(self.profiles))]
        self.groups: dict[Question, list[Group]] = {}
        for question in survey.questions:
            self._add_question(question)
        for target in targets:
            self._add_target(target)

    def count(self, condition: str) -> Any:
        """The number of respondents for whom a condition holds, as a linear expression."""
        table = self._table(set(columns_of(condition)), columns_of(condition))
        if table is None:
            raise KeyError(condition)
        return table.count(condition)

    def _variable(self) -> Any:
        return self.model.new_int_var(0, MOST, "")

    def _add_question(self, question: Question) -> None:
        several = len(question.columns) > 1
        blank = dict.fromkeys(question.columns, np.nan)
        rows: dict[str, list[tuple[dict[str, Any], Any]]] = {column: [] for column in question.columns}
        self.groups[question] = []
        for known, asked, everybody in self._askable(question):
            values = question.columns if several else self.survey.values(question.columns[0])
            group = Group(known, asked, {value: self._variable() for value in values}, self._variable())
            self.groups[question].append(group)
            answered = asked - group.skipped
            self.model.add(answered >= 0)
            if several:
                self._add_marks(question, group.answers, answered)
            else:
                self.model.add(sum(group.answers.values()) == answered)
            for column in question.columns:
                counted: list[tuple[dict[str, Any], Any]] = [
                    ({column: v}, n) for v, n in group.answers.items()
                ]
                if several:
                    # Other marks are filled in, so that a base can name any of them.
                    filled, marked = dict.fromkeys(question.columns, 0.0), group.answers[column]
                    counted = [(filled | {column: 1.0}, marked), (filled, answered - marked)]
                counted.append((blank, everybody - answered))
                rows[column] += [(known | own, n) for own, n in counted]
        for column, counted in rows.items():
            frame = pd.DataFrame([own for own, _ in counted]).assign(id="x")
            self.tables.append(Table(arrays(frame), [n for _, n in counted], column if several else ""))
        if question.among:
            for value, count in self.groups[question][0].answers.items():
                self.model.add(count <= self.count(f"{question.among}_{value} == 1"))

    def _askable(self, question: Question) -> Iterator[tuple[dict[str, Any], Any, Any]]:
        """By kind of respondent: what is known of it, how many were asked, and how many there are."""
        if question.given:
            parent = next(
                table
                for table in self.tables
                if table.item in ("", question.given) and question.given in table.columns
            )
            asked = vector(question.asked, parent.columns)
            for row, count in enumerate(parent.counts):
                known = {name: parent.columns[name][row] for name in (*self.survey.by, question.given)}
                yield known, count if asked[row] else 0, count
            return
        profiles = self.tables[0].columns
        asked = vector(question.asked, profiles) & (profiles["section"] >= question.section)
        by, counts = list(self.survey.by), np.array(self.profiles, dtype=object)
        frame = self.survey.profiles
        level = frame.groupby(by, dropna=False).ngroup().to_numpy() if by else np.zeros(len(frame), int)
        for here in (level == number for number in np.unique(level)):
            known = {name: profiles[name][here][0] for name in by}
            yield known, sum(counts[here & asked]), sum(counts[here])

    def _add_marks(self, question: Question, marks: dict[str, Any], answered: Any) -> None:
        for count in marks.values():
            self.model.add(count <= answered)
        for only, beside in question.alone.items():
            # In their order, not that of a set: it differs from run to run, and the solution with it.
            for other in (mark for mark in marks if mark != only):
                if other in beside:
                    self.model.add(marks[other] >= marks[only])
                else:
                    self.model.add(marks[other] + marks[only] <= answered)
        if question.marks_needed:
            self.model.add(sum(marks.values()) >= answered)

    def _table(self, needed: set[str], told_apart: tuple[str, ...]) -> Table | None:
        """The table that has the columns, and tells apart those of the condition."""
        return next(
            (
                table
                for table in self.tables
                if needed <= table.columns.keys() and (not table.item or table.item in told_apart)
            ),
            None,
        )

    def _add_target(self, target: Target) -> None:
        expression, interval = target.expression, target.interval
        if expression.verb not in ("count", "share"):
            return
        told_apart = columns_of(expression.arguments[0])
        table = self._table(set(columns_named(expression)), told_apart)
        if table is None:
            return
        if expression.verb == "count":
            self._bind(table.count(expression.arguments[0]), 1, interval)
            return
        condition, base = expression.arguments
        asked = table.count(base)
        self.model.add(asked >= 1)
        self._bind(100 * table.count(f"({condition}) and ({base})"), asked, interval)

    def _bind(self, count: Any, base: Any, interval: Interval) -> None:
        """Hold count / base inside an interval, exactly, in whole numbers."""
        if np.isfinite(interval.low):
            low = Fraction(str(interval.low))
            self.model.add(count * low.denominator >= base * low.numerator + (not interval.closed_low))
        if np.isfinite(interval.high):
            high = Fraction(str(interval.high))
            self.model.add(count * high.denominator <= base * high.numerator - (not interval.closed_high))
