"""Tables, and the cells under figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from frivillig.data import smallest_cell
from frivillig.display import guard
from frivillig.display.exhibits import Exhibit
from frivillig.display.guard import guarded
from frivillig.display.numbers import HIDDEN, interval, number, percent

# The columns of frivillig.statistics, as readers see them.
HEADINGS = {
    "count": "Antall",
    "base": "Av",
    "bases": "Mulige antall svar",
    "possible": "Mulig etter de trykte tallene",
    "share": "Andel",
    "interval": "95 % intervall",
    "printed": "Trykt i rapporten",
    "sum": "Sum",
    "asked": "Spurt",
    "answered": "Svarte",
    "rate": "Svarprosent",
}
UNKNOWN = "ukjent"


@guarded(guard.shares)
def table(data: pd.DataFrame, *, name: str, caption: str, heading: str, labels: dict[str, str]) -> Exhibit:
    """A table of shares as an exhibit.

    Args:
        data: One row per answer, with columns of `frivillig.statistics.shares` or of its `Groups`;
            `printed` may be there too, and `low` and `high` may be left out where an interval says
            nothing. Missing numbers are shown as unknown.
        name: Label, `tab-…`.
        caption: What the table shows and its base, in Markdown.
        heading: Heading of the first column.
        labels: Label of each row of `data`.
    """
    return Exhibit(
        name=name, caption=caption, cells=cells(data, heading, labels), data=download(data, heading, labels)
    )


@guarded(guard.cross_counts)
def counts(data: pd.DataFrame, *, name: str, caption: str, heading: str) -> Exhibit:
    """A table of counts with sums, as an exhibit.

    Args:
        data: Rows and columns named as readers see them; a missing count is shown as a dash, and
            counts as nothing in the sums.
        name: Label, `tab-…`.
        caption: What the table counts, in Markdown.
        heading: What the rows are.
    """
    rows, columns, whole = data.attrs.get("sums", (data.sum(axis=1), data.sum(), data.sum().sum()))
    summed = data.assign(**{HEADINGS["sum"]: rows})
    summed.loc[HEADINGS["sum"]] = [*columns, whole]
    absent = HIDDEN if "sums" in data.attrs else "–"
    shown = summed.map(lambda count: absent if pd.isna(count) else number(count))
    exact = summed.astype("Int64")
    return Exhibit(name, caption, *(table.rename_axis(heading).reset_index() for table in (shown, exact)))


@guarded(guard.only_cleared)
def matrix(
    data: pd.DataFrame,
    *,
    name: str,
    caption: str,
    heading: str,
    labels: dict[str, str],
    columns: dict[str, str],
    style: Callable[[Any], str] = str,
) -> Exhibit:
    """A table of counts, percentages or words as an exhibit.

    Args:
        data: One row per key of `labels` in its index; any cells.
        name: Label, `tab-…`.
        caption: What the table shows and its base, in Markdown.
        heading: Heading of the first column.
        labels: Label of each row of `data`.
        columns: Heading of each column shown, in the order shown.
        style: How a cell is written.
    """
    rows = pd.DataFrame({heading: [labels[item] for item in data.index]})
    named = data[list(columns)].set_axis(list(columns.values()), axis=1).reset_index(drop=True)
    return Exhibit(
        name, caption, pd.concat([rows, named.map(style)], axis=1), pd.concat([rows, named], axis=1)
    )


@guarded(guard.by_group)
def by_group(
    data: dict[str, pd.DataFrame],
    *,
    name: str,
    caption: str,
    heading: str,
    labels: dict[str, str],
    columns: dict[str, str],
    printed: pd.DataFrame | None = None,
    bases: bool = False,
) -> Exhibit:
    """A table of shares with a column for each group, as an exhibit.

    Args:
        data: By group: a table with the columns of `frivillig.statistics.shares`. The groups divide the
            respondents, and have the same rows.
        name: Label, `tab-…`.
        caption: What the table shows and its base, in Markdown.
        heading: Heading of the first column.
        labels: Label of each row.
        columns: Heading of each group that is shown.
        printed: Further columns under their own headings: percentages of the report, by row; a missing one
            is a dash.
        bases: Whether the heading of a group says how many there are: the most who answered any row.
    """
    heads = {group: label for group, label in columns.items() if group in data}
    if bases:
        heads = {
            group: f"{label} ({_text(data[group]['base'].max(), number)})" for group, label in heads.items()
        }
    rows = next(iter(data.values())).index
    names = pd.DataFrame({heading: [labels[item] for item in rows]})
    shares = pd.DataFrame({head: data[group]["share"] for group, head in heads.items()})
    known = pd.DataFrame(index=rows) if printed is None else printed.loc[rows].astype(float)
    shown = [shares.map(lambda share: _text(share, percent)), known.map(_printed)]
    return Exhibit(
        name,
        caption,
        pd.concat([names, *(table.reset_index(drop=True) for table in shown)], axis=1),
        pd.concat([names, *(table.reset_index(drop=True) for table in (shares, known))], axis=1),
    )


@guarded(guard.replies)
def response(data: pd.DataFrame, *, name: str, caption: str, heading: str, labels: dict[str, str]) -> Exhibit:
    """A table of how many were asked and answered, where the number may be known as a range only.

    Args:
        data: One row per group: `asked`, and the fewest (`low`) and most (`high`) who can have answered.
        name: Label, `tab-…`.
        caption: What the table shows, in Markdown.
        heading: Heading of the first column.
        labels: Label of each row of `data`.
    """
    names = [labels[str(item)] for item in data.index]
    rates = [(100 * data[end] / data["asked"]) for end in ("low", "high")]
    shown = {
        heading: names,
        HEADINGS["asked"]: [number(value) for value in data["asked"]],
        HEADINGS["answered"]: [interval(*ends) for ends in zip(data["low"], data["high"], strict=True)],
        HEADINGS["rate"]: [percent_interval(*ends) for ends in zip(*rates, strict=True)],
    }
    exact = data.set_axis([HEADINGS["asked"], "Færrest svar", "Flest svar"], axis=1)
    exact.insert(0, heading, names)
    return Exhibit(name, caption, pd.DataFrame(shown), exact)


@guarded(guard.as_it_is)
def weighted(data: pd.DataFrame, *, name: str, caption: str, heading: str, labels: dict[str, str]) -> Exhibit:
    """A table of one share, weighted in several ways.

    Args:
        data: One row per way: `share`, `low` and `high` (percent); `possible` may be there too (text: what
            the printed numbers allow of the share).
        name: Label, `tab-…`.
        caption: What the table shows, in Markdown.
        heading: Heading of the first column.
        labels: Label of each row of `data`.
    """
    shown = cells(data, heading, labels)
    if "possible" in data:
        shown[HEADINGS["possible"]] = [f"{text}\u00a0%" for text in data["possible"]]
    return Exhibit(name, caption, shown, download(data, heading, labels))


def cells(data: pd.DataFrame, heading: str, labels: dict[str, str]) -> pd.DataFrame:
    """Shares as text for readers; arguments as for `table`."""
    shown = {heading: [labels[item] for item in data.index]}
    for column in ("count", "base"):
        if column in data:
            shown[HEADINGS[column]] = [_text(value, number) for value in data[column]]
    if "base_low" in data:
        shown[HEADINGS["bases"]] = [
            interval(*ends) for ends in zip(data["base_low"], data["base_high"], strict=True)
        ]
    shown[HEADINGS["share"]] = [_text(value, percent) for value in data["share"]]
    if "low" in data:
        shown[HEADINGS["interval"]] = [
            percent_interval(*ends) for ends in zip(data["low"], data["high"], strict=True)
        ]
    if "printed" in data:
        shown[HEADINGS["printed"]] = [_printed(value) for value in data["printed"]]
    return pd.DataFrame(shown)


def download(data: pd.DataFrame, heading: str, labels: dict[str, str]) -> pd.DataFrame:
    """The same shares unrounded, with the labels as first column; arguments as for `table`."""
    names = {
        **HEADINGS,
        "low": "Intervall fra",
        "high": "Intervall til",
        "base_low": "Færrest svar",
        "base_high": "Flest svar",
    }
    named = data.rename(columns=names)
    named.insert(0, heading, [labels[item] for item in data.index])
    return named


def percent_interval(low: float, high: float) -> str:
    """An interval of percentages in a cell: '50–64 %'."""
    return _absent() if pd.isna(low) else f"{interval(low, high)}\u00a0%"


def _printed(value: float) -> str:
    return "–" if pd.isna(value) else percent(value)


def _absent() -> str:
    return HIDDEN if smallest_cell() else UNKNOWN


def _text(value: float, style: object) -> str:
    return _absent() if pd.isna(value) else style(value)  # type: ignore[operator]
