"""What the parts of `normalise` share: the state of one run, and how it emits and refuses."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import BuiltinFunctionType, FunctionType
from typing import Any, NoReturn

import gast
import numpy as np

from tangent.errors import UnsupportedSyntax
from tangent.passes.companions import Companions, forget_items
from tangent.passes.kinds import STREAM, Kinds, note_kind
from tangent.passes.known import Closure, Known, Moved, names_of
from tangent.passes.no_objects import surely_none
from tangent.passes.objects import Object, Stream, note_root, note_type
from tangent.passes.second_names import behind, rebinding
from tangent.passes.units import MISSING, Unit, named_defaults, static
from tangent.rules.language import Entry, lookup
from tangent.syntax.names import Names, free_name
from tangent.syntax.program import (
    Assign,
    Call,
    Copy,
    Item,
    Origin,
    Plain,
    Statement,
    Unpack,
    Value,
)
from tangent.syntax.scopes import bound_names, outer_names
from tangent.syntax.symbols import Reference
from tangent.syntax.trees import is_literal, is_number, item, literal, name, names_in


@dataclass
class Fields:
    """The attributes of an object that is being made, with the variables that hold them.

    Those that a block has set are `perhaps` set behind it, unless the other branch does so, too.
    """

    sure: dict[str, str] = field(default_factory=dict)
    perhaps: dict[str, str] = field(default_factory=dict)
    last: frozenset[str] = frozenset()  # those that the last block has set

    def __contains__(self, attribute: str) -> bool:
        return attribute in self.sure or attribute in self.perhaps

    def variable(self, attribute: str, new: Callable[[], str]) -> str:
        """The variable of an attribute that is set now."""
        if attribute not in self.sure:
            self.sure[attribute] = self.perhaps.pop(attribute, "") or new()
        return self.sure[attribute]

    def left(self, before: set[str]) -> None:
        """A block ends, which began with the attributes `before`: others are no longer sure."""
        self.last = frozenset(self.sure.keys() - before)
        self.perhaps |= {a: self.sure.pop(a) for a in list(self.sure) if a in self.last}

    def joined(self, one: frozenset[str]) -> None:
        """Two branches end, of which the first has set `one`."""
        both = one & self.last
        self.sure |= {a: self.perhaps.pop(a) for a in list(self.perhaps) if a in both}


@dataclass(eq=False)
class Lowering:
    """The state of one run: what is known of names, and the statements written so far."""

    unit: Unit
    names: Names
    local: set[str]
    code: list[Statement] = field(default_factory=list)
    functions: dict[str, Known] = field(default_factory=dict)
    current: Origin | None = None
    result: str = ""
    calls: int = 0
    result_origin: Origin | None = None
    attempts: dict[str, Any] = field(default_factory=dict)  # under a `try`, for the `if` behind it
    once: set[str] = field(default_factory=set)  # names of what is read once, behind its binding
    iterators: dict[str, Any] = field(default_factory=dict)  # those asked for single items
    drawn: dict[str, Any] = field(default_factory=dict)  # generators under a name
    tries: int = 0  # the `try`s around what is being written
    contexts: list[Any] = field(default_factory=list)  # `np.errstate(…)`, of `with` statements
    escaping: frozenset[str] = frozenset()  # loop variables that are read outside their loops
    types: dict[str, Any] = field(default_factory=dict)  # names that hold objects (`objects`)
    roots: dict[str, str] = field(default_factory=dict)  # the first name of an object
    companions: Companions = field(default_factory=Companions)  # who may reach the same list
    virtual: dict[str, Fields] = field(default_factory=dict)  # objects being made
    making: dict[str, type] = field(default_factory=dict)  # the classes of these
    inlined: tuple[int, ...] = ()  # the functions that are written out around here
    moved: set[str] = field(default_factory=set)  # what a name may stand for at once
    done: dict[int, Any] = field(default_factory=dict)  # expressions with the atoms they gave
    valued: frozenset[str] = frozenset()  # names that hold functions as values, too
    unheld: dict[str, Any] = field(default_factory=dict)  # those that cannot, and why
    originals: dict[str, str] = field(default_factory=dict)  # names in the source, of others
    first: Any = None  # the first argument of the function, for `super()`
    packed: dict[str, Any] = field(default_factory=dict)  # what `args`, `kwargs` hold (see `Unit`)
    prepare: Callable[[Any], None] = lambda other: None  # completes a run for another function
    perhaps: set[str] = field(default_factory=set)  # names of what functions gave, perhaps lists
    kinds: Kinds = field(default_factory=dict)  # names that surely hold a list, dict, …
    kinded: set[str] = field(default_factory=set)  # those that did at some place
    lower: Callable[[list[Any]], None] = lambda body: None  # writes the statements of a block
    atom: Callable[[Any], Any] = lambda node: node  # a name or literal for an expression
    value: Callable[[Any], Value] = lambda node: Plain(node, frozenset())  # its value
    index: Callable[[Any], Any] = lambda node: node  # an index, as it stands where possible

    # ------------------------------------------------------------ helpers

    def refuse(self, message: str, code: str, node: Any, help: str) -> NoReturn:
        location = self.unit.source.location(node)
        raise UnsupportedSyntax(message, code=code, location=location, help=help)

    def origin(self, node: Any) -> Origin:
        source = self.unit.source
        shown = node.value if isinstance(node, gast.Return) and node.value is not None else node
        return Origin(node.lineno, source.segment(shown), source.location(node))

    def here(self) -> Origin:
        assert self.current is not None
        return self.current

    def emit(self, target: str, value: Value) -> None:
        if isinstance(value, Copy) and target in (value.source, self.roots.get(value.source)):
            return  # it is the same
        if self.roots:
            rebinding(self, target)
        self.code.append(Assign(self.here(), target, value))
        self.note(target, value)

    def unpack(self, targets: tuple[str, ...], source: str) -> None:
        """`a, b = source`; of each target the same is known as after `a = source[0]`."""
        for target in targets:
            rebinding(self, target)
        self.code.append(Unpack(self.here(), targets, source))
        for position, target in sorted(enumerate(targets), key=lambda pair: pair[1] == source):
            index = literal(position)
            whole = item(name(source), index)
            self.note(target, Item(whole, frozenset({source}), source, index))

    def counts(self, index: str) -> None:
        """From now on a name is the counter of a loop, whatever it was before."""
        if self.roots:
            rebinding(self, index)
        self.note(index, Plain(name(index), frozenset({index}), scalar=True))

    def note(self, target: str, value: Value) -> None:
        """What is known of a name after `target = value`."""
        note_kind(self.kinds, target, value)
        if self.kinds[target] is not None:
            self.kinded.add(target)
        self._note_perhaps(target, value)
        note_type(self.types, target, value, lambda one: surely_none(self, one))
        if self.kinds.get(target) == STREAM:
            self.types[target] = Stream()
        self.companions.bound(target, value)
        if isinstance(value, Call):
            forget_items(self, value.callee, value.arguments)
        if self.types:
            note_root(self, target, value)

    def _note_perhaps(self, target: str, value: Value) -> None:
        match value:
            case Call(callee=callee):
                listed = callee.lists
            case Copy(source=source) | Item(base=source, index=gast.Slice()):
                listed = source in self.perhaps
            case _:
                listed = False
        (self.perhaps.add if listed else self.perhaps.discard)(target)

    def state(self) -> dict[str, Any]:
        """What is known now, for `restore`: what is written behind that can be taken back."""
        kept = {f: copy.copy(getattr(self, f)) for f in _STATE}
        kept["virtual"] = copy.deepcopy(self.virtual)
        return kept | {"names": self.names.copy()}

    def restore(self, state: dict[str, Any]) -> None:
        """Back to what was known then; the tables stay the same objects, which others share."""
        self.names.__dict__.update(state["names"].copy().__dict__)
        for one in _STATE:
            mine, before = getattr(self, one), state[one]
            if isinstance(mine, dict | set):
                mine.clear()
                mine.update(before)
            elif isinstance(mine, list):
                mine[:] = before
            else:
                setattr(self, one, before)

    def flag(self, wish: str) -> str:
        """A new variable of the function."""
        made = self.names.fresh(wish)
        self.local.add(made)
        return made

    def block(self, write: Callable[[], None]) -> tuple[Statement, ...]:
        """The statements that `write` emits, apart from the current list."""
        outer, self.code = self.code, []
        roots = dict(self.roots)
        before = {one: set(fields.sure) for one, fields in self.virtual.items()}
        try:
            write()
            behind(self, roots)
            return tuple(self.code)
        finally:
            self.code = outer
            for one, attributes in before.items():
                self.virtual[one].left(attributes)

    def is_local(self, identifier: str) -> bool:
        return identifier in self.local

    def held(self, condition: Plain) -> Plain:
        """The condition of a branch under a name of its own."""
        named = self.temporary(condition)
        return Plain(named, frozenset({named.id}), scalar=True)

    def temporary(self, value: Value, wish: str | None = None) -> Any:
        """A new name for a value; an atom."""
        target = self.names.fresh(wish) if wish else self.names.temporary()
        if wish:
            self.names.made.append(target)
        self.emit(target, value)
        return name(target)


_STATE = (
    *(
        "local",
        "code",
        "functions",
        "calls",
        "tries",
        "result_origin",
        "contexts",
        "types",
        "roots",
    ),
    *("virtual", "making", "kinds"),
)


def static_of(self: Lowering, node: Any) -> tuple[Any, Reference | None]:
    """The object that a dotted name stands for; (MISSING, None) if it is a value of the
    function.
    """
    if isinstance(node, gast.Name) and node.id in self.functions:
        return MISSING, None
    return static(node, self.unit, self.is_local)


def class_of_object(self: Lowering, node: Any) -> type | None:
    """The class that `type(p)` and `p.__class__` are, of an object of a known class."""
    match node:
        case gast.Call(func=function, args=[gast.Name(id=one)], keywords=[]):
            asks = static_of(self, function)[0] is type
        case gast.Attribute(value=gast.Name(id=one), attr="__class__"):
            asks = True
        case _:
            return None
    known = self.types.get(one)
    cls = self.making.get(one) or (known.cls if isinstance(known, Object) else None)
    return cls if asks and self.is_local(one) else None


def function_at(self: Lowering, atom: Any) -> Any | None:
    """The function or class that a symbol stands for, or an attribute of a module."""
    found = _captured(self, atom)
    return found if is_function(found) else None


def is_function(value: Any) -> bool:
    return isinstance(value, (FunctionType, BuiltinFunctionType, type, np.ufunc))


def _captured(self: Lowering, atom: Any) -> Any:
    if isinstance(atom, gast.Attribute):
        return getattr(_captured(self, atom.value), atom.attr, None)
    symbol = self.unit.registry.symbols.values().get(getattr(atom, "id", ""))
    if symbol is None or symbol.kind not in ("import", "object", "value"):
        return None
    if symbol.kind != "value":
        return symbol.payload
    self.unit.registry.resolve(symbol.payload, symbol.payload.get())  # it may be bound anew
    return symbol.payload.get()


def rule_of(function: Any) -> Entry | None:
    return lookup(function)


def method_key(attribute: str) -> Any:
    """Methods and attributes of arrays have rules under their descriptors: `np.ndarray.sum`."""
    return inspect.getattr_static(np.ndarray, attribute, None)  # `__class__` is no `type` here


def owned_base(self: Lowering, base: Any, node: Any) -> str:
    """The name that a store writes into; captured values are not written to."""
    if not isinstance(base, gast.Name) or base.id[0] == "@":
        advice = "write into a copy, and return it"
        self.refuse(
            "this writes into a value from outside the function", "captured-store", node, advice
        )
    return str(base.id)


def atom_value(one: Any) -> Value:
    """An atom as a value: another name, or a literal."""
    if isinstance(one, gast.Name) and one.id[0] != "@":
        return Copy(one, frozenset({one.id}), one.id)
    return Plain(one, frozenset(), fresh=is_literal(one), scalar=is_number(one))


def nested_function(self: Lowering, node: Any, wish: str) -> Closure:
    """A nested `def` or `lambda`, and the variables of this function that it reads when it is
    called.
    """
    tree = node if isinstance(node, gast.FunctionDef) else _as_function(node, wish)
    defaults = {}
    for parameter, written in named_defaults(tree):
        if not is_literal(written):  # taken now, whatever its names are bound to later
            one = self.atom(written)
            defaults[parameter] = one if one.id[0] == "@" else self.temporary(atom_value(one))
    return standing(self, Closure(tree, self.unit, {}, {}, defaults), self.functions)


def standing(self: Lowering, known: Closure, functions: Mapping[str, Known]) -> Closure:
    """A function that stands here, with the variables of this one that it reads, also through
    functions that it calls, as those are known now.

    What it binds itself hides none of them: `y` of this function is then `y_2` in that one.
    """
    tree = known.tree
    read = [n for n in _free_names(self, tree, {id(tree)}) if n not in (tree.name, *self.functions)]
    own, taken = bound_names(tree), names_in(tree) | set(read)
    renamed = {n: free_name(n, taken) for n in read if n in own}
    holders = {renamed.get(n, n): n for n in read}
    inside = Moved(functions, renamed) if renamed else functions
    return replace(known, holders=holders, functions=inside)


def _free_names(self: Lowering, tree: Any, seen: set[int]) -> dict[str, None]:
    for outer in (n for s in tree.body for n in gast.walk(s)):
        if isinstance(outer, (gast.Nonlocal, gast.Global)):
            word = type(outer).__name__.lower()
            self.refuse(f"`{word}`", word, outer, "return the value and assign it outside")
    free: dict[str, None] = {}
    for n in outer_names(tree):
        if n.id in self.functions:
            free |= _free_of(self, self.functions[n.id], seen)
        elif self.is_local(n.id):
            free[n.id] = None
    return free


def _free_of(self: Lowering, known: Known, seen: set[int]) -> dict[str, None]:
    """The variables that a function reads; of one that stands here as it is understood now."""
    if not isinstance(known, Closure) or known.home is not self.unit:
        return dict.fromkeys(names_of(known))
    held = [n for a in known.defaults.values() for n in sorted(names_in(a))]
    if id(known.tree) in seen:
        return dict.fromkeys(held)
    seen.add(id(known.tree))
    return dict.fromkeys(held) | _free_names(self, known.tree, seen)


def _as_function(node: gast.Lambda, wish: str) -> Any:
    body = gast.copy_location(gast.Return(value=node.body), node.body)
    tree = gast.FunctionDef(
        name=wish,
        args=node.args,
        body=[body],
        decorator_list=[],
        returns=None,
        type_comment=None,
        type_params=[],
    )
    return gast.copy_location(tree, node)
