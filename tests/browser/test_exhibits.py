"""What readers do with figures and tables."""

from __future__ import annotations

import csv

import pytest

PAGE = "notebooks/municipal_survey.html"
WIDE, PHONE = 1400, 390


def test_from_the_front_page_to_a_figure_enlarged_and_its_numbers_taken_along(visit, tmp_path):
    page = visit("book/index.html")
    page.locator("article").get_by_role("link", name="Figur 3.1").first.click()
    page.wait_for_url("**/municipal_survey.html#fig-sources")
    figure = page.locator("#fig-sources")
    assert figure.is_visible()
    before = figure.locator("img").bounding_box()

    page.get_by_role("button", name="Forstørr Figur 3.1").click()
    dialog = page.get_by_role("dialog", name="Figur 3.1")
    picture = dialog.locator("img")
    assert picture.bounding_box()["width"] > 1.4 * before["width"]
    assert picture.get_attribute("alt") == figure.locator("img").get_attribute("alt")
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == "Forstørr Figur 3.1", "the focus must go back to where the reader was"

    with page.expect_download() as download:
        page.get_by_role("link", name="Last ned Figur 3.1 som CSV").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "fig-sources.csv"
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text, delimiter=";"))
    page.get_by_text("Vis tallene i figuren").first.click()
    table = page.locator("#fig-sources + details tbody tr")
    assert len(rows) == table.count() == 5
    for row, shown in zip(rows, table.all(), strict=True):
        assert shown.locator("th").inner_text() == row["Kilde"]
        count, base, share = (cell.inner_text() for cell in shown.locator("td").all()[:3])
        assert (row["Antall"], row["Av"]) == (count, base)
        assert share == f"{float(row['Andel'].replace(',', '.')):.0f}\u00a0%"


@pytest.mark.parametrize("kind", ["SVG", "PNG"])
def test_a_figure_is_taken_along_as_a_picture(visit, kind):
    page = visit(PAGE)
    with page.expect_download() as download:
        page.get_by_role("link", name=f"Last ned Figur 3.1 som {kind}").click()
    assert download.value.suggested_filename == f"fig-sources.{kind.lower()}"
    start = download.value.path().read_bytes()[:200]
    assert start.startswith(b"\x89PNG") if kind == "PNG" else b"<svg" in start or b"<?xml" in start


def test_a_table_is_enlarged_by_keyboard_alone(visit):
    page = visit(PAGE, width=PHONE)
    button = page.get_by_role("button", name="Forstørr Tabell 3.1")
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Tabell 3.1")
    assert dialog.locator("table").is_visible()
    assert page.locator("[id]").evaluate_all("all => all.length === new Set(all.map(one => one.id)).size")
    focused = []
    for _ in range(3):  # to the table, out to the browser's own buttons, and back: never to the page behind
        focused.append(page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.tagName"))
        page.keyboard.press("Tab")
    assert focused == ["Lukk", "Tabell 3.1", "BODY"]
    page.keyboard.press("Enter")
    dialog.wait_for(state="hidden")


def test_a_link_is_copied_and_that_is_told(visit):
    page = visit(PAGE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Kopier lenke til Figur 3.1").click()
    page.get_by_role("status").filter(has_text="Lenken er kopiert").wait_for(state="attached")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url.split("#")[0] + "#fig-sources"


def test_where_nothing_may_be_copied_the_link_stands_in_the_address(visit):
    page = visit(PAGE)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('denied')) }")
    page.get_by_role("button", name="Kopier lenke til Figur 3.1").click()
    page.wait_for_url("**#fig-sources")
    page.get_by_role("status").filter(has_text="adressefeltet").wait_for(state="attached")


def test_how_it_was_computed_leads_to_the_code_and_to_the_rows(visit):
    page = visit(PAGE)
    tools = page.get_by_role("group", name="Figur 3.1")
    code = page.locator("#kode-fig-sources")
    assert not code.is_visible()
    tools.get_by_text("Slik er det regnet").click()
    tools.get_by_role("link", name="Koden som lager figuren").click()
    assert code.is_visible() and "fig-sources" in code.inner_text()
    tools.get_by_role("link", name="Andel: frivillige rekruttert av kommunen selv").click()
    page.wait_for_url("**/published_numbers.html#tall-municipal-source-self-pct")
    assert "57" in page.locator("tr:target td").first.inner_text()


def test_without_script_nothing_is_dead(visit):
    page = visit(PAGE, java_script_enabled=False)
    tools = page.get_by_role("group", name="Figur 3.1")
    assert tools.get_by_role("button").count() == 0
    assert tools.get_by_role("link", name="Last ned").count() == 3
    tools.get_by_text("Slik er det regnet").click()
    tools.get_by_role("link", name="Koden som lager figuren").click()
    assert page.locator("#kode-fig-sources").is_visible()


def test_it_works_from_a_folder(visit, folder):
    page = visit(PAGE, base=f"file://{folder}/")
    page.get_by_role("button", name="Forstørr Figur 3.1").click()
    assert page.get_by_role("dialog", name="Figur 3.1").locator("img").evaluate("one => one.naturalWidth") > 0


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_nothing_of_it_is_printed(visit, width):
    page = visit(PAGE, width=width)
    page.emulate_media(media="print")
    assert not page.get_by_role("group", name="Figur 3.1").is_visible()
