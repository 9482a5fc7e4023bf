"""Values that a page carries along for its script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from frivillig.data import smallest_cell
from frivillig.display.exhibits import short

# Read by frivillig.sphinx.size_view.
MIME_TYPE = "application/vnd.frivillig.page-data+json"


@dataclass(frozen=True)
class PageData:
    """Values for the script of a page; readers and the PDF see nothing of them.

    Attributes:
        name: What the script calls them.
        values: Anything that JSON can hold.
    """

    name: str
    values: dict[str, Any]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """What a notebook stores."""
        values = _shortened(self.values) if smallest_cell() else self.values
        return {MIME_TYPE: {"name": self.name, "values": values}}


def _shortened(value: Any) -> Any:
    """The same with four digits: more can tell of single respondents, as in downloads."""
    if isinstance(value, dict):
        return {key: _shortened(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_shortened(item) for item in value]
    return short(value) if isinstance(value, float) else value
