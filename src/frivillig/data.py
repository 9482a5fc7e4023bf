"""Read the data files, and check them against data/datapackage.yaml.

The lowest floor: everything else takes its numbers and labels from here.
Checking uses the frictionless library; reading the spine needs the standard library only, so that
a change of prose never waits for pandas.
"""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "DATA",
    "ROOT",
    "DataError",
    "Fault",
    "Spine",
    "Statistic",
    "UnknownStatisticError",
    "check_package",
    "read_categories",
    "read_counties",
    "read_schema",
    "read_statistics",
    "read_survey",
    "read_table",
    "read_titles",
]

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"

# The report spells small numbers out; its summary in English does so too.
NUMBER_WORDS = {
    word: Decimal(value)
    for value, words in enumerate(
        [
            "null",
            "en én ett ei",
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
    )
    for word in words.split()
}
NUMBER = re.compile(r"(?P<sign>[-–−]?)(?P<whole>\d+(?:[ \u00a0]\d{3})*)(?:,(?P<decimals>\d+))?")
# The file of answers from which a number is computed, by the first part of its id.
SURVEYS = {"municipal": "municipalities", "centres": "centres", "organisations": "organisations"}
# Units whose printed form is a phrase, a name or a date and no quantity to calculate with.
UNITS_WITHOUT_VALUE = {"date", "year", "identifier", "wording"}


@dataclass(frozen=True)
class Fault:
    """One fault in a data file.

    Attributes:
        file: Path relative to the project.
        row: Line in the file, where the header is line 1; None for a fault of the whole file.
        column: Name of the column; None for a fault of the whole row or file.
        found: The value received.
        expected: The rule that it breaks.
    """

    file: str
    row: int | None
    column: str | None
    found: str
    expected: str

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}"
        return f"{place}: found {self.found}; expected {self.expected}"


class DataError(Exception):
    """Data files that cannot be used; the message lists every fault found."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


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


def read_survey(survey: str, folder: Path = DATA / "surveys") -> pd.DataFrame:
    """The respondents of a survey (`municipalities`, `centres` or `organisations`), one row each."""
    import pandas as pd

    # Missing is an empty cell and nothing else, as the schemas say: "none" is an answer.
    return pd.read_csv(folder / f"{survey}.csv", keep_default_na=False, na_values=[""])


@cache
def _package() -> dict[str, Any]:
    # The parser in C reads the same YAML, ten times as fast.
    return yaml.load((DATA / "datapackage.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


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
        DataError: when the file has other columns than `Statistic`, or a repeated id.
            `check_package` finds finer faults.
    """
    expected = [field.name for field in fields(Statistic)]
    name = relative(path)
    rows: dict[str, Statistic] = {}
    faults = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        if reader.fieldnames != expected:
            raise DataError([Fault(name, 1, None, ",".join(reader.fieldnames or []), ",".join(expected))])
        for row in reader:
            if row["id"] in rows:
                faults.append(Fault(name, reader.line_num, "id", f"'{row['id']}' again", "each id once"))
            counts = {column: int(row[column]) if row[column] else None for column in ("n", "base")}
            rows[row["id"]] = Statistic(**{**row, **counts})
    if faults:
        raise DataError(faults)
    return Spine(rows)


def check_package(path: Path = DATA / "datapackage.yaml") -> list[Fault]:
    """Check every file of the data package; all faults of all files at once.

    Args:
        path: The data package.

    Returns:
        The faults, in the order of the files and rows; empty when all is well.
    """
    from frictionless import FrictionlessException, Package, system

    try:
        # The project's own files only; absolute paths, as in tests, are safe for the same reason.
        with system.use_context(trusted=True):
            package = Package(str(path))
            report = package.validate()
    except FrictionlessException as problem:
        return [Fault(relative(path), None, None, problem.error.note, "a data package that can be read")]
    faults = [
        Fault(relative(path), None, None, error.note, "a data package that can be read")
        for error in report.errors
    ]
    for task in report.tasks:
        resource = package.get_resource(task.name)
        file = relative(path.parent / str(resource.path))
        faults += [_fault(file, error, resource.schema) for error in task.errors]
        if not task.errors and not task.stats.get("rows"):
            faults.append(Fault(file, None, None, "no rows", "at least one"))
        if not task.errors and task.name == "statistics":
            faults += _check_statistics(path.parent / str(resource.path))
    return faults


