"""Single faults, planted one at a time in the data files; what comes of each.

`PYTHONPATH=tests python tests/mutations.py 1` prints the table of bench/mutations.md.
"""

from __future__ import annotations

import csv
import io
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from frivillig.__main__ import check_data
from frivillig.data import DATA, Fault


@dataclass(frozen=True)
class Mutation:
    """A data file with one fault in it.

    Attributes:
        resource: Name in the data package.
        kind: What sort of fault.
        content: The file's bytes, with the fault.
        row: The line that a message must name; None for a fault of the whole file.
        column: The column that a message must name, where the fault lies in one cell.
    """

    resource: str
    kind: str
    content: bytes
    row: int | None = None
    column: str | None = None


@dataclass(frozen=True)
class Table:
    """A data file and its description."""

    name: str
    path: Path
    fields: dict[str, dict[str, Any]]
    cells: list[list[str]]

    def written(self, cells: list[list[str]]) -> bytes:
        """The file with other cells."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(cells)
        return text.getvalue().encode()

    def with_cell(self, kind: str, row: int, column: str, value: str) -> Mutation:
        """The file with another value in one cell; rows count from 1, the first after the header."""
        cells = [list(line) for line in self.cells]
        cells[row][self.cells[0].index(column)] = value
        return Mutation(self.name, kind, self.written(cells), row + 1, column)


@cache
def tables() -> list[Table]:
    """Every table of the data package."""
    package = yaml.safe_load((DATA / "datapackage.yaml").read_text(encoding="utf-8"))
    found = []
    for resource in package["resources"]:
        schema = resource["schema"]
        if isinstance(schema, str):
            schema = yaml.safe_load((DATA / schema).read_text(encoding="utf-8"))
        path = DATA / resource["path"]
        with path.open(encoding="utf-8", newline="") as file:
            cells = list(csv.reader(file))
        fields = {field["name"]: field for field in schema["fields"]}
        found.append(Table(resource["name"], path, fields, cells))
    return found


# ── Kinds of faults: each yields the faults of its kind that a table can have ────────────────────


def _some_row(table: Table, rng: random.Random) -> int:
    return rng.randrange(1, len(table.cells))


def wrong_type(table: Table, rng: random.Random) -> Iterator[Mutation]:
    """Words in a column of numbers."""
    for name, field in table.fields.items():
        if field["type"] in ("integer", "number"):
            yield table.with_cell("wrong type", _some_row(table, rng), name, "mange")


def unknown_code(table: Table, rng: random.Random) -> Iterator[Mutation]:
    """A code that the list does not have."""
    for name, field in table.fields.items():
        codes = field.get("constraints", {}).get("enum") or field.get("categories")
        if codes and field["type"] == "string":
            yield table.with_cell("unknown code", _some_row(table, rng), name, "ukjent")
        elif codes:
            yield table.with_cell("unknown code", _some_row(table, rng), name, "7000")


def out_of_range(table: Table, rng: random.Random) -> Iterator[Mutation]:
    """A number below the smallest or above the largest."""
    for name, field in table.fields.items():
        limits = field.get("constraints", {})
        for key, step in (("minimum", -1), ("maximum", 1)):
            if key in limits:
                value = f"{limits[key] + step}"
                yield table.with_cell("out of range", _some_row(table, rng), name, value)


def missing(table: Table, rng: random.Random) -> Iterator[Mutation]:
    """Nothing in a cell that must be filled."""
    for name, field in table.fields.items():
        if field.get("constraints", {}).get("required"):
            yield table.with_cell("missing", _some_row(table, rng), name, "")


def duplicate(table: Table, rng: random.Random) -> Iterator[Mutation]:
    """A row twice."""
    row = _some_row(table, rng)
    cells = [*table.cells[: row + 1], table.cells[row], *table.cells[row + 1 :]]
    yield Mutation(table.name, "duplicate row", table.written(cells), row + 2)


def shifted(table: Table, rng: random.Random) -> Iterator[Mutation]:
    """A row whose cells have moved one place to the left or right."""
    for move in ("left", "right"):
        row = _some_row(table, rng)
        cells = [list(line) for line in table.cells]
        cells[row] = cells[row][1:] if move == "left" else ["", *cells[row]]
        yield Mutation(table.name, "shifted row", table.written(cells), row + 1)


def shifted_column(table: Table, rng: random.Random) -> Iterator[Mutation]:
    """Columns that have changed places, are gone or are new."""
    first, second = rng.sample(range(len(table.cells[0])), 2)
    swapped = [list(line) for line in table.cells]
    swapped[0][first], swapped[0][second] = swapped[0][second], swapped[0][first]
    yield Mutation(table.name, "shifted column", table.written(swapped), 1)
    dropped = [line[:first] + line[first + 1 :] for line in table.cells]
    yield Mutation(table.name, "missing column", table.written(dropped), 1)
    added = [[*line, "ny" if not row else "1"] for row, line in enumerate(table.cells)]
    yield Mutation(table.name, "extra column", table.written(added), 1)


def encoding(table: Table, rng: random.Random) -> Iterator[Mutation]:
    """Another encoding than UTF-8, a byte that is none, and semicolons for commas."""
    content = table.path.read_bytes()
    yield Mutation(table.name, "encoding", content.decode().encode("utf-16"))
    if not content.isascii():
        yield Mutation(table.name, "encoding", content.decode().encode("cp1252", "replace"))
    place = rng.randrange(len(content))
    yield Mutation(table.name, "encoding", content[:place] + b"\xff" + content[place:])
    yield Mutation(table.name, "separator", content.replace(b",", b";"))


def swapped_rows(table: Table, rng: random.Random) -> Iterator[Mutation]:
    """Two rows that have changed places."""
    for _ in range(2):
        first, second = sorted(rng.sample(range(1, len(table.cells)), 2))
        cells = list(table.cells)
        cells[first], cells[second] = cells[second], cells[first]
        yield Mutation(table.name, "swapped rows", table.written(cells))


def truncated(table: Table, rng: random.Random) -> Iterator[Mutation]:
    """A file that ends too early: anywhere, within the last row, after some row, at once."""
    content = table.path.read_bytes()
    ends = [rng.randrange(1, len(content)) for _ in range(3)]
    last = content[:-1].rindex(b"\n") + 1
    ends += [rng.randrange(last + 1, len(content)), last, len(content) - 1, 0]
    for end in ends:
        yield Mutation(table.name, "truncated file", content[:end])


KINDS: tuple[Callable[[Table, random.Random], Iterator[Mutation]], ...] = (
    wrong_type,
    unknown_code,
    out_of_range,
    missing,
    duplicate,
    shifted,
    shifted_column,
    encoding,
    swapped_rows,
    truncated,
)


def mutations(seed: int) -> Iterator[Mutation]:
    """Every kind of fault in every table, at places that the seed draws."""
    rng = random.Random(seed)
    for table in tables():
        for kind in KINDS:
            yield from kind(table, rng)


# ── What comes of them ───────────────────────────────────────────────────────────────────────────


def small_package(resource: str, folder: Path) -> Path:
    """A data package of one table and those that its keys lead to, in a folder of its own."""
    package = yaml.safe_load((DATA / "datapackage.yaml").read_text(encoding="utf-8"))
    described = {item["name"]: item for item in package["resources"]}
    schema = described[resource]["schema"]
    keys = schema.get("foreignKeys", []) if isinstance(schema, dict) else []
    names = {resource, *(key["reference"]["resource"] or resource for key in keys)}
    # Those that these lead to in turn are not looked at.
    for name in names - {resource}:
        described[name]["schema"].pop("foreignKeys", None)
    package["resources"] = [item for item in package["resources"] if item["name"] in names]
    shutil.copytree(DATA, folder, dirs_exist_ok=True)
    (folder / "datapackage.yaml").write_text(yaml.safe_dump(package, allow_unicode=True), encoding="utf-8")
    return folder / "datapackage.yaml"


def outcome(mutation: Mutation, package: Path) -> str:
    """'caught', or why the fault is harmless, or 'MISSED' with the messages that there were."""
    table = next(table for table in tables() if table.name == mutation.resource)
    file = package.parent / table.path.relative_to(DATA)
    file.write_bytes(mutation.content)
    faults = check_data(package.parent)
    file.write_bytes(table.path.read_bytes())
    if any(_names(fault, mutation, file.name) for fault in faults):
        return "caught"
    if not faults and _reads_the_same(mutation, table):
        return "harmless"
    return f"MISSED: {[str(fault) for fault in faults[:3]]}"


def _names(fault: Fault, mutation: Mutation, file: str) -> bool:
    """Whether a message names file, row and column of the fault."""
    right_row = mutation.row is None or fault.row == mutation.row
    right_column = mutation.column is None or mutation.column in (fault.column or "").split(", ")
    return fault.file.endswith(file) and right_row and right_column


def _reads_the_same(mutation: Mutation, table: Table) -> bool:
    """Whether the same rows are read; where their order says something, the check would have objected."""
    cells = list(csv.reader(io.StringIO(mutation.content.decode("utf-8"))))
    return cells[0] == table.cells[0] and sorted(cells[1:]) == sorted(table.cells[1:])


def main(seeds: range) -> int:
    """Plant all faults and print the table of kinds; 1 when one was missed."""
    counts: dict[str, Counter[str]] = {}
    for seed in seeds:
        for mutation in mutations(seed):
            with tempfile.TemporaryDirectory() as folder:
                result = outcome(mutation, small_package(mutation.resource, Path(folder)))
            counts.setdefault(mutation.kind, Counter())[result.partition(":")[0]] += 1
            if result.startswith("MISSED"):
                print(f"{mutation.resource}, {mutation.kind}, row {mutation.row}: {result}", file=sys.stderr)
    print("| fault | planted | caught | harmless | missed |\n|---|---|---|---|---|")
    for kind, count in counts.items():
        print(f"| {kind} | {count.total()} | {count['caught']} | {count['harmless']} | {count['MISSED']} |")
    total = sum(counts.values(), Counter())
    print(f"| all | {total.total()} | {total['caught']} | {total['harmless']} | {total['MISSED']} |")
    return int(total["MISSED"] > 0)


if __name__ == "__main__":
    sys.exit(main(range(int(sys.argv[1]) if len(sys.argv) > 1 else 2)))
