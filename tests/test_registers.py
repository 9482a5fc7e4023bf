"""The registers' connectors, against a server that speaks as the registers do and misbehaves as they can."""

from __future__ import annotations

import time
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from frivillig.data import DATA, DataError, check_table, read_schema, read_survey
from frivillig.registers.brreg import organisations
from frivillig.registers.client import Client, RegisterError
from frivillig.registers.fill import fill
from frivillig.registers.klass import Change, Klass, follow
from frivillig.registers.link import link
from frivillig.registers.statbank import Statbank, read_json_stat
from registers import CHANGES, Registers, broken, busy, cut, half, refuse, send, slow, spoilt, whole


@pytest.fixture
def registers():
    server = Registers()
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path / "cache", pause=0.01, timeout=0.3, attempts=4)


def address(registers: Registers) -> str:
    return registers.bases["statbank"] + "/config"


# ── Asking ───────────────────────────────────────────────────────────────────────────────────────


def test_a_question_is_asked_once(registers, client, tmp_path):
    first = client.get(address(registers))
    assert Client(tmp_path / "cache", pause=0.01).get(address(registers)) == first
    assert len(registers.asked) == 1


def test_an_old_or_damaged_answer_is_asked_for_again(registers, client, tmp_path):
    client.get(address(registers))
    kept = next((tmp_path / "cache").iterdir())
    kept.write_text(kept.read_text(encoding="utf-8")[:20], encoding="utf-8")
    client.get(address(registers))
    Client(tmp_path / "cache", pause=0.01, max_age=0).get(address(registers))
    assert len(registers.asked) == 3


ASKED = {
    "population": lambda c, bases: Statbank(c, bases["statbank"]).population(["0301", "4601"], 2022).to_csv(),
    "expenses": lambda c, bases: Statbank(c, bases["statbank"]).expenses(["0301", "4601"], 2022).to_csv(),
    "units": lambda c, bases: Klass(c, bases["klass"]).units(date(2023, 9, 13)),
    "centrality": lambda c, bases: Klass(c, bases["klass"]).centrality(date(2023, 9, 13)),
    "changes": lambda c, bases: Klass(c, bases["klass"]).changes(date(2023, 9, 13), date(2025, 1, 1)),
    "organisations": lambda c, bases: organisations(
        c, ["0301", "4601"], date(2024, 9, 13), bases["brreg"], size=2
    ),
}


@pytest.mark.parametrize("trouble", [busy, broken, half, cut, slow])
@pytest.mark.parametrize("register", ASKED)
def test_trouble_that_passes_is_waited_for(registers, client, tmp_path, register, trouble):
    expected = ASKED[register](Client(tmp_path / "calm", pause=0.01), registers.bases)
    calm = len(registers.asked)
    # Each question goes wrong once, also those for later pages and pieces; waiting once is enough.
    wrong = 1 if trouble is slow else calm
    registers.troubles = [trouble, whole] * wrong
    assert ASKED[register](client, registers.bases) == expected
    assert len(registers.asked) == 2 * calm + wrong


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (busy, "found status 429 Too Many Requests, 4 times"),
        (broken, "found status 500 Internal Server Error, 4 times"),
        (half, "found half an answer, or no JSON: it ends at character"),
        (cut, "found the answer broke off, or there was none"),
        (slow, "found no answer within 0.3 seconds, 4 times"),
    ],
)
def test_trouble_that_stays_is_told_and_nothing_is_kept(registers, client, tmp_path, trouble, told):
    registers.troubles = [trouble] * 4
    with pytest.raises(RegisterError, match="try again later") as problem:
        client.get(address(registers))
    assert told in str(problem.value) and "/v2/config" in str(problem.value)
    assert not (tmp_path / "cache").exists()


def test_a_refused_question_is_not_repeated(registers, client):
    registers.troubles = [refuse]
    with pytest.raises(RegisterError, match=r'found status 400 .*"Non-existent value"'):
        client.get(address(registers))
    assert len(registers.asked) == 1


def test_a_server_that_asks_for_an_hour_is_left_alone(registers, client):
    registers.troubles = [partial(busy, wait="3600")]
    with pytest.raises(RegisterError, match="a wait of 3600 seconds; try again later"):
        client.get(address(registers))
    assert len(registers.asked) == 1


def test_questions_to_a_host_are_not_asked_at_once(registers, tmp_path):
    client = Client(tmp_path / "cache", pause=0.1)
    start = time.monotonic()
    for number in range(4):
        client.get(address(registers), {"n": str(number)})
    assert time.monotonic() - start >= 0.3


# ── Tables ───────────────────────────────────────────────────────────────────────────────────────


