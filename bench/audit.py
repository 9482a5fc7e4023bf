"""How fast the audit is, how often it cries wolf, and how many planted errors it finds.

Run by `make bench`. Writes data/audit/planted.csv, which the book shows, and a table to the screen. Reports
and errors come from tests/honest_reports.py; an error counts as found when any finding is impossible or
inconsistent. The seeds are fixed, so the file changes only when the audit does.
"""

from __future__ import annotations

import csv
import time

import numpy as np

from frivillig.audit import Verdict, audit
from frivillig.data import ROOT, Spine, read_statistics
from honest_reports import ERRORS, Rows, honest

HONEST, PLANTED = 1000, 200
OUT = ROOT / "data" / "audit" / "planted.csv"


def alarm(rows: Rows) -> bool:
    """Whether the audit objects to a report."""
    return any(
        finding.verdict in (Verdict.IMPOSSIBLE, Verdict.INCONSISTENT) for finding in audit(Spine(rows))
    )


def detection(error: str, trials: int, seed: int) -> tuple[int, int]:
    """Reports with the error found, and reports with the error."""
    rng, found, planted = np.random.default_rng(seed), 0, 0
    while planted < trials:
        rows = ERRORS[error](honest(rng), rng)
        if rows is not None:
            planted += 1
            found += alarm(rows)
    return found, planted


def main() -> None:
    """Measure and write."""
    spine = read_statistics()
    audit(spine)  # the first run imports scipy
    start = time.process_time()
    audit(spine)
    seconds = time.process_time() - start
    wolf = sum(alarm(honest(np.random.default_rng(seed))) for seed in range(HONEST))
    print(f"Whole spine: {seconds:.2f} s on one core.")
    results = [("none", wolf, HONEST)]
    results += [(error, *detection(error, PLANTED, seed)) for seed, error in enumerate(ERRORS)]
    for error, found, planted in results:
        print(f"{error:50} {found:5} of {planted:5} {100 * found / planted:4.0f} %")
    with OUT.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("error", "found", "planted"), *results])


if __name__ == "__main__":
    main()
