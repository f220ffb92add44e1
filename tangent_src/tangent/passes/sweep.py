"""The forward sweep: the kept statements as Python again, with the saves in front of what they
protect.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import gast

from tangent.analyses.activity import Activity
from tangent.analyses.adjoints import Adjoints
from tangent.analyses.binding import Bound
from tangent.analyses.exposure import OUTSIDE, by_others
from tangent.analyses.heap import UNWRITTEN
from tangent.analyses.liveness import draws
from tangent.analyses.plan import Plan
from tangent.analyses.recording import Save
from tangent.analyses.shadows import Shadows
from tangent.analyses.shapes import Shapes
from tangent.analyses.sharing import Sharing, joins_perhaps
from tangent.analyses.terms import Terms
from tangent.errors import UnsupportedSyntax
from tangent.passes.asking import apart, asked, guard, no_arrays
from tangent.passes.draws import drawn, kept_draws
from tangent.passes.fitting import checks, fixed_keys
from tangent.passes.identity import entry_copier, refused_if_memory, same_object, written_inside
from tangent.passes.optimise import jumps
from tangent.passes.segments import Segmented, lists
from tangent.passes.snapshots import forward_loop
from tangent.runtime import Refusal
from tangent.syntax.names import Names
from tangent.syntax.printing import Noted
from tangent.syntax.program import (
    INTO,
    RESTORE,
    SCATTER,
    Append,
    Assign,
    Augment,
    Break,
    Call,
    Continue,
    Effect,
    For,
    If,
    Item,
    Pop,
    Program,
    Statement,
    Store,
    Try,
    Unpack,
    While,
    assigned,
    every,
    own_jumps,
    record_name,
)
from tangent.syntax.symbols import Symbols
from tangent.syntax.trees import (
    as_argument,
    assign,
    augment,
    branch,
    call,
    item,
    method_call,
    name,
    names_in,
    rebuild,
    stored,
)


@dataclass(frozen=True)
class Facts:
    """All that the analyses found out about one program: what the emitting passes take."""

    program: Program
    activity: Activity
    shapes: Shapes
    terms: Terms
    adjoints: Adjoints
    sharing: Sharing
    shadows: Shadows
    plan: Plan
    bound: Mapping[Statement, Bound]  # names surely bound in front of each statement
    symbols: Symbols
    root: bool  # is it the function that the user calls?
    assumed: frozenset[str] = frozenset()  # parameters taken for numbers or arrays, to be checked
    inexact: frozenset[str] = frozenset()  # names that hold no integers for sure
    perhaps_new: frozenset[Statement] = frozenset()  # stores of entries that may not be there yet

    @cached_property
    def positions(self) -> dict[Statement, int]:
        return {s: i for i, s in enumerate(every(self.program.body))}

    @cached_property
    def written_inside(self) -> dict[str, int]:
        return written_inside(self)

    @cached_property
    def popped(self) -> frozenset[str]:
        """The names of what lists give that other names show, too."""
        pops = (s for s in every(self.program.body) if isinstance(s, Pop))
        return frozenset(s.target for s in pops if s.base in self.shadows.memory)

    @property
    def asks(self) -> bool:
        """Does the text ask, when it runs, whether names share memory?"""
        doubtful = map(self.sharing.doubtful, every(self.program.body))
        return bool(self.shadows.guards) or any(doubtful)


@dataclass
class Saved:
    """Where each save of the plan lives: a list or a variable; names shared by the two sweeps."""

    names: Names
    places: dict[Save, str] = field(default_factory=dict)
    records: dict[str, str] = field(default_factory=dict)
    segments: dict[For, Segmented] = field(default_factory=dict)
    draws: dict[Assign, str] = field(default_factory=dict)
    recalls: list[tuple[int, str]] = field(default_factory=list)  # checkpointed callees, and where

    inverses: list[tuple[int, str, str]] = field(default_factory=list)  # where, of what, by what

    def name_records(self, facts: Facts) -> None:
        """Give the record of each call its name: `dense_12`."""
        for statement in every(facts.program.body):
            if isinstance(statement, Assign) and isinstance(statement.value, Call):
                if statement in facts.adjoints.emitted:
                    wish = f"{statement.value.callee.name}_{statement.origin.line}"
                    self.records[record_name(statement)] = self.names.fresh(wish)

    def place(self, save: Save) -> str:
        if save not in self.places:
            base = self.record(save.name) if "%" in save.name else save.name
            wish = f"{base}_stored" if save.depth else f"{base}_{save.at.origin.line}"
            self.places[save] = self.names.fresh(wish)
        return self.places[save]

    def record(self, identifier: str) -> str:
        """The name of a call's record: `dense_12`."""
        return self.records.get(identifier, identifier)

    def drawn(self, statement: Assign) -> str:
        """Where the values are kept that a statement drew."""
        if statement not in self.draws:
            self.draws[statement] = self.names.fresh(f"{statement.target}_drawn")
        return self.draws[statement]

    def segmented(self, loop: For, plan: Plan) -> Segmented:
        """How the parts of a checkpointed loop are called."""
        if loop not in self.segments:
            facts = plan.checkpoints.loops[loop]
            self.segments[loop] = Segmented.of(loop, facts, self.names)
        return self.segments[loop]