def test_population_by_unit_and_age_sums_both_sexes(registers, client):
    found = Statbank(client, registers.bases["statbank"]).population(["4601", "030101", "9998"], 2022)
    assert set(found["unit"]) == {"4601", "030101"}
    assert found.set_index(["unit", "age"])["persons"].loc[("4601", 66)] == 10
    assert found.groupby("unit")["persons"].sum().to_dict() == {"4601": 128, "030101": 30}


def test_a_table_beyond_the_limit_is_asked_for_in_pieces(registers, client):
    registers.limit = 30  # twelve cells a municipality: two at a time
    found = Statbank(client, registers.bases["statbank"]).population(
        ["0301", "1507", "3001", "4601", "1508"], 2022
    )
    asked = [path for path in registers.asked if "/07459/data" in path]
    assert len(asked) == 3
    assert found.groupby("unit")["persons"].sum().to_dict() == {
        "0301": 162,
        "1507": 82,  # and 1508 is no number before 2024
        "3001": 32,
        "4601": 128,
    }


def test_care_is_the_sum_of_its_functions(registers, client):
    found = Statbank(client, registers.bases["statbank"]).expenses(["4601", "1507"], 2022)
    assert found.loc["4601", "thousand_kroner"] == 1000
    assert found.loc["4601", "percent"] == 20
    # Functions without a number give no sum: that would be too low.
    assert pd.isna(found.loc["1507", "thousand_kroner"])


def test_a_code_that_a_table_lacks_is_told(registers, client):
    with pytest.raises(RegisterError, match="found no KOKfunksjon0000 999; it has 234, 253"):
        Statbank(client, registers.bases["statbank"]).expenses(["4601"], 2022, ["234", "999"])


def dataset(**changes: object) -> dict:
    whole = {
        "id": ["Region", "Tid"],
        "size": [2, 1],
        "dimension": {
            "Region": {"category": {"index": {"b": 1, "a": 0}, "label": {"b": "B", "a": "A"}}},
            "Tid": {"category": {"index": ["2022"], "label": {"2022": "2022"}}},
        },
        "value": [7, None],
    }
    return whole | changes


def test_json_stat_is_read_by_index_and_may_leave_cells_out():
    query = {"Region": ["a", "b"]}
    found = read_json_stat(dataset(), "x", query).set_index("Region")["value"]
    assert found["a"] == 7 and pd.isna(found["b"])
    sparse = read_json_stat(dataset(value={"1": 9}), "x", query).set_index("Region")["value"]
    assert sparse["b"] == 9 and pd.isna(sparse["a"])


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (dataset(value=[7]), "found 1 values; expected 2. The answer is not whole"),
        (dataset(size=[3, 1]), "found codes that do not fit the sizes"),
        ({"title": "Not Found"}, "found JSON of another kind; expected JSON-stat 2"),
        ([], "found JSON of another kind"),
    ],
)
def test_half_a_dataset_is_refused(answer, told):
    with pytest.raises(RegisterError, match=told):
        read_json_stat(answer, "x", {"Region": ["a", "b"]})


def test_a_dataset_without_what_was_asked_for_is_refused():
    with pytest.raises(RegisterError, match="found no Region c, which was asked for"):
        read_json_stat(dataset(), "x", {"Region": ["a", "c"]})


# ── Numbers in time ──────────────────────────────────────────────────────────────────────────────


def test_units_at_a_date_are_municipalities_and_oslos_districts(registers, client):
    klass = Klass(client, registers.bases["klass"])
    assert set(klass.units(date(2023, 9, 13))) == {"0301", "4601", "1507", "3001", "030101"}
    assert set(klass.units(date(2024, 1, 1))) == {"0301", "4601", "1508", "1580", "3101", "030101"}
    assert klass.centrality(date(2023, 9, 13))["4601"] == 2


@pytest.mark.parametrize(
    ("question", "right", "wrong", "told"),
    [
        ("units", b'"codes"', b'"code"', "codesAt.json: found no list 'codes'; the answer is not whole"),
        ("units", b'"name"', b'"text"', "found an item without name; the answer is not whole"),
        ("centrality", b'"targetCode"', b'"target"', "found an item without targetCode"),
        ("centrality", b'"01"', b'"0"', "found the centrality classes {'0301': '0'}; expected 01 to 06"),
        ("changes", b'"changeOccurred"', b'"day"', "found an item without changeOccurred"),
    ],
)
def test_half_a_classification_is_refused(registers, client, question, right, wrong, told):
    registers.troubles = [partial(spoilt, right, wrong)]
    with pytest.raises(RegisterError, match=told):
        ASKED[question](client, registers.bases)


