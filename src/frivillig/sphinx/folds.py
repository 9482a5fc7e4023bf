"""Content folded away under a line that opens it; printed open."""

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
    return self.block(node, f"#rubric[{escape(node.get('printed', node.astext()))}]")


def setup(app: Sphinx) -> None:
    """Register the nodes."""
    app.add_node(details, html=(_visit_details, _depart_details), typst=(_print_details, None))
    app.add_node(summary, html=(_visit_summary, _depart_summary), typst=(_print_summary, None))
