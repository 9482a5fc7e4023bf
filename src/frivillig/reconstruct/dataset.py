"""One dataset: counts, answers, covariates, export; checked against every target before it is given out."""

from __future__ import annotations

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from frivillig.data import Spine, read_schema
from frivillig.reconstruct.covariates import ConvergenceError, fit_covariates
from frivillig.reconstruct.items import draw_answers
from frivillig.reconstruct.questionnaire import SURVEYS
from frivillig.reconstruct.score import missed
from frivillig.reconstruct.solve import draw_counts
from frivillig.reconstruct.start import COVARIATES, DISTRICTS, draw_start
from frivillig.reconstruct.targets import Target, read_targets
from frivillig.statistics.regression import Floats
from frivillig.statistics.vectors import Array

# About one start in ten leads nowhere; so many in a row mean that the targets are too tight.
ATTEMPTS = 30


def reconstruct(survey: str, spine: Spine, seed: int) -> pd.DataFrame:
    """One synthetic dataset that holds every target of a survey.

    Args:
        survey: `municipalities`, `centres` or `organisations`.
        spine: The printed numbers; rows with the role target are held.
        seed: The same seed gives the same dataset.

    Returns:
        One row per respondent, with the columns of the survey's table schema.

    Raises:
        DataError: when a target cannot be read.
        ConflictError: when targets cannot hold together.
        ConvergenceError: when no dataset was found.
    """
    # Matrices are small: more threads cost time, and could change the last bits of a sum.
    with threadpool_limits(1):
        return reconstruct_targets(survey, read_targets(survey, spine), seed)


def reconstruct_targets(survey: str, targets: list[Target], seed: int) -> pd.DataFrame:
    """As `reconstruct`, from targets that are already read."""
    questionnaire = SURVEYS[survey]()
    counts = draw_counts(questionnaire, targets, np.random.default_rng([seed, 0]))
    closest: dict[Target, float] = {}
    for attempt in range(1, ATTEMPTS + 1):
        rng = np.random.default_rng([seed, attempt])
        columns = draw_answers(questionnaire, counts, rng)
        if survey == "municipalities":
            start = draw_start(columns, targets, rng)
            # What a run that did not get there has reached is judged too, to say what is off.
            numbers, _ = fit_covariates(COVARIATES, start, targets, rng)
            columns = start.fixed | rounded(numbers)
            _place_by_size(columns, rng)
        table = _export(survey, columns, rng)
        off = missed(targets, table)
        if not off:
            return table
        if not closest or len(off) < len(closest):
            closest = off
    raise ConvergenceError(closest)


def rounded(numbers: Floats) -> dict[str, Array]:
    """The covariates as columns, with the decimals of the published file."""
    return {
        covariate.name: np.round(np.exp(row) if covariate.logarithmic else row, covariate.decimals)
        for covariate, row in zip(COVARIATES, numbers, strict=True)
    }


def _place_by_size(columns: dict[str, Array], rng: np.random.Generator) -> None:
    """Give the central classes to the city and then to the large, by and large; the counts stay."""
    size = np.log(columns["population"]) + rng.gumbel(scale=0.5, size=len(columns["population"]))
    order = np.lexsort([-size, columns["county"] != DISTRICTS[0]])
    columns["centrality"][order] = np.sort(columns["centrality"])


def _export(survey: str, columns: dict[str, Array], rng: np.random.Generator) -> pd.DataFrame:
    """The table of the survey's schema: columns in its order, rows shuffled, whole numbers as such."""
    schema = read_schema(survey).columns
    order = rng.permutation(len(columns["id"]))
    table = pd.DataFrame({name: columns[name][order] for name in schema if name != "id"})
    for name in table:
        if schema[name]["type"] == "integer":
            table[name] = table[name].astype("Float64").astype("Int64")
    pattern = schema["id"]["constraints"]["pattern"]
    table.insert(0, "id", [f"{pattern[0]}{number:03d}" for number in range(1, len(table) + 1)])
    return table
