"""`return` at the end of branches -> one `return` on every path, at its end.

    if n == 0:                      if n == 0:
        return x            ->          return x
    y = f(x, n - 1)                 else:
    return x * y                        y = f(x, n - 1)
                                        return x * y

What follows an `if` that may return moves into the branches that do not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import gast

Refuse = Callable[[str, str, Any, str], NoReturn]


def single_return(body: list[Any], refuse: Refuse) -> list[Any]:
    """`body` in which each path ends with its `return`; a path without one returns None."""
    for position, node in enumerate(body):
        if isinstance(node, gast.Return):
            return body[: position + 1]
        if isinstance(node, gast.If) and _returns(node):
            rest = body[position + 1 :]
            if rest and not (_always(node.body) or _always(node.orelse)) and _size(rest) > 40:
                advice = "compute the value in both branches and return it once"
                refuse(
                    "a `return` deep in a branch, with much code after it", "return", node, advice
                )
            closed = gast.If(
                test=node.test,
                body=single_return([*node.body, *rest], refuse),
                orelse=single_return([*node.orelse, *rest], refuse),
            )
            return [*body[:position], gast.copy_location(closed, node)]
        inner = next((n for n in gast.walk(node) if isinstance(n, gast.Return)), None)
        if inner is not None and not isinstance(
            node, (gast.FunctionDef, gast.AsyncFunctionDef, gast.ClassDef)
        ):
            advice = "assign the result in the loop and return it after the loop"
            refuse("`return` inside a loop or a block", "return-in-loop", inner, advice)
    last = body[-1] if body else None
    nothing = gast.Return(value=gast.Constant(value=None, kind=None))
    return [*body, gast.copy_location(nothing, last)] if last is not None else [nothing]


def _returns(node: gast.If) -> bool:
    """Does a branch return, outside loops and nested functions?"""
    for child in (*node.body, *node.orelse):
        if isinstance(child, gast.Return) or (isinstance(child, gast.If) and _returns(child)):
            return True
    return False


def _always(body: list[Any]) -> bool:
    """Does every path through `body` leave the function?"""
    if not body:
        return False
    last = body[-1]
    if isinstance(last, gast.If):
        return _always(last.body) and _always(last.orelse)
    return isinstance(last, (gast.Return, gast.Raise))


def _size(body: list[Any]) -> int:
    return sum(1 for s in body for _ in gast.walk(s) if isinstance(_, gast.stmt))
