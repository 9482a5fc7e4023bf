"""Logistic regression by Newton's method, with the derivatives of its results.

The reconstruction fits thousands of small models and needs to know how each result moves when an
explanatory value moves; statsmodels gives no such derivatives. Tests hold the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class SeparationError(ValueError):
    """A model without finite coefficients: the outcome is separated, or a term is redundant."""


@dataclass(frozen=True)
class Logit:
    """A fitted logistic regression; n respondents, k coefficients of which the first is the constant.

    Attributes:
        design: Shape (n, k), with a first column of ones.
        outcome: Shape (n,), 0 or 1.
        coefficients: Shape (k,), log odds per unit.
        covariance: Shape (k, k), the inverse of the information matrix.
    """

    design: Floats
    outcome: Floats
    coefficients: Floats
    covariance: Floats

    @cached_property
    def probabilities(self) -> Floats:
        """Fitted probabilities, shape (n,)."""
        return 1 / (1 + np.exp(-self.design @ self.coefficients))

    @cached_property
    def standard_errors(self) -> Floats:
        """Standard errors, shape (k,)."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def mcfadden(self) -> float:
        """McFadden's pseudo-R²: 1 - log likelihood / log likelihood of the constant alone."""
        return 1 - self.log_likelihood / self.null_log_likelihood

    @cached_property
    def log_likelihood(self) -> float:
        """Log likelihood of the model."""
        linear = self.design @ self.coefficients
        return float(self.outcome @ linear - np.logaddexp(0, linear).sum())

    @cached_property
    def null_log_likelihood(self) -> float:
        """Log likelihood of the constant alone."""
        n, mean = len(self.outcome), self.outcome.mean()
        return float(n * (mean * np.log(mean) + (1 - mean) * np.log(1 - mean)))

    @cached_property
    def _residuals(self) -> Floats:
        return self.outcome - self.probabilities

    @cached_property
    def _weights(self) -> Floats:
        return self.probabilities * (1 - self.probabilities)

    def d_coefficient(self, j: int, k: int) -> Floats:
        """Derivative of coefficient j by the values of column k, shape (n,).

        By the implicit function theorem on the score equations, design' (outcome - p) = 0.
        """
        moved = self.design @ self.covariance[j]
        return self.covariance[j, k] * self._residuals - moved * self._weights * self.coefficients[k]

    def d_mcfadden(self, k: int) -> Floats:
        """Derivative of McFadden's pseudo-R² by the values of column k, shape (n,)."""
        return -self.coefficients[k] * self._residuals / self.null_log_likelihood

    def d_covariance(self, i: int, j: int, k: int) -> Floats:
        """Derivative of the covariance of coefficients i and j by the values of column k, shape (n,)."""
        weights, first, second = (
            self._weights,
            self.design @ self.covariance[i],
            self.design @ self.covariance[j],
        )
        bent = weights * (1 - 2 * self.probabilities) * first * second
        # The weights of all respondents move with the coefficients, which move with the value.
        through = self.covariance @ (self.design.T @ bent)
        return -(
            weights * (first * self.covariance[j, k] + second * self.covariance[i, k])
            + bent * self.coefficients[k]
            + through[k] * self._residuals
            - (self.design @ through) * weights * self.coefficients[k]
        )

    def d_z(self, j: int, k: int) -> Floats:
        """Derivative of z = coefficient / standard error of j by the values of column k, shape (n,)."""
        error = self.standard_errors[j]
        by_error = self.coefficients[j] * self.d_covariance(j, j, k) / (2 * error**3)
        return self.d_coefficient(j, k) / error - by_error

    def d_fieller(self, end: float) -> Floats:
        """Derivative of an end of the Fieller interval by the values of the only term, shape (n,).

        The end x solves (b0 + b1 x)² = q² (v00 + 2 x v01 + x² v11): by the implicit function theorem.
        """
        spread, covariance = 1.959963984540054**2, self.covariance
        linear = self.coefficients[0] + self.coefficients[1] * end
        moved = 2 * linear * (self.d_coefficient(0, 1) + end * self.d_coefficient(1, 1)) - spread * (
            self.d_covariance(0, 0, 1)
            + 2 * end * self.d_covariance(0, 1, 1)
            + end * end * self.d_covariance(1, 1, 1)
        )
        by_end = 2 * linear * self.coefficients[1] - spread * 2 * (covariance[0, 1] + end * covariance[1, 1])
        return -moved / by_end


def fit_logit(design: Floats, outcome: Floats, start: Floats | None = None) -> Logit:
    """Maximum likelihood by Newton's method with halved steps.

    Args:
        design: Shape (n, k), with a first column of ones.
        outcome: Shape (n,), 0 or 1.
        start: Coefficients to start from, shape (k,); zeros if not given.

    Raises:
        SeparationError: when there are no finite coefficients.
    """
    coefficients = np.zeros(design.shape[1]) if start is None else start
    for _ in range(50):
        probabilities = 1 / (1 + np.exp(-np.clip(design @ coefficients, -30, 30)))
        information = (design * (probabilities * (1 - probabilities))[:, None]).T @ design
        try:
            step = np.linalg.solve(information, design.T @ (outcome - probabilities))
        except np.linalg.LinAlgError:
            break
        # Far from the solution a full step can overshoot into flat probabilities.
        largest = np.max(np.abs(design @ step))
        coefficients = coefficients + step * min(1.0, 4 / largest if largest else 1.0)
        if largest < 1e-9:
            return Logit(design, outcome, coefficients, np.linalg.inv(information))
    raise SeparationError(
        f"no finite coefficients for {design.shape[1]} terms and {len(outcome)} respondents"
    )
