"""The mask of an adjoint: where anything may have arrived.

    np.where(x > 0, z_bar, 0)                  where x > 0
    known(y_bar, y)                            where y is a number
    z_bar * (z > 1), z_bar * tie_share(…)      where the share is no zero
    extreme_adjoint(y_bar, y, x)               where x has a share in its greatest
    put_back(y_bar, x, places)                 where x is taken from
    unselect(y_bar, conditions, choices)[1]    where the second condition is the first that is true
    x_bar = zeros_like(x); x_bar[i] += e       where i points to

A mask is *weak* if what it leaves out is in all likelihood finite: it is put around a product only
if a factor is known to have poles (`passes.risks`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gast

from tangent.syntax.symbols import Symbols
from tangent.syntax.trees import call, literal, name, names_in, rebuild, same, walk

ZERO = gast.Constant(value=0, kind=None)
MOST = 3  # stores that one mask is made of
MANY = 8  # choices that are told apart
_ITEMS = {"@unselect": "selected", "@unchoose": "picked_number"}
_PLACES = {
    "@put_back": "taken",
    "@put_back_along": "taken_along",
    "@unselect_default": "by_default",
    "@extreme_adjoint": "extreme_shares",
}
_ORDERS = frozenset(
    [
        "@reshape_like",
        "@reshape_by",
        "@unsort",
        "@transpose_back",
        "@transpose_by",
        "@mT",
        "@on_matrices",
        "flip",
        "fliplr",
        "flipud",
        "swapaxes",
        "moveaxis",
        "roll",
        "rot90",
        "transpose",
    ]
)
_WHOLE = frozenset(
    [
        "@touched",
        "@taken",
        "@taken_along",
        "@selected",
        "@by_default",
        "@picked_number",
        "@chosen",
        "@extreme_shares",
    ]
)


@dataclass(frozen=True)
class Mask:
    """`np.where(condition, value, 0)`, or with `chosen=False` `np.where(condition, 0, value)`, or
    without a condition `known(value, unknown)`.
    """

    condition: Any
    chosen: bool = True
    unknown: Any = None
    weak: bool = False

    @property
    def position(self) -> int:
        """Which argument of the mask is the value."""
        return 0 if self.unknown is not None else 1 if self.chosen else 2

    def around(self, value: Any) -> Any:
        if self.unknown is not None:
            return call("@known", value, self.unknown)
        args = [value, ZERO] if self.chosen else [ZERO, value]
        return numpy_call("where", self.condition, *args)

    def passing(self) -> Any:
        """Where it lets anything through."""
        if self.unknown is not None:
            return numpy_call("logical_not", numpy_call("isnan", self.unknown))
        return self.condition if self.chosen else numpy_call("logical_not", self.condition)

    def equals(self, other: Mask) -> bool:
        return self.chosen == other.chosen and bool(
            same(self.condition, other.condition) and same(self.unknown, other.unknown)
        )

    def names(self) -> set[str]:
        return {n for e in (self.condition, self.unknown) if e is not None for n in names_in(e)}

    def values(self) -> set[str]:
        """The names whose values count, and not their shapes alone."""
        parts = [e for e in (self.condition, self.unknown) if e is not None]
        shapes = [n.args[0] for e in parts for n in walk(e) if _shaped(n)]
        return {
            n.id
            for e in parts
            for n in walk(e)
            if isinstance(n, gast.Name) and not any(n is s for s in shapes)
        }

    def either(self, other: Mask | None) -> Mask | None:
        """The mask of a sum, if one condition stands behind both masks."""
        if other is None or self.equals(other) or other is NOTHING:
            return other and self
        if self is NOTHING:
            return other
        one, two = self.passing(), other.passing()
        if any(same(two, part) for part in _parts(one)):
            return self
        if not same(_behind(one), _behind(two)) and not (_stored(one) and _stored(two)):
            return None
        if len(_parts(one)) + len(_parts(two)) > MOST:
            return None
        return Mask(numpy_call("logical_or", one, two), weak=self.weak and other.weak)

    def both(self, other: Mask | None) -> Mask:
        """The mask of what passed two."""
        if other is None or other is NOTHING or self.equals(other):
            return other or self
        passing = numpy_call("logical_and", self.passing(), other.passing())
        return Mask(passing, weak=self.weak and other.weak)


NOTHING = Mask(literal(False), weak=True)  # of zeros


def numpy_call(function: str, *args: Any) -> Any:
    func = gast.Attribute(value=name("@import:np"), attr=function, ctx=gast.Load())
    return gast.Call(func=func, args=list(args), keywords=[])


def mask_written(node: Any) -> Mask | None:
    """The mask that an expression is, whatever stands in it."""
    match node:
        case gast.Call(func=gast.Name(id="@known"), args=[_, x]):
            return Mask(None, False, x)
        case gast.Call(
            func=gast.Attribute(value=gast.Name(id="@import:np"), attr="where"),
            args=[condition, one, other],
        ):
            if isinstance(other, gast.Constant) and other.value == 0:
                return Mask(condition, True)
            if isinstance(one, gast.Constant) and one.value == 0:
                return Mask(condition, False)
    return None


def mask_of_helper(node: Any, runtime: Callable[[str], str]) -> Mask | None:
    """The mask of what a helper gives, which puts an adjoint into zeros."""
    match node:
        case gast.Call(func=gast.Name(id="@zeros_like" | "@zero_tangent"), args=[_]):
            return NOTHING
        case gast.Call(func=gast.Name(id=helper), args=[_, *rest]) if helper in _PLACES:
            made = gast.Call(name(runtime(_PLACES[helper])), args=rest, keywords=node.keywords)
            return Mask(made, weak=helper == "@extreme_adjoint")
    return None


def masks_of_items(node: Any, runtime: Callable[[str], str]) -> dict[int, Mask]:
    """The masks of the items of a list that a helper gives."""
    match node:
        case gast.Call(func=gast.Name(id=helper), args=[_, *rest]) if helper in _ITEMS:
            chosen = runtime(_ITEMS[helper])
            return {i: Mask(call(chosen, literal(i), *rest)) for i in range(MANY)}
    return {}


def stored(base: str, index: Any, symbols: Symbols, weak: bool, value: Mask | None = None) -> Mask:
    """Where a store at an index writes, of a value that has a mask itself."""
    place = rebuild(index, lambda n: _slice(n, symbols))
    some = [value.passing()] if value is not None and value is not NOTHING else []
    return Mask(call(symbols.runtime("touched"), name(base), place, *some), weak=weak)


def moved(node: Any, mask: Mask) -> Mask | None:
    """The mask of an adjoint whose elements a function puts in another order."""
    passing = mask.passing()
    if not _whole(passing):
        return None
    if isinstance(node, gast.Attribute):
        return Mask(gast.Attribute(value=passing, attr="T", ctx=gast.Load()), weak=mask.weak)
    args = [passing, *node.args[1:]]
    return Mask(gast.Call(func=node.func, args=args, keywords=node.keywords), weak=mask.weak)


def reordered(node: Any) -> Any | None:
    """What an expression gives in another order or shape; None if it does more."""
    if isinstance(node, gast.Attribute) and node.attr == "T":
        return node.value
    if not isinstance(node, gast.Call) or not node.args:
        return None
    word = getattr(node.func, "id", getattr(node.func, "attr", ""))
    return node.args[0] if word in _ORDERS else None


def _slice(node: Any, symbols: Symbols) -> Any | None:
    """`a:b` as `slice(a, b)`."""
    if not isinstance(node, gast.Slice):
        return None
    bounds = [node.lower, node.upper] if node.step is None else [node.lower, node.upper, node.step]
    return call(symbols.builtin("slice"), *[literal(None) if b is None else b for b in bounds])


def share(node: Any, shares: set[str]) -> bool:
    """Is a factor 0 where an operand was not chosen?  `shares` are names of such factors."""
    match node:
        case gast.Name(id=one):
            return one in shares
        case gast.Call(func=gast.Name(id="@tie_share" | "@extreme_shares")) | gast.Compare():
            return True
        case gast.BinOp(left=left, op=gast.BitAnd(), right=right):
            return share(left, shares) and share(right, shares)
        case gast.IfExp(body=body, orelse=orelse):
            options = [e for e in (body, orelse) if not _is_none(e)]
            return bool(options) and all(share(e, shares) for e in options)
    return False


def part(mask: Mask, index: Any) -> Mask | None:
    """The mask of a part of an adjoint."""
    passing = mask.passing()
    if not _whole(passing):
        return None
    return Mask(gast.Subscript(value=passing, slice=index, ctx=gast.Load()), weak=mask.weak)


def truth(node: Any) -> bool:
    """Is an expression a truth value, by what stands in it?"""
    match node:
        case gast.BinOp(left=left, op=gast.BitAnd(), right=right):
            return truth(left) and truth(right)
    return isinstance(node, gast.Compare)


def _is_none(node: Any) -> bool:
    return isinstance(node, gast.Constant) and node.value is None


def _shaped(node: Any) -> bool:
    """Is it a call that reads the shape of its first argument?"""
    return isinstance(node, gast.Call) and getattr(node.func, "id", "") == "@touched"


def _parts(passing: Any) -> list[Any]:
    match passing:
        case gast.Call(func=gast.Attribute(attr="logical_or"), args=[one, two]):
            return [*_parts(one), *_parts(two)]
    return [passing]


def _whole(passing: Any) -> bool:
    """Has a condition the whole shape of the adjoint, none that is broadcast against it?"""
    match passing:
        case gast.Call(func=gast.Attribute(attr="logical_or" | "logical_and"), args=parts):
            return all(_whole(part) for part in parts)
        case gast.Call(func=gast.Attribute(attr="logical_not"), args=[part]):
            return _whole(part)
        case gast.Call(func=gast.Name(id=helper)) if helper in _WHOLE:
            return True
    first = passing.value if isinstance(passing, gast.Subscript) else reordered(passing)
    return first is not None and _whole(first)


def _stored(passing: Any) -> bool:
    return all(_shaped(part) for part in _parts(passing))


def _behind(passing: Any) -> Any:
    """The condition that was narrowed, once or in several ways."""
    first = _parts(passing)[0]
    match first:
        case gast.Call(func=gast.Name(id="@chosen"), args=[condition, _]):
            return condition
    return first
