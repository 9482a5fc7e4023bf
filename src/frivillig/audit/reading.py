"""Read any spine file: the columns of the data package, but ids and chapters of any report."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from frivillig.data import DataError, Fault, Spine, Statistic, read_categories
from frivillig.statistics import ExpressionError, parse
from frivillig.statistics.expressions import related_rows

COLUMNS = [field.name for field in fields(Statistic)]
RELATIONS = ["=", "<", "<=", ">", ">=", "~"]


def read_spine(path: Path) -> Spine:
    """Read a spine and check every cell that the audit uses.

    Raises:
        DataError: with all faults of the file, each with row and column.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise DataError(
            [Fault(str(path), None, None, str(problem.strerror), "a file that can be read")]
        ) from problem
    except UnicodeDecodeError as problem:
        raise DataError(
            [Fault(str(path), None, None, "bytes that are not UTF-8", "text in UTF-8")]
        ) from problem
    first = text.partition("\n")[0]
    mark = ";" if first.count(";") > first.count(",") else ","  # spreadsheets in Norwegian write semicolons
    reader = csv.reader(text.splitlines(keepends=True), strict=True, delimiter=mark)
    try:
        header, *lines = [(reader.line_num, line) for line in reader] or [(1, [])]
    except csv.Error as problem:
        raise DataError(
            [Fault(str(path), reader.line_num, None, str(problem), "a table with commas")]
        ) from problem
    if header[1] != COLUMNS:
        raise DataError([Fault(str(path), 1, None, ",".join(header[1]) or "nothing", ",".join(COLUMNS))])
    if not lines:
        raise DataError([Fault(str(path), None, None, "no rows", "at least one")])
    units = list(read_categories("statistics", "unit"))
    faults: list[Fault] = []
    rows: dict[str, Statistic] = {}
    for number, cells in lines:
        if len(cells) != len(COLUMNS):
            found, expected = f"{len(cells)} cells", f"{len(COLUMNS)} cells"
            faults.append(Fault(str(path), number, None, found, expected))
            continue
        row = dict(zip(COLUMNS, cells, strict=True))
        wrong = [Fault(str(path), number, *fault) for fault in _faults(row, rows, units)]
        faults += wrong
        if not wrong:
            counts = {column: int(row[column]) if row[column] else None for column in ("n", "base")}
            rows[row["id"]] = Statistic(**{**row, **counts})  # type: ignore[arg-type]
    ids = {cells[0] for _, cells in lines if cells}
    faults += [
        Fault(str(path), number, "repeats", f"'{cells[COLUMNS.index('repeats')]}'", "the id of a row")
        for number, cells in lines
        if len(cells) == len(COLUMNS) and cells[COLUMNS.index("repeats")] not in (ids | {""})
    ]
    faults += [
        Fault(str(path), number, "stat", f"the row '{id}'", "the id of a row")
        for number, cells in lines
        if len(cells) == len(COLUMNS) and cells[0] in rows and (stat := rows[cells[0]].stat)
        for id in related_rows(parse(stat))
        if id not in ids
    ]
    if faults:
        raise DataError(sorted(faults, key=lambda fault: fault.row or 0))
    return Spine(rows)


def _faults(
    row: dict[str, str], rows: dict[str, Statistic], units: list[str]
) -> Iterator[tuple[str, str, str]]:
    """Column, value and rule of each fault in a row."""
    if "." not in row["id"] or "" in row["id"].split("."):
        yield "id", f"'{row['id']}'", "parts joined by dots, as survey.question.answer.pct"
    elif row["id"] in rows:
        yield "id", f"'{row['id']}' again", "each id once"
    if row["unit"] not in units:
        yield "unit", f"'{row['unit']}'", f"one of {', '.join(units)}"
    for column, least in (("n", 0), ("base", 1)):
        if row[column] and not (row[column].isdecimal() and int(row[column]) >= least):
            yield column, f"'{row[column]}'", f"a whole number, at least {least}"
    if row["relation"] not in ("", *RELATIONS):
        yield "relation", f"'{row['relation']}'", f"one of {' '.join(RELATIONS)}, or nothing"
    try:
        value = Statistic(**{**row, "n": None, "base": None}).value  # type: ignore[arg-type]
    except ValueError:
        yield "printed", f"'{row['printed']}'", "a number with decimal comma, or a number word"
    else:
        if value is not None and not row["relation"]:
            yield "relation", "nothing", f"how the number binds the true one: {' '.join(RELATIONS)}"
    if row["stat"]:
        try:
            parse(row["stat"])
        except ExpressionError as problem:
            yield "stat", str(problem), "an expression of frivillig.statistics"
