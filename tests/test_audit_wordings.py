"""Words for quantities, and claims in words, against the numbers that they speak of."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from frivillig.audit import audit, phrase
from frivillig.data import Spine, Statistic, read_statistics
from frivillig.statistics import ExpressionError, check_expressions, evaluate, parse
from frivillig.statistics.relations import RelationError, named_rows, read_relation


def row(id: str, printed: str, unit: str, **more: object) -> Statistic:
    plain = Statistic(id, "a", "Tabell 1", id, printed, "=", unit, None, None, "", "cited", "", "")
    return replace(plain, **more)


def wording(*rows: Statistic) -> list[tuple[str, str]]:
    """Verdict and certainty of what is said of words."""
    found = audit(Spine({row.id: row for row in rows}))
    return [(f.verdict, f.certainty) for f in found if f.kind == "wording"]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("De fleste", 50, 100),
        ("et flertall", 50, 100),
        ("det store flertallet", Fraction(200, 3), 100),
        ("et mindretall", 0, 50),
        ("et lite mindretall", 0, Fraction(100, 3)),
    ],
)
def test_words_that_name_no_fraction(text, low, high):
    assert phrase(text) == (low, high)


@pytest.mark.parametrize(
    ("words", "share", "verdict"),
    [
        ("de fleste", "37", "inconsistent"),
        ("de fleste", "50", "consistent"),  # 50.4 is more than half
        ("de fleste", "49", "inconsistent"),
        ("et mindretall", "51", "inconsistent"),
        ("et stort flertall", "64", "inconsistent"),
        ("et stort flertall", "67", "consistent"),
        ("over halvparten", "62", "consistent"),
        ("over halvparten", "48", "inconsistent"),
        ("over halvparten", "93", "consistent"),  # weak, but true
        ("over åtte av ti", "89", "consistent"),
        ("under halvparten", "3", "consistent"),
        ("under en tredjedel", "31", "consistent"),
        ("mange", "3", None),
    ],
)
def test_words_beside_a_share(words, share, verdict):
    relation = ">" if words.startswith("over") else "<" if words.startswith("under") else "~"
    found = wording(
        row("s.q.a.pct", share, "percent"),
        row("s.q.a.wording", words, "wording", relation=relation, repeats="s.q.a.pct"),
    )
    assert [v for v, _ in found] == ([verdict] if verdict else [])


def sentence(*rows: Statistic) -> str:
    """What is said of words."""
    [found] = [f for f in audit(Spine({row.id: row for row in rows})) if f.kind == "wording"]
    return found.sentence


@pytest.mark.parametrize(
    ("words", "relation", "share", "weak"),
    [
        ("over halvparten", ">", "93", True),  # passes over two thirds, three quarters and nine of ten
        ("over halvparten", ">", "62", False),
        ("under halvparten", "<", "3", True),
    ],
)
def test_what_is_true_but_weak_is_said_to_be(words, relation, share, weak):
    found = sentence(
        row("s.q.a.pct", share, "percent"),
        row("s.q.a.wording", words, "wording", relation=relation, repeats="s.q.a.pct"),
    )
    assert found.endswith("men sier langt mindre enn tallet.") == weak


@pytest.mark.parametrize(("other", "said"), [("31", True), ("41", False)])
def test_most_is_said_to_be_the_largest_group_only_where_it_is(other, said):
    found = sentence(
        row("s.q.a.pct", "37", "percent"),
        row("s.q.b.pct", other, "percent"),
        row("s.q.a.wording", "De fleste", "wording", relation="~", repeats="s.q.a.pct"),
    )
    assert ("vanligste" in found) == said


@pytest.mark.parametrize(
    ("words", "relation", "said"),
    [
        ("mer enn halvparten", "<=", "øvre grense"),  # none has more than half
        ("under en tredjedel", ">=", "nedre grense"),
        ("under halvparten", "<", None),  # the words themselves set the limit
    ],
)
def test_words_that_are_a_limit_for_others(words, relation, said):
    found = sentence(
        row("s.q.a.pct", "44", "percent"),
        row("s.q.a.wording", words, "wording", relation=relation, repeats="s.q.a.pct"),
    )
    assert ("grense" in found) == bool(said)
    assert said is None or said in found


@pytest.mark.parametrize(
    ("note", "share", "expected"),
    [
        ("", "17", "«slik» er lest som 17 ≤ 15. Men tallene er 17 og 15."),
        ("Noe annet.", "14", "«slik» er lest som 14 ≤ 15. Det stemmer, for tallene er 14 og 15."),
        ("Lest som færre a enn b.", "17", "«slik» er lest som færre a enn b. Men tallene er 17 og 15."),
        (
            "Lest som færre a enn b. Det kan være likt.",
            "17",
            "«slik» er lest som færre a enn b. Men tallene er 17 og 15. Det kan være likt.",
        ),
    ],
)
def test_claims_tell_how_their_words_were_read(note, share, expected):
    claim = row("s.q.c.wording", "slik", "wording", stat="holds | s.q.a.count <= s.q.b.count", note=note)
    assert sentence(row("s.q.a.count", share, "count"), row("s.q.b.count", "15", "count"), claim) == expected


@pytest.mark.parametrize(("name", "verdict"), [("a", "consistent"), ("not_a", "inconsistent")])
def test_words_for_those_without_an_answer(name, verdict):
    words = row(f"s.q.{name}.wording", "de fleste", "wording", relation="~", repeats="s.q.a.pct")
    assert [v for v, _ in wording(row("s.q.a.pct", "57", "percent"), words)] == [verdict]


@pytest.mark.parametrize(
    ("relation", "verdict"),
    [
        ("s.q.a.count <= s.q.b.count", "inconsistent"),  # 17 and 15: counts are exact
        ("s.q.a.pct <= s.q.b.pct", "consistent"),  # 21 and 21 can be 20.6 and 21.4
        ("s.q.a.pct + s.q.b.pct == 43", "consistent"),  # 41 to 43, by rounding
        ("s.q.a.pct + s.q.b.pct == 45", "inconsistent"),
        ("s.q.a.count - s.q.b.count == 2", "consistent"),
        ("-20 <= s.q.a.count < 18", "consistent"),
        ("-20 <= s.q.a.count < 17", "inconsistent"),
        ("100 * s.q.a.count / 80 == s.q.a.pct", "consistent"),  # 21.25
        ("100 * s.q.b.count / 80 == s.q.b.pct", "inconsistent"),  # 18.75
        ("s.q.a.count / (s.q.b.count - 15) == 3", "consistent"),  # nothing is known of a division by nought
    ],
)
def test_claims_about_two_answers(relation, verdict):
    rows = [
        row("s.q.a.count", "17", "count"),
        row("s.q.b.count", "15", "count"),
        row("s.q.a.pct", "21", "percent"),
        row("s.q.b.pct", "21", "percent"),
        row("s.q.claim.wording", "slik", "wording", relation="", stat=f"holds | {relation}"),
    ]
    assert [v for v, _ in wording(*rows)] == [verdict]


def test_a_claim_about_a_lost_number_is_left_alone():
    claim = row("s.q.claim.wording", "slik", "wording", relation="", stat="holds | s.q.a.count > 3")
    assert wording(row("s.q.a.count", "", "count", role="lost"), claim) == []


@pytest.mark.parametrize(
    "text",
    ["a.b", "a.b = 3", "a.b == c(3)", "a.b in 3", "a.b == 'x'", "a.b == c ** 2", "__import__('os') > 1"],
)
def test_relations_that_cannot_be_read(text):
    with pytest.raises(RelationError):
        read_relation(text)
    with pytest.raises(ExpressionError):
        parse(f"holds | {text}")


def test_relations_name_their_rows_and_are_not_computed_from_answers():
    assert named_rows(read_relation("a.b + c.d_1 == a.b - 3")) == ["a.b", "c.d_1"]
    with pytest.raises(ExpressionError, match="not computed from respondents"):
        evaluate("holds | a.b == 3", None)


def test_rows_that_are_not_there_are_faults_of_the_data():
    spine = read_statistics()
    rows = dict(spine)
    rows["municipal.deliberate.unsure.wording"] = replace(
        spine["municipal.deliberate.unsure.wording"], stat="holds | municipal.no.such.count < 3"
    )
    [fault] = check_expressions(Spine(rows), "statistics.csv")
    assert (fault.column, "municipal.no.such.count" in fault.found) == ("stat", True)
