"""A mask stands around all that is multiplied.

The adjoint of a branch of `np.where` is 0 where the other one was chosen.  What it is multiplied by
may be infinite there, or not a number, and 0 times that would be no number either:

    y_bar = np.where(x > 0, z_bar, 0)           y_bar = np.where(x > 0, z_bar, 0)
    x_bar = y_bar * 0.5 / y             ->      x_bar = np.where(x > 0, y_bar * 0.5 / y, 0)

Exact in every other case: where the mask lets nothing through the product was 0 already.  Of an
adjoint whose broadcast was undone, `chosen(mask, y)` tells which elements got anything.  Adjoints
that one mask was narrowed for in two ways, and that are added, have anything where either has.
`known(y_bar, y)`, which is 0 where `y` is not a number, is such a mask, too.

A fact holds from the assignment on until one of its names is bound again, or anything is written
into that is no adjoint; in a loop if no iteration ends it, behind a branch if both its sides keep
it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import gast
import numpy as np

from tangent.passes.glance import COMPOUND, inner
from tangent.syntax.printing import Comment, Noted
from tangent.syntax.symbols import Symbols
from tangent.syntax.trees import call, is_literal, name, names_in, rebuild, replaced, same

ZERO = gast.Constant(value=0, kind=None)


def masked(code: list[Any], symbols: Symbols) -> list[Any]:
    """The code of a backward sweep, with masks around products."""
    block = _Block(symbols)
    return [block.statement(s) for s in code]


def unmasked(node: Any) -> Any | None:
    """`np.where(c, np.where(c, e, 0) * p, 0)` without the inner mask."""
    mask = _mask(node)
    if mask is None:
        return None
    position = mask.position
    product = _on_first(node.args[position], lambda first: _taken_off(first, mask))
    if product is None:
        return None
    args = [*node.args[:position], product, *node.args[position + 1 :]]
    return gast.Call(func=node.func, args=args, keywords=[])


@dataclass(frozen=True)
class _Mask:
    """`np.where(condition, value, 0)`, or with `chosen=False` `np.where(condition, 0, value)`, or
    without a condition `known(value, unknown)`.
    """

    condition: Any
    chosen: bool
    unknown: Any = None

    @property
    def position(self) -> int:
        """Which argument of the mask is the value."""
        return 0 if self.unknown is not None else 1 if self.chosen else 2

    def around(self, value: Any) -> Any:
        if self.unknown is not None:
            return call("@known", value, self.unknown)
        args = [value, ZERO] if self.chosen else [ZERO, value]
        return _numpy("where", self.condition, *args)

    def passing(self) -> Any:
        """Where it lets anything through."""
        if self.unknown is not None:
            return _numpy("logical_not", _numpy("isnan", self.unknown))
        return self.condition if self.chosen else _numpy("logical_not", self.condition)

    def equals(self, other: _Mask) -> bool:
        return self.chosen == other.chosen and bool(
            same(self.condition, other.condition) and same(self.unknown, other.unknown)
        )

    def names(self) -> set[str]:
        return {n for e in (self.condition, self.unknown) if e is not None for n in names_in(e)}

    def either(self, other: _Mask | None) -> _Mask | None:
        """The mask of a sum, if one condition stands behind both masks."""
        if other is None or self.equals(other):
            return other and self
        one, two = self.passing(), other.passing()
        if any(same(two, part) for part in _parts(one)):
            return self
        alike = same(_behind(one), _behind(two))
        return _Mask(_numpy("logical_or", one, two), True) if alike else None


@dataclass
class _Block:
    """The masks of the adjoints that one block has bound so far."""

    symbols: Symbols
    masks: dict[str, _Mask] = field(default_factory=dict)

    def statement(self, statement: Any) -> Any:
        node = inner(statement)
        if isinstance(node, Comment):
            return statement
        if isinstance(node, COMPOUND):
            new = self.compound(node)
        elif isinstance(node, gast.Assign) and isinstance(node.targets[0], gast.Name):
            new = replaced(node, value=self.value(node.value))
            self.bind(node.targets[0].id, self.mask_of(new.value))
            self.bind_items(node.targets[0].id, new.value)
        elif isinstance(node, gast.AugAssign) and _is_adjoint(node.target):
            new = replaced(node, value=self.value(node.value))
            kept, more = self.masks.get(node.target.id), self.mask_of(new.value)
            self.bind(node.target.id, kept and kept.either(more))
        else:
            self.masks.clear()
            return statement
        return Noted(new, statement.note) if isinstance(statement, Noted) else new

    def compound(self, node: Any) -> Any:
        """A loop, of which each iteration begins with what the last one leaves, or a branch."""
        if isinstance(node, gast.For):
            for bound in names_in(node.target):
                self.bind(bound, None)
        while True:
            entry = dict(self.masks)
            body = self.block(node.body)
            left, self.masks = self.masks, dict(entry)
            orelse = self.block(node.orelse)
            self.masks = _common(self.masks, left)
            if isinstance(node, gast.If) or len(_common(entry, self.masks)) == len(entry):
                return replaced(node, body=body, orelse=orelse)
            self.masks = _common(entry, self.masks)

    def block(self, code: list[Any]) -> list[Any]:
        return [self.statement(s) for s in code]

    def bind(self, target: str, mask: _Mask | None) -> None:
        for one, other in list(self.masks.items()):
            if target == one.partition("[")[0] or target in other.names():
                del self.masks[one]
        if mask is not None and target not in mask.names():
            self.masks[target] = mask

    def bind_items(self, target: str, value: Any) -> None:
        """The adjoint of a display has the masks of its items."""
        match value:
            case gast.Call(func=gast.Name(id="@pack_like"), args=[gast.List(elts=items), _]):
                masks = {f"{target}[{i}]": self.mask_of(e) for i, e in enumerate(items)}
                self.masks |= {n: m for n, m in masks.items() if m and target not in m.names()}

    def value(self, node: Any) -> Any:
        """An expression, with masks around the products in it that begin with a masked adjoint."""

        def change(part: Any) -> Any | None:
            mask = self.mask_of(part)
            if mask is None or not isinstance(part, gast.BinOp) or _finite(part):
                return None
            return mask.around(part)

        return rebuild(node, change)

    def mask_of(self, node: Any) -> _Mask | None:
        """The mask of a value, if it has one: of a product that of its first factor."""
        match node:
            case gast.Call(func=gast.Name(id=function), args=[first, like]):
                if function in _NARROWED:
                    mask, like = self.mask_of(first), _like(like)
                    return mask and like and self.narrowed(mask, like)
            case gast.Call(func=gast.Attribute(attr="conj" | "real"), args=[first]):
                return self.mask_of(first)
            case gast.BinOp(op=gast.Add() | gast.Sub(), left=left, right=right):
                mask = self.mask_of(left)
                return mask and mask.either(self.mask_of(right))
            case gast.Subscript(value=gast.Name(id=base), slice=gast.Constant(value=index)):
                return self.masks.get(f"{base}[{index}]")
            case gast.Name(id=one):
                return self.masks.get(one)
        found: list[_Mask | None] = [_mask(node)]
        _on_first(node, lambda e: found.append(None if e is node else self.mask_of(e)))
        return next((m for m in found if m is not None), None)

    def narrowed(self, mask: _Mask, like: Any) -> _Mask:
        """The mask of what has the shape of `like`, against which the condition is broadcast."""
        self.symbols.imported(np)
        condition = call(self.symbols.runtime("chosen"), mask.passing(), like)
        return _Mask(condition, True)


_NARROWED = ("@unbroadcast", "@unbroadcast_to")


def _like(node: Any) -> Any | None:
    """`y` of `unbroadcast(…, y)` and of `unbroadcast_to(…, np.shape(y))`."""
    if isinstance(node, gast.Call) and getattr(node.func, "attr", "") == "shape":
        return node.args[0]
    return node if isinstance(node, gast.Name) else None


def _numpy(function: str, *args: Any) -> Any:
    func = gast.Attribute(value=name("@import:np"), attr=function, ctx=gast.Load())
    return gast.Call(func=func, args=list(args), keywords=[])


def _parts(passing: Any) -> list[Any]:
    match passing:
        case gast.Call(func=gast.Attribute(attr="logical_or"), args=[one, two]):
            return [*_parts(one), *_parts(two)]
    return [passing]


def _behind(passing: Any) -> Any:
    """The condition that was narrowed, once or in several ways."""
    first = _parts(passing)[0]
    match first:
        case gast.Call(func=gast.Name(id="@chosen"), args=[condition, _]):
            return condition
    return first


def _common(one: dict[str, _Mask], other: dict[str, _Mask]) -> dict[str, _Mask]:
    return {n: m for n, m in one.items() if n in other and m.equals(other[n])}


def _mask(node: Any) -> _Mask | None:
    match node:
        case gast.Call(func=gast.Name(id="@known"), args=[_, x]):
            return _Mask(None, False, x)
        case gast.Call(
            func=gast.Attribute(value=gast.Name(id="@import:np"), attr="where"),
            args=[condition, one, other],
        ):
            if isinstance(other, gast.Constant) and other.value == 0:
                return _Mask(condition, True)
            if isinstance(one, gast.Constant) and one.value == 0:
                return _Mask(condition, False)
    return None


def _on_first(node: Any, change: Any) -> Any | None:
    """A product with another first factor: what `change` gives for it; None if that is None."""
    match node:
        case gast.BinOp(op=gast.Mult() | gast.Div()):
            left = _on_first(node.left, change)
            return left and gast.BinOp(left=left, op=node.op, right=node.right)
        case gast.UnaryOp(op=gast.USub()):
            operand = _on_first(node.operand, change)
            return operand and gast.UnaryOp(op=node.op, operand=operand)
    return change(node)


def _taken_off(first: Any, mask: _Mask) -> Any | None:
    own = _mask(first)
    if own is None or not own.equals(mask):
        return None
    return first.args[mask.position]


def _finite(node: Any) -> bool:
    """Are all factors but the first one numbers that the program writes?"""
    while isinstance(node, gast.BinOp) and isinstance(node.op, (gast.Mult, gast.Div)):
        if not is_literal(node.right):
            return False
        node = node.left
    return True


def _is_adjoint(node: Any) -> bool:
    """A name like `x_bar`, or `x_bar_2` in the derivative of a derivative."""
    return isinstance(node, gast.Name) and node.id.rstrip("_0123456789").endswith("_bar")
