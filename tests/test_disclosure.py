"""Small numbers of real respondents are withheld: the tests try to work them out again, and fail to."""

from __future__ import annotations

import inspect
import io
import itertools
import random
import re
import shutil

import numpy as np
import pandas as pd
import pytest
import yaml

from frivillig import display, statistics
from frivillig.data import DATA
from frivillig.data import answers as choice
from frivillig.display import guard
from frivillig.display.exhibits import DisclosureError
from frivillig.statistics.disclosure import (
    Table,
    attack,
    withhold,
    withhold_counts,
    withhold_groups,
    withhold_shares,
)

LEAST = 5
TEXTS = {"name": "fig-test", "caption": "Andel av dem som svarte.", "heading": "Svar"}


@pytest.fixture
def real(monkeypatch):
    """As a notebook that has read real answers and shown nothing of them yet."""
    monkeypatch.setattr(guard, "_withheld", [])
    monkeypatch.setattr(
        choice,
        "_read",
        {"municipalities": choice.Answers("municipalities", DATA, "Svar", False, LEAST, publish_rows=False)},
    )


# ── Attackers who know all that is shown, and every sum ──────────────────────────────────────────


def possible_parts(shown: list[float | None], most: list[int], total: int) -> list[tuple[int, ...]]:
    """Every way to fill the gaps of a list of counts whose sum is known, by trying them all."""
    gaps = [place for place, count in enumerate(shown) if count is None]
    left = total - sum(count for count in shown if count is not None)
    fillings = itertools.product(*(range(min(most[place], left) + 1) for place in gaps[:-1]))
    return [
        (*filling, left - sum(filling)) for filling in fillings if 0 <= left - sum(filling) <= most[gaps[-1]]
    ]


@pytest.mark.parametrize("seed", range(40))
def test_no_small_answer_can_be_worked_out_from_the_others_and_their_sum(seed):
    chance = random.Random(seed)
    counts = [chance.choice([0, 1, 2, 3, 4, 6, 9, 15]) for _ in range(chance.randint(3, 5))] + [30]
    base = sum(counts)
    table = statistics.shares(pd.Series(counts, [f"a{i}" for i in range(len(counts))]), base)
    seen = withhold_shares(table, LEAST)["count"].reindex(table.index)
    shown = [None if pd.isna(count) else int(count) for count in seen]
    assert all(count is None for count, true in zip(shown, counts, strict=True) if true < LEAST)
    if None not in shown:
        return
    ways = possible_parts(shown, [base] * len(counts), base)
    gaps = [place for place, count in enumerate(shown) if count is None]
    for column, place in enumerate(gaps):
        if counts[place] < LEAST:
            values = [way[column] for way in ways]
            assert max(values) - min(values) >= LEAST


@pytest.mark.parametrize("seed", range(40))
def test_no_small_group_can_be_worked_out_from_all_groups_together(seed):
    chance = random.Random(100 + seed)
    bases = [chance.choice([3, 6, 8, 12, 20]) for _ in range(4)] + [40]
    counts = [chance.randint(0, base) for base in bases]
    table = statistics.shares(pd.Series(counts, list("abcde")), pd.Series(bases, list("abcde")))
    seen = withhold_shares(table, LEAST).reindex(table.index)
    # Who gave the answer, group by group, given the sum for everybody.
    shown = [None if pd.isna(count) else int(count) for count in seen["count"]]
    known_bases = [None if pd.isna(base) else int(base) for base in seen["base"]]
    most = [sum(bases) if base is None else base for base in known_bases]
    for given, base, count, group in zip(shown, bases, counts, "abcde", strict=True):
        small = count < LEAST or base - count < LEAST
        assert given is None or not small, group
    if None in shown:
        ways = possible_parts(shown, most, sum(counts))
        gaps = [place for place, count in enumerate(shown) if count is None]
        for column, place in enumerate(gaps):
            if counts[place] < LEAST or bases[place] - counts[place] < LEAST:
                values = [way[column] for way in ways]
                assert max(values) - min(values) >= min(LEAST, sum(counts), sum(bases) - sum(counts))
    # How many there are in a small group, given how many there are in all.
    if None in known_bases:
        ways = possible_parts(known_bases, [sum(bases)] * 5, sum(bases))
        for column, place in enumerate(p for p, base in enumerate(known_bases) if base is None):
            if bases[place] < LEAST:
                values = [way[column] for way in ways]
                assert max(values) - min(values) >= LEAST


