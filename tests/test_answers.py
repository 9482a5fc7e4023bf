"""Other answers than the project's: choosing them, refusing faulty ones, and what pages say of them."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup

from conftest import Build
from frivillig.data import (
    DATA,
    ROOT,
    DataError,
    are_synthetic,
    check_answers,
    describe,
    digest,
    read_survey,
    smallest_cell,
    wording,
)
from frivillig.data import answers as choice
from projects import replace

REAL = {
    "name": "municipalities",
    "title": "Svar på en undersøkelse",
    "path": "municipalities.csv",
    "synthetic": False,
}


@pytest.fixture(autouse=True)
def nothing_read(monkeypatch):
    """Each test starts as a notebook does: without answers read."""
    monkeypatch.setattr(choice, "_read", {})
    choice._chosen.cache_clear()
    yield
    choice._chosen.cache_clear()


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A folder of answers, chosen; they are called real here."""
    shutil.copy(DATA / "surveys" / "municipalities.csv", tmp_path)
    describe_as(tmp_path)
    monkeypatch.setenv("FRIVILLIG_SURVEYS", str(tmp_path))
    return tmp_path


def describe_as(folder: Path, **changes: object) -> None:
    resource = {key: value for key, value in (REAL | changes).items() if value is not None}
    (folder / "datapackage.yaml").write_text(yaml.safe_dump({"resources": [resource]}), encoding="utf-8")


def faults() -> list[str]:
    return [str(fault) for fault in check_answers()]


def test_without_a_choice_the_answers_are_the_synthetic_ones(monkeypatch):
    monkeypatch.delenv("FRIVILLIG_SURVEYS", raising=False)
    assert describe("centres").path == DATA / "surveys" / "centres.csv"
    assert are_synthetic()
    assert digest() == ""
    assert check_answers() == []
    read_survey("centres")
    assert smallest_cell() == 0


def test_a_chosen_folder_takes_the_place_of_the_surveys_it_has(folder):
    assert describe("municipalities").path == folder / "municipalities.csv"
    assert describe("centres").path == DATA / "surveys" / "centres.csv"
    assert not are_synthetic("municipalities")
    assert are_synthetic("municipalities", "centres")
    assert wording("syntetiske svar", "svar", "municipalities") == "svar"


def test_numbers_are_withheld_from_when_real_answers_are_read(folder):
    describe_as(folder, smallest_cell=7)
    read_survey("centres")
    assert smallest_cell() == 0
    read_survey("municipalities")
    assert smallest_cell() == 7
    assert not choice.may_show_rows()


def test_a_folder_is_read_from_the_project_wherever_a_notebook_runs(monkeypatch, tmp_path):
    monkeypatch.setenv("FRIVILLIG_SURVEYS", "data/surveys")
    monkeypatch.chdir(tmp_path)
    assert choice.chosen_folder() == DATA / "surveys"


def test_a_changed_answer_changes_the_digest(folder):
    before = digest()
    file = folder / "municipalities.csv"
    replace(file, ",viken,", ",agder,")
    assert digest() != before


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"synthetic": None}, "column municipalities.synthetic: found nothing; expected true for made-up"),
        ({"synthetic": "nei"}, "column municipalities.synthetic: found 'nei'; expected true for made-up"),
        ({"smallest_cell": 1}, "column municipalities.smallest_cell: found 1; expected a whole number of at"),
        ({"title": " "}, "column municipalities.title: found ' '; expected what the answers are"),
        ({"title": "…"}, "column municipalities.title: found '…'; expected what the answers are"),
        ({"path": "other.csv"}, "other.csv: found no such file; expected a table"),
        ({"name": "schools"}, "column resources: found no survey; expected at least one of municipalities"),
    ],
)
def test_a_faulty_description_is_named(folder, changes, fault):
    describe_as(folder, **changes)
    assert len(faults()) == 1
    assert fault in faults()[0]


def test_all_faults_of_the_answers_are_named_at_once(folder):
    file = folder / "municipalities.csv"
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.reader(opened))
    rows[1][rows[0].index("county")] = "vikken"
    rows[3][rows[0].index("id")] = rows[2][rows[0].index("id")]
    rows[3][rows[0].index("population")] = "-4"
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, lineterminator="\n").writerows(rows)
    assert [fault.removeprefix(f"{file}, ") for fault in faults()] == [
        "row 2, column county: found 'vikken'; expected one of oslo, viken, innlandet, vestfold_og_telemark, "
        "agder, rogaland, vestland, more_og_romsdal, trondelag, nordland, troms_og_finnmark",
        "row 4, column population: found '-4'; expected a value of type integer, at least 1",
        "row 4, column id: found 'M002' again; expected each value once",
    ]


