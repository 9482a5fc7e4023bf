"""The messages of the code that an author can meet, with … where the code puts a value."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from frivillig.data import ROOT

# Rooms whose messages authors meet; the others speak to those who make data.
ROOMS = ("compare", "data", "display", "lint", "notebooks.py", "sphinx", "statistics")
# Calls that tell, with the place of the message among their arguments.
TELLING = {"error": 0, "warning": 0, "fault": -1, "remark": 2, "Remark": 2}
# Raised for those who change the code, never for a text.
INTERNAL = {"AttributeError", "NotImplementedError"}


def messages() -> dict[str, str]:
    """The file of each message, by the message."""
    found = {}
    for room in ROOMS:
        path = ROOT / "src" / "frivillig" / room
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            for message in _messages(file):
                found.setdefault(message, str(file.relative_to(ROOT)))
    return found


def _messages(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name.endswith("Error") and name not in INTERNAL:
            place = 0
        elif name in TELLING:
            place = TELLING[name]
        else:
            continue
        if node.args and (-1 <= place < len(node.args)) and (message := _template(node.args[place])):
            yield message


def _template(expression: ast.expr) -> str:
    """The literal text of a message, its values replaced; empty when there is no text of its own."""
    match expression:
        case ast.Constant(value=str() as text):
            template = re.sub(r"%[sd]", "…", text)
        case ast.JoinedStr(values=parts):
            template = "".join(part.value if isinstance(part, ast.Constant) else "…" for part in parts)
        case _:
            return ""
    template = re.sub(r"…+", "…", " ".join(template.split()))
    return template if re.search(r"[a-z]{2}", template) else ""
