"""The built site: whole, Norwegian, self-contained, accessible in its parts; and builds that must fail."""

from __future__ import annotations

import io
import re

import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup, Tag

from frivillig.audit import Verdict, audit
from frivillig.data import ROOT, read_statistics
from frivillig.display import printed
from frivillig.sphinx.findings import anchor as finding_anchor
from frivillig.sphinx.findings import row_anchor
from frivillig.sphinx.references import alphabetical

SPINE = read_statistics()
CONTENTS = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
LISTED = [CONTENTS["root"]] + [chapter["file"] for part in CONTENTS["parts"] for chapter in part["chapters"]]
# Pages that run, in the order of the book, with the number of their chapter; appendices have letters.
CHAPTERS = {
    f"{chapter['file']}.html": number
    for part in CONTENTS["parts"]
    if part.get("numbered") is True
    for number, chapter in enumerate(part["chapters"], 1)
}
CHAPTER = "notebooks/municipal_survey.html"

# Words of an English interface; none is also a Norwegian word.
ENGLISH = [
    "search",
    "next",
    "previous",
    "page",
    "pages",
    "contents",
    "toggle",
    "sidebar",
    "skip",
    "main",
    "content",
    "navigation",
    "back",
    "top",
    "dark",
    "mode",
    "color",
    "settings",
    "download",
    "print",
    "copy",
    "copied",
    "show",
    "hide",
    "heading",
    "image",
    "close",
    "by",
    "index",
    "home",
    "loading",
    "error",
    "click",
    "fullscreen",
    "launch",
    "theme",
    "table",
    "source",
    "notebook",
    "code",
    "cell",
    "expand",
    "collapse",
    "the",
    "of",
    "and",
    "on",
    "this",
    "your",
    "results",
    "matching",
    "query",
    "documents",
    "please",
    "activate",
    "functionality",
    "site",
    "section",
    "breadcrumb",
    "version",
    "warning",
    "last",
    "updated",
    "created",
    "using",
]


@pytest.fixture(scope="module")
def pages(book) -> dict[str, BeautifulSoup]:
    assert book.status == 0, book.output
    return {
        str(path.relative_to(book.html)): BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in book.html.rglob("*.html")
        if "_static" not in path.parts
    }


def article(page: BeautifulSoup) -> Tag:
    found = page.find("article")
    assert isinstance(found, Tag)
    return found


def test_the_book_builds_without_a_warning(book):
    assert book.status == 0, book.output
    assert "build succeeded." in book.output


def test_there_are_the_pages_that_the_contents_promise(pages):
    assert set(pages) == {"index.html", "search.html", "404.html", *(f"{file}.html" for file in LISTED)}


def test_the_interface_is_norwegian(pages):
    for name, page in pages.items():
        if name == "index.html":  # only sends on to the front page
            continue
        assert page.html["lang"] == "nb-NO"
        for tag in page(["script", "style"]):
            tag.extract()
        attributes = [
            tag.get(key, "")
            for tag in page.find_all(True)
            for key in ("aria-label", "title", "placeholder", "alt")
        ]
        chrome = BeautifulSoup(str(page), "html.parser")
        if name not in ("search.html", "404.html"):  # on these the text, too, is interface
            article(chrome).extract()
        words = set(
            re.findall(
                r"[a-zæøå]+", " ".join([chrome.get_text(" ").replace("CC BY", ""), *attributes]).lower()
            )
        )
        assert not words & set(ENGLISH), f"{name}: {sorted(words & set(ENGLISH))}"


def test_no_page_asks_another_host_for_anything(pages, book):
    for name, page in pages.items():
        for tag in page.find_all(["script", "link", "img", "iframe", "source", "video", "audio"]):
            address = (
                tag.get("src") or (tag.get("href") if "canonical" not in tag.get("rel", []) else "") or ""
            )
            assert not re.match(r"(https?:)?//", address), f"{name}: {address}"
    for sheet in (book.html / "_static").rglob("*.css"):
        assert not re.search(r"(@import|url\()\s*['\"]?(https?:)?//", sheet.read_text(encoding="utf-8")), (
            sheet
        )


