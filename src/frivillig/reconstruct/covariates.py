"""Move the covariates until every moment, correlation and regression is the printed one.

Minimum-norm Gauss-Newton: all targets are linearised, and of all steps that meet them the smallest
is taken, in units of each covariate's spread. One-sided bounds join only while they are broken.
Start and random aims decide where in the set of solutions a run ends; see `start`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from frivillig.reconstruct.moments import Covariate, Measure, Moments
from frivillig.reconstruct.start import Start
from frivillig.reconstruct.targets import Target, columns_named
from frivillig.statistics.regression import Floats, SeparationError

# Runs that get there need 15 to 60 steps; the others wander.
STEPS = 60
# In units of each covariate's spread: where the largest number would move further, the whole step is
# shortened to LARGEST_STEP, and then every number's own to LARGEST_SHIFT. Without the second, a few
# very large municipalities would hold all others back.
LARGEST_STEP = 1.0
LARGEST_SHIFT = 0.25


class ConvergenceError(Exception):
    """A run that met its targets only in part; the message says which is how far off."""

    def __init__(self, off: Mapping[Target, float]) -> None:
        self.off = dict(off)
        rows = "\n".join(
            f"  {target} has {value:.6g}, {target.interval.distance(value):.3g} away"
            for target, value in off.items()
        )
        super().__init__(
            f"no dataset was found that holds every target; nothing is written. Still off:\n{rows}"
        )


def moves(target: Target, covariates: tuple[Covariate, ...]) -> bool:
    """Whether a target is a smooth function of the covariates."""
    names = {covariate.name for covariate in covariates}
    return target.expression.verb not in ("count", "share") and not names.isdisjoint(
        columns_named(target.expression)
    )


def fit_covariates(
    covariates: tuple[Covariate, ...],
    start: Start,
    targets: list[Target],
    rng: np.random.Generator,
    steps: int = STEPS,
) -> tuple[Floats, bool]:
    """Numbers behind the covariates that hold all targets, near where they start.

    Args:
        covariates: The variables that may move.
        start: Where they start, and the columns that stay.
        targets: The targets; those that do not depend on the covariates are passed over.
        rng: Draws the point inside each rounding interval that is aimed at.
        steps: How many steps to try.

    Returns:
        The numbers, shape (covariates, respondents), and whether they hold all targets.
    """
    targets = [target for target in targets if moves(target, covariates)]
    inside = rng.uniform(size=len(targets))
    spread = np.array([covariate.spread for covariate in covariates])[:, None]
    numbers = before = start.numbers
    weights = np.where(np.isfinite(numbers), spread**2, 0.0).ravel()
    warm: dict[str, Floats] = {}
    for _ in range(steps):
        moments = Moments(covariates, numbers, start.fixed, warm)
        try:
            measures = [moments.measure(target) for target in targets]
        except SeparationError:
            return before, False
        aims = [(measure, _aim(measure, where)) for measure, where in zip(measures, inside, strict=True)]
        off = [(measure, *aim) for measure, aim in aims if aim is not None]
        gaps = np.array([gap for _, gap, _ in off])
        if np.abs(gaps).max(initial=0.0) < 1:
            return numbers, True
        slopes = np.stack([measure.gradient().ravel() / unit for measure, _, unit in off])
        weighted = slopes * weights
        normal = weighted @ slopes.T
        normal[np.diag_indices_from(normal)] *= 1 + 1e-9
        step = (np.linalg.solve(normal, gaps) @ weighted).reshape(numbers.shape)
        step *= min(1.0, LARGEST_STEP / np.abs(step / spread).max())
        step = np.clip(step, -LARGEST_SHIFT * spread, LARGEST_SHIFT * spread)
        before, numbers = numbers, np.clip(numbers + step, start.low, start.high)
    return before, False


def _aim(measure: Measure, inside: float) -> tuple[float, float] | None:
    """How far a measure is from its aim, in units of what is near enough, and that unit.

    Args:
        measure: A target's statistic.
        inside: Where between the bounds to aim, from 0 to 1.

    Returns:
        None while a one-sided bound holds.
    """
    width = measure.high - measure.low
    if width <= 4 * measure.margin or not measure.margin:
        # A printed number: away from both ends, since the published file is rounded afterwards.
        if abs(measure.value - measure.low - width / 2) < 0.4 * width:
            return None
        unit = 0.2 * width
        return (measure.low + width * (0.3 + 0.4 * inside) - measure.value) / unit, unit
    unit = 0.5 * measure.margin
    if measure.value < measure.low + unit:
        return (measure.low + (1 + inside) * measure.margin - measure.value) / unit, unit
    if measure.value > measure.high - unit:
        return (measure.high - (1 + inside) * measure.margin - measure.value) / unit, unit
    return None
