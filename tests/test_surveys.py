"""Importing a survey tool's export: what it may look like, what it must not; nothing is half written."""

# Rows of exports and whole messages.
# ruff: noqa: E501

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from frivillig.data import DataError, check_table, describe, read_schema, read_survey
from frivillig.data.answers import read_descriptions
from frivillig.data.reading import DATA
from frivillig.surveys.exports import read_export
from frivillig.surveys.importing import import_survey
from frivillig.surveys.template import write_template

# As exported: labels in one question, codes in another, marks in columns, decimal commas, letters of Norwegian.
EXPORT = """Respondent;Kommunenr;Fylke;Frivillige: selv;Frivillige: sentral;Frivillige: ingen;Samarbeid;Ressurser;Andel eldre;Innbyggere;E-post
1;4601;Vestland;Ja;0;;1;Ja;17,5;289 330;å@b.no
2;1508;Møre og Romsdal;;Valgt;;2;usikker;19,3;67 114;
3;301;Oslo;;;;;Ikke besvart;12,25;709037;
4;5501;Troms og Finnmark;Nei;Nei;Ja;4;Nei;15;77 992;ø@b.no
"""
MAPPING = {
    "survey": "municipalities",
    "title": "Svar på en prøveundersøkelse",
    "key": "Kommunenr",
    "missing": ["Ikke besvart"],
    "unmarked": ["source"],
    "ignore": ["E-post"],
    "columns": {
        "county": "Fylke",
        "source_self": "Frivillige: selv",
        "source_centre": "Frivillige: sentral",
        "source_none": "Frivillige: ingen",
        "cooperation": {"from": "Samarbeid", "values": {1: "formal", 2: "ad_hoc", 4: "unsure"}},
        "resources_self": "Ressurser",
        "elderly_share": {"from": "Andel eldre", "divide": 100},
        "population": "Innbyggere",
    },
}
ANSWERS = {
    "4601": ["vestland", 1, 0, 0, "formal", "yes", 0.175, 289330],
    "1508": ["more_og_romsdal", 0, 1, 0, "ad_hoc", "unsure", 0.193, 67114],
    "0301": ["oslo", None, None, None, None, None, 0.1225, 709037],
    "5501": ["troms_og_finnmark", 0, 0, 1, "unsure", "no", 0.15, 77992],
}


@pytest.fixture
def team(tmp_path: Path):
    """A folder in which to import: `import_(text or file, changes of the mapping)`."""

    def import_(export: str | Path = EXPORT, encoding: str = "utf-8", **changes: object):
        file = tmp_path / "export.csv"
        if isinstance(export, str):
            file.write_bytes(export.encode(encoding))
        else:
            file = export
        mapping = tmp_path / "mapping.yaml"
        mapping.write_text(yaml.safe_dump(MAPPING | changes, allow_unicode=True), encoding="utf-8")
        return import_survey(file, mapping, tmp_path / "answers", tmp_path / "key.csv")

    import_.folder = tmp_path
    return import_


def imported(folder: Path) -> dict[str, list]:
    """The answers by municipality number, joined by the key."""
    table = read_survey("municipalities", folder / "answers")
    key = pd.read_csv(folder / "key.csv", dtype=str).set_index("id")["unit"]
    rows = table.set_index("id")[list(MAPPING["columns"])].astype(object)
    return {
        key[id]: [None if pd.isna(cell) else cell for cell in row]
        for id, row in zip(rows.index, rows.to_numpy(), strict=True)
    }