def named(page: str, kind: str) -> list[str]:
    """The figures or tables that the source of a page draws, in its order."""
    source = (ROOT / page).with_suffix(".md").read_text(encoding="utf-8")
    return re.findall(rf'name="({kind}-[a-z-]+)"', source)


@pytest.mark.parametrize(("name", "chapter"), CHAPTERS.items())
def test_every_figure_is_numbered_and_described_and_shows_its_numbers(pages, book, name, chapter):
    figures = article(pages[name]).find_all("figure")
    assert len(figures) == len(named(name, "fig"))
    for number, figure in enumerate(figures, 1):
        assert figure.figcaption.get_text().strip().startswith(f"Figur {chapter}.{number} ")
        assert len(figure.img["alt"]) > 60
        assert figure.img["src"].endswith(".svg")
        beneath = figure.find_next_sibling("details")
        assert beneath.summary.get_text() == "Vis tallene i figuren"
        assert beneath.find("table")
        tools = beneath.find_next_sibling(class_="exhibit-tools")
        links = {link.get_text(): link["href"] for link in tools.find_all("a", class_="download")}
        label = f"Figur {chapter}.{number}"
        assert list(links) == [f"Last ned {label} som {kind}" for kind in ("SVG", "PNG", "CSV")]
        assert all((book.html / "notebooks" / file).exists() for file in links.values())


@pytest.mark.parametrize(("name", "chapter"), CHAPTERS.items())
def test_every_table_of_a_chapter_has_headers_with_scope(pages, name, chapter):
    tables = article(pages[name]).find_all("table")
    assert len(tables) == len(named(name, "tab")) + len(named(name, "fig"))  # those beneath figures too
    for table in tables:
        assert {cell["scope"] for cell in table.thead.find_all("th")} == {"col"}
        for row in table.tbody.find_all("tr"):
            assert [cell["scope"] for cell in row.find_all("th")] == ["row"]
    captions = [table.caption.get_text() for table in tables if table.caption]
    assert len(captions) == len(named(name, "tab"))
    for number, caption in enumerate(captions, 1):
        assert caption.startswith(f"Tabell {chapter}.{number} ")


def test_no_two_exhibits_of_the_book_have_the_same_label(pages):
    exhibits: dict[str, list[Tag]] = {}
    for name, page in pages.items():
        exhibits[name] = [
            caption
            for element in page.select("article figure:not(.reprint), article table")
            if (caption := element.find(["figcaption", "caption"]))
        ]
    labels = [caption.select_one(".caption-number") for found in exhibits.values() for caption in found]
    assert all(labels), "every figure and table with a caption has a number"
    texts = [label.get_text().strip() for label in labels]
    assert len(texts) > 40
    assert len(set(texts)) == len(texts)
    # Those of an appendix have its letter.
    [appendices] = [part["chapters"] for part in CONTENTS["parts"] if part.get("style") == "alphaupper"]
    for letter, chapter in zip("ABCDEFG", appendices, strict=False):
        page = pages[f"{chapter['file']}.html"]
        assert page.h1.get_text().startswith(f"{letter} ")
        for caption in exhibits[f"{chapter['file']}.html"]:
            assert re.match(rf"(Figur|Tabell) {letter}\.\d+ ", caption.get_text().strip())


@pytest.mark.parametrize("name", CHAPTERS)
def test_downloads_hold_the_numbers_of_their_table(pages, book, name):
    links = [link for link in article(pages[name]).select("a.download") if link["href"].endswith(".csv")]
    assert len(links) == len(article(pages[name]).find_all("table"))
    for link in links:
        path = (book.html / name).parent / link["href"]
        assert path.suffix == ".csv" and path.stem.startswith(("fig-", "tab-"))
        raw = path.resolve().read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf"), "spreadsheets need the mark to read UTF-8"
        frame = pd.read_csv(io.BytesIO(raw), sep=";", decimal=",", encoding="utf-8-sig")
        table = link.find_previous("table")
        shown = [row.th.get_text() for row in table.tbody.find_all("tr")]
        first = frame.iloc[:, 0]
        if pd.api.types.is_numeric_dtype(first):  # a curve: the table shows some of its points
            assert {float(number.replace("\u00a0", "")) for number in shown} <= set(first)
        else:
            assert first.tolist() == shown
        if "Andel" in frame and "Antall" in frame:
            counted = frame.dropna(subset=["Antall", "Av"])
            assert (counted["Andel"] - 100 * counted["Antall"] / counted["Av"]).abs().max() < 1e-9


