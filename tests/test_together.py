"""What lines must not break: numbers and their units, signs and names, typed with plain spaces."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from frivillig.sphinx.together import keep_together


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("det er 57 prosent,", "det er 57_prosent,"),
        ("95 prosents intervall", "95_prosents intervall"),
        ("0,5 prosentpoeng", "0,5_prosentpoeng"),
        ("3 816 kroner per år", "3 816_kroner per år"),
        ("80 år eller mer, 100 årganger", "80_år eller mer, 100 årganger"),
        ("57 per cent", "57_per cent"),
        ("57 % ", "57_% "),
        ("(p < 0,001)", "(p_<_0,001)"),
        ("n = 192 og r = −0,27", "n_=_192 og r_=_−0,27"),
        ("x < y", "x < y"),
        ("se Figur 3.5, Tabell A.1 og kapittel 2", "se Figur_3.5, Tabell_A.1 og kapittel_2"),
        ("I kommune 2 bor alle.", "I kommune_2 bor alle."),
        ("i kommunen 12 og kommuner 13", "i kommunen 12 og kommuner 13"),
        ("(Selle, 2019, s. 25)", "(Selle, 2019, s._25)"),
        ("18. oktober 2023", "18._oktober 2023"),
    ],
)
def test_a_number_keeps_what_belongs_to_it(typed, kept):
    assert "".join(keep_together([typed])).replace("\u00a0", "_") == kept


def test_it_keeps_it_also_where_links_and_marks_stand_between():
    pieces = ["r = ", "−0,27", "≠", " (p < ", "0,001", "), ", "12", " prosent"]
    kept = keep_together(pieces)
    assert [len(piece) for piece in kept] == [len(piece) for piece in pieces]
    assert "".join(kept).replace("\u00a0", "_") == "r_=_−0,27≠ (p_<_0,001), 12_prosent"
    assert "".join(keep_together(["57", "≠", " prosent"])) == "57≠\u00a0prosent"


def test_no_page_lets_a_line_break_before_percent_or_within_a_p_value(book):
    pages = [*book.html.glob("notebooks/*.html"), *book.html.glob("book/*.html")]
    texts = []
    for page in pages:
        main = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").find("main")
        for apart in main.find_all(["pre", "code", "script", "td", "th"]):
            apart.decompose()
        texts.append(main.get_text())
    assert sum(len(re.findall(r"\bp\u00a0[<=]\u00a0\d", text)) for text in texts) > 5
    assert not [pair for text in texts for pair in re.findall(r"\d≠? (?:%|prosent\b).{20}|\bp [<=] \d", text)]
