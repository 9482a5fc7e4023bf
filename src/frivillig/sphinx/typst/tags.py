"""The tag tree of a PDF: what screen readers read."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Name

if TYPE_CHECKING:
    from collections.abc import Iterator


def children(element: pikepdf.Dictionary) -> list[pikepdf.Dictionary]:
    """The structure elements right below one; its marked content is not among them."""
    kids = element.get("/K", [])
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def kind(element: pikepdf.Dictionary) -> str:
    """The kind of an element, such as P or TH."""
    return str(element.S).removeprefix("/")


def walk(element: pikepdf.Dictionary) -> Iterator[pikepdf.Dictionary]:
    """All structure elements below one, in reading order."""
    for child in children(element):
        yield child
        yield from walk(child)


@dataclass(frozen=True)
class RowHeaders:
    """How many rows form the head of a table, and how many cells head each row after them."""

    head: int
    cells: list[int]


def mark_row_headers(pdf: bytes, headers: list[RowHeaders]) -> bytes:
    """Tag the leading cells of rows as row headers, which Typst 0.15 can only do for columns.

    Typst also puts each row that heads a group into the head of the table or a body of its own; here all rows
    after the head become one body, as they were written.

    Args:
        pdf: A tagged PDF.
        headers: What heads the rows, for each table.

    Raises:
        ValueError: when tables or rows in the PDF are not those of the book.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        tables = [element for element in walk(document.Root.StructTreeRoot) if kind(element) == "Table"]
        for table, expected in zip(tables, headers, strict=True):
            for row, count in zip(_body(table, expected.head), expected.cells, strict=True):
                for cell in children(row)[:count]:
                    cell.S = Name.TH
                    cell.A = pikepdf.Dictionary(O=Name.Table, Scope=Name.Row)
        marked = BytesIO()
        document.save(marked, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return marked.getvalue()


def _body(table: pikepdf.Dictionary, head: int) -> list[pikepdf.Dictionary]:
    """The rows after the head, gathered in one body."""
    parts = [part for part in children(table) if kind(part) in ("THead", "TBody")]
    rows = [row for part in parts for row in children(part)]
    bodies = [part for part in parts if kind(part) == "TBody"]
    if len(bodies) > 1:
        keep = ([parts[0]] if head else []) + bodies[:1]
        for part, members in zip(keep, ([rows[:head]] if head else []) + [rows[head:]], strict=True):
            part.K = pikepdf.Array(members)
            for row in members:
                row.P = part
        others = [kid for kid in children(table) if kind(kid) not in ("THead", "TBody")]
        table.K = pikepdf.Array([*others, *keep])
    return rows[head:]
