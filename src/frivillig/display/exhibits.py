"""An exhibit: a figure or table with everything that it needs to stand in the book."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

# Read by frivillig.sphinx.exhibits.
MIME_TYPE = "application/vnd.frivillig.exhibit+json"
NAME = re.compile(r"(fig|tab)-[a-z]+(-[a-z]+)*")


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

    Raises:
        ValueError: when the name breaks the pattern, or caption or alt text is missing.
    """

    name: str
    caption: str
    cells: pd.DataFrame
    data: pd.DataFrame
    svg: str = ""
    alt: str = ""

    def __post_init__(self) -> None:
        kind = "fig" if self.svg else "tab"
        if not NAME.fullmatch(self.name) or not self.name.startswith(kind):
            raise ValueError(f"name must be {kind}-… in lower-case letters, got '{self.name}'")
        if not self.caption.strip():
            raise ValueError(f"{self.name}: the caption is missing; say what is shown and for whom")
        if self.svg and not self.alt.strip():
            raise ValueError(f"{self.name}: the alt text is missing; say what one sees in the figure")

    @property
    def csv(self) -> str:
        """The data as Norwegian spreadsheets read it: semicolons and decimal commas."""
        return self.data.to_csv(sep=";", decimal=",", index=False, lineterminator="\r\n")

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
            }
        }
        if self.svg:
            return {**bundle, "image/svg+xml": self.svg}
        return {**bundle, "text/html": self.cells.to_html(index=False)}
