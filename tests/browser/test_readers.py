"""What readers do, done in a real browser."""

from __future__ import annotations

import re

import pytest

from browser.pages import CONTENTS, PHONE


def search(visit, words: str):
    """The page of results for words typed into the box in the header."""
    page = visit()
    box = page.get_by_role("searchbox", name="Søk i rapporten")
    box.fill(words)
    box.press("Enter")
    page.wait_for_url("**/search.html?q=*")
    return page


def test_a_reader_searches_and_opens_the_hit(visit):
    page = search(visit, "egenrekruttering")
    status = page.get_by_role("status").inner_text()
    hits = page.locator("#treff li")
    assert re.fullmatch(r"\d+ steder med «egenrekruttering»", status)
    assert int(status.split()[0]) == hits.count() > 5
    for hit in hits.all()[:10]:
        assert "egenrekruttering" in hit.inner_text().lower()
        assert hit.locator("p").inner_text(), "a hit in a heading shows what the section is about"
    hit = hits.nth(1).get_by_role("link")  # after the definition
    [chapters] = [part["chapters"] for part in CONTENTS["parts"] if part.get("caption") == "Rapporten"]
    assert hit.get_attribute("href").removeprefix("./").split(".html")[0] in {
        chapter["file"] for chapter in chapters
    }
    heading = hit.inner_text()
    hit.click()
    page.wait_for_url(re.compile(r"/(notebooks|book)/\w+\.html#"))
    section = page.locator(f'[id="{page.evaluate("location.hash.slice(1)")}"]')
    assert heading in section.locator("h1, h2, h3").first.inner_text()
    assert "egenrekruttering" in section.inner_text().lower()
    place = page.locator("main").get_by_text(re.compile("egenrekruttering", re.IGNORECASE)).all()
    assert any(0 < word.bounding_box()["y"] < 900 for word in place), "the word is on the screen"


def test_the_box_of_the_search_page_waits_for_words(visit):
    page = visit(width=PHONE)
    page.get_by_role("link", name="Søk", exact=True).click()
    page.wait_for_url("**/search.html")
    page.keyboard.type("egenrekruttering")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=egenrekruttering*")


def test_the_definition_of_a_term_comes_first(visit):
    page = search(visit, "egenrekruttering")
    first = page.locator("#treff li").first
    assert first.inner_text().split("\n")[:2] == ["Egenrekruttering", "Ord og begreper"]
    assert first.locator("p").inner_text().startswith("At kommunen selv rekrutterer")
    first.get_by_role("link").click()
    page.wait_for_url("**/terms.html#*")
    assert page.locator("dt:target").inner_text() == "Egenrekruttering"


# The same word in other forms, compounds, and as those write who lack the letter å.
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("frivilligheten", "frivillige"),
        ("kommunene", "kommune"),
        ("sykehjemmene", "sykehjem"),
        ("rekruttere", "egenrekruttering"),
        ("aar", "år"),
        ("undersoekelse", "undersøkelsen"),
    ],
)
def test_the_search_finds_other_forms(visit, typed, found):
    page = search(visit, typed)
    marked = {word.lower() for word in page.locator("#treff mark").all_inner_texts()}
    assert found in marked


def test_a_short_word_is_not_found_inside_others(visit):
    page = search(visit, "år")
    marked = {word.lower() for word in page.locator("#treff mark").all_inner_texts()}
    assert "år" in marked and "årene" in marked
    assert not marked & {"står", "får", "årsak", "når"}


def test_every_word_must_be_there_and_small_words_do_not_count(visit):
    page = search(visit, "hva er besøksvenn og sykehjem")
    for title in page.locator("#treff li").all():
        marked = " ".join(title.locator("mark").all_inner_texts()).lower()
        text = title.inner_text().lower()
        assert "hva" not in marked.split()
        assert "besøksvenn" in text or "sykehjem" in text


def test_a_search_without_hits_says_so(visit):
    page = search(visit, "xyzzy <b>")
    assert page.get_by_role("status").inner_text().startswith("Ingen treff på «xyzzy <b>».")
    assert page.locator("#treff li").count() == 0


