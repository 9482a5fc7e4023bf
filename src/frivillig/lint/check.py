"""All checks of the text together."""

from __future__ import annotations

from pathlib import Path

from frivillig.data import ROOT, read_statistics
from frivillig.lint import exhibits, references, text
from frivillig.lint.contents import contents
from frivillig.lint.source import Remark, read_page, read_pages
from frivillig.lint.spelling import spelling


def lint(root: Path = ROOT) -> list[Remark]:
    """Check every page of a project.

    Args:
        root: Folder with book/, notebooks/, data/ and _toc.yml as this project has them.

    Returns:
        The remarks by file and line; empty when all is well.

    Raises:
        DataError: when the spine cannot be read.
        ValueError: when book/words.txt cannot be.
    """
    pages = read_pages(root)
    spine = read_statistics(root / "data" / "published" / "statistics.csv")
    works = references.read_works(root / "book" / "references.bib")
    preferences = text.read_preferences(read_page(root / "book" / "terms.md"))
    remarks = [*contents(root), *references.labels(pages)]
    for page in pages:
        remarks += text.typed_numbers(page)
        remarks += text.sentences(page)
        remarks += exhibits.captions(page)
        remarks += references.numbers(page, spine)
        remarks += references.glued(page)
        remarks += references.links(page, page.path.parent)
        remarks += references.citations(page, works)
        remarks += text.terms(page, preferences)
        remarks += spelling(page, root / "book" / "words.txt")
    return sorted(set(remarks))
