"""The names that code reads and did not bind: what one sweep takes from the other."""

from __future__ import annotations

from typing import Any

import gast

from tangent.passes.glance import inner
from tangent.passes.optimise import jumps
from tangent.syntax.printing import Comment, Verbatim
from tangent.syntax.trees import names_in, walk


def free(code: list[Any], bound: set[str]) -> list[str]:
    """The names that a backward half reads and did not make: its record, in the order in which it
    reads them.
    """
    found: dict[str, None] = {}
    free_block(code, set(bound), found)
    return list(found)


def free_block(code: list[Any], bound: set[str], found: dict[str, None]) -> set[str]:
    for statement in code:
        node = inner(statement)
        match node:
            case gast.If():
                _note_free(node.test, bound, found)
                first = free_block(node.body, set(bound), found)
                second = free_block(node.orelse, set(bound), found)
                bound = _joined(node, first, second)
            case gast.For():
                _note_free(node.iter, bound, found)
                free_block(node.body, bound | names_in(node.target), found)
            case gast.While():
                _note_free(node.test, bound, found)
                free_block(node.body, set(bound), found)
            case gast.Try():  # an exception may come anywhere in it
                free_block(node.body, set(bound), found)
                for handler in node.handlers:
                    own = _stored_in(handler)
                    free_block(handler.body, bound | own, found)
            case Comment():
                pass
            case Verbatim():
                bound |= _stored_in(node)
                _note_free(node, bound, found)
            case _:
                _note_free(node, bound, found)
                bound |= _stored_in(node)
    return bound


def _stored_in(node: Any) -> set[str]:
    names = (n for n in walk(node) if isinstance(n, gast.Name))
    return {n.id for n in names if not isinstance(n.ctx, gast.Load)}


def _joined(node: Any, first: set[str], second: set[str]) -> set[str]:
    """The names bound behind an `if`: a branch that does not get there has no say."""
    if jumps(node.body):
        return second
    return first if jumps(node.orelse) else first & second


def _note_free(node: Any, bound: set[str], found: dict[str, None]) -> None:
    augmented = isinstance(node, gast.AugAssign) and isinstance(node.target, gast.Name)
    for part in walk(node):
        if isinstance(part, gast.Name) and part.id[0] != "@" and part.id not in bound:
            if isinstance(part.ctx, gast.Load) or (augmented and part is node.target):
                found.setdefault(part.id)
