"""Lists and dicts kept in others: which items surely take a container out of a container that holds
no object twice.

    D = [[0.0] * m for _ in range(n)]
    row = D[i]                              # surely one of these lists, in one place of `D`
    row[j] = v

Of such an item the adjoint is the entry of the adjoint itself, `row_bar = D_bar[i]`, and what is
written into the one shows in the other, as with views of arrays.  It takes that every entry is a
list or dict made for its place: by one display, which is put into one place, in the block in which
it was made.  Of a copy throughout (`zeros_like(D)`, as backward sweeps make them) the items are
what the items of `D` are: each container in it is the *image* of one in `D`.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import gast

from tangent.analyses.activity import into
from tangent.analyses.heap import JOINS, UNWRITTEN
from tangent.analyses.sharing import Sharing
from tangent.runtime import accumulate, keyed, overwrite, own, private
from tangent.syntax.program import (
    INTO,
    Append,
    Apply,
    Assign,
    Augment,
    Copy,
    Display,
    For,
    If,
    Item,
    Plain,
    Program,
    Statement,
    Store,
    blocks,
    every,
    targets,
)

KINDS = ("list", "dict", "object")
ROUNDS = 3  # what is known of items tells more of what is put where, and that of items
MAKERS = (*JOINS, keyed, list)  # functions that make them
COPIES = (own, private)


@dataclass(frozen=True)
class Nesting:
    """Which names surely show containers, and where what they hold changes."""

    items: frozenset[Assign] = frozenset()  # items that are containers for sure, each in one place
    copies: frozenset[Assign] = frozenset()  # second names of what is surely a container
    replaced: frozenset[Store] = frozenset()  # stores that may put a container in another's place
    bases: frozenset[str] = frozenset()  # the names that items are taken of
    outer: frozenset[str] = frozenset()  # the names of containers of which items are taken
    changing: Mapping[Statement, frozenset[Any]] = field(default_factory=dict)
    changed: Mapping[Statement, frozenset[str]] = field(default_factory=dict)  # in images: of whom

    def certain(self, maker: Assign) -> bool:
        return maker in self.items or maker in self.copies


@dataclass
class _Put:
    """A value that a statement puts into a container, under a key if that is written."""

    at: Statement
    key: Any  # a constant; None stands for any
    value: Any
    image: bool = False  # an image of the value is there


@dataclass(frozen=True)
class _Image:
    """The copies of what was made at a site, in copies of what holds it."""

    of: Any


@dataclass(frozen=True)
class _Place:
    """Where a statement stands: the how manieth it is of which block, and what the block is of."""

    block: int
    number: int
    inside: Statement | None


@dataclass
class _Found:
    sharing: Sharing
    parameters: tuple[str, ...]
    places: dict[Statement, _Place] = field(default_factory=dict)
    puts: dict[Any, list[_Put]] = field(default_factory=dict)  # container -> what is put into it
    times: dict[Any, int] = field(default_factory=dict)  # how often a value is put anywhere
    spoiled: set[Any] = field(default_factory=set)  # containers of which less is known
    sliced: set[str] = field(default_factory=set)  # names that may be slices
    kept: dict[str, frozenset[Any]] = field(default_factory=dict)  # what items under a key are
    images: dict[Any, frozenset[Any]] = field(default_factory=dict)  # what each copy holds
    bound: dict[str, list[Statement]] = field(default_factory=dict)  # what binds each name
    surely: set[str] = field(default_factory=set)  # names of containers, and of nothing else

    def sites(self, name: str) -> frozenset[Any]:
        return self.kept.get(name) or frozenset(map(maker, self.sharing.ever.get(name, ())))

    def containers(self, name: str) -> bool:
        sites = self.sites(name)
        return bool(sites) and all(map(self.container, sites))

    def container(self, site: Any) -> bool:
        """Is it a list, dict or object that was made here?"""
        if isinstance(site, _Image):
            return True
        if (still := _still(site)) is not None:
            bound = self.bound.get(still, [])
            return bool(bound) and all(_still(s) is None and self.container(s) for s in bound)
        value = site.value if isinstance(site, Assign) else None
        if isinstance(value, Apply) and value.rule.function is operator.mul:  # `[0.0] * n`
            makers = (self.bound.get(n, []) for n in value.reads)
            return any(len(m) == 1 and _literals(m[0]) for m in makers)
        if isinstance(value, Apply):
            return value.rule.function in MAKERS
        plain = isinstance(value, Display) and value.kind in KINDS
        return plain and not hasattr(value.made, "_fields")  # type: ignore[union-attr]

    def binds(self, statement: Statement, items: frozenset[Assign]) -> bool:
        """Does a statement bind its target to a container, whatever runs?"""
        if isinstance(statement, Augment):
            return statement.rule.function in (*JOINS, accumulate)
        if (source := _copied(statement)) is not None:
            return source in self.surely and self.containers(source)
        if isinstance(statement, Assign) and isinstance(statement.value, Copy):
            return statement.value.source in self.surely
        return statement in items or self.container(statement)

    def settle(self, items: frozenset[Assign]) -> None:
        """Find the names that surely show containers, as `items` do.

        What an item is that is no container leaves no trace among the sites: numbers are written.
        """
        while True:
            more = {n for n, s in self.bound.items() if all(self.binds(one, items) for one in s)}
            if more <= self.surely:
                return
            self.surely |= more

    def whole(self, name: str) -> bool:
        """Is all known that was put into the containers that a name shows?"""
        sites = self.sites(name)
        return sites.union(map(_origin, sites)).isdisjoint(self.spoiled)

    def into(self, statement: Statement) -> frozenset[Any]:
        """The containers into which a statement writes."""
        base = into(statement) or ""
        if base in self.kept:
            return self.sites(base)
        written = _into(statement, self.sharing)
        return written.union(*(self.images.get(s, ()) for s in written))

    def showing(self, statement: Statement) -> frozenset[str]:
        """The names of what a statement writes into, where it is an image."""
        mine, all_of_it = self.into(statement), self.sharing.sites[statement]
        return frozenset(
            n
            for n, sites in self.sharing.ever.items()
            if not (mine if n in self.kept else all_of_it).isdisjoint(self.kept.get(n, sites))
        )

    def put(self, container: Any, put: _Put) -> None:
        self.puts.setdefault(container, []).append(put)

    def count(self, value: Any) -> None:
        for site in self.sites(value.id) if isinstance(value, gast.Name) else ():
            self.times[site] = self.times.get(site, 0) + 1

    def placed(self, put: _Put) -> bool:
        """Is what is put there always a new container, which goes nowhere else?"""
        if not isinstance(put.value, gast.Name) or put.value.id not in self.surely:
            return False
        return self.containers(put.value.id) and all(
            self.precedes(s, put.at) for s in self.sites(put.value.id)
        )

    def precedes(self, site: Any, at: Statement) -> bool:
        """Is a new one made each time that this one is put there, and is it put nowhere else?"""
        if isinstance(site, _Image):
            return False  # one of many copies
        made, used = self.places[site], self.places[at]
        while used.block != made.block and isinstance(used.inside, If):
            used = self.places[used.inside]
        return self.times[site] == 1 and made.block == used.block and made.number < used.number

    def under(self, item: Assign) -> list[_Put] | None:
        """What an item may be; None if this is not known."""
        assert isinstance(item.value, Item)
        base, key = item.value.base, item.value.index
        sites = self.sites(base)
        if not self.containers(base) or not self.whole(base) or not self.plain(key):
            return None
        known = _key(key)
        return [p for s in sites for p in self.held(s) if _meets(p.key, known)]

    def held(self, site: Any) -> list[_Put]:
        """What is put into a container; what is put into the one that it is an image of first."""
        mine = self.puts.get(site, [])
        if not isinstance(site, _Image):
            return mine
        return [*(replace(p, image=True) for p in self.puts.get(site.of, ())), *mine]

    def what(self, put: _Put) -> frozenset[Any]:
        """The containers that may be put there."""
        sites = self.sites(put.value.id) if isinstance(put.value, gast.Name) else frozenset()
        return frozenset(map(_image, sites)) if put.image else sites

    def shown(self, statement: Statement) -> frozenset[Any] | None:
        """The containers that a statement may bind its target to; None if this is not known."""
        source = _copied(statement)
        if source is not None:
            return frozenset(map(_image, self.sites(source))) if self.containers(source) else None
        match statement:
            case Augment(rule=rule) if rule.function is accumulate:
                return frozenset()  # what it was
            case Assign(value=Copy(source=source)) if self.containers(source):
                return self.sites(source)
            case Assign(value=Item()):
                puts = self.under(statement) or ()
                if puts and all(isinstance(p.value, gast.Name) for p in puts):
                    if all(self.containers(p.value.id) for p in puts):
                        return frozenset().union(*map(self.what, puts))
        return None

    def copy(self) -> None:
        """Find the names that show copies of containers, or what is in them."""
        self.images = {}
        while True:
            before = len(self.kept)
            for name, makers in self.bound.items():
                open_ = name not in self.kept and name not in self.parameters
                found = [self.shown(m) for m in makers] if open_ else [None]
                if None not in found and any(isinstance(s, _Image) for f in found for s in f or ()):
                    self.kept[name] = frozenset().union(*(f or () for f in found))
            if len(self.kept) == before:
                break
        for maker in (s for m in self.bound.values() for s in m if _copied(s) is not None):
            inside = set(self.shown(maker) or ())
            while more := {w for s in inside for p in self.held(s) for w in self.what(p)} - inside:
                inside |= more
            self.images[maker] = frozenset(inside)

    def narrow(self, items: list[Assign]) -> None:
        """Look again at names that are one item each, under a written key."""
        for item in items:
            puts = self.under(item)
            if puts and len(self.bound[item.target]) == 1 and _key(item.value.index) is not None:  # type: ignore[attr-defined]
                self.kept[item.target] = frozenset[Any]().union(*map(self.what, puts))

    def single(self, item: Assign) -> bool:
        """Does an item surely give a container, which stands in this place alone?"""
        puts = self.under(item)
        images = (s for p in puts or () if p.image for s in self.what(p))
        alone = all(s not in self.times for s in images)
        return bool(puts) and alone and all(map(self.placed, puts or ()))

    def plain(self, index: Any) -> bool:
        """Surely no slice."""
        if isinstance(index, gast.Name):
            return index.id not in self.sliced
        if isinstance(index, gast.Call):
            return _is_key(index)
        return isinstance(index, gast.Constant | gast.BinOp | gast.UnaryOp | gast.JoinedStr)


def _is_key(made: gast.Call) -> bool:
    """Does a call surely give a number or a text?"""
    return getattr(made.func, "id", "") in _NO_SLICES


_NO_SLICES = {f"@builtin:{word}" for word in ("int", "str", "float", "len", "abs", "round", "bool")}


def nesting(program: Program, sharing: Sharing) -> Nesting:
    """The items of a program that are containers, each in one place of another."""
    found = _Found(sharing, program.parameters, sliced=set(program.parameters))
    for block, (inside, body) in enumerate(_blocks(program.body, None)):
        found.places.update((s, _Place(block, i, inside)) for i, s in enumerate(body))
    for statement in every(program.body):
        for target in targets(statement):
            found.bound.setdefault(target, []).append(statement)
    assigns = [s for s in every(program.body) if isinstance(s, Assign)]
    taken = [s for s in assigns if isinstance(s.value, Item)]
    for _ in range(ROUNDS):
        found.puts, found.spoiled = {}, set()
        for statement in every(program.body):
            _note(statement, found)
        found.kept = {}
        found.narrow(taken)
        found.copy()
    for statement in every(program.body):
        for value in _values(statement):
            found.count(value)
    items: frozenset[Assign] = frozenset()
    for _ in range(ROUNDS):
        found.settle(items)
        items = frozenset(filter(found.single, taken))
    copies = [s for s in assigns if isinstance(s.value, Copy)]
    outer = {s for i in items for s in found.sites(i.value.base)}  # type: ignore[attr-defined]
    return Nesting(
        items,
        frozenset(c for c in copies if c.target in found.surely and found.whole(c.target)),
        frozenset(s for s in _stores(program) if outer.intersection(found.into(s))),
        frozenset(i.value.base for i in taken),  # type: ignore[attr-defined]
        frozenset(n for n in sharing.ever if not outer.isdisjoint(found.sites(n))),
        {
            s: sharing.sites[s]
            for s in sharing.sites
            if _changes(s) and any(map(found.container, _into(s, sharing)))
        },
        {s: found.showing(s) for s in sharing.sites if _changes(s) and into(s) in found.kept},
    )


def maker(site: Any) -> Any:
    """What made a site, in this iteration or an earlier one."""
    return site[1] if isinstance(site, tuple) and site[0] == "earlier" else site


def _image(site: Any) -> _Image:
    return site if isinstance(site, _Image) else _Image(site)


def _origin(site: Any) -> Any:
    return site.of if isinstance(site, _Image) else site


def _copied(statement: Any) -> str | None:
    """The name of which a statement makes a copy throughout, or zeros of the same structure."""
    match statement:
        case Assign(value=Plain(expr=gast.Call(func=gast.Name(id="@zeros_like"), args=[source]))):
            return getattr(source, "id", None)
        case Assign(value=Apply(rule=rule, arguments=arguments)) if rule.function in COPIES:
            return getattr(next(iter(arguments.values())), "id", None)
    return None


def _still(site: Any) -> str | None:
    """The name of which a statement makes the tangent, where that does not move: it is as new as
    what is written, and what it holds is not known.
    """
    match site:
        case Assign(value=Plain(expr=gast.Call(func=gast.Name(id="@zero_tangent"), args=[source]))):
            return getattr(source, "id", None)
    return None


def _literals(site: Any) -> bool:
    value = site.value if isinstance(site, Assign) else None
    return isinstance(value, Display) and value.kind == "list" and not value.reads


def _blocks(
    body: tuple[Statement, ...], inside: Statement | None
) -> Iterator[tuple[Statement | None, tuple[Statement, ...]]]:
    yield inside, body
    for statement in body:
        for block in blocks(statement):
            yield from _blocks(block, statement)


def _key(index: Any) -> Any:
    """The written key; none for a number from the end, which may be any place."""
    value = index.value if isinstance(index, gast.Constant) else None
    return None if isinstance(value, int | float) and value < 0 else value


def _stores(program: Program) -> Iterator[Store]:
    return (s for s in every(program.body) if isinstance(s, Store) and s.replaces)


def _into(statement: Statement, sharing: Sharing) -> frozenset[Any]:
    return frozenset(map(maker, sharing.sites.get(statement, ())))


def _changes(statement: Statement) -> bool:
    """May a statement change which entries a container has?"""
    return not isinstance(statement, Store) or statement.replaces


def _meets(one: Any, other: Any) -> bool:
    return one is None or other is None or one == other


def _note(statement: Statement, found: _Found) -> None:
    match statement:
        case For(index=index):
            found.sliced.discard(index)
        case Assign(target=target, value=Plain(expr=gast.Call() as made)) if not _is_key(made):
            found.sliced.add(target)
        case Assign(value=Display(keys=keys, elements=elements)) if found.container(statement):
            for position, element in enumerate(elements):
                key = _key(keys[position]) if keys else position
                found.put(statement, _Put(statement, key, element))
        case Assign():
            found.spoiled.add(statement)  # what it holds comes from elsewhere
        case Append(value=value):
            for site in found.into(statement):
                found.put(site, _Put(statement, None, value))
        case Store(index=index, value=value, operator=None) if found.plain(index):
            for site in found.into(statement):
                found.put(site, _Put(statement, _key(index), value))
        case Store(operator=operator) if operator == INTO:
            pass  # a container that stands there stays
        case Store(index=index) if found.plain(index):
            for site in found.into(statement):
                found.put(site, _Put(statement, _key(index), None))
        case Store():
            found.spoiled |= found.into(statement)
        case Augment(rule=rule) if rule.function in (*JOINS, *UNWRITTEN, overwrite):
            found.spoiled |= found.into(statement)


def _values(statement: Statement) -> tuple[Any, ...]:
    """What a statement puts into containers."""
    match statement:
        case Assign(value=Display(elements=elements)):
            return elements
        case Append(value=value) | Store(value=value):
            return (value,)
    return ()
