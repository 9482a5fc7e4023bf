"""Time the reconstruction of the municipal survey, and compare it with another program for the same.

    python bench/reconstruct.py [OTHER]

OTHER is a folder with a module `make` whose function `one(seed)` makes a dataset, and a module
`recon.targets` with `rows()` and `score(dataset, rows)`. Both run on the same seeds in turn.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import joblib

from frivillig.data import Spine, read_statistics
from frivillig.reconstruct.dataset import reconstruct
from frivillig.reconstruct.ensemble import ensemble
from frivillig.reconstruct.score import score

SEEDS = range(1, 21)
DATASETS = 200
SURVEY = "municipalities"

OTHER_ONE = """
import sys, time
sys.path.insert(0, sys.argv[1])
from make import one
from recon.targets import rows, score
targets = rows()
for seed in map(int, sys.argv[2:]):
    start = time.perf_counter()
    dataset = one(seed)[0]
    made = time.perf_counter()
    score(dataset, targets)
    print(made - start, time.perf_counter() - made)
"""


def main() -> None:
    """Run and print."""
    spine = read_statistics()
    reconstruct(SURVEY, spine, 0)  # imports and tables that every run shares
    ours = [_timed(spine, seed) for seed in SEEDS]
    _show("one dataset", [made for made, _ in ours])
    _show("its score", [scored for _, scored in ours])
    if len(sys.argv) > 1:
        # One thread for both: on small matrices more threads only wait for each other.
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, "-c", OTHER_ONE, sys.argv[1], *map(str, SEEDS)]
        output = subprocess.check_output(command, env=environment, cwd=Path(sys.argv[1]), text=True)
        theirs = [tuple(map(float, line.split())) for line in output.splitlines()]
        _show("other: one dataset", [made for made, _ in theirs])
        _show("other: its score", [scored for _, scored in theirs])
        for what, value in (("median", median), ("sum", sum)):
            ratio = value([sum(pair) for pair in theirs]) / value([sum(pair) for pair in ours])
            print(f"ratio of {what}, score included: {ratio:.1f}")
    start = time.perf_counter()
    with joblib.parallel_config(n_jobs=-1):
        scores = ensemble(SURVEY, spine, range(1, DATASETS + 1))
    print(
        f"{scores['seed'].nunique()} of {DATASETS} datasets with scores: {time.perf_counter() - start:.0f} s "
        f"on {joblib.cpu_count()} cores"
    )
    wrong = scores[scores["hit"] != (scores["role"] == "target")]
    print(f"targets missed or conflicts hit: {len(wrong)}")
    memory = [
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    print(f"largest process: {max(memory):.0f} MiB")


def _timed(spine: Spine, seed: int) -> tuple[float, float]:
    start = time.perf_counter()
    answers = reconstruct(SURVEY, spine, seed)
    made = time.perf_counter()
    score(SURVEY, answers, spine)
    return made - start, time.perf_counter() - made


def _show(what: str, seconds: list[float]) -> None:
    print(f"{what}: median {median(seconds):.3f} s, longest {max(seconds):.2f} s, {len(seconds)} runs")


if __name__ == "__main__":
    main()
