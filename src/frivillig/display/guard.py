"""Where every exhibit passes when a notebook has read real answers: small numbers are withheld.

`guarded` is put on each function that makes an exhibit. It exchanges the data for what may be shown before
anything is drawn, and takes withheld numbers out of the caption. Once real answers are read, an `Exhibit`
can be made in no other way, unless its maker says that it is cleared: whoever forgets gets an error, not a
leak. With synthetic answers nothing changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import wraps
from itertools import chain, combinations, permutations
from typing import Any, TypeVar

import pandas as pd

from frivillig.data import smallest_cell
from frivillig.display.exhibits import PASSING, DisclosureError
from frivillig.display.numbers import forms, without
from frivillig.statistics.disclosure import withhold_counts, withhold_groups, withhold_parts, withhold_shares

Data = TypeVar("Data")
# The counts, and the percentages, that a rule has withheld.
Numbers = tuple[Iterable[float], Iterable[float]]
NONE: Numbers = ((), ())
CLEARED = "cleared"


def cleared(data: Data) -> Data:
    """Mark a table as one in which nothing need be withheld.

    Its numbers are published already, or are estimates that give no count of respondents away.
    """
    data.attrs[CLEARED] = True  # type: ignore[attr-defined]
    return data


def is_cleared(data: Any) -> bool:
    """Whether a table is marked as one in which nothing need be withheld."""
    return bool(getattr(data, "attrs", {}).get(CLEARED))


def guarded(
    rule: Callable[[Any, int], tuple[Any, Numbers]], argument: int = 0
) -> Callable[[Callable], Callable]:
    """Put a rule between the data and the function that makes an exhibit of them.

    With real answers the alt text is made of the numbers that are shown: the author's was written for the
    report's, and may name one that is withheld.

    Args:
        rule: From data and the smallest count that may be shown to what may be shown of them, and the
            numbers that were withheld.
        argument: Which argument the data are.
    """

    def wrap(make: Callable) -> Callable:
        @wraps(make)
        def guard(*data: Any, **arguments: Any) -> Any:
            least = smallest_cell()
            if not least:
                return make(*data, **arguments)
            token = PASSING.set(True)
            try:
                if is_cleared(data[argument]):
                    return make(*data, **arguments)
                judged, (counts, rates) = rule(data[argument], least)
                written = forms(counts), forms(rates, (0, 1))
                arguments["caption"] = without(arguments["caption"], *written)
                exhibit = make(*data[:argument], judged, *data[argument + 1 :], **arguments)
                alt = _described(exhibit.cells) if exhibit.svg else ""
                return replace(exhibit, withheld=written, alt=alt)
            except DisclosureError as problem:
                raise DisclosureError(f"{arguments.get('name')}: {problem}") from None
            finally:
                PASSING.reset(token)

        return guard

    return wrap


def _described(cells: pd.DataFrame) -> str:
    """The numbers of a figure in one line of text."""
    head, *others = cells.columns
    rows = []
    for label, *row in cells.astype(str).to_numpy():
        shown = (f"{name.lower()} {cell}" for name, cell in zip(others, row, strict=True))
        rows.append(f"{label}: {', '.join(shown)}")
    return f"{head}. {'; '.join(rows)}."


# ── Rules ────────────────────────────────────────────────────────────────────────────────────────


def shares(data: pd.DataFrame, least: int) -> tuple[pd.DataFrame, Numbers]:
    """A table of shares."""
    if {"share", "base_low", "base_high"} <= set(data.columns) and (
        data["base_low"] == data["base_high"]
    ).all():
        return _shares_of_ranges(data, least)
    if not {"count", "base"} <= set(data.columns):
        raise DisclosureError(
            "shares without `count` and `base` cannot be judged; give both, or mark the table with "
            "display.cleared if its numbers are published already"
        )
    shown = withhold_shares(data, least, _withheld_before(data.index))
    in_order = shown.reindex(data.index)
    lost = data[in_order["count"].isna()]
    _withheld.append((frozenset(data.index), frozenset(lost.index)))
    rates = 100 * lost["count"] / lost["base"]
    counts = [*lost["count"], *(lost["base"] - lost["count"]), *data["base"][in_order["base"].isna()]]
    return shown, (counts, [*rates, *(100 - rates)])


# The rows of each table so far, and those withheld of them. A notebook runs in a process of its own.
_withheld: list[tuple[frozenset, frozenset]] = []


def _withheld_before(rows: pd.Index) -> frozenset:
    """The rows that an earlier table of the same rows withholds.

    Two tables of the same groups that each withhold another neighbour of a small one give it away together.
    """
    these = frozenset(rows)
    return frozenset().union(*(gone for those, gone in _withheld if these <= those or those <= these)) & these


def _shares_of_ranges(data: pd.DataFrame, least: int) -> tuple[pd.DataFrame, Numbers]:
    """Shares whose base is given as a range from and to the same number."""
    bases = data["base_low"]
    counted = data.assign(base=bases, count=(data["share"] * bases / 100).round())
    judged, withheld = shares(counted.drop(columns=["base_low", "base_high"]), least)
    shown = judged.drop(columns=["count", "base"]).assign(base_low=judged["base"], base_high=judged["base"])
    return shown[list(data.columns)], withheld


def several_shares(data: dict[str, pd.DataFrame], least: int) -> tuple[dict[str, pd.DataFrame], Numbers]:
    """A table of shares for each question."""
    judged = {
        question: (table, NONE) if is_cleared(table) else shares(table, least)
        for question, table in data.items()
    }
    counts, rates = zip(*(numbers for _, numbers in judged.values()), strict=True)
    return {question: table for question, (table, _) in judged.items()}, (chain(*counts), chain(*rates))


def by_group(data: dict[str, pd.DataFrame], least: int) -> tuple[dict[str, pd.DataFrame], Numbers]:
    """A table of shares for each group of the respondents."""
    shown = withhold_groups(data, least)
    counts: list[float] = []
    rates: list[float] = []
    for group, table in data.items():
        lost = table[shown[group]["share"].isna() & table["share"].notna()]
        counts += [
            *lost["count"],
            *(lost["base"] - lost["count"]),
            *table["base"][shown[group]["base"].isna()],
        ]
        rates += [*lost["share"], *(100 - lost["share"])]
    return shown, (counts, rates)


def parts(data: pd.Series, least: int) -> tuple[pd.Series, Numbers]:
    """Counts of the parts of a whole."""
    hidden = withhold_parts(list(data), [], least)
    return data.astype(float).mask(hidden), (data[hidden], ())


def regions(data: dict[tuple[str, ...], int], least: int) -> tuple[dict[tuple[str, ...], float], Numbers]:
    """How many belong to exactly which sets; what belongs to one of them, or to two, stands elsewhere."""
    members = sorted({member for sets in data for member in sets})
    # A region without members is not in the data, and tells as much as a small one.
    order = {frozenset(sets): sets for sets in data}
    every = [frozenset(c) for size in range(1, len(members) + 1) for c in combinations(members, size)]
    counts = [data.get(order.get(region, ()), 0) for region in every]
    known = [frozenset(c) for size in range(1, min(3, len(members))) for c in combinations(members, size)]
    groups = [[place for place, region in enumerate(every) if sets <= region] for sets in known]
    hidden = withhold_parts(counts, groups, least)
    shown: dict[tuple[str, ...], float] = dict(data)
    for region, gone in zip(every, hidden, strict=True):
        if gone:
            shown |= {sets: float("nan") for sets in permutations(region)}
    return shown, ([count for count, gone in zip(counts, hidden, strict=True) if gone], ())


def replies(data: pd.DataFrame, least: int) -> tuple[pd.DataFrame, Numbers]:
    """How many of those asked answered."""
    judged = pd.DataFrame({"count": data["high"], "base": data["asked"]})
    shown, withheld = shares(judged, least)
    gone = shown["count"].isna().reindex(data.index)
    return data.astype(float).mask(pd.DataFrame({"asked": False, "low": gone, "high": gone})), withheld


def cross_counts(data: pd.DataFrame, least: int) -> tuple[pd.DataFrame, Numbers]:
    """Counts in rows and columns; what must be withheld of the sums is kept under `attrs`."""
    cells, rows, columns, whole = withhold_counts(data, least)
    shown = data.astype(float).mask(cells)
    in_rows, in_columns = data.sum(axis=1), data.sum()
    # Lists, since pandas compares what it finds here.
    shown.attrs["sums"] = (
        list(in_rows.mask(rows)),
        list(in_columns.mask(columns)),
        None if whole else in_rows.sum(),
    )
    return shown, ([*data.to_numpy()[cells], *in_rows[rows], *in_columns[columns]], ())


def models(data: pd.DataFrame, least: int) -> tuple[pd.DataFrame, Numbers]:
    """Estimates: a model of fewer respondents than twice the smallest count is withheld."""
    if "n" not in data:
        return data, NONE
    few = data["n"] < 2 * least
    return data.astype({"n": float}).mask(few), (data["n"][few], ())


def moments(data: pd.DataFrame, least: int) -> tuple[pd.DataFrame, Numbers]:
    """Means and spreads: withheld for few respondents, and where a share stands for a small count."""
    n, mean = data["n"], data["mean"]
    spread = (mean * (1 - mean) * n / (n - 1)).clip(lower=0) ** 0.5
    is_share = mean.between(0, 1) & ((data["sd"] - spread).abs() < 1e-9)
    small = (n < 2 * least) | (is_share & ((n * mean < least) | (n * (1 - mean) < least)))
    shown = data.copy()
    for column in ("n", "mean", "sd"):
        shown[column] = data[column].astype(float).mask(small)
    return shown, (n[small], 100 * mean[small])


def as_it_is(data: Data, least: int) -> tuple[Data, Numbers]:
    """A curve or a summary that holds back by itself: it shows no count."""
    return data, NONE


def only_cleared(data: Any, least: int) -> tuple[Any, Numbers]:
    """What cannot be judged.

    Raises:
        DisclosureError: always; data that are cleared do not come here.
    """
    raise DisclosureError(
        "what this shows cannot be judged; mark the data with display.cleared if they are published already "
        "or give no count of respondents away, or use a table or figure of counts"
    )
