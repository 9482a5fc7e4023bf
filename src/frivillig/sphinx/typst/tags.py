"""The tag tree of a PDF: what screen readers read."""

from __future__ import annotations

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


def mark_row_headers(pdf: bytes, headers: list[list[int]]) -> bytes:
    """Tag the leading cells of rows as row headers, which Typst 0.15 can only do for columns.

    Args:
        pdf: A tagged PDF.
        headers: For each table, and each row of its body, how many of the first cells head the row.

    Raises:
        ValueError: when tables or rows in the PDF are not those of the book.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        tables = [element for element in walk(document.Root.StructTreeRoot) if kind(element) == "Table"]
        for table, counts in zip(tables, headers, strict=True):
            rows = [row for part in children(table) if kind(part) == "TBody" for row in children(part)]
            for row, count in zip(rows, counts, strict=True):
                for cell in children(row)[:count]:
                    cell.S = Name.TH
                    cell.A = pikepdf.Dictionary(O=Name.Table, Scope=Name.Row)
        marked = BytesIO()
        document.save(marked, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return marked.getvalue()
