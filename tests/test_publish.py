"""What is published is what was built: nothing of an earlier state, whatever its size and time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from frivillig import site

TIME = (1_700_000_000, 1_700_000_000)


@pytest.fixture
def work(tmp_path, monkeypatch) -> Path:
    """An empty project: where its builder writes."""
    monkeypatch.setattr(site, "BUILD", tmp_path)
    monkeypatch.setattr(site, "WORK", tmp_path / "work")
    monkeypatch.setattr(site, "SITE", tmp_path / "html")
    monkeypatch.delenv("FRIVILLIG_SURVEYS", raising=False)
    return tmp_path / "work" / "_build"


def write(file: Path, text: str) -> None:
    """Write a file with the time that all of them have, as an archive that is unpacked gives them."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    os.utime(file, TIME)


def published(tmp_path: Path) -> dict[str, str]:
    folder = tmp_path / "html"
    return {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*") if file.is_file()}


def test_a_file_of_the_same_size_and_time_is_published_anew(work, tmp_path):
    write(work / "html" / "book" / "page.html", "Andelen er 57 prosent.")
    write(work / "html" / "_static" / "book.css", "p { color: red }")
    site.publish()
    write(work / "html" / "book" / "page.html", "Andelen er 75 prosent.")
    write(work / "html" / "_static" / "book.css", "p { color: tan }")
    site.publish()
    assert published(tmp_path) == {
        "book/page.html": "Andelen er 75 prosent.",
        "_static/book.css": "p { color: tan }",
    }


def test_what_is_unchanged_is_not_written_again_and_what_is_gone_goes(work, tmp_path):
    write(work / "html" / "kept.html", "Som før.")
    write(work / "html" / "gone.html", "Bort.")
    site.publish()
    before = (tmp_path / "html" / "kept.html").stat().st_ino
    (work / "html" / "gone.html").unlink()
    os.utime(work / "html" / "kept.html")  # only its time is new
    site.publish()
    assert published(tmp_path) == {"kept.html": "Som før."}
    assert (tmp_path / "html" / "kept.html").stat().st_ino == before
    assert len(list((tmp_path / "sites").iterdir())) == 1


def test_what_is_written_later_by_the_builder_does_not_reach_the_published_site(work, tmp_path):
    """A second name of the builder's own file would change with it, before the site is whole."""
    write(work / "html" / "page.html", "Første utgave.")
    site.publish()
    site.publish()
    write(work / "html" / "page.html", "Andre utgave.")
    assert published(tmp_path) == {"page.html": "Første utgave."}


def test_a_pdf_of_other_answers_is_not_published(work, tmp_path, monkeypatch):
    """Real answers, site and PDF; then the site alone, from the synthetic ones."""
    answers = tmp_path / "answers"
    answers.mkdir()
    monkeypatch.setenv("FRIVILLIG_SURVEYS", str(answers))
    with site._working():
        write(work / "html" / "page.html", "Virkelige svar.")
        write(work / "typst" / site.PDF, "PDF av virkelige svar.")
        site.publish()
    assert published(tmp_path)[site.PDF] == "PDF av virkelige svar."
    monkeypatch.delenv("FRIVILLIG_SURVEYS")
    with site._working():
        write(work / "html" / "page.html", "Laget av oss.")
        site.publish()
    assert published(tmp_path) == {"page.html": "Laget av oss."}


def test_a_pdf_made_before_the_site_is_beside_it(work, tmp_path):
    write(work / "typst" / site.PDF, "PDF")
    write(work / "html" / "page.html", "Side.")
    with site._working():
        site.publish()
    assert published(tmp_path) == {"page.html": "Side.", site.PDF: "PDF"}
