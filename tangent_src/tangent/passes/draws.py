"""Values that come once, in checkpointed loops: what was drawn is not drawn a second time.

    noise_drawn = {}                               for t in segment:
    for t in range(steps):                   ...       noise = noise_drawn[t]
        noise = rng.normal(size=3)                     u = f(u, noise)
        noise_drawn[t] = noise
        u = f(u, noise)

The key is the iteration, in all loops around.
"""

from __future__ import annotations

from typing import Any

import gast

from tangent.analyses.liveness import draws
from tangent.errors import UnsupportedSyntax
from tangent.syntax.printing import Noted
from tangent.syntax.program import Assign, For, Statement, While, every
from tangent.syntax.trees import assign, call, item, name, quote


def kept_draws(self: Any, loop: For) -> list[Assign]:
    """The statements in a loop that draw what a checkpointed loop asks for again."""
    loops = self.facts.plan.checkpoints.loops
    inside = [every(one.whole) for one in every((loop,)) if one in loops and isinstance(one, For)]
    found = {s: None for body in inside for s in body if isinstance(s, Assign) and draws(s)}
    return [s for s in found if any(s in f.recorded or s in f.advanced for f in loops.values())]


def drawn(self: Any, statement: Assign, loops: tuple[For, ...]) -> list[Any] | None:
    """A draw in a checkpointed loop, kept for later, or taken from what was kept."""
    marked = self.facts.plan.checkpoints.loops
    outermost = next((loop for loop in loops if loop in marked), None)
    if outermost is None or statement not in kept_draws(self, outermost):
        return None
    place = item(name(self.saved.drawn(statement)), _key(self, statement, loops, outermost))
    target = name(statement.target)
    if self.again:
        return [assign(statement.target, _own(self, statement, place))]
    kept = assign(
        gast.Subscript(place.value, place.slice, gast.Store()), _own(self, statement, target)
    )
    return [assign(statement.target, statement.value.expr), Noted(kept, "checkpoint: drawn once")]


def _own(self: Any, statement: Assign, value: Any) -> Any:
    written = statement.target in self.facts.sharing.written
    return call(self.facts.symbols.runtime("own"), value) if written else value


def _key(self: Any, statement: Assign, loops: tuple[For, ...], outermost: For) -> Any:
    """The iteration of each loop around."""
    parts: list[Any] = []
    for loop in loops:
        if not isinstance(loop, While):
            parts.append(name(loop.index))
        elif loop is outermost:
            step = name(self.saved.segmented(loop, self.facts.plan).step)
            parts.append(quote("s + 1", s=step) if self.again else name(str(loop.count)))
        else:
            _refuse(statement)
    return parts[0] if len(parts) == 1 else gast.Tuple(elts=parts, ctx=gast.Load())


def _refuse(statement: Statement) -> None:
    raise UnsupportedSyntax(
        "a random number, or another value that comes once, is drawn in a `while` loop that runs"
        " once more in the backward sweep, as part of a checkpointed loop",
        code="checkpoint-effect",
        location=statement.origin.location,
        help="draw in front of the loop, or write it as a `for` loop",
    )