def _check_statistics(path: Path) -> list[Fault]:
    """Rules of the spine that join several columns, which a table schema cannot say."""
    faults = []
    spine = read_statistics(path)
    for row, statistic in enumerate(spine.values(), 2):

        def fault(column: str, found: str, expected: str, row: int = row) -> None:
            faults.append(Fault(relative(path), row, column, found, expected))

        if not statistic.printed and statistic.role not in ("lost", "new") and not statistic.note:
            fault("printed", "nothing", "a printed number, the role lost, or a note on the empty cell")
        if statistic.printed and statistic.role == "lost":
            fault("printed", f"'{statistic.printed}'", "nothing, since the role is lost")
        if statistic.role == "conflict" and not statistic.note:
            fault("note", "nothing", "what the number conflicts with")
        if statistic.role == "target" and not statistic.stat:
            fault("stat", "nothing", "an expression, since the role is target")
        try:
            value = statistic.value
        except ValueError:
            fault("printed", f"'{statistic.printed}'", "a number with decimal comma, or a number word")
            continue
        if value is not None and not statistic.relation:
            fault("relation", "nothing", "how the printed number binds the true one: = < <= > >= or ~")
        if statistic.unit == "percent" and value is not None and not 0 <= value <= 100:
            fault("printed", f"'{statistic.printed}'", "a percentage from 0 to 100")
        if statistic.n is not None and statistic.base is not None and statistic.n > statistic.base:
            fault("n", str(statistic.n), f"at most the base, {statistic.base}")
    # Line numbers above count rows; the spine has no line breaks inside cells.
    return faults


def _fault(file: str, error: Any, schema: Any) -> Fault:
    """A fault from an error of frictionless."""
    row = getattr(error, "row_number", None)
    column = getattr(error, "field_name", None)
    found = f"'{error.cell}'" if getattr(error, "cell", None) else "nothing"
    match error.type:
        case "constraint-error" | "type-error":
            return Fault(file, row, column, found, _rule(schema.get_field(column)))
        case "missing-label" | "missing-cell":
            return Fault(file, row or 1, column, "nothing", "this column")
        case "extra-label" | "extra-cell":
            return Fault(
                file, row or 1, column, f"'{getattr(error, 'label', None) or error.cell}'", "no such column"
            )
        case "incorrect-label":
            return Fault(file, 1, column, f"'{error.label}'", f"the column '{column}' here")
        case "blank-row":
            return Fault(file, row, None, "an empty row", "no empty row")
        case "primary-key":
            return Fault(
                file, row, ", ".join(schema.primary_key), f"{error.cells[0]!r} again", "each value once"
            )
        case "foreign-key":
            return Fault(
                file,
                row,
                ", ".join(error.field_names),
                ", ".join(map(repr, error.field_cells)),
                "a value that exists",
            )
        case "encoding-error":
            return Fault(file, None, None, "bytes that are not UTF-8", "text in UTF-8")
        case "source-error":
            return Fault(
                file, None, None, "no header and no rows" if "empty" in error.note else error.note, "a table"
            )
        case _:
            return Fault(file, row, column, error.note, error.title)


def _rule(field: Any) -> str:
    """What a column takes, in words."""
    if expected := field.custom.get("expected"):
        return str(expected)
    rules = []
    constraints = field.constraints
    if "enum" in constraints:
        rules.append("one of " + ", ".join(map(str, constraints["enum"])))
    else:
        rules.append(f"a value of type {field.type}")
    if "minimum" in constraints:
        rules.append(f"at least {constraints['minimum']}")
    if "maximum" in constraints:
        rules.append(f"at most {constraints['maximum']}")
    return ", ".join(rules)


def relative(path: Path) -> str:
    """The path as seen from the project, for messages."""
    path = path.resolve()
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
