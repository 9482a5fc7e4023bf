"""The pages around the chapters' results: conclusion, appendices, front and back matter."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup, Tag

from frivillig.data import DATA, ROOT, read_resources
from frivillig.display import period


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


# ── Data and codebook ────────────────────────────────────────────────────────────────────────────

DESCRIBED = {
    "name",
    "title",
    "type",
    "description",
    "unit",
    "question",
    "categories",
    "constraints",
    "expected",
}


def test_columns_are_described_with_known_words_only():
    """A comma that YAML takes for the end of a sentence would leave the rest as a word of its own."""
    for resource in read_resources():
        for field in resource["schema"]["fields"]:
            assert set(field) <= DESCRIBED, f"{resource['name']}.{field['name']}"


def test_the_codebook_has_every_file_with_every_column_code_and_its_download(book):
    page = article(book, "book/data")
    for resource in read_resources():
        section = page.find("section", id=f"data-{resource['name'].replace('_', '-')}")
        assert isinstance(section, Tag), resource["name"]
        path = DATA / resource["path"]
        link = section.find("a", class_="download")
        assert isinstance(link, Tag)
        assert ((book.html / "book") / str(link["href"])).read_bytes() == path.read_bytes()
        rows = section.find("table").tbody.find_all("tr")
        assert [row.th.get_text(strip=True) for row in rows] == path.read_text().splitlines()[0].split(",")
        for row, field in zip(rows, resource["schema"]["fields"], strict=True):
            content, values = (" ".join(cell.get_text(" ").split()) for cell in row.find_all("td"))
            for told in ("title", "question"):
                assert field.get(told, "") in content
            for item in field.get("categories", ()):
                assert str(item["value"]) in values and item["label"] in values
        assert all(licence["title"] in section.get_text() for licence in resource["licenses"])
        assert "syntetisk" in section.get_text() or not resource.get("synthetic")


def test_a_folder_without_data_files_fails_and_names_those_there_are(small_book):
    build = small_book("# Side\n\n```{data-files} survey\n```\n")
    assert build.status != 0
    folders = sorted({path.parent.name for path in DATA.glob("*/*.csv")})
    assert f"no data files in 'survey'; the folders are {', '.join(folders)}" in build.output


# ── Front page, about and changelog ──────────────────────────────────────────────────────────────


def test_the_front_page_shows_three_findings_as_the_chapters_draw_them(book):
    page = article(book, "book/index")
    pictures = page.select(".reprint img")
    assert len(pictures) == 3
    chapter = article(book, "notebooks/municipal_survey")
    for picture in pictures:
        name = Path(str(picture["src"])).stem
        drawn = chapter.find("figure", id=name)
        assert isinstance(drawn, Tag)
        assert (picture["src"], picture["alt"]) == (drawn.img["src"], drawn.img["alt"])
        leading = picture.find_previous("a", href=re.compile(f"#{name}$"))
        assert leading.find_next("img") is picture, "the text before a picture leads to its figure"
        caption, original = picture.parent.figcaption, drawn.figcaption.p
        assert caption.a["href"] == f"../notebooks/municipal_survey.html#{name}"
        original.find(class_="headerlink").decompose()
        assert caption.get_text().split() == original.get_text().split()


def test_a_picture_that_no_page_draws_fails_the_build(small_book):
    build = small_book("# Side\n\n```{reprint} fig-source\n```\n")
    assert build.status != 0
    assert "page.md:3: ERROR: no figure is called 'fig-source'" in build.output


def test_the_changes_begin_with_this_version_and_each_version_has_a_list(book):
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    sections = article(book, "book/changelog").select("section section")
    days = []
    for section in sections:
        heading = re.match(
            r"Versjon (\d+\.\d+\.\d+) \((\d{1,2}\. \w+ \d{4})\)", section.h2.get_text().replace("\u00a0", " ")
        )
        assert heading, section.h2.get_text()
        assert section.find_all("li")
        days.append((period(heading[2])[0], heading[1]))
    assert days == sorted(days, reverse=True)
    assert days[0] == (cited["date-released"], cited["version"])


def test_the_front_page_leads_to_the_pdf_beside_it(book):
    [link] = article(book, "book/index").find_all("a", string="én PDF")
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert link["href"] == f"../{settings['sphinx']['config']['typst_filename']}"
