"""Every way to divide respondents into groups that printed percentages allow. Exact, and no solver."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

import numpy as np

from frivillig.reconstruct.tables import OUTCOME, about, allowed
from frivillig.reconstruct.targets import ConflictError, Target, smallest_conflict


@dataclass(frozen=True)
class GroupTables:
    """All ways to divide respondents into groups, with the outcome.

    Attributes:
        pairs: By group, the pairs of users and respondents that its own targets allow.
        solutions: In how many ways they add up.
    """

    pairs: dict[str, list[tuple[int, int]]]
    ways: list[dict[tuple[int, int], int]]
    users: int
    size: int

    @property
    def solutions(self) -> int:
        """In how many ways the groups add up to all users and all respondents."""
        return self.ways[0].get((self.users, self.size), 0)

    def draw(self, rng: np.random.Generator) -> dict[str, tuple[int, int]]:
        """One of the ways, each with the same probability: users and respondents by group."""
        left, drawn = (self.users, self.size), {}
        for index, (group, pairs) in enumerate(self.pairs.items()):
            rest = [(left[0] - u, left[1] - n) for u, n in pairs]
            weights = np.array([self.ways[index + 1].get(pair, 0) for pair in rest], float)
            chosen = rng.choice(len(pairs), p=weights / weights.sum())
            drawn[group], left = pairs[chosen], rest[chosen]
        return drawn


def group_tables(
    column: str, groups: tuple[str, ...], targets: list[Target], users: int, others: int
) -> GroupTables:
    """All tables of a variable with several values with the outcome, counted by dynamic programming.

    Args:
        column: The variable.
        groups: Its values.
        targets: All targets.
        users: Respondents with the outcome 1.
        others: Respondents with the outcome 0.

    Raises:
        ConflictError: when no table holds the targets.
    """
    concerned = about(targets, column)
    found = _group_tables(column, groups, concerned, users, others)
    if not found.solutions:
        raise ConflictError(
            smallest_conflict(
                concerned,
                lambda some: _group_tables(column, groups, tuple(some), users, others).solutions > 0,
            )
        )
    return found


@cache
def _group_tables(
    column: str, groups: tuple[str, ...], targets: tuple[Target, ...], users: int, others: int
) -> GroupTables:
    pairs = {}
    u, n = (grid.ravel() for grid in np.meshgrid(np.arange(users + 1), np.arange(users + others + 1)))
    here = (u <= n) & (n - u <= others)
    u, n = u[here], n[here]
    counts = np.stack([u, n - u, users - u, others - (n - u)], axis=1)
    for group in groups:
        rows = {
            column: np.array([group, group, "", ""], dtype=object),
            OUTCOME: np.array([1.0, 0.0, 1.0, 0.0]),
            "id": np.array(["x"] * 4),
        }
        own = [target for target in targets if f'"{group}"' in target.expression.text]
        kept = allowed(own, rows, counts)
        pairs[group] = list(zip(u[kept].tolist(), n[kept].tolist(), strict=True))
    ways: list[dict[tuple[int, int], int]] = [{(0, 0): 1}]
    for group in reversed(groups):
        more: dict[tuple[int, int], int] = defaultdict(int)
        for (sum_u, sum_n), number in ways[0].items():
            for one_u, one_n in pairs[group]:
                if sum_u + one_u <= users and sum_n + one_n <= users + others:
                    more[sum_u + one_u, sum_n + one_n] += number
        ways.insert(0, more)
    return GroupTables(pairs, ways, users, users + others)
