"""Functions of the program as values: where it keeps, returns or chooses one.

    fs.append(lambda x: k * x)      ->      fs.append(closure(lambda_, k=k))
    g = f if c else np.tanh         ->      g = closure(f_, a=a) if c else np.tanh

The value is an object that holds the variables which the function reads, so that adjoints flow to
them as to the attributes of any object.  It holds what they are now: a variable that may be bound
again while the function lives is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gast

from tangent.errors import UnsupportedSyntax
from tangent.passes.inert import captured
from tangent.passes.known import (
    Bound,
    Choice,
    Closure,
    Known,
    Nothing,
    Outside,
    Table,
    Unclear,
)
from tangent.passes.lowering import Lowering, is_function
from tangent.passes.objects import Function, holds_objects
from tangent.passes.second_names import rebinding
from tangent.passes.units import Unit
from tangent.runtime import calling
from tangent.syntax.program import Display, Item, Plain, Value
from tangent.syntax.trees import call, field, is_literal, literal, name, names_in


def function_value(self: Lowering, known: Known, node: Any) -> Value:
    """The value of a function where one is asked for."""
    match known:
        case Outside(expr=expr):
            if known.reference is not None:
                self.unit.registry.resolve(known.reference, known.function)
            fresh = is_function(known.function)  # shows no memory
            return Plain(expr, frozenset(names_in(expr)), fresh=fresh)
        case Nothing():
            return Plain(literal(None), frozenset())
        case Closure():
            return _closure(self, known, node)
        case Bound():
            return _partial(self, known, node)
        case Table():
            return _table(self, known, node)
        case Choice(table=table, at=at):
            whole = self.temporary(_table(self, table, node))
            expr = gast.Subscript(value=whole, slice=at, ctx=gast.Load())
            return Item(expr, frozenset(names_in(expr)), whole.id, at)
    if known.error is not None:
        raise known.error
    what = f"which function this is depends on {known.where}"
    return self.refuse(what, "function-value", node, "put the choice inside it")


def function_atom(self: Lowering, known: Known, node: Any) -> Any:
    """An atom for it."""
    value = function_value(self, known, node)
    if isinstance(value, Plain) and (is_literal(value.expr) or isinstance(value.expr, gast.Name)):
        return value.expr
    held = self.temporary(value)
    if isinstance(known, Outside) and is_function(known.function):
        self.types[held.id] = Function(known.function)
    return held


def written_closure(self: Lowering, node: gast.Call, values: dict[str, Any]) -> Display:
    """`closure(f, a=a)`, as generated code has it."""
    return _object(self, "closure", [captured(self, node.args[0]).expr], values)


def _object(self: Lowering, maker: str, first: list[Any], fields: dict[str, Any]) -> Display:
    symbol = self.unit.registry.symbols.runtime(maker)
    cls = calling.Closure if maker == "closure" else getattr(calling, maker)
    words = fields if first else {}
    expr = call(symbol, *(first or fields.values()), **words)
    reads = frozenset(n for e in fields.values() for n in names_in(e))
    keys = tuple(field(k) for k in fields)
    return Display(expr, reads, "object", keys, tuple(fields.values()), cls)


def _closure(self: Lowering, known: Closure, node: Any) -> Display:
    from tangent.passes.calls import unit_of

    _refuse_rebound(self, known, node)
    unit, values = unit_of(self, node, known)
    values = {**unit.defaults, **values}
    types = {
        p: self.types[a.id]
        for p, a in values.items()
        if holds_objects(self.types.get(getattr(a, "id", "")))
    }
    unit = self.unit.registry.typed(unit, types) if types else unit
    if unit.packed or unit.tree.args.vararg or unit.tree.args.kwarg:
        advice = "name the parameters one by one"
        self.refuse("`*` or `**` in a function that is a value", "star-parameter", node, advice)
    if unit.writes:
        what = f"a function that writes into `{min(unit.writes)}` is used as a value"
        self.refuse(what, "function-value", node, "let it return what it makes")
    return _object(self, "closure", [name(self.unit.registry.primal(unit))], values)


def _partial(self: Lowering, known: Bound, node: Any) -> Display:
    args = [_atom(self, a, node) for a in known.args]
    words = {k: _atom(self, a, node) for k, a in known.words.items()}
    whole = gast.Tuple(elts=args, ctx=gast.Load())
    reads = frozenset(n for a in args for n in names_in(a))
    held = self.temporary(Display(whole, reads, "tuple", (), tuple(args)))
    keys = [literal(k) for k in words]
    entries = gast.Dict(keys=keys, values=list(words.values()))
    reads = frozenset(names_in(entries))
    named = self.temporary(Display(entries, reads, "dict", tuple(keys), tuple(words.values())))
    function = _atom(self, known.inner, node)
    return _object(self, "Partial", [], {"function": function, "args": held, "words": named})


def method_atom(self: Lowering, base: Any, node: Any) -> Any:
    """The method of an object whose class is known only at run time: an object that holds both."""
    symbol = self.unit.registry.symbols.runtime("method_of")
    asked = call(symbol, base, literal(node.func.attr))
    function = self.temporary(Plain(asked, frozenset(names_in(asked)), fresh=False))
    return self.temporary(_partial(self, Bound(function, (base,), {}), node))


def partial_value(self: Lowering, node: gast.Call) -> Value:
    """`functools.partial(f, …)` where a value is asked for."""
    from tangent.passes.functions import function_of, held

    def part(one: Any) -> Any:
        known = function_of(self, one)
        return known if known is not None else held(self, one)

    args = tuple(part(a) for a in node.args[1:])
    words = {k.arg: part(k.value) for k in node.keywords}
    return _partial(self, Bound(part(node.args[0]), args, words), node)


def gradient_value(self: Lowering, node: gast.Call, kind: str) -> Display:
    """`grad(f, wrt=…)`: an object that holds `f`."""
    words = {k.arg: k.value for k in node.keywords}
    wrt = words.pop("wrt", literal(0))
    if len(node.args) != 1 or words or not _is_option(wrt):
        advice = "pass the function, and `wrt` as it is written"
        self.refuse(f"options of `{kind}` in a differentiated function", "option", node, advice)
    function = self.atom(node.args[0])
    return _object(self, "Gradient", [], {"function": function, "kind": literal(kind), "wrt": wrt})


def _is_option(node: Any) -> bool:
    return is_literal(node) or (isinstance(node, gast.Tuple) and all(map(is_literal, node.elts)))


def _atom(self: Lowering, one: Any, node: Any) -> Any:
    return function_atom(self, one, node) if isinstance(one, Known) else one


def _table(self: Lowering, known: Table, node: Any) -> Display:
    elements = tuple(function_atom(self, f, node) for f in known.entries.values())
    if known.by_position:
        whole: Any = gast.List(elts=list(elements), ctx=gast.Load())
        return Display(whole, frozenset(names_in(whole)), "list", (), elements)
    keys = tuple(literal(k) for k in known.entries)
    whole = gast.Dict(keys=list(keys), values=list(elements))
    return Display(whole, frozenset(names_in(whole)), "dict", keys, elements)


# ---------------------------------------------------------------- variables that change later


def _refuse_rebound(self: Lowering, known: Closure, node: Any) -> None:
    changed = sorted(_changed(self, known, node, set()))
    if changed:
        one = next((v for v, h in known.holders.items() if h == changed[0]), changed[0])
        self.refuse(
            f"a function that reads `{one}` is used as a value, and `{one}` may be bound"
            " again while it lives",
            "function-value",
            node,
            f"let it keep the value that it has now: `{one}={one}` as a parameter",
        )


def _changed(self: Lowering, known: Any, node: Any, seen: set[int]) -> set[str]:
    """The variables that a function reads, also through functions that it calls, and that may be
    bound again after `node` was run.
    """
    if isinstance(known, Bound):
        parts = (known.inner, *known.args, *known.words.values())
        return {n for one in parts for n in _changed(self, one, node, seen)}
    if isinstance(known, (Table, Choice)):
        table = known.table if isinstance(known, Choice) else known
        return {n for one in table.entries.values() for n in _changed(self, one, node, seen)}
    if not isinstance(known, Closure) or id(known.tree) in seen:
        return set()
    seen.add(id(known.tree))
    here, names = known.home is self.unit, names_in(known.tree)
    held = {n for a in known.defaults.values() for n in names_in(a)}
    functions = self.functions if here else known.functions
    if here:
        read = {*known.holders.values(), *(names & functions.keys())} - held
        found = {n for n in read if may_change(self, n, node)}
        found |= {n for n in read & set(self.unit.free) if _often(self.unit, n)}
    else:
        found = set(_changing(known)) - held
    for one in sorted(names & functions.keys()):
        found |= _changed(self, functions[one], node, seen)
    return found


def _changing(known: Closure) -> frozenset[str]:
    """The variables that may be bound again, of a function that is not this one."""
    if known.changing is not None:
        return known.changing
    return frozenset(n for n in known.holders.values() if _often(known.home, n))


def _often(unit: Unit, variable: str) -> bool:
    """Is a name bound more than once, by a function or one around it, or in a loop?"""
    tree = unit.source.tree if variable in unit.free else unit.tree
    inside = {id(n) for one in gast.walk(tree) if isinstance(one, _LOOPS) for n in gast.walk(one)}
    bindings = [n for n in gast.walk(tree) if _binds(n, variable)]
    return len(bindings) > 1 or any(id(n) in inside for n in bindings)


def passed_on(self: Lowering, known: Any, node: Any, unit: Any = None, parameter: str = "") -> Any:
    """A function that a call passes on, or makes: with the variables that may change later.

    A table goes only to a `unit` that leaves it as it is.
    """
    match known:
        case Table() if unit is not None and not only_read(unit.tree, parameter):
            what = f"`{unit.name}` is given a table of functions, and may change it"
            self.refuse(what, "function-value", node, "make a new list in it: `list(…)`")
        case Closure() if known.home is self.unit or known.changing is None:
            names = known.holders.values()
            changing = frozenset(n for n in names if may_change(self, n, node))
            if known.home is not self.unit:
                changing |= _changing(known)
            return replace(known, changing=changing)
        case Bound():
            args = tuple(passed_on(self, a, node) for a in known.args)
            words = {k: passed_on(self, a, node) for k, a in known.words.items()}
            return Bound(passed_on(self, known.inner, node), args, words)
        case Table():
            return replace(
                known, entries={k: passed_on(self, f, node) for k, f in known.entries.items()}
            )
        case Choice():
            return replace(known, table=passed_on(self, known.table, node))
    return known


def values_of(
    self: Lowering, node: Any, args: list[Any], words: dict[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """Arguments of a function that takes values only."""

    def value(one: Any) -> Any:
        return function_atom(self, one, node) if isinstance(one, Known) else one

    return [value(a) for a in args], {k: value(a) for k, a in words.items()}


def passing(self: Lowering, node: Any, unit: Unit, arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a call; the functions among them know what may change around it.

    Those that `*args` and `**kwargs` hold are values.
    """

    def passed(parameter: str, one: Any) -> Any:
        match one:
            case tuple():
                return tuple(values_of(self, node, list(one), {})[0])
            case dict():
                return values_of(self, node, [], one)[1]
        return passed_on(self, one, node, unit, parameter)

    return {p: passed(p, a) for p, a in arguments.items()}


