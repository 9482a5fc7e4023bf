"""Chapters made of other answers: their numbers follow the answers, however few these are."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pandas as pd
import pytest
import yaml

from chapters import execute
from frivillig.data import DATA, ROOT, SURVEYS, read_schema, read_statistics, read_survey
from frivillig.data import answers as choice
from frivillig.display import Exhibit, guard

SPINE = read_statistics()


@pytest.fixture
def chosen(tmp_path, monkeypatch):
    """Choose respondents, which pass for real."""

    def choose(**surveys: pd.DataFrame) -> Path:
        resources = []
        for name, table in surveys.items():
            table.to_csv(tmp_path / f"{name}.csv", index=False)
            resources.append({"name": name, "title": "Svar", "path": f"{name}.csv", "synthetic": False})
        (tmp_path / "datapackage.yaml").write_text(yaml.safe_dump({"resources": resources}), encoding="utf-8")
        monkeypatch.setenv("FRIVILLIG_SURVEYS", str(tmp_path))
        monkeypatch.setattr(choice, "_read", {})
        monkeypatch.setattr(guard, "_withheld", [])
        choice._chosen.cache_clear()
        return tmp_path

    yield choose
    choice._chosen.cache_clear()


def made_up(survey: str) -> pd.DataFrame:
    return pd.read_csv(DATA / "surveys" / f"{survey}.csv", dtype=str, keep_default_na=False)


def rows(chapter, name: str) -> dict[str, list[str]]:
    return rows_of(chapter.exhibits[name])


def rows_of(exhibit: Exhibit) -> dict[str, list[str]]:
    return {head: cells for head, *cells in exhibit.cells.to_numpy().tolist()}


def test_synthetic_answers_give_what_the_report_prints(monkeypatch):
    monkeypatch.delenv("FRIVILLIG_SURVEYS", raising=False)
    monkeypatch.setattr(choice, "_read", {})
    chapter = execute("centres_and_organisations", monkeypatch)
    owned = rows(chapter, "tab-ownership")
    assert len(owned) == 15
    assert owned["Rekrutterer til: frivillige organisasjoner"] == [
        "95\u00a0%",
        "94\u00a0%",
    ]  # as it is printed
    assert owned["Hovedrolle: bindeledd"] == ["54\u00a0%", "46\u00a0%"]
    for name in ("fig-relations", "fig-steering"):
        shown = chapter.exhibits[name].cells.set_index(chapter.exhibits[name].cells.columns[0])
        printed = shown[shown["Trykt i rapporten"] != "–"]
        assert len(printed) >= 10
        assert (printed["Andel"] == printed["Trykt i rapporten"]).all()


def test_the_chapter_on_centres_and_organisations_counts_the_answers(chosen, monkeypatch):
    centres, organisations = made_up("centres"), made_up("organisations")
    # Three of four municipal centres, and half of the others.
    place = centres.groupby("ownership").cumcount()
    agrees = (place % 4 < 3).where(centres["ownership"] == "municipal", place % 2 == 0)
    centres["competes_little"] = agrees.map({True: "1", False: "0"})
    organisations["relation_service"] = ["1", "0", "0"] * (len(organisations) // 3)
    organisations["initiative"] = ["municipality", "other", "organisation"] * (len(organisations) // 3)
    folder = chosen(centres=centres, organisations=organisations)
    chapter = execute("centres_and_organisations", monkeypatch)

    municipal = read_survey("centres", folder).query("ownership == 'municipal'")
    shown = rows(chapter, "tab-ownership")["Konkurrerer lite eller ikke om frivillige"]
    # What the report prints stands beside it.
    assert shown == ["75\u00a0%", "50\u00a0%", "74\u00a0%", "71\u00a0%"]
    heads = list(chapter.exhibits["tab-ownership"].cells.columns)
    assert heads[1] == f"Kommunalt eid ({len(municipal)})"
    asked = read_survey("organisations", folder).query("relation_any.notna()")
    count = int((asked["relation_service"] == 1).sum())
    assert rows(chapter, "fig-relations")["Tjenestesamarbeid"][:2] == [str(count), str(len(asked))]
    assert rows(chapter, "fig-steering")["Hvem tok initiativ?: Kommunen (alene)"][:3] == [
        "155",
        "465",
        "33\u00a0%",
    ]
    assert "yntetisk" not in "".join(exhibit.caption for exhibit in chapter.exhibits.values())


@pytest.mark.parametrize("few", [3, 40])
@pytest.mark.parametrize("name", ["centres_and_organisations", "your_size"])
def test_a_chapter_of_few_answers_withholds_and_does_not_break(chosen, monkeypatch, name, few):
    chosen(**{survey: made_up(survey).head(few) for survey in SURVEYS.values()})
    chapter = execute(name, monkeypatch)
    texts = [f"{exhibit.caption} {exhibit.alt} {exhibit.csv}" for exhibit in chapter.exhibits.values()]
    assert "skjult" in " ".join(texts)
    assert not any(
        word in text for text in [*texts, *map(str, chapter.glued.values())] for word in ("nan", "NaN")
    )


def changed(**columns: str) -> pd.DataFrame:
    """The municipalities with some columns the same for all, or empty."""
    return made_up("municipalities").assign(**columns)


def all_recruit(does: str) -> pd.DataFrame:
    table = changed(own_recruitment=does)
    return table.assign(source_self=table["source_self"].where(table["source_self"] == "", does))


EDGES = {
    "one respondent": lambda: made_up("municipalities").head(1),
    "seven respondents": lambda: made_up("municipalities").head(7),
    "nobody recruits": lambda: all_recruit("0"),
    "everybody recruits": lambda: all_recruit("1"),
    "one county": lambda: changed(county="viken").head(40),
    "nobody has a policy": lambda: changed(policy="0"),
    "no sources": lambda: changed(**{c: "" for c in made_up("municipalities") if c.startswith("source_")}),
    "not linked": lambda: changed(**dict.fromkeys(LINKED, "")),
}
LINKED = ("policy", "population", "elderly_share", "expenses_per_capita", "expenses_share", "course")
LINKED += ("organisation_density",)
MUNICIPAL = ("municipal_models", "municipal_survey", "regressions", "your_size")


def made_at_the_edge(name: str, edge: str, chosen, monkeypatch) -> dict[str, Exhibit]:
    """The exhibits of a chapter; a warning is an error, as in the build."""
    chosen(municipalities=EDGES[edge]())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        chapter = execute(name, monkeypatch)
    texts = {key: str(text) for key, text in chapter.glued.items()}
    texts |= {key: f"{e.caption} {e.alt} {e.cells.to_csv()}" for key, e in chapter.exhibits.items()}
    assert not [key for key, text in texts.items() if re.search(r"\b(nan|inf)\b", text, re.IGNORECASE)]
    return chapter.exhibits


def test_a_model_of_answers_that_are_all_the_same_says_that_they_are_too_few(chosen, monkeypatch):
    exhibits = made_at_the_edge("regressions", "nobody recruits", chosen, monkeypatch)
    cells = exhibits["tab-regression-alone"].cells
    assert set(cells["Koeffisient (standardfeil)"]) == {"for få svar"}


def test_a_survey_without_register_data_is_described_all_the_same(chosen, monkeypatch):
    exhibits = made_at_the_edge("municipal_survey", "not linked", chosen, monkeypatch)
    centre = read_schema("municipalities").labels("source")["centre"]
    printed = SPINE.count("municipal.source.centre.count")
    assert rows_of(exhibits["fig-sources"])[centre][0] == str(printed)
    [above, below] = list(rows_of(exhibits["tab-nonresponse"]).values())[:2]
    assert above[1] == below[1] == "skjult", "nobody's size is known"


@pytest.mark.slow
@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("name", MUNICIPAL)
def test_every_chapter_on_municipalities_can_be_made_at_the_edge(name, edge, chosen, monkeypatch):
    assert made_at_the_edge(name, edge, chosen, monkeypatch)


@pytest.mark.parametrize("survey", ["centres", "organisations"])
def test_one_of_the_surveys_of_a_chapter_may_be_synthetic_still(survey, chosen, monkeypatch):
    chosen(**{survey: made_up(survey)})
    chapter = execute("centres_and_organisations", monkeypatch)
    steering = rows(chapter, "fig-steering")["Hvem tok initiativ?: Kommunen (alene)"]
    # What is printed of the synthetic organisations stays; real ones have counts, too.
    answered = str((made_up("organisations")["initiative"] != "").sum())
    assert (answered in steering) == (survey == "organisations")


@pytest.mark.slow
@pytest.mark.parametrize("few", [30, 60])
@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "notebooks").glob("*.md")))
def test_every_chapter_can_be_made_of_few_answers(chosen, monkeypatch, name, few):
    chosen(**{survey: made_up(survey).head(few) for survey in SURVEYS.values()})
    chapter = execute(name, monkeypatch)
    for exhibit in chapter.exhibits.values():
        assert "nan" not in f"{exhibit.caption} {exhibit.alt} {exhibit.cells.to_csv()}".lower(), exhibit.name
