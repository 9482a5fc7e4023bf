"""Two groups whose sizes are not printed: which sizes fit the percentages, and how far they may differ."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import product

import numpy as np
import pandas as pd

from frivillig.statistics.published import counts_behind

GROUPS = ("first", "second")


def feasible_splits(
    printed: dict[str, Sequence[Decimal]],
    answered: int,
    outside: int,
    totals: dict[str, Decimal] | None = None,
    exclusive: Sequence[Sequence[str]] = (),
) -> pd.DataFrame:
    """All sizes of two groups, and counts within them, that reproduce every printed percentage.

    Everyone is taken to have answered every question.

    Args:
        printed: Percentages of the first and second group, by answer.
        answered: Respondents in all.
        outside: How many of them may at most belong to neither group.
        totals: Percentages of all respondents, for the answers that have one. Those outside the groups
            may have answered anything.
        exclusive: Sets of answers of which each respondent gave exactly one.

    Returns:
        One row per answer and pair of counts: `answer`, `first_count`, `first_base`, `second_count`,
        `second_base`. Empty when no sizes fit.
    """
    totals = totals or {}
    counts = {
        (answer, group, size): counts_behind(percents[index], size)
        for answer, percents in printed.items()
        for index, group in enumerate(GROUPS)
        for size in range(1, answered + 1)
    }
    overall = {answer: counts_behind(percent, answered) for answer, percent in totals.items()}
    sizes = {
        group: [size for size in range(1, answered + 1) if _fits(counts, printed, exclusive, group, size)]
        for group in GROUPS
    }
    rows = []
    for first, second in product(sizes["first"], sizes["second"]):
        rest = answered - first - second
        if not 0 <= rest <= outside:
            continue
        found = []
        for answer in printed:
            pairs = product(counts[answer, "first", first], counts[answer, "second", second])
            if answer in overall:
                low, high = overall[answer].start - rest, overall[answer].stop - 1
                pairs = ((a, b) for a, b in pairs if low <= a + b <= high)
            fitting = [(answer, a, first, b, second) for a, b in pairs]
            if not fitting:
                break
            found += fitting
        else:
            rows += found
    columns = ["answer", "first_count", "first_base", "second_count", "second_base"]
    return pd.DataFrame(rows, columns=columns)


def observed_splits(groups: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The counts of two groups as respondents have them: the one solution there is.

    Args:
        groups: Shares of the first and of the second group, one row per answer.

    Returns:
        As from `feasible_splits`, one row per answer; missing where either group has none to show.
    """
    named = [
        table[["count", "base"]].add_prefix(f"{group}_") for group, table in zip(GROUPS, groups, strict=True)
    ]
    both = pd.concat(named, axis=1)
    return both.mask(both.isna().any(axis=1)).rename_axis("answer").reset_index()


def _fits(
    counts: dict[tuple[str, str, int], range],
    answers: dict[str, Sequence[Decimal]],
    exclusive: Sequence[Sequence[str]],
    group: str,
    size: int,
) -> bool:
    if not all(counts[answer, group, size] for answer in answers):
        return False
    ranges = [[counts[answer, group, size] for answer in question] for question in exclusive]
    return all(sum(r.start for r in each) <= size <= sum(r.stop - 1 for r in each) for each in ranges)


def differences(splits: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """How far two groups differ over all sizes and counts that fit.

    Args:
        splits: Counts and bases as from `feasible_splits`.
        level: Confidence level of the intervals.

    Returns:
        One row per answer, in percentage points of the first group minus the second: `low` and `high`
        (the outermost ends of Newcombe's intervals), `least` and `most` (the difference itself); and
        `p_low` and `p_high` (two-sided p of Pearson's chi-squared test without correction).

    Source: Newcombe, R. G. (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    from scipy.stats import norm
    from statsmodels.stats.proportion import proportion_confint

    share, low, high, count, base = {}, {}, {}, {}, {}
    for group in GROUPS:
        count[group], base[group] = (splits[f"{group}_{part}"].to_numpy() for part in ("count", "base"))
        share[group] = count[group] / base[group]
        low[group], high[group] = proportion_confint(
            count[group], base[group], alpha=1 - level, method="wilson"
        )
    first, second = GROUPS
    points = share[first] - share[second]
    pooled = (count[first] + count[second]) / (base[first] + base[second])
    error = np.sqrt(pooled * (1 - pooled) * (1 / base[first] + 1 / base[second]))
    each = pd.DataFrame(
        {
            "answer": splits["answer"],
            "points": 100 * points,
            "low": 100 * (points - np.hypot(share[first] - low[first], high[second] - share[second])),
            "high": 100 * (points + np.hypot(high[first] - share[first], share[second] - low[second])),
            "p": 2 * norm.sf(np.abs(points) / error),
        }
    )
    return each.groupby("answer", sort=False).agg(
        least=("points", "min"),
        most=("points", "max"),
        low=("low", "min"),
        high=("high", "max"),
        p_low=("p", "min"),
        p_high=("p", "max"),
    )


def detectable_difference(
    share: float, first: float, second: float, power: float = 0.8, level: float = 0.95
) -> float:
    """The difference that a test of two shares finds with the given probability.

    Args:
        share: Share in both groups together, in percent.
        first: Size of one group.
        second: Size of the other.
        power: Probability that the test finds it.
        level: One minus the significance level of the two-sided test.

    Returns:
        The difference in percentage points, by the normal approximation.
    """
    from scipy.stats import norm

    p = share / 100
    z = norm.ppf((1 + level) / 2) + norm.ppf(power)
    return float(100 * z * np.sqrt(p * (1 - p) * (1 / first + 1 / second)))
