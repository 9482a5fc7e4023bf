"""From a survey tool's export to a file of answers: recode, check, and write all or nothing."""

from __future__ import annotations

import csv
import os
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from frivillig.data import DATA, DataError, Fault, check_table, read_schema
from frivillig.data.answers import PACKAGE, read_descriptions
from frivillig.surveys.exports import Export, read_export
from frivillig.surveys.mapping import Column, Mapping, normal, read_mapping
from frivillig.surveys.template import UNTITLED, package, with_survey

YES = {"1", "ja", "x", "valgt", "avkrysset", "krysset av", "sant", "true", "yes"}
NO = {"0", "nei", "ikke valgt", "ikke avkrysset", "ikke krysset av", "usant", "false", "no"}
# An apostrophe or a space between thousands is read; a point is not, since it could be a decimal sign.
NUMBER = re.compile(r"(-?)(\d{1,3}(?:[ \u00a0\u202f']\d{3})+|\d+)(?:([.,])(\d+))?")
UNIT_NUMBER = re.compile(r"\d{4}|\d{6}")
LETTERS = {"municipalities": "M", "centres": "C", "organisations": "O"}


@dataclass
class Report:
    """What an import has done.

    Attributes:
        read_as: How the file was read.
        respondents: How many there are.
        recoded: By column, what the export wrote and what it became, with how often.
        empty: Columns of the survey that nothing was mapped to.
        unused: Columns of the export that were neither mapped nor ignored.
    """

    read_as: str
    respondents: int = 0
    recoded: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"Read as {self.read_as}: {self.respondents} respondents."]
        for column, changes in self.recoded.items():
            lines += [f"{column}:"] + [
                f"  {found or '(empty)'} -> {became or '(missing)'}: {count}"
                for (found, became), count in sorted(changes.items())
            ]
        lines += [f"Left empty, for nothing is mapped to them: {', '.join(self.empty)}"] if self.empty else []
        lines += [f"Not used of the export: {', '.join(self.unused)}"] if self.unused else []
        return "\n".join(lines)


def import_survey(path: Path, mapping: Path, folder: Path, key_file: Path | None = None) -> Report:
    """Import an export into a folder of answers.

    The respondents get new numbers in an order drawn at random, so that a number tells nothing; which unit
    has which number stands in the key file only.

    Args:
        path: The export.
        mapping: What its columns and answers mean.
        folder: Where the answers go; its data package names them from then on.
        key_file: Where the key goes: outside the folder. Needed when the mapping names a key.

    Returns:
        What was done.

    Raises:
        DataError: with every fault found; then nothing is written.
    """
    plan = read_mapping(mapping)
    export = read_export(path, plan.sheet)
    faults = _check_names(plan, export) + _check_places(plan, folder, key_file)
    if faults:
        raise DataError(faults)
    report = Report(export.read_as, len(export.rows))
    rows, faults = _recode(plan, export, report)
    keys, wrong = _keys(plan, export)
    faults += wrong
    if faults:
        order = {name: place for place, name in enumerate(export.header)}
        raise DataError(sorted(faults, key=lambda fault: (fault.row, order[fault.column])))
    drawn = list(rows)
    random.SystemRandom().shuffle(drawn)
    ids = {row: f"{LETTERS[plan.survey]}{number:03d}" for number, row in enumerate(drawn, 1)}
    names = read_schema(plan.survey).names
    _write(
        plan,
        folder,
        [names, *([{"id": ids[row], **rows[row]}.get(name, "") for name in names] for row in drawn)],
        key_file,
        [["id", "unit"], *([ids[row], keys[row]] for row in drawn)] if keys else [],
    )
    return report


def _check_names(plan: Mapping, export: Export) -> list[Fault]:
    wanted = {column: source.source for column, source in plan.columns.items()}
    wanted |= {"key": plan.key} if plan.key else {}
    shown = ", ".join(export.header[:12]) + (" …" if len(export.header) > 12 else "")
    return [
        Fault(str(plan.path), None, column, f"'{source}'", f"a column of the export: {shown}")
        for column, source in wanted.items()
        if source not in export.header
    ] + [
        Fault(str(plan.path), None, "ignore", f"'{name}'", f"a column of the export: {shown}")
        for name in plan.ignore
        if name not in export.header
    ]


