"""Honest reports are left in peace, and planted errors are found."""

from __future__ import annotations

import numpy as np
import pytest

from frivillig.audit import Verdict, audit
from frivillig.data import Spine, read_table
from honest_reports import ERRORS, honest

ALARMS = (Verdict.IMPOSSIBLE, Verdict.INCONSISTENT)
# The least share of planted errors found, in percent: well below what bench/audit.py measures, so that
# chance does not fail the test, and above what a broken check would find. Kinds that the arithmetic
# cannot see often are held to 1.
LEAST = {
    "percentage beside a count, base not printed": 60,
    "count beside a percentage, base not printed": 50,
    "overlap of two sets": 20,
    "percentage beside a count, base printed": 95,
    "count beside a percentage, base printed": 50,
    "whole of printed parts": 60,
    "number repeated elsewhere": 95,
    "mean of noughts and ones": 50,
    "their standard deviation": 50,
    "correlation in a two-by-two table": 50,
    "odds ratio in a two-by-two table": 30,
    "share in a two-by-two table": 50,
    "mean of all": 20,
    "odds ratio of a coefficient": 95,
    "p-value out of range": 99,
}


def alarms(rows) -> list[str]:
    return [
        f"{finding.id}: {finding.sentence}" for finding in audit(Spine(rows)) if finding.verdict in ALARMS
    ]


@pytest.mark.parametrize("block", range(10))
def test_no_false_alarm_in_a_thousand_honest_reports(block):
    wrong = {
        seed: found
        for seed in range(100 * block, 100 * block + 100)
        if (found := alarms(honest(np.random.default_rng(seed))))
    }
    assert not wrong


@pytest.mark.parametrize("error", ERRORS)
def test_planted_errors_are_found(error):
    rng, found, planted = np.random.default_rng(1), 0, 0
    while planted < 20:
        rows = ERRORS[error](honest(rng), rng)
        if rows is not None:
            planted += 1
            found += bool(alarms(rows))
    assert 100 * found / planted >= LEAST.get(error, 1), f"{found} of {planted}"


def test_the_table_of_the_book_is_of_these_errors_and_near_what_is_found_now():
    """Sixty reports of some kinds, against the measured share: a table of another audit would not fit."""
    table = read_table("planted").set_index("error")
    assert list(table.index) == ["none", *ERRORS]
    assert table.loc["none"].tolist() == [0, 1000]
    for error in ("overlap of two sets", "total share of a table", "mean of a group"):
        rng, found, planted = np.random.default_rng(2), 0, 0
        while planted < 60:
            rows = ERRORS[error](honest(rng), rng)
            if rows is not None:
                planted += 1
                found += bool(alarms(rows))
        share = table.loc[error, "found"] / table.loc[error, "planted"]
        # Four standard errors of the difference between both measurements.
        assert abs(found / 60 - share) < 4 * (share * (1 - share) * (1 / 60 + 1 / 200)) ** 0.5, error
