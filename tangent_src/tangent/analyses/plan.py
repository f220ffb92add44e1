"""The storage plan: each value that the backward sweep needs is kept, recomputed or stored, and
why.

* *kept*: its name still holds it when the backward sweep comes;
* *recomputed*: in a loop, where the value costs about one pass over operands that are at hand
  anyway;
* *stored*: in a variable, or in a list inside loops, in front of the statement that overwrites it.

This is the one place where storage is decided; checkpoint annotations will attach here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tangent.analyses.adjoints import Adjoints
from tangent.analyses.liveness import Liveness, liveness
from tangent.analyses.needs import Needs, needs
from tangent.analyses.recording import Block, Recording, Save, recording
from tangent.analyses.sharing import Sharing
from tangent.analyses.terms import Terms
from tangent.syntax.program import (
    Append,
    Apply,
    Assign,
    Augment,
    Copy,
    For,
    If,
    Item,
    Plain,
    Pop,
    Program,
    Statement,
    Store,
    assigned,
    blocks,
    every,
    targets,
)


@dataclass(frozen=True)
class Plan:
    """Which statements the forward sweep keeps, what it saves, and what the backward sweep
    computes again.
    """

    live: Liveness
    needs: Needs  # what must be at hand, the operands of recomputed values included
    reads: Needs  # what the backward sweep reads
    saves: tuple[Save, ...]
    recomputed: tuple[tuple[Block, Assign], ...]  # in which block, and the statement to repeat
    copied: frozenset[
        Statement
    ]  # makers of views whose memory is overwritten later, and whose value is needed
    needed: Mapping[Statement, frozenset[str]]  # at each statement that writes in place


def plan(
    program: Program,
    terms: Terms,
    adjoints: Adjoints,
    sharing: Sharing,
    bound: Mapping[Statement, frozenset[str]],
    guarded: frozenset[Statement],
    at_start: frozenset[str],
    at_end: frozenset[str],
) -> Plan:
    """The plan, if the backward sweep reads `at_end` first of all and `at_start` (parameters)
    last of all.
    """
    also: frozenset[Statement] = frozenset()
    parents = _parents(program.body)
    while True:
        need = needs(program, terms, adjoints, also, bound)
        live = liveness(program, need, at_end | at_start, guarded)
        saves = recording(program, need, live, adjoints.emitted, at_start).saves
        chooser = _Chooser(program, need, saves, sharing)
        recomputed = chooser.choose()
        need = chooser.needs()
        live = liveness(program, need, at_end | at_start, guarded)
        record = recording(program, need, live, adjoints.emitted, at_start)
        saves = record.saves
        missing = {p for s in saves for p in parents(s.at)} - need.reversed
        if not missing:
            copied = _copied(program, record, sharing)
            return Plan(live, need, chooser.need, saves, tuple(recomputed), copied, record.needed)
        also |= missing


def _copied(program: Program, record: Recording, sharing: Sharing) -> frozenset[Statement]:
    """The statements that make a view of what is overwritten while the backward sweep still needs
    the view.
    """
    names: set[str] = set()
    for statement, needed in record.needed.items():
        if isinstance(statement, (Store, Append, Pop)):
            names |= sharing.others(statement) & needed
    return frozenset(s for s in every(program.body) if isinstance(s, Assign) and s.target in names)


class _parents:  # noqa: N801  (reads as a function: parents(statement))
    def __init__(self, body: Block) -> None:
        self.table: dict[Statement, Statement] = {}
        for statement in every(body):
            for block in blocks(statement):
                self.table.update(dict.fromkeys(block, statement))

    def __call__(self, statement: Statement) -> Iterator[Statement]:
        while statement in self.table:
            statement = self.table[statement]
            yield statement


@dataclass
class _Place:
    block: Block
    position: int
    varying: frozenset[str]  # what the loops around assign
    indices: frozenset[str]
    in_loop: bool


@dataclass
class _Chooser:
    """Chooses, last statement first, which of the values to save are computed again instead."""

    program: Program
    need: Needs
    saves: tuple[Save, ...]
    sharing: Sharing
    before: dict[Statement, frozenset[str]] = field(default_factory=dict)
    after: dict[Statement, frozenset[str]] = field(default_factory=dict)
    makers: dict[str, list[tuple[Assign, _Place]]] = field(default_factory=dict)
    bindings: Counter[str] = field(default_factory=Counter)

    def choose(self) -> list[tuple[Block, Assign]]:
        self.before, self.after = dict(self.need.before), dict(self.need.after)
        order: list[tuple[Assign, _Place]] = []
        self.places(
            self.program.body, _Place(self.program.body, 0, frozenset(), frozenset(), False), order
        )
        saved = {s.name for s in self.saves}
        scoped = {(s.block, s.name) for s in self.saves if s.at_end}
        tests = {n for s in every(self.program.body) if isinstance(s, If) for n in s.test.reads}
        found = []
        self.bindings = Counter(t for s in every(self.program.body) for t in targets(s))
        for statement, place in reversed(order):
            if self.bindings[statement.target] != 1 or statement.target in self.program.parameters:
                continue
            wanted = (
                (place.block, statement.target) in scoped
                if place.in_loop
                else statement.target in tests
            )
            last = self.last_need(statement, place) if wanted else None
            if last is not None and self.free(statement, place, last, saved, 0):
                self.commit(statement, place, last)
                scoped |= {(place.block, operand) for operand in statement.value.reads}
                found.append((place.block, statement))
        return found

    def needs(self) -> Needs:
        return Needs(self.before, self.after, self.need.reversed)

    def places(self, block: Block, around: _Place, order: list[tuple[Assign, _Place]]) -> None:
        for position, statement in enumerate(block):
            place = _Place(block, position, around.varying, around.indices, around.in_loop)
            if isinstance(statement, Assign):
                order.append((statement, place))
                self.makers.setdefault(statement.target, []).append((statement, place))
            elif isinstance(statement, If):
                self.places(statement.body, place, order)
                self.places(statement.orelse, place, order)
            elif isinstance(statement, For):
                varying = around.varying | assigned(statement.whole)
                indices = around.indices | {statement.index}
                self.places(statement.whole, _Place(block, 0, varying, indices, True), order)

    def last_need(self, statement: Assign, place: _Place) -> int | None:
        """The last statement of the block, before the name is bound anew, whose adjoint reads the
        value.
        """
        name, last = statement.target, None
        for position in range(place.position, len(place.block)):
            here = place.block[position]
            if position > place.position and name in self.after_rebinding(here, name):
                return None if self.reads(here, name) else last
            if self.reads(here, name):
                last = position
            if position > place.position and name in assigned((here,)):
                return last
        return last

    def after_rebinding(self, statement: Statement, name: str) -> frozenset[str]:
        """A compound statement that binds the name and reads it: too tangled to repeat."""
        compound = isinstance(statement, (If, For))
        return frozenset({name}) if compound and name in assigned((statement,)) else frozenset()

    def reads(self, statement: Statement, name: str) -> bool:
        return any(
            name in self.before.get(s, ()) or name in self.after.get(s, ())
            for s in every((statement,))
        )

    def free(
        self, statement: Assign, place: _Place, last: int, saved: set[str], depth: int
    ) -> bool:
        """Can the value be had again from operands that are at hand where it is read?"""
        if not _cheap(statement) or depth > 6:
            return False
        between = place.block[place.position + 1 : last]
        reader = place.block[last]
        through = isinstance(reader, (If, For)) or statement.target in self.after.get(reader, ())
        changed = self.changed(between) | (
            self.changed((reader,)) if through and reader is not statement else set()
        )
        if not place.in_loop:
            changed |= self.changed(place.block[last:])
        for operand in statement.value.reads:
            if operand in changed:
                return False
            at_hand = operand in place.indices or operand not in place.varying or operand in saved
            if not at_hand and not self.repeatable(operand, place, last, saved, depth):
                return False
        return True

    def repeatable(
        self, operand: str, place: _Place, last: int, saved: set[str], depth: int
    ) -> bool:
        """Is an operand made in the same block by a statement that can be repeated as well?"""
        makers = self.makers.get(operand, [])
        if len(makers) != 1 or self.bindings[operand] != 1:
            return False
        maker, at = makers[0]
        return (
            at.block is place.block
            and at.position < place.position
            and self.free(maker, at, last, saved, depth + 1)
        )

    def changed(self, body: Block) -> set[str]:
        """The names bound or written to, and those that may share memory with what is written
        to.
        """
        found = assigned(body)
        for statement in every(body):
            if isinstance(statement, (Augment, Store, Append, Pop)):
                found |= self.sharing.others(statement)
        return found

    def commit(self, statement: Assign, place: _Place, last: int) -> None:
        """Wherever the value is read, its operands are read instead."""
        name, operands = statement.target, statement.value.reads
        for here in place.block[place.position : last + 1]:
            if not self.reads(here, name):
                continue
            if isinstance(here, (If, For)):
                self.after[here] = self.after.get(here, frozenset()) | operands
            for inner in every((here,)):
                for table in (self.before, self.after):
                    if name in table.get(inner, ()):
                        extra = operands if inner is here else frozenset()
                        table[inner] = (table[inner] - {name}) | extra


def _cheap(statement: Assign) -> bool:
    match statement.value:
        case Apply(rule=rule):
            return bool(rule.cheap)
        case Plain(pure=pure, cheap=cheap):
            return pure and cheap
        case Item() | Copy():
            return True
    return False