@pytest.mark.parametrize("seed", range(15))
def test_no_small_cell_can_be_worked_out_from_rows_and_columns(seed):
    """Counts and sums, some withheld: every table that fits, by a solver that the code does not use."""
    from ortools.sat.python import cp_model

    rng = np.random.default_rng(seed)
    data = pd.DataFrame(rng.choice([0, 2, 4, 7, 11, 25], size=(3, 4)))
    cells, rows, columns, whole = withhold_counts(data, LEAST)
    inner = data.to_numpy()
    assert cells[inner < LEAST].all()
    assert not whole

    def extreme(row: int, column: int, largest: bool) -> int:
        model = cp_model.CpModel()
        x = [[model.new_int_var(0, 400, "") for _ in range(4)] for _ in range(3)]
        for r, c in itertools.product(range(3), range(4)):
            if not cells[r, c]:
                model.add(x[r][c] == int(inner[r, c]))
        for r in range(3):
            if not rows[r]:
                model.add(sum(x[r]) == int(inner[r].sum()))
        for c in range(4):
            if not columns[c]:
                model.add(sum(line[c] for line in x) == int(inner[:, c].sum()))
        model.add(sum(sum(line) for line in x) == int(inner.sum()))
        (model.maximize if largest else model.minimize)(x[row][column])
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        assert solver.solve(model) == cp_model.OPTIMAL
        return int(solver.objective_value)

    for row, column in zip(*np.nonzero(inner < LEAST), strict=True):
        assert extreme(row, column, True) - extreme(row, column, False) >= LEAST


@pytest.mark.parametrize("seed", range(6))
def test_no_small_cell_can_be_worked_out_from_answers_by_group(seed):
    """Two statements and a choice among three, by group: every filling that fits, by another solver."""
    from ortools.sat.python import cp_model

    rng = np.random.default_rng(seed)
    bases = rng.choice([3, 8, 14, 30], size=3)
    statements = rng.integers(0, bases + 1, size=(2, 3))
    choices = np.column_stack([rng.multinomial(base, [0.2, 0.3, 0.5]) for base in bases])
    counts = np.vstack([statements, choices])
    groups = {
        f"g{place}": statistics.shares(pd.Series(counts[:, place], list("abxyz")), int(base))
        for place, base in enumerate(bases)
    }
    seen = withhold_groups(groups, LEAST)
    model = cp_model.CpModel()
    size = [model.new_int_var(0, 200, "") for _ in bases]
    marked = [[model.new_int_var(0, 200, "") for _ in bases] for _ in counts]
    model.add(sum(size) == int(bases.sum()))
    for place, table in enumerate(seen.values()):
        for row, shown in enumerate(table["base"]):
            model.add(marked[row][place] <= size[place])
            if not pd.isna(shown):
                model.add(size[place] == int(bases[place]))
            if not pd.isna(table["count"].iloc[row]):
                model.add(marked[row][place] == int(counts[row, place]))
        model.add(sum(marked[row][place] for row in (2, 3, 4)) == size[place])
    for row, line in enumerate(marked):
        model.add(sum(line) == int(counts[row].sum()))

    def span(cell) -> int:
        ends = []
        for turn in (model.minimize, model.maximize):
            turn(cell)
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = 1
            assert solver.solve(model) == cp_model.OPTIMAL
            ends.append(int(solver.objective_value))
        return ends[1] - ends[0]

    for row, place in np.ndindex(counts.shape):
        for small, cell, there in (
            (counts[row, place] < LEAST, marked[row][place], counts[row].sum()),
            (
                bases[place] - counts[row, place] < LEAST,
                size[place] - marked[row][place],
                (bases - counts[row]).sum(),
            ),
        ):
            # Where all of a row are few, nothing can hide that.
            assert not small or span(cell) >= min(LEAST, there)


def test_rows_that_divide_the_same_respondents_twice_protect_each_other_within_a_division():
    # With and without one source, then another: 30 + 50 and 45 + 35 are the same 80.
    table = statistics.shares(
        pd.Series({"a": 3, "not a": 36, "b": 27, "not b": 12}),
        pd.Series([30, 50, 45, 35], ["a", "not a", "b", "not b"]),
    )
    assert withhold_shares(table, LEAST)["count"].isna().to_dict() == {
        "a": True,
        "not a": True,
        "b": False,
        "not b": False,
    }


