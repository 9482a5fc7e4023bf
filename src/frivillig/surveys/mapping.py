"""The mapping: which column of an export becomes which column of a survey, and what its answers mean."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from frivillig.data import DataError, Fault, read_schema
from frivillig.data.answers import SURVEY_NAMES

KEYS = {"survey", "title", "key", "sheet", "missing", "unmarked", "ignore", "columns"}
COLUMN_KEYS = {"from", "values", "divide"}


@dataclass(frozen=True)
class Column:
    """Where a column comes from.

    Attributes:
        source: The column of the export.
        values: What its answers mean, by how the export writes them.
        divide: What numbers are divided by, such as 100 when percent becomes a share.
    """

    source: str
    values: dict[str, str] = field(default_factory=dict)
    divide: float = 1


@dataclass(frozen=True)
class Mapping:
    """From an export to a survey.

    Attributes:
        path: The file.
        survey: `municipalities`, `centres` or `organisations`.
        title: What the answers are, for readers.
        columns: Where each column comes from, by its name.
        key: The column of the export that names the unit; empty when there is none.
        sheet: The sheet of an Excel file.
        missing: How the export writes a missing answer, beside an empty cell.
        unmarked: Questions in which an empty cell means not marked, when another answer is marked.
        ignore: Columns of the export that are not needed.
    """

    path: Path
    survey: str
    title: str
    columns: dict[str, Column]
    key: str = ""
    sheet: str | None = None
    missing: frozenset[str] = frozenset()
    unmarked: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


def read_mapping(path: Path) -> Mapping:
    """Read a mapping.

    Raises:
        DataError: with every fault in it.
    """
    name = str(path)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        raise DataError(
            [Fault(name, None, None, str(problem).replace("\n", " "), "a mapping in YAML")]
        ) from None
    if not isinstance(content, dict) or not isinstance(content.get("columns"), dict):
        raise DataError([Fault(name, None, None, "no `columns`", "a mapping, as survey-template writes it")])
    survey = content.get("survey")
    if survey not in SURVEY_NAMES:
        raise DataError([Fault(name, None, "survey", repr(survey), f"one of {', '.join(SURVEY_NAMES)}")])
    known = [column for column in read_schema(survey).names if column != "id"]
    faults = [
        Fault(name, None, str(key), "an unknown key", _near(str(key), KEYS)) for key in content.keys() - KEYS
    ]
    title = content.get("title")
    if not isinstance(title, str) or not title.strip() or "…" in title:
        faults.append(Fault(name, None, "title", repr(title), "what the answers are, for readers"))
    columns = {}
    for column, source in content["columns"].items():
        if column not in known:
            faults.append(Fault(name, None, str(column), "an unknown column", _near(str(column), known)))
        elif source not in (None, ""):
            found = _column(source)
            if isinstance(found, Column):
                columns[column] = found
            else:
                faults.append(
                    Fault(name, None, column, found, "a column of the export, or {from: …, values: {…}}")
                )
    questions = {column.partition("_")[0] for column in known}
    unmarked = [str(item) for item in content.get("unmarked") or ()]
    faults += [
        Fault(name, None, "unmarked", item, _near(item, questions))
        for item in unmarked
        if item not in questions
    ]
    if not columns:
        faults.append(Fault(name, None, "columns", "no source", "at least one column of the export"))
    if faults:
        raise DataError(sorted(faults, key=str))
    return Mapping(
        path=path,
        survey=survey,
        title=title,
        columns=columns,
        key=str(content.get("key") or ""),
        sheet=content.get("sheet"),
        missing=frozenset(normal(str(item)) for item in content.get("missing") or ()),
        unmarked=tuple(unmarked),
        ignore=tuple(map(str, content.get("ignore") or ())),
    )


def normal(text: str) -> str:
    """A text for comparison: case, no-break spaces and repeated spaces do not count."""
    return " ".join(text.split()).casefold()


def _column(source: Any) -> Column | str:
    """The column, or what was found instead."""
    if isinstance(source, dict):
        values, divide = source.get("values") or {}, source.get("divide", 1)
        wrong = source.keys() - COLUMN_KEYS or not source.get("from") or not isinstance(values, dict)
        if wrong or not isinstance(divide, int | float) or divide <= 0:
            return repr(source)
        return Column(
            str(source["from"]), {normal(_text(key)): _text(value) for key, value in values.items()}, divide
        )
    return Column(str(source)) if isinstance(source, str | int) else repr(source)


def _text(value: Any) -> str:
    """A word of YAML as it was meant: unquoted yes and no are truth values there."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _near(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f"perhaps {' or '.join(close)}" if close else f"one of {', '.join(sorted(known))}"
