"""How to cite the report and this edition: CITATION.cff in the forms that people and programs take.

    ```{citations}
    ```

shows both works, each in words and as BibTeX, RIS and CSL-JSON. What CITATION.cff does not say is left out.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import yaml
from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from frivillig.data import ROOT, DataError, Fault
from frivillig.display.numbers import join
from frivillig.sphinx.folds import details, on_screen, summary

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FILE = ROOT / "CITATION.cff"
NO_YEAR = "u.å."
HEADINGS = {"report": "Den opprinnelige rapporten", "edition": "Denne utgaven"}
FORMATS = {"BibTeX": "bib", "RIS": "ris", "CSL-JSON": "json"}
SHOW = "Vis som BibTeX, RIS og CSL-JSON"


@dataclass(frozen=True)
class Work:
    """A work to cite.

    Attributes:
        kind: `report` or `software`, as in CITATION.cff.
        title: Its title.
        authors: Family and given name; the given name of an organisation or group is empty.
        released: Day of publication, where known.
        version: Version, where there are several.
        language: Code of its language, where known.
        address: Where it is found on the web, where known.
    """

    kind: str
    title: str
    authors: tuple[tuple[str, str], ...]
    released: date | None = None
    version: str = ""
    language: str = ""
    address: str = ""

    @property
    def key(self) -> str:
        """A short name for files and lists of references: `traetteberg-frivillig-innsats`."""
        family = self.authors[0][0] if self.authors[0][1] else ""
        letters = f"{family} {' '.join(self.title.split()[:2])} {self.version}".translate(
            {ord(a): b for a, b in zip("æøåÆØÅ", ("ae", "o", "a") * 2, strict=True)}
        )
        plain = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode().lower()
        return re.sub(r"[^a-z0-9.]+", "-", plain).strip("-")


def read_works(file: Path = FILE, address: str = "") -> dict[str, Work]:
    """The report and this edition, by the keys of `HEADINGS`.

    Args:
        file: A CITATION.cff that names the report among its references.
        address: Where this edition is published.

    Raises:
        DataError: when the file lacks what a citation cannot do without.
    """
    cff = yaml.safe_load(file.read_text(encoding="utf-8"))
    reports = [one for one in cff.get("references", ()) if one.get("type") == "report"]
    if len(reports) != 1:
        raise DataError([Fault(file.name, None, "references", f"{len(reports)} reports", "one report")])
    return {"report": _work(file, reports[0]), "edition": _work(file, cff, address)}


def _work(file: Path, entry: dict[str, Any], address: str = "") -> Work:
    for field in ("type", "title", "authors"):
        if not entry.get(field):
            found = f"nothing in '{entry.get('title', 'a work without title')}'"
            raise DataError([Fault(file.name, None, field, found, f"{field} of the work")])
    authors = tuple(
        (person["name"], "") if "name" in person else (person["family-names"], person["given-names"])
        for person in entry["authors"]
    )
    released = entry.get("date-released")
    if released is not None and not isinstance(released, date):
        raise DataError([Fault(file.name, None, "date-released", repr(released), "a day as 2026-11-23")])
    return Work(
        kind=entry["type"],
        title=entry["title"],
        authors=authors,
        released=released,
        version=str(entry.get("version", "")),
        language=entry.get("languages", [""])[0],
        address=address or entry.get("url", ""),
    )


def in_words(work: Work) -> tuple[str, str, str]:
    """A citation as the book's list of references has it: what stands before, in and after the italics."""
    names = join([f"{family}, {given}" if given else family for family, given in work.authors])
    year = work.released.year if work.released else NO_YEAR
    version = f" (versjon {work.version})" if work.version else ""
    stop = "" if f"{work.title}{version}".endswith(("?", "!")) else "."
    return f"{names} ({year}). ", work.title, version + stop + (f" {work.address}" if work.address else "")


def bibtex(work: Work) -> str:
    """An entry of the one type that asks for no field that is not known."""
    fields = {
        "author": " and ".join(
            f"{{{family}}}" if not given else f"{family}, {given}" for family, given in work.authors
        ),
        "title": f"{{{work.title}}}",
        "year": str(work.released.year) if work.released else "",
        "version": work.version,
        "langid": "norwegian" if work.language in ("nb", "no") else "",
        "url": work.address,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{work.key},", *lines, "}\n"])


def ris(work: Work) -> str:
    """A record of the tagged format that Zotero, EndNote and Mendeley read."""
    fields = [("TY", "RPRT" if work.kind == "report" else "COMP")]
    fields += [("AU", f"{family}, {given}" if given else family) for family, given in work.authors]
    fields += [("TI", work.title)]
    if work.released:
        fields += [("PY", str(work.released.year)), ("DA", work.released.strftime("%Y/%m/%d"))]
    fields += [("ET", work.version), ("LA", work.language), ("UR", work.address)]
    lines = [f"{tag}  - {value}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def csl_json(work: Work) -> str:
    """A list of one item of the Citation Style Language."""
    item: dict[str, Any] = {"id": work.key, "type": work.kind, "title": work.title}
    item["author"] = [
        {"family": family, "given": given} if given else {"literal": family} for family, given in work.authors
    ]
    if work.released:
        item["issued"] = {"date-parts": [[work.released.year, work.released.month, work.released.day]]}
    item |= {
        name: value
        for name, value in (("version", work.version), ("language", work.language), ("URL", work.address))
        if value
    }
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


WRITERS = {"BibTeX": bibtex, "RIS": ris, "CSL-JSON": csl_json}


class CitationsDirective(SphinxDirective):
    """{citations}: both works, in words and in the forms that programs take."""

    has_content = False
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """For each work a heading, the citation, the downloads and a fold with what is in them."""
        self.env.note_dependency(str(FILE))
        works = read_works(address=self.config.html_baseurl)
        return [part for name, work in works.items() for part in self._work(name, work)]

    def _work(self, name: str, work: Work) -> list[nodes.Node]:
        before, title, after = in_words(work)
        citation = nodes.paragraph(
            "", before, nodes.emphasis("", title), nodes.Text(after), classes=["citation"]
        )
        files = on_screen("", label=f"Sitering av {HEADINGS[name].lower()}", classes=["cite-tools"])
        links: list[nodes.Node] = [nodes.inline("", "Last ned: ", classes=["before"])]
        shown: list[nodes.Node] = []
        for form, write in WRITERS.items():
            text = write(work)
            links += [self._download(f"{work.key}.{FORMATS[form]}", form, text), nodes.Text(" ")]
            shown += [
                nodes.paragraph("", "", nodes.strong("", form)),
                nodes.literal_block(text, text, language="none"),
            ]
        files += [
            details("", summary("", SHOW), *shown),
            nodes.paragraph("", "", *links[:-1], classes=["downloads"]),
        ]
        return [nodes.paragraph("", "", nodes.strong("", HEADINGS[name])), citation, files]

    def _download(self, name: str, form: str, text: str) -> addnodes.download_reference:
        file = Path(self.env.app.doctreedir) / "citations" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
        target = os.path.relpath(file, Path(self.env.doc2path(self.env.docname)).parent)
        link = addnodes.download_reference(
            "", "", refdoc=self.env.docname, reftarget=target, reftype="download"
        )
        link["classes"].append("download")
        link += nodes.Text(form)
        return link


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("citations", CitationsDirective)
