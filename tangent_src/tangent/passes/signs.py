"""Signs as one writes them by hand: `a + b * -c` is `a - b * c`.

Exact in floating-point arithmetic, where a sign changes nothing else.
"""

from __future__ import annotations

from typing import Any

import gast

from tangent.syntax.trees import is_literal, rebuild


def tidy_signs(node: Any) -> Any:
    """A statement or an expression with its signs in front of products, and in sums as `-`."""
    return rebuild(node, lambda n: _binary(n) if isinstance(n, gast.BinOp) else None)


def _binary(node: Any) -> Any:
    left, right = tidy_signs(node.left), tidy_signs(node.right)
    if isinstance(node.op, (gast.Mult, gast.Div, gast.MatMult)) and _negative(right):
        inner = gast.BinOp(left=left, op=node.op, right=right.operand)
        return gast.UnaryOp(op=gast.USub(), operand=inner)
    if isinstance(node.op, (gast.Add, gast.Sub)) and _negative(right):
        op = gast.Sub() if isinstance(node.op, gast.Add) else gast.Add()
        return gast.BinOp(left=left, op=op, right=right.operand)
    return gast.BinOp(left=left, op=node.op, right=right)


def _negative(node: Any) -> bool:
    """Is it `-e`, e no number?"""
    minus = isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub)
    return minus and not is_literal(node)
