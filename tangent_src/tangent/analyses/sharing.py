"""Which names may share memory: a flow-sensitive points-to analysis over allocation sites.

Each name points to a set of sites: the statement that made the value, or the parameter it came in
with.  A view, another name, an item of a container point to what they came from; a container also
holds what was put in.  Facts are kept for the places where something is changed in place.

What is taken out of a container of more than `MANY` sites points to one site for them all, a pair
`("many", container)` that holds the container: sets stay small however long the program is.
"""

from __future__ import annotations

import operator
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import gast

from tangent.analyses.activity import into
from tangent.analyses.shapes import Shapes
from tangent.runtime import in_place, keyed
from tangent.syntax.program import (
    RESTORE,
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
from tangent.syntax.trees import names_in, walk

Sites = frozenset[Any]
NOTHING: Sites = frozenset()
UNKNOWN = "unknown"  # stands for all that lives longer than the call
MANY = 16


@dataclass(frozen=True)
class Sharing:
    """What memory each name may show, in front of each statement that writes in place."""

    sites: Mapping[Statement, Sites]  # what each statement that writes in place writes into
    showing: Mapping[Statement, tuple[Sites, int]]  # what shows that, and when it was asked
    pointed: Mapping[str, _History]  # what each name points to, from when on
    result: Sites  # what the result may share memory with
    written: frozenset[
        str
    ]  # names that may, at some time, point to memory that is written in place
    touched: frozenset[Any]  # sites that are written in place
    ever: Mapping[str, set[Any]]  # what each name may point to, at some time
    holders: Mapping[Any, set[Any]]  # the containers in which each site may be

    def others(self, statement: Statement) -> frozenset[str]:
        """The names, other than the one that `statement` writes into, that may see what it
        writes.
        """
        return self.among(statement, self.ever.keys())

    def among(self, statement: Statement, names: AbstractSet[str]) -> frozenset[str]:
        """Those of the names that may see what `statement` writes, the one that it writes into
        left out.
        """
        found: set[str] = set()
        for site in self.showing[statement][0]:
            found |= names & self._names.get(site, NOTHING)
        found.discard(into(statement) or "")
        return frozenset(n for n in found if self.shows(statement, n))

    def shows(self, statement: Statement, name: str) -> bool:
        """May a name show what `statement` writes, in front of it?"""
        showing, time = self.showing[statement]
        return name in self.pointed and not self.pointed[name].at(time).isdisjoint(showing)

    @cached_property
    def _names(self) -> Mapping[Any, set[str]]:
        found: dict[Any, set[str]] = {}
        for name, sites in self.ever.items():
            for site in sites:
                found.setdefault(site, set()).add(name)
        return found

    def names_of(self, sites: Sites) -> frozenset[str]:
        """The names that may, at some time, show these sites, or containers in which they are."""
        showing = reach(sites, self.holders)
        return frozenset(n for n, known in self.ever.items() if not known.isdisjoint(showing))

    def into(self, statement: Statement) -> frozenset[str]:
        """The parameters into whose memory `statement` may write."""
        return frozenset(s[1] for s in self.sites[statement] if _kind(s) == "parameter")

    def outside(self, statement: Statement) -> bool:
        """May `statement` write into what lives longer than the call?"""
        return any(_kind(s) == "outside" for s in self.sites[statement])

    def captured(self, statement: Statement) -> frozenset[str]:
        """The captured values into whose memory `statement` may write; none if others may be
        among what lives longer than the call.
        """
        found = [s[1] for s in self.sites[statement] if _kind(s) == "outside"]
        return frozenset(found if UNKNOWN not in found else ())

    def sequence(self, statement: Statement) -> bool:
        """Does `statement` surely write into a list that was made in this function?"""
        found = self.sites[statement]
        return bool(found) and all(map(_is_sequence, found))

    def container(self, statement: Statement) -> bool:
        """Does `statement` surely write into a list or dict that was made in this function?"""
        makers = [s[1] if _kind(s) == "earlier" else s for s in self.sites[statement]]
        shown = (isinstance(m, Assign) and isinstance(m.value, Display) for m in makers)
        return bool(makers) and all(
            d or _is_container(m) for d, m in zip(shown, makers, strict=True)
        )


JOINS = (operator.concat, dict.__or__)  # new objects that hold what both operands hold


def _kind(site: Any) -> str:
    """A site is the statement that made the value, or a pair of a word and what it is of."""
    return str(site[0]) if isinstance(site, tuple) else "made"


@dataclass
class _History:
    """What a name points to, from one binding of it to the next."""

    times: list[int] = field(default_factory=list)
    sites: list[Sites] = field(default_factory=list)

    def at(self, time: int) -> Sites:
        position = bisect_right(self.times, time)
        return self.sites[position - 1] if position else NOTHING


@dataclass
class _Heap:
    """The state in front of a statement.

    Each table has its inverse beside it, and blocks note what they change: a statement costs what
    it changes, however long the program is.
    """

    points: dict[str, Sites] = field(default_factory=dict)
    names: dict[Any, set[str]] = field(default_factory=dict)  # site -> names that point to it
    holds: dict[Any, set[Any]] = field(default_factory=dict)  # site -> sites of what is inside
    holders: dict[Any, set[Any]] = field(default_factory=dict)  # site -> sites that hold it
    held: int = 0  # how many pairs there are in `holds`
    ever: dict[str, set[Any]] = field(default_factory=dict)
    made: set[Statement] = field(default_factory=set)
    written: set[Any] = field(default_factory=set)
    time: int = 0  # how often a name was pointed to something
    pointed: dict[str, _History] = field(default_factory=dict)
    showing: dict[Statement, tuple[Sites, int]] = field(default_factory=dict)
    sites: dict[Statement, Sites] = field(default_factory=dict)
    changes: list[dict[str, Sites]] = field(default_factory=list)  # of each block around
    kept: frozenset[Statement] | None = None
    arrays: frozenset[Statement] = frozenset()  # that make arrays or numbers: these copy

    def of(self, names: Iterable[str]) -> Sites:
        return frozenset().union(*(self.points.get(n, NOTHING) for n in names))

    def contents(self, sites: Sites) -> Sites:
        return frozenset().union(*(self.within(s) for s in sites))

    def within(self, site: Any) -> Sites:
        """What a site holds, or the one site that stands for all that is inside it."""
        inside = self.holds.get(site, NOTHING)
        if _kind(site) == "many":
            return frozenset({site})
        if len(inside) <= MANY:
            return frozenset(inside)
        all_of_it = ("many", site)
        self.put(all_of_it, {site})
        return frozenset({all_of_it})

    def each(self, sites: Sites) -> Sites:
        """The sites, and those for which some of them stand."""
        many = [s for s in sites if _kind(s) == "many"]
        inside = (self.holds.get(one, NOTHING) for m in many for one in self.holds[m])
        return sites | reach(frozenset().union(*inside), self.holds)

    def bind(self, name: str, sites: Sites) -> None:
        self.point(name, sites)
        self.ever.setdefault(name, set()).update(sites)

    def point(self, name: str, sites: Sites) -> None:
        old = self.points.get(name, NOTHING)
        if self.changes:
            self.changes[-1].setdefault(name, old)
        for site in old - sites:
            self.names[site].discard(name)
        for site in sites - old:
            self.names.setdefault(site, set()).add(name)
        self.points[name] = sites
        self.time += 1
        history = self.pointed.setdefault(name, _History())
        history.times.append(self.time)
        history.sites.append(sites)

    def put(self, container: Any, sites: Iterable[Any]) -> None:
        """`container` holds `sites`, too; an array copies what is put into it."""
        if (container[1] if _kind(container) == "earlier" else container) in self.arrays:
            return
        inside = self.holds.setdefault(container, set())
        self.held -= len(inside)
        for site in sites:
            inside.add(site)
            self.holders.setdefault(site, set()).add(container)
        self.held += len(inside)

    def take(self, container: Any, site: Any) -> None:
        self.holds[container].discard(site)
        self.holders[site].discard(container)
        self.held -= 1

    def allocate(self, statement: Statement) -> None:
        """What `statement` made before (in an earlier iteration) is another object than what it
        makes now.
        """
        if statement not in self.made:
            self.made.add(statement)
            return
        old = ("earlier", statement)
        for name in tuple(self.names.get(statement, ())):
            self.point(name, self.points[name] - {statement} | {old})
        for container in tuple(self.holders.get(statement, ())):
            self.take(container, statement)
            self.put(container, {old})
        for site in tuple(self.holds.get(statement, ())):
            self.take(statement, site)
            self.put(old, {site})
        if statement in self.written:
            self.written.add(old)

    def write(self, statement: Statement, name: str, entries: bool = False) -> None:
        """`statement` changes in place what `name` points to; with `entries` what is inside."""
        mine = self.points.get(name, NOTHING)
        mine = reach(mine, self.holds) if entries else self.each(mine)
        self.showing[statement] = reach(mine, self.holders), self.time
        self.sites[statement] = mine
        self.written |= mine

    def reach(self, sites: Iterable[Any]) -> Sites:
        """The sites and all that is inside them."""
        found = set(sites)
        todo = list(found)
        while todo:
            new = self.within(todo.pop()) - found
            found |= new
            todo += new
        return frozenset(found)

    def branch(self, body: tuple[Statement, ...]) -> dict[str, Sites]:
        """What the names that a block changes point to behind it; the state stays as it is."""
        self.changes.append({})
        _walk(body, self)
        before = self.changes.pop()
        after = {name: self.points[name] for name in before}
        for name, sites in before.items():
            if self.changes:
                self.changes[-1].setdefault(name, sites)
            self.point(name, sites)
        return after

    def inside(self, sites: Sites) -> Sites:
        """What an item may be: what a list or dict holds; of an array, or an unknown value, the
        value itself too.
        """
        found: Sites = frozenset()
        for site in sites:
            maker = site[1] if isinstance(site, tuple) and site[0] == "earlier" else site
            known = isinstance(maker, Assign) and isinstance(maker.value, Display)
            known = known or _is_container(maker)
            found |= self.within(site) | (NOTHING if known else {site})
        return found

    def popped(self, sites: Sites) -> Sites:
        """What comes out of a list: what it holds, and what it held before anybody here looked."""
        found: Sites = frozenset()
        for site in sites:
            itself = _kind(site) in ("parameter", "outside", "many", "inside")
            found |= self.within(site) | {site if itself else ("inside", site)}
        return found


def reach(start: Iterable[Any], edges: Mapping[Any, Iterable[Any]]) -> Sites:
    """The sites of `start`, and all to which `edges` lead from them."""
    found = set(start)
    todo = list(found)
    while todo:
        for site in edges.get(todo.pop(), ()):
            if site not in found:
                found.add(site)
                todo.append(site)
    return frozenset(found)


def sharing(program: Program, shapes: Shapes, kept: frozenset[Statement] | None = None) -> Sharing:
    """May-share facts of a program; if `kept` is given, of the part of it that is run."""
    arrays = frozenset(s for s, _ in shapes.made_numeric)
    heap = _Heap(kept=kept, arrays=arrays)
    for parameter in program.parameters:
        heap.bind(parameter, frozenset({("parameter", parameter)}))
    _walk(program.body, heap)
    result = reach(heap.points.get(program.result, NOTHING), heap.holds)
    showing = reach(heap.written, heap.holders)
    written = frozenset(n for n, sites in heap.ever.items() if not sites.isdisjoint(showing))
    touched = frozenset(heap.written)
    facts = (
        heap.sites,
        heap.showing,
        heap.pointed,
        result,
        written,
        touched,
        heap.ever,
        heap.holders,
    )
    return Sharing(*facts)


def _walk(body: tuple[Statement, ...], heap: _Heap) -> None:
    for statement in body:
        match statement:
            case If():
                first, second = heap.branch(statement.body), heap.branch(statement.orelse)
                for name in {**first, **second}:
                    before = heap.points[name]
                    heap.point(name, first.get(name, before) | second.get(name, before))
            case For():
                while _grows(statement, heap):
                    pass
            case _:
                if heap.kept is None or statement in heap.kept:
                    _statement(statement, heap)


def _grows(loop: For, heap: _Heap) -> bool:
    """One more iteration: may names point to more, or containers hold more, than before it?"""
    held, grown = heap.held, False
    for name, sites in heap.branch(loop.whole).items():
        before = heap.points[name]
        if not sites <= before:
            heap.point(name, before | sites)
            grown = True
    return grown or heap.held > held


def _statement(statement: Statement, heap: _Heap) -> None:
    match statement:
        case Assign(target=target, value=value):
            if _makes(value, heap):
                heap.allocate(statement)
            heap.bind(target, _value(statement, value, heap))
            if isinstance(value, Call):  # the record may keep what goes in and what comes out
                kept = heap.reach(heap.of(value.reads)) | {statement}
                heap.bind(record_name(statement), kept)
        case Unpack(targets=targets, source=source):
            sites = heap.inside(heap.of({source}))
            for target in targets:
                heap.bind(target, sites)
        case Augment(target=target, operand=operand, rule=rule):
            heap.write(statement, target)
            if rule.function in JOINS:
                for site in heap.points.get(target, NOTHING):
                    heap.put(site, heap.inside(heap.of(names_in(operand))))
                return  # the same list or dict as before
            if rule.function is in_place:
                return
            sites = heap.points.get(target, NOTHING)
            if not any(isinstance(s, Augment) for s in sites):  # a number is a new one
                heap.bind(target, sites | {statement})
        case Store(base=base, value=value) | Append(base=base, value=value):
            adds = isinstance(statement, Store) and not statement.replaces
            heap.write(statement, base, adds)  # `d["w"] += e` changes the array in the dict
            inside = frozenset() if adds else heap.of(names_in(value))  # `+=` copies numbers
            if isinstance(statement, Store) and statement.operator == RESTORE:
                inside = heap.inside(inside)
            for site in heap.each(heap.points.get(base, NOTHING)):
                heap.put(site, inside)
        case Pop(target=target, base=base):
            heap.write(statement, base)
            heap.bind(target, heap.popped(heap.of({base})))


def _makes(value: Any, heap: _Heap) -> bool:
    """Is the value a new object?  A slice of what is surely a list or tuple is one."""
    if isinstance(value, Item) and isinstance(value.index, gast.Slice):
        sites = heap.of({value.base})
        return bool(sites) and all(map(_is_sequence, sites))
    return not isinstance(value, (Copy, Item))


def _is_container(maker: Any) -> bool:
    """Is it surely a list, tuple or dict, made here of others?"""
    value = maker.value if isinstance(maker, Assign) else None
    joined = isinstance(value, Apply) and value.rule.function in (*JOINS, keyed)
    return joined or isinstance(value, Item)  # a slice: other items are no sites


def _is_sequence(site: Any) -> bool:
    maker = site[1] if _kind(site) == "earlier" else site
    value = maker.value if isinstance(maker, Assign) else None
    if isinstance(value, Apply):
        return value.rule.function in (list, tuple, operator.concat)
    return isinstance(value, Item) or (
        isinstance(value, Display) and value.kind in ("list", "tuple")
    )


def _shown_by(rule: Any, arguments: Mapping[str, Any]) -> frozenset[str]:
    """The names in what a view may show: the operands (of `einsum` the subscripts are one, too),
    or else the first argument.
    """
    operands = [a for p, a in arguments.items() if rule.entries.get(p) is not None]
    chosen = operands or [*arguments.values()][:1]
    return frozenset(n for a in chosen for n in names_in(a))


def _value(statement: Assign, value: Any, heap: _Heap) -> Sites:
    fresh: Sites = frozenset({statement})
    match value:
        case Copy(source=source):
            return heap.of({source})
        case Item() if _makes(value, heap):
            heap.put(statement, heap.inside(heap.of({value.base})))
            return fresh
        case Item(base=base):
            return heap.inside(heap.of({base}))
        case Display(elements=elements):
            heap.put(statement, heap.of({n for e in elements for n in names_in(e)}))
            return fresh
        case Apply(rule=rule, arguments=arguments):
            first = _shown_by(rule, arguments)
            if not (rule.numeric or rule.deep):
                # a copy of a list holds what the list holds; of an array, nothing
                heap.put(statement, heap.contents(heap.of(first)))
                if rule.function in (*JOINS, keyed):
                    heap.put(statement, heap.inside(heap.of(value.reads)))
                    return fresh
            return fresh if rule.fresh else heap.reach(heap.of(first)) | fresh
        case Call(callee=callee, arguments=arguments):
            shared = callee.shared_parameters
            reads = {n for p, a in arguments.items() if p in shared for n in names_in(a)}
            outside = {("outside", one) for one in callee.shares_outside}
            return fresh | heap.reach(heap.of(reads)) | outside
        case Plain(expr=expr, reads=reads, fresh=is_fresh):
            if is_fresh:
                return fresh
            return heap.reach(heap.of(reads)) | {("outside", one) for one in _captured(expr)}
    return fresh


def _captured(expr: Any) -> set[str]:
    """The captured values of which an expression is a part; what else it may show is unknown."""
    inside = walk(expr)
    parts = all(isinstance(n, _PARTS) for n in inside)
    values = {n.id for n in inside if isinstance(n, gast.Name) and n.id.startswith("@value:")}
    return values if parts and values else {UNKNOWN}


_PARTS = (gast.Name, gast.Subscript, gast.Slice, gast.Tuple, gast.Constant, gast.UnaryOp)
