"""What enumeration and the integer program say exactly."""

from __future__ import annotations

import numpy as np
import pytest

from frivillig.data import read_schema, read_statistics
from frivillig.reconstruct.groups import group_tables
from frivillig.reconstruct.questionnaire import SURVEYS
from frivillig.reconstruct.solve import draw_counts, extremes
from frivillig.reconstruct.tables import binary_tables
from frivillig.reconstruct.targets import read_targets

SPINE = read_statistics()
TARGETS = read_targets("municipalities", SPINE)
COUNTIES = tuple(read_schema("municipalities").labels("county"))


def test_counties_have_27_solutions_within_the_number_of_units():
    assert group_tables("county", COUNTIES, TARGETS, 109, 83).solutions == 27


def test_counties_have_73_solutions_by_the_report_alone():
    inside = [target for target in TARGETS if not target.id.endswith(".units")]
    assert group_tables("county", COUNTIES, inside, 109, 83).solutions == 73


def test_drawn_counties_add_up():
    drawn = group_tables("county", COUNTIES, TARGETS, 109, 83).draw(np.random.default_rng(1))
    assert tuple(map(sum, zip(*drawn.values(), strict=True))) == (109, 192)
    assert drawn["oslo"] == (9, 11)


@pytest.mark.parametrize(
    ("column", "table"), [("policy", [47, 19, 47, 62, 15, 2]), ("course", [48, 18, 52, 63, 9, 2])]
)
def test_two_by_two_tables_are_unique(column, table):
    assert binary_tables(column, TARGETS, 109, 83).tolist() == [table]


@pytest.mark.parametrize(
    ("condition", "low", "high"),
    [
        ("source_self.notna()", 191, 191),
        ("source_centre == 1 and source_organisation == 1", 94, 94),
        ("reason_tasks.notna()", 105, 105),
        ("main_reason.notna()", 100, 101),
        ("cooperation.notna()", 110, 110),
        ("other_fields.notna()", 183, 183),
    ],
)
def test_bases(condition, low, high):
    assert extremes(SURVEYS["municipalities"](), TARGETS, condition) == (low, high)


def test_counts_differ_by_seed_where_they_are_open():
    survey = SURVEYS["municipalities"]()
    reasons = next(question for question in survey.questions if "reason_integration" in question.columns)
    lost = {
        draw_counts(survey, TARGETS, np.random.default_rng(seed))
        .answers[reasons][0]
        .answers["reason_integration"]
        for seed in range(5)
    }
    assert len(lost) > 2