def test_figure_numbers_agree_with_the_printed_ones(pages):
    """Printed shares beside ours differ only where the report's numbers do not add up."""
    differing = set()
    for table in (table for name in CHAPTERS for table in article(pages[name]).find_all("table")):
        heads = [cell.get_text() for cell in table.thead.find_all("th")]
        if "Trykt i rapporten" not in heads:
            continue
        for row in table.tbody.find_all("tr"):
            cells = dict(zip(heads, (cell.get_text() for cell in row.find_all(["th", "td"])), strict=True))
            if cells["Trykt i rapporten"] not in ("–", cells["Andel"]):
                differing.add((cells[heads[0]], cells["Andel"], cells["Trykt i rapporten"]))
    assert {name for name, *_ in differing} == {
        "Lar bevisst være å rekruttere selv: Ja",
        "Formalisert samarbeid",
        "Usikker",
        "Barn og unge",
        "Sentraler som svarte",
    }


def test_every_number_in_the_text_leads_to_its_row(pages):
    rows = {
        row["id"] for row in article(pages["book/published_numbers.html"]).find_all("tr") if row.get("id")
    }
    by_anchor = {row_anchor(id): statistic for id, statistic in SPINE.items()}
    assert rows == set(by_anchor)
    links = [
        link
        for name in ("book/index.html", *CHAPTERS)
        for link in article(pages[name]).select('a[href*="#tall-"]:not(.exhibit-tools *)')
    ]
    assert len(links) > 60
    for link in links:
        statistic = by_anchor[link["href"].split("#")[1]]
        forms = {printed(statistic), printed(statistic, unit=False)}
        # Beyond units, the day and the month of a date keep together.
        assert link.get_text() in forms | {re.sub(r"(?<=\d\.) ", "\u00a0", form) for form in forms}


def test_the_list_of_numbers_shows_them_as_printed(pages):
    rows = {
        row["id"]: row
        for row in article(pages["book/published_numbers.html"]).find_all("tr")
        if row.get("id")
    }
    for id, statistic in SPINE.items():
        cell = rows[row_anchor(id)].td.get_text()
        assert statistic.printed in cell
        assert statistic.printed or cell == "–"
        place = rows[row_anchor(id)].parent.tr
        assert place.get_text(strip=True) == statistic.place
        assert place.th["scope"] == "rowgroup"


def test_the_list_of_numbers_can_be_searched_downloaded_and_followed(pages, book):
    page = article(pages["book/published_numbers.html"])
    download = page.select_one("a.download")
    lines = (book.html / "book" / download["href"]).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == len(SPINE) + 1
    assert lines[0].startswith("Id;Kapittel;Sted")
    raw = (book.html / "book" / "published_numbers.html").read_text(encoding="utf-8")
    (script,) = re.findall(r'src="([^"?]+/filter\.js)', raw)
    assert "Søk i tallene" in (book.html / "book" / script).read_text(encoding="utf-8")
    row = page.find(id="tall-municipal-deliberate-yes-pct")
    assert {link["href"] for link in row.select("ul a")} >= {
        "../notebooks/municipal_survey.html#bruk-municipal-deliberate-yes-pct",
        "../notebooks/audit.html#funn-shares-municipal-deliberate",
    }


def test_every_finding_stands_on_its_page_with_its_numbers_and_chapters_lead_to_theirs(pages):
    shown = {block["id"]: block for block in article(pages["notebooks/audit.html"]).select(".finding")}
    found = audit(SPINE)
    assert shown.keys() == {finding_anchor(finding.id) for finding in found}
    for finding in found:
        linked = [link["href"].rpartition("#")[2] for link in shown[finding_anchor(finding.id)].select("a")]
        numbers = {row_anchor(id) for id in finding.rows}
        if finding.verdict == Verdict.CONSISTENT and finding.subject != "all":
            assert 1 <= len(linked) <= 2, finding.id
            assert numbers.issuperset(linked), finding.id
        elif finding.verdict != Verdict.CONSISTENT:
            assert numbers == set(linked), finding.id
    # The share of all names the finding, not those of the groups, and the words rather than their number.
    for id, name in (
        ("groups.centres.recruits.own", "Sentraler som rekrutterer til egne aktiviteter. "),
        (
            "wording.organisations.target.older.wording",
            "Organisasjoner med eldre som målgruppe, omtalt i ord. «",
        ),
    ):
        assert shown[finding_anchor(id)].get_text().strip().startswith(name)
    doubts = [
        box
        for box in article(pages[CHAPTER]).select(".admonition.warning")
        if box.select_one(".admonition-title").get_text() == "Tall som ikke går opp"
    ]
    assert len(doubts) == 2
    for box in doubts:
        assert box.select_one('a[href^="audit.html#funn-"]'), box.get_text()


