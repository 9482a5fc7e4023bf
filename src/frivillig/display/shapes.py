"""Shapes of a model for readers: curves beside what was observed, and tables that compare them."""

from __future__ import annotations

from math import ceil

import pandas as pd

from frivillig.display import guard, style
from frivillig.display.exhibits import Exhibit
from frivillig.display.guard import guarded
from frivillig.display.models import p_cell, persons_axis
from frivillig.display.numbers import number, percent
from frivillig.display.tables import HEADINGS as SHARES
from frivillig.display.tables import percent_interval

HEADINGS = {
    "terms": "Ledd",
    "aic": "AIC",
    "mcfadden": "Forklart",
    "p": "p mot den enkleste",
    "count": "Rekrutterer selv",
    "share": "Andel",
    "predicted": "Beregnet",
}
# Told apart without colour too.
DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)))
COLOURS = (style.MAIN, style.SERIES[1], style.INK, style.SERIES[2])


@guarded(guard.shares, argument=1)
def curves(
    lines: dict[str, pd.Series],
    observed: pd.DataFrame,
    *,
    name: str,
    caption: str,
    alt: str,
    heading: str,
    rows: list[float],
) -> Exhibit:
    """Predicted curves of up to four models over a log scale, and what was observed.

    Args:
        lines: Share in percent, indexed by the variable in rising order, by the model as readers see it.
        observed: `middle` (of the variable), and `share`, `low` and `high` in percent, one row per class.
        name: Label, `fig-…`.
        caption: What the figure shows, in Markdown.
        alt: What one sees.
        heading: What the variable is, for the axis and the table.
        rows: Values of the index that the table below the figure shows.
    """
    keys = 0.25 * ceil(len(lines) / 2)
    with style.drawing(3.3 + keys) as (figure, axes):
        axes.set_xscale("log")
        for (label, line), dash, colour in zip(lines.items(), DASHES, COLOURS, strict=False):
            axes.plot(line.index, line, linestyle=dash, color=colour, linewidth=1.8, label=label)
        for place in observed.itertuples():
            axes.plot([place.middle] * 2, [place.low, place.high], color=style.MUTED, linewidth=1.2)
            axes.plot(place.middle, place.share, "o", color=style.INK, markersize=6)
        every = pd.concat(lines, axis=1)
        axes.set_xlim(every.index[0], every.index[-1])
        axes.set_ylim(0, 100)
        axes.set_yticks(range(0, 101, 25), [percent(tick) for tick in range(0, 101, 25)])
        # The lowest labels of the two axes meet in the corner.
        axes.tick_params(pad=8)
        persons_axis(axes, heading)
        figure.legend(loc="outside lower center", ncols=2, frameon=False, handlelength=3)
        picture = style.svg(figure, name)
    cells = every.loc[rows].map(percent)
    cells.insert(0, heading, [number(value) for value in rows])
    return Exhibit(name, caption, cells, every.reset_index(names=heading), picture, alt)


@guarded(guard.as_it_is)
def forms(data: pd.DataFrame, *, name: str, caption: str, heading: str, labels: dict[str, str]) -> Exhibit:
    """A table of models that differ in shape.

    Args:
        data: As from `frivillig.statistics.compare_forms`.
        name: Label, `tab-…`.
        caption: What the table shows and its base, in Markdown.
        heading: Heading of the first column.
        labels: Label of each row of `data`.
    """
    names = [labels[str(item)] for item in data.index]
    shown = {
        heading: names,
        HEADINGS["terms"]: [number(value) for value in data["terms"]],
        HEADINGS["aic"]: [number(value, 1) for value in data["aic"]],
        HEADINGS["mcfadden"]: [percent(100 * value, 1) for value in data["mcfadden"]],
        HEADINGS["p"]: ["–" if pd.isna(value) else p_cell(value) for value in data["p"]],
    }
    exact = data.rename(columns=HEADINGS)
    exact.insert(0, heading, names)
    return Exhibit(name, caption, pd.DataFrame(shown), exact)


@guarded(guard.shares)
def calibrated(
    data: pd.DataFrame, *, name: str, caption: str, heading: str, labels: dict[int, str]
) -> Exhibit:
    """A table of observed shares beside predicted ones.

    Args:
        data: As from `frivillig.statistics.calibration`.
        name: Label, `tab-…`.
        caption: What the table shows and its base, in Markdown.
        heading: Heading of the first column.
        labels: Label of each class.
    """
    names = [labels[item] for item in data.index]
    rows = data.to_dict("records")
    shown = {
        heading: names,
        HEADINGS["count"]: [f"{number(row['count'])} av {number(row['base'])}" for row in rows],
        HEADINGS["share"]: [percent(row["share"]) for row in rows],
        SHARES["interval"]: [percent_interval(row["low"], row["high"]) for row in rows],
        HEADINGS["predicted"]: [percent(row["predicted"]) for row in rows],
    }
    columns = {"count": "Antall", "base": "Av", "low": "Intervall fra", "high": "Intervall til"}
    exact = data.drop(columns="middle").rename(columns=HEADINGS | columns)
    exact.insert(0, heading, names)
    return Exhibit(name, caption, pd.DataFrame(shown), exact)
