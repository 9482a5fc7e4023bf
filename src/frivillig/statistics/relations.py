"""Relations between rows of the spine: how claims in words say that printed numbers stand to each other.

    municipal.deliberate.unsure.count <= municipal.deliberate.yes.count

Rows are named by their ids. They are compared with `<`, `<=`, `==`, `>=` or `>`, with numbers and the four
operations between them.
"""

from __future__ import annotations

import ast

COMPARISONS = (ast.Lt, ast.LtE, ast.Eq, ast.GtE, ast.Gt)
OPERATIONS = (ast.Add, ast.Sub, ast.Mult, ast.Div)


class RelationError(ValueError):
    """A relation that cannot be read; the message quotes the part."""


def read_relation(text: str) -> ast.Compare:
    """Read a relation: ids are `ast.Attribute`, all else is `ast.BinOp`, `ast.UnaryOp` or `ast.Constant`.

    Raises:
        RelationError: when it is no comparison of ids, numbers and the four operations.
    """
    try:
        relation = ast.parse(text, mode="eval").body
    except SyntaxError as problem:
        raise RelationError(f"'{text}': {problem.msg}") from problem
    if not isinstance(relation, ast.Compare) or not all(
        isinstance(sign, COMPARISONS) for sign in relation.ops
    ):
        raise RelationError(f"'{text}' compares nothing with < <= == >= or >")
    for side in (relation.left, *relation.comparators):
        _check(side)
    return relation


def named_rows(node: ast.AST) -> list[str]:
    """The ids in a relation, each once, in the order of first mention."""
    if isinstance(node, ast.Attribute):
        return [ast.unparse(node)]
    return list(dict.fromkeys(id for child in ast.iter_child_nodes(node) for id in named_rows(child)))


def _check(node: ast.expr) -> None:
    match node:
        case ast.BinOp(left, operation, right) if isinstance(operation, OPERATIONS):
            _check(left)
            _check(right)
        case ast.UnaryOp(ast.USub(), ast.Constant()) | ast.Attribute():
            pass
        case ast.Constant(int() | float()):
            pass
        case _:
            raise RelationError(f"'{ast.unparse(node)}' is no id, number or operation")
