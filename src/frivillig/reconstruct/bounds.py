"""How far a quantity that is not printed can move while every target holds.

An ensemble shows where runs end, and that depends on where they start. So each quantity is pushed
up and down: from a dataset that holds all targets, in ever smaller steps, until none leads further.
What is reached is possible. What is not reached may still be: a push is no proof.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from frivillig.reconstruct.covariates import fit_covariates
from frivillig.reconstruct.items import draw_answers
from frivillig.reconstruct.moments import Moments
from frivillig.reconstruct.questionnaire import SURVEYS
from frivillig.reconstruct.solve import draw_counts
from frivillig.reconstruct.start import COVARIATES, Start, draw_start
from frivillig.reconstruct.tables import sizes
from frivillig.reconstruct.targets import Interval, Target
from frivillig.statistics import parse
from frivillig.statistics.vectors import columns_of

# Wider than for datasets: pushing asks what is possible, not what is plausible.
WIDE = (0.5, 0.92)
ATTEMPTS = 40
DETOURS = 1
# From a dataset that holds all targets, a push gets there in a few steps or not at all.
STEPS = 25
# First step of a push in the unit of the measure, and how many times it may be halved.
FIRST_STEP = {"coef": 0.3, "z": 0.5, "x50_low": 0.01, "x50_high": 0.01, "mcfadden": 0.02}
HALVINGS = 3


def reach(
    targets: list[Target],
    seed: int,
    users_above: tuple[float, float] = WIDE,
    attempts: int = ATTEMPTS,
) -> Start | None:
    """Municipal covariates that hold all targets; None when no start led there.

    Args:
        targets: The targets.
        seed: The same seed gives the same covariates.
        users_above: Share with the outcome among those above the threshold, at least and at most.
        attempts: How many starts to try.
    """
    survey = SURVEYS["municipalities"]()
    counts = draw_counts(survey, targets, np.random.default_rng([seed, 0]))
    for attempt in range(1, attempts + 1):
        rng = np.random.default_rng([seed, attempt])
        start = draw_start(draw_answers(survey, counts, rng), targets, rng, users_above)
        numbers, reached = fit_covariates(COVARIATES, start, targets, rng)
        if reached:
            return dataclasses.replace(start, numbers=numbers)
    return None


def push(stat: str, targets: list[Target], seed: int, upwards: bool) -> float | None:
    """The farthest value of a quantity that one run reaches while all targets hold.

    Args:
        stat: The quantity, a regression in the language of the spine.
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

    def value(at: Start) -> float:
        return Moments(COVARIATES, at.numbers, at.fixed, {}).measure(quantity).value

    step, smallest = FIRST_STEP[expression.measure], FIRST_STEP[expression.measure] / 2**HALVINGS
    farthest = value(state)
    while step >= smallest:
        bound = farthest + step if upwards else farthest - step
        beyond = Interval(bound, math.inf) if upwards else Interval(-math.inf, bound)
        pushed = [*targets, dataclasses.replace(quantity, interval=beyond)]
        numbers, reached = fit_covariates(COVARIATES, state, pushed, rng, STEPS)
        # Where the way on is blocked, a new start may lead around.
        beside = None if reached else reach(pushed, int(rng.integers(2**31)), attempts=DETOURS)
        if reached or beside:
            state = beside or dataclasses.replace(state, numbers=numbers)
            farthest = value(state)
        else:
            step /= 2
    return farthest


def presence(condition: str, targets: list[Target], size: int) -> tuple[int, int]:
    """How many respondents can have all of several variables, by the number who have each. Exact."""
    missing = [size - max(sizes(column, targets, size)) for column in columns_of(condition)]
    return size - sum(missing), size - max(missing)
