"""Jumps out of a block behind which something is done: they are noted, and taken afterwards.

    with Scaled(k) as s:                jump = 0
        if s > 0:                       …
            return s * x        ->      if s > 0:
        y = s + x                           value = s * x
                                            jump = 1
                                        else:
                                            y = s + x
                                        …
                                        if jump == 1:
                                            return value

Nothing of the block runs behind a jump that is noted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import gast

from tangent.passes.jumps import Leave, left
from tangent.passes.lowering import Lowering
from tangent.syntax.trees import assign, literal, name, quote

_JUMPS = (gast.Return, gast.Break, gast.Continue)


@dataclass(frozen=True)
class LedOut:
    """A block without the jumps out of it, the statements that jump behind it, and whether none
    did.
    """

    body: list[Any]
    behind: list[Any] = field(default_factory=list)
    none: Any = None

    def unless(self, rest: list[Any]) -> list[Any]:
        """What runs behind the block only if there was no jump."""
        return [gast.If(self.none, rest, [])] if self.none is not None and rest else rest


def led_out(self: Lowering, body: list[Any]) -> LedOut:
    """Takes the jumps out of a block."""
    if not _jumps(body, loop=False):
        return LedOut(body)
    out = _Out(self, self.flag("jump"))
    body = left(out.block(body, loop=False), self.flag)
    start = gast.copy_location(assign(out.jump, literal(0)), body[0])
    return LedOut([start, *body], out.behind, out.test(0))


def _jumps(body: list[Any], loop: bool) -> bool:
    """Does a block jump out of itself?  `loop`: it is that of a loop in it."""
    for node in body:
        if isinstance(node, gast.Return) or (isinstance(node, _JUMPS) and not loop):
            return True
        inner = loop or isinstance(node, (gast.For, gast.While))
        blocks = [getattr(node, part, []) for part in ("orelse", "finalbody")]
        blocks += [handler.body for handler in getattr(node, "handlers", [])]
        if any(_jumps(b, loop) for b in blocks) or _jumps(_body(node), inner):
            return True
    return False


def _body(node: Any) -> list[Any]:
    inside = isinstance(node, gast.stmt) and not isinstance(node, (gast.FunctionDef, gast.ClassDef))
    return getattr(node, "body", []) if inside else []


class _Out:
    def __init__(self, lowering: Lowering, jump: str) -> None:
        self.lowering, self.jump = lowering, jump
        self.behind: list[Any] = []

    def block(self, body: list[Any], loop: bool) -> list[Any]:
        return [s for node in body for s in self.statement(node, loop)]

    def statement(self, node: Any, loop: bool) -> list[Any]:
        if isinstance(node, gast.Return) or (isinstance(node, _JUMPS) and not loop):
            return [gast.copy_location(s, node) for s in self.noted(node)]
        if isinstance(node, (gast.If, gast.For, gast.While)):
            inner = loop or not isinstance(node, gast.If)
            node.body = self.block(node.body, inner)
            node.orelse = self.block(node.orelse, loop)
        elif _jumps([node], loop):
            advice = "put it at the end, or behind it"
            self.lowering.refuse("a jump in the middle of a `try`", "try", node, advice)
        return [node]

    def test(self, number: int) -> Any:
        return quote("j == n", j=name(self.jump), n=literal(number))

    def noted(self, jump: Any) -> list[Any]:
        """What stands in the place of a jump."""
        number, first = len(self.behind) + 1, []
        if isinstance(jump, gast.Return) and jump.value is not None:
            value = self.lowering.flag("value")
            first = [assign(value, jump.value)]
            jump = gast.copy_location(gast.Return(value=name(value)), jump)
        self.behind.append(gast.copy_location(gast.If(self.test(number), [jump], []), jump))
        return [*first, assign(self.jump, literal(number)), Leave(value=None)]
