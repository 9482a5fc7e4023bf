"""Formulas in words: what a screen reader says where the page shows a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frivillig.sphinx.typst import texts
from frivillig.sphinx.typst.formulas import FormulaError, accent, is_choice, parse, symbol
from frivillig.sphinx.typst.formulas import without_choice_parentheses as less_parentheses

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


LIMITED = {"∑", "∏", "∫"}


def in_words(latex: str, *, display: bool = False) -> str:
    """The formula as it is read aloud; arguments as for `to_typst`.

    Raises:
        FormulaError: when a symbol has no word in texts.py.
    """
    return " ".join(_say(parse(latex, display=display)).split())


def _say(element: Element) -> str:
    children = list(element)
    match element.tag, children:
        case "mi" | "mn" | "mo", _:
            return _symbol(element)
        case "mtext", _:
            return element.text or ""
        case "mspace", _:
            return ""
        case "mfrac", [above, below] if is_choice(element):
            return texts.CHOICE.format(above=_say(above), below=_say(below))
        case "mfrac", [above, below]:
            short = _is_short(above) and _is_short(below)
            return (texts.FRACTION if short else texts.LONG_FRACTION).format(
                above=_say(above), below=_say(below)
            )
        case "msqrt", _:
            short = all(_is_short(child) for child in children)
            return (texts.ROOT if short else texts.LONG_ROOT).format(body=_join(children))
        case "mroot", [body, degree]:
            return texts.NTH_ROOT.format(degree=_say(degree), body=_say(body))
        case "msub", [base, index]:
            return texts.INDEX.format(base=_say(base), index=_say(index))
        case "msup", [base, power]:
            return _power(_say(base), power)
        case (("munderover" | "msubsup"), [base, below, above]) if symbol(base) in LIMITED:
            return texts.FROM_TO.format(base=_say(base), below=_say(below), above=_say(above))
        case "msubsup", [base, index, power]:
            return _power(texts.INDEX.format(base=_say(base), index=_say(index)), power)
        case (("mover" | "munder"), [base, mark]) if accent(mark):
            return f"{_say(base)} {texts.ACCENTS[accent(mark)]}"
        case "munder", [base, below] if symbol(base) in LIMITED:
            return texts.FROM.format(base=_say(base), below=_say(below))
        case "munder", [base, below]:
            return texts.BELOW.format(base=_say(base), below=_say(below))
        case "mover", [base, above]:
            return texts.ABOVE.format(base=_say(base), above=_say(above))
        case "mtable", _:
            rows = [", ".join(_say(cell) for cell in row) for row in children]
            return "; ".join(texts.ROW.format(number=place, cells=row) for place, row in enumerate(rows, 1))
    return _join(children)


def _join(elements: list[Element]) -> str:
    return " ".join(_say(element) for element in less_parentheses(elements))


def _is_short(element: Element) -> bool:
    """Whether the words show by themselves where the element ends."""
    return sum(1 for part in element.iter() if len(part) == 0) == 1


def _power(base: str, power: Element) -> str:
    said = _say(power)
    if symbol(power) == "′":
        return f"{base} {said}"
    return (
        f"{base} {texts.POWERS[said]}" if said in texts.POWERS else texts.POWER.format(base=base, power=said)
    )


def _symbol(element: Element) -> str:
    text = symbol(element)
    if text in texts.OPERATORS:
        return texts.OPERATORS[text]
    if text in texts.LETTERS:
        return texts.LETTERS[text]
    if text and not all(character.isalnum() or character == "." for character in text):
        raise FormulaError(f"no word for '{text}'; add it to OPERATORS in texts.py")
    return text
