"""Commands of the package: `python -m frivillig check-data` and `python -m frivillig audit`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from frivillig.audit.command import run
from frivillig.data import DATA, Fault, check_package, read_statistics
from frivillig.statistics import check_expressions

SPINE = Path("published") / "statistics.csv"


def main() -> int:
    """Run the command; 0 when all is well, 1 when there are faults, 2 when the audit cannot use a file."""
    parser = argparse.ArgumentParser(prog="frivillig", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check-data", help="check every data file against the data package")
    check.add_argument(
        "folder", nargs="?", type=Path, default=DATA, help="folder with datapackage.yaml (data)"
    )
    checks = commands.add_parser("audit", help="check the printed numbers of a spine against each other")
    checks.add_argument("file", type=Path, help="the spine, as data/published/statistics.csv")
    checks.add_argument(
        "--known", type=Path, metavar="FILE", help="findings already known, as --json writes them"
    )
    checks.add_argument("--json", type=Path, metavar="PATH", help="write the findings as JSON")
    checks.add_argument("--markdown", type=Path, metavar="PATH", help="write the findings as Markdown")
    arguments = parser.parse_args()
    if arguments.command == "audit":
        return run(arguments.file, arguments.known, arguments.json, arguments.markdown)
    faults = check_data(arguments.folder)
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        print(f"{len(faults)} faults in the data", file=sys.stderr)
        return 1
    print("All data files are as datapackage.yaml describes them.")
    return 0


def check_data(folder: Path) -> list[Fault]:
    """Every fault in the data files of a folder."""
    faults = check_package(folder / "datapackage.yaml")
    # Expressions are read only from a spine that can be read as a table.
    if any(fault.file.endswith(SPINE.name) for fault in faults):
        return faults
    return check_expressions(read_statistics(folder / SPINE), f"data/{SPINE}")


if __name__ == "__main__":
    sys.exit(main())
