"""`with np.errstate(…)`: its block as it stands, and all of the generated function under it.

    def f(x):                                    def f_grad(x, *, result_bar=1.0):
        with np.errstate(divide="ignore"):  ->       with np.errstate(divide="ignore"):
            y = 1 / x                                    …
        return y

What the primal silences, its derivative silences too, since it divides by the same numbers again.
"""

from __future__ import annotations

import copy
from typing import Any

import gast
import numpy as np

from tangent.passes.adjoint_code import is_adjoint_code
from tangent.passes.inert import captured
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.outlining import is_block, outlined
from tangent.syntax.trees import same


def flattened(self: Lowering, body: list[Any]) -> list[Any]:
    """`body` without `with` statements; the contexts are noted in `self.contexts`."""
    flat: list[Any] = []
    for node in body:
        if is_block(self, node):
            flat += outlined(self, node)
            continue
        if isinstance(node, gast.With) and not is_adjoint_code(self, node):
            for part in node.items:
                _note(self, part)
            flat += flattened(self, node.body)
            continue
        if isinstance(node, (gast.If, gast.For, gast.While, gast.Try)):
            node = copy.copy(node)  # the tree may be read again
            node.body, node.orelse = flattened(self, node.body), flattened(self, node.orelse)
        if isinstance(node, gast.Try):
            node.finalbody = flattened(self, node.finalbody)
            node.handlers = [copy.copy(h) for h in node.handlers]
            for handler in node.handlers:
                handler.body = flattened(self, handler.body)
        flat.append(node)
    return flat


def _note(self: Lowering, part: gast.withitem) -> None:
    context = part.context_expr
    quiet = (
        isinstance(context, gast.Call)
        and static_of(self, context.func)[0] is np.errstate
        and not context.args
        and all(
            isinstance(k.value, gast.Constant) and k.value.value in ("ignore", "warn")
            for k in context.keywords
        )
    )
    if not quiet or part.optional_vars is not None:
        self.refuse(
            "a `with` statement is not supported, but for `np.errstate` that ignores or warns",
            "with",
            context,
            "enter the context outside the differentiated function",
        )
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
