"""What readers can do with an exhibit: enlarge it, take it along, link to it, see how it was computed.

All of it works as links; theme/static/reuse.js adds the enlarging and the copying. Nothing of it is printed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

from frivillig.display.numbers import printed
from frivillig.sphinx.findings import row_reference
from frivillig.sphinx.folds import depart_on_screen, details, leave_out, on_screen, summary, visit_on_screen
from frivillig.sphinx.provenance import statistics_behind

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DOWNLOAD = "Last ned"
HOW = "Slik er det regnet"
KINDS = {"fig": ("figure", "figuren"), "tab": ("table", "tabellen")}
ROWS = "Trykte tall som inngår:"


class tools(on_screen):  # noqa: N801 - docutils names nodes in lower case
    """The tools of the exhibit `name`: how it was computed, and a line of downloads."""


def tools_for(name: str, files: dict[str, str]) -> tools:
    """The tools of an exhibit.

    Args:
        name: Label of the exhibit, `fig-…` or `tab-…`.
        files: Where each file is, by what it is called: `CSV`.
    """
    links: list[nodes.Node] = [nodes.inline("", f"{DOWNLOAD}: ", classes=["before"])]
    for kind, uri in files.items():
        link = addnodes.download_reference("", "", refdoc="", reftarget=uri, reftype="download")
        link["classes"].append("download")
        link += nodes.Text(kind)
        links += [link, nodes.Text(" ")]
    return tools(
        "", nodes.paragraph("", "", *links[:-1], classes=["downloads"]), name=name, classes=["exhibit-tools"]
    )


def _explain(app: Sphinx, page: nodes.document) -> None:
    """Say below each exhibit which code draws it and which printed numbers this reads."""
    cells: list[str] = []
    for cell in page.findall(nodes.container):
        if cell.get("nb_element") != "cell_code":
            continue
        source = next((part for part in cell.children if part.get("nb_element") == "cell_code_source"), None)
        if source is None:
            continue
        cells.append(source.astext())
        for exhibit in cell.findall(tools):
            name = exhibit["name"]
            anchor = f"kode-{name}"
            source["ids"].append(anchor)
            exhibit.insert(0, _how(app, name, anchor, statistics_behind(cells, name, app.frivillig_spine)))


def _how(app: Sphinx, name: str, anchor: str, ids: list[str]) -> details:
    _, words = KINDS[name[:3]]
    code = nodes.reference("", f"Koden som lager {words}", internal=True, refid=anchor, classes=["to-code"])
    content: list[nodes.Node] = [nodes.paragraph("", "", code)]
    if ids:
        rows = [nodes.list_item("", nodes.paragraph("", "", *_row(app, id))) for id in ids]
        content += [nodes.paragraph("", ROWS), nodes.bullet_list("", *rows)]
    return details("", summary("", HOW), *content, classes=["how-computed"])


def _row(app: Sphinx, id: str) -> list[nodes.Node]:
    statistic = app.frivillig_spine[id]
    return [row_reference(app.env, id, statistic.statement), nodes.Text(f": {printed(statistic)}")]


def _name(app: Sphinx, page: nodes.document, docname: str) -> None:
    """Give each group and link the number of its exhibit, known now that all pages are read."""
    for exhibit in page.findall(tools):
        kind, words = KINDS[exhibit["name"][:3]]
        numbers = app.env.toc_fignumbers.get(docname, {}).get(kind, {})
        number = ".".join(map(str, numbers.get(exhibit["name"], ())))
        exhibit["label"] = app.config.numfig_format[kind] % number if number else words.capitalize()
        for link in exhibit.findall(addnodes.download_reference):
            before = f"{DOWNLOAD} {exhibit['label']} som "
            link.insert(0, nodes.inline("", before, classes=["visually-hidden"]))


def _load(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    """Script and style, where there is something to take along."""
    if tree is not None and next(tree.findall(on_screen), None):
        app.add_css_file("reuse.css")
        app.add_js_file("reuse.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the node, and what is filled in when the page and when all pages are read."""
    app.add_node(tools, html=(visit_on_screen, depart_on_screen), typst=(leave_out, None))
    app.connect("doctree-read", _explain)
    app.connect("doctree-resolved", _name)
    app.connect("html-page-context", _load)
