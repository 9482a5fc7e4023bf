"""Check data files against their descriptions, with the frictionless library; every fault at once."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from frivillig.data.answers import Answers, chosen_folder, read_descriptions
from frivillig.data.faults import DATA, Fault, relative
from frivillig.data.reading import read_statistics, read_table

SAVING = "docs/messages.md says how to save from a spreadsheet"
YAML_RULE = "spaces before a name, never a tab, and quotes around a text with a colon"


def check_package(path: Path = DATA / "datapackage.yaml") -> list[Fault]:
    """Check every file of the data package; all faults of all files at once.

    Args:
        path: The data package.

    Returns:
        The faults, in the order of the files and rows; empty when all is well.
    """
    from frictionless import FrictionlessException, Package, system

    described = [path, *sorted((path.parent / "surveys").glob("*.yaml"))]
    if faults := [fault for file in described for fault in check_yaml(file)]:
        return faults
    try:
        # The project's own files only; absolute paths, as in tests, are safe for the same reason.
        with system.use_context(trusted=True):
            package = Package(str(path))
            for resource in package.resources:
                _hold_to_code_lists(resource.schema)
            report = package.validate()
    except FrictionlessException as problem:
        return [Fault(relative(path), None, None, problem.error.note, "a data package that can be read")]
    faults = [
        Fault(relative(path), None, None, error.note, "a data package that can be read")
        for error in report.errors
    ]
    for task in report.tasks:
        resource = package.get_resource(task.name)
        file = path.parent / str(resource.path)
        found = _check_header(file) or _faults(file, task, resource.schema)
        found = found or _check_end(file) or _check_order(file, resource)
        if not found and task.name == "statistics":
            found = _check_statistics(file)
        faults += found
    return faults


def check_yaml(path: Path) -> list[Fault]:
    """What keeps a file from being read as YAML, with its line; nothing when the file is not there."""
    try:
        yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    except FileNotFoundError:
        return []
    except yaml.MarkedYAMLError as problem:
        row = problem.problem_mark.line + 1 if problem.problem_mark else None
        return [Fault(relative(path), row, None, f"no YAML ({problem.problem})", YAML_RULE)]
    except yaml.YAMLError as problem:  # bytes that are no text
        return [Fault(relative(path), None, None, " ".join(str(problem).split()), "text in UTF-8")]
    return []


def _check_end(path: Path) -> list[Fault]:
    """A file that was cut off within its last row; the number of rows tells when whole rows are gone."""
    lines = path.read_bytes().splitlines(keepends=True)
    if lines[-1].endswith(b"\n"):
        return []
    text = lines[-1].decode("utf-8")
    return [
        Fault(
            relative(path), len(lines), None, f"'{text[-40:]}' as its end", "a line break after the last row"
        )
    ]


def _check_order(path: Path, resource: Any) -> list[Fault]:
    """Rows out of order, by the columns that the resource lists under `ordered`.

    A column with a code list is in the order of the list, one of numbers in theirs.
    """
    columns = resource.custom.get("ordered", [])
    codes = {name: resource.schema.get_field(name).constraints.get("enum") for name in columns}

    def rank(name: str, cell: str) -> int:
        return codes[name].index(cell) if codes[name] else int(cell)

    faults = []
    with path.open(encoding="utf-8", newline="") as file:
        rows = [[row[name] for name in columns] for row in csv.DictReader(file)]
    keys = [[rank(name, cell) for name, cell in zip(columns, row, strict=True)] for row in rows]
    for number, (before, after) in enumerate(pairwise(keys), 3):
        if after < before:
            found, other = (", ".join(rows[place]) for place in (number - 2, number - 3))
            rule = f"rows in the order of {', '.join(columns)}"
            faults.append(
                Fault(relative(path), number, ", ".join(columns), f"'{found}' after '{other}'", rule)
            )
    return faults


def check_answers() -> list[Fault]:
    """Every fault in the folder of answers that FRIVILLIG_SURVEYS names; none where it is not set."""
    folder = chosen_folder()
    if folder is None:
        return []
    described, faults = read_descriptions(folder)
    for answers in described.values():
        found = check_table(answers.path, DATA / "surveys" / f"{answers.survey}.yaml")
        faults += found or _check_respondents(answers)
    return faults


def _check_respondents(answers: Answers) -> list[Fault]:
    """What a table can have, and a survey cannot."""
    path = answers.path
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    faults = []
    if len(rows) < answers.smallest_cell:
        # Even how many they are would have to be withheld everywhere.
        rule = f"at least {answers.smallest_cell}, the smallest_cell of the survey"
        faults.append(Fault(relative(path), None, None, f"{len(rows)} respondents", rule))
    if answers.survey == "municipalities":
        faults += _check_municipalities(path, rows)
    return faults


def _check_municipalities(path: Path, rows: list[dict[str, str]]) -> list[Fault]:
    # What chapters compare, and what they compare it between; every other column may be empty.
    faults = [
        Fault(relative(path), None, column, "no value in any row", "a value in at least one")
        for column in ("county", "own_recruitment")
        if not any(row[column] for row in rows)
    ]
    asked = read_table("counties").set_index("county")["units"]
    answered = Counter(row["county"] for row in rows if row["county"])
    return faults + [
        Fault(
            relative(path),
            None,
            "county",
            f"'{county}' in {count} rows",
            f"at most {asked[county]}, all it has",
        )
        for county, count in answered.items()
        if count > asked[county]
    ]


def check_table(path: Path, schema: Path) -> list[Fault]:
    """Every fault in a file with commas between its cells.

    Args:
        path: The file.
        schema: The Table Schema that it must follow.
    """
    from frictionless import Dialect, Resource, Schema, formats, system

    if not path.is_file():
        return [Fault(relative(path), None, None, "no such file", "a table")]
    if found := _check_header(path):
        return found
    described = Schema.from_descriptor(yaml.safe_load(schema.read_text(encoding="utf-8")))
    _hold_to_code_lists(described)
    dialect = Dialect(controls=[formats.CsvControl(delimiter=",")])
    with system.use_context(trusted=True):
        report = Resource(path=str(path), encoding="utf-8", dialect=dialect, schema=described).validate()
    return [fault for task in report.tasks for fault in _faults(path, task, described)]


def _hold_to_code_lists(schema: Any) -> None:
    """The library reads the code lists of columns, but does not hold the cells to them."""
    for field in schema.fields:
        if listed := field.to_descriptor().get("categories"):
            field.constraints["enum"] = [item["value"] for item in listed]


def _check_header(path: Path) -> list[Fault]:
    """What spreadsheets write: a byte order mark, or other marks than commas, which frictionless accepts."""
    if not path.is_file():
        return []
    with path.open("rb") as file:
        header = file.readline()
    marks = [mark for mark in (";", "\t") if header.count(mark.encode()) > header.count(b",")]
    wrong = [(f"{mark!r} between the cells", "a comma") for mark in marks]
    if not wrong and header.startswith(codecs.BOM_UTF8):
        wrong = [("a byte order mark", "UTF-8 without one")]
    return [Fault(relative(path), 1, None, found, f"{rule} ({SAVING})") for found, rule in wrong]


def _faults(path: Path, task: Any, schema: Any) -> list[Fault]:
    """What frictionless found in one file."""
    faults = [_fault(relative(path), error, schema) for error in task.errors]
    if not faults and not task.stats.get("rows"):
        faults.append(Fault(relative(path), None, None, "no rows", "at least one"))
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
        case "row-count":
            expected, actual = re.findall(r"\d+", error.note)
            return Fault(file, None, None, f"{actual} rows", f"{expected}, the `rows` of datapackage.yaml")
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
