"""A page printed from the browser: a clean sheet."""

from __future__ import annotations

import pikepdf
import pytest

from browser.pages import WIDER

SHEET = 658  # pixels between the margins of an A4 sheet (print.css)
PAGES = ["book/index.html", "notebooks/municipal_models.html", "notebooks/audit.html"]


@pytest.mark.parametrize("name", PAGES)
def test_a_sheet_has_text_and_exhibits_and_nothing_to_press(visit, name):
    page = visit(name, width=SHEET, scheme="dark")
    page.emulate_media(media="print")
    seen = page.evaluate(
        "[...document.querySelectorAll('body *')].filter((e) => e.checkVisibility()).map((e) => e.tagName)"
    )
    assert not {"BUTTON", "INPUT", "NAV", "SUMMARY"} & set(seen)
    assert {"H1", "H2", "P"} <= set(seen)
    colours = page.evaluate(
        "(({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(document.body))"
    )
    assert colours == ["rgb(26, 26, 26)", "rgb(255, 255, 255)"], "dark colours would drink the ink"
    assert not page.evaluate(WIDER.replace(".scroll, ", "")), "on paper nothing can be scrolled to"


def test_the_numbers_of_a_figure_are_printed_and_its_code_is_not(visit):
    page = visit("notebooks/municipal_survey.html", width=SHEET)
    table = page.locator("details.numbers-beneath table").first
    code = page.locator("details.code pre").first
    assert not table.is_visible()
    page.emulate_media(media="print")
    assert table.is_visible() and not code.is_visible()


def test_the_sheets_are_a4_and_as_many_as_the_text_needs(visit, tmp_path):
    page = visit("notebooks/municipal_models.html", scheme="dark")
    page.pdf(path=tmp_path / "page.pdf", format="A4", prefer_css_page_size=True)
    with pikepdf.open(tmp_path / "page.pdf") as pdf:
        boxes = {tuple(round(float(side)) for side in sheet.MediaBox) for sheet in pdf.pages}
        [(_, _, width, height)] = boxes
        assert abs(width - 595) <= 1 and abs(height - 842) <= 1
        assert 6 <= len(pdf.pages) <= 14
