"""Models for readers: tables of estimates, a predicted curve, a variable by group."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from frivillig.data import may_show_rows, smallest_cell
from frivillig.display import guard, style
from frivillig.display.exhibits import Exhibit
from frivillig.display.guard import guarded
from frivillig.display.numbers import NO_BREAK_SPACE, TOO_FEW, number, percent, span

HEADINGS = {
    "n": "Antall",
    "coef": "Koeffisient (95 % intervall)",
    "se": "Standardfeil",
    "effect": "Prosentpoeng (95 % intervall)",
    "p": "p",
    "mcfadden": "Forklart",
    "holm": "p etter Holm",
    "vif": "VIF",
    "threshold": "Krysningspunkt",
    "mean": "Gjennomsnitt",
    "sd": "Standardavvik",
    "printed": "Trykt snitt (std.avvik)",
    "computed": "Beregnet snitt (std.avvik)",
    "median": "Median",
    "quartiles": "Midterste halvdel",
    "share": "Beregnet andel",
    "interval": "95 % intervall",
}
LEAST = 0.001

# What the terms of `frivillig.statistics.TERMS` are called in tables of regressions.
VARIABLES = {
    "population": "Folketall (log)",
    "policy": "Politikk",
    "elderly_share": "Andel eldre",
    "expenses_per_capita": "Utgifter (log)",
    "expenses_share": "Utgiftsandel",
    "organisation_density": "Tetthet (log)",
    "course": "Kurs",
}


def p_cell(p: float) -> str:
    """A p-value: '0,042', and '< 0,001' below that."""
    return f"<{NO_BREAK_SPACE}{number(LEAST, 3)}" if p < LEAST else number(p, 3)


@guarded(guard.models)
def estimates(
    data: pd.DataFrame, *, name: str, caption: str, heading: str, labels: dict[str, str]
) -> Exhibit:
    """A table of estimates with intervals, one row per variable or model.

    Args:
        data: `low` and `high` with `coef` (log odds) or `effect` (percentage points), and any of `n`,
            `p`, `mcfadden` (a fraction), `holm`, `vif`, `threshold` (text) and, in the download only, `se`.
        name: Label, `tab-…`.
        caption: What the table shows and its base, in Markdown.
        heading: Heading of the first column.
        labels: Label of each row of `data`.
    """
    names = [labels[str(item)] for item in data.index]
    shown: dict[str, list[str]] = {heading: names}
    if "n" in data:
        shown[HEADINGS["n"]] = [number(value) for value in data["n"]]
    for column, decimals, small in (("coef", 2, 0.1), ("effect", 1, 2)):
        if column in data:
            shown[HEADINGS[column]] = [
                _with_interval(row, column, decimals + (abs(row[column]) < small))
                for row in data.to_dict("records")
            ]
    forms = {"p": p_cell, "mcfadden": lambda value: percent(100 * value), "holm": p_cell}
    forms |= {
        "vif": lambda value: number(value, 1),
        "threshold": lambda text: text if text == text else TOO_FEW,
    }
    for column, form in forms.items():
        if column in data:
            shown[HEADINGS[column]] = [form(value) for value in data[column]]
    download = data.rename(columns=HEADINGS | {"low": "Intervall fra", "high": "Intervall til"})
    download.insert(0, heading, names)
    return Exhibit(name, caption, pd.DataFrame(shown), download)


@guarded(guard.moments)
def variables(
    data: pd.DataFrame, *, name: str, caption: str, heading: str, labels: dict[str, str]
) -> Exhibit:
    """A table of variables: printed count, mean and standard deviation, each beside the computed.

    Args:
        data: `n`, `mean` and `sd` as computed, `printed_n`, `printed_mean` and `printed_sd` as text, and
            `mean_decimals` and `sd_decimals`, those printed.
        name: Label, `tab-…`.
        caption: What the table shows, in Markdown.
        heading: Heading of the first column.
        labels: Label of each row of `data`.
    """
    names = [labels[str(item)] for item in data.index]
    rows = data.to_dict("records")
    shown = {
        heading: names,
        HEADINGS["n"]: [_once(row["printed_n"], number(row["n"])) for row in rows],
        HEADINGS["printed"]: [f"{row['printed_mean']} ({row['printed_sd']})" for row in rows],
        HEADINGS["computed"]: [
            f"{number(row['mean'], row['mean_decimals'])} ({number(row['sd'], row['sd_decimals'])})"
            for row in rows
        ],
    }
    download = data[["printed_n", "n", "printed_mean", "mean", "printed_sd", "sd"]].set_axis(
        [f"{HEADINGS[column]}, {kind}" for column in ("n", "mean", "sd") for kind in ("trykt", "beregnet")],
        axis=1,
    )
    download.insert(0, heading, names)
    return Exhibit(name, caption, pd.DataFrame(shown), download)


@guarded(guard.as_it_is)
def distribution(
    groups: dict[str, pd.Series], *, name: str, caption: str, alt: str, heading: str, unit: str
) -> Exhibit:
    """Boxes and dots on a log scale, one per group, the label above its box.

    The box holds the middle half, its line is the median; the whisker reaches the least and the largest.
    Where no respondent may be seen there are neither dots nor whiskers, and numbers are rounded.

    Args:
        groups: Values of each group by its label, drawn from the top.
        name: Label, `fig-…`.
        caption: What the figure shows and its base, in Markdown.
        alt: What one sees.
        heading: What the groups are, for the table below the figure.
        unit: What the values are, for the axis.
    """
    summary = pd.DataFrame(
        {
            label: {
                "n": len(values),
                "mean": values.mean(),
                "median": values.median(),
                "low": values.quantile(0.25),
                "high": values.quantile(0.75),
            }
            for label, values in groups.items()
        }
    ).T
    if not may_show_rows():
        summary = _coarse(summary)
    with style.drawing(0.95 * len(groups) + 0.6) as (figure, axes):
        axes.set_xscale("log")
        for row, (label, values) in enumerate(groups.items()):
            # In order of size, spread over a band: every respondent is seen, and the same each time.
            places = [row + 0.12 + 0.06 * (order % 4) for order in range(len(values))]
            low, median, high = (summary.loc[label, column] for column in ("low", "median", "high"))
            if may_show_rows():
                axes.plot(sorted(values), places, "o", color=style.SERIES[1], markersize=2.5, alpha=0.7)
                axes.plot([values.min(), values.max()], [row, row], color=style.MAIN, linewidth=1.4)
            axes.barh(row, high - low, left=low, height=0.2, color=style.MAIN)
            axes.plot([median, median], [row - 0.1, row + 0.1], color="white", linewidth=2)
            axes.text(
                0,
                row - 0.24,
                label,
                transform=axes.get_yaxis_transform(),
                va="bottom",
                ha="left",
                bbox=style.PATCH,
            )
        axes.set_ylim(len(groups) - 0.55, -0.6)
        axes.set_yticks([])
        persons_axis(axes, unit)
        picture = style.svg(figure, name)
    cells = pd.DataFrame(
        {
            heading: list(summary.index),
            HEADINGS["n"]: [number(value) for value in summary["n"]],
            HEADINGS["mean"]: [number(value) for value in summary["mean"]],
            HEADINGS["median"]: [number(value) for value in summary["median"]],
            HEADINGS["quartiles"]: [
                span(*ends, 0) for ends in zip(summary["low"], summary["high"], strict=True)
            ],
        }
    )
    download = summary.rename(
        columns=HEADINGS | {"low": "Nedre kvartil", "high": "Øvre kvartil"}
    ).reset_index(names=heading)
    return Exhibit(name, caption, cells, download, picture, alt)


@dataclass(frozen=True)
class Crossing:
    """Where a curve crosses a share, in percent: at `x`, with an interval from `low` to `high`."""

    share: float
    x: float
    low: float
    high: float


@guarded(guard.as_it_is)
def curve(
    data: pd.DataFrame,
    *,
    name: str,
    caption: str,
    alt: str,
    heading: str,
    crossing: Crossing,
    rows: list[float],
) -> Exhibit:
    """A predicted curve with its band over a log scale, and where it crosses a share.

    Args:
        data: `share`, `low` and `high` in percent, indexed by the variable in rising order.
        name: Label, `fig-…`.
        caption: What the figure shows, in Markdown.
        alt: What one sees.
        heading: What the variable is, for the axis and the table.
        crossing: The share with a dashed line, and where the curve meets it, drawn with its interval.
        rows: Values of the index that the table below the figure shows.
    """
    with style.drawing(3.4) as (figure, axes):
        axes.set_xscale("log")
        axes.fill_between(data.index, data["low"], data["high"], color=style.MAIN, alpha=0.2, linewidth=0)
        axes.plot(data.index, data["share"], color=style.MAIN, linewidth=2)
        axes.axhline(crossing.share, color=style.SERIES[1], linestyle=(0, (4, 3)), linewidth=1.4)
        axes.plot(
            [crossing.low, crossing.high],
            [crossing.share] * 2,
            color=style.SERIES[1],
            linewidth=5,
            solid_capstyle="butt",
        )
        axes.plot(crossing.x, crossing.share, "o", color=style.INK, markersize=7)
        axes.annotate(
            number(crossing.x),
            (crossing.x, crossing.share),
            textcoords="offset points",
            xytext=(6, -16),
        )
        axes.set_xlim(data.index[0], data.index[-1])
        axes.set_ylim(0, 100)
        axes.set_yticks(range(0, 101, 25), [percent(tick) for tick in range(0, 101, 25)])
        # The lowest labels of the two axes meet in the corner.
        axes.tick_params(pad=8)
        persons_axis(axes, heading)
        picture = style.svg(figure, name)
    shown = data.loc[rows]
    cells = pd.DataFrame(
        {
            heading: [number(value) for value in shown.index],
            HEADINGS["share"]: [percent(value) for value in shown["share"]],
            HEADINGS["interval"]: [
                f"{number(low)}–{percent(high)}"
                for low, high in zip(shown["low"], shown["high"], strict=True)
            ],
        }
    )
    names = {"share": HEADINGS["share"], "low": "Intervall fra", "high": "Intervall til"}
    return Exhibit(name, caption, cells, data.rename(columns=names).reset_index(names=heading), picture, alt)


def _once(printed: str, computed: str) -> str:
    return printed if printed == computed else f"{printed} / {computed}"


def _with_interval(row: dict[str, float], column: str, decimals: int) -> str:
    if row[column] != row[column]:
        return TOO_FEW
    ends = span(row["low"], row["high"], decimals)
    return f"{number(row[column], decimals)} ({ends})"


def _coarse(summary: pd.DataFrame) -> pd.DataFrame:
    """A summary that points to nobody: a quartile of few is one of them, an exact one can be looked up."""
    few = summary["n"] < 4 * smallest_cell()
    rounded = summary.map(lambda value: float(f"{value:.2g}")).assign(n=summary["n"])
    return rounded.mask(few)


def persons_axis(axes: Axes, label: str) -> None:
    """A log axis of persons, with round numbers written out."""
    left, right = axes.get_xlim()
    rounds = [10.0**power * step for power in range(7) for step in (1, 3)]
    ticks = [tick for tick in rounds if left <= tick <= right]
    axes.set_xticks(ticks, [number(tick) for tick in ticks])
    axes.minorticks_off()
    axes.set_xlim(left, right)
    axes.xaxis.grid(True)
    axes.set(xlabel=label, ylabel="")
