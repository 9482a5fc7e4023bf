"""What readers do, done in a real browser."""

from __future__ import annotations


def test_a_reader_follows_a_number_to_its_row(visit):
    page = visit("notebooks/municipal_survey.html")
    number = page.locator('article a[href*="#tall-"]').first
    printed = number.inner_text()
    number.click()
    page.wait_for_url("**/published_numbers.html#tall-*")
    row = page.locator("tr:target")
    assert row.is_visible()
    assert printed.split("\u00a0")[0] in row.locator("td").first.inner_text()
