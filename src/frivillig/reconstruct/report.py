"""Write what the printed numbers pin down to data/reconstruction: bounds, pseudo-R², held-out rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from frivillig.data import Spine
from frivillig.reconstruct.bounds import presence, push, reach
from frivillig.reconstruct.covariates import ConvergenceError
from frivillig.reconstruct.dataset import reconstruct, reconstruct_targets
from frivillig.reconstruct.ensemble import write
from frivillig.reconstruct.questionnaire import SURVEYS
from frivillig.reconstruct.score import score
from frivillig.reconstruct.solve import extremes
from frivillig.reconstruct.targets import Target, read_targets
from frivillig.statistics import parse
from frivillig.statistics.quick import Answers
from frivillig.statistics.vectors import arrays

SURVEY = "municipalities"
SEEDS = range(1, 201)
PUSHES = range(1, 4)
HELDOUT_SEEDS = range(1, 41)
# Rows to leave out together, since they say nearly the same.
HELDOUT = {
    "groups": ["municipal.population.using.mean", "municipal.population.not_using.mean"],
    "spread": ["municipal.variable.population.sd"],
    "slope": ["municipal.logit.population.coef", "municipal.threshold.log.x50"],
    "elderly": ["municipal.elderly_share.own_recruitment.r"],
    "density": ["municipal.logit.organisation_density.coef"],
    "course": ["municipal.course.participated.pct", "municipal.course.not_participated.pct"],
}


def write_report(spine: Spine, folder: Path) -> None:
    """Compute everything and write it.

    Args:
        spine: The printed numbers.
        folder: Holds quantities.csv; gets bounds.csv, pseudo_r2.csv and heldout.csv.
    """
    quantities = pd.read_csv(folder / "quantities.csv", keep_default_na=False)
    targets = read_targets(SURVEY, spine)
    ensemble = pd.DataFrame(_parallel(_quantities, ((spine, list(quantities["stat"]), s) for s in SEEDS)))
    spread = ensemble.quantile([0.05, 0.5, 0.95]).T.to_numpy()
    limits = pd.DataFrame([_limits(row, targets) for row in quantities.to_dict("records")])
    bounds = quantities.join(limits).assign(
        p5=spread[:, 0], median=spread[:, 1], p95=spread[:, 2], datasets=len(ensemble)
    )
    write(bounds.round(6), folder / "bounds.csv")
    write(pseudo_r2(bounds, reconstruct(SURVEY, spine, 1)).round(6), folder / "pseudo_r2.csv")
    write(
        pd.concat([heldout(spine, name, ids) for name, ids in HELDOUT.items()]).round(6),
        folder / "heldout.csv",
    )


def heldout(spine: Spine, name: str, ids: list[str]) -> pd.DataFrame:
    """Leave rows out, and see what datasets without them say.

    Args:
        spine: The printed numbers.
        name: Name of the set of rows.
        ids: Rows that are left out together.

    Returns:
        One row per id: `set`, `id`, `printed`, `p5`, `median` and `p95` of the datasets, in the unit
        of the row, and the share of `datasets` that `hit` it.
    """
    rows = {id: dataclasses.replace(row, role="heldout") if id in ids else row for id, row in spine.items()}
    scores = pd.concat(_parallel(_score, ((Spine(rows), seed) for seed in HELDOUT_SEEDS)))
    summary = []
    for id in ids:
        left = scores[scores["id"] == id]
        p5, median, p95 = left["computed"].quantile([0.05, 0.5, 0.95])
        summary.append(
            {"set": name, "id": id, "printed": spine[id].printed, "p5": p5, "median": median, "p95": p95}
            | {"hit": left["hit"].mean(), "datasets": len(left)}
        )
    return pd.DataFrame(summary)


def pseudo_r2(bounds: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """The bounds of McFadden's measure as those of two others, by their formulas.

    Args:
        bounds: Rows with McFadden's measure, as `write_report` makes them.
        answers: Any dataset: the models' numbers of respondents and constants are the same in all.

    Returns:
        One row per model and measure, with `low` and `high` as fractions.

    Source: Cox, D. R. and Snell, E. J. (1989), Analysis of Binary Data, 2nd ed., p. 208;
    Nagelkerke, N. J. D. (1991), Biometrika 78, 691-692.
    """
    computed, rows = Answers(arrays(answers)), []
    for row in bounds[bounds["stat"].str.endswith("| mcfadden")].to_dict("records"):
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


def _limits(row: dict[str, Any], targets: list[Target]) -> dict[str, float]:
    """`low` and `high` of a quantity, and how many `starts` they come from (0: exact)."""
    left_out = tuple(row["without"].split())
    kept = [target for target in targets if not left_out or not target.id.startswith(left_out)]
    expression = parse(row["stat"])
    match row["method"]:
        case "counts":
            low, high = extremes(SURVEYS[SURVEY](), kept, expression.arguments[0])
            return {"low": low, "high": high, "starts": 0}
        case "presence":
            size = extremes(SURVEYS[SURVEY](), kept, "id.notna()")[0]
            low, high = presence(expression.arguments[0], kept, size)
            return {"low": low, "high": high, "starts": 0}
        case "table":
            value = Answers(arrays(reconstruct_targets(SURVEY, kept, 1))).evaluate(expression)
            return {"low": value, "high": value, "starts": 0}
        case "threshold":
            return _threshold(expression.arguments[0], kept)
    ways = [(row["stat"], kept, seed, upwards) for seed in PUSHES for upwards in (False, True)]
    reached = [value for value in _parallel(push, ways) if value is not None]
    return {"low": min(reached), "high": max(reached), "starts": len(reached) // 2}


def _threshold(condition: str, targets: list[Target]) -> dict[str, float]:
    """How many of those above the threshold can have the outcome: each number is tried by itself."""
    condition_above = condition.split(" and ")[0]
    (number,) = (
        int(np.ceil(target.interval.low))
        for target in targets
        if target.expression.arguments == (condition_above,)
    )
    shares = [count / number for count in range(number // 3, number + 1, 2)]
    ways = [(targets, seed, (share, share)) for share in shares for seed in range(1, 3)]
    reached = {share for (_, _, (share, _)), state in zip(ways, _parallel(reach, ways), strict=True) if state}
    return {"low": round(min(reached) * number), "high": round(max(reached) * number), "starts": 2}


def _quantities(spine: Spine, stats: list[str], seed: int) -> list[float] | None:
    try:
        answers = Answers(arrays(reconstruct(SURVEY, spine, seed)))
    except ConvergenceError:
        return None
    return [answers.evaluate(parse(stat)) for stat in stats]


def _score(spine: Spine, seed: int) -> pd.DataFrame | None:
    try:
        return score(SURVEY, reconstruct(SURVEY, spine, seed), spine)
    except ConvergenceError:
        return None


def _parallel(work: Any, arguments: Iterable[tuple[Any, ...]]) -> list[Any]:
    results = Parallel()(delayed(_alone)(work, *each) for each in arguments)
    return [result for result in results if result is not None or work in (push, reach)]


def _alone(work: Any, *arguments: Any) -> Any:
    # Matrices are small: more threads cost time, and could change the last bits of a sum.
    with threadpool_limits(1):
        return work(*arguments)
