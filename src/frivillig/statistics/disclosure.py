"""Statistical disclosure control of counts: withhold the small ones, and what they could be computed from.

Small cells are withheld first (primary suppression, by the frequency rule). Then others are, until whoever
knows every sum can no longer place a small cell within less than `least` of its value (complementary or
secondary suppression). What such a reader can work out is found by linear programming, as sdcTable and
τ-Argus do; the cells to add are chosen greedily, smallest first, since tables here are small.

Counts of 0 are withheld too: that nobody, or everybody, in a group gave an answer tells about each of them.

Source: Hundepool, A. et al. (2012), Statistical Disclosure Control, Wiley, chapter 4.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
        shared: Counts that many others stand on, withheld only where no other helps.
    """

    values: np.ndarray
    sums: Sequence[Sum]
    known: frozenset[int] = frozenset()
    together: Sequence[tuple[int, ...]] = ()
    shared: frozenset[int] = frozenset()


def withhold(table: Table, least: int, gone: Collection[int] = ()) -> np.ndarray:
    """Which counts must not be shown.

    Args:
        table: The counts.
        least: The smallest count that may be shown.
        gone: Counts that are withheld elsewhere, and so here too.

    Returns:
        True for each count to withhold. Those of `known` are never among them.
    """
    free = np.array([index not in table.known for index in range(len(table.values))])
    small = (table.values < least) & free
    hidden = small.copy()
    hidden[list(gone)] = True
    hidden = _close(hidden, table)
    unsure = {cell: min(least, np.ptp(attack(table, free, cell))) for cell in map(int, np.flatnonzero(small))}
    # What follows from the sums whatever is withheld is at least not spelled out.
    plain = {cell for cell, span in unsure.items() if span < least}
    for cell in {cell for total, parts in table.sums if plain & {total, *parts} for cell in (total, *parts)}:
        hidden[cell] |= free[cell] and cell not in table.shared
    hidden = _close(hidden, table)
    while True:
        exposed = {cell for cell in unsure if np.ptp(attack(table, hidden, cell)) < unsure[cell] - 1e-6}
        if not exposed:
            return hidden
        near = _near(exposed, hidden, free, table)
        hidden[min(near, key=lambda cell: (cell in table.shared, table.values[cell], cell))] = True
        hidden = _close(hidden, table)


def _near(exposed: set[int], hidden: np.ndarray, free: np.ndarray, table: Table) -> set[int]:
    """The counts still shown that are tied to the exposed ones by the fewest sums."""
    reached = exposed
    while True:
        around = {
            cell for total, parts in table.sums if reached & {total, *parts} for cell in (total, *parts)
        }
        shown = {cell for cell in around if free[cell] and not hidden[cell]}
        further = reached | {cell for cell in around if hidden[cell]}
        if shown - table.shared or further == reached:
            return shown - table.shared or shown or set(np.flatnonzero(free & ~hidden))
        reached = further


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


def withhold_shares(data: pd.DataFrame, least: int, gone: Collection[object] = ()) -> pd.DataFrame:
    """A table of shares without what must not be shown.

    Both who gave an answer and who did not count as cells. The sums over the rows are taken to be known:
    answers to one question add up to those who answered, and groups to the figures for all of them.

    Args:
        data: One row per answer or group, with `count` and `base`; a missing count is already withheld.
        least: The smallest count that may be shown.
        gone: Rows that are withheld elsewhere. With another choice of rows here, the two tables together
            would give both away.

    Returns:
        The same table: in rows withheld, `count` and all that follows from it is missing, and so is a
        `base` that must be withheld. `printed` stays, for the report has printed it. Where rows were in
        order of size, those withheld come last in the order of their names: their place would tell.
    """
    rows = np.flatnonzero(data[["count", "base"]].notna().all(axis=1))
    counts, bases = (data[column].to_numpy(float)[rows] for column in ("count", "base"))
    already = [place for place, row in enumerate(rows) if data.index[row] in gone]
    hidden = withhold(_shares(counts, bases), least, already) if len(rows) else np.zeros(0, bool)
    size = len(rows)
    without = np.full(len(data), False)
    without[rows] = hidden[:size] | hidden[2 * size : 3 * size]
    without_base = np.full(len(data), False)
    without_base[rows] = hidden[2 * size : 3 * size]
    if not without.any():
        return data
    return _unordered(data, _missing(data, without, without_base), without)


