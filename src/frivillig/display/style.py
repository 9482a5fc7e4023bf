"""The house style of figures: one place for colours, sizes and type.

Figures have no background of their own. In dark mode the site inverts their lightness and keeps
their hue (book/_static/figures.css), so that each colour's contrast to the page is nearly the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import font_source_sans_pro
import matplotlib as mpl
import matplotlib.pyplot as plt
import seaborn as sns
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from frivillig.display.numbers import percent

# Beside each colour: its contrast ratio to white; WCAG 2.1 asks 3 of graphics and 4.5 of text.
INK = "#1a1a1a"  # 17.4
MUTED = "#595959"  # 7.0
MAIN = "#00568c"  # 7.7
# Steps of lightness, so that they differ without colour too; told apart by labels as well.
SERIES = ("#00568c", "#bd5219", "#737373")  # 7.7, 4.8, 4.7
# From one side over the middle to the other; the paler steps carry dark text.
SPECTRUM = ("#00568c", "#4f94c0", "#737373", "#d9783c", "#a64510")  # 7.7, 3.3, 4.7, 3.1, 6.0
PALE = ("#4f94c0", "#d9783c")  # 3.3, 3.1
GRID = "#d9d9d9"  # decoration only
# Behind text that stands on lines. (A stroke around the letters would make the file ten times as large.)
PATCH = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
# What is not known: hatched, without a colour of its own.
EMPTY = {"facecolor": "none", "edgecolor": MUTED, "hatch": "///", "linewidth": 0.8}

# The typeface of the PDF, from the same package, so that figures look the same on every machine.
FONT = "Source Sans Pro"
for weight in ("Regular", "It", "Bold"):
    font_manager.fontManager.addfont(
        Path(font_source_sans_pro.font_directory) / f"SourceSansPro-{weight}.otf"
    )

# Wide enough for a desk and, scaled down, legible on a phone of 360 px.
WIDTH = 5.2
ROW = 0.56


@contextmanager
def drawing(height: float) -> Iterator[tuple[Figure, Axes]]:
    """A figure in the house style, `height` inches high; closed afterwards."""
    style = {
        "axes.edgecolor": MUTED,
        "axes.labelcolor": INK,
        "figure.constrained_layout.use": True,
        "font.family": FONT,
        "font.size": 11,
        "grid.color": GRID,
        "svg.fonttype": "path",  # the same letters on every machine
        "text.color": INK,
        "text.parse_math": False,  # a dollar sign in a label is a dollar sign
        "xtick.color": INK,
        "ytick.color": INK,
    }
    with sns.axes_style("whitegrid"), mpl.rc_context(style):
        figure, axes = plt.subplots(figsize=(WIDTH, height))
        axes.set_axisbelow(True)
        sns.despine(ax=axes, left=True, bottom=True)
        axes.tick_params(length=0)
        try:
            yield figure, axes
        finally:
            plt.close(figure)


def percent_axis(axes: Axes) -> None:
    """A horizontal axis from 0 to 100 percent."""
    axes.set_xlim(0, 100)
    axes.set_xticks(range(0, 101, 25), [percent(tick) for tick in range(0, 101, 25)])
    axes.xaxis.grid(True)
    axes.yaxis.grid(False)
    axes.set(xlabel="", ylabel="")


def rows_axis(axes: Axes, count: int) -> None:
    """A vertical axis of rows from the top, each with a label above what it shows."""
    axes.set_yticks([])
    axes.set_ylim(count - 0.65, -0.75)


def row_label(axes: Axes, row: int, label: str, value: str, ends: tuple[float, float] = (0, 100)) -> None:
    """The label of a row above its bar, at the left end of the axis, and its value at the right end."""
    axes.text(ends[0], row - 0.26, label, va="bottom", ha="left", bbox=PATCH)
    axes.text(ends[1], row - 0.26, value, va="bottom", ha="right", fontweight="bold")


def svg(figure: Figure, name: str) -> str:
    """The figure as SVG without background, the same bytes each time."""
    picture = StringIO()
    with mpl.rc_context({"svg.hashsalt": name}):
        figure.savefig(picture, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return picture.getvalue()
