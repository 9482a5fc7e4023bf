"""A reader cites."""

from __future__ import annotations

from frivillig.sphinx.citing import bibtex, in_words, read_works


def test_a_reader_copies_a_citation_and_an_entry(visit):
    page = visit("book/index.html")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    report = read_works()["report"]
    group = page.get_by_role("group", name="Sitering av den opprinnelige rapporten")
    group.get_by_role("button", name="Kopier sitering").click()
    group.get_by_role("button", name="Kopiert").or_(group.get_by_text("Kopiert")).first.wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "".join(in_words(report))
    group.get_by_text("Vis som BibTeX, RIS og CSL-JSON").click()
    group.get_by_role("button", name="Kopier BibTeX").click()
    group.get_by_text("Kopiert").last.wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == bibtex(report).strip()


def test_a_reader_takes_the_entry_of_the_edition_along(visit):
    page = visit("book/index.html", java_script_enabled=False)
    group = page.get_by_role("group", name="Sitering av denne utgaven")
    with page.expect_download() as download:
        group.get_by_role("link", name="BibTeX").click()
    edition = read_works()["edition"]
    assert download.value.suggested_filename == f"{edition.key}.bib"
    assert download.value.path().read_text("utf-8") == bibtex(edition)
