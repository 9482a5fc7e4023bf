"""Quick evaluation agrees with pandas and statsmodels; derivatives agree with differences."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from frivillig.data import DATA, read_statistics
from frivillig.reconstruct.moments import Moments
from frivillig.reconstruct.score import score
from frivillig.reconstruct.start import COVARIATES
from frivillig.reconstruct.targets import Interval, Target
from frivillig.statistics import ExpressionError, compute, evaluate, parse
from frivillig.statistics.quick import Answers
from frivillig.statistics.regression import SeparationError, fit_logit
from frivillig.statistics.vectors import arrays, columns_of, formula_terms, vector

SPINE = read_statistics()
MUNICIPALITIES = pd.read_csv(DATA / "surveys" / "municipalities.csv")
SIZE = "np.log(population / 1000)"
FULL = (
    f"own_recruitment ~ {SIZE} + policy + elderly_share + np.log(expenses_per_capita) + expenses_share"
    " + np.log(organisation_density)"
)


@pytest.mark.parametrize("survey", ["municipalities", "centres", "organisations"])
def test_score_agrees_with_pandas_and_statsmodels(survey):
    answers = pd.read_csv(DATA / "surveys" / f"{survey}.csv")
    scores = score(survey, answers, SPINE)
    slow = [compute(SPINE[id], answers) for id in scores["id"]]
    np.testing.assert_allclose(scores["computed"], slow, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize(
    "formula",
    [
        f"own_recruitment ~ {SIZE}",
        "own_recruitment ~ expenses_share",
        f"own_recruitment ~ {SIZE} + course",
        FULL,
    ],
)
def test_logit_agrees_with_statsmodels(formula):
    ours = Answers(arrays(MUNICIPALITIES)).model(formula)
    theirs = smf.logit(formula, MUNICIPALITIES).fit(disp=False, method="newton", tol=1e-14)
    np.testing.assert_allclose(ours.coefficients, theirs.params, rtol=1e-8)
    np.testing.assert_allclose(ours.standard_errors, theirs.bse, rtol=1e-8)
    np.testing.assert_allclose(ours.log_likelihood, theirs.llf, rtol=1e-8)
    np.testing.assert_allclose(ours.mcfadden, theirs.prsquared, rtol=1e-8)


@pytest.mark.parametrize("measure", ["z", "x50_low", "x50_high"])
def test_new_measures_agree_with_statsmodels(measure):
    text = f"logit | own_recruitment ~ {SIZE} | {measure} {SIZE}"
    assert Answers(arrays(MUNICIPALITIES)).evaluate(parse(text)) == pytest.approx(
        evaluate(text, MUNICIPALITIES)
    )


def test_fieller_interval_is_where_the_test_of_one_half_turns():
    answers = Answers(arrays(MUNICIPALITIES))
    fit = answers.model(f"own_recruitment ~ {SIZE}")
    for measure in ("x50_low", "x50_high"):
        end = answers.evaluate(parse(f"logit | own_recruitment ~ {SIZE} | {measure} {SIZE}"))
        at = np.array([1.0, end])
        assert abs(at @ fit.coefficients) / np.sqrt(at @ fit.covariance @ at) == pytest.approx(
            1.959964, abs=1e-6
        )


def test_separated_outcome_is_refused():
    design = np.column_stack([np.ones(6), np.arange(6.0)])
    with pytest.raises(SeparationError, match="no finite coefficients for 2 terms"):
        fit_logit(design, np.array([0.0, 0, 0, 1, 1, 1]))


@pytest.mark.parametrize(
    "text",
    [
        "mean | population / 1000",
        "mean | population | policy == 1",
        "sd | expenses_per_capita",
        "corr | own_recruitment | elderly_share | r",
        f"corr | elderly_share | {SIZE} | r",
        f"logit | own_recruitment ~ {SIZE} | coef {SIZE}",
        f"logit | own_recruitment ~ {SIZE} | x50 {SIZE}",
        f"logit | own_recruitment ~ {SIZE} | x50_low {SIZE}",
        f"logit | own_recruitment ~ {SIZE} | x50_high {SIZE}",
        f"logit | own_recruitment ~ {SIZE} | mcfadden",
        f"logit | {FULL} | p expenses_share",
        f"logit | {FULL} | z {SIZE}",
        f"logit | {FULL} | coef elderly_share",
    ],
)
def test_gradient_agrees_with_differences(text):
    columns = arrays(MUNICIPALITIES)
    numbers = np.stack([np.log(columns[c.name]) if c.logarithmic else columns[c.name] for c in COVARIATES])
    fixed = {name: values for name, values in columns.items() if name not in {c.name for c in COVARIATES}}
    target = Target("x", "", "", parse(text), Interval(0.01, 0.02))

    def value(at: np.ndarray) -> float:
        return Moments(COVARIATES, at, fixed, {}).measure(target).value

    gradient = Moments(COVARIATES, numbers, fixed, {}).measure(target).gradient()
    rng = np.random.default_rng(1)
    for _ in range(3):
        way = rng.standard_normal(numbers.shape) * np.array([[c.spread] for c in COVARIATES])
        step = 1e-5
        difference = (value(numbers + step * way) - value(numbers - step * way)) / (2 * step)
        assert np.nansum(gradient * way) == pytest.approx(difference, rel=2e-5, abs=1e-8)


def test_conditions_agree_with_pandas():
    conditions = [
        "source_self == 1 and source_centre == 0",
        "not (county == 'oslo') and policy.notna()",
        "cooperation in ['formal', 'ad_hoc'] or policy.isna()",
        "population > 4759",
    ]
    for condition in conditions:
        expected = len(MUNICIPALITIES.query(condition, engine="python"))
        assert vector(condition, arrays(MUNICIPALITIES)).sum() == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("__import__('os')", "is not part of the language"),
        ("population.mean()", "unknown function 'mean'"),
        ("population >", "invalid syntax"),
        ("1 < population < 2", "Compare is not part of the language"),
    ],
)
def test_text_outside_the_language_is_refused(text, message):
    with pytest.raises(ExpressionError, match=message):
        columns_of(text)


def test_formula_terms():
    assert formula_terms("y ~ a + np.log(b / 1000)") == ("y", ("a", "np.log(b / 1000)"))
