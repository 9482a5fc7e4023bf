"""Move the covariates until every moment, correlation and regression is the printed one.

Gauss-Newton with damping: all targets are linearised, and of all steps that meet them, within what
the covariates may be, the smallest is taken, in units of each covariate's spread. A printed number
that is met is held there; a one-sided bound joins only while it is broken. Start and random aims
decide where in the set of solutions a run ends; see `start`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from frivillig.reconstruct.moments import Covariate, Measure, Moments
from frivillig.reconstruct.start import Start
from frivillig.reconstruct.targets import Target, columns_named
from frivillig.statistics.regression import Floats, SeparationError

# Runs that get there need 5 to 12 steps; the others wander.
STEPS = 16
# The farthest that a number may move in one step, in units of its covariate's spread.
LARGEST_SHIFT = 0.5
# Far from the targets, their linear forms contradict each other and want steps beyond all measure.
# So each is taken this much less seriously there; near the targets, hardly at all.
DAMPING_FAR, DAMPING_NEAR = 0.1, 1e-9
# How often numbers that want to go out of bounds are put there, and the others asked for the rest.
PASSES = 3


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
    warm: dict[str, Floats] = {}
    for _ in range(steps):
        moments = Moments(covariates, numbers, start.fixed, warm)
        try:
            measures = [moments.measure(target) for target in targets]
        except SeparationError:
            return before, False
        if not np.isfinite([(measure.value, measure.margin) for measure in measures]).all():
            return before, False
        aims = [(measure, _aim(measure, where)) for measure, where in zip(measures, inside, strict=True)]
        bound = [(measure, *aim) for measure, aim in aims if aim is not None]
        gaps = np.array([gap for _, gap, _ in bound])
        if not gaps.any():
            return numbers, True
        slopes = np.stack([(measure.gradient() * spread).ravel() / unit for measure, _, unit in bound])
        # A missing number may go nowhere.
        low, high = (
            np.nan_to_num(
                (np.clip(numbers + way * LARGEST_SHIFT * spread, start.low, start.high) - numbers) / spread
            )
            for way in (-1, 1)
        )
        try:
            step = _smallest_step(slopes, gaps, low.ravel(), high.ravel())
        except np.linalg.LinAlgError:
            # Wandered to where a target cannot be moved at all.
            return before, False
        before, numbers = numbers, numbers + step.reshape(numbers.shape) * spread
    return before, False


def _smallest_step(slopes: Floats, gaps: Floats, low: Floats, high: Floats) -> Floats:
    """The smallest step that closes the gaps within bounds, nearly.

    Args:
        slopes: How each target moves with each number, shape (targets, numbers).
        gaps: How far each target has to move, shape (targets,).
        low: Lower bound of each number's step, shape (numbers,).
        high: Upper bound of each number's step.

    Returns:
        The step, shape (numbers,).
    """
    squares = np.einsum("ij,ij->i", slopes, slopes)
    # How far the numbers would have to move for each target alone.
    alone = gaps @ (gaps / squares)
    damping = squares * (DAMPING_FAR * min(1.0, alone) + DAMPING_NEAR)
    step, free = np.zeros(len(low)), low < high
    for _ in range(PASSES):
        kept = slopes[:, free]
        normal = kept @ kept.T
        normal[np.diag_indices_from(normal)] += damping
        step[free] = np.linalg.solve(normal, gaps - slopes[:, ~free] @ step[~free]) @ kept
        outside = (step < low) | (step > high)
        if not outside.any():
            break
        step = np.clip(step, low, high)
        free &= ~outside
    return step


def _aim(measure: Measure, inside: float) -> tuple[float, float] | None:
    """How far a measure is from its aim, in units of what is near enough, and that unit.

    Args:
        measure: A target's statistic.
        inside: Where between the bounds to aim, from 0 to 1.

    Returns:
        No distance for a printed number that is met, None for a one-sided bound that holds.
    """
    width = measure.high - measure.low
    # A mean has no margin of its own, since none is bounded on one side but when it is pushed.
    margin = measure.margin or 1e-3 * abs(measure.value)
    if np.isfinite(width) and (width <= 4 * margin or not measure.margin):
        # A printed number: away from both ends, since the published file is rounded afterwards.
        unit = 0.2 * width
        if abs(measure.value - measure.low - width / 2) < 0.4 * width:
            return 0.0, unit
        return (measure.low + width * (0.3 + 0.4 * inside) - measure.value) / unit, unit
    unit = 0.5 * margin
    if measure.value < measure.low + unit:
        return (measure.low + (1 + inside) * margin - measure.value) / unit, unit
    if measure.value > measure.high - unit:
        return (measure.high - (1 + inside) * margin - measure.value) / unit, unit
    return None
