"""`checkpoint(…)` in the header of a loop -> the loop without it, and its schedule.

for t in checkpoint(range(n), every=k):      ->     for t in range(n):         every k
while checkpoint(error > tol, snapshots=c):  ->     while error > tol:         c snapshots
"""

from __future__ import annotations

import copy
from typing import Any

import gast

from tangent.passes.inert import inert
from tangent.passes.lowering import Lowering, static_of
from tangent.runtime.checkpoints import checkpoint
from tangent.syntax.program import Plain, Schedule
from tangent.syntax.trees import call, literal, names_in

_KINDS = ("every", "snapshots", "states")


def scheduled_for(self: Lowering, node: gast.For) -> tuple[gast.For, Schedule | None]:
    """A `for` loop over what `checkpoint` was given, and the schedule."""
    if not is_checkpoint(self, node.iter):
        return node, None
    inside, schedule = _taken_apart(self, node.iter)
    node = copy.copy(node)
    node.iter = inside
    return node, schedule if self.unit.registry.checkpoints else None


def scheduled_while(self: Lowering, node: gast.While) -> tuple[gast.While, Schedule | None]:
    """A `while` loop with the test that `checkpoint` was given, and the schedule."""
    if not is_checkpoint(self, node.test):
        return node, None
    inside, schedule = _taken_apart(self, node.test)
    node = copy.copy(node)
    node.test = inside
    return node, schedule if self.unit.registry.checkpoints else None


def is_checkpoint(self: Lowering, node: Any) -> bool:
    """Is an expression a call of `tangent.checkpoint`?"""
    return isinstance(node, gast.Call) and is_marker(self, node.func)


def is_marker(self: Lowering, node: Any) -> bool:
    """Does an expression stand for `tangent.checkpoint`?"""
    return static_of(self, node)[0] is checkpoint


def _taken_apart(self: Lowering, node: gast.Call) -> tuple[Any, Schedule]:
    words = {k.arg: k.value for k in node.keywords}
    if len(node.args) != 1 or len(words) != 1 or not set(words) <= set(_KINDS):
        what = "a checkpointed loop has one schedule"
        advice = "write `checkpoint(range(n), every=k)`, `snapshots=c` or `states=m`"
        self.refuse(what, "checkpoint-schedule", node, advice)
    ((kind, amount),) = words.items()
    return node.args[0], Schedule(str(kind), _amount(self, str(kind), amount))


def _amount(self: Lowering, kind: str, node: Any) -> Any:
    """The number of a schedule: a literal, or a name that is bound in front of the loop."""
    if isinstance(node, gast.Constant):
        if type(node.value) is not int or node.value < 1:
            advice = f"give a whole number from 1 on, for example `{kind}=10`"
            self.refuse(f"`{kind}={node.value!r}`", "checkpoint-number", node, advice)
        return node
    expr = inert(self, node)
    if expr is None:
        expr = self.atom(node)
    asked = call(self.unit.registry.symbols.runtime("positive"), expr, literal(kind))
    return self.temporary(Plain(asked, frozenset(names_in(asked)), scalar=True), kind)
