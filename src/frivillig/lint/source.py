"""A page as the checks read it: its prose and its code cells, each line at its place in the file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from frivillig.data import relative

ROLE = re.compile(r"\{[a-z:]+\}`[^`]*`")
# Stands where code computes a part of a string.
COMPUTED = " … "
# What is no prose. Where several lines match they become as many empty ones: line numbers hold.
MARKUP = [
    re.compile(pattern, re.M | re.S)
    for pattern in (
        r"\A---\n.*?\n---\n",  # front matter
        r"^(```+|~~~+)\{code-cell\}.*?^\1$",
        r"^(```+)\{[^\n]*\n\1$",  # directives without content, whose last line would open the next
        r"^(```+|~~~+)[a-z]*$.*?^\1$",  # code that is only shown
        r"^\$\$.*?^\$\$$",
        r"^% [^\n]*$",  # comments
        r"^\([a-z0-9-]+\)=$",  # labels
        r"^(```+|:::+)(\{admonition\}|[^\n]*$)",  # fences; only the title of a box is prose
        r"^:(?!alt:|caption:)[a-z-]+:[^\n]*$",  # options of directives
        ROLE.pattern,
        r"`[^`\n]+`",  # code in a sentence
        r"\$[^$\n]+\$",
        r"\]\([^)\n]*\)",  # addresses of links
        r"https?://\S+",
    )
]
HEADING = re.compile(r"(#+) ")
CELL = re.compile(r"^(```+|~~~+)\{code-cell\}[^\n]*\n(.*?)^\1$", re.M | re.S)
CELL_OPTIONS = re.compile(r"\A(?:---\n.*?\n---\n|(?::[a-z-]+:[^\n]*\n)+)", re.S)
ENGLISH_BLOCK = "{.lang-en}"
ENGLISH_WORDS = re.compile(r"\[([^\]\n]*)\]\{\.lang-en\}")


@dataclass(frozen=True, order=True)
class Remark:
    """Something to mend: the file, the line from 1, what is wrong and how to mend it, and the rule's name."""

    file: str
    line: int
    text: str
    rule: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text} [{self.rule}]"


@dataclass(frozen=True)
class Exhibit:
    """A call that draws a figure or table: its name, and each keyword with the line of its value."""

    name: str
    line: int
    keywords: dict[str, tuple[int, ast.expr]]


@dataclass(frozen=True)
class Page:
    """A page of the book: its file, and its text."""

    path: Path
    text: str

    @property
    def file(self) -> str:
        """The file as messages name it."""
        return relative(self.path)

    def remark(self, line: int, rule: str, text: str) -> Remark:
        """A remark on a line of this page."""
        return Remark(self.file, line, text, rule)

    @cached_property
    def prose(self) -> str:
        """The text without code, formulas, roles and addresses, in as many lines as the file has."""
        text = self.text
        for pattern in MARKUP:
            text = pattern.sub(lambda match: "\n" * match[0].count("\n"), text)
        return text

    @cached_property
    def english(self) -> frozenset[int]:
        """The lines of parts marked as English by {.lang-en} before a heading or a paragraph."""
        lines: set[int] = set()
        level = None  # of the heading that opened an English part; 0 for a paragraph
        marked = False
        for number, line in enumerate(self.text.splitlines(), 1):
            heading = HEADING.match(line)
            if marked:
                level, marked = (len(heading[1]) if heading else 0), False
            elif level is not None and (
                (heading and level and len(heading[1]) <= level) or (not level and not line)
            ):
                level = None
            if line == ENGLISH_BLOCK:
                marked = True
            elif level is not None:
                lines.add(number)
        return frozenset(lines)

    @cached_property
    def cells(self) -> list[tuple[int, ast.Module]]:
        """Each code cell: the lines before its code, and the code; a cell that is no Python is left out."""
        cells = []
        for match in CELL.finditer(self.text):
            options = CELL_OPTIONS.match(match[2])
            start = match.start(2) + (options.end() if options else 0)
            # Magics and shell commands are no Python.
            code = re.sub(r"^[%!]", "# ", self.text[start : match.end(2)], flags=re.M)
            try:
                cells.append((self.text[:start].count("\n"), ast.parse(code)))
            except SyntaxError:
                continue  # the build executes the cell and quotes it
        return cells

    def calls(self) -> Iterator[tuple[int, ast.Call]]:
        """Every call in the code cells, with the lines of the file before its cell's code."""
        for before, tree in self.cells:
            for node in ast.walk(tree):
                if isinstance(node, ast.Call):
                    yield before, node

    def exhibits(self) -> Iterator[Exhibit]:
        """Every figure and table that the code cells draw: calls with a name fig-… or tab-…."""
        for before, call in self.calls():
            keywords = {
                keyword.arg: (before + keyword.value.lineno, keyword.value)
                for keyword in call.keywords
                if keyword.arg
            }
            name = "".join(strings(keywords["name"][1])) if "name" in keywords else ""
            if name.startswith(("fig-", "tab-")):
                yield Exhibit(name, before + call.lineno, keywords)

    def texts(self) -> Iterator[tuple[int, str]]:
        """Line and text of all that readers read: the prose, and what exhibits say, without roles."""
        yield from enumerate(self.prose.splitlines(), 1)
        for exhibit in self.exhibits():
            for key in ("caption", "alt", "heading"):
                if key in exhibit.keywords:
                    line, value = exhibit.keywords[key]
                    yield line, ROLE.sub(" ", COMPUTED.join(strings(value)))

    def matches(self, pattern: str) -> Iterator[tuple[int, re.Match[str]]]:
        """Each match in the text, outside front matter and code cells, with its line."""
        text = self.text
        for hidden in MARKUP[:4]:
            text = hidden.sub(lambda match: "\n" * match[0].count("\n"), text)
        for match in re.finditer(pattern, text, re.M):
            yield text[: match.start()].count("\n") + 1, match


def strings(expression: ast.expr) -> Iterator[str]:
    """The literal parts of a string that code puts together, in order; what it computes is left out."""
    match expression:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr(values=parts):
            for part in parts:
                yield from strings(part.value if isinstance(part, ast.FormattedValue) else part)
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            yield from strings(left)
            yield from strings(right)
        case ast.IfExp(body=body, orelse=orelse):
            yield from strings(body)
            yield from strings(orelse)


def read_page(path: Path) -> Page:
    """Read a page from its file."""
    return Page(path, path.read_text(encoding="utf-8"))


def read_pages(root: Path) -> list[Page]:
    """Every page of the book below a project's folder."""
    paths = [path for folder in ("book", "notebooks") for path in sorted((root / folder).glob("*.md"))]
    return [read_page(path) for path in paths]
