"""The page for municipalities: what its form says is what Python computes."""

from __future__ import annotations

import random
import re

import pytest

from frivillig.data import read_statistics, read_survey
from frivillig.display import interval, number, printed
from frivillig.statistics import multiple_response, predicted

PAGE = "notebooks/your_size.html"
FORMULA = "own_recruitment ~ np.log(population / 1000)"
SPINE = read_statistics()


def ask(page, text, county=None):
    page.get_by_label("Hvor mange innbyggere").fill(text)
    if county:
        page.get_by_label("Fylke").select_option(county)
    page.get_by_role("button", name="Vis tallene").click()
    return page.get_by_role("status").filter(has_text="innbyggere")


def test_the_share_and_its_interval_are_those_of_the_model_at_every_size(visit):
    draw = random.Random(7)
    sizes = [300, 150000, 4759, *(round(10 ** draw.uniform(2.48, 5.17)) for _ in range(200))]
    expected = predicted(read_survey("municipalities"), FORMULA, "population", sizes)
    page = visit(PAGE)
    said = page.evaluate(
        """sizes => {
            const form = document.querySelector(".size-form");
            return sizes.map(size => {
                form.elements.innbyggere.value = size;
                form.requestSubmit();
                return form.nextElementSibling.textContent;
            });
        }""",
        sizes,
    )
    for size, text, row in zip(sizes, said, expected.itertuples(), strict=True):
        assert text == (
            f"Av kommuner med {number(size)} innbyggere venter modellen at {number(row.share)} prosent "
            "rekrutterer egne frivillige til eldreomsorgen "
            f"(95\u00a0% intervall {interval(row.low, row.high)} prosent)."
        )


@pytest.mark.parametrize("text", ["12 000", "12000", "12.000", " 12\u00a0000 "])
def test_a_number_may_be_written_as_people_do(visit, text):
    assert "12\u00a0000 innbyggere" in ask(visit(PAGE), text).inner_text()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Skriv hvor mange innbyggere kommunen har."),
        ("mange", "Skriv et helt tall, som 12 000 eller 12000."),
        ("12,5", "Skriv et helt tall, som 12 000 eller 12000."),
        ("-400", "Skriv et helt tall, som 12 000 eller 12000."),
        ("1 20 00", "Skriv et helt tall, som 12 000 eller 12000."),
        ("299", "Modellen dekker kommuner med 300 til 150\u00a0000 innbyggere. Skriv et tall i det området."),
        (
            "150001",
            "Modellen dekker kommuner med 300 til 150\u00a0000 innbyggere. Skriv et tall i det området.",
        ),
    ],
)
def test_what_is_no_number_of_inhabitants_is_refused_in_norwegian(visit, text, message):
    page = visit(PAGE)
    ask(page, "5000")
    ask(page, text)
    field = page.get_by_label("Hvor mange innbyggere")
    assert page.get_by_role("alert").inner_text() == message
    assert field.get_attribute("aria-invalid") == "true"
    assert field.evaluate("one => one === document.activeElement")
    assert page.locator(".size-answers").inner_text() == "", "numbers of before must not stay"
    ask(page, "5000")
    assert page.get_by_role("alert").inner_text() == "" and not field.get_attribute("aria-invalid")


def test_the_county_shows_what_the_report_prints(visit):
    said = ask(visit(PAGE), "9 000", "Møre og Romsdal").inner_text()
    share = printed(SPINE["municipal.county.more_og_romsdal.pct"], unit=False)
    assert f"Blant dem som svarte i Møre og Romsdal, er andelen {share}\u00a0% ifølge rapporten." in said


@pytest.mark.parametrize(
    ("size", "low", "high"), [(2999, 0, 3000), (3000, 3000, 5000), (60000, 20000, 10**9)]
)
def test_the_answers_are_those_of_municipalities_of_that_size(visit, size, low, high):
    answers = read_survey("municipalities")
    group = answers[answers["population"].between(low, high - 1)]
    expected = multiple_response(group, "channel", ["personal", "social_media"])
    page = visit(PAGE)
    ask(page, str(size))
    table = page.locator(".size-answers table").first
    assert f"({expected['base'].iloc[0]})" in table.locator("thead th").nth(1).inner_text()
    shown = [
        int(re.sub(r"\D", "", cell)) for cell in table.locator("tbody td:nth-of-type(1)").all_inner_texts()
    ]
    assert shown[:2] == [int(number(share)) for share in expected["share"]]


def test_it_works_by_keyboard_and_from_a_folder(visit, folder):
    page = visit(PAGE, base=f"file://{folder}/")
    page.get_by_label("Hvor mange innbyggere").focus()
    page.keyboard.type("20 000")
    page.keyboard.press("Enter")
    assert "20\u00a0000 innbyggere" in page.get_by_role("status").filter(has_text="innbyggere").inner_text()


def test_without_script_the_tables_are_there_and_no_form(visit):
    page = visit(PAGE, java_script_enabled=False)
    assert page.locator("form.size-form").count() == 0
    sizes = page.locator("#tab-size-share tbody tr")
    rows = predicted(read_survey("municipalities"), FORMULA, "population", [500, 1000])
    assert sizes.first.locator("td").first.inner_text() == f"{number(rows['share'][500])}\u00a0%"
    assert sizes.count() > 10
