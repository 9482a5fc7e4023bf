"""Content folded away under a line that opens it, printed open; and content that is not printed at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from frivillig.sphinx.typst.markup import escape

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

    from frivillig.sphinx.typst.writer import TypstWriter


class details(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes in lower case
    """Content folded away under a summary."""


class summary(nodes.General, nodes.TextElement):  # noqa: N801
    """The line that opens and closes `details`."""


class on_screen(nodes.General, nodes.Element):  # noqa: N801
    """What only the site can do, such as downloads; `label` names it to those who do not see it."""


def _visit_details(self: HTML5Translator, node: details) -> None:
    self.body.append(self.starttag(node, "details", CLASS="numbers-beneath"))


def _depart_details(self: HTML5Translator, node: details) -> None:
    self.body.append("</details>\n")


def _visit_summary(self: HTML5Translator, node: summary) -> None:
    self.body.append(self.starttag(node, "summary", suffix=""))


def _depart_summary(self: HTML5Translator, node: summary) -> None:
    self.body.append("</summary>\n")


def visit_on_screen(self: HTML5Translator, node: nodes.Element) -> None:
    """A group of its own where it has a label."""
    attributes = {"role": "group", "aria-label": node["label"]} if node.get("label") else {}
    attributes |= {"data-exhibit": node["name"]} if node.get("name") else {}
    self.body.append(self.starttag(node, "div", CLASS="on-screen", **attributes))


def depart_on_screen(self: HTML5Translator, node: nodes.Element) -> None:
    """The end of the group."""
    self.body.append("</div>\n")


def leave_out(self: TypstWriter, node: nodes.Element) -> str:
    """Nothing."""
    return ""


def _print_details(self: TypstWriter, node: details) -> str:
    return self.children(node)


def _print_summary(self: TypstWriter, node: summary) -> str:
    return self.block(node, f"#rubric[{escape(node.get('printed', node.astext()))}]")


def setup(app: Sphinx) -> None:
    """Register the nodes."""
    app.add_node(details, html=(_visit_details, _depart_details), typst=(_print_details, None))
    app.add_node(on_screen, html=(visit_on_screen, depart_on_screen), typst=(leave_out, None))
    app.add_node(summary, html=(_visit_summary, _depart_summary), typst=(_print_summary, None))
