"""Evaluate many expressions on the same answers quickly.

Gives the numbers of `frivillig.statistics.evaluate`, without pandas queries and without statsmodels.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from frivillig.statistics.expressions import Expression, ExpressionError, fieller
from frivillig.statistics.regression import Floats, Logit, fit_logit
from frivillig.statistics.vectors import Array, formula_terms, vector


class Answers:
    """Respondents as arrays, with every condition, variable and model computed once.

    Args:
        columns: One array of shape (respondents,) per column, as `frivillig.statistics.vectors.arrays` gives.
    """

    def __init__(self, columns: Mapping[str, Array]) -> None:
        self._columns = columns
        self._vectors: dict[str, Array] = {}
        self._models: dict[str, Logit] = {}

    def evaluate(self, expression: Expression) -> float:
        """Compute an expression, in the unit of its verb or measure.

        Raises:
            ExpressionError: when it names an unknown column or term, or has an empty base.
        """
        match expression.verb:
            case "count":
                return float(self._vector(expression.arguments[0]).sum())
            case "share":
                condition, base = map(self._vector, expression.arguments)
                if not base.any():
                    raise ExpressionError(f"'{expression.text}': nobody is in the base")
                return float(100 * (condition & base).sum() / base.sum())
            case "mean":
                return float(self._values(expression).mean())
            case "sd":
                return float(self._values(expression).std(ddof=1))
            case "corr":
                return self._correlation(expression)
        return self._regression(expression)

    def model(self, formula: str) -> Logit:
        """The logistic regression of a formula; respondents with missing values are left out."""
        if formula not in self._models:
            outcome, terms = formula_terms(formula)
            table = np.column_stack([self._vector(name).astype(float) for name in (outcome, *terms)])
            table = table[np.isfinite(table).all(axis=1)]
            # In standard units the information matrix is well conditioned whatever the units are.
            centre, scale = table[:, 1:].mean(axis=0), table[:, 1:].std(axis=0)
            fit = fit_logit(_design((table[:, 1:] - centre) / scale), table[:, 0])
            back = np.diag([1.0, *(1 / scale)])
            back[0, 1:] = -centre / scale
            self._models[formula] = Logit(
                _design(table[:, 1:]), table[:, 0], back @ fit.coefficients, back @ fit.covariance @ back.T
            )
        return self._models[formula]

    def _vector(self, text: str) -> Array:
        if text not in self._vectors:
            self._vectors[text] = vector(text, self._columns)
        return self._vectors[text]

    def _values(self, expression: Expression) -> Floats:
        variable, *base = expression.arguments
        values = self._vector(variable).astype(float)
        kept = np.isfinite(values) & self._vector(base[0]) if base else np.isfinite(values)
        if not kept.any():
            raise ExpressionError(f"'{expression.text}': no values")
        return values[kept]

    def _correlation(self, expression: Expression) -> float:
        x, y = (self._vector(name).astype(float) for name in expression.arguments)
        kept = np.isfinite(x) & np.isfinite(y)
        r = float(np.corrcoef(x[kept], y[kept])[0, 1])
        return r if expression.measure == "r" else correlation_p(r, int(kept.sum()))

    def _regression(self, expression: Expression) -> float:
        from scipy.stats import norm

        formula = expression.arguments[0]
        fit = self.model(formula)
        if expression.measure == "mcfadden":
            return fit.mcfadden
        place = term_index(expression)
        coefficient = fit.coefficients[place]
        match expression.measure:
            case "odds":
                return float(np.exp(coefficient))
            case "p":
                return float(2 * norm.sf(abs(coefficient / fit.standard_errors[place])))
            case "z":
                return float(coefficient / fit.standard_errors[place])
            case "x50":
                return float(-fit.coefficients[0] / coefficient)
            case "x50_low" | "x50_high":
                return fieller(fit.coefficients, fit.covariance)[expression.measure == "x50_high"]
        return float(coefficient)


def term_index(expression: Expression) -> int:
    """Where the term of an expression stands among the coefficients of its model; the constant is 0."""
    terms = formula_terms(expression.arguments[0])[1]
    if expression.term not in terms:
        raise ExpressionError(
            f"'{expression.text}': no term '{expression.term}'; the model has {', '.join(terms)}"
        )
    return 1 + terms.index(expression.term)


def correlation_p(r: float, pairs: int) -> float:
    """Two-sided p-value of a correlation, by Student's t."""
    from scipy.stats import t

    return float(2 * t.sf(abs(r) * np.sqrt((pairs - 2) / (1 - r * r)), pairs - 2))


def _design(terms: Floats) -> Floats:
    return np.column_stack([np.ones(len(terms)), terms])
