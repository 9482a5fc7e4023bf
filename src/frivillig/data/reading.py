"""Read the data files.

Reading the spine needs the standard library only, so that a change of prose never waits for pandas.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from frivillig.data.answers import note_reading
from frivillig.data.faults import DATA, DataError, Fault, relative

if TYPE_CHECKING:
    import pandas as pd

# Small numbers in words: this edition's own word first, then those of the report and its summary in English.
SPELLINGS = [
    "null",
    "én en ett ei",
    "to",
    "tre three",
    "fire",
    "fem",
    "seks",
    "sju syv",
    "åtte",
    "ni",
    "ti",
    "elleve",
    "tolv",
]
NUMBER_WORDS = {word: Decimal(value) for value, words in enumerate(SPELLINGS) for word in words.split()}
UP_TO_TWELVE = [words.split()[0] for words in SPELLINGS]
NUMBER = re.compile(r"(?P<sign>[-–−]?)(?P<whole>\d+(?:[ \u00a0]\d{3})*)(?:,(?P<decimals>\d+))?")
# The file of answers from which a number is computed, by the first part of its id.
SURVEYS = {"municipal": "municipalities", "centres": "centres", "organisations": "organisations"}
# Units whose printed form is a phrase, a name or a date and no quantity to calculate with.
UNITS_WITHOUT_VALUE = {"date", "year", "identifier", "wording"}


class UnknownStatisticError(KeyError):
    """An id that the spine does not have; the message names the nearest ones."""

    def __init__(self, id: str, known: Mapping[str, Statistic]) -> None:
        near = difflib.get_close_matches(id, known, n=3, cutoff=0.5)
        hint = f"; nearest: {', '.join(near)}" if near else ""
        super().__init__(f"unknown statistic '{id}'{hint}")

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Statistic:
    """One number that the report prints: a row of data/published/statistics.csv.

    The columns are described in data/datapackage.yaml. `printed` stays a string, so that its
    decimals survive; `n` and `base` are the count and the denominator where printed.
    """

    id: str
    chapter: str
    place: str
    statement: str
    printed: str
    relation: str
    unit: str
    n: int | None
    base: int | None
    stat: str
    role: str
    repeats: str
    note: str

    @property
    def survey(self) -> str | None:
        """The survey that the number comes from; None when it comes from elsewhere."""
        return SURVEYS.get(self.id.partition(".")[0])

    @property
    def value(self) -> Decimal | None:
        """The printed number; None for lost numbers, dates and phrases."""
        if self.unit in UNITS_WITHOUT_VALUE or not self.printed:
            return None
        if match := NUMBER.fullmatch(self.printed):
            whole = re.sub(r"\D", "", match["whole"])
            return Decimal(f"{'-' if match['sign'] else ''}{whole}.{match['decimals'] or '0'}").quantize(
                Decimal(1).scaleb(-self.decimals)
            )
        if self.printed.lower() in NUMBER_WORDS:
            return NUMBER_WORDS[self.printed.lower()]
        raise ValueError(
            f"{self.id}: '{self.printed}' is neither a number with decimal comma nor a number word"
        )

    @property
    def decimals(self) -> int:
        """How many decimals the report prints."""
        match = NUMBER.fullmatch(self.printed)
        return len(match["decimals"] or "") if match else 0


class Spine(Mapping[str, Statistic]):
    """The spine: every printed number by its id, in the order of the file."""

    def __init__(self, rows: dict[str, Statistic]) -> None:
        self._rows = rows

    def __getitem__(self, id: str) -> Statistic:
        if id not in self._rows:
            raise UnknownStatisticError(id, self._rows)
        return self._rows[id]

    def __contains__(self, id: object) -> bool:
        # Mapping's own would look for the nearest ids to whatever is not there: seconds on a page of notes.
        return id in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def count(self, id: str) -> int:
        """The printed count at `id`, as an integer."""
        value = self[id].value
        if value is None or value != int(value):
            raise ValueError(f"{id}: '{self[id].printed}' is not a count")
        return int(value)

    def has(self, id: str) -> bool:
        """Whether the spine has the id and the report's text its number."""
        return id in self._rows and bool(self._rows[id].printed)


@dataclass(frozen=True)
class Schema:
    """Columns of a survey file, with the labels that readers see."""

    columns: dict[str, dict[str, Any]]

    @cached_property
    def names(self) -> list[str]:
        """The columns, in the order of the file."""
        return list(self.columns)

    def labels(self, question: str) -> dict[str, str]:
        """Answers of a question with their labels, in the order of the questionnaire.

        Args:
            question: A column with a code list, or the first part of the names of the columns
                that share a question with several answers (`channel` for channel_personal, …).

        Raises:
            KeyError: when there is no such question.
        """
        if question in self.columns and "categories" in self.columns[question]:
            return {item["value"]: item["label"] for item in self.columns[question]["categories"]}
        labels = {
            name.removeprefix(f"{question}_"): column["title"]
            for name, column in self.columns.items()
            if name.startswith(f"{question}_")
        }
        if not labels:
            raise KeyError(f"no question '{question}'; columns are {', '.join(self.columns)}")
        return labels


