"""The three questionnaires: who was asked what. Facts about the forms, not about the answers.

Respondents fall into profiles, the kinds that decide who is asked what. Each question is put to
some profiles, or to those who gave a certain answer to an earlier question.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from frivillig.data import read_schema


@dataclass(frozen=True, eq=False)
class Question:
    """One question.

    Attributes:
        columns: Its columns. One column holds one answer each; several hold any number of marks.
        asked: Condition, on the columns of the profile and of `given`, for who is asked.
        given: Column of an earlier question that decides who is asked.
        section: Part of the form; whoever left before it has no answer.
        alone: Marks that exclude other marks, each with the marks that may stand beside it.
        marks_needed: Whether an answer has at least one mark.
        among: Question with several marks of which the one answer here must be one.
    """

    columns: tuple[str, ...]
    asked: str = "id.notna()"
    given: str = ""
    section: int = 0
    alone: dict[str, tuple[str, ...]] = field(default_factory=dict)
    marks_needed: bool = True
    among: str = ""


@dataclass(frozen=True)
class Survey:
    """One survey.

    Attributes:
        name: Name of its files.
        profiles: One row per kind of respondent, with the columns that are known of it. `section` is
            the last part of the form that it answered; `usual` is how common it is beforehand.
        by: Columns of the profile that printed numbers cross with answers.
        questions: In the order of the form.
    """

    name: str
    profiles: pd.DataFrame
    by: tuple[str, ...]
    questions: tuple[Question, ...]

    def values(self, column: str) -> list[Any]:
        """The answers that a column can hold, by its table schema."""
        described = read_schema(self.name).columns[column]
        if "categories" in described:
            return [item["value"] for item in described["categories"]]
        constraints = described["constraints"]
        return list(constraints.get("enum") or range(constraints["minimum"], constraints["maximum"] + 1))


def _battery(survey: str, *prefixes: str) -> tuple[str, ...]:
    return tuple(
        name
        for name in read_schema(survey).names
        if name.startswith(tuple(f"{prefix}_" for prefix in prefixes)) and name != "relation_any"
    )


LAST_SECTION = 5


def _municipal_profiles() -> pd.DataFrame:
    """Every combination of sources of volunteers, by the last section that was answered."""
    sources = ["source_self", "source_centre", "source_organisation", "source_unlabelled", "source_none"]
    patterns: list[list[float]] = [
        [*combination, 0, 0] for combination in product((1, 0), repeat=3) if any(combination)
    ]
    # The last two answers stand alone, and somebody may answer nothing at all.
    patterns += [[0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [np.nan] * 5]
    rows = []
    for pattern in patterns:
        answered_first = not np.isnan(pattern[0])
        for section in range(LAST_SECTION + 1) if answered_first else [-1]:
            rows.append(
                dict(zip(sources, pattern, strict=True))
                | {
                    "own_recruitment": 1.0 if pattern[0] == 1 else 0.0,
                    "section": section,
                    "complete": float(section == LAST_SECTION),
                    # Most who begin a form end it.
                    "usual": 0.9 if section == LAST_SECTION else 0.02,
                }
            )
    return pd.DataFrame(rows).assign(id="x")


def municipalities() -> Survey:
    """The survey of municipalities: up to twelve questions, by where the volunteers come from."""
    survey = "municipalities"
    uses_own = "source_self == 1"
    return Survey(
        survey,
        _municipal_profiles(),
        (),
        (
            Question(_battery(survey, "channel"), uses_own),
            Question(("deliberate",), "source_self == 0 and source_unlabelled == 0"),
            Question(_battery(survey, "reason"), uses_own, section=1),
            Question(("main_reason",), uses_own, section=1, among="reason"),
            Question(("resources_self",), uses_own, section=2),
            Question(("cooperation",), "source_organisation == 1", section=3),
            Question(
                ("resources_organisation",), 'cooperation in ["formal", "ad_hoc"]', "cooperation", section=3
            ),
            Question(("other_fields",), section=4),
            Question(_battery(survey, "field"), 'other_fields == "yes"', "other_fields", section=4),
            # From the national classification, not from the form; everybody has one.
            Question(("centrality",), section=-1),
        ),
    )


def centres() -> Survey:
    """The survey of volunteer centres; its table crosses every answer with ownership."""
    survey = "centres"
    # How many own what is not printed: a statement says which of the possible splits is chosen.
    profiles = pd.DataFrame(
        [
            {"id": "x", "ownership": owner, "section": 0, "usual": 1.0}
            for owner in read_schema(survey).labels("ownership")
        ]
    )
    skills = [
        Question((name,)) for name in ("primary_role", "competes_little", "good_overview", "linking_skills")
    ]
    return Survey(
        survey,
        profiles,
        ("ownership",),
        (
            Question(_battery(survey, "cooperates"), alone={"cooperates_none": ()}),
            Question(_battery(survey, "recruits"), alone={"recruits_only_own": ("recruits_own",)}),
            *skills,
        ),
    )


def organisations() -> Survey:
    """The survey of voluntary organisations; relations are asked of those that have one."""
    survey = "organisations"
    profiles = pd.DataFrame(
        [
            {"id": "x", "relation_any": related, "section": 0, "usual": usual}
            for related, usual in ((1.0, 0.8), (0.0, 0.19), (np.nan, 0.01))
        ]
    )
    related = "relation_any == 1"
    return Survey(
        survey,
        profiles,
        ("relation_any",),
        (
            Question(_battery(survey, "target"), marks_needed=False),
            Question(_battery(survey, "department"), related, marks_needed=False),
            Question(_battery(survey, "relation"), related, marks_needed=False),
            Question(_battery(survey, "economic"), related, marks_needed=False),
            Question(("meeting_points",)),
            Question(("initiative",), related),
            Question(("purpose",), related),
            Question(("steering",), related),
            Question(("open_answer",), "relation_other == 1", "relation_other"),
        ),
    )


SURVEYS = {"municipalities": municipalities, "centres": centres, "organisations": organisations}
