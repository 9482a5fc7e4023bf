"""The changes as Markdown, for a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from frivillig.compare.changes import Changes

# GitHub shows a megabyte of summary; a reader, far less.
LONGEST = 200


def markdown(changes: Changes, shares: Mapping[str, float]) -> str:
    """The summary.

    Args:
        changes: What differs.
        shares: By figure, the share of its picture that differs; figures that look the same are left out.
    """
    figures = [figure for figure in changes.figures if shares.get(figure.name, 1.0) > 0]
    lines = ["# What changes for readers", ""]
    if not (changes.numbers or changes.tables or figures or changes.pages):
        return "\n".join([*lines, "Nothing: pages, numbers, tables and figures are the same.", ""])
    counts = {
        "numbers in the text": len(changes.numbers),
        "tables": len(changes.tables),
        "figures": len(figures),
        "pages": len(changes.pages),
    }
    lines += [", ".join(f"{count} {name}" for name, count in counts.items()) + ".", ""]
    lines += _section(
        "Numbers in the text",
        ("Number", "Before", "After", "Pages"),
        [(f"`{n.key}`", n.before, n.after, ", ".join(n.pages)) for n in changes.numbers],
    )
    lines += _section(
        "Tables",
        ("Table", "Row", "Column", "Before", "After"),
        [
            (f"`{table.name}`", cell.row, cell.column, cell.before, cell.after)
            for table in changes.tables
            for cell in table.cells
        ],
    )
    lines += _section(
        "Figures",
        ("Figure", "Page", "Part of the picture that differs"),
        [(f"`{f.name}`", f.page, _percent(shares.get(f.name))) for f in figures],
    )
    lines += _section(
        "Pages",
        ("Page", "", "Paragraphs new or changed", "Paragraphs gone or changed"),
        [(f"{p.title} (`{p.page}`)", p.status, str(p.new), str(p.gone)) for p in changes.pages],
    )
    return "\n".join(lines)


def _section(title: str, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    if not rows:
        return
    yield from (f"## {title}", "", _row(heads), _row(("---",) * len(heads)))
    yield from map(_row, rows[:LONGEST])
    yield ""
    if len(rows) > LONGEST:
        yield from (f"And {len(rows) - LONGEST} more.", "")


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("<", "&lt;") for cell in cells) + " |"


def _percent(share: float | None) -> str:
    return "not drawn" if share is None else f"{100 * share:.1f} %"
