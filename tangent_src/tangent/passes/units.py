"""One function to be transformed: its source, its scope, its parameters, and its program once it
is asked for.
"""

from __future__ import annotations

import builtins
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import ModuleType
from typing import Any

import gast
import numpy as np

import tangent.runtime
from tangent.analyses.escaping import escaping
from tangent.analyses.summary import Summary, summary, unknown
from tangent.passes.chosen_calls import chosen_calls
from tangent.passes.imports import imported_names
from tangent.passes.known import Closure, Known, Outside, calls_of, names_of
from tangent.passes.listing import gives_list
from tangent.passes.local_classes import local_classes, with_tuple_classes
from tangent.passes.options import bound_names, with_options
from tangent.passes.summaries import Summaries
from tangent.passes.written_results import written_results
from tangent.rules.language import canonical, has_methods, lookup, of_library
from tangent.rules.load import load_optional
from tangent.syntax.program import Program
from tangent.syntax.source import Source, read
from tangent.syntax.symbols import Reference, Symbols
from tangent.syntax.trees import copied, is_literal, name, room_for

MISSING: Any = object()
GRADIENT = "_tangent_gradient"  # what a generated function is the gradient of

WHOLE = "*"  # `args` is a parameter itself: a tuple of any length
Packed = tuple[str, ...] | Mapping[str, str] | str  # the parameters that `*args`, `**kwargs` hold


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
    outer: Mapping[str, Known] = field(default_factory=dict)  # functions known where it stands
    given: Mapping[str, Known] = field(default_factory=dict)  # functions in place of parameters
    packed: Mapping[str, Packed] = field(default_factory=dict)  # `args`, `kwargs`: what they hold
    functions: Mapping[str, Known] = field(default_factory=dict)  # defaults that are functions
    accepted: set[frozenset[str]] = field(default_factory=set)  # varied parameters looked at
    types: Mapping[str, Any] = field(default_factory=dict)  # parameters that are objects
    around: Mapping[str, Any] = field(default_factory=dict)  # imports of the functions around it
    checkpointed: bool = False  # its forward half runs in the backward sweep
    inverse: Any = None  # the Python function that gives back what it was given
    flat: bool = False  # what it calls is written into it

    @property
    def generated(self) -> bool:
        """Did the library write it?"""
        return "__tangent__" in self.function.__globals__

    @cached_property
    def program(self) -> Program:
        self.registry.unfinished.append(self)
        try:
            with room_for(self.tree):
                return self.registry.normalise(self)
        finally:
            self.registry.unfinished.pop()

    def understood(self) -> None:
        """Raises what its program cannot be made for; not while it is being made (recursion)."""
        if self.source not in self.registry.reading:
            self.registry.reading.append(self.source)
            try:
                _ = self.program
            finally:
                self.registry.reading.pop()

    @property
    def summary(self) -> Summary:
        """What callers know; while its program is being made, the worst."""
        if self in self.registry.unfinished:
            self.registry.guessed = True
            return unknown(self.all_parameters)
        return self.registry.summaries.of(self, self._summary)

    def _summary(self) -> Summary:
        found = summary(self.program)
        if GRADIENT in vars(self.function):  # it works on copies of what it would change
            return replace(found, writes=frozenset(), stores=frozenset())
        return found

    @property
    def writes(self) -> frozenset[str]:
        """The parameters that it writes into, also while programs around it are being made: what
        is found out from a guess about those is forgotten again.
        """
        self.registry.guessed = False
        found = self.summary.writes
        if self.registry.guessed:
            self.registry.summaries.forget()
        return found

    @property
    def returns(self) -> Any:
        """The type of its result, where that is an object; unknown while it is being read."""
        return self.program.returns if self._read() else None

    @property
    def changes(self) -> frozenset[str]:
        """The parameters that it writes into; none while it is being read (recursion)."""
        return self.writes if self._read() else frozenset()

    @property
    def escaping(self) -> frozenset[str]:
        """The parameters that it may return, or put into something else; all of them while it is
        being read.
        """
        return self._escaping if self._read() else frozenset(self.all_parameters)

    @cached_property
    def _escaping(self) -> frozenset[str]:
        self.__dict__["_escaping"] = frozenset(self.all_parameters)  # what recursion finds
        try:
            return escaping(self.program)
        except BaseException:
            self.__dict__.pop("_escaping", None)
            raise

    def _read(self) -> bool:
        """Is its program there, or can it be made now?"""
        if self in self.registry.unfinished:
            return False
        _ = self.program
        return True

    @property
    def useful_parameters(self) -> frozenset[str]:
        return self.summary.useful

    @property
    def shared_parameters(self) -> frozenset[str]:
        return self.summary.shared

    @property
    def shares_outside(self) -> frozenset[str]:
        return self.summary.shares_outside

    @property
    def shown(self) -> Mapping[Any, frozenset[str]]:
        return self.summary.shown

    @property
    def lends(self) -> bool:
        return self.summary.lends

    @property
    def stores(self) -> frozenset[str]:
        return self.summary.stores

    @property
    def doubles(self) -> bool:
        return self.summary.doubles

    @property
    def effects(self) -> bool:
        return self.summary.effects

    @property
    def repeatable(self) -> bool:
        return self.summary.repeatable

    @property
    def library(self) -> bool:
        """Is it a function of NumPy or SciPy, read since there is no rule for it?"""
        return of_library(self.function)

    @cached_property
    def lists(self) -> bool:
        """May it give a list, as its text shows?"""
        return gives_list(self.tree)

    def change(self, tree: Any) -> None:
        """From here on its text is `tree`."""
        if tree is not self.tree:
            self.tree = tree
            for known in ("lists", "rebound", "chosen_calls", "written_results", "called"):
                self.__dict__.pop(known, None)

    @cached_property
    def rebound(self) -> frozenset[str]:
        """The names that it binds anew: parameters that do not keep their arguments."""
        return frozenset(bound_names(self.tree))

    @cached_property
    def chosen_calls(self) -> frozenset[int]:
        """The calls in it whose values reach a choice among elements."""
        return chosen_calls(self.tree)

    @cached_property
    def written_results(self) -> frozenset[int]:
        """The calls in it whose values are written into."""
        return written_results(self.tree)

    @cached_property
    def called(self) -> frozenset[str]:
        """The names that are called as functions in it."""
        calls = (n.func for n in gast.walk(self.tree) if isinstance(n, gast.Call))
        return frozenset(f.id for f in calls if isinstance(f, gast.Name))

    def default(self, parameter: str) -> Any | None:
        """The default of a parameter: an atom, or a function that it calls."""
        return self.functions.get(parameter, self.defaults.get(parameter))

    def options(self, active: frozenset[str], half: str) -> dict[str, Any]:
        """What a half is given beside the arguments (see `passes.later`): nothing."""
        return {}

    def copy(self) -> Unit:
        """The same function, apart from this one: a factory's, for one of its calls."""
        return replace(self, accepted=set())

    @property
    def all_parameters(self) -> tuple[str, ...]:
        return self.parameters + self.free

    @cached_property
    def imported(self) -> Mapping[str, tuple[Any, Reference | None]]:
        """What the imports in it bind, and the classes that it defines; and those in the functions
        around it.
        """
        package = self.function.__globals__.get("__package__")
        found = {**self.around, **imported_names(self.tree, package)}
        values = {n: value for n, (value, _) in found.items()}

        def lookup(one: str) -> Any:
            value = self._outside(one, found)[0]
            return None if value is MISSING else value

        classes = local_classes(self.tree, self.function, values, lookup)
        return {**found, **{n: (cls, Reference(classes, n)) for n, cls in classes.items()}}

    @cached_property
    def _captured(self) -> Mapping[str, Reference]:
        """Where the captured values of a generated text live: what its module holds of them is as
        old as its last call.
        """
        module = self.function.__globals__.get("__tangent__")
        return dict(module.captured) if module is not None else {}

    def lookup(self, identifier: str) -> tuple[Any, Reference | None]:
        """The value of a name that is not local, and where it lives; (MISSING, None) if it is
        unbound.
        """
        return self._outside(identifier, self.imported)

    def _outside(
        self, identifier: str, imported: Mapping[str, tuple[Any, Reference | None]]
    ) -> tuple[Any, Reference | None]:
        if identifier in imported:
            return imported[identifier]
        code = self.function.__code__
        if identifier in code.co_freevars:
            cell = self.function.__closure__[code.co_freevars.index(identifier)]
            return _read(Reference(cell, "cell_contents"), identifier)
        if identifier in self._captured:
            reference = self._captured[identifier]
            return reference.get(), reference
        outside = Reference(self.function.__globals__, identifier)
        if identifier in self.function.__globals__:
            return _read(outside, identifier)
        self.registry.resolved[outside.key, id(outside.holder)] = outside, None
        return getattr(builtins, identifier, MISSING), None


