"""What changes what it is given, told by its name; and functions that store anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast

from tangent.syntax.trees import walk

# methods of lists, sets and dicts that change these
CHANGING = (
    *("append", "extend", "insert", "pop", "remove", "clear", "reverse", "sort"),
    *("update", "setdefault", "popitem"),
)
# functions and methods, written in C, that change their first argument
CHANGES = (
    *("shuffle", "at", "insort", "insort_left", "insort_right", "setitem", "delitem"),
    *("heapify", "heappush", "heappop", "heapreplace", "heappushpop"),
)
_OF_ARRAYS = ("fill", "put", "partition", "resize", "itemset")
_FIRST = (*CHANGES, "copyto", "putmask", "place", "put", "put_along_axis", "fill_diagonal")


def stores(tree: Any) -> bool:
    """May a function store into what it is given?  Into what it holds it may; what it calls is not
    asked.
    """
    nodes = list(walk(tree))
    own = {n.id for n in nodes if isinstance(n, gast.Name) and not isinstance(n.ctx, gast.Load)}
    return any(_root(place) in own for node in nodes for place in changed_places(node))


def changed_places(node: Any) -> Iterator[Any]:
    """The places into which a piece of text stores."""
    match node:
        case (
            gast.Subscript(ctx=gast.Store() | gast.Del())
            | gast.Attribute(ctx=gast.Store() | gast.Del())
        ):
            yield node.value
        case gast.AugAssign(target=gast.Name() as target):
            yield target
        case gast.Call(func=function, args=args, keywords=keywords):
            word = getattr(function, "attr", getattr(function, "id", ""))
            if word in (*CHANGING, *_OF_ARRAYS) and isinstance(function, gast.Attribute):
                yield function.value
            yield from args[:1] if word in _FIRST else ()
            yield from (k.value for k in keywords if k.arg == "out")


def changed_roots(node: Any) -> set[str]:
    """The names that hold what a piece of text stores into."""
    return {one for place in changed_places(node) if (one := _root(place)) is not None}


def _root(place: Any) -> str | None:
    """The name that holds a place; of what a call gives, its first argument."""
    while not isinstance(place, gast.Name):
        match place:
            case gast.Subscript(value=inner) | gast.Attribute(value=inner):
                place = inner
            case gast.Call(func=gast.Attribute(value=inner)) | gast.Call(args=[inner, *_]):
                place = inner
            case _:
                return None
    return str(place.id)
