"""Pages that say more: what table headers head, what language a text is in, what the page is about.

The frame of the pages is in theme/, with the scripts and style sheets that only some pages load; the style
sheets of all pages are in book/_static.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx import addnodes
from sphinx.environment.adapters.toctree import document_toc
from sphinx.locale import _
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from frivillig.sphinx.typst.walker import language_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

HERE = Path(__file__).parent
THEME = HERE / "theme"
# Of Sphinx and myst-nb: what our style sheets and scripts do instead.
UNUSED_STYLES = ("pygments", "mystnb")
UNUSED_SCRIPTS = ("doctools", "documentation_options", "sphinx_highlight", "translations")
# Pages that no author writes, with their templates in theme/.
PAGES = {"index": "start.html", "search": "search.html", "404": "404.html"}
DESCRIPTION = 200  # characters; search engines show about this much

log = logging.getLogger(__name__)


class Translator(HTML5Translator):
    """Sphinx's writer, with `scope` on header cells, sizes of pictures, and a box around each table."""

    def starttag(self, node: nodes.Node | dict, tagname: str, *args: object, **attributes: object) -> str:
        """An opening tag; `lang-en` sets a language."""
        if tagname == "img" and isinstance(node, nodes.image):
            attributes |= self._size
        if tagname == "th" and isinstance(node, nodes.entry):
            beneath = "rowgroup" if node.get("morecols") else "row"
            attributes["scope"] = "col" if isinstance(node.parent.parent, nodes.thead) else beneath
        if isinstance(node, nodes.Element) and (language := language_of(node)):
            attributes["lang"] = language
        return super().starttag(node, tagname, *args, **attributes)

    def visit_image(self, node: nodes.Element) -> None:
        """A picture; its address is still that of the source."""
        self._size = picture_size(Path(self.builder.srcdir) / node["uri"])
        super().visit_image(node)

    def visit_table(self, node: nodes.Element) -> None:
        """The table in a box that scrolls, so that the page never does; it says how long the longest are."""
        rows = (
            f' style="--rows: {len(list(node.findall(nodes.row)))}"' if "published" in node["classes"] else ""
        )
        self.body.append(f'<div class="scroll"{rows}>')
        super().visit_table(node)

    def depart_table(self, node: nodes.Element) -> None:
        """The end of table and box."""
        super().depart_table(node)
        self.body.append("</div>\n")


def picture_size(file: Path) -> dict[str, str]:
    """Width and height of an SVG in pixels, so that the page keeps its place; nothing for other pictures."""
    if file.suffix != ".svg" or not file.is_file():  # Sphinx tells of one that is missing
        return {}
    head = file.read_text(encoding="utf-8")[:2000]
    points = {side: re.search(rf' {side}="([\d.]+)pt"', head) for side in ("width", "height")}
    return {side: str(round(float(match[1]) * 4 / 3)) for side, match in points.items() if match}


def _visit_code(self: HTML5Translator, node: HideCodeCellNode) -> None:
    # myst-nb gives the fold an English name. The text shown is the better one: it says what a press does.
    show, hide = (html.escape(node[name]) for name in ("prompt_show", "prompt_hide"))
    self.body.append(
        f'<details class="code"><summary><span class="collapsed">{show}</span>'
        f' <span class="expanded">{hide}</span></summary>\n'
    )


def _depart_code(self: HTML5Translator, node: HideCodeCellNode) -> None:
    self.body.append("</details>\n")


@dataclass(frozen=True)
class Chapter:
    """A page in the list of contents; `number` and `language` are empty where it has none of its own."""

    page: str
    title: str
    number: str
    language: str


@dataclass(frozen=True)
class Part:
    """Some pages of the list of contents, under a caption that may be empty."""

    caption: str
    chapters: list[Chapter]