Halves = Callable[[Any, frozenset[str]], tuple[str, str]]


@dataclass
class Forward:
    """Writes the forward sweep."""

    facts: Facts
    saved: Saved
    halves: Callable[[Any, frozenset[str]], str]  # the forward half of a callee
    primal: Callable[[Any], str]
    replayed: bool = True  # is there a backward sweep, in which loops run again?
    indexed: frozenset[For] = frozenset()  # loops whose backward sweep reads the items by position
    part: frozenset[Statement] | None = None  # what is written, if not the whole forward sweep
    saving: bool = True  # are values stored, and snapshots taken?
    again: bool = False  # is this a part of the program that runs once more?
    moving: Callable[[Statement], bool] = lambda _: False  # has it a tangent, made as it is?

    @property
    def kept(self) -> frozenset[Statement]:
        """The statements that are written."""
        return self.facts.plan.checkpoints.swept if self.part is None else self.part

    def run(self) -> list[Any]:
        return self.block(self.facts.program.body, ())

    def block(
        self,
        body: tuple[Statement, ...],
        loops: tuple[For, ...],
        closing: tuple[Save, ...] = (),
    ) -> list[Any]:
        """The statements of a block; `closing` are saves at the end of each path through it."""
        code: list[Any] = []
        for statement in body:
            if isinstance(statement, (Break, Continue)):
                jump = gast.Break() if isinstance(statement, Break) else gast.Continue()
                return [*code, *map(self.save, closing), jump]
            happened = self.again and isinstance(statement, Effect) and not statement.raises
            if statement not in self.kept or happened:
                continue
            if isinstance(statement, If) and any(own_jumps((statement,))):
                code += [self.save(s) for s in self.saves(statement, False)]
                if isinstance(statement, Try):
                    code += [self.noted(m, statement) for m in self.attempt(statement, loops)]
                after = (*self.saves(statement, True), *closing)
                made = self.branches(statement, loops, after)
                return [*code, *(self.noted(m, statement) for m in made)]
            if isinstance(statement, For) and not loops:
                code += self.lists(statement)
            code += [self.save(s) for s in self.saves(statement, False)]
            if not self.again:
                asked_keys = fixed_keys(self.facts, statement, self.facts.activity)
                code += [self.noted(m, statement) for m in asked_keys]
            code += [self.noted(m, statement) for m in self.statement(statement, loops)]
            if statement not in self.flags:
                code += [self.save(s) for s in self.saves(statement, True)]
        return [*code, *map(self.save, closing)]

    def branches(self, statement: If, loops: tuple[For, ...], closing: tuple[Save, ...]) -> Any:
        first = self.block(statement.body, loops, closing)
        second = self.otherwise(statement, loops, closing)
        return jumping(statement.test.expr, first, second)

    def otherwise(
        self, statement: If, loops: tuple[For, ...], closing: tuple[Save, ...] = ()
    ) -> list[Any]:
        """The second branch; behind a `try`, what is stored of it once nothing was raised."""
        late = [s for s, attempt in self.late.items() if attempt is statement and self.saving]
        return [*map(self.save, late), *self.block(behind(statement), loops, closing)]

    def noted(self, node: Any, statement: Statement) -> Any:
        return node if isinstance(node, Noted) else Noted(node, str(statement.origin.line))

    def lists(self, loop: For) -> list[Any]:
        """The lists of stored values of a loop (and of those inside it) start empty in front of
        it.
        """
        places = lists(self, (loop,)) if self.saving else []
        empty = [assign(place, gast.List(elts=[], ctx=gast.Load())) for place in places]
        drawn_here = kept_draws(self, loop) if not self.again else []
        empty += [assign(self.saved.drawn(s), gast.Dict(keys=[], values=[])) for s in drawn_here]
        return [Noted(e, "") for e in empty]

    def saves(self, statement: Statement, at_end: bool) -> list[Save]:
        if not self.saving:
            return []
        found = self.facts.plan.saves_at(statement)
        return [s for s in found if s.at_end is at_end and not s.undo and s not in self.late]

    def stored_value(self, save: Save) -> Any:
        """What is stored: the value, or a copy of what may be written to."""
        value = name(self.saved.record(save.name))
        if save.region:
            assert isinstance(save.at, Store)
            runtime, copier = self.facts.symbols.runtime, entry_copier(self.facts, save)
            if save.at in self.facts.perhaps_new:
                value = call(runtime("entry"), name(save.name), as_argument(save.at.index))
                return value if copier == "own" else call(runtime("own_entry"), value)
            return call(runtime(copier), item(name(save.name), save.at.index))
        if refused_if_memory(self.facts, save):
            return call(self.facts.symbols.runtime("no_part"), value)
        if self.may_be_written(save):
            value = call(self.facts.symbols.runtime("own"), value)
        return value

    def save(self, save: Save) -> Any:
        value = self.stored_value(save)
        place = self.saved.place(save)
        code = (
            gast.Expr(value=method_call(name(place), "append", value))
            if save.depth
            else assign(place, value)
        )
        return Noted(code, _reason(save))

    def may_be_written(self, save: Save) -> bool:
        """May the memory of a stored value be written to later?  Then it is copied."""
        return save.name in self.facts.sharing.written and not same_object(self.facts, save)

    # ------------------------------------------------------------ statements

    def statement(self, statement: Statement, loops: tuple[For, ...]) -> list[Any]:
        match statement:
            case Assign(target=target, value=Call() as value):
                asked = [] if self.again else apart(self.facts, statement)
                return [*self.call(statement, target, value), *asked]
            case Assign() if draws(statement) and (code := drawn(self, statement, loops)):
                return code
            case Assign(target=target, value=value):
                return [assign(target, value.expr), *self.copied(statement)]
            case Unpack(targets=targets, source=source):
                pattern = gast.Tuple(elts=[stored(t) for t in targets], ctx=gast.Store())
                return [assign(pattern, name(source))]
            case Augment():
                return self.augment(statement)
            case Store():
                return self.store(statement)
            case Append(base=base, value=value):
                return [
                    *guard(self.facts, statement, base, self.again),
                    gast.Expr(value=method_call(name(base), "append", value)),
                ]
            case Pop(target=target, base=base):
                return [
                    *guard(self.facts, statement, base, self.again),
                    assign(target, method_call(name(base), "pop")),
                ]
            case Effect(node=node):
                return [node]
            case If(test=test, body=body):
                first, second = self.block(body, loops), self.otherwise(statement, loops)
                chosen = [branch(test.expr, first, second)] if first or second else []
                if isinstance(statement, Try):
                    return [*self.attempt(statement, loops), *chosen]
                return chosen
            case For() if self.saving and statement in self.facts.plan.checkpoints.loops:
                return forward_loop(self, statement, loops)
            case For():
                return [self.loop(statement, loops)]
        raise AssertionError(statement)

    @cached_property
    def flags(self) -> set[Statement]:
        """What sets the variables of handlers: these are saved behind the `try`."""
        tries = (s for s in every(self.facts.program.body) if isinstance(s, Try))
        return {s for one in tries for s in one.flags}

    @cached_property
    def late(self) -> dict[Save, Try]:
        """What is stored once per iteration when a `try` is through: an exception half-way would
        leave a value in the list that nobody takes out.
        """
        tries = [s for s in every(self.facts.program.body) if isinstance(s, Try)]
        return {
            save: one
            for one in tries
            for statement in one.under
            for save in self.facts.plan.saves_at(statement)
            if save.depth and save.at_end and save.block is one.orelse
        }

    def attempt(self, statement: Try, loops: tuple[For, ...]) -> list[Any]:
        """The `try` itself: its handlers note that they ran."""
        for one in every(statement.under):
            early = [s for s in self.facts.plan.saves_at(one) if s.depth and s not in self.late]
            if loops and early:
                raise UnsupportedSyntax(
                    "an exception could come between what is stored under this `try`",
                    code="try",
                    location=statement.origin.location,
                    help="put what stands under it into a function",
                )
        body = self.block(statement.under, loops)
        handlers = []
        if any(_catches_ours(kind, self.facts.symbols) for kind, _ in statement.catches):
            ours = name(self.facts.symbols.runtime("Refusal"))
            handlers.append(gast.ExceptHandler(type=ours, name=None, body=[gast.Raise(None, None)]))
        for number, (kind, error) in enumerate(statement.catches, 1):
            noted: list[Any] = [assign(str(statement.test.expr.id), gast.Constant(number, None))]
            bound = None
            if error is not None:
                bound = stored(self.saved.names.fresh(f"{error}_raised"))
                noted.append(assign(error, name(bound.id)))
            handlers.append(gast.ExceptHandler(type=kind, name=bound, body=noted))
        tried = gast.Try(body=body or [gast.Pass()], handlers=handlers, orelse=[], finalbody=[])
        saves = [self.save(s) for f in statement.flags for s in self.saves(f, True)]
        return [tried, *saves]

    def copied(self, statement: Assign | Augment) -> list[Any]:
        """What is asked of a copy; that of a tangent holds what the tangent holds."""
        if self.again or (self.moving(statement) and not joins_perhaps(statement)):
            return []
        return no_arrays(self.facts, statement, statement.target)

    def call(self, statement: Assign, target: str, value: Call) -> list[Any]:
        record = record_name(statement)
        arguments = list(value.arguments.values())
        if not self.saving or record not in self.facts.plan.needs.read_after(statement):
            if value.plain is not None:
                return [assign(target, value.plain)]
            return [assign(target, call(self.primal(value.callee), *arguments))]
        active = active_parameters(self.facts, statement)
        half = self.halves(value.callee, active)
        held = self.saved.record(record)
        pair = gast.Tuple(elts=[stored(target), stored(held)], ctx=gast.Store())
        options = value.callee.options(active, "forward")
        code = [assign(pair, call(half, *arguments, **options))]
        if record in self.facts.plan.records:  # somebody writes into what it keeps
            code.append(assign(held, call(self.facts.symbols.runtime("apart"), name(held))))
        return code

    def augment(self, statement: Augment) -> list[Any]:
        """`y += e` as it stands where nobody else sees it; else on a private copy, or on a number
        only.
        """
        runtime, target = self.facts.symbols.runtime, statement.target
        changed = statement.rule.function not in UNWRITTEN  # else the next statement does it
        update = statement.code
        if statement in self.facts.shapes.scalars:
            return [update] if changed else []
        seen = self.facts.shadows.exposed.get(statement, ())
        mark = gast.Expr(value=call(runtime("may_change"), name(target)))
        changes = [update] if changed else [mark] if by_others(statement) else []
        changes += self.copied(statement)
        if OUTSIDE in seen:
            other = gast.Constant(value=OUTSIDE, kind=None)
            return [assign(target, call(runtime("unshared"), name(target), other)), *changes]
        questions = asked(self.facts, statement, target, self.again)
        mine = not self.facts.root or not self.facts.sharing.into(statement)
        if mine:
            return [*questions, *changes]
        own = [assign(target, call(runtime("own"), name(target)))] if changes else []
        return [*questions, *own, *changes]

    def store(self, statement: Store) -> list[Any]:
        base = statement.base
        copies = [
            *guard(self.facts, statement, base, self.again),
            *checks(self.facts, statement, self.again),
        ]
        target = item(name(base), statement.index, store=True)
        if statement.operator is None:
            return [*copies, assign(target, statement.value)]
        if statement.operator in WRITERS:
            writer = self.facts.symbols.runtime(WRITERS[statement.operator])
            written = call(writer, name(base), as_argument(statement.index), statement.value)
            return [*copies, gast.Expr(value=written)]
        return [*copies, augment(target, statement.operator, statement.value)]

    def loop(self, statement: For, loops: tuple[For, ...]) -> Any:
        body = self.block(statement.body, (*loops, statement))
        items = self.block(statement.items, (*loops, statement))
        return self.around(statement, items, body)

    def around(self, statement: For, items: list[Any], body: list[Any]) -> Any:
        """The loop around a body: as the user wrote it, or by position."""
        if isinstance(statement, While):
            test = statement.test.expr
            return gast.While(test=test, body=body or [gast.Pass()], orelse=[])
        reads = {n for s in (*body, *items) for n in names_in(s)}
        plain = statement.index not in {n for s in body for n in names_in(s)}
        early = any(not s.at_end for one in statement.items for s in self.facts.plan.saves_at(one))
        target, iterable = statement.sugar or (None, None)
        saves = [s for s in items if isinstance(s, Noted) and s.note.startswith("store")]
        counted = target is not None and statement.index in names_in(target)
        unnamed = assigned(statement.items) - names_in(target) if target is not None else set()
        whole = not unnamed.isdisjoint(n for s in (*saves, *body) for n in names_in(s))
        if target is not None and not early and not whole and (plain or counted):
            return _for(target, self.checked(iterable, statement), [*saves, *body])
        index = name(statement.index) if statement.index in reads else name("_")
        header = self.checked(statement.header, statement) if statement.sugar else statement.header
        return _for(index, header, [*items, *body])

    def checked(self, iterable: Any, loop: For) -> Any:
        """What is iterated must be a sequence that can be iterated again: asked at run time,
        where it is not known.
        """
        if not self.replayed and (loop.sugar is None or iterable is loop.sugar[1]):
            return iterable  # as the user wrote it, and run once
        if isinstance(iterable, gast.Name) and loop not in self.indexed:
            return call(self.facts.symbols.runtime("replayable"), iterable)
        bases = {
            s.value.base for s in loop.items if isinstance(s, Assign) and isinstance(s.value, Item)
        }

        def check(node: Any) -> Any | None:
            if isinstance(node, gast.Attribute):  # `d.items()`: a dict, with its own order
                return node
            if isinstance(node, gast.Name) and node.id in bases:
                return call(self.facts.symbols.runtime("sequence"), name(node.id))
            return None

        return rebuild(iterable, check)


