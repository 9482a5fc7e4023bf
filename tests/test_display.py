"""Norwegian numbers, and exhibits that cannot be incomplete."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from frivillig.data import read_statistics
from frivillig.display import bars, interval, join, number, percent, printed, sets, style, table, tally
from frivillig.display.exhibits import MIME_TYPE
from frivillig.statistics import Overlap, shares

SPINE = read_statistics()
NBSP = "\u00a0"
LABELS = {"a": "Ja", "b": "Nei", "c": "Tapt"}
DATA = shares(pd.Series({"a": 3, "b": 1}), 4).reindex(["a", "b", "c"])
WHOLE = {
    "name": "fig-test",
    "caption": "Hva den viser.",
    "alt": "To søyler.",
    "heading": "Svar",
    "labels": LABELS,
}


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (4758.8, 0, f"4{NBSP}759"),
        (26292, 0, f"26{NBSP}292"),
        (-0.325, 2, "−0,33"),
        (0.5, 0, "1"),  # half up, as the report rounds
        (2.5, 0, "3"),
        (Decimal("32.80"), 2, "32,80"),
        (0, 1, "0,0"),
    ],
)
def test_numbers_are_norwegian(value, decimals, text):
    assert number(value, decimals) == text


def test_percent_is_never_broken_from_its_sign():
    assert percent(57.1) == f"57{NBSP}%"


def test_intervals_and_enumerations():
    assert interval(50.03, 63.9) == "50–64"
    assert interval(17, 17) == "17"
    assert join(["a", "b", "c"]) == "a, b og c"


@pytest.mark.parametrize(
    ("id", "text", "bare"),
    [
        ("municipal.source.centre.pct", f"73{NBSP}prosent", "73"),
        ("municipal.population.with_policy.mean", f"38{NBSP}402", f"38{NBSP}402"),
        ("municipal.elderly_share.population.r", "−0,76", "−0,76"),
        ("municipal.variable.population.sd", "32,80", "32,80"),
        ("municipal.survey.sent.date", "13. september", "13. september"),
        ("municipal.survey.questions.count", "tolv", "tolv"),
        ("municipal.course.difference.points", f"30{NBSP}prosentpoeng", "30"),
        ("organisations.survey.year", "2021", "2021"),
    ],
)
def test_printed_numbers_in_running_text(id, text, bare):
    assert printed(SPINE[id]) == text
    assert printed(SPINE[id], unit=False) == bare


def test_a_lost_number_cannot_be_shown():
    with pytest.raises(
        ValueError, match=r"municipal\.reason\.integration\.count: the report's text has lost this number"
    ):
        printed(SPINE["municipal.reason.integration.count"])


def test_a_figure_carries_its_numbers():
    exhibit = bars(DATA, **WHOLE)
    assert exhibit.cells.to_dict("list") == {
        "Svar": ["Ja", "Nei", "Tapt"],
        "Antall": ["3", "1", "ukjent"],
        "Av": ["4", "4", "ukjent"],
        "Andel": [f"75{NBSP}%", f"25{NBSP}%", "ukjent"],
        "95 % intervall": [f"30–95{NBSP}%", f"5–70{NBSP}%", "ukjent"],
    }
    bundle = exhibit._repr_mimebundle_()
    assert bundle[MIME_TYPE]["rows"][1] == ["Ja", "3", "4", f"75{NBSP}%", f"30–95{NBSP}%"]
    assert bundle["image/svg+xml"] == exhibit.svg


def test_the_download_opens_with_the_same_numbers():
    back = pd.read_csv(io.StringIO(bars(DATA, **WHOLE).csv), sep=";", decimal=",")
    assert back["Svar"].tolist() == ["Ja", "Nei", "Tapt"]
    assert back["Andel"].tolist()[:2] == [75.0, 25.0]
    assert back["Andel"].isna().tolist() == [False, False, True]


def test_a_table_says_what_is_unknown():
    exhibit = table(DATA, **{key: WHOLE[key] for key in ("caption", "heading", "labels")}, name="tab-test")
    assert exhibit.svg == ""
    assert exhibit.cells["Andel"].tolist()[2] == "ukjent"


def test_undecided_regions_show_their_range():
    regions = [Overlap(("a",), 3, 3), Overlap(("a", "b"), 0, 5)]
    exhibit = sets(regions, **{**WHOLE, "labels": {"a": "sentral", "b": "kommune"}})
    assert exhibit.cells["Antall"].tolist() == ["3", "0–5"]
    assert exhibit.cells["Svar"].tolist() == ["Sentral", "Sentral og kommune"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "tab-test"}, "name must be fig-… in lower-case letters, got 'tab-test'"),
        ({"name": "fig-Test_1"}, "got 'fig-Test_1'"),
        ({"caption": " "}, "fig-test: the caption is missing"),
        ({"alt": ""}, "fig-test: the alt text is missing"),
    ],
)
def test_an_incomplete_exhibit_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        replace(bars(DATA, **WHOLE), **change)


def test_figures_are_the_same_bytes_each_time_and_have_no_title():
    first, second = bars(DATA, **WHOLE).svg, bars(DATA, **WHOLE).svg
    assert first == second
    assert "dc:date" not in first
    assert "<title>" not in first


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_contrast_noted_beside_each_colour_is_right():
    source = Path(style.__file__).read_text(encoding="utf-8")
    noted = re.findall(r"^[A-Z]+ = (\(?\"#.*?)  # ([\d., ]+)$", source, re.M)
    assert len(noted) == 4
    for colours, ratios in noted:
        for colour, ratio in zip(re.findall(r"#[0-9a-f]{6}", colours), ratios.split(", "), strict=True):
            assert contrast(colour, "#ffffff") == pytest.approx(float(ratio), abs=0.05)
            assert float(ratio) >= 3  # WCAG 2.1, 1.4.11


def test_series_can_carry_white_text():
    assert min(contrast(colour, "#ffffff") for colour in style.SERIES) >= 4.5  # WCAG 2.1, 1.4.3


def test_a_tally_shows_counts_and_keeps_them_for_the_download():
    exhibit = tally(pd.Series({"a": 1200, "b": 3}), **WHOLE, whole="Antall")
    assert exhibit.cells.values.tolist() == [["Ja", f"1{NBSP}200"], ["Nei", "3"]]
    assert "Ja;1200" in exhibit.csv
    assert exhibit.svg
