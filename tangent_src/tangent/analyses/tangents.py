"""Which names carry a tangent where, and where one must be made of zeros.

A tangent is written for each active statement.  A name that is varied on some paths only gets
zeros on the others, and only where the paths meet again and somebody still wants its tangent:

    if c:                               if c:
        y = x * x                           y = x * x
                                            y_dot = 2 * x * x_dot
    else:                    ->         else:
        y = 1.0                             y = 1.0
                                            y_dot = 0.0

In front of a loop the same holds of what its body makes varied, and in front of a store of an array
that was constant until then.  Where a name may be unbound, its tangent is set wherever the name is
(`forced`): nobody can take zeros of what is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tangent.analyses.activity import Activity, weak, writes
from tangent.syntax.program import For, If, Program, Statement

Names = frozenset[str]
NOTHING: Names = frozenset()


@dataclass(frozen=True)
class Tangents:
    """Where zeros are due: in front of a statement, behind it, at the end of one of its blocks.

    Names that are `forced` have a tangent at any time, as counters of loops, too; `start` are
    parameters that get zeros at once; `result` tells whether the result has a tangent.
    """

    before: Mapping[Statement, Names]
    after: Mapping[Statement, Names]
    end: Mapping[tuple[Statement, int], Names]
    forced: Names
    start: Names
    result: bool


def tangents(program: Program, activity: Activity, wrt: Names, forced: Names = NOTHING) -> Tangents:
    """The places of zeros in the tangent program with respect to the parameters `wrt`; the names
    `forced` have a tangent at any time.
    """
    while True:
        run = _Run(activity, forced)
        start = forced & frozenset(program.parameters) - wrt
        state = _State(set(wrt | start), set(program.parameters), set(program.parameters))
        run.block(program.body, state)
        if run.unsure <= forced:
            result = program.result in state.moving
            return Tangents(run.before, run.after, run.end, forced, start, result)
        forced |= run.unsure


@dataclass
class _State:
    moving: set[str]  # names that have a tangent
    sure: set[str]  # names that are bound
    maybe: set[str]  # names that are bound on some path

    def copy(self) -> _State:
        return _State(set(self.moving), set(self.sure), set(self.maybe))


@dataclass
class _Run:
    activity: Activity
    forced: Names
    before: dict[Statement, Names] = field(default_factory=dict)
    after: dict[Statement, Names] = field(default_factory=dict)
    end: dict[tuple[Statement, int], Names] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)

    def block(self, body: tuple[Statement, ...], state: _State) -> None:
        for statement in body:
            match statement:
                case If():
                    self.branches(statement, state)
                case For():
                    self.loop(statement, state)
                case _:
                    self.simple(statement, state)

    def simple(self, statement: Statement, state: _State) -> None:
        active = self.activity.active(statement)
        part = getattr(statement, "base", None) if weak(statement) else None
        self.before[statement] = (
            frozenset({part}) - state.moving if active and part is not None else NOTHING
        )
        for target in writes(statement):
            if active:
                state.moving.add(target)
            elif target != part:
                state.moving.discard(target)
        bound = frozenset(t for t in writes(statement) if t != part)
        self.after[statement] = self.forced & bound - state.moving
        state.moving |= self.after[statement]
        state.sure |= bound
        state.maybe |= bound

    def branches(self, statement: If, state: _State) -> None:
        first, second = state.copy(), state.copy()
        self.block(statement.body, first)
        self.block(statement.orelse, second)
        state.moving = first.moving | second.moving
        wanted = self.activity.useful.get(statement, NOTHING) & state.moving
        for position, branch in enumerate((first, second)):
            self.end[statement, position] = self.bound(wanted - branch.moving, branch)
        state.sure, state.maybe = first.sure & second.sure, first.maybe | second.maybe

    def loop(self, loop: For, state: _State) -> None:
        state.moving.discard(loop.index)
        entry = state.copy()
        state.maybe.add(loop.index)
        while True:
            body = state.copy()
            body.sure.add(loop.index)
            body.moving |= self.forced & {loop.index}
            self.block(loop.whole, body)
            if body.moving <= state.moving and body.maybe <= state.maybe:
                break
            state.moving |= body.moving
            state.maybe |= body.maybe
        wanted = self.activity.useful.get(loop, NOTHING) & state.moving
        self.before[loop] = self.bound(wanted - entry.moving, entry)
        self.end[loop, 0] = self.bound(wanted - body.moving, body)

    def bound(self, names: Names, state: _State) -> Names:
        """Those that can be asked for their shape; those that perhaps can are noted."""
        self.unsure |= (names & state.maybe) - state.sure - self.forced
        return names & state.sure
