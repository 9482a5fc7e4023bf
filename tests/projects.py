"""Copies of the whole project, to build, change and break."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from frivillig.data import ROOT

EPOCH = "1763820000"  # the same day in every copy
# A copy shares its virtual environment with this project and must never install itself there.
MAKE = ("make", "--old-file=.venv/.installed")


def copy_project(folder: Path) -> Path:
    """What git knows of the project, with uncommitted changes, and the virtual environment of this one."""
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(lambda name: (ROOT / name).is_file(), names.stdout.splitlines()):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)  # with its time, for make
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


def environment(project: Path) -> dict[str, str]:
    """Variables with which the project's own package is used, not that of the virtual environment."""
    return {**os.environ, "PYTHONPATH": str(project / "src"), "SOURCE_DATE_EPOCH": EPOCH, "NO_COLOR": "1"}


def run(project: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command in the project."""
    return subprocess.run(
        command, cwd=project, env=environment(project), capture_output=True, text=True, check=False
    )


def replace(file: Path, old: str, new: str) -> None:
    """Replace the first `old` in a file, which must be there."""
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{file}: no {old!r}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
