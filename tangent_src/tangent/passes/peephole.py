"""Small rewritings of generated expressions that shape facts allow.

spread(s, t) * 2 * r     ->    s * 2 * r        where r is known to have the shape of t
count(x)                 ->    np.size(x)
s * np.size(t) * r         ->    s * np.size(r) * r  likewise
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gast
import numpy as np

from tangent.analyses.shapes import Shape
from tangent.syntax.symbols import Symbols
from tangent.syntax.trees import name, names_in, rebuild


class Peephole:
    """`shapes` holds the shape of each name that is bound once; `alike[t]` the operands of equal
    shape of the statement that made the temporary `t`, whose adjoint is taken up there alone.
    """

    def __init__(
        self,
        shapes: Mapping[str, Shape],
        alike: Mapping[str, frozenset[str]],
        symbols: Symbols,
    ) -> None:
        self.shapes, self.alike, self.symbols = shapes, alike, symbols

    def __call__(self, node: Any) -> Any:
        """An expression or a statement, rewritten."""
        return rebuild(node, self.rewrite)

    def rewrite(self, node: Any) -> Any | None:
        if isinstance(node, gast.BinOp) and isinstance(node.op, (gast.Mult, gast.Div)):
            return self.product(node)
        if isinstance(node, gast.Call) and isinstance(node.func, gast.Name):
            if node.func.id == "@count" and len(node.args) == 1:
                return self.size(node.args[0])
        return None

    def product(self, node: Any) -> Any | None:
        factors, first = [], node
        while isinstance(first, gast.BinOp) and isinstance(first.op, (gast.Mult, gast.Div)):
            factors.append(first.right)
            first = first.left
        if not _is_spread(first) or not isinstance(first.args[1], gast.Name):
            return None
        shape = self.shapes.get(first.args[1].id)
        names = sorted(n for f in factors for n in names_in(f))
        alike = self.alike.get(first.args[1].id, frozenset())
        same = [n for n in names if n in alike or (shape and self.shapes.get(n) == shape)]
        if not same:
            return None
        scalar = rebuild(first.args[0], lambda n: self.size_of(n, first.args[1].id, same[0]))
        return self._replace(node, first, self(scalar))

    def size_of(self, node: Any, of: str, instead: str) -> Any | None:
        """`count(t)` as the size of a factor that is there in any case."""
        if isinstance(node, gast.Call) and {of} == names_in(node) and len(node.args) == 1:
            function = node.func
            if getattr(function, "id", getattr(function, "attr", "")) in ("@count", "size"):
                return self.size(name(instead))
        return None

    def _replace(self, node: Any, old: Any, new: Any) -> Any:
        if node is old:
            return new
        return gast.BinOp(
            left=self._replace(node.left, old, new), op=node.op, right=self(node.right)
        )

    def size(self, of: Any) -> Any:
        function = gast.Attribute(
            value=name(self.symbols.imported(np)), attr="size", ctx=gast.Load()
        )
        return gast.Call(func=function, args=[of], keywords=[])


def _is_spread(node: Any) -> bool:
    return (
        isinstance(node, gast.Call)
        and isinstance(node.func, gast.Name)
        and node.func.id == "@spread"
        and len(node.args) == 2
    )
