"""Figures of shares. No title inside the picture: the caption says what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from frivillig.data import smallest_cell
from frivillig.display import guard, style
from frivillig.display.exhibits import Exhibit
from frivillig.display.guard import guarded
from frivillig.display.numbers import HIDDEN, number, p_value, percent, span
from frivillig.display.tables import HEADINGS, cells, download

LOST = "tallet er tapt"


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
            style.row_label(axes, row, labels[str(item)], absent if lost else percent(answer["share"]))
            if not lost:
                axes.barh(row, answer["share"], height=0.36, color=style.MAIN)
                _interval(axes, row, answer)
        style.rows_axis(axes, len(data))
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
        style.rows_axis(axes, len(data))
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
            style.row_label(axes, row, question, "")
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
        style.rows_axis(axes, len(data))
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


def _interval(axes: Axes, row: int, answer: pd.Series) -> None:
    # White under the dark line, so that it shows on the bar as well as beside it.
    for colour, width in (("white", 4), (style.INK, 1.4)):
        axes.plot(
            [answer["low"], answer["high"]], [row, row], color=colour, linewidth=width, solid_capstyle="butt"
        )
