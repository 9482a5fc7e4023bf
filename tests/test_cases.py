"""The three municipalities: every finding has a source that exists, and what is silent is said to be."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from frivillig.data import ROOT, read_categories, read_statistics, read_table
from frivillig.statistics import agreement, tally, weigh

SPINE = read_statistics()
INTERVIEWS, FINDINGS = read_table("interviews"), read_table("findings")
CLAIMS, EVIDENCE = read_table("claims"), read_table("evidence")
GROUPS = list(read_categories("interviews", "group"))
TEXT = (ROOT / "notebooks" / "three_cases.md").read_text(encoding="utf-8")


def test_the_interviews_are_as_many_as_the_report_prints():
    counts = tally(INTERVIEWS, ["case"], "group")
    for case, row in counts.iterrows():
        for group, count in row.items():
            id = f"cases.interviews.{case}.{group}.count"
            assert count == (SPINE.count(id) if SPINE.has(id) else 0), id
    assert len(INTERVIEWS) == SPINE.count("cases.interviews.total.count")
    assert counts.loc["k1"].sum() == counts.loc["k3"].sum() == SPINE.count("cases.interviews.five.count")
    assert counts.loc["k2"].sum() == SPINE.count("cases.interviews.four.count")


def test_ids_say_what_their_columns_say():
    assert (
        INTERVIEWS["id"].str.rsplit("_", n=1).str[0]
        == INTERVIEWS["case"].astype(str) + "_" + INTERVIEWS["group"].astype(str)
    ).all()
    assert (
        FINDINGS["id"].str.rsplit("_", n=1).str[0]
        == FINDINGS["case"].astype(str) + "_" + FINDINGS["theme"].astype(str)
    ).all()


def test_every_group_that_speaks_was_interviewed():
    interviewed = set(zip(INTERVIEWS["case"], INTERVIEWS["group"], strict=True))
    spoken = FINDINGS[FINDINGS["group"].isin(GROUPS)]
    assert set(zip(spoken["case"], spoken["group"], strict=True)) == interviewed
    people = INTERVIEWS.set_index("id")
    for finding in FINDINGS[FINDINGS["interview"] != ""].itertuples():
        assert tuple(people.loc[finding.interview, ["case", "group"]]) == (finding.case, finding.group), (
            finding.id
        )


def test_only_the_authors_speak_without_a_number_of_informants():
    assert ((FINDINGS["group"] == "authors") == FINDINGS["informants"].isna()).all()


def test_every_case_has_every_theme():
    assert (tally(FINDINGS, ["case", "theme"], "group").sum(axis=1) > 0).all()


def test_the_silence_of_a_group_that_was_not_interviewed_is_said():
    counts = tally(FINDINGS, ["case"], "group")
    silent = [(case, group) for case in counts.index for group in GROUPS if not counts.loc[case, group]]
    assert silent == [("k2", "municipality")]
    assert "I kommune 2 ble ingen fra kommunen intervjuet." in TEXT
    assert "Ingen fra kommunen er intervjuet" in TEXT


@pytest.mark.parametrize("text", [*FINDINGS["finding"], *CLAIMS["claim"], TEXT], ids=lambda text: text[:30])
def test_words_of_informants_are_few(text):
    for phrase in re.findall(r"«([^»]*)»", text):
        assert len(phrase.split()) < 10, phrase


def test_the_source_is_named_beside_the_words_of_informants():
    phrases = {phrase for text in FINDINGS["finding"] for phrase in re.findall(r"«([^»]*)»", text)}
    lines = [line for line in TEXT.splitlines() if any(f"«{phrase}»" in line for phrase in phrases)]
    assert len(lines) > 6
    for line in lines:
        assert re.search(r"informant|sentral|organisasjon|kandidat|forfatterne|ansatt", line.lower()), line


def test_every_finding_is_told_once_and_has_a_place():
    assert not FINDINGS["finding"].duplicated().any()
    headings = {place.rpartition(", avsnitt")[0] for place in (row.place for row in SPINE.values())}
    shared = {heading for heading in FINDINGS["heading"] if heading in headings}
    assert len(shared) > 5, "headings are written as in the spine"


def test_what_the_chapter_says_in_words_holds_for_its_tables():
    views = {case: agreement(FINDINGS[FINDINGS["case"] == case], GROUPS) for case in ("k1", "k2", "k3")}
    for case, table in views.items():
        counts = table["verdict"].value_counts()
        assert counts["agree"] > counts["differ"], case
        assert table["verdict"]["guard"] == "agree"
        assert table["verdict"]["clear"] != "agree" or ("no",) in [table[group]["clear"] for group in GROUPS]
    weights = weigh(CLAIMS, EVIDENCE, FINDINGS)
    assert weights["supports"].idxmax() == "tension"
    assert weights["groups"]["tension"] == len(GROUPS)
    for claim in ("needs", "reflexive"):
        assert weights["supports"][claim] > 5 and weights["groups"][claim] > 1
    assert weights.loc["older"].sum() == 0


def test_no_claim_is_its_own_evidence():
    """Findings from the comparison itself that only state a claim do not support it."""
    joined = EVIDENCE.merge(FINDINGS, left_on="finding", right_on="id")
    circular = joined[(joined["heading"] == "Sammenligning på tvers") & (joined["group"] == "authors")]
    assert circular.empty


# ── The estimators, on a small example ───────────────────────────────────────────────────────────


def coded(*rows: tuple[str, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["topic", "group", "position"])
    for column, codes in {
        "topic": ["a", "b"],
        "group": ["one", "two"],
        "position": ["yes", "no", "describes"],
    }.items():
        table[column] = pd.Categorical(table[column], codes, ordered=True)
    return table


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        ([], "silent"),
        ([("a", "one", "describes"), ("a", "two", "describes")], "silent"),
        ([("a", "one", "yes"), ("a", "two", "describes")], "alone"),
        ([("a", "one", "yes"), ("a", "two", "yes")], "agree"),
        ([("a", "one", "yes"), ("a", "one", "no"), ("a", "two", "yes")], "differ"),
        ([("a", "one", "yes"), ("b", "two", "no")], "alone"),
    ],
)
def test_verdicts(rows, verdict):
    assert agreement(coded(*rows), ["one", "two"])["verdict"]["a"] == verdict


def test_positions_are_in_the_order_of_the_code_list():
    table = agreement(coded(("a", "one", "no"), ("a", "one", "yes")), ["one", "two"])
    assert table["one"]["a"] == ("yes", "no")
    assert table["two"]["a"] == ()


def test_a_combination_without_findings_is_counted_as_none():
    counts = tally(coded(("a", "one", "yes")), ["topic"], "group")
    assert counts.to_dict("index") == {"a": {"one": 1, "two": 0}, "b": {"one": 0, "two": 0}}


def test_a_claim_without_evidence_stays_in_the_table():
    claims = pd.DataFrame({"id": ["c1", "c2"]})
    findings = pd.DataFrame({"id": ["f1", "f2"], "case": ["k1", "k2"], "group": ["one", "authors"]})
    evidence = pd.DataFrame({"claim": ["c1", "c1"], "finding": ["f1", "f2"]})
    evidence["bearing"] = pd.Categorical(["supports"] * 2, ["supports", "contradicts"])
    table = weigh(claims, evidence, findings)
    assert table.loc["c1"].to_dict() == {"supports": 2, "contradicts": 0, "cases": 2, "groups": 1}
    assert table.loc["c2"].sum() == 0
