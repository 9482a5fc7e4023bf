"""From counts to answers: every respondent gets answers, and every count is met exactly.

Nobody answers what was not asked, the main reason is among the marked reasons, and a mark that
excludes others stands alone. Which respondents answer what is otherwise drawn at random.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from frivillig.reconstruct.questionnaire import Question, Survey
from frivillig.reconstruct.solve import Counts, GroupCounts
from frivillig.statistics.vectors import Array, arrays, vector


def draw_answers(survey: Survey, counts: Counts, rng: np.random.Generator) -> dict[str, Array]:
    """Answers with the given counts.

    Args:
        survey: The questionnaire.
        counts: Counts that hold the targets.
        rng: Source of chance.

    Returns:
        One array of shape (respondents,) per column of the profiles and the questions.
    """
    respondents = survey.profiles.loc[np.repeat(survey.profiles.index, counts.profiles)]
    columns = arrays(respondents)
    dependent = {question.among: question for question in survey.questions if question.among}
    for question in survey.questions:
        if question.among:
            continue
        kind = object if isinstance(survey.values(question.columns[0])[0], str) else float
        for column in question.columns:
            columns[column] = np.full(len(respondents), np.nan, dtype=kind)
        for group in counts.answers[question]:
            rows = _who_answers(question, group, columns, rng)
            if len(question.columns) == 1:
                columns[question.columns[0]][rows] = _shuffled(group.answers, rng)
                continue
            prefix = question.columns[0].split("_")[0]
            first = np.zeros((len(rows), len(question.columns)), bool)
            if prefix in dependent:
                # Drawn first, so that the marks can include it.
                (main,) = dependent[prefix].columns
                (answers,) = counts.answers[dependent[prefix]]
                chosen = rng.permutation(len(rows))[: answers.answered]
                columns[main] = np.full(len(respondents), np.nan, dtype=object)
                columns[main][rows[chosen]] = _shuffled(answers.answers, rng)
                for j, column in enumerate(question.columns):
                    first[:, j] = columns[main][rows] == column.removeprefix(f"{prefix}_")
            marks = _draw_marks(question, group, first, rng)
            for j, column in enumerate(question.columns):
                columns[column][rows] = marks[:, j]
    return columns


def _who_answers(
    question: Question, group: GroupCounts, columns: dict[str, Array], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Rows of those who answer; who did not end the form is the first to have skipped a question."""
    asked = vector(question.asked, columns) & (columns["section"] >= question.section)
    for name, value in group.known.items():
        asked &= columns[name] == value if value == value else columns[name] != columns[name]
    rows = rng.permutation(np.flatnonzero(asked))
    if "complete" in columns:
        rows = rows[np.argsort(-columns["complete"][rows], kind="stable")]
    return rows[: group.answered]


def _shuffled(answers: dict[Any, int], rng: np.random.Generator) -> Array:
    values = np.array(list(answers), dtype=object)
    return rng.permutation(np.repeat(values, list(answers.values())))


def _draw_marks(
    question: Question, group: GroupCounts, first: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Marks with the given number per column.

    Args:
        question: The question.
        group: Its counts.
        first: Marks that must be made, shape (respondents, columns).
        rng: Source of chance.

    Returns:
        Shape (respondents, columns).
    """
    marks, wanted = first.copy(), [group.answers[column] for column in question.columns]
    closed = np.zeros_like(marks)
    for only, beside in question.alone.items():
        j = question.columns.index(only)
        rows = rng.permutation(len(marks))[: wanted[j]]
        marks[rows, j] = True
        closed[rows] = True
        closed[:, j] = True
        marks[np.ix_(rows, [question.columns.index(column) for column in beside])] = True
    fixed = marks | closed
    for j, number in enumerate(wanted):
        free = np.flatnonzero(~fixed[:, j])
        marks[rng.permutation(free)[: number - marks[:, j].sum()], j] = True
    while question.marks_needed and len(empty := np.flatnonzero(~marks.any(axis=1))):
        # Move a mark of somebody with several to somebody with none: the number per column stays.
        row, j = rng.choice(empty), rng.integers(len(wanted))
        givers = np.flatnonzero(marks[:, j] & ~fixed[:, j] & (marks.sum(axis=1) > 1))
        if len(givers) and not fixed[row, j]:
            marks[rng.choice(givers), j] = False
            marks[row, j] = True
    return marks
