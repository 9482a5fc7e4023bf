"""The audit's arithmetic on cases that come from elsewhere, and from counting by hand."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product
from math import sqrt

import pytest

from frivillig.audit import audit, phrase, readings, regions, splits, spreads, sums, two_by_two
from frivillig.audit.findings import comma, spans
from frivillig.data import Spine, Statistic
from frivillig.statistics import feasible_groups, implied_bases
from frivillig.statistics.published import ROUNDINGS, base_range, rounds_to


@pytest.mark.parametrize(
    ("mean", "n", "possible"),
    [
        ("5.19", 28, False),  # the example of Brown and Heathers (2017): 145/28 is 5.18, 146/28 is 5.21
        ("5.18", 28, True),
        ("5.21", 28, True),
        ("3.45", 20, True),  # 69/20
        ("3.44", 20, False),
        ("3.43", 7, True),  # 24/7
        ("3.44", 7, False),
    ],
)
def test_grim_for_means(mean, n, possible):
    assert bool(sums(Decimal(mean), n)) is possible


@pytest.mark.parametrize(
    ("count", "base", "printed", "half_up", "half_even", "down"),
    [
        (1, 8, "13", True, False, False),  # 12.5
        (1, 8, "12", False, True, True),
        (3, 8, "38", True, True, False),  # 37.5
        (3, 8, "37", False, False, True),
        (2, 3, "67", True, True, False),
        (2, 3, "66", False, False, True),
        (2, 3, "66.7", True, True, False),
    ],
)
def test_three_rules_of_rounding(count, base, printed, half_up, half_even, down):
    found = [
        rounds_to(count, base, Decimal(printed), rule)
        for rule in (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN)
    ]
    assert found == [half_up, half_even, down]


@pytest.mark.parametrize("rule", ROUNDINGS)
@pytest.mark.parametrize(("count", "printed"), [(3, "5"), (7, "33.3"), (1, "1"), (15, "100"), (40, "62")])
def test_bases_are_all_there_are(count, printed, rule):
    percent = Decimal(printed)
    brute = [
        base
        for base in range(count, 1000)
        if (Decimal(100 * count) / base).quantize(percent, rounding=rule) == percent
    ]
    assert list(base_range(count, percent, rule)) == brute
    assert implied_bases([(count, percent)], rule) == brute


@pytest.mark.parametrize("rule", ROUNDINGS)
def test_tables_are_all_there_are(rule):
    """Against trying every table of three groups."""
    printed = {"a": Decimal(50), "b": Decimal(33), "c": Decimal(75)}
    sizes = {group: range(1, 9) for group in printed}
    fits = {
        group: [(k, n) for n in sizes[group] for k in range(n + 1) if rounds_to(k, n, percent, rule)]
        for group, percent in printed.items()
    }
    brute = [c for c in product(*fits.values()) if (sum(k for k, _ in c), sum(n for _, n in c)) == (7, 13)]
    found = feasible_groups(printed, 7, 13, sizes, rule)
    assert found.solutions == len(brute) > 0
    assert {g: set(pairs) for g, pairs in found.feasible.items()} == {
        g: {c[i] for c in brute} for i, g in enumerate(printed)
    }


def test_regions_are_bounded_exactly():
    """Against trying every division of 12 respondents on two sets of 7 and 8."""
    found = regions(["a", "b"], [({"a": "1"}, 7, 7), ({"b": "1"}, 8, 8), ({}, 12, 12)])
    both = [x for x in range(8) if 7 + 8 - x <= 12]
    assert found == {
        ("a", "b"): (min(both), max(both)),
        ("a",): (7 - max(both), 7 - min(both)),
        ("b",): (8 - max(both), 8 - min(both)),
        (): (12 - 15 + min(both), 12 - 15 + max(both)),
    }
    assert regions(["a", "b"], [({"a": "1"}, 7, 7), ({"a": "1", "b": "1"}, 8, 8)]) is None


def test_two_by_two_tables_and_their_measures():
    tables = two_by_two(10, [4], (5, 5))
    assert len(tables) == 5
    index = list(tables.first).index(3)
    assert tables.measure("odds")[index] == pytest.approx(3 * 4 / (2 * 1))
    assert tables.measure("r")[index] == pytest.approx((3 * 4 - 2 * 1) / sqrt(4 * 6 * 5 * 5))
    assert (tables.measure("first")[index], tables.measure("second")[index]) == pytest.approx((75, 100 / 3))


def test_spreads_of_noughts_and_ones():
    """Half of ten: 0.5 divided by n, 0.527 by n - 1."""
    assert spreads(Decimal("0.50"), Decimal("0.53"), 10) == [(5, 1, ROUND_HALF_UP), (5, 1, ROUND_HALF_EVEN)]
    assert {less for _, less, _ in spreads(Decimal("0.50"), Decimal("0.50"), 10)} == {0}
    assert spreads(Decimal("0.50"), Decimal("0.60"), 10) == []


def test_splits_into_two_groups():
    """Three of ten at 20 and seven at 10 have the mean 13."""
    exact = [(Fraction(value), Fraction(value)) for value in (10, 20, 13)]
    assert splits((exact[0], exact[1]), exact[2], 10) == [3]
    assert splits((exact[0], exact[0]), exact[2], 10) == []


@pytest.mark.parametrize(
    ("text", "relation", "low", "high"),
    [
        ("litt under to av ti", "~", 10, 20),
        ("Litt over halvparten", "~", 50, 60),
        ("to tredjedeler", "=", Fraction(185, 3), Fraction(215, 3)),
        ("nesten en fjerdedel", "~", 15, 25),
        ("praktisk talt alle", "~", 90, 100),
        ("hver tredje", "~", Fraction(85, 3), Fraction(115, 3)),
    ],
)
def test_phrases_for_fractions(text, relation, low, high):
    assert phrase(text, relation) == (low, high)


def test_phrases_without_a_fraction_say_nothing():
    assert phrase("ganske mange") is None
    assert phrase("litt over tolv mil") is None


def test_readings_of_explained_variance():
    """With half of the respondents having the outcome, McFadden's 1 - l1/l0 gives 2 n ln(2) R²."""
    p = readings(5.0, 100, 0.5)
    assert p["McFadden"] == pytest.approx(0.0085, abs=0.0002)  # chi square 6.93
    assert p["kvadrert korrelasjon"] == pytest.approx(0.0253, abs=0.0002)  # chi square 5
    assert p["Nagelkerke"] > p["Cox og Snell"]


