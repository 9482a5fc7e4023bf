"""Shares with intervals, from counts or from respondents.

Every function returns a table with the same columns, one row per answer:
`count` (respondents), `base` (respondents asked who answered), `share` (percent), and `low` and
`high` (percent, the ends of a Wilson interval).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

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


def multiple_response(
    answers: pd.DataFrame, question: str, options: Iterable[str], level: float = 0.95
) -> pd.DataFrame:
    """Table of a question with several answers allowed.

    Args:
        answers: One row per respondent; the columns `<question>_<option>` hold 1 (marked), 0 (not
            marked) or missing.
        question: The first part of the names of the question's columns.
        options: The answers, in the order wanted.
        level: Confidence level of the interval.

    Returns:
        One row per option. The base is the question's own: respondents with any of its columns
        filled in, whether or not they marked something.
    """
    marked = answers[[f"{question}_{option}" for option in options]]
    marked = marked.set_axis(list(options), axis=1).dropna(how="all")
    return shares(marked.sum().astype(int), len(marked), level)


def single_choice(
    answers: pd.DataFrame, question: str, options: Iterable[str], level: float = 0.95
) -> pd.DataFrame:
    """Table of a question with one answer allowed; missing answers are left out of the base.

    Args:
        answers: One row per respondent; the column of the question holds an option or is missing.
        question: The column.
        options: The answers, in the order wanted.
        level: Confidence level of the interval.

    Returns:
        One row per option, also of those that nobody gave.
    """
    given = answers[question].dropna()
    return shares(given.value_counts().reindex(list(options), fill_value=0), len(given), level)


def combinations(answers: pd.DataFrame, question: str, options: Sequence[str]) -> dict[tuple[str, ...], int]:
    """How many marked exactly which of some options.

    Args:
        answers: As for `multiple_response`.
        question: As for `multiple_response`.
        options: The options that are told apart; others do not count.

    Returns:
        Respondents by the options they marked, in the order of `options`; those who marked none of
        them are left out.
    """
    marked = answers[[f"{question}_{option}" for option in options]].to_numpy() == 1
    found = Counter(
        tuple(option for option, hit in zip(options, row, strict=True) if hit) for row in marked.tolist()
    )
    found.pop((), None)
    return dict(found)


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


def poststratified(
    answers: pd.DataFrame, column: str, groups: pd.Series, units: pd.Series, level: float = 0.95
) -> dict[str, float]:
    """The share with `column` equal to 1 among all units, asked or not, each group weighted by its size.

    Within a group, those who answered are taken as drawn at random from its units; since they are many of
    them, the variance has the finite-population correction.

    Args:
        answers: One row per respondent.
        column: Column of 1 and 0; respondents with a missing value are left out.
        groups: The group of each respondent.
        units: All units of each group.
        level: Confidence level of the interval.

    Returns:
        `share`, `low` and `high`, in percent. The interval is the normal one.

    Raises:
        ValueError: when a group has fewer than two respondents, more of them than units, or no units.

    Source: Cochran, W. G. (1977), Sampling Techniques, 3rd ed., chapter 5.
    """
    from scipy.stats import norm

    found = answers[column].dropna().groupby(groups).agg(["mean", "size"])
    table = found.join(units.rename("units"), how="outer").fillna(0)
    wrong = table[(table["size"] < 2) | (table["size"] > table["units"])]
    if len(wrong):
        raise ValueError(f"each group needs two respondents or more, and no more than units:\n{wrong}")
    weight, share, size = table["units"] / table["units"].sum(), table["mean"], table["size"]
    spread = (1 - size / table["units"]) * share * (1 - share) / (size - 1)
    middle, half = (
        float((weight * share).sum()),
        float(norm.ppf((1 + level) / 2)) * (weight**2 @ spread) ** 0.5,
    )
    return {"share": 100 * middle, "low": 100 * (middle - half), "high": 100 * (middle + half)}
