"""The storage plan: each value that the backward sweep needs is kept, recomputed or stored, and
why.

* *kept*: its name still holds it when the backward sweep comes;
* *recomputed*: in a loop, where the value costs about one pass over operands that are at hand
  anyway; what surely is a view (`row = B[i]`) is taken again whatever is written into its memory;
* *stored*: in a variable, or in a list inside loops, in front of the statement that overwrites it.

This is the one place where storage is decided.  Loops that the user annotates by `checkpoint` are
*checkpointed* (`analyses.checkpoints`): what is stored in them is stored for one segment at a time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import itemgetter
from typing import TypeVar

from tangent.analyses.adjoints import Adjoints
from tangent.analyses.binding import Bound
from tangent.analyses.checkpoints import Checkpoints, checkpoints, with_fixed
from tangent.analyses.liveness import Liveness, liveness
from tangent.analyses.needs import Needs, needs
from tangent.analyses.recording import Block, Save, recording
from tangent.analyses.reversals import Reversal, reversals
from tangent.analyses.shadows import Shadows
from tangent.analyses.shapes import Shapes
from tangent.analyses.sharing import Sharing
from tangent.analyses.sharing import sharing as run_sharing
from tangent.analyses.terms import Terms
from tangent.analyses.versions import base_of
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

K = TypeVar("K")
V = TypeVar("V")


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
    records: frozenset[str]  # of calls, to be copied: what they keep is written into
    checkpoints: Checkpoints
    reversals: Mapping[Statement, Reversal]  # what comes back by an inverse

    def saves_at(self, statement: Statement) -> Sequence[Save]:
        """The saves in front of a statement and behind it."""
        return self._by_statement.get(statement, ())

    def saves_within(self, statement: Statement) -> Sequence[Save]:
        """The saves at a statement and inside it, in the order of `saves`."""
        found = [save for one in every((statement,)) for save in self.saves_at(one)]
        return sorted(found, key=self._order.__getitem__)

    def saves_in(self, block: Block) -> Sequence[Save]:
        """The saves at the statements of a block, nested blocks apart."""
        return self._by_block.get(id(block), ())

    def recomputed_in(self, block: Block) -> Sequence[Assign]:
        """The statements of a block that the backward sweep repeats."""
        return self._again.get(id(block), ())

    @cached_property
    def repeated(self) -> frozenset[Statement]:
        """The statements that the backward sweep repeats."""
        return frozenset(statement for _, statement in self.recomputed)

    @cached_property
    def _order(self) -> Mapping[Save, int]:
        return {save: position for position, save in enumerate(self.saves)}

    @cached_property
    def _by_statement(self) -> Mapping[Statement, list[Save]]:
        return _grouped((s.at, s) for s in self.saves)

    @cached_property
    def _by_block(self) -> Mapping[int, list[Save]]:
        return _grouped((id(s.block), s) for s in self.saves)

    @cached_property
    def _again(self) -> Mapping[int, list[Assign]]:
        return _grouped((id(block), statement) for block, statement in self.recomputed)


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def plan(
    program: Program,
    terms: Terms,
    adjoints: Adjoints,
    sharing: Sharing,
    shapes: Shapes,
    bound: Mapping[Statement, Bound],
    shadows: Shadows,
    at_start: frozenset[str],
    at_end: frozenset[str],
) -> Plan:
    """The plan, if the backward sweep reads `at_end` first of all and `at_start` (parameters)
    last of all.
    """
    also: frozenset[Statement] = frozenset()
    parents, ends = _parents(program.body), at_end | at_start
    undone = reversals(program, adjoints.emitted, sharing.written | shadows.memory.keys())
    marked = Checkpoints()
    views = {t for s in every(program.body) if shadows.certain(s) for t in targets(s)}
    through: Mapping[Place, Save] = {}  # what is put back, and the views that it goes through
    while True:
        need = needs(program, terms, adjoints, also, bound, shadows, undone, shapes)
        need = with_fixed(need, marked.loops)
        live = liveness(program, need, ends, shadows)
        known = adjoints.emitted, at_start, sharing, shadows, undone
        saves = (*recording(program, need, live, *known).saves, *through.values())
        chooser = _Chooser(program, need, saves, sharing, shadows, parents, undone)
        recomputed = chooser.choose()
        need = chooser.needs()
        live = liveness(program, need, ends, shadows)
        run = run_sharing(program, shapes, live.kept)  # what is left out hides no memory
        known = adjoints.emitted, at_start, run, shadows, undone
        again = frozenset(s.target for _, s in recomputed if shadows.certain(s))
        record = recording(program, need, live, *known, again)
        wanted, saves = through, record.saves
        through = {
            (s.at, s.name, s.at_end): s for s in saves if s.memory is not None or s.name in views
        }
        missing = {p for s in saves for p in parents(s.at)} - need.reversed
        before, marked = marked, checkpoints(program, need, live, saves, ends, shadows)
        if not missing and _as_before(marked, before) and through.keys() <= wanted.keys():
            stored = {(id(s.block), s.name) for s in saves if s.at_end}  # where memory goes back to
            made = tuple((b, s) for b, s in recomputed if (id(b), s.target) not in stored)
            return Plan(live, need, chooser.need, saves, made, record.records, marked, undone)
        also |= missing
        through = {**wanted, **through}


def _as_before(found: Checkpoints, before: Checkpoints) -> bool:
    """Did the plan know already what checkpointed loops read?"""
    known = {loop: facts.fixed for loop, facts in before.loops.items()}
    return all(facts.fixed <= known.get(loop, frozenset()) for loop, facts in found.loops.items())


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
    rebound: frozenset[str]  # what they bind to another array or container
    indices: frozenset[str]
    in_loop: bool


Place = tuple[Statement, str, bool]
Table = dict[tuple[int, str], list[int]]  # (block, name) -> the positions of statements


@dataclass
class _Positions:
    """Where in each block its statements, with all that is inside them, bind or change each name.

    To change is to bind, to write into, or to write into what may share memory with the name.
    """

    sharing: Sharing
    of: dict[Statement, int] = field(default_factory=dict)
    bound: Table = field(default_factory=dict)
    binding: Table = field(default_factory=dict)  # to another array or container
    writers: dict[int, list[tuple[int, Statement]]] = field(default_factory=dict)  # of each block

    def add(self, block: Block) -> None:
        for position, statement in enumerate(block):
            self.of[statement] = position
            for name in assigned((statement,)):
                self.bound.setdefault((id(block), name), []).append(position)
            for name in {t for s in every((statement,)) for t in _bound(s)}:
                self.binding.setdefault((id(block), name), []).append(position)
            for one in every((statement,)):
                if isinstance(one, (Augment, Store, Append, Pop)):
                    self.writers.setdefault(id(block), []).append((position, one))
            for inner in blocks(statement):
                self.add(inner)

    def first(self, table: Table, block: Block, name: str, start: int) -> int | None:
        """The first statement from `start` on that a table names."""
        found = table.get((id(block), name), [])
        position = bisect_left(found, start)
        return found[position] if position < len(found) else None

    def changes(self, block: Block, name: str, start: int, stop: int) -> bool:
        """Does a statement from `start` to `stop`, itself left out, change a name?"""
        bound = self.first(self.bound, block, name, start)
        if bound is not None and bound < stop:
            return True
        return any(self.sharing.shows(one, name) for one in self.written(block, start, stop))

    def written(self, block: Block, start: int, stop: int) -> list[Statement]:
        """What writes into something from `start` to `stop`, this one left out."""
        writers = self.writers.get(id(block), [])
        first, end = (bisect_left(writers, p, key=itemgetter(0)) for p in (start, stop))
        return [one for _, one in writers[first:end]]

    def rebinds(self, block: Block, name: str, start: int, stop: int) -> bool:
        """Does a statement from `start` to `stop`, itself left out, bind a name to another array
        or container?
        """
        found = self.binding.get((id(block), name), [])
        return bisect_left(found, start) < bisect_left(found, stop)

    def restructures(self, block: Block, name: str, start: int, stop: int) -> bool:
        """Does such a statement change what a container itself holds?"""
        sites = self.sharing.ever.get(name, set())
        written = self.written(block, start, stop)
        return any(not self.sharing.sites[one].isdisjoint(sites) for one in written)


@dataclass
class _Chooser:
    """Chooses, last statement first, which of the values to save are computed again instead."""

    program: Program
    need: Needs
    saves: tuple[Save, ...]
    sharing: Sharing
    shadows: Shadows
    parents: _parents
    reversals: Mapping[Statement, Reversal]
    before: dict[Statement, frozenset[str]] = field(default_factory=dict)
    after: dict[Statement, frozenset[str]] = field(default_factory=dict)
    readers: dict[str, set[Statement]] = field(default_factory=dict)  # by `before` or `after`
    makers: dict[str, list[tuple[Assign, _Place]]] = field(default_factory=dict)
    bindings: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.positions = _Positions(self.sharing)
        self.positions.add(self.program.body)
        self.before, self.after = dict(self.need.before), dict(self.need.after)
        for table in (self.before, self.after):
            for statement, names in table.items():
                for name in names:
                    self.readers.setdefault(name, set()).add(statement)
        for save in self.saves:
            if save.memory is not None and not save.at_end:
                self.readers.setdefault(save.name, set()).add(save.at)

    def choose(self) -> list[tuple[Block, Assign]]:
        order: list[tuple[Assign, _Place]] = []
        none = frozenset[str]()
        self.places(self.program.body, _Place(self.program.body, 0, none, none, none, False), order)
        saved = {s.name for s in self.saves}
        saved |= {t for r in self.reversals.values() for t in r.targets}
        scoped = {(id(s.block), s.name) for s in self.saves if s.at_end}
        tests = {n for s in every(self.program.body) if isinstance(s, If) for n in s.test.reads}
        found = []
        certain = {s.target for s, _ in order if self.shadows.certain(s)}
        for one in every(self.program.body):
            self.bindings.update(t for t in targets(one) if t not in certain or t in _bound(one))
        for statement, place in reversed(order):
            if not self.single(statement) or statement.target in self.program.parameters:
                continue
            wanted = (
                (id(place.block), statement.target) in scoped
                if place.in_loop
                else statement.target in tests
            )
            last = self.last_need(statement, place) if wanted else None
            if last is not None and self.free(statement, place, last, saved, 0):
                self.commit(statement, place, last)
                scoped |= {(id(place.block), operand) for operand in statement.value.reads}
                found.append((place.block, statement))
        return found

    def single(self, statement: Assign) -> bool:
        """Is this the only value that its target ever has?  A view has one, whatever it shows."""
        name = statement.target
        if self.bindings[name] != 1:
            return False
        if self.shadows.certain(statement):
            return True
        return name not in self.sharing.written

    def needs(self) -> Needs:
        return Needs(self.before, self.after, self.need.reversed, self.need.objects)

    def places(self, block: Block, around: _Place, order: list[tuple[Assign, _Place]]) -> None:
        for position, statement in enumerate(block):
            place = replace(around, block=block, position=position)
            if isinstance(statement, Assign):
                order.append((statement, place))
                self.makers.setdefault(statement.target, []).append((statement, place))
            elif isinstance(statement, If):
                self.places(statement.body, place, order)
                self.places(statement.orelse, place, order)
            elif isinstance(statement, For):
                varying = around.varying | assigned(statement.whole)
                rebound = around.rebound | {t for s in every(statement.whole) for t in _bound(s)}
                indices = around.indices | {statement.index}
                inner = _Place(block, 0, varying, rebound, indices, True)
                self.places(statement.whole, inner, order)

    def readers_in(self, block: Block, name: str) -> Iterator[tuple[int, Statement]]:
        """The statements, at any depth, that read a name, with their positions in a block."""
        for reader in self.readers.get(name, ()):
            for one in (reader, *self.parents(reader)):
                position = self.positions.of[one]
                if position < len(block) and block[position] is one:
                    yield position, reader
                    break

    def last_need(self, statement: Assign, place: _Place) -> int | None:
        """The last statement of the block, before the name is bound anew, whose adjoint reads the
        value.
        """
        name, start = statement.target, place.position
        reading = {p for p, _ in self.readers_in(place.block, name) if p >= start}
        table = self.positions.binding if self.shadows.certain(statement) else self.positions.bound
        end = self.positions.first(table, place.block, name, start + 1)
        if end is not None:
            if end in reading and isinstance(place.block[end], (If, For)):
                return None  # binds the name and reads it: too tangled to repeat
            reading = {p for p in reading if p <= end}
        return max(reading, default=None)

    def free(
        self, statement: Assign, place: _Place, last: int, saved: set[str], depth: int
    ) -> bool:
        """Can the value be had again from operands that are at hand where it is read?"""
        if not _cheap(statement) or depth > 6:
            return False
        block, reader = place.block, place.block[last]
        through = isinstance(reader, (If, For)) or statement.target in self.after.get(reader, ())
        stop = last + 1 if through and reader is not statement else last
        for operand in statement.value.reads:
            if self.changes(statement, operand, place.position + 1, stop, block):
                return False
            if not place.in_loop and self.changes(statement, operand, last, len(block), block):
                return False
            view = self.shadows.certain(statement) and operand == base_of(statement)
            varying = place.rebound if view else place.varying
            at_hand = operand in place.indices or operand not in varying or operand in saved
            if not at_hand and not self.repeatable(operand, place, last, saved, depth):
                return False
        return True

    def changes(self, maker: Assign, operand: str, start: int, stop: int, block: Block) -> bool:
        """Does a statement from `start` to `stop`, itself left out, change what `maker` gives?

        A view is the same one whatever is written into the memory that it shows.
        """
        if not self.shadows.certain(maker) or operand != base_of(maker):
            return self.positions.changes(block, operand, start, stop)
        if self.positions.rebinds(block, operand, start, len(block)):
            return True
        if maker not in self.shadows.nested:
            return False
        return self.positions.restructures(block, operand, start, stop)

    def repeatable(
        self, operand: str, place: _Place, last: int, saved: set[str], depth: int
    ) -> bool:
        """Is an operand made in the same block by a statement that can be repeated as well?"""
        makers = self.makers.get(operand, [])
        if len(makers) != 1 or not self.single(makers[0][0]):
            return False
        maker, at = makers[0]
        return (
            at.block is place.block
            and at.position < place.position
            and self.free(maker, at, last, saved, depth + 1)
        )

    def commit(self, statement: Assign, place: _Place, last: int) -> None:
        """Where the value is read first in the backward sweep, its operands are read instead; the
        other readers find it there.  What a view shows is read as before.
        """
        name, operands = statement.target, statement.value.reads
        gone = frozenset[str]() if self.shadows.certain(statement) else frozenset({name})
        readers = [(p, r) for p, r in self.readers_in(place.block, name) if place.position <= p]
        made = False
        for save in self.saves:
            if save.memory is not None and save.name == name and not save.at_end:
                self.after[save.at] = self.after.get(save.at, frozenset()) | {name}
        for position, reader in sorted(readers, key=itemgetter(0), reverse=True):
            if position > last:
                continue
            here = place.block[position]
            self.readers[name].discard(reader)
            for table in (self.before, self.after):
                if name in table.get(reader, ()):
                    extra = operands if reader is here and not made else frozenset()
                    table[reader] = (table[reader] - gone) | extra
            if made:
                continue
            if isinstance(here, (If, For)):
                self.after[here] = self.after.get(here, frozenset()) | operands
            for operand in operands:
                self.readers.setdefault(operand, set()).add(here)
            made = not isinstance(here, (If, For))  # a branch may not be taken


def _bound(statement: Statement) -> tuple[str, ...]:
    """The names that a statement binds anew, if they hold arrays or containers."""
    return () if isinstance(statement, Augment) else targets(statement)


def _cheap(statement: Assign) -> bool:
    match statement.value:
        case Apply(rule=rule):
            return bool(rule.cheap)
        case Plain(pure=pure, cheap=cheap):
            return pure and cheap
        case Item() | Copy():
            return True
    return False
