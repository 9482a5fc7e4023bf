"""The codebook: every data file with its columns, questions, code lists, units, sources and licence.

    {data-files} surveys

lists the files of a folder of data/, as data/datapackage.yaml and the schemas of the surveys describe them.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from frivillig.data import DATA, read_resources
from frivillig.display.numbers import number

HEADINGS = ("Kolonne", "Hva den inneholder", "Verdier")
SYNTHETIC = "Dataene er syntetiske."
TYPES = {"string": "tekst", "integer": "heltall", "number": "tall"}


class DataFiles(SphinxDirective):
    """{data-files}: a section for each file of a folder, with its download and a table of its columns."""

    required_arguments = 1
    has_content = False
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """One section per file."""
        [folder] = self.arguments
        files = [item for item in read_resources() if item["path"].split("/")[0] == folder]
        if not files:
            folders = sorted({item["path"].split("/")[0] for item in read_resources()})
            raise self.error(f"no data files in '{folder}'; the folders are {', '.join(folders)}")
        for described in [DATA / "datapackage.yaml", *DATA.glob("surveys/*.yaml")]:
            self.env.note_dependency(str(described))
        return [self._section(item) for item in files]

    def _section(self, resource: dict[str, Any]) -> nodes.section:
        path = DATA / resource["path"]
        self.env.note_dependency(str(path))
        section = nodes.section("", nodes.title("", resource["title"]), names=[f"data-{resource['name']}"])
        self.state.document.note_implicit_target(section, section)
        about = resource["description"]
        if resource.get("synthetic") and "syntetisk" not in about:
            about = f"{SYNTHETIC} {about}"
        section += _paragraph(about)
        section += _facts(resource, _count(path))
        section += self._download(path)
        section += _columns(resource["schema"])
        return section

    def _download(self, path: Path) -> nodes.paragraph:
        target = os.path.relpath(path, Path(self.env.doc2path(self.env.docname)).parent)
        text = nodes.inline("", f"Last ned {path.name}")
        link = addnodes.download_reference(
            "", "", text, refdoc=self.env.docname, reftarget=target, reftype="download", classes=["download"]
        )
        return nodes.paragraph("", "", link)


def _paragraph(text: str) -> nodes.paragraph:
    """A description; what stands between backticks is code."""
    parts = (
        nodes.literal("", part) if place % 2 else nodes.Text(part)
        for place, part in enumerate(text.split("`"))
    )
    return nodes.paragraph("", "", *parts)


def _count(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def _facts(resource: dict[str, Any], rows: int) -> nodes.paragraph:
    """Where the file is, how large, from whom and under which licence."""
    columns = len(resource["schema"]["fields"])
    paragraph = nodes.paragraph("", "", nodes.literal("", f"data/{resource['path']}"))
    paragraph += nodes.Text(f", {number(rows)} rader og {number(columns)} kolonner. Kilde: ")
    for kind, items in (("source", resource["sources"]), ("licence", resource["licenses"])):
        for place, item in enumerate(items):
            paragraph += nodes.Text(", " if place else "")
            address = item.get("path")
            paragraph += (
                nodes.reference("", item["title"], refuri=address) if address else nodes.Text(item["title"])
            )
        paragraph += nodes.Text(". Lisens: " if kind == "source" else ".")
    return paragraph


def _columns(schema: dict[str, Any]) -> nodes.table:
    """A row per column; a question that several columns answer stands at the first of them."""
    head = nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in HEADINGS))
    body = nodes.tbody()
    for field in schema["fields"]:
        name = nodes.paragraph("", "", nodes.literal("", field["name"]))
        content = nodes.entry("", nodes.paragraph("", "", nodes.strong("", field["title"])))
        if "question" in field:
            content += nodes.paragraph("", "", nodes.emphasis("", f"Spørsmål: {field['question']}"))
        if "description" in field:
            content += _paragraph(field["description"])
        values = nodes.entry("", *(nodes.paragraph("", "", *line) for line in _values(field, schema)))
        body += nodes.row("", nodes.entry("", name), content, values)
    columns = [nodes.colspec(colwidth=width) for width in (15, 43, 42)]
    columns[0]["stub"] = 1
    group = nodes.tgroup("", *columns, nodes.thead("", head), body, cols=len(columns))
    return nodes.table("", group, classes=["codebook"])


def _values(field: dict[str, Any], schema: dict[str, Any]) -> list[list[nodes.Node]]:
    """What may stand in a column, in lines: codes with their labels, or a type with its unit and limits."""
    if "categories" in field:
        return [_code(item["value"], f" {item['label']}") for item in field["categories"]]
    rules = field.get("constraints", {})
    if rules.get("enum") == [0, 1]:
        return [[*_code(1, " ja, "), *_code(0, " nei")]]
    if "enum" in rules:
        return [_code(code, "") for code in rules["enum"]]
    text = TYPES[field["type"]] + (f", {field['unit']}" if "unit" in field else "")
    low, high = rules.get("minimum"), rules.get("maximum")
    if high is not None:
        text += f", fra {number(low)} til {number(high)}"
    elif low is not None:
        text += f", minst {number(low)}"
    for key in schema.get("foreignKeys", ()):
        if field["name"] in key["fields"]:
            other = key["reference"]["resource"]
            text += f", viser til {key['reference']['fields']} i " + (f"{other}" if other else "samme fil")
    return [[nodes.Text(text)]]


def _code(value: object, text: str) -> list[nodes.Node]:
    return [nodes.literal("", str(value)), nodes.Text(text)]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("data-files", DataFiles)
