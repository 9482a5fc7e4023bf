"""The changelog as a feed, so that readers hear of new versions.

book/changelog.md has a section per version, the newest first, each a list of what is new for readers:

    ## Versjon 0.2.0 (3. mars 2027)

    - …
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from docutils import nodes
from sphinx.util import logging

from frivillig.display.numbers import period
from frivillig.sphinx.citing import read_works

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)
PAGE, FEED = "book/changelog", "versjoner.atom"
HEADING = re.compile(r"Versjon (?P<version>\d+\.\d+\.\d+) \((?P<day>.+)\)")
EXPECTED = "a heading such as «Versjon 0.2.0 (3. mars 2027)» with a list below it"
ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True)
class Version:
    """A version: its number, its day, what is new, and the label of its section."""

    number: str
    day: date
    news: tuple[str, ...]
    anchor: str


def read_versions(page: nodes.document) -> list[Version]:
    """The versions of the page, in its order; a section that is none is reported with its line."""
    versions = []
    for section in page.findall(nodes.section):
        if isinstance(section.parent, nodes.document):
            continue
        heading = section[0].astext()
        news = tuple(item.astext() for listed in section.findall(nodes.bullet_list) for item in listed)
        match = HEADING.fullmatch(heading)
        try:
            first, last = period(match["day"]) if match else (None, None)
        except ValueError:
            first = last = None
        if not match or first is None or first != last or not news:
            logger.warning("found «%s», expected %s", heading, EXPECTED, location=section[0])
            continue
        versions.append(Version(match["version"], first, news, section["ids"][0]))
    return versions


def feed(title: str, author: str, versions: list[Version], address: str) -> bytes:
    """The feed as Atom (RFC 4287).

    Args:
        title: What it is a feed of.
        author: Who publishes the versions.
        versions: At least one.
        address: Of the folder in which the feed lies, ending in a slash; empty when it is not known.
    """
    ElementTree.register_namespace("", ATOM)

    def add(parent: ElementTree.Element, tag: str, text: str = "", **attributes: str) -> ElementTree.Element:
        element = ElementTree.SubElement(parent, f"{{{ATOM}}}{tag}", attributes)
        element.text = text or None
        return element

    # A name that stays when the address changes, so that readers see no version twice.
    name = uuid.uuid5(uuid.NAMESPACE_OID, title)
    root = ElementTree.Element(f"{{{ATOM}}}feed", {"xml:lang": "nb"})
    add(root, "title", title)
    add(root, "id", f"urn:uuid:{name}")
    add(root, "updated", f"{max(version.day for version in versions).isoformat()}T00:00:00Z")
    add(add(root, "author"), "name", author)
    add(root, "link", rel="self", type="application/atom+xml", href=f"{address}{FEED}")
    for version in versions:
        entry = add(root, "entry")
        add(entry, "title", f"Versjon {version.number}")
        add(entry, "id", f"urn:uuid:{uuid.uuid5(name, version.number)}")
        add(entry, "updated", f"{version.day.isoformat()}T00:00:00Z")
        add(entry, "link", rel="alternate", type="text/html", href=f"{address}{PAGE}.html#{version.anchor}")
        items = "".join(f"<li>{escape(text)}</li>" for text in version.news)
        add(entry, "content", f"<ul>{items}</ul>", type="html")
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _check(app: Sphinx, page: nodes.document) -> None:
    if app.env.docname == PAGE:
        read_versions(page)


def _link(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    if PAGE in app.env.found_docs:
        context["feed"] = FEED
        address = context["pathto"](FEED, 1)
        link = f'<link rel="alternate" type="application/atom+xml" title="Nye versjoner" href="{address}">'
        context["metatags"] = context.get("metatags", "") + f"\n  {link}"


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html" or PAGE not in app.env.found_docs:
        return
    if versions := read_versions(app.env.get_doctree(PAGE)):
        edition = read_works()["edition"]
        author = edition.authors[0][0]
        text = feed(f"{edition.title}: nye versjoner", author, versions, app.config.html_baseurl)
        Path(app.outdir, FEED).write_bytes(text)


def setup(app: Sphinx) -> None:
    """Check the changelog when it is read, link to the feed from every page, and write it."""
    app.connect("doctree-read", _check)
    app.connect("html-page-context", _link)
    app.connect("build-finished", _write)
