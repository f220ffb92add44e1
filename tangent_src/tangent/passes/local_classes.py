"""Classes that a function defines, made when it is read.

    def loss(x):
        @dataclass
        class Point:                ->      a class, as one of the module's
            a: float
            b: float = 2.0
        return area(Point(x))

Python makes the class anew in each call.  Where it reads no variable of the function, but other
such classes and what stands around the function, all of these are the same, and one of them is made
from the code that Python would run.  Any other is refused where it stands.
"""

from __future__ import annotations

import builtins
import collections
import dataclasses
import functools
import typing
from collections.abc import Callable, Iterator, Mapping
from types import CellType, CodeType, FunctionType
from typing import Any
from weakref import WeakKeyDictionary

import gast

from tangent.syntax.trees import replaced

_DECORATORS = (dataclasses.dataclass, functools.total_ordering)
_CALLED = (dataclasses.field, property, staticmethod, classmethod, float, int, tuple, frozenset)
_STATEMENTS = (gast.FunctionDef, gast.Assign, gast.AnnAssign, gast.Pass, gast.Expr)

_TUPLES = ("namedtuple", "NamedTuple")
_UNKNOWN = object()

_MADE: WeakKeyDictionary[FunctionType, dict[int, Mapping[str, type]]] = WeakKeyDictionary()


def local_classes(
    tree: Any, function: FunctionType, imported: Mapping[str, Any], lookup: Callable[[str], Any]
) -> Mapping[str, type]:
    """The classes that the body of a function defines, by name, as far as they can be made.

    `imported` are the values of the imports in it; `lookup` gives that of a name from outside, or
    None.  The classes of one function are made once.
    """
    written = [s for s in tree.body if isinstance(s, gast.ClassDef)]
    if not written:
        return {}
    known = _MADE.setdefault(function, {})
    if tree.lineno not in known:
        cells = {n: CellType(value) for n, value in imported.items()}
        makers = _Makers(tree, function, lookup, cells)
        for node in written:
            makers.make(node)
        known[tree.lineno] = makers.made
    return known[tree.lineno]


