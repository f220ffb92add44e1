"""What one look at a statement of generated code tells: the names it reads, binds and writes into,
and whether it does more than that.

    y = t1 + stack.pop()        reads t1, stack; binds y; writes into stack; acts
    v = rows[0]                 reads rows; binds v, a part of rows

A statement is looked at once: a pass that changes one makes a new one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import gast

from tangent.syntax.printing import Comment, Noted, Verbatim
from tangent.syntax.trees import names_in, walk

COMPOUND = (gast.If, gast.For, gast.While)
MARK = "@may_change"  # in front of a call that may change what the mark names, until all has moved


def inner(node: Any) -> Any:
    """The statement itself, without its note."""
    return node.statement if isinstance(node, Noted) else node


@dataclass(frozen=True, slots=True)
class Glance:
    """Of a compound statement all but `header` is told of its blocks as well."""

    reads: tuple[str, ...] = ()  # as often as they are read
    binds: tuple[str, ...] = ()  # as often as they are bound, an update counted as two
    stores: frozenset[str] = frozenset()  # names that are bound
    written: frozenset[str] = frozenset()  # names whose value may be written into
    header: frozenset[str] = frozenset()  # names that the statement itself reads
    acts: bool = False  # may do more than give a value
    calls: bool = False  # calls a generated function, or one of run time: effects are not known
    parts: frozenset[tuple[str, str]] = frozenset()  # `one = whole[i]`: names, and what they show

    @property
    def names(self) -> set[str]:
        return {*self.reads, *self.binds}


@dataclass
class Glances:
    """The looks taken so far; the statements are kept, so that none takes another's place."""

    taken: dict[int, tuple[Any, Glance]] = field(default_factory=dict)

    def __call__(self, node: Any) -> Glance:
        """A look at a statement without its note."""
        known = self.taken.get(id(node))
        if known is not None and known[0] is node:
            return known[1]
        found = self.around(node) if isinstance(node, COMPOUND) else _simple(node)
        self.taken[id(node)] = node, found
        return found

    def around(self, node: Any) -> Glance:
        """A look at a compound statement."""
        if isinstance(node, gast.For):
            parts = [_simple(node.target), _simple(node.iter)]
            header = names_in(node.iter)
        else:
            parts = [_simple(node.test)]
            # the test of a `while` is asked again and again: nothing is moved into it
            header = names_in(node.test) if isinstance(node, gast.If) else set()
        parts += self.inside(node)
        return Glance(
            tuple(n for p in parts for n in p.reads),
            tuple(n for p in parts for n in p.binds),
            frozenset().union(*(p.stores for p in parts)),
            frozenset().union(*(p.written for p in parts)),
            frozenset(header),
            any(p.acts for p in parts),
            any(p.calls for p in parts),
            frozenset().union(*(p.parts for p in parts)),
        )

    def inside(self, node: Any) -> list[Glance]:
        """Looks at the statements in the blocks of a compound statement."""
        return [self(inner(s)) for s in (*node.body, *node.orelse)]


def marked(node: Any) -> str:
    """The name that a mark is about; empty for any other statement."""
    match node:
        case gast.Expr(value=gast.Call(func=gast.Name(id=function), args=[gast.Name(id=one)])):
            return str(one) if function == MARK else ""
    return ""


