"""Fill a file of answers with what the registers say."""

from __future__ import annotations

import csv
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from frivillig.data import DATA, DataError, Fault, check_table
from frivillig.registers.client import Client
from frivillig.registers.link import COLUMNS, Unmatched, link

FILE = "municipalities.csv"
WHOLE = ("centrality", "population")


def fill(folder: Path, key_file: Path, asked: date, *, client: Client, **years: Any) -> list[Unmatched]:
    """Fill the columns that registers know, where they are empty for all respondents.

    Args:
        folder: Holds municipalities.csv.
        key_file: Number of the unit by respondent, as `import-survey` writes it.
        asked: A day on which the numbers were valid.
        client: What asks.
        years: As for `link`.

    Returns:
        What is missing, and why.

    Raises:
        DataError: when key and answers do not belong together; then nothing is written.
        RegisterError: when a register gives no whole answer; then nothing is written.
    """
    path = folder / FILE
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    units = _read_key(key_file, path, list(table["id"]))
    linked = link(units, asked, client=client, **years)
    filled = linked.values.reindex(table["id"])
    for column in COLUMNS:
        if (table[column] == "").all():
            table[column] = [_text(value, whole=column in WHOLE) for value in filled[column]]
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        made = Path(temporary) / FILE
        table.to_csv(made, index=False, encoding="utf-8", lineterminator="\n")
        if faults := check_table(made, DATA / "surveys" / "municipalities.yaml"):
            raise DataError(faults)
        made.replace(path)
    return linked.unmatched


def _text(value: Any, *, whole: bool) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, str):
        return value
    return str(round(value)) if whole else f"{value:.6g}"


def _read_key(key_file: Path, answers: Path, ids: list[str]) -> dict[str, str]:
    """The unit of each respondent."""
    try:
        with key_file.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if reader.fieldnames != ["id", "unit"]:
                found = ", ".join(reader.fieldnames or [])
                raise DataError([Fault(str(key_file), 1, None, found or "nothing", "id, unit")])
            rows = [(reader.line_num, row["id"], row["unit"]) for row in reader]
    except (OSError, UnicodeDecodeError) as problem:
        raise DataError([Fault(str(key_file), None, None, str(problem), "the key of the answers")]) from None
    faults = []
    seen: dict[str, int] = {}
    for row, id, unit in rows:
        if unit in seen:
            rule = f"each unit once; it is in row {seen[unit]}"
            faults.append(Fault(str(key_file), row, "unit", f"'{unit}' again", rule))
        seen.setdefault(unit, row)
        if id not in ids:
            faults.append(Fault(str(key_file), row, "id", f"'{id}'", f"a respondent of {answers}"))
    units = {id: unit for _, id, unit in rows}
    faults += [
        Fault(str(answers), row, "id", f"'{id}'", f"a respondent of {key_file}")
        for row, id in enumerate(ids, 2)
        if id not in units
    ]
    if faults:
        raise DataError(faults)
    return units