def may_change(self: Lowering, variable: str, node: Any) -> bool:
    """May a variable of this function be bound again after `node` was run?"""
    place = _start(node)
    variable = self.originals.get(variable, variable)
    loops = [one for one in _loops(self.unit.tree) if _inside(place, one)]
    for binding in _bindings(self.unit.tree, variable):
        if _start(binding) > place or any(_inside(_start(binding), one) for one in loops):
            return True
    return False


def bound_before(self: Lowering, variable: str, node: Any) -> bool:
    """May a name be bound already when `node` runs for the first time?"""
    if variable in self.unit.all_parameters:
        return True
    tree, one = self.unit.tree, self.originals.get(variable, variable)
    found = list(_bindings(tree, one))
    return not found or any(_start(binding) < _start(node) for binding in found)


def _bindings(tree: Any, variable: str) -> Iterator[Any]:
    return (one for one in _own(tree) if _binds(one, variable))


def _binds(node: Any, variable: str) -> bool:
    if isinstance(node, gast.Name):
        return node.id == variable and not isinstance(node.ctx, gast.Load)
    if variable in (getattr(node, w, None) for w in ("name", "asname", "rest")):
        return True  # a function, a pattern, an exception, an import
    return variable in getattr(node, "names", ())  # `nonlocal`


