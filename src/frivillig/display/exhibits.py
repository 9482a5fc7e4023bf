"""An exhibit: a figure or table with everything that it needs to stand in the book."""

from __future__ import annotations

import re
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from frivillig.data import smallest_cell
from frivillig.display.numbers import HIDDEN

if TYPE_CHECKING:
    import pandas as pd

# Read by frivillig.sphinx.exhibits.
MIME_TYPE = "application/vnd.frivillig.exhibit+json"
NAME = re.compile(r"(fig|tab)(-[a-z0-9]+)+")

# Set while frivillig.display.guard has seen to what an exhibit may show.
PASSING: ContextVar[bool] = ContextVar("passing", default=False)


class DisclosureError(Exception):
    """An exhibit that could show too much of real respondents."""


@dataclass(frozen=True)
class Exhibit:
    """A numbered figure or table.

    Attributes:
        name: Label to refer to: `fig-…` for a figure, `tab-…` for a table.
        caption: What it shows and its base, in Markdown.
        cells: The numbers as readers see them: text in every cell. The first column heads the rows.
        data: The same numbers unrounded, for the download.
        svg: The picture of a figure, else empty.
        alt: What one sees in the picture, for those who do not see it; empty for a table.
        cleared: Whether nothing of it need be withheld: see `frivillig.display.guard.cleared`.
        withheld: The counts and the percentages that were withheld, as a text could give them away.

    Raises:
        ValueError: when the name breaks the pattern, or caption or alt text is missing.
        DisclosureError: when it is made by hand after real answers were read, and is not cleared.
    """

    name: str
    caption: str
    cells: pd.DataFrame
    data: pd.DataFrame
    svg: str = ""
    alt: str = ""
    cleared: bool = False
    withheld: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    def __post_init__(self) -> None:
        if smallest_cell() and not self.cleared and not PASSING.get():
            raise DisclosureError(
                f"{self.name}: real answers are read, and this has not passed disclosure control. Make it "
                "with a function of frivillig.display, or say cleared=True if it gives away no count of them"
            )
        kind = "fig" if self.svg else "tab"
        if not NAME.fullmatch(self.name) or not self.name.startswith(kind):
            raise ValueError(f"name must be {kind}-… in small letters and digits, got '{self.name}'")
        if not self.caption.strip():
            raise ValueError(f"{self.name}: the caption is missing; say what is shown and for whom")
        if self.svg and not self.alt.strip():
            raise ValueError(f"{self.name}: the alt text is missing; say what one sees in the figure")

    @property
    def csv(self) -> str:
        """The data as Norwegian spreadsheets read it: semicolons and decimal commas."""
        missing, data = "", self.data
        if smallest_cell() and not self.cleared:
            # The last digits of a weighted share or a mean can give away what it was made of.
            missing, data = HIDDEN, data.map(lambda cell: short(cell) if isinstance(cell, float) else cell)
        return data.to_csv(sep=";", decimal=",", index=False, lineterminator="\r\n", na_rep=missing)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """What a notebook stores: all of it for the book, and a fallback for JupyterLab."""
        rows = [list(self.cells.columns), *self.cells.astype(str).values.tolist()]
        bundle = {
            MIME_TYPE: {
                "name": self.name,
                "caption": self.caption,
                "alt": self.alt,
                "svg": self.svg,
                "rows": rows,
                "csv": self.csv,
                "withheld": self.withheld,
            }
        }
        if self.svg:
            return {**bundle, "image/svg+xml": self.svg}
        return {**bundle, "text/html": self.cells.to_html(index=False)}


def short(value: float) -> float:
    """A number with four digits that count."""
    return float(f"{value:.4g}")
