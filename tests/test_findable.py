"""What programs read of the site, the feed of versions, and what stands at the foot of every page."""

from __future__ import annotations

import hashlib
import io
import json
import re
from datetime import date
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
import yaml
from bs4 import BeautifulSoup
from PIL import Image

from frivillig import __version__
from frivillig.data import ROOT
from frivillig.display.numbers import period
from frivillig.sphinx.findable import share_picture
from frivillig.sphinx.versions import Version, feed

CONTENTS = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
PAGES = [CONTENTS["root"]] + [chapter["file"] for part in CONTENTS["parts"] for chapter in part["chapters"]]
BASE = "https://example.org/rapport/"
ATOM = "{http://www.w3.org/2005/Atom}"


def read(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def tags(page, attribute):
    return {tag[attribute]: tag["content"] for tag in page.find_all("meta", attrs={attribute: True})}


@pytest.fixture
def published(small_book):
    """A book that knows its address."""
    build = small_book("# Side\n\nEn setning om noe.\n", html_baseurl=BASE)
    assert build.status == 0, build.output
    return build.html


@pytest.mark.parametrize("name", PAGES)
def test_each_page_names_itself_to_reference_managers_and_to_those_who_share_it(book, name):
    page = read(book.html / f"{name}.html")
    scholarly, shared = tags(page, "name"), tags(page, "property")
    title = shared["og:title"]
    heading = page.find("h1")
    if number := heading.find(class_="section-number"):
        number.extract()
    assert heading.get_text().startswith(title)
    assert scholarly["citation_title"] == (
        "Frivillig innsats i norsk eldreomsorg: kjørbar utgave" if name == PAGES[0] else title
    )
    assert re.fullmatch(r"\d{4}/\d\d/\d\d", scholarly["citation_publication_date"])
    assert shared["og:description"] == scholarly["description"] != ""
    picture = (book.html / f"{name}.html").parent / shared["og:image"]
    assert Image.open(picture).size == (int(shared["og:image:width"]), int(shared["og:image:height"]))


def test_the_front_page_describes_report_edition_and_data_as_linked_data(book):
    page = read(book.html / "book" / "index.html")
    [script] = page.find_all("script", type="application/ld+json")
    data = json.loads(script.string)
    assert data["@context"] == "https://schema.org"
    edition, dataset = data["@graph"]
    assert [author["familyName"] for author in edition["isBasedOn"]["author"]] == [
        "Trætteberg", "Myksvoll", "Ervik", "Lindén", "Eimhjellen",
    ]  # fmt: skip
    assert "datePublished" not in edition["isBasedOn"]
    assert edition["version"] == __version__
    assert 50 < len(dataset["description"]) < 5000  # what Google asks of data sets
    file = dataset["distribution"]
    content = (book.html / file["contentUrl"]).read_bytes()
    assert file["sha256"] == hashlib.sha256(content).hexdigest()
    assert file["contentSize"] == f"{len(content)} B"


def test_without_an_address_nothing_claims_one(book):
    page = read(book.html / "book" / "index.html")
    assert not page.find("link", rel="canonical")
    assert "og:url" not in tags(page, "property") and "citation_pdf_url" not in tags(page, "name")
    assert not (book.html / "sitemap.xml").exists()
    assert (book.html / "robots.txt").read_text() == "User-agent: *\nAllow: /\n"


def test_with_an_address_links_are_whole_and_the_site_has_a_map(published):
    page = read(published / "book" / "page.html")
    assert page.find("link", rel="canonical")["href"] == f"{BASE}book/page.html"
    assert tags(page, "property")["og:url"] == f"{BASE}book/page.html"
    assert tags(page, "property")["og:image"] == f"{BASE}_static/share.png"
    assert tags(page, "name")["citation_pdf_url"] == f"{BASE}frivillig-innsats.pdf"
    assert f"Sitemap: {BASE}sitemap.xml\n" in (published / "robots.txt").read_text()
    space = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    root = ElementTree.parse(published / "sitemap.xml").getroot()
    assert [url.text for url in root.findall("map:url/map:loc", space)] == [f"{BASE}book/page.html"]
    assert date.fromisoformat(root.find("map:url/map:lastmod", space).text) <= date.today()


def test_the_address_may_come_from_the_host_and_the_page_that_is_not_there_starts_from_it(
    small_book, monkeypatch
):
    monkeypatch.setenv("FRIVILLIG_ADDRESS", BASE.rstrip("/"))  # hosts differ in how they end it
    html = small_book("# Side\n\nEn setning om noe.\n").html
    assert read(html / "book" / "page.html").find("link", rel="canonical")["href"] == f"{BASE}book/page.html"
    missing = read(html / "404.html")
    assert missing.find("base")["href"] == BASE
    assert missing.find("meta", attrs={"name": "robots"})["content"] == "noindex"
    assert not missing.find("link", rel="canonical")
    # Built again for no address, nothing of it is left.
    monkeypatch.delenv("FRIVILLIG_ADDRESS")
    small_book("# Side\n\nEn setning om noe.\n")
    assert not read(html / "book" / "page.html").find("link", rel="canonical")
    assert not (html / "sitemap.xml").exists()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("html_baseurl", "https://example.org/rapport"),
        ("html_baseurl", "example.org/"),
        ("frivillig_feedback_email", "post"),
        ("frivillig_issues", "saker"),
    ],
)
def test_a_setting_that_cannot_be_used_stops_the_build_and_is_named(small_book, setting, value):
    build = small_book("# Side\n\nEn setning.\n", **{setting: value})
    assert build.status != 0
    assert f"_config.yml, {setting}: found '{value}'; expected something like" in build.output


