"""The pages around the chapters' results: conclusion, appendices, front and back matter."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag

from frivillig.data import ROOT


def article(book, page: str) -> Tag:
    path: Path = book.html / f"{page}.html"
    found = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").find("article")
    assert isinstance(found, Tag)
    return found


# ── The conclusion ───────────────────────────────────────────────────────────────────────────────


def test_every_question_of_the_introduction_is_answered_with_its_exhibits(book):
    introduction = (ROOT / "notebooks" / "introduction.md").read_text(encoding="utf-8")
    section = introduction.split("(sec-questions)=")[1].split("(sec-history)=")[0]
    questions = re.findall(r"^(\w+)\n: ", section, re.M)
    assert len(questions) == 6
    boxes = article(book, "notebooks/conclusion").select(".admonition.tip")
    assert [box.p.get_text().split(":")[0] for box in boxes] == questions
    for box in boxes:
        assert box.select('a[href*="#fig-"], a[href*="#tab-"]'), box.p.get_text()
        said = [strong.get_text().strip(".") for strong in box.find_all("strong")]
        assert said == ["Svaret", "Grunnlaget", "Forbehold"], box.p.get_text()


# ── The regression appendix ──────────────────────────────────────────────────────────────────────


def download(book, page: str, name: str) -> pd.DataFrame:
    """The numbers behind an exhibit, as a reader downloads them."""
    link = article(book, page).find("a", class_="download", href=re.compile(rf"/{name}\.csv$"))
    assert isinstance(link, Tag)
    raw = ((book.html / f"{page}.html").parent / str(link["href"])).resolve().read_bytes()
    return pd.read_csv(io.BytesIO(raw), sep=";", decimal=",", encoding="utf-8-sig", index_col=0)


def test_the_appendix_has_the_models_of_the_chapter(book):
    for table in ("alone", "given", "full"):
        chapter = download(book, "notebooks/municipal_models", f"tab-{table}")
        appendix = download(book, "notebooks/regressions", f"tab-regression-{table}")
        assert len(chapter) >= 6
        for variable, row in chapter.iterrows():
            same = appendix.loc[variable]
            coefficient = row.filter(like="Koeffisient").iloc[0]
            assert same["Koeffisient"] == pytest.approx(coefficient, rel=1e-6), (table, variable)
            assert same["p"] == pytest.approx(row["p"], rel=1e-6), (table, variable)
