"""Views that are written to: which names show the same memory for sure, and by which views.

A store through one name is seen through every other name of the same memory.  Where it is certain
that a name *is* a view of another one (`row = A[i]`, `B = A.T`, `y = x`), its adjoint is the same
view of the other's adjoint, the *shadow* of that memory: `row_bar = A_bar[i]`.  Everywhere else
the text asks, in front of the store, whether the names share memory (`guards`).

Each binding of a name is a *version* of it.  A view is valid at a statement if the name, the name
that it is a view of, and the names in its index all have the versions that they had when the view
was taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import gast

from tangent.analyses.activity import Activity, into, writes
from tangent.analyses.exposure import OUTSIDE, lengthens, named
from tangent.analyses.shapes import Shapes
from tangent.analyses.sharing import Sharing
from tangent.analyses.terms import reads
from tangent.syntax.program import (
    Append,
    Apply,
    Assign,
    Augment,
    Call,
    Copy,
    For,
    If,
    Item,
    Pop,
    Program,
    Statement,
    Store,
    every,
)
from tangent.syntax.trees import is_literal, names_in

Version = Any  # what bound a name: a statement, a join, or the call of the function
NOTHING: frozenset[str] = frozenset()
END: Any = "end"  # where the result is read


@dataclass(frozen=True)
class Shadows:
    """The views whose adjoints are views, and the stores that they show.

    `makers[s, v]` is the statement that took the view `v`, as `s` finds it; `shown[s]` are the
    names that show what `s` writes; `guards[s]` those of which the text asks when it runs.
    """

    taken: frozenset[Assign] = frozenset()
    makers: Mapping[tuple[Statement, str], Assign] = field(default_factory=dict)
    shown: Mapping[Statement, frozenset[str]] = field(default_factory=dict)
    guards: Mapping[Statement, frozenset[str]] = field(default_factory=dict)
    memory: Mapping[str, str] = field(default_factory=dict)  # name -> what its memory is called
    surely: frozenset[Assign] = frozenset()  # views that are no copies, whatever runs
    exposed: Mapping[Statement, frozenset[str]] = field(default_factory=dict)  # all who see a store
    loops: Mapping[Statement, frozenset[str]] = field(default_factory=dict)  # guards, of what runs

    @cached_property
    def guarded(self) -> frozenset[Statement]:
        """The stores that ask when they run, or that are refused."""
        refused = {s for s, seen in self.exposed.items() if OUTSIDE in seen}
        return frozenset(refused | self.guards.keys())

    def chain(self, statement: Statement, name: str) -> Iterator[tuple[str, Assign]]:
        """The views from `name` down to the name that owns the memory, without that one."""
        while (maker := self.makers.get((statement, name))) is not None:
            yield name, maker
            name = base_of(maker)

    def bases(self, statement: Statement, name: str) -> tuple[str, ...]:
        """What `name` is a view of: the nearest first, the owner of the memory last."""
        return tuple(base_of(maker) for _, maker in self.chain(statement, name))

    def indices(self, statement: Statement, name: str) -> frozenset[str]:
        """The names in the indices of the views that lead to `name`."""
        return frozenset(
            n
            for _, maker in self.chain(statement, name)
            for n in maker.value.reads - {base_of(maker)}
        )

    def certain(self, statement: Statement) -> bool:
        return statement in self.surely

    def surely_array(self, name: str) -> bool:
        """Is a name a slice, or what one is taken of?"""
        return any(name in (m.target, base_of(m)) for m in self.surely)

    def asked(self, activity: Activity) -> Shadows:
        """With guards for what carries a derivative alone, and for what a loop runs over."""
        moving = {n for operands in activity.operands.values() for n in operands}
        moving |= {t for s in activity.operands for t in writes(s)}
        guards = {
            s: found
            for s, names in self.guards.items()
            if (found := names if s in activity.varied else names & moving)
        }
        return replace(self, guards=_both(guards, self.loops))

    def seen(self, statement: Statement) -> frozenset[str]:
        return self.shown.get(statement, NOTHING)


def base_of(maker: Assign) -> str:
    """What a view is a view of."""
    base = view_base(maker)
    assert base is not None
    return base


def view_base(statement: Statement) -> str | None:
    """The name of which an assignment takes a view, if it may be one."""
    if not isinstance(statement, Assign):
        return None
    match statement.value:
        case Copy(source=source):
            return source
        case Item(base=base):
            return base
        case Apply(rule=rule, arguments=arguments) if rule.view:
            first = next(iter(arguments.values()))
            others = [n for a in list(arguments.values())[1:] for n in names_in(a)]
            name = getattr(first, "id", None)
            return name if name is not None and name not in others else None
    return None


def reshaped_base(statement: Statement) -> str | None:
    """What a function takes a view of, or copies it where it cannot."""
    function = isinstance(statement, Assign) and isinstance(statement.value, Apply)
    return view_base(statement) if function else None


# ---------------------------------------------------------------- finding them


def shadows(
    program: Program,
    sharing: Sharing,
    exposed: Mapping[Statement, frozenset[str]],
    shapes: Shapes,
    arguments: Mapping[Statement, frozenset[str]],
    loops: Mapping[Statement, frozenset[str]],
    views: bool = True,
) -> Shadows:
    """The views of a program that its stores make necessary (`exposed`: who sees each store).

    Of `arguments` and of what `loops` run over the text asks in any case; without `views` (in
    forward mode, where tangents share memory as their primals do) of what came out of calls.
    """
    stores = {s: seen for s, seen in named(exposed).items() if s not in shapes.scalars}
    asked = _both(arguments, loops)
    if not stores or not views:
        returned = {s: _returned(s, seen, sharing) for s, seen in stores.items()}
        guards = _both({s: seen for s, seen in returned.items() if seen}, asked)
        return Shadows(guards=guards, exposed=exposed, loops=loops)
    run = _Versions(sharing, stores, _indices(program))
    run.now = dict.fromkeys(program.parameters, "call")
    run.walk(program.body)
    run.note(END, {program.result})
    marked = _marked(run, _Certain(program, shapes))
    return replace(marked, guards=_both(marked.guards, asked), exposed=exposed, loops=loops)


def _indices(program: Program) -> frozenset[str]:
    """The names that stand in the indices of what may be views."""
    found: set[str] = set()
    for statement in every(program.body):
        if isinstance(statement, Assign) and (base := view_base(statement)) is not None:
            found |= statement.value.reads - {base}
    return frozenset(found)


def _returned(statement: Statement, seen: frozenset[str], sharing: Sharing) -> frozenset[str]:
    """Those of the names in `seen` of which a call may have made the base of a store a view, or the
    other way round.
    """
    calls = {n for n, sites in sharing.ever.items() if any(map(_sharing_call, sites))}
    return seen if into(statement) in calls else seen & calls


def _sharing_call(site: Any) -> bool:
    value = site.value if isinstance(site, Assign) else None
    return isinstance(value, Call) and bool(
        value.callee.shared_parameters or value.callee.shares_outside
    )


def _both(
    first: Mapping[Statement, frozenset[str]], second: Mapping[Statement, frozenset[str]]
) -> dict[Statement, frozenset[str]]:
    return {s: first.get(s, NOTHING) | second.get(s, NOTHING) for s in {**first, **second}}


@dataclass(frozen=True)
class _Chain:
    """The views from a name down to the owner of its memory, and which version that has."""

    views: tuple[tuple[str, Assign], ...]
    owner: tuple[str, Version]
    valid: bool = True


@dataclass
class _Versions:
    """A walk through the program that knows what bound each name, and what wrote into it."""

    sharing: Sharing
    stores: Mapping[Statement, frozenset[str]]
    indices: frozenset[str]  # the names in indices of views
    now: dict[str, Version] = field(default_factory=dict)
    content: dict[str, Version] = field(default_factory=dict)
    taken: dict[Statement, tuple[Version, dict[str, Version]]] = field(default_factory=dict)
    joined: dict[Version, tuple[Version, ...]] = field(default_factory=dict)
    chains: dict[tuple[Statement, str], _Chain] = field(default_factory=dict)
    bound: dict[tuple[Statement, str], Version] = field(default_factory=dict)
    makers: dict[Statement, str] = field(default_factory=dict)

    def walk(self, body: tuple[Statement, ...]) -> None:
        for statement in body:
            match statement:
                case If():
                    self.note(statement, statement.test.reads | self.viewed())
                    self.branches(statement)
                case For():
                    self.loop(statement)
                case _:
                    self.simple(statement)

    def viewed(self) -> set[str]:
        return {n for n, version in self.now.items() if version in self.makers}

    def simple(self, statement: Statement) -> None:
        self.note(statement, reads(statement) | self.stores.get(statement, NOTHING))
        for name in self.written(statement):
            self.content[name] = statement
        base = view_base(statement)
        if base is not None and base in self.now:
            assert isinstance(statement, Assign)
            index = statement.value.reads - {base}
            self.taken[statement] = self.now[base], {n: self.content.get(n) for n in index}
            self.makers[statement] = statement.target
        for name in bindings(statement):
            self.bind(name, statement)

    def written(self, statement: Statement) -> set[str]:
        """The names in indices of views whose content a statement may change."""
        base = into(statement)
        if base is None:
            return set()
        return {base, *self.sharing.among(statement, self.indices)}

    def bind(self, name: str, version: Version) -> None:
        self.now[name] = self.content[name] = version

    def branches(self, statement: If) -> None:
        now, content = dict(self.now), dict(self.content)
        self.walk(statement.body)
        first = self.now, self.content
        self.now, self.content = now, content
        self.walk(statement.orelse)
        for table, other in ((self.now, first[0]), (self.content, first[1])):
            for name in {*table, *other}:
                both = table.get(name), other.get(name)
                if both[0] != both[1] and table is self.now:
                    table[name] = self.join(statement, name, *both)
                elif both[0] != both[1]:
                    table[name] = ("either", statement, name)

    def loop(self, loop: For) -> None:
        before = dict(self.now)
        inside = list(every(loop.whole))
        fresh = {n for s in inside for n in bindings(s)} | {loop.index}
        for name in sorted(fresh):
            self.bind(name, ("loop", loop, name))
        for statement in inside:
            for one in self.written(statement):
                self.content[one] = ("loop", loop, one)
        head = dict(self.now), dict(self.content)
        self.note(loop, reads(loop) | self.viewed())
        self.walk(loop.whole)
        for name in sorted(fresh - {loop.index}):
            self.join(loop, name, before.get(name), self.now.get(name), version=head[0][name])
        self.now, self.content = head

    def join(self, at: Statement, name: str, *parts: Version, version: Version = None) -> Version:
        version = ("join", at, name) if version is None else version
        self.joined[version] = parts
        return version

    def note(self, statement: Any, names: frozenset[str] | set[str]) -> None:
        """What the names are views of, as `statement` finds them."""
        for name in names:
            if name in self.now:
                self.bound[statement, name] = self.now[name]
                self.chains[statement, name] = self.chain(name)

    def chain(self, name: str) -> _Chain:
        views: list[tuple[str, Assign]] = []
        while (maker := self.now.get(name)) in self.makers:
            version, index = self.taken[maker]
            views.append((name, maker))
            base = base_of(maker)
            same = all(self.content.get(n) == v for n, v in index.items())
            if self.now.get(base) != version or not same:
                return _Chain(tuple(views), (base, version), False)
            name = base
        return _Chain(tuple(views), (name, maker))

    def inputs(self, version: Version) -> set[Version]:
        """The bindings that a version may come from."""
        found, todo = {version}, [version]
        while todo:
            for part in self.joined.get(todo.pop(), ()):
                if part not in found:
                    found.add(part)
                    todo.append(part)
        return found


def bindings(statement: Statement) -> tuple[str, ...]:
    """The names that a statement gives a new value, instead of changing the one they have."""
    match statement:
        case Augment() | Store() | Append():
            return ()
        case Pop(target=target) | For(index=target):
            return (target,)
    return writes(statement)


def _marked(run: _Versions, certain: _Certain) -> Shadows:
    """The views to shadow: those that a store and somebody who sees it have in common."""
    excluded: set[Assign] = set()
    while True:
        taken, shown, guards = _pairs(run, excluded)
        bad = _misused(run, taken) or _perhaps_numbers(taken, shown)
        bad = bad or _lists(taken, shown, run.sharing, certain.shapes)
        if not bad:
            break
        excluded |= bad
    makers = {(s, n): m for (s, _), chain in run.chains.items() for n, m in _cut(chain, taken)}
    surely = frozenset(m for m in taken if certain(m))
    return Shadows(frozenset(taken), makers, shown, guards, _memories(taken), surely)


class _Certain:
    """Is a statement surely a view: a slice of an array?"""

    def __init__(self, program: Program, shapes: Shapes) -> None:
        self.shapes = shapes
        self.counters = {s.index for s in every(program.body) if isinstance(s, For)}

    def __call__(self, maker: Assign) -> bool:
        value = maker.value
        if not isinstance(value, Item) or not self.shapes.is_numeric(maker, value.base):
            return False
        parts = value.index.elts if isinstance(value.index, gast.Tuple) else [value.index]
        sliced = any(isinstance(p, gast.Slice) for p in parts)
        return sliced and all(isinstance(p, gast.Slice) or self.plain(p) for p in parts)

    def plain(self, part: Any) -> bool:
        """Surely no array: a literal, arithmetic on counters of loops."""
        if isinstance(part, gast.BinOp):
            return self.plain(part.left) and self.plain(part.right)
        return is_literal(part) or (isinstance(part, gast.Name) and part.id in self.counters)


def _pairs(
    run: _Versions, excluded: set[Assign]
) -> tuple[set[Assign], dict[Statement, frozenset[str]], dict[Statement, frozenset[str]]]:
    taken: set[Assign] = set()
    shown, guards = {}, {}
    for statement, seen in run.stores.items():
        mine = _owned(run.chains.get((statement, into(statement) or "")), excluded)
        known = set()
        for name in seen:
            other = _owned(run.chains.get((statement, name)), excluded)
            if mine is not None and other is not None and mine.owner == other.owner:
                known.add(name)
                taken |= {m for _, m in (*mine.views, *other.views)}
        if known:
            shown[statement] = frozenset(known)
        if seen - known:
            guards[statement] = frozenset(seen - known)
    return taken, shown, guards


def _owned(chain: _Chain | None, excluded: set[Assign]) -> _Chain | None:
    """A chain down to the first view that is not to be shadowed."""
    if chain is None:
        return None
    for position, (name, maker) in enumerate(chain.views):
        if maker in excluded:
            return _Chain(chain.views[:position], (name, maker))
    return chain if chain.valid else None


def _cut(chain: _Chain, taken: set[Assign]) -> Iterator[tuple[str, Assign]]:
    for name, maker in chain.views:
        if maker not in taken:
            return
        yield name, maker


def _misused(run: _Versions, taken: set[Assign]) -> set[Assign]:
    """Views that are used where they are not valid any more, or may be something else."""
    bad: set[Assign] = set()
    for (statement, name), version in run.bound.items():
        chain = run.chains[statement, name]
        if version in taken and not chain.valid:
            bad |= {m for _, m in chain.views if m in taken}
        elif version in run.joined:
            bad |= run.inputs(version) & taken
    return bad


def _perhaps_numbers(taken: set[Assign], shown: Mapping[Statement, frozenset[str]]) -> set[Assign]:
    """Second names that are only updated as a whole: the text asks whether they are numbers."""
    memory = _memories(taken)
    arrays = {memory[m.target] for m in taken if not isinstance(m.value, Copy)}
    arrays |= {memory[into(s) or ""] for s in shown if not isinstance(s, Augment)}
    return {m for m in taken if memory[m.target] not in arrays}


def _lists(
    taken: set[Assign],
    shown: Mapping[Statement, frozenset[str]],
    sharing: Sharing,
    shapes: Shapes,
) -> set[Assign]:
    """Second names of lists and dicts that grow, or get other containers: the text asks."""
    memory = _memories(taken)
    longer = {memory[into(s) or ""] for s in shown if isinstance(s, Augment) and lengthens(s)}
    for statement in (s for s in shown if isinstance(s, Store) and s.replaces):
        values = names_in(statement.value)
        if not all(shapes.is_numeric(statement, v) for v in values) and sharing.container(
            statement
        ):
            longer.add(memory[statement.base])
    return {m for m in taken if memory[m.target] in longer}


def _memories(taken: set[Assign]) -> dict[str, str]:
    """The name under which the memory of each name is known: that of one of its owners."""
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        while leader.get(name, name) != name:
            name = leader[name]
        return name

    for maker in taken:
        leader[find(maker.target)] = find(base_of(maker))
    names = {n for m in taken for n in (m.target, base_of(m))}
    return {n: f"{find(n)}%memory" for n in sorted(names)}
