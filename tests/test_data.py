"""Reading the data files, and refusing broken ones."""

from __future__ import annotations

import csv
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from frivillig.__main__ import check_data
from frivillig.data import (
    DATA,
    DataError,
    Statistic,
    UnknownStatisticError,
    read_schema,
    read_statistics,
    read_survey,
)

HEADER = "id,chapter,place,statement,printed,relation,unit,n,base,stat,role,repeats,note"


def statistic(**values: object) -> Statistic:
    fields = dict.fromkeys(HEADER.split(","), "") | {
        "id": "municipal.x.pct",
        "unit": "percent",
        "n": None,
        "base": None,
    }
    return Statistic(**(fields | values))


def test_the_committed_data_have_no_fault():
    assert check_data(DATA) == []


@pytest.mark.parametrize(
    ("printed", "value", "decimals"),
    [
        ("73", "73", 0),
        ("0,38", "0.38", 2),
        ("3,1", "3.1", 1),
        ("32,80", "32.80", 2),
        ("–0,32", "-0.32", 2),  # en dash, as the report prints it
        ("−1,85", "-1.85", 2),
        ("38 402", "38402", 0),
        ("1091,7", "1091.7", 1),
        ("tolv", "12", 0),
        ("Tre", "3", 0),
    ],
)
def test_printed_numbers_keep_their_decimals(printed, value, decimals):
    row = statistic(printed=printed)
    assert row.value == Decimal(value)
    assert str(row.value) == value
    assert row.decimals == decimals


def test_dates_and_phrases_have_no_value():
    assert statistic(printed="13. september", unit="date").value is None
    assert statistic(printed="litt under to av ti", unit="wording").value is None
    assert statistic(printed="", role="lost").value is None


def test_an_unreadable_number_is_refused():
    with pytest.raises(
        ValueError, match="'om lag ti' is neither a number with decimal comma nor a number word"
    ):
        _ = statistic(printed="om lag ti").value


def test_an_unknown_id_names_the_nearest():
    with pytest.raises(
        UnknownStatisticError, match=r"'municipal.source.center.pct'; nearest: municipal.source.centre.pct"
    ):
        read_statistics()["municipal.source.center.pct"]


def test_labels_come_in_the_order_of_the_questionnaire():
    assert list(read_schema("municipalities").labels("source")) == [
        "self",
        "centre",
        "organisation",
        "unlabelled",
        "none",
    ]
    assert read_schema("municipalities").labels("cooperation")["ad_hoc"] == "Samarbeid fra sak til sak"
    with pytest.raises(KeyError, match="no question 'chanel'"):
        read_schema("municipalities").labels("chanel")


def test_an_empty_cell_is_missing_and_a_word_is_an_answer(tmp_path):
    (tmp_path / "centres.csv").write_text("id,initiative\nC1,none\nC2,\nC3,NA\n", encoding="utf-8")
    answers = read_survey("centres", tmp_path)
    assert answers["initiative"].dropna().tolist() == ["none", "NA"]


# ── Broken files ─────────────────────────────────────────────────────────────────────────────────

