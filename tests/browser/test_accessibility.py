"""WCAG 2.1 AA, as far as a browser can tell: axe, narrow screens, keyboard, large text, calm."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import axe_playwright_python
import pytest

from browser.pages import NARROW, OPEN_FOLDS, PAGES, PHONE, WIDE, WIDER

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# Front page, text with exhibits and code, search, and the page that is not there.
KINDS = ["book/index.html", "notebooks/reconstruction.html", "search.html?q=frivillige", "404.html"]


def pages(fast: list[str]) -> list[object]:
    """Some pages for every run of the tests; the others when there is time."""
    return [pytest.param(page, marks=[] if page in fast else pytest.mark.slow) for page in PAGES]


def findings(page) -> list[str]:
    """What axe finds with every fold open: WCAG 2.1 A and AA, best practice, and targets of 24 px."""
    page.evaluate(OPEN_FOLDS)
    # What is laid out only when the reader comes there has no place that axe could measure.
    page.add_style_tag(content=".scroll { content-visibility: visible !important }")
    page.evaluate(AXE)
    results = page.evaluate("axe.run({resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})")
    return [
        f"{violation['id']}: {node['target']}: {node['failureSummary']}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("page", pages(KINDS))
def test_axe_finds_nothing_wide_and_light(visit, page):
    assert not findings(visit(page))


@pytest.mark.parametrize("page", pages(["notebooks/reconstruction.html"]))
def test_axe_finds_nothing_on_a_phone_and_dark(visit, page):
    opened = visit(page, width=PHONE, scheme="dark")
    assert opened.evaluate("document.documentElement.dataset.theme") == "dark"
    assert not findings(opened)


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "dark"), (PHONE, "light")])
def test_axe_finds_nothing_in_the_other_combinations(visit, page, width, scheme):
    assert not findings(visit(page, width=width, scheme=scheme))


def test_axe_would_find_something(visit):
    page = visit()
    page.evaluate("document.querySelector('article p').style.color = '#999'")
    assert any("color-contrast" in finding for finding in findings(page))


@pytest.mark.parametrize(("button", "name"), [("Innhold", "Innhold"), ("På siden", "På denne siden")])
def test_axe_finds_nothing_in_the_open_contents_of_a_phone(visit, button, name):
    page = visit(width=PHONE)
    page.get_by_role("button", name=button).click()
    assert page.get_by_role("navigation", name=name).is_visible()
    assert not findings(page)


@pytest.mark.parametrize(
    "page", pages(["book/index.html", "notebooks/municipal_survey.html", "notebooks/audit.html"])
)
def test_nothing_is_wider_than_the_narrowest_screen(visit, page):
    opened = visit(page, width=NARROW, height=568)
    opened.evaluate(OPEN_FOLDS)
    assert opened.evaluate("document.documentElement.scrollWidth") == NARROW, opened.evaluate(WIDER)
    assert not opened.evaluate(WIDER)


@pytest.mark.parametrize("page", pages(["notebooks/municipal_models.html"]))
def test_what_scrolls_is_named_and_reached_by_keyboard(visit, page):
    opened = visit(page, width=NARROW, height=568)
    opened.evaluate(OPEN_FOLDS)
    opened.wait_for_timeout(100)  # boxes are measured when they are laid out
    boxes = opened.evaluate(
        """() => [...document.querySelectorAll('main *')]
            .filter((box) => box.scrollWidth > box.clientWidth + 1)
            .filter((box) => /auto|scroll/.test(getComputedStyle(box).overflowX))
            .map((box) => [box.tabIndex, box.getAttribute('role'), box.getAttribute('aria-label') ?? ''])"""
    )
    if page == "notebooks/municipal_models.html":
        assert boxes, "a table of models is wider than this screen"
    for tab, role, name in boxes:
        assert (tab, role) == (0, "group") and len(name) > 3


FOCUS = """() => {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const header = document.querySelector('.top');
    const over = getComputedStyle(header).position === 'sticky' && !element.closest('.top, .skip');
    return {
        name: (element.getAttribute('aria-label') || element.innerText || element.value || '').trim(),
        outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        seen: box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight,
        covered: over && box.bottom < header.getBoundingClientRect().bottom,
        place: element.closest('header, nav, main, footer')?.tagName ?? element.className,
    };
}"""


def walk(page) -> list[dict]:
    """Every stop of the tab key, from the top of the page to its end."""
    stops = []
    while True:
        page.keyboard.press("Tab")
        page.wait_for_timeout(1)
        stop = page.evaluate(FOCUS)
        if page.evaluate("document.activeElement === document.body"):
            return stops
        stops.append(stop)


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(visit, width, scheme):
    page = visit("book/index.html", width=width, scheme=scheme, reduced_motion="reduce")
    stops = walk(page)
    assert stops[0]["name"] == "Hopp til hovedinnholdet"
    for stop in stops:
        assert stop["name"] and stop["outline"] and stop["seen"] and not stop["covered"], stop
    usable = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')]
            .filter((element) => element.checkVisibility()).length"""
    )
    assert len(stops) == usable
    places = [place for place, _ in itertools.groupby(stop["place"] for stop in stops)]
    assert places == (
        ["skip", "HEADER", "NAV", "MAIN", "NAV", "FOOTER"]
        if width == WIDE
        else ["skip", "HEADER", "MAIN", "NAV", "FOOTER"]
    )


