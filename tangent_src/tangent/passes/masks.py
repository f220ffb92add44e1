"""A mask stands around all that is multiplied.

The adjoint of a branch of `np.where` is 0 where the other one was chosen.  What it is multiplied by
may be infinite there, or not a number, and 0 times that would be no number either:

    y_bar = np.where(x > 0, z_bar, 0)           y_bar = np.where(x > 0, z_bar, 0)
    x_bar = y_bar * 0.5 / y             ->      x_bar = np.where(x > 0, y_bar * 0.5 / y, 0)

Exact in every other case: where the mask lets nothing through the product was 0 already.  Of an
adjoint whose broadcast was undone, `chosen(mask, y)` tells which elements got anything.  A fact
holds from the assignment on, in one block, until one of its names is bound again, or anything is
written into that is no adjoint.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import gast

from tangent.passes.glance import COMPOUND, inner
from tangent.syntax.printing import Comment, Noted
from tangent.syntax.symbols import Symbols
from tangent.syntax.trees import call, is_literal, names_in, rebuild, replaced, same

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
    position = 1 if mask.chosen else 2
    product = _on_first(node.args[position], lambda first: _taken_off(first, mask))
    if product is None:
        return None
    args = [*node.args[:position], product, *node.args[position + 1 :]]
    return gast.Call(func=node.func, args=args, keywords=[])


@dataclass(frozen=True)
class _Mask:
    """`np.where(condition, value, 0)`, or with `chosen=False` `np.where(condition, 0, value)`."""

    where: Any
    condition: Any
    chosen: bool

    def around(self, value: Any) -> Any:
        args = [value, ZERO] if self.chosen else [ZERO, value]
        return gast.Call(func=self.where, args=[self.condition, *args], keywords=[])

    def equals(self, other: _Mask) -> bool:
        return self.chosen == other.chosen and bool(same(self.condition, other.condition))


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
            self.masks.clear()
            new = replaced(node, body=self.block(node.body), orelse=self.block(node.orelse))
        elif isinstance(node, gast.Assign) and isinstance(node.targets[0], gast.Name):
            new = replaced(node, value=self.value(node.value))
            self.bind(node.targets[0].id, self.mask_of(new.value))
        elif isinstance(node, gast.AugAssign) and _is_adjoint(node.target):
            new = replaced(node, value=self.value(node.value))
            kept, more = self.masks.get(node.target.id), self.mask_of(new.value)
            self.bind(node.target.id, kept if kept and more and kept.equals(more) else None)
        else:
            self.masks.clear()
            return statement
        return Noted(new, statement.note) if isinstance(statement, Noted) else new

    def block(self, code: list[Any]) -> list[Any]:
        return masked(code, self.symbols)

    def bind(self, target: str, mask: _Mask | None) -> None:
        reading = [n for n, m in self.masks.items() if target in names_in(m.condition)]
        for one in (target, *reading):
            self.masks.pop(one, None)
        if mask is not None and target not in names_in(mask.condition):
            self.masks[target] = mask

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
        if isinstance(node, gast.Call) and getattr(node.func, "id", "") in _NARROWED:
            mask, like = self.mask_of(node.args[0]), _like(node.args[1])
            return mask and like and self.narrowed(mask, like)
        found: list[_Mask | None] = [_mask(node)]

        def note(first: Any) -> None:
            found.append(self.masks.get(first.id) if isinstance(first, gast.Name) else _mask(first))

        _on_first(node, note)
        return next((m for m in found if m is not None), None)

    def narrowed(self, mask: _Mask, like: Any) -> _Mask:
        """The mask of what has the shape of `like`, against which the condition is broadcast."""
        condition = mask.condition
        if not mask.chosen:
            invert = gast.Attribute(value=mask.where.value, attr="logical_not", ctx=gast.Load())
            condition = gast.Call(func=invert, args=[condition], keywords=[])
        return _Mask(mask.where, call(self.symbols.runtime("chosen"), condition, like), True)


_NARROWED = ("@unbroadcast", "@unbroadcast_to")


def _like(node: Any) -> Any | None:
    """`y` of `unbroadcast(…, y)` and of `unbroadcast_to(…, np.shape(y))`."""
    if isinstance(node, gast.Call) and getattr(node.func, "attr", "") == "shape":
        return node.args[0]
    return node if isinstance(node, gast.Name) else None


def _mask(node: Any) -> _Mask | None:
    match node:
        case gast.Call(
            func=gast.Attribute(value=gast.Name(id="@import:np"), attr="where"),
            args=[condition, one, other],
        ):
            if isinstance(other, gast.Constant) and other.value == 0:
                return _Mask(node.func, condition, True)
            if isinstance(one, gast.Constant) and one.value == 0:
                return _Mask(node.func, condition, False)
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
    return first.args[1 if mask.chosen else 2]


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
