"""Where the text asks whether a value is an object, in a program that has objects.

    n = g.size      ->      n = no_object(g).size

`size` of an array is a constant, `size` of an object is what its class says.  Where the class of an
object is known, its own attribute is meant; where nothing is known, and objects are about, the text
asks.  Only what the classes that a program names, or is given objects of, have is asked for.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import CodeType, FunctionType, ModuleType
from typing import Any

import gast

from tangent.passes.kinds import ARRAY
from tangent.passes.local_classes import class_codes
from tangent.passes.objects import Each, Many, Object, Unknown
from tangent.rules.language import lookup
from tangent.runtime import fields_of, is_record, no_object
from tangent.syntax.program import Apply, Assign, Copy, For, If, Item, Plain
from tangent.syntax.trees import call, is_field, is_literal, names_in

ANYTHING = "*"
_MADE = 1 << 9  # of classes that were made by a `class` statement (`Py_TPFLAGS_HEAPTYPE`)
_LIBRARIES = (
    *("numpy", "scipy", "cupy", "tangent", "builtins", "functools", "math"),
    *("dataclasses", "typing", "enum", "abc", "contextlib"),
    *("collections", "itertools", "operator", "copy"),  # heap types in some versions of Python
)


def asked(self: Any, base: Any, word: str) -> Any:
    """The atom `base`, of which `word` is asked, which arrays have: asked whether it is an object
    where it may be one that has it, too.
    """
    registry = self.unit.registry
    if not isinstance(base, gast.Name) or base.id[0] == "@" or surely_none(self, base):
        return base
    if word not in registry.objects and ANYTHING not in registry.objects:
        return base
    expr = call(registry.symbols.runtime("no_object"), base)
    reads = frozenset(names_in(base))
    return self.temporary(Apply(expr, reads, lookup(no_object), {"value": base}))


def of_no_object(self: Any, expr: Any, operands: Iterable[Any], words: Iterable[str]) -> Any:
    """What is a constant of numbers and arrays, asked whether it is an object where an operand may
    be one: `a & b` of objects is what the methods `words` of their classes say.
    """
    registry = self.unit.registry
    if registry.objects.isdisjoint(words) or all(surely_none(self, a) for a in operands):
        return expr
    return call(registry.symbols.runtime("no_object"), expr)


def surely_none(self: Any, atom: Any, end: int | None = None, depth: int = 6) -> bool:
    """Is the value of an atom surely no object?  Told by the first `end` statements."""
    name: str = getattr(atom, "id", "@")
    if name[0] == "@":
        return bool(is_literal(atom))
    kind = self.kinds.get(name) or ARRAY
    if kind not in (ARRAY, "object"):
        return True
    if name in self.types or kind == "object":
        return kind != "object" and not isinstance(self.types[name], Object)
    if self.unit is self.unit.registry.root and name in self.unit.parameters:
        return name not in self.unit.rebound
    code = self.code[:end] if depth else []
    for position in reversed(range(len(code))):
        statement = code[position]
        if isinstance(statement, Assign) and statement.target == name:
            return _is_none(self, statement.value, position, depth - 1)
        if isinstance(statement, (If, For)):
            return False
    return False


def _is_none(self: Any, value: Any, end: int, depth: int) -> bool:
    match value:
        case Apply(rule=rule) if rule.function is no_object:
            return True
        case Apply(expr=gast.BinOp() | gast.UnaryOp(), arguments=arguments):
            return all(surely_none(self, a, end, depth) for a in arguments.values())
        case Apply(rule=rule):
            return bool(rule.numeric)
        case Plain(scalar=scalar):
            return bool(scalar)
        case Copy(source=source):
            return surely_none(self, gast.Name(source, gast.Load(), None, None), end, depth)
        case Item(base=base, index=index) if not is_field(index):
            root = self.unit is self.unit.registry.root
            given = root and base in self.unit.parameters and base not in self.unit.rebound
            return given and base not in self.types and self.kinds.get(base) is None
        case Item(base=base, index=index):
            known = self.types.get(base)
            if not isinstance(known, Object) or known.own is None:
                return False
            return index.value in known.own and known.attribute(index.value) is None
    return False


# ---------------------------------------------------------------- what objects are about?


def words_about(function: Any, types: Iterable[Any] = ()) -> frozenset[str]:
    """What may be asked of the objects that a function may meet: the names in the classes that it
    names, or that functions name which it calls; and in those of its arguments.
    """
    about = _About()
    about.add_function(function)
    for known in types:
        about.add_type(known)
    return frozenset(about.words)


@dataclass
class _About:
    words: set[str] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)

    def add_type(self, known: Any) -> None:
        match known:
            case Object(cls=cls, held=held, own=own):
                self.add_class(cls)
                self.words |= own or set()
                for _, inside in held:
                    self.add_type(inside)
            case Many(item=item):
                self.add_type(item)
            case Each(items=items):
                for inside in items:
                    self.add_type(inside)
            case Unknown():
                self.words.add(ANYTHING)

    def add_function(self, function: Any) -> None:
        if id(function) not in self.seen and isinstance(function, FunctionType):
            self.seen.add(id(function))
            for code in class_codes(function.__code__):
                self.words.update(_names_of(code))
            for value in _named(function):
                self.add(value)

    def add_class(self, cls: type) -> None:
        if id(cls) in self.seen or not cls.__flags__ & _MADE or issubclass(cls, BaseException):
            return
        self.seen.add(id(cls))
        for one in cls.__mro__[:-1]:
            for word, inside in vars(one).items():
                self.words.add(word)
                for part in (inside, *(getattr(inside, w, None) for w in ("fget", "__func__"))):
                    if isinstance(part, FunctionType):
                        self.words.update(_names_of(part.__code__))
                        self.add_function(part)

    def add(self, value: Any) -> None:
        plain = isinstance(value, FunctionType | type)
        home = str(value.__module__ if plain else type(value).__module__)
        if home.startswith("tangent") and hasattr(value, "generated"):  # a derivative
            self.add_function(value.generated)
        elif isinstance(value, functools.partial):
            for part in (value.func, value.args, value.keywords):
                self.add(part)
        elif isinstance(value, dict | list | tuple) and id(value) not in self.seen:
            self.seen.add(id(value))
            for entry in value.values() if isinstance(value, dict) else value:
                self.add(entry)
        elif home.partition(".")[0] in _LIBRARIES and not home.startswith("tangent.generated"):
            return
        elif isinstance(value, type):
            self.add_class(value)
        elif isinstance(value, FunctionType):
            self.add_function(value)
        elif is_record(value):
            self.add_class(type(value))
            self.words.update(fields_of(value))


def _named(function: FunctionType) -> Iterator[Any]:
    """The values that the names in the text of a function may stand for."""
    names = set(_names_of(function.__code__))
    outside = [function.__globals__[n] for n in names if n in function.__globals__]
    for cell in function.__closure__ or ():
        try:
            outside.append(cell.cell_contents)
        except ValueError:  # an empty cell
            continue
    outside += [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    for value in outside:
        if not isinstance(value, ModuleType):
            yield value
        elif value.__name__.partition(".")[0] not in _LIBRARIES:
            yield from (vars(value)[n] for n in names & vars(value).keys())


def _names_of(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names_of(inner)
