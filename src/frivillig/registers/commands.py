"""The command that fills answers from the registers; `python -m frivillig` lists it."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Any


def add(commands: Any) -> None:
    """Add the command to those of the package.

    Args:
        commands: What `add_subparsers` gave.
    """
    joined = commands.add_parser("link", help="fill the columns of the municipal survey that registers know")
    joined.add_argument(
        "folder", type=Path, help="folder with municipalities.csv, as import-survey writes it"
    )
    joined.add_argument("--key", type=Path, required=True, help="the key that import-survey wrote")
    joined.add_argument(
        "--date", type=date.fromisoformat, required=True, help="a day on which the numbers held"
    )
    joined.add_argument(
        "--population", type=int, required=True, metavar="YEAR", help="population on 1 January"
    )
    joined.add_argument("--accounts", type=int, required=True, metavar="YEAR", help="expenses of this year")
    joined.set_defaults(run=_link)


def _link(arguments: argparse.Namespace) -> None:
    from frivillig.registers.client import Client
    from frivillig.registers.fill import fill

    unmatched = fill(
        arguments.folder,
        arguments.key,
        arguments.date,
        client=Client(),
        population_year=arguments.population,
        accounts_year=arguments.accounts,
    )
    for item in unmatched:
        print(item, file=sys.stderr)
    print(f"Filled {arguments.folder}; {len(unmatched)} numbers are missing, each named above.")
