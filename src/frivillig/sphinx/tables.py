"""Tables of plain text, as exhibits and findings show them."""

from __future__ import annotations

import re

from docutils import nodes


def numbers_table(rows: list[list[str]]) -> nodes.table:
    """A table whose first row and first column are headers; cells are plain text, never markup."""
    head, *body = rows
    # Columns of words start at the left, columns with any number end at the right.
    words = {index for index in range(1, len(head)) if not any(re.search(r"\d", row[index]) for row in body)}
    columns = [nodes.colspec(colwidth=100 // len(head), stub=int(index == 0)) for index in range(len(head))]
    for column in columns:
        if not column["stub"]:
            del column["stub"]
    return nodes.table(
        "",
        nodes.tgroup(
            "",
            *columns,
            nodes.thead("", _row(head, words)),
            nodes.tbody("", *(_row(row, words) for row in body)),
            cols=len(head),
        ),
        classes=["numbers"],
    )


def _row(cells: list[str], words: set[int]) -> nodes.row:
    return nodes.row(
        "",
        *(
            nodes.entry("", nodes.paragraph("", cell), classes=_classes(cell, index in words))
            for index, cell in enumerate(cells)
        ),
    )


def _classes(cell: str, words: bool) -> list[str]:
    if words:
        return ["words"]
    # On a phone, the interval may stand below its estimate.
    return ["estimate"] if re.search(r"\d \(", cell) else []