def _held(parameter: str, packed: Packed) -> Iterable[str]:
    """The parameters that a call fills in place of `*args` or `**kwargs`."""
    if isinstance(packed, str):
        return (parameter,)
    return packed.values() if isinstance(packed, Mapping) else packed


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
    checkpoints: bool = True  # do those in the program count?
    resolved: dict[Any, tuple[Reference, Any]] = field(default_factory=dict)
    reading: list[Source] = field(default_factory=list)  # functions of libraries, now
    unfinished: list[Unit] = field(default_factory=list)  # whose programs are being made, now
    guessed: bool = False  # was the summary of one of these asked for?
    summaries: Summaries = field(default_factory=Summaries)
    objects: frozenset[str] = frozenset()  # what may be asked of objects (`no_objects`)
    root: Unit | None = None  # the one that was asked for first
    primal: Callable[[Unit], str] = lambda unit: f"@function:{unit.name}"  # its symbol, as it is
    _units: dict[Any, Unit] = field(default_factory=dict)

    def resolve(self, reference: Reference | None, value: Any) -> None:
        """Note what a name stood for, if it was no plain value (those are read at each call)."""
        if reference is None or not (callable(value) or isinstance(value, ModuleType)):
            return
        home = getattr(reference.holder, "__name__", "").partition(".")[0]
        if home in ("numpy", "math") or has_methods(reference.holder):
            return  # nobody binds `np.sum` to something else; asking at each call costs time
        self.resolved[reference.key, id(reference.holder)] = reference, value
        if hasattr(value, "generated"):  # a derivative, whose text may be written again
            own = Reference(value, "generated")
            self.resolved[own.key, id(value)] = own, value.generated

    def watch(self, reference: Reference, value: Any) -> None:
        """Note an object that the text was written for: a table of functions, a partial one."""
        self.resolved[reference.key, id(reference.holder)] = reference, value

    def watch_type(self, seen: Any) -> None:
        """Note an object for whose class, and those of its attributes, the text was written."""
        self.resolved["type", seen.where.key, id(seen.where.holder)] = seen, seen.known

    def watch_leaf(self, leaf: Any) -> None:
        """Note a class for whose having no subclasses the text was written."""
        self.resolved["leaf", leaf.cls] = leaf, leaf.cls

    def watch_dispatch(self, chosen: Any) -> None:
        """Note which function runs for a class, under `functools.singledispatch`."""
        self.resolved["dispatch", id(chosen.function), chosen.cls] = chosen, chosen.get()

    def of(self, function: Any) -> Unit:
        """The unit of a Python function."""
        if id(function) not in self._units:
            source = read(function)
            tree = with_tuple_classes(source.tree)
            spelled = tree.name.strip("_") if tree.name.startswith("__") else tree.name
            unit = Unit(spelled, source, tree, function, parameters(tree), {}, self)
            marked = getattr(function, "checkpointed_by_tangent", False)
            inverse = getattr(function, "reversed_by_tangent", None) if self.checkpoints else None
            unit.inverse = inverse
            unit.checkpointed = (marked and self.checkpoints) or inverse is not None
            unit.defaults, unit.functions = self._defaults(tree, function)
            self._units[id(function)] = unit
            self.root = self.root or unit
        return self._units[id(function)]

    def written_out(
        self,
        function: Any,
        options: Mapping[str, Any],
        lengths: Mapping[str, int],
        there: frozenset[str],
    ) -> Unit:
        """The unit of a function for calls that pass these literals, as many in `*args`, and what
        is not None for the parameters `there`.
        """
        words = tuple((p, gast.dump(o)) for p, o in options.items())
        key = id(function), words, tuple(lengths.items()), there
        if key not in self._units:
            source = read(function)
            general = replace(self.of(function), source=source)
            tree = with_options(source.tree, options, lengths, there)
            self._units[key] = _with_tree(general, tree, options)
        return self._units[key]

    def for_literals(self, unit: Unit, options: Mapping[str, Any]) -> Unit:
        """A unit for calls that pass these literals."""
        key = id(unit), "literals", tuple((p, gast.dump(o)) for p, o in options.items())
        if key not in self._units:
            tree = with_options(copied(unit.tree), options, {})
            self._units[key] = _with_tree(unit, tree, options)
        return self._units[key]

    def specialised(
        self, unit: Unit, given: Mapping[str, Known], packed: Mapping[str, Packed]
    ) -> Unit:
        """A unit for calls that pass these functions, and these numbers of further arguments.

        The variables that the functions read are further parameters of it.
        """
        words = tuple((p, type(names), tuple(names)) for p, names in packed.items())
        key = id(unit), tuple((p, k.key()) for p, k in given.items()), words
        if key not in self._units:
            names = [n for k in given.values() for n in names_of(k)]
            items = [n for p, held in packed.items() for n in _held(p, held)]
            self._units[key] = replace(
                unit,
                parameters=(*(p for p in unit.parameters if p not in given), *items),
                defaults={p: d for p, d in unit.defaults.items() if p not in given},
                free=(*unit.free, *dict.fromkeys(names)),
                given=given,
                packed=packed,
                accepted=set(),
            )
        return self._units[key]

    def typed(self, unit: Unit, types: Mapping[str, Any]) -> Unit:
        """A unit for calls that pass objects of these types."""
        key = id(unit), "types", tuple(types.items())
        if key not in self._units:
            self._units[key] = replace(unit, types=types, accepted=set())
        if unit is self.root:
            self.root = self._units[key]
        return self._units[key]

    def nested(self, closure: Closure) -> Unit:
        """The unit of a `def` or `lambda` inside a transformed function."""
        tree, outer = closure.tree, closure.home
        key = closure.free, calls_of(closure)
        if key not in self._units:
            defaults = dict(named_defaults(tree))
            defaults = {p: d for p, d in defaults.items() if p not in closure.defaults}
            self._units[key] = Unit(
                tree.name,
                outer.source,
                tree,
                outer.function,
                parameters(tree),
                defaults,
                self,
                closure.free,
                closure.functions,
                around=outer.imported,
                # no other decorator is let in
                checkpointed=bool(tree.decorator_list) and self.checkpoints,
            )
        return self._units[key]

    def _defaults(self, tree: Any, function: Any) -> tuple[dict[str, Any], dict[str, Known]]:
        values, functions = {}, dict[str, Known]()
        signature = inspect.signature(function, follow_wrapped=False)
        for parameter, written in named_defaults(tree):
            if is_literal(written):
                values[parameter] = written
                continue
            value = signature.parameters[parameter].default
            values[parameter] = name(self.symbols.constant(f"{tree.name}_{parameter}", value))
            if callable(value) and not isinstance(value, type):
                functions[parameter] = Outside(value, values[parameter])
        return values, functions


