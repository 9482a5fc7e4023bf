"""The builder: walks the book in reading order, has each page written, and compiles one PDF."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import font_source_sans_pro
import typst
from babel.dates import format_date
from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.errors import SphinxError
from sphinx.util import logging

from frivillig.sphinx.typst import texts
from frivillig.sphinx.typst.markup import array, string
from frivillig.sphinx.typst.tags import RowHeaders, mark_row_headers
from frivillig.sphinx.typst.writer import TypstWriter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.environment import BuildEnvironment

logger = logging.getLogger(__name__)

TEMPLATE = Path(__file__).with_name("template.typ")
BOOK = "book.typ"
STANDARD = "ua-1"
PLACE = re.compile(r"// @(?P<source>.+?)(?::(?P<line>\d+))?(?P<text> \+)?$")
DIAGNOSTIC = re.compile(r"^error: (?P<text>.*)\n\s*┌─ (?P<file>.+):(?P<line>\d+):\d+$", re.MULTILINE)

# A place to link to: a document and an id in it; the empty id is the document itself.
Goal = tuple[str, str]


class PdfError(SphinxError):
    """The book cannot be printed; the faults have been reported one by one."""

    category = "PDF"


class TypstBuilder(Builder):
    """Builds the book as one PDF that fulfils PDF/UA-1, or reports why it cannot."""

    name = "typst"
    format = "typst"
    epilog = "The PDF is in %(outdir)s."
    supported_image_types: ClassVar[list[str]] = ["image/svg+xml", "image/png", "image/jpeg"]
    default_translator_class: ClassVar[type] = TypstWriter  # type: ignore[assignment]

    def init(self) -> None:
        """Start with a book in which nothing is known."""
        self.imagedir = "images"
        self.labels: dict[Goal, str] = {}
        self.linked: set[str] = set()
        self.row_headers: list[RowHeaders] = []
        self.faults = 0

    # What Sphinx asks of a builder

    def get_outdated_docs(self) -> str:
        """One PDF, always written anew."""
        return "the whole book"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """The document, marked as one of the book."""
        return f"%{docname}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """As get_target_uri: within one file there is nothing relative."""
        return self.get_target_uri(to, typ)

    def write(self, *_: object) -> None:
        """Write the whole book as Typst source."""
        documents = [
            (docname, depth, self.env.get_and_resolve_doctree(docname, self, prune_toctrees=False))
            for docname, depth in self._reading_order()
        ]
        for docname, _depth, tree in documents:
            self.post_process_images(tree)
            self._note_labels(docname, tree)
        for docname, _depth, tree in documents:
            self._note_links(docname, tree)
        parts = dict(self._parts())
        pages = [
            (f"\n#part({string(parts[docname])})\n" if docname in parts else "")
            + self.create_translator(tree, self, docname, depth).write(tree)
            for docname, depth, tree in documents
        ]
        folder = Path(self.outdir)
        # An old PDF must not be taken for one of this book.
        (folder / self.config.typst_filename).unlink(missing_ok=True)
        (folder / self.imagedir).mkdir(parents=True, exist_ok=True)
        for source, name in self.images.items():
            shutil.copyfile(Path(self.srcdir, source), folder / self.imagedir / name)
        shutil.copyfile(self.config.typst_template or TEMPLATE, folder / "template.typ")
        source = re.sub(r"\n{3,}", "\n\n", self._preamble() + "".join(pages))
        (folder / BOOK).write_text(source, encoding="utf-8")

    def finish(self) -> None:
        """Compile, tag the row headers and save the PDF."""
        if self.faults:
            raise PdfError(f"faults named above: {self.faults}; no PDF was made")
        pdf = mark_row_headers(self._compile(), self.row_headers)
        Path(self.outdir, self.config.typst_filename).write_bytes(pdf)

    # What the writer asks of the builder

    def fault(self, text: str, location: str | None) -> None:
        """Report what keeps the book from being printed, with its place in the source."""
        self.faults += 1
        logger.error("%s", text, location=location, type="typst", subtype="fault")

    def label_of(self, docname: str, node: nodes.Element) -> str:
        """The label that others link to, empty when nobody does."""
        label = self.labels.get((docname, node["ids"][0]), "") if node["ids"] else ""
        return label if label in self.linked else ""

    def goal_of(self, docname: str, reference: nodes.reference) -> Goal | None:
        """Where a reference leads; None when it leads out of the book."""
        if "refid" in reference:
            return docname, reference["refid"]
        uri = reference.get("refuri", "")  # downloads have none
        if not uri.startswith("%"):
            return None
        page, _, id = uri.removeprefix("%").partition("#")
        return page, id

    def section_number(self, docname: str, section: nodes.section) -> str:
        """The number of a heading as on the site, such as 2.1; empty when it has none."""
        numbers = self.env.toc_secnumbers.get(docname, {})
        # The first heading of a page stands there without its id.
        number = numbers.get(f"#{section['ids'][0]}", numbers.get(""))
        return ".".join(map(str, number or ()))

    def number(self, docname: str, node: nodes.Element, kind: str) -> str:
        """The number of a figure, table or listing as on the site, such as Figur 2.1."""
        number = self._counted(docname, node, kind)
        return self.config.numfig_format[kind] % number if number else ""

    def equation_number(self, docname: str, node: nodes.math_block) -> str:
        """The number of a formula as on the site; empty when it has none."""
        if not node.get("number"):
            return ""
        if self.config.math_numfig and self.config.numfig:
            return self._counted(docname, node, "displaymath")
        return str(node["number"])

    def _counted(self, docname: str, node: nodes.Element, kind: str) -> str:
        numbers = self.env.toc_fignumbers.get(docname, {}).get(kind, {})
        return next((".".join(map(str, numbers[id])) for id in node["ids"] if id in numbers), "")

    # The parts of the work

    def _reading_order(self) -> Iterator[tuple[str, int]]:
        """Every document once with its depth, in the order of the table of contents."""
        seen: set[str] = set()

        def visit(docname: str, depth: int) -> Iterator[tuple[str, int]]:
            if docname in seen:
                return
            seen.add(docname)
            yield docname, max(depth, 1)
            for child in self.env.toctree_includes.get(docname, []):
                yield from visit(child, depth + 1)

        yield from visit(self.config.root_doc, 0)

    def _parts(self) -> Iterator[tuple[str, str]]:
        """The first document of each part of the book with the part's name: the caption of its toctree."""
        for toctree in self.env.get_doctree(self.config.root_doc).findall(addnodes.toctree):
            if toctree.get("caption") and toctree["includefiles"]:
                yield toctree["includefiles"][0], toctree["caption"]

    def _note_labels(self, docname: str, tree: nodes.document) -> None:
        for node in tree.findall(nodes.Element):
            for id in node.get("ids", []):
                self.labels[docname, id] = f"{docname}:{node['ids'][0]}"
        first = next(tree.findall(nodes.section), None)
        if first is None:
            self.fault("the page has no title; begin it with a heading", location=docname)
        else:
            self.labels[docname, ""] = self.labels[docname, first["ids"][0]]

    def _note_links(self, docname: str, tree: nodes.document) -> None:
        for reference in tree.findall(nodes.reference):
            goal = self.goal_of(docname, reference)
            if goal in self.labels:
                self.linked.add(self.labels[goal])

    def _preamble(self) -> str:
        published = datetime.fromtimestamp(last_changed(self.env), UTC)
        authors = re.split(rf",\s*|\s+{texts.AND}\s+", self.config.author)
        words = "".join(f"{name}: {string(text)}, " for name, text in texts.TEMPLATE.items())
        return f"""#import "template.typ": *
#show: report.with(
  title: {string(self.config.html_title)},
  subtitle: {string(self.config.typst_subtitle)},
  authors: {array([string(author) for author in authors])},
  version: {string(self.config.release)},
  date: {string(format_date(published, texts.DATE, locale=texts.LANGUAGE))},
  rights: {string(self.config.copyright)},
  words: ({words}),
  lang: {string(texts.LANGUAGE)},
  region: {string(texts.REGION)},
)
"""

    def _compile(self) -> bytes:
        compiler = typst.Compiler(
            str(Path(self.outdir, BOOK)),
            root=str(self.outdir),
            ignore_system_fonts=True,
            font_paths=[font_source_sans_pro.font_directory],
        )
        try:
            pdf, warnings = compiler.compile_with_warnings(
                format="pdf", pdf_standards=[STANDARD], timestamp=last_changed(self.env)
            )
        except typst.TypstError as problem:
            self._report(problem)
            raise PdfError(f"faults named above: {self.faults}; Typst refuses the book") from problem
        for warning in warnings:
            logger.warning("%s", warning, type="typst", subtype="compile")
        return pdf

    def _report(self, problem: typst.TypstError) -> None:
        """Each of Typst's errors with its place in the source instead of that in the generated file."""
        found = list(DIAGNOSTIC.finditer(problem.diagnostic))
        if not found:
            self.fault(problem.diagnostic, location=None)
        lines = Path(self.outdir, BOOK).read_text(encoding="utf-8").split("\n")
        for diagnostic in found:
            generated = int(diagnostic["line"]) if diagnostic["file"].endswith(BOOK) else 0
            self.fault(diagnostic["text"], location=_source(lines[:generated]))


def last_changed(env: BuildEnvironment) -> int:
    """When the book was last changed, in seconds since 1970: the same for the same book.

    That is SOURCE_DATE_EPOCH, or else the last commit, or else the newest page where there is no git.
    """
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(epoch)
    git = ["git", "-C", str(env.srcdir), "log", "-1", "--format=%ct"]
    try:
        return int(subprocess.run(git, capture_output=True, check=True, text=True).stdout)
    except (OSError, subprocess.CalledProcessError, ValueError):
        return int(max(Path(env.doc2path(docname)).stat().st_mtime for docname in env.found_docs))


def _source(lines: list[str]) -> str | None:
    """The place in the source of the last of these generated lines; see TypstWriter.block."""
    for back, line in enumerate(reversed(lines)):
        if place := PLACE.search(line):
            if not place["line"]:
                return place["source"]
            further = max(back - 1, 0) if place["text"] else 0
            return f"{place['source']}:{int(place['line']) + further}"
    return None
