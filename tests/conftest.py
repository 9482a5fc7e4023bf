"""What several test files share: the built book, and small projects to break."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from frivillig.data import ROOT


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--site FOLDER`: let the browser tests look at a site that is built already."""
    parser.addoption("--site", help="folder of a built site, for tests/browser (default: build one)")


@dataclass(frozen=True)
class Build:
    """A finished run of Jupyter Book: its exit status, all it printed, and where its pages are."""

    status: int
    output: str
    html: Path


def build_book(source: Path, out: Path, *arguments: str) -> Build:
    """Build a book as the Makefile does, from clean."""
    command = [
        Path(sys.executable).with_name("jupyter-book"),
        "build",
        source,
        "--path-output",
        out,
        *arguments,
    ]
    run = subprocess.run(
        [*command, "-W", "-n", "--keep-going"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
    )
    return Build(run.returncode, run.stdout + run.stderr, out / "_build" / "html")


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The book itself, built once for all tests, away from the author's own build."""
    source = tmp_path_factory.mktemp("book")
    for name in ("book", "notebooks", "src"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy(ROOT / name, source / name)
    return build_book(source, source)


@pytest.fixture(scope="session")
def pdf(book: Build) -> Path:
    """The PDF of the same book, from the same execution."""
    source = book.html.parents[1]
    build = build_book(source, source, "--builder", "custom", "--custom-builder", "typst")
    assert build.status == 0, build.output
    return source / "_build" / "typst" / "frivillig-innsats.pdf"


@pytest.fixture
def small_book(tmp_path: Path):
    """Build a book of one page in Markdown; its name is book/page.md. Settings are those of Sphinx."""

    def build(markdown: str, **settings: str) -> Build:
        config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
        config["sphinx"]["config"] |= settings
        (tmp_path / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
        shutil.copytree(ROOT / "book" / "_static", tmp_path / "book" / "_static", dirs_exist_ok=True)
        (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: book/page\n", encoding="utf-8")
        shutil.copy(ROOT / "book" / "references.bib", tmp_path / "book")
        (tmp_path / "book" / "page.md").write_text(markdown, encoding="utf-8")
        return build_book(tmp_path, tmp_path)

    return build