@cache
def read_schema(survey: str, folder: Path = DATA / "surveys") -> Schema:
    """Columns of a survey (`municipalities`, `centres` or `organisations`) from its Table Schema."""
    described = yaml.safe_load((folder / f"{survey}.yaml").read_text(encoding="utf-8"))
    return Schema({column["name"]: column for column in described["fields"]})


def read_survey(survey: str, folder: Path | None = None) -> pd.DataFrame:
    """The respondents of a survey (`municipalities`, `centres` or `organisations`), one row each.

    Args:
        survey: The survey.
        folder: Where the file is; without it, the answers that the book is built from. What is made of
            real ones is then held to `smallest_cell`.
    """
    import pandas as pd

    path = folder / f"{survey}.csv" if folder else note_reading(survey)
    # Missing is an empty cell and nothing else, as the schemas say: "none" is an answer.
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


@cache
def _package() -> dict[str, Any]:
    # The parser in C reads the same YAML, ten times as fast.
    return yaml.load((DATA / "datapackage.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def read_resources() -> list[dict[str, Any]]:
    """Every file of the data package as it is described there, with its schema in place of a path.

    A file without `sources` or `licenses` of its own has those of the package.
    """
    package = _package()
    inherited = {key: package[key] for key in ("sources", "licenses")}
    resources = []
    for described in package["resources"]:
        resource = inherited | described
        if isinstance(resource["schema"], str):
            schema = (DATA / resource["schema"]).read_text(encoding="utf-8")
            resource["schema"] = yaml.load(schema, Loader=yaml.CSafeLoader)
        resources.append(resource)
    return resources


def read_categories(resource: str, column: str) -> dict[str, str]:
    """The code list of a column in the data package: label by code, in its order.

    Raises:
        KeyError: when there is no such column, or it has no code list.
    """
    package = _package()
    columns = next(item["schema"]["fields"] for item in package["resources"] if item["name"] == resource)
    listed = next(
        (item["categories"] for item in columns if item["name"] == column and "categories" in item), None
    )
    if listed is None:
        raise KeyError(f"{resource} has no column '{column}' with a code list")
    return {item["value"]: item["label"] for item in listed}


def read_titles(resource: str) -> dict[str, str]:
    """The columns of a file in the data package: title by name, in the order of the file."""
    package = _package()
    columns = next(item["schema"]["fields"] for item in package["resources"] if item["name"] == resource)
    return {item["name"]: item["title"] for item in columns}


def read_counties(path: Path = DATA / "frame" / "counties.csv") -> dict[str, int]:
    """Municipalities in each county, and districts in Oslo, that the municipal survey was sent to."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["county"]: int(row["units"]) for row in csv.DictReader(file, strict=True)}


def read_table(resource: str) -> pd.DataFrame:
    """A file of the data package, one row per record; a column with a code list is ordered as the list is.

    Raises:
        KeyError: when the data package has no such resource.
    """
    import pandas as pd

    package = _package()
    described = {item["name"]: item for item in package["resources"]}
    if resource not in described:
        raise KeyError(f"no resource '{resource}'; the data package has {', '.join(described)}")
    table = pd.read_csv(DATA / described[resource]["path"], keep_default_na=False)
    for field in described[resource]["schema"]["fields"]:
        if "categories" in field:
            codes = [item["value"] for item in field["categories"]]
            filled = table[field["name"]].replace("", None)
            table[field["name"]] = pd.Categorical(filled, codes, ordered=True)
    return table


def read_statistics(path: Path = DATA / "published" / "statistics.csv") -> Spine:
    """Read the spine.

    Raises:
        DataError: when the file is not in UTF-8, has other columns than `Statistic`, a row with more or
            fewer cells, or a repeated id. `check_package` finds finer faults.
    """
    expected = [field.name for field in fields(Statistic)]
    name = relative(path)
    rows: dict[str, Statistic] = {}
    faults = []
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise DataError([Fault(name, None, None, "bytes that are not UTF-8", "text in UTF-8")]) from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    if reader.fieldnames != expected:
        raise DataError([Fault(name, 1, None, ",".join(reader.fieldnames or []), ",".join(expected))])
    for row in reader:
        if None in row or None in row.values():
            rule = f"{len(expected)} cells, with quotes around one that has commas"
            faults.append(Fault(name, reader.line_num, None, "a row with more or fewer", rule))
            continue
        if row["id"] in rows:
            faults.append(Fault(name, reader.line_num, "id", f"'{row['id']}' again", "each id once"))
        counts = {column: int(row[column]) if row[column] else None for column in ("n", "base")}
        rows[row["id"]] = Statistic(**{**row, **counts})
    if faults:
        raise DataError(faults)
    return Spine(rows)
