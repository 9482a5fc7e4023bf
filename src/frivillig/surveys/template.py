"""An empty folder for answers: what to fill in, and the codebook that says how."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from frivillig.data import DataError, Fault, read_schema
from frivillig.data.answers import PACKAGE, SMALLEST_CELL, SURVEY_NAMES

# In the place of a title, until there are answers.
UNTITLED = "…"
CODEBOOK = "codebook.csv"
HEADINGS = ("Fil", "Kolonne", "Navn", "Spørsmål", "Type", "Svar", "Betyr", "Beskrivelse")
NOTE = """# The answers in this folder. Build the book from them: FRIVILLIG_SURVEYS=<this folder> make book
# Take out the surveys that you have not made: the book then uses its synthetic answers to them.
# synthetic: whether the respondents are made up. smallest_cell: smaller counts are withheld.
# publish_rows: whether a picture may show single respondents.
"""


def write_template(folder: Path) -> list[Path]:
    """Write a file with the columns of each survey, their data package and the codebook.

    Raises:
        DataError: when a file is there already; then nothing is written.
    """
    with tempfile.TemporaryDirectory() as temporary:
        made = Path(temporary)
        for survey in SURVEY_NAMES:
            with (made / f"{survey}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerow(read_schema(survey).names)
            (made / f"{survey}.mapping.yaml").write_text(mapping(survey), encoding="utf-8")
        (made / PACKAGE).write_text(package(dict.fromkeys(SURVEY_NAMES, UNTITLED)), encoding="utf-8")
        with (made / CODEBOOK).open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(HEADINGS)
            writer.writerows(row for survey in SURVEY_NAMES for row in _codebook(survey))
        taken = [file for file in sorted(made.iterdir()) if (folder / file.name).exists()]
        if taken:
            raise DataError(
                [Fault(str(folder / file.name), None, None, "a file", "an empty folder") for file in taken]
            )
        folder.mkdir(parents=True, exist_ok=True)
        return [Path(shutil.move(file, folder / file.name)) for file in sorted(made.iterdir())]


def package(titles: dict[str, str], *, synthetic: bool = False) -> str:
    """The data package of a folder with answers to the surveys named, by their titles."""
    rules = "" if synthetic else f"    smallest_cell: {SMALLEST_CELL}\n    publish_rows: false\n"
    resources = "".join(
        f"  - name: {survey}\n    title: {_scalar(title)}\n    path: {survey}.csv\n"
        f"    synthetic: {str(synthetic).lower()}\n{rules}"
        for survey, title in titles.items()
    )
    return f"{NOTE}resources:\n{resources}"


def with_survey(text: str, survey: str, title: str) -> str:
    """A data package to which answers to a survey have come.

    Args:
        text: As from `package`, perhaps changed by hand.
        survey: The survey. Its title is filled in; where it is not described, it comes last.
        title: What the answers are.
    """
    head = f"  - name: {survey}\n"
    if head in text:
        return text.replace(f"{head}    title: {UNTITLED}\n", f"{head}    title: {_scalar(title)}\n")
    return text.rstrip("\n") + "\n" + package({survey: title}).partition("resources:\n")[2]


def _scalar(text: str) -> str:
    """A text in YAML, in quotes where it needs them."""
    return yaml.safe_dump(text, allow_unicode=True, width=1000).splitlines()[0]


def mapping(survey: str) -> str:
    """A mapping to fill in: every column of a survey, and where in the export it comes from."""
    lines = [
        f"# From an export to {survey}.csv: python -m frivillig import-survey EXPORT --mapping THIS …",
        f"survey: {survey}",
        "title: Svar på …",
        "# The column that names the unit, such as the municipality number. It goes to the key file only.",
        "key:",
        "# What stands for a missing answer, beside an empty cell.",
        'missing: ["Ikke besvart"]',
        "# Questions in which an empty cell means not marked, when another answer is marked.",
        "unmarked: []",
        "# Columns of the export that are not needed.",
        "ignore: []",
        "# Ours: theirs. Labels and codes of the codebook are understood; for others say what they mean:",
        "#   cooperation: {from: s_12, values: {1: formal, 2: ad_hoc, 3: none, 4: unsure}}",
        "columns:",
    ]
    columns = (name for name in read_schema(survey).names if name != "id")
    return "\n".join([*lines, *(f"  {name}:" for name in columns)]) + "\n"


def _codebook(survey: str) -> Iterator[list[Any]]:
    """One row per answer of each column, and one for a column without code list."""
    question = ""
    for name, column in read_schema(survey).columns.items():
        # Columns that share a question say it once, in the first.
        question = column.get("question", question if _continues(survey, name) else "")
        rules = column.get("constraints", {})
        common = [f"{survey}.csv", name, column["title"], question, column["type"]]
        description = column.get("description", "")
        if "categories" in column:
            for item in column["categories"]:
                yield [*common, item["value"], item["label"], description]
        elif rules.get("enum") == [0, 1]:
            yield [*common, 1, "Ja, eller krysset av", description]
            yield [*common, 0, "Nei, eller ikke krysset av", description]
        else:
            ends = [
                f"{word} {rules[key]}"
                for key, word in (("minimum", "minst"), ("maximum", "høyst"))
                if key in rules
            ]
            yield [*common, "", ", ".join(filter(None, [column.get("unit"), *ends])), description]


def _continues(survey: str, name: str) -> bool:
    """Whether a column belongs to the same question as the one before."""
    names = read_schema(survey).names
    before = names[names.index(name) - 1]
    return name.partition("_")[0] == before.partition("_")[0]