def test_a_reader_chooses_dark_colours_and_keeps_them(visit):
    page = visit()
    button = page.get_by_role("button", name="Mørke farger")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert light == "rgb(255, 255, 255)" and dark != light
    page.get_by_role("link", name="Sammendrag").first.click()
    page.wait_for_url("**/summary.html")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_without_script_the_colours_follow_the_machine_and_all_can_be_read(visit):
    page = visit("notebooks/municipal_survey.html", scheme="dark", java_script_enabled=False)
    assert not page.get_by_role("button", name="Mørke farger").is_visible()
    assert page.get_by_role("link", name="3 Kommuneundersøkelsen").is_visible()
    page.locator("summary", has_text="Vis tallene").first.click()
    assert page.locator("details[open] table").first.is_visible()


def test_a_reader_opens_the_contents_on_a_phone(visit):
    page = visit(width=PHONE, height=844, has_touch=True)
    contents = page.get_by_role("navigation", name="Innhold")
    assert not contents.is_visible()
    page.get_by_role("button", name="Innhold").tap()
    assert contents.is_visible()
    page.keyboard.press("Escape")
    assert not contents.is_visible()
    page.get_by_role("button", name="Innhold").tap()
    contents.get_by_role("link", name=re.compile("Kommuneundersøkelsen")).tap()
    page.wait_for_url("**/municipal_survey.html")
    assert page.get_by_role("heading", level=1).is_visible()


@pytest.mark.parametrize("width", [PHONE, 800])
def test_a_reader_without_room_for_the_contents_of_the_page_opens_them(visit, width):
    page = visit("notebooks/municipal_survey.html", width=width)
    contents = page.get_by_role("navigation", name="På denne siden")
    assert not contents.is_visible()
    page.get_by_role("button", name="På siden").click()
    link = contents.get_by_role("link").last
    heading = link.inner_text()
    link.click()
    assert not contents.is_visible()
    target = page.locator(f'[id="{page.evaluate("location.hash.slice(1)")}"]').get_by_role("heading").first
    assert heading in target.inner_text()
    header = page.locator(".top").bounding_box()
    assert target.bounding_box()["y"] >= header["y"] + header["height"], "the header does not cover it"


def test_a_reader_follows_a_number_to_its_row(visit):
    page = visit("notebooks/municipal_survey.html")
    number = page.locator('article a[href*="#tall-"]').first
    printed = number.inner_text()
    number.click()
    page.wait_for_url("**/published_numbers.html#tall-*")
    row = page.locator("tr:target")
    assert row.is_visible()
    assert printed.split("\u00a0")[0] in row.locator("td").first.inner_text()


def test_a_mistyped_address_leads_back(visit, site):
    page = visit("404.html")
    assert page.get_by_role("heading", level=1).inner_text() == "Siden finnes ikke"
    page.get_by_role("link", name="Gå til forsiden").click()
    page.wait_for_url("**/book/index.html")


# At the top, in a folder of pages, and below one that is not there; the site at the top of its host or below.
@pytest.mark.parametrize("below", ["", "rapport/"])
@pytest.mark.parametrize("address", ["borte", "notebooks/borte", "book/borte/igjen.html"])
def test_a_mistyped_address_anywhere_shows_the_whole_page(chromium, site, below, address):
    page = chromium.new_page()
    response = page.goto(site + below + address)
    assert response.status == 404
    front = page.get_by_role("link", name="Gå til forsiden")
    assert front.evaluate("(link) => link.href") == f"{site}{below}book/index.html"
    if not below:  # the test's own host has the files there only
        assert page.evaluate("getComputedStyle(document.querySelector('.top')).display") == "flex"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "innhold", "the skip link stays on the page"
    page.close()


def test_the_site_works_from_a_folder(visit, folder):
    page = visit("index.html", base=folder.as_uri() + "/")
    page.wait_for_url("**/book/index.html")
    box = page.get_by_role("searchbox", name="Søk i rapporten")
    box.fill("kommunene")
    box.press("Enter")
    page.locator("#treff li a").first.click()
    page.wait_for_url(re.compile(r"file:.*\.html#"))
    assert page.evaluate("document.fonts.check('16px \"Frivillig Sans\"')")
    broken = page.evaluate(
        "[...document.images].filter((image) => image.complete && !image.naturalWidth).length"
    )
    assert broken == 0
