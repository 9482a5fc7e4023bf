"""Read a built site: what a comparison needs of each page."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from frivillig.data import read_statistics
from frivillig.sphinx.findings import row_anchor
from frivillig.sphinx.glued import CLASS

# Pages that say nothing of their own.
APART = {"index.html", "search.html", "genindex.html"}
BLOCKS = ["h1", "h2", "h3", "h4", "p", "li", "dt", "dd", "caption", "figcaption"]


class SiteError(Exception):
    """A folder that is no site of this book; the message names it."""


@dataclass(frozen=True)
class Table:
    """A table as readers see it: its caption, the headers of its columns, and its rows by their headers."""

    caption: str
    columns: tuple[str, ...]
    rows: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Page:
    """A page: its title, its text block by block, and what in it can change.

    Attributes:
        numbers: What is shown for each number: id of the spine, or the name of a glued value.
        tables: By name, such as tab-response; those beneath figures by the figure's.
        figures: The file of each picture by the figure's name.
    """

    title: str
    blocks: tuple[str, ...]
    numbers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    figures: dict[str, Path] = field(default_factory=dict)


def read_site(folder: Path) -> dict[str, Page]:
    """Every page of a site by its file, without those that only lead elsewhere.

    Raises:
        SiteError: when the folder holds no page of this book.
    """
    files = sorted(path for part in ("book", "notebooks") for path in (folder / part).glob("*.html"))
    if not files:
        raise SiteError(f"{folder}: no page in book/ or notebooks/; expected a site that make html built")
    ids = {row_anchor(id): id for id in read_statistics()}
    return {str(path.relative_to(folder)): _read(path, ids) for path in files}


def _read(path: Path, ids: dict[str, str]) -> Page:
    article = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").find("article")
    if not isinstance(article, Tag):
        raise SiteError(f"{path}: the page has no article; expected one that make html built")
    heading = article.find("h1")
    for mark in article.select("a.headerlink"):
        mark.decompose()
    return Page(
        title=_text(heading) if heading else path.stem,
        blocks=tuple(_text(block) for block in article.find_all(BLOCKS) if not block.find(BLOCKS)),
        numbers=_numbers(article, ids),
        tables=_tables(article),
        figures={
            str(figure["id"]): (path.parent / str(figure.img["src"])).resolve()
            for figure in article.select("figure[id]")
            if figure.img
        },
    )


def _numbers(article: Tag, ids: dict[str, str]) -> dict[str, tuple[str, ...]]:
    shown: dict[str, dict[str, None]] = {}
    for span in article.select("span.stat, span.pasted-text"):
        if link := span.find("a"):
            anchor = str(link["href"]).partition("#")[2]
            key = ids.get(anchor, anchor)
        else:
            key = next((name.removeprefix(CLASS) for name in span["class"] if name.startswith(CLASS)), "")
        if key:
            shown.setdefault(key, {})[_text(span)] = None
    return {key: tuple(texts) for key, texts in shown.items()}


def _tables(article: Tag) -> dict[str, Table]:
    tables = {str(table["id"]): _table(table) for table in article.select("table.numbers[id]")}
    for figure in article.select("figure[id]"):
        beneath = figure.find_next_sibling()
        if beneath and beneath.name == "details" and (table := beneath.find("table")):
            tables[str(figure["id"])] = _table(table)
    return tables


def _table(table: Tag) -> Table:
    rows: dict[str, tuple[str, ...]] = {}
    for row in table.select("tbody tr"):
        head, *cells = [_text(cell) for cell in row.find_all(["th", "td"])]
        while head in rows:  # a header that stands again, such as an empty one
            head += "′"
        rows[head] = tuple(cells)
    columns = tuple(_text(cell) for cell in table.select("thead th"))
    return Table(_text(table.caption) if table.caption else "", columns, rows)


def _text(tag: Tag) -> str:
    return " ".join(tag.get_text().split())
