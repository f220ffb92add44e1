"""Generators where they are consumed: their statements, with the consumer's in place of `yield`.

    def steps(x, n):                    x_2 = x
        for _ in range(n):              for _ in range(n):
            x = np.tanh(x)                  x_2 = np.tanh(x_2)
            yield x                ->       v = x_2
                                            total = total + v
    for v in steps(x, n):
        total = total + v

What runs, and in which order, is what Python runs: the generator goes on behind its `yield` when
the consumer asks for the next item, and ends with it at a `break`.  Its variables get names of
their own, its parameters stand for the arguments; names that it does not bind are looked up where
it was defined.
"""

from __future__ import annotations

from dataclasses import replace
from types import FunctionType
from typing import Any

import gast

from tangent.passes.attempts import attempted
from tangent.passes.contexts import flattened
from tangent.passes.expressions import arguments
from tangent.passes.function_values import bound_in_blocks
from tangent.passes.generators import WRAPPERS, Generator, generator_of, is_lazy
from tangent.passes.jumps import Leave, escaping, left, replaced_in
from tangent.passes.known import Closure, Known, Outside
from tangent.passes.lowering import Lowering, atom_value, static_of
from tangent.passes.matching import unmatched
from tangent.passes.members import known_object
from tangent.passes.objects import in_class
from tangent.passes.own_iteration import (
    as_generator,
    by_position,
    goes_itself,
    is_its_own,
    shows_items,
)
from tangent.passes.signatures import bound_arguments
from tangent.passes.stepping import over_stepped, step_through
from tangent.passes.steps import writes_in
from tangent.passes.templates import placed
from tangent.passes.units import MISSING, Unit
from tangent.passes.used_up import refuse_used_twice
from tangent.passes.wrapped import unwrapped
from tangent.passes.yielding import YIELDS, own_nodes
from tangent.syntax.source import Line
from tangent.syntax.trees import (
    copied,
    is_literal,
    literal,
    method_call,
    name,
    names_in,
    rebuild,
    stored,
)

_LONG = 60  # statements of a consumer that are written once for each of several `yield`s


def over_generator(self: Lowering, node: gast.For) -> bool:
    """Lowers a loop over a generator of the user's; False if it is none."""
    items = node.iter
    if isinstance(items, gast.Call) and static_of(self, items.func)[0] in WRAPPERS:
        if not is_lazy(self, items):
            return False
        self.lower([placed(s, node) for s in unwrapped(self, node)])
        return True
    if over_stepped(self, node):
        return True
    if goes_itself(self, items):
        return _over_own(self, node)
    made = generator_of(self, items)
    if made is None:
        return False
    _over(self, node, made)
    return True


def _over_own(self: Lowering, node: gast.For) -> bool:
    """A loop over an object whose class says what its items are, by `__iter__` or `__getitem__`."""
    known, base = known_object(self, node.iter)  # type: ignore[misc]
    self.local.add(base.id)
    if not isinstance(in_class(known.cls, "__iter__"), FunctionType):
        self.lower(by_position(self, node, base))
        return True
    items = base.id if is_its_own(self, known.cls) else self.flag("items")
    if items != base.id:
        begin = gast.Assign([stored(items)], method_call(base, "__iter__"), None)
        self.lower([placed(begin, node.iter)])
    found = known_object(self, name(items))
    step = in_class(found[0].cls, "__next__") if found is not None else None
    if found is None or not isinstance(step, FunctionType):
        if not shows_items(self, known.cls) and writes_in(self, node.body):
            what = "what an iterator reads is changed before it is used up"
            self.refuse(what, "iterator", node.iter, "make a list of its items: `list(...)`")
        loop = gast.For(node.target, name(items), node.body, [], None)
        self.lower([placed(gast.copy_location(loop, node), node.iter)])
        return True
    constant = self.unit.registry.symbols.constant(step.__name__, step)
    _over(self, node, Generator(Outside(step, name(constant)), (found[1],)), as_generator)
    return True


