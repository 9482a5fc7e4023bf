"""An attack on a whole chapter: what can a reader work out who puts all its tables and figures together?

The reader knows each number that is shown, in tables, under figures and in downloads, and whose number it is.
Unknown is how many respondents there are of each kind: of each county, on each side of the size limit, with
each set of sources of volunteers. Linear programming gives the least and the most that a count can be.
"""

from __future__ import annotations

import io
from itertools import product

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.optimize import linprog

from chapters import Chapter, execute
from frivillig.data import DATA, read_schema
from frivillig.data import answers as choice
from frivillig.display import guard, join

LEAST = 5
SOURCES = ("self", "centre", "organisation", "none", "unlabelled")
LABELS = read_schema("municipalities").labels
COUNTIES = LABELS("county")
LIMIT = 4759
KINDS = pd.DataFrame(
    list(product(COUNTIES, (0, 1), *[(0, 1)] * len(SOURCES))), columns=["county", "large", *SOURCES]
)


@pytest.fixture
def respondents(tmp_path, monkeypatch, request):
    """Eighty respondents who pass for real, with combinations that the report's numbers do not have."""
    seed = request.param
    chance = np.random.default_rng(seed)
    table = pd.read_csv(DATA / "surveys" / "municipalities.csv", dtype=str, keep_default_na=False)
    table = table[table["source_self"] != ""].sample(80, random_state=seed)
    for source in SOURCES[:3]:
        other = table[f"source_{source}"].map({"1": "0", "0": "1"})
        table[f"source_{source}"] = table[f"source_{source}"].mask(chance.random(len(table)) < 0.25, other)
    table["own_recruitment"] = table["source_self"]
    nothing = (table[[f"source_{source}" for source in SOURCES[:3]]] == "0").all(axis=1)
    table["source_none"] = nothing.astype(int).astype(str)
    table.to_csv(tmp_path / "municipalities.csv", index=False)
    resource = {"name": "municipalities", "title": "Svar", "path": "municipalities.csv", "synthetic": False}
    (tmp_path / "datapackage.yaml").write_text(yaml.safe_dump({"resources": [resource]}), encoding="utf-8")
    monkeypatch.setenv("FRIVILLIG_SURVEYS", str(tmp_path))
    monkeypatch.setattr(choice, "_read", {})
    monkeypatch.setattr(guard, "_withheld", [])
    kinds = pd.DataFrame({source: table[f"source_{source}"].astype(int) for source in SOURCES})
    large = (table["population"].astype(int) > LIMIT).astype(int)
    kinds = kinds.assign(county=table["county"], large=large).value_counts()
    return KINDS.join(kinds.rename("count"), on=list(kinds.index.names))["count"].fillna(0).to_numpy()


