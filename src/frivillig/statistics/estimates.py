"""Shares with intervals, from counts or from respondents.

Every function returns a table with the same columns, one row per answer:
`count` (respondents), `base` (respondents asked who answered), `share` (percent), and `low` and
`high` (percent, the ends of a Wilson interval).
"""

from __future__ import annotations

import pandas as pd

COLUMNS = ["count", "base", "share", "low", "high"]


def shares(counts: pd.Series, base: int | pd.Series, level: float = 0.95) -> pd.DataFrame:
    """Shares with Wilson intervals.

    Args:
        counts: Respondents per answer; its index names the answers.
        base: Respondents who could give the answer: one number, or one per answer.
        level: Confidence level of the interval.

    Returns:
        One row per answer, with the columns of this module.

    Raises:
        ValueError: when a count is below 0 or above its base, or a base is not positive.

    Source: Wilson, E. B. (1927), Journal of the American Statistical Association 22, 209-212.
    """
    from statsmodels.stats.proportion import proportion_confint

    table = pd.DataFrame({"count": counts}).assign(base=base)
    wrong = table[(table["count"] < 0) | (table["count"] > table["base"]) | (table["base"] <= 0)]
    if len(wrong):
        raise ValueError(f"counts must lie between 0 and a positive base:\n{wrong}")
    low, high = proportion_confint(table["count"], table["base"], alpha=1 - level, method="wilson")
    table["share"] = 100 * table["count"] / table["base"]
    return table.assign(low=100 * low, high=100 * high)[COLUMNS]


def difference(
    first: tuple[int, int], second: tuple[int, int], level: float = 0.95
) -> tuple[float, float, float]:
    """The difference between two shares with Newcombe's interval.

    Args:
        first: Count and base of one group.
        second: Count and base of the other, independent of it.
        level: Confidence level of the interval.

    Returns:
        The difference and the ends of its interval, in percentage points.

    Source: Newcombe, R. G. (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff", alpha=1 - level)
    return 100 * (first[0] / first[1] - second[0] / second[1]), 100 * low, 100 * high


def multiple_response(answers: pd.DataFrame, columns: list[str], level: float = 0.95) -> pd.DataFrame:
    """Table of a question with several answers allowed.

    Args:
        answers: One row per respondent; the columns hold 1 (marked), 0 (not marked) or missing.
        columns: The columns of the question.
        level: Confidence level of the interval.

    Returns:
        One row per column. The base is the question's own: respondents with any of its columns
        filled in, whether or not they marked something.
    """
    answered = answers[columns].notna().any(axis=1)
    return shares(answers.loc[answered, columns].sum().astype(int), int(answered.sum()), level)


def single_choice(answers: pd.Series, level: float = 0.95) -> pd.DataFrame:
    """Table of a question with one answer allowed; missing answers are left out of the base.

    Args:
        answers: One answer per respondent.
        level: Confidence level of the interval.

    Returns:
        One row per answer given, most frequent first.
    """
    return shares(answers.value_counts(), int(answers.notna().sum()), level)


def cross_table(answers: pd.DataFrame, group: str, column: str, level: float = 0.95) -> pd.DataFrame:
    """The share with `column` equal to 1 within each group.

    Args:
        answers: One row per respondent.
        group: Column that divides the respondents.
        column: Column of 1, 0 or missing; missing answers are left out of the group's base.
        level: Confidence level of the interval.

    Returns:
        One row per group, in the order of the groups.
    """
    answered = answers.dropna(subset=[group, column])
    table = answered.groupby(group)[column].agg(["sum", "size"])
    return shares(table["sum"].astype(int), table["size"], level)