def test_a_day_without_any_code_is_told(registers, client):
    registers.troubles = [lambda handler, _: send(handler, 200, b'{"codes": []}')]
    with pytest.raises(RegisterError, match="found no codes on 2023-09-13"):
        ASKED["units"](client, registers.bases)


def test_nothing_changes_within_a_day(registers, client):
    day = date(2024, 1, 1)
    assert Klass(client, registers.bases["klass"]).changes(day, day) == []
    assert registers.asked == []


CHANGED = [Change(c["oldCode"], c["newCode"], date(2024, 1, 1)) for c in CHANGES if c["oldCode"]]
MERGED = [Change(old, "5001", date(2018, 1, 1)) for old in ("1601", "1662")]


@pytest.mark.parametrize(
    ("number", "changes", "forward", "expected"),
    [
        ("3001", CHANGED, True, ("3101", "")),
        ("3101", CHANGED, False, ("3001", "")),
        ("4601", CHANGED, True, ("4601", "")),
        ("1507", CHANGED, True, ("", "split on 2024-01-01: 1507 became 1508, 1580")),
        ("1580", CHANGED, False, ("", "split on 2024-01-01: 1507 became 1508, 1580")),
        ("1662", MERGED, True, ("", "merged on 2018-01-01: 1601, 1662 became 5001")),
        ("5001", MERGED, False, ("", "merged on 2018-01-01: 1601, 1662 became 5001")),
        # Renumbered twice: each step in its order.
        ("0101", [Change("0101", "3001", date(2020, 1, 1)), *CHANGED], True, ("3101", "")),
        ("3101", [Change("0101", "3001", date(2020, 1, 1)), *CHANGED], False, ("0101", "")),
    ],
)
def test_a_number_is_followed_in_time_unless_its_municipality_was_merged_or_split(
    number, changes, forward, expected
):
    assert follow(number, changes, forward=forward) == expected


# ── Organisations ────────────────────────────────────────────────────────────────────────────────


def counted(
    registers: Registers, client: Client, numbers: list[str], day: str = "2023-09-13", **more
) -> dict:
    return organisations(client, numbers, date.fromisoformat(day), registers.bases["brreg"], **more)


def test_organisations_are_those_that_had_entered_by_the_day(registers, client):
    assert counted(registers, client, ["4601", "0301", "030101", "1508"]) == {"0301": 1, "1508": 0, "4601": 2}
    assert counted(registers, client, ["4601"], "2024-03-01") == {"4601": 3}
    assert counted(registers, client, ["4601"], "2010-01-31") == {"4601": 0}


@pytest.mark.parametrize(("size", "pages"), [(1, 3), (2, 2), (3, 1)])
def test_a_list_of_several_pages_is_followed_to_its_end(registers, client, size, pages):
    assert counted(registers, client, ["4601"], "2024-12-31", size=size) == {"4601": 3}
    assert len(registers.asked) == pages


def test_a_list_longer_than_the_register_shows_is_asked_for_by_date_of_entry(registers, client, monkeypatch):
    registers.organisations["4601"] = [
        (f"{year}-06-{day:02}", "2020-01-01") for year in range(1996, 2016) for day in (1, 9)
    ]
    registers.deepest = 12
    monkeypatch.setattr("frivillig.registers.brreg.DEEPEST", 12)
    assert counted(registers, client, ["4601"], size=5) == {"4601": 40}
    registers.organisations["4601"] += [("2010-02-03", "2020-01-01")] * 13
    with pytest.raises(RegisterError, match="more than 12 units that entered on 2010-02-03"):
        counted(registers, Client(client._cache / "other", pause=0.01), ["4601"], size=5)


def test_a_list_that_changed_between_two_pages_is_asked_for_again(registers, client):
    def one_left(handler, body):
        registers.organisations["4601"].pop(0)
        send(handler, 200, body)

    registers.troubles = [one_left]
    assert counted(registers, client, ["4601"], "2024-12-31", size=1) == {"4601": 2}


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        (
            b'"totalElements": 3',
            b'"totalElements": 4',
            "found 3 organisations in 4601; expected 4. .* not whole",
        ),
        (b'"totalElements": 3', b'"totals": 3', "found no page.totalElements; the answer is not whole"),
        (b'"organisasjonsnummer"', b'"nummer"', "found units without organisasjonsnummer"),
    ],
)
def test_half_a_list_is_refused(registers, client, right, wrong, told):
    registers.troubles = [partial(spoilt, right, wrong)] * 2
    with pytest.raises(RegisterError, match=told):
        counted(registers, client, ["4601"])


