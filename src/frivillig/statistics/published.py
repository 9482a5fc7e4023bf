"""What printed counts and percentages say by themselves, before any respondent is at hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil, floor, prod

import numpy as np
import pandas as pd

from frivillig.data import Spine
from frivillig.statistics.estimates import cross_table, shares

# The rules by which a printed percentage can have come about, as the decimal module names them.
ROUNDINGS = (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN)


def rounds_to(count: int, base: int, printed: Decimal, rounding: str = ROUND_HALF_UP) -> bool:
    """Whether `count` of `base`, in percent, is printed as this percentage under a rule of `ROUNDINGS`."""
    low, high, low_included, high_included = preimage(printed, rounding)
    exact = Fraction(100 * count, base)
    return low < exact < high or (exact == low and low_included) or (exact == high and high_included)


def base_range(count: int, printed: Decimal, rounding: str = ROUND_HALF_UP) -> range:
    """The bases under which a count, in percent, is printed as a percentage: always an unbroken range.

    Args:
        count: Respondents, above 0.
        printed: The percentage, above 0; its exponent says how many decimals are printed.
        rounding: A rule of `ROUNDINGS`; truncation is ROUND_DOWN.

    Returns:
        The bases, at least the count.
    """
    low, high, low_included, high_included = preimage(printed, rounding)
    least, most = Fraction(100 * count) / high, Fraction(100 * count) / low
    first = ceil(least) if high_included else floor(least) + 1
    last = floor(most) if low_included else ceil(most) - 1
    return range(max(count, first), last + 1)


def preimage(printed: Decimal, rounding: str) -> tuple[Fraction, Fraction, bool, bool]:
    """All exact numbers that a rule turns into the printed one.

    Returns:
        The ends of the interval, and whether the lower and the upper end belong to it.
    """
    value, step = Fraction(printed), Fraction(Decimal(1).scaleb(printed.as_tuple().exponent))
    if rounding == ROUND_DOWN:
        if value == 0:
            return -step, step, False, False
        return (value, value + step, True, False) if value > 0 else (value - step, value, False, True)
    even = rounding == ROUND_HALF_EVEN and value / step % 2 == 0
    if rounding == ROUND_HALF_EVEN:
        return value - step / 2, value + step / 2, even, even
    # Half up means away from zero.
    if value == 0:
        return -step / 2, step / 2, False, False
    return value - step / 2, value + step / 2, value > 0, value < 0


def implied_bases(pairs: Iterable[tuple[int, Decimal]], rounding: str = ROUND_HALF_UP) -> list[int]:
    """All bases under which every count, in percent, is printed as the percentage beside it.

    The test of Brown and Heathers for means (GRIM), applied to shares.

    Args:
        pairs: Counts with their printed percentages; a zero on either side says nothing about the base.
        rounding: A rule of `ROUNDINGS`.

    Returns:
        The bases in rising order; empty when the pairs cannot share one.

    Raises:
        ValueError: when no pair says anything.

    Source: Brown, N. J. L. and Heathers, J. A. J. (2017), Social Psychological and Personality
    Science 8, 363-369.
    """
    ranges = [base_range(count, printed, rounding) for count, printed in pairs if count > 0 and printed > 0]
    if not ranges:
        raise ValueError("no count above 0 with a percentage above 0")
    return list(range(max(bases.start for bases in ranges), min(bases.stop for bases in ranges)))


def question(spine: Spine, prefix: str, answers: Iterable[str]) -> pd.DataFrame:
    """Counts of a question and the base that its printed percentages imply.

    Args:
        spine: The printed numbers.
        prefix: The question, as `municipal.channel`: its numbers have ids
            `<prefix>.<answer>.count` and `<prefix>.<answer>.pct`.
        answers: The answers, in the order wanted.

    Returns:
        One row per answer: the columns of `shares`, and `printed` (percent, missing where the
        report prints none). An answer whose count is lost or not printed has missing numbers.
        The base is one that all printed percentages allow: the sum of the counts if it is among
        them (one answer each), else the smallest. Where no base is allowed, it is the printed one
        or else the sum of the counts; `printed` then differs from the rounded share in at least
        one row.
    """
    answers = list(answers)
    counts = {row: spine.count(id) for row in answers if spine.has(id := f"{prefix}.{row}.count")}
    printed = {row: spine[id] for row in answers if spine.has(id := f"{prefix}.{row}.pct")}
    bases = implied_bases((counts[row], percent.value) for row, percent in printed.items() if row in counts)
    stated = [percent.base for percent in printed.values() if percent.base]
    total = sum(counts.values())
    base = total if total in bases else min(bases or stated or [total])
    table = shares(pd.Series(counts), base).reindex(answers)
    return table.assign(printed=pd.Series({row: float(percent.value) for row, percent in printed.items()}))


def with_printed(table: pd.DataFrame, spine: Spine, prefix: str) -> pd.DataFrame:
    """A table computed from respondents, with what the report prints beside it.

    Args:
        table: Columns of `shares`, one row per answer.
        spine: The printed numbers.
        prefix: The question, as for `question`.

    Returns:
        The table with `printed` (percent, missing where the report prints none). An answer whose number
        the report's text has lost has missing numbers: what synthetic respondents say of it is no finding.
    """
    printed = {row: spine[id].value for row in table.index if spine.has(id := f"{prefix}.{row}.pct")}
    lost = [row for row in table.index if (id := f"{prefix}.{row}.count") in spine and not spine.has(id)]
    table = table.assign(printed=pd.Series(printed, dtype=float))
    return table.drop(index=lost).reindex(table.index)


def counts_behind(printed: Decimal, base: int) -> range:
    """The counts of `base` that, in percent, round (half up) to the printed percentage."""
    half = Fraction(Decimal(1).scaleb(printed.as_tuple().exponent)) / 2
    lowest = ceil((Fraction(printed) - half) * base / 100)
    highest = ceil((Fraction(printed) + half) * base / 100) - 1
    return range(max(lowest, 0), min(highest, base) + 1)


def printed_shares(printed: dict[str, Decimal], base: int) -> pd.DataFrame:
    """Percentages as printed without counts, with the intervals that a base would give them.

    Args:
        printed: Percentage of each answer.
        base: Respondents that the percentages are taken to refer to.

    Returns:
        One row per answer: `share` (percent, as printed), and `low` and `high` (percent, the outermost
        ends of the Wilson intervals of all counts that round to it).

    Raises:
        ValueError: when no count of the base rounds to a percentage.
    """
    rows = {}
    for answer, percent in printed.items():
        counts = counts_behind(percent, base)
        if not counts:
            raise ValueError(f"{answer}: no count of {base} is {percent} percent")
        table = shares(pd.Series(counts), base)
        rows[answer] = {"share": float(percent), "low": table["low"].min(), "high": table["high"].max()}
    return pd.DataFrame.from_dict(rows, orient="index")


@dataclass(frozen=True)
class Groups:
    """Counts of groups behind printed percentages.

    Attributes:
        solutions: How many sets of integer counts fit the percentages and the totals.
        feasible: By group, the pairs of count and base that occur in at least one of them.
    """

    solutions: int
    feasible: dict[str, list[tuple[int, int]]]

    def shares(self) -> pd.DataFrame:
        """One row per group: fewest and most respondents, and the widest interval.

        Returns:
            `base_low` and `base_high` (respondents); `share` (percent, in the middle of what the
            feasible pairs give); `low` and `high` (percent, the outermost ends of their Wilson intervals).
        """
        rows = {}
        for group, pairs in self.feasible.items():
            table = shares(pd.Series([count for count, _ in pairs]), pd.Series([base for _, base in pairs]))
            rows[group] = {
                "base_low": table["base"].min(),
                "base_high": table["base"].max(),
                "share": (table["share"].min() + table["share"].max()) / 2,
                "low": table["low"].min(),
                "high": table["high"].max(),
            }
        return pd.DataFrame.from_dict(rows, orient="index").astype({"base_low": int, "base_high": int})


def feasible_groups(
    printed: dict[str, Decimal],
    count: int,
    base: int,
    sizes: dict[str, Iterable[int]],
    rounding: str = ROUND_HALF_UP,
) -> Groups:
    """All counts that fit the percentages of groups which together have a known count and base.

    Args:
        printed: Percentage of each group, as printed.
        count: The count of all groups together.
        base: Respondents of all groups together.
        sizes: How many respondents each group may have.
        rounding: A rule of `ROUNDINGS`.

    Returns:
        The number of solutions, counted exactly by dynamic programming over the groups, and the
        pairs that occur in them.

    Raises:
        ValueError: when no counts fit.
    """
    candidates = {
        group: [
            pair for size in sizes[group] for pair in _pairs(size, percent, count, rounding) if size <= base
        ]
        for group, percent in printed.items()
    }
    # Ways to reach each total of users and respondents from the left and from the right: a pair occurs
    # in a solution when some total on its left and some on its right complete it.
    most = prod(max(len(pairs), 1) for pairs in candidates.values())
    start = np.zeros((count + 1, base + 1), dtype=np.int64 if most < 2**63 else object)
    start[0, 0] = 1
    from_left, from_right = [start], [start > 0]
    for pairs in candidates.values():
        from_left.append(_add(from_left[-1], pairs))
    for pairs in reversed(candidates.values()):
        from_right.append(_add(from_right[-1], pairs))
    from_right.reverse()
    solutions = int(from_left[-1][count, base])
    if not solutions:
        raise ValueError(f"no counts with the printed percentages add up to {count} of {base}")
    feasible = {
        group: [
            (users, size)
            for users, size in pairs
            if np.any(
                (left[: count - users + 1, : base - size + 1] > 0)
                & right[count - users :: -1, base - size :: -1]
            )
        ]
        for (group, pairs), left, right in zip(
            candidates.items(), from_left[:-1], from_right[1:], strict=True
        )
    }
    return Groups(solutions, feasible)


def observed_groups(answers: pd.DataFrame, group: str, column: str) -> Groups:
    """The counts of groups as respondents have them: the one solution there is.

    Args:
        answers: One row per respondent.
        group: Column that divides the respondents.
        column: Column of 1, 0 or missing; missing answers are left out of the group's base.
    """
    table = cross_table(answers, group, column)
    pairs = zip(table.index, table["count"], table["base"], strict=True)
    return Groups(1, {str(name): [(int(count), int(base))] for name, count, base in pairs})


def _pairs(size: int, percent: Decimal, most: int, rounding: str) -> list[tuple[int, int]]:
    """The counts of a group of this size that are printed as the percentage, at most `most`."""
    low, high, low_included, high_included = preimage(percent, rounding)
    first, last = ceil(low * size / 100), floor(high * size / 100)
    return [
        (users, size)
        for users in range(max(first, 0), min(last, size, most) + 1)
        if (low_included or 100 * users != low * size) and (high_included or 100 * users != high * size)
    ]


def _add(totals: np.ndarray, pairs: list[tuple[int, int]]) -> np.ndarray:
    """Ways to reach each total (rows: users, columns: respondents) after one more group."""
    sums = np.zeros_like(totals)
    users_end, size_end = totals.shape
    for users, size in pairs:
        sums[users:, size:] += totals[: users_end - users, : size_end - size]
    return sums


@dataclass(frozen=True)
class Overlap:
    """How many belong to exactly these of three sets: at least `low`, at most `high`."""

    sets: tuple[str, ...]
    low: int
    high: int


def overlaps(
    sizes: dict[str, int], first_and_second: int, first_and_third: int, all_three: int, union: tuple[int, int]
) -> list[Overlap]:
    """The seven regions of three sets when the overlap of the second and third is not printed.

    Args:
        sizes: Members of each set; its keys name the first, second and third set.
        first_and_second: Members of both, whether or not of the third.
        first_and_third: Members of both, whether or not of the second.
        all_three: Members of all sets.
        union: Fewest and most members of any set.

    Returns:
        One `Overlap` per region, exact where `low` equals `high`. By inclusion and exclusion the
        regions within the first set are decided; the others hang on the unknown overlap, and that
        on the union.

    Raises:
        ValueError: when no overlap fits the numbers.
    """
    first, second, third = sizes
    only_first = sizes[first] - first_and_second - first_and_third + all_three
    rest_second, rest_third = sizes[second] - first_and_second, sizes[third] - first_and_third
    separate = sizes[first] + rest_second + rest_third
    low, high = max(0, separate - union[1]), min(rest_second, rest_third, separate - union[0])
    decided = {
        (first,): only_first,
        (first, second): first_and_second - all_three,
        (first, third): first_and_third - all_three,
        (first, second, third): all_three,
    }
    if min(decided.values()) < 0 or high < low:
        raise ValueError(f"no three sets have the sizes {sizes}, these overlaps and a union of {union}")
    return [Overlap(sets, count, count) for sets, count in decided.items()] + [
        Overlap((second, third), low, high),
        Overlap((second,), rest_second - high, rest_second - low),
        Overlap((third,), rest_third - high, rest_third - low),
    ]
