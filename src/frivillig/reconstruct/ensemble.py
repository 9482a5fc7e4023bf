"""Many datasets from many seeds, side by side.

The work is handed out by joblib, so where it runs is configuration. On this machine:

    with joblib.parallel_config(n_jobs=-1): ensemble(...)

on a Dask cluster (Ray likewise, with `ray.util.joblib.register_ray()` and backend "ray"):

    with dask.distributed.Client("scheduler:8786"), joblib.parallel_config(backend="dask"): ensemble(...)
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
from joblib import Parallel, delayed

from frivillig.data import Spine
from frivillig.reconstruct.covariates import ConvergenceError
from frivillig.reconstruct.dataset import reconstruct
from frivillig.reconstruct.score import score


def ensemble(survey: str, spine: Spine, seeds: Iterable[int], folder: Path | None = None) -> pd.DataFrame:
    """Make one dataset per seed, and judge each.

    Args:
        survey: `municipalities`, `centres` or `organisations`.
        spine: The printed numbers.
        seeds: One per dataset.
        folder: Where to write the datasets, as <survey>-<seed>.csv; not written if not given.

    Returns:
        The scores of all datasets, with their `seed`; a seed without a dataset has no rows.

    Raises:
        DataError: when a target cannot be read.
        ConflictError: when targets cannot hold together.
    """
    seeds = list(seeds)
    work = (delayed(_one)(survey, spine, seed, folder) for seed in seeds)
    scores = []
    for done, scored in enumerate(Parallel(return_as="generator")(work), 1):
        show_progress(survey, done, len(seeds))
        if scored is not None:
            scores.append(scored)
    return pd.concat(scores, ignore_index=True)


def _one(survey: str, spine: Spine, seed: int, folder: Path | None) -> pd.DataFrame | None:
    try:
        answers = reconstruct(survey, spine, seed)
    except ConvergenceError:
        return None
    if folder:
        write(answers, folder / f"{survey}-{seed}.csv")
    return score(survey, answers, spine).assign(seed=seed)


def write(answers: pd.DataFrame, path: Path) -> None:
    """Write a dataset; the same dataset gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    answers.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def show_progress(what: str, done: int, total: int) -> None:
    """A bar on the error stream, redrawn in place; without a terminal, only the full one."""
    if sys.stderr.isatty() or done == total:
        filled = round(30 * done / total)
        end = "\n" if done == total else ""
        bar = "█" * filled + "·" * (30 - filled)
        print(f"\r{what} {bar} {done}/{total}", end=end, file=sys.stderr, flush=True)
