"""Write what the printed numbers pin down to data/reconstruction: bounds, pseudo-R², held-out rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from frivillig.data import Spine
from frivillig.reconstruct.bounds import presence, push, push_users
from frivillig.reconstruct.covariates import ConvergenceError
from frivillig.reconstruct.dataset import reconstruct, reconstruct_targets
from frivillig.reconstruct.ensemble import show_progress, write
from frivillig.reconstruct.questionnaire import SURVEYS
from frivillig.reconstruct.score import score
from frivillig.reconstruct.solve import extremes
from frivillig.reconstruct.tables import OUTCOME, table_limits
from frivillig.reconstruct.targets import Target, columns_named, read_targets
from frivillig.statistics import parse, unit_factor
from frivillig.statistics.quick import Answers
from frivillig.statistics.vectors import arrays

SURVEY = "municipalities"
SEEDS = range(1, 101)
PUSHES = range(1, 7)
HELDOUT_SEEDS = range(1, 41)
# Down and up.
WAYS = (False, True)
# Rows to leave out together, since they say nearly the same, or since one was inferred from the others.
HELDOUT = {
    "groups": ["municipal.population.using.mean", "municipal.population.not_using.mean"],
    "spread": ["municipal.variable.population.sd"],
    "slope": ["municipal.logit.population.coef", "municipal.threshold.log.x50"],
    "policy": ["municipal.population.with_policy.mean", "municipal.population.without_policy.mean"],
    "elderly": ["municipal.elderly_share.own_recruitment.r"],
    "elderly and size": ["municipal.elderly_share.population.r"],
    "density": ["municipal.logit.organisation_density.coef"],
    "course": [
        "municipal.course.participated.pct",
        "municipal.course.not_participated.pct",
        "municipal.course.oslo.missing",
    ],
}


def write_report(spine: Spine, folder: Path) -> None:
    """Compute everything and write it.

    Args:
        spine: The printed numbers.
        folder: Holds quantities.csv; gets bounds.csv, pseudo_r2.csv and heldout.csv.
    """
    quantities = pd.read_csv(folder / "quantities.csv", keep_default_na=False)
    targets = read_targets(SURVEY, spine)
    ensemble = pd.DataFrame(
        _parallel("datasets", _quantities, [(spine, list(quantities["stat"]), seed) for seed in SEEDS])
    ).dropna()
    spread = ensemble.quantile([0.05, 0.5, 0.95]).T.to_numpy()
    limits = _limits(quantities, targets)
    # What a dataset has is possible too, even where a push fell short of it.
    limits["low"] = np.minimum(limits["low"], ensemble.min())
    limits["high"] = np.maximum(limits["high"], ensemble.max())
    bounds = quantities.join(limits).assign(
        p5=spread[:, 0], median=spread[:, 1], p95=spread[:, 2], datasets=len(ensemble)
    )
    write(bounds.round(6), folder / "bounds.csv")
    write(pseudo_r2(bounds, reconstruct(SURVEY, spine, 1)).round(6), folder / "pseudo_r2.csv")
    write(heldout(spine, targets).round(6), folder / "heldout.csv")


def heldout(spine: Spine, targets: list[Target]) -> pd.DataFrame:
    """Leave rows out, see what datasets without them say, and push each of them.

    Args:
        spine: The printed numbers.
        targets: The targets of all rows.

    Returns:
        One row per row left out, in its own unit: `set`, `id` and `printed`; `low` and `high`, as far as
        it can be pushed, and from how many `starts`; `p5`, `median` and `p95` of the datasets, and the
        share of `datasets` that `hit` it.
    """
    rows = pd.DataFrame(
        [
            {
                "set": name,
                "id": id,
                "printed": spine[id].printed,
                "stat": spine[id].stat,
                "method": "table" if spine[id].stat.startswith("share") else "push",
                "without": " ".join(ids),
            }
            for name, ids in HELDOUT.items()
            for id in ids
            if id in spine
        ]
    )
    pairs = [(ids, seed) for ids in HELDOUT.values() for seed in HELDOUT_SEEDS]
    work = [(spine, [row for row in targets if row.id not in ids], seed) for ids, seed in pairs]
    scored = _parallel("without rows", _score, work)
    scores = pd.concat(
        [
            score[score["id"].isin(ids)]
            for score, (ids, _) in zip(scored, pairs, strict=True)
            if score is not None
        ]
    )
    by_row = scores.groupby("id")
    spread = by_row["computed"].quantile([0.05, 0.5, 0.95]).unstack()
    spread.columns = ["p5", "median", "p95"]
    spread = spread.assign(hit=by_row["hit"].mean(), datasets=by_row.size())
    table = rows.join(_limits(rows, targets)).join(spread, on="id")
    ends = table[["low", "high"]].mul([unit_factor(spine[id]) for id in table["id"]], axis=0)
    # What a dataset has is possible too, even where a push fell short of it.
    table["low"], table["high"] = ends["low"].clip(upper=table["p5"]), ends["high"].clip(lower=table["p95"])
    return table.drop(columns=["stat", "method", "without"])


def pseudo_r2(bounds: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """The bounds of McFadden's measure as those of two others, by their formulas.

    Args:
        bounds: As `write_report` makes them; the rows `mcfadden.…` are used.
        answers: Any dataset: the models' numbers of respondents and constants are the same in all.

    Returns:
        One row per model and measure, with `low` and `high` as fractions.

    Source: Cox, D. R. and Snell, E. J. (1989), Analysis of Binary Data, 2nd ed., p. 208;
    Nagelkerke, N. J. D. (1991), Biometrika 78, 691-692.
    """
    computed, rows = Answers(arrays(answers)), []
    for row in bounds[bounds["id"].str.startswith("mcfadden.")].to_dict("records"):
        fit = computed.model(parse(row["stat"]).arguments[0])
        null = 2 * fit.null_log_likelihood / len(fit.outcome)
        ends = np.array([row["low"], row["high"]])
        cox_snell = 1 - np.exp(null * ends)
        measures = {"mcfadden": ends, "cox_snell": cox_snell, "nagelkerke": cox_snell / (1 - np.exp(null))}
        for measure, (low, high) in measures.items():
            rows.append(
                {"model": row["id"].removeprefix("mcfadden."), "measure": measure, "low": low, "high": high}
            )
    return pd.DataFrame(rows)


def _limits(quantities: pd.DataFrame, targets: list[Target]) -> pd.DataFrame:
    """`low` and `high` of each quantity, and how many `starts` they come from (0: exact)."""
    survey = SURVEYS[SURVEY]()
    limits: dict[int, tuple[float, float, int]] = {}
    pushes: list[tuple[Any, ...]] = []
    for place, row in enumerate(quantities.itertuples()):
        left_out = tuple(row.without.split())
        kept = [target for target in targets if not left_out or not target.id.startswith(left_out)]
        expression = parse(row.stat)
        match row.method:
            case "counts":
                limits[place] = (*extremes(survey, kept, expression.arguments[0]), 0)
            case "presence":
                size = extremes(survey, kept, "id.notna()")[0]
                limits[place] = (*presence(expression.arguments[0], kept, size), 0)
            case "table":
                (column,) = set(columns_named(expression)) - {OUTCOME}
                users, others = (extremes(survey, kept, f"{OUTCOME} == {value}")[0] for value in (1, 0))
                limits[place] = (*table_limits(expression, column, kept, users, others), 0)
            case "threshold":
                condition = expression.arguments[0]
                pushes += [(place, push_users, condition, kept, seed, up) for seed in PUSHES for up in WAYS]
            case "push":
                pushes += [(place, push, row.stat, kept, seed, up) for seed in PUSHES for up in WAYS]
    reached = pd.Series(_parallel("pushes", _push, pushes), index=[place for place, *_ in pushes]).dropna()
    for place, ends in reached.groupby(level=0):
        limits[int(place)] = (ends.min(), ends.max(), len(PUSHES))
    return pd.DataFrame.from_dict(limits, orient="index", columns=["low", "high", "starts"]).sort_index()


def _push(place: int, way: Callable[..., float | None], *arguments: Any) -> float | None:
    return way(*arguments)


def _quantities(spine: Spine, stats: list[str], seed: int) -> list[float]:
    try:
        answers = Answers(arrays(reconstruct(SURVEY, spine, seed)))
    except ConvergenceError:
        return [np.nan] * len(stats)
    return [answers.evaluate(parse(stat)) for stat in stats]


def _score(spine: Spine, targets: list[Target], seed: int) -> pd.DataFrame | None:
    try:
        return score(SURVEY, reconstruct_targets(SURVEY, targets, seed), spine)
    except ConvergenceError:
        return None


def _parallel(what: str, work: Callable[..., Any], arguments: list[tuple[Any, ...]]) -> list[Any]:
    results = []
    for result in Parallel(return_as="generator")(delayed(_alone)(work, *each) for each in arguments):
        results.append(result)
        show_progress(what, len(results), len(arguments))
    return results


def _alone(work: Callable[..., Any], *arguments: Any) -> Any:
    # Matrices are small: more threads cost time, and could change the last bits of a sum.
    with threadpool_limits(1):
        return work(*arguments)
