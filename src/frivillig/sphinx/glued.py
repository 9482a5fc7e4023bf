"""Glued values keep their name on the page, so that two sites can be compared number by number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from myst_nb.ext.glue.roles import PasteTextRole

if TYPE_CHECKING:
    from sphinx.application import Sphinx

CLASS = "glue-"


class GluedText(PasteTextRole):
    """{glue:text}`name`: the text, in a span of the class glue-name."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The value of the role, named."""
        shown, messages = super().run()
        for node in shown:
            if isinstance(node, nodes.inline):
                node["classes"].append(f"{CLASS}{self.text.rsplit(':', 1)[0]}")
        return shown, messages


def setup(app: Sphinx) -> None:
    """Exchange the role of myst-nb."""
    app.add_role_to_domain("glue", "text", GluedText(), override=True)
