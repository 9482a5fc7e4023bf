"""A link to the PDF in the text: {pdf}`én PDF`; within the PDF only the words."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole


class pdf_link(nodes.General, nodes.Inline, nodes.TextElement):  # noqa: N801 - docutils names nodes in lower case
    """Words that lead to the PDF, until the builder is known."""


class PdfRole(SphinxRole):
    """{pdf}`words`: the words as a link to the PDF, which lies beside the front page of the site."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The words; both builders share what is read, so the link is made when they write."""
        return [pdf_link("", self.text)], []


def _link(app: Sphinx, doctree: nodes.document, page: str) -> None:
    address = "../" * page.count("/") + app.config.typst_filename
    for node in list(doctree.findall(pdf_link)):
        words = nodes.Text(node.astext())
        link = nodes.reference("", "", words, refuri=address, internal=True)
        node.replace_self(link if app.builder.format == "html" else words)


def setup(app: Sphinx) -> None:
    """Register the role."""
    app.add_node(pdf_link)
    app.add_role("pdf", PdfRole())
    app.connect("doctree-resolved", _link)
