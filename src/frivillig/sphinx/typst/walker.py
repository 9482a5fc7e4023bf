"""Walking a doctree: finding handlers, places in the source, labels and languages."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.utils import get_source_line

from frivillig.sphinx.typst.markup import label, string

if TYPE_CHECKING:
    from frivillig.sphinx.typst.builder import TypstBuilder

LANGUAGE_CLASS = re.compile(r"lang-([a-z]{2,3})")


def language_of(node: nodes.Element) -> str:
    """The language that a class such as `lang-en` gives to a node; empty when none does."""
    matches = (LANGUAGE_CLASS.fullmatch(name) for name in node.get("classes", []))
    return next((match[1] for match in matches if match), "")


class Walker:
    """What every handler needs, whatever its kind of node.

    A handler is a method `visit_<node class>` that returns Typst markup. The handler of the nearest base
    class counts, so that `visit_Admonition` serves every admonition. An extension adds handlers for nodes
    of its own with `app.add_node(node, typst=(handler, None))`; they get the writer and the node.

    Args:
        document: The resolved doctree.
        builder: The builder, which knows the labels, numbers and images of the whole book.
        docname: Name of the document.
        depth: How deep the document lies in the table of contents; chapters lie at 1.
    """

    def __init__(self, document: nodes.document, builder: TypstBuilder, docname: str, depth: int) -> None:
        self.builder = builder
        self.docname = docname
        self.level = depth - 1
        self.footnotes = {id: note for note in document.findall(nodes.footnote) for id in note["ids"]}
        self.printed_footnotes: set[str] = set()
        self.waiting_headings = ""

    def write(self, node: nodes.Node) -> str:
        """The markup of a node; an unknown node is a fault of the build."""
        for kind in type(node).__mro__:
            handler = getattr(self, f"visit_{kind.__name__}", None)
            if handler:
                return handler(node)
        self.fault(node, f"the PDF has no handler for the node '{type(node).__name__}'; see typst/README.md")
        return ""

    def children(self, node: nodes.Element) -> str:
        """The markup of all children."""
        return "".join(self.write(child) for child in node.children)

    def content(self, node: nodes.Element) -> str:
        """The children as a content block."""
        return f"[{self.children(node).strip()}]"

    def inline(self, node: nodes.Element) -> str:
        """The children on one line where they are a single paragraph, as in cells and footnotes."""
        if len(node.children) == 1 and isinstance(node.children[0], nodes.paragraph):
            return self.children(node.children[0]).strip().replace("\n", " ")
        return self.children(node).strip()

    def fault(self, node: nodes.Node, text: str) -> None:
        """Report what cannot be printed, with its place; there will be no PDF."""
        self.builder.fault(text, location=self.place(node))

    def place(self, node: nodes.Node) -> str:
        """The source file and line of a node, or of the nearest one around it whose line is known."""
        nearest = node
        while not nearest.line and nearest.parent is not None:
            nearest = nearest.parent
        source, line = get_source_line(nearest)
        path, root = PurePosixPath(source or self.docname), PurePosixPath(self.builder.srcdir)
        shown = path.relative_to(root) if path.is_relative_to(root) else path
        return f"{shown}:{line}" if line else str(shown)

    def block(self, node: nodes.Element, markup: str) -> str:
        """A block of its own, after a comment that leads from Typst's errors back to the source.

        The text of paragraphs keeps its lines, so that errors in them can be traced to the very line.
        """
        lines = " +" if isinstance(node, nodes.paragraph) else ""
        return f"\n\n// @{self.place(node)}{lines}\n{markup}\n\n"

    def anchor(self, node: nodes.Element) -> str:
        """Markup to link to, when something links to the node."""
        name = self.builder.label_of(self.docname, node)
        return f"#metadata(none){label(name)}" if name else ""

    def target(self, node: nodes.Element) -> str:
        """Code for the label of the node, for functions of the template that set it themselves."""
        name = self.builder.label_of(self.docname, node)
        return f"label({string(name)})" if name else "none"

    def styled(self, node: nodes.Element, markup: str) -> str:
        """The markup in the look that typst_styles gives to a class of the node."""
        styles = self.builder.config.typst_styles
        style = next((styles[name] for name in node["classes"] if name in styles), "")
        return f"#{style}[{markup}];" if style else markup

    def in_language(self, node: nodes.Element, markup: str, *, block: bool) -> str:
        """The markup in the language that a class of the node names."""
        language = language_of(node)
        if not language:
            return markup
        setting = f"lang: {string(language)}, region: none"
        return f"\n\n#[\n#set text({setting})\n{markup}\n]\n\n" if block else f"#text({setting})[{markup}];"