def test_a_row_that_one_table_withholds_is_withheld_in_the_next(real):
    names = list("abcd")
    first = statistics.shares(pd.Series([2, 20, 30, 40], names), pd.Series([10, 60, 70, 80], names))
    second = statistics.shares(pd.Series([2, 20, 8, 30], names), 60)
    texts = {"caption": "Andel.", "heading": "Gruppe", "labels": dict(zip(names, names, strict=True))}
    for name, data in (("tab-first", first), ("tab-second", second)):
        shown = display.table(data, name=name, **texts).cells.set_index("Gruppe")["Antall"]
        assert shown[["a", "b"]].tolist() == ["skjult"] * 2
    # By itself the second table would have withheld its smallest, and so have given b away.
    assert withhold_shares(second, LEAST)["count"].isna().to_dict() == {
        "a": True,
        "b": False,
        "c": True,
        "d": False,
    }


def test_downloads_of_real_answers_have_no_more_digits_than_tell_of_all(real):
    weighted = pd.DataFrame({"share": [57.123456], "low": [51.0], "high": [63.987654]}, ["none"])
    texts = {"name": "tab-test", "caption": "Andel.", "heading": "Vekter", "labels": {"none": "Uten"}}
    assert "57,12;51,0;63,99" in display.weighted(weighted, **texts).csv
    (carried,) = (
        display.PageData("curve", {"slope": 0.8461234, "parts": [12345, 1 / 3]})._repr_mimebundle_().values()
    )
    assert carried["values"] == {"slope": 0.8461, "parts": [12345, 0.3333]}


def test_what_an_attacker_can_work_out_by_hand():
    # 3 + 8 + 20 = 31. Alone, the 3 follows; with the 8 withheld too, either can be 0 to 11.
    table = Table(np.array([3.0, 8, 20, 31]), [(3, (0, 1, 2))], known=frozenset({3}))
    assert attack(table, np.array([True, False, False, False]), 0) == (3, 3)
    assert attack(table, np.array([True, True, False, False]), 0) == (0, 11)
    assert withhold(table, LEAST).tolist() == [True, True, False, False]


def test_nothing_is_withheld_where_nothing_is_small():
    table = statistics.shares(pd.Series({"a": 10, "b": 20, "c": 70}), 100)
    assert withhold_shares(table, LEAST) is table


def test_a_nearly_full_answer_tells_about_the_few_others():
    # 98 of 100 said yes: two did not. All rows go, for only the sum of the others remains.
    shown = withhold_shares(statistics.shares(pd.Series({"yes": 98, "no": 2}), 100), LEAST)
    assert shown["count"].isna().all() and shown["share"].isna().all() and shown["low"].isna().all()


def test_the_order_of_size_does_not_place_what_is_withheld():
    table = statistics.shares(pd.Series({"q": 60, "b": 20, "m": 11, "k": 7, "z": 2}), 100)
    shown = withhold_shares(table, LEAST)
    assert list(shown.index) == ["q", "b", "m", "k", "z"]  # k and z last, by name
    assert shown["count"].isna().tolist() == [False, False, False, True, True]
    turned = withhold_shares(table.rename(index={"k": "zz"}), LEAST)
    assert list(turned.index)[-2:] == ["z", "zz"]


# ── Exhibits ─────────────────────────────────────────────────────────────────────────────────────

COUNTS = {"centre": 61, "self": 33, "other": 17, "rare": 3}
LABELS = {name: name.capitalize() for name in COUNTS}


def shares_of(counts: dict[str, int] = COUNTS) -> pd.DataFrame:
    return statistics.shares(pd.Series(counts), 114)


def seen(exhibit: display.Exhibit) -> str:
    """All of an exhibit that reaches a reader; text in the picture stands in comments beside its outline."""
    drawn = " ".join(re.findall(r"<!-- (.*?) -->", exhibit.svg))
    return "\n".join([exhibit.caption, exhibit.alt, exhibit.cells.to_csv(index=False), exhibit.csv, drawn])


def test_a_figure_shows_no_withheld_number_anywhere(real):
    table = shares_of()
    exhibit = display.bars(
        table,
        **{**TEXTS, "caption": "Av 114 nevnte 3 det sjeldne, 2,6 %, og 111 ikke."},
        alt=f"Kortest er den sjeldne, {display.percent(table['share']['rare'])}, altså 3.",
        labels=LABELS,
    )
    rows = exhibit.cells.set_index("Svar")
    assert set(rows.loc["Rare", ["Antall", "Andel", "95 % intervall"]]) == {"skjult"}
    assert rows.loc["Other", "Antall"] == "skjult"  # 17, or the 3 could be worked out
    assert rows.loc["Self", "Antall"] == "33"
    text = seen(exhibit)
    for number in ("3", "17", "111", "97", "2,6", "2,63", "15", "14,9"):
        assert not re.search(rf"(?<![\d,]){number}(?![\d])", text), number
    assert "Av 114 nevnte skjult det sjeldne, skjult, og skjult ikke." in exhibit.caption
    assert "Rare: antall skjult" in exhibit.alt


