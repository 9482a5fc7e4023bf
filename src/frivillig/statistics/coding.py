"""Coded findings of interviews: who speaks about what, who agrees, and what a claim rests on.

The counts say how the report presents the interviews. They measure neither how many hold a view nor
how strongly.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

DESCRIBES = "describes"
SILENT, ALONE, AGREE, DIFFER = "silent", "alone", "agree", "differ"


def tally(findings: pd.DataFrame, rows: Sequence[str], column: str) -> pd.DataFrame:
    """How many findings each combination has; combinations without any are there with 0.

    Args:
        findings: One row per finding; the columns named below are categorical.
        rows: Columns that make the rows.
        column: Column whose values make the columns.
    """
    counts = findings.groupby([*rows, column], observed=False).size()
    return counts.unstack(column).astype(int)


def agreement(findings: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    """What groups think of each statement.

    Args:
        findings: One row per finding, with `topic`, `group` and `position`; those that only describe
            take no position and are left out.
        groups: The groups to compare.

    Returns:
        One row per topic. For each group the set of its positions, ordered, empty where it takes none;
        and `verdict`: `silent` (no group takes a position), `alone` (one does), `agree` (several do, all
        the same ones) or `differ`.
    """
    spoken = findings[findings["position"] != DESCRIBES]
    order = list(findings["position"].cat.categories)
    table = {}
    for topic in findings["topic"].cat.categories:
        about = spoken[spoken["topic"] == topic]
        table[topic] = {
            group: tuple(sorted(set(about.loc[about["group"] == group, "position"]), key=order.index))
            for group in groups
        }
    result = pd.DataFrame.from_dict(table, orient="index")
    result["verdict"] = [_verdict([row[group] for group in groups if row[group]]) for row in table.values()]
    return result


def _verdict(positions: list[tuple[str, ...]]) -> str:
    if not positions:
        return SILENT
    if len(positions) == 1:
        return ALONE
    return AGREE if len(set(positions)) == 1 else DIFFER


def weigh(claims: pd.DataFrame, evidence: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """What each claim rests on.

    Args:
        claims: One row per claim, with `id`.
        evidence: Pairs of `claim` and `finding` with a categorical `bearing`.
        findings: One row per finding, with `id`, `case` and `group`.

    Returns:
        One row per claim: the number of findings of each bearing, and `cases` and `groups` (how many
        different ones the supporting findings come from; authors' descriptions are no group).
    """
    joined = evidence.merge(findings[["id", "case", "group"]], left_on="finding", right_on="id")
    counts = joined.groupby(["claim", "bearing"], observed=False).size().unstack("bearing")
    table = counts.reindex(claims["id"]).fillna(0).astype(int)
    supporting = joined[joined["bearing"] == "supports"]
    spoken = supporting[supporting["group"] != "authors"]
    for name, column, rows in (("cases", "case", supporting), ("groups", "group", spoken)):
        table[name] = rows.groupby("claim")[column].nunique().reindex(table.index).fillna(0).astype(int)
    return table
