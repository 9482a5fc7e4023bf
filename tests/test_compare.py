"""The comparison of two sites tells each change once, and nothing that stays."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib import image

from frivillig.compare import SiteError, compare, find_changes, read_site
from frivillig.compare.changes import CellChange, NumberChange
from frivillig.compare.pictures import draw

PAGES = ("book/index.html", "book/summary.html", "notebooks/municipal_survey.html")
SURVEY = PAGES[2]


@pytest.fixture
def sites(book, tmp_path: Path) -> tuple[Path, Path]:
    """Three pages of the book with their pictures, twice."""
    folders = tmp_path / "old", tmp_path / "new"
    for folder in folders:
        for name in PAGES:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(book.html / name, folder / name)
        shutil.copytree(book.html / "_images", folder / "_images")
    return folders


def change(site: Path, page: str, before: str, after: str) -> None:
    text = (site / page).read_text(encoding="utf-8")
    assert before in text
    (site / page).write_text(text.replace(before, after), encoding="utf-8")


def test_two_equal_sites_do_not_differ(sites):
    assert "Nothing: pages, numbers, tables and figures are the same." in compare(*sites)


def test_a_number_is_told_once_for_all_its_pages(sites):
    old, new = sites
    link = 'published_numbers.html#tall-municipal-source-centre-pct"><span class="std std-ref">'
    for page in (PAGES[0], SURVEY):
        change(new, page, link + "73", link + "74")
    (number,) = find_changes(read_site(old), read_site(new)).numbers
    assert number == NumberChange(
        "municipal.source.centre.pct", "73 prosent", "74 prosent", (PAGES[0], SURVEY)
    )


def test_a_glued_value_is_told_by_its_name(sites):
    change(sites[1], SURVEY, 'glue-answered">191<', 'glue-answered">190<')
    changes = find_changes(*map(read_site, sites))
    assert changes.numbers == (NumberChange("answered", "191", "190", (SURVEY,)),)
    (page,) = changes.pages
    assert page.page == SURVEY and page.new == page.gone > 0


def test_cells_rows_and_captions_of_a_table_are_told(sites):
    row = "<p>Har frivillige fra frivilligsentral</p></th>\n<td><p>84</p></td>\n<td><p>14"
    change(sites[1], SURVEY, row + "0<", row + "1<")
    change(sites[1], SURVEY, "<p>Har frivillige gjennom organisasjoner</p>", "<p>Har organisasjoner</p>")
    change(sites[1], SURVEY, "Andel som rekrutterer selv, blant", "Andelen som rekrutterer selv, blant")
    (table,) = find_changes(*map(read_site, sites)).tables
    assert (table.name, table.page) == ("tab-together", SURVEY)
    caption, *cells = table.cells
    assert caption.after == caption.before.replace("Andel som", "Andelen som")
    assert cells == [
        CellChange("Har frivillige fra frivilligsentral", "Av", "140", "141"),
        CellChange("Har frivillige gjennom organisasjoner", "", "80; 118; 68 %; 59–76 %", "–"),
        CellChange("Har organisasjoner", "", "–", "80; 118; 68 %; 59–76 %"),
    ]


def test_a_figure_that_looks_otherwise_is_drawn_and_one_that_does_not_is_left_out(sites, tmp_path):
    old, new = sites
    picture, other = (new / "_images" / f"{name}.svg" for name in ("fig-sources", "fig-channels"))
    svg = picture.read_text(encoding="utf-8")
    picture.write_text(svg.replace("</svg>", '<rect width="50%" height="50%"/></svg>'), encoding="utf-8")
    other.write_text(other.read_text(encoding="utf-8") + "<!-- made again -->", encoding="utf-8")
    figures = find_changes(read_site(old), read_site(new)).figures
    assert [figure.name for figure in figures if figure.page == SURVEY] == ["fig-sources", "fig-channels"]
    out = tmp_path / "out"
    summary = compare(old, new, out)
    assert summary == (out / "summary.md").read_text(encoding="utf-8")
    assert "| `fig-sources` |" in summary and "fig-channels" not in summary
    assert sorted(path.name for path in out.iterdir()) == ["fig-sources.png", "summary.md"]


def test_pages_that_are_new_gone_or_put_otherwise_are_told(sites):
    old, new = sites
    (new / PAGES[1]).unlink()
    shutil.copy(new / SURVEY, new / "notebooks" / "again.html")
    change(new, PAGES[0], "<h2>Tre funn", "<p>Et nytt avsnitt.</p><h2>Tre funn")
    changes = find_changes(read_site(old), read_site(new))
    added = len(read_site(new)["notebooks/again.html"].blocks)
    assert [(page.page, page.status, page.new) for page in changes.pages] == [
        (PAGES[0], "changed", 1),
        (PAGES[1], "gone", 0),
        ("notebooks/again.html", "new", added),
    ]
    assert changes.numbers == ()


@pytest.mark.parametrize(("covered", "share"), [(50, 0.25), (100, 1.0), (0, 0.0)])
def test_the_share_that_differs_is_that_of_the_area(tmp_path, covered, share):
    frame = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100">{}</svg>'
    old, new, out = (tmp_path / name for name in ("old.svg", "new.svg", "out.png"))
    old.write_text(frame.format(""), encoding="utf-8")
    new.write_text(frame.format(f'<rect width="{covered}" height="{covered}"/>'), encoding="utf-8")
    assert draw(old, new, out) == pytest.approx(share, abs=0.02)
    assert out.exists() == bool(covered)
    assert draw(None, new, out) == draw(old, new, out)
    if covered == 50:
        drawn = image.imread(out)[:, :, :3]
        before, difference = drawn[:, :100], drawn[:, -100:]
        assert before.min() == 1
        assert np.allclose(difference[10, 10], (0.8, 0, 0.2), atol=0.01)
        assert np.allclose(difference[90, 90], 1)


def test_a_folder_without_a_site_is_named(tmp_path):
    with pytest.raises(SiteError, match=f"{tmp_path}: no page in book/ or notebooks/"):
        read_site(tmp_path)
    command = [sys.executable, "-m", "frivillig", "compare", tmp_path, tmp_path]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 2 and "expected a site that make html built" in run.stderr