def test_synthetic_answers_are_shown_whole():
    exhibit = display.bars(shares_of(), **TEXTS, alt="Tre av 114.", labels=LABELS)
    assert exhibit.cells.set_index("Svar").loc["Rare", "Antall"] == "3"
    assert exhibit.alt == "Tre av 114."


def test_published_numbers_are_shown_whole_beside_real_answers(real):
    exhibit = display.table(
        display.cleared(shares_of()), name="tab-test", caption="Trykt.", heading="Svar", labels=LABELS
    )
    assert exhibit.cells.set_index("Svar").loc["Rare", "Antall"] == "3"


def test_an_exhibit_made_by_hand_is_refused_once_real_answers_are_read(real):
    cells = pd.DataFrame({"Svar": ["A"], "Antall": ["3"]})
    with pytest.raises(DisclosureError, match="tab-test: real answers are read, and this has not passed"):
        display.Exhibit("tab-test", "Antall.", cells, cells)
    display.Exhibit("tab-test", "Trykte antall.", cells, cells, cleared=True)


def exhibit_makers() -> list[str]:
    return [
        name
        for name in display.__all__
        if inspect.isfunction(made := getattr(display, name))
        and inspect.signature(made).return_annotation == "Exhibit"
    ]


@pytest.mark.parametrize("name", exhibit_makers())
def test_no_function_makes_an_exhibit_without_passing_the_guard(name):
    made = getattr(display, name)
    assert made.__code__.co_filename == guard.__file__, f"{name} lacks @guarded"


def test_there_are_functions_to_try():
    assert {"bars", "table", "stacked", "sets", "counts", "distribution"} <= set(exhibit_makers())


def test_what_cannot_be_judged_is_refused(real):
    cells = pd.DataFrame({"share": [3.0, 97.0]}, ["a", "b"])
    with pytest.raises(DisclosureError, match="fig-test: shares without `count` and `base` cannot be judged"):
        display.bars(cells, **TEXTS, alt="Søyler.", labels={"a": "A", "b": "B"})
    with pytest.raises(DisclosureError, match="tab-test: what this shows cannot be judged"):
        display.matrix(cells, name="tab-test", caption="Andeler.", heading="Svar", labels={}, columns={})


def test_counts_in_rows_and_columns_are_withheld_with_their_sums(real):
    data = pd.DataFrame({"Ja": [40, 2], "Nei": [30, 28]}, ["Store", "Små"])
    exhibit = display.counts(data, name="tab-test", caption="Antall.", heading="Kommuner")
    cells = exhibit.cells.set_index("Kommuner")
    assert cells.loc["Små", "Ja"] == "skjult"
    assert cells.loc["Sum", "Sum"] == "100"
    # Two by two, with every sum shown, one cell gives the others: all four are withheld.
    assert (cells.loc[["Store", "Små"], ["Ja", "Nei"]] == "skjult").all(axis=None)
    assert "28" not in exhibit.csv and "40" not in exhibit.csv


def test_sets_withhold_regions_that_the_sizes_of_the_sets_would_give(real):
    from frivillig.statistics import Overlap

    counted = {("a",): 2, ("b",): 20, ("a", "b"): 30}
    possible = [Overlap(region, 0, 30) for region in counted]
    exhibit = display.sets(counted, possible, **TEXTS, alt="Søyler.", labels={"a": "Ett", "b": "To"})
    # The sizes 32 and 50 are known: any one region gives the other two.
    assert exhibit.cells["Antall"].tolist() == ["skjult"] * 3


def test_no_respondent_is_drawn_unless_the_data_package_allows_it(real, monkeypatch):
    sizes = pd.Series(np.geomspace(1234, 98765, 40).round())
    texts = {**TEXTS, "alt": "Bokser.", "unit": "Innbyggere"}
    groups = {"Ja": sizes, "Nei": sizes.iloc[:19]}
    hidden = display.distribution(groups, **texts)
    cells = hidden.cells.set_index("Svar")
    assert cells.loc["Nei", "Median"] == "skjult"  # a quarter of 19 is fewer than five
    assert cells.loc["Ja", "Median"] == "11\u00a0000"  # 11 040 would point to those in the middle
    monkeypatch.setattr(choice, "_read", {})
    whole = display.distribution(groups, **texts)
    # Each respondent is a mark in the picture; none is left.
    assert whole.svg.count("<use ") - hidden.svg.count("<use ") >= len(sizes) + 19
    assert "1\u00a0234" not in seen(hidden)


