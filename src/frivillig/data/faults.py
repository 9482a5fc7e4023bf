"""Where the data are, and what can be wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "data"


@dataclass(frozen=True)
class Fault:
    """One fault in a data file.

    Attributes:
        file: Path relative to the project.
        row: Line in the file, where the header is line 1; None for a fault of the whole file.
        column: Name of the column; None for a fault of the whole row or file.
        found: The value received.
        expected: The rule that it breaks.
    """

    file: str
    row: int | None
    column: str | None
    found: str
    expected: str

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}"
        return f"{place}: found {self.found}; expected {self.expected}"


class DataError(Exception):
    """Data files that cannot be used; the message lists every fault found."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


def relative(path: Path) -> str:
    """The path as seen from the project, for messages."""
    path = path.resolve()
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
