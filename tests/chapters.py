"""Execute the cells of a chapter in this process, and keep what they make."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

import jupytext
import myst_nb
import pytest

from frivillig.data import ROOT
from frivillig.display import Exhibit


@dataclass(frozen=True)
class Chapter:
    """What a chapter made: its glued texts, and its exhibits by name."""

    glued: dict[str, str]
    exhibits: dict[str, Exhibit]


def execute(name: str, monkeypatch: pytest.MonkeyPatch) -> Chapter:
    """Execute notebooks/NAME.md with the answers that are chosen."""
    path = ROOT / "notebooks" / f"{name}.md"
    glued: dict[str, str] = {}
    exhibits: dict[str, Exhibit] = {}
    monkeypatch.setattr(myst_nb, "glue", lambda name, value, display=True: glued.update({name: value}))
    monkeypatch.chdir(path.parent)
    names: dict[str, Any] = {"__name__": name}
    for cell in jupytext.read(path).cells:
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        shown = None
        if isinstance(tree.body[-1], ast.Expr):
            shown = ast.Expression(tree.body.pop().value)
        exec(compile(tree, str(path), "exec"), names)
        value = eval(compile(shown, str(path), "eval"), names) if shown else None
        if isinstance(value, Exhibit):
            exhibits[value.name] = value
    return Chapter(glued, exhibits)