def _check_places(plan: Mapping, folder: Path, key_file: Path | None) -> list[Fault]:
    faults = []
    if (folder / f"{plan.survey}.csv").exists():
        with (folder / f"{plan.survey}.csv").open("rb") as file:
            if len(file.readlines()) > 1:
                found = "answers that are there already"
                faults.append(
                    Fault(str(folder / f"{plan.survey}.csv"), None, None, found, "no file, or an empty one")
                )
    if (folder / PACKAGE).exists():
        # Surveys that are still to come have no title yet.
        faults += [fault for fault in read_descriptions(folder)[1] if fault.found != f"'{UNTITLED}'"]
    if plan.key and key_file is None:
        faults.append(
            Fault(str(plan.path), None, "key", f"'{plan.key}'", "--key FILE to say where the key goes")
        )
    if key_file is not None:
        if not plan.key:
            faults.append(Fault(str(plan.path), None, "key", "nothing", "the column that names the unit"))
        if key_file.resolve().is_relative_to(folder.resolve()):
            faults.append(
                Fault(str(key_file), None, None, "a place among the answers", "one outside their folder")
            )
        if key_file.exists():
            faults.append(Fault(str(key_file), None, None, "a file", "no file: a key is not overwritten"))
    return faults


def _recode(plan: Mapping, export: Export, report: Report) -> tuple[dict[int, dict[str, str]], list[Fault]]:
    schema = read_schema(plan.survey).columns
    places = {name: place for place, name in enumerate(export.header)}
    rows: dict[int, dict[str, str]] = {row: {} for row in export.rows}
    faults = []
    for name, column in plan.columns.items():
        changes: Counter[tuple[str, str]] = Counter()
        for row, cells in export.rows.items():
            found = cells[places[column.source]]
            value, expected = _value(found, column, schema[name], plan.missing)
            if expected:
                faults.append(
                    Fault(str(export.path), row, column.source, f"'{found}'", f"{expected} (for {name})")
                )
            rows[row][name] = value
            if value != found:
                changes[found, value] += 1
        # Numbers written in another way are no recoding worth a line each.
        if (
            changes
            and "categories" not in schema[name]
            and schema[name].get("constraints", {}).get("enum") is None
        ):
            changes = Counter({("numbers", "numbers with a decimal point"): changes.total()})
        if changes:
            report.recoded[name] = changes
    for question in plan.unmarked:
        _fill_unmarked(question, plan, rows, report)
    report.empty = [name for name in schema if name != "id" and name not in plan.columns]
    used = {column.source for column in plan.columns.values()} | {plan.key, *plan.ignore}
    report.unused = [name for name in export.header if name not in used]
    return rows, faults


def _value(found: str, column: Column, described: dict[str, Any], missing: frozenset[str]) -> tuple[str, str]:
    """What a cell becomes, and what was expected where it is not understood."""
    text = normal(found)
    if text in column.values:
        text = normal(column.values[text])
    elif not text or text in missing:
        return "", ""
    if not text:
        return "", ""
    rules = described.get("constraints", {})
    if "categories" in described:
        meant = {
            normal(form): item["value"]
            for item in described["categories"]
            for form in (item["label"], item["value"])
        }
        return (
            (meant[text], "")
            if text in meant
            else ("", "one of " + ", ".join(i["label"] for i in described["categories"]))
        )
    if rules.get("enum") == [0, 1]:
        if text in YES | {normal(described["title"])}:
            return "1", ""
        return ("0", "") if text in NO else ("", "1 or 0, ja or nei, or the text of the answer")
    if described["type"] in ("integer", "number"):
        return _number(text, column.divide, described)
    return found, ""


