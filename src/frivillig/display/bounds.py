"""What printed numbers leave open: how far a quantity can be pushed, beside where an ensemble lies."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from frivillig.display import guard, style
from frivillig.display.exhibits import Exhibit
from frivillig.display.guard import guarded
from frivillig.display.numbers import number, span

HEADINGS = {
    "label": "Størrelse",
    "pushed": "Så langt den lar seg skyve",
    "ensemble": "Ni av ti datasett",
    "low": "Skjøvet ned til",
    "high": "Skjøvet opp til",
    "p5": "Datasett, 5 prosent",
    "p95": "Datasett, 95 prosent",
}

# A z-value beyond it is significant at five percent.
CRITICAL = 1.959963984540054


def pinned(bounds: pd.DataFrame, id: str) -> str:
    """What the printed numbers say of a z-value, in a few words for a table, and how far it could be pushed.

    "åpent" is what can be significant (five percent) or change its sign.

    Args:
        bounds: How far quantities could be pushed: `low` and `high`, indexed by id.
        id: The z-value.
    """
    if id not in bounds.index:
        return "ikke prøvd"
    low, high = bounds.loc[id, "low"], bounds.loc[id, "high"]
    ends = span(low, high, 1)
    if low <= 0 <= high:
        return f"{'ikke signifikant' if max(-low, high) < CRITICAL else 'åpent'} ({ends})"
    return f"{'positiv' if low > 0 else 'negativ'} ({ends})"


@guarded(guard.only_cleared)
def limits(data: pd.DataFrame, *, name: str, caption: str) -> Exhibit:
    """A table of quantities, with how far each can move.

    Args:
        data: One row per quantity: `label`, `low` and `high` (as far as it could be pushed), `p5` and
            `p95` (of the datasets), and `decimals`.
        name: Label, `tab-…`.
        caption: What the table shows, in Markdown.
    """
    return Exhibit(name, caption, _cells(data), _download(data))


@guarded(guard.only_cleared)
def ranges(data: pd.DataFrame, *, name: str, caption: str, alt: str, marks: Sequence[float]) -> Exhibit:
    """Thin lines as far as each quantity can be pushed, thick ones where the datasets lie.

    Args:
        data: As for `limits`; drawn from the top, all in the same unit.
        name: Label, `fig-…`.
        caption: What the figure shows, in Markdown.
        alt: What one sees.
        marks: Values with a dashed line.
    """
    with style.drawing(style.ROW * len(data) + 0.5) as (figure, axes):
        for place, row in enumerate(data.to_dict("records")):
            axes.plot([row["low"], row["high"]], [place, place], color=style.MAIN, linewidth=1.4)
            axes.plot(
                [row["p5"], row["p95"]], [place, place], color=style.MAIN, linewidth=6, solid_capstyle="butt"
            )
        for mark in marks:
            axes.axvline(mark, color=style.SERIES[1], linestyle=(0, (4, 3)), linewidth=1.2)
        left, right = axes.get_xlim()
        for place, label in enumerate(data["label"]):
            axes.text(left, place - 0.24, label, va="bottom", ha="left", bbox=style.PATCH)
        axes.set_xlim(left, right)
        axes.set_ylim(len(data) - 0.5, -0.8)
        axes.set_yticks([])
        ticks = [tick for tick in axes.get_xticks() if left <= tick <= right]
        axes.set_xticks(ticks, [number(tick, 0 if tick == int(tick) else 1) for tick in ticks])
        axes.xaxis.grid(True)
        axes.yaxis.grid(False)
        picture = style.svg(figure, name)
    return Exhibit(name, caption, _cells(data), _download(data), picture, alt)


def _cells(data: pd.DataFrame) -> pd.DataFrame:
    rows = data.to_dict("records")
    return pd.DataFrame(
        {
            HEADINGS["label"]: data["label"].to_list(),
            HEADINGS["pushed"]: [span(row["low"], row["high"], row["decimals"]) for row in rows],
            HEADINGS["ensemble"]: [span(row["p5"], row["p95"], row["decimals"]) for row in rows],
        }
    )


def _download(data: pd.DataFrame) -> pd.DataFrame:
    return data[["label", "low", "high", "p5", "p95"]].rename(columns=HEADINGS)
