"""Tables whose headers say what they head, for screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class Translator(HTML5Translator):
    """Sphinx's writer, with `scope` on header cells."""

    def starttag(self, node: nodes.Node | dict, tagname: str, *args: object, **attributes: object) -> str:
        """An opening tag; `<th>` gets the scope that its place in the table gives it."""
        if tagname == "th" and isinstance(node, nodes.entry):
            attributes["scope"] = "col" if isinstance(node.parent.parent, nodes.thead) else "row"
        return super().starttag(node, tagname, *args, **attributes)


def setup(app: Sphinx) -> None:
    """Use the writer; pydata-sphinx-theme adds its own changes on top of it."""
    for builder in ("html", "dirhtml"):
        app.set_translator(builder, Translator)