def _number(text: str, divide: float, described: dict[str, Any]) -> tuple[str, str]:
    whole = described["type"] == "integer"
    rules = described.get("constraints", {})
    ends = [
        f"{word} {rules[key]}"
        for key, word in (("minimum", "at least"), ("maximum", "at most"))
        if key in rules
    ]
    expected = ", ".join(["a whole number" if whole else "a number with decimal comma", *ends])
    match = NUMBER.fullmatch(text)
    if not match:
        return "", expected
    sign, digits, mark, decimals = match.groups()
    # 1.234 can be a thousand or one; in a column of whole numbers neither is taken for granted.
    if whole and mark and decimals.strip("0"):
        return "", expected
    if mark == "." and len(decimals) == 3 and whole:
        return "", f"{expected}, without a point between thousands"
    plain = re.sub(r"\D", "", digits)
    value = float(f"{sign}{plain}.{decimals or 0}") / divide
    if value < rules.get("minimum", value) or value > rules.get("maximum", value):
        return "", expected
    if whole:
        return (str(int(value)), "") if value.is_integer() else ("", expected)
    return repr(value), ""


def _fill_unmarked(question: str, plan: Mapping, rows: dict[int, dict[str, str]], report: Report) -> None:
    columns = [name for name in plan.columns if name.startswith(f"{question}_")]
    for cells in rows.values():
        if any(cells[name] == "1" for name in columns):
            for name in columns:
                if not cells[name]:
                    cells[name] = "0"
                    report.recoded.setdefault(name, Counter())["", "0"] += 1


def _keys(plan: Mapping, export: Export) -> tuple[dict[int, str], list[Fault]]:
    """The unit of each row; municipality numbers have four digits, Oslo's districts six."""
    if not plan.key:
        return {}, []
    place = export.header.index(plan.key)
    keys, seen, faults = {}, {}, []
    for row, cells in export.rows.items():
        key = cells[place]
        if plan.survey == "municipalities":
            # Spreadsheets drop the zero in front of Oslo's numbers.
            key = key.zfill(4) if len(key) < 5 else key.zfill(6)
            if not UNIT_NUMBER.fullmatch(key):
                expected = "a municipality number of four digits, or a district of Oslo of six"
                faults.append(Fault(str(export.path), row, plan.key, f"'{cells[place]}'", expected))
        elif not key:
            faults.append(Fault(str(export.path), row, plan.key, "nothing", "what names the unit"))
        if key in seen:
            faults.append(
                Fault(str(export.path), row, plan.key, f"'{key}', as in row {seen[key]}", "each unit once")
            )
        seen.setdefault(key, row)
        keys[row] = key
    return keys, faults


def _write(
    plan: Mapping, folder: Path, table: list[list[str]], key_file: Path | None, key: list[list[str]]
) -> None:
    """All files or none: made in a temporary folder beside their place, checked, then moved."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        made = Path(temporary)
        answers = made / f"{plan.survey}.csv"
        _write_csv(answers, table)
        if faults := check_table(answers, DATA / "surveys" / f"{plan.survey}.yaml"):
            raise DataError(faults)
        moves = [(answers, folder / answers.name)]
        there = folder / PACKAGE
        described = there.read_text(encoding="utf-8") if there.exists() else package({})
        (made / PACKAGE).write_text(with_survey(described, plan.survey, plan.title), encoding="utf-8")
        if plan.survey not in read_descriptions(made)[0]:
            raise DataError(
                [
                    Fault(
                        str(there),
                        None,
                        "resources",
                        "a list written in another way",
                        f"a resource named {plan.survey}",
                    )
                ]
            )
        moves.append((made / PACKAGE, there))
        folder.mkdir(exist_ok=True)
        if key_file is not None:
            key_file.parent.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=key_file.parent)  # readable by its owner only
            os.close(descriptor)
            _write_csv(Path(name), key)
            moves.append((Path(name), key_file))
        for made_file, place in moves:
            made_file.replace(place)


def _write_csv(path: Path, table: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(table)