WRITERS = {SCATTER: "add_at", INTO: "add_into", RESTORE: "restore"}


def behind(statement: If) -> tuple[Statement, ...]:
    """The second branch of an `if`; behind a `try` what does not stand under it."""
    under = statement.protected if isinstance(statement, Try) else 0
    return statement.orelse[under:]


def _catches_ours(kind: Any, symbols: Symbols) -> bool:
    """May a handler catch an error of the library?"""
    if isinstance(kind, gast.Tuple):
        return any(_catches_ours(k, symbols) for k in kind.elts)
    if kind is None:
        return True
    found = None
    if isinstance(kind, gast.Name) and kind.id.startswith("@builtin:"):
        found = getattr(builtins, kind.id.partition(":")[2])
    elif isinstance(kind, gast.Name):
        payload = symbols[kind.id].payload
        found = payload.get() if hasattr(payload, "get") else payload
    return not isinstance(found, type) or issubclass(Refusal, found) or issubclass(found, Refusal)


def jumping(test: Any, first: list[Any], second: list[Any]) -> list[Any]:
    """An `if` that jumps, at the end of its block: the branch that does not jump follows it."""
    if second and jumps(first):
        return [branch(test, first, []), *second]
    if first and jumps(second):
        return [branch(test, [], second), *first]
    return [branch(test, first, second)]


def active_parameters(facts: Facts, statement: Assign) -> frozenset[str]:
    """The parameters of a callee that carry an adjoint in this call."""
    value = statement.value
    assert isinstance(value, Call)
    operands = facts.activity.operands.get(statement, frozenset())
    useful = value.callee.useful_parameters
    return frozenset(
        p for p, a in value.arguments.items() if p in useful and names_in(a) & operands
    )


def _for(target: Any, header: Any, body: list[Any]) -> Any:
    return gast.For(
        target=target, iter=header, body=body or [gast.Pass()], orelse=[], type_comment=None
    )


def _reason(save: Save) -> str:
    lines = ", ".join(str(n) for n in save.needed_by[:3]) or "the return"
    why = "out of scope" if save.at_end else f"overwritten at {save.at.origin.line}"
    return f"store: {why}, needed by {lines}"
