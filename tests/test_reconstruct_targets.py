"""Targets are read from the spine, and what is wrong with them is told by row and column."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from frivillig.data import DATA, DataError, Spine, read_statistics
from frivillig.reconstruct.dataset import reconstruct
from frivillig.reconstruct.questionnaire import SURVEYS
from frivillig.reconstruct.score import score
from frivillig.reconstruct.solve import draw_counts
from frivillig.reconstruct.targets import ConflictError, Interval, read_targets, rounding_interval

SPINE = read_statistics()


def changed(id: str, **columns: str) -> Spine:
    """The spine with one row changed."""
    rows = {key: SPINE[key] for key in SPINE}
    rows[id] = dataclasses.replace(rows[id], **columns)
    return Spine(rows)


@pytest.mark.parametrize(
    ("value", "relation", "decimals", "factor", "inside", "outside"),
    [
        (57, "=", 0, 1, [56.5, 57.4999], [56.4999, 57.5]),
        (0.846, "=", 3, 1, [0.8455, 0.8464999], [0.8465]),
        (-0.32, "=", 2, 1, [-0.315, -0.3249], [-0.325, -0.3149]),
        (15, ">=", 0, 100, [0.145, 0.9], [0.1449]),
        (18, "<=", 0, 100, [0.1849], [0.185]),
        (0.001, "<", 3, 1, [0.0009], [0.001]),
        (0.1, ">", None, 1, [0.11], [0.1]),
        (11, ">=", None, 1, [11, 12], [10.9]),
        (164, "=", None, 1, [164], [163.99, 164.01]),
    ],
)
def test_interval(value, relation, decimals, factor, inside, outside):
    interval = rounding_interval(value, relation, decimals, factor)
    assert all(number in interval for number in inside)
    assert not any(number in interval for number in outside)


def test_distance_is_zero_inside():
    assert Interval(1, 2).distance(1.5) == 0
    assert Interval(1, 2).distance(2.5) == 0.5


@pytest.mark.parametrize(
    ("id", "columns", "message"),
    [
        (
            "municipal.source.self.count",
            {"stat": "number | x"},
            "column stat: found 'number | x': unknown verb",
        ),
        ("municipal.source.self.count", {"stat": "count | source_own == 1"}, "'source_own' in"),
        ("municipal.source.self.count", {"stat": "count | source_self =="}, "column stat"),
        ("municipal.source.self.pct", {"printed": "157"}, "column printed: found '= 157' for share"),
        ("municipal.full_model.expenses_share.p", {"printed": "1,058"}, "found '= 1,058' for p"),
        ("municipal.course.own_recruitment.p", {"role": "target"}, "found '< 0,000' for p"),
        ("municipal.source.self.pct", {"printed": "mange"}, "found 'mange'; expected a number"),
        ("municipal.source.self.pct", {"printed": ""}, "column printed: found nothing; expected a number"),
    ],
)
def test_faulty_target_is_named_by_row_and_column(id, columns, message):
    with pytest.raises(DataError) as raised:
        read_targets("municipalities", changed(id, **columns))
    row = 2 + list(SPINE).index(id)
    assert f"data/published/statistics.csv, row {row}" in str(raised.value)
    assert message in str(raised.value)


def test_conflicting_counts_are_named():
    spine = changed("municipal.cooperation.formal.pct", role="target")
    with pytest.raises(ConflictError) as raised:
        reconstruct("municipalities", spine, 1)
    ids = {target.id for target in raised.value.targets}
    assert "municipal.cooperation.formal.pct" in ids
    assert 2 <= len(ids) <= 6
    assert "municipal.cooperation.formal.pct: = 64 (Omfanget av kommunal egenrekruttering" in str(
        raised.value
    )
    # Smallest: without any one of them, counts exist.
    questionnaire = SURVEYS["municipalities"]()
    for target in raised.value.targets:
        rest = [other for other in raised.value.targets if other is not target]
        draw_counts(questionnaire, rest, np.random.default_rng(1))


def test_conflicting_table_is_named():
    spine = changed("municipal.policy.own_recruitment.r", role="target")
    with pytest.raises(ConflictError) as raised:
        reconstruct("municipalities", spine, 1)
    assert {target.id for target in raised.value.targets} == {
        "municipal.policy.own_recruitment.r",
        "municipal.logit.policy.odds",
        "municipal.variable.policy.mean",
        "municipal.variable.policy.n",
    }


def test_heldout_row_is_left_out():
    id = "municipal.source.centre.count"
    spine = changed(id, role="heldout")
    assert id not in {target.id for target in read_targets("municipalities", spine)}
    # With its percentage and the overlaps left out too, the solver is free to miss it.
    for other in ("municipal.source.centre.pct", "municipal.deliberate.asked.count"):
        spine = Spine(
            {k: dataclasses.replace(v, role="heldout") if k == other else v for k, v in spine.items()}
        )
    computed = set()
    for seed in (1, 2, 3):
        scores = score("municipalities", reconstruct("municipalities", spine, seed), spine).set_index("id")
        assert scores.loc[scores["role"] == "target", "hit"].all()
        computed.add(scores.loc[id, "computed"])
    assert computed != {140.0}


def test_stated_units_are_those_of_the_frame():
    frame = pd.read_csv(DATA / "frame" / "counties.csv", index_col="county")["units"]
    stated = {
        target.id.split(".")[2]: target.interval.high
        for target in read_targets("municipalities", SPINE)
        if target.id.endswith(".units")
    }
    assert stated == frame.to_dict()
