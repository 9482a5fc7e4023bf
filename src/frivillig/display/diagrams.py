"""Figures of what is counted or dated, not of shares: circles in a grid, combinations, a line of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from frivillig.display import guard, style
from frivillig.display.exhibits import Exhibit
from frivillig.display.guard import guarded
from frivillig.display.numbers import interval, join, number, percent
from frivillig.display.tables import HEADINGS
from frivillig.statistics import Overlap

WHEN, ASKED, ANSWERED = "Når", "Spurt", "Svarte"


@guarded(guard.only_cleared)
def grid(
    data: pd.DataFrame,
    *,
    name: str,
    caption: str,
    alt: str,
    heading: str,
    sections: dict[str, str],
    labels: dict[str, str],
    columns: dict[str, str],
) -> Exhibit:
    """Counts as circles in a grid, the area in proportion; where there is none, a cross says so.

    Args:
        data: Counts, one column per key of `columns`; its index has two levels, the section and the row.
        name: Label, `fig-…`.
        caption: What the figure shows and its base, in Markdown.
        alt: What one sees.
        heading: What the rows are, for the table below the figure.
        sections: Heading of each section, drawn above its rows.
        labels: Label of each row within a section.
        columns: Short label of each column.
    """
    largest = 620 / data[list(columns)].to_numpy().max()
    heights = {key: row + 1.0 + list(sections).index(key[0]) for row, key in enumerate(data.index)}
    last, left = max(heights.values()), -4.0
    with style.drawing(0.3 * last + 1.1) as (figure, axes):
        for section, title in sections.items():
            top = min(height for key, height in heights.items() if key[0] == section) - 1
            axes.text(left, top, title, fontweight="bold", va="center")
            axes.plot([left, len(columns) - 0.4], [top - 0.5] * 2, color=style.MUTED, linewidth=0.8)
        for key, height in heights.items():
            axes.text(left, height, labels[key[1]], va="center")
            for place, column in enumerate(columns):
                _circle(axes, place, height, data.loc[key, column], largest)
        for place, label in enumerate(columns.values()):
            axes.text(place - 0.2, -0.7, label, rotation=28, rotation_mode="anchor")
        axes.set_xlim(left, len(columns) + 0.3)
        axes.set_ylim(last + 0.6, -2.6)
        axes.set(xticks=[], yticks=[], xlabel="", ylabel="")
        picture = style.svg(figure, name)
    rows = pd.DataFrame(
        {heading: [f"{sections[section]}: {labels[row].lower()}" for section, row in data.index]}
    )
    named = data[list(columns)].set_axis(list(columns.values()), axis=1).reset_index(drop=True)
    table = pd.concat([rows, named], axis=1)
    return Exhibit(name, caption, pd.concat([rows, named.map(number)], axis=1), table, picture, alt)


def _circle(axes: Axes, x: float, y: float, count: int, scale: float) -> None:
    """A circle of `count` times `scale` square points with its number inside or, if small, beside."""
    if not count:
        axes.plot(x, y, "x", color=style.SERIES[1], markersize=6, markeredgewidth=1.6)
        return
    area = count * scale
    axes.scatter(x, y, s=area, color=style.MAIN, linewidth=0)
    inside = area > 260
    axes.annotate(
        number(count),
        (x, y),
        (0 if inside else area**0.5 / 2 + 3, 0),
        textcoords="offset points",
        color="white" if inside else style.INK,
        ha="center" if inside else "left",
        va="center_baseline",
    )


@guarded(guard.regions)
def sets(
    counts: dict[tuple[str, ...], int],
    possible: Sequence[Overlap],
    *,
    name: str,
    caption: str,
    alt: str,
    heading: str,
    labels: dict[str, str],
) -> Exhibit:
    """How many belong to exactly which sets: dots name the sets, bars count their members.

    Args:
        counts: Members of each region, by its sets; a region that is not there has none.
        possible: The regions, drawn from the top, with what the printed numbers allow. Where they do not
            decide the count, a line shows the range.
        name: Label, `fig-…`.
        caption: What the figure shows and its base, in Markdown.
        alt: What one sees.
        heading: What the regions are, for the table below the figure.
        labels: Short label of each set.
    """
    members = list(labels)
    found = [counts.get(overlap.sets, 0) for overlap in possible]
    longest = max(*(count for count in found if count == count), *(overlap.high for overlap in possible))
    # Columns of dots to the left of zero, as wide as two fifths of the bars.
    step = longest * 0.16
    columns = {member: -step * (len(members) - index - 0.2) for index, member in enumerate(members)}
    with style.drawing(0.4 * len(possible) + 1.0) as (figure, axes):
        for row, (overlap, count) in enumerate(zip(possible, found, strict=True)):
            for member, x in columns.items():
                inside = member in overlap.sets
                axes.plot(
                    x, row, "o", color=style.MAIN if inside else style.GRID, markersize=10 if inside else 6
                )
            inside = [columns[member] for member in members if member in overlap.sets]
            axes.plot([min(inside), max(inside)], [row, row], color=style.MAIN, linewidth=2)
            axes.barh(row, count, height=0.5, color=style.MAIN)
            if overlap.high > overlap.low:
                axes.plot([overlap.low, overlap.high], [row, row], color=style.SERIES[1], linewidth=4)
            axes.text(np.fmax(count, overlap.high) + longest * 0.02, row, number(count), va="center")
        for member, x in columns.items():
            axes.text(x, -0.7, labels[member], ha="left", va="bottom", rotation=28, rotation_mode="anchor")
        axes.set_ylim(len(possible) - 0.4, -2.2)
        axes.set_xlim(-step * (len(members) + 0.3), longest * 1.18)
        axes.set(xticks=[], yticks=[], xlabel="", ylabel="")
        picture = style.svg(figure, name)
    regions = [join([labels[member] for member in overlap.sets]).capitalize() for overlap in possible]
    allowed = [interval(overlap.low, overlap.high) for overlap in possible]
    table = pd.DataFrame(
        {heading: regions, HEADINGS["count"]: map(number, found), HEADINGS["possible"]: allowed}
    )
    data = pd.DataFrame({heading: regions, HEADINGS["count"]: found}).assign(
        Minst=[overlap.low for overlap in possible], Høyst=[overlap.high for overlap in possible]
    )
    return Exhibit(name, caption, table, data, picture, alt)


@guarded(guard.only_cleared)
def timeline(data: pd.DataFrame, *, name: str, caption: str, alt: str, heading: str) -> Exhibit:
    """When the sources were collected and how many answered, one row per source.

    Args:
        data: One row per source, named as readers see it and drawn from the top: `when` (as readers
            see it), `start` and `end` (dates; missing when the time is not known), `count` and
            `base` (who answered and who was asked; the base is missing where nobody declined).
        name: Label, `fig-…`.
        caption: What the figure shows, in Markdown.
        alt: What one sees.
        heading: What the rows are, for the table below the figure.
    """
    starts, ends = data["start"].dropna(), data["end"].dropna()
    first, last = min(starts).year, max(ends).year + 1
    with style.drawing(style.ROW * len(data) + 0.4) as (figure, axes):
        for row, (source, found) in enumerate(data.iterrows()):
            style.row_label(axes, row, str(source), _response(found), ends=(first, last))
            if pd.isna(found["start"]):
                axes.text(first, row, found["when"], va="center", fontstyle="italic", color=style.MUTED)
                continue
            start, end = (_years(found[column]) for column in ("start", "end"))
            # A time known to the year only is drawn lighter: it was somewhere in there.
            whole_year = end - start > 0.9
            axes.barh(
                row,
                max(end - start, 0.02),
                left=start,
                height=0.3,
                color=style.GRID if whole_year else style.MAIN,
                edgecolor=style.MAIN,
                linewidth=1,
            )
            beside = end + 0.06 if end < last - 1 else start - 0.06
            axes.text(beside, row, found["when"], va="center", ha="left" if beside > start else "right")
        style.rows_axis(axes, len(data))
        axes.set_xlim(first, last)
        axes.set_xticks(range(first, last + 1), [str(year) for year in range(first, last + 1)])
        axes.xaxis.grid(True)
        axes.set(xlabel="", ylabel="")
        picture = style.svg(figure, name)
    share = 100 * data["count"] / data["base"]
    table = pd.DataFrame(
        {
            heading: data.index,
            WHEN: data["when"],
            ASKED: ["–" if pd.isna(base) else number(base) for base in data["base"]],
            ANSWERED: [number(count) for count in data["count"]],
            HEADINGS["share"]: ["–" if pd.isna(value) else percent(value) for value in share],
        }
    )
    exact = pd.DataFrame(
        {heading: data.index, "Fra": data["start"], "Til": data["end"], ASKED: data["base"].astype("Int64")}
    ).assign(**{ANSWERED: data["count"], HEADINGS["share"]: share})
    return Exhibit(name, caption, table, exact, picture, alt)


def _years(day: date) -> float:
    """A day on an axis of years: 1 July 2020 is about 2020.5."""
    return day.year + (day.timetuple().tm_yday - 1) / 366


def _response(source: pd.Series) -> str:
    if pd.isna(source["base"]):
        return number(source["count"])
    share = percent(100 * source["count"] / source["base"])
    return f"{number(source['count'])} av {number(source['base'])}, {share}"
