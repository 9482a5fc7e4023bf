"""Figures of shares. No title inside the picture: the caption says what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from frivillig.data import smallest_cell
from frivillig.display import guard, style
from frivillig.display.exhibits import Exhibit
from frivillig.display.guard import guarded
from frivillig.display.numbers import HIDDEN, interval, join, number, p_value, percent, span
from frivillig.display.tables import HEADINGS, cells, download
from frivillig.statistics import Overlap

LOST = "tallet er tapt"
WHEN, ASKED, ANSWERED = "Når", "Spurt", "Svarte"


@guarded(guard.shares)
def bars(
    data: pd.DataFrame, *, name: str, caption: str, alt: str, heading: str, labels: dict[str, str]
) -> Exhibit:
    """Horizontal bars with intervals, one per answer, the label above its bar.

    Args:
        data: One row per answer, with the columns of `frivillig.statistics.shares`; drawn from the
            top in the order given. An answer whose share is missing is named without a bar.
        name: Label, `fig-…`.
        caption: What the figure shows and its base, in Markdown.
        alt: What one sees.
        heading: What the rows are, for the table below the figure.
        labels: Label of each row of `data`.
    """
    with style.drawing(style.ROW * len(data) + 0.4) as (figure, axes):
        for row, (item, answer) in enumerate(data.iterrows()):
            lost = pd.isna(answer["share"])
            absent = HIDDEN if smallest_cell() else LOST
            _label(axes, row, labels[str(item)], absent if lost else percent(answer["share"]))
            if not lost:
                axes.barh(row, answer["share"], height=0.36, color=style.MAIN)
                _interval(axes, row, answer)
        _rows(axes, len(data))
        style.percent_axis(axes)
        picture = style.svg(figure, name)
    return Exhibit(name, caption, cells(data, heading, labels), download(data, heading, labels), picture, alt)


@guarded(guard.shares)
def dots(
    data: pd.DataFrame,
    *,
    name: str,
    caption: str,
    alt: str,
    heading: str,
    labels: dict[str, str],
    reference: float,
    reference_label: str,
) -> Exhibit:
    """Dots with intervals, one per group, and a line for the whole.

    Args:
        data: One row per group, drawn from the top; columns as for `bars`.
        name: Label, `fig-…`.
        caption: What the figure shows and its base, in Markdown.
        alt: What one sees.
        heading: What the groups are, for the table below the figure.
        labels: Label of each group.
        reference: Share of the whole, in percent.
        reference_label: What that line is.
    """
    with style.drawing(0.36 * len(data) + 0.7) as (figure, axes):
        for row, (_, group) in enumerate(data.iterrows()):
            axes.plot([group["low"], group["high"]], [row, row], color=style.MAIN, linewidth=1.6)
            axes.plot(group["share"], row, "o", color=style.MAIN, markersize=7)
        axes.axvline(reference, color=style.SERIES[1], linestyle=(0, (4, 3)), linewidth=1.4)
        axes.text(
            reference,
            -0.85,
            f"{reference_label} {percent(reference)}",
            ha="center",
            va="bottom",
            bbox=style.PATCH,
        )
        axes.set_yticks(range(len(data)), [labels[str(item)] for item in data.index])
        axes.set_ylim(len(data) - 0.5, -0.8)
        style.percent_axis(axes)
        picture = style.svg(figure, name)
    return Exhibit(name, caption, cells(data, heading, labels), download(data, heading, labels), picture, alt)


@guarded(guard.parts)
def tally(
    data: pd.Series, *, name: str, caption: str, alt: str, heading: str, labels: dict[str, str], whole: str
) -> Exhibit:
    """Horizontal bars of counts that share a whole, the label above its bar.

    Args:
        data: Count of each part, drawn from the top in the order given.
        name: Label, `fig-…`.
        caption: What the figure shows, in Markdown.
        alt: What one sees.
        heading: What the parts are, for the table below the figure.
        labels: Label of each part.
        whole: What is counted, for the table below the figure.
    """
    with style.drawing(style.ROW * len(data) + 0.2) as (figure, axes):
        for row, (part, count) in enumerate(data.items()):
            axes.barh(row, count, height=0.36, color=style.MAIN)
            axes.text(0, row - 0.26, labels[str(part)], va="bottom", ha="left", bbox=style.PATCH)
            axes.text(data.max(), row - 0.26, number(count), va="bottom", ha="right", fontweight="bold")
        _rows(axes, len(data))
        axes.set(xticks=[], xlabel="", ylabel="", xlim=(0, data.max()))
        picture = style.svg(figure, name)
    names = [labels[str(part)] for part in data.index]
    table = pd.DataFrame({heading: names, whole: [number(count) for count in data]})
    return Exhibit(name, caption, table, pd.DataFrame({heading: names, whole: list(data)}), picture, alt)


@guarded(guard.several_shares)
def stacked(
    data: dict[str, pd.DataFrame],
    *,
    name: str,
    caption: str,
    alt: str,
    heading: str,
    answers: dict[str, str],
    colours: Sequence[str] = style.SERIES,
    unprinted: str = "",
) -> Exhibit:
    """One bar of a hundred percent per question, divided by answer.

    Args:
        data: By question as readers see it: a table with the columns of `frivillig.statistics.shares`,
            one row per key of `answers` that the question has.
        name: Label, `fig-…`.
        caption: What the figure shows and its base, in Markdown.
        alt: What one sees.
        heading: What the questions are, for the table below the figure.
        answers: Label of each answer, in the order drawn.
        colours: Colour of each answer; more are left over.
        unprinted: Label of what the shares leave up to a hundred percent; drawn hatched, where given.
    """
    withheld = any(shares["share"].isna().any() for shares in data.values())
    unprinted = unprinted or (HIDDEN.capitalize() if withheld else "")
    legend_rows = ceil((len(answers) + bool(unprinted)) / 2) if len(answers) > 3 else 1
    with style.drawing(style.ROW * len(data) + 0.5 + 0.25 * legend_rows) as (figure, axes):
        for row, (question, shares) in enumerate(data.items()):
            _label(axes, row, question, "")
            left = 0.0
            for answer, colour in zip(answers, colours, strict=False):
                if answer not in shares.index:
                    continue
                share = shares["share"][answer]
                if pd.isna(share):
                    continue
                axes.barh(row, share, left=left, height=0.4, color=colour, edgecolor="white", linewidth=1.5)
                if share >= 8:
                    ink = style.INK if colour in style.PALE else "white"
                    axes.text(left + share / 2, row, percent(share), color=ink, ha="center", va="center")
                left += share
            if unprinted and left < 100:
                axes.barh(row, 100 - left, left=left, height=0.4, **style.EMPTY)
        _rows(axes, len(data))
        style.percent_axis(axes)
        keys = [
            Patch(color=colour, label=label) for colour, label in zip(colours, answers.values(), strict=False)
        ]
        if unprinted:
            keys.append(Patch(label=unprinted, **style.EMPTY))
        columns = 2 if legend_rows > 1 else len(keys)
        figure.legend(handles=keys, loc="outside lower center", ncols=columns, frameon=False)
        picture = style.svg(figure, name)
    tables = []
    for question, shares in data.items():
        shown = shares.loc[[answer for answer in answers if answer in shares.index]]
        labels = {answer: f"{question}: {label}" for answer, label in answers.items()}
        if unprinted and not withheld and shown["share"].sum() < 100:
            shown = pd.concat(
                [shown, pd.DataFrame({"share": [100 - shown["share"].sum()]}, index=[unprinted])]
            )
            labels[unprinted] = f"{question}: {unprinted}"
        tables.append((shown, labels))
    return Exhibit(
        name,
        caption,
        pd.concat([cells(shares, heading, labels) for shares, labels in tables]),
        pd.concat([download(shares, heading, labels) for shares, labels in tables]),
        picture,
        alt,
    )


@guarded(guard.only_cleared)
def differences(
    data: pd.DataFrame,
    *,
    name: str,
    caption: str,
    alt: str,
    heading: str,
    labels: dict[str, str],
    sides: tuple[str, str],
) -> Exhibit:
    """Differences between two groups as spans around zero, the label above its span.

    Args:
        data: One row per answer, with the columns of `frivillig.statistics.differences`; drawn from the
            top. A thick line, or a dot, shows the difference itself, a thin one the interval.
        name: Label, `fig-…`.
        caption: What the figure shows and its base, in Markdown.
        alt: What one sees.
        heading: What the rows are, for the table below the figure.
        labels: Label of each row of `data`.
        sides: What it means to be left and right of zero.
    """
    limit = 5 * ceil(np.nanmax([5, data["high"].max(), -data["low"].min()]) / 5)
    with style.drawing(0.46 * len(data) + 0.9) as (figure, axes):
        axes.axvline(0, color=style.MUTED, linewidth=1.2)
        for row, (item, answer) in enumerate(data.iterrows()):
            axes.text(-limit, row - 0.2, labels[str(item)], va="bottom", ha="left", bbox=style.PATCH)
            axes.plot([answer["low"], answer["high"]], [row, row], color=style.MAIN, linewidth=1.4)
            ends = [answer["least"], answer["most"]]
            axes.plot(ends, [row, row], color=style.MAIN, linewidth=7, solid_capstyle="butt")
            if ends[0] == ends[1]:
                axes.plot(ends[0], row, "o", color=style.MAIN, markersize=7)
        axes.set_yticks([])
        axes.set_ylim(len(data) - 0.6, -1.5)
        axes.set_xlim(-limit, limit)
        ticks = range(-10 * (limit // 10), limit + 1, 10)
        axes.set_xticks(ticks, [number(tick) for tick in ticks])
        axes.set(xlabel="prosentpoeng", ylabel="")
        axes.xaxis.grid(True)
        axes.text(-limit, -1.1, f"← {sides[0]}", ha="left", va="bottom", color=style.MUTED)
        axes.text(limit, -1.1, f"{sides[1]} →", ha="right", va="bottom", color=style.MUTED)
        picture = style.svg(figure, name)
    rows = {heading: [labels[item] for item in data.index]}
    shown = {
        "Forskjell": [span(*ends) for ends in zip(data["least"], data["most"], strict=True)],
        HEADINGS["interval"]: [span(*ends) for ends in zip(data["low"], data["high"], strict=True)],
        "Test": [p_value(*ends) for ends in zip(data["p_low"], data["p_high"], strict=True)],
    }
    names = {
        "least": "Forskjell, minst",
        "most": "Forskjell, størst",
        "low": "Intervall fra",
        "high": "Intervall til",
        "p_low": "p, minst",
        "p_high": "p, størst",
    }
    unrounded = data.rename(columns=names).reset_index(drop=True)[list(names.values())]
    return Exhibit(
        name,
        caption,
        pd.DataFrame(rows | shown),
        pd.concat([pd.DataFrame(rows), unrounded], axis=1),
        picture,
        alt,
    )


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
            _label(axes, row, str(source), _response(found), ends=(first, last))
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
        _rows(axes, len(data))
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


def _label(axes: Axes, row: int, label: str, value: str, ends: tuple[float, float] = (0, 100)) -> None:
    """The answer above its bar, at the left end of the axis, and its value at the right end."""
    axes.text(ends[0], row - 0.26, label, va="bottom", ha="left", bbox=style.PATCH)
    axes.text(ends[1], row - 0.26, value, va="bottom", ha="right", fontweight="bold")


def _interval(axes: Axes, row: int, answer: pd.Series) -> None:
    # White under the dark line, so that it shows on the bar as well as beside it.
    for colour, width in (("white", 4), (style.INK, 1.4)):
        axes.plot(
            [answer["low"], answer["high"]], [row, row], color=colour, linewidth=width, solid_capstyle="butt"
        )


def _rows(axes: Axes, count: int) -> None:
    axes.set_yticks([])
    axes.set_ylim(count - 0.65, -0.75)