def test_semicolons_and_a_file_without_rows_are_refused(folder):
    file = folder / "municipalities.csv"
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace(",", ";"), encoding="utf-8")
    [fault] = faults()
    assert fault.startswith(f"{file}, row 1: found ';' between the cells; expected a comma (docs/messages.md")
    file.write_text(whole.splitlines()[0] + "\n", encoding="utf-8")
    assert faults() == [f"{file}: found no rows; expected at least one"]


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        (
            "own_recruitment",
            "",
            "column own_recruitment: found no value in any row; expected a value in at least",
        ),
        ("county", "", "column county: found no value in any row; expected a value in at least one"),
        ("county", "oslo", "column county: found 'oslo' in 192 rows; expected at most 15, all it has"),
    ],
)
def test_what_no_survey_of_municipalities_can_have_is_named(folder, column, value, fault):
    file = folder / "municipalities.csv"
    table = pd.read_csv(DATA / "surveys" / "municipalities.csv", dtype=str, keep_default_na=False)
    table.assign(**{column: value}).to_csv(file, index=False, lineterminator="\n")
    [found] = faults()
    assert found.startswith(f"{file}, {fault}")


@pytest.mark.parametrize("count", [1, 4, 5])
def test_a_survey_of_fewer_than_may_be_shown_is_refused(folder, count):
    file = folder / "municipalities.csv"
    rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(rows[: 1 + count]), encoding="utf-8")
    rule = "expected at least 5, the smallest_cell of the survey"
    assert faults() == ([f"{file}: found {count} respondents; {rule}"] if count < 5 else [])


def test_a_folder_without_description_stops_the_reading(tmp_path, monkeypatch):
    monkeypatch.setenv("FRIVILLIG_SURVEYS", str(tmp_path))
    with pytest.raises(
        DataError, match="no such file; expected a data package; `python -m frivillig survey-template"
    ):
        read_survey("municipalities")


PAGE = """# Side

:::{answers} municipalities
Ingen rad er en virkelig kommune.
:::

Tallene kommer fra {synthetic}`de syntetiske svarene|svarene`.

:::{synthetic}
Dette gjelder bare oppdiktede svar.
:::

Sentralenes svar er {synthetic}`laget av oss|virkelige|centres`.

:::{synthetic} centres
Ingen sentral har gitt dem.
:::
"""


def shown(build: Build) -> str:
    """What the page itself says; its head describes the data package, whose answers are synthetic."""
    page = BeautifulSoup((build.html / "book" / "page.html").read_text(encoding="utf-8"), "html.parser")
    return page.article.get_text()


def test_a_page_says_synthetic_only_when_its_answers_are(small_book, folder, monkeypatch):
    real = small_book(PAGE)
    assert real.status == 0, real.output
    text = shown(real)
    assert "svar på en undersøkelse" in text
    assert "færre enn 5" in text
    assert "yntetisk" not in text
    assert "oppdiktede" not in text and "virkelig kommune" not in text
    assert "Sentralenes svar er laget av oss." in text and "Ingen sentral har gitt dem." in text
    # Nothing stale: the same page again, from other answers.
    monkeypatch.delenv("FRIVILLIG_SURVEYS")
    made_up = small_book(PAGE)
    text = shown(made_up)
    assert "Svarene er syntetiske" in text
    assert "Tallene kommer fra de syntetiske svarene." in text
    assert "oppdiktede" in text and "virkelig kommune" in text
    assert "færre enn" not in text


# What these pages say of synthetic answers is true whatever answers the book is built from.
ABOUT_SYNTHETIC = {"reconstruction", "about", "data", "terms", "changelog"}
OTHERS = [path for folder in ("book", "notebooks") for path in sorted((ROOT / folder).glob("*.md"))]
SWITCHED = re.compile(
    r"^:::\{(?:answers|synthetic)\}.*?^:::$|\{synthetic\}`[^`]*`|\bwording\([^)]*\)", re.DOTALL | re.MULTILINE
)


@pytest.mark.parametrize(
    "path", [path for path in OTHERS if path.stem not in ABOUT_SYNTHETIC], ids=lambda path: path.stem
)
def test_what_holds_for_synthetic_answers_only_is_switched(path):
    always = SWITCHED.sub("", path.read_text(encoding="utf-8"))
    for word in ("yntetisk", "har vi ikke", "ikke offentlig"):
        assert word not in always, word


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_no_text_is_switched_before_the_page_names_its_surveys(path):
    """Before that it would look at all surveys, also at those that the page is not about."""
    before, names, _ = path.read_text(encoding="utf-8").partition(":::{answers}")
    unnamed = [text for text in re.findall(r"\{synthetic\}`([^`]*)`", before) if text.count("|") == 1]
    assert not (names and unnamed)


def test_a_page_of_real_and_synthetic_answers_says_which_are_which(small_book, folder):
    page = small_book(PAGE.replace("{answers} municipalities", "{answers} municipalities centres"))
    assert page.status == 0, page.output
    text = shown(page)
    assert "Syntetiske svar på undersøkelsen blant frivilligsentraler er laget av oss" in text
    assert "svar på en undersøkelse" in text and "færre enn 5" in text
    assert "Ingen rad er en virkelig kommune." not in text


def test_a_wrong_name_and_a_word_without_its_other_fail(small_book):
    build = small_book(
        "# Side\n\n:::{answers} schools\nTekst.\n:::\n\n{synthetic}`syntetiske`\n\n"
        "{synthetic}`a|b|towns`\n\n:::{synthetic} farms\nTekst.\n:::\n"
    )
    assert build.status != 0
    assert "no survey schools; there are municipalities, centres, organisations" in build.output
    assert "'a|b|towns': no survey towns; there are" in build.output
    assert "no survey farms; there are" in build.output
    assert "'syntetiske': expected two texts with | between them" in build.output
