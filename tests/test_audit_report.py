"""The audit of this report: known findings by kind and rows, found from the spine alone; and the command."""

from __future__ import annotations

import csv
import json
import re
import sys
import time
from dataclasses import dataclass
from decimal import Decimal  # noqa: F401 - named in the expressions that reproduce findings
from fractions import Fraction  # noqa: F401
from pathlib import Path

import pytest

import frivillig.audit
import frivillig.statistics
from frivillig.__main__ import main
from frivillig.audit import Verdict, audit
from frivillig.data import DATA, read_statistics
from frivillig.statistics.published import rounds_to

FILE = DATA / "published" / "statistics.csv"
SPINE = read_statistics()
FINDINGS = {finding.id: finding for finding in audit(SPINE)}

# Found by hand before the audit was written: kind, a row involved, verdict, and a part of the sentence.
KNOWN = [
    ("shares", "centres.survey.answered.pct", "impossible", "73,8"),
    ("shares", "municipal.deliberate.yes.pct", "impossible", "15 av 80"),
    (
        "shares",
        "municipal.cooperation.formal.pct",
        "impossible",
        "11 i stedet for 10, ville nevneren 111 ha passet",
    ),
    ("shares", "organisations.target.children.pct", "inconsistent", "52,7"),
    ("shares", "municipal.source.organisation.pct", "base not stated", "passer med 191, men ikke med de 192"),
    ("shares", "municipal.channel.personal.pct", "base not stated", "passer med 109"),
    ("shares", "municipal.reason.efficiency.pct", "base not stated", "passer med 105"),
    ("shares", "municipal.main_reason.tasks.pct", "base not stated", "passer med 100 eller 101"),
    ("shares", "municipal.resources_self.yes.pct", "base not stated", "passer med 102"),
    ("shares", "municipal.resources_organisation.yes.pct", "base not stated", "passer med 95 eller 96"),
    ("shares", "municipal.other_fields.yes.pct", "base not stated", "passer med 183"),
    ("shares", "municipal.field.youth.pct", "base not stated", "passer med 45"),
    ("shares", "municipal.response.oslo.pct", "base not stated", "passer med 192"),
    ("shares", "organisations.relation.any.pct", "base not stated", "passer med 461–465"),
    ("parts", "municipal.deliberate.unsure.pct", "impossible", "60 + 21 + 21 er 102"),
    ("parts", "municipal.deliberate.asked.count", "consistent", "= 80"),
    ("parts", "cases.interviews.total.count", "consistent", "= 14"),
    ("parts", "organisations.purpose.joint.pct", "consistent", "100"),
    ("overlaps", "municipal.overlap.all_three.count", "consistent", "går opp"),
    ("groups", "municipal.county.vestfold_og_telemark.pct", "base not stated", "109 av 192"),
    ("groups", "centres.recruits.organisations.voluntary.pct", "inconsistent", "53 prosent"),
    ("two_by_two", "municipal.policy.own_recruitment.r", "inconsistent", "2,74 til 2,99"),
    ("two_by_two", "municipal.course.own_recruitment.r", "inconsistent", "standardavviket"),
    ("spread", "municipal.variable.policy.sd", "consistent", "passer med n i nevneren."),
    ("spread", "municipal.variable.course.sd", "inconsistent", "0,47"),
    ("means", "municipal.population.using.mean", "base not stated", "109 av 192"),
    ("means", "municipal.population.with_policy.mean", "consistent", "10\u00a0831 og 12\u00a0801"),
    ("range", "municipal.course.own_recruitment.p", "impossible", "0,000 når p-verdien er under 0,0005"),
    ("logit", "municipal.threshold.log.x50", "consistent", "−1,325 til −1,315"),
    ("explained", "municipal.r2.population.low.pct", "base not stated", "15 og 18"),
    ("explained", "municipal.elderly_share.own_recruitment.r", "base not stated", "10,2"),
    ("explained", "municipal.logit.expenses_share.wording", "base not stated", "Nagelkerke"),
    ("derived", "municipal.survey.districts.less_time.days", "inconsistent", "to dager, men fire"),
    ("repeat", "municipal.elderly_share.limit_over.age", "inconsistent", "samme grensen"),
    ("derived", "municipal.course.difference.points", "consistent", "73 − 45 = 28"),
    ("derived", "municipal.variable.expenses_per_capita.mean", "base not stated", "3\u00a0816"),
    ("wording", "municipal.deliberate.yes.wording", "inconsistent", "18,75"),
    ("wording", "municipal.deliberate.unsure.wording", "inconsistent", "Men tallene er 17 og 15"),
    (
        "wording",
        "organisations.steering.joint.wording",
        "inconsistent",
        "37 prosent. Det er likevel det vanligste",
    ),
    (
        "wording",
        "municipal.other_fields.unsure.wording",
        "inconsistent",
        "43 prosent. Det er likevel det vanligste",
    ),
    ("wording", "municipal.source.not_self.wording", "consistent", "48 + 17 = 65 og 2 · 80 : 3 = 53,3"),
    ("wording", "municipal.source.any.wording", "consistent", "93 prosent (100 − 7), men sier langt mindre"),
    ("wording", "municipal.response.oslo.wording", "inconsistent", "5,7 og 100 · 11 : 15 = 73,3"),
    ("wording", "municipal.logit.organisation_density.wording", "inconsistent", "Men tallet er −1,85"),
    ("wording", "municipal.threshold.national_above.count", "inconsistent", "= 357 og 370 − 15 + 1 = 356"),
    ("wording", "municipal.main_reason.summary.wording", "inconsistent", "Men tallene er 25 og 50"),
    ("wording", "centres.recruits.municipal.wording", "consistent", "Det stemmer, for tallene er 65 og 57"),
    ("wording", "municipal.channel.social_media.wording", "consistent", "øvre grense, og den passer med 44"),
]


