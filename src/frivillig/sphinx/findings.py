"""The findings of the audit in the book, and the links between numbers, their uses and their findings."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from frivillig.audit import LABELS, Finding, Verdict
from frivillig.display.numbers import as_printed, spelled
from frivillig.sphinx.evaluation import findings
from frivillig.sphinx.folds import details, on_screen, summary
from frivillig.sphinx.tables import numbers_table

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

REPRODUCE = "Slik kan du etterprøve det"
SHOW_CONSISTENT = "Det som stemmer"
# What the environment remembers: the ids of numbers used by page, and the pages with findings and lists.
USES, FINDINGS, LISTS = "frivillig_uses", "frivillig_findings", "frivillig_lists"


class FindingsDirective(SphinxDirective):
    """{audit-findings}: every finding, weightiest first; those that only confirm are folded away."""

    has_content = False
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """One section per verdict."""
        remembered(self.env, FINDINGS)[self.env.docname] = None
        sections: list[nodes.Node] = []
        for verdict, members in groupby(findings(self.env.app), key=lambda finding: finding.verdict):
            name = f"funn-{verdict.name.lower()}"
            section = nodes.section("", nodes.title("", LABELS[verdict]), names=[name])
            self.state.document.note_implicit_target(section, section)
            blocks = [self._finding(finding) for finding in members]
            if verdict == Verdict.CONSISTENT:
                blocks = [details("", summary("", SHOW_CONSISTENT), *blocks)]
            section += blocks
            sections.append(section)
        return sections

    def _finding(self, finding: Finding) -> nodes.container:
        block = nodes.container(classes=["finding"], names=[anchor(finding.id)])
        self.state.document.note_explicit_target(block, block)
        sentence = nodes.strong("", finding.sentence)
        grounds = f"{LABELS[finding.kind].capitalize()}, {LABELS[finding.certainty]}."
        confirms = finding.verdict == Verdict.CONSISTENT
        # The numbers of the others stand in a list below.
        name = self._name(finding) if confirms else []
        if confirms and not finding.table:
            block += nodes.paragraph("", "", *name, sentence, nodes.Text(f" {grounds}"))
            return block
        block += nodes.paragraph("", "", *name, sentence, classes=["lead-in"])
        block += nodes.paragraph("", grounds, classes=["lead-in"])
        if finding.table:
            block += numbers_table([list(row) for row in finding.table])
        if not confirms:
            block += nodes.bullet_list("", *(nodes.list_item("", self._row(id)) for id in finding.rows))
            if finding.reproduce:
                code = nodes.literal_block(finding.reproduce, finding.reproduce, language="python")
                # Not printed: it is there to be copied.
                block += on_screen("", details("", summary("", REPRODUCE), code))
        return block

    def _name(self, finding: Finding) -> list[nodes.Node]:
        """Which numbers a finding is about: the one or two that its id names, or the first of them."""
        if finding.subject == "all":
            return []
        own = [id for id in finding.rows if finding.subject in (id, id.rpartition(".")[0])]
        links = [self._link(id) for id in own or finding.rows]
        if len(links) > 2:
            return [links[0], nodes.Text(f" og {spelled(len(links) - 1)} tall til. ")]
        return [
            links[0],
            *(part for link in links[1:] for part in (nodes.Text(" og "), link)),
            nodes.Text(". "),
        ]

    def _row(self, id: str) -> nodes.paragraph:
        """A number as it is printed, with a link to its row in the list of all numbers."""
        statistic = self.env.app.frivillig_spine[id]
        place = statistic.place.replace(" (", ", ").rstrip(")")
        return nodes.paragraph("", "", self._link(id), nodes.Text(f": {as_printed(statistic)} ({place})"))

    def _link(self, id: str) -> addnodes.pending_xref:
        return row_reference(self.env, id, self.env.app.frivillig_spine[id].statement)


class elsewhere(nodes.Invisible, nodes.Element):  # noqa: N801 - docutils names nodes in lower case
    """Stands in a row of the list until all pages are read: where its number `statistic` is used."""


def anchor(id: str) -> str:
    """The label of a finding."""
    return f"funn-{_label(id).lower()}"


def row_anchor(id: str) -> str:
    """The label of a statistic's row in the list of all numbers."""
    return f"tall-{_label(id)}"


def use_anchor(id: str) -> str:
    """The place on a page where a number is first used."""
    return f"bruk-{_label(id)}"


def _label(id: str) -> str:
    return id.replace(".", "-").replace("_", "-")


def row_reference(env: BuildEnvironment, id: str, text: str) -> addnodes.pending_xref:
    """A link to a statistic's row in the list of all numbers."""
    return addnodes.pending_xref(
        "",
        nodes.inline("", text),
        refdomain="std",
        reftype="ref",
        reftarget=row_anchor(id),
        refexplicit=True,
        refwarn=True,
        refdoc=env.docname,
    )


def remembered(env: BuildEnvironment, what: str) -> dict[str, Any]:
    """What the environment remembers, by page."""
    if not hasattr(env, what):
        setattr(env, what, {})
    return getattr(env, what)


def _forget(app: Sphinx, env: BuildEnvironment, page: str) -> None:
    for what in (USES, FINDINGS, LISTS):
        remembered(env, what).pop(page, None)


def _merge(app: Sphinx, env: BuildEnvironment, pages: Iterable[str], other: BuildEnvironment) -> None:
    for what in (USES, FINDINGS, LISTS):
        remembered(env, what).update(
            {page: found for page, found in remembered(other, what).items() if page in pages}
        )


def _rewrite(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The lists, when what they link to has changed: numbers used, pages with findings, or titles."""
    uses, with_findings = remembered(env, USES), remembered(env, FINDINGS)
    linked = [
        (page, env.titles[page].astext(), list(uses.get(page, ())), page in with_findings)
        for page in sorted(uses.keys() | with_findings.keys())
    ]
    if linked == getattr(env, "frivillig_linked", None):
        return []
    env.frivillig_linked = linked  # type: ignore[attr-defined]
    return list(remembered(env, LISTS))


def _link(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Fill in the links of every row."""
    for node in list(doctree.findall(elsewhere)):
        id, links = node["statistic"], []
        for other, used in sorted(remembered(app.env, USES).items()):
            if id in used:
                title = app.env.titles[other].astext()
                links.append(_reference(app, page, other, use_anchor(id), f"brukt i «{title}»"))
        for other in sorted(remembered(app.env, FINDINGS)):
            for finding in findings(app):
                # Findings about all numbers of a sort say nothing of the single one.
                if id in finding.rows and not finding.id.endswith(".all"):
                    result = "går ikke opp" if finding.objects else "prøvd"
                    text = f"{result}: {LABELS[finding.kind]}"
                    links.append(_reference(app, page, other, anchor(finding.id), text))
        items = [nodes.list_item("", nodes.paragraph("", "", link)) for link in links]
        # Not printed: it would take more room than the list itself, and in a PDF one searches.
        node.replace_self([on_screen("", nodes.bullet_list("", *items))] if items else [])


def _reference(app: Sphinx, page: str, other: str, target: str, text: str) -> nodes.reference:
    return make_refnode(app.builder, page, other, target, nodes.Text(text))


def setup(app: Sphinx) -> None:
    """Register the directive, and the links that wait until all pages are read."""
    app.add_directive("audit-findings", FindingsDirective)
    app.add_node(elsewhere)
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", _rewrite)
    app.connect("doctree-resolved", _link)
