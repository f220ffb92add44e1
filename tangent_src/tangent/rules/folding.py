"""Folding of rules once an option is a literal: `y * x ** (y - 1)` for y = 2 is `2 * x`.

Only arithmetic on numbers that the program wrote, `x ** 1`, `x ** 0` and `a if option is None
else b`.  It is applied to the expressions of rules, which are always multiplied into an adjoint:
no copy can become an alias.
"""

from __future__ import annotations

import inspect
import operator
from typing import Any

import gast
import numpy as np

import tangent.runtime
from tangent.syntax.trees import copied

_ARITHMETIC: dict[type, Any] = {
    gast.Add: operator.add,
    gast.Sub: operator.sub,
    gast.Mult: operator.mul,
}


def fold(node: Any) -> Any:
    """A copy of `node` in which what is known is folded."""
    return _folded(copied(node))


def _folded(node: Any) -> Any:
    """`node` itself, changed in place."""
    for field in node._fields:
        child = getattr(node, field, None)
        if isinstance(child, list):
            setattr(node, field, [_folded(c) if isinstance(c, gast.AST) else c for c in child])
        elif isinstance(child, gast.AST):
            setattr(node, field, _folded(child))
    if isinstance(node, gast.BinOp):
        return _binary(node)
    if isinstance(node, gast.IfExp):
        known = _truth(node.test)
        return node if known is None else node.body if known else node.orelse
    if isinstance(node, gast.Call):
        return _drop_defaults(node)
    return node


def _number(node: Any) -> Any | None:
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
        inner = _number(node.operand)
        return None if inner is None else -inner
    plain = isinstance(node, gast.Constant) and isinstance(node.value, (int, float))
    return node.value if plain and not isinstance(node.value, bool) else None


def _binary(node: Any) -> Any:
    left, right = _number(node.left), _number(node.right)
    if left is not None and right is not None and type(node.op) in _ARITHMETIC:
        return _constant(_ARITHMETIC[type(node.op)](left, right))
    if isinstance(node.op, gast.Pow) and right == 1:
        return node.left
    if isinstance(node.op, gast.Pow) and right == 0:
        return _constant(1)
    if isinstance(node.op, gast.Mult) and left == 0:  # `0 * x ** -1` is 0, also where x is
        return node.left
    if isinstance(node.op, gast.Mult) and right == 1:
        return node.left
    if isinstance(node.op, gast.Mult) and left == 1:
        return node.right
    return node


def _constant(value: Any) -> Any:
    if value < 0:
        return gast.UnaryOp(op=gast.USub(), operand=gast.Constant(value=-value, kind=None))
    return gast.Constant(value=value, kind=None)


def _truth(test: Any) -> bool | None:
    """`option is None`, `option is not None`, `option` for a literal option; None if it is not
    known.
    """
    if isinstance(test, gast.Constant):
        return bool(test.value)
    if isinstance(test, gast.Tuple):
        return bool(test.elts)
    if isinstance(test, gast.Compare) and isinstance(test.ops[0], gast.Eq):
        sides = [test.left, test.comparators[0]]
        if all(isinstance(s, gast.Constant) for s in sides):
            return bool(sides[0].value == sides[1].value)
    written = (gast.Constant, gast.Tuple, gast.List)
    if isinstance(test, gast.Compare) and (
        _number(test.left) is not None or isinstance(test.left, written)
    ):
        right = test.comparators[0]
        if isinstance(right, gast.Constant) and right.value is None:
            same = isinstance(test.left, gast.Constant) and test.left.value is None
            return same if isinstance(test.ops[0], gast.Is) else not same
    return None


def _drop_defaults(node: Any) -> Any:
    """Trailing arguments of a helper that are its defaults: `spread(y_bar, x, None, False)` is
    `spread(y_bar, x)`.
    """
    if isinstance(node.func, gast.Attribute) and node.func.attr == "sum":
        return _drop_sum_defaults(node)
    function = _function(node.func)
    number = _number(node.args[0]) if node.args else None
    if function is np.negative and number is not None:
        return _constant(-number)
    while node.args and isinstance(node.args[-1], gast.Constant) and _is_default(node, function):
        node.args.pop()
    return node


def _function(node: Any) -> Any:
    """The helper or the function of NumPy that is called: `@spread`, `np.roll`."""
    match node:
        case gast.Name(id=identifier) if identifier[:1] == "@":
            return getattr(tangent.runtime, identifier[1:], None)
        case gast.Attribute(value=gast.Name(id="@import:np"), attr=attribute):
            return getattr(np, attribute, None)
    return None


def _drop_sum_defaults(node: Any) -> Any:
    """`np.sum(x, None, keepdims=False)` is `np.sum(x)`."""
    node.keywords = [
        k
        for k in node.keywords
        if not (isinstance(k.value, gast.Constant) and k.value.value is False)
    ]
    last = node.args[-1] if len(node.args) == 2 else None
    if isinstance(last, gast.Constant) and last.value is None:
        node.args.pop()
    return node


def _is_default(node: Any, function: Any) -> bool:
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # nothing is known, or written in C without a signature
        return False
    position = len(node.args) - 1
    value = node.args[-1].value
    return position < len(parameters) and parameters[position].default is value