def test_formulas_are_mathml(pages):
    formulas = article(pages[CHAPTER]).find_all("math")
    source = (ROOT / CHAPTER).with_suffix(".md").read_text(encoding="utf-8")
    assert len(formulas) == len(re.findall(r"\$\$.*?\$\$|\$[^$]+\$", source, re.S)) > 3
    assert {formula["xmlns"] for formula in formulas} == {"http://www.w3.org/1998/Math/MathML"}


def test_code_is_there_on_demand_and_not_before(pages):
    cells = article(pages[CHAPTER]).select("details.code")
    assert len(cells) >= 10
    assert not any(cell.has_attr("open") for cell in cells)
    assert {cell.summary.get_text(" ", strip=True) for cell in cells} == {"Vis kode Skjul kode"}


def test_every_citation_leads_to_its_work_and_every_work_listed_is_cited(pages):
    listed = {
        item["id"]: item for item in article(pages["book/references.html"]).select("ul.references > li")
    }
    assert all(id.startswith("ref-") for id in listed)
    cited = set()
    for name, page in pages.items():
        for link in article(page).select(".bibtex-citation a") if page.find("article") else ():
            cited.add(link["href"].split("#")[1])
            assert "title" not in link.attrs, name
            opening = listed[link["href"].split("#")[1]].get_text()[:400]
            year = re.search(
                r"\d{4}[a-z]?|u\.å\.(\N{NON-BREAKING HYPHEN}[a-z])?|under utgivelse", link.get_text()
            )
            assert year and year[0] in opening, f"{name}: {link.get_text()}"
    assert cited == set(listed)
    assert len(cited) >= 50


def test_every_key_in_the_text_is_a_work(pages):
    """The works that are cited on a page are those whose keys are written there."""
    for file in LISTED:
        source = (ROOT / file).with_suffix(".md").read_text(encoding="utf-8")
        written = re.findall(r"\{cite:[pt]\}`([^`]+)`", source)
        # After a key its page may stand in braces.
        keys = {key for keys in written for key in re.sub(r"\{.*?\}", "", keys).split(",")}
        shown = article(pages[f"{file}.html"]).select(".bibtex-citation a")
        ids = {f"ref-{key.replace('_', '-')}" for key in keys}
        assert {link["href"].split("#")[1] for link in shown} == ids, file


def test_references_are_a_plain_list(pages):
    page = article(pages["book/references.html"])
    assert not page.find(role=re.compile("doc-biblio|doc-backlink|^list"))
    [works] = page.select("ul.references")
    first = [
        re.split(r",| \(| mfl\.| og ", work.get_text())[0] for work in works.find_all("li", recursive=False)
    ]
    assert first[-1] == "Ågotnes"
    assert first == sorted(first, key=alphabetical)


def test_the_english_summary_says_that_it_is_english(pages):
    page = article(pages["book/english_summary.html"])
    [english] = page.find_all(lang="en")
    assert english.h1 and "Index terms" in english.get_text()


# ── Builds that must fail ────────────────────────────────────────────────────────────────────────

NOTEBOOK = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

# Side

Om noe.

