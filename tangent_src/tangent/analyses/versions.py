"""What each name is a view of, statement by statement: which binding of which other name, taken
when, and whether it still shows that.

Each binding of a name is a *version* of it.  A view is valid at a statement if the name, the name
that it is a view of, and the names in its index all have the versions that they had when the view
was taken, and if a container of which it is an entry still has the entries that it had.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Any

from tangent.analyses.activity import into, writes
from tangent.analyses.nesting import Nesting
from tangent.analyses.sharing import Sharing
from tangent.analyses.terms import reads
from tangent.syntax.program import (
    Append,
    Apply,
    Assign,
    Augment,
    Copy,
    For,
    If,
    Item,
    Pop,
    Statement,
    Store,
    every,
)
from tangent.syntax.trees import names_in

Version = Any  # what bound a name: a statement, a join, or the call of the function
NOTHING: frozenset[str] = frozenset()


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


@dataclass(frozen=True)
class Chain:
    """The views from a name down to the owner of its memory, and which version that has."""

    views: tuple[tuple[str, Assign], ...]
    owner: tuple[str, Version]
    valid: bool = True


@dataclass
class Versions:
    """A walk through the program that knows what bound each name, and what wrote into it."""

    sharing: Sharing
    stores: Mapping[Statement, frozenset[str]]
    indices: frozenset[str]  # the names in indices of views
    nested: Nesting
    live: Mapping[Statement, frozenset[str]]  # the names that matter at a branch or loop
    now: dict[str, Version] = field(default_factory=dict)
    content: dict[str, Version] = field(default_factory=dict)
    entries: dict[str, Version] = field(default_factory=dict)  # what last changed which there are
    taken: dict[Statement, tuple[Version, dict[str, Version], Version]] = field(
        default_factory=dict
    )
    joined: dict[Version, tuple[Version, ...]] = field(default_factory=dict)
    chains: dict[tuple[Statement, str], Chain] = field(default_factory=dict)
    bound: dict[tuple[Statement, str], Version] = field(default_factory=dict)
    makers: dict[Statement, str] = field(default_factory=dict)

    def walk(self, body: tuple[Statement, ...]) -> None:
        for statement in body:
            match statement:
                case If():
                    self.note(statement, statement.test.reads | self.viewed(statement))
                    self.branches(statement)
                case For():
                    self.loop(statement)
                case _:
                    self.simple(statement)

    def viewed(self, statement: Statement) -> set[str]:
        return {n for n in self.live[statement] if self.now.get(n) in self.makers}

    def simple(self, statement: Statement) -> None:
        self.note(statement, reads(statement) | self.stores.get(statement, NOTHING))
        for name in self.written(statement):
            self.content[name] = statement
        for name in self.changed(statement):
            self.entries[name] = statement
        base = view_base(statement)
        if base is not None and base in self.now:
            assert isinstance(statement, Assign)
            index = statement.value.reads - {base}
            contents = {n: self.content.get(n) for n in index}
            self.taken[statement] = self.now[base], contents, self.entries.get(base)
            self.makers[statement] = statement.target
        for name in bindings(statement):
            self.bind(name, statement)

    def written(self, statement: Statement) -> set[str]:
        """The names in indices of views whose content a statement may change."""
        base = into(statement)
        if base is None:
            return set()
        return {base, *self.sharing.among(statement, self.indices)}

    def changed(self, statement: Statement) -> Set[str]:
        """The names of containers of which a statement may change which entries there are."""
        if statement in self.nested.changed:
            return self.nested.bases & self.nested.changed[statement]
        sites = self.nested.changing.get(statement)
        if sites is None:
            return set()
        time = self.sharing.showing[statement][1]
        known = ((n, self.sharing.pointed.get(n)) for n in self.nested.bases)
        return {n for n, history in known if history and not sites.isdisjoint(history.at(time))}

    def bind(self, name: str, version: Version) -> None:
        self.now[name] = self.content[name] = version

    def branches(self, statement: If) -> None:
        before = dict(self.now), dict(self.content), dict(self.entries)
        self.walk(statement.body)
        first = self.now, self.content, self.entries
        self.now, self.content, self.entries = before
        self.walk(statement.orelse)
        for table, other in zip((self.now, self.content, self.entries), first, strict=True):
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
            for one in self.changed(statement):
                self.entries[one] = ("loop", loop, one)
        head = dict(self.now), dict(self.content), dict(self.entries)
        self.note(loop, reads(loop) | self.viewed(loop))
        self.walk(loop.whole)
        for name in sorted(fresh - {loop.index}):
            self.join(loop, name, before.get(name), self.now.get(name), version=head[0][name])
        self.now, self.content, self.entries = head

    def join(self, at: Statement, name: str, *parts: Version, version: Version = None) -> Version:
        version = ("join", at, name) if version is None else version
        self.joined[version] = parts
        return version

    def note(self, statement: Any, names: frozenset[str] | set[str]) -> None:
        """What the names are views of, as `statement` finds them."""
        for name in names:
            if name in self.now:
                self.bound[statement, name] = self.now[name]
                chain = self.chain(name)
                if isinstance(statement, Assign) and statement.target in bases(chain):
                    chain = replace(chain, valid=False)  # its adjoint is that of the new value
                self.chains[statement, name] = chain

    def chain(self, name: str) -> Chain:
        views: list[tuple[str, Assign]] = []
        while (maker := self.now.get(name)) in self.makers:
            version, index, entries = self.taken[maker]
            views.append((name, maker))
            base = base_of(maker)
            same = all(self.content.get(n) == v for n, v in index.items())
            if isinstance(maker.value, Item):
                same = same and self.entries.get(base) == entries
            if self.now.get(base) != version or not same:
                return Chain(tuple(views), (base, version), False)
            name = base
        return Chain(tuple(views), (name, maker))

    def inputs(self, version: Version) -> set[Version]:
        """The bindings that a version may come from."""
        found, todo = {version}, [version]
        while todo:
            for part in self.joined.get(todo.pop(), ()):
                if part not in found:
                    found.add(part)
                    todo.append(part)
        return found


def bases(chain: Chain) -> tuple[str, ...]:
    """The names that a view shows."""
    return tuple(base_of(maker) for _, maker in chain.views)


def bindings(statement: Statement) -> tuple[str, ...]:
    """The names that a statement gives a new value, instead of changing the one they have."""
    match statement:
        case Augment() | Store() | Append():
            return ()
        case Pop(target=target) | For(index=target):
            return (target,)
    return writes(statement)
