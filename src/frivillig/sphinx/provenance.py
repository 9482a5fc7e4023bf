"""Which printed numbers an exhibit is drawn from, read from the code that draws it.

Nobody has to write them beside each figure, and so nobody can forget to.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence

from frivillig.data import Spine

PART = r"[a-z0-9_]+"


def statistics_behind(cells: Sequence[str], name: str, spine: Spine) -> list[str]:
    """The ids of the printed numbers that the code of an exhibit reads.

    The statement that draws the exhibit is found by its name, then, backwards, every statement that gives
    a value to a name used. In these the texts that are ids, or the beginnings of ids, are looked up; what an
    f-string puts into one is any other text of these statements, or else any word.

    Args:
        cells: The code of the notebook's cells, up to the one that draws the exhibit.
        name: Its name, `fig-…` or `tab-…`.
        spine: The printed numbers.

    Returns:
        Ids in the order of the spine: rows that have a printed number, each once, and none that only
        repeats another of them. Empty when the code cannot be read or reads no printed number.
    """
    try:
        statements = [statement for cell in cells for statement in ast.parse(cell).body]
    except SyntaxError:  # a magic of IPython
        return []
    drawing = [place for place, statement in enumerate(statements) if name in _texts(statement)]
    if not drawing:
        return []
    behind = list(_slice(statements[: drawing[-1] + 1]))
    numbers = {row.id: row for row in spine.values() if row.value is not None}
    texts = {text for statement in behind for text in _texts(statement)}
    found = {id for text in texts if re.fullmatch(rf"{PART}(\.{PART})+", text) for id in _from(text, numbers)}
    words = "|".join(re.escape(text) for text in texts if re.fullmatch(rf"{PART}(\.{PART})*", text))
    for template in {template for statement in behind for template in _templates(statement)}:
        known = re.compile(template.replace("{}", rf"({words})(\.{PART})*") + rf"(\.{PART})*")
        any_word = re.compile(template.replace("{}", PART))
        found |= {id for id in numbers if known.fullmatch(id)} or {
            id for id in numbers if any_word.fullmatch(id)
        }
    return [id for id in numbers if id in found and numbers[id].repeats not in found]


def _from(text: str, ids: Iterable[str]) -> set[str]:
    return {id for id in ids if id == text or id.startswith(f"{text}.")}


def _slice(statements: list[ast.stmt]) -> Iterable[ast.stmt]:
    """The last statement and, backwards, all that what it uses comes from."""
    last = statements[-1]
    needed = _used(last)
    yield last
    for statement in reversed(statements[:-1]):
        if not _changed(statement) & needed:
            continue
        yield statement
        if isinstance(statement, ast.Assign):  # a new value: what the name was before does not matter
            needed -= {target.id for target in statement.targets if isinstance(target, ast.Name)}
        needed |= _used(statement)


def _used(statement: ast.stmt) -> set[str]:
    """Names that a statement reads, without those that only count its own rounds."""
    loads = {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    return loads - _counting(statement)


def _changed(statement: ast.stmt) -> set[str]:
    """Names that a statement binds, and those whose parts it sets."""
    names: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            names |= {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}
        elif isinstance(node, ast.FunctionDef):
            names.add(node.name)
    return names - _counting(statement)


def _counting(statement: ast.stmt) -> set[str]:
    """The names of loops and comprehensions."""
    targets = [node.target for node in ast.walk(statement) if isinstance(node, ast.For | ast.comprehension)]
    return {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}


def _texts(statement: ast.stmt) -> set[str]:
    return {
        node.value
        for node in ast.walk(statement)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _templates(statement: ast.stmt) -> set[str]:
    """Regular expressions of the f-strings that make ids, with {} for what is put in."""
    templates = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.JoinedStr):
            parts = [
                re.escape(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
            ]
            template = "".join(parts)
            if re.fullmatch(r"[a-z_]+\\\.([a-z0-9_{}]|\\\.)+", template):  # f"municipal.source.{name}.count"
                templates.add(template)
    return templates
