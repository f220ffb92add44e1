"""Which values must be recorded: what the backward sweep reads and the forward sweep destroys
before that.

    R = T + before(I)
    save(I) iff keep(I) and t in R              the value that I overwrites is needed
    T+ = (R - {t}) + after(I)                   a statement that is not kept changes nothing

Forward over the kept statements only (`analyses.liveness` comes first).  A name that is bound
inside a block, and was not bound for sure before it, goes out of scope at the block's end: what
is needed of it is saved there, since the next iteration destroys it.  `T` then never holds a name
that might be unbound. Hascoet, Naumann, Pascual, "TBR analysis in reverse-mode AD", FGCS 21(8),
2005.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tangent.analyses.activity import into, weak, writes
from tangent.analyses.liveness import Liveness
from tangent.analyses.needs import Needs
from tangent.analyses.shadows import Shadows
from tangent.analyses.sharing import Sharing
from tangent.analyses.versions import bindings
from tangent.syntax.program import (
    Append,
    Assign,
    Call,
    For,
    If,
    Pop,
    Program,
    Statement,
    Store,
    assigned,
    every,
    record_name,
)
from tangent.syntax.trees import names_in

Block = tuple[Statement, ...]


@dataclass(frozen=True, eq=False)
class Save:
    """A value to be put back in the backward sweep: of `name`, at `at` (the statement that
    overwrites it).

    `at_end` saves are of names that go out of scope; `at` is then the last statement of the block
    that binds them. `depth` counts the loops around; `needed_by` are lines of statements whose
    adjoints read the value.
    """

    name: str
    at: Statement
    block: Block
    at_end: bool
    depth: int
    region: bool = False  # only the part that a store overwrites
    undo: bool = False  # an append or pop, undone instead of saved
    memory: str | None = None  # what is put back is memory that other names show, too
    needed_by: tuple[int, ...] = ()

    @property
    def put_by(self) -> frozenset[str]:
        """The names that are read to put it back: those of an index, what was popped."""
        if self.undo and isinstance(self.at, Pop):
            return frozenset({self.at.target})
        if self.region and isinstance(self.at, Store):
            return frozenset(names_in(self.at.index))
        return frozenset()


@dataclass(frozen=True)
class Recording:
    """The saves, and the records of calls that see what a statement writes in place."""

    saves: tuple[Save, ...]
    records: frozenset[str]


@dataclass
class _Run:
    needs: Needs
    kept: frozenset[Statement]
    emitted: frozenset[Statement]
    at_start: frozenset[str]
    sharing: Sharing
    shadows: Shadows
    reversals: Collection[Statement]
    views: frozenset[str]
    later: set[str] = field(default_factory=set)
    saves: dict[tuple[Statement, str, bool], Save] = field(default_factory=dict)
    readers: dict[str, set[int]] = field(default_factory=dict)
    records: set[str] = field(default_factory=set)
    scopes: dict[int, Mapping[str, Statement | None]] = field(default_factory=dict)

    @property
    def memory(self) -> Mapping[str, str]:
        return self.shadows.memory

    def walk(self, body: Block, needed: set[str], bound: set[str], depth: int) -> set[str]:
        """What is needed behind a block; `needed`, what is needed in front of it, is used up."""
        for statement in body:
            match statement:
                case If():
                    needed = self.branches(statement, needed, bound, depth)
                case For():
                    needed = self.loop(statement, body, needed, bound, depth)
                case _:
                    needed = self.statement(statement, body, needed, depth)
                    if statement in self.kept:
                        bound.update(writes(statement))
        return needed

    def statement(
        self, statement: Statement, body: Block, needed: set[str], depth: int
    ) -> set[str]:
        self.note(self.needs.read_before(statement), statement)
        self.note(self.needs.read_after(statement), statement)
        needed |= self.before(statement)
        if statement in self.kept and (base := into(statement)) is not None:
            self.shown(statement, body, needed, depth)
            if base in self.memory:
                return self.overwritten(statement, base, body, needed, depth)
        if statement in self.kept:
            written = dict.fromkeys(self.written(statement))
            for target in written:
                if target in needed and statement not in self.reversals:
                    self.save(target, statement, body, False, depth)
            if not weak(statement):
                needed.difference_update(written)
                needed |= self.at_start & written.keys()
        return needed | self.after(statement) | self.place(statement)

    def place(self, statement: Statement) -> frozenset[str]:
        """What is read to put back the part of a list or array that a statement changes."""
        save = self.saves.get((statement, into(statement) or "", False))
        names = save.put_by if save is not None else frozenset[str]()
        self.note(names, statement)
        return names | {self.memory[n] for n in names if n in self.memory}

    def shown(self, statement: Statement, body: Block, needed: set[str], depth: int) -> None:
        """Saves what is needed of other names that may show what a statement writes into.

        The record of a call is copied where it is made, since the primal never looks at it; memory
        of which the text asks whether it is the same stays as it is.
        """
        mine = self.memory.get(str(into(statement)))
        asked = self.shadows.guards.get(statement, frozenset())
        for one in sorted(self.sharing.among(statement, needed)):
            memory = self.memory.get(one)
            if "%" in one:
                self.records.add(one)
            elif memory is None:
                self.save(one, statement, body, False, depth)
                needed.discard(one)
            elif memory != mine and memory in needed and one not in asked:
                self.save(one, statement, body, False, depth, memory)

    def before(self, statement: Statement) -> set[str]:
        return self.with_memory(statement, self.needs.read_before(statement))

    def after(self, statement: Statement) -> set[str]:
        return self.with_memory(statement, self.needs.read_after(statement))

    def with_memory(self, statement: Statement, names: frozenset[str]) -> set[str]:
        """The names, and the memory whose content is read through them."""
        content = self.needs.content(statement, names)
        return {*(names - self.views), *(self.memory[n] for n in content if n in self.memory)}

    def overwritten(
        self, statement: Statement, base: str, body: Block, needed: set[str], depth: int
    ) -> set[str]:
        """A write into memory that several names show: what they are bound to stays the same."""
        memory = self.memory[base]
        if memory in needed:
            self.save(base, statement, body, False, depth, memory)
            needed |= {base} - self.views
        for target in bindings(statement):
            if target in needed:
                self.save(target, statement, body, False, depth)
            needed.discard(target)
        return needed | self.after(statement) | self.place(statement)

    def written(self, statement: Statement) -> tuple[str, ...]:
        if isinstance(statement, Assign) and isinstance(statement.value, Call):
            return (statement.target, record_name(statement))
        return writes(statement)

    def branches(self, statement: If, needed: set[str], bound: set[str], depth: int) -> set[str]:
        needed = needed | self.before(statement)
        self.note(self.needs.read_before(statement), statement)
        ends = []
        bounds = []
        for block in (statement.body, statement.orelse):
            inner = set(bound)
            after = self.walk(block, set(needed), inner, depth)
            ends.append(self.leave(block, after, bound, depth))
            bounds.append(inner)
        bound |= bounds[0] & bounds[1]
        self.note(self.needs.read_after(statement), statement)
        return ends[0] | ends[1] | self.after(statement)

    def loop(
        self, loop: For, around: Block, needed: set[str], bound: set[str], depth: int
    ) -> set[str]:
        body, outside = loop.whole, self.outside(loop, needed)
        for name in sorted(outside):
            self.save(name, loop, around, False, depth)
        needed = needed - outside
        while True:
            inner = bound | {loop.index}
            after = self.leave(
                body, self.walk(body, set(needed), inner, depth + 1), bound, depth + 1
            )
            after.discard(loop.index)
            if after <= needed:
                break
            needed = needed | after
        self.note(self.needs.read_after(loop), loop)
        return needed | self.after(loop)

    def outside(self, loop: For, needed: set[str]) -> set[str]:
        """Needed names that may show what a loop writes into, and that its reversal does not read:
        one save in front of the loop is enough for them.
        """
        writing, read = [], assigned(loop.whole)
        for statement in every((loop,)):
            if statement in self.kept and into(statement) is not None:
                writing.append(statement)
            read |= self.needs.read_before(statement) | self.needs.read_after(statement)
        asked = {n for n in needed - read if "%" not in n and n not in self.memory}
        return {n for n in asked if any(self.sharing.shows(s, n) for s in writing)}

    def leave(self, block: Block, needed: set[str], bound: set[str], depth: int) -> set[str]:
        """At the end of a block: save what is needed of the names that are only bound in it."""
        makers = self.makers(block)
        scoped = [n for n in makers if n in needed and n not in bound]
        if depth == 0:
            scoped = [n for n in scoped if n in self.later]
        for name in scoped:
            if (maker := makers[name]) is not None:
                self.save(name, maker, block, True, depth)
        needed.difference_update(scoped)
        return needed

    def makers(self, block: Block) -> Mapping[str, Statement | None]:
        """The names that a block binds, and the last of its kept statements that does."""
        if id(block) not in self.scopes:
            found: dict[str, Statement | None] = dict.fromkeys(_bindings(block, self))
            for statement in block:
                if statement in self.kept:
                    found.update(dict.fromkeys(_bindings((statement,), self), statement))
            self.scopes[id(block)] = found
        return self.scopes[id(block)]

    def save(
        self,
        name: str,
        at: Statement,
        block: Block,
        at_end: bool,
        depth: int,
        memory: str | None = None,
    ) -> None:
        region = isinstance(at, Store) and not at_end and name == at.base
        undo = isinstance(at, (Append, Pop)) and not at_end and name == at.base
        shared = [n for n, m in self.memory.items() if m == memory]
        lines = tuple(sorted({r for n in (name, *shared) for r in self.readers.get(n, ())}))
        made = Save(name, at, block, at_end, depth, region, undo, memory, lines)
        self.saves[at, name, at_end] = made

    def note(self, names: frozenset[str], statement: Statement) -> None:
        for name in names:
            self.readers.setdefault(name, set()).add(statement.origin.line)


def _bindings(block: Block, run: _Run) -> list[str]:
    names = sorted(assigned(block))
    records = [
        record_name(s)
        for s in block
        if isinstance(s, Assign) and isinstance(s.value, Call) and s in run.emitted
    ]
    for statement in block:
        if isinstance(statement, (If, For)):
            inner = (
                statement.whole if isinstance(statement, For) else statement.body + statement.orelse
            )
            records += [n for n in _bindings(inner, run) if "%" in n]
    return names + records


def recording(
    program: Program,
    needs: Needs,
    live: Liveness,
    emitted: frozenset[Statement],
    at_start: frozenset[str],
    sharing: Sharing,
    shadows: Shadows,
    reversals: Collection[Statement] = (),
    views: frozenset[str] = frozenset(),
) -> Recording:
    """The values to save; `at_start` are first values of parameters, which the closing return
    reads.  What the `reversals` overwrite comes back without being saved; the `views` are taken
    again where memory is put back through them.
    """
    parameters = set(program.parameters)
    run = _Run(needs, live.kept, emitted, at_start - parameters, sharing, shadows, reversals, views)
    run.later = _assigned_twice(program.body)
    run.walk(program.body, set(at_start & parameters), set(parameters), 0)
    run.saves.clear()  # a second walk, so that each save knows all its readers
    run.walk(program.body, set(at_start & parameters), set(parameters), 0)
    return Recording(tuple(run.saves.values()), frozenset(run.records))


def _assigned_twice(body: Block) -> set[str]:
    """Names bound at more than one place: a second binding may destroy the value of the first."""
    counts: dict[str, int] = {}

    def count(block: Block) -> None:
        for statement in block:
            for name in (
                *writes(statement),
                *((statement.index,) if isinstance(statement, For) else ()),
            ):
                counts[name] = counts.get(name, 0) + 1
            if isinstance(statement, If):
                count(statement.body)
                count(statement.orelse)
            elif isinstance(statement, For):
                count(statement.whole)

    count(body)
    return {n for n, c in counts.items() if c > 1}
