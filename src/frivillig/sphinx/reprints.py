"""Figures of other pages shown again, such as on the front page.

    {reprint} fig-sources

is the picture of the figure with that name and its alt text, without number, caption and numbers: the text
beside it should lead there with {numref}. Figures are drawn by notebooks that are read in any order, so the
picture is put in when all pages are read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from frivillig.sphinx.findings import remembered

logger = logging.getLogger(__name__)
# What the environment remembers: the pages that show pictures of others.
REPRINTS = "frivillig_reprints"


class reprint(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes in lower case
    """Stands for the picture of the figure `name` until all pages are read."""


class ReprintDirective(SphinxDirective):
    """{reprint}: the picture of a figure on another page."""

    required_arguments = 1
    has_content = False
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """A node that waits for the figure."""
        remembered(self.env, REPRINTS)[self.env.docname] = None
        node = reprint(name=self.arguments[0])
        self.set_source_info(node)
        return [node]


def _show(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Put in the pictures."""
    for node in list(doctree.findall(reprint)):
        image = _find(app.env, node["name"])
        if image is None:
            logger.error(
                "no figure is called '%s'", node["name"], location=node, type="frivillig", subtype="reprint"
            )
            node.parent.remove(node)
        else:
            node.replace_self(nodes.container("", image.deepcopy(), classes=["reprint"]))


def _find(env: BuildEnvironment, name: str) -> nodes.image | None:
    """The image of a figure by its name; None where there is none."""
    page, id, _ = env.domaindata["std"]["labels"].get(name, ("", "", ""))
    if not page:
        return None
    figures = (figure for figure in env.get_doctree(page).findall(nodes.figure) if id in figure["ids"])
    return next((image for figure in figures for image in figure.findall(nodes.image)), None)


def _rewrite(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """A picture may have changed on its own page, so pages that show others are written anew."""
    return list(remembered(env, REPRINTS))


def _forget(app: Sphinx, env: BuildEnvironment, page: str) -> None:
    remembered(env, REPRINTS).pop(page, None)


def _merge(app: Sphinx, env: BuildEnvironment, pages: Iterable[str], other: BuildEnvironment) -> None:
    shown = remembered(other, REPRINTS)
    remembered(env, REPRINTS).update({page: None for page in pages if page in shown})


def setup(app: Sphinx) -> None:
    """Register the directive, and the pictures that wait until all pages are read."""
    app.add_directive("reprint", ReprintDirective)
    app.add_node(reprint)
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", _rewrite)
    app.connect("doctree-resolved", _show)