ROW = "municipal.a.pct,municipal_survey,Figur 3.1,Noe,73,=,percent,,,count | source_self == 1,target,,"
OTHER = "municipal.b.pct,municipal_survey,Figur 3.1,Noe,57,=,percent,,,,cited,,"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A data package with a spine of two rows, to break."""
    shutil.copytree(DATA, tmp_path / "data")
    described = tmp_path / "data" / "datapackage.yaml"
    text = described.read_text(encoding="utf-8")
    described.write_text(text.replace(f"    rows: {len(read_statistics())}\n", "", 1), encoding="utf-8")
    write(tmp_path / "data", HEADER, ROW, OTHER)
    return tmp_path / "data"


def write(package: Path, *lines: str, encoding: str = "utf-8") -> None:
    (package / "published" / "statistics.csv").write_text(
        "".join(f"{line}\n" for line in lines), encoding=encoding
    )


def messages(package: Path) -> list[str]:
    return [str(fault) for fault in check_data(package)]


def test_the_small_package_is_sound(package):
    assert messages(package) == []


@pytest.mark.parametrize(
    ("change", "column", "found", "expected"),
    [
        (("target", "tagret"), "role", "'tagret'", "one of target, conflict, heldout, cited, new, lost"),
        (("percent", "prosent"), "unit", "'prosent'", "one of percent, percentage_points, count"),
        (("73", "7.3"), "printed", "'7.3'", "the number as printed, with a decimal comma"),
        (("73", "sytti"), "printed", "'sytti'", "a number with decimal comma, or a number word"),
        (("73", "173"), "printed", "'173'", "a percentage from 0 to 100"),
        (("73,=", "73,"), "relation", "nothing", "how the printed number binds the true one"),
        (("percent,,", "percent,ti,"), "n", "'ti'", "a value of type integer"),
        (("percent,,", "percent,-4,"), "n", "'-4'", "at least 0"),
        (("percent,,", "percent,12,11"), "n", "12", "at most the base, 11"),
        (("municipal.a.pct", "Municipal A"), "id", "'Municipal A'", "lower-case parts joined by dots"),
        (("target", "lost"), "printed", "'73'", "nothing, since the role is lost"),
        (("count | source_self == 1", ""), "stat", "nothing", "an expression, since the role is target"),
        (
            ("count | source_self == 1,target", ",conflict"),
            "note",
            "nothing",
            "what the number conflicts with",
        ),
        (("target,,", "target,municipal.z.pct,"), "repeats", "'municipal.z.pct'", "a value that exists"),
        (("count |", "cuont |"), "stat", "'cuont | source_self == 1': unknown verb 'cuont'", "an expression"),
        (
            ("source_self", "source_selv"),
            "stat",
            "the column 'source_selv'",
            "data/surveys/municipalities.yaml",
        ),
    ],
)
def test_a_wrong_cell_is_named(package, change, column, found, expected):
    write(package, HEADER, OTHER, ROW.replace(*change))
    [message] = messages(package)
    assert "published/statistics.csv, row 3" in message
    assert f"column {column}: found {found}" in message
    assert expected in message


def test_a_repeated_id_is_named(package):
    write(package, HEADER, ROW, OTHER, ROW)
    [message] = messages(package)
    assert message.endswith(
        "statistics.csv, row 4, column id: found 'municipal.a.pct' again; expected each value once"
    )


def test_a_missing_column_is_named(package):
    write(package, HEADER.removesuffix(",note"), ROW.removesuffix(","), OTHER.removesuffix(","))
    assert any(
        "row 1, column note: found nothing; expected this column" in message for message in messages(package)
    )


def test_an_extra_column_is_named(package):
    write(package, HEADER + ",extra", ROW + ",", OTHER + ",")
    assert any(
        "row 1" in message and "'extra'; expected no such column" in message for message in messages(package)
    )


def test_swapped_columns_are_named(package):
    write(package, HEADER.replace("n,base", "base,n"), ROW, OTHER)
    assert any("found 'base'; expected the column 'n' here" in message for message in messages(package))


def test_a_short_row_is_named(package):
    write(package, HEADER, ROW, OTHER.removesuffix(",,"))
    assert any("row 3" in message and "expected this column" in message for message in messages(package))


def test_an_empty_file_is_named(package):
    write(package)
    [message] = messages(package)
    assert message.endswith("published/statistics.csv: found no header and no rows; expected a table")


def test_a_file_with_only_a_header_is_named(package):
    write(package, HEADER)
    [message] = messages(package)
    assert message.endswith("statistics.csv: found no rows; expected at least one")


def test_another_encoding_is_named(package):
    write(package, HEADER, ROW.replace("Noe", "Frivillighetsmåling på Østlandet"), OTHER, encoding="latin-1")
    [message] = messages(package)
    assert message.endswith("statistics.csv: found bytes that are not UTF-8; expected text in UTF-8")


def test_a_missing_file_is_named(package):
    (package / "published" / "statistics.csv").unlink()
    [message] = messages(package)
    assert "published/statistics.csv" in message


def test_a_cut_off_file_is_named(package):
    file = package / "published" / "statistics.csv"
    file.write_bytes(file.read_bytes().removesuffix(b"\n"))
    [message] = messages(package)
    assert "row 3: found" in message
    assert message.endswith("as its end; expected a line break after the last row")
    other = package / "frame" / "counties.csv"
    other.write_bytes(other.read_bytes()[: other.read_bytes()[:-1].rindex(b"\n") + 1])
    assert "counties.csv: found 10 rows; expected 11, the `rows` of datapackage.yaml" in messages(package)[1]


def test_rows_out_of_order_are_named(package):
    write(package, HEADER, ROW, OTHER.replace("municipal_survey", "summary"))
    [message] = messages(package)
    assert "row 3, column chapter: found 'summary' after 'municipal_survey'" in message
    assert message.endswith("expected rows in the order of chapter")


def test_semicolons_between_cells_are_named(package):
    file = package / "frame" / "counties.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    [message] = messages(package)
    assert "counties.csv, row 1: found ';' between the cells; expected a comma (docs/messages.md" in message


def test_a_byte_order_mark_is_named(package):
    file = package / "published" / "statistics.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    [message] = messages(package)
    assert "statistics.csv, row 1: found a byte order mark; expected UTF-8 without one (docs/" in message


@pytest.mark.parametrize("name", ["datapackage.yaml", "surveys/centres.yaml"])
def test_a_description_that_is_no_yaml_is_named_with_its_line(package, name):
    file = package / name
    file.parent.mkdir(exist_ok=True)
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else ["fields:", ""]
    file.write_text("\n".join([lines[0], "\t" + lines[1], *lines[2:]]) + "\n", encoding="utf-8")
    [message] = messages(package)
    assert f"{name}, row 2: found no YAML (" in message
    assert message.endswith(
        "expected spaces before a name, never a tab, and quotes around a text with a colon"
    )


def test_a_code_that_its_list_lacks_is_named(package):
    file = package / "surveys" / "municipalities.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("viken", "vikne", 1), encoding="utf-8")
    [message] = messages(package)
    assert "column county: found 'vikne'; expected one of" in message


def test_all_faults_come_at_once(package):
    write(
        package,
        HEADER,
        ROW.replace("target", "tagret"),
        OTHER.replace("57", "5.7"),
        OTHER.replace("percent", "pct"),
    )
    found = messages(package)
    assert [f"row {row}" in "".join(found) for row in (2, 3, 4)] == [True, True, True]
    # The third row repeats an id as well.
    assert len(found) == 4


def test_reading_refuses_other_columns(package):
    write(package, "id,printed", "a,1")
    with pytest.raises(DataError, match="found id,printed; expected id,chapter"):
        read_statistics(package / "published" / "statistics.csv")


def test_reading_refuses_a_row_with_more_cells(package):
    write(package, HEADER, ROW, OTHER.replace("Noe", "Noe, og mer"))
    with pytest.raises(DataError, match="row 3: found a row with more or fewer; expected 13 cells"):
        read_statistics(package / "published" / "statistics.csv")


def test_the_file_is_plain_csv():
    """Any other tool reads it the same way: no carriage returns, no byte order mark, no stray quotes."""
    raw = (DATA / "published" / "statistics.csv").read_bytes()
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode().splitlines(), strict=True))
    assert {len(row) for row in rows} == {13}
