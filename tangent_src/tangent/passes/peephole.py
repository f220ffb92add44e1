"""Small rewritings of generated expressions that shape facts allow.

spread(s, t) * 2 * r     ->    s * 2 * r        where r is known to have the shape of t
count(x)                 ->    np.size(x)
s * np.size(t) * r         ->    s * np.size(r) * r  likewise
a_bar * -b, -(-a)          ->    -a_bar * b, a: a sign stands in front, exactly
np.where(c, np.where(c, a_bar, 0) * b, 0)    ->    np.where(c, a_bar * b, 0)
x += -a                    ->    x -= a, also where the broadcast of -a is undone
private(private(x_bar))    ->    private(x_bar)
private(x_bar) * a, y_bar += private(x_bar)    ->    x_bar * a, y_bar += x_bar: new memory anyway
a * 0.5 * 2                ->    a: two powers of two, exactly
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gast
import numpy as np

from tangent.analyses.shapes import Shape
from tangent.passes.masks import unmasked
from tangent.syntax.symbols import Symbols
from tangent.syntax.trees import (
    is_literal,
    name,
    names_in,
    rebuild,
    rebuild_inside_out,
    replaced,
)


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
        """An expression or a statement, rewritten; the same one if nothing changes."""
        node = rebuild_inside_out(rebuild(node, self.rewrite), _computed)
        return rebuild(rebuild_inside_out(node, _sign), _inward)

    def rewrite(self, node: Any) -> Any | None:
        if isinstance(node, gast.BinOp) and isinstance(node.op, (gast.Mult, gast.Div)):
            return self.product(node)
        if isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute):
            bare = unmasked(node)
            return None if bare is None else self(bare)
        if isinstance(node, gast.Call) and isinstance(node.func, gast.Name):
            if node.func.id == "@count" and len(node.args) == 1:
                return self.size(node.args[0])
        if _is_private(node) and _is_private(node.args[0]):
            return self(node.args[0])
        match node:  # of a dict, which has as many entries as its list of keys
            case gast.Call(func=gast.Name(id="@builtin:len"), args=[gast.Call() as listed]):
                if getattr(listed.func, "id", "") == "@builtin:list" and len(listed.args) == 1:
                    if isinstance(listed.args[0], gast.Name):
                        return gast.Call(func=node.func, args=listed.args, keywords=[])
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


def _computed(node: Any) -> Any | None:
    """What is computed with needs no memory of its own."""
    parts = {
        gast.BinOp: ("left", "right"),
        gast.UnaryOp: ("operand",),
        gast.AugAssign: ("value",),
    }.get(type(node), ())
    found = {p: n.args[0] for p in parts if _is_private(n := getattr(node, p))}
    return replaced(node, **found) if found else None


def _is_private(node: Any) -> bool:
    return isinstance(node, gast.Call) and getattr(node.func, "id", "") == "@private"


def _sign(node: Any) -> Any | None:
    """A node with its sign in front, if it has one inside."""
    match node:
        case gast.BinOp(op=gast.Mult() | gast.Div()):
            return _product(node)
        case gast.UnaryOp(op=gast.USub(), operand=gast.UnaryOp(op=gast.USub(), operand=inner)):
            return inner if _is_adjoint(inner) else None
        case gast.AugAssign(op=gast.Add() | gast.Sub() as op) if _is_adjoint(node.value):
            positive = _unsigned(node.value)
            if positive is not None:
                turned = gast.Sub() if isinstance(op, gast.Add) else gast.Add()
                return gast.AugAssign(target=node.target, op=turned, value=positive)
    return None


def _product(node: Any) -> Any:
    left, right = node.left, node.right
    if _is_adjoint(left):
        if isinstance(left, gast.UnaryOp):
            return _negative(_product(gast.BinOp(left=left.operand, op=node.op, right=right)))
        if isinstance(right, gast.UnaryOp) and isinstance(right.op, gast.USub):
            if not is_literal(right):
                return _negative(_product(gast.BinOp(left=left, op=node.op, right=right.operand)))
    if isinstance(node.op, gast.Mult) and isinstance(left, gast.BinOp):
        if isinstance(left.op, gast.Mult) and _are_inverse(left.right, right):
            return left.left
    return node


def _is_adjoint(node: Any) -> bool:
    """Is it a product that begins with an adjoint?  Only there signs are moved."""
    while True:
        match node:
            case gast.BinOp(left=left, op=gast.Mult() | gast.Div()):
                node = left
            case gast.UnaryOp(op=gast.USub(), operand=operand):
                node = operand
            case gast.Call(func=gast.Name(id=helper), args=[first, *_]) if helper in _LINEAR:
                node = first
            case _:
                return isinstance(node, gast.Name) and node.id.endswith("_bar")


def _negative(node: Any) -> Any:
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
        return node.operand
    return gast.UnaryOp(op=gast.USub(), operand=node)


def _inward(node: Any) -> Any | None:
    """`-(x_bar * a)` as `-x_bar * a`: no brackets; an adjoint is never a truth value."""
    if not (isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub)):
        return None
    factors, first = [], node.operand
    while isinstance(first, gast.BinOp) and isinstance(first.op, (gast.Mult, gast.Div)):
        factors.append((first.op, rebuild(first.right, _inward)))
        first = first.left
    if not factors or not _is_adjoint(first):
        return None
    made = gast.UnaryOp(op=gast.USub(), operand=first)
    for op, right in reversed(factors):
        made = gast.BinOp(left=made, op=op, right=right)
    return made


def _are_inverse(one: Any, other: Any) -> bool:
    """Two powers of two that cancel."""
    if not (isinstance(one, gast.Constant) and isinstance(other, gast.Constant)):
        return False
    a, b = one.value, other.value
    return isinstance(a, (int, float)) and isinstance(b, (int, float)) and {a, b} == {0.5, 2}


def _unsigned(node: Any) -> Any | None:
    """`e` of `-e`, also where the broadcast of `-e` is undone; else None."""
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub) and not is_literal(node):
        return node.operand
    if isinstance(node, gast.Call) and getattr(node.func, "id", "") in _LINEAR and node.args:
        inner = _unsigned(node.args[0])
        if inner is not None:
            return gast.Call(func=node.func, args=[inner, *node.args[1:]], keywords=node.keywords)
    return None


_LINEAR = {"@unbroadcast", "@unbroadcast_to"}


def _is_spread(node: Any) -> bool:
    return (
        isinstance(node, gast.Call)
        and isinstance(node.func, gast.Name)
        and node.func.id == "@spread"
        and len(node.args) == 2
    )
