"""How a checkpointed loop is written: what its parts are called, in both sweeps.

    for t in range(steps):                         for start in reversed(range(0, steps, 4)):
        if t % 4 == 0:                                 segment = range(start, min(start + 4, steps))
            snapshots.append(u)           ...          u = snapshots.pop()
        u = f(u)                                       for t in segment: f, and what it stores
                                                       for t in reversed(segment): its adjoint

`passes.snapshots` writes what stands on the left, `passes.replay` what stands on the right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gast

from tangent.analyses.checkpoints import Checkpointed
from tangent.analyses.recording import Save
from tangent.syntax.printing import Noted, print_expression
from tangent.syntax.program import For, Statement, While
from tangent.syntax.trees import call, item, literal, method_call, name, quote, same


@dataclass(frozen=True, eq=False)
class Segmented:
    """One checkpointed loop, and the names of its parts."""

    loop: For
    facts: Checkpointed
    snapshots: str
    start: str
    segment: str
    mark: str  # where the next snapshot is due
    stop: str
    size: str
    step: str  # the position of an iteration, where the loop has no index that tells it
    iterations: str  # the exact range of the loop, where it is more than `range(n)`
    runs: str  # the lists of snapshots of all runs of the loop, where it stands in another

    @staticmethod
    def of(loop: For, facts: Checkpointed, names: Any) -> Segmented:
        wishes = ("snapshots", "start", "segment", "mark", "stop", "size", "step", "iterations")
        return Segmented(loop, facts, *map(names.fresh, (*wishes, "snapshots_run")))

    @property
    def kind(self) -> str:
        """The kind of the schedule; a loop without state needs none, nor snapshots."""
        assert self.loop.schedule is not None
        return self.loop.schedule.kind if self.facts.state else "every"

    @property
    def amount(self) -> Any:
        assert self.loop.schedule is not None
        own = self.facts.state or self.loop.schedule.kind == "every"
        return self.loop.schedule.amount if own else literal(1)

    @property
    def plain(self) -> bool:
        """Is the index of the loop the position of the iteration?"""
        header = self.loop.passed
        return isinstance(header, gast.Call) and len(header.args) == 1

    @property
    def range(self) -> Any:
        """The iterations that were run, of which `start` and `stop` are positions."""
        return self.loop.passed if self.plain else name(self.iterations)

    @property
    def length(self) -> Any:
        """The number of iterations that were run."""
        return self.loop.passed.args[0] if self.plain else call("@builtin:len", self.range)

    @property
    def named(self) -> bool:
        """Does the forward sweep name the range?"""
        return not self.plain and self.kind != "every" and self.loop.count is None

    @property
    def unit(self) -> bool:
        """Is each segment one iteration?"""
        return self.kind == "snapshots" or same(self.amount, literal(1))

    @property
    def position(self) -> Any:
        """Where the forward sweep is, at the head of an iteration."""
        if isinstance(self.loop, While):
            assert self.loop.count is not None
            return name(self.loop.count)
        return name(self.loop.index if self.plain else self.step)

    @property
    def index(self) -> str:
        """The variable of the loops that run through a segment."""
        return self.step if isinstance(self.loop, While) else self.loop.index

    @property
    def lasting(self) -> bool:
        """Does each run of the loop have a list of its own, in a loop around it?"""
        return bool(self.facts.around) and self.kind != "every"

    def positions(self, start: Any, stop: Any) -> Any:
        """The iterations from one position to another."""
        if self.plain:
            return call("@builtin:range", start, stop)
        return item(self.range, gast.Slice(start, stop, None))

    def stride(self, symbols: Any, rest: Any) -> Any:
        """How far it is to the next snapshot, if `rest` iterations are left."""
        size = name(self.size)
        shared = self.kind == "states"
        slots = quote("m - s", m=self.amount, s=size) if shared else self.amount
        free = quote("c - n", c=slots, n=call("@builtin:len", name(self.snapshots)))
        return call(symbols.runtime("stride"), rest, free, *([size] if shared else []))

    def best(self, symbols: Any) -> Any:
        """The segment for which the slots serve best."""
        return call(symbols.runtime("best_segment"), self.length, self.amount)

    @property
    def said(self) -> str:
        """What a docstring says of it: `the loop at 13, a snapshot of u every 4 iterations`."""
        where, state = f"the loop at {self.loop.origin.line}", ", ".join(self.facts.state)
        amount = print_expression(self.amount)
        if not state:
            return f"{where}, {amount} at a time" if amount != "1" else f"{where}, one at a time"
        if self.kind == "every":
            return f"{where}, a snapshot of {state} every {amount} iterations"
        if self.kind == "snapshots":
            return f"{where}, at most {amount} snapshots of {state}"
        return f"{where}, {amount} slots for snapshots of {state} and for recorded iterations"

    @property
    def places(self) -> set[str]:
        """The variables of the forward sweep that the backward sweep reads."""
        return {self.snapshots, self.runs, self.size, self.iterations}

    def push(self, facts: Any, position: Any | None) -> Any:
        """The state goes to the snapshots; what may be written to is copied."""
        own, written = facts.symbols.runtime("own"), facts.sharing.written
        state = [call(own, name(n)) if n in written else name(n) for n in self.facts.state]
        parts = [*([] if position is None else [position]), *state]
        whole = parts[0] if len(parts) == 1 else gast.Tuple(elts=parts, ctx=gast.Load())
        pushed = gast.Expr(method_call(name(self.snapshots), "append", whole))
        return Noted(pushed, "checkpoint: the state at the start of a segment")


def lists(self: Any, block: tuple[Statement, ...]) -> list[str]:
    """The lists that are filled in a block: of stored values, and of snapshots.  What is stored
    in a checkpointed loop has its lists there.
    """
    found = [self.saved.place(s) for s in visible_saves(self, block)]
    for statement in self.facts.plan.checkpoints.visible(block):
        if statement in self.facts.plan.checkpoints.loops:
            seg = self.saved.segmented(statement, self.facts.plan)
            if seg.facts.state:
                found.append(seg.runs if seg.lasting else seg.snapshots)
    return found


def visible_saves(self: Any, block: tuple[Statement, ...]) -> list[Save]:
    """The saves into lists in a block, those in checkpointed loops left out."""
    plan = self.facts.plan
    seen = set(plan.checkpoints.visible(block))
    saves = (s for statement in block for s in plan.saves_within(statement))
    return [s for s in saves if s.depth and not s.undo and s.at in seen]
