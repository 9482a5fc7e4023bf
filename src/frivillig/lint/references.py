"""What the pages refer to: numbers of the spine, glued values, labels and works, each of which must exist."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from frivillig.data import Spine, UnknownStatisticError
from frivillig.lint.source import Page, Remark, strings

# Anchors that the lists of all numbers and findings make when the book is built.
MADE_BY_THE_BUILD = ("tall-", "funn-", "bruk-", "ref-")
LABEL = r"^\(([a-z0-9-]+)\)=$"
NAME_OPTION = r"^:(?:name|label): *(\S+) *$"


def numbers(page: Page, spine: Spine) -> Iterator[Remark]:
    """Ids that the spine lacks, in {stat} and in cells, and numbers to show that the text has lost."""
    shown = [(line, text.partition(" ")[0], True) for line, text in _roles(page, "stat")]
    # A cell may want the place of a lost number, or ask whether it is there.
    for line, id, is_shown in [*shown, *((line, id, False) for line, id in _read_by_cells(page))]:
        try:
            statistic = spine[id]
        except UnknownStatisticError as problem:
            yield page.remark(line, "unknown-number", f"{problem}; data/published/statistics.csv has all")
            continue
        if is_shown and not statistic.printed:
            yield page.remark(
                line, "lost-number", f"the report's text has lost the number '{id}'; write without it"
            )


def _read_by_cells(page: Page) -> Iterator[tuple[int, str]]:
    """Line and id of `spine["id"]` and `spine.count("id")`; ids that code puts together are left out."""
    for before, tree in page.cells:
        for node in ast.walk(tree):
            match node:
                case ast.Subscript(ast.Name("spine"), ast.Constant(str() as id)) | ast.Call(
                    ast.Attribute(ast.Name("spine"), "count"), [ast.Constant(str() as id)]
                ):
                    yield before + node.lineno, id


def glued(page: Page) -> Iterator[Remark]:
    """Values that no cell of the page glues."""
    names = [
        _pattern(call.args[0])
        for _, call in page.calls()
        if isinstance(call.func, ast.Name) and call.func.id == "glue" and call.args
    ]
    for line, text in _roles(page, "glue:text"):
        key = text.rsplit(":", 1)[0]
        if "::" not in key and not any(re.fullmatch(name, key) for name in names):
            known = [name for name in names if name.isidentifier()]
            yield page.remark(
                line, "unknown-glue", f"no cell of this page glues '{key}'{_nearest(key, known)}"
            )


def labels(pages: Iterable[Page]) -> Iterator[Remark]:
    """Labels that stand twice in the book, and references to labels that stand nowhere."""
    first: dict[str, str] = {}
    patterns: list[str] = []
    pages = list(pages)
    for page in pages:
        for line, label, pattern in _labels(page):
            patterns.append(pattern)
            if pattern != re.escape(label):
                continue  # a name that a loop completes
            if label in first:
                yield page.remark(
                    line, "duplicate-label", f"the label '{label}' stands at {first[label]} too; rename one"
                )
            first.setdefault(label, f"{page.file}:{line}")
    for page in pages:
        for role in ("ref", "numref"):
            for line, text in _roles(page, role):
                match = re.search(r"<([^>]*)>$", text)
                target = match[1] if match else text
                known = target.startswith(MADE_BY_THE_BUILD)
                if not known and not any(re.fullmatch(pattern, target) for pattern in patterns):
                    yield page.remark(
                        line, "unknown-label", f"there is no label '{target}'{_nearest(target, first)}"
                    )


def links(page: Page, folder: Path) -> Iterator[Remark]:
    """Links to pages and pictures that do not exist; `folder` is where the page lies."""
    for line, match in page.matches(r"\]\(([^)#:\s]+\.md)(?:#[^)]*)?\)"):
        if not (folder / match[1]).is_file():
            yield page.remark(line, "unknown-page", f"there is no page '{match[1]}' seen from this one")
    for line, match in page.matches(r"!\[[^\]\n]*\]\(([^):\s]+)\)"):
        if not (folder / match[1]).is_file():
            yield page.remark(line, "unknown-picture", f"there is no picture '{match[1]}' seen from here")


def citations(page: Page, works: Iterable[str]) -> Iterator[Remark]:
    """Keys that the list of references lacks."""
    works = list(works)
    for line, text in _roles(page, "cite:[a-z]+"):
        for part in re.sub(r"\{[^}]*\}", "", text).split(","):
            if part.strip() not in works:
                near = _nearest(part.strip(), works)
                yield page.remark(
                    line, "unknown-work", f"book/references.bib has no work '{part.strip()}'{near}"
                )


def read_works(path: Path) -> list[str]:
    """The keys of a BibTeX file."""
    return re.findall(r"^@[a-z]+\{([^,\s]+),", path.read_text(encoding="utf-8"), re.M | re.I)


def _pattern(expression: ast.expr) -> str:
    """A pattern for the strings that an expression may give: what code computes may be anything."""
    match expression:
        case ast.Constant(value=str() as text):
            return re.escape(text)
        case ast.JoinedStr(values=parts):
            return "".join(_pattern(part) for part in parts)
    return ".+"


def _labels(page: Page) -> Iterator[tuple[int, str, str]]:
    """Line, label and pattern of what may be referred to on a page."""
    for pattern in (LABEL, NAME_OPTION):
        for line, match in page.matches(pattern):
            yield line, match[1], re.escape(match[1])
    for exhibit in page.exhibits():
        line, value = exhibit.keywords["name"]
        yield line, exhibit.name, _pattern(value)


def _roles(page: Page, role: str) -> Iterator[tuple[int, str]]:
    """Line and content of a role, in the text and in captions that cells write."""
    pattern = rf"\{{{role}\}}`([^`]*)`"
    for line, match in page.matches(pattern):
        yield line, match[1]
    for exhibit in page.exhibits():
        if "caption" in exhibit.keywords:
            line, value = exhibit.keywords["caption"]
            for content in re.findall(pattern, "".join(strings(value))):
                yield line, content


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=2, cutoff=0.6)
    return f"; nearest: {', '.join(near)}" if near else ""
