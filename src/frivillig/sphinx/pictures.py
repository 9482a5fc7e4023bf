"""Pictures as PNG, made by Typst from SVG or its own markup: the same bytes on every machine."""

from __future__ import annotations

import tempfile
from pathlib import Path

import font_source_sans_pro
import typst

# About 1,060 pixels for a figure of the house's width: sharp in a document, some 20 to 90 KB.
PPI = 200


def to_png(svg: str) -> bytes:
    """A figure on white, with a narrow margin, for documents and slides."""
    page = '#set page(width: auto, height: auto, margin: 6pt, fill: white)\n#image("figure.svg")'
    return draw(page, PPI, {"figure.svg": svg})


def draw(markup: str, ppi: float, files: dict[str, str]) -> bytes:
    """The only page of a Typst document as PNG.

    Args:
        markup: The document.
        ppi: Pixels per inch.
        files: Text of the files that it reads, by name.
    """
    with tempfile.TemporaryDirectory() as folder:
        main = Path(folder, "main.typ")
        for name, text in {main.name: markup, **files}.items():
            Path(folder, name).write_text(text, encoding="utf-8")
        return typst.compile(
            str(main),
            root=folder,
            format="png",
            ppi=ppi,
            ignore_system_fonts=True,
            font_paths=[font_source_sans_pro.font_directory],
        )
