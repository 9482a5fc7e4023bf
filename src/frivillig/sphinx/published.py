"""The printed numbers in the text: the `stat` role, and the page that sets them beside computed ones.

The role reads data/published/statistics.csv only, so that a change of prose needs no kernel.
"""

from __future__ import annotations

import csv
import os
import re
from dataclasses import astuple
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from frivillig.audit.computed import SOURCES, Computed, Source
from frivillig.data import ROOT, Statistic, UnknownStatisticError, read_categories, read_titles
from frivillig.display.numbers import SIGNS, as_printed, number, printed
from frivillig.sphinx.evaluation import numbers
from frivillig.sphinx.findings import (
    LISTS,
    USES,
    elsewhere,
    remembered,
    row_anchor,
    row_reference,
    use_anchor,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)
BARE = "number"
DOWNLOAD = "Last ned hele listen (CSV)"
HEADINGS = ("Hva tallet sier", "Trykt", "Regnet ut", "Avvik", "Bruk her")
WIDTHS = (32, 13, 12, 8, 35)
MORE_COLUMNS = ("Regnet ut", "Avvik", "Passer", "Hvordan")


class StatRole(SphinxRole):
    """A printed number by its id: {stat}`municipal.source.centre.pct` gives '73 prosent'.

    With `number` after the id the unit is left out: {stat}`municipal.source.centre.pct number`
    gives '73'. The number links to its row on the page of all numbers.
    """

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The number as a link; an unknown id, a lost number or a wrong option is an error."""
        id, _, option = self.text.partition(" ")
        try:
            if option not in ("", BARE):
                raise ValueError(f"'{self.text}': after the id only '{BARE}' may follow, found '{option}'")
            text = printed(self.env.app.frivillig_spine[id], unit=not option)
        except (UnknownStatisticError, ValueError) as problem:
            logger.error("%s", problem, location=self.get_location(), type="frivillig", subtype="stat")
            return [nodes.problematic(self.rawtext, self.rawtext)], []
        used = remembered(self.env, USES).setdefault(self.env.docname, {})
        # The first use on a page is where the list of all numbers links back to.
        ids = [] if id in used else [use_anchor(id)]
        used[id] = None
        reference = row_reference(self.env, id, text)
        self.set_source_info(reference)
        # Around the link: what stands within, Sphinx writes anew, without classes and ids.
        return [nodes.inline("", "", reference, classes=["stat"], ids=ids, statistic=id)], []


class StatisticsTable(SphinxDirective):
    """{published-statistics}: every printed number, a section per chapter and a row per number."""

    has_content = False
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """One section per chapter of the report."""
        self.env.note_dependency(str(ROOT / "data" / "published" / "statistics.csv"))
        chapters = read_categories("statistics", "chapter")
        remembered(self.env, LISTS)[self.env.docname] = None
        computed = numbers(self.env.app)
        sections: list[nodes.Node] = [self._download(computed)]
        for chapter, statistics in groupby(
            self.env.app.frivillig_spine.values(), key=lambda row: row.chapter
        ):
            section = nodes.section("", nodes.title("", chapters[chapter]), names=[f"tall-{chapter}"])
            self.state.document.note_implicit_target(section, section)
            section += self._table(list(statistics), computed)
            sections.append(section)
        return sections

    def _table(self, statistics: list[Statistic], computed: dict[str, Computed]) -> nodes.table:
        """A group of rows for each place in the report, under a row that names it."""
        head = nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in HEADINGS))
        bodies = []
        for place, members in groupby(statistics, key=lambda row: row.place):
            name = nodes.entry("", nodes.paragraph("", place), morecols=len(HEADINGS) - 1)
            rows = [self._row(statistic, computed[statistic.id]) for statistic in members]
            bodies.append(nodes.tbody("", nodes.row("", name), *rows))
        columns = [nodes.colspec(colwidth=width) for width in WIDTHS]
        columns[0]["stub"] = 1
        return nodes.table(
            "",
            nodes.tgroup("", *columns, nodes.thead("", head), *bodies, cols=len(columns)),
            classes=["published", "colwidths-given"],
        )

    def _row(self, statistic: Statistic, entry: Computed) -> nodes.row:
        texts = (statistic.statement, as_printed(statistic), *_compared(statistic, entry))
        row = nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in texts))
        for cell in row.children[2:]:
            cell["classes"].append("text-right")
        use = nodes.paragraph("", _used(statistic, entry) + (". " if statistic.note else ""))
        use += self._linked(statistic.note)
        row += nodes.entry("", use, elsewhere(statistic=statistic.id))
        if entry.fits is False:
            row["classes"].append("differs")
        row["names"].append(row_anchor(statistic.id))
        self.state.document.note_explicit_target(row, row)
        return row

    def _download(self, computed: dict[str, Computed]) -> nodes.paragraph:
        """The whole list for spreadsheets: semicolons, and the mark that tells them it is UTF-8."""
        file = Path(self.env.app.doctreedir) / "tallene.csv"
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out, delimiter=";")
            writer.writerow([*read_titles("statistics").values(), *MORE_COLUMNS])
            for statistic in self.env.app.frivillig_spine.values():
                entry = computed[statistic.id]
                fits = {True: "ja", False: "nei", None: None}[entry.fits]
                cells = (entry.value, _difference(statistic, entry), fits, SOURCES[entry.source])
                writer.writerow(
                    "" if cell is None else _plain(cell) for cell in (*astuple(statistic), *cells)
                )
        target = os.path.relpath(file, Path(self.env.doc2path(self.env.docname)).parent)
        link = addnodes.download_reference(
            "", "", nodes.inline("", DOWNLOAD), refdoc=self.env.docname, reftarget=target, reftype="download"
        )
        link["classes"].append("download")
        return nodes.paragraph("", "", link)

    def _linked(self, note: str) -> list[nodes.Node]:
        """A note whose ids are links that say what stands there."""
        spine = self.env.app.frivillig_spine
        parts: list[nodes.Node] = []
        for text in re.split(r"([a-z]+(?:\.[a-z0-9_]+){2,})", note):
            if text in spine:
                parts.append(
                    nodes.reference("", f"«{spine[text].statement}»", internal=True, refid=row_anchor(text))
                )
            else:
                parts.append(nodes.Text(text))
        return parts


def _compared(statistic: Statistic, entry: Computed) -> tuple[str, str]:
    """What is computed, and how far that is from what is printed."""
    if entry.value is None:
        return "–", "–"
    # One decimal more than is printed, except where there is nothing to show.
    decimals = statistic.decimals + (statistic.decimals > 0 or not entry.value.is_integer())
    smallest = 10**-decimals
    tiny = 0 < abs(entry.value) < smallest
    shown = f"< {number(smallest, decimals)}" if tiny else number(entry.value, decimals)
    difference = _difference(statistic, entry)
    if difference is None:
        return shown, "holder" if entry.fits else "holder ikke"
    return shown, ("+" if difference > 0 else "") + number(difference, decimals)


def _difference(statistic: Statistic, entry: Computed) -> float | None:
    """Computed minus printed; None where nothing is computed, or where the printed number is a limit."""
    if entry.value is None or statistic.value is None or statistic.relation in SIGNS:
        return None
    return entry.value - float(statistic.value)


def _used(statistic: Statistic, entry: Computed) -> str:
    """How the number is used here, and what it was computed from or why it was not."""
    how, role = SOURCES[entry.source], read_categories("statistics", "role")[statistic.role]
    if statistic.role == "target" and entry.source == Source.ANSWERS:
        return how
    return f"{role}: {how}" if how else role


def _plain(cell: object) -> object:
    return str(cell).replace(".", ",") if isinstance(cell, float) else cell


def _add_search(app: Sphinx, page: str, *_: Any) -> None:
    """The search box, on the pages that have the list."""
    if page in remembered(app.env, LISTS):
        app.add_js_file("filter.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register role and directive."""
    app.connect("html-page-context", _add_search)
    app.add_role("stat", StatRole())
    app.add_directive("published-statistics", StatisticsTable)
