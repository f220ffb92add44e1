"""Which names may share memory: a flow-sensitive points-to analysis over allocation sites.

Each name points to a set of sites: the statement that made the value, or the parameter it came in
with.  A view, another name, an item of a container point to what they came from; a container also
holds what was put in. `Sharing.before[s]` is the state in front of a statement that changes
something in place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tangent.syntax.program import (
    Append,
    Apply,
    Assign,
    Augment,
    Call,
    Copy,
    Display,
    For,
    If,
    Item,
    Plain,
    Pop,
    Program,
    Statement,
    Store,
    Unpack,
    record_name,
)
from tangent.syntax.trees import names_in

Sites = frozenset[Any]


@dataclass(frozen=True)
class Sharing:
    """`before[s]`: what each name may point to in front of `s`, for the statements that write in
    place.
    """

    before: Mapping[Statement, Mapping[str, Sites]]
    own: frozenset[Any]  # sites made here: not parameters, not captured values
    result: Sites  # what the result may share memory with
    written: frozenset[
        str
    ]  # names that may, at some time, point to memory that is written in place
    reach: Mapping[Statement, Mapping[str, Sites]]  # like `before`, with all that is inside
    touched: frozenset[Any]  # sites that are written in place

    def others(self, statement: Statement, name: str) -> frozenset[str]:
        """Names, other than `name`, that may see what `statement` writes into `name`."""
        state = self.before[statement]
        mine = state.get(name, frozenset())
        return frozenset(
            n for n, sites in self.reach[statement].items() if n != name and sites & mine
        )

    def outside(self, statement: Statement, name: str) -> bool:
        """May `name` point to a captured value, which lives longer than the call?"""
        sites = self.before[statement].get(name, frozenset())
        return any(isinstance(s, tuple) and s[0] == "outside" for s in sites)

    def owned(self, statement: Statement, name: str) -> bool:
        """Was all that `name` may point to made in this function?"""
        return self.before[statement].get(name, frozenset()) <= self.own


@dataclass
class _Heap:
    points: dict[str, Sites]
    holds: dict[Any, Sites] = field(default_factory=dict)  # site -> sites of what is inside
    before: dict[Statement, Mapping[str, Sites]] = field(default_factory=dict)
    ever: dict[str, Sites] = field(default_factory=dict)
    written: set[Any] = field(default_factory=set)
    reached: dict[Statement, Mapping[str, Sites]] = field(default_factory=dict)
    made: set[Statement] = field(default_factory=set)

    def allocate(self, statement: Statement) -> None:
        """What `statement` made before (in an earlier iteration) is another object than what it
        makes now.
        """
        if statement in self.made:
            old: Sites = frozenset({("earlier", statement)})
            new: Sites = frozenset({statement})
            for table in (self.points, self.holds):
                for key, sites in table.items():
                    if statement in sites:
                        table[key] = sites - new | old
            if statement in self.holds:
                self.holds[("earlier", statement)] = self.holds.get(
                    ("earlier", statement), frozenset()
                ) | self.holds.pop(statement)
            if statement in self.written:
                self.written.add(("earlier", statement))
        self.made.add(statement)

    def bind(self, name: str, sites: Sites) -> None:
        self.points[name] = sites
        self.ever[name] = self.ever.get(name, frozenset()) | sites

    def write(self, statement: Statement, name: str) -> None:
        """`statement` changes in place what `name` points to."""
        self.before[statement] = dict(self.points)
        self.reached[statement] = {n: self.reach(sites) for n, sites in self.points.items()}
        self.written |= self.points.get(name, frozenset())

    def reach(self, sites: Sites) -> Sites:
        """The sites and all that is inside them."""
        found, todo = set(sites), list(sites)
        while todo:
            for inner in self.holds.get(todo.pop(), ()):
                if inner not in found:
                    found.add(inner)
                    todo.append(inner)
        return frozenset(found)

    def inside(self, sites: Sites) -> Sites:
        """What an item may be: what a list or dict holds; of an array, or an unknown value, the
        value itself too.
        """
        found: Sites = frozenset()
        for site in sites:
            maker = site[1] if isinstance(site, tuple) and site[0] == "earlier" else site
            known = isinstance(maker, Assign) and isinstance(maker.value, Display)
            found |= self.holds.get(site, frozenset()) | (
                frozenset() if known else frozenset({site})
            )
        return found

    def popped(self, sites: Sites) -> Sites:
        """What comes out of a list: what it holds, and what it held before anybody here looked."""
        found: Sites = frozenset()
        for site in sites:
            made_here = not (isinstance(site, tuple) and site[0] in ("parameter", "outside"))
            found |= self.holds.get(site, frozenset()) | {("inside", site) if made_here else site}
        return found

    def of(self, names: frozenset[str] | set[str]) -> Sites:
        return frozenset().union(*(self.points.get(n, frozenset()) for n in names))


def sharing(program: Program) -> Sharing:
    """May-share facts of a program."""
    outside = {p: frozenset({("parameter", p)}) for p in program.parameters}
    heap = _Heap(dict(outside), ever=dict(outside))
    _walk(program.body, heap)
    own = frozenset(
        site
        for state in (*heap.before.values(), heap.points)
        for sites in state.values()
        for site in sites
        if not (isinstance(site, tuple) and site[0] in ("parameter", "outside"))
    )
    result = heap.reach(heap.points.get(program.result, frozenset()))
    written = frozenset(n for n, sites in heap.ever.items() if heap.reach(sites) & heap.written)
    return Sharing(heap.before, own, result, written, heap.reached, frozenset(heap.written))


def _walk(body: tuple[Statement, ...], heap: _Heap) -> None:
    for statement in body:
        match statement:
            case If():
                start = dict(heap.points)
                _walk(statement.body, heap)
                first, heap.points = heap.points, start
                _walk(statement.orelse, heap)
                _join(heap.points, first)
            case For():
                while True:
                    start = dict(heap.points)
                    _walk(statement.whole, heap)
                    _join(heap.points, start)
                    if heap.points == start:
                        break
            case _:
                _statement(statement, heap)


def _join(into: dict[str, Sites], other: Mapping[str, Sites]) -> None:
    for name, sites in other.items():
        into[name] = into.get(name, frozenset()) | sites


def _statement(statement: Statement, heap: _Heap) -> None:
    match statement:
        case Assign(target=target, value=value):
            if not isinstance(value, (Copy, Item)):
                heap.allocate(statement)
            heap.bind(target, _value(statement, value, heap))
            if isinstance(value, Call):  # the record may keep what goes in and what comes out
                kept = heap.reach(heap.of(value.reads)) | {statement}
                heap.bind(record_name(statement), kept)
        case Unpack(targets=targets, source=source):
            sites = heap.inside(heap.of({source}))
            for target in targets:
                heap.bind(target, sites)
        case Augment(target=target):
            heap.write(statement, target)
            heap.bind(target, heap.points.get(target, frozenset()) | {statement})
        case Store(base=base, value=value) | Append(base=base, value=value):
            heap.write(statement, base)
            adds = isinstance(statement, Store) and statement.operator is not None
            inside = frozenset() if adds else heap.of(names_in(value))  # `+=` copies numbers
            for site in heap.points.get(base, frozenset()):
                heap.holds[site] = heap.holds.get(site, frozenset()) | inside
        case Pop(target=target, base=base):
            heap.write(statement, base)
            heap.bind(target, heap.popped(heap.of({base})))


def _contents(heap: _Heap, reads: frozenset[str]) -> Sites:
    """A copy of a list holds what the list holds; of an array, nothing."""
    return frozenset().union(*(heap.holds.get(s, frozenset()) for s in heap.of(reads)))


def _value(statement: Assign, value: Any, heap: _Heap) -> Sites:
    fresh: Sites = frozenset({statement})
    match value:
        case Copy(source=source):
            return heap.of({source})
        case Item(base=base):
            return heap.inside(heap.of({base}))
        case Display(elements=elements):
            heap.holds[statement] = heap.holds.get(statement, frozenset()) | heap.of(
                {n for e in elements for n in names_in(e)}
            )
            return fresh
        case Apply(rule=rule, arguments=arguments):
            first = (
                frozenset(names_in(next(iter(arguments.values())))) if arguments else frozenset()
            )
            if not (rule.numeric or rule.deep):
                heap.holds[statement] = heap.holds.get(statement, frozenset()) | _contents(
                    heap, first
                )
            return fresh if rule.fresh else heap.reach(heap.of(first)) | fresh
        case Call(callee=callee, arguments=arguments):
            shared = callee.shared_parameters
            reads = {n for p, a in arguments.items() if p in shared for n in names_in(a)}
            outside: Sites = (
                frozenset({("outside", callee.name)}) if callee.shares_outside else frozenset()
            )
            return fresh | heap.reach(heap.of(reads)) | outside
        case Plain(reads=reads, fresh=is_fresh):
            if is_fresh:
                return fresh
            return heap.reach(heap.of(reads)) | {("outside", "captured")}
    return fresh