@pytest.mark.parametrize(("kind", "row", "verdict", "part"), KNOWN, ids=[f"{k}-{r}" for k, r, *_ in KNOWN])
def test_known_findings_are_found(kind, row, verdict, part):
    found = [f for f in FINDINGS.values() if f.kind == kind and row in f.rows and f.verdict == verdict]
    assert any(part in finding.sentence for finding in found), [f.sentence for f in found]


def test_no_other_number_is_called_wrong():
    """What the audit objects to is what the list has: an honest number is left alone."""
    wrong = {f.id for f in FINDINGS.values() if f.verdict in (Verdict.IMPOSSIBLE, Verdict.INCONSISTENT)}
    listed = {
        f.id
        for f in FINDINGS.values()
        for k, r, v, _ in KNOWN
        if (f.kind, f.verdict) == (k, v) and r in f.rows
    }
    assert wrong <= listed


def test_what_another_reading_explains_is_only_possibly_wrong():
    """`Over 66` may mean 66+, a share of the answers be called participation, `nearly` mean about."""
    ids = ("repeat.municipal.elderly_share.limit_over.age", "wording.municipal.response.oslo.wording")
    assert {FINDINGS[id].certainty for id in (*ids, "wording.municipal.deliberate.unsure.wording")} == {
        "possible"
    }


def test_sentences_are_norwegian():
    """Large numbers have a space in them, no sentence begins with a digit, and no sign is that of code."""
    for finding in FINDINGS.values():
        text = re.sub(r"Tabell \d\.\d|0,0005", "", finding.sentence)
        assert not re.search(r"\d{4}|\d\.\d|[<>]=|(^|[.!?] )\d", text), finding.sentence


def test_every_number_that_conflicts_has_a_finding():
    named = {
        row
        for finding in FINDINGS.values()
        if finding.verdict in (Verdict.IMPOSSIBLE, Verdict.INCONSISTENT)
        for row in finding.rows
    }
    assert {row.id for row in SPINE.values() if row.role == "conflict"} <= named


def test_overlaps_have_the_bounds_of_inclusion_and_exclusion():
    """By hand: 12, 17, 13 and 67 within own recruitment; the rest hangs on the two with a lost label."""
    finding = next(f for f in FINDINGS.values() if f.kind == "overlaps")
    bounds = {(low, high) for _, low, high in finding.table[1:]}
    assert {("12", "12"), ("17", "17"), ("13", "13"), ("67", "67"), ("13", "15")} <= bounds
    # Those within all three are in no `only`.
    assert {low: field.startswith("bare ") for field, low, _ in finding.table[1:4]} == {
        "67": False,
        "17": True,
        "13": True,
    }


