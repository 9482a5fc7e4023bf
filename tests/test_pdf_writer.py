"""The Typst builder on small books: each kind of node, and every fault that must stop a build.

The pages are in tests/pdf/*.md and what is written for them in tests/pdf/*.typ.
After a change that is meant, `python tests/test_pdf_writer.py` writes these anew: read the difference.
"""

from __future__ import annotations

import copy
import io
import re
import shutil
import tempfile
from pathlib import Path

import pikepdf
import pytest
from bs4 import BeautifulSoup, Tag
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, docutils_namespace

from frivillig.sphinx.typst.builder import PdfError
from frivillig.sphinx.typst.formulas import FormulaError, to_typst
from frivillig.sphinx.typst.speech import in_words
from reading import Element, page_text, read
from sameness import assert_same, pdf_blocks, pdf_notes, prepare, site_blocks, site_notes

PAGES = Path(__file__).parent / "pdf"
NAMES = sorted(page.stem for page in PAGES.glob("*.md"))
SETTINGS = {
    "extensions": ["myst_parser", "sphinxcontrib.bibtex", "frivillig.sphinx.typst"],
    "project": "Bok",
    "html_title": "En liten bok",
    "author": "Kari Nordmann og Ola Nordmann",
    "copyright": "2026",
    "language": "nb_NO",
    "release": "1.2",
    "numfig": True,
    "numfig_format": {"figure": "Figur %s", "table": "Tabell %s", "code-block": "Kode %s", "section": "%s"},
    "myst_enable_extensions": ["colon_fence", "deflist", "dollarmath", "fieldlist"],
    "bibtex_bibfiles": ["references.bib"],
    "bibtex_reference_style": "author_year",
    "typst_filename": "bok.pdf",
}


