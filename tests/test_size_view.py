"""What the page for municipalities carries along: the curve, and values that stay values."""

from __future__ import annotations

import json
from decimal import Decimal

import numpy as np
import pytest
from bs4 import BeautifulSoup

from frivillig.data import read_statistics, read_survey
from frivillig.statistics import log_curve, predicted

ANSWERS = read_survey("municipalities")
SPINE = read_statistics()
SIZES = np.geomspace(300, 150_000, 40)


def test_the_curve_gives_share_and_interval_of_the_model():
    curve = log_curve(ANSWERS, "own_recruitment", "population", 1000)
    expected = predicted(ANSWERS, "own_recruitment ~ np.log(population / 1000)", "population", SIZES)
    x = np.log(SIZES / curve["unit"])
    odds = curve["intercept"] + curve["slope"] * x
    constant, both, slope = curve["covariance"]
    margin = 1.959963984540054 * np.sqrt(constant + 2 * both * x + slope * x**2)
    for column, log_odds in (("share", odds), ("low", odds - margin), ("high", odds + margin)):
        assert 100 / (1 + np.exp(-log_odds)) == pytest.approx(expected[column].to_numpy(), abs=1e-6), column


def test_the_curve_is_the_printed_one():
    curve = log_curve(ANSWERS, "own_recruitment", "population", 1000)
    slope, half = (SPINE[f"municipal.{id}"] for id in ("logit.population.coef", "threshold.log.x50"))
    assert Decimal(curve["slope"]).quantize(Decimal("0.001")) == slope.value
    assert Decimal(-curve["intercept"] / curve["slope"]).quantize(Decimal("0.01")) == half.value


def test_values_of_a_page_cannot_end_their_script(small_book):
    build = small_book(
        "---\njupytext:\n  text_representation: {extension: .md, format_name: myst}\n"
        "kernelspec: {display_name: Python 3, language: python, name: python3}\n---\n\n# Side\n\nTekst.\n\n"
        "```{code-cell} ipython3\nfrom frivillig import display\n"
        "display.PageData('some-values', {'a': '</script><b>æ', 'b': 1.5})\n```\n"
    )
    assert build.status == 0, build.output
    page = BeautifulSoup((build.html / "book" / "page.html").read_text(encoding="utf-8"), "html.parser")
    script = page.find(id="some-values")
    assert json.loads(script.string) == {"a": "</script><b>æ", "b": 1.5}
    assert "PageData" not in page.select_one("article").select_one(".cell_output").get_text()


def test_only_its_page_loads_the_form(book):
    pages = {
        page.stem for page in book.html.rglob("*.html") if "size-view.js" in page.read_text(encoding="utf-8")
    }
    assert pages == {"your_size"}
