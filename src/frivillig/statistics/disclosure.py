"""Statistical disclosure control of counts: withhold the small ones, and what they could be computed from.

Small cells are withheld first (primary suppression, by the frequency rule). Then others are, until whoever
knows every sum can no longer place a small cell within less than `least` of its value (complementary or
secondary suppression). What such a reader can work out is found by linear programming, as sdcTable and
τ-Argus do; the cells to add are chosen greedily, smallest first, since tables here are small.

Counts of 0 are withheld too: that nobody, or everybody, in a group gave an answer tells about each of them.

Source: Hundepool, A. et al. (2012), Statistical Disclosure Control, Wiley, chapter 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

# A sum and its parts: the indexes of cells.
Sum = tuple[int, tuple[int, ...]]


@dataclass(frozen=True)
class Table:
    """Counts that are tied to each other by sums.

    Attributes:
        values: The counts: inner cells and sums.
        sums: Which count is the sum of which others.
        known: Counts that stand elsewhere, so that withholding them here protects nothing.
        together: Counts of which one gives the other, so that they are withheld together.
    """

    values: np.ndarray
    sums: Sequence[Sum]
    known: frozenset[int] = frozenset()
    together: Sequence[tuple[int, ...]] = ()


def withhold(table: Table, least: int) -> np.ndarray:
    """Which counts must not be shown.

    Args:
        table: The counts.
        least: The smallest count that may be shown.

    Returns:
        True for each count to withhold. Those of `known` are never among them.
    """
    free = np.array([index not in table.known for index in range(len(table.values))])
    small = (table.values < least) & free
    hidden = _close(small, table)
    while True:
        exposed = [cell for cell in np.flatnonzero(small) if np.ptp(attack(table, hidden, cell)) < least]
        beside = {
            cell
            for total, parts in table.sums
            if set(exposed) & {total, *parts}
            for cell in (total, *parts)
            if free[cell] and not hidden[cell]
        }
        if not exposed:
            return hidden
        # Where no neighbour is left, take any: it is tied to the exposed cell through others.
        left = beside or set(np.flatnonzero(free & ~hidden))
        if not left:
            return hidden
        hidden[min(left, key=lambda cell: (table.values[cell], cell))] = True
        hidden = _close(hidden, table)


def attack(table: Table, hidden: np.ndarray, cell: int) -> tuple[float, float]:
    """The least and most that a withheld count can be, for a reader who knows all others and the sums."""
    from scipy.optimize import linprog

    places = {index: place for place, index in enumerate(np.flatnonzero(hidden))}
    left, right = [], []
    for total, parts in table.sums:
        signs = {total: -1.0} | dict.fromkeys(parts, 1.0)
        row = np.zeros(len(places))
        for index, sign in signs.items():
            if index in places:
                row[places[index]] = sign
        if row.any():
            left.append(row)
            right.append(
                -sum(sign * table.values[index] for index, sign in signs.items() if index not in places)
            )
    ends = []
    for direction in (1, -1):
        cost = np.zeros(len(places))
        cost[places[cell]] = direction
        found = linprog(cost, A_eq=left or None, b_eq=right or None, bounds=(0, None))
        ends.append(direction * found.fun if found.status == 0 else direction * -np.inf)
    return ends[0], ends[1]


def _close(hidden: np.ndarray, table: Table) -> np.ndarray:
    closed = hidden.copy()
    for group in table.together:
        if closed[list(group)].any():
            closed[list(group)] = True
    return closed


# ── Tables of shares ─────────────────────────────────────────────────────────────────────────────


def withhold_shares(data: pd.DataFrame, least: int) -> pd.DataFrame:
    """A table of shares without what must not be shown.

    Both who gave an answer and who did not count as cells. The sums over the rows are taken to be known:
    answers to one question add up to those who answered, and groups to the figures for all of them.

    Args:
        data: One row per answer or group, with `count` and `base`; a missing count is already withheld.
        least: The smallest count that may be shown.

    Returns:
        The same table: in rows withheld, `count` and all that follows from it is missing, and so is a
        `base` that must be withheld. `printed` stays, for the report has printed it. Where rows were in
        order of size, those withheld come last in the order of their names: their place would tell.
    """
    rows = np.flatnonzero(data[["count", "base"]].notna().all(axis=1))
    counts, bases = (data[column].to_numpy(float)[rows] for column in ("count", "base"))
    hidden = withhold(_shares(counts, bases), least) if len(rows) else np.zeros(0, bool)
    size = len(rows)
    without = np.full(len(data), False)
    without[rows] = hidden[:size] | hidden[2 * size : 3 * size]
    without_base = np.full(len(data), False)
    without_base[rows] = hidden[2 * size : 3 * size]
    if not without.any():
        return data
    shown = data.copy()
    follows = [
        name for name in data if name not in ("base", "printed") and pd.api.types.is_numeric_dtype(data[name])
    ]
    shown[[*follows, "base"]] = shown[[*follows, "base"]].astype(float)
    shown.loc[without, follows] = np.nan
    shown.loc[without_base, "base"] = np.nan
    return _unordered(data, shown, without)


def _shares(counts: np.ndarray, bases: np.ndarray) -> Table:
    """Cells in the order: those with the answer, those without, the bases, then the sums of each."""
    size = len(counts)
    columns = (counts, bases - counts, bases)
    sums: list[Sum] = [(2 * size + row, (row, size + row)) for row in range(size)]
    known = set()
    together = [(row, size + row) for row in range(size)]
    if len(set(bases)) == 1:
        # One base for all: it is the same number in every row.
        together.append(tuple(range(2 * size, 3 * size)))
        columns_with_sum = (0, 1)
    else:
        columns_with_sum = (0, 1, 2)
    together += [(row, size + row, 2 * size + row) for row in range(size) if bases[row] < 1]
    values = [*np.concatenate(columns)]
    for column in columns_with_sum if size > 1 else ():
        known.add(len(values))
        sums.append((len(values), tuple(range(column * size, (column + 1) * size))))
        values.append(columns[column].sum())
    return Table(np.array(values), sums, frozenset(known), together)


def _unordered(data: pd.DataFrame, shown: pd.DataFrame, without: np.ndarray) -> pd.DataFrame:
    if len(data) < 3 or not any(
        data[name].is_monotonic_increasing or data[name].is_monotonic_decreasing
        for name in ("count", "share")
        if name in data
    ):
        return shown
    last = sorted(shown.index[without], key=str)
    return shown.loc[[*shown.index[~without], *last]]


# ── Tables of counts ─────────────────────────────────────────────────────────────────────────────


def withhold_counts(data: pd.DataFrame, least: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, bool]:
    """Which cells of a table of counts, and which of its sums, must not be shown.

    Args:
        data: Counts; a missing one counts as nothing.
        least: The smallest count that may be shown.

    Returns:
        True where to withhold: the cells, the sums of rows, the sums of columns, the sum of all.
    """
    cells = data.fillna(0).to_numpy(float)
    height, width = cells.shape
    index = np.arange(height * width).reshape(height, width)
    row_sums = height * width + np.arange(height)
    column_sums = row_sums[-1] + 1 + np.arange(width)
    whole = int(column_sums[-1]) + 1
    sums: list[Sum] = [
        (int(total), tuple(map(int, parts))) for total, parts in zip(row_sums, index, strict=True)
    ]
    sums += [(int(total), tuple(map(int, parts))) for total, parts in zip(column_sums, index.T, strict=True)]
    sums += [(whole, tuple(map(int, row_sums))), (whole, tuple(map(int, column_sums)))]
    values = np.concatenate([cells.ravel(), cells.sum(axis=1), cells.sum(axis=0), [cells.sum()]])
    hidden = withhold(Table(values, sums), least)
    return (
        hidden[: height * width].reshape(height, width),
        hidden[row_sums],
        hidden[column_sums],
        bool(hidden[whole]),
    )


def withhold_parts(counts: Sequence[float], memberships: Sequence[Sequence[int]], least: int) -> np.ndarray:
    """Which parts of a whole must not be shown, when the sums of some of them stand elsewhere.

    Args:
        counts: The parts; together they are the whole, which is known.
        memberships: Indexes of the parts behind each other sum that is known.
        least: The smallest count that may be shown.
    """
    values = list(map(float, counts))
    sums: list[Sum] = []
    for parts in (range(len(counts)), *memberships):
        sums.append((len(values), tuple(parts)))
        values.append(sum(counts[part] for part in parts))
    known = frozenset(range(len(counts), len(values)))
    return withhold(Table(np.array(values), sums, known), least)[: len(counts)]
