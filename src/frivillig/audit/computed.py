"""What a number was computed from, and what that gave."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """What a number was computed from, or why it was not."""

    ANSWERS = "answers"
    COUNTS = "counts"
    OTHERS = "others"
    REPEATED = "repeated"
    ALONE = "alone"
    NO_QUANTITY = "no quantity"
    LOST = "lost"
    FAILED = "failed"
    WITHHELD = "withheld"


SOURCES = {
    Source.ANSWERS: "regnet ut fra svarene",
    Source.COUNTS: "regnet ut fra antall og nevner",
    Source.OTHERS: "regnet ut fra andre trykte tall",
    Source.REPEATED: "regnet ut fra raden det gjentar",
    Source.ALONE: "står alene",
    Source.NO_QUANTITY: "ord, dato eller navn",
    Source.LOST: "",
    Source.FAILED: "lar seg ikke regne ut fra disse svarene",
    Source.WITHHELD: "holdt tilbake, for få svar",
}


@dataclass(frozen=True)
class Computed:
    """A number of the spine, computed.

    Attributes:
        source: What it was computed from, or why it was not.
        value: In the unit of the row; None where nothing could be computed.
        fits: Whether the printed number, with its relation and by the report's rounding, says the same;
            None where there is no value.
    """

    source: Source
    value: float | None = None
    fits: bool | None = None
