"""Figures of other pages shown again, such as on the front page.

    {reprint} fig-sources

is the picture of the figure with that name, its alt text, its caption, and its number as a link to where it
stands with the numbers beneath it. Figures are drawn by notebooks that are read in any order, so the picture
is put in when all pages are read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from frivillig.sphinx.findings import remembered

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator

    from frivillig.sphinx.typst.writer import TypstWriter

logger = logging.getLogger(__name__)
# What the environment remembers: the pages that show pictures of others.
REPRINTS = "frivillig_reprints"


class reprint(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes in lower case
    """The figure `name` of another page: empty until all pages are read, then an image and a caption.

    It is no `figure` of docutils, as Sphinx would number it.
    """


class reprint_caption(nodes.General, nodes.TextElement):  # noqa: N801
    """The number and the caption of a reprint."""


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


class Reprinter(SphinxPostTransform):
    """Fills the reprints, before Sphinx resolves links: those in their captions lead from this page."""

    default_priority = 1

    def run(self) -> None:
        """Fill every reprint of the page; one without a figure is an error, and is taken out."""
        for node in list(self.document.findall(reprint)):
            figure = _find(self.env, node["name"])
            if figure is None:
                logger.error(
                    "no figure is called '%s'",
                    node["name"],
                    location=node,
                    type="frivillig",
                    subtype="reprint",
                )
                node.parent.remove(node)
                continue
            image, caption = (next(figure.findall(kind)).deepcopy() for kind in (nodes.image, nodes.caption))
            for link in caption.findall(addnodes.pending_xref):
                link["refdoc"] = self.env.docname
            number = addnodes.pending_xref(
                "",
                nodes.strong(),
                refdomain="std",
                reftype="numref",
                reftarget=node["name"],
                refexplicit=False,
                refwarn=True,
                refdoc=self.env.docname,
            )
            node += [image, reprint_caption("", "", number, nodes.Text(" "), *caption.children)]


def _find(env: BuildEnvironment, name: str) -> nodes.figure | None:
    """A figure by its name; None where there is none."""
    page, id, _ = env.domaindata["std"]["labels"].get(name, ("", "", ""))
    if not page:
        return None
    figures = env.get_doctree(page).findall(nodes.figure)
    return next((figure for figure in figures if id in figure["ids"]), None)


def _visit_reprint(self: HTML5Translator, node: reprint) -> None:
    self.body.append(self.starttag(node, "figure", CLASS="reprint"))


def _depart_reprint(self: HTML5Translator, node: reprint) -> None:
    self.body.append("</figure>\n")


def _visit_caption(self: HTML5Translator, node: reprint_caption) -> None:
    self.body.append(self.starttag(node, "figcaption", suffix="") + "<p>")


def _depart_caption(self: HTML5Translator, node: reprint_caption) -> None:
    self.body.append("</p></figcaption>\n")


def _print(self: TypstWriter, node: reprint) -> str:
    image, (number, *words) = node.children[0], node.children[1].children
    text = "".join(map(self.write, words)).strip()
    return self.block(
        node, f"#exhibit(number: [{self.write(number)}], caption: [{text}])[\n{self.write(image).strip()}\n]"
    )


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
    app.add_node(reprint, html=(_visit_reprint, _depart_reprint), typst=(_print, None))
    app.add_node(reprint_caption, html=(_visit_caption, _depart_caption))
    app.add_post_transform(Reprinter)
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", _rewrite)
