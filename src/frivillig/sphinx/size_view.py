"""Values that a page carries for its script, and the script of the page for municipalities.

The page shows everything as tables. Its script adds a form that computes from the same model for any
number of inhabitants, and picks from the tables what belongs to it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from docutils import nodes

from frivillig.display.page_data import MIME_TYPE

if TYPE_CHECKING:
    from myst_nb.core.render import MimeData, NbElementRenderer
    from sphinx.application import Sphinx


class PageDataRenderer:
    """Plugin of myst-nb, named in pyproject.toml: values as JSON that no one sees."""

    mime_priority_overrides = (("*", MIME_TYPE, 0),)

    @staticmethod
    def handle_mime(renderer: NbElementRenderer, data: MimeData, inline: bool) -> list[nodes.Element] | None:
        """A script element that holds the values; None for every other output."""
        if data.mime_type != MIME_TYPE or inline:
            return None
        content: dict[str, Any] = data.content
        # Within a script no text may look like the end of it.
        values = json.dumps(content["values"], ensure_ascii=False).replace("<", r"\u003c")
        script = f'<script type="application/json" id="{content["name"]}">{values}</script>'
        return [nodes.raw("", script, format="html")]


def _load(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    if 'id="size-view"' in context.get("body", ""):
        app.add_css_file("size-view.css")
        app.add_js_file("size-view.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Load the script where its values are."""
    app.connect("html-page-context", _load)