def faults(team, *arguments, **changes) -> list[str]:
    """The faults of an import, without the folder; nothing may have been written."""
    with pytest.raises(DataError) as problem:
        team(*arguments, **changes)
    assert not (team.folder / "answers").exists() and not (team.folder / "key.csv").exists()
    assert {path.name for path in team.folder.iterdir()} <= {"export.csv", "export.xlsx", "mapping.yaml"}
    return [str(fault).replace(f"{team.folder}/", "") for fault in problem.value.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_every_encoding_and_separator_gives_the_same_answers(team, encoding, separator):
    team(EXPORT.replace(";", separator), encoding)
    assert imported(team.folder) == ANSWERS


def test_commas_between_cells_and_decimal_points_are_read_too(team):
    text = EXPORT.replace(",", ".").replace(";", ",").replace("289 330", '"289 330"')
    team(text)
    assert imported(team.folder) == ANSWERS


def test_excel_gives_the_same_answers(team):
    lines = [line.split(";") for line in EXPORT.splitlines()]
    table = pd.DataFrame(lines[1:], columns=lines[0]).replace("", None)
    table["Andel eldre"] = [17.5, 19.3, 12.25, 15.0]
    table["Innbyggere"] = [289330, 67114, 709037, 77992]
    table["Kommunenr"] = table["Kommunenr"].astype(int)
    file = team.folder / "export.xlsx"
    table.to_excel(file, index=False)
    team(file)
    assert imported(team.folder) == ANSWERS


def test_the_report_says_what_was_recoded_and_what_was_left(team):
    report = str(team(encoding="cp1252"))
    assert "Read as Windows-1252, semicolon between the cells: 4 respondents." in report
    assert "cooperation:\n  1 -> formal: 1\n  2 -> ad_hoc: 1\n  4 -> unsure: 1\n" in report
    assert "  Ikke besvart -> (missing): 1" in report
    assert "source_centre:\n  (empty) -> 0: 0" not in report
    assert "source_centre:\n  Nei -> 0: 1\n  Valgt -> 1: 1" in report
    assert "Not used of the export: Respondent" in report
    assert "centrality, complete" in report


def test_numbers_say_nothing_of_the_unit_and_the_key_is_private(team):
    team()
    answers = (team.folder / "answers" / "municipalities.csv").read_text(encoding="utf-8")
    assert "4601" not in answers and "b.no" not in answers
    assert (team.folder / "key.csv").stat().st_mode & 0o077 == 0
    assert (
        check_table(team.folder / "answers" / "municipalities.csv", DATA / "surveys" / "municipalities.yaml")
        == []
    )
    described = yaml.safe_load((team.folder / "answers" / "datapackage.yaml").read_text(encoding="utf-8"))
    assert described["resources"][0]["synthetic"] is False


def test_the_order_of_the_numbers_is_drawn_anew(tmp_path):
    """In the order of the export, a reader who knows that it was sorted by number would know who is who."""
    orders = set()
    header, *rows = EXPORT.splitlines()
    text = "\n".join([header, *(rows[0].replace("4601", str(4602 + n)) for n in range(30))])
    for attempt in range(2):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        (folder / "export.csv").write_text(text, encoding="utf-8")
        (folder / "mapping.yaml").write_text(yaml.safe_dump(MAPPING), encoding="utf-8")
        import_survey(folder / "export.csv", folder / "mapping.yaml", folder / "answers", folder / "key.csv")
        orders.add(tuple(pd.read_csv(folder / "key.csv", dtype=str)["unit"]))
    assert len(orders) == 2


def test_all_faults_are_named_at_once_and_nothing_is_written(team):
    broken = (
        EXPORT.replace("Vestland", "Vestlandet")
        .replace(";1;Ja;17,5", ";9;Ja;175")
        .replace("67 114", "67.114")
        .replace("5501", "4601")
        .replace("Valgt", "Kanskje")
    )
    assert faults(team, broken) == [
        "export.csv, row 2, column Fylke: found 'Vestlandet'; expected one of Oslo, Viken, Innlandet, Vestfold og "
        "Telemark, Agder, Rogaland, Vestland, Møre og Romsdal, Trøndelag, Nordland, Troms og Finnmark (for county)",
        "export.csv, row 2, column Samarbeid: found '9'; expected one of Formalisert samarbeid, Samarbeid fra sak til "
        "sak, Ikke noe samarbeid, Usikker (for cooperation)",
        "export.csv, row 2, column Andel eldre: found '175'; expected a number with decimal comma, at least 0, at "
        "most 1 (for elderly_share)",
        "export.csv, row 3, column Frivillige: sentral: found 'Kanskje'; expected 1 or 0, ja or nei, or the text of "
        "the answer (for source_centre)",
        "export.csv, row 3, column Innbyggere: found '67.114'; expected a whole number, at least 1 (for population)",
        "export.csv, row 5, column Kommunenr: found '4601', as in row 2; expected each unit once",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("4601", "Bergen"), "export.csv, row 2, column Kommunenr: found 'Bergen'; expected a municipality number of"),
        (("15;77 992", "15;77 992;9;9"), "export.csv, row 5: found 13 cells; expected 11, as in the header"),
        (("15;77 992;ø@b.no", "15"), "export.csv, row 5: found 9 cells; expected 11, as in the header"),
        (("Fylke;", ";"), "export.csv, row 1: found a column without a name; expected a name for each column"),
        (("E-post", "Fylke"), "export.csv, row 1, column Fylke: found the name again; expected each name once"),
        (("Ressurser", "Midler"), "mapping.yaml, column resources_self: found 'Ressurser'; expected a column of the"),
        (("12,25", '"12,25'), "export.csv, row 4: found quotation marks that do not pair"),
        (("19,3", "nitten"), "export.csv, row 3, column Andel eldre: found 'nitten'; expected a number with decimal"),
    ],
)  # fmt: skip
def test_a_broken_export_is_named(team, change, fault):
    assert change[0] in EXPORT
    found = faults(team, EXPORT.replace(*change))
    assert len(found) == 1
    assert found[0].startswith(fault)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an Excel file of the old kind (.xls)"),
        (b"<!DOCTYPE html><title>Logg inn</title>", "a web page"),
        (b"PK\x03\x04 half of it", "a damaged file"),
        (b"a;b\n1;\x00\x012\n", "bytes that are no text"),
        (b"", "'nothing' in one column"),
        (b"Fylke|Svar\nOslo|Ja\n", "'Fylke|Svar' in one column"),
        (b"Fylke;Svar\n", "no rows"),
        (b"Fylke;Svar\n\x81;Ja\n", "the byte 0x81"),
    ],
)
def test_a_wrong_file_is_named(tmp_path, content, found):
    file = tmp_path / "export"
    file.write_bytes(content)
    with pytest.raises(DataError) as problem:
        read_export(file)
    assert len(problem.value.faults) == 1
    assert found in problem.value.faults[0].found


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"survey": "schools"}, "column survey: found 'schools'; expected one of municipalities, centres, organ"),
        ({"title": "Svar på …"}, "column title: found 'Svar på …'; expected what the answers are"),
        ({"colums": {}}, "column colums: found an unknown key; expected perhaps columns"),
        ({"columns": {"countty": "Fylke"}}, "column countty: found an unknown column; expected perhaps count"),
        ({"columns": {"county": {"fra": "Fylke"}}}, "column county: found {'fra': 'Fylke'}; expected a column of"),
        ({"unmarked": ["sources"]}, "column unmarked: found sources; expected perhaps source"),
        ({"ignore": ["Epost"]}, "column ignore: found 'Epost'; expected a column of the export: Respondent"),
        ({"key": ""}, "column key: found nothing; expected the column that names the unit"),
    ],
)  # fmt: skip
def test_a_wrong_mapping_is_named(team, changes, fault):
    assert any(fault in found for found in faults(team, **changes))


