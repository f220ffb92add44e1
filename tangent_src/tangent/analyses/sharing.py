"""Which names may share memory: a flow-sensitive points-to analysis over allocation sites.

Each name points to a set of sites: the statement that made the value, or the parameter it came in
with.  A view, another name, an item of a container point to what they came from; a container also
holds what was put in.  Facts are kept for the places where something is changed in place.

What is taken out of a container of more than `MANY` sites points to one site for them all, a pair
`("many", container)` that holds the container: sets stay small however long the program is.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import gast

from tangent.analyses.activity import into
from tangent.analyses.heap import (
    COPIES,
    JOINS,
    JOINS_PERHAPS,
    NOTHING,
    THEMSELVES,
    UNWRITTEN,
    Heap,
    History,
    Sites,
    is_container,
    kind_of,
    reach,
)
from tangent.analyses.shapes import Shapes
from tangent.runtime import keyed
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
from tangent.syntax.symbols import UNCHANGING
from tangent.syntax.trees import names_in, walk

UNKNOWN = "unknown"  # stands for all that lives longer than the call


@dataclass(frozen=True)
class Sharing:
    """What memory each name may show, in front of each statement that writes in place."""

    sites: Mapping[Statement, Sites]  # what each statement that writes in place writes into
    showing: Mapping[Statement, tuple[Sites, int]]  # what shows that, and when it was asked
    pointed: Mapping[str, History]  # what each name points to, from when on
    result: Sites  # what the result may share memory with
    written: frozenset[
        str
    ]  # names that may, at some time, point to memory that is written in place
    touched: frozenset[Any]  # sites that are written in place
    ever: Mapping[str, set[Any]]  # what each name may point to, at some time
    holders: Mapping[Any, set[Any]]  # the containers in which each site may be
    twice: frozenset[Statement]  # those that write into what a container may hold twice
    doubles: bool  # may the result hold something twice?

    def doubtful(self, statement: Statement) -> bool:
        """Is what `statement` makes a copy of what may be a list or dict of arrays, and are these
        written into?
        """
        return ("entry", statement) in self.touched

    @property
    def lends(self) -> bool:
        """May the result hold arrays that what was copied holds, too?"""
        return any(kind_of(site) == "entry" for site in self.result)

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
        return not self.at(statement, name).isdisjoint(self.showing[statement][0])

    def at(self, statement: Statement, name: str) -> Sites:
        """What a name may point to, in front of a statement that writes in place."""
        time = self.showing[statement][1]
        return self.pointed[name].at(time) if name in self.pointed else NOTHING

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

    def named(self, site: Any) -> set[str]:
        """The names that may, at some time, show a site, or a container in which it is."""
        showing = reach(frozenset({site}), self.holders)
        return set().union(*(self._names.get(one, NOTHING) for one in showing))

    def into(self, statement: Statement) -> frozenset[str]:
        """The parameters into whose memory `statement` may write."""
        return frozenset(s[1] for s in self.sites[statement] if kind_of(s) == "parameter")

    def outside(self, statement: Statement) -> bool:
        """May `statement` write into what lives longer than the call?"""
        return any(kind_of(s) == "outside" for s in self.sites[statement])

    def captured(self, statement: Statement) -> frozenset[str]:
        """The captured values into whose memory `statement` may write; none if others may be
        among what lives longer than the call.
        """
        found = [s[1] for s in self.sites[statement] if kind_of(s) == "outside"]
        return frozenset(found if UNKNOWN not in found else ())

    def sequence(self, statement: Statement) -> bool:
        """Does `statement` surely write into a list that was made in this function?"""
        found = self.sites[statement]
        return bool(found) and all(map(_is_sequence, found))

    def container(self, statement: Statement) -> bool:
        """Does `statement` surely write into a list or dict that was made in this function?"""
        makers = [s[1] if kind_of(s) == "earlier" else s for s in self.sites[statement]]
        shown = (isinstance(m, Assign) and isinstance(m.value, Display) for m in makers)
        return bool(makers) and all(
            d or is_container(m) for d, m in zip(shown, makers, strict=True)
        )


def sharing(program: Program, shapes: Shapes, kept: frozenset[Statement] | None = None) -> Sharing:
    """May-share facts of a program; if `kept` is given, of the part of it that is run."""
    arrays = frozenset(s for s, _ in shapes.made_numeric)
    heap = Heap(kept=kept, arrays=arrays, numeric=shapes.numeric)
    for parameter in program.parameters:
        heap.bind(parameter, frozenset({("parameter", parameter)}))
    _walk(program.body, heap)
    result = reach(heap.points.get(program.result, NOTHING), heap.holds)
    showing = reach(heap.written, heap.holders)
    showing |= {s[1] for s in showing if kind_of(s) == "earlier"}  # what was stored then shows it
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
        frozenset(heap.twice),
        not heap.doubled.isdisjoint(result),
    )
    return Sharing(*facts)


def _walk(body: tuple[Statement, ...], heap: Heap) -> None:
    for statement in body:
        match statement:
            case If():
                first = heap.branch(_walk, statement.body)
                second = heap.branch(_walk, statement.orelse)
                for name in {**first, **second}:
                    before = heap.points[name]
                    heap.point(name, first.get(name, before) | second.get(name, before))
            case For():
                heap.bind(statement.index, NOTHING)  # a number, whatever it was before
                while _grows(statement, heap):
                    pass
            case _:
                if heap.kept is None or statement in heap.kept:
                    _statement(statement, heap)


def _grows(loop: For, heap: Heap) -> bool:
    """One more iteration: may names point to more, or containers hold more, than before it?"""
    held, grown, parts = heap.held, False, len(heap.parts)
    for name, sites in heap.branch(_walk, loop.whole).items():
        before = heap.points[name]
        if not sites <= before:
            heap.point(name, before | sites)
            grown = True
    return grown or heap.held > held or len(heap.parts) > parts


def _statement(statement: Statement, heap: Heap) -> None:
    match statement:
        case Assign(target=target, value=value):
            if _makes(value, heap):
                heap.allocate(statement)
            heap.bind(target, _value(statement, value, heap))
            if isinstance(value, Item) or getattr(value, "source", None) in heap.parts:
                heap.parts.add(target)
            else:
                heap.parts.discard(target)
            if isinstance(value, Call):  # the record may keep what goes in and what comes out
                arguments = value.arguments.values()
                read = value.reads.union(*map(shown_in, arguments))
                kept = heap.reach(heap.of(read)) | {statement}
                heap.bind(record_name(statement), kept)
        case Unpack(targets=targets, source=source):
            sites = heap.inside(heap.of({source}))
            heap.parts.update(targets)
            for target in targets:
                heap.bind(target, sites)
        case Augment(target=target, operand=operand, rule=rule):
            heap.write(statement, target)
            if rule.function in JOINS:
                for site in heap.points.get(target, NOTHING):
                    heap.put(site, heap.inside(heap.of(shown_in(operand))))
                return  # the same list or dict as before
            if rule.function in UNWRITTEN:
                return
            sites = heap.points.get(target, NOTHING)
            if rule.function is operator.add and statement not in heap.arrays:
                added = heap.of(shown_in(operand))
                if _note_copy(statement, [s for s in added if not heap.is_array(s)], heap):
                    for site in sites:
                        heap.put(site, {("entry", statement)})
            if not any(isinstance(s, Augment) for s in sites):  # a number is a new one
                heap.bind(target, sites | {statement})
        case Store(base=base, value=value) | Append(base=base, value=value):
            adds = isinstance(statement, Store) and not statement.replaces
            adds = adds and (statement, base) not in heap.numeric
            heap.write(statement, base, adds)  # `d["w"] += e` changes the array in the dict
            inside = frozenset() if adds else heap.of(shown_in(value))  # `+=` copies numbers
            if isinstance(statement, Store) and statement.operator == RESTORE:
                inside = heap.inside(inside)
            for site in heap.each(heap.points.get(base, NOTHING)):
                if not inside.isdisjoint(heap.holds.get(site, NOTHING)):
                    heap.doubled.add(site)
                heap.put(site, inside)
        case Pop(target=target, base=base):
            heap.write(statement, base)
            heap.bind(target, heap.popped(heap.of({base})))


def _makes(value: Any, heap: Heap) -> bool:
    """Is the value a new object?  A slice of what is surely a list or tuple is one."""
    if isinstance(value, Item) and isinstance(value.index, gast.Slice):
        sites = heap.of({value.base})
        return bool(sites) and all(map(_is_sequence, sites))
    return not isinstance(value, (Copy, Item))


def _is_sequence(site: Any) -> bool:
    maker = site[1] if kind_of(site) == "earlier" else site
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
    return frozenset(n for a in chosen for n in shown_in(a))


def _value(statement: Assign, value: Any, heap: Heap) -> Sites:
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
            parts = [heap.of(shown_in(e)) for e in elements]
            heap.put(statement, frozenset().union(*parts))
            if sum(map(len, parts)) > len(heap.holds.get(statement, NOTHING)):
                heap.doubled.add(statement)
            return fresh
        case Apply(rule=rule, arguments=arguments):
            first = _shown_by(rule, arguments)
            if rule.function in THEMSELVES:
                return heap.of(first)
            if joins_perhaps(statement) and statement not in heap.arrays:
                sites = heap.of(set().union(*map(shown_in, arguments.values())))
                _note_copy(statement, [s for s in sites if not heap.is_array(s)], heap)
                return fresh
            if not (rule.numeric or rule.deep):
                # a copy of a list holds what the list holds; of an array, nothing
                sites = heap.of(first)
                heap.put(statement, heap.contents(sites))
                if rule.function in COPIES:
                    _note_copy(statement, [s for s in sites if not heap.known(s)], heap)
                if rule.function in (*JOINS, keyed, list):
                    joined = set().union(*map(shown_in, arguments.values()))
                    heap.put(statement, heap.inside(heap.of(joined)))
                    return fresh
            if rule.function in (max, min):  # of lists it is one of them
                given = set().union(*map(shown_in, arguments.values()))
                return fresh | heap.reach(heap.of(given))
            if rule.fresh:
                return fresh
            # an array that is made of a list is a copy of its entries
            shown = heap.of(first) if rule.numeric else heap.reach(heap.of(first))
            return shown | fresh
        case Call(callee=callee, arguments=arguments):
            shared = callee.shared_parameters
            reads = {n for p, a in arguments.items() if p in shared for n in shown_in(a)}
            outside = {("outside", one) for one in callee.shares_outside}
            if callee.doubles:
                heap.doubled.add(statement)
            if callee.lends:
                heap.put(statement, {("entry", statement)})
            shown = heap.reach(heap.of(reads)) | outside
            heap.put(statement, shown)  # `(rows, x)` holds what went in
            return fresh | shown
        case Plain(expr=expr, reads=reads, fresh=is_fresh):
            if is_fresh:
                return fresh
            return heap.reach(heap.of(reads)) | {("outside", one) for one in _captured(expr)}
    return fresh


def joins_perhaps(statement: Statement) -> bool:
    """Is it a sum or product that joins or repeats its operands, if these are lists?"""
    rule = getattr(statement, "rule", None)
    if isinstance(statement, Assign):
        rule = statement.value.rule if isinstance(statement.value, Apply) else None
    return rule is not None and rule.function in JOINS_PERHAPS


def _note_copy(statement: Statement, sites: Iterable[Any], heap: Heap) -> bool:
    """What may hold what `sites` hold, if these are lists: where somebody writes into that, the
    text asks.
    """
    found = frozenset(sites)
    if found:
        heap.put(statement, {("entry", statement)})
    inside = heap.contents(found) | {s for s in found if not heap.known(s)}
    for site in inside:
        heap.copies.setdefault(site, set()).add(statement)
    return bool(found)


def shown_in(expr: Any) -> set[str]:
    """The names in an expression, and the captured values."""
    captured = (n.id for n in walk(expr) if isinstance(n, gast.Name) and n.id[0] == "@")
    return names_in(expr) | {n for n in captured if n.startswith("@value:")}


def _captured(expr: Any) -> set[str]:
    """The captured values of which an expression is a part; what else it may show is unknown."""
    inside = walk(expr)
    parts = all(isinstance(n, _PARTS) for n in inside)
    names = {n.id for n in inside if isinstance(n, gast.Name)}
    if parts and names and all(n.startswith(UNCHANGING) for n in names):
        return set()
    values = {n for n in names if n.startswith("@value:")}
    return values if parts and values else {UNKNOWN}


_PARTS = (gast.Name, gast.Subscript, gast.Slice, gast.Tuple, gast.Constant, gast.UnaryOp)