def test_an_address_of_the_host_that_cannot_be_used_is_named(small_book, monkeypatch):
    monkeypatch.setenv("FRIVILLIG_ADDRESS", "example.org/rapport")
    build = small_book("# Side\n\nEn setning.\n")
    assert build.status != 0
    assert "FRIVILLIG_ADDRESS: found 'example.org/rapport/'; expected something like https" in build.output


def test_every_page_has_the_mark_of_the_book(book):
    for name in (*PAGES, "search"):
        icon = read(book.html / f"{name}.html").find("link", rel="icon")
        ElementTree.parse((book.html / f"{name}.html").parent / icon["href"])  # an SVG that can be read


def test_the_picture_to_share_is_the_same_bytes_each_time():
    one, other = (share_picture("Tittel", "Undertittel", "Om") for _ in range(2))
    assert one == other
    assert Image.open(io.BytesIO(one)).size == (1200, 630)


# ── Versions ─────────────────────────────────────────────────────────────────────────────────────

VERSIONS = [
    Version("0.2.0", date(2027, 3, 3), ("Mer & bedre.", "<b>Nytt</b>"), "versjon-0-2-0"),
    Version("0.1.0", date(2026, 11, 24), ("Første utgave.",), "versjon-0-1-0"),
]


def test_the_feed_has_what_its_standard_asks_for():
    root = ElementTree.fromstring(feed("Boka", "Bidragsyterne", VERSIONS, BASE))
    assert root.tag == f"{ATOM}feed"
    assert root.find(f"{ATOM}updated").text == "2027-03-03T00:00:00Z"
    assert root.find(f"{ATOM}author/{ATOM}name").text == "Bidragsyterne"
    entries = root.findall(f"{ATOM}entry")
    assert [entry.find(f"{ATOM}title").text for entry in entries] == ["Versjon 0.2.0", "Versjon 0.1.0"]
    ids = [root.find(f"{ATOM}id").text, *(entry.find(f"{ATOM}id").text for entry in entries)]
    assert len(set(ids)) == 3 and all(id.startswith("urn:uuid:") for id in ids)
    assert entries[0].find(f"{ATOM}link").get("href") == f"{BASE}book/changelog.html#versjon-0-2-0"
    content = BeautifulSoup(entries[0].find(f"{ATOM}content").text, "html.parser")
    assert [item.get_text() for item in content.find_all("li")] == ["Mer & bedre.", "<b>Nytt</b>"]


def test_a_version_keeps_its_name_when_the_address_changes():
    def ids(address):
        return re.findall(rb"urn:uuid:[0-9a-f-]+", feed("Boka", "Bidragsyterne", VERSIONS, address))

    assert ids(BASE) == ids("")
    assert ids(BASE) != re.findall(rb"urn:uuid:[0-9a-f-]+", feed("En annen", "B", VERSIONS, BASE))


