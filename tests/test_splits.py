"""Two groups of unknown size: brute force, other libraries and hand calculation."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from scipy.stats import chi2_contingency

from frivillig.data import read_statistics
from frivillig.statistics import (
    counts_behind,
    detectable_difference,
    difference,
    differences,
    feasible_splits,
    printed_shares,
)
from frivillig.statistics.published import rounds_to


@pytest.mark.parametrize("printed", ["0", "1", "33", "50", "99", "100", "5.7", "14.1"])
@pytest.mark.parametrize("base", [1, 7, 93, 192, 465])
def test_counts_behind_a_percentage_are_those_that_round_to_it(printed, base):
    expected = [count for count in range(base + 1) if rounds_to(count, base, Decimal(printed))]
    assert list(counts_behind(Decimal(printed), base)) == expected


def test_splits_agree_with_brute_force():
    printed = {
        "a": (Decimal(50), Decimal(33)),
        "b": (Decimal(17), Decimal(33)),
        "c": (Decimal(33), Decimal(33)),
    }
    total = Decimal(40)
    splits = feasible_splits(printed, 20, 2, totals={"a": total}, exclusive=[["a", "b", "c"]])
    found = set(splits[["first_base", "second_base"]].itertuples(index=False, name=None))
    expected = set()
    for first, second in product(range(1, 21), repeat=2):
        rest = 20 - first - second
        if not 0 <= rest <= 2:
            continue
        each = [
            {sum(c) for c in product(*(counts_behind(p[side], size) for p in printed.values()))}
            for side, size in enumerate((first, second))
        ]
        reached = any(
            rounds_to(a + b + c, 20, total)
            for a in counts_behind(Decimal(50), first)
            for b in counts_behind(Decimal(33), second)
            for c in range(rest + 1)
        )
        if first in each[0] and second in each[1] and reached:
            expected.add((first, second))
    assert found == expected != set()
    for row in splits.itertuples():
        assert rounds_to(row.first_count, row.first_base, printed[row.answer][0])
        assert rounds_to(row.second_count, row.second_base, printed[row.answer][1])


def test_percentages_that_no_sizes_reproduce_give_no_splits():
    assert feasible_splits({"a": (Decimal(95), Decimal(94))}, 335, 20, totals={"a": Decimal(53)}).empty


def test_differences_agree_with_other_libraries():
    splits = feasible_splits({"a": (Decimal(56), Decimal(46))}, 40, 1)
    splits = splits.iloc[[0]]
    [row] = splits.itertuples(index=False)
    first, second = (row.first_count, row.first_base), (row.second_count, row.second_base)
    points, low, high = difference(first, second)
    table = [[first[0], first[1] - first[0]], [second[0], second[1] - second[0]]]
    p = chi2_contingency(table, correction=False).pvalue
    found = differences(splits).loc["a"]
    assert found.tolist() == pytest.approx([points, points, low, high, p, p])


def test_differences_span_all_splits():
    splits = feasible_splits({"a": (Decimal(56), Decimal(46))}, 335, 20)
    found = differences(splits).loc["a"]
    assert found["low"] < found["least"] < 10 < found["most"] < found["high"]
    assert 0 < found["p_low"] < found["p_high"] < 1


def test_the_centres_differ_as_the_chapter_says():
    """Prose that says 'none' or 'all' about computed numbers holds for the numbers."""
    spine = read_statistics()
    ids = [id.removesuffix(".municipal.pct") for id in spine if id.startswith("centres.")]
    printed = {
        id: [spine[f"{id}.{owner}.pct"].value for owner in ("municipal", "voluntary")]
        for id in ids
        if spine.has(f"{id}.municipal.pct") and spine.has(f"{id}.voluntary.pct")
    }
    assert len(printed) == 15
    gaps = differences(feasible_splits(printed, spine.count("centres.survey.answered.count"), 20))
    assert (gaps["p_high"] > 0.05).all()
    assert (gaps["low"] < 0).all() and (gaps["high"] > 0).all()
    assert gaps["most"].max() < detectable_difference(50, 160, 160)


def test_the_detectable_difference_of_a_textbook():
    # n = 2 (1.960 + 0.842)^2 0.25 / 0.10^2 = 392.4 in each group finds 10 points around a half
    assert detectable_difference(50, 392, 392) == pytest.approx(10, abs=0.01)


def test_printed_shares_take_the_widest_interval():
    table = printed_shares({"a": Decimal(21)}, 465)
    assert table["share"]["a"] == 21
    assert table["low"]["a"] < 21 < table["high"]["a"]
    with pytest.raises(ValueError, match="a: no count of 3 is 21 percent"):
        printed_shares({"a": Decimal(21)}, 3)
