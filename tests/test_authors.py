"""What authors do beside writing: open chapters as notebooks, and begin new ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import jupytext
import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from jupytext.config import load_jupytext_config

from conftest import build_book
from frivillig.data import ROOT
from frivillig.lint import lint
from frivillig.notebooks import TEMPLATE, ChapterError, copy_notebooks, new_chapter

CHAPTERS = sorted((ROOT / "notebooks").glob("*.md"))


@pytest.mark.parametrize("path", [*CHAPTERS, TEMPLATE], ids=lambda path: path.stem)
def test_from_text_to_notebook_and_back_no_byte_changes(path):
    """Through JSON, with what JupyterLab adds: outputs, counts and the version of Python."""
    text, config = path.read_text(encoding="utf-8"), load_jupytext_config(str(CHAPTERS[0]))
    notebook = nbformat.reads(nbformat.writes(jupytext.reads(text, "md:myst", config=config)), as_version=4)
    notebook.metadata["language_info"] = {"name": "python", "version": "3.11.0"}
    for count, cell in enumerate(cell for cell in notebook.cells if cell.cell_type == "code"):
        cell.execution_count = count
        cell.outputs = [nbformat.v4.new_output("stream", text="shown\n")]
    assert count > 0
    assert jupytext.writes(notebook, "md:myst", config=config) == text


def test_chapters_are_paired_with_notebooks_that_are_not_committed():
    config = load_jupytext_config(str(CHAPTERS[0]))
    assert config.default_formats(str(CHAPTERS[0])) == "notebooks///md:myst,_build/notebooks///ipynb"
    assert not config.default_formats(str(ROOT / "book" / "terms.md"))


def test_copies_hold_the_outputs_of_the_build(book, tmp_path):
    copies = copy_notebooks(tmp_path / "out", book.html.parents[1])
    assert [path.stem for path in copies] == [path.stem for path in CHAPTERS]
    for copy, chapter in zip(copies, CHAPTERS, strict=True):
        notebook = nbformat.read(copy, as_version=4)
        nbformat.validate(notebook)
        shown = [
            output.data
            for cell in notebook.cells
            if cell.cell_type == "code"
            for output in cell.outputs
            if "data" in output
        ]
        pictures = [data for data in shown if "image/svg+xml" in data]
        assert len(pictures) >= chapter.read_text(encoding="utf-8").count('name="fig-')


def test_copies_of_what_was_not_executed_are_refused(tmp_path):
    with pytest.raises(
        ChapterError, match=r"notebooks/audit\.md was not executed as it is now; run make html"
    ):
        copy_notebooks(tmp_path / "out", tmp_path)
    assert not (tmp_path / "out").exists()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the contents, settings and pages without code of this one."""
    for name in ("_toc.yml", "_config.yml"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "book", tmp_path / "book")
    shutil.copytree(ROOT / "data" / "published", tmp_path / "data" / "published")
    (tmp_path / "notebooks").mkdir()
    return tmp_path


def listed(project: Path) -> list[str]:
    contents = yaml.safe_load((project / "_toc.yml").read_text(encoding="utf-8"))
    return [
        chapter["file"]
        for part in contents["parts"]
        if part.get("numbered") is True
        for chapter in part["chapters"]
    ]


def test_a_new_chapter_is_listed_last_is_good_text_and_builds(project):
    before = (project / "_toc.yml").read_text(encoding="utf-8").splitlines()
    path = new_chapter("volunteers_2027", project)
    assert listed(project)[-1] == "notebooks/volunteers_2027"
    after = (project / "_toc.yml").read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line not in before] == ["      - file: notebooks/volunteers_2027"]
    assert len(after) == len(before) + 1
    assert [remark for remark in lint(project) if remark.file == str(path)] == []

    toc = "format: jb-book\nroot: notebooks/volunteers_2027\nchapters:\n  - file: book/published_numbers\n"
    (project / "_toc.yml").write_text(toc, encoding="utf-8")
    built = build_book(project, project)
    page = BeautifulSoup(
        (built.html / "notebooks" / "volunteers_2027.html").read_text(encoding="utf-8"), "html.parser"
    )
    assert page.h1.get_text().startswith("Ny tittel")
    assert page.find("figure", id="fig-volunteers-2027").img["alt"].startswith("Liggende søyler.")
    assert "73\N{NO-BREAK SPACE}prosent har frivillige fra frivilligsentralen." in page.get_text()
    assert "191 svarte" in page.get_text()


@pytest.mark.parametrize("name", ["Volunteers", "2_volunteers", "a/b", "", "frivillig-kveld", "a__b", "../x"])
def test_a_name_that_cannot_be_one_is_refused(project, name):
    before = (project / "_toc.yml").read_text(encoding="utf-8")
    with pytest.raises(ChapterError, match="is no name for a chapter; use small letters"):
        new_chapter(name, project)
    assert (project / "_toc.yml").read_text(encoding="utf-8") == before


def test_a_chapter_that_is_there_is_not_written_over(project):
    path = new_chapter("training", project)
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(ChapterError, match=r"there is a chapter notebooks/training\.md"):
        new_chapter("training", project)
    assert path.read_text(encoding="utf-8") == "mine"
    assert listed(project).count("notebooks/training") == 1
