"""Read a PDF as a screen reader does: its tag tree, with the text that each element holds.

`python tests/reading.py FILE` prints the tree; with `--aloud` only what would be spoken.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf

SHOWS_TEXT = {"Tj", "TJ", "'", '"'}
DRAWS = SHOWS_TEXT | {"Do", "f", "F", "f*", "S", "s", "B", "b", "B*", "b*", "sh"}
HEX = re.compile(r"<([0-9A-Fa-f]*)>")


@dataclass
class Element:
    """A structure element: its kind, such as P or TH, what describes it, and what it holds, in order."""

    kind: str
    alt: str = ""
    lang: str = ""
    scope: str = ""
    content: list[Element | str] = field(default_factory=list)

    @property
    def elements(self) -> list[Element]:
        """The elements right below."""
        return [item for item in self.content if isinstance(item, Element)]

    def walk(self) -> Iterator[Element]:
        """This element and all below it, in reading order."""
        yield self
        for element in self.elements:
            yield from element.walk()

    def find(self, *kinds: str) -> list[Element]:
        """All elements of these kinds."""
        return [element for element in self.walk() if element.kind in kinds]

    @property
    def text(self) -> str:
        """All text within, as it is spoken."""
        return "".join(item if isinstance(item, str) else item.text for item in self.content)

    def lines(self, depth: int = 0) -> Iterator[str]:
        """The tree as lines to look at."""
        notes = [f"{name}={value!r}" for name in ("alt", "lang", "scope") if (value := getattr(self, name))]
        yield "  " * depth + " ".join([self.kind, *notes])
        for item in self.content:
            if isinstance(item, str):
                yield "  " * (depth + 1) + repr(item)
            else:
                yield from item.lines(depth + 1)


@dataclass
class Reading:
    """A PDF as read: the tree, and what the pages draw outside it."""

    root: Element
    untagged: list[str]


def read(path: Path) -> Reading:
    """Read a tagged PDF."""
    with pikepdf.open(path) as pdf:
        texts: dict[tuple[tuple[int, int], int], str] = {}
        untagged: list[str] = []
        for number, page in enumerate(pdf.pages, 1):
            for mark, text in _page(page):
                if mark is None:
                    untagged.append(f"page {number}: {text}")
                else:
                    texts[page.objgen, mark] = texts.get((page.objgen, mark), "") + text
        root = Element("Document", content=_content(pdf.Root.StructTreeRoot, None, texts))
    return Reading(root, untagged)


def page_text(page: pikepdf.Page) -> str:
    """What is tagged on one page."""
    return "".join(text for mark, text in _page(page) if mark is not None)


def _content(
    node: pikepdf.Dictionary, page: tuple[int, int] | None, texts: dict[tuple[tuple[int, int], int], str]
) -> list[Element | str]:
    page = node.Pg.objgen if "/Pg" in node else page
    kids = node.get("/K", [])
    content: list[Element | str] = []
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if not isinstance(kid, pikepdf.Dictionary):
            content.append(texts.get((page, int(kid)), ""))
        elif kid.get("/Type") == "/MCR":
            content.append(texts.get((kid.Pg.objgen if "/Pg" in kid else page, int(kid.MCID)), ""))
        elif "/S" in kid:
            content.append(_element(kid, page, texts))
    return content


def _element(
    node: pikepdf.Dictionary, page: tuple[int, int] | None, texts: dict[tuple[tuple[int, int], int], str]
) -> Element:
    attributes = node.get("/A", [])
    attributes = list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]
    scopes = [
        str(item.Scope) for item in attributes if isinstance(item, pikepdf.Dictionary) and "/Scope" in item
    ]
    return Element(
        str(node.S).removeprefix("/"),
        alt=str(node.get("/Alt", "")),
        lang=str(node.get("/Lang", "")),
        scope="".join(scopes).removeprefix("/"),
        content=_content(node, page, texts),
    )


def _page(page: pikepdf.Page) -> Iterator[tuple[int | None, str]]:
    """Each piece of text with the number of its marked content; None where a drawing is in no tag."""
    fonts: dict[str, dict[bytes, str]] = {}
    marks: list[tuple[int | None, bool, bool]] = []  # number, in the tree or an artifact, text replaced
    font: dict[bytes, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        number, known, replaced = marks[-1] if marks else (None, False, False)
        if name in ("BDC", "BMC"):
            properties = operands[1] if len(operands) > 1 else {}
            if isinstance(properties, pikepdf.Name):
                properties = page.Resources.Properties[properties]
            number = int(properties["/MCID"]) if "/MCID" in properties else number
            known = known or "/MCID" in properties or str(operands[0]) == "/Artifact"
            if "/ActualText" in properties and not replaced:
                replaced = True
                if number is not None:
                    yield number, str(properties["/ActualText"])
            marks.append((number, known, replaced))
        elif name == "EMC":
            marks.pop()
        elif name == "Tf":
            key = str(operands[0])
            font = fonts.setdefault(key, _letters(page.Resources.Font[key]))
        elif name in SHOWS_TEXT and number is not None and not replaced:
            yield number, "".join(_decode(item, font) for item in _strings(operands[-1]))
        elif name in DRAWS and not known:
            yield None, name


def _strings(operand: pikepdf.Object) -> list[bytes]:
    items = operand if isinstance(operand, pikepdf.Array) else [operand]
    return [bytes(item) for item in items if isinstance(item, pikepdf.String)]


def _decode(codes: bytes, letters: dict[bytes, str]) -> str:
    return "".join(letters.get(codes[place : place + 2], "\ufffd") for place in range(0, len(codes), 2))


def _letters(font: pikepdf.Dictionary) -> dict[bytes, str]:
    """What each two-byte code of a font means, from its ToUnicode table."""
    letters: dict[bytes, str] = {}
    table = font.ToUnicode.read_bytes().decode("latin-1")
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        codes = HEX.findall(block)
        for code, text in zip(codes[::2], codes[1::2], strict=True):
            letters[bytes.fromhex(code)] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, start in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for step, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                letters[code.to_bytes(2, "big")] = chr(int(start, 16) + step)
    return letters


def aloud(element: Element) -> Iterator[str]:
    """What a screen reader says, a line per stop."""
    if element.kind in ("Figure", "Formula") and element.alt:
        yield f"[{element.kind}: {element.alt}]"
    elif element.kind in ("P", "Caption", "TH", "TD", "Lbl", "LBody", "Code") or re.fullmatch(
        r"H\d", element.kind
    ):
        yield f"[{element.kind}] {element.text}"
    else:
        for item in element.content:
            if isinstance(item, Element):
                yield from aloud(item)
            elif item.strip():
                yield item


if __name__ == "__main__":
    tree = read(Path(sys.argv[1])).root
    print("\n".join(aloud(tree) if "--aloud" in sys.argv else tree.lines()))
