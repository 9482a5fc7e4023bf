"""The typeface of the site: that of figures and PDF, cut down to the letters of European languages.

Its licence, SIL OFL 1.1, keeps the name for the whole font, so what is cut down has a name of its own.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import font_source_sans_pro

if TYPE_CHECKING:
    from sphinx.application import Sphinx

NAME = "Frivillig Sans"  # also in book/_static/base.css
# Whole, a face has 230 kB.
FACES = ("Regular", "It", "Semibold")
LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180), *map(ord, "–—‘’‚“”„…‰‹›€−≤≥≈×÷→←√α\u2009\u202f")]
FEATURES = ["ccmp", "kern", "liga", "locl", "mark", "tnum"]


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "_static" / "fonts"
    folder.mkdir(exist_ok=True)
    originals = Path(font_source_sans_pro.font_directory)
    shutil.copy(originals / "LICENSE.txt", folder)
    for face in FACES:
        file = folder / f"{face}.woff"
        if not file.exists():
            _cut(originals / f"SourceSansPro-{face}.otf", file)


def _cut(source: Path, target: Path) -> None:
    from fontTools import subset  # only where a font is not cut yet

    options = subset.Options(flavor="woff", layout_features=FEATURES, hinting=False, desubroutinize=True)
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=LETTERS)
    cutter.subset(font)
    for entry in font["name"].names:
        entry.string = (
            entry.toUnicode().replace("Source Sans Pro", NAME).replace("SourceSansPro", "FrivilligSans")
        )
    font["CFF "].cff.fontNames[0] = f"FrivilligSans-{target.stem}"
    subset.save_font(font, str(target), options)


def setup(app: Sphinx) -> None:
    """Write the faces beside the style sheets."""
    app.connect("build-finished", _write)
