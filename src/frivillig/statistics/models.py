"""Logistic regressions as tables: estimates, tests of nested models, marginal effects, curves."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frivillig.data import smallest_cell

if TYPE_CHECKING:
    from statsmodels.discrete.discrete_model import BinaryResultsWrapper

CONSTANT = "Intercept"
# Of fewer respondents no regression is estimated.
FEWEST = 5

# How each explanation enters the regressions. The report takes logarithms of what is skewed; a percentage
# point is a better unit than the whole of a share.
TERMS = {
    "population": "np.log(population / 1000)",
    "policy": "policy",
    "elderly_share": "I(100 * elderly_share)",
    "expenses_per_capita": "np.log(expenses_per_capita)",
    "expenses_share": "expenses_share",
    "organisation_density": "np.log(organisation_density)",
    "course": "course",
}


def logit_table(answers: pd.DataFrame, formulas: dict[str, str], *, constant: bool = False) -> pd.DataFrame:
    """Logistic regressions, one row per model and term.

    Args:
        answers: One row per respondent; those with a missing value are left out of that model.
        formulas: Formula of each model, by its name.
        constant: Whether the constant has a row, too, the last of its model.

    Returns:
        Indexed by `model` and `term` (as in the formula; the constant is `CONSTANT`): `n` (respondents),
        `coef` (log odds per unit) and its standard error `se`, `low` and `high` (ends of the 95 % Wald
        interval), `p` (two-sided) and `mcfadden` (pseudo-R² of the whole model, a fraction). A model that
        is only another way to write a table of counts gives missing numbers when real answers are read
        and a cell is too small to be shown.
    """
    tables = {}
    for name, formula in formulas.items():
        fit = fit_model(answers, formula)
        ends = fit.conf_int()
        columns = {"n": _number(fit), "coef": fit.params, "se": fit.bse, "low": ends[0], "high": ends[1]}
        rows = pd.DataFrame(columns | {"p": fit.pvalues}).assign(mcfadden=fit.prsquared)
        if not _may_be_shown(fit):
            rows[[name for name in rows if name != "n"]] = np.nan
        slopes = rows.drop(index=CONSTANT)
        tables[name] = pd.concat([slopes, rows.loc[[CONSTANT]]]) if constant else slopes
    return pd.concat(tables, names=["model", "term"])


def logit_fits(answers: pd.DataFrame, formulas: dict[str, str]) -> pd.DataFrame:
    """How well logistic regressions fit, one row per model; arguments as for `logit_table`.

    Returns:
        Indexed by the names: `n` (respondents), `log_likelihood`, that of the constant alone
        (`null_log_likelihood`), and three pseudo-R² as fractions: `mcfadden`, `cox_snell`, `nagelkerke`.
        What may not be shown is missing, as in `logit_table`.

    Source: Cox, D. R. and Snell, E. J. (1989), Analysis of Binary Data, 2nd ed., p. 208;
    Nagelkerke, N. J. D. (1991), Biometrika 78, 691-692.
    """
    rows = {}
    for name, formula in formulas.items():
        fit = fit_model(answers, formula)
        cox_snell = 1 - np.exp(2 * (fit.llnull - fit.llf) / fit.nobs)
        largest = 1 - np.exp(2 * fit.llnull / fit.nobs)
        rows[name] = {"n": _number(fit), "log_likelihood": fit.llf, "null_log_likelihood": fit.llnull}
        rows[name] |= {"mcfadden": fit.prsquared, "cox_snell": cox_snell, "nagelkerke": cox_snell / largest}
        if not _may_be_shown(fit):
            rows[name] = dict.fromkeys(rows[name], np.nan) | {"n": rows[name]["n"]}
    return pd.DataFrame.from_dict(rows, orient="index")


def _number(fit: BinaryResultsWrapper) -> float:
    """How many respondents; missing when that may not be told."""
    return fit.nobs if np.isnan(fit.nobs) else int(fit.nobs)


def _may_be_shown(fit: BinaryResultsWrapper) -> bool:
    """Whether the model is no table of counts in disguise, or one without small cells."""
    terms = pd.DataFrame(fit.model.exog)
    if (terms.nunique() > 2).any():
        return True
    cells = terms.assign(outcome=fit.model.endog).value_counts()
    return len(cells) == 2 * len(terms.drop_duplicates()) and cells.min() >= smallest_cell()


def likelihood_ratio(answers: pd.DataFrame, formula: str, added: Sequence[str]) -> tuple[float, int, float]:
    """Test whether terms improve a model, on the respondents who have all of them.

    Args:
        answers: One row per respondent.
        formula: The smaller model.
        added: Terms of the larger model that the smaller lacks.

    Returns:
        The likelihood-ratio statistic, its degrees of freedom and its p-value.
    """
    from scipy.stats import chi2

    larger = fit_model(answers, " + ".join([formula, *added]))
    known = larger.params.notna().all()
    smaller = fit_model(answers.loc[larger.model.data.row_labels if known else []], formula)
    statistic = 2 * (larger.llf - smaller.llf)
    freedom = int(larger.df_model - smaller.df_model)
    return float(statistic), freedom, float(chi2.sf(statistic, freedom))


def mcfadden_p(mcfadden: float, count: int, base: int) -> float:
    """The p-value of the likelihood-ratio test of a single term, from its pseudo-R² alone.

    Args:
        mcfadden: McFadden's pseudo-R², a fraction.
        count: Respondents with the outcome.
        base: Respondents in the model.
    """
    from scipy.stats import chi2

    share = count / base
    null = base * (share * np.log(share) + (1 - share) * np.log(1 - share))
    return float(chi2.sf(-2 * mcfadden * null, 1))


def marginal_effects(answers: pd.DataFrame, formula: str) -> pd.DataFrame:
    """Average marginal effects of a logistic regression.

    Returns:
        One row per term: `effect`, `low` and `high` (95 % interval by the delta method), in
        percentage points per unit of the term.
    """
    fit = fit_model(answers, formula)
    if fit.params.isna().any():
        return pd.DataFrame(np.nan, fit.params.index.drop(CONSTANT), ["effect", "low", "high"])
    effects = fit.get_margeff(at="overall").summary_frame()
    columns = {"dy/dx": "effect", "Conf. Int. Low": "low", "Cont. Int. Hi.": "high", "Conf. Int. Hi.": "high"}
    return 100 * effects.rename(columns=columns)[["effect", "low", "high"]]


def variance_inflation(answers: pd.DataFrame, formula: str) -> pd.Series:
    """Variance inflation factor of each term: 1 if unrelated to the others; missing without estimates."""
    from statsmodels.stats.outliers_influence import variance_inflation_factor

    fit = fit_model(answers, formula)
    known = fit.params.notna().all()
    return pd.Series(
        {
            name: variance_inflation_factor(fit.model.exog, place) if known else np.nan
            for place, name in enumerate(fit.model.exog_names)
            if name != CONSTANT
        }
    )


def holm(values: pd.Series) -> pd.Series:
    """P-values corrected for their number.

    Source: Holm, S. (1979), Scandinavian Journal of Statistics 6, 65-70.
    """
    from statsmodels.stats.multitest import multipletests

    return pd.Series(multipletests(values.to_numpy(), method="holm")[1], index=values.index)


def predicted(answers: pd.DataFrame, formula: str, column: str, values: Iterable[float]) -> pd.DataFrame:
    """The curve of a logistic regression with one variable.

    Args:
        answers: One row per respondent.
        formula: The model.
        column: Its variable.
        values: Where to predict.

    Returns:
        Indexed by the values: `share`, `low` and `high`, in percent. The 95 % interval is that of the
        log odds.
    """
    frame = fit_model(answers, formula).get_prediction(pd.DataFrame({column: list(values)})).summary_frame()
    # statsmodels names the ends by its version.
    low, high = (next(name for name in frame if name.startswith(f"ci_{end}")) for end in ("lower", "upper"))
    table = 100 * frame[["predicted", low, high]].set_axis(["share", "low", "high"], axis=1)
    return table.set_axis(pd.Index(list(values), name=column))


def log_curve(answers: pd.DataFrame, outcome: str, column: str, unit: float) -> dict[str, Any]:
    """What is needed to draw the curve of a logistic regression on a logarithm anywhere, without a library.

    Args:
        answers: One row per respondent.
        outcome: Column of 1, 0 or missing.
        column: Column of positive numbers, whose logarithm is the only variable.
        unit: The number whose logarithm is 0.

    Returns:
        `unit`, `intercept` and `slope`, so that the log odds are intercept + slope * log(value / unit), and
        `covariance` of the two estimates: variance of the intercept, covariance, variance of the slope. With
        ten decimals, beyond which machines differ.
    """
    fit = fit_model(answers, f"{outcome} ~ np.log({column} / {unit})")
    (constant, both), (_, slope) = np.round(fit.cov_params().to_numpy(), 10).tolist()
    intercept, coefficient = np.round(fit.params.to_numpy(), 10).tolist()
    return {
        "unit": unit,
        "intercept": intercept,
        "slope": coefficient,
        "covariance": [constant, both, slope],
    }


def fourfold_tables(base: int, first: Iterable[int], users: Iterable[int]) -> pd.DataFrame:
    """Every table of two groups by an outcome that some printed totals allow.

    Args:
        base: Respondents of both groups together.
        first: Sizes that the first group may have.
        users: How many of all respondents may have the outcome.

    Returns:
        One row per table: `count` and `base` of the first group, `other_count` and `other_base`,
        `odds` (ratio of the first group's odds to the other's), `z` (of its logarithm, as in a logistic
        regression) and `r` (correlation, phi). Tables
        with an empty cell are left out, for they have no odds ratio.
    """
    rows = [
        (count, size, total - count, base - size)
        for size in first
        for total in users
        for count in range(1, size)
        if 0 < total - count < base - size
    ]
    table = pd.DataFrame(rows, columns=["count", "base", "other_count", "other_base"])
    yes, other = table["count"], table["other_count"]
    no, other_no = table["base"] - yes, table["other_base"] - other
    margins = (yes + no) * (other + other_no) * (yes + other) * (no + other_no)
    odds = yes * other_no / (no * other)
    return table.assign(
        odds=odds,
        z=np.log(odds) / np.sqrt(1 / yes + 1 / no + 1 / other + 1 / other_no),
        r=(yes * other_no - no * other) / np.sqrt(margins.astype(float)),
    )


def fit_model(answers: pd.DataFrame, formula: str) -> BinaryResultsWrapper:
    """A logistic regression; respondents with a missing value are left out.

    What cannot be estimated has missing numbers for results: a model of fewer respondents than `FEWEST`, of
    one outcome only, with redundant terms, or one that separates the outcomes, so that its coefficients have
    no end. So has a model of fewer real respondents than twice the smallest count, which would tell of each.
    """
    from statsmodels.formula.api import logit
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    used = answers[[column for column in answers if re.search(rf"\b{column}\b", formula)]]
    respondents = len(used.dropna())
    if respondents < max(FEWEST, 2 * smallest_cell()):
        # Any values give the model its terms; nothing is estimated from them.
        stand_in = pd.DataFrame({column: np.linspace(0.1, 0.9, 20) for column in used})
        return _without_estimates(logit(formula, data=stand_in), respondents)
    model: Any = logit(formula, data=used)
    if np.linalg.matrix_rank(model.exog) < model.exog.shape[1]:
        return _without_estimates(model, respondents)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", PerfectSeparationWarning)
        try:
            fitted = model.fit(disp=False)
        except (np.linalg.LinAlgError, PerfectSeparationWarning):
            return _without_estimates(model, respondents)
    return fitted if fitted.mle_retvals["converged"] else _without_estimates(model, respondents)


def _without_estimates(model: Any, respondents: int) -> BinaryResultsWrapper:
    from statsmodels.base.model import LikelihoodModelResults
    from statsmodels.discrete.discrete_model import BinaryResultsWrapper, LogitResults

    terms = model.exog.shape[1]
    unknown = LikelihoodModelResults(model, np.full(terms, np.nan), np.full((terms, terms), np.nan))
    unknown.mle_retvals = {"converged": False}
    results = LogitResults(model, unknown)
    results.set_null_options(llnull=np.nan)
    # A division by zero shall be a number, too; how few they are is not told.
    results.nobs = np.float64(respondents if respondents >= smallest_cell() else np.nan)
    return BinaryResultsWrapper(results)
