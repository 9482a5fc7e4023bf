"""Figures of shares. No title inside the picture: the caption says what is shown."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from frivillig.display import style
from frivillig.display.exhibits import Exhibit
from frivillig.display.numbers import interval, join, number, percent
from frivillig.display.tables import HEADINGS, cells, download
from frivillig.statistics import Overlap

LOST = "tallet er tapt"


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
            _label(axes, row, labels[str(item)], LOST if lost else percent(answer["share"]))
            if not lost:
                axes.barh(row, answer["share"], height=0.36, color=style.MAIN)
                _interval(axes, row, answer)
        _rows(axes, len(data))
        style.percent_axis(axes)
        picture = style.svg(figure, name)
    return Exhibit(name, caption, cells(data, heading, labels), download(data, heading, labels), picture, alt)


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
        axes.text(reference, -0.85, f"{reference_label} {percent(reference)}", ha="center", va="bottom")
        axes.set_yticks(range(len(data)), [labels[str(item)] for item in data.index])
        axes.set_ylim(len(data) - 0.5, -0.8)
        style.percent_axis(axes)
        picture = style.svg(figure, name)
    return Exhibit(name, caption, cells(data, heading, labels), download(data, heading, labels), picture, alt)


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
            axes.text(0, row - 0.26, labels[str(part)], va="bottom", ha="left")
            axes.text(data.max(), row - 0.26, number(count), va="bottom", ha="right", fontweight="bold")
        _rows(axes, len(data))
        axes.set(xticks=[], xlabel="", ylabel="", xlim=(0, data.max()))
        picture = style.svg(figure, name)
    names = [labels[str(part)] for part in data.index]
    table = pd.DataFrame({heading: names, whole: [number(count) for count in data]})
    return Exhibit(name, caption, table, pd.DataFrame({heading: names, whole: list(data)}), picture, alt)


def stacked(
    data: dict[str, pd.DataFrame], *, name: str, caption: str, alt: str, heading: str, answers: dict[str, str]
) -> Exhibit:
    """One bar of a hundred percent per question, divided by answer.

    Args:
        data: By question as readers see it: a table with the columns of `frivillig.statistics.shares`,
            one row per key of `answers`.
        name: Label, `fig-…`.
        caption: What the figure shows and its base, in Markdown.
        alt: What one sees.
        heading: What the questions are, for the table below the figure.
        answers: Label of each answer, in the order drawn.
    """
    with style.drawing(style.ROW * len(data) + 0.75) as (figure, axes):
        for row, (question, shares) in enumerate(data.items()):
            _label(axes, row, question, "")
            left = 0.0
            for answer, colour in zip(answers, style.SERIES, strict=True):
                share = shares["share"][answer]
                axes.barh(row, share, left=left, height=0.4, color=colour, edgecolor="white", linewidth=1.5)
                if share >= 8:
                    axes.text(left + share / 2, row, percent(share), color="white", ha="center", va="center")
                left += share
        _rows(axes, len(data))
        style.percent_axis(axes)
        keys = [
            Patch(color=colour, label=label)
            for colour, label in zip(style.SERIES, answers.values(), strict=True)
        ]
        figure.legend(handles=keys, loc="outside lower center", ncols=len(keys), frameon=False)
        picture = style.svg(figure, name)
    tables = [
        (shares.loc[list(answers)], {answer: f"{question}: {label}" for answer, label in answers.items()})
        for question, shares in data.items()
    ]
    return Exhibit(
        name,
        caption,
        pd.concat([cells(shares, heading, labels) for shares, labels in tables]),
        pd.concat([download(shares, heading, labels) for shares, labels in tables]),
        picture,
        alt,
    )


def sets(
    overlaps: Sequence[Overlap], *, name: str, caption: str, alt: str, heading: str, labels: dict[str, str]
) -> Exhibit:
    """How many belong to exactly which sets: dots name the sets, bars count their members.

    Args:
        overlaps: The regions, drawn from the top. Where a count is not decided, the bar ends at the
            least possible and a line reaches to the most possible.
        name: Label, `fig-…`.
        caption: What the figure shows and its base, in Markdown.
        alt: What one sees.
        heading: What the regions are, for the table below the figure.
        labels: Short label of each set.
    """
    members = list(labels)
    longest = max(overlap.high for overlap in overlaps)
    # Columns of dots to the left of zero, as wide as two fifths of the bars.
    step = longest * 0.16
    columns = {member: -step * (len(members) - index - 0.2) for index, member in enumerate(members)}
    with style.drawing(0.4 * len(overlaps) + 1.0) as (figure, axes):
        for row, overlap in enumerate(overlaps):
            for member, x in columns.items():
                inside = member in overlap.sets
                axes.plot(
                    x, row, "o", color=style.MAIN if inside else style.GRID, markersize=10 if inside else 6
                )
            inside = [columns[member] for member in members if member in overlap.sets]
            axes.plot([min(inside), max(inside)], [row, row], color=style.MAIN, linewidth=2)
            axes.barh(row, overlap.low, height=0.5, color=style.MAIN)
            if overlap.high > overlap.low:
                axes.plot([overlap.low, overlap.high], [row, row], color=style.SERIES[1], linewidth=2)
            axes.text(overlap.high + longest * 0.02, row, interval(overlap.low, overlap.high), va="center")
        for member, x in columns.items():
            axes.text(x, -0.7, labels[member], ha="left", va="bottom", rotation=28, rotation_mode="anchor")
        axes.set_ylim(len(overlaps) - 0.4, -2.2)
        axes.set_xlim(-step * (len(members) + 0.3), longest * 1.18)
        axes.set(xticks=[], yticks=[], xlabel="", ylabel="")
        picture = style.svg(figure, name)
    regions = [join([labels[member] for member in overlap.sets]).capitalize() for overlap in overlaps]
    table = pd.DataFrame({heading: regions, HEADINGS["count"]: [interval(o.low, o.high) for o in overlaps]})
    data = pd.DataFrame(
        {heading: regions, "Minst": [o.low for o in overlaps], "Høyst": [o.high for o in overlaps]}
    )
    return Exhibit(name, caption, table, data, picture, alt)


def _label(axes: Axes, row: int, label: str, value: str) -> None:
    """The answer above its bar, left, and its value at the right end."""
    axes.text(0, row - 0.26, label, va="bottom", ha="left")
    axes.text(100, row - 0.26, value, va="bottom", ha="right", fontweight="bold")


def _interval(axes: Axes, row: int, answer: pd.Series) -> None:
    # White under the dark line, so that it shows on the bar as well as beside it.
    for colour, width in (("white", 4), (style.INK, 1.4)):
        axes.plot(
            [answer["low"], answer["high"]], [row, row], color=colour, linewidth=width, solid_capstyle="butt"
        )


def _rows(axes: Axes, count: int) -> None:
    axes.set_yticks([])
    axes.set_ylim(count - 0.65, -0.75)
