"""Which answers the book is built from, and what may be shown of them.

The synthetic ones in data/surveys, unless the environment variable FRIVILLIG_SURVEYS names a folder with a
datapackage.yaml of its own. Whether answers are synthetic, how small a number may be shown and whether rows
may be seen stand in that data package, for each survey:

    resources:
      - name: municipalities     # or centres, organisations
        title: Svar på kommuneundersøkelsen 2027
        path: municipalities.csv
        synthetic: false
        smallest_cell: 5         # smaller counts are withheld
        publish_rows: false      # no picture may show a respondent

A survey that the folder lacks is taken from data/surveys. The schemas are always those of data/surveys.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from frivillig.data.faults import DATA, ROOT, DataError, Fault, relative

VARIABLE = "FRIVILLIG_SURVEYS"
SURVEY_NAMES = ("municipalities", "centres", "organisations")
PACKAGE = "datapackage.yaml"
# What every statistics office withholds at least: one or two respondents recognise each other.
LEAST = 3
SMALLEST_CELL = 5


@dataclass(frozen=True)
class Answers:
    """The answers to one survey, as their data package describes them.

    Attributes:
        survey: `municipalities`, `centres` or `organisations`.
        path: The file.
        title: What readers are told that the answers are.
        synthetic: Whether the respondents are made up.
        smallest_cell: Counts below it are withheld; 0 when all may be shown.
        publish_rows: Whether single respondents may be seen.
    """

    survey: str
    path: Path
    title: str
    synthetic: bool
    smallest_cell: int
    publish_rows: bool


def chosen_folder() -> Path | None:
    """The folder that FRIVILLIG_SURVEYS names, from the project's folder; None where it is not set."""
    name = os.environ.get(VARIABLE)
    # Notebooks run in their own folder, so the working directory says nothing.
    return (ROOT / name).resolve() if name else None


def describe(survey: str) -> Answers:
    """The answers to a survey that the book is built from.

    Raises:
        DataError: when the chosen folder's data package cannot be used.
        KeyError: when there is no such survey.
    """
    if survey not in SURVEY_NAMES:
        raise KeyError(f"no survey '{survey}'; there are {', '.join(SURVEY_NAMES)}")
    return _chosen(chosen_folder())[survey]


def are_synthetic(*surveys: str) -> bool:
    """Whether any of the surveys (all when none is named) has made-up respondents."""
    return any(describe(survey).synthetic for survey in surveys or SURVEY_NAMES)


def wording(synthetic: str, real: str, *surveys: str) -> str:
    """The first text when any of the surveys is synthetic, else the second.

    For captions: `wording("192 syntetiske svar", "192 svar", "municipalities")`.
    """
    return synthetic if are_synthetic(*surveys) else real


# The strictest rule among the answers that this process has read: each notebook runs in one of its own.
_read: dict[str, Answers] = {}


def note_reading(survey: str) -> Path:
    """The file of a survey, about to be read: from here on its rule holds in this process."""
    answers = _read[survey] = describe(survey)
    return answers.path


def smallest_cell() -> int:
    """The smallest count that may be shown, by the strictest of the answers read so far; 0 for no limit."""
    return max((answers.smallest_cell for answers in _read.values()), default=0)


def may_show_rows() -> bool:
    """Whether single respondents may be seen in what is made of the answers read so far."""
    return all(answers.publish_rows for answers in _read.values())


def digest() -> str:
    """A digest of the chosen folder's path and files; empty when the answers are those of the project."""
    folder = chosen_folder()
    if folder is None:
        return ""
    state = hashlib.sha256(str(folder).encode())
    for file in sorted(path for path in folder.glob("*") if path.is_file()):
        state.update(f"\0{file.name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return state.hexdigest()[:16]


@cache
def _chosen(folder: Path | None) -> dict[str, Answers]:
    own, faults = read_descriptions(DATA)
    if folder is not None:
        other, faults = read_descriptions(folder)
        own |= other
    if faults:
        raise DataError(faults)
    return own


def read_descriptions(folder: Path) -> tuple[dict[str, Answers], list[Fault]]:
    """The surveys that the data package of a folder describes, and what is wrong with the descriptions."""
    path = folder / PACKAGE
    name = relative(path)
    if not path.is_file():
        remedy = "a data package; `python -m frivillig survey-template FOLDER` makes one"
        return {}, [Fault(name, None, None, "no such file", remedy)]
    try:
        package = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        resources = [item for item in package["resources"] if item["name"] in SURVEY_NAMES]
    except (yaml.YAMLError, UnicodeDecodeError, TypeError, KeyError) as problem:
        return {}, [Fault(name, None, None, str(problem).replace("\n", " "), "a data package")]
    faults = []
    if not resources:
        faults = [Fault(name, None, "resources", "no survey", f"at least one of {', '.join(SURVEY_NAMES)}")]
    described = {}
    for item in resources:
        wrong = list(_wrong(item))
        faults += [Fault(name, None, f"{item['name']}.{key}", found, rule) for key, found, rule in wrong]
        if not wrong:
            described[item["name"]] = Answers(
                survey=item["name"],
                path=folder / item["path"],
                title=item["title"],
                synthetic=item["synthetic"],
                smallest_cell=0 if item["synthetic"] else item.get("smallest_cell", SMALLEST_CELL),
                publish_rows=item["synthetic"] or item.get("publish_rows", False),
            )
    return described, faults


def _wrong(item: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The keys of a resource that are wrong: key, found and expected."""
    found = {key: repr(item[key]) if key in item else "nothing" for key in KEYS}
    return [
        (key, found[key], rule)
        for key, (needed, holds, rule) in KEYS.items()
        if (key in item and not holds(item[key])) or (needed and key not in item)
    ]


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= LEAST


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and "…" not in value


# Key of a resource: whether it is needed, what must hold, and the rule in words.
KEYS = {
    "title": (True, _is_name, "what the answers are, in words"),
    "path": (True, _is_name, "the file, from the folder of the data package"),
    "synthetic": (
        True,
        lambda value: isinstance(value, bool),
        "true for made-up respondents, else false",
    ),
    "smallest_cell": (False, _is_count, f"a whole number of at least {LEAST}"),
    "publish_rows": (False, lambda value: isinstance(value, bool), "true or false"),
}
