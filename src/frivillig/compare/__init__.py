"""What a change does to the book: numbers, tables, figures and pages of one built site beside another's."""

from __future__ import annotations

from pathlib import Path

from frivillig.compare.changes import Changes, find_changes
from frivillig.compare.pictures import draw
from frivillig.compare.reading import SiteError, read_site
from frivillig.compare.summary import markdown

__all__ = ["Changes", "SiteError", "compare", "find_changes", "markdown", "read_site"]


def compare(old: Path, new: Path, out: Path | None = None) -> str:
    """Compare two built sites.

    Args:
        old: Folder of the site as it was, with index.html.
        new: Folder of the site as it is.
        out: Folder for summary.md, and a picture for each figure that looks different.

    Returns:
        The summary in Markdown.

    Raises:
        SiteError: when a folder is no site of this book.
    """
    changes = find_changes(read_site(old), read_site(new))
    shares = {}
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for figure in changes.figures:
            shares[figure.name] = draw(figure.before, figure.after, out / f"{figure.name}.png")
    text = markdown(changes, shares)
    if out is not None:
        (out / "summary.md").write_text(text, encoding="utf-8")
    return text
