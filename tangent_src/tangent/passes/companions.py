"""What is known of the items of a list, when the list may be changed under another name.

    gs = m.layers           gs, m are companions: they may reach the same list
    gs.append(Linear(w))    from here the items of `m.layers` are of any class

Names that may reach the same list or object are put together once and stay so: where they meet is
not asked.  A list that has two names has one type under both, since both learn what is put into it;
so two lists of different types are two lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tangent.passes.objects import ANY, Each, Many, Object, joined_type, part
from tangent.syntax.program import Apply, Call, Copy, Display, Item, Plain, Value
from tangent.syntax.trees import names_in

NOTHING = object()


@dataclass
class Companions:
    """The names that reach lists or objects, each with one of those that it met."""

    first: dict[str, str] = field(default_factory=dict)
    met: int = 0  # how often names were put together

    def root(self, name: str) -> str:
        while self.first[name] != name:
            name = self.first[name]
        return name

    def meet(self, names: Iterable[str]) -> None:
        """From here on these may reach the same."""
        one = None
        for name in names:
            self.first.setdefault(name, name)
            root = self.root(name)
            if one is not None and root != one:
                self.first[root] = one
                self.met += 1
            one = one or root

    def bound(self, target: str, value: Value) -> None:
        """After `target = value`."""
        match value:
            case Display() | Call():
                begins = True
            case Apply(rule=rule):
                begins = not (rule.numeric or rule.deep)
            case Plain(fresh=fresh, scalar=scalar):
                begins = not (fresh or scalar)
            case _:
                begins = False
        old = self.known(value.reads if isinstance(value, Call) or begins else _source(value))
        if begins or old:
            self.meet((*old, target))

    def put(self, base: str, value: Any) -> None:
        """After `value` was put into `base`."""
        if base in self.first:
            self.meet((base, *self.known(names_in(value))))

    def known(self, names: Iterable[str]) -> list[str]:
        return sorted(n for n in names if n in self.first)

    def of(self, name: str) -> set[str]:
        """The names that may reach what a name reaches."""
        if name not in self.first:
            return {name}
        root = self.root(name)
        return {n for n in self.first if self.root(n) == root}


def _source(value: Value) -> tuple[str, ...]:
    match value:
        case Copy(source=source):
            return (source,)
        case Item(base=base):
            return (base,)
    return ()


# ---------------------------------------------------------------- what lists hold from here on


def widen(self: Any, base: str, new: Any) -> None:
    """After something of the type `new` was put into the list `base` (None: of an unknown one)."""
    mine = self.types.get(base)
    for name in self.companions.of(base) & self.types.keys():
        self.types[name] = _shallow(_widened(self.types[name], mine, new))


def taken_out(self: Any, base: str, target: str = "") -> None:
    """After an item was taken out of the list `base`, and bound to `target`."""
    known = part(self.types.get(base), None)
    if target and known is not None:
        self.types[target] = known
        self.companions.meet((base, target))
    widen(self, base, NOTHING)


def widen_by(self: Any, base: str, value: Any) -> None:
    """After the atom `value` was put into `base`."""
    self.companions.put(base, value)
    widen(self, base, self.types.get(getattr(value, "id", "")))


def widen_by_items(self: Any, base: str, value: Any) -> None:
    """After the items of the atom `value` were put into `base`."""
    self.companions.put(base, value)
    whole = self.types.get(getattr(value, "id", ""))
    if whole != Many():  # nothing was put into it
        widen(self, base, whole.item if isinstance(whole, Many) and whole.item != ANY else None)


def forget_items(self: Any, callee: Any, arguments: Mapping[str, Any]) -> None:
    """After a call of a function that may put anything into its arguments."""
    for parameter in callee.changes & arguments.keys():
        for name in names_in(arguments[parameter]) & self.companions.first.keys():
            self.types.pop(name, None)
            widen(self, name, None)


def _widened(known: Any, mine: Any, new: Any) -> Any:
    match known:
        case Many(item=item):
            inside = Many(_widened(item, mine, new))
            return Many(_either(inside.item, new)) if _same(known, mine) else inside
        case Each(items=items):
            if _same(known, mine):
                return Many(ANY)
            return Each(tuple(_widened(i, mine, new) for i in items))
        case Object(held=held):
            return replace(known, held=tuple((a, _widened(t, mine, new)) for a, t in held))
    return known


DEEPEST = 6  # lists in one another; a list that may be inside itself has no type that ends


def _shallow(known: Any, left: int = DEEPEST) -> Any:
    match known:
        case Many(item=item):
            return Many(_shallow(item, left - 1)) if left else ANY
        case Each(items=items):
            return Each(tuple(_shallow(i, left - 1) for i in items)) if left else ANY
    return known


def _same(known: Many | Each, mine: Any) -> bool:
    """May it be the list of the type `mine`?"""
    if isinstance(known, Many) and isinstance(mine, Many):
        one, other = known.item, mine.item
        if isinstance(one, Object) and isinstance(other, Object):
            return one.cls is other.cls
        return type(one) is type(other)
    return mine is None or known == mine


def _either(item: Any, new: Any) -> Any:
    """The type of items that are of one type or the other; an empty list has none."""
    if new is NOTHING:
        return item
    if item is None:
        return ANY if new is None else new
    both = joined_type(item, new)
    return ANY if both is None else both
