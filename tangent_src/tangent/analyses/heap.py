"""The state of the points-to analysis (`analyses.sharing`): what each name points to, and what each
site holds.
"""

from __future__ import annotations

import operator
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tangent.runtime import (
    in_place,
    inexact,
    keyed,
    may_change,
    no_array,
    no_copier,
    no_object,
    no_part,
    without,
)
from tangent.syntax.program import Apply, Assign, Display, Item, Statement

Sites = frozenset[Any]
Block = tuple[Statement, ...]
NOTHING: Sites = frozenset()
MANY = 16


# new objects that hold what both operands hold, or the first
JOINS = (operator.concat, dict.__or__, without)
UNWRITTEN = (in_place, may_change)  # updates that stand for what the next statement does
THEMSELVES = (
    inexact,
    no_array,
    no_copier,
    no_object,
    no_part,
)  # they look at a value, and give it back
COPIES = (np.ndarray.copy,)  # of an array, or of a list or dict, which hold the same then
JOINS_PERHAPS = (operator.add, operator.mul, sum)  # of arrays new ones, of lists what all hold


def kind_of(site: Any) -> str:
    """A site is the statement that made the value, or a pair of a word and what it is of."""
    return str(site[0]) if isinstance(site, tuple) else "made"


@dataclass
class History:
    """What a name points to, from one binding of it to the next."""

    times: list[int] = field(default_factory=list)
    sites: list[Sites] = field(default_factory=list)

    def at(self, time: int) -> Sites:
        position = bisect_right(self.times, time)
        return self.sites[position - 1] if position else NOTHING


@dataclass
class Heap:
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
    pointed: dict[str, History] = field(default_factory=dict)
    showing: dict[Statement, tuple[Sites, int]] = field(default_factory=dict)
    sites: dict[Statement, Sites] = field(default_factory=dict)
    changes: list[dict[str, Sites]] = field(default_factory=list)  # of each block around
    kept: frozenset[Statement] | None = None
    arrays: frozenset[Statement] = frozenset()  # that make arrays or numbers: these copy
    numeric: frozenset[tuple[Statement, str]] = frozenset()  # names that are arrays there
    doubled: set[Any] = field(default_factory=set)  # containers that may hold a site twice
    twice: set[Statement] = field(default_factory=set)
    copies: dict[Any, set[Statement]] = field(default_factory=dict)  # of what may be a container
    parts: set[str] = field(default_factory=set)  # names that may be items of something

    def of(self, names: Iterable[str]) -> Sites:
        return frozenset().union(*(self.point_of(n) for n in names))

    def point_of(self, name: str) -> Sites:
        """What a name points to; a captured value lives outside."""
        return frozenset({("outside", name)}) if name[0] == "@" else self.points.get(name, NOTHING)

    def contents(self, sites: Sites) -> Sites:
        return frozenset().union(*(self.within(s) for s in sites))

    def within(self, site: Any) -> Sites:
        """What a site holds, or the one site that stands for all that is inside it."""
        inside = self.holds.get(site, NOTHING)
        if kind_of(site) == "many":
            return frozenset({site})
        if len(inside) <= MANY:
            return frozenset(inside)
        all_of_it = ("many", site)
        self.put(all_of_it, {site})
        return frozenset({all_of_it})

    def each(self, sites: Sites) -> Sites:
        """The sites, and those for which some of them stand."""
        many = [s for s in sites if kind_of(s) == "many"]
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
        history = self.pointed.setdefault(name, History())
        history.times.append(self.time)
        history.sites.append(sites)

    def put(self, container: Any, sites: Iterable[Any]) -> None:
        """`container` holds `sites`, too; an array copies what is put into it."""
        if (container[1] if kind_of(container) == "earlier" else container) in self.arrays:
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
        mine = self.point_of(name)
        if entries and self.held_twice(mine):
            self.twice.add(statement)
        if entries or name in self.parts:
            copies = set[Statement]().union(*(self.copies.get(s, ()) for s in mine))
            self.written |= {("entry", one) for one in copies}
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

    def branch(self, walk: Callable[[Block, Heap], None], body: Block) -> dict[str, Sites]:
        """What the names that a block changes point to behind it; the state stays as it is."""
        self.changes.append({})
        parts = set(self.parts)
        walk(body, self)
        self.parts |= parts  # this block may not have been run
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
            known = known or is_container(maker)
            found |= self.within(site) | (NOTHING if known else {site})
        return found

    def held_twice(self, sites: Sites) -> bool:
        """May something inside of containers stand in two places?"""
        inside = reach(sites, self.holds) - sites
        places = [sum(kind_of(h) != "entry" for h in self.holders.get(s, ())) for s in inside]
        return not self.doubled.isdisjoint(sites) or any(n > 1 for n in places)

    def is_array(self, site: Any) -> bool:
        """Is it surely an array, or a number?"""
        return (site[1] if kind_of(site) == "earlier" else site) in self.arrays

    def known(self, site: Any) -> bool:
        """Is it surely an array, or a container of which it is known what it holds?"""
        maker = site[1] if kind_of(site) == "earlier" else site
        shown = isinstance(maker, Assign) and isinstance(maker.value, Display)
        return self.is_array(site) or shown or is_container(maker)

    def popped(self, sites: Sites) -> Sites:
        """What comes out of a list: what it holds, and what it held before anybody here looked."""
        found: Sites = frozenset()
        for site in sites:
            itself = kind_of(site) in ("parameter", "outside", "many", "inside")
            found |= self.within(site) | {site if itself else ("inside", site)}
        return found


def is_container(maker: Any) -> bool:
    """Is it surely a list, tuple or dict, made here of others?"""
    value = maker.value if isinstance(maker, Assign) else None
    joined = isinstance(value, Apply) and value.rule.function in (*JOINS, keyed)
    return joined or isinstance(value, Item)  # a slice: other items are no sites


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