def _over(self: Lowering, node: gast.For, made: Generator, change: Any = None) -> None:
    """Lowers a loop over a generator, whose function may be changed first."""
    items = node.iter
    unit, given = _call(self, node, made)
    if change is not None:
        unit = change(self, unit, items)
    around = _around(items)
    if any(tree is unit.tree for tree in around):
        advice = "let it return a list of its items"
        self.refuse("a generator that goes through itself", "generator", items, advice)
    self.lower(_region(self, node, unit, given, isinstance(made.function, Closure)))


def binds_iterator(self: Lowering, node: gast.Assign) -> bool:
    """`it = iter(x)` of an iterator that is asked for single items; `g = steps(x)`, gone through
    once further down: what it is given is computed here.
    """
    own = getattr(node.targets[0], "id", "")
    if own in self.iterators:
        for argument in getattr(node.value, "args", ()):
            if is_lazy(self, argument):
                advice = "make a list of its items: `list(…)`"
                what = "an iterator over what is gone through once"
                self.refuse(what, "iterator", node.value, advice)
        step_through(self, node)
        return True
    if own not in self.once or not isinstance(node.value, gast.Call):
        return False
    if isinstance(static_of(self, node.value.func)[0], type):
        return False  # an object, whatever one may draw from it
    made = generator_of(self, node.value)
    if made is None or made.call is None:
        return False
    args, words = arguments(self, made.call)
    atoms = [a for a in (*args, *words.values()) if isinstance(a, gast.AST)]
    self.local |= {n for a in atoms for n in names_in(a) if n[0] != "@"}
    args, words = [*made.args, *args], {**made.words, **words}
    self.drawn[own] = replace(made, args=tuple(args), words=words, call=None)
    return True


def _around(node: Any) -> tuple[Any, ...]:
    """The functions that were written into one another where a node stands."""
    return node.lineno.around if isinstance(node.lineno, Line) else ()


def _call(self: Lowering, node: gast.For, made: Generator) -> tuple[Unit, dict[str, Any]]:
    """The unit of the generator function, and its arguments."""
    from tangent.passes.calls import unit_of

    if isinstance(made.function, Closure) and made.function.home is not self.unit:
        _refuse_far(self, node)
    args, words = arguments(self, made.call) if made.call is not None else ([], {})
    unit, more = unit_of(self, node.iter, made.function)
    words = {**more, **made.words, **words}
    given = bound_arguments(self, node.iter, unit, [*made.args, *args], words)
    if any(isinstance(a, (tuple, dict)) for a in given.values()):
        advice = "name the parameters one by one"
        self.refuse("`*` or `**` in a generator", "generator", node.iter, advice)
    return unit, {p: a for p, a in given.items() if p not in unit.free}


def _refuse_far(self: Lowering, node: gast.For) -> None:
    advice = "define it at module level"
    self.refuse("a generator that another function defines", "generator", node.iter, advice)


def _region(
    self: Lowering, node: gast.For, unit: Unit, given: dict[str, Any], here: bool
) -> list[Any]:
    """The statements of a generator and of its consumer, structured."""
    changed = {n for s in (node.target, *node.body) for n in _stored(s)}
    jumps = any(isinstance(n, (gast.Return, gast.Break)) for s in node.body for n in gast.walk(s))
    last = self.unit is self.unit.registry.root and not (jumps or self.tries)
    _check(self, unit, last)
    instead = _outer_names(self, unit) if not here else {}
    instead |= _own_names(self, unit, given, changed)
    body = _mine(unit, instead, (*_around(node.iter), unit.tree))
    refuse_used_twice(self, body)
    body = _opened(body)
    body = attempted(self, flattened(self, unmatched(self, body)))
    consumer = _Consumer(self, node, sum(_yields_in(s) for s in body))
    whole = left(consumer.block(body), self.flag)
    self.escaping |= frozenset(escaping(whole))
    holder = gast.FunctionDef(unit.name, unit.tree.args, whole, [], None, None, [])
    self.valued |= bound_in_blocks(holder)
    return whole


# ---------------------------------------------------------------- names


