"""Tables: spans, header cells, alignment, and what the template needs to find the widths of columns."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docutils import nodes

from frivillig.sphinx.typst.markup import ZERO_WIDTH_SPACE, array, breakable, string
from frivillig.sphinx.typst.tags import RowHeaders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frivillig.sphinx.typst.writer import TypstWriter

# Numbers as Norwegian readers write them, with signs, units and intervals. A dash stands for none.
NUMERIC = re.compile(r"[\s\d.,:%()\[\]<>=≤≥±–−*\-]*\d[\s\d.,:%()\[\]<>=≤≥±–−*\-]*")
NONE = {"", "–", "−", "-"}
SPACES = re.compile(r"[ \t\n]+")  # where a line may break: not at no-break spaces
# Rows with more paragraphs in a cell may go on overleaf.
TALL = 6
# Enough of the longest words to be sure of the widest one, in a font whose letters differ in width.
CANDIDATES = 4


@dataclass
class Column:
    """What the template needs to know of a column to give it a width.

    Attributes:
        share: The width that the author gave, relative to the other columns; 0 for none.
        stub: Whether its cells head their rows, as those of the first column do at least to the eye.
        align: Where its cells stand, when the author says so.
        words: Its longest words, heads included.
        codes: Its longest words of code, whose letters are wider.
        longest: The longest paragraph of a cell.
        head: The text of its longest head.
        kinds: How many cells hold a number, and how many do not.
    """

    share: int
    stub: bool
    align: str = ""
    words: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    longest: str = ""
    head: str = ""
    kinds: Counter[bool] = field(default_factory=Counter)

    def note(self, entry: nodes.entry, *, head: bool) -> None:
        """Take a cell that lies in this column alone into account."""
        texts = [SPACES.sub(" ", child.astext()).strip() for child in entry.children]
        words = {word for text in texts for word in breakable(text).replace(ZERO_WIDTH_SPACE, " ").split(" ")}
        codes = {word for code in entry.findall(nodes.literal) for word in code.astext().split()}
        self.words, self.codes = _longest({*self.words, *words}), _longest({*self.codes, *codes})
        if head:
            self.head = max(self.head, *texts, key=len)
        else:
            self.longest = max(self.longest, *texts, key=len)
            if (text := " ".join(texts)) not in NONE:
                self.kinds[bool(NUMERIC.fullmatch(text))] += 1
        for side in ("left", "center", "right"):
            if f"text-{side}" in entry["classes"]:
                self.align = side

    def code(self) -> str:
        """The column as an argument of the template's function; columns of numbers go to the right."""
        numeric = not self.stub and self.kinds[True] > self.kinds[False]
        return (
            f"(align: {self.align or ('right' if numeric else 'left')}, share: {self.share}, "
            f"words: {array([string(word) for word in self.words])}, "
            f"codes: {array([string(word) for word in self.codes])}, "
            f"longest: {string(self.longest)}, head: {string(self.head)})"
        )


def _longest(words: set[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))[:CANDIDATES]


def write_table(writer: TypstWriter, node: nodes.table) -> str:
    """A table with number and caption when it has them; its row headers are noted for the tag tree."""
    group = next(node.findall(nodes.tgroup))
    specs = list(group.findall(nodes.colspec))
    shares = [spec["colwidth"] for spec in specs]
    given = len(set(shares)) > 1  # docutils gives all columns the same when the author gives none
    stubs = sum(bool(spec.get("stub")) for spec in specs)
    columns = [
        Column(share if given else 0, stub=place < max(stubs, 1)) for place, share in enumerate(shares)
    ]
    heads = [row for part in group.children if isinstance(part, nodes.thead) for row in part.children]
    bodies = [row for part in group.children if isinstance(part, nodes.tbody) for row in part.children]
    placed_bodies = list(_place(bodies))
    for rows, head in ((_place(heads), True), (placed_bodies, False)):
        for row in rows:
            for place, entry in row:
                if not entry.get("morecols"):
                    columns[place].note(entry, head=head)
    groups = [stubs > 0 and _is_group(row, len(specs)) for row in bodies]
    stub_cells = [
        0 if group else sum(place < stubs for place, _ in row)
        for group, row in zip(groups, placed_bodies, strict=True)
    ]
    writer.builder.row_headers.append(RowHeaders(len(heads), stub_cells))
    title = next((child for child in node.children if isinstance(child, nodes.title)), None)
    arguments = [
        f"place: {string(writer.place(node))}",
        f"anchor: {writer.target(node)}",
        f"number: {string(writer.builder.number(writer.docname, node, 'table'))}",
        f"columns: {array([column.code() for column in columns])}",
        f"rows: {len(bodies)}",
    ]
    if any(groups):
        arguments.append("grouped: true")
    if writer.waiting_headings:
        arguments.append(f"heading: [{writer.waiting_headings.strip()}]")
        writer.waiting_headings = ""
    if title is not None:
        arguments.append(f"caption: {writer.content(title)}")
    if heads:
        arguments.append(f"head-rows: {len(heads)}")
        arguments.append(
            f"header: {array([_cell(writer, entry, row) for row in heads for entry in row.children])}"
        )
    lines = [
        f"group({len(specs)}, {_cell(writer, row.children[0], row, plain=True)})"
        if group
        else ", ".join(_cell(writer, entry, row) for entry in row.children)
        for group, row in zip(groups, bodies, strict=True)
    ]
    return writer.block(node, "#data-table(\n" + "".join(f"{line},\n" for line in (*arguments, *lines)) + ")")


def _is_group(row: nodes.row, columns: int) -> bool:
    """Whether a row has one cell over all columns, which says what the rows beneath it are about."""
    return columns > 1 and row.children[0].get("morecols", 0) == columns - 1


def _place(rows: list[nodes.row]) -> Iterator[list[tuple[int, nodes.entry]]]:
    """The cells of each row with their columns, where cells may reach over rows and columns."""
    taken: dict[int, int] = {}  # column: rows that a cell from above still takes
    for row in rows:
        free = (column for column in range(1000) if not taken.get(column))
        cells = []
        below: dict[int, int] = {
            column: rows_left - 1 for column, rows_left in taken.items() if rows_left > 1
        }
        for entry in row.children:
            covered = [next(free) for _ in range(entry.get("morecols", 0) + 1)]
            cells.append((covered[0], entry))
            if entry.get("morerows"):
                below |= dict.fromkeys(covered, entry["morerows"])
        taken = below
        yield cells


def _cell(writer: TypstWriter, entry: nodes.entry, row: nodes.row, *, plain: bool = False) -> str:
    # A row that is linked to has its label in its first cell.
    anchor = writer.anchor(row) if entry is row.children[0] else ""
    body = writer.inline(entry)
    settings = [
        f"{name}: {entry[more] + 1}"
        for name, more in (("colspan", "morecols"), ("rowspan", "morerows"))
        if entry.get(more)
    ]
    if any(len(cell.children) > TALL for cell in row.children):
        settings.append("breakable: true")
    if plain or not settings:
        return f"[{anchor}{body}]"
    return f"table.cell({', '.join(settings)})[{anchor}{body}]"
