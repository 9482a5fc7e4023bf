"""The language of the spine's `stat` column: how a number is computed from the respondents.

Arguments are separated by ` | `. Only the verb is ours: conditions are pandas query strings,
variables pandas expressions, models statsmodels formulas.

    ======================================  ======================================================
    count | CONDITION                       respondents for whom the condition holds
    share | CONDITION | BASE                percent of those in the base for whom it holds
    mean | VARIABLE [| BASE]                arithmetic mean of the values present
    sd | VARIABLE [| BASE]                  standard deviation of the values present (divisor n - 1)
    corr | X | Y | r                        Pearson's correlation of complete pairs
    corr | X | Y | p                        its two-sided p-value
    logit | FORMULA | coef TERM             coefficient of a logistic regression
    logit | FORMULA | odds TERM             odds ratio, exp of the coefficient
    logit | FORMULA | p TERM                two-sided p-value of the Wald test
    logit | FORMULA | z TERM                coefficient divided by its standard error
    logit | FORMULA | x50 TERM              value of the only term at which the probability is one half
    logit | FORMULA | x50_low TERM          lower end of its 95 % interval by Fieller's method
    logit | FORMULA | x50_high TERM         upper end of the same interval
    logit | FORMULA | mcfadden              McFadden's pseudo-R²
    holds | RELATION                        nothing from the respondents: how other rows stand to each
                                            other, as `frivillig.statistics.relations` reads it
    ======================================  ======================================================

Terms are named as in the formula, for example `np.log(population / 1000)`.
"""

from __future__ import annotations

import keyword
import tokenize
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any

from frivillig.data import Fault, Spine, read_schema
from frivillig.statistics.relations import RelationError, named_rows, read_relation

if TYPE_CHECKING:
    import pandas as pd

    from frivillig.data import Statistic

SEPARATOR = " | "
# Verb: fewest and most arguments.
VERBS = {
    "count": (1, 1),
    "share": (2, 2),
    "mean": (1, 2),
    "sd": (1, 2),
    "corr": (3, 3),
    "logit": (2, 2),
    "holds": (1, 1),
}
MEASURES = {
    "corr": {"r": False, "p": False},
    "logit": dict.fromkeys(("coef", "odds", "p", "z", "x50", "x50_low", "x50_high"), True)
    | {"mcfadden": False},
}


class ExpressionError(ValueError):
    """An expression that cannot be read or computed; the message quotes it."""


@dataclass(frozen=True)
class Expression:
    """A parsed `stat`: the verb and its arguments, with the measure and its term where there is one."""

    text: str
    verb: str
    arguments: tuple[str, ...]
    measure: str = ""
    term: str = ""


def parse(text: str) -> Expression:
    """Read an expression.

    Raises:
        ExpressionError: unknown verb or measure, wrong number of arguments, a missing term, or a
            relation that cannot be read.
    """
    verb, *arguments = (part.strip() for part in text.split(SEPARATOR))
    if verb not in VERBS:
        raise ExpressionError(f"'{text}': unknown verb '{verb}'; expected one of {', '.join(VERBS)}")
    fewest, most = VERBS[verb]
    if not fewest <= len(arguments) <= most or not all(arguments):
        count = str(fewest) if fewest == most else f"{fewest} or {most}"
        raise ExpressionError(f"'{text}': {verb} takes {count} arguments, found {len(arguments)}")
    if verb == "holds":
        try:
            read_relation(arguments[0])
        except RelationError as problem:
            raise ExpressionError(str(problem)) from problem
    if verb not in MEASURES:
        return Expression(text, verb, tuple(arguments))
    measure, _, term = arguments.pop().partition(" ")
    if measure not in MEASURES[verb]:
        known = ", ".join(MEASURES[verb])
        raise ExpressionError(f"'{text}': unknown measure '{measure}'; expected one of {known}")
    if bool(term) != MEASURES[verb][measure]:
        rule = "takes a term" if MEASURES[verb][measure] else "takes no term"
        raise ExpressionError(f"'{text}': {measure} {rule}, found '{term}'")
    return Expression(text, verb, tuple(arguments), measure, term)


