"""The pages around the chapters' results: conclusion, appendices, front and back matter."""

from __future__ import annotations

import re
from pathlib import Path

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
