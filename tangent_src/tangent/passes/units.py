"""One function to be transformed: its source, its scope, its parameters, and its program once it
is asked for.
"""

from __future__ import annotations

import builtins
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType
from typing import Any

import gast

from tangent.analyses.summary import Summary, summary, unknown
from tangent.errors import UnsupportedSyntax
from tangent.syntax.program import Program
from tangent.syntax.source import Source, read
from tangent.syntax.symbols import Reference, Symbols
from tangent.syntax.trees import is_literal, name, room_for

MISSING: Any = object()


@dataclass(eq=False)
class Unit:
    """A function in the accepted language.

    `parameters` are its own; `free` the variables of an enclosing transformed function that it
    reads, which callers pass as further arguments.
    """

    name: str
    source: Source
    tree: Any
    function: Any  # the Python function in whose globals and cells names are looked up
    parameters: tuple[str, ...]
    defaults: Mapping[str, Any]
    registry: Units
    free: tuple[str, ...] = ()
    outer: Mapping[str, Any] = field(default_factory=dict)  # nested functions of the enclosing one
    accepted: set[frozenset[str]] = field(default_factory=set)  # varied parameters looked at

    @cached_property
    def program(self) -> Program:
        with room_for(self.tree):
            return self.registry.normalise(self)

    @cached_property
    def summary(self) -> Summary:
        """What callers know; while it is being found out (recursion), the worst."""
        self.__dict__["summary"] = unknown(self.all_parameters)
        try:
            return summary(self.program)
        except BaseException:
            self.__dict__.pop("summary", None)
            raise

    @property
    def useful_parameters(self) -> frozenset[str]:
        return self.summary.useful

    @property
    def shared_parameters(self) -> frozenset[str]:
        return self.summary.shared

    @property
    def shares_outside(self) -> bool:
        return self.summary.shares_outside

    @property
    def effects(self) -> bool:
        return self.summary.effects

    @property
    def all_parameters(self) -> tuple[str, ...]:
        return self.parameters + self.free

    def lookup(self, identifier: str) -> tuple[Any, Reference | None]:
        """The value of a name that is not local, and where it lives; (MISSING, None) if it is
        unbound.
        """
        code = self.function.__code__
        if identifier in code.co_freevars:
            cell = self.function.__closure__[code.co_freevars.index(identifier)]
            return _read(Reference(cell, "cell_contents"), identifier)
        outside = Reference(self.function.__globals__, identifier)
        if identifier in self.function.__globals__:
            return _read(outside, identifier)
        self.registry.resolved[outside.key, id(outside.holder)] = outside, None
        return getattr(builtins, identifier, MISSING), None


def _read(reference: Reference, identifier: str) -> tuple[Any, Reference | None]:
    try:
        return reference.get(), Reference(reference.holder, identifier)
    except ValueError:  # an empty cell
        return MISSING, None


@dataclass(eq=False)
class Units:
    """Every function that one transformation meets, each once, and the names that it resolved on
    the way.

    `resolved` holds (reference, value) of every function, module and class found through a global,
    a cell or an attribute, and of every global that was not there, so that the name is a builtin's:
    if one of them is bound to something else later, the transformation no longer holds.
    """

    normalise: Callable[[Unit], Program]
    symbols: Symbols = field(default_factory=Symbols)
    resolved: dict[Any, tuple[Reference, Any]] = field(default_factory=dict)
    _units: dict[int, Unit] = field(default_factory=dict)

    def resolve(self, reference: Reference | None, value: Any) -> None:
        """Note what a name stood for, if it was no plain value (those are read at each call)."""
        if reference is None or not (callable(value) or isinstance(value, ModuleType)):
            return
        if getattr(reference.holder, "__name__", "").partition(".")[0] in ("numpy", "math"):
            return  # nobody binds `np.sum` to something else; asking at each call costs time
        self.resolved[reference.key, id(reference.holder)] = reference, value
        if hasattr(value, "generated"):  # a derivative, whose text may be written again
            own = Reference(value, "generated")
            self.resolved[own.key, id(value)] = own, value.generated

    def of(self, function: Any) -> Unit:
        """The unit of a Python function."""
        if id(function) not in self._units:
            source = read(function)
            tree = source.tree
            unit = Unit(tree.name, source, tree, function, parameters(tree, source), {}, self)
            unit.defaults = self._defaults(tree, function)
            self._units[id(function)] = unit
        return self._units[id(function)]

    def nested(
        self, tree: Any, outer: Unit, free: tuple[str, ...], functions: Mapping[str, Any]
    ) -> Unit:
        """The unit of a `def` or `lambda` inside a transformed function."""
        if id(tree) not in self._units:
            defaults = dict(_named_defaults(tree))
            if not all(is_literal(d) for d in defaults.values()):
                location = outer.source.location(tree)
                raise UnsupportedSyntax(
                    "a default of a nested function that is no literal",
                    code="nested-default",
                    location=location,
                    help="pass the value as an argument",
                )
            self._units[id(tree)] = Unit(
                tree.name,
                outer.source,
                tree,
                outer.function,
                parameters(tree, outer.source),
                defaults,
                self,
                free,
                functions,
            )
        return self._units[id(tree)]

    def _defaults(self, tree: Any, function: Any) -> dict[str, Any]:
        values = {}
        signature = inspect.signature(function, follow_wrapped=False)
        for parameter, written in _named_defaults(tree):
            if is_literal(written):
                values[parameter] = written
            else:
                value = signature.parameters[parameter].default
                wish = f"{tree.name}_{parameter}"
                values[parameter] = name(self.symbols.constant(wish, value))
        return values


def parameters(tree: Any, source: Source) -> tuple[str, ...]:
    arguments = tree.args
    for star, mark in ((arguments.vararg, "*"), (arguments.kwarg, "**")):
        if star is not None:
            raise UnsupportedSyntax(
                f"`{mark}{star.id}` in the signature",
                code="star-parameter",
                location=source.location(tree),
                help="name the parameters one by one, or pass a tuple or a dict",
            )
    return tuple(a.id for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs))


def _named_defaults(tree: Any) -> list[tuple[str, Any]]:
    arguments = tree.args
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = list(
        zip(
            positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True
        )
    )
    pairs += [
        (a, d)
        for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if d is not None
    ]
    return [(a.id, d) for a, d in pairs]


def static(node: Any, unit: Unit, is_local: Callable[[str], bool]) -> tuple[Any, Reference | None]:
    """The object that a dotted name stands for when it is read: a global, a cell, an attribute of
    a module or class.
    """
    value, reference = MISSING, None
    if isinstance(node, gast.Name) and not is_local(node.id):
        value, reference = unit.lookup(node.id)
    elif isinstance(node, gast.Attribute):
        base, _ = static(node.value, unit, is_local)
        if isinstance(base, (ModuleType, type)):
            value = getattr(base, node.attr, MISSING)
            reference = Reference(base, node.attr)
    unit.registry.resolve(reference, value)
    return value, reference