def _simple(node: Any) -> Glance:
    if isinstance(node, Comment):
        return Glance()
    if one := marked(node):
        return Glance(written=frozenset({one}), acts=True)
    reads: list[str] = []
    binds: list[str] = []
    stores: set[str] = set()
    written: set[str] = set()
    acts = calls = False
    for part in walk(node):
        kind = type(part)
        if kind is gast.Name:
            (reads if isinstance(part.ctx, gast.Load) else binds).append(part.id)
            if isinstance(part.ctx, gast.Store):
                stores.add(part.id)
        elif kind is gast.Call:
            written |= _written_by_call(part)
            acts = acts or call_acts(part)
            calls = calls or _of_ours(part.func)
        elif kind in (gast.Subscript, gast.Attribute) and isinstance(part.ctx, gast.Store):
            written |= names_in(part.value)
        elif kind is gast.AugAssign:
            written |= names_in(part.target)
            binds += [part.target.id] if isinstance(part.target, gast.Name) else []
    header = frozenset(reads)
    if isinstance(node, (Verbatim, gast.Try)):  # nobody looks into it: it may change what it names
        header, written, acts = frozenset(), names_in(node), True
    facts = frozenset(stores), frozenset(written), header
    return Glance(tuple(reads), tuple(binds), *facts, acts, calls, _parts(node))


def _parts(node: Any) -> frozenset[tuple[str, str]]:
    match node:
        case gast.Assign(targets=[gast.Name(id=one)], value=whole):
            while isinstance(whole, (gast.Subscript, gast.Attribute)):
                whole = whole.value
            part = isinstance(whole, gast.Name) and whole is not node.value
            return frozenset({(one, whole.id)} if part else ())
    return frozenset()


def effects(node: Any) -> bool:
    """May the evaluation of an expression do more than give a value?"""
    return any(isinstance(part, gast.Call) and call_acts(part) for part in walk(node))


def call_acts(node: Any) -> bool:
    """May a call do more than give a value, its arguments apart?"""
    function = node.func
    if isinstance(function, gast.Attribute):
        return not _rooted(function) and function.attr not in _PURE_METHODS
    named = isinstance(function, gast.Name)
    return named and (function.id in _EFFECTS or "#call" in function.id)


def _written_by_call(node: Any) -> set[str]:
    if isinstance(node.func, gast.Attribute) and node.func.attr in _METHODS_WITH_EFFECT:
        return names_in(node.func.value)
    if isinstance(node.func, gast.Name) and node.func.id in _WRITERS:
        return names_in(node.args[0])
    return set()


def _of_ours(function: Any) -> bool:
    """Is it a generated function, or one that is known only at run time?"""
    named = isinstance(function, gast.Name)
    return named and (function.id.startswith("@function:") or function.id in _LATER)


def _rooted(function: Any) -> bool:
    """Is it a function of a module: `np.linalg.norm`?"""
    while isinstance(function, gast.Attribute):
        function = function.value
    return isinstance(function, gast.Name) and function.id[0] == "@"


_LATER = {"@call", "@call_forward", "@call_backward", "@call_jvp"}
_WRITERS = {
    "@add_at",
    "@add_field",
    "@add_into",
    "@add_into_field",
    "@take_out",
    "@take_back",
    "@accumulate",
    "@overwrite",
    "@restore",
    MARK,
}
_GUARDS = {
    "@unshared",
    "@separate",
    "@separate_entry",
    "@separate_itself",
    "@a_count",
    "@a_list",
    "@no_count",
    "@fixed_keys",
    "@no_dict",
    "@no_list",
    "@alike",
    "@no_growth",
    "@no_arrays",
    "@no_joined",
}
_EFFECTS = {*_WRITERS, *_GUARDS, "@seed"}
_METHODS_WITH_EFFECT = {
    "append",
    "pop",
    "extend",
    "insert",
    "remove",
    "sort",
    "fill",
    "put",
    "resize",
    "update",
}
_PURE_METHODS = {
    "sum",
    "mean",
    "max",
    "min",
    "reshape",
    "ravel",
    "flatten",
    "transpose",
    "copy",
    "astype",
    "dot",
    "T",
    "items",
    "values",
    "keys",
    "prod",
    "std",
    "var",
    "any",
    "all",
    "argmax",
    "argmin",
    "clip",
    "swapaxes",
    "cumsum",
    "squeeze",
    "diagonal",
    "trace",
    "conj",
    "round",
    "repeat",
    "take",
    "tolist",
    "item",
    "get",
    "argsort",
}
