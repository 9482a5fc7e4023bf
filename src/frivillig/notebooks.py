"""Chapters as notebooks: copies with outputs, and new chapters."""

from __future__ import annotations

import re
from pathlib import Path

import jupytext
import nbformat
from jupyter_cache import get_cache
from jupytext.config import load_jupytext_config

from frivillig.data import ROOT
from frivillig.site import WORK

CHAPTERS = ROOT / "notebooks"
COPIES = ROOT / "_build" / "notebooks"
TEMPLATE = Path(__file__).with_name("new_chapter.md")
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


class ChapterError(Exception):
    """A chapter that cannot be made or copied; the message says why."""


def copy_notebooks(out: Path = COPIES, built: Path = WORK) -> list[Path]:
    """Write each chapter as .ipynb with the outputs of the last build.

    The folder is the one that [tool.jupytext] in pyproject.toml pairs with notebooks/: JupyterLab shows the
    outputs when it opens the text.

    Args:
        out: Folder of the copies.
        built: Where Jupyter Book has built, with what it executed.

    Returns:
        The files, all or none.

    Raises:
        ChapterError: when the last build did not execute a chapter as it is now.
    """
    store = get_cache(built / "_build" / ".jupyter_cache" / "warm")
    written = []
    for path in sorted(CHAPTERS.glob("*.md")):
        notebook = jupytext.read(path, config=load_jupytext_config(str(path)))
        try:
            _, executed = store.merge_match_into_notebook(notebook)
        except KeyError:
            raise ChapterError(
                f"notebooks/{path.name} was not executed as it is now; run make html"
            ) from None
        written.append((out / f"{path.stem}.ipynb", nbformat.writes(executed)))
    out.mkdir(parents=True, exist_ok=True)
    for target, text in written:
        target.write_text(text, encoding="utf-8")
    return [target for target, _ in written]


def new_chapter(name: str, root: Path = ROOT) -> Path:
    """Write a chapter to begin from, and put it last in the numbered part of the contents.

    Args:
        name: Name of its file in notebooks/, such as volunteer_recruiting.
        root: The project.

    Raises:
        ChapterError: when the name cannot be one, or there is such a chapter.
    """
    path, contents = root / "notebooks" / f"{name}.md", root / "_toc.yml"
    if not NAME.fullmatch(name):
        raise ChapterError(
            f"'{name}' is no name for a chapter; use small letters, digits and _, a letter first"
        )
    if path.exists():
        raise ChapterError(f"there is a chapter notebooks/{name}.md; choose another name")
    listed = contents.read_text(encoding="utf-8")
    part = re.search(r"numbered: true\n +chapters:\n(?: +- file: .*\n)*(?P<last> +- file: .*\n)", listed)
    if part is None:
        raise ChapterError("_toc.yml has no numbered part with chapters; add the chapter there by hand")
    indent = " " * (len(part["last"]) - len(part["last"].lstrip()))
    entry = f"{indent}- file: notebooks/{name}\n"
    text = TEMPLATE.read_text(encoding="utf-8").replace("new-chapter", name.replace("_", "-"))
    path.write_text(text, encoding="utf-8")
    contents.write_text(listed[: part.end()] + entry + listed[part.end() :], encoding="utf-8")
    return path
