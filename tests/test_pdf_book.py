"""The PDF of the book: the same as the site, whole for screen readers, and the same bytes each time."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin

import pikepdf
import pytest
import yaml
from bs4 import BeautifulSoup, Tag

from conftest import build_book
from frivillig import __version__
from frivillig.data import ROOT
from frivillig.sphinx.doubts import SPOKEN
from reading import Element, Reading, read
from sameness import assert_same, pdf_blocks, plain, prepare, shown, site_blocks


@pytest.fixture(scope="session")
def reading(pdf: Path) -> Reading:
    return read(pdf)


@pytest.fixture(scope="session")
def articles(book) -> list[Tag]:
    """The contents of the site's pages, in the order of the book, without what the PDF leaves out."""
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    names = [contents["root"]] + [file["file"] for part in contents["parts"] for file in part["chapters"]]
    pages = [
        BeautifulSoup((book.html / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        for name in names
    ]
    return [prepare(page.select_one("article")) for page in pages]


def after_contents(reading: Reading) -> Element:
    """The book proper: what follows cover and table of contents."""
    [document] = reading.root.elements
    return Element("Document", content=document.content[contents_end(document) :])


def contents_end(document: Element) -> int:
    """How many of the document's parts come before the book proper."""
    places = [place for place, item in enumerate(document.content) if getattr(item, "kind", "") == "TOC"]
    return places[-1] + 1


def test_the_contents_list_the_chapters_under_their_parts(reading, articles):
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    titles = iter(plain(article.h1.get_text()) for article in articles)
    expected = [next(titles)]
    for part in contents["parts"]:
        expected += [plain(part["caption"])] if "caption" in part else []
        expected += [next(titles) for _ in part["chapters"]]
    [document] = reading.root.elements
    listed = [
        plain(item.text)
        for element in document.elements[: contents_end(document)]
        for item in (element.elements if element.kind == "TOC" else [element])
        if item.kind in ("H2", "TOCI")
    ]
    assert [re.sub(r"\d+$", "", text.replace("\u2060", "")) for text in listed] == expected


def test_pdf_and_site_say_the_same_in_the_same_order(reading, articles):
    site = [block for article in articles for block in site_blocks(article)]
    printed = list(pdf_blocks(after_contents(reading)))
    assert len(site) > 2000
    assert_same(site, printed)


def test_pictures_have_the_same_descriptions_as_on_the_site(reading, articles):
    site = [plain(image["alt"]) for article in articles for image in article.select("img")]
    assert [plain(figure.alt) for figure in reading.root.find("Figure") if figure.alt] == site
    assert all(site)


def test_formulas_are_described_in_words(reading):
    alts = [formula.alt for formula in reading.root.find("Formula")]
    assert SPOKEN in alts, "the sign ≠ after a number says what it means"
    alts = [alt for alt in alts if alt != SPOKEN]
    assert alts[0] == "p"
    assert all(alt and "\\" not in alt for alt in alts)
    assert any(alt.startswith("brøk med teller 1 og nevner 1 pluss z i andre delt på n") for alt in alts)


def test_everything_on_the_pages_is_in_the_tag_tree(reading):
    assert reading.untagged == []
    assert "\ufffd" not in reading.root.text


def test_headings_are_nested_without_gaps(reading):
    levels = [int(heading.kind[1:]) for heading in reading.root.find("H1", "H2", "H3", "H4")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert max(levels) >= 3


def test_numbers_stand_apart_from_what_they_number(reading):
    texts = [element.text for element in reading.root.find("H1", "H2", "H3", "Caption")]
    numbered = [text for text in texts if re.match(r"(?:Figur |Tabell )?\d", text)]
    assert len(numbered) > 15
    assert all(re.match(r"(?:Figur |Tabell )?[\d.]+\s", text) for text in numbered)


def test_tables_have_headers_with_scope(reading):
    tables = reading.root.find("Table")
    assert len(tables) > 10
    for table in tables:
        [head] = [part for part in table.elements if part.kind == "THead"]
        assert {(cell.kind, cell.scope) for row in head.elements for cell in row.elements} == {
            ("TH", "Column")
        }
    rows = [
        row for table in tables for part in table.elements if part.kind == "TBody" for row in part.elements
    ]
    assert sum(row.elements[0].scope == "Row" for row in rows) > 50


def test_lists_have_labels_and_bodies(reading):
    for item in reading.root.find("LI"):
        assert [part.kind for part in item.elements if part.kind != "L"] == ["Lbl", "LBody"]


def test_the_same_texts_are_links_as_on_the_site(reading, articles):
    # But for those to the PDF, which are words within it.
    site = [
        plain(link.get_text())
        for article in articles
        for link in article.select('a.reference:not([href$=".pdf"])')
    ]
    assert [plain(shown(link)) for link in after_contents(reading).find("Link")] == site
    assert all(site)


def test_links_are_in_the_tag_tree_and_lead_somewhere(pdf):
    with pikepdf.open(pdf) as document:
        links = [item for page in document.pages for item in page.get("/Annots", [])]
        assert len(links) > 100
        for link in links:
            assert "/StructParent" in link
            assert "/Dest" in link or "/URI" in link.A or "/D" in link.A


def test_bookmarks_are_the_headings(pdf, reading):
    def titles(items) -> Iterator[str]:
        for item in items:
            yield plain(item.title)
            yield from titles(item.children)

    with pikepdf.open(pdf) as document, document.open_outline() as outline:
        bookmarks = list(titles(outline.root))
    assert bookmarks == [plain(heading.text) for heading in reading.root.find("H1", "H2", "H3", "H4")]


def test_metadata_language_and_title(pdf):
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    with pikepdf.open(pdf) as document, document.open_metadata() as metadata:
        assert document.Root.Lang == "nb-NO"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert document.Root.MarkInfo.Marked
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == config["title"]
        assert metadata["dc:creator"] == [", ".join(re.split(", | og ", config["author"]))]
        assert f"Utgave {__version__}" in metadata["dc:description"]
        assert metadata["xmp:CreateDate"]
        assert all(page.get("/Tabs") == "/S" for page in document.pages if "/Annots" in page)


def test_all_fonts_are_embedded_and_free(pdf):
    names = set()
    with pikepdf.open(pdf) as document:
        for page in document.pages:
            for font in page.get("/Resources", {}).get("/Font", {}).values():
                [inner] = font.DescendantFonts
                assert {"/FontFile2", "/FontFile3"} & set(inner.FontDescriptor.keys())
                names.add(str(inner.BaseFont).split("+")[1].split("-")[0])
    assert names <= {"LibertinusSerif", "SourceSansPro", "NewCMMath", "DejaVuSansMono"}


def test_the_same_book_gives_the_same_bytes(pdf, book, tmp_path):
    source = book.html.parents[1]
    first = pdf.read_bytes()
    shutil.rmtree(pdf.parent)
    build_book(source, source, "--builder", "custom", "--custom-builder", "typst")
    assert pdf.read_bytes() == first


def test_every_page_of_the_site_links_to_the_pdf(book):
    pages = [page for page in book.html.rglob("*.html") if "_static" not in page.parts]
    assert pages
    for page in pages:
        link = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select_one("a.pdf-link")
        if link is None:
            assert 'http-equiv="refresh"' in page.read_text(encoding="utf-8"), page
            continue
        assert urljoin(page.as_uri(), link["href"]) == (book.html / "frivillig-innsats.pdf").as_uri()