@pytest.mark.parametrize("id", [f.id for f in FINDINGS.values() if f.reproduce])
def test_findings_can_be_reproduced(id):
    finding = FINDINGS[id]
    homes = (frivillig.statistics, frivillig.audit)
    names = {name: getattr(home, name) for home in homes for name in home.__all__}
    names |= {**globals(), "rounds_to": rounds_to}
    value = eval(finding.reproduce, names)
    if finding.kind == "shares" and finding.verdict == "impossible":
        assert value in ([], [False])
    elif finding.kind == "shares" and finding.verdict == "base not stated":
        assert str(value[0]) in finding.sentence


def test_the_whole_spine_takes_less_than_ten_seconds():
    start = time.process_time()
    audit(SPINE)
    assert time.process_time() - start < 10


# ── The command ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Run:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """The command in this process, which has the libraries loaded."""

    def command(*arguments: object) -> Run:
        monkeypatch.setattr(sys, "argv", ["frivillig", "audit", *map(str, arguments)])
        capsys.readouterr()
        status = main()
        return Run(status, *capsys.readouterr())

    return command


def test_something_impossible_exits_with_1_until_it_is_known(run, tmp_path: Path):
    first = run(FILE, "--json", tmp_path / "f.json", "--markdown", tmp_path / "f.md")
    assert first.returncode == 1
    assert first.stdout.index("Kan ikke stemme") < first.stdout.index("Passer ikke sammen")
    assert "shares.municipal.deliberate  [ny]" in first.stdout
    found = json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))
    assert {entry["id"] for entry in found} == set(FINDINGS)
    assert "### shares.municipal.deliberate" in (tmp_path / "f.md").read_text(encoding="utf-8")
    second = run(FILE, "--known", tmp_path / "f.json")
    assert second.returncode == 0
    assert "0 nye funn" in second.stdout
    # Another error in a place that is known already is new.
    row = "Andel: ikke bevisst valg å unngå egenrekruttering,"
    text = FILE.read_text(encoding="utf-8").replace(f"{row}60", f"{row}68")
    (tmp_path / "changed.csv").write_text(text, encoding="utf-8")
    assert run(tmp_path / "changed.csv", "--known", tmp_path / "f.json").returncode == 1


def test_all_faults_are_told_at_once_with_row_and_column(run, tmp_path: Path):
    rows = list(csv.reader(FILE.open(encoding="utf-8", newline="")))
    head = rows[0]
    for row, column, value in (
        (2, "n", "to"),
        (5, "relation", "≈"),
        (9, "unit", "epler"),
        (12, "repeats", "x.y"),
        (20, "stat", "sum | x"),
        (25, "stat", "holds | a.b < 3"),
    ):
        rows[row][head.index(column)] = value
    rows[30][head.index("printed")] = "4.2.1"
    with (tmp_path / "bad.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    result = run(tmp_path / "bad.csv")
    assert result.returncode == 2
    for row, column in (
        (3, "n"),
        (6, "relation"),
        (10, "unit"),
        (13, "repeats"),
        (21, "stat"),
        (26, "stat"),
        (31, "printed"),
    ):
        assert f"row {row}, column {column}: found" in result.stderr
    assert "nothing was audited" in result.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file or directory"),
        (b"", "found nothing"),
        (b"a,b\n1,2\n", "found a,b; expected id,chapter"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_files_that_are_no_spine(run, tmp_path: Path, content: bytes | None, message: str):
    if content is not None:
        (tmp_path / "spine.csv").write_bytes(content)
    result = run(tmp_path / "spine.csv")
    assert (result.returncode, message in result.stderr) == (2, True), result.stderr


def test_a_known_file_that_is_none_is_bad_input(run, tmp_path: Path):
    (tmp_path / "known.json").write_text("{}[", encoding="utf-8")
    result = run(FILE, "--known", tmp_path / "known.json")
    assert result.returncode == 2
    assert "findings as --json writes them" in result.stderr


def test_what_takes_too_long_is_skipped_and_said(monkeypatch):
    monkeypatch.setattr("frivillig.audit.tables.MOST_CELLS", 1)
    monkeypatch.setattr("frivillig.audit.crosstabs.MOST_CELLS", 1)
    monkeypatch.setattr("frivillig.audit.overlaps.MOST_SETS", 1)
    skipped = [finding for finding in audit(SPINE) if finding.verdict == Verdict.SKIPPED]
    assert {finding.kind for finding in skipped} == {"groups", "two_by_two", "overlaps"}
    assert all("grense" in finding.sentence.lower() for finding in skipped)
