"""Printed numbers beside computed ones, and the marks after numbers that do not add up."""

from __future__ import annotations

import gzip
import io
import shutil
import types
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag

from conftest import build_book
from frivillig.audit import Source, audit, concordance
from frivillig.data import ROOT, read_statistics, read_survey
from frivillig.sphinx import evaluation
from frivillig.sphinx.findings import anchor, row_anchor

SPINE = read_statistics()
FINDINGS = audit(SPINE)
NUMBERS = concordance(SPINE, FINDINGS, read_survey)


@pytest.mark.parametrize(
    ("id", "source", "value"),
    [
        ("centres.survey.answered.pct", Source.COUNTS, 100 * 335 / 454),
        ("municipal.response.complete.pct", Source.COUNTS, 100 * 180 / 370),
        ("municipal.deliberate.yes.pct", Source.ANSWERS, 100 * 15 / 80),
        ("municipal.county.vestfold_og_telemark.pct", Source.ANSWERS, 100 * 13 / 18),
        ("municipal.course.difference.points", Source.OTHERS, 73 - 45),
        ("municipal.survey.districts.less_time.days", Source.OTHERS, 2),
        ("cases.interviews.total.count", Source.OTHERS, 5 + 4 + 5),
        ("municipal.source.centre.text.count", Source.REPEATED, 140),
        ("municipal.policy.share.pct", Source.REPEATED, 100 * 66 / 175),  # of the mean 0.38
        ("context.centres.count", Source.ALONE, None),
        ("municipal.survey.sent.date", Source.NO_QUANTITY, None),
        ("municipal.reason.integration.count", Source.LOST, None),
    ],
)
def test_numbers_computed_by_hand(id, source, value):
    found = NUMBERS[id]
    assert found.source == source
    assert found.value == (value if value is None else pytest.approx(value))


def test_every_row_stands_in_the_order_of_the_spine():
    assert list(NUMBERS) == list(SPINE)


def test_what_differs_is_what_the_spine_calls_a_conflict():
    """The synthetic answers have every target, so nothing else may differ by more than rounding."""
    differing = {id for id, found in NUMBERS.items() if found.fits is False}
    assert differing == {row.id for row in SPINE.values() if row.role == "conflict"}


def test_a_threshold_repeated_in_persons_follows_the_logarithm():
    x50 = NUMBERS["municipal.threshold.log.x50"].value
    persons = NUMBERS["municipal.threshold.population.x50"]
    assert persons.value == pytest.approx(1000 * 2.718281828459045**x50)
    assert persons.fits


@pytest.mark.filterwarnings("ignore")  # statsmodels warns before it gives up
def test_other_answers_give_other_numbers():
    def everybody(survey: str) -> pd.DataFrame:
        answers = read_survey(survey)
        return answers.assign(own_recruitment=1) if survey == "municipalities" else answers

    found = concordance(SPINE, FINDINGS, everybody)
    assert (found["municipal.county.oslo.pct"].value, found["municipal.county.oslo.pct"].fits) == (100, False)
    # With one outcome there is no model, and a row that repeats one has nothing to repeat.
    assert found["municipal.logit.population.coef"].source == Source.FAILED
    assert found["municipal.threshold.population.x50"].value is None


def test_nobody_in_a_survey_is_told_and_stops_nothing():
    found = concordance(SPINE, FINDINGS, lambda survey: read_survey(survey).head(0))
    assert found["municipal.source.self.pct"].source == Source.FAILED
    assert found["municipal.response.any.pct"].source == Source.COUNTS


def test_numbers_from_few_respondents_are_withheld():
    found = concordance(SPINE, FINDINGS, read_survey, lambda survey: 5 if survey == "municipalities" else 0)
    assert found["municipal.reason.control.count"].source == Source.WITHHELD  # 3
    assert found["municipal.county.oslo.pct"].source == Source.WITHHELD  # 9 of 11, so 2 are left over
    assert found["municipal.cooperation.none.count"].value == 5
    assert found["municipal.course.participated.pct"].value == pytest.approx(100 * 48 / 66)
    assert found["centres.cooperates.none.voluntary.pct"].source == Source.ANSWERS


def test_numbers_are_computed_once_for_each_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    asked = []
    monkeypatch.setattr(evaluation, "read_survey", lambda survey: asked.append(survey) or read_survey(survey))

    def build(state: str):
        config = types.SimpleNamespace(frivillig_state=state)
        app = types.SimpleNamespace(outdir=tmp_path / "html", config=config, frivillig_spine=SPINE)
        assert evaluation.findings(app) == FINDINGS
        return evaluation.numbers(app)

    assert build("a") == build("a") == NUMBERS
    assert sorted(asked) == ["centres", "municipalities", "organisations"]
    build("b")
    assert len(asked) == 6


# ── In the book ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def articles(book) -> dict[str, Tag]:
    assert book.status == 0, book.output
    files = [*book.html.glob("book/*.html"), *book.html.glob("notebooks/*.html")]
    return {
        str(file.relative_to(book.html)): BeautifulSoup(file.read_text("utf-8"), "html.parser").article
        for file in files
    }


