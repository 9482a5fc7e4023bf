"""The search: the text of every section and term, for theme/static/search.js in the reader's browser.

Sphinx's own search finds pages, and must fetch each to show why. This one finds sections and definitions,
shows the words in their sentence, and works from a folder, too.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import package_dir
from sphinx.search.no import SearchNorwegian

from frivillig.sphinx.folds import on_screen
from frivillig.sphinx.html import contents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

# What a search shows whole, or a piece of.
PIECES = (nodes.paragraph, nodes.caption, nodes.title)
# What is a place of its own, and not a part of the section around it; and what only the site does.
APART = (nodes.section, nodes.definition_list_item, on_screen)


def places(doctree: nodes.document) -> Iterator[tuple[str, str, str]]:
    """Id, heading and text of each section and of each term with its definition, a piece a line."""
    for place in doctree.findall(lambda node: isinstance(node, nodes.section | nodes.definition_list_item)):
        heading = place[0]
        yield (heading["ids"] or place["ids"])[0], heading.astext(), "\n".join(_texts(place[1:]))


def _name_terms(app: Sphinx, doctree: nodes.document) -> None:
    for term in doctree.findall(nodes.term):
        id = f"ord-{nodes.make_id(term.astext())}"
        if not term["ids"] and id not in doctree.ids:
            term["ids"].append(id)
        doctree.set_id(term)


def _texts(children: list[nodes.Node]) -> Iterator[str]:
    for child in children:
        if isinstance(child, nodes.row):
            yield " · ".join(" ".join(cell.astext().split()) for cell in child)
        elif isinstance(child, PIECES):
            yield " ".join(child.astext().split())
        elif isinstance(child, nodes.Element) and not isinstance(child, APART):
            yield from _texts(child.children)


def _turn_off_the_other(app: Sphinx) -> None:
    app.builder.search = False


def _keep(app: Sphinx, doctree: nodes.document, page: str) -> None:
    # Pages that do not change are not written again; their texts are kept from the build before.
    if app.builder.format == "html":
        file = _file(app, page)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(list(places(doctree)), ensure_ascii=False), encoding="utf-8")


def _file(app: Sphinx, page: str) -> Path:
    return Path(app.doctreedir) / "search" / f"{page}.json"


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    texts = [
        {
            "address": app.builder.get_target_uri(chapter.page),
            "title": app.env.titles[chapter.page].astext(),
            "language": chapter.language,
            "chapter": chapter.number.isdigit(),  # of the report; appendices have letters
            "places": json.loads(_file(app, chapter.page).read_text(encoding="utf-8")),
        }
        for part in contents(app.env)
        for chapter in part.chapters
    ]
    scripts = Path(package_dir) / "search" / "minified-js"
    stemmer = [
        (scripts / name).read_text(encoding="utf-8") for name in ("base-stemmer.js", "norwegian-stemmer.js")
    ]
    words = sorted(SearchNorwegian.stopwords)
    (Path(app.outdir) / "_static" / "search-texts.js").write_text(
        "\n".join(
            [
                *stemmer,
                f"const STOP_WORDS = {json.dumps(words, ensure_ascii=False)};",
                f"const TEXTS = {json.dumps(texts, ensure_ascii=False)};",
            ]
        ),
        encoding="utf-8",
    )


def setup(app: Sphinx) -> None:
    """Write the texts, and leave out Sphinx's search."""
    app.connect("builder-inited", _turn_off_the_other)
    app.connect("doctree-read", _name_terms)
    app.connect("doctree-resolved", _keep, priority=900)
    app.connect("build-finished", _write)
