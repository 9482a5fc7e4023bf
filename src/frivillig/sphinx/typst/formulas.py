r"""LaTeX formulas as Typst mathematics.

The site turns LaTeX into MathML with latex2mathml; the PDF goes on from the same tree. So both show the same
formula, one parser decides what LaTeX means, and no converter of its own (pandoc: 155 MB) is needed.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from latex2mathml.converter import convert_to_element

from frivillig.sphinx.typst.markup import string

if TYPE_CHECKING:
    from collections.abc import Iterable
    from xml.etree.ElementTree import Element

# What MathML draws above or below, as Typst's accents.
ACCENTS = {
    "^": "hat",
    "~": "tilde",
    "˜": "tilde",
    "¯": "macron",
    "―": "overline",
    "_": "underline",
    "˙": "dot",
    "→": "arrow",
}
SYNTAX = frozenset("#$\\&\"'_^/,;()[]{}|*")


class FormulaError(ValueError):
    """A formula that cannot be typeset."""


@cache
def parse(latex: str, *, display: bool = False) -> Element:
    """The formula as a MathML tree.

    Raises:
        FormulaError: when latex2mathml refuses the formula or leaves a command unread.
    """
    try:
        root = convert_to_element(latex.strip(), display="block" if display else "inline")
    except Exception as problem:  # latex2mathml has no common base for its errors
        raise FormulaError(f"'{latex.strip()}' is not read: {problem or type(problem).__name__}") from problem
    for leaf in root.iter():
        text = symbol(leaf)
        if leaf.tag == "mi" and (text.startswith("\\") or text == "&"):
            raise FormulaError(f"'{text}' in '{latex.strip()}' is not read; write the formula another way")
    return root


def symbol(element: Element) -> str:
    """The text of an element, without the entities that latex2mathml writes."""
    text = element.text or ""
    return chr(int(text[3:-1], 16)) if text.startswith("&#x") and text.endswith(";") else text.strip()


def is_choice(element: Element) -> bool:
    """Whether this is the inside of a binomial coefficient; its parentheses are elements of their own."""
    return element.tag == "mfrac" and element.get("linethickness") == "0"


def without_choice_parentheses(elements: Iterable[Element]) -> list[Element]:
    """The elements, less the parentheses around binomial coefficients."""
    children = list(elements)
    choices = {place for place, child in enumerate(children) if is_choice(child)}
    return [
        child
        for place, child in enumerate(children)
        if not (child.tag == "mo" and child.get("minsize") and {place - 1, place + 1} & choices)
    ]


def to_typst(latex: str, *, display: bool = False) -> str:
    """The formula in Typst's math mode, without dollar signs.

    Args:
        latex: The formula, without dollar signs.
        display: Whether it stands by itself, so that limits stand above and below their sign.

    Raises:
        FormulaError: for LaTeX that is not read, and for MathML that has no counterpart here.
    """
    return _element(parse(latex, display=display))


def accent(element: Element) -> str:
    """The name of an accent; empty when the element is none."""
    return ACCENTS.get(symbol(element), "") if element.tag in ("mo", "mi") else ""


def _element(element: Element) -> str:
    children = list(element)
    match element.tag, children:
        case "mrow", [sign] if sign.tag == "mo":
            # LaTeX's {,} is a decimal comma: a sign in braces has no space around it.
            return f'class("normal", {_symbol(sign)})'
        case "math" | "mrow" | "mstyle" | "mtd" | "mpadded", _:
            return _row(children)
        case "mi" | "mn" | "mo", _:
            return _symbol(element)
        case "mtext", _:
            return string(element.text or "")
        case "mspace", _:
            return "\\" if element.get("linebreak") else f"#h({element.get('width')})"
        case "mfrac", [above, below]:
            return f"{'binom' if is_choice(element) else 'frac'}({_element(above)}, {_element(below)})"
        case "msqrt", _:
            return f"sqrt({_row(children)})"
        case "mroot", [body, degree]:
            return f"root({_element(degree)}, {_element(body)})"
        case "msub", [base, low]:
            return f"attach({_element(base)}, b: {_element(low)})"
        case "msup", [base, high]:
            return f"attach({_element(base)}, t: {_element(high)})"
        case "msubsup", [base, low, high]:
            return f"attach({_element(base)}, b: {_element(low)}, t: {_element(high)})"
        case (("mover" | "munder"), [base, mark]) if accent(mark):
            return f"{accent(mark)}({_element(base)})"
        case "munder", [base, low]:
            return f"attach(limits({_element(base)}), b: {_element(low)})"
        case "mover", [base, high]:
            return f"attach(limits({_element(base)}), t: {_element(high)})"
        case "munderover", [base, low, high]:
            return f"attach(limits({_element(base)}), b: {_element(low)}, t: {_element(high)})"
        case "mtable", _:
            return _table(element)
    raise FormulaError(f"no Typst for the MathML element '{element.tag}'")


def _row(elements: list[Element]) -> str:
    shown = without_choice_parentheses(elements)
    body = " ".join(_element(element) for element in shown)
    # \left and \right: as tall as what stands between; one of the two may be missing.
    if shown and any(end.get("fence") for end in (shown[0], shown[-1])):
        return f"lr({body})"
    return body


def _symbol(element: Element) -> str:
    text = symbol(element)
    if len(text) > 1 and not text.replace(".", "").isdigit():
        return f"op({string(text)})"
    shown = "".join(f"\\{character}" if character in SYNTAX else character for character in text)
    return f"upright({shown})" if element.get("mathvariant") == "normal" else shown


def _table(element: Element) -> str:
    rows = "; ".join(", ".join(_element(cell) for cell in row) for row in element)
    left = any(cell.get("columnalign") == "left" for row in element for cell in row)
    return f"mat(delim: #none, align: #{'left' if left else 'center'}, {rows})"
