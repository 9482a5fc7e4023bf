"""Citations: what CITATION.cff says, and no more, in forms that other programs read."""

from __future__ import annotations

import json
import re
from datetime import date
from io import StringIO

import pytest
import yaml
from bs4 import BeautifulSoup
from pybtex.database import parse_string

from frivillig.data import ROOT, DataError
from frivillig.sphinx.citing import Work, bibtex, csl_json, in_words, read_works, ris

CFF = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
[REPORT] = CFF["references"]
NAMES = [f"{author['family-names']}, {author['given-names']}" for author in REPORT["authors"]]
WORKS = read_works(address="https://example.org/rapport/")


def records(text: str) -> list[tuple[str, str]]:
    """The tags and values of RIS, whose lines have a form of their own."""
    lines = text.split("\r\n")
    assert lines[-1] == "" and all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
    return [(line[:2], line[6:]) for line in lines[:-1]]


def test_the_report_is_cited_with_all_its_authors_and_without_a_year():
    words = "".join(in_words(WORKS["report"]))
    assert words.startswith("Trætteberg, Håkon Solbu, ") and " og Eimhjellen, Ivar (u.å.). " in words
    assert words.endswith(REPORT["title"])  # its question mark ends the sentence
    assert not re.search(r"\d", words), "no year, number or page of the report is known"


def test_the_edition_is_cited_with_year_version_and_address():
    assert "".join(in_words(WORKS["edition"])) == (
        f"{CFF['authors'][0]['name']} ({CFF['date-released'].year}). {CFF['title']} "
        f"(versjon {CFF['version']}). https://example.org/rapport/"
    )
    assert "https" not in "".join(in_words(read_works()["edition"]))


def test_bibtex_is_read_by_another_program():
    [report], [edition] = (parse_string(bibtex(work), "bibtex").entries.values() for work in WORKS.values())
    assert [str(person) for person in report.persons["author"]] == NAMES
    assert report.fields["title"].strip("{}") == REPORT["title"]
    assert not {"year", "date", "publisher", "institution", "number", "series"} & set(report.fields)
    assert edition.fields["year"] == str(CFF["date-released"].year)
    assert edition.fields["version"] == CFF["version"]
    assert edition.persons["author"][0].last_names == [f"{{{CFF['authors'][0]['name']}}}"]


def test_ris_has_type_authors_title_and_end():
    report, edition = (records(ris(work)) for work in WORKS.values())
    assert report[0] == ("TY", "RPRT") and report[-1] == ("ER", "")
    assert [value for tag, value in report if tag == "AU"] == NAMES
    assert ("TI", REPORT["title"]) in report
    assert not {"PY", "DA", "PB", "SN"} & dict(report).keys()
    assert dict(edition)["DA"] == CFF["date-released"].strftime("%Y/%m/%d")


def test_csl_json_names_persons_and_groups_as_it_should():
    [report], [edition] = (json.load(StringIO(csl_json(work))) for work in WORKS.values())
    assert [f"{author['family']}, {author['given']}" for author in report["author"]] == NAMES
    assert "issued" not in report and report["type"] == "report"
    assert edition["author"] == [{"literal": CFF["authors"][0]["name"]}]
    assert edition["issued"] == {"date-parts": [[int(part) for part in str(CFF["date-released"]).split("-")]]}


def test_a_key_is_plain_letters():
    work = Work("report", "Ære være Å", (("Øst-Åsen", "Kåre"),), date(2020, 1, 2), "1.0")
    assert work.key == "ost-asen-aere-vaere-1.0"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "type: software\ntitle: A\nauthors: [{name: B}]\n",
            "CITATION.cff, column references: found 0 reports; expected one report",
        ),
        (
            "type: software\ntitle: A\nauthors: [{name: B}]\nreferences: [{type: report, title: C}]\n",
            "CITATION.cff, column authors: found nothing in 'C'; expected authors of the work",
        ),
        (
            "type: software\ntitle: A\nauthors: [{name: B}]\ndate-released: i dag\n"
            "references: [{type: report, title: C, authors: [{name: D}]}]\n",
            "CITATION.cff, column date-released: found 'i dag'; expected a day as 2026-11-23",
        ),
    ],
)
def test_a_file_that_cannot_be_cited_is_told(tmp_path, text, message):
    file = tmp_path / "CITATION.cff"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(message)):
        read_works(file)


def test_the_front_page_offers_all_forms_of_both_works(book):
    page = BeautifulSoup((book.html / "book" / "index.html").read_text("utf-8"), "html.parser")
    groups = page.select(".cite-tools")
    assert len(groups) == 2
    for group, work in zip(groups, read_works().values(), strict=True):
        assert group.find_previous_sibling("p").get_text() == "".join(in_words(work))
        texts = [bibtex(work), ris(work), csl_json(work)]
        shown = [block.get_text().split() for block in group.select("pre")]
        assert shown == [text.split() for text in texts]
        files = [(book.html / "book" / link["href"]).read_bytes() for link in group.select("a.download")]
        assert files == [text.encode() for text in texts]
