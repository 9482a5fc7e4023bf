"""Commands of the package: `python -m frivillig` with one of the names below.

What only some of them need is imported by those, so that a build begins at once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from frivillig import site
from frivillig.data import DATA, ROOT, DataError, Fault, check_answers, check_package, read_statistics
from frivillig.reconstruct import commands as reconstruct_commands
from frivillig.registers import commands as register_commands
from frivillig.surveys import commands as survey_commands

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
    text = commands.add_parser("lint", help="check the text of the book; each remark with file and line")
    text.add_argument("folder", nargs="?", type=Path, default=ROOT, help="the project (this one)")
    two = commands.add_parser("compare", help="tell what differs for readers between two built sites")
    two.add_argument("old", type=Path, help="folder of the site as it was")
    two.add_argument("new", type=Path, help="folder of the site as it is")
    two.add_argument("--out", type=Path, help="folder for summary.md and pictures of the figures")
    pages = commands.add_parser("assemble", help="put a site together with its older versions")
    pages.add_argument("site", type=Path, help="folder of the newest site")
    pages.add_argument("archives", type=Path, help="folder of the versions, each TAG.tar.gz")
    pages.add_argument("--out", type=Path, required=True, help="folder to write")
    commands.add_parser("notebooks", help="write each chapter as .ipynb with outputs to _build/notebooks")
    chapter = commands.add_parser(
        "new-chapter", help="write a chapter to begin from, and list it in _toc.yml"
    )
    chapter.add_argument("name", help="name of its file in notebooks/, such as volunteer_training")
    book = commands.add_parser(
        "build", help="build the site and publish it, typeset the PDF, or follow links"
    )
    book.add_argument("builder", choices=["html", "typst", "linkcheck"], help="site, PDF or links")
    preview = commands.add_parser("serve", help="show the site, and build and reload it at each saved change")
    preview.add_argument("--port", type=int, default=8000)
    reconstruct_commands.add(commands)
    survey_commands.add(commands)
    register_commands.add(commands)
    arguments = parser.parse_args()
    if "run" in arguments:
        return _guarded(lambda: arguments.run(arguments))
    match arguments.command:
        case "audit":
            from frivillig.audit.command import run

            return run(arguments.file, arguments.known, arguments.json, arguments.markdown)
        case "build":
            site.build(arguments.builder)
            return 0
        case "serve":
            site.serve(arguments.port)
            return 0
        case "check-data":
            return _report_faults(arguments.folder)
        case "assemble":
            return _assemble(arguments.site, arguments.archives, arguments.out)
        case "compare":
            return _compare(arguments.old, arguments.new, arguments.out)
        case "notebooks" | "new-chapter":
            return _chapters(arguments)
    return _lint(arguments.folder)


def check_data(folder: Path) -> list[Fault]:
    """Every fault in the data files of a folder."""
    from frivillig.statistics import check_expressions

    faults = check_package(folder / "datapackage.yaml")
    # Expressions are read only from a spine that can be read as a table.
    if any(fault.file.endswith(SPINE.name) for fault in faults):
        return faults
    return faults + check_expressions(read_statistics(folder / SPINE), f"data/{SPINE}")


def _report_faults(folder: Path) -> int:
    faults = check_data(folder) + check_answers()
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        print(f"{len(faults)} faults in the data", file=sys.stderr)
        return 1
    print("All data files are as datapackage.yaml describes them.")
    return 0


def _lint(folder: Path) -> int:
    from frivillig.lint import lint

    try:
        remarks = lint(folder)
    except (DataError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 2
    for remark in remarks:
        print(remark)
    if remarks:
        print(f"{len(remarks)} remarks on the text", file=sys.stderr)
    return 1 if remarks else 0


def _compare(old: Path, new: Path, out: Path | None) -> int:
    from frivillig.compare import SiteError, compare

    try:
        print(compare(old, new, out))
    except SiteError as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


def _assemble(site_folder: Path, archives: Path, out: Path) -> int:
    from frivillig.versions import VersionError, assemble

    try:
        versions = assemble(site_folder, archives, out)
    except VersionError as problem:
        print(problem, file=sys.stderr)
        return 2
    print(f"{out}: the newest site and {len(versions)} versions")
    return 0


def _chapters(arguments: argparse.Namespace) -> int:
    from frivillig.notebooks import ChapterError, copy_notebooks, new_chapter

    try:
        written = copy_notebooks() if arguments.command == "notebooks" else [new_chapter(arguments.name)]
    except ChapterError as problem:
        print(problem, file=sys.stderr)
        return 1
    for path in written:
        print(path.relative_to(ROOT))
    return 0


def _guarded(work: Callable[[], None]) -> int:
    """Run; what is wrong with the targets is told without a traceback."""
    from frivillig.reconstruct.covariates import ConvergenceError
    from frivillig.reconstruct.targets import ConflictError
    from frivillig.registers.client import RegisterError

    try:
        work()
    except (ConflictError, ConvergenceError, DataError, RegisterError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