CHANGELOG = "# Endringer\n\nHva som er nytt.\n\n## Versjon 0.2.0 (3. mars 2027)\n\n- En ting.\n- {}\n"


@pytest.fixture
def changelog(small_book, tmp_path):
    """Build a book whose second page is a changelog."""

    def build(markdown):
        small_book("# Side\n\nEn setning.\n")
        (tmp_path / "book" / "changelog.md").write_text(markdown, encoding="utf-8")
        (tmp_path / "_toc.yml").write_text(
            "format: jb-book\nroot: book/page\nchapters: [{file: book/changelog}]\n", encoding="utf-8"
        )
        from conftest import build_book

        return build_book(tmp_path, tmp_path)

    return build


def test_the_changelog_becomes_a_feed_that_every_page_names(changelog):
    build = changelog(CHANGELOG.format("Enda *en* ting."))
    assert build.status == 0, build.output
    root = ElementTree.parse(build.html / "versjoner.atom").getroot()
    assert "<li>Enda en ting.</li>" in root.find(f"{ATOM}entry/{ATOM}content").text
    for name in ("page", "changelog"):
        link = read(build.html / "book" / f"{name}.html").find("link", type="application/atom+xml")
        assert link["href"] == "../versjoner.atom"


@pytest.mark.parametrize(
    "heading", ["Versjon 2 (3. mars 2027)", "Versjon 0.2.0", "Versjon 0.2.0 (mars 2027)"]
)
def test_a_heading_that_is_no_version_is_reported_with_its_line(changelog, heading):
    build = changelog(CHANGELOG.replace("Versjon 0.2.0 (3. mars 2027)", heading).format("Mer."))
    assert build.status != 0
    assert f"changelog.md:5: WARNING: found «{heading}», expected a heading such as" in build.output


# ── The foot of every page ───────────────────────────────────────────────────────────────────────


def foot(page):
    return " ".join(page.find("footer").get_text(" ").split())


def test_every_page_says_which_version_it_is_and_of_which_day(book):
    feet = {foot(read(book.html / f"{name}.html")) for name in PAGES}
    [day] = {
        re.match(rf"Versjon {re.escape(__version__)}, sist endret (\d+\. [a-z]+ \d{{4}})\.", text)[1]
        for text in feet
    }
    first, last = period(day)
    assert first == last <= date.today()
    assert not any("feil?" in text for text in feet), "nobody is named to write to"


def test_the_day_is_that_of_the_source_where_it_is_given(small_book, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")  # 14 November 2023, 22:13 UTC
    build = small_book("# Side\n\nEn setning.\n")
    assert "sist endret 14. november 2023." in foot(read(build.html / "book" / "page.html"))


def test_readers_can_say_what_is_wrong_where_that_is_set(small_book):
    build = small_book(
        "# Tall & svar\n\nEn setning.\n",
        frivillig_feedback_email="post@example.org",
        frivillig_issues="https://example.org/rapport/issues",
    )
    mail, issues = read(build.html / "book" / "page.html").select(".feedback a")
    assert mail["href"] == "mailto:post@example.org?subject=Tall%20%26%20svar"
    assert issues["href"] == "https://example.org/rapport/issues"


def test_the_accessibility_page_and_the_foot_of_the_page_name_the_same_ways_to_write(book, small_book):
    page = read(book.html / "book" / "accessibility.html")
    assert "har ikke oppgitt noen adresse" in page.find(id="meld-fra").get_text()
    assert not page.select(".feedback")
    text = "# Side\n\nSi fra.\n\n```{feedback}\n```\n"
    build = small_book(
        text, frivillig_feedback_email="post@example.org", frivillig_issues="https://example.org/saker"
    )
    page = read(build.html / "book" / "page.html")
    here, below = (
        [unquote(link["href"]).split("?")[0] for link in page.select(links)]
        for links in ("article a.external", ".feedback a")
    )
    assert here == below == ["mailto:post@example.org", "https://example.org/saker"]
