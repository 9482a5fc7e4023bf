"""The reference list and citations in Norwegian."""

from __future__ import annotations

import pytest
from pybtex.database import BibliographyData, parse_string

from frivillig.sphinx.references import Style, alphabetical

FILE = r"""
@article{b, author={Hansen, Thomas and Slagsvold, Britt}, title={{Refleksiv}}, journal={Tidsskrift},
  volume={23}, number={1}, pages={1--14}, year={2020}, doi={10.1/x}}
@article{a, author={Hansen, Thomas and Slagsvold, Britt}, title={{An ``Army''?}},
  journal={Age \& Care}, year={2020}}
@incollection{c, author={Ågotnes, Gudmund}, editor={Ibsen, Bjarne and Saglie, Jo}, title={{Part}},
  booktitle={{Whole}}, chapter={4}, publisher={Palgrave}, year={2021}}
@techreport{d, author={{Kulturdepartementet}}, title={{Frivilligheita}}, type={Meld. St.},
  number={10 (2018–2019)}, institution={Kulturdepartementet}, year={2018}}
@techreport{e, author={Ervik, Rune}, title={{Samhandling}}, type={Rapport}, number={2017:8},
  institution={Senteret}, address={Bergen}, year={2017}, isbn={1-2}}
@book{f, editor={Kuhnle, Stein and Selle, Per}, title={{Government}}, publisher={Avebury}, year={1992}}
@misc{g, author={Selle, Per and others}, year={2022}, note={Tittel ikke funnet}}
@misc{h, author={{Frivillighet Norge}}, title={{Kart}}, url={https://example.org/kart}}
@misc{i, author={{Frivillighet Norge}}, title={{Notat}}}
@article{j, author={Lang, A. and Kort, B. and Mer, C.}, title={{Three}}, journal={J}, volume={2}, year={2001}}
"""


@pytest.fixture(scope="module")
def listed() -> dict[str, tuple[str, str]]:
    """Label and text of each entry, in the order of the list."""
    data: BibliographyData = parse_string(FILE, "bibtex")
    style = Style()
    entries = style.sort(data.entries.values())
    labels = style.format_labels(entries)
    return {
        entry.key: (label, str(style.format_entry(label, entry).text))
        for label, entry in zip(labels, entries, strict=True)
    }


def test_the_list_follows_the_norwegian_alphabet(listed):
    assert list(listed) == ["e", "h", "i", "a", "b", "f", "j", "d", "g", "c"]


@pytest.mark.parametrize(
    ("first", "second"), [("Zimmer", "Ægir"), ("Ægir", "Ørn"), ("Ørn", "Ågotnes"), ("Trägårdh", "Trøan")]
)
def test_the_last_letters_come_last(first, second):
    assert alphabetical(first) < alphabetical(second)


def test_accents_without_a_place_in_the_alphabet_have_no_weight():
    assert alphabetical("Elżbieta") == alphabetical("Elzbieta")


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("a", "Hansen og Slagsvold, 2020a"),
        ("b", "Hansen og Slagsvold, 2020b"),
        ("d", "Meld. St. 10 (2018–2019)"),
        ("g", "Selle mfl., 2022"),
        ("h", "Frivillighet Norge, u.å.\N{NON-BREAKING HYPHEN}a"),
        ("j", "Lang mfl., 2001"),
    ],
)
def test_labels(listed, key, label):
    assert listed[key][0] == label


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("a", "Hansen, Thomas og Slagsvold, Britt (2020a). An “Army”? Age & Care."),
        (
            "b",
            "Hansen, Thomas og Slagsvold, Britt (2020b). Refleksiv. Tidsskrift, 23(1), 1–14. https://doi.org/10.1/x",
        ),
        ("c", "Ågotnes, Gudmund (2021). Part. I Bjarne Ibsen og Jo Saglie (red.), Whole (kap. 4). Palgrave."),
        ("d", "Meld. St. 10 (2018–2019). Frivilligheita. Kulturdepartementet."),
        ("e", "Ervik, Rune (2017). Samhandling. Rapport 2017:8. Bergen: Senteret. ISBN 1-2."),
        ("f", "Kuhnle, Stein og Selle, Per (red.) (1992). Government. Avebury."),
        ("g", "Selle, Per mfl. (2022). Tittel ikke funnet."),
        ("h", "Frivillighet Norge (u.å.\N{NON-BREAKING HYPHEN}a). Kart. https://example.org/kart"),
        ("j", "Lang, A., Kort, B. og Mer, C. (2001). Three. J, 2."),
    ],
)
def test_entries(listed, key, text):
    assert listed[key][1] == text
