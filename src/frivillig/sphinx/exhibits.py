"""Exhibits in the book: a numbered figure or table, the numbers beneath it, and their download."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

from frivillig.display.exhibits import MIME_TYPE
from frivillig.sphinx.typst.markup import escape

if TYPE_CHECKING:
    from myst_nb.core.render import MimeData, NbElementRenderer
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

    from frivillig.sphinx.typst.writer import TypstWriter

NUMBERS_BENEATH = "Vis tallene i figuren"
NUMBERS_BENEATH_PRINTED = "Tallene i figuren"  # on paper nothing is folded
DOWNLOAD = "Last ned tallene (CSV)"


class details(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes in lower case
    """Content folded away under a summary."""


class summary(nodes.General, nodes.TextElement):  # noqa: N801
    """The line that opens and closes `details`."""


class ExhibitRenderer:
    """Plugin of myst-nb, named in pyproject.toml: from the output of a cell to nodes."""

    mime_priority_overrides = (("*", MIME_TYPE, 0),)

    @staticmethod
    def handle_mime(renderer: NbElementRenderer, data: MimeData, inline: bool) -> list[nodes.Element] | None:
        """The nodes of an exhibit; None for every other output."""
        if data.mime_type != MIME_TYPE or inline:
            return None
        exhibit: dict[str, Any] = data.content
        # Figures and tables change with their data: the folder keeps old downloads apart from new.
        folder = hashlib.sha256(exhibit["csv"].encode()).hexdigest()[:12]
        csv = ("\ufeff" + exhibit["csv"]).encode()  # the mark that tells spreadsheets it is UTF-8
        csv_uri = renderer.write_file(["exhibits", folder, f"{exhibit['name']}.csv"], csv, exists_ok=True)
        caption = _inline(renderer, exhibit["caption"], data.line or 0)
        table = _table(exhibit["rows"])
        download = _download(csv_uri)
        if not exhibit["svg"]:
            table.insert(0, nodes.title("", "", *caption))
            _label(renderer, table, exhibit["name"])
            return [table, download]
        svg_uri = renderer.write_file(
            ["exhibits", f"{exhibit['name']}.svg"], exhibit["svg"].encode(), overwrite=True
        )
        figure = nodes.figure(
            "",
            nodes.image(uri=svg_uri, alt=exhibit["alt"]),
            nodes.caption("", "", *caption),
            classes=["exhibit"],
        )
        _label(renderer, figure, exhibit["name"])
        beneath = details("", summary("", NUMBERS_BENEATH, printed=NUMBERS_BENEATH_PRINTED), table, download)
        return [figure, beneath]


def _inline(renderer: NbElementRenderer, markdown: str, line: int) -> list[nodes.Node]:
    parent = nodes.Element()
    with renderer.renderer.current_node_context(parent):
        renderer.renderer.nested_render_text(markdown, line, inline=True)
    return parent.children


def _label(renderer: NbElementRenderer, node: nodes.Element, name: str) -> None:
    node["names"].append(name)
    renderer.renderer.document.note_explicit_target(node, node)


def _table(rows: list[list[str]]) -> nodes.table:
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
            nodes.entry("", nodes.paragraph("", cell), classes=["words"] if index in words else [])
            for index, cell in enumerate(cells)
        ),
    )


def _download(uri: str) -> nodes.paragraph:
    link = addnodes.download_reference(
        "", "", nodes.inline("", DOWNLOAD), refdoc="", reftarget=uri, reftype="download", classes=["download"]
    )
    return nodes.paragraph("", "", link)


def _visit_details(self: HTML5Translator, node: details) -> None:
    self.body.append(self.starttag(node, "details", CLASS="numbers-beneath"))


def _depart_details(self: HTML5Translator, node: details) -> None:
    self.body.append("</details>\n")


def _visit_summary(self: HTML5Translator, node: summary) -> None:
    self.body.append(self.starttag(node, "summary", suffix=""))


def _depart_summary(self: HTML5Translator, node: summary) -> None:
    self.body.append("</summary>\n")


def _print_details(self: TypstWriter, node: details) -> str:
    return self.children(node)


def _print_summary(self: TypstWriter, node: summary) -> str:
    return self.block(node, f"#rubric[{escape(node['printed'])}]")


def setup(app: Sphinx) -> None:
    """Register the folding nodes; the renderer itself is found as a plugin."""
    app.add_node(details, html=(_visit_details, _depart_details), typst=(_print_details, None))
    app.add_node(summary, html=(_visit_summary, _depart_summary), typst=(_print_summary, None))
