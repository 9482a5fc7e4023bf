"""What readers can do with exhibits: pictures to take along, and the way back to code and printed numbers."""

from __future__ import annotations

import hashlib
import io

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from frivillig.data import read_statistics
from frivillig.sphinx.findings import row_anchor
from frivillig.sphinx.pictures import to_png
from frivillig.sphinx.provenance import statistics_behind

SPINE = read_statistics()
SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="36pt" viewBox="0 0 2 1">'
    '<path d="M0 0H1V1H0Z" fill="#00568c"/></svg>'
)


def behind(code: str, name: str = "fig-a") -> list[str]:
    return statistics_behind(code.split("\n---\n"), name, SPINE)


# ── Which printed numbers an exhibit reads ───────────────────────────────────────────────────────


def test_the_numbers_of_a_question_are_found_through_the_cells_before():
    ids = behind(
        "table = statistics.question(spine, 'municipal.cooperation', labels)\n"
        "other = spine['municipal.logit.policy.odds']\n---\n"
        "shown = table.sort_values('count')\n---\ndisplay.bars(shown, name='fig-a')"
    )
    assert ids == [
        f"municipal.cooperation.{answer}.{unit}"
        for answer in ("formal", "none", "ad_hoc", "unsure")
        for unit in ("pct", "count")
    ]


def test_numbers_that_only_repeat_others_and_lost_ones_are_left_out():
    ids = behind("display.bars(statistics.question(spine, 'municipal.reason', labels), name='fig-a')")
    assert "municipal.reason.tasks.count" in ids
    assert "municipal.reason.tasks.text.count" not in ids  # repeats it
    assert "municipal.reason.integration.count" not in ids  # lost
    assert not any(id.endswith(".wording") for id in ids)


def test_an_f_string_takes_its_words_from_the_code_and_otherwise_any_word():
    rows = "rows = [spine[f'organisations.target.{kind}.pct'] for kind in kinds]\nbars(rows, name='fig-a')"
    assert behind(f"kinds = ('older', 'children')\n{rows}") == [
        "organisations.target.older.pct",
        "organisations.target.children.pct",
    ]
    everyone = behind(f"kinds = load()\n{rows}")
    assert len(everyone) == sum(
        id.startswith("organisations.target.") and id.endswith(".pct") for id in SPINE
    )


def test_a_name_given_anew_and_the_counter_of_a_loop_lead_nowhere():
    assert not behind(
        "share = spine['municipal.source.self.pct']\nshare = 5\nbars(share, name='fig-a')\n"
        "later = spine['municipal.source.none.pct']"
    )
    assert not behind(
        "row = spine['municipal.source.self.pct']\nrows = [row for row in load()]\nbars(rows, name='fig-a')"
    )


def test_a_part_that_is_set_belongs_to_the_whole():
    code = (
        "table = load()\ntable.loc['a', 'b'] = spine['municipal.source.self.pct']\nbars(table, name='fig-a')"
    )
    assert behind(code) == ["municipal.source.self.pct"]


def test_code_that_cannot_be_read_or_draws_something_else_gives_nothing():
    assert behind("%matplotlib inline\nbars(spine['municipal.source.self.pct'], name='fig-a')") == []
    assert behind("bars(spine['municipal.source.self.pct'], name='fig-b')") == []


# ── Pictures ─────────────────────────────────────────────────────────────────────────────────────


def test_a_picture_has_the_size_and_colours_of_its_figure_on_white():
    image = Image.open(io.BytesIO(to_png(SQUARE))).convert("RGB")
    # 72 and 36 points and a margin of 6 on each side, at 200 pixels an inch of 72 points.
    assert image.size == pytest.approx((84 * 200 / 72, 48 * 200 / 72), abs=1)
    assert image.getpixel((60, image.height // 2)) == (0x00, 0x56, 0x8C)
    assert image.getpixel((image.width - 60, image.height // 2)) == (255, 255, 255)


def test_a_picture_is_the_same_bytes_each_time():
    assert len({hashlib.sha256(to_png(SQUARE)).hexdigest() for _ in range(2)}) == 1


# ── On the pages ─────────────────────────────────────────────────────────────────────────────────


def test_each_exhibit_leads_to_its_code_and_to_the_rows_of_its_numbers(book):
    page = BeautifulSoup(
        (book.html / "notebooks" / "municipal_survey.html").read_text("utf-8"), "html.parser"
    )
    tools = page.select("article .exhibit-tools")
    assert len(tools) > 8
    for group in tools:
        name = group["data-exhibit"]
        how = group.select_one("details.how-computed")
        assert how.summary.get_text() == "Slik er det regnet"
        code = page.find(id=how.select_one("a.to-code")["href"].removeprefix("#"))
        assert f'name="{name}"' in code.get_text()
    how = page.select_one('[data-exhibit="fig-cooperation"] .how-computed')
    rows = {link["href"].split("#")[1]: item.get_text() for item in how.select("li") for link in item("a")}
    assert set(rows) == {row_anchor(id) for id in behind_cooperation()}
    shown = rows[row_anchor("municipal.cooperation.formal.pct")]
    assert shown.endswith(f"{SPINE['municipal.cooperation.formal.pct'].printed}\u00a0prosent")


def behind_cooperation() -> list[str]:
    return [
        id
        for id, row in SPINE.items()
        if id.startswith("municipal.cooperation.") and row.value is not None and not row.repeats
    ]


def test_only_pages_with_exhibits_load_their_script(book):
    with_exhibits = (book.html / "notebooks" / "municipal_survey.html").read_text("utf-8")
    without = (book.html / "book" / "terms.html").read_text("utf-8")
    assert "reuse.js" in with_exhibits and "reuse.css" in with_exhibits
    assert "reuse.js" not in without and "reuse.css" not in without
