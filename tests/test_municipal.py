"""The municipal survey: what the estimators make of the respondents, beside what the report prints."""

from __future__ import annotations

import pandas as pd
import pytest

from frivillig.data import read_schema, read_statistics, read_survey, read_table
from frivillig.statistics import (
    combinations,
    cross_table,
    feasible_groups,
    multiple_response,
    observed_groups,
    overlaps,
    poststratified,
    single_choice,
    with_printed,
)

SPINE = read_statistics()
ANSWERS = read_survey("municipalities")
LABELS = read_schema("municipalities").labels
FRAME = read_table("counties").set_index("county")

SEVERAL = ("source", "channel", "reason", "field")
ONE = ("resources_self", "deliberate", "cooperation", "other_fields")
# Typed from the report: percentages that its own counts do not give, and what they give.
CONFLICTS = {
    ("deliberate", "yes"): (21, 19),
    ("cooperation", "formal"): (64, 65),
    ("cooperation", "unsure"): (10, 9),
}
# Typed from the report: the share who recruit themselves, and the counties' units, by Statistics Norway.
COUNTIES = {
    "oslo": (82, 15),
    "vestfold_og_telemark": (72, 23),
    "more_og_romsdal": (64, 26),
    "viken": (63, 51),
    "innlandet": (61, 46),
    "rogaland": (60, 23),
    "trondelag": (53, 38),
    "vestland": (50, 43),
    "agder": (46, 25),
    "nordland": (40, 41),
    "troms_og_finnmark": (31, 39),
}


def table(question: str) -> pd.DataFrame:
    estimate = multiple_response if question in SEVERAL else single_choice
    return with_printed(estimate(ANSWERS, question, LABELS(question)), SPINE, f"municipal.{question}")


@pytest.mark.parametrize("question", SEVERAL + ONE)
def test_respondents_give_every_printed_count_and_percentage(question):
    compared = 0
    for answer, row in table(question).iterrows():
        if not SPINE.has(id := f"municipal.{question}.{answer}.count"):
            assert row.isna().all(), f"{id} is lost, so nothing may be shown for it"
            continue
        assert row["count"] == SPINE.count(id), id
        if pd.notna(row["printed"]):
            printed, computed = CONFLICTS.get((question, answer), (row["printed"], row["printed"]))
            assert (row["printed"], int(row["share"] + 0.5)) == (printed, computed), id
            compared += 1
    assert compared >= 2


def test_respondents_lie_where_the_printed_overlaps_allow():
    possible = overlaps({"self": 109, "centre": 140, "organisation": 118}, 84, 80, 67, (176, 178))
    counted = combinations(ANSWERS, "source", ["self", "centre", "organisation"])
    assert set(counted) == {region.sets for region in possible}
    for region in possible:
        assert region.low <= counted[region.sets] <= region.high, region.sets


def test_the_frame_is_the_one_the_survey_was_sent_to():
    assert FRAME["units"].to_dict() == {county: units for county, (_, units) in COUNTIES.items()}
    assert FRAME["units"].sum() == SPINE.count("municipal.survey.sent.count") == 370
    # With Oslo as one, the country had 356 municipalities; the report prints 183 and 174.
    above, oslo = FRAME["units_above_4759"].sum(), FRAME.loc["oslo", "units"]
    assert (above - oslo + 1, FRAME["units"].sum() - above) == (182, 174)
    assert (FRAME["units_above_4759"] <= FRAME["units"]).all()
    # Both sides of the limit have at least as many units as answered.
    assert above >= SPINE.count("municipal.threshold.above.count")
    assert FRAME["units"].sum() - above >= SPINE.count("municipal.threshold.below.count")


def test_the_share_weighted_by_county_follows_from_the_printed_table():
    expected = sum(percent * units for percent, units in COUNTIES.values()) / 370
    found = poststratified(ANSWERS, "own_recruitment", ANSWERS["county"], FRAME["units"])
    assert found["share"] == pytest.approx(expected, abs=0.5)
    assert found["low"] < expected < found["high"]
    assert found["share"] < 100 * ANSWERS["own_recruitment"].mean()


def test_county_shares_round_to_the_printed_ones():
    shares = cross_table(ANSWERS, "county", "own_recruitment")["share"]
    assert {county: int(share + 0.5) for county, share in shares.items()} == {
        county: percent for county, (percent, _) in COUNTIES.items()
    }


def test_the_counties_as_answered_are_among_what_the_printed_table_allows():
    """Sizes typed from the report: Oslo has 11 answers, the fewest, and Viken 27, the most."""
    printed = {county: SPINE[f"municipal.county.{county}.pct"].value for county in COUNTIES}
    sizes = {county: range(11, min(units, 27) + 1) for county, (_, units) in COUNTIES.items()}
    allowed = feasible_groups(printed, 109, 192, sizes | {"oslo": [11], "viken": [27]})
    observed = observed_groups(ANSWERS, "county", "own_recruitment")
    assert observed.solutions == 1 < allowed.solutions
    for county, [pair] in observed.feasible.items():
        assert pair in allowed.feasible[county], county