def columns(expression: Expression) -> list[str]:
    """The columns that an expression names, in the order of first mention; none where it relates rows."""
    found: dict[str, None] = {}
    if expression.verb == "holds":
        return []
    for argument in (*expression.arguments, expression.term):
        previous = ""
        for token in tokenize.generate_tokens(StringIO(argument).readline):
            # Not functions of numpy or methods of columns, which follow a dot.
            if token.type == tokenize.NAME and previous != "." and not keyword.iskeyword(token.string):
                found[token.string] = None
            previous = token.string
    return [name for name in found if name != "np"]


def related_rows(expression: Expression) -> list[str]:
    """The rows of the spine that an expression relates, in the order of first mention."""
    return named_rows(read_relation(expression.arguments[0])) if expression.verb == "holds" else []


def check_expressions(spine: Spine, file: str) -> list[Fault]:
    """Faults in the spine's `stat` column: what cannot be parsed, and columns or rows that are not there.

    Args:
        spine: The printed numbers.
        file: Name of the spine's file, for the messages.
    """
    faults = []
    for row, statistic in enumerate(spine.values(), 2):
        if not statistic.stat:
            continue
        try:
            expression = parse(statistic.stat)
            named = columns(expression)
        except (ExpressionError, tokenize.TokenError) as problem:
            faults.append(Fault(file, row, "stat", str(problem), "an expression of frivillig.statistics"))
            continue
        if expression.verb == "holds":
            missing = [id for id in related_rows(expression) if id not in spine]
            faults += [Fault(file, row, "stat", f"the row '{id}'", "the id of a row") for id in missing]
            continue
        if statistic.survey is None:
            expected = "nothing, since the number comes from no survey"
            faults.append(Fault(file, row, "stat", f"'{statistic.stat}'", expected))
            continue
        known = read_schema(statistic.survey).names
        faults += [
            Fault(
                file, row, "stat", f"the column '{name}'", f"a column of data/surveys/{statistic.survey}.yaml"
            )
            for name in named
            if name not in known
        ]
    return faults


def evaluate(text: str, answers: pd.DataFrame) -> float:
    """Compute an expression.

    Args:
        text: The expression.
        answers: One row per respondent.

    Returns:
        The number, in the unit of the verb (see the module): counts in respondents, shares in percent.

    Raises:
        ExpressionError: when the text cannot be parsed, names an unknown column or term, or has an
            empty base.
    """
    expression = parse(text)
    if expression.verb not in _COMPUTE:
        raise ExpressionError(f"'{text}' is not computed from respondents")
    try:
        return float(_COMPUTE[expression.verb](expression, answers))
    except ExpressionError:
        raise
    except Exception as problem:
        raise ExpressionError(f"'{text}': {type(problem).__name__}: {problem}") from problem


def unit_factor(statistic: Statistic) -> float:
    """What a row's number is multiplied by to get the unit it is printed in.

    Pseudo-R² and p-values are fractions; where the report prints them as percent, the row's unit says so.
    """
    return 100.0 if statistic.unit == "percent" and statistic.stat.startswith("logit") else 1.0


def compute(statistic: Statistic, answers: pd.DataFrame) -> float:
    """Compute a row of the spine from the respondents, in the unit of the row.

    Raises:
        ExpressionError: as for `evaluate`.
    """
    return unit_factor(statistic) * evaluate(statistic.stat, answers)


def _count(expression: Expression, answers: pd.DataFrame) -> int:
    return len(_where(answers, expression.arguments[0]))


def _share(expression: Expression, answers: pd.DataFrame) -> float:
    condition, base = expression.arguments
    within = _where(answers, base)
    if within.empty:
        raise ExpressionError(f"'{expression.text}': nobody is in the base '{base}'")
    return 100 * len(_where(within, condition)) / len(within)


