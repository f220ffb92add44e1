"""A mask stands around all that is multiplied.

The adjoint of a branch of `np.where` is 0 where the other one was chosen.  What it is multiplied by
may be infinite there, or not a number, and 0 times that would be no number either:

    y_bar = np.where(x > 0, z_bar, 0)           y_bar = np.where(x > 0, z_bar, 0)
    x_bar = y_bar * 0.5 / y             ->      x_bar = np.where(x > 0, y_bar * 0.5 / y, 0)

    x_dot[0] = 0.0                              x_dot[0] = 0.0
    y_dot = 0.5 * x_dot / y             ->      y_dot = np.where(~touched(x_dot, 0), …, 0)

    z_dot = (z > 1) * y_dot             ->      z_dot = np.where(z > 1, y_dot, 0)

Exact in every other case: where the mask lets nothing through the product was 0 already.  Of an
adjoint whose broadcast was undone, `chosen(mask, y)` tells which elements got anything.  Adjoints
that one mask was narrowed for in two ways, and that are added, have anything where either has.
What counts as a mask stands in `passes.mask`.

A fact holds from the assignment on until one of its names is bound again, or anything is written
into that may show in it; in a loop if no iteration ends it, behind a branch if both its sides keep
it.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

import gast
import numpy as np

from tangent.passes.glance import COMPOUND, Glances, inner
from tangent.passes.mask import (
    NOTHING,
    Mask,
    mask_of_helper,
    mask_written,
    masks_of_items,
    moved,
    numpy_call,
    part,
    reordered,
    share,
    stored,
    truth,
)
from tangent.passes.risks import risky, risky_names
from tangent.syntax.printing import Comment, Noted
from tangent.syntax.program import (
    Append,
    Apply,
    Assign,
    Call,
    Copy,
    Display,
    Plain,
    Pop,
    Program,
    Statement,
    assigned,
    every,
    targets,
)
from tangent.syntax.symbols import Symbols
from tangent.syntax.trees import call, is_literal, names_in, rebuild, replaced, same, walk

Shown = Mapping[str, frozenset[str]]  # the names that show what is written into under a name


def masked(
    code: list[Any], program: Program, symbols: Symbols, shown: Shown, bars: Mapping[str, str]
) -> list[Any]:
    """The code of a backward sweep, or of tangents, with masks around products; `bars` are the
    names of adjoints or tangents.
    """
    primal = {*program.parameters, *assigned(program.body)}
    held = _containers(program)
    lists = held | {bars[n] for n in held if n in bars}
    block = _Block(symbols, frozenset(primal), risky_names(program, code), shown, lists)
    return [block.statement(s) for s in code]


def _containers(program: Program) -> frozenset[str]:
    """The names that may hold lists or dicts made here, of which no mask is one array."""
    found: set[str] = set()
    while True:
        more = {t for s in every(program.body) for t in targets(s) if _holds(s, found)} - found
        more |= {s.base for s in every(program.body) if isinstance(s, (Append, Pop))} - found
        if not more:
            return frozenset(found)
        found |= more


def _holds(statement: Statement, found: set[str]) -> bool:
    match statement:
        case Assign(value=Display()):
            return True
        case Assign(value=Apply(rule=rule, reads=reads)):
            return not rule.numeric or (rule.function is operator.mul and bool(reads & found))
        case Assign(value=Copy(source=source)):
            return source in found
        case Assign(value=Plain() | Call()):
            return not statement.value.reads.isdisjoint(found)
    return False


def unmasked(node: Any) -> Any | None:
    """`np.where(c, np.where(c, e, 0) * p, 0)` without the inner mask, and `np.where(x > 0, e * (x
    > 0), 0)` without the factor.
    """
    mask = mask_written(node)
    if mask is None:
        return None
    position = mask.position
    product = _on_first(node.args[position], lambda first: _taken_off(first, mask))
    if product is None and mask.chosen and truth(mask.condition):
        product = _without(node.args[position], mask.condition)
    if product is None:
        return None
    args = [*node.args[:position], product, *node.args[position + 1 :]]
    return gast.Call(func=node.func, args=args, keywords=[])


@dataclass
class _Block:
    """The masks of the adjoints that one block has bound so far."""

    symbols: Symbols
    primal: frozenset[str]  # names of the program itself
    risky: frozenset[str]
    shown: Shown
    lists: frozenset[str]  # what no mask is kept of: it may be a list or dict
    masks: dict[str, Mask] = field(default_factory=dict)
    shares: set[str] = field(default_factory=set)
    look: Glances = field(default_factory=Glances)

    def statement(self, statement: Any) -> Any:
        node = inner(statement)
        if isinstance(node, Comment):
            return statement
        new = self.compound(node) if isinstance(node, COMPOUND) else self.simple(node)
        if new is None:
            self.masks.clear()
            return statement
        return Noted(new, statement.note) if isinstance(statement, Noted) else new

    def simple(self, node: Any) -> Any | None:
        """A statement with masks around its products; None if nothing is known behind it."""
        match node:
            case gast.Assign(targets=[gast.Name(id=target)]):
                new = self.assign(node, target)
                self.take_outs(node.value)
                return new
            case gast.AugAssign(target=gast.Name(id=target)) if self.carries(target):
                new = replaced(node, value=self.value(node.value))
                kept, more = self.masks.get(target), self.mask_of(new.value)
                self.changed({target}, target)
                self.bind(target, kept and kept.either(more))
                return new
            case gast.Assign(targets=[gast.Subscript(value=gast.Name(id=base), slice=index)]):
                self.take_outs(node.value)
                if _is_zero(node.value):
                    self.left_out(base, index)
                else:
                    self.drop(base)
                    self.store(base, index)
                return replaced(node, value=self.value(node.value))
            case gast.AugAssign(target=gast.Subscript(value=gast.Name(id=base), slice=index)):
                self.store(base, index, node.value)
                return replaced(node, value=self.value(node.value))
            case gast.Expr(
                value=gast.Call(func=gast.Name(id="@add_at"), args=[base, index, added])
            ):
                if isinstance(base, gast.Name):
                    self.store(base.id, index, added, weak=False)
                    return replaced(node, value=self.value(node.value))
            case gast.Expr(value=gast.Call(func=gast.Name(id="@take_out"))):
                self.take_outs(node.value)
                return node
            case gast.Return():
                return node
        return None

    def assign(self, node: Any, target: str) -> Any:
        self.changed(self.look(node).written, target)
        if not self.carries(target):
            self.bind(target, None)
            return node
        new = replaced(node, value=self.value(node.value))
        self.bind(target, self.mask_of(new.value))
        if share(new.value, self.shares):
            self.shares.add(target)
        for i, mask in self.items_of(new.value).items():
            if target not in mask.names():
                self.masks[f"{target}[{i}]"] = mask
        return new

    def carries(self, one: str) -> bool:
        """Is it the name of an adjoint or a tangent?"""
        return one not in self.primal

    # ---------------------------------------------------------------- stores

    def store(self, base: str, index: Any, value: Any = None, weak: bool = True) -> None:
        """What a store leaves of the masks: an adjoint has something where `value` was added."""
        if not self.carries(base):
            self.forget(base)
            return
        if base in self.lists:
            self.drop(base)
            return
        for one in self.shown.get(base, frozenset()) - {base}:
            self.drop(one)
        own = self.masks.pop(base, None)
        if own is not None and _is_plain(index):
            what = self.mask_of(value)
            there = stored(base, index, self.symbols, weak and (what is None or what.weak), what)
            mask = own if what is NOTHING else own.either(there)
            self.masks |= {} if mask is None else {base: mask}

    def left_out(self, base: str, index: Any, weak: bool = True) -> None:
        """Zeros are written into an adjoint."""
        own = self.masks.get(base)
        self.store(base, index)
        if not self.carries(base) or base in self.lists:
            return
        if _is_whole(index):
            self.masks[base] = NOTHING
        elif _is_plain(index):
            self.symbols.imported(np)
            there = stored(base, index, self.symbols, weak)
            rest = Mask(numpy_call("logical_not", there.condition), weak=weak)
            mask = rest if own is None else own if own is NOTHING else own.both(rest)
            self.masks[base] = mask

    def take_outs(self, node: Any) -> None:
        """`take_out(x_bar, i)`, which leaves zeros behind, in an expression."""
        for one in walk(node):
            match one:
                case gast.Call(func=gast.Name(id="@take_out"), args=[gast.Name(id=base), index]):
                    self.left_out(base, index, weak=False)

    def changed(self, written: AbstractSet[str], target: str) -> None:
        """An update writes into what other names than its target may show."""
        for base in written:
            if not self.carries(base):
                self.forget(base)
            for one in self.shown.get(base, frozenset()) - {base, target}:
                self.drop(one)

    def forget(self, base: str) -> None:
        """A value of the program is written into: no mask stays that reads its memory."""
        names = self.shown.get(base)
        if names is None:
            self.masks.clear()
            return
        written = names | {base}
        self.masks = {n: m for n, m in self.masks.items() if not m.values() & written}

    # ---------------------------------------------------------------- blocks

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

    def bind(self, target: str, mask: Mask | None) -> None:
        self.shares.discard(target)
        for one, other in list(self.masks.items()):
            if target == one.partition("[")[0] or target in other.names():
                del self.masks[one]
        if mask is not None and target not in mask.names():
            self.masks[target] = mask

    def drop(self, one: str) -> None:
        """Nothing is known of an adjoint any more, which another name may show."""
        for known in [n for n in self.masks if n.partition("[")[0] == one]:
            del self.masks[known]

    # ---------------------------------------------------------------- expressions

    def value(self, node: Any) -> Any:
        """An expression, with masks around the products in it that begin with a masked adjoint."""

        def change(one: Any) -> Any | None:
            if not isinstance(one, gast.BinOp) or _finite(one):
                return None
            mask = self.mask_of(one)
            if mask is None or mask is NOTHING or (mask.weak and not self.infinite(one)):
                return None
            self.symbols.imported(np)
            return mask.around(one)

        return rebuild(node, change)

    def infinite(self, product: Any) -> bool:
        """May a factor of a product be infinite?"""
        return isinstance(product.op, gast.Mult | gast.Div) and risky(product, self.risky)

    def items_of(self, value: Any) -> dict[int, Mask]:
        """The adjoint of a display has the masks of its items."""
        match value:
            case gast.Call(func=gast.Name(id="@pack_like"), args=[gast.List(elts=items), _]):
                found = {i: self.mask_of(e) for i, e in enumerate(items)}
                return {i: mask for i, mask in found.items() if mask is not None}
        return masks_of_items(value, self.symbols.runtime)

    def mask_of(self, node: Any) -> Mask | None:
        """The mask of a value, if it has one: of a product that of a factor."""
        match node:
            case gast.Call(func=gast.Name(id="@take_out"), args=[gast.Name(id=base), index]):
                return self.of_part(base, index)
            case gast.Call(func=gast.Name(id=function), args=[first, like]):
                if function in _NARROWED:
                    mask, like = self.mask_of(first), _like(function, like)
                    return mask and like and self.narrowed(mask, like)
                if function in ("@add", "@conform", "@known"):
                    return self.of_helper(function, node, first, like)
            case gast.Call(func=gast.Attribute(attr="conj" | "real" | "triu" | "tril"), args=some):
                return self.mask_of(some[0]) if some else None
            case gast.BinOp(op=gast.Add() | gast.Sub(), left=left, right=right):
                mask = self.mask_of(left)
                return mask and mask.either(self.mask_of(right))
            case gast.BinOp(op=gast.Mult() | gast.Div() as op, left=left, right=right):
                return self.of_product(left, right if isinstance(op, gast.Mult) else None)
            case gast.UnaryOp(op=gast.USub(), operand=operand):
                return self.mask_of(operand)
            case gast.Call(func=gast.Name(id="@own"), args=[first]):
                return self.mask_of(first)
            case gast.Call(func=gast.Attribute(value=first, attr="copy"), args=[]):
                return self.mask_of(first)
            case gast.Subscript(value=gast.Name(id=base), slice=gast.Constant(value=index)):
                return self.masks.get(f"{base}[{index}]")
            case gast.Subscript(value=gast.Name(id=base), slice=gast.Tuple() as index):
                return self.of_part(base, index)  # of an array: lists have no such index
            case gast.Name(id=one):
                return self.masks.get(one)
        if (first := reordered(node)) is not None:
            mask = self.mask_of(first)
            return mask if mask is None or mask is NOTHING else moved(node, mask)
        return mask_written(node) or mask_of_helper(node, self.symbols.runtime)

    def of_part(self, base: str, index: Any) -> Mask | None:
        """The mask of a part of an array."""
        own = self.masks.get(base)
        if own is None or own is NOTHING or not _is_plain(index):
            return own
        return part(own, index)

    def of_helper(self, function: str, node: Any, first: Any, second: Any) -> Mask | None:
        mask = self.mask_of(first)
        if function == "@add":
            return mask and mask.either(self.mask_of(second))
        if function == "@known":
            written = mask_written(node)
            return written and written.both(mask)
        return mask

    def of_product(self, left: Any, right: Any) -> Mask | None:
        """What any factor lets through."""
        found: Mask | None = None
        for factor in (left, right):
            mask = factor and self.mask_of(factor)
            if mask is None and factor is not None and share(factor, self.shares):
                mask = Mask(factor, weak=True)
            found = found if mask is None else mask if found is None else found.both(mask)
        return found

    def narrowed(self, mask: Mask, like: Any) -> Mask:
        """The mask of what has the shape of `like`, against which the condition is broadcast."""
        if mask is NOTHING:
            return mask
        self.symbols.imported(np)
        condition = call(self.symbols.runtime("chosen"), mask.passing(), like)
        return Mask(condition, weak=mask.weak)


_NARROWED = ("@unbroadcast", "@unbroadcast_to")


def _like(function: str, node: Any) -> Any | None:
    """`y` of `unbroadcast(…, y)` and of `unbroadcast_to(…, np.shape(y))`; of a shape that has a
    name, something of that shape.
    """
    if isinstance(node, gast.Call) and getattr(node.func, "attr", "") == "shape":
        return node.args[0]
    if not isinstance(node, gast.Name):
        return None
    return node if function == "@unbroadcast" else numpy_call("zeros", node)


def _common(one: dict[str, Mask], other: dict[str, Mask]) -> dict[str, Mask]:
    return {n: m for n, m in one.items() if n in other and m.equals(other[n])}


def _is_zero(node: Any) -> bool:
    return isinstance(node, gast.Constant) and node.value == 0


def _is_plain(index: Any) -> bool:
    """Is an index made of names, literals and functions of NumPy, to be written again?"""
    functions = [n.func for n in walk(index) if isinstance(n, gast.Call)]
    homes = [getattr(getattr(f, "value", f), "id", "") for f in functions]
    return all(home in ("@import:np", "@builtin:slice") for home in homes)


def _is_whole(index: Any) -> bool:
    match index:
        case gast.Constant(value=value):
            return value is ...
        case gast.Slice(lower=None, upper=None, step=None):
            return True
    return False


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


def _taken_off(first: Any, mask: Mask) -> Any | None:
    own = mask_written(first)
    if own is None or not own.equals(mask):
        return None
    return first.args[mask.position]


def _without(node: Any, factor: Any) -> Any | None:
    """A product without a factor; None if it has none like that."""
    match node:
        case gast.BinOp(left=left, op=gast.Mult() | gast.Div() as op, right=right):
            if isinstance(op, gast.Mult) and same(right, factor):
                return left
            if isinstance(op, gast.Mult) and same(left, factor):
                return right
            rest = _without(left, factor)
            if rest is not None:
                return gast.BinOp(left=rest, op=op, right=right)
            rest = _without(right, factor) if isinstance(op, gast.Mult) else None
            return rest and gast.BinOp(left=left, op=op, right=rest)
        case gast.UnaryOp(op=gast.USub() as op, operand=operand):
            rest = _without(operand, factor)
            return rest and gast.UnaryOp(op=op, operand=rest)
    return None


def _finite(node: Any) -> bool:
    """Are all factors but the first one numbers that the program writes?"""
    while isinstance(node, gast.BinOp) and isinstance(node.op, (gast.Mult, gast.Div)):
        if not is_literal(node.right):
            return False
        node = node.left
    return True