def test_numbers_in_sentences():
    assert comma(-1.325, 2) == "−1,33"
    assert comma(Fraction(75, 4), 2) == "18,75"
    assert comma(10831, 0) == "10\u00a0831"
    assert spans([1, 2, 3, 7]) == "1–3 eller 7"
    assert spans([100, 101]) == "100 eller 101"
    assert spans([]) == "ingen"


# ── Small spines with one thing wrong ────────────────────────────────────────────────────────────


def verdicts(*rows: tuple[str, str, str, str], **n: int) -> dict[str, str]:
    """Verdict by kind, for rows of id, printed, unit and stat; `n` gives counts by answer."""
    spine = {}
    for id, printed, unit, stat in rows:
        count = n.get(id.split(".")[-2])
        spine[id] = Statistic(
            id, "a", "Tabell 1", id, printed, "=", unit, count, None, stat, "target", "", ""
        )
    return {finding.kind: finding.verdict for finding in audit(Spine(spine))}


def test_a_zero_count_has_no_other_percentage_than_zero():
    found = verdicts(("s.q.a.pct", "5", "percent", ""), ("s.q.b.pct", "50", "percent", ""), a=0, b=10)
    assert found["shares"] == "impossible"


@pytest.mark.parametrize(
    ("mean", "verdict"), [("0,50", "consistent"), ("0,57", "impossible"), ("1,20", "impossible")]
)
def test_a_mean_of_ten_noughts_and_ones(mean, verdict):
    rows = [
        ("s.x.n", "10", "count", "count | x.notna()"),
        ("s.x.mean", mean, "share", "mean | x"),
        ("s.x.sd", "0,53", "share", "sd | x"),
        ("s.x.one.count", "5", "count", "count | x == 1"),
    ]
    assert verdicts(*rows)["spread"] == verdict


def test_overlaps_larger_than_their_sets_are_impossible():
    rows = [
        ("s.q.a.count", "5", "count", "count | q_a == 1"),
        ("s.q.b.count", "9", "count", "count | q_b == 1"),
        ("s.q.both.count", "6", "count", "count | q_a == 1 and q_b == 1"),
    ]
    assert verdicts(*rows)["overlaps"] == "impossible"


def test_a_mean_of_all_outside_its_groups_is_impossible():
    rows = [
        ("s.v.n", "20", "count", "count | v.notna()"),
        ("s.v.mean", "9,0", "thousand_persons", "mean | v / 1000"),
        ("s.v.without.mean", "1000", "persons", "mean | v | x == 0"),
        ("s.v.with.mean", "8000", "persons", "mean | v | x == 1"),
    ]
    assert verdicts(*rows)["means"] == "impossible"


@pytest.mark.parametrize(
    ("printed", "unit"),
    [("1,2", "correlation"), ("−0,1", "p_value"), ("0,000", "p_value"), ("104", "percent")],
)
def test_values_outside_the_range_of_their_unit(printed, unit):
    assert verdicts(("s.a.b", printed, unit, ""))["range"] == "impossible"