def parameters(tree: Any) -> tuple[str, ...]:
    arguments = tree.args
    return tuple(a.id for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs))


def named_defaults(tree: Any) -> list[tuple[str, Any]]:
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


def _is_helper(identifier: str, unit: Unit) -> bool:
    symbol = unit.registry.symbols.table.get(identifier)
    return symbol is not None and symbol.kind == "runtime"


def _with_tree(unit: Unit, tree: Any, options: Mapping[str, Any]) -> Unit:
    """A unit with the text in which these options are written."""
    defaults = {p: d for p, d in unit.defaults.items() if p not in options}
    own = tuple(p for p in unit.parameters if p not in options)
    return replace(unit, tree=tree, parameters=own, defaults=defaults, accepted=set())


def static(node: Any, unit: Unit, is_local: Callable[[str], bool]) -> tuple[Any, Reference | None]:
    """The object that a dotted name stands for when it is read: a global, a cell, an attribute of
    a module or class.
    """
    value, reference = MISSING, None
    if isinstance(node, gast.Name) and node.id.startswith("@builtin:"):
        value = getattr(builtins, node.id.partition(":")[2])
    elif isinstance(node, gast.Name) and node.id.startswith("@import:"):
        value = unit.registry.symbols[node.id].payload
    elif isinstance(node, gast.Name) and _is_helper(node.id, unit):
        value = getattr(tangent.runtime, node.id[1:])
    elif isinstance(node, gast.Name) and not is_local(node.id):
        value, reference = unit.lookup(node.id)
    elif isinstance(node, gast.Attribute):
        base, _ = static(node.value, unit, is_local)
        base = np if getattr(base, "__name__", "") == "cupy" else base  # known by NumPy's names
        if isinstance(base, (ModuleType, type)) or has_methods(base):
            value = canonical(getattr(base, node.attr, MISSING))
            reference = Reference(base, node.attr)
    if callable(value) and lookup(value) is None:
        load_optional()
    unit.registry.resolve(reference, value)
    return value, reference
