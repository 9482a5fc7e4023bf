"""The picture of a figure's change: before, after, and where the two differ."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import font_source_sans_pro
import numpy as np
import typst
from matplotlib import image

PIXELS_PER_INCH = 96.0
# Two colours this near are the same: what smooths an edge may fall otherwise.
TOLERANCE = 0.1
RED = (0.8, 0.0, 0.2)
GAP = 12


def draw(before: Path | None, after: Path | None, out: Path) -> float:
    """Write before, after and difference side by side as PNG.

    Returns:
        The share of pixels that differ, from 0 to 1; no file is written when it is 0.
    """
    # A figure that is new or gone is set beside an empty picture of its size.
    was = _pixels(before) if before else None
    now = _pixels(after) if after else None
    was = np.ones_like(now) if was is None else was
    now = np.ones_like(was) if now is None else now
    height, width = np.maximum(was.shape[:2], now.shape[:2])
    was, now = _extend(was, height, width), _extend(now, height, width)
    differs = np.abs(was - now).max(axis=2) > TOLERANCE
    if not differs.any():
        return 0.0
    faint = 1 - (1 - now) * 0.25
    faint[differs] = RED
    gap = np.ones((height, GAP, 3))
    image.imsave(out, np.clip(np.hstack([was, gap, now, gap, faint]), 0, 1))
    return float(differs.mean())


def _pixels(svg: Path) -> np.ndarray:
    """A picture on white: height × width × red, green, blue, each from 0 to 1."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(svg, Path(folder, "figure.svg"))
        page = Path(folder, "page.typ")
        page.write_text(
            '#set page(width: auto, height: auto, margin: 0pt, fill: white)\n#image("figure.svg")\n',
            encoding="utf-8",
        )
        png = Path(folder, "page.png")
        compiler = typst.Compiler(
            str(page),
            root=folder,
            ignore_system_fonts=True,
            font_paths=[font_source_sans_pro.font_directory],
        )
        compiler.compile(output=str(png), format="png", ppi=PIXELS_PER_INCH)
        return image.imread(png)[:, :, :3].astype(float)


def _extend(pixels: np.ndarray, height: int, width: int) -> np.ndarray:
    missing = [(0, height - pixels.shape[0]), (0, width - pixels.shape[1]), (0, 0)]
    return np.pad(pixels, missing, constant_values=1.0)
