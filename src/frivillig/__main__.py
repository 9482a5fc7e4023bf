"""Commands of the package: `python -m frivillig check-data`."""

from __future__ import annotations

import argparse
import sys

from frivillig.data import check_package, read_schema, read_statistics
from frivillig.statistics import ExpressionError, parse


def main() -> int:
    """Run the command; 0 when all is well, 1 when there are faults."""
    parser = argparse.ArgumentParser(prog="frivillig", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check-data", help="check every data file against data/datapackage.yaml")
    parser.parse_args()
    faults = check_package()
    for fault in faults:
        print(fault, file=sys.stderr)
    print(
        f"{len(faults)} faults" if faults else "All data files are as data/datapackage.yaml describes them."
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
