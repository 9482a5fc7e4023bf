"""Exhibits in the book: a numbered figure or table, the numbers beneath it, and its tools."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from frivillig.display.exhibits import MIME_TYPE
from frivillig.sphinx.folds import details, summary
from frivillig.sphinx.pictures import to_png
from frivillig.sphinx.tables import numbers_table
from frivillig.sphinx.tools import tools_for

if TYPE_CHECKING:
    from myst_nb.core.render import MimeData, NbElementRenderer

NUMBERS_BENEATH = "Vis tallene i figuren"
NUMBERS_BENEATH_PRINTED = "Tallene i figuren"  # on paper nothing is folded
# Attribute of a figure or table until the page is read: what the text around it must not give away.
WITHHELD = "withheld"


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
        table = numbers_table(exhibit["rows"])
        if not exhibit["svg"]:
            table.insert(0, nodes.title("", "", *caption))
            table[WITHHELD] = _flat(exhibit["withheld"])
            _label(renderer, table, exhibit["name"])
            return [table, tools_for(exhibit["name"], {"CSV": csv_uri})]
        svg_uri = renderer.write_file(
            ["exhibits", f"{exhibit['name']}.svg"], exhibit["svg"].encode(), overwrite=True
        )
        figure = nodes.figure(
            "",
            nodes.image(uri=svg_uri, alt=exhibit["alt"]),
            nodes.caption("", "", *caption),
            classes=["exhibit"],
        )
        figure[WITHHELD] = _flat(exhibit["withheld"])
        _label(renderer, figure, exhibit["name"])
        beneath = details("", summary("", NUMBERS_BENEATH, printed=NUMBERS_BENEATH_PRINTED), table)
        png_uri = _write_png(renderer, exhibit["name"], exhibit["svg"])
        return [
            figure,
            beneath,
            tools_for(exhibit["name"], {"SVG": svg_uri, "PNG": png_uri, "CSV": csv_uri}),
        ]


def _flat(forms: list[list[str]]) -> list[str]:
    return [form for kind in forms for form in kind]


def _inline(renderer: NbElementRenderer, markdown: str, line: int) -> list[nodes.Node]:
    parent = nodes.Element()
    with renderer.renderer.current_node_context(parent):
        renderer.renderer.nested_render_text(markdown, line, inline=True)
    return parent.children


def _write_png(renderer: NbElementRenderer, name: str, svg: str) -> str:
    """The picture for documents and slides that take no SVG; made once for each state of the figure."""
    path = ["exhibits", hashlib.sha256(svg.encode()).hexdigest()[:12], f"{name}.png"]
    known = Path(renderer.config.output_folder).joinpath(*path)
    return renderer.write_file(path, known.read_bytes() if known.exists() else to_png(svg), exists_ok=True)


def _label(renderer: NbElementRenderer, node: nodes.Element, name: str) -> None:
    node["names"].append(name)
    renderer.renderer.document.note_explicit_target(node, node)