def _own_names(
    self: Lowering, unit: Unit, given: dict[str, Any], changed: set[str]
) -> dict[str, Any]:
    """What the generator's variables are called here; those that are given something get it."""
    instead: dict[str, Any] = {}
    for parameter, atom in given.items():
        fixed = parameter not in unit.rebound
        if isinstance(atom, Known):
            instead[parameter] = name(self.names.fresh(parameter))
            self.functions[instead[parameter].id] = atom
            if not fixed:
                advice = "give the variable another name"
                self.refuse("a parameter that is a function", "generator", unit.tree, advice)
        elif (outside := _captured(self, parameter, atom)) is not None and fixed:
            instead[parameter] = outside
        elif fixed and (is_literal(atom) or _stays(atom, changed)):
            instead[parameter] = atom
            self.local |= {n for n in names_in(atom) if n[0] != "@"}
        else:
            held = name(self.names.fresh(parameter))
            one = self.atom(atom) if isinstance(atom, (gast.Tuple, gast.List)) else atom
            self.emit(held.id, atom_value(one))
            instead[parameter] = held
            self.local.add(held.id)
    for own in sorted(bound_in(unit.tree) - instead.keys()):
        instead[own] = name(self.names.fresh(own))
        self.local.add(instead[own].id)
    return instead


def _stays(atom: Any, changed: set[str]) -> bool:
    return isinstance(atom, gast.Name) and atom.id[0] != "@" and atom.id not in changed


def _captured(self: Lowering, parameter: str, atom: Any) -> Any | None:
    """A value from outside, under a name that is looked up as those of the function are."""
    symbol = self.unit.registry.symbols.table.get(getattr(atom, "id", ""))
    if symbol is None or symbol.kind != "value":
        return None
    new = self.names.fresh(parameter)
    self.unit.imported[new] = symbol.payload.get(), symbol.payload  # type: ignore[index]
    return name(new)


def _outer_names(self: Lowering, unit: Unit) -> dict[str, Any]:
    """The names from outside that mean something else here, or nothing."""
    instead: dict[str, Any] = {}
    free = names_in(unit.tree) - bound_in(unit.tree) - set(unit.all_parameters)
    self.names.take(free)
    for one in sorted(free):
        found, reference = unit.lookup(one)
        here = self.is_local(one) or one in self.functions
        known = self.unit.lookup(one) if not here else (MISSING, None)
        if not here and known[0] is found and _same(known[1], reference):
            continue
        if reference is None and found is not MISSING and one not in unit.imported:
            instead[one] = name(f"@builtin:{one}")
            continue
        new = self.names.fresh(one)
        self.unit.imported[new] = found, reference  # type: ignore[index]
        instead[one] = name(new)
    return instead


def _same(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return one.holder is other.holder and one.key == other.key


def _stored(node: Any) -> set[str]:
    names = (n for n in gast.walk(node) if isinstance(n, gast.Name))
    return {n.id for n in names if not isinstance(n.ctx, gast.Load)}


def bound_in(tree: Any) -> set[str]:
    """The variables of a function, those of comprehensions and of functions in it aside."""
    found: set[str] = set()
    todo = list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, gast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, gast.Name) and not isinstance(node.ctx, gast.Load):
            found.add(node.id)
        elif not isinstance(
            node, (gast.Lambda, gast.ListComp, gast.DictComp, gast.SetComp, gast.GeneratorExp)
        ):
            todo.extend(gast.iter_child_nodes(node))
    return found


def _mine(unit: Unit, instead: dict[str, Any], around: tuple[Any, ...]) -> list[Any]:
    """A copy of the body, under the names that it has here; its lines know where they stand."""

    def change(node: Any) -> Any | None:
        if isinstance(node, gast.Name) and node.id in instead:
            new = copied(instead[node.id])
            new.ctx = node.ctx
            return gast.copy_location(new, node)
        return None

    body = [rebuild(copied(s), change) for s in unit.tree.body]
    for node in (n for s in body for n in gast.walk(s)):
        if isinstance(node, gast.FunctionDef) and node.name in instead:
            node.name = instead[node.name].id
        if hasattr(node, "lineno"):
            node.lineno = Line(node.lineno, unit.source, around)
    return body


# ---------------------------------------------------------------- what a generator may hold