# ── Joined ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def linked(registers, client):
    units = {"M001": "4601", "M002": "030101", "M003": "1507", "M004": "3001", "M005": "1601"}
    return link(
        units,
        date(2023, 9, 13),
        client=client,
        population_year=2022,
        accounts_year=2022,
        bases=registers.bases,
    )


def test_what_the_registers_say_is_joined_by_number(linked):
    bergen = linked.values.loc["M001"]
    assert bergen["county"] == "vestland" and bergen["centrality"] == 2
    assert bergen["population"] == 128
    assert bergen["elderly_share"] == pytest.approx(20 / 128)  # 66, 80 and 105 years, not 65
    assert bergen["expenses_per_capita"] == pytest.approx(1_000_000 / 128)
    assert bergen["organisation_density"] == pytest.approx(100 * 2 / 128)  # the third came in 2024


def test_oslos_districts_have_their_own_population_and_oslos_centrality(linked):
    district = linked.values.loc["M002"]
    assert district["county"] == "oslo" and district["centrality"] == 1
    assert district["population"] == 30 and pd.isna(district["organisation_density"])


def test_a_renumbered_municipality_is_found_under_its_new_number(linked):
    assert linked.values.loc["M004", "organisation_density"] == pytest.approx(100 / 32)


def test_expenses_before_new_numbers_are_shared_by_the_people_after_them(registers, client):
    found = link(
        {"M001": "3001"},
        date(2023, 9, 13),
        client=client,
        population_year=2023,
        accounts_year=2023,
        bases=registers.bases,
    )
    assert found.values.loc["M001", "expenses_per_capita"] == pytest.approx(1000 * 40 / 32)


def test_every_unit_that_did_not_match_is_told(linked):
    told = [str(item) for item in linked.unmatched]
    assert "1507, organisation_density: split on 2024-01-01: 1507 became 1508, 1580" in told
    assert "030101, organisation_density: the register knows municipalities, not districts" in told
    assert "1507, expenses_per_capita: the register has no number for it" in told
    assert "1601, population: no municipality or district has this number on 2023-09-13" in told
    assert linked.values.loc["M005"].isna().all()
    missing = linked.values.isna().sum().sum()
    assert missing == len(told)


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """Answers of four, as import-survey leaves them: what registers know is empty."""
    folder = tmp_path / "answers"
    folder.mkdir()
    names = read_schema("municipalities").names
    table = pd.DataFrame("", range(4), names).assign(id=["M001", "M002", "M003", "M004"], source_self="1")
    table.assign(policy=["1", "0", "", "1"]).to_csv(folder / "municipalities.csv", index=False)
    (tmp_path / "key.csv").write_text(
        "id,unit\nM001,4601\nM002,030101\nM003,1507\nM004,3001\n", encoding="utf-8"
    )
    return folder


def filled(answers: Path, registers: Registers, client: Client) -> list[str]:
    found = fill(
        answers,
        answers.parent / "key.csv",
        date(2023, 9, 13),
        client=client,
        population_year=2022,
        accounts_year=2022,
        bases=registers.bases,
    )
    return [str(item) for item in found]


def test_answers_are_filled_and_stay_as_the_schema_says(answers, registers, client):
    told = filled(answers, registers, client)
    table = read_survey("municipalities", answers).set_index("id")
    assert table.loc["M001", "population"] == 128 and table.loc["M001", "county"] == "vestland"
    assert table["policy"].tolist()[:2] == [1, 0]  # no register has it
    assert pd.isna(table.loc["M003", "organisation_density"])
    assert "1507, organisation_density: split on 2024-01-01: 1507 became 1508, 1580" in told
    assert check_table(answers / "municipalities.csv", DATA / "surveys" / "municipalities.yaml") == []


def test_a_half_downloaded_register_leaves_the_answers_as_they_were(answers, registers, client):
    before = (answers / "municipalities.csv").read_bytes()
    registers.troubles = [half] * 40
    with pytest.raises(RegisterError, match="found half an answer"):
        filled(answers, registers, client)
    assert (answers / "municipalities.csv").read_bytes() == before
    assert {path.name for path in answers.parent.iterdir()} == {"answers", "key.csv"}


def test_a_key_of_other_answers_is_refused(answers, registers, client):
    (answers.parent / "key.csv").write_text("id,unit\nM001,4601\nM002,4601\nM009,3001\n", encoding="utf-8")
    with pytest.raises(DataError) as problem:
        filled(answers, registers, client)
    assert [(fault.row, fault.found) for fault in problem.value.faults] == [
        (3, "'4601' again"),
        (4, "'M009'"),
        (4, "'M003'"),
        (5, "'M004'"),
    ]
    assert registers.asked == []
