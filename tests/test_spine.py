"""The spine against the report's tables, and its numbers against each other.

The tables below were typed from the report for this test, not taken from the spine.
"""

from __future__ import annotations

import math
from collections import defaultdict
from decimal import Decimal

import pytest

from frivillig.data import read_statistics
from frivillig.statistics import implied_bases, question
from frivillig.statistics.published import rounds_to

SPINE = read_statistics()

TABLE_1_1 = {"k1": ("2", "1", "2"), "k2": ("", "2", "2"), "k3": ("2", "1", "2")}

TABLE_2_1 = {
    "cooperates.organisations": ("95", "94"),
    "cooperates.municipality": ("91", "92"),
    "cooperates.individuals": ("72", "69"),
    "cooperates.public_bodies": ("56", "46"),
    "cooperates.businesses": ("32", "26"),
    "cooperates.none": ("3", "1"),
    "recruits.organisations": ("95", "94"),
    "recruits.own": ("93", "95"),
    "recruits.municipal": ("65", "57"),
    "primary_role.activities": ("16", "17"),
    "primary_role.middle": ("31", "37"),
    "primary_role.link": ("54", "46"),
    "competes_little": ("74", "71"),
    "good_overview": ("78", "73"),
    "linking_skills": ("86", "89"),
}

TABLE_3_1 = {
    "oslo": "82",
    "vestfold_og_telemark": "72",
    "more_og_romsdal": "64",
    "viken": "63",
    "innlandet": "61",
    "rogaland": "60",
    "trondelag": "53",
    "vestland": "50",
    "agder": "46",
    "nordland": "40",
    "troms_og_finnmark": "31",
    "total": "57",
}

TABLE_3_2 = {
    "policy": ("175", "0,38", "0,48"),
    "population": ("192", "18,31", "32,80"),
    "elderly_share": ("192", "0,20", "0,04"),
    "expenses_per_capita": ("182", "1091,7", "960,64"),
    "expenses_share": ("191", "28,61", "4,68"),
    "course": ("181", "0,36", "0,47"),
    "organisation_density": ("173", "3,1", "1,27"),
}

# Printed shares that are not the printed count of the printed base. The report's numbers stand as
# printed; role and note say that they do not go together.
NOT_THE_SHARE = {
    "centres.survey.answered.pct",
    "organisations.target.children.pct",
    "municipal.deliberate.yes.pct",
}
# Questions whose printed counts and percentages fit no common base.
NO_COMMON_BASE = {"municipal.deliberate", "municipal.cooperation", "organisations.target"}


def test_table_1_1():
    groups = ("municipality", "centre", "organisation")
    for case, counts in TABLE_1_1.items():
        assert tuple(SPINE[f"cases.interviews.{case}.{group}.count"].printed for group in groups) == counts
    assert SPINE["cases.interviews.total.count"].printed == "14"


def test_table_2_1():
    for item, printed in TABLE_2_1.items():
        rows = [SPINE[f"centres.{item}.{ownership}.pct"] for ownership in ("municipal", "voluntary")]
        assert tuple(row.printed for row in rows) == printed
        assert {row.place for row in rows} == {"Tabell 2.1"}


def test_table_3_1():
    rows = {name: SPINE[f"municipal.county.{name}.pct"] for name in TABLE_3_1}
    assert {name: row.printed for name, row in rows.items()} == TABLE_3_1
    assert {row.place for row in rows.values()} == {"Tabell 3.1"}


def test_table_3_2():
    for variable, printed in TABLE_3_2.items():
        rows = [SPINE[f"municipal.variable.{variable}.{kind}"] for kind in ("n", "mean", "sd")]
        assert tuple(row.printed for row in rows) == printed
        assert {row.place for row in rows} == {"Tabell 3.2"}


@pytest.mark.parametrize(
    ("prefix", "counts"),
    [
        ("source", {"self": 109, "centre": 140, "organisation": 118, "unlabelled": 2, "none": 13}),
        ("overlap", {"self_centre": 84, "self_organisation": 80, "all_three": 67, "only_self": 12}),
        (
            "channel",
            {"personal": 94, "social_media": 48, "website": 38, "portal": 25, "newspaper": 18, "other": 24},
        ),
        (
            "reason",
            {
                "efficiency": 19,
                "relief": 33,
                "tasks": 72,
                "no_organisation": 8,
                "control": 3,
                "more_volunteers": 58,
                "other": 18,
            },
        ),
        ("resources_self", {"yes": 63, "no": 34, "unsure": 5}),
        ("deliberate", {"asked": 80, "no": 48, "yes": 15, "unsure": 17}),
        ("cooperation", {"formal": 71, "none": 5, "ad_hoc": 24, "unsure": 10}),
        ("other_fields", {"unsure": 78, "no": 59, "yes": 46}),
        (
            "field",
            {
                "immigrants": 27,
                "intellectual_disability": 23,
                "mental_illness": 22,
                "somatic_illness": 19,
                "youth": 15,
                "substance_use": 15,
            },
        ),
    ],
)
def test_counts_of_the_municipal_survey(prefix, counts):
    assert {item: SPINE.count(f"municipal.{prefix}.{item}.count") for item in counts} == counts


