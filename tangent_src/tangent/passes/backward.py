"""What the parts of the backward sweep share: state, names, contributions to adjoints."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import gast

import tangent.runtime
from tangent.analyses.heap import reach
from tangent.analyses.recording import Block
from tangent.analyses.shadows import reshaped
from tangent.analyses.versions import base_of
from tangent.errors import BrokenInvariant
from tangent.passes.sweep import Facts, Forward, Saved
from tangent.rules.language import Rule, lookup
from tangent.syntax.printing import Comment
from tangent.syntax.program import (
    Assign,
    Copy,
    For,
    Item,
    Statement,
)
from tangent.syntax.trees import (
    assign,
    augment,
    call,
    is_field,
    is_literal,
    item,
    literal,
    name,
    names_in,
    same,
    substitute,
)

FOREIGN = ""  # stands in a group for whoever is no adjoint
FADED = "%faded"


def faded(one: str) -> str:
    return one + FADED


@dataclass(frozen=True)
class Pending:
    """A value to be put back: what is put back before it, and the code that does it."""

    write: Callable[[], list[Any]]
    reads: frozenset[str] = frozenset()


@dataclass
class State:
    """What is known of adjoints at one point of the backward sweep."""

    present: set[str] = field(default_factory=set)
    owned: set[str] = field(default_factory=set)
    groups: dict[str, frozenset[str]] = field(default_factory=dict)  # adjoints of one memory
    arrays: set[str] = field(default_factory=set)  # shown to be no containers, on the way here
    views: set[str] = field(default_factory=set)  # whose adjoints are views of other adjoints
    displays: dict[str, dict[Any, Any]] = field(
        default_factory=dict
    )  # adjoints of dicts, entry by entry
    pending: dict[str, Pending] = field(default_factory=dict)  # values to put back
    must: set[str] = field(default_factory=set)  # pending ones that pop: they may not be left out
    using: dict[str, set[str]] = field(default_factory=dict)  # what a pending one reads by then
    past: dict[str, set[str]] = field(default_factory=dict)  # once of the same group, anywhere

    def copy(self) -> State:
        displays = {n: dict(d) for n, d in self.displays.items()}
        return State(
            set(self.present),
            set(self.owned),
            dict(self.groups),
            set(self.arrays),
            set(self.views),
            displays,
            dict(self.pending),
            set(self.must),
            dict(self.using),
            self.past,
        )

    # An adjoint is *owned* where no other name shows its memory.  Those that may show the same are
    # a *group*; the last one that is left owns it, unless others than adjoints show it (FOREIGN).

    def share(self, one: str, others: Iterable[str]) -> None:
        """`one` may show the memory of `others`, and is not owned, as they are not any more."""
        group = frozenset({one})
        for other in others:
            known = other == FOREIGN or other in self.owned or other in self.groups
            group |= self.groups.get(other, frozenset({other}))
            group |= frozenset() if known else {FOREIGN}
        self.owned -= group
        self.groups.update(dict.fromkeys(group - {FOREIGN}, group))

    def doubt(self, names: Iterable[str]) -> None:
        """What shares the memory of these will not be owned."""
        for one in names:
            if one in self.groups:
                self.share(one, {FOREIGN})

    def leave(self, one: str) -> None:
        """`one` shows no memory any more: who is left alone owns it."""
        rest = self.groups.pop(one, frozenset()) - {one}
        self.owned.discard(one)
        for other in rest - {FOREIGN}:
            self.groups[other] = rest
            self.past.setdefault(other.removesuffix(FADED), set()).add(one.removesuffix(FADED))
            if len(rest) == 1:
                self.own(other)

    def own(self, one: str) -> None:
        """`one` is memory of its own."""
        if one in self.groups:
            self.groups.pop(one) if len(self.groups[one]) == 1 else self.leave(one)
        self.owned.add(one)

    def fade(self, one: str) -> None:
        """The memory of `one` is what a statement passes on: somebody else may own it then."""
        if one in self.owned or one in self.groups:
            self.share(faded(one), {one})
        self.leave(one)

    def meet(self, other: State) -> None:
        """What holds of owners whichever of two ways was taken."""
        for one in self.groups.keys() - other.groups.keys() - other.owned:
            self.share(one, {FOREIGN})
        for one, group in other.groups.items():
            self.share(one, group)
        self.owned &= other.owned


@dataclass
class Backward:
    """Writes the backward sweep."""

    facts: Facts
    saved: Saved
    halves: Callable[[Any, frozenset[str]], str]  # the backward half of a callee
    forward: Forward  # writes what runs once more
    bars: dict[str, str] = field(default_factory=dict)
    primals: dict[str, str] = field(default_factory=dict)  # adjoint -> whose it is
    state: State = field(default_factory=State)
    code: list[Any] = field(default_factory=list)
    indices: list[str] = field(default_factory=list)
    headed: int | None = None
    locals: set[str] = field(default_factory=set)  # the names of rules for their own values
    halved: bool = False  # a backward half, whose record may be used again
    indexed: set[For] = field(default_factory=set)
    at: Statement | None = None  # the statement whose adjoint is written
    changed: set[str] = field(default_factory=set)  # whose adjoints are changed in place
    hides: bool = False  # may it put adjoints where no name of theirs shows them?
    results: dict[str, Any] = field(
        default_factory=dict
    )  # what a store made, held while it is undone

    block: Callable[[Block], None] = lambda body: None  # reverses the statements of a block
    behind: Callable[[Statement], None] = lambda statement: None  # a statement is reversed

    @cached_property
    def written_back(self) -> set[str]:
        """Names into whose values the backward sweep writes what was overwritten."""
        return {s.name for s in self.facts.plan.saves if s.region or s.undo}

    def bar(self, primal: str) -> str:
        if primal not in self.bars:
            self.called(primal, self.saved.names.fresh(f"{primal}_bar"))
        return self.bars[primal]

    def called(self, primal: str, bar: str) -> None:
        """The adjoint of a name has this one."""
        self.bars[primal] = bar
        self.primals[bar] = primal

    def adjoint(self, primal: str) -> Any:
        """The adjoint of a name, to be read."""
        self.flush_display(primal)
        return name(self.bar(primal))

    def runtime(self, helper: str, *arguments: Any) -> Any:
        return call(self.facts.symbols.runtime(helper), *arguments)

    def emit(self, node: Any) -> None:
        if isinstance(node, gast.Assign) and self.state.displays:
            self._keep_collected({n for t in node.targets for n in names_in(t)})
        self.code.append(node)

    def _keep_collected(self, bars: set[str]) -> None:
        """Entries that are collected under names of adjoints which are bound anew keep their
        values.
        """
        for display in self.state.displays.values():
            for key, entry in display.items():
                if names_in(entry) & bars:
                    held = self.saved.names.fresh(sorted(names_in(entry) & bars)[0])
                    self.code.append(assign(held, entry))
                    display[key] = name(held)

    def put_back(self, names: frozenset[str] | set[str]) -> None:
        """Put back the pending values among `names`, and what they are computed from."""
        todo: list[str | Pending] = sorted(self.with_memory(names), reverse=True)  # type: ignore[assignment]
        while todo:
            one = todo.pop()
            if isinstance(one, Pending):
                self.code += one.write()
                continue
            self.state.must.discard(one)
            self.state.using.pop(one, None)
            if (found := self.state.pending.pop(one, None)) is not None:
                users = {n for n, used in self.state.using.items() if one in used}
                before = self.with_memory(found.reads) | users
                # what is put back through this name comes behind it: `l = r[i]; l[0] = stored`
                through = {n for n in before if one in self.pending_reads(n)}
                todo += [*sorted(through), found, *sorted(before - through, reverse=True)]

    def pending_reads(self, one: str) -> frozenset[str]:
        found = self.state.pending.get(one)
        return found.reads if found is not None else frozenset()

    def with_memory(self, names: Iterable[str]) -> set[str]:
        """The names, and the memory that they show."""
        memory = self.facts.shadows.memory
        return {*names, *(memory[n] for n in names if n in memory)}

    def drop(self, one: str) -> None:
        self.state.present.discard(one)
        self.state.leave(one)
        self.state.arrays.discard(one)
        self.state.views.discard(one)
        self.state.displays.pop(one, None)

    def heading(self, statement: Statement) -> None:
        """`# line: primal text` opens the group of each primal statement."""
        origin = statement.origin
        entry = origin.line == self.facts.program.line
        returned = isinstance(statement, Assign) and isinstance(statement.value, Copy)
        returned = returned and origin is self.facts.program.result_origin
        if self.headed != origin.line and not entry and not returned:
            self.emit(Comment(f"{origin.line}: {origin.text}"))
            self.headed = origin.line

    def holders(self, expr: Any) -> set[str]:
        """Whose memory an expression may show."""
        found = set()
        for one in aliased(expr):
            primal = self.primals.get(one, FOREIGN)
            passed = faded(primal) in self.state.owned or faded(primal) in self.state.groups
            found.add(faded(primal) if passed else primal)
        return found

    def past(self) -> dict[str, frozenset[str]]:
        """The adjoints that may show the memory of each adjoint, when that is written into; also
        those that the text named before others took it over.
        """
        found = {n: reach({n}, self.state.past) - {n} for n in self.changed}
        return {self.bars[n]: frozenset(map(self.bar, o)) for n, o in found.items() if o}

    def contribute(self, operand: str, expr: Any, array: bool = True) -> None:
        """`operand_bar += expr`; the first contribution assigns."""
        bar = self.bar(operand)
        if self.viewed(operand) or (self.is_shadow(operand) and operand in self.state.present):
            self.into_shadow(operand, expr, array)
            return
        if operand not in self.state.present:
            shown = self.is_shadow(operand) or self.shows_shadow(expr)
            entries_shown = operand in self.facts.shadows.perhaps and not array and not _zeros(expr)
            if shown and (entries_shown or not fresh(expr)) and not _popped(expr):
                expr = self.runtime("private", expr)
            if not same(expr, name(bar)):
                self.emit(assign(bar, expr))
            self.state.present.add(operand)
            if _is_array(expr):
                self.state.arrays.add(operand)
            if fresh(expr) or (_popped(expr) and self.holders(expr) <= self.state.owned):
                self.state.own(operand)
            else:  # now two names may show one adjoint: neither is written into
                sure = array or _is_array(expr) or isinstance(expr, gast.Name)
                unsure = self.hides or not sure
                self.state.share(operand, self.holders(expr) | ({FOREIGN} if unsure else set()))
            return
        self.flush_display(operand)
        if not array:
            self.emit(assign(bar, self.runtime("add", name(bar), expr)))
            self.state.share(operand, {FOREIGN})  # entries of a sum of containers may be shared
            return
        op, amount = signed(expr)
        if operand in self.state.owned and operand not in self.facts.terms.loose:
            self.emit(augment(bar, op, amount))
            self.changed.add(operand)
        else:
            self.emit(assign(bar, gast.BinOp(left=name(bar), op=op, right=amount)))
            self.state.own(operand)

    def is_array(self, statement: Statement, identifier: str) -> bool:
        """Is the value of an operand surely a number or an array, no container?"""
        shown = identifier in self.state.arrays
        return shown or self.facts.shapes.is_numeric(statement, identifier)

    # ------------------------------------------------------------ shadow memory

    def is_shadow(self, primal: str) -> bool:
        """Is the adjoint of a name memory that others show, and so written in place?"""
        return primal in self.facts.shadows.memory

    def viewed(self, primal: str) -> bool:
        """Is a name, as the statement at hand finds it, a view whose adjoint is a view?"""
        return self.at is not None and bool(self.facts.shadows.bases(self.at, primal))

    def shows_shadow(self, expr: Any) -> bool:
        return any(self.is_shadow(self.primals.get(n, n)) for n in names_in(expr))

    def into_shadow(self, operand: str, expr: Any, array: bool) -> None:
        bar = self.bar(operand)
        if operand not in self.state.present and bar in names_in(expr):  # of the name's next value
            held = self.saved.names.fresh(f"{bar}_part")
            self.emit(assign(held, expr))
            expr = name(held)
        self.buffer(operand)
        assert self.at is not None
        if array or self.is_array(self.at, operand):
            op, amount = signed(expr)
            self.emit(augment(bar, op, amount))
        else:
            self.emit(assign(bar, self.runtime("accumulate", name(bar), expr)))

    def shadow(self, view: str) -> None:
        """The adjoint of a view: the same view of the adjoint of what it is a view of."""
        assert self.at is not None
        shadows, maker = self.facts.shadows, self.facts.shadows.makers[self.at, view]
        base = base_of(maker)
        self.buffer(base)
        self.put_back(maker.value.reads - {base})
        whole = self.bar(base)
        owner = not shadows.bases(self.at, base)
        if base in self.reshaped and owner and not self.views_of(base):
            self.emit(assign(whole, self.runtime("laid_out", name(whole), name(base))))
        expr = substitute(maker.value.expr, {base: name(whole)})
        if isinstance(maker.value, Item) and is_field(maker.value.index):
            expr = item(name(whole), literal(maker.value.index.value))
        if not shadows.certain(maker):
            expr = self.runtime("shadow", expr, name(whole))
        self.emit(assign(self.bar(view), expr))
        self.state.present.add(view)
        self.state.owned.add(view)
        self.state.views.add(view)

    @cached_property
    def reshaped(self) -> frozenset[str]:
        return reshaped(self.facts.program, self.facts.sharing)

    def views_of(self, owner: str) -> bool:
        """Are there adjoints that show that of `owner`?"""
        makers = self.facts.shadows.taken
        found, todo = {owner}, [owner]
        while todo:
            base = todo.pop()
            more = {m.target for m in makers if base_of(m) == base} - found
            found |= more
            todo += more
        return not self.state.views.isdisjoint(found - {owner})

    def hold(self, target: str, entry: Any) -> Any:
        """The adjoint of a target under a name of its own: that of the same name comes next."""
        held = self.saved.names.fresh(self.bar(target))
        self.emit(assign(held, entry))
        self.drop(target)
        return name(held)

    def flush_display(self, primal: str) -> None:
        """Give a collected dict of adjoints its name; entries that nobody has read are missing."""
        pending = self.state.displays.pop(primal, None)
        if pending is not None:
            self.emit(assign(self.bar(primal), entries(pending)))
            self.state.share(primal, {FOREIGN})

    def make_whole(self, statement: Statement, one: str) -> None:
        """Give a vague adjoint the structure of its value."""
        here = one in self.state.present
        if here and one in self.facts.adjoints.made_whole.get(statement, ()):
            pending = self.state.displays.pop(one, None)
            vague = name(self.bar(one)) if pending is None else entries(pending)
            self.emit(assign(self.bar(one), self.runtime("whole", vague, name(one))))
            if pending is not None:
                self.state.share(one, {FOREIGN})

    def buffer(self, base: str) -> None:
        """An adjoint of `base` that may be written into."""
        if self.viewed(base):
            if base not in self.state.present:
                self.shadow(base)
            return
        zeros = self.runtime("zeros_like", name(base))
        bar = self.bar(base)
        self.flush_display(base)
        if base not in self.state.present:
            self.emit(assign(bar, zeros))
        elif base not in self.state.owned:
            if self.is_shadow(base) and self.views_of(base):
                message = f"the adjoint of `{base}`, which others show, was replaced"
                raise BrokenInvariant(message, code="shadow")
            self.emit(assign(bar, self.runtime("private", name(bar))))
        self.state.present.add(base)
        self.state.own(base)
        self.changed.add(base)


def fresh(expr: Any) -> bool:
    """Does an expression make new memory?"""
    if isinstance(expr, (gast.BinOp, gast.UnaryOp)):
        return True
    if isinstance(expr, gast.Call) and isinstance(expr.func, gast.Name):
        helper = expr.func.id
        if helper in ("@take_out", "@take_back", "@zeros_like"):
            return True
        if helper in ("@unbroadcast", "@unbroadcast_to", "@fit"):
            return fresh(expr.args[0])
        known = lookup(getattr(tangent.runtime, helper[1:], None))
        return isinstance(known, Rule) and known.fresh
    return isinstance(expr, gast.Call) and getattr(expr.func, "attr", None) == "copy"


def _zeros(expr: Any) -> bool:
    return isinstance(expr, gast.Call) and getattr(expr.func, "id", "") == "@zeros_like"


def _popped(expr: Any) -> bool:
    """Is it taken out of a list, so that the list does not show it any more?"""
    return isinstance(expr, gast.Call) and getattr(expr.func, "attr", None) == "pop"


def aliased(expr: Any) -> set[str]:
    """The names whose memory an expression may show."""
    match expr:
        case gast.Subscript(value=value):
            return aliased(value)
        case gast.Call(func=gast.Name(id="@unbroadcast" | "@unbroadcast_to" | "@fit")):
            return aliased(expr.args[0])
    return names_in(expr) or {FOREIGN}


def _is_array(expr: Any) -> bool:
    """Does a helper give an adjoint that refuses all but numbers and arrays?"""
    return (
        isinstance(expr, gast.Call)
        and isinstance(expr.func, gast.Name)
        and expr.func.id in ("@unbroadcast", "@unbroadcast_to")
    )


def signed(expr: Any) -> tuple[Any, Any]:
    """`-e` is subtracted."""
    if isinstance(expr, gast.UnaryOp) and isinstance(expr.op, gast.USub) and not is_literal(expr):
        return gast.Sub(), expr.operand
    if isinstance(expr, gast.BinOp) and isinstance(expr.op, (gast.Mult, gast.Div)):
        op, left = signed(expr.left)
        return op, gast.BinOp(left=left, op=expr.op, right=expr.right)
    if (
        isinstance(expr, gast.Call)
        and isinstance(expr.func, gast.Name)
        and expr.func.id == "@unbroadcast"
    ):
        first = expr.args[0]
        if isinstance(first, gast.UnaryOp) and isinstance(first.op, gast.USub):
            inner = gast.Call(func=expr.func, args=[first.operand, *expr.args[1:]], keywords=[])
            return gast.Sub(), inner
    return gast.Add(), expr


def entries(collected: dict[Any, Any]) -> Any:
    """The display of collected adjoints, in the order in which the primal reads the entries."""
    order = list(reversed(collected))
    return gast.Dict(keys=[literal(k) for k in order], values=[collected[k] for k in order])
