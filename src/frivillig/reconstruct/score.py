"""Judge a dataset by the spine. Knows nothing of how the dataset was made."""

from __future__ import annotations

import math

import pandas as pd

from frivillig.data import Spine
from frivillig.reconstruct.targets import Target, interval_of
from frivillig.statistics import parse, unit_factor
from frivillig.statistics.quick import Answers
from frivillig.statistics.regression import SeparationError
from frivillig.statistics.vectors import arrays

JUDGED = ("target", "conflict", "heldout")


def score(survey: str, answers: pd.DataFrame, spine: Spine) -> pd.DataFrame:
    """Compute every row of the spine that a survey can answer, and compare it with what is printed.

    Args:
        survey: `municipalities`, `centres` or `organisations`.
        answers: One row per respondent, as the survey's table schema says.
        spine: The printed numbers.

    Returns:
        One row per target, conflict and held-out row: `id`, `role`, `place`, `relation`, `printed`,
        `computed` (in the unit of the row) and `hit` (whether it agrees with the printed decimals).

    Raises:
        ExpressionError: when an expression cannot be computed from the answers.
    """
    computed = Answers(arrays(answers))
    rows = []
    for statistic in spine.values():
        if statistic.survey != survey or statistic.role not in JUDGED or not statistic.stat:
            continue
        value = computed.evaluate(parse(statistic.stat))
        rows.append(
            {
                "id": statistic.id,
                "role": statistic.role,
                "place": statistic.place,
                "relation": statistic.relation,
                "printed": statistic.printed,
                "computed": unit_factor(statistic) * value,
                "hit": value in interval_of(statistic),
            }
        )
    return pd.DataFrame(rows)


def missed(targets: list[Target], answers: pd.DataFrame) -> dict[Target, float]:
    """The targets that a dataset does not have, with what it has instead (unit of the expression).

    NaN stands for the number of a model that has no finite coefficients.
    """
    computed, values = Answers(arrays(answers)), {}
    for target in targets:
        try:
            values[target] = computed.evaluate(target.expression)
        except SeparationError:
            values[target] = math.nan
    return {target: value for target, value in values.items() if value not in target.interval}
