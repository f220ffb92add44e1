"""Loops over what moves: `for x in xs` becomes `for x, x_dot in zip(xs, xs_dot)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gast

from tangent.syntax.program import For, assigned
from tangent.syntax.trees import call, name, names_in, stored

if TYPE_CHECKING:
    from tangent.passes.tangents import Interleaved

Pair = tuple[list[Any], list[Any]]  # targets, and the iterables that they go through


def with_tangents(
    self: Interleaved, loop: For, items: list[Any], moving: list[Any], body: list[Any]
) -> Any:
    """The loop whose header binds the items and their tangents; by position where it cannot."""
    moved = {n for part in moving for n in names_in(part)}
    inside = moved | {n for part in body for n in names_in(part)}
    if loop.sugar is not None and loop.index not in names_in(loop.sugar[0]):
        indexed = loop.index in {n for part in body for n in names_in(part)}
        pair = None if indexed else _paired(self, *loop.sugar, moved)
        if pair is not None:
            return _for(*pair, body)
        if loop.index not in inside and not inside & _unnamed(loop):
            return _for(*loop.sugar, [*moving, *body])
    elif loop.sugar is not None:
        pair = _paired(self, *loop.sugar, moved)
        if pair is not None:
            return _for(*pair, body)
    return by_position(self, loop, [*items, *moving, *body])


def by_position(self: Interleaved, loop: For, body: list[Any]) -> Any:
    return _for(name(loop.index), self.forward.checked(loop.header, loop), body)


def _unnamed(loop: For) -> set[str]:
    """What only the items bind: the key of `for (i, j), w in d.items()`."""
    assert loop.sugar is not None
    return assigned(loop.items) - names_in(loop.sugar[0])


def _paired(
    self: Interleaved, target: Any, iterable: Any, moved: set[str]
) -> tuple[Any, Any] | None:
    found = _parts(self, target, iterable, moved)
    if found is None:
        return None
    targets, iterables = found
    if len(targets) == 1:
        return targets[0], iterables[0]
    return gast.Tuple(elts=targets, ctx=gast.Store()), call("@builtin:zip", *iterables)


def _parts(self: Interleaved, target: Any, iterable: Any, moved: set[str]) -> Pair | None:
    """The targets of a loop and their tangents, side by side, as far as they are read (`moved`);
    None where they are not plain.
    """
    if isinstance(iterable, gast.Name):
        return _of_name(self, target, iterable, moved, lambda it: it)
    if not isinstance(iterable, gast.Call) or not isinstance(iterable.func, gast.Name):
        return None
    function, arguments = iterable.func.id, iterable.args
    if function == "@builtin:reversed" and isinstance(arguments[0], gast.Name):
        backwards = lambda it: call("@builtin:reversed", it)  # noqa: E731
        return _of_name(self, target, arguments[0], moved, backwards)
    if function == "@builtin:range":
        return [target], [iterable]
    if function == "@builtin:zip" and isinstance(target, gast.Tuple):
        parts = [_parts(self, t, a, moved) for t, a in zip(target.elts, arguments, strict=True)]
        if any(p is None for p in parts):
            return None
        return [t for p in parts for t in p[0]], [a for p in parts for a in p[1]]  # type: ignore[index]
    if function == "@builtin:enumerate" and isinstance(target, gast.Tuple):
        inner = _paired(self, target.elts[1], arguments[0], moved)
        if inner is None:
            return None
        both = gast.Tuple(elts=[target.elts[0], inner[0]], ctx=gast.Store())
        return [both], [call("@builtin:enumerate", inner[1], *arguments[1:])]
    return None


def _of_name(self: Interleaved, target: Any, iterable: Any, moved: set[str], around: Any) -> Pair:
    if self.dots.get(iterable.id) not in moved:
        return [target], [around(iterable)]
    checked = self.runtime("sequence", iterable)
    return (
        [target, _dotted(self, target)],
        [around(checked), around(name(self.dot(iterable.id)))],
    )


def _dotted(self: Interleaved, target: Any) -> Any:
    """The pattern of the tangents of a pattern."""
    if isinstance(target, gast.Name):
        return stored(self.dot(target.id))
    if isinstance(target, gast.Starred):
        return gast.Starred(value=_dotted(self, target.value), ctx=gast.Store())
    return gast.Tuple(elts=[_dotted(self, e) for e in target.elts], ctx=gast.Store())


def _for(target: Any, header: Any, body: list[Any]) -> Any:
    return gast.For(
        target=target, iter=header, body=body or [gast.Pass()], orelse=[], type_comment=None
    )
