"""Figures and tables that lack what a reader needs: the caption, and the alt text of a picture."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from frivillig.lint.source import Exhibit, Page, Remark, strings

# Below this an alt text names the picture and does not say what one sees.
SHORTEST_ALT = 60


def captions(page: Page) -> Iterator[Remark]:
    """Exhibits without caption or without alt text, drawn by cells or written in Markdown."""
    for exhibit in page.exhibits():
        if not _written(exhibit, "caption"):
            yield page.remark(
                exhibit.line,
                "missing-caption",
                f"{exhibit.name} has no caption; say what is shown and for whom",
            )
        if exhibit.name.startswith("fig-"):
            alt = _written(exhibit, "alt")
            if not alt:
                yield _missing_alt(page, exhibit.line, exhibit.name)
            elif len(alt) < SHORTEST_ALT and isinstance(exhibit.keywords["alt"][1], ast.Constant):
                yield page.remark(
                    exhibit.keywords["alt"][0],
                    "short-alt",
                    f"the alt text of {exhibit.name} has under {SHORTEST_ALT} letters; say what one sees",
                )
    for line, match in page.matches(r"!\[([^\]\n]*)\]\(([^)\n]*)\)"):
        if not match[1].strip():
            yield _missing_alt(page, line, match[2])
    for line, match in page.matches(r"^(```+|:::+)\{(?:figure|image)\} *([^\n]*)\n((?:.|\n)*?)^\1$"):
        if not re.search(r"^:alt: *\S", match[3], re.M):
            yield _missing_alt(page, line, match[2])


def _written(exhibit: Exhibit, key: str) -> str:
    """The literal text of a keyword; '…' for one that code computes."""
    if key not in exhibit.keywords:
        return ""
    value = exhibit.keywords[key][1]
    if isinstance(value, ast.Constant) and value.value is None:
        return ""
    return "".join(strings(value)).strip() or ("" if isinstance(value, ast.Constant) else "…")


def _missing_alt(page: Page, line: int, name: str) -> Remark:
    return page.remark(line, "missing-alt", f"{name} has no alt text; say what one sees in the figure")
