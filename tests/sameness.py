"""Compare a page of the site with the PDF: both as lists of blocks, each with its kind and its bare text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from bs4 import NavigableString, Tag

from frivillig.sphinx.exhibits import NUMBERS_BENEATH, NUMBERS_BENEATH_PRINTED
from reading import Element

Block = tuple[str, str]
FORMULA = "∎"
# Left out of the PDF on purpose: the code of cells, tools of exhibits, what only the site's navigation needs.
# Footnotes are compared by themselves: on paper they stand where they are referred to.
SITE_ONLY = (
    ".cell_input, details.code, .on-screen, .headerlink, .toctree-wrapper, "
    "aside.footnote-list, hr.footnotes, .footnote-reference, script, style"
)
HEADINGS = {f"h{level}": "heading" for level in range(1, 7)}
SITE_KINDS = HEADINGS | {
    "caption": "caption",
    "figcaption": "caption",
    "th": "header",
    "td": "cell",
    "dt": "term",
    "p": "text",
    "pre": "code",
    "summary": "text",
}
PDF_KINDS = {name.upper(): kind for name, kind in HEADINGS.items()} | {
    "Caption": "caption",
    "TH": "header",
    "TD": "cell",
    "P": "text",
    "Code": "code",
}
GROUPS = {"Document", "Div", "Sect", "Table", "THead", "TBody", "TR", "L", "LI", "LBody", "Lbl", "BlockQuote"}
BULLET = re.compile(r"[•–]|\(?\w{1,3}[.)]")


def plain(text: str) -> str:
    """Text without what lines and pages do to it: spaces, soft hyphens and marks of no width."""
    return re.sub(r"[\s\u00ad\u200b\u2060]", "", text)


def prepare(article: Tag) -> Tag:
    """A page's article without what the PDF leaves out, and with what it shows another way."""
    for element in article.select(SITE_ONLY):
        element.decompose()
    for download in article.select("p > .download"):
        if plain(download.parent.get_text()) == plain(download.get_text()):
            download.parent.decompose()
    for formula in article.select("div.math"):
        formula.name = "p"
        formula.string = FORMULA
    # On paper a sign that is read in words is a formula.
    for sign in article.select(".doubt a"):
        sign.string = FORMULA
    for formula in article.select("math, span.math"):
        formula.replace_with(NavigableString(FORMULA))
    for number in article.select(".section-number"):
        number.string = number.get_text().replace(". ", " ")
    for summary in article.select("summary"):
        summary.string = summary.get_text().replace(NUMBERS_BENEATH, NUMBERS_BENEATH_PRINTED)
    for block in article.select(".line-block:not(.line-block .line-block)"):
        block.name = "p"
    for caption in article.select(".code-block-caption"):
        caption.name = "caption"
    return article


def site_blocks(element: Tag) -> Iterator[Block]:
    """The blocks of a prepared article."""
    for child in element.find_all(True, recursive=False):
        if kind := SITE_KINDS.get(child.name):
            if text := plain(child.get_text()):
                yield kind, text
        else:
            yield from site_blocks(child)


def pdf_blocks(element: Element) -> Iterator[Block]:
    """The blocks of a tag tree. Text that stands in a group without a paragraph is one too."""
    loose = ""
    # Code beside text is a part of its line; code alone is a listing.
    beside_text = any(isinstance(item, str) and plain(item) for item in element.content)
    for item in [*element.content, None]:
        if isinstance(item, str) or (item and (not _is_block(item) or (item.kind == "Code" and beside_text))):
            loose += item if isinstance(item, str) else shown(item)
            continue
        if plain(loose):
            yield "text", plain(loose)
        loose = ""
        if item and item.kind in PDF_KINDS:
            if text := plain(shown(item)):
                yield PDF_KINDS[item.kind], text
        elif item and item.kind == "Lbl":
            if plain(item.text) and not is_bullet(item):
                yield "term", plain(shown(item))
        elif item:
            yield from pdf_blocks(item)


def _is_block(element: Element) -> bool:
    figure_with_caption = element.kind == "Figure" and not element.alt
    return element.kind in PDF_KINDS or element.kind in GROUPS or figure_with_caption


def shown(element: Element) -> str:
    if element.kind == "Formula":
        return FORMULA
    parts = (
        item for item in element.content if isinstance(item, str) or not (is_note(item) or is_bullet(item))
    )
    return "".join(item if isinstance(item, str) else shown(item) for item in parts)


def is_bullet(element: Element) -> bool:
    """Whether this is the sign before an item of a list, which the site does not write out."""
    return element.kind == "Lbl" and bool(BULLET.fullmatch(plain(element.text)))


def is_note(element: Element) -> bool:
    """Whether this is a footnote or its number in the text."""
    return element.kind == "Note" or (
        element.kind == "Lbl" and bool(re.fullmatch(r"\d+", plain(element.text)))
    )


def site_notes(article: Tag) -> list[str]:
    """The footnotes of a page that is not prepared yet, without their numbers."""
    return [
        plain("".join(p.get_text() for p in note.find_all("p"))) for note in article.select("aside.footnote")
    ]


def pdf_notes(element: Element) -> list[str]:
    """The footnotes of a tag tree, without their numbers."""
    return [plain("".join(_parts(note))) for note in element.find("Note")]


def _parts(note: Element) -> Iterator[str]:
    for item in note.content:
        if isinstance(item, str):
            yield item
        elif not is_note(item):
            yield item.text


def assert_same(site: list[Block], printed: list[Block]) -> None:
    """The same blocks in the same order; the first difference is shown with what comes before it."""
    for place, (there, here) in enumerate(zip_longest(site, printed)):
        assert there == here, f"block {place} differs, after {site[max(place - 2, 0) : place]}"
