"""The commands for teams with answers of their own; `python -m frivillig` lists them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add(commands: Any) -> None:
    """Add the commands to those of the package.

    Args:
        commands: What `add_subparsers` gave.
    """
    empty = commands.add_parser(
        "survey-template", help="make a folder for your own answers, with the codebook"
    )
    empty.add_argument("folder", type=Path, help="an empty folder, or one that is not there yet")
    empty.set_defaults(run=_make_template)
    taken = commands.add_parser("import-survey", help="import the export of a survey tool (CSV or Excel)")
    taken.add_argument("export", type=Path, help="the export")
    taken.add_argument(
        "--mapping", type=Path, required=True, help="which column is which; see survey-template"
    )
    taken.add_argument("--out", type=Path, required=True, help="folder of the answers")
    taken.add_argument("--key", type=Path, help="file for the key from numbers to units, outside that folder")
    taken.set_defaults(run=_import)


def _make_template(arguments: argparse.Namespace) -> None:
    from frivillig.surveys.template import write_template

    for path in write_template(arguments.folder):
        print(path)


def _import(arguments: argparse.Namespace) -> None:
    from frivillig.surveys.importing import import_survey

    print(import_survey(arguments.export, arguments.mapping, arguments.out, arguments.key))
