"""Functions as values: which function a name stands for is known when the program is read.

A function is no value of the intermediate form.  Where a program assigns one to a name, passes it
on, binds some of its arguments or keeps it in a table, the name stands for one of these, and a
call of it is a call of the function itself.  A callee that is given functions is written for
just these (`Units.specialised`); the variables that they read become further parameters of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import gast

from tangent.syntax.scopes import outer_names
from tangent.syntax.symbols import Reference
from tangent.syntax.trees import is_literal, name, names_in, rebuild


@dataclass(frozen=True, eq=False)
class Closure:
    """A `def` or `lambda` that stands in a transformed function.

    `holders` maps each variable that it reads to the name that holds it here; `defaults` maps
    parameters to atoms; `functions` are those that are known where it stands.  `changing` are the
    holders that may be bound again while it lives, as far as the function that passes it on knows.
    """

    tree: Any
    home: Any  # the Unit that it stands in
    holders: Mapping[str, str]
    functions: Mapping[str, Any]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    changing: frozenset[str] | None = None

    @property
    def free(self) -> tuple[str, ...]:
        return tuple(self.holders)

    def key(self) -> Any:
        words = tuple((p, _text(a)) for p, a in self.defaults.items())
        return id(self.tree), id(self.home), tuple(self.holders.items()), words, self.changing


@dataclass(frozen=True, eq=False)
class Outside:
    """A function from outside, and the expression that reads it."""

    function: Any
    expr: Any
    reference: Reference | None = None
    cached: bool = False  # what it gave is kept: called as it is where nothing is differentiated

    def key(self) -> Any:
        return id(self.function)


@dataclass(frozen=True, eq=False)
class Bound:
    """`functools.partial(f, …)`: the atoms of the arguments that are bound."""

    inner: Any
    args: tuple[Any, ...]
    words: Mapping[str, Any]

    def key(self) -> Any:
        words = tuple((k, _text(a)) for k, a in self.words.items())
        return self.inner.key(), tuple(map(_text, self.args)), words


@dataclass(frozen=True, eq=False)
class Table:
    """A list, tuple or dict of functions: key -> function."""

    entries: Mapping[Any, Any]
    by_position: bool = False  # of a list or tuple

    def key(self) -> Any:
        return tuple((k, f.key()) for k, f in self.entries.items())


@dataclass(frozen=True, eq=False)
class Choice:
    """The function of a table under a key that is known at run time only."""

    table: Table
    at: Any  # an atom

    def key(self) -> Any:
        return self.table.key(), _text(self.at)


@dataclass(frozen=True, eq=False)
class Nothing:
    """`None` in the place of a function."""

    def key(self) -> Any:
        return None


@dataclass(frozen=True, eq=False)
class Unclear:
    """One function or another, as a branch or a loop decides: refused where it is called."""

    where: str = "a branch"
    error: Any = None  # why no variable can hold it

    def key(self) -> Any:
        return id(self)


Known = Closure | Outside | Bound | Table | Choice | Nothing | Unclear


def names_of(known: Known) -> tuple[str, ...]:
    """The names of this function's variables that a function value reads."""
    match known:
        case Closure(holders=holders, defaults=defaults):
            found = [*holders.values(), *(n for a in defaults.values() for n in _names(a))]
        case Bound(inner=inner, args=args, words=words):
            found = [*names_of(inner), *(n for a in (*args, *words.values()) for n in _names(a))]
        case Table(entries=entries):
            found = [n for f in entries.values() for n in names_of(f)]
        case Choice(table=table, at=at):
            found = [*names_of(table), *_names(at)]
        case _:
            found = []
    return tuple(dict.fromkeys(found))


def moved(known: Known, names: Mapping[str, str]) -> Known:
    """The same function value where the variables that it reads have other names."""

    def atom(node: Any) -> Any:
        if isinstance(node, Known):
            return moved(node, names)

        def rename(n: Any) -> Any | None:
            return name(names[n.id]) if getattr(n, "id", None) in names else None

        return rebuild(node, rename)

    match known:
        case Closure():
            return replace(
                known,
                holders={v: names.get(h, h) for v, h in known.holders.items()},
                defaults={p: atom(a) for p, a in known.defaults.items()},
                changing=frozenset(names.get(n, n) for n in known.changing or ()),
            )
        case Bound():
            return Bound(
                moved(known.inner, names),
                tuple(atom(a) for a in known.args),
                {k: atom(a) for k, a in known.words.items()},
            )
        case Table():
            entries = {k: moved(f, names) for k, f in known.entries.items()}
            return Table(entries, known.by_position)
        case Choice():
            table = moved(known.table, names)
            assert isinstance(table, Table)
            return Choice(table, atom(known.at))
    return known


def calls_of(known: Known, seen: set[int] | None = None) -> Any:
    """What a function is and what it calls, by whatever names it has its variables."""
    seen = set() if seen is None else seen
    match known:
        case Closure(tree=tree, home=home, functions=functions):
            if id(tree) in seen:
                return id(tree), id(home)
            seen.add(id(tree))
            read = sorted({n.id for n in outer_names(tree)} & functions.keys())
            return id(tree), id(home), tuple((n, calls_of(functions[n], seen)) for n in read)
        case Bound(inner=inner, args=args, words=words):
            bound = tuple((k, _identity(a, seen)) for k, a in (*enumerate(args), *words.items()))
            return calls_of(inner, seen), bound
        case Table(entries=entries):
            return tuple((k, calls_of(f, seen)) for k, f in entries.items())
        case Choice(table=table, at=at):
            return calls_of(table, seen), _identity(at, seen)
    return known.key()


def _identity(atom: Any, seen: set[int]) -> Any:
    if isinstance(atom, Known):
        return calls_of(atom, seen)
    return _text(atom) if is_literal(atom) else None


@dataclass(frozen=True, eq=False)
class Moved(Mapping[str, Known]):
    """Functions where the variables that they read have other names; some may follow yet."""

    functions: Mapping[str, Known]
    names: Mapping[str, str]

    def __getitem__(self, key: str) -> Known:
        return moved(self.functions[key], self.names)

    def __iter__(self) -> Iterator[str]:
        return iter(self.functions)

    def __len__(self) -> int:
        return len(self.functions)


def _names(atom: Any) -> list[str]:
    return list(names_of(atom)) if isinstance(atom, Known) else sorted(names_in(atom))


def _text(atom: Any) -> Any:
    return atom.key() if isinstance(atom, Known) else str(gast.dump(atom))
