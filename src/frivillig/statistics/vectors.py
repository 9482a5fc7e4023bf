"""Variables and conditions of the `stat` language, evaluated on arrays.

pandas evaluates a condition in milliseconds; scoring a dataset needs hundreds, and the
reconstruction thousands. Here an expression is checked and compiled once, then runs as NumPy code.
Complex numbers pass through, so that a derivative can be had by a complex step.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from types import CodeType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frivillig.statistics.expressions import ExpressionError

Array = NDArray[Any]

_ALLOWED = (
    *(ast.Expression, ast.Name, ast.Load, ast.Constant, ast.List, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp),
    *(ast.Not, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Call, ast.Attribute),
    *(ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In),
)
_FUNCTIONS = {
    "np": np,
    "_notna": pd.notna,
    "_isna": pd.isna,
    "_among": lambda values, wanted: pd.Series(values).isin(wanted).to_numpy(),
}


class _ToNumPy(ast.NodeTransformer):
    """From the words of pandas' query to the operators of arrays."""

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        operator = ast.BitAnd() if isinstance(node.op, ast.And) else ast.BitOr()
        joined = node.values[0]
        for value in node.values[1:]:
            joined = ast.BinOp(joined, operator, value)
        return joined

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        return ast.UnaryOp(ast.Invert(), node.operand) if isinstance(node.op, ast.Not) else node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.ops[0], ast.In):
            return ast.Call(ast.Name("_among", ast.Load()), [node.left, *node.comparators], [])
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("notna", "isna"):
            return ast.Call(ast.Name(f"_{node.func.attr}", ast.Load()), [node.func.value], [])
        return node


@cache
def _compiled(text: str) -> tuple[CodeType, tuple[str, ...]]:
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError as problem:
        raise ExpressionError(f"'{text}': {problem.msg}") from problem
    names = set()
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED) or (isinstance(node, ast.Compare) and len(node.ops) > 1):
            raise ExpressionError(f"'{text}': {type(node).__name__} is not part of the language")
        if isinstance(node, ast.Call) and not isinstance(node.func, ast.Attribute):
            raise ExpressionError(f"'{text}': {ast.unparse(node.func)}() is not part of the language")
        if isinstance(node, ast.Attribute) and node.attr not in ("log", "exp", "notna", "isna"):
            raise ExpressionError(f"'{text}': unknown function '{node.attr}'")
        if isinstance(node, ast.Name) and node.id != "np":
            names.add(node.id)
    return compile(ast.fix_missing_locations(_ToNumPy().visit(tree)), text, "eval"), tuple(sorted(names))


def columns_of(text: str) -> tuple[str, ...]:
    """The columns that a variable or condition names, in alphabetical order.

    Raises:
        ExpressionError: when the text is not part of the language.
    """
    return _compiled(text)[1]


def vector(text: str, columns: Mapping[str, Array]) -> Array:
    """A variable or condition, one value per respondent.

    Args:
        text: The expression, as `np.log(population / 1000)` or `policy == 1`.
        columns: One array of shape (respondents,) per column.

    Raises:
        ExpressionError: when the text is not part of the language, or names an unknown column.
    """
    code, names = _compiled(text)
    for name in names:
        if name not in columns:
            raise ExpressionError(f"'{text}': unknown column '{name}'")
    # The language is checked above; eval sees arrays and the functions of this module only.
    return eval(code, {"__builtins__": {}, **_FUNCTIONS}, dict(columns))


def arrays(answers: pd.DataFrame) -> dict[str, Array]:
    """The columns of a table as arrays: numbers as floats with NaN, text as objects."""
    return {
        name: column.to_numpy(float if pd.api.types.is_numeric_dtype(column) else object, na_value=np.nan)
        for name, column in answers.items()
    }


@cache
def formula_terms(formula: str) -> tuple[str, tuple[str, ...]]:
    """The outcome and the terms of a formula: 'y ~ a + np.log(b)' is ('y', ('a', 'np.log(b)'))."""
    outcome, _, right = formula.partition("~")
    terms: list[str] = []

    def collect(node: ast.expr) -> None:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            collect(node.left)
            collect(node.right)
        else:
            terms.append(ast.unparse(node))

    try:
        collect(ast.parse(right.strip(), mode="eval").body)
    except SyntaxError as problem:
        raise ExpressionError(f"'{formula}': {problem.msg}") from problem
    return outcome.strip(), tuple(terms)
