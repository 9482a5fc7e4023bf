"""Values that a page carries along for its script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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
        return {MIME_TYPE: {"name": self.name, "values": self.values}}
