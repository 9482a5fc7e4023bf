"""Chapters made of other answers: their numbers follow the answers, however few these are."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from chapters import execute
from frivillig.data import DATA, ROOT, SURVEYS, read_statistics, read_survey
from frivillig.data import answers as choice
from frivillig.display import guard

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
    return {head: cells for head, *cells in chapter.exhibits[name].cells.to_numpy().tolist()}


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


@pytest.mark.slow
@pytest.mark.parametrize("few", [30, 60])
@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "notebooks").glob("*.md")))
def test_every_chapter_can_be_made_of_few_answers(chosen, monkeypatch, name, few):
    chosen(**{survey: made_up(survey).head(few) for survey in SURVEYS.values()})
    chapter = execute(name, monkeypatch)
    for exhibit in chapter.exhibits.values():
        assert "nan" not in f"{exhibit.caption} {exhibit.alt} {exhibit.cells.to_csv()}".lower(), exhibit.name
