"""List comprehensions, as loops that append.

[f(v) for v in xs]      ->      t1 = []
                                for v in xs:
                                    t1.append(f(v))
"""

from __future__ import annotations

from typing import Any

import gast

from tangent.passes.lowering import Lowering
from tangent.syntax.program import Copy, Display, Value
from tangent.syntax.trees import name, rebuild


def list_comprehension(self: Lowering, node: gast.ListComp) -> Value:
    """A loop that appends."""
    empty = gast.List(elts=[], ctx=gast.Load())
    target = self.temporary(Display(empty, frozenset(), "list", (), ())).id
    self.local.add(target)
    method = gast.Attribute(value=name(target), attr="append", ctx=gast.Load())
    body: Any = gast.Expr(value=gast.Call(func=method, args=[node.elt], keywords=[]))
    body = gast.copy_location(body, node)
    own: dict[str, str] = {}
    for generator in reversed(node.generators):
        for part in gast.walk(generator.target):
            if isinstance(part, gast.Name):
                own[part.id] = part.id
        for condition in reversed(generator.ifs):
            body = gast.copy_location(gast.If(test=condition, body=[body], orelse=[]), node)
        body = gast.copy_location(
            gast.For(
                target=generator.target,
                iter=generator.iter,
                body=[body],
                orelse=[],
                type_comment=None,
            ),
            node,
        )
    _lower_comprehension(self, body, own)
    return Copy(name(target), frozenset({target}), target)


def _lower_comprehension(self: Lowering, loop: Any, own: dict[str, str]) -> None:
    """The variables of a comprehension are its own: where the function uses the same name, they
    get another.
    """
    for variable in own:
        if variable in self.local:
            own[variable] = self.names.fresh(variable)
    first = loop.iter

    def change(n: Any) -> Any | None:
        if n is first:  # evaluated outside, where the names are the function's
            return n
        if isinstance(n, gast.Name) and own.get(n.id, n.id) != n.id:
            return gast.copy_location(gast.Name(own[n.id], n.ctx, None, None), n)
        return None

    self.local.update(own.values())
    origin = self.current
    self.lower([rebuild(loop, change)])
    self.current = origin
