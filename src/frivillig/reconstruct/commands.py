"""The commands that make respondents and ask what the numbers pin down; `python -m frivillig` lists them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from frivillig.data import DATA, read_statistics
from frivillig.data.answers import PACKAGE


def add(commands: Any) -> None:
    """Add the commands to those of the package.

    Args:
        commands: What `add_subparsers` gave.
    """
    one = commands.add_parser("reconstruct", help="make the respondents of the three surveys (synthetic)")
    one.add_argument("--seed", type=int, required=True, help="the same seed gives the same bytes")
    one.add_argument("--out", type=Path, required=True, help="folder of the files")
    one.set_defaults(run=_reconstruct)
    many = commands.add_parser("ensemble", help="make many municipal surveys, and score each (synthetic)")
    many.add_argument("-n", type=int, required=True, help="how many: seeds 1 to n")
    many.add_argument("--out", type=Path, required=True, help="folder of the files")
    many.set_defaults(run=_ensemble)
    bounds = commands.add_parser(
        "bounds", help="write what the numbers pin down to data/reconstruction (minutes)"
    )
    bounds.set_defaults(run=_bounds)


def _reconstruct(arguments: argparse.Namespace) -> None:
    from frivillig.reconstruct.dataset import reconstruct
    from frivillig.reconstruct.ensemble import write
    from frivillig.reconstruct.questionnaire import SURVEYS
    from frivillig.surveys.template import package

    seed, folder = arguments.seed, arguments.out
    spine = read_statistics()
    # All before any is written: a run that fails leaves nothing behind.
    for survey, answers in [(survey, reconstruct(survey, spine, seed)) for survey in SURVEYS]:
        write(answers, folder / f"{survey}.csv")
    if folder.resolve() != DATA / "surveys":  # those are described in data/datapackage.yaml
        titles = dict.fromkeys(SURVEYS, f"Syntetiske svar, frø {seed}")
        (folder / PACKAGE).write_text(package(titles, synthetic=True), encoding="utf-8")


def _ensemble(arguments: argparse.Namespace) -> None:
    import joblib

    from frivillig.reconstruct.ensemble import ensemble, write

    with joblib.parallel_config(n_jobs=-1):
        scores = ensemble("municipalities", read_statistics(), range(1, arguments.n + 1), arguments.out)
    write(scores, arguments.out / "scores.csv")


def _bounds(arguments: argparse.Namespace) -> None:
    import joblib

    from frivillig.reconstruct.report import write_report

    with joblib.parallel_config(n_jobs=-1):
        write_report(read_statistics(), DATA / "reconstruction")
