"""Pieces of Typst source: text, strings and labels that mean themselves."""

from __future__ import annotations

import json
import re

SPECIAL = re.compile(r"""[\\#$*_`<>@\[\]~"'=+\-/]""")
# These stand for other characters unless their dots are apart, or would begin a numbered list.
DOTS = re.compile(r"\.(?=\.)|(?<=\d)\.(?=\s|$)")


# Identifiers and addresses too long for a line or a cell; they may break after a dot or a stroke.
LONG = re.compile(r"\S{20,}")
BREAK = re.compile(r"(?<=[\w)][._/])(?=\w)")
ZERO_WIDTH_SPACE = "\u200b"


# A range, as in 2018–2019: lines do not break within it.
NUMBER = r"−?\d+(?:[,.\u00a0]\d+)*"
RANGE = re.compile(rf"{NUMBER}–{NUMBER}(?!\w)")


def breakable(text: str) -> str:
    """Text in which long words may break at their dots and strokes."""
    return LONG.sub(lambda word: BREAK.sub(ZERO_WIDTH_SPACE, word[0]), text)


def escape(text: str) -> str:
    """Text as markup. Line breaks stay, so that Typst's line numbers lead back to the source."""
    return RANGE.sub(r"#box[\g<0>];", DOTS.sub(r"\\.", SPECIAL.sub(r"\\\g<0>", breakable(text))))


def string(text: str) -> str:
    """Text as a string literal."""
    return json.dumps(text, ensure_ascii=False)


def array(items: list[str]) -> str:
    """Code that makes an array; the comma also makes one of a single item."""
    return "(" + "".join(f"{item}, " for item in items) + ")"


def label(name: str) -> str:
    """A label, to follow what it marks; it ends with a semicolon, so that any text may follow."""
    return f"#label({string(name)});"
