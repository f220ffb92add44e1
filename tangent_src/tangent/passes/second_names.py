"""Objects under two names: the second stands for the first as long as both hold the object.

    q = p                   q = p
    q.w = e         ->      p.w = e

So a change is a change of one variable.  Where one of the two may be bound to something else the
second name gets the object anew; from then on both show it, as two names of an array do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import gast

from tangent.syntax.program import Assign, Copy
from tangent.syntax.trees import name


def first_name(self: Any, identifier: str) -> str:
    """The name that stands for the object that a name holds."""
    return str(self.roots.get(identifier, identifier))


def rebinding(self: Any, target: str) -> None:
    """In front of `target = …`: those who stood behind it go on with the object."""
    self.roots.pop(target, None)
    left = [n for n, root in self.roots.items() if root == target]
    for one in left[:1]:
        _anew(self, one, target)
        del self.roots[one]
    for one in left[1:]:
        self.roots[one] = left[0]


def in_front(self: Any, nodes: Iterable[Any]) -> None:
    """In front of a block: what its statements bind stands for nobody, and nobody for it."""
    inside = (n for s in nodes for n in gast.walk(s) if isinstance(n, gast.Name))
    bound = {n.id for n in inside if isinstance(n.ctx, gast.Store)}
    for one, root in list(self.roots.items()):
        if one in bound or root in bound:
            _anew(self, one, root)
            del self.roots[one]


def behind(self: Any, before: dict[str, str]) -> None:
    """Behind a block: what holds on one path alone is forgotten."""
    for one, root in list(self.roots.items()):
        if before.get(one) != root:
            del self.roots[one]


def _anew(self: Any, one: str, root: str) -> None:
    self.code.append(Assign(self.here(), one, Copy(name(root), frozenset({root}), root)))
    if root in self.types:
        self.types[one] = self.types[root]
