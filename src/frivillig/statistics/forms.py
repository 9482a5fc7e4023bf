"""Other shapes of a logistic regression, and whether what it predicts is what was observed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from frivillig.statistics.estimates import shares
from frivillig.statistics.expressions import fieller
from frivillig.statistics.models import fit_model


def compare_forms(answers: pd.DataFrame, formulas: dict[str, str], simple: str) -> pd.DataFrame:
    """Logistic regressions with the same outcome and different shapes.

    Args:
        answers: One row per respondent, none with a missing value in the variables.
        formulas: Formula of each form, by its name.
        simple: The form that those with more terms contain, and are tested against.

    Returns:
        One row per form: `terms` (without the constant), `aic`, `mcfadden` (a fraction) and `p` (of the
        likelihood-ratio test; missing for forms with no more terms than the simple one).

    Source: Akaike, H. (1974), IEEE Transactions on Automatic Control 19, 716-723.
    """
    from scipy.stats import chi2

    fits = {name: fit_model(answers, formula) for name, formula in formulas.items()}
    least, rows = fits[simple], {}
    for name, fit in fits.items():
        freedom = int(fit.df_model - least.df_model)
        p = float(chi2.sf(2 * (fit.llf - least.llf), freedom)) if freedom > 0 else np.nan
        rows[name] = {"terms": int(fit.df_model), "aic": fit.aic, "mcfadden": fit.prsquared, "p": p}
    return pd.DataFrame.from_dict(rows, orient="index")


def calibration(answers: pd.DataFrame, formula: str, column: str, edges: Sequence[float]) -> pd.DataFrame:
    """Observed and predicted shares within classes of a variable.

    Args:
        answers: One row per respondent; those without the outcome or the variable are left out.
        formula: The model.
        column: The variable.
        edges: Where classes begin and end; a value at an edge belongs to the class above it.

    Returns:
        One row per class that has respondents, numbered from 0 in the order of the edges: the columns of
        `shares`, `predicted` (mean prediction, percent) and `middle` (geometric mean of the variable).
    """
    fit = fit_model(answers, formula)
    outcome = fit.model.endog_names
    answered = answers.dropna(subset=[outcome, column])
    if answered.empty:
        return shares(pd.Series(dtype=int), 0).assign(predicted=np.nan, middle=np.nan)
    each = pd.DataFrame(
        {
            "class": np.searchsorted(edges, answered[column], side="right") - 1,
            "outcome": answered[outcome],
            "predicted": fit.predict(answered),
            "log": np.log(answered[column]),
        }
    )
    classes = each.groupby("class")
    table = shares(classes["outcome"].sum().astype(int), classes.size())
    return table.assign(predicted=100 * classes["predicted"].mean(), middle=np.exp(classes["log"].mean()))


def crossing(answers: pd.DataFrame, formula: str) -> tuple[float, float, float]:
    """Where the curve of a logistic regression with one term reaches one half.

    Args:
        answers: One row per respondent.
        formula: The model.

    Returns:
        The value in the unit of the term, and the ends of its 95 % interval by Fieller's method (missing when
        the coefficient does not differ from zero at 5 %).

    Raises:
        ValueError: when the model has more than one term.
    """
    fit = fit_model(answers, formula)
    if len(fit.params) != 2:
        raise ValueError(f"'{formula}': a crossing needs a model with one term, not {len(fit.params) - 1}")
    constant, slope = fit.params
    return (-constant / slope, *fieller(fit.params.to_numpy(), fit.cov_params().to_numpy()))
