"""An expression in steps: what a part of it reads last is given up before the rest is made.

                                                        t5_bar = t4_bar * h
                                                        del t4_bar                # release
    t5_bar = t4_bar * h * (1 - t1 * t1) * 0.5     ->    t6 = t1 * t1
                                                        del t1                    # release
                                                        t5_bar = t5_bar * (1 - t6) * 0.5

NumPy reuses the memory of a temporary only where it stands on the left of an operator, or on either
side of `+` and `*`, and owns its memory: there a step would save nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import gast

from tangent.passes.glance import inner
from tangent.syntax.trees import assign, name, walk


def in_steps(function: Any, given_up: set[str]) -> None:
    """Changes a backward half in place; `given_up` are the names that it may let go."""
    left = Counter(_names(function))
    taken = {n.removesuffix("_bar") for n in left}
    body: list[Any] = []
    for statement in function.body:
        mine = Counter(_names(statement))
        left -= mine
        last = {n: mine[n] for n in mine if n in given_up and not left[n]}
        body += [*_Steps(statement, last, taken).run(), statement]
    function.body = body


def _names(node: Any) -> list[str]:
    return [n.id for n in walk(node) if isinstance(n, gast.Name)]


class _Steps:
    """The steps in front of one statement."""

    def __init__(self, statement: Any, last: dict[str, int], taken: set[str]) -> None:
        self.node, self.last, self.taken = inner(statement), last, taken
        self.made: list[Any] = []

    def run(self) -> list[Any]:
        target = self.node.targets[0] if isinstance(self.node, gast.Assign) else None
        if isinstance(target, gast.Name) and isinstance(self.node.value, gast.BinOp):
            mine = target.id not in _names(self.node.value)
            self.split(self.node.value, [target.id] if mine else [])
        return self.made

    def split(self, node: Any, free: list[str]) -> None:
        """Bind what is a step of its own; `free` is the name that the first one may have."""
        if isinstance(node.left, gast.BinOp):
            self.split(node.left, free)
        if self.ends(node.left) and (isinstance(node.left, gast.Call) or _compound(node.right)):
            node.left = self.bound(node.left, free)
        if not isinstance(node.right, gast.BinOp) or (_compound(node.left) and _calls(node)):
            return  # calls stay in their order
        self.split(node.right, [])
        if self.ends(node.right) and not isinstance(node.op, gast.Add | gast.Mult):
            node.right = self.bound(node.right, [])

    def ends(self, node: Any) -> bool:
        """Is something read last in it, which may be given up?"""
        found = Counter(_names(node)) if _compound(node) else Counter[str]()
        return any(found[n] == count for n, count in self.last.items())

    def bound(self, node: Any, free: list[str]) -> Any:
        target = free.pop() if free else next(n for n in _numbered() if n not in self.taken)
        self.taken.add(target.removesuffix("_bar"))
        self.made.append(assign(target, node))
        return name(target)


def _compound(node: Any) -> bool:
    return isinstance(node, gast.BinOp | gast.Call)


def _calls(node: Any) -> bool:
    return any(isinstance(n, gast.Call) for n in walk(node))


def _numbered() -> Iterator[str]:
    number = 1
    while True:
        yield f"t{number}"
        number += 1