class Reader:
    """What a reader of the chapter knows, as equations on the counts of all kinds."""

    def __init__(self, chapter: Chapter) -> None:
        self._exhibits = chapter.exhibits
        self.left: list[np.ndarray] = []
        self.right: list[float] = []

    def table(self, name: str) -> pd.DataFrame:
        exhibit = self._exhibits[name]
        read = pd.read_csv(io.StringIO(exhibit.csv), sep=";", decimal=",", dtype=str)
        numbers = read.set_index(read.columns[0]).apply(lambda column: column.str.replace(",", "."))
        return numbers.apply(pd.to_numeric, errors="coerce")

    def knows(self, kinds: pd.Series, count: float) -> None:
        if count == count:
            self.left.append(kinds.to_numpy(float))
            self.right.append(count)

    def read(self) -> None:
        sources = self.table("fig-sources")
        for source, label in LABELS("source").items():
            self.knows(KINDS[source] == 1, sources.loc[label, "Antall"])
        self.knows(KINDS["county"].notna(), sources["Av"].max())
        short = {"self": "kommunen selv", "centre": "frivilligsentral", "organisation": "organisasjoner"}
        for region, kinds in regions().items():
            if label := join([short[source] for source in region]).capitalize():
                self.knows(kinds, self.table("fig-overlaps").loc[label, "Antall"])
        together = self.table("tab-together")
        words = {
            "centre": "frivillige fra frivilligsentral",
            "organisation": "frivillige gjennom organisasjoner",
        }
        for (source, text), (value, head) in product(words.items(), ((1, "Har"), (0, "Har ikke"))):
            row = together.loc[f"{head} {text}"]
            self.knows(KINDS[source] == value, row["Av"])
            self.knows((KINDS[source] == value) & (KINDS["self"] == 1), row["Antall"])
        counties, replies = self.table("tab-counties"), self.table("tab-nonresponse")
        for county, label in COUNTIES.items():
            there, row = KINDS["county"] == county, counties.loc[label]
            self.knows(there, row["Færrest svar"])
            self.knows(there & (KINDS["self"] == 1), (row["Andel"] * row["Færrest svar"] / 100).round())
            self.knows(there, replies.loc[label, "Færrest svar"])
        for large, label in ((1, "Over 4\u00a0759 innbyggere"), (0, "Høyst 4\u00a0759 innbyggere")):
            self.knows(KINDS["large"] == large, replies.loc[label, "Færrest svar"])

    def span(self, kinds: pd.Series) -> float:
        """How far apart the least and the most are that a count can be."""
        cost = kinds.to_numpy(float)
        ends = [linprog(c, A_eq=self.left, b_eq=self.right, bounds=(0, None)).fun for c in (cost, -cost)]
        return -ends[1] - ends[0]


def regions() -> dict[tuple[str, ...], pd.Series]:
    return {
        tuple(source for source, there in zip(SOURCES, marks, strict=False) if there): (
            KINDS[list(SOURCES[:3])] == list(marks)
        ).all(axis=1)
        for marks in product((0, 1), repeat=3)
    }


def small_cells(counts: np.ndarray) -> dict[str, pd.Series]:
    """Whatever the chapter's exhibits count, and counts too little of to be told."""
    cells = {f"{source}={mark}": KINDS[source] == mark for source, mark in product(SOURCES, (0, 1))}
    cells |= {f"only {', '.join(region)}": kinds for region, kinds in regions().items()}
    for county, mark in product(COUNTIES, (0, 1)):
        there = KINDS["county"] == county
        cells |= {county: there, f"{county}, self={mark}": there & (KINDS["self"] == mark)}
    for source, mark, own in product(("centre", "organisation"), (0, 1), (0, 1)):
        cells[f"{source}={mark}, self={own}"] = (KINDS[source] == mark) & (KINDS["self"] == own)
    return {name: kinds for name, kinds in cells.items() if counts @ kinds < LEAST}


def narrow(respondents: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """The small counts that a reader can place within less than LEAST."""
    reader = Reader(execute("municipal_survey", monkeypatch))
    reader.read()
    # The reader is not mistaken: what is read holds for the respondents.
    assert np.array(reader.left) @ respondents == pytest.approx(reader.right)
    spans = {name: reader.span(kinds) for name, kinds in small_cells(respondents).items()}
    assert len(spans) > 10 and len(reader.right) > 15
    return {name: span for name, span in spans.items() if span < LEAST - 1e-6}


@pytest.mark.parametrize(
    "respondents", [8, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(8))], indirect=True
)
def test_no_small_count_can_be_worked_out_from_all_of_a_chapter(respondents, monkeypatch):
    assert narrow(respondents, monkeypatch) == {}


@pytest.mark.slow
@pytest.mark.parametrize("respondents", [8], indirect=True)
def test_the_attack_finds_what_tables_give_away_that_do_not_know_of_each_other(respondents, monkeypatch):
    monkeypatch.setattr(guard, "_withheld_before", lambda rows: frozenset())
    assert narrow(respondents, monkeypatch)["oslo"] == 0
