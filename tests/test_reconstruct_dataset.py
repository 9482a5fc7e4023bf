"""The respondents: they hold every target, miss every conflict, and answer only what they were asked."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from functools import cache

import pandas as pd
import pytest

from frivillig.__main__ import main
from frivillig.data import DATA, Spine, read_schema, read_statistics
from frivillig.reconstruct.covariates import ConvergenceError
from frivillig.reconstruct.dataset import reconstruct
from frivillig.reconstruct.ensemble import ensemble, write
from frivillig.reconstruct.questionnaire import SURVEYS
from frivillig.reconstruct.score import missed, score
from frivillig.reconstruct.targets import read_targets

SPINE = read_statistics()


@cache
def committed(survey: str) -> pd.DataFrame:
    return pd.read_csv(DATA / "surveys" / f"{survey}.csv")


@cache
def made(survey: str, seed: int) -> pd.DataFrame:
    return reconstruct(survey, SPINE, seed)


def assert_judged_right(survey: str, answers: pd.DataFrame) -> None:
    scores = score(survey, answers, SPINE)
    off = scores[scores["hit"] != (scores["role"] == "target")]
    assert off.empty, off.to_string()
    assert not missed(read_targets(survey, SPINE), answers)


@pytest.mark.parametrize("survey", SURVEYS)
def test_committed_files_hold_targets_and_miss_conflicts(survey):
    assert_judged_right(survey, committed(survey))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("survey", SURVEYS)
def test_other_seeds_hold_targets_and_miss_conflicts(survey, seed):
    assert_judged_right(survey, made(survey, seed))


@pytest.mark.slow
@pytest.mark.parametrize("survey", SURVEYS)
def test_twenty_seeds_hold_targets_and_miss_conflicts(survey):
    for seed in range(100, 120):
        assert_judged_right(survey, reconstruct(survey, SPINE, seed))


@pytest.mark.parametrize("survey", SURVEYS)
def test_committed_files_have_the_columns_of_their_schema(survey):
    assert list(committed(survey).columns) == read_schema(survey).names
    assert committed(survey)["id"].is_unique


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_make_respondents_gives_the_committed_bytes(tmp_path, hash_seed):
    # Two orders of sets: what follows from such an order would change from run to run.
    command = [sys.executable, "-m", "frivillig", "reconstruct", "--seed", "2023", "--out", str(tmp_path)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": hash_seed})
    for survey in SURVEYS:
        assert (tmp_path / f"{survey}.csv").read_bytes() == (DATA / "surveys" / f"{survey}.csv").read_bytes()


def test_ensemble_gives_the_bytes_of_the_single_run(tmp_path):
    scores = ensemble("municipalities", SPINE, [1, 2], tmp_path)
    assert scores.groupby("seed")["hit"].sum().nunique() == 1
    for seed in (1, 2):
        write(made("municipalities", seed), tmp_path / "single.csv")
        assert (tmp_path / f"municipalities-{seed}.csv").read_bytes() == (
            tmp_path / "single.csv"
        ).read_bytes()


MUNICIPAL_RULES = {
    "nobody without own volunteers has channels": "source_self != 1 and channel_personal.notna()",
    "nobody without own volunteers has reasons": "source_self != 1 and reason_tasks.notna()",
    "nobody without own volunteers has resources": "source_self != 1 and resources_self.notna()",
    "nobody with own volunteers is asked why not": "source_self == 1 and deliberate.notna()",
    "nobody without organisations cooperates": "source_organisation != 1 and cooperation.notna()",
    "nobody without cooperation has resources for it": (
        "not (cooperation in ['formal', 'ad_hoc']) and resources_organisation.notna()"
    ),
    "nobody without other fields names them": "other_fields != 'yes' and field_youth.notna()",
    "none stands alone": "source_none == 1 and (source_self == 1 or source_centre == 1)",
    "who ended the form answered the last question": "complete == 1 and other_fields.isna()",
    "no answer counts as no own recruitment": "source_self.isna() and own_recruitment != 0",
}


@pytest.mark.parametrize("rule", MUNICIPAL_RULES)
def test_skip_logic(rule):
    for answers in (committed("municipalities"), made("municipalities", 1)):
        assert answers.query(MUNICIPAL_RULES[rule], engine="python").empty


def test_main_reason_is_among_the_marked_reasons():
    answers = committed("municipalities").dropna(subset=["main_reason"])
    assert len(answers) >= 100
    assert all(row[f"reason_{row['main_reason']}"] == 1 for _, row in answers.iterrows())


def test_marks_are_made_by_everybody_who_answers():
    answers = committed("municipalities")
    for prefix in ("channel", "reason", "field"):
        marks = answers.filter(like=f"{prefix}_").drop(columns=["main_reason"], errors="ignore").dropna()
        assert (marks.sum(axis=1) >= 1).all()


def test_centres_that_cooperate_with_nobody_mark_nobody():
    answers = committed("centres")
    alone = answers[answers["cooperates_none"] == 1]
    assert (alone.filter(like="cooperates_").sum(axis=1) == 1).all()
    only_own = answers[answers["recruits_only_own"] == 1]
    assert (only_own["recruits_own"] == 1).all()
    assert (only_own[["recruits_organisations", "recruits_municipal", "recruits_jointly"]] == 0).all(
        axis=None
    )


def test_organisations_without_relation_answer_nothing_about_it():
    answers = committed("organisations")
    without = answers[answers["relation_any"] != 1]
    assert without[["relation_service", "initiative", "economic_sale", "open_answer"]].isna().all(axis=None)
    assert answers.loc[answers["open_answer"].notna(), "relation_other"].eq(1).all()


def test_score_does_not_import_the_solver():
    code = (
        "import sys, frivillig.reconstruct.score; "
        "print([name for name in sys.modules if name.startswith('ortools') or name.endswith('.covariates')])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


@pytest.mark.parametrize(
    ("id", "columns", "message"),
    [
        # Counts alone: two numbers that contradict each other.
        ("municipal.cooperation.formal.pct", {"role": "target"}, "cannot hold together"),
        # Counts exist, but no covariates have such a correlation beside the others.
        (
            "municipal.elderly_share.own_recruitment.r",
            {"printed": "–0,92"},
            "municipal.elderly_share.own_recruitment.r: = –0,92",
        ),
        ("municipal.source.self.pct", {"printed": "157"}, "column printed: found '= 157' for share"),
    ],
)
def test_command_that_fails_says_why_and_writes_nothing(id, columns, message, tmp_path, monkeypatch, capsys):
    spine = Spine({**SPINE, id: dataclasses.replace(SPINE[id], **columns)})
    monkeypatch.setattr("frivillig.reconstruct.commands.read_statistics", lambda: spine)
    monkeypatch.setattr(
        sys, "argv", ["frivillig", "reconstruct", "--seed", "1", "--out", str(tmp_path / "out")]
    )
    assert main() == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_run_that_does_not_converge_says_what_is_off():
    (target,) = (t for t in read_targets("municipalities", SPINE) if t.id == "municipal.threshold.log.x50")
    error = ConvergenceError({target: 1.6})
    assert "municipal.threshold.log.x50: = 1,56" in str(error)
    assert "has 1.6, 0.035 away" in str(error)
    assert "nothing is written" in str(error)
