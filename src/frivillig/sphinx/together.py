"""Lines do not break between a number and what belongs to it: a unit, a sign, the name of what it numbers.

Authors type plain spaces, as in `p < {stat}...` and `{glue:text}...` with "prosent" after it. On site and PDF
these become no-break spaces, also where the number is a link and its unit is not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from babel.dates import get_month_names
from docutils import nodes

from frivillig.display.numbers import LOCALE, NO_BREAK_SPACE, WORDS
from frivillig.sphinx.folds import on_screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

# A number may bear the mark of a doubted one.
NUMBER_ENDS, NUMBER_BEGINS = r"(?<=[\d≠])", r"(?=[−\d])"
UNITS = "|".join(["%", "kB", "kroner", "tusen", "timer", "år", "per cent", "prosents", *WORDS.values()])
NAMES = r"Figur|Tabell|Kapittel|Avsnitt|Fotnote|Kommune|NOU|nr\.|kap\.|s\.|St\."
MONTHS = "|".join(get_month_names("wide", locale=LOCALE).values())
TOGETHER = re.compile(
    rf"{NUMBER_ENDS} (?=(?:{UNITS})(?!\w))"
    rf"|(?<=\w) [=<>≤≥≈] {NUMBER_BEGINS}"
    rf"|\b(?i:{NAMES}) (?=\d|[A-Z]\.\d)"
    rf"|(?<=\d\.) (?={MONTHS})"
)
# Text that is shown as it is, cells, which are narrow, and what does not stand in the text.
VERBATIM = (nodes.literal, nodes.math, nodes.raw)
APART = (nodes.FixedTextElement, nodes.entry, on_screen)


def keep_together(pieces: list[str]) -> list[str]:
    """The pieces of a paragraph, with no-break spaces where a number needs them, also between two pieces."""
    whole = TOGETHER.sub(lambda found: found[0].replace(" ", NO_BREAK_SPACE), "".join(pieces))
    kept, start = [], 0
    for piece in pieces:
        kept.append(whole[start : start + len(piece)])
        start += len(piece)
    return kept


def _blocks(node: nodes.Element) -> Iterator[nodes.TextElement]:
    """Paragraphs, headings, captions and terms."""
    for child in node.children:
        if isinstance(child, nodes.Element) and not isinstance(child, APART):
            if isinstance(child, nodes.TextElement):
                yield child
            else:
                yield from _blocks(child)


def _keep_in_page(app: Sphinx, doctree: nodes.document, page: str) -> None:
    for block in list(_blocks(doctree)):
        texts = [text for text in block.findall(nodes.Text) if not isinstance(text.parent, VERBATIM)]
        for text, kept in zip(texts, keep_together([text.astext() for text in texts]), strict=True):
            if kept != text.astext():
                text.parent.replace(text, nodes.Text(kept))


def setup(app: Sphinx) -> None:
    """Look through each page once all its references and marks have their text."""
    app.connect("doctree-resolved", _keep_in_page, priority=800)
