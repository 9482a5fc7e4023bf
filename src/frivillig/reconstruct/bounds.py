"""How far a quantity that is not printed can move while every target holds.

An ensemble shows where runs end, and that depends on where they start. So each quantity is pushed
up and down: from a dataset that holds all targets, in ever smaller steps, until none leads further.
What is reached is possible. What is not reached may still be: a push is no proof.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from frivillig.reconstruct.covariates import fit_covariates
from frivillig.reconstruct.dataset import rounded
from frivillig.reconstruct.items import draw_answers
from frivillig.reconstruct.questionnaire import SURVEYS
from frivillig.reconstruct.solve import draw_counts
from frivillig.reconstruct.start import COVARIATES, Start, draw_start
from frivillig.reconstruct.tables import OUTCOME, sizes
from frivillig.reconstruct.targets import Interval, Target
from frivillig.statistics import parse
from frivillig.statistics.quick import Answers
from frivillig.statistics.regression import Floats, SeparationError
from frivillig.statistics.vectors import columns_of, vector

ATTEMPTS = 40
DETOURS = 1
# Pairs in a row that lead nowhere before a push of users gives up.
SWAPS = 5
# First step of a push, in the unit of what is measured; else a part of the value.
FIRST_STEP = {
    "coef": 0.3,
    "z": 0.5,
    "r": 0.03,
    "x50": 0.05,
    "x50_low": 0.01,
    "x50_high": 0.01,
    "mcfadden": 0.02,
}
FIRST_PART = 0.03
# A step that leads further grows, one that does not shrinks, until it is this much smaller than the first.
GROWTH, SHRINKAGE, SMALLEST = 1.5, 0.5, 0.1


def reach(targets: list[Target], seed: int, attempts: int = ATTEMPTS) -> Start | None:
    """Municipal covariates that hold all targets; None when no start led there.

    Args:
        targets: The targets.
        seed: The same seed gives the same covariates.
        attempts: How many starts to try.
    """
    survey = SURVEYS["municipalities"]()
    counts = draw_counts(survey, targets, np.random.default_rng([seed, 0]))
    for attempt in range(1, attempts + 1):
        rng = np.random.default_rng([seed, attempt])
        start = draw_start(draw_answers(survey, counts, rng), targets, rng, wide=True)
        numbers, reached = fit_covariates(COVARIATES, start, targets, rng)
        if reached:
            return dataclasses.replace(start, numbers=numbers)
    return None


def push(stat: str, targets: list[Target], seed: int, upwards: bool) -> float | None:
    """The farthest value of a quantity that one run reaches while all targets hold.

    Args:
        stat: The quantity, in the language of the spine; any but a count or a share.
        targets: The targets.
        seed: Decides the start.
        upwards: Which way to push.

    Returns:
        The value, in the unit of the measure; None when no start holds the targets.
    """
    state = reach(targets, seed)
    if state is None:
        return None
    expression, rng = parse(stat), np.random.default_rng([seed, 999])
    quantity = Target("push", "", "", expression, Interval(-math.inf, math.inf))

    def value(at: Start | None) -> float:
        try:
            return Answers(at.fixed | rounded(at.numbers)).evaluate(expression) if at else math.nan
        except SeparationError:
            # Pushed so far that a model has no finite coefficients.
            return math.nan

    farthest = value(state)
    first = FIRST_STEP.get(expression.measure, FIRST_PART * abs(farthest))
    step = first
    while step >= SMALLEST * first:
        bound = farthest + step if upwards else farthest - step
        beyond = Interval(bound, math.inf) if upwards else Interval(-math.inf, bound)
        pushed = [*targets, dataclasses.replace(quantity, interval=beyond)]
        numbers, reached = fit_covariates(COVARIATES, state, pushed, rng)
        # Where the way on is blocked, a new start may lead around.
        moved = (
            dataclasses.replace(state, numbers=numbers)
            if reached
            else reach(pushed, int(rng.integers(2**31)), DETOURS)
        )
        if math.isnan(value(moved)):
            step *= SHRINKAGE
        else:
            state, farthest, step = moved, value(moved), step * GROWTH
    return farthest


def push_users(condition: str, targets: list[Target], seed: int, upwards: bool) -> float | None:
    """The most or fewest respondents with the outcome on one side of a threshold that one run reaches.

    Two respondents near the threshold change sizes, one with the outcome and one without, and the
    covariates are fitted again; so on, until no pair leads further.

    Args:
        condition: Who is counted, as `population > 4759 and own_recruitment == 1`.
        targets: The targets.
        seed: Decides the start.
        upwards: Which way to push.

    Returns:
        The number; None when no start holds the targets.
    """
    state = reach(targets, seed)
    if state is None:
        return None
    rng, users = np.random.default_rng([seed, 999]), state.fixed[OUTCOME] == 1
    # Bounds of population are narrowed to one side of the threshold, except for the districts' sizes.
    free = state.low[0] < state.high[0]
    misses = 0
    while misses < SWAPS:
        size, above = state.numbers[0], state.low[0] == state.low[0][free].max()
        gives, takes = (~users, users) if upwards else (users, ~users)
        down = _near(-size, gives & above & free, rng)
        up = _near(size, takes & ~above & free, rng)
        swapped = [values.copy() for values in (state.numbers, state.low, state.high)]
        for values in swapped:
            values[0, [down, up]] = values[0, [up, down]]
        numbers, reached = fit_covariates(COVARIATES, Start(state.fixed, *swapped), targets, rng)
        if reached:
            state, misses = Start(state.fixed, numbers, *swapped[1:]), 0
        else:
            misses += 1
    columns = state.fixed | {"population": np.round(np.exp(state.numbers[0]))}
    return float(vector(condition, columns).sum())


def _near(closeness: Floats, among: NDArray[np.bool_], rng: np.random.Generator) -> int:
    """One of the three closest."""
    rows = np.flatnonzero(among)
    return int(rng.choice(rows[np.argsort(-closeness[rows])[:3]]))


def presence(condition: str, targets: list[Target], size: int) -> tuple[int, int]:
    """How many respondents can have all of several variables, by the number who have each. Exact."""
    missing = [size - max(sizes(column, targets, size)) for column in columns_of(condition)]
    return size - sum(missing), size - max(missing)
