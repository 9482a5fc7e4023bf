"""Shares with intervals, from counts or from respondents.

Every function returns a table with the same columns, one row per answer:
`count` (respondents), `base` (respondents asked who answered), `share` (percent), and `low` and
`high` (percent, the ends of a Wilson interval).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress, product

import pandas as pd

COLUMNS = ["count", "base", "share", "low", "high"]


def shares(counts: pd.Series, base: int | pd.Series, level: float = 0.95) -> pd.DataFrame:
    """Shares with Wilson intervals.

    Args:
        counts: Respondents per answer; its index names the answers.
        base: Respondents who could give the answer: one number, or one per answer.
        level: Confidence level of the interval.

    Returns:
        One row per answer, with the columns of this module. A share of nobody is missing.

    Raises:
        ValueError: when a count is below 0 or above its base.

    Source: Wilson, E. B. (1927), Journal of the American Statistical Association 22, 209-212.
    """
    from statsmodels.stats.proportion import proportion_confint

    table = pd.DataFrame({"count": counts}).assign(base=base)
    wrong = table[(table["count"] < 0) | (table["count"] > table["base"])]
    if len(wrong):
        raise ValueError(f"counts must lie between 0 and their base:\n{wrong}")
    asked = table["base"].where(table["base"] > 0)
    low, high = proportion_confint(table["count"], asked, alpha=1 - level, method="wilson")
    table["share"] = 100 * table["count"] / asked
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
        The difference and the ends of its interval, in percentage points; missing when a group is empty.

    Source: Newcombe, R. G. (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    if not (first[1] and second[1]):
        return (float("nan"),) * 3
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


def statements(answers: pd.DataFrame, columns: Mapping[str, str], level: float = 0.95) -> pd.DataFrame:
    """Table of statements that each respondent agreed to or not.

    Args:
        answers: One row per respondent; the columns hold 1, 0 or missing.
        columns: The column of each statement, in the order wanted.
        level: Confidence level of the interval.

    Returns:
        One row per statement, with a base of its own: those who answered just this.
    """
    given = answers[list(columns.values())].set_axis(list(columns), axis=1)
    return shares(given.sum().astype(int), given.notna().sum(), level)


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
        Respondents by the options they marked, in the order of `options`, also of those that nobody
        has; those who marked none of them are left out.
    """
    every = [tuple(compress(options, hits)) for hits in product((True, False), repeat=len(options))]
    marked = answers[[f"{question}_{option}" for option in options]] == 1
    found = marked.value_counts()
    counts = {tuple(compress(options, hits)): int(count) for hits, count in found.items()}
    return {marked: counts.get(marked, 0) for marked in every if marked}


def cross_table(
    answers: pd.DataFrame,
    group: str,
    column: str,
    level: float = 0.95,
    groups: Iterable[object] | None = None,
) -> pd.DataFrame:
    """The share with `column` equal to 1 within each group.

    Args:
        answers: One row per respondent.
        group: Column that divides the respondents.
        column: Column of 1, 0 or missing; missing answers are left out of the group's base.
        level: Confidence level of the interval.
        groups: The groups, also those with nobody; without it, those that there are.

    Returns:
        One row per group, in the order of the groups.
    """
    answered = answers.dropna(subset=[group, column])
    table = answered.groupby(group)[column].agg(["sum", "size"])
    table = table if groups is None else table.reindex(list(groups), fill_value=0)
    return shares(table["sum"].astype(int), table["size"], level)


def strata(
    answers: pd.DataFrame, column: str, groups: pd.Series, units: pd.Series, least: int = 0
) -> list[list[str]]:
    """Groups put together until each has respondents enough to weight it by itself.

    A group without two respondents has no spread, and one with hardly any answer tells of each respondent.
    It is put together with the smaller of its neighbours, in the order of `units`: collapsed strata.

    Args:
        answers: One row per respondent.
        column: Column of 1 and 0; respondents with a missing value are left out.
        groups: The group of each respondent.
        units: All units of each group, neighbours beside each other.
        least: The fewest respondents with 1, and with 0, that a stratum may have.

    Returns:
        The groups of each stratum; a single stratum may still have too few.

    Source: Cochran, W. G. (1977), Sampling Techniques, 3rd ed., section 5A.12.
    """
    given = answers[column].dropna()
    ones, zeros = (
        given[given == value].groupby(groups).size().reindex(units.index, fill_value=0) for value in (1, 0)
    )
    made = [[group] for group in units.index]
    while len(made) > 1:
        sizes = [(ones[names].sum(), zeros[names].sum()) for names in made]
        few = [place for place, found in enumerate(sizes) if sum(found) < 2 or min(found) < least]
        if not few:
            break
        place = min(few, key=lambda place: sum(sizes[place]))
        neighbours = (other for other in (place - 1, place + 1) if 0 <= other < len(made))
        first, second = sorted((place, min(neighbours, key=lambda other: sum(sizes[other]))))
        made[first : second + 1] = [made[first] + made[second]]
    return made


def poststratified(
    answers: pd.DataFrame,
    column: str,
    groups: pd.Series,
    units: pd.Series,
    level: float = 0.95,
    least: int = 0,
) -> dict[str, float]:
    """The share with `column` equal to 1 among all units, asked or not, each group weighted by its size.

    Within a group, those who answered are taken as drawn at random from its units; since they are many of
    them, the variance has the finite-population correction. Groups with too few are put together first, as
    `strata` says.

    Args:
        answers: One row per respondent.
        column: Column of 1 and 0; respondents with a missing value are left out.
        groups: The group of each respondent.
        units: All units of each group.
        level: Confidence level of the interval.
        least: As for `strata`.

    Returns:
        `share`, `low` and `high`, in percent; missing when fewer than two respond. The interval is the
        normal one.

    Raises:
        ValueError: when a group has more respondents than units.

    Source: Cochran, W. G. (1977), Sampling Techniques, 3rd ed., chapter 5.
    """
    from scipy.stats import norm

    made = strata(answers, column, groups, units, least)
    stratum = {group: place for place, names in enumerate(made) for group in names}
    given = answers[column].dropna()
    by_group = given.groupby(groups).size()
    wrong = by_group[by_group > units.reindex(by_group.index, fill_value=0)]
    if len(wrong):
        raise ValueError(f"no group can have more respondents than units:\n{wrong}")
    table = given.groupby(groups.map(stratum)).agg(["mean", "size"])
    table["units"] = units.groupby(stratum).sum()
    weight, share, size = table["units"] / table["units"].sum(), table["mean"], table["size"]
    if size.sum() < 2:
        return dict.fromkeys(("share", "low", "high"), float("nan"))
    spread = (1 - size / table["units"]) * share * (1 - share) / (size - 1)
    middle, half = (
        float((weight * share).sum()),
        float(norm.ppf((1 + level) / 2)) * (weight**2 @ spread) ** 0.5,
    )
    return {"share": 100 * middle, "low": 100 * (middle - half), "high": 100 * (middle + half)}