def test_every_conflict_in_the_text_leads_to_its_finding(articles):
    doubted = {row.id for row in SPINE.values() if row.role == "conflict"}
    by_anchor = {row_anchor(id): id for id in SPINE}
    found, marked = set(), set()
    for page, article in articles.items():
        for number in article.select(".stat"):
            if (id := by_anchor[number.a["href"].split("#")[1]]) not in doubted or number.find_parent("h2"):
                continue
            place = number.find_parent("div", class_="admonition") or number.find_parent(["p", "dd", "td"])
            goals = {a["href"].split("#")[1] for a in place.select('a[href*="#funn-"]')}
            expected = {anchor(f.id) for f in FINDINGS if f.objects and id in f.rows}
            assert goals & expected, f"{page}: {id}"
            found.add(id)
            marked |= goals
    assert len(found) > 8
    assert len(marked) > 5


def test_marks_stand_after_doubted_numbers_only_and_say_what_they_are(articles):
    by_anchor = {row_anchor(id): id for id in SPINE}
    blocks = {anchor(f.id): f for f in FINDINGS}
    marks = [mark for article in articles.values() for mark in article.select("sup.doubt")]
    assert len(marks) > 15
    for mark in marks:
        finding = blocks[mark.a["href"].split("#")[1]]
        number = mark.find_previous_sibling(class_="stat")
        assert number.next_sibling == mark
        assert finding.objects and by_anchor[number.a["href"].split("#")[1]] in finding.rows
        assert (mark.get_text(), mark.a["aria-label"][:13]) == ("≠", "Går ikke opp ")


def test_the_list_sets_computed_beside_printed(articles):
    rows = {row["id"]: row for row in articles["book/published_numbers.html"].select("tbody tr[id]")}

    def cells(id: str) -> list[str]:
        return [cell.get_text() for cell in rows[row_anchor(id)].find_all("td")][:3]

    assert cells("municipal.deliberate.yes.pct") == ["21 prosent", "18,8", "−2,3"]
    assert cells("centres.survey.answered.pct") == ["72 prosent", "73,8", "+1,8"]
    assert cells("municipal.source.self.count") == ["109", "109", "0"]
    assert cells("municipal.course.own_recruitment.p")[::2] == ["< 0,000", "holder ikke"]
    assert cells("municipal.response.centrality_6.identifier") == ["6", "–", "–"]
    assert "sitert: står alene" in rows[row_anchor("context.centres.count")].get_text()
    assert "differs" in rows[row_anchor("municipal.deliberate.yes.pct")]["class"]


def test_the_list_can_be_downloaded_with_what_is_computed(articles, book):
    link = articles["book/published_numbers.html"].select_one("a.download")
    raw = (book.html / "book" / link["href"]).resolve().read_bytes()
    table = pd.read_csv(io.BytesIO(raw), sep=";", decimal=",", encoding="utf-8-sig").set_index("Id")
    assert table.index.tolist() == list(SPINE)
    row = table.loc["municipal.deliberate.yes.pct"]
    assert (row["Regnet ut"], row["Avvik"], row["Passer"]) == (18.75, -2.25, "nei")
    assert table["Passer"].value_counts().to_dict() == {
        "ja": sum(found.fits is True for found in NUMBERS.values()),
        "nei": sum(found.fits is False for found in NUMBERS.values()),
    }


def test_the_list_is_light(book):
    page = (book.html / "book" / "published_numbers.html").read_bytes()
    assert len(gzip.compress(page)) < 60_000  # 27 kB when this was written; the aim is under 500


def test_the_list_is_written_anew_when_a_use_or_a_title_changes_and_only_then(tmp_path):
    for name in ("_config.yml", "book/_static", "book/references.bib"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (tmp_path / name).parent.mkdir(exist_ok=True)
        copy(ROOT / name, tmp_path / name)
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: book/page\nchapters:\n  - file: book/list\n", encoding="utf-8"
    )
    (tmp_path / "book" / "list.md").write_text("# Tall\n\n```{published-statistics}\n```\n", encoding="utf-8")

    def build(page: str) -> tuple[list[str], int]:
        """The pages that the list says a number is used on, and when the list was written."""
        (tmp_path / "book" / "page.md").write_text(page, encoding="utf-8")
        built = build_book(tmp_path, tmp_path)
        assert built.status == 0, built.output
        file = built.html / "book" / "list.html"
        page = BeautifulSoup(file.read_text(encoding="utf-8"), "lxml")
        row = page.find(id=row_anchor("municipal.source.self.pct"))
        return [link.get_text() for link in row.select("li")], file.stat().st_mtime_ns

    number = "{stat}`municipal.source.self.pct`"
    unused, first = build("# Side\n\nUten tall.\n")
    assert unused == []
    used, second = build(f"# Side\n\nDet er {number}.\n")
    assert used == ["brukt i «Side»"]
    assert build(f"# Side\n\nDet er altså {number}.\n") == (used, second)
    renamed, third = build(f"# Ny side\n\nDet er altså {number}.\n")
    assert renamed == ["brukt i «Ny side»"]
    assert build("# Ny side\n\nUten tall.\n")[0] == []
    assert first < second < third


def test_no_withheld_number_can_be_worked_out_from_the_others():
    """Whoever answered about cooperation gave one answer; of four counts and their sum, one is below six."""
    found = concordance(SPINE, FINDINGS, read_survey, lambda survey: 6)
    answers = read_survey("municipalities")["cooperation"].value_counts()
    assert answers["none"] < 6 <= answers.drop("none").min() == answers["unsure"]
    gone = {
        answer
        for answer in answers.index
        if found[f"municipal.cooperation.{answer}.count"].source == Source.WITHHELD
    }
    # The smallest other one goes with it, in number and percent: only their sum can be worked out.
    assert gone == {"none", "unsure"}
    assert {found[f"municipal.cooperation.{answer}.pct"].value for answer in gone} == {None}