def test_the_skip_link_leads_to_the_text(visit):
    page = visit("notebooks/municipal_survey.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "innhold"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("page", pages(["book/index.html", "notebooks/municipal_survey.html"]))
def test_text_can_be_twice_as_large(visit, page):
    opened = visit(page, width=1280)
    opened.add_style_tag(content="html { font-size: 200% }")
    assert opened.evaluate("document.documentElement.scrollWidth") <= 1280, opened.evaluate(WIDER)
    cut = opened.evaluate(
        """() => [...document.querySelectorAll('body *')]
            .filter((element) => element.children.length === 0 && element.innerText?.trim()
                && !element.closest('.visually-hidden, .skip, .scroll, pre, math, nav')
                && element.scrollHeight > element.clientHeight + 4
                && getComputedStyle(element).overflowY === 'hidden')
            .map((element) => element.outerHTML.slice(0, 80))"""
    )
    assert not cut


def test_nothing_moves_for_those_who_ask_for_calm(visit):
    page = visit("notebooks/municipal_survey.html", reduced_motion="reduce")
    page.evaluate(OPEN_FOLDS)
    page.keyboard.press("Tab")
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("page", pages(KINDS))
def test_headings_and_landmarks_are_in_order(visit, page):
    opened = visit(page)
    levels = opened.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((h) => Number(h.tagName[1]))"
    )
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels)), levels
    landmarks = opened.evaluate(
        "[...document.querySelectorAll('body > header, main, body > footer')].map((part) => part.tagName)"
    )
    assert landmarks == ["HEADER", "MAIN", "FOOTER"]
    names = opened.evaluate(
        """() => [...document.querySelectorAll('nav')].map((nav) => nav.getAttribute('aria-label')
            ?? document.getElementById(nav.getAttribute('aria-labelledby')).textContent)"""
    )
    assert all(names) and len(set(names)) == len(names)


def test_english_parts_say_that_they_are_english(visit):
    page = visit("book/english_summary.html")
    assert page.evaluate("document.documentElement.lang") == "nb-NO"
    heading = page.locator("h1")
    assert heading.evaluate("(h) => h.closest('[lang]').lang") == "en"
    assert re.search(r"\bvolunteers\b", page.locator('article [lang="en"]').first.inner_text())
    for link in visit("book/summary.html").get_by_role("link", name="English summary").all():
        assert (
            link.evaluate("(link) => (link.querySelector('[lang]') ?? link.closest('[lang]')).lang") == "en"
        )