def _own(tree: Any) -> Iterator[Any]:
    """The nodes of a function, those of the functions in it aside."""
    todo = list(tree.body)
    while todo:
        one = todo.pop()
        yield one
        if not isinstance(one, (gast.FunctionDef, gast.Lambda)):
            todo.extend(gast.iter_child_nodes(one))


_LOOPS = (gast.For, gast.While, gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp)


def _loops(tree: Any) -> list[Any]:
    return [one for one in _own(tree) if isinstance(one, _LOOPS)]


def _start(node: Any) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _inside(place: tuple[int, int], loop: Any) -> bool:
    return _start(loop) <= place < (loop.end_lineno, loop.end_col_offset)


# ---------------------------------------------------------------- names that hold functions


def bound_in_blocks(tree: Any) -> frozenset[str]:
    """The names that are bound in a branch or loop: one that holds a function there is a variable,
    too, for whoever does not know which path was taken.
    """
    blocks = (gast.If, gast.For, gast.While, gast.Try, gast.Match, gast.With)
    inside = (n for one in _own(tree) if isinstance(one, blocks) for n in _own_of(one))
    return frozenset(
        n.id if isinstance(n, gast.Name) else n.name
        for n in inside
        if isinstance(n, gast.FunctionDef)
        or (isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store))
    )