def contents(env: BuildEnvironment) -> list[Part]:
    """Every page in the order of the book."""

    def chapter(page: str) -> Chapter:
        number = ".".join(map(str, env.toc_secnumbers.get(page, {}).get("", ())))
        return Chapter(page, env.titles[page].astext(), number, env.metadata[page].get("language", ""))

    front = Part("", [Chapter(env.config.root_doc, _("Front page"), "", "")])
    trees = env.tocs[env.config.root_doc].findall(addnodes.toctree)
    return [
        front,
        *(Part(tree["caption"] or "", [chapter(page) for _title, page in tree["entries"]]) for tree in trees),
    ]


def describe(metadata: dict[str, Any], doctree: nodes.document) -> str:
    """What a page is about: `description` of its front matter, else the start of its first paragraph."""
    if given := metadata.get("description"):
        return str(given)
    paragraph = next(
        (node for node in doctree.findall(nodes.paragraph) if isinstance(node.parent, nodes.section)), None
    )
    text = " ".join(paragraph.astext().split()) if paragraph else ""
    if len(text) <= DESCRIPTION:
        return text
    sentences = re.match(rf".{{1,{DESCRIPTION}}}[.?!](?=\s)", text)
    return sentences[0] if sentences else text[:DESCRIPTION].rsplit(" ", 1)[0] + " …"


def _check(app: Sphinx, doctree: nodes.document) -> None:
    page = app.env.docname
    for section in doctree.children[:1]:
        app.env.metadata[page]["language"] = language_of(section)
    if not list(doctree.findall(nodes.title)):
        log.warning("the page has no title: start it with a line such as “# Title”", location=page)
    elif not describe(app.env.metadata[page], doctree):
        log.warning(
            "the page has no description: start it with a paragraph, or write `description:` in front matter",
            location=page,
        )


def _add_context(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    context["pdf"] = app.config.typst_filename
    context["author"] = app.config.author
    context["html_baseurl"] = app.config.html_baseurl
    context["contents"] = parts = contents(app.env)
    chapters = [chapter for part in parts for chapter in part.chapters]
    place = next((place for place, chapter in enumerate(chapters) if chapter.page == page), None)
    if place is not None:
        context["here"] = chapters[place]
        context["before"] = chapters[place - 1] if place else None
        context["after"] = chapters[place + 1] if place + 1 < len(chapters) else None
    context["css_files"] = _without(UNUSED_STYLES, context["css_files"])
    context["script_files"] = _without(UNUSED_SCRIPTS, context["script_files"])
    if doctree:
        context["description"] = describe(app.env.metadata[page], doctree)
        sections = next(document_toc(app.env, page, app.tags).findall(nodes.bullet_list))[0]
        below = [child for child in sections.children if isinstance(child, nodes.bullet_list)]
        context["on_this_page"] = app.builder.render_partial(below[0])["fragment"] if below else ""
    else:
        context["pageurl"] = None  # search engines are to leave these pages out


def _without(names: tuple[str, ...], assets: list[Any]) -> list[Any]:
    return [asset for asset in assets if not Path(str(asset.filename or "")).name.startswith(names)]


def _use_theme(app: Sphinx, config: Config) -> None:
    config["templates_path"] = [*config["templates_path"], str(HERE / "templates")]
    config["html_theme"] = "frivillig"
    config["html_theme_options"] = {}  # Jupyter Book always passes those of another theme
    config["html_additional_pages"] = {**PAGES, **config["html_additional_pages"]}


def setup(app: Sphinx) -> None:
    """Use the theme and the writer, and refuse pages that do not say what they are about."""
    app.add_html_theme("frivillig", str(THEME))
    app.add_node(HideCodeCellNode, override=True, html=(_visit_code, _depart_code))
    app.connect("config-inited", _use_theme)
    app.connect("doctree-read", _check)
    app.connect("html-page-context", _add_context, priority=900)  # after those that add scripts
    for builder in ("html", "dirhtml"):
        app.set_translator(builder, Translator)