def _missing(data: pd.DataFrame, without: np.ndarray, without_base: np.ndarray) -> pd.DataFrame:
    shown = data.copy()
    follows = [
        name for name in data if name not in ("base", "printed") and pd.api.types.is_numeric_dtype(data[name])
    ]
    shown[[*follows, "base"]] = shown[[*follows, "base"]].astype(float)
    shown.loc[without, follows] = np.nan
    shown.loc[without_base, "base"] = np.nan
    return shown


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
    for column in columns_with_sum:
        for block in _divisions(bases):
            known.add(len(values))
            sums.append((len(values), tuple(column * size + row for row in block)))
            values.append(columns[column][list(block)].sum())
    return Table(np.array(values), sums, frozenset(known), together)


def _divisions(bases: np.ndarray) -> list[range]:
    """The rows that divide the same respondents: all of them, or one block after another."""
    size = len(bases)
    if size < 2:
        return []
    if len(set(bases)) > 1:
        reached = np.cumsum(bases)
        for whole in filter(None, reached[1:-1]):
            ends = [place + 1 for place in range(size) if reached[place] % whole == 0]
            blocks = [range(*ends_of) for ends_of in zip([0, *ends[:-1]], ends, strict=True)]
            if reached[-1] == whole * len(blocks) and all(len(block) > 1 for block in blocks):
                return blocks
    return [range(size)]


def withhold_groups(data: Mapping[str, pd.DataFrame], least: int) -> dict[str, pd.DataFrame]:
    """Tables of shares, one for each group, without what must not be shown.

    For each answer the sums over the groups are taken to be known, and in each group the sums of answers of
    which everyone gave one.

    Args:
        data: By group: one row per answer, with `count` and `base`. The groups divide the respondents.
        least: The smallest count that may be shown; with 0 the tables are returned as they are.

    Returns:
        The same tables, with missing numbers as from `withhold_shares`.
    """
    tables = dict(data)
    counts = np.column_stack([table["count"].to_numpy(float) for table in tables.values()])
    if not least or not counts.size:
        return tables
    bases = np.column_stack([table["base"].to_numpy(float) for table in tables.values()])
    # A row that some group lacks is withheld already.
    there = ~np.isnan(counts).any(axis=1)
    hidden, without_base = np.ones_like(counts, bool), np.ones_like(counts, bool)
    hidden[there], without_base[there] = _withhold_grid(counts[there], bases[there], least)
    return {
        group: _missing(table, hidden[:, place], without_base[:, place])
        for place, (group, table) in enumerate(tables.items())
    }


def _choices(counts: np.ndarray, bases: np.ndarray) -> list[range]:
    """The answers of which each respondent gave exactly one: in every group they add up to the base."""
    found = []
    for start in range(len(counts)):
        for end in range(start + 2, len(counts) + 1):
            block = slice(start, end)
            if (bases[block] == bases[start]).all() and (counts[block].sum(axis=0) == bases[start]).all():
                found.append(range(start, end))
    return found


def _withhold_grid(counts: np.ndarray, bases: np.ndarray, least: int) -> tuple[np.ndarray, np.ndarray]:
    """Where in a grid of answers and groups to withhold the share, and the base."""
    size = counts.size
    place = np.arange(size).reshape(counts.shape)
    kinds = (counts, bases - counts, bases)
    values = [*np.concatenate([kind.ravel() for kind in kinds])]
    sums: list[Sum] = [(2 * size + cell, (cell, size + cell)) for cell in range(size)]
    down = [column[list(block)] for block in _choices(counts, bases) for column in place.T]
    for number, kind in enumerate(kinds):
        lines = [*place, *down] if number < 2 else [*place]
        for line in lines:
            sums.append((len(values), tuple(int(number * size + cell) for cell in line)))
            values.append(kind.ravel()[line].sum())
    together = [(cell, size + cell) for cell in range(size)]
    together += [(cell, size + cell, 2 * size + cell) for cell in range(size) if bases.ravel()[cell] < 1]
    # A base that is the same for several answers is one number.
    for column, cells in zip(bases.T, place.T, strict=True):
        together += [tuple(2 * size + cells[column == base]) for base in set(column)]
    known = frozenset(range(3 * size, len(values)))
    shared = frozenset(range(2 * size, 3 * size))
    gone = withhold(Table(np.array(values), sums, known, together, shared), least)
    base_gone = gone[2 * size : 3 * size].reshape(counts.shape)
    return gone[:size].reshape(counts.shape) | base_gone, base_gone


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