class _Makers:
    """What is made so far, and the cells that hold what the classes read."""

    def __init__(
        self,
        tree: Any,
        function: FunctionType,
        lookup: Callable[[str], Any],
        cells: dict[str, CellType],
    ) -> None:
        self.tree, self.function, self.lookup, self.cells = tree, function, lookup, cells
        self.made: dict[str, type] = {}

    def make(self, node: gast.ClassDef) -> None:
        code = next((c for c in _inside(self.function.__code__) if _is_of(c, node)), None)
        if code is None and _is_named_tuple(node) and self._binds_once(node.name):
            if (named := self.static(node.bases[0])) is not None:
                self.made[node.name] = named
            return
        if code is None or not self._is_plain(node) or not self._binds_once(node.name):
            return
        cell = self.cells[node.name] = CellType()
        closure = tuple(map(self._cell, code.co_freevars))
        if None in closure:
            del self.cells[node.name]
            return
        body = FunctionType(code, self.function.__globals__, node.name, None, closure)  # type: ignore[arg-type]
        bases = [self.static(b) for b in node.bases]
        cls: Any = builtins.__build_class__(body, node.name, *bases)
        for decorator in reversed(node.decorator_list):
            cls = self.static(decorator)(cls)
        cell.cell_contents = cls
        self.made[node.name] = cls

    def _binds_once(self, one: str) -> bool:
        nodes = list(gast.walk(self.tree))
        defined = [n for n in nodes if isinstance(n, gast.ClassDef) and n.name == one]
        stored = (n for n in nodes if isinstance(n, gast.Name) and n.id == one)
        return len(defined) == 1 and all(isinstance(n.ctx, gast.Load) for n in stored)

    def _cell(self, one: str) -> CellType | None:
        """The cell of a name from outside; of an import or a class of this function its own."""
        if one in self.cells:
            return self.cells[one]
        code = self.function.__code__
        if one not in code.co_freevars:
            return None
        return self.function.__closure__[code.co_freevars.index(one)]  # type: ignore[index]

    def _is_plain(self, node: gast.ClassDef) -> bool:
        """Does nothing in it run that could see, or change, more than the class?"""
        known = all(self.static(b) is not None for b in (*node.bases, *node.decorator_list))
        inside = [n for s in node.body for n in _own(s)]
        called = [n.func for n in inside if isinstance(n, gast.Call)]
        return (
            known
            and not node.keywords
            and all(isinstance(s, _STATEMENTS) for s in node.body)
            and all(any(self.static(f) is one for one in _CALLED) for f in called)
        )

    def static(self, node: Any) -> Any:
        """The value of a base or decorator; None if it is not known."""
        match node:
            case gast.Name(id=one):
                return self.made.get(one) or self.lookup(one)
            case gast.Attribute(value=value, attr=attr):
                return getattr(self.static(value), attr, None)
            case gast.Call(func=function, args=[], keywords=words):
                found = self.static(function)
                options = {k.arg: k.value for k in words}
                plain = all(isinstance(v, gast.Constant) for v in options.values())
                if plain and found is dataclasses.dataclass:
                    return dataclasses.dataclass(**{k: v.value for k, v in options.items()})
            case gast.Call(func=function, args=args, keywords=words):
                return self._tuple_class(self.static(function), args, words)
        return None

    def _tuple_class(self, maker: Any, args: list[Any], words: list[Any]) -> Any:
        """`namedtuple("P", "a b")`, whose arguments are written there."""
        values = [self._written(a) for a in args]
        options = {k.arg: self._written(k.value) for k in words}
        known = _UNKNOWN not in (*values, *options.values()) and None not in options
        if not known or maker not in (collections.namedtuple, typing.NamedTuple):
            return None
        cls = maker(*values, **options)
        cls.__module__ = self.function.__module__
        return cls

    def _written(self, node: Any) -> Any:
        match node:
            case gast.Constant(value=value):
                return value
            case gast.List(elts=elts) | gast.Tuple(elts=elts):
                inside = [self._written(e) for e in elts]
                return _UNKNOWN if _UNKNOWN in inside else tuple(inside)
            case gast.Name() | gast.Attribute() if isinstance(self.static(node), type):
                return self.static(node)
        return _UNKNOWN


def with_tuple_classes(tree: Any) -> Any:
    """A function in which `P = namedtuple("P", "a b")` is a class statement."""
    return replaced(tree, body=[_as_class(s) for s in tree.body])


def _as_class(node: Any) -> Any:
    match node:
        case gast.Assign(targets=[gast.Name(id=one)], value=gast.Call(func=function) as made):
            if getattr(function, "attr", getattr(function, "id", "")) in _TUPLES:
                whole = gast.ClassDef(one, [made], [], [gast.Pass()], [], [])
                return gast.copy_location(whole, node)
    return node


def _is_named_tuple(node: gast.ClassDef) -> bool:
    made = len(node.bases) == 1 and isinstance(node.bases[0], gast.Call)
    return made and [type(s) for s in node.body] == [gast.Pass]


def _own(node: Any) -> Iterator[Any]:
    """The nodes of a statement of a class that run when it is made."""
    if isinstance(node, gast.FunctionDef):
        defaults = (d for d in (*node.args.defaults, *node.args.kw_defaults) if d is not None)
        for part in (*node.decorator_list, *defaults):
            yield from gast.walk(part)
        return
    yield from gast.walk(node)


def class_codes(code: CodeType) -> Iterator[CodeType]:
    """The code of the classes that a function defines."""
    return (c for c in _inside(code) if "__qualname__" in c.co_names)


def _inside(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _inside(constant)


def _is_of(code: CodeType, node: gast.ClassDef) -> bool:
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    return bool(code.co_name == node.name and code.co_firstlineno == first)
