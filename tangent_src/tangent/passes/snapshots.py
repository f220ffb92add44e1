"""Checkpointed loops in the forward sweep: nothing is stored in them but snapshots of their state.

    snapshots = []                          snapshots = []
    for t in range(steps):                  mark = 0
        if t % 4 == 0:                      for t in range(steps):
            snapshots.append(u)                 if t == mark:
        u = f(u)                                    mark += stride(steps - t, 3 - len(snapshots))
                                                    snapshots.append((t, u))
                                                u = f(u)

On the left every fourth state, on the right three of them and the last one, placed as the binomial
schedule has it (`runtime.schedules`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gast

from tangent.analyses.activity import into
from tangent.analyses.checkpoints import showing
from tangent.errors import UnsupportedSyntax
from tangent.passes.segments import Segmented
from tangent.syntax.printing import Noted
from tangent.syntax.program import Assign, Call, Effect, For, While, every, targets
from tangent.syntax.trees import (
    assign,
    augment,
    branch,
    call,
    literal,
    method_call,
    name,
    names_in,
    quote,
    same,
    stored,
)


def forward_loop(self: Any, loop: For, loops: tuple[For, ...]) -> list[Any]:
    """A checkpointed loop: the statements that its state and the rest of the program need."""
    seg = self.saved.segmented(loop, self.facts.plan)
    refuse_unrepeatable(loop)
    refuse_shared(self, seg)
    within = (*loops, loop)
    writer = replace(self, saving=False)
    body, items = writer.block(loop.body, within), writer.block(loop.items, within)
    if not seg.facts.state:
        return [self.around(loop, items, body)]
    position = seg.position
    named = {n for s in (*body, *(loop.sugar or ())[:1]) for n in names_in(s)}
    counted = same(position, name("_")) and "_" not in named
    position = name(seg.step) if counted else position
    snapshot = _snapshot(self, seg, position)
    written = self.around(loop, items, [snapshot, *body])
    written.body = [snapshot, *(s for s in written.body if s is not snapshot)]
    if counted:
        written = gast.For(stored(seg.step), written.iter, written.body, [], None)
    if not seg.plain and not isinstance(loop, While):
        target = gast.Tuple(elts=[stored(seg.step), written.target], ctx=gast.Store())
        header = name(seg.iterations) if seg.named else written.iter
        counted = call("@builtin:enumerate", header)
        written = gast.For(target, counted, written.body, [], None)
    before = [Noted(b, "") for b in _before(self, seg)]
    kept = gast.Expr(method_call(name(seg.runs), "append", name(seg.snapshots)))
    after = _shared_out(self, seg)
    after += [Noted(kept, "store: the snapshots of this run")] if seg.lasting else []
    return [*before, written, *after]


def _before(self: Any, seg: Segmented) -> list[Any]:
    """What stands in front of a loop with snapshots."""
    code = [assign(seg.iterations, seg.loop.header)] if seg.named else []
    if seg.kind == "states" and seg.loop.count is None:
        code.append(assign(seg.size, seg.best(self.facts.symbols)))
    if seg.kind != "every":
        code.append(assign(seg.mark, literal(0)))
    if seg.lasting:
        code.append(assign(seg.snapshots, gast.List(elts=[], ctx=gast.Load())))
    return code


def _shared_out(self: Any, seg: Segmented) -> list[Any]:
    """Behind a loop whose length was not known: the slots are shared between snapshots, of which
    some are given up for it, and the steps of a segment.
    """
    if seg.kind != "states" or seg.loop.count is None:
        return []
    runtime, count = self.facts.symbols.runtime, name(seg.loop.count)
    held = call("@builtin:len", name(seg.snapshots))
    room = call("@builtin:max", quote("m - s", m=seg.amount, s=name(seg.size)), literal(1))
    which = call(runtime("dispensable"), name(seg.snapshots), count)
    given_up = gast.Expr(method_call(name(seg.snapshots), "pop", which))
    return [
        Noted(assign(seg.size, call(runtime("best_segment"), count, seg.amount)), ""),
        gast.While(quote("n > r", n=held, r=room), [given_up], []),
    ]


def refuse_unrepeatable(loop: For) -> None:
    """What cannot run once more in the backward sweep is refused."""
    for statement in every(loop.whole):
        value = statement.value if isinstance(statement, Assign) else None
        if isinstance(value, Call) and not value.callee.repeatable:
            what = f"`{value.callee.name}` prints, draws or changes what others see"
            advice = "do that outside of the loop, or leave `checkpoint` out"
        elif isinstance(statement, Effect) and not statement.known and statement.reads:
            what = f"`{statement.origin.text}` may change what it is given"
            advice = "do that outside of the loop, or leave `checkpoint` out"
        else:
            continue
        raise UnsupportedSyntax(
            f"{what} in a checkpointed loop, which runs once more in the backward sweep",
            code="checkpoint-effect",
            location=statement.origin.location,
            help=advice,
        )


def refuse_shared(self: Any, seg: Segmented) -> None:
    """A state is put back as another array: no name from outside of an iteration may show it."""
    inside = list(every(seg.loop.whole))
    made = {t for s in inside for t in targets(s)} - set(seg.facts.state)
    for statement in inside:
        base = into(statement)
        if base is None or statement not in self.kept or statement in self.facts.shapes.scalars:
            continue
        outer = sorted(({base} | showing(self.facts.shadows, statement)) - made)
        if len(outer) > 1:
            raise UnsupportedSyntax(
                f"this writes into memory in a checkpointed loop that `{outer[0]}` and `{outer[1]}`"
                " may show both: after a snapshot they would not",
                code="checkpoint-shared",
                location=statement.origin.location,
                help=f"write into a copy: `{outer[1]} = {outer[1]}.copy()` in front of the loop",
            )


def _snapshot(self: Any, seg: Segmented, position: Any) -> Any:
    """At the head of an iteration: a snapshot, where one is due."""
    if seg.kind == "every":
        due = quote("p % k == 0", p=position, k=seg.amount)
        return branch(due, [seg.push(self.facts, None)], [])
    due = quote("p == m", p=position, m=name(seg.mark))
    ahead = (_offline if seg.loop.count is None else _online)(self, seg, position)
    return branch(due, [*ahead, seg.push(self.facts, position)], [])


def _offline(self: Any, seg: Segmented, position: Any) -> list[Any]:
    """Where the next snapshot is due in a loop of known length."""
    rest = quote("n - p", n=seg.length, p=position)
    return [augment(seg.mark, gast.Add(), seg.stride(self.facts.symbols, rest))]


def _online(self: Any, seg: Segmented, position: Any) -> list[Any]:
    """The same in a loop of unknown length, which gives up the least useful of its snapshots."""
    runtime = self.facts.symbols.runtime
    ahead = augment(seg.mark, gast.Add(), call(runtime("wait"), position, seg.amount))
    which = call(runtime("dispensable"), name(seg.snapshots), position)
    given_up = gast.Expr(method_call(name(seg.snapshots), "pop", which))
    full = quote("n == c", n=call("@builtin:len", name(seg.snapshots)), c=seg.amount)
    return [ahead, branch(full, [given_up], [])]
