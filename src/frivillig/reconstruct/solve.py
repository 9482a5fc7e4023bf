"""Draw counts that hold all targets, near a random aim; or say which targets cannot hold together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from frivillig.reconstruct.counts import MOST, SKIP_COST, CountModel
from frivillig.reconstruct.questionnaire import Question, Survey
from frivillig.reconstruct.targets import ConflictError, Target, smallest_conflict

# In the solver's own units of work, so that the same seed stops at the same solution everywhere.
WORK = 2.0
# Respondents off an aim from which on each costs double.
FAR = 4


@dataclass(frozen=True)
class GroupCounts:
    """What a group of alike respondents answered, in numbers.

    Attributes:
        known: What they have in common.
        answers: How many gave each answer, or each mark.
        answered: How many of them answered the question.
    """

    known: dict[str, Any]
    answers: dict[Any, int]
    answered: int


@dataclass(frozen=True)
class Counts:
    """Counts that hold all targets: of profiles, in their order, and of answers, by question."""

    profiles: list[int]
    answers: dict[Question, list[GroupCounts]]


def draw_counts(survey: Survey, targets: list[Target], rng: np.random.Generator) -> Counts:
    """Counts near a random aim, first of profiles and then of answers.

    A random linear objective would give extreme counts only; the distance to a random aim gives
    counts from the inside of what is possible.

    Raises:
        ConflictError: when no counts hold all targets.
    """
    built = CountModel(survey, targets)
    size = _minimum(built, built.count("id.notna()"))
    if size is None:
        raise ConflictError(smallest_conflict(targets, lambda some: _feasible(survey, some)))
    usual = survey.profiles["usual"].to_numpy()
    aims = size * rng.dirichlet(1 + 40 * usual / usual.sum())
    skips = [group.skipped for groups in built.groups.values() for group in groups]
    solver = _nearest(built, list(zip(built.profiles, aims, strict=True)), skips, rng)
    for variable in (*built.profiles, *skips):
        built.model.add(variable == solver.value(variable))
    solver = _nearest(built, _answer_aims(built, targets, solver, rng), [], rng)
    return Counts(
        [solver.value(variable) for variable in built.profiles],
        {
            question: [
                GroupCounts(
                    group.known,
                    {value: solver.value(n) for value, n in group.answers.items()},
                    solver.value(group.asked - group.skipped),
                )
                for group in groups
            ]
            for question, groups in built.groups.items()
        },
    )


def extremes(survey: Survey, targets: list[Target], condition: str) -> tuple[int, int]:
    """The smallest and largest number of respondents for whom a condition can hold. Exact.

    Raises:
        ConflictError: when no counts hold all targets.
    """
    built = CountModel(survey, targets)
    low, high = _minimum(built, built.count(condition)), _minimum(built, -built.count(condition))
    if low is None or high is None:
        raise ConflictError(smallest_conflict(targets, lambda some: _feasible(survey, some)))
    return low, -high


def _answer_aims(
    built: CountModel, targets: list[Target], solver: cp_model.CpSolver, rng: np.random.Generator
) -> list[tuple[Any, float]]:
    """Aims of the answers: near a printed share where there is one for any group, else anywhere."""
    aims: list[tuple[Any, float]] = []
    aimed: dict[int, float] = {}
    for question, groups in built.groups.items():
        several = len(question.columns) > 1
        answers = list(groups[0].answers)
        conditions = [f"{a} == 1" if several else f"{question.columns[0]} == {a!r}" for a in answers]
        usual = [_printed_share(condition.replace("'", '"'), targets) for condition in conditions]
        for group in groups:
            shares = rng.uniform(0.05, 0.6, len(answers)) if several else rng.dirichlet([4.0] * len(answers))
            for place, share in enumerate(usual):
                if share is not None:
                    shares[place] = np.clip(share + rng.normal(0, 0.03), 0, 1)
            # Who is asked after an earlier answer is itself only aimed at.
            asked = aimed.get(id(group.asked)) if id(group.asked) in aimed else solver.value(group.asked)
            for variable, share in zip(group.answers.values(), shares, strict=True):
                aimed[id(variable)] = asked * share
                aims.append((variable, asked * share))
    return aims


def _printed_share(condition: str, targets: list[Target]) -> float | None:
    """The mean of the printed shares of an answer, over the groups that have one."""
    printed = [
        (target.interval.low + target.interval.high) / 200
        for target in targets
        if target.expression.verb == "share" and target.expression.arguments[0] == condition
    ]
    return float(np.mean(printed)) if printed else None


def _solver(rng: np.random.Generator | None = None) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = WORK
    if rng is not None:
        solver.parameters.random_seed = int(rng.integers(2**31 - 1))
    return solver


def _nearest(
    built: CountModel, aims: list[tuple[Any, float]], skips: list[Any], rng: np.random.Generator
) -> cp_model.CpSolver:
    distances = []
    for variable, aim in aims:
        distance = built.model.new_int_var(0, 2 * MOST, "")
        built.model.add_abs_equality(distance, variable - round(aim))
        distances.append(distance)
        # A long way costs more than twice half of it: better all a little off than one very much.
        far = built.model.new_int_var(0, 2 * MOST, "")
        built.model.add(far >= distance - FAR)
        distances.append(far)
    built.model.minimize(sum(distances) + SKIP_COST * sum(skips))
    solver = _solver(rng)
    status = solver.solve(built.model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise RuntimeError(f"counts exist, but none were found with {WORK} units of work")
    return solver


def _minimum(built: CountModel, count: Any) -> int | None:
    """The smallest value of a linear expression; None when no counts hold all targets."""
    built.model.minimize(count)
    solver = _solver()
    if solver.solve(built.model) == cp_model.INFEASIBLE:
        return None
    return int(solver.best_objective_bound)


def _feasible(survey: Survey, targets: list[Target]) -> bool:
    return _solver().solve(CountModel(survey, targets).model) != cp_model.INFEASIBLE