class stranger(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes in lower case
    """A node that the builder has never seen."""


class Stranger(SphinxDirective):
    def run(self) -> list[nodes.Node]:
        node = stranger()
        self.set_source_info(node)
        return [node]


class Stubs(SphinxDirective):
    """The first column of the table within heads its rows, which grid tables cannot say."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        content = self.parse_content_to_nodes()
        for table in content:
            next(table.findall(nodes.colspec))["stub"] = 1
        return content


def build(source: Path, out: Path) -> tuple[Sphinx, str]:
    """Build a small book; the builder with what it printed."""
    output = io.StringIO()
    with docutils_namespace():
        app = Sphinx(source, None, out, out / "doctrees", "typst", SETTINGS, output, output, freshenv=True)
        app.add_directive("stranger", Stranger)
        app.add_directive("stubs", Stubs)
        try:
            app.build()
        except PdfError as problem:
            output.write(str(problem))
    return app, output.getvalue()


def written(app: Sphinx) -> dict[str, str]:
    """The Typst source of each page; a page begins with its heading of the first level."""
    source = Path(app.outdir, "book.typ").read_text(encoding="utf-8")
    pages = re.split(r"(?m)^(?=// @\w+\.md:\d+\n#heading\(level: 1\))", source)[1:]
    return {page.split(" @")[1].split(".md")[0]: page.strip() + "\n" for page in pages}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Sphinx:
    app, output = build(PAGES, tmp_path_factory.mktemp("pdf"))
    # docutils knows Norwegian as "no" only, Sphinx as "nb_NO" only; the words come from Sphinx.
    faults = [line for line in output.split("\n") if "WARNING" in line or "ERROR" in line]
    assert all('Language "nb_NO" not supported' in fault for fault in faults), faults
    return app


@pytest.fixture(scope="module")
def tree(app: Sphinx) -> Element:
    return read(Path(app.outdir, "bok.pdf")).root


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tag]:
    """The same pages as HTML."""
    out = tmp_path_factory.mktemp("html")
    settings = SETTINGS | {"extensions": [*SETTINGS["extensions"], "frivillig.sphinx.html"]}
    with docutils_namespace():
        app = Sphinx(PAGES, None, out, out / "doctrees", "html", settings, None, io.StringIO())
        app.add_directive("stubs", Stubs)
        app.build()
    pages = {name: (out / f"{name}.html").read_text(encoding="utf-8") for name in NAMES}
    return {name: BeautifulSoup(page, "html.parser").article for name, page in pages.items()}


# index.html is the page that leads readers to the first one.
@pytest.mark.parametrize("name", [name for name in NAMES if name != "index"])
def test_the_pdf_says_the_same_as_the_site(tree, site, name):
    page = page_of(tree, site[name].h1.find(string=True))
    assert pdf_notes(page) == site_notes(site[name])
    assert_same(list(site_blocks(prepare(copy.copy(site[name])))), list(pdf_blocks(page)))


@pytest.mark.parametrize("name", NAMES)
def test_each_page_is_written_as_expected(app, name):
    assert written(app)[name] == (PAGES / f"{name}.typ").read_text(encoding="utf-8")


def page_of(tree: Element, title: str) -> Element:
    """What stands under a heading of the first level."""
    [document] = tree.elements
    titles = [place for place, item in enumerate(document.elements) if item.kind == "H1"]
    start = next(place for place in titles if document.elements[place].text.endswith(title))
    end = next((place for place in titles if place > start), len(document.elements))
    return Element("Sect", content=document.elements[start:end])


def test_footnotes_are_notes_and_come_once(tree):
    notes = page_of(tree, "Noter").find("Note")
    assert [note.text for note in notes] == ["1Fotnoten med kursiv.", "2En annen, med lenke."]


def test_references_are_listed(tree):
    assert "Per Selle og Kristin Strømsnes" in page_of(tree, "Noter").text.replace(" and ", " og ")


def test_lists_are_nested(tree):
    page = page_of(tree, "Lister")
    outer = page.elements[1]
    assert outer.kind == "L"
    assert [element.text for element in outer.find("LBody")][:3] == ["en", "to", "to en"]
    assert len(outer.find("L")) == 2
    assert [label.text for label in page.find("Lbl")][5:7] == ["3.", "4."]


def test_spanning_cells_keep_their_headers(tree):
    table = page_of(tree, "Figurer og tabeller").find("Table")[-3]
    rows = [[(cell.kind, cell.text) for cell in row.elements] for row in table.find("TR")]
    assert rows == [
        [("TH", "A"), ("TH", "B")],
        [("TH", "C"), ("TH", "D")],
        [("TD", "over begge"), ("TD", "1")],
        [("TD", "rad"), ("TD", "2")],
    ]


def test_rows_that_head_a_group_stand_among_those_of_the_body(tree):
    page = page_of(tree, "Figurer og tabeller")
    assert "Rader i grupper:" in [paragraph.text for paragraph in page.find("P")]
    head, body = page.find("Table")[-2].elements
    assert (head.kind, body.kind) == ("THead", "TBody")
    assert [cell.text for cell in head.find("TH")] == ["Svar", "Før", "Nå"]
    assert [[(cell.kind, cell.text) for cell in row.elements] for row in body.elements] == [
        [("TH", "Kommune 1")],
        [("TH", "Ja"), ("TD", "enig"), ("TD", "–")],
        [("TH", "Kommune 2")],
        [("TH", "Ja"), ("TD", "–"), ("TD", "–")],
        [("TH", "Nei"), ("TD", "–"), ("TD", "3–12")],
    ]
    assert [row.elements[0].scope for row in body.elements] == ["Column", "Row", "Column", "Row", "Row"]


def test_rows_that_head_a_group_say_so_on_the_site_too(site):
    groups = site["exhibits"].find_all("th", scope="rowgroup")
    assert [group.get_text(strip=True) for group in groups] == ["Kommune 1", "Kommune 2"]


def test_row_headers_have_scope(tree):
    table = page_of(tree, "Figurer og tabeller").find("Table")[0]
    heads = [(cell.text, cell.scope) for cell in table.find("TH")]
    assert heads == [
        *((name, "Column") for name in ("Svar", "Antall", "Merknad")),
        *((name, "Row") for name in ("Ja", "Nei")),
    ]


def test_quotations_code_and_pictures_have_their_tags(tree):
    assert next(quote.text for quote in tree.find("BlockQuote")).startswith("Et sitat som er satt av")
    assert any('return "kode"' in code.text for code in tree.find("Code"))
    assert {figure.alt for figure in tree.find("Figure") if figure.alt} == {
        "En blå firkant.",
        "En liten firkant",
    }


def test_english_parts_say_so(tree):
    [english] = [element for element in page_of(tree, "Språk").walk() if element.lang.startswith("en")]
    assert english.text == "An English paragraph."


def test_english_parts_say_so_on_the_site_too(site):
    assert site["languages"].find(lang="en").get_text(strip=True) == "An English paragraph."


def test_sami_letters_and_all_signs_are_readable(tree):
    text = page_of(tree, "Tekst").text
    assert "čđŋšŧž ČĐŊŠŦŽ" in text
    assert "# $ * _ ` < > @ [ ] ~ = + - /" in text


def test_the_metadata_are_those_of_the_book(app):
    with pikepdf.open(Path(app.outdir, "bok.pdf")) as document, document.open_metadata() as metadata:
        assert metadata["dc:title"] == "En liten bok"
        assert metadata["dc:creator"] == ["Kari Nordmann, Ola Nordmann"]


FAULTS = {
    "no alt text": ("Tekst.\n\n![](figure.svg)\n", "index.md:5", "the alt text of 'figure.svg' is missing"),
    "unknown node": ("```{stranger}\n```\n", "index.md:3", "no handler for the node 'stranger'"),
    "missing glyph": ("Første linje.\nAndre linje: 漢.\n", "index.md:4", "could not be displayed"),
    "raw HTML": ("```{raw} html\n<b>x</b>\n```\n", "index.md:3", "raw HTML cannot be printed"),
    "unknown LaTeX": ("En $\\ukjent x$.\n", "index.md:3", "'\\ukjent' in '\\ukjent x' is not read"),
    "no word for a sign": ("En $a \\natural b$.\n", "index.md:3", "no word for '♮'"),
    "overfull table": (
        "|"
        + "|".join(["ord"] * 12)
        + "|\n|"
        + "-|" * 12
        + "\n|"
        + "|".join(["sammensattlangord"] * 12)
        + "|\n",
        "index.md:3",
        "the table is too wide even for a turned page",
    ),
    "lonely footnote": ("```{eval-rst}\n.. [1] Note.\n```\n", "index.md", "nothing refers to this footnote"),
    "no title": ("", "index.md", "the page has no title"),
    "picture from afar": ("![alt](https://example.org/a.png)\n", "index.md:3", "cannot be printed"),
}


@pytest.mark.parametrize(("markdown", "place", "message"), FAULTS.values(), ids=FAULTS)
def test_a_fault_stops_the_build_and_names_its_place(tmp_path, markdown, place, message):
    source = tmp_path / "source"
    source.mkdir()
    shutil.copy(PAGES / "figure.svg", source)
    (source / "index.md").write_text(f"# Bok\n\n{markdown}" if markdown else "Tekst.", encoding="utf-8")
    app, output = build(source, tmp_path / "out")
    [line] = [line for line in output.split("\n") if message in line]
    assert place in line
    assert not Path(app.outdir, "bok.pdf").exists()


def printed_pages(tmp_path: Path, markdown: str) -> list[tuple[bool, str]]:
    """The pages after cover and contents: whether each is turned, and its text."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "index.md").write_text(markdown, encoding="utf-8")
    app, _ = build(source, tmp_path / "out")
    with pikepdf.open(Path(app.outdir, "bok.pdf")) as document:
        return [(page.mediabox[2] > page.mediabox[3], page_text(page)) for page in document.pages[2:]]


def test_a_wide_table_turns_its_page_and_takes_its_headings_along(tmp_path):
    words = [f"sammensattord{letter}" for letter in "abcdefgh"]
    table = f"|{'|'.join(words)}|\n|{'-|' * 8}\n|{'|'.join(words)}|\n"
    pages = printed_pages(tmp_path, f"# Bok\n\nFør.\n\n## Over\n\n### Under\n\n{table}\nEtter.\n")
    assert [turned for turned, _ in pages] == [False, True, False]
    assert "Før." in pages[0][1] and "Over" not in pages[0][1]
    assert "OverUnder" in pages[1][1]
    assert "Etter." in pages[2][1]


@pytest.mark.parametrize(("word", "turned"), [("i" * 14, False), (f"`{'i' * 14}`", True)])
def test_columns_are_as_wide_as_code_needs_whose_letters_are_wider(tmp_path, word, turned):
    table = f"|{'|'.join('abcdefgh')}|\n|{'-|' * 8}\n|{'|'.join([word] * 8)}|\n"
    assert [page[0] for page in printed_pages(tmp_path, f"# Bok\n\n{table}")][-1] == turned


def test_a_table_taller_than_a_page_goes_on_with_its_head(tmp_path):
    # Few rows, but each is tall: nothing may run off the foot of the page.
    cell = "Mange ord om det samme. " * 25
    rows = "".join(f"| rad {number} | {cell} |\n" for number in range(1, 13))
    pages = printed_pages(tmp_path, f"# Bok\n\n| Nr | Innhold |\n|--|--|\n{rows}\nSlutt.\n")
    texts = [text for _, text in pages]
    assert len(texts) >= 2
    assert all("Innhold" in text for text in texts[:-1])
    assert "rad 1" in texts[0] and "rad 12" not in texts[0]
    assert sum(text.count("Mange ord") for text in texts) == 25 * 12


@pytest.mark.parametrize(
    ("latex", "typst", "words"),
    [
        (r"\frac{1}{n}", "frac(1, n)", "1 delt på n"),
        (r"x^2 + y^{n-1}", "attach(x, t: 2) + attach(y, t: n − 1)", "x i andre pluss y opphøyd i n minus 1"),
        (r"\beta_0", "attach(β, b: 0)", "beta indeks 0"),
        (r"\left( x \right)", r"lr(\( x \))", "parentes x parentes slutt"),
        (r"\operatorname{logit}(p)", r'op("logit") \( p \)', "logit parentes p parentes slutt"),
        (r"\bar{x} \ge 0", "macron(x) ≥ 0", "x strek er større enn eller lik 0"),
        (
            r"\sqrt{n} \cdot \sqrt[3]{x}",
            "sqrt(n) · root(3, x)",
            "kvadratroten av n ganger 3. rot av x, rot slutt",
        ),
        (r"\binom{n}{k}", "binom(n, k)", "n over k"),
        (
            r"\sum_{i=1}^{n} x_i",
            "attach(limits(∑), b: i = 1, t: n) attach(x, b: i)",
            "summen fra i er lik 1 til n av x indeks i",
        ),
        (r"p < 0{,}05", 'p < 0 class("normal", \\,) 05', "p er mindre enn 0 komma 05"),
        (r"P(A \mid B)", r"P \( A ∣ B \)", "P parentes A gitt B parentes slutt"),
    ],
)
def test_formulas_are_typeset_and_spoken(latex, typst, words):
    assert to_typst(latex, display=True) == typst
    assert in_words(latex, display=True) == words


def test_a_formula_that_is_not_read_is_refused():
    with pytest.raises(FormulaError, match="mfrac"):
        to_typst(r"\frac{1}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as out:
        built, printed = build(PAGES, Path(out))
        print(printed)
        for stem, text in written(built).items():
            (PAGES / f"{stem}.typ").write_text(text, encoding="utf-8")
