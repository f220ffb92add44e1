"""Views that are written to: which names show the same memory for sure, and by which views.

A store through one name is seen through every other name of the same memory.  Where it is certain
that a name *is* a view of another one (`row = A[i]`, `B = A.T`, `y = x`), its adjoint is the same
view of the other's adjoint, the *shadow* of that memory: `row_bar = A_bar[i]`.  Everywhere else
the text asks, in front of the store, whether the names share memory (`guards`).

Where that is known of a container kept in another one, its adjoint is the entry of the adjoint in
the same way: `row_bar = D_bar[i]` (`analyses.nesting`).  When a view is valid says
`analyses.versions`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import gast
import numpy as np

from tangent.analyses.activity import Activity, into, writes
from tangent.analyses.exposure import OUTSIDE, lengthens, live_around, named
from tangent.analyses.nesting import nesting
from tangent.analyses.shapes import Shapes
from tangent.analyses.sharing import Sharing
from tangent.analyses.versions import Chain, Versions, base_of, view_base
from tangent.syntax.program import (
    Apply,
    Assign,
    Augment,
    Call,
    For,
    Item,
    Program,
    Statement,
    Store,
    blocks,
    every,
    targets,
)
from tangent.syntax.trees import is_literal, names_in

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
    always: Mapping[Statement, frozenset[str]] = field(default_factory=dict)  # guards that stay
    copies: frozenset[Statement] = frozenset()  # of which the text asks what they hold
    nested: frozenset[Assign] = frozenset()  # those of `taken` that surely are containers
    replaced: frozenset[Store] = frozenset()  # stores that may replace a container in another one
    deep: frozenset[str] = frozenset()  # containers in whose adjoints others are written into
    perhaps: frozenset[str] = frozenset()  # what may be a container whose entries are written into

    @cached_property
    def guarded(self) -> frozenset[Statement]:
        """The stores and copies that ask when they run, and the stores that are refused."""
        refused = {s for s, seen in self.exposed.items() if OUTSIDE in seen}
        return frozenset(refused | self.guards.keys() | self.copies)

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
        return statement in self.surely or statement in self.nested

    def enters(self, statement: Statement) -> bool:
        """Is it a store that replaces an entry of a container, whose entries others show?"""
        stored = isinstance(statement, Store) and statement.replaces
        return stored and statement.base in self.deep | self.perhaps  # type: ignore[attr-defined]

    def surely_array(self, name: str) -> bool:
        """Is a name a slice, or what one is taken of?"""
        return any(name in (m.target, base_of(m)) for m in self.surely)

    def asked(self, activity: Activity) -> Shadows:
        """With guards for what carries a derivative alone, and those that stay."""
        moving = {n for operands in activity.operands.values() for n in operands}
        moving |= {t for s in activity.operands for t in writes(s)}
        guards = {
            s: found
            for s, names in self.guards.items()
            if (found := names if s in activity.varied else names & moving)
        }
        return replace(self, guards=both(guards, self.always))

    def seen(self, statement: Statement) -> frozenset[str]:
        return self.shown.get(statement, NOTHING)


# they give a view or a copy, as the layout of what they are given will have it
_BY_LAYOUT = (
    *(np.reshape, np.ndarray.reshape, np.ravel, np.ndarray.ravel, np.asarray, np.asanyarray),
    *(np.ascontiguousarray, np.asfortranarray, np.asarray_chkfinite, np.require),
)


def reshaped(program: Program, sharing: Sharing) -> frozenset[str]:
    """The names of memory of which a function takes a view, or copies it where it cannot."""
    bases = {b for s in every(program.body) if (b := _reshaped_base(s)) is not None}
    sites = {site for base in bases for site in sharing.ever.get(base, ())}
    return frozenset(n for n, known in sharing.ever.items() if not known.isdisjoint(sites))


def _reshaped_base(statement: Statement) -> str | None:
    value = statement.value if isinstance(statement, Assign) else None
    if not isinstance(value, Apply) or value.rule.function not in _BY_LAYOUT:
        return None
    return getattr(next(iter(value.arguments.values())), "id", None)


# ---------------------------------------------------------------- finding them


def shadows(
    program: Program,
    sharing: Sharing,
    exposed: Mapping[Statement, frozenset[str]],
    shapes: Shapes,
    arguments: Mapping[Statement, frozenset[str]],
    always: Mapping[Statement, frozenset[str]],
    views: bool = True,
) -> Shadows:
    """The views of a program that its stores make necessary (`exposed`: who sees each store).

    Of `arguments` and of the names in `always` the text asks in any case; without `views` (in
    forward mode, where tangents share memory as their primals do) of what came out of calls.
    """
    stores = {s: seen for s, seen in named(exposed).items() if s not in shapes.scalars}
    asked = both(arguments, always)
    copies = frozenset(s for s in every(program.body) if sharing.doubtful(s))
    if not stores or not views:
        returned = {s: _returned(s, seen, sharing) for s, seen in stores.items()}
        guards = both({s: seen for s, seen in returned.items() if seen}, asked)
        return Shadows(guards=guards, exposed=exposed, always=always, copies=copies)
    nested = nesting(program, sharing)
    run = Versions(sharing, stores, _indices(program), nested, live_around(program))
    run.now = dict.fromkeys(program.parameters, "call")
    run.walk(program.body)
    run.note(END, {program.result})
    marked = _marked(run, _Certain(program, shapes))
    guards = both(marked.guards, asked)
    return replace(marked, guards=guards, exposed=exposed, always=always, copies=copies)


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
    calls = frozenset(n for n in seen if any(map(_sharing_call, sharing.at(statement, n))))
    return seen if any(map(_sharing_call, sharing.at(statement, into(statement) or ""))) else calls


def _sharing_call(site: Any) -> bool:
    value = site.value if isinstance(site, Assign) else None
    return isinstance(value, Call) and bool(
        value.callee.shared_parameters or value.callee.shares_outside
    )


def both(
    first: Mapping[Statement, frozenset[str]], second: Mapping[Statement, frozenset[str]]
) -> dict[Statement, frozenset[str]]:
    return {s: first.get(s, NOTHING) | second.get(s, NOTHING) for s in {**first, **second}}


def _marked(run: Versions, certain: _Certain) -> Shadows:
    """The views to shadow: those that a store and somebody who sees it have in common."""
    excluded: set[Assign] = set()
    while True:
        taken, shown, guards = _pairs(run, excluded)
        bad = _misused(run, taken)
        bad = bad or _lists(taken, shown, run, certain.shapes)
        bad = bad or _grown(taken, shown, run, certain)
        if not bad:
            break
        excluded |= bad
    makers = {(s, n): m for (s, _), chain in run.chains.items() for n, m in _cut(chain, taken)}
    surely = frozenset(m for m in taken if certain(m))
    nested = frozenset(m for m in taken if run.nested.certain(m))
    views = frozenset(taken), makers, shown, guards, _memories(taken), surely
    found = Shadows(*views, perhaps=_perhaps(taken, run, certain))
    if not nested:
        return found
    return replace(found, nested=nested, replaced=run.nested.replaced, deep=run.nested.outer)


def _perhaps(taken: set[Assign], run: Versions, certain: _Certain) -> frozenset[str]:
    """The names of the memory of what may be a list or dict of arrays, which are written into."""
    memory = _memories(taken)
    items = (m for m in taken if isinstance(m.value, Item) and not run.nested.certain(m))
    held = {memory[m.target] for m in items if not certain.array(m, base_of(m))}
    return frozenset(n for n, where in memory.items() if where in held)


class _Certain:
    """Is a statement surely a view: a slice of an array, or a part of one that has parts?"""

    def __init__(self, program: Program, shapes: Shapes) -> None:
        self.shapes = shapes
        self.counters = {s.index for s in every(program.body) if isinstance(s, For)}
        self.parted: set[Assign] = set()  # items that the same block takes a part of
        self.look(program.body)

    def look(self, body: tuple[Statement, ...]) -> None:
        makers: dict[str, Assign] = {}
        for statement in body:
            for block in blocks(statement):
                self.look(block)
            value = statement.value if isinstance(statement, Assign) else None
            base = value.base if isinstance(value, Item) else getattr(statement, "base", None)
            if base in makers:
                self.parted.add(makers[base])
            for target in {t for s in every((statement,)) for t in targets(s)}:
                makers.pop(target, None)
            if isinstance(statement, Assign) and isinstance(value, Item):
                makers[statement.target] = statement

    def __call__(self, maker: Assign) -> bool:
        value = maker.value
        if not isinstance(value, Item) or not self.shapes.is_numeric(maker, value.base):
            return False
        parts = value.index.elts if isinstance(value.index, gast.Tuple) else [value.index]
        array = maker in self.parted or any(isinstance(p, gast.Slice) for p in parts)
        return array and all(isinstance(p, gast.Slice) or self.plain(p) for p in parts)

    def array(self, maker: Assign, base: str) -> bool:
        """Is an item surely one of an array?"""
        index = maker.value.index  # type: ignore[attr-defined]
        return self.shapes.is_numeric(maker, base) or isinstance(index, gast.Tuple | gast.Slice)

    def plain(self, part: Any) -> bool:
        """Surely no array: a literal, arithmetic on counters of loops."""
        if isinstance(part, gast.BinOp):
            return self.plain(part.left) and self.plain(part.right)
        return is_literal(part) or (isinstance(part, gast.Name) and part.id in self.counters)


def _pairs(
    run: Versions, excluded: set[Assign]
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
    return taken | _inside(run, taken, excluded), shown, guards


def _inside(run: Versions, taken: set[Assign], excluded: set[Assign]) -> set[Assign]:
    """What else is surely taken out of the containers whose adjoints are written into: it is
    written where it stands, too.
    """
    found: set[Assign] = set()
    names = {n for m in taken if run.nested.certain(m) for n in (m.target, base_of(m))}
    more = set(taken)
    while more:
        items = run.nested.items - excluded - taken - found
        more = {m for m in items if base_of(m) in names}
        found |= more
        names |= {m.target for m in more}
    return found


def _owned(chain: Chain | None, excluded: set[Assign]) -> Chain | None:
    """A chain down to the first view that is not to be shadowed."""
    if chain is None:
        return None
    for position, (name, maker) in enumerate(chain.views):
        if maker in excluded:
            return Chain(chain.views[:position], (name, maker))
    return chain if chain.valid else None


def _cut(chain: Chain, taken: set[Assign]) -> Iterator[tuple[str, Assign]]:
    for name, maker in chain.views:
        if maker not in taken:
            return
        yield name, maker


def _misused(run: Versions, taken: set[Assign]) -> set[Assign]:
    """Views that are used where they are not valid any more, or may be something else."""
    bad: set[Assign] = set()
    for (statement, name), version in run.bound.items():
        chain = run.chains[statement, name]
        if version in taken and not chain.valid:
            bad |= {m for _, m in chain.views if m in taken}
        elif version in run.joined:
            bad |= run.inputs(version) & taken
    return bad


def _lists(
    taken: set[Assign],
    shown: Mapping[Statement, frozenset[str]],
    run: Versions,
    shapes: Shapes,
) -> set[Assign]:
    """Second names of lists and dicts that grow, or get other containers: the text asks."""
    memory, sharing = _memories(taken), run.sharing
    other: set[str] = set()
    longer = {memory[into(s) or ""] for s in shown if isinstance(s, Augment) and lengthens(s)}
    for statement in (s for s in shown if isinstance(s, Store) and s.replaces):
        values = names_in(statement.value)
        if not all(shapes.is_numeric(statement, v) for v in values) and sharing.container(
            statement
        ):
            if statement not in run.nested.replaced:
                other.add(memory[statement.base])
    return {m for m in taken if memory[m.target] in longer} | {
        m for m in taken if memory[m.target] in other and not run.nested.certain(m)
    }


def _grown(
    taken: set[Assign],
    shown: Mapping[Statement, frozenset[str]],
    run: Versions,
    certain: _Certain,
) -> set[Assign]:
    """The views of what may be a list that gets longer or shorter: the text asks."""
    memory, perhaps = _memories(taken), _perhaps(taken, run, certain)
    bases = {into(s) for s in shown if lengthens(s)}
    other = {memory[n] for n in bases if n in perhaps}
    return {m for m in taken if memory[m.target] in other and not run.nested.certain(m)}


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
