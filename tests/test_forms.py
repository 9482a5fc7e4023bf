"""Other shapes of a model: against statsmodels, against each other, and on data whose shape is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import logit

from frivillig.data import read_survey
from frivillig.display import calibrated, curves, forms
from frivillig.statistics import calibration, compare_forms, crossing, likelihood_ratio, predicted

ANSWERS = read_survey("municipalities")
SIZE = "own_recruitment ~ np.log(population / 1000)"
JUMP = f"{SIZE} + I(population > 4759)"

# One in five of the small recruits and four in five of the large, whatever their size on each side.
SIZES = np.repeat([1000, 2000, 4000, 6000, 20000, 80000], 20)
STEP = pd.DataFrame(
    {
        "population": SIZES,
        "own_recruitment": np.where(np.arange(120) % 5 == 0, SIZES < 5000, SIZES > 5000) * 1,
    }
)


def test_a_step_in_the_answers_is_found():
    formulas = {"log": SIZE, "step": "own_recruitment ~ I(population > 4759)", "jump": JUMP}
    table = compare_forms(STEP, formulas, "log")
    assert table["aic"].idxmin() == "step"
    assert table.loc["jump", "p"] < 0.001
    assert np.isnan(table.loc["step", "p"])  # as many terms as the logarithm, so it contains it not


def test_forms_have_the_numbers_of_statsmodels():
    table = compare_forms(ANSWERS, {"log": SIZE, "jump": JUMP}, "log")
    fit = logit(JUMP, ANSWERS).fit(disp=False)
    assert table.loc["jump", "aic"] == pytest.approx(-2 * fit.llf + 2 * 3)
    assert table.loc["jump", "terms"] == 2
    assert table.loc["jump", "p"] == pytest.approx(
        likelihood_ratio(ANSWERS, SIZE, ["I(population > 4759)"])[2]
    )


def test_a_smooth_curve_contains_the_straight_one():
    """A natural spline of a variable can be the variable itself, so it never fits worse."""
    spline = "own_recruitment ~ cr(np.log(population / 1000), df=3, constraints='center')"
    table = compare_forms(ANSWERS, {"log": SIZE, "spline": spline}, "log")
    assert table["terms"].tolist() == [1, 3]
    assert table.loc["spline", "mcfadden"] >= table.loc["log", "mcfadden"]


def test_a_model_with_a_share_for_each_class_predicts_what_was_observed():
    table = calibration(STEP, "own_recruitment ~ I(population > 4759)", "population", [0, 5000, np.inf])
    assert table[["count", "base"]].to_numpy().tolist() == [[12, 60], [48, 60]]
    assert table["predicted"].tolist() == pytest.approx([20, 80])
    assert table["middle"].tolist() == pytest.approx([2000, (6000 * 20000 * 80000) ** (1 / 3)])


def test_a_wrong_shape_is_off_where_it_is_wrong():
    table = calibration(STEP, SIZE, "population", [0, 2000, 4000, 6000, 20000, 80000, np.inf])
    assert table.index.tolist() == [0, 1, 2, 3, 4, 5]  # a value at an edge belongs above it
    assert table["share"].tolist() == [20, 20, 20, 80, 80, 80]
    assert table["predicted"].is_monotonic_increasing
    assert table["predicted"][2] - 20 > 15 and 80 - table["predicted"][3] > 15


def test_the_curve_crosses_one_half_and_its_band_does_at_the_ends():
    point, low, high = 1000 * np.exp(crossing(ANSWERS, SIZE))
    assert 4735 < point < 4783  # the printed 1.56
    line = predicted(ANSWERS, SIZE, "population", [low, point, high])
    assert (line["high"].iloc[0], line["share"].iloc[1], line["low"].iloc[2]) == pytest.approx(
        [50] * 3, abs=0.01
    )


def test_a_crossing_needs_one_term():
    with pytest.raises(ValueError, match="a crossing needs a model with one term, not 2"):
        crossing(ANSWERS, JUMP)


def test_tables_of_forms_and_classes_for_readers():
    compared = pd.DataFrame(
        {"terms": [1, 2], "aic": [228.316, 229.975], "mcfadden": [0.1459, 0.1472], "p": [np.nan, 0.559]},
        index=["log", "jump"],
    )
    labels = {"log": "Logaritmen", "jump": "Sprang"}
    exhibit = forms(compared, name="tab-test", caption="Former.", heading="Form", labels=labels)
    assert exhibit.cells.to_numpy().tolist() == [
        ["Logaritmen", "1", "228,3", "14,6\u00a0%", "–"],
        ["Sprang", "2", "230,0", "14,7\u00a0%", "0,559"],
    ]
    classes = calibration(STEP, SIZE, "population", [0, 5000, np.inf])
    exhibit = calibrated(
        classes, name="tab-test", caption="Klasser.", heading="Størrelse", labels={0: "Små", 1: "Store"}
    )
    assert exhibit.cells.iloc[0, :3].tolist() == ["Små", "12 av 60", "20\u00a0%"]
    assert "middle" not in exhibit.data.columns


def test_curves_carry_the_rows_asked_for():
    lines = {"A": pd.Series([20.0, 50.0], [1000.0, 9000.0]), "B": pd.Series([30.0, 40.0], [1000.0, 9000.0])}
    observed = pd.DataFrame({"middle": [3000.0], "share": [35.0], "low": [20.0], "high": [50.0]})
    text = {"caption": "To kurver.", "alt": "De stiger.", "heading": "Innbyggere"}
    exhibit = curves(lines, observed, name="fig-test", rows=[9000.0], **text)
    assert exhibit.cells.to_numpy().tolist() == [["9\u00a0000", "50\u00a0%", "40\u00a0%"]]
    assert exhibit.data["B"].tolist() == [30, 40]