def test_answers_and_keys_are_not_overwritten(team):
    team()
    before = {path: path.read_bytes() for path in team.folder.rglob("*.csv")}
    with pytest.raises(DataError) as problem:
        team()
    assert {fault.found for fault in problem.value.faults} == {"answers that are there already", "a file"}
    assert {path: path.read_bytes() for path in team.folder.rglob("*.csv")} == before


def test_a_key_does_not_lie_among_the_answers(team):
    team.folder.joinpath("export.csv").write_text(EXPORT, encoding="utf-8")
    mapping = team.folder / "mapping.yaml"
    mapping.write_text(yaml.safe_dump(MAPPING), encoding="utf-8")
    with pytest.raises(DataError, match="found a place among the answers; expected one outside their folder"):
        import_survey(team.folder / "export.csv", mapping, team.folder / "a", team.folder / "a" / "key.csv")


def test_another_synthetic_dataset_says_that_it_is_synthetic(tmp_path, monkeypatch):
    from frivillig.surveys.template import package

    (tmp_path / "datapackage.yaml").write_text(
        package({"centres": "Frø 7"}, synthetic=True), encoding="utf-8"
    )
    monkeypatch.setenv("FRIVILLIG_SURVEYS", str(tmp_path))
    assert describe("centres").synthetic and describe("centres").smallest_cell == 0