def test_a_model_that_is_a_table_of_four_cells_is_withheld_with_them(real):
    answers = pd.DataFrame({"y": [1] * 30 + [0] * 30, "x": [1] * 3 + [0] * 27 + [1] * 20 + [0] * 10})
    answers["z"] = np.random.default_rng(1).normal(size=60)
    table = statistics.logit_table(answers, {"alone": "y ~ x", "with": "y ~ x + z", "size": "y ~ z"})
    assert table.loc["alone"].drop(columns="n").isna().all(axis=None)
    assert table.loc["with"].notna().all(axis=None) and table.loc["size"].notna().all(axis=None)


# ── The site ─────────────────────────────────────────────────────────────────────────────────────

PAGE = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# Side

:::{answers} municipalities
Syntetisk.
:::

```{code-cell} ipython3
import pandas as pd
from myst_nb import glue
from frivillig import display, statistics
from frivillig.data import read_schema, read_survey

answers = read_survey("municipalities")
labels = read_schema("municipalities").labels("source")
table = statistics.multiple_response(answers, "source", labels)
rare = table["count"]["unlabelled"]
glue("rare", display.number(rare), display=False)
glue("others", display.number(table["base"]["unlabelled"] - rare), display=False)
glue("two", "2", display=False)
glue("in_words", display.spelled(2), display=False)
glue("most", display.number(table["count"].max()), display=False)
glue("difference", display.number(table["count"].max() - rare), display=False)
display.bars(table.sort_values("count"), name="fig-test", caption=f"Uten: {rare}.", alt=f"Uten: {rare}.",
             heading="Kilde", labels=labels)
```

Bare {glue:text}`rare` er uten, {glue:text}`others` er med, og {glue:text}`two` er usikre.
Flest er {glue:text}`most`, {glue:text}`difference` flere enn dem, og {glue:text}`in_words` vet ikke.
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Answers that are called real here, chosen."""
    folder = tmp_path / "answers"
    folder.mkdir()
    shutil.copy(DATA / "surveys" / "municipalities.csv", folder)
    resource = {"name": "municipalities", "title": "Svar", "path": "municipalities.csv", "synthetic": False}
    (folder / "datapackage.yaml").write_text(yaml.safe_dump({"resources": [resource]}), encoding="utf-8")
    monkeypatch.setenv("FRIVILLIG_SURVEYS", str(folder))
    return folder


def test_a_cell_that_shows_answers_stops_the_build(small_book, folder):
    build = small_book(
        PAGE.replace('glue("two"', 'print(answers.head())\nglue("two"')
        + "\n```{code-cell} ipython3\nanswers.head()\n```\n"
    )
    assert build.status != 0
    assert build.output.count("a cell shows something else than an exhibit, which could be real answers") == 2
    page = (build.html / "book" / "page.html").read_text(encoding="utf-8")
    assert "M001" not in page and "M002" not in page


def test_no_withheld_number_reaches_the_site(small_book, folder):
    answers = pd.read_csv(folder / "municipalities.csv")
    marked = answers.filter(like="source_").dropna(how="all")
    rare, base = int(marked["source_unlabelled"].sum()), len(marked)
    assert rare < LEAST
    build = small_book(PAGE)
    assert build.status == 0, build.output
    page = (build.html / "book" / "page.html").read_text(encoding="utf-8")
    assert "Bare skjult er uten, skjult er med, og skjult er usikre." in re.sub(r"<[^>]+>", "", page)
    assert f"{base - rare}" not in page
    # What the figure shows may stand in the text; a number that it does not show could give another away.
    most = int(marked.sum().max())
    assert f"Flest er {most}, skjult flere enn dem, og skjult vet ikke." in re.sub(r"<[^>]+>", "", page)
    assert f"{most - rare}" not in page
    csv = next((build.html / "_downloads").rglob("fig-test.csv")).read_text(encoding="utf-8-sig")
    assert pd.read_csv(io.StringIO(csv), sep=";", decimal=",")["Antall"].tolist().count("skjult") >= 2
    # Nothing with a row per respondent, in any file of the site but the theme's own.
    names = answers["id"].sample(5, random_state=1)
    files = [path for path in build.html.rglob("*") if path.is_file() and "_static" not in path.parts]
    assert len(files) > 5
    for file in files:
        content = file.read_bytes()
        assert not any(name.encode() in content for name in names), file