def _opened(body: list[Any]) -> list[Any]:
    """The body with what stands around a `yield` in a `try … finally` in a row."""
    code: list[Any] = []
    for node in body:
        for block in ("body", "orelse"):
            if isinstance(getattr(node, block, None), list):
                setattr(node, block, _opened(getattr(node, block)))
        if isinstance(node, gast.Try) and _yields_in(node):
            code += [*node.body, *node.finalbody]
        else:
            code.append(node)
    return code


def _is_open(node: Any) -> bool:
    """Is what stands under a `try` followed by its `finally` alone, with no jump in front?"""
    inside = [n for n in gast.walk(node) if isinstance(n, (gast.Return, gast.Break, gast.Continue))]
    return not (node.handlers or node.orelse or inside)


def _check(self: Lowering, unit: Unit, last: bool) -> None:
    """Refuses what is not understood.  `last`: an exception leaves the function, and no jump leaves
    the consumer, so that a `finally` is what comes behind.
    """

    def refuse(what: str, node: Any, advice: str) -> None:
        place = gast.copy_location(gast.Pass(), node)
        place.lineno = Line(node.lineno, unit.source)
        self.refuse(what, "generator", place, advice)

    nodes = list(own_nodes(unit.tree))
    statements = [n.value for n in nodes if isinstance(n, gast.Expr)]
    for node in nodes:
        if isinstance(node, YIELDS) and not any(node is s for s in statements):
            refuse("what `yield` gives", node, "write `yield` in a statement of its own")
        opened = isinstance(node, gast.Try) and last and _is_open(node)
        if isinstance(node, (gast.Try, gast.With)) and _yields_in(node) and not opened:
            refuse("a `yield` under `try` or `with`", node, "yield behind it")
        if isinstance(node, gast.Return) and node.value is not None and not _is_none(node.value):
            refuse("a generator that returns a value", node, "yield it")
        if isinstance(node, (gast.Lambda, gast.FunctionDef)):
            if names_in(node) & unit.rebound:
                advice = "pass them as parameters"
                refuse("a function in a generator that reads its variables", node, advice)
        if isinstance(node, gast.Name) and node.id in ("super", "__class__"):
            refuse("`super` in a generator", node, "name the class")


def _is_none(node: Any) -> bool:
    return isinstance(node, gast.Constant) and node.value is None


def _yields_in(node: Any) -> int:
    return sum(isinstance(n, YIELDS) for n in gast.walk(node))


class _Consumer:
    """Writes the body of a loop in place of each `yield`."""

    def __init__(self, lowering: Lowering, loop: gast.For, times: int) -> None:
        self.target, self.body = loop.target, replaced_in(loop.body, _end_of_item)
        length = sum(isinstance(n, gast.stmt) for s in loop.body for n in gast.walk(s))
        if times > 1 and times * length > _LONG:
            advice = "yield in one place, or let it return a list of its items"
            lowering.refuse("a generator with many `yield`s", "generator", loop.iter, advice)

    def block(self, body: list[Any]) -> list[Any]:
        return [s for node in body for s in self.statement(node)]

    def statement(self, node: Any) -> list[Any]:
        match node:
            case gast.Expr(value=gast.Yield(value=value)):
                one = value if value is not None else literal(None)
                first = gast.Assign([copied(self.target)], one, None)
                return [gast.copy_location(first, node), *map(_copy, self.body)]
            case gast.Expr(value=gast.YieldFrom(value=items)):
                inside = list(map(_copy, self.body))
                loop = gast.For(copied(self.target), items, inside, [], None)
                return [gast.copy_location(loop, node)]
            case gast.Return():
                return [gast.copy_location(Leave(value=None), node)]
            case gast.If() | gast.For() | gast.While():
                node.body, node.orelse = self.block(node.body), self.block(node.orelse)
        return [node]


def _copy(statement: Any) -> Any:
    return copied(statement)


def _end_of_item(node: Any) -> list[Any] | None:
    if isinstance(node, gast.Continue):
        return []
    return [gast.copy_location(Leave(value=None), node)] if isinstance(node, gast.Break) else None
