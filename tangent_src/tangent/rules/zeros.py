"""A forward rule without the tangents that are zero: `a_dot @ b + a @ b_dot` is `a @ b_dot` where
`a` does not move.

Sums lose the term, products and linear functions of zero are zero; a zero that stays where it
cannot be left out is written as a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import gast
import numpy as np

import tangent.runtime as runtime
from tangent.rules.language import Multilinear, Rule, forward_rule, lookup
from tangent.syntax.trees import rebuild

_HOMOGENEOUS: dict[Any, tuple[int, ...]] = {  # zero where one of these arguments is
    np.conj: (0,),
    np.negative: (0,),
    np.linalg.solve: (1,),
    runtime.exponent_moved: (0,),
    runtime.quotient: (0,),
    runtime.solve_adjoint_side: (0,),
    runtime.solve_tangent_matrix: (0, 1),
}
_ZERO = gast.Constant(value=0, kind=None)


@dataclass(frozen=True)
class Still:
    """Takes names that are zero out of expressions.

    `namespace` is where the rule's free names live, `value` gives what is written for a zero that
    stays.
    """

    zeros: set[str]
    namespace: Mapping[str, Any]
    value: Callable[[str], Any]

    def __call__(self, node: Any) -> Any | None:
        """`node` without zeros; None if it is zero itself."""
        handler = getattr(self, f"_{type(node).__name__.lower()}", None)
        return self._other(node) if handler is None else handler(node)

    def _name(self, node: Any) -> Any | None:
        return None if node.id in self.zeros else node

    def _attribute(self, node: Any) -> Any | None:
        base = self(node.value)
        return base and gast.Attribute(value=base, attr=node.attr, ctx=node.ctx)

    def _subscript(self, node: Any) -> Any | None:
        base = self(node.value)
        return base and gast.Subscript(value=base, slice=node.slice, ctx=node.ctx)

    def _unaryop(self, node: Any) -> Any | None:
        inner = self(node.operand)
        return inner and gast.UnaryOp(op=node.op, operand=inner)

    def _binop(self, node: Any) -> Any | None:
        left, right = self(node.left), self(node.right)
        if isinstance(node.op, (gast.Mult, gast.MatMult)) and (left is None or right is None):
            return None
        if isinstance(node.op, gast.Div) and left is None:
            return None
        if isinstance(node.op, (gast.Add, gast.Sub)) and (left is None or right is None):
            if right is None:
                return left
            return gast.UnaryOp(gast.USub(), right) if isinstance(node.op, gast.Sub) else right
        if left is None or right is None:
            return self._other(node)
        return gast.BinOp(left=left, op=node.op, right=right)

    def _ifexp(self, node: Any) -> Any | None:
        body, orelse = self(node.body), self(node.orelse)
        if body is None and orelse is None:
            return None
        return gast.IfExp(test=node.test, body=body or _ZERO, orelse=orelse or _ZERO)

    def _call(self, node: Any) -> Any | None:
        function = self._static(node.func)
        parts = [self(a) for a in node.args]
        if None in parts and self._is_zero(function, [p is None for p in parts]):
            return None
        args = [self._other(a) if p is None else p for a, p in zip(node.args, parts, strict=True)]
        words = [gast.keyword(arg=k.arg, value=self._kept(k.value)) for k in node.keywords]
        return gast.Call(func=self._other(node.func), args=args, keywords=words)

    def _kept(self, node: Any) -> Any:
        """`node` without zeros, and written as a value where it is zero itself."""
        reduced = self(node)
        return self._other(node) if reduced is None else reduced

    def _is_zero(self, function: Any, zeros: list[bool]) -> bool:
        """Is a function zero when these of its positional arguments are?"""
        known, forward = lookup(function), forward_rule(function)
        if function in _HOMOGENEOUS:
            return any(zeros[i] for i in _HOMOGENEOUS[function])
        if not isinstance(known, Rule):
            return False
        parameters = list(known.signature.parameters)
        gone = {p for p, zero in zip(parameters, zeros, strict=False) if zero}
        if isinstance(forward, Multilinear):
            return bool(gone & set(forward.parameters))
        moving = {p for p, e in known.entries.items() if e is not None}
        return known.kind == "transpose" and moving <= gone

    def _static(self, node: Any) -> Any:
        if isinstance(node, gast.Attribute):
            return getattr(self._static(node.value), node.attr, None)
        return self.namespace.get(node.id) if isinstance(node, gast.Name) else None

    def _other(self, node: Any) -> Any:
        def written(n: Any) -> Any | None:
            return self.value(n.id) if isinstance(n, gast.Name) and n.id in self.zeros else None

        return rebuild(node, written)
