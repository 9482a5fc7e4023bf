"""Pushing a quantity while all targets hold, and the committed results of it."""

from __future__ import annotations

import pandas as pd
import pytest

from frivillig.data import DATA, read_statistics
from frivillig.reconstruct.bounds import presence, push, reach
from frivillig.reconstruct.covariates import moves
from frivillig.reconstruct.moments import Moments
from frivillig.reconstruct.questionnaire import SURVEYS
from frivillig.reconstruct.report import pseudo_r2
from frivillig.reconstruct.solve import extremes
from frivillig.reconstruct.start import COVARIATES
from frivillig.reconstruct.targets import read_targets
from frivillig.statistics import parse

TARGETS = read_targets("municipalities", read_statistics())
BOUNDS = pd.read_csv(DATA / "reconstruction" / "bounds.csv", index_col="id", keep_default_na=False)


def test_reached_state_holds_every_target():
    state = reach(TARGETS, 1)
    moments = Moments(COVARIATES, state.numbers, state.fixed, {})
    for target in TARGETS:
        if moves(target, COVARIATES):
            measure = moments.measure(target)
            assert measure.low <= measure.value <= measure.high, target


def test_push_goes_both_ways():
    stat = BOUNDS.loc["population.full_model.coef", "stat"]
    down, up = (push(stat, TARGETS, 1, upwards) for upwards in (False, True))
    assert down < 1 < up


def test_presence_is_exact():
    assert presence("policy.notna() and organisation_density.notna()", TARGETS, 192) == (156, 173)


def test_committed_exact_bounds_are_those_of_today():
    for id, row in BOUNDS[BOUNDS["method"] == "counts"].iterrows():
        condition = parse(row["stat"]).arguments[0]
        assert extremes(SURVEYS["municipalities"](), TARGETS, condition) == (row["low"], row["high"]), id


def test_datasets_lie_within_the_bounds():
    held = BOUNDS[BOUNDS["without"] == ""]
    assert (held["low"] <= held["p95"] + 1e-6).all()
    assert (held["p5"] <= held["high"] + 1e-6).all()


def test_pseudo_r2_of_the_policy_table():
    answers = pd.read_csv(DATA / "surveys" / "municipalities.csv")
    rows = pseudo_r2(BOUNDS.reset_index(), answers).set_index(["model", "measure"])["low"]
    assert rows["policy", "mcfadden"] == pytest.approx(0.055, abs=0.0005)
    assert rows["policy", "cox_snell"] == pytest.approx(0.074, abs=0.0005)
    assert rows["policy", "nagelkerke"] == pytest.approx(0.098, abs=0.0007)