def test_the_template_is_what_the_import_and_the_book_take(tmp_path):
    made = write_template(tmp_path / "new")
    assert [path.name for path in made] == sorted(path.name for path in made)
    table = pd.read_csv(tmp_path / "new" / "municipalities.csv")
    assert list(table.columns) == read_schema("municipalities").names and table.empty
    codebook = pd.read_csv(
        tmp_path / "new" / "codebook.csv", sep=";", encoding="utf-8-sig", keep_default_na=False
    )
    assert set(codebook["Kolonne"]) == {
        name
        for survey in ("municipalities", "centres", "organisations")
        for name in read_schema(survey).names
    }
    county = codebook[(codebook["Kolonne"] == "county")].set_index("Svar")["Betyr"]
    assert county["more_og_romsdal"] == "Møre og Romsdal" and len(county) == 11
    asked = codebook[codebook["Kolonne"] == "channel_website"]["Spørsmål"]
    assert set(asked) == {"Hvordan kommunens egne frivillige blir rekruttert (flere svar mulig)"}
    plan = yaml.safe_load((tmp_path / "new" / "municipalities.mapping.yaml").read_text(encoding="utf-8"))
    assert list(plan["columns"]) == read_schema("municipalities").names[1:]
    with pytest.raises(DataError, match=r"datapackage\.yaml: found a file; expected an empty folder"):
        write_template(tmp_path / "new")


@pytest.mark.parametrize("template", [True, False])
def test_one_survey_after_another_comes_into_the_same_folder(tmp_path, template):
    """As the readme tells: a template or none, then the export of each survey, in Excel or CSV."""
    folder = tmp_path / "answers"
    if template:
        write_template(folder)
    tables = {}
    for survey in ("municipalities", "centres", "organisations"):
        rows = pd.read_csv(DATA / "surveys" / f"{survey}.csv", dtype=str, keep_default_na=False).head(9)
        tables[survey] = rows.drop(columns="id")
        names = {name: f"s_{place}" for place, name in enumerate(tables[survey])}
        export = tables[survey].rename(columns=names)
        if survey == "centres":
            path = tmp_path / f"{survey}.xlsx"
            export.to_excel(path, index=False)
        else:
            path = tmp_path / f"{survey}.csv"
            export.to_csv(path, sep=";", index=False, encoding="utf-16")
        plan = {"survey": survey, "title": f"Svar: {survey}", "columns": names}
        (tmp_path / f"{survey}.yaml").write_text(yaml.safe_dump(plan), encoding="utf-8")
        import_survey(path, tmp_path / f"{survey}.yaml", folder)
    described, faults = read_descriptions(folder)
    assert faults == []
    assert {name: answers.title for name, answers in described.items()} == {
        survey: f"Svar: {survey}" for survey in tables
    }
    assert not any(answers.synthetic for answers in described.values())
    for survey, table in tables.items():
        taken = pd.read_csv(folder / f"{survey}.csv", dtype=str, keep_default_na=False)[list(table)]
        assert sorted(map(tuple, taken.to_numpy())) == sorted(map(tuple, table.to_numpy()))
