"""Stores that may give a dict an entry, or an object an attribute, which it did not have before.

A store is undone by putting back what stood there; where nothing did, the entry is taken out.  What
a dict surely holds is what its display, a store or a read of an entry shows, under a written key:
nothing takes an entry out of a dict, since `del d[k]` binds a new one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import gast

from tangent.analyses.activity import writes
from tangent.analyses.shapes import Shapes
from tangent.analyses.sharing import Sharing
from tangent.syntax.program import (
    RESTORE,
    Assign,
    Copy,
    Display,
    For,
    If,
    Item,
    Program,
    Statement,
    Store,
)

Held = dict[str, frozenset[Hashable]]  # the keys that each name surely has
NONE: frozenset[Hashable] = frozenset()


def perhaps_new(program: Program, shapes: Shapes, sharing: Sharing) -> frozenset[Statement]:
    """The stores into what may be a dict, under a key that it may not have."""
    found: set[Statement] = set()
    _walk(program.body, {}, found)
    return frozenset(
        s
        for s in found
        if isinstance(s, Store) and not shapes.is_numeric(s, s.base) and not sharing.sequence(s)
    )


def _walk(body: tuple[Statement, ...], held: Held, found: set[Statement]) -> Held:
    for statement in body:
        match statement:
            case If():
                first = _walk(statement.body, dict(held), found)
                held = _both(first, _walk(statement.orelse, held, found))
            case For():
                while (after := _both(held, _walk(statement.whole, dict(held), found))) != held:
                    held = after
            case Store(base=base, index=index):
                if statement.operator is None and not _sliced(index):
                    if not _keys([index]) <= held.get(base, NONE) or not _keys([index]):
                        found.add(statement)
                if statement.operator == RESTORE:  # afterwards it may be there or not
                    found.add(statement)
                    held.pop(base, None)
                else:
                    held[base] = held.get(base, NONE) | _keys([index])
            case Assign(target=target, value=value):
                held[target] = _of(value, held)
                if isinstance(value, Item) and value.base != target:
                    held[value.base] = held.get(value.base, NONE) | _keys([value.index])
            case _:
                for target in writes(statement):
                    held.pop(target, None)
    return held


def _both(first: Held, second: Held) -> Held:
    met = {n: keys & second[n] for n, keys in first.items() if n in second}
    return {n: keys for n, keys in met.items() if keys}


def _of(value: Any, held: Mapping[str, frozenset[Hashable]]) -> frozenset[Hashable]:
    match value:
        case Copy(source=source):
            return held.get(source, NONE)
        case Display(kind="dict" | "object", keys=keys):
            return _keys(keys)
    return NONE


def _keys(written: Iterable[Any]) -> frozenset[Hashable]:
    return frozenset(k.value for k in written if isinstance(k, gast.Constant))


def _sliced(index: Any) -> bool:
    """Is it surely no key?"""
    parts = index.elts if isinstance(index, gast.Tuple) else [index]
    return any(isinstance(p, gast.Slice) or _keys([p]) & {..., None} for p in parts)