def _own_of(statement: Any) -> Iterator[Any]:
    holder = gast.Module(body=[statement], type_ignores=[])
    return _own(holder)


def only_read(tree: Any, variable: str) -> bool:
    """Is a table of functions only looked into, looped over or passed on?"""
    safe: set[int] = set()
    for node in gast.walk(tree):
        match node:
            case gast.Subscript(value=gast.Name() as base, ctx=gast.Load()):
                safe.add(id(base))
            case (
                gast.For(iter=gast.Name() as items) | gast.comprehension(iter=gast.Name() as items)
            ):
                safe.add(id(items))
            case gast.Attribute(value=gast.Name() as base, attr="items" | "values" | "keys"):
                safe.add(id(base))
            case gast.Call(args=args, keywords=words):
                safe.update(id(a) for a in (*args, *(w.value for w in words)))
    names = (n for n in gast.walk(tree) if isinstance(n, gast.Name) and n.id == variable)
    stores = [n for n in names if id(n) not in safe]
    return all(isinstance(n.ctx, (gast.Store, gast.Param)) for n in stores)


def bind_function(self: Lowering, variable: str, known: Known, node: Any) -> None:
    """The name stands for a function from here; where paths may disagree, it holds it as well.

    One that could not hold a function once is not trusted to hold the right one later.
    """
    self.functions[variable], self.kinds[variable] = known, None
    if variable in self.types:  # it is no object any more
        rebinding(self, variable)
        del self.types[variable]
    if variable not in self.valued and not isinstance(known, Table):
        return
    try:
        code = self.block(lambda: self.emit(variable, function_value(self, known, node)))
    except UnsupportedSyntax as error:
        self.unheld[variable] = error
        return
    self.code += code


def forget_function(self: Lowering, variable: str, where: str) -> None:
    """Paths disagree on which function this is: the variable knows, if it could hold them."""
    error = self.unheld.get(variable)
    if variable in self.valued and error is None:
        self.functions.pop(variable, None)
    else:
        self.functions[variable] = Unclear(where, error)
