"""A mark after each printed number that a finding of the audit objects to, with a link to the finding.

Nobody has to remember it: the mark comes with the `stat` role. Numbers with the role `conflict` get it in
each paragraph, the others of the finding where the page first meets them, unless a count or a sum confirms
them. In boxes those are marked too whose words are wrong, unless the box links to a finding itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.nodes import make_refnode

from frivillig.audit import Certainty, Finding, Kind, Verdict
from frivillig.sphinx.evaluation import findings
from frivillig.sphinx.findings import FINDINGS, anchor, remembered
from frivillig.sphinx.typst.markup import string

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

    from frivillig.sphinx.typst.writer import TypstWriter

SIGN = "≠"
SPOKEN = "Går ikke opp med andre tall: se funnet"


class doubt(nodes.Inline, nodes.TextElement):  # noqa: N801 - docutils names nodes in lower case
    """Stands after a number until all pages are read: the mark of the finding `finding`."""


def _mark(app: Sphinx, doctree: nodes.document) -> None:
    """Place the marks of a page that has been read."""
    spine, in_text, in_boxes = app.frivillig_spine, _doubted(app), _concerned(app)
    numbers = []
    for number in doctree.findall(nodes.inline):
        findings_here = in_boxes if _box(number) else in_text
        if number.get("statistic") in findings_here and not _is_explained(number):
            numbers.append((number, findings_here[number["statistic"]].id))
    conflicts = [pair for pair in numbers if spine[pair[0]["statistic"]].role == "conflict"]
    marked: set[tuple[int, str]] = set()
    for number, finding in conflicts:
        _add(number, finding, (_block(number), finding), marked)
    for number, finding in numbers:
        if (_block(number), finding) not in marked:
            _add(number, finding, (0, finding), marked)


def _add(number: nodes.inline, finding: str, place: tuple[int, str], marked: set[tuple[int, str]]) -> None:
    if place not in marked:
        marked.add(place)
        number.parent.insert(number.parent.index(number) + 1, doubt(finding=finding))


def _doubted(app: Sphinx) -> dict[str, Finding]:
    """The weightiest finding that objects to each number; days and years are no numbers to doubt."""
    spine = app.frivillig_spine
    confirmed = {
        id
        for finding in findings(app)
        if finding.kind in (Kind.SHARES, Kind.PARTS)
        and (finding.verdict, finding.certainty) == (Verdict.CONSISTENT, Certainty.CERTAIN)
        for id in finding.rows
        if spine[id].role != "conflict"
    }
    return {
        id: finding
        for finding in reversed(findings(app))
        if finding.objects
        for id in finding.doubted
        if id not in confirmed and spine[id].unit not in ("date", "year")
    }


def _block(node: nodes.Node) -> int:
    """Tells paragraphs, captions and cells apart."""
    while isinstance(node, nodes.inline):
        node = node.parent
    return id(node)


def _concerned(app: Sphinx) -> dict[str, Finding]:
    """The weightiest finding that each number is part of: a box may explain words about a sound number."""
    objecting = [finding for finding in reversed(findings(app)) if finding.objects]
    return {id: finding for finding in objecting for id in finding.rows} | _doubted(app)


def _box(node: nodes.Node) -> nodes.Admonition | None:
    """The warning around a number, where there is one."""
    while node is not None and not (isinstance(node, nodes.Admonition) and "warning" in node["classes"]):
        node = node.parent
    return node


def _is_explained(number: nodes.inline) -> bool:
    """Whether the number stands in a heading, or in a box that links to a finding itself."""
    if any(isinstance(node, nodes.title) for node in (number.parent, number.parent.parent)):
        return True
    box = _box(number)
    return box is not None and any(
        link.get("reftarget", "").startswith("funn-") for link in box.findall(nodes.Element)
    )


def _resolve(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Make links of the marks; without a page of findings there are none."""
    for node in list(doctree.findall(doubt)):
        for other in remembered(app.env, FINDINGS):
            link = make_refnode(app.builder, page, other, anchor(node["finding"]), nodes.Text(SIGN))
            node += link
        if not node.children:
            node.parent.remove(node)


def _visit(self: HTML5Translator, node: doubt) -> None:
    [link] = node.findall(nodes.reference)
    goal = link["refuri"] if "refuri" in link else f"#{link['refid']}"
    # The label is what a screen reader says instead of the sign, the title is for those who point at it.
    self.body.append(self.starttag(node, "sup", "", CLASS="doubt"))
    self.body.append(
        self.starttag(
            link, "a", "", CLASS="reference internal", href=goal, title=SPOKEN, **{"aria-label": SPOKEN}
        )
    )
    self.body.append(f"{SIGN}</a></sup>")
    raise nodes.SkipNode


def _print(self: TypstWriter, node: doubt) -> str:
    [link] = node.findall(nodes.reference)
    return self.link(link, f"#spoken-sign({string(SPOKEN)}, {string(SIGN)})")


def setup(app: Sphinx) -> None:
    """Register the mark."""
    app.add_node(doubt, html=(_visit, None), typst=(_print, None))
    app.connect("doctree-read", _mark)
    app.connect("doctree-resolved", _resolve)
