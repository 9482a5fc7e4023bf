"""Read what a survey tool exports: text in the encodings and with the separators that are met, and Excel."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from pathlib import Path

from frivillig.data import DataError, Fault

SEPARATORS = (";", "\t", ",")
NAMES = {";": "semicolon", "\t": "tab", ",": "comma"}
# What files begin with that are no export, whatever they are called.
OTHER_KINDS = {
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an Excel file of the old kind (.xls)",
    b"\x89PNG": "a picture",
    b"<!DOC": "a web page",
    b"<html": "a web page",
    b"$FL2": "an SPSS file",
}
ZIP = b"PK\x03\x04"
EXPECTED = "text with semicolons, tabs or commas, or Excel (.xlsx)"


@dataclass(frozen=True)
class Export:
    """A table as exported: text in every cell.

    Attributes:
        path: The file.
        header: The names of the columns.
        rows: The cells of each respondent, by the row in the file (the header is in row 1).
        read_as: How the file was read, in words.
    """

    path: Path
    header: list[str]
    rows: dict[int, list[str]]
    read_as: str


def read_export(path: Path, sheet: str | None = None) -> Export:
    """Read an export.

    Args:
        path: The file.
        sheet: The sheet of an Excel file; needed when there is more than one with content.

    Raises:
        DataError: with every fault, when it is no table or its rows do not fit its header.
    """
    if not path.is_file():
        raise DataError([Fault(str(path), None, None, "no such file", EXPECTED)])
    content = path.read_bytes()
    for start, kind in OTHER_KINDS.items():
        if content.startswith(start):
            raise DataError([Fault(str(path), None, None, kind, EXPECTED)])
    if content.startswith(ZIP):
        lines, read_as = _read_excel(path, sheet)
    else:
        lines, read_as = _read_text(path, content)
    return _as_table(path, lines, read_as)


def _read_text(path: Path, content: bytes) -> tuple[dict[int, list[str]], str]:
    text, encoding = _decode(path, content)
    first = text.lstrip("\n").partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    if not first.count(separator):
        shown = first[:40] or "nothing"
        raise DataError([Fault(str(path), 1, None, f"'{shown}' in one column", EXPECTED)])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: dict[int, list[str]] = {}
    try:
        start = 1
        for line in reader:
            # A cell may hold line breaks: the row is where it begins.
            lines[start] = line
            start = reader.line_num + 1
    except csv.Error as problem:
        found = f"quotation marks that do not pair ({problem})"
        raise DataError([Fault(str(path), start, None, found, "cells that end")]) from None
    return lines, f"{encoding}, {NAMES[separator]} between the cells"


def _decode(path: Path, content: bytes) -> tuple[str, str]:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(encoding), {"utf-8-sig": "UTF-8", "utf-16": "UTF-16"}[encoding]
    # Without a mark, every second byte of Western text in UTF-16 is zero.
    half = len(content) // 2
    if half and content[1::2].count(0) > 0.8 * half:
        return content.decode("utf-16-le"), "UTF-16"
    if b"\0" in content:
        raise DataError([Fault(str(path), None, None, "bytes that are no text", EXPECTED)])
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError as problem:
        row = content[: problem.start].count(b"\n") + 1
        found = f"the byte {content[problem.start]:#04x}"
        raise DataError([Fault(str(path), row, None, found, "UTF-8, UTF-16 or Windows-1252")]) from None


def _read_excel(path: Path, sheet: str | None) -> tuple[dict[int, list[str]], str]:
    import zipfile

    import pandas as pd

    try:
        sheets = pd.read_excel(path, sheet_name=None, header=None, dtype=object, engine="openpyxl")
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as problem:
        raise DataError([Fault(str(path), None, None, f"a damaged file ({problem})", EXPECTED)]) from None
    filled = {name: table for name, table in sheets.items() if len(table)}
    if sheet is None and len(filled) == 1:
        sheet = next(iter(filled))
    if sheet not in filled:
        found = f"the sheets {', '.join(map(repr, sheets))}"
        expected = f"the sheet '{sheet}', with content" if sheet else "`sheet` in the mapping to say which"
        raise DataError([Fault(str(path), None, None, found, expected)])
    cells = filled[sheet].map(_cell_text).to_numpy().tolist()
    return dict(enumerate(cells, 1)), f"Excel, sheet '{sheet}'"


def _cell_text(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    # Excel has one kind of number: 3 is kept as 3.0.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _as_table(path: Path, lines: dict[int, list[str]], read_as: str) -> Export:
    filled = {
        row: [cell.strip() for cell in line] for row, line in lines.items() if any(c.strip() for c in line)
    }
    if not filled:
        raise DataError([Fault(str(path), None, None, "nothing", EXPECTED)])
    first, *others = filled
    header = filled[first]
    # A separator at the end of the line makes no column.
    while header and not header[-1]:
        header.pop()
    faults = [
        Fault(str(path), first, None, "a column without a name", "a name for each column")
        for name in header
        if not name
    ]
    repeated = {name for name in header if name and header.count(name) > 1}
    faults += [Fault(str(path), first, name, "the name again", "each name once") for name in sorted(repeated)]
    rows = {}
    for row in others:
        line = filled[row]
        while len(line) > len(header) and not line[-1]:
            line.pop()
        if len(line) > len(header) or (len(line) < len(header) and not read_as.startswith("Excel")):
            faults.append(
                Fault(str(path), row, None, f"{len(line)} cells", f"{len(header)}, as in the header")
            )
        rows[row] = line + [""] * (len(header) - len(line))
    if not others:
        faults.append(Fault(str(path), None, None, "no rows", "at least one respondent"))
    if faults:
        raise DataError(faults)
    return Export(path, header, rows, read_as)