@pytest.mark.parametrize(
    ("id", "printed", "relation"),
    [
        ("municipal.policy.own_recruitment.r", "0,24", "="),
        ("municipal.logit.policy.odds", "3,26", "~"),
        ("municipal.logit.population.coef", "0,846", "="),
        ("municipal.logit.population.p", "0,001", "<"),
        ("municipal.elderly_share.own_recruitment.r", "–0,32", "="),
        ("municipal.elderly_share.population.r", "–0,76", "="),
        ("municipal.logit.organisation_density.coef", "–1,85", "="),
        ("municipal.course.own_recruitment.p", "0,000", "<"),
        ("municipal.full_model.expenses_share.p", "0,058", "="),
        ("municipal.population.with_policy.mean", "38 402", "="),
        ("municipal.threshold.log.x50", "1,56", "="),
        ("municipal.r2.population.low.pct", "15", ">="),
        ("municipal.r2.population.high.pct", "18", "<="),
        ("organisations.relation.operation.pct", "2", "="),
        ("organisations.purpose.joint.pct", "47", "="),
        ("report.ethics.sikt.identifier", "648074", ""),
    ],
)
def test_numbers_of_the_text(id, printed, relation):
    assert (SPINE[id].printed, SPINE[id].relation) == (printed, relation)


def test_lost_numbers_are_said_to_be_lost():
    lost = [row for row in SPINE.values() if row.role == "lost"]
    assert {row.place for row in lost} == {
        "Figur 2.2",
        "Figur 3.3",
        "Figur 3.4",
        "Figur 3.6",
        "Figur 3.7",
        "Tabell 3.3",
        "Appendiks",
    }
    assert all(row.note for row in lost)


def test_shares_are_their_count_of_their_base():
    with_counts = [row for row in SPINE.values() if row.n and row.base and row.unit == "percent"]
    assert len(with_counts) > 10
    wrong = {row.id for row in with_counts if not rounds_to(row.n, row.base, row.value)}
    assert wrong == NOT_THE_SHARE
    assert {SPINE[id].role for id in wrong} == {"conflict"}


def test_shares_of_a_question_share_a_base():
    questions: dict[str, list[tuple[int, Decimal]]] = defaultdict(list)
    for row in SPINE.values():
        if row.n and row.unit == "percent" and not row.repeats and row.stat:
            questions[row.id.rsplit(".", 2)[0]].append((row.n, row.value))
    assert {name for name, pairs in questions.items() if not implied_bases(pairs)} == NO_COMMON_BASE


def test_counts_beside_shares_are_the_counts_of_their_rows():
    for row in SPINE.values():
        count = f"{row.id.removesuffix('.pct')}.count"
        if row.n and row.id.endswith(".pct") and SPINE.has(count):
            assert row.n == SPINE.count(count), row.id


def test_repeats_print_the_same_value_or_say_why_not():
    for row in SPINE.values():
        if not row.repeats:
            continue
        original = SPINE[row.repeats]
        assert not original.repeats, f"{row.id} repeats a repeat"
        same = row.value is not None and row.value == original.value
        assert same or row.note or row.unit in ("wording", "year"), row.id


def test_what_must_add_up_adds_up():
    count = SPINE.count
    assert count("municipal.response.complete.count") + count("municipal.response.partial.count") == count(
        "municipal.response.any.count"
    )
    assert sum(int(cell or 0) for cells in TABLE_1_1.values() for cell in cells) == count(
        "cases.interviews.total.count"
    )
    assert count("municipal.threshold.above.count") + count("municipal.threshold.below.count") == 192
    # The threshold is printed twice, as a logarithm of thousands and as inhabitants.
    assert round(1000 * math.exp(SPINE["municipal.threshold.log.x50"].value)) == 4759


def test_known_conflicts_are_marked():
    assert {row.id for row in SPINE.values() if row.role == "conflict"} == {
        *NOT_THE_SHARE,
        "centres.recruits.organisations.municipal.pct",
        "centres.recruits.organisations.voluntary.pct",
        "municipal.cooperation.formal.pct",
        "municipal.cooperation.unsure.pct",
        "municipal.course.own_recruitment.p",
        "municipal.policy.own_recruitment.r",
        "municipal.survey.districts.less_time.days",
        "municipal.variable.course.sd",
        "municipal.variable.policy.sd",
    }


@pytest.mark.parametrize(
    ("prefix", "answers", "base"),
    [
        ("municipal.source", ("self", "centre", "organisation", "none"), 191),
        ("municipal.channel", ("personal", "social_media", "website", "portal", "newspaper", "other"), 109),
        ("municipal.reason", ("efficiency", "tasks", "more_volunteers"), 105),
        ("municipal.resources_self", ("yes", "no", "unsure"), 102),
        ("municipal.deliberate", ("yes", "no", "unsure"), 80),  # none fits: the printed base
        ("municipal.cooperation", ("formal", "ad_hoc", "none", "unsure"), 110),  # none fits: the sum
        ("municipal.resources_organisation", ("yes",), 95),
        ("municipal.other_fields", ("yes", "no", "unsure"), 183),
        ("municipal.field", ("immigrants", "intellectual_disability", "mental_illness", "youth"), 45),
    ],
)
def test_bases_follow_from_the_printed_pairs(prefix, answers, base):
    """Bases found by hand: all denominators up to 400 tried against every printed pair."""
    assert set(question(SPINE, prefix, answers)["base"]) == {base}
