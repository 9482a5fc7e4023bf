"""Norwegian numbers, and exhibits that cannot be incomplete."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from frivillig.data import read_statistics
from frivillig.display import (
    Crossing,
    bars,
    counts,
    curve,
    differences,
    distribution,
    estimates,
    grid,
    interval,
    join,
    matrix,
    number,
    p_value,
    percent,
    period,
    pinned,
    printed,
    response,
    sets,
    span,
    spelled,
    stacked,
    stars,
    style,
    table,
    tally,
    timeline,
    variables,
    weighted,
)
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
        (-0.3, 0, "0"),  # no minus before a zero
        (float("nan"), 2, "–"),
        (float("inf"), 0, "∞"),
        (-1e30, 2, "−∞"),
    ],
)
def test_numbers_are_norwegian(value, decimals, text):
    assert number(value, decimals) == text


def test_a_missing_number_has_no_sign_or_other_end():
    missing = float("nan")
    assert [percent(missing), interval(missing, missing), span(missing, 3), p_value(missing)] == ["–"] * 4


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


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("november 2021", date(2021, 11, 1), date(2021, 11, 30)),
        ("18. oktober 2023", date(2023, 10, 18), date(2023, 10, 18)),
    ],
)
def test_a_printed_date_says_from_and_to(text, first, last):
    assert period(text) == (first, last)


@pytest.mark.parametrize("text", ["13. september", "november", "october 2021", "høsten 2023", ""])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=f"'{text}' is no date such as"):
        period(text)


def test_a_timeline_carries_times_and_responses():
    sources = pd.DataFrame(
        {
            "when": ["2020", "ukjent"],
            "start": [date(2020, 1, 1), None],
            "end": [date(2020, 12, 31), None],
            "count": [335, 14],
            "base": [454, None],
        },
        index=["Sentraler", "Intervjuer"],
    )
    exhibit = timeline(sources, **{key: WHOLE[key] for key in ("name", "caption", "alt")}, heading="Kilde")
    assert exhibit.cells.values.tolist() == [
        ["Sentraler", "2020", "454", "335", f"74{NBSP}%"],
        ["Intervjuer", "ukjent", "–", "14", "–"],
    ]
    assert exhibit.csv.splitlines()[1].startswith("Sentraler;2020-01-01;2020-12-31;454;335;73,78")
    assert exhibit.csv.splitlines()[2] == "Intervjuer;;;;14;"


def test_counts_are_summed_and_an_empty_cell_is_a_dash():
    data = pd.DataFrame({"x": [2, None], "y": [1, 2]}, index=["a", "b"])
    exhibit = counts(data, name="tab-test", caption="Hva den teller.", heading="Sted")
    assert exhibit.cells.columns.tolist() == ["Sted", "x", "y", "Sum"]
    assert exhibit.cells.values.tolist() == [
        ["a", "2", "1", "3"],
        ["b", "–", "2", "2"],
        ["Sum", "2", "3", "5"],
    ]
    assert exhibit.csv.splitlines()[1:] == ["a;2;1;3", "b;;2;2", "Sum;2;3;5"]


def test_intervals_are_left_out_where_there_are_none():
    exhibit = table(
        DATA[["count", "base", "share"]].dropna(),
        name="tab-test",
        caption="A.",
        heading="Svar",
        labels=LABELS,
    )
    assert exhibit.cells.columns.tolist() == ["Svar", "Antall", "Av", "Andel"]


def test_undecided_regions_show_their_range():
    regions = [Overlap(("a",), 3, 3), Overlap(("a", "b"), 0, 5)]
    exhibit = sets({("a",): 3}, regions, **{**WHOLE, "labels": {"a": "sentral", "b": "kommune"}})
    assert exhibit.cells["Antall"].tolist() == ["3", "0"]
    assert exhibit.cells["Mulig etter de trykte tallene"].tolist() == ["3", "0–5"]
    assert exhibit.cells["Svar"].tolist() == ["Sentral", "Sentral og kommune"]


def test_replies_known_as_a_range_give_a_range_of_rates():
    data = pd.DataFrame({"asked": [26, 15], "low": [13, 11], "high": [25, 11]}, index=["a", "b"])
    exhibit = response(data, name="tab-test", caption="A.", heading="Fylke", labels={"a": "A", "b": "B"})
    assert exhibit.cells["Svarte"].tolist() == ["13–25", "11"]
    assert exhibit.cells["Svarprosent"].tolist() == ["50–96\u00a0%", "73\u00a0%"]


def test_a_weighted_share_says_what_the_printed_numbers_allow():
    data = pd.DataFrame({"share": [54.4], "low": [49.1], "high": [59.7], "possible": ["54"]}, index=["a"])
    exhibit = weighted(data, name="tab-test", caption="A.", heading="Vekter", labels={"a": "Etter fylke"})
    assert exhibit.cells.iloc[0].tolist() == ["Etter fylke", "54\u00a0%", "49–60\u00a0%", "54\u00a0%"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "tab-test"}, "name must be fig-… in small letters and digits, got 'tab-test'"),
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
    assert len(noted) == 6
    for colours, ratios in noted:
        for colour, ratio in zip(re.findall(r"#[0-9a-f]{6}", colours), ratios.split(", "), strict=True):
            assert contrast(colour, "#ffffff") == pytest.approx(float(ratio), abs=0.05)
            assert float(ratio) >= 3  # WCAG 2.1, 1.4.11


def test_series_can_carry_white_text_and_pale_colours_dark_text():
    dark = [*style.SERIES, *(colour for colour in style.SPECTRUM if colour not in style.PALE)]
    assert min(contrast(colour, "#ffffff") for colour in dark) >= 4.5  # WCAG 2.1, 1.4.3
    assert min(contrast(colour, style.INK) for colour in style.PALE) >= 4.5


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        ((0.1234,), "p = 0,12"),
        ((0.0449, 0.152), "p = 0,045–0,15"),
        ((0.0001, 0.0002), "p < 0,001"),
        ((0.43, 0.43), "p = 0,43"),
        ((0.0002, 0.044), "p ≤ 0,044"),
    ],
)
def test_p_values(ends, text):
    assert p_value(*ends) == text.replace(" ", NBSP)


def test_small_numbers_are_spelled_out():
    assert [spelled(value) for value in (0, 1, 7, 12, 13, 1000)] == [
        "null",
        "én",
        "sju",
        "tolv",
        "13",
        f"1{NBSP}000",
    ]


def test_spans_may_be_negative():
    assert span(-3.2, 22.1) == f"−3{NBSP}til{NBSP}22"
    assert span(-0.2, 0.3) == "0"


def test_a_matrix_writes_its_cells_in_one_style():
    data = pd.DataFrame({"x": [95.0, 3.0], "y": [94.0, 1.0]}, index=["a", "b"])
    exhibit = matrix(
        data,
        name="tab-test",
        caption="Hva den viser.",
        heading="Svar",
        labels=LABELS,
        columns={"y": "Andre", "x": "Første"},
        style=percent,
    )
    assert exhibit.cells.columns.tolist() == ["Svar", "Andre", "Første"]
    assert exhibit.cells["Første"].tolist() == [f"95{NBSP}%", f"3{NBSP}%"]
    assert exhibit.data["Andre"].tolist() == [94.0, 1.0]


def test_what_is_not_printed_is_named_under_a_stacked_bar():
    shares_only = pd.DataFrame({"share": [69.0, 24.0]}, index=["a", "b"])
    exhibit = stacked(
        {"Hvem?": shares_only},
        name="fig-test",
        caption="Hva den viser.",
        alt="En delt søyle.",
        heading="Svar",
        answers=LABELS,
        colours=style.SERIES,
        unprinted="Ikke trykt",
    )
    assert exhibit.cells["Svar"].tolist() == ["Hvem?: Ja", "Hvem?: Nei", "Hvem?: Ikke trykt"]
    assert exhibit.cells["Andel"].tolist() == [f"69{NBSP}%", f"24{NBSP}%", f"7{NBSP}%"]


def test_differences_show_their_span_and_test():
    row = {"least": 9.0, "most": 11.0, "low": -3.3, "high": 22.1, "p_low": 0.0449, "p_high": 0.152}
    exhibit = differences(pd.DataFrame([row], index=["a"]), **WHOLE, sides=("færre", "flere"))
    assert exhibit.cells.iloc[0].tolist() == [
        "Ja",
        *(text.replace(" ", NBSP) for text in ("9 til 11", "−3 til 22", "p = 0,045–0,15")),
    ]
    assert exhibit.data["Intervall fra"].tolist() == [-3.3]


def test_a_grid_counts_what_is_not_there():
    index = pd.MultiIndex.from_tuples([("k1", "a"), ("k1", "b"), ("k2", "a"), ("k2", "b")])
    exhibit = grid(
        pd.DataFrame({"x": [13, 0, 1, 4]}, index=index),
        **WHOLE,
        sections={"k1": "Kommune én", "k2": "Kommune to"},
        columns={"x": "Sentralen"},
    )
    assert exhibit.cells["Svar"].tolist() == [
        "Kommune én: ja",
        "Kommune én: nei",
        "Kommune to: ja",
        "Kommune to: nei",
    ]
    assert exhibit.cells["Sentralen"].tolist() == ["13", "0", "1", "4"]


def test_series_can_carry_white_text():
    assert min(contrast(colour, "#ffffff") for colour in style.SERIES) >= 4.5  # WCAG 2.1, 1.4.3


def test_a_tally_shows_counts_and_keeps_them_for_the_download():
    exhibit = tally(pd.Series({"a": 1200, "b": 3}), **WHOLE, whole="Antall")
    assert exhibit.cells.values.tolist() == [["Ja", f"1{NBSP}200"], ["Nei", "3"]]
    assert "Ja;1200" in exhibit.csv
    assert exhibit.svg


# ── Models ───────────────────────────────────────────────────────────────────────────────────────

ESTIMATES = pd.DataFrame(
    {
        "n": [192, 1175],
        "coef": [0.846, -0.066],
        "low": [0.533, -0.13],
        "high": [1.159, -0.0025],
        "p": [1e-7, 0.0416],
        "mcfadden": [0.1459, 0.0165],
    },
    index=["a", "b"],
)


def test_estimates_have_intervals_and_small_ones_one_more_decimal():
    exhibit = estimates(ESTIMATES, name="tab-test", caption="Modeller.", heading="Variabel", labels=LABELS)
    assert exhibit.cells.values.tolist() == [
        ["Ja", "192", f"0,85 (0,53{NBSP}til{NBSP}1,16)", f"<{NBSP}0,001", f"15{NBSP}%"],
        ["Nei", f"1{NBSP}175", f"−0,066 (−0,130{NBSP}til{NBSP}−0,003)", "0,042", f"2{NBSP}%"],
    ]


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (-4.3, 2.5, f"åpent (−4,3{NBSP}til{NBSP}2,5)"),
        (-1.3, 1.7, f"ikke signifikant (−1,3{NBSP}til{NBSP}1,7)"),
        (0.5, 3, f"positiv (0,5{NBSP}til{NBSP}3,0)"),
        (-6, -2, f"negativ (−6,0{NBSP}til{NBSP}−2,0)"),
    ],
)
def test_what_pushing_says_of_a_z_value(low, high, text):
    bounds = pd.DataFrame({"low": [low], "high": [high]}, index=["x.z"])
    assert pinned(bounds, "x.z") == text
    assert pinned(bounds, "y.z") == "ikke prøvd"


@pytest.mark.parametrize(
    ("coefficient", "p", "text"),
    [(0.8, 0.0001, "+ ***"), (-0.1, 0.058, "− *"), (-0.1, 0.05, "− **"), (2, 0.1001, "ikke signifikant")],
)
def test_stars_by_the_limits_of_the_report(coefficient, p, text):
    limits = [
        float(SPINE[f"context.significance.{count}.pct"].value) / 100
        for count in ("one_star", "two_stars", "three_stars")
    ]
    assert stars(coefficient, p, limits) == text


def test_variables_stand_beside_what_was_printed():
    data = pd.DataFrame(
        {"n": [175], "mean": [0.377], "sd": [0.486], "mean_decimals": [2], "sd_decimals": [2]}
        | {"printed_n": ["175"], "printed_mean": ["0,38"], "printed_sd": ["0,48"]},
        index=["a"],
    )
    exhibit = variables(data, name="tab-test", caption="Variabler.", heading="Variabel", labels=LABELS)
    assert exhibit.cells.iloc[0].tolist() == ["Ja", "175", "0,38 (0,48)", "0,38 (0,49)"]


def test_a_distribution_carries_its_summary():
    groups = {"Nei": pd.Series([100, 200, 300, 400, 500]), "Ja": pd.Series([1000, 2000, 3000])}
    exhibit = distribution(
        groups, name="fig-test", caption="To grupper.", alt="To bokser.", heading="Svar", unit="Innbyggere"
    )
    assert exhibit.cells.values.tolist() == [
        ["Nei", "5", "300", "300", f"200{NBSP}til{NBSP}400"],
        ["Ja", "3", f"2{NBSP}000", f"2{NBSP}000", f"1{NBSP}500{NBSP}til{NBSP}2{NBSP}500"],
    ]
    assert "<svg" in exhibit.svg


def test_a_curve_shows_the_rows_asked_for():
    data = pd.DataFrame(
        {"share": [20.0, 50.0, 80.0], "low": [10.0, 40.0, 70.0], "high": [30.0, 60.0, 90.0]},
        index=[1000.0, 5000.0, 20000.0],
    )
    whole = {"name": "fig-test", "caption": "En kurve.", "alt": "Den stiger.", "heading": "Innbyggere"}
    exhibit = curve(data, **whole, crossing=Crossing(50, 5000, 3000, 7000), rows=[1000.0, 20000.0])
    assert exhibit.cells.values.tolist() == [
        [f"1{NBSP}000", f"20{NBSP}%", f"10–30{NBSP}%"],
        [f"20{NBSP}000", f"80{NBSP}%", f"70–90{NBSP}%"],
    ]
    assert len(exhibit.data) == 3
