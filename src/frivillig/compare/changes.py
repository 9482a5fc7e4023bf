"""What differs between two sites."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from frivillig.compare.reading import Page, Table

NOTHING = "–"


@dataclass(frozen=True)
class NumberChange:
    """A number that shows otherwise, and the pages where it does; one side is '–' when it is new or gone."""

    key: str
    before: str
    after: str
    pages: tuple[str, ...]


@dataclass(frozen=True)
class CellChange:
    """A cell that shows otherwise; a whole row or column when it is new or gone."""

    row: str
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class TableChange:
    """A table, or the numbers beneath a figure, with the cells that changed."""

    name: str
    page: str
    cells: tuple[CellChange, ...]


@dataclass(frozen=True)
class FigureChange:
    """A figure whose file changed; None where it is new or gone."""

    name: str
    page: str
    before: Path | None
    after: Path | None


@dataclass(frozen=True)
class PageChange:
    """A page with the number of paragraphs, headings and items that are new, gone or put otherwise."""

    page: str
    title: str
    status: str
    new: int = 0
    gone: int = 0


@dataclass(frozen=True)
class Changes:
    """All that differs."""

    numbers: tuple[NumberChange, ...]
    tables: tuple[TableChange, ...]
    figures: tuple[FigureChange, ...]
    pages: tuple[PageChange, ...]


def find_changes(old: Mapping[str, Page], new: Mapping[str, Page]) -> Changes:
    """Compare two sites as `read_site` gives them."""
    both = [(file, old.get(file), new.get(file)) for file in dict.fromkeys([*old, *new])]
    return Changes(
        numbers=tuple(_numbers(both)),
        tables=tuple(change for pair in both for change in _tables(*pair)),
        figures=tuple(change for pair in both for change in _figures(*pair)),
        pages=tuple(change for pair in both for change in _page(*pair)),
    )


def _numbers(both: list[tuple[str, Page | None, Page | None]]) -> Iterator[NumberChange]:
    """One change for all pages that show a number in the same two ways."""
    pages: dict[tuple[str, str, str], list[str]] = {}
    for file, before, after in both:
        if before is None or after is None:
            continue  # every number of a page that is new or gone would be listed
        for key in dict.fromkeys([*before.numbers, *after.numbers]):
            shown = [" / ".join(page.numbers.get(key, (NOTHING,))) for page in (before, after)]
            if shown[0] != shown[1]:
                pages.setdefault((key, *shown), []).append(file)
    for (key, was, now), files in pages.items():
        yield NumberChange(key, was, now, tuple(files))


def _tables(file: str, before: Page | None, after: Page | None) -> Iterator[TableChange]:
    if before is None or after is None:
        return
    for name in dict.fromkeys([*before.tables, *after.tables]):
        if name not in before.tables or name not in after.tables:
            status = ("the table", NOTHING) if name in before.tables else (NOTHING, "the table")
            yield TableChange(name, file, (CellChange("", "", *status),))
        elif cells := tuple(_cells(before.tables[name], after.tables[name])):
            yield TableChange(name, file, cells)


def _cells(before: Table, after: Table) -> Iterator[CellChange]:
    if before.caption != after.caption:
        yield CellChange("caption", "", before.caption, after.caption)
    for column in dict.fromkeys([*before.columns[1:], *after.columns[1:]]):
        if column not in before.columns:
            yield CellChange("", column, NOTHING, "the column")
        elif column not in after.columns:
            yield CellChange("", column, "the column", NOTHING)
    for row in dict.fromkeys([*before.rows, *after.rows]):
        if row not in before.rows:
            yield CellChange(row, "", NOTHING, "; ".join(after.rows[row]))
            continue
        if row not in after.rows:
            yield CellChange(row, "", "; ".join(before.rows[row]), NOTHING)
            continue
        was = dict(zip(before.columns[1:], before.rows[row], strict=True))
        now = dict(zip(after.columns[1:], after.rows[row], strict=True))
        for column in was:
            if column in now and was[column] != now[column]:
                yield CellChange(row, column, was[column], now[column])


def _figures(file: str, before: Page | None, after: Page | None) -> Iterator[FigureChange]:
    if before is None or after is None:
        return
    for name in dict.fromkeys([*before.figures, *after.figures]):
        was, now = before.figures.get(name), after.figures.get(name)
        if was is None or now is None or was.read_bytes() != now.read_bytes():
            yield FigureChange(name, file, was, now)


def _page(file: str, before: Page | None, after: Page | None) -> Iterator[PageChange]:
    if after is None:
        assert before is not None
        yield PageChange(file, before.title, "gone", gone=len(before.blocks))
    elif before is None:
        yield PageChange(file, after.title, "new", new=len(after.blocks))
    elif before.blocks != after.blocks:
        matcher = difflib.SequenceMatcher(None, before.blocks, after.blocks, autojunk=False)
        same = sum(block.size for block in matcher.get_matching_blocks())
        yield PageChange(file, after.title, "changed", len(after.blocks) - same, len(before.blocks) - same)
