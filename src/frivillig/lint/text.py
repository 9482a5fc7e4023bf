"""What one page's own words show: numbers typed by hand, two sentences in one line, other terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from frivillig.lint.source import Page, Remark

# Digits that are no result, and why they may be typed.
TYPED = {
    r"95 prosents? (konfidens\w+|sannsynlighet)": "a convention, not a result",
    r"CC BY 4\.0": "the name of the licence",
    r"[Kk]ommune [123]\b": "the name of a case",
    r"WCAG 2\.1": "the name of a standard",
    r"320 piksler": "the width of the screen that this standard asks for",
    r"Sist prøvd: \d{1,2}\. [a-z]+ 20\d\d": "a date of ours, not of the report",
    r"våren 2024": "the age of a browser, not of the report",
    r"Versjon \d+\.\d+\.\d+ \(\d{1,2}\. \w+ \d{4}\)": "the heading of a version in book/changelog.md",
}
SENTENCE_END = re.compile(r"[a-zæøå»)][.?!][»*]* +[A-ZÆØÅ]")
# A comment of book/terms.md: `% frivillighetssentral: frivilligsentral`, the word that gives way first.
PREFERENCE = re.compile(r"^% ([\w -]+): ([\w -]+)$", re.M)


def typed_numbers(page: Page) -> Iterator[Remark]:
    """Digits in prose, captions and alt texts."""
    for line, text in page.texts():
        for phrase in TYPED:
            text = re.sub(phrase, "", text)
        if match := re.search(r"\S*\d\S*", text):
            yield page.remark(
                line,
                "typed-number",
                f"'{match[0]}' is typed by hand; take the number from the spine with {{stat}}`…`, "
                "or from a cell with glue or an f-string",
            )


def sentences(page: Page) -> Iterator[Remark]:
    """Lines with more than one sentence: a change of one would show as a change of all."""
    for number, line in enumerate(page.prose.splitlines(), 1):
        match = SENTENCE_END.search(line)
        if match and not line.startswith("#"):
            yield page.remark(
                number,
                "two-sentences",
                f"a sentence starts with '{match[0][-1]}…'; give it a line of its own",
            )


def read_preferences(terms: Page) -> dict[str, str]:
    """The word to use, by the one that gives way, from the comments of the list of terms."""
    return {match[1]: match[2] for match in PREFERENCE.finditer(terms.text)}


def terms(page: Page, preferences: Mapping[str, str]) -> Iterator[Remark]:
    """Words, inflected or not, for which the list of terms has another."""
    for line, text in page.texts():
        for word, preferred in preferences.items():
            if match := re.search(rf"\b{re.escape(word)}\w*", text, re.I):
                yield page.remark(line, "term", f"'{match[0]}': the book says '{preferred}' (book/terms.md)")