"""


def test_an_unknown_id_fails_with_file_line_and_nearest_ids(small_book):
    build = small_book("# Side\n\nAndelen er {stat}`municipal.source.center.pct`.\n")
    assert build.status != 0
    assert "page.md:3: ERROR: unknown statistic 'municipal.source.center.pct'" in build.output
    assert "nearest: municipal.source.centre.pct" in build.output


def test_a_faulty_page_fails_again_when_built_again(small_book):
    """Sphinx by itself would keep the page as read and let the second build pass."""
    page = "# Side\n\nAndelen er {stat}`municipal.source.center.pct`.\n"
    assert [small_book(page).status for _ in range(2)] == [1, 1]


def test_a_lost_number_and_a_wrong_option_fail(small_book):
    build = small_book(
        "# Side\n\n{stat}`municipal.reason.integration.count`\n\n{stat}`municipal.source.self.pct ord`\n"
    )
    assert build.status != 0
    assert (
        "page.md:3: ERROR: municipal.reason.integration.count: the report's text has lost this number"
        in build.output
    )
    assert (
        "page.md:5: ERROR: 'municipal.source.self.pct ord': after the id only 'number' may follow"
        in build.output
    )


def test_a_missing_citation_key_fails_and_is_named(small_book):
    build = small_book("# Side\n\nSom {cite:t}`selle1893` viser.\n\n```{bibliography}\n```\n")
    assert build.status != 0
    assert re.search(r'page\.md:3: WARNING: could not find bibtex key "selle1893"', build.output)


def test_a_failing_cell_fails_the_build_and_is_named(small_book):
    page = (
        NOTEBOOK
        + "```{code-cell} ipython3\nfirst = 1\n```\n\n```{code-cell} ipython3\n:tags: [hide-input]\n\n"
    )
    page += "# Zero\nfirst / 0\n```\n"
    build = small_book(page)
    assert build.status != 0
    line = page.splitlines().index("first / 0") + 1
    told = f"book/page.md:{line}: ERROR: ZeroDivisionError: division by zero\n    first / 0"
    assert told in build.output
    assert "nbclient" not in build.output


def test_a_figure_without_alt_text_fails_the_build(small_book):
    build = small_book(
        NOTEBOOK + "```{code-cell} ipython3\nimport pandas as pd\nfrom frivillig import display, statistics\n"
        "data = statistics.shares(pd.Series({'a': 1}), 2)\n"
        "display.bars(data, name='fig-a', caption='Noe.', alt='', heading='Svar', labels={'a': 'Ja'})\n```\n"
    )
    assert build.status != 0
    assert "fig-a: the alt text is missing; say what one sees in the figure" in build.output


def test_markup_in_labels_is_shown_as_text(small_book):
    build = small_book(
        NOTEBOOK + "```{code-cell} ipython3\nimport pandas as pd\nfrom frivillig import display, statistics\n"
        "data = statistics.shares(pd.Series({'a': 1}), 2)\n"
        "label = '<script>alert(1)</script> {stat}`x` **b**'\n"
        "display.bars(data, name='fig-a', caption='A.', alt='B.', heading='Svar', labels={'a': label})\n```\n"
    )
    # The list of all numbers is not in this book, so nothing else may be wrong with it.
    assert build.status == 0, build.output
    page = BeautifulSoup((build.html / "book" / "page.html").read_text(encoding="utf-8"), "html.parser")
    assert article(page).find("table").tbody.th.get_text() == "<script>alert(1)</script> {stat}`x` **b**"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Se [siden](borte.md).", r"page\.md:3: WARNING: .*borte\.md"),
        ("Se [stedet](#borte).", r"page\.md:3: WARNING: .*borte"),
        ("Se [stedet](page.md#borte).", r"page\.md:3?:? ?WARNING: .*borte"),
        ("Se {ref}`borte`.", r"page\.md:3: WARNING: .*borte"),
        ("![Et bilde](borte.svg)", r"page\.md:3: WARNING: image file not readable: book/borte\.svg"),
    ],
)
def test_what_leads_nowhere_fails_the_build_and_is_named(small_book, text, problem):
    build = small_book(f"# Side\n\n{text}\n")
    assert build.status != 0
    assert re.search(problem, build.output), build.output


@pytest.mark.parametrize(
    ("page", "lacks"),
    [
        ("Bare tekst.\n", "title"),
        ("# Side\n\n```python\n1\n```\n", "description"),
        ("# Side\n", "description"),
    ],
)
def test_a_page_without_title_or_description_fails_the_build(small_book, page, lacks):
    build = small_book(page)
    assert build.status != 0
    assert f"page.md: WARNING: the page has no {lacks}: start it with" in build.output
