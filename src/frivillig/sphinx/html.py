"""Pages that say more: what table headers head, what language a text is in, and where the PDF is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from frivillig.sphinx.typst.walker import language_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

TEMPLATES = Path(__file__).parent / "templates"


class Translator(HTML5Translator):
    """Sphinx's writer, with `scope` on header cells."""

    def starttag(self, node: nodes.Node | dict, tagname: str, *args: object, **attributes: object) -> str:
        """An opening tag; `<th>` gets the scope of its place in the table, and `lang-en` sets a language."""
        if tagname == "th" and isinstance(node, nodes.entry):
            attributes["scope"] = "col" if isinstance(node.parent.parent, nodes.thead) else "row"
        if isinstance(node, nodes.Element) and (language := language_of(node)):
            attributes["lang"] = language
        return super().starttag(node, tagname, *args, **attributes)


def _add_templates(app: Sphinx, config: Config) -> None:
    config["templates_path"] = [*config["templates_path"], str(TEMPLATES)]


def _name_pdf(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: object) -> None:
    context["pdf"] = app.config.typst_filename


def setup(app: Sphinx) -> None:
    """Use the writer, and give pdf-link.html, which _config.yml puts on every page, the name of the PDF."""
    app.connect("config-inited", _add_templates)
    app.connect("html-page-context", _name_pdf)
    # pydata-sphinx-theme adds its own changes on top of the writer.
    for builder in ("html", "dirhtml"):
        app.set_translator(builder, Translator)
