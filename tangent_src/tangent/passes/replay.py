"""Checkpointed loops in the backward sweep: segments are run once more, and reversed.

    for start in reversed(range(0, steps, 4)):       stop = steps
        segment = range(start, min(…))               while stop > 0:
        u = snapshots.pop()                              start, u = snapshots.pop()
        for t in segment: f, and what it stores          while stop - start > 1:  to the last one
        for t in reversed(segment): its adjoint              snapshots.append((start, u))
                                                             for t in range(…): f
                                                         the adjoint of iteration `start`
                                                         stop = start

On the right the binomial schedule: back to the last snapshot, forward to the last segment, leaving
snapshots on the way, until nothing is left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import gast

from tangent.analyses.recording import Save
from tangent.passes.free import free
from tangent.passes.glance import inner
from tangent.passes.segments import Segmented, lists, visible_saves
from tangent.syntax.printing import Noted
from tangent.syntax.program import For, Statement, assigned, own_jumps
from tangent.syntax.trees import (
    assign,
    call,
    item,
    literal,
    method_call,
    name,
    names_in,
    quote,
    replaced,
    stored,
    substitute,
    walk,
)

BACK = "checkpoint: back to the last snapshot"
States = list[tuple[str, Any]]  # the list of each stored state, and its value


def backward_loop(self: Any, loop: For, body: list[Any]) -> list[Any]:
    """A checkpointed loop, reversed; `body` reverses one iteration."""
    seg = self.saved.segmented(loop, self.facts.plan)
    if loop.items:
        self.indexed.add(loop)  # they are bound by position when they are bound once more
    writer = _Writer(self, seg, body)
    return writer.periodic() if seg.kind == "every" else writer.binomial()


@dataclass(frozen=True, eq=False)
class _Writer:
    backward: Any
    seg: Segmented
    body: list[Any]

    # ------------------------------------------------------------ the two orders of segments

    def periodic(self) -> list[Any]:
        """Segments of equal length, the last one first."""
        seg, states = self.seg, self.states()
        end = quote("s + k", s=name(seg.start), k=seg.amount)
        starts = call("@builtin:range", literal(0), seg.length, seg.amount)
        clipped = call("@builtin:min", end, seg.length) if seg.plain else end
        code = [assign(seg.segment, seg.positions(name(seg.start), clipped))]
        short = self.from_list(states) if states is not None else None
        if short is not None:
            code += short
        else:
            code += self.restored(None)
            code += self.recorded() if states is None else self.from_states(states)
        return [*self.named(), _for(seg.start, call("@builtin:reversed", starts), code)]

    def binomial(self) -> list[Any]:
        """Back to the last snapshot, forward to the last segment, which is reversed."""
        seg, symbols = self.seg, self.backward.facts.symbols
        start, stop = name(seg.start), name(seg.stop)
        size = name(seg.size) if seg.kind == "states" else literal(1)
        left = quote("stop - start", stop=stop, start=start)
        ahead = quote("s + d", s=start, d=seg.stride(symbols, left))
        advance = [
            assign(seg.segment, seg.positions(start, ahead)),
            seg.push(self.backward.facts, start),
            self.over(name(seg.segment), self.advancing(), "advance"),
            assign(seg.start, self.end_of_segment()),
        ]
        inside = [
            *self.restored(seg.start),
            gast.While(quote("d > n", d=left, n=size), advance, []),
            *self.last_segment(),
            assign(seg.stop, start),
        ]
        code = [*self.named(), *self.run(), assign(seg.stop, seg.length)]
        return [*code, gast.While(quote("s > 0", s=stop), inside, [])]

    def named(self) -> list[Any]:
        """The range of the loop under a name, where it is not plain."""
        seg = self.seg
        again = not seg.plain and not (seg.named and not seg.facts.around)
        return [assign(seg.iterations, seg.loop.passed)] if again else []

    def run(self) -> list[Any]:
        """The snapshots of this run of the loop, if it stands in another."""
        seg = self.seg
        if not seg.lasting:
            return []
        popped = method_call(name(seg.runs), "pop")
        popped = method_call(popped, "copy") if self.backward.halved else popped
        code = [assign(seg.snapshots, popped)]
        if seg.kind == "states":
            code.append(assign(seg.size, seg.best(self.backward.facts.symbols)))
        return code

    def restored(self, position: str | None) -> list[Any]:
        """The state of the last snapshot; a record is not to be written into."""
        seg, written = self.seg, self.backward.facts.sharing.written
        if not seg.facts.state:
            return []
        popped = method_call(name(seg.snapshots), "pop")
        if self.backward.halved and not written.isdisjoint(seg.facts.state):
            popped = self.backward.runtime("own", popped)
        names = [*([position] if position else []), *seg.facts.state]
        several = gast.Tuple(elts=[stored(n) for n in names], ctx=gast.Store())
        return [Noted(assign(names[0] if len(names) == 1 else several, popped), BACK)]

    def end_of_segment(self) -> Any:
        seg = self.seg
        if seg.plain:
            return gast.Attribute(value=name(seg.segment), attr="stop", ctx=gast.Load())
        return quote("s + n", s=name(seg.start), n=call("@builtin:len", name(seg.segment)))

    # ------------------------------------------------------------ one segment

    def last_segment(self) -> list[Any]:
        """The last segment, whose first state is at hand."""
        seg, states = self.seg, self.states()
        if states is not None and seg.unit:
            once = self.once({place for place, _ in states})
            if once is not None:
                return once
        segment = assign(seg.segment, seg.positions(name(seg.start), name(seg.stop)))
        return [segment, *(self.recorded() if states is None else self.from_states(states))]

    def recorded(self) -> list[Any]:
        """A segment, run once more with all that is stored in it, and reversed."""
        seg = self.seg
        body = self.again(seg.facts.recorded, True, self.left_over())
        places = lists(self.backward.forward, seg.loop.whole)
        empty = [assign(place, gast.List(elts=[], ctx=gast.Load())) for place in places]
        return [*empty, self.over(name(seg.segment), body, "recompute"), self.back()]

    def from_states(self, states: States) -> list[Any]:
        """A segment of which only states are stored: its last iteration is not run once more."""
        first = [assign(p, gast.List(elts=[v], ctx=gast.Load())) for p, v in states]
        body = [*self.advancing(), *(_append(place, value) for place, value in states)]
        return [*first, self.over(self.but_last(), body, "recompute"), self.back()]

    def from_list(self, states: States) -> list[Any] | None:
        """The same where one name is the state: it lives in the list in which it is stored."""
        match states, self.advancing():
            case (
                [(place, gast.Name(id=one))],
                [*before, gast.Assign(targets=[gast.Name(id=target)], value=value)],
            ) if self.seg.facts.state == (one,) == (target,):
                popped = method_call(name(self.seg.snapshots), "pop")
                first = Noted(assign(place, gast.List(elts=[popped], ctx=gast.Load())), BACK)
                last = item(name(place), quote("s[-1]").slice)
                body = [assign(one, last), *before, _append(place, value)]
                return [first, self.over(self.but_last(), body, "recompute"), self.back()]
        return None

    def once(self, places: set[str]) -> list[Any] | None:
        """The adjoint of the one iteration at `start`, whose state is at hand."""
        seg = self.seg
        body = [s for s in self.body if _popped(s) not in places]
        if len(self.body) - len(body) != len(places):
            return None
        if seg.index not in {n for s in body for n in names_in(s)}:
            return body
        start = name(seg.start)
        return [assign(seg.index, start if seg.plain else item(name(seg.iterations), start)), *body]

    def back(self) -> Any:
        return self.over(call("@builtin:reversed", name(self.seg.segment)), self.body, "").statement

    def but_last(self) -> Any:
        return item(name(self.seg.segment), quote("s[:-1]").slice)

    # ------------------------------------------------------------ one iteration

    def advancing(self) -> list[Any]:
        """What the state needs of one iteration."""
        return self.again(self.seg.facts.advanced, False, set(self.seg.facts.state))

    def again(self, kept: frozenset[Statement], saving: bool, read: set[str]) -> list[Any]:
        """One iteration once more, in temporaries of its own but for those that are `read`."""
        writer = replace(self.backward.forward, part=kept, saving=saving, again=True)
        code = writer.block(self.seg.loop.whole, (*self.seg.facts.around, self.seg.loop))
        names = self.backward.saved.names
        ours = {*names.temporaries, *names.made} - read - set(free(code, set()))
        nodes = (n for s in code for n in walk(s) if isinstance(n, gast.Name) and n.id in ours)
        bound = {n.id for n in nodes if isinstance(n.ctx, gast.Store)}
        fresh = {n: name(names.temporary()) for n in sorted(bound)}
        return [substitute(_bare(s), fresh) for s in code]

    def over(self, segment: Any, body: list[Any], note: str) -> Any:
        read = self.seg.index in {n for s in body for n in names_in(s)}
        return Noted(_for(self.seg.index if read else "_", segment, body), note)

    def left_over(self) -> set[str]:
        """What the reversed iteration reads of the values that the forward one leaves behind."""
        return (set(free(self.body, set())) & assigned(self.seg.loop.whole)) - {self.seg.index}

    def states(self) -> States | None:
        """If only states at the head of an iteration are stored, and read: where, and the value."""
        forward, seg = self.backward.forward, self.seg
        saves = visible_saves(forward, seg.loop.whole)
        inside = self.backward.facts.plan.checkpoints
        nested = any(s in inside.loops for s in inside.visible(seg.loop.whole))
        jumping = any(own_jumps(seg.loop.body))
        plan = self.backward.facts.plan  # what is undone must have been done
        undone = any(s.undo for one in seg.loop.whole for s in plan.saves_within(one))
        if nested or undone or jumping or self.left_over() or not all(map(self.at_head, saves)):
            return None
        return [(forward.saved.place(s), forward.stored_value(s)) for s in saves]

    def at_head(self, save: Save) -> bool:
        """Is it the state at the head of an iteration that is stored?"""
        whole = self.seg.loop.whole
        if save.at_end or save.region or save.memory or save.block is not whole:
            return False
        earlier = whole[: whole.index(save.at)]
        return save.name in self.seg.facts.state and save.name not in assigned(earlier)


def _popped(statement: Any) -> str | None:
    """The list of `x = list.pop()`."""
    match inner(statement):
        case gast.Assign(
            value=gast.Call(func=gast.Attribute(value=gast.Name(id=place), attr="pop"), args=[])
        ):
            return str(place)
    return None


def _append(place: str, value: Any) -> Any:
    return gast.Expr(method_call(name(place), "append", value))


def _bare(statement: Any) -> Any:
    """A statement without the number of its line: that stands in the forward sweep."""
    if isinstance(statement, Noted):
        bare = _bare(statement.statement)
        return Noted(bare, statement.note) if statement.note.startswith("store") else bare
    if isinstance(statement, (gast.If, gast.For, gast.While)):
        body, orelse = map(_bare, statement.body), map(_bare, statement.orelse)
        return replaced(statement, body=list(body), orelse=list(orelse))
    return statement


def _for(target: str, header: Any, body: list[Any]) -> Any:
    body = body or [gast.Pass()]
    return gast.For(target=stored(target), iter=header, body=body, orelse=[], type_comment=None)