def _mean(expression: Expression, answers: pd.DataFrame) -> float:
    return _variable(expression, answers).mean()


def _sd(expression: Expression, answers: pd.DataFrame) -> float:
    return _variable(expression, answers).std(ddof=1)


def _corr(expression: Expression, answers: pd.DataFrame) -> float:
    import pandas as pd
    from scipy.stats import pearsonr

    x, y = expression.arguments
    pairs = pd.DataFrame({"x": _value(answers, x), "y": _value(answers, y)}).dropna()
    if (pairs.nunique() < 2).any():  # nothing varies together with what does not vary
        return float("nan")
    result = pearsonr(pairs["x"], pairs["y"])
    return result.statistic if expression.measure == "r" else result.pvalue


def _logit(expression: Expression, answers: pd.DataFrame) -> float:
    import numpy as np
    from statsmodels.formula.api import logit

    fit = logit(expression.arguments[0], data=answers).fit(disp=False, warn_convergence=False)
    if not fit.mle_retvals["converged"]:
        # As when everybody has the outcome: what the last step gives is no estimate.
        raise ExpressionError(f"'{expression.text}': the model does not converge")
    if expression.measure == "mcfadden":
        return fit.prsquared
    if expression.term not in fit.params.index:
        terms = ", ".join(fit.params.index)
        raise ExpressionError(f"'{expression.text}': no term '{expression.term}'; the model has {terms}")
    coefficient = fit.params[expression.term]
    if expression.measure == "odds":
        return np.exp(coefficient)
    if expression.measure == "p":
        return fit.pvalues[expression.term]
    if expression.measure == "z":
        return fit.tvalues[expression.term]
    if expression.measure.startswith("x50"):
        if len(fit.params) != 2:
            raise ExpressionError(f"'{expression.text}': x50 needs a model with one term")
        low, high = fieller(fit.params.to_numpy(), fit.cov_params().to_numpy())
        point = -fit.params["Intercept"] / coefficient
        return {"x50": point, "x50_low": low, "x50_high": high}[expression.measure]
    return coefficient


def fieller(coefficients: Any, covariance: Any) -> tuple[float, float]:
    """The 95 % interval of the value at which a model with one term gives the probability one half.

    Args:
        coefficients: The constant and the coefficient of the term.
        covariance: Their covariances, shape (2, 2).

    Returns:
        Its ends, in the unit of the term; missing when the coefficient does not differ from zero at 5 %.

    Source: Fieller, E. C. (1954), Journal of the Royal Statistical Society B 16, 175-185.
    """
    from math import nan, sqrt

    (constant, slope), spread = coefficients, 1.959963984540054**2
    a = slope * slope - spread * covariance[1][1]
    b = constant * slope - spread * covariance[0][1]
    c = constant * constant - spread * covariance[0][0]
    if a <= 0 or b * b < a * c:
        return nan, nan
    return (-b - sqrt(b * b - a * c)) / a, (-b + sqrt(b * b - a * c)) / a


_COMPUTE = {"count": _count, "share": _share, "mean": _mean, "sd": _sd, "corr": _corr, "logit": _logit}


def _where(answers: pd.DataFrame, condition: str) -> pd.DataFrame:
    # The python engine, because numexpr knows no .notna().
    return answers.query(condition, engine="python")


def _value(answers: pd.DataFrame, expression: str) -> Any:
    import numpy as np

    # Variables may call numpy, as terms of formulas do.
    return answers.eval(expression, engine="python", resolvers=[{"np": np}]).astype(float)


def _variable(expression: Expression, answers: pd.DataFrame) -> Any:
    variable, *base = expression.arguments
    values = _value(_where(answers, base[0]) if base else answers, variable).dropna()
    if values.empty:
        raise ExpressionError(f"'{expression.text}': no values")
    return values
