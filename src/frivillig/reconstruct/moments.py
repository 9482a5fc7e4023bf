"""Statistics of the covariates with their derivatives, in a form that Newton's method can use.

Every statistic is turned into a smooth one that says the same: a p-value of a regression into z, a
p-value of a correlation into r, an odds ratio into its logarithm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtrit

from frivillig.reconstruct.targets import Interval, Target
from frivillig.statistics import Expression
from frivillig.statistics.expressions import fieller
from frivillig.statistics.quick import term_index
from frivillig.statistics.regression import Floats, Logit, fit_logit
from frivillig.statistics.vectors import Array, columns_of, formula_terms, vector

TINY = 1e-20
# How far inside a one-sided bound to aim, by what is measured; coefficients in standard errors.
MARGINS = {"z": 0.05, "r": 0.01, "mcfadden": 0.001, "coef": 0.15, "x50": 0.004}


@dataclass(frozen=True)
class Covariate:
    """A variable with values on a scale.

    Attributes:
        name: Its column.
        logarithmic: Whether the numbers behind it are natural logarithms of its values.
        low: Smallest value that is plausible.
        high: Largest value that is plausible.
        spread: Rough standard deviation of the numbers behind it; weighs the covariates against each other.
        decimals: Of the published file.
    """

    name: str
    logarithmic: bool
    low: float
    high: float
    spread: float
    decimals: int


@dataclass(frozen=True)
class Measure:
    """A statistic with its derivative and the values it may have.

    Attributes:
        value: The statistic, in its smooth form.
        gradient: Computes the derivative by the numbers behind the covariates, shape (covariates,
            respondents); only targets that are off need it.
        low: Smallest value allowed.
        high: Largest value allowed.
        margin: How far inside a one-sided bound to aim.
    """

    value: float
    gradient: Callable[[], Floats]
    low: float
    high: float
    margin: float


class Moments:
    """Statistics of one state of the covariates.

    Args:
        covariates: The variables that may move, in the order of the rows of `numbers`.
        numbers: The numbers behind them, shape (covariates, respondents); NaN where missing.
        fixed: The other columns, one array of shape (respondents,) each.
        starts: Coefficients of the last state's models by formula; updated, since each fit starts there.
    """

    def __init__(
        self,
        covariates: tuple[Covariate, ...],
        numbers: Floats,
        fixed: Mapping[str, Array],
        starts: dict[str, Floats],
    ) -> None:
        self._index = {covariate.name: i for i, covariate in enumerate(covariates)}
        self._logarithmic = {covariate.name: covariate.logarithmic for covariate in covariates}
        values = {
            c.name: np.exp(row) if c.logarithmic else row for c, row in zip(covariates, numbers, strict=True)
        }
        self._columns = {**fixed, **values}
        self._shape = numbers.shape
        self._starts = starts
        self._vectors: dict[str, tuple[Floats, dict[int, Floats]]] = {}
        self._models: dict[str, tuple[Logit, Array]] = {}

    def measure(self, target: Target) -> Measure:
        """A target's statistic in its smooth form."""
        expression, interval = target.expression, target.interval
        match expression.verb:
            case "mean" | "sd":
                return self._moment(expression, interval)
            case "corr":
                return self._correlation(expression, interval)
        return self._regression(expression, interval)

    def _vector(self, text: str) -> tuple[Floats, dict[int, Floats]]:
        """A variable, and its derivative by the numbers behind each covariate it names."""
        if text not in self._vectors:
            slopes = {}
            for name in columns_of(text):
                if name in self._index:
                    moved = {**self._columns, name: self._columns[name] + TINY * 1j}
                    slope = vector(text, moved).imag / TINY
                    slopes[self._index[name]] = slope * (
                        self._columns[name] if self._logarithmic[name] else 1.0
                    )
            self._vectors[text] = vector(text, self._columns).astype(float), slopes
        return self._vectors[text]

    def _spread_out(self, parts: list[tuple[dict[int, Floats], Floats]], kept: Array) -> Floats:
        """The chain rule: by each vector's slopes, times the derivative by the vector."""
        gradient = np.zeros(self._shape)
        for slopes, by_vector in parts:
            for row, slope in slopes.items():
                gradient[row, kept] += by_vector * slope[kept]
        return gradient

    def _moment(self, expression: Expression, interval: Interval) -> Measure:
        variable, *base = expression.arguments
        x, slopes = self._vector(variable)
        kept = np.isfinite(x) & vector(base[0], self._columns) if base else np.isfinite(x)
        values = x[kept]
        n, mean = len(values), float(values.mean())
        if expression.verb == "mean":
            value, by_value = mean, np.full(n, 1 / n)
        else:
            value = float(values.std(ddof=1))
            by_value = (values - mean) / ((n - 1) * value)
        return Measure(
            value, lambda: self._spread_out([(slopes, by_value)], kept), interval.low, interval.high, 0.0
        )

    def _correlation(self, expression: Expression, interval: Interval) -> Measure:
        (x, x_slopes), (y, y_slopes) = (self._vector(name) for name in expression.arguments)
        kept = np.isfinite(x) & np.isfinite(y)
        n = int(kept.sum())
        x, y = x[kept], y[kept]
        sd_x, sd_y = x.std(), y.std()
        u, v = (x - x.mean()) / sd_x, (y - y.mean()) / sd_y
        r = float(u @ v / n)

        def gradient() -> Floats:
            parts = [(x_slopes, (v - r * u) / (n * sd_x)), (y_slopes, (u - r * v) / (n * sd_y))]
            return self._spread_out(parts, kept)

        low, high = interval.low, interval.high
        if expression.measure == "p":
            low, high = _signed(interval, r, lambda p: _r_of_p(p, n))
        return Measure(r, gradient, low, high, MARGINS["r"])

    def _regression(self, expression: Expression, interval: Interval) -> Measure:
        formula = expression.arguments[0]
        fit, kept = self._model(formula)
        terms = [self._vector(term)[1] for term in formula_terms(formula)[1]]

        def gradient(derivative: Callable[[int], Floats]) -> Callable[[], Floats]:
            return lambda: self._spread_out([(term, derivative(k)) for k, term in enumerate(terms, 1)], kept)

        low, high = interval.low, interval.high
        if expression.measure == "mcfadden":
            return Measure(fit.mcfadden, gradient(fit.d_mcfadden), low, high, MARGINS["mcfadden"])
        j = term_index(expression)
        coefficient, error = float(fit.coefficients[j]), float(fit.standard_errors[j])
        match expression.measure:
            case "p":
                z = coefficient / error
                low, high = _signed(interval, z, lambda p: -ndtri(p / 2))
                return Measure(z, gradient(lambda k: fit.d_z(j, k)), low, high, MARGINS["z"])
            case "x50":
                x50 = -float(fit.coefficients[0]) / coefficient

                def slope(k: int) -> Floats:
                    return -(fit.d_coefficient(0, k) + x50 * fit.d_coefficient(j, k)) / coefficient

                return Measure(x50, gradient(slope), low, high, MARGINS["x50"])
            case "x50_low" | "x50_high":
                end = fieller(fit.coefficients, fit.covariance)[expression.measure == "x50_high"]
                return Measure(end, gradient(lambda _: fit.d_fieller(end)), low, high, MARGINS["x50"])
            case "z":
                return Measure(
                    coefficient / error, gradient(lambda k: fit.d_z(j, k)), low, high, MARGINS["z"]
                )
            case "odds":
                low, high = np.log(low), np.log(high)
        return Measure(
            coefficient, gradient(lambda k: fit.d_coefficient(j, k)), low, high, MARGINS["coef"] * error
        )

    def _model(self, formula: str) -> tuple[Logit, Array]:
        if formula not in self._models:
            outcome, terms = formula_terms(formula)
            table = np.column_stack([self._vector(name)[0] for name in (outcome, *terms)])
            kept = np.isfinite(table).all(axis=1)
            design = table[kept]
            y = design[:, 0].copy()
            design[:, 0] = 1.0
            fit = fit_logit(design, y, self._starts.get(formula))
            self._starts[formula] = fit.coefficients
            self._models[formula] = fit, kept
        return self._models[formula]


def _r_of_p(p: float, pairs: int) -> float:
    """The size of a correlation with a two-sided p-value."""
    bound = -stdtrit(pairs - 2, p / 2)
    return bound / np.sqrt(pairs - 2 + bound**2)


def _signed(interval: Interval, value: float, size_of: Callable[[float], float]) -> tuple[float, float]:
    """From values of a p-value to values of its statistic, on the side where the statistic is now."""
    nearest = float(size_of(min(interval.high, 1.0)))
    farthest = float(size_of(interval.low)) if interval.low > 0 else np.inf
    if nearest <= 0:
        return -farthest, farthest
    return (nearest, farthest) if value > 0 else (-farthest, -nearest)
