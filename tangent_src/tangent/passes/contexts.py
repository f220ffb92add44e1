"""`with`: contexts that are written in Python are calls (`passes.entering`); under `np.errstate(…)`
stands all of the generated function.

    def f(x):                                    def f_grad(x, *, result_bar=1.0):
        with np.errstate(divide="ignore"):  ->       with np.errstate(divide="ignore"):
            y = 1 / x                                    …
        return y

What the primal silences, its derivative silences too, since it divides by the same numbers again.
"""

from __future__ import annotations

import contextlib
import copy
from typing import Any

import gast
import numpy as np

from tangent.passes.adjoint_code import is_adjoint_code
from tangent.passes.entering import entered, refuse_context
from tangent.passes.inert import captured
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.outlining import is_block, outlined
from tangent.syntax.trees import same


def flattened(self: Lowering, body: list[Any], tried: bool = False) -> list[Any]:
    """`body` without `with` statements; the contexts that are entered again are noted in
    `self.contexts`.  `tried`: it stands under a `try`.
    """
    flat: list[Any] = []
    for node in body:
        if is_block(self, node):
            flat += outlined(self, node)
            continue
        if isinstance(node, gast.With) and not is_adjoint_code(self, node):
            flat += _without(self, node, tried)
            continue
        if isinstance(node, (gast.If, gast.For, gast.While, gast.Try)):
            node = copy.copy(node)  # the tree may be read again
            under = tried or isinstance(node, gast.Try)
            node.body = flattened(self, node.body, under)
            node.orelse = flattened(self, node.orelse, under)
        if isinstance(node, gast.Try):
            node.finalbody = flattened(self, node.finalbody, tried)
            node.handlers = [copy.copy(h) for h in node.handlers]
            for handler in node.handlers:
                handler.body = flattened(self, handler.body, tried)
        flat.append(node)
    return flat


def _without(self: Lowering, node: gast.With, tried: bool) -> list[Any]:
    """The statements that stand for a `with`."""
    calls = [getattr(part.context_expr, "func", None) for part in node.items]
    called = [static_of(self, c)[0] for c in calls]
    tried = tried or contextlib.suppress in called
    body = flattened(self, node.body, tried)
    for part, function in reversed(list(zip(node.items, called, strict=True))):
        if function is np.errstate:
            _note(self, part)
        else:
            body = entered(self, node, part, body, tried)
    return body


def _note(self: Lowering, part: gast.withitem) -> None:
    context = part.context_expr
    quiet = not context.args and all(
        isinstance(k.value, gast.Constant) and k.value.value in ("ignore", "warn")
        for k in context.keywords
    )
    if not quiet or part.optional_vars is not None:
        refuse_context(self, context)
    function = captured(self, context.func).expr
    entered = gast.Call(func=function, args=[], keywords=context.keywords)
    if not any(same(entered, known) for known in self.contexts):
        self.contexts.append(entered)


def under(contexts: tuple[Any, ...], body: list[Any]) -> list[Any]:
    """The body of a generated function, but for its docstring, under the contexts."""
    if not contexts:
        return body
    documented = isinstance(body[0], gast.Expr) and isinstance(body[0].value, gast.Constant)
    head, rest = (body[:1], body[1:]) if documented else ([], body)
    items = [gast.withitem(context_expr=c, optional_vars=None) for c in contexts]
    return [*head, gast.With(items=items, body=rest, type_comment=None)]
