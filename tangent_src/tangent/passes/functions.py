"""Which function an expression stands for, and calls of functions that are held as values.

root = newton(lambda x: x**3 - a, x0)      a callee that is written for this lambda
step = functools.partial(euler, h=0.1)     a call of `step` is a call of `euler`
y = {"tanh": np.tanh}[name](x)             a branch for each entry of the table
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from types import FunctionType
from typing import Any

import gast
import numpy as np

from tangent.passes.decorators import undecorated
from tangent.passes.function_values import passed_on
from tangent.passes.getters import GETTERS, met_getter, written_getter
from tangent.passes.inert import captured
from tangent.passes.known import (
    Bound,
    Choice,
    Closure,
    Known,
    Nothing,
    Outside,
    Table,
    moved,
    names_of,
)
from tangent.passes.literals import literal_truth
from tangent.passes.lowering import Lowering, atom_value, nested_function, static_of
from tangent.passes.objects import Leaf, Object, is_plain_class, method_of
from tangent.passes.templates import placed
from tangent.passes.units import MISSING, Unit
from tangent.rules.language import (
    Constant,
    Program,
    Rule,
    lookup,
    maker,
    program_for,
    stood_for,
)
from tangent.syntax.names import free_name
from tangent.syntax.symbols import Reference
from tangent.syntax.trees import literal, name, names_in


def function_of(self: Lowering, node: Any) -> Known | None:
    """The function that an expression stands for; None if it is a value, or unknown."""
    finder = _FINDERS.get(type(node))
    return finder(self, node) if finder is not None else None


def _attribute(self: Lowering, node: gast.Attribute) -> Known | None:
    """A function of a module or class, or a method bound to its object."""
    if static_of(self, node)[0] is not MISSING:
        return _outside(self, node)
    known = self.types.get(node.value.id) if isinstance(node.value, gast.Name) else None
    function = method_of(known, node.attr)
    if function is None or not self.is_local(node.value.id):
        return None
    constant = self.unit.registry.symbols.constant(function.__name__, function)
    return Bound(Outside(function, name(constant)), (held(self, node.value),), {})


def _named(self: Lowering, node: gast.Name) -> Known | None:
    return self.functions[node.id] if node.id in self.functions else _outside(self, node)


def _outside(self: Lowering, node: Any) -> Known | None:
    found, reference = static_of(self, node)
    if isinstance(found, GETTERS) and (made := met_getter(self, found)) is not None:
        if reference is not None:
            self.unit.registry.watch(reference, found)
        return _lambda(self, placed(made, node))
    if found is MISSING or not (_is_function(found) or isinstance(found, _KNOWN)):
        return None
    known = _as_known(self, found, lambda: captured(self, node).expr, reference)
    if known is not None and reference is not None and not isinstance(known, Outside):
        self.unit.registry.watch(reference, found)
    return known


_KNOWN = (dict, functools.partial, np.vectorize, functools._lru_cache_wrapper)


def _is_function(found: Any) -> bool:
    if isinstance(found, type) or not callable(found):
        return False
    own = isinstance(found, FunctionType) or getattr(found, "generated", None) is not None
    known = isinstance(lookup(found), (Rule, Constant)) or program_for(found) is not None
    return own or known


def known_function(self: Lowering, found: Any) -> Known | None:
    """A function that is there, and stands under no name in the program."""
    wish = getattr(found, "__name__", "function")
    return _as_known(
        self, found, lambda: name(self.unit.registry.symbols.constant(wish, found)), None
    )


def _as_known(
    self: Lowering, found: Any, expr: Callable[[], Any], reference: Reference | None
) -> Known | None:
    if _is_function(found):
        return Outside(found, expr(), reference)
    if isinstance(found, functools._lru_cache_wrapper) and _is_function(found.__wrapped__):
        self.unit.registry.resolve(reference, found)
        return Outside(found.__wrapped__, expr(), cached=True)
    if isinstance(found, functools.partial) and _is_function(found.func):
        constant = self.unit.registry.symbols.constant
        inner = Outside(found.func, name(constant(found.func.__name__, found.func)))
        args = tuple(name(constant("argument", a)) for a in found.args)
        return Bound(inner, args, {k: name(constant(k, a)) for k, a in found.keywords.items()})
    made = maker(type(found))
    if made is not None and _plain(found) and _is_function(found.pyfunc):
        function = self.unit.registry.symbols.constant(found.pyfunc.__name__, found.pyfunc)
        return _of_maker(self, made, Outside(found.pyfunc, name(function)))
    if isinstance(found, dict) and found and all(_is_function(f) for f in found.values()):
        whole = expr()
        entries = {k: Outside(f, _item(whole, k), Reference(found, k)) for k, f in found.items()}
        return Table(entries)
    return None


def _plain(vectorized: Any) -> bool:
    """Does an object made by `np.vectorize` take numbers, and nothing but numbers?"""
    numbers = vectorized.otypes in (None, "d")
    return numbers and vectorized.signature is None and not vectorized.excluded


def _item(whole: Any, key: Any) -> Any:
    return gast.Subscript(value=whole, slice=literal(key), ctx=gast.Load())


def _lambda(self: Lowering, node: gast.Lambda) -> Known:
    return nested_function(self, node, self.names.fresh("lambda_"))


def _literal(node: Any) -> Any:
    """The value of a literal, also of `-1`."""
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
        value = _literal(node.operand)
        return -value if isinstance(value, int) else MISSING
    return node.value if isinstance(node, gast.Constant) else MISSING


def written_number(node: Any) -> int | None:
    """The whole number that is written there."""
    found = _literal(node)
    return found if type(found) is int else None


def _entry(self: Lowering, node: gast.Subscript) -> Known | None:
    """`table[key]`."""
    table = function_of(self, node.value)
    key = _literal(node.slice)
    if isinstance(table, Table) and not isinstance(node.slice, (gast.Slice, gast.Tuple)):
        if key is MISSING:
            return Choice(table, held(self, node.slice))
        last = len(table.entries) if table.by_position and isinstance(key, int) and key < 0 else 0
        return table.entries.get(key + last if last else key)
    found, _ = static_of(self, node.value)
    if isinstance(found, dict) and key in found and _is_function(found[key]):
        expr = _item(captured(self, node.value).expr, key)
        return Outside(found[key], expr, Reference(found, key))
    return None


def _dict(self: Lowering, node: gast.Dict) -> Known | None:
    keys = [k.value if isinstance(k, gast.Constant) else MISSING for k in node.keys]
    return _table(self, keys, node.values) if MISSING not in keys else None


def _list(self: Lowering, node: Any) -> Known | None:
    table = _table(self, list(range(len(node.elts))), node.elts)
    return None if table is None else replace(table, by_position=True)


def _table(self: Lowering, keys: list[Any], nodes: list[Any]) -> Table | None:
    if not nodes or not all(isinstance(n, (gast.Name, gast.Attribute, gast.Lambda)) for n in nodes):
        return None
    found = [function_of(self, n) for n in nodes]
    if not all(isinstance(f, (Closure, Outside, Bound)) for f in found):
        return None
    return Table(dict(zip(keys, found, strict=True)))


def _either(self: Lowering, node: gast.BoolOp) -> Known | None:
    """`f or default`."""
    first = function_of(self, node.values[0])
    if first is None or not isinstance(node.op, gast.Or) or len(node.values) != 2:
        return None
    return function_of(self, node.values[1]) if isinstance(first, Nothing) else first


def _chosen(self: Lowering, node: gast.IfExp) -> Known | None:
    truth = known_truth(self, node.test)
    return None if truth is None else function_of(self, node.body if truth else node.orelse)


def _made(self: Lowering, node: gast.Call) -> Known | None:
    """A function that a call returns: of `functools.partial`, or of a function that defines one."""
    if isinstance(node.func, gast.Call) and not _twice(self, node.func):
        return None
    getter = written_getter(self, node)
    if getter is not None:
        return _lambda(self, placed(getter, node))
    if any(isinstance(a, gast.Starred) for a in node.args):
        return None
    if any(k.arg is None for k in node.keywords):
        return None
    if static_of(self, node.func)[0] is functools.partial:
        inner = function_of(self, node.args[0])
        if inner is None:
            return None
        words = {k.arg: _bound(self, k.value) for k in node.keywords}
        return Bound(inner, tuple(_bound(self, a) for a in node.args[1:]), words)
    made = maker(static_of(self, node.func)[0])
    if made is not None and len(node.args) == 1 and not node.keywords:
        return _of_maker(self, made, function_of(self, node.args[0]))
    factory = function_of(self, node.func) if not isinstance(node.func, gast.Subscript) else None
    return _of_factory(self, node, factory) if factory is not None else None


def _twice(self: Lowering, node: gast.Call) -> bool:
    """Does a call give a function that makes functions?"""
    from tangent.passes import calls

    factory = function_of(self, node.func) if isinstance(node.func, gast.Name) else None
    if not (isinstance(factory, Closure) or (isinstance(factory, Outside) and _own(factory))):
        return False
    returned = _returned(self, calls.unit_of(self, node, factory)[0].tree)
    return isinstance(returned, gast.FunctionDef) and _returned(self, returned) is not None


def _of_maker(self: Lowering, made: Program, inner: Known | None) -> Known | None:
    """`np.vectorize(f)`: its program, with `f` as the first argument."""
    text = name(self.unit.registry.symbols.constant(made.text.__name__, made.text))
    return None if inner is None else Bound(Outside(made.text, text), (inner,), {})


def _bound(self: Lowering, node: Any) -> Any:
    known = function_of(self, node)
    return held(self, node) if known is None else known


def held(self: Lowering, node: Any) -> Any:
    """An atom for a value of now, whatever its name is bound to later."""
    one = self.atom(node)
    if isinstance(one, gast.Name) and one.id[0] != "@":
        return self.temporary(atom_value(one))
    return one


def _of_factory(self: Lowering, node: gast.Call, factory: Known) -> Known | None:
    """`make(power)`, where the body of `make` is a `def` or `lambda` that it returns."""
    from tangent.passes import calls
    from tangent.passes.signatures import bound_arguments

    if not (isinstance(factory, Closure) or (isinstance(factory, Outside) and _own(factory))):
        return None
    unit, words = calls.unit_of(self, node, factory)
    returned = _returned(self, unit.tree)
    if returned is None:
        return None
    args = [_bound(self, a) for a in node.args]
    words = {**words, **{k.arg: _bound(self, k.value) for k in node.keywords}}
    bound = bound_arguments(self, node, unit, args, words)
    given = {p: _whole(self, a, node) for p, a in bound.items()}
    known: Known = passed_on(self, _made_by(self, unit, returned, given), node)
    return known


def _whole(self: Lowering, given: Any, node: Any) -> Any:
    """What a parameter holds: `*args` and `**kwargs` a table of functions, or a tuple or dict."""
    if not isinstance(given, tuple | dict):
        return given
    entries = given if isinstance(given, dict) else dict(enumerate(given))
    if given and all(isinstance(one, (Closure, Outside, Bound)) for one in entries.values()):
        return Table(entries, by_position=isinstance(given, tuple))
    from tangent.passes.construction import as_atom

    return as_atom(self, node, given)


def _own(known: Outside) -> bool:
    function = known.function
    return isinstance(function, FunctionType) and lookup(function) is None


def _returned(self: Lowering, tree: Any) -> Any | None:
    """The `def` or `lambda` that a function defines and returns, and does nothing else."""
    body = [s for s in tree.body if not (isinstance(s, gast.Expr) and _is_text(s.value))]
    inner = {s.name: s for s in body[:-1] if isinstance(s, gast.FunctionDef)}
    if not body or len(inner) != len(body) - 1 or not isinstance(body[-1], gast.Return):
        return None
    value = body[-1].value
    if isinstance(value, gast.Lambda):
        return value if not inner else None
    made = inner.get(value.id) if isinstance(value, gast.Name) else None
    if made is None or len(inner) != 1:
        return None
    bare = undecorated(self, made)
    return None if bare.decorator_list else bare


def _is_text(node: Any) -> bool:
    return isinstance(node, gast.Constant) and isinstance(node.value, str)


def _made_by(self: Lowering, unit: Unit, returned: Any, given: dict[str, Any]) -> Known:
    """The closure that a factory makes of its arguments; each call makes one of its own."""
    home = unit.copy()
    inside = Lowering(home, self.names, set(given))
    functions: dict[str, Known] = {p: a for p, a in given.items() if isinstance(a, Known)}
    taken = names_in(unit.tree) | set(given)
    renamed: dict[str, str] = {}
    for known in functions.values():
        for one in names_of(known):
            renamed.setdefault(one, free_name(one, taken))
    inside.functions = {p: moved(k, renamed) for p, k in functions.items()}
    made = nested_function(inside, returned, getattr(returned, "name", "lambda_"))
    back = {new: old for old, new in renamed.items()}
    holders = {}
    for one, inner in made.holders.items():
        atom = given.get(inner)
        if inner in back:
            holders[one] = back[inner]
        elif isinstance(atom, gast.Name) and atom.id[0] != "@":
            holders[one] = atom.id
        else:
            holders[one] = self.temporary(atom_value(atom)).id
    return Closure(made.tree, home, holders, made.functions, made.defaults)


def known_truth(self: Lowering, test: Any) -> bool | None:
    """`f is None`, `f is not None`, `callable(f)`, `f` of a function value, and tests of literals;
    None if not known.
    """
    of_literals = literal_truth(self, test)
    if of_literals is not None:
        return of_literals
    if isinstance(test, gast.UnaryOp) and isinstance(test.op, gast.Not):
        inner = known_truth(self, test.operand)
        return None if inner is None else not inner
    if isinstance(test, gast.BoolOp):
        return _known_in_turn(self, test)
    of_object = _known_of_object(self, test)
    if of_object is not None:
        return of_object
    subject, negated = test, False
    if isinstance(test, gast.Compare) and _compares_to_none(test):
        subject, negated = test.left, isinstance(test.ops[0], gast.Is)
    elif isinstance(test, gast.Call) and static_of(self, test.func)[0] is callable:
        subject = test.args[0]
    known = self.functions.get(subject.id) if isinstance(subject, gast.Name) else None
    if not isinstance(known, (Closure, Outside, Bound, Table, Choice, Nothing)):
        return None
    return isinstance(known, Nothing) == negated


def _known_in_turn(self: Lowering, test: gast.BoolOp) -> bool | None:
    """`a and b`, `a or b`: as far as Python asks, everything is known."""
    ends = isinstance(test.op, gast.Or)
    for part in test.values:
        known = known_truth(self, part)
        if known is None or known == ends:
            return known
    return not ends


def _known_of_object(self: Lowering, test: Any) -> bool | None:
    """`isinstance(p, Point)` of an object whose class is known."""
    call_ = isinstance(test, gast.Call) and len(test.args) == 2 and not test.keywords
    if not call_ or not isinstance(test.args[0], gast.Name):
        return None
    found, known = static_of(self, test.func)[0], self.types.get(test.args[0].id)
    second = test.args[1]
    if not isinstance(known, Object):
        return None
    if found is isinstance:
        classes = [static_of(self, c)[0] for c in getattr(second, "elts", [second])]
        sure = all(isinstance(c, type) for c in classes)
        one = (known.cls, stood_for(known.cls))
        return any(issubclass(c, tuple(classes)) for c in one) if sure else None
    return None


def narrowed(self: Lowering, test: Any) -> tuple[str, Object, bool] | None:
    """`isinstance(v, Value)`: the name, what it is if so, and whether it is so if the test holds.

    Only of a class without subclasses, whose methods are those that are called.
    """
    if isinstance(test, gast.UnaryOp) and isinstance(test.op, gast.Not):
        inner = narrowed(self, test.operand)
        return None if inner is None else (inner[0], inner[1], not inner[2])
    if not (isinstance(test, gast.Call) and len(test.args) == 2 and not test.keywords):
        return None
    value, cls = test.args[0], static_of(self, test.args[1])[0]
    if not (isinstance(value, gast.Name) and self.is_local(value.id)):
        return None
    if static_of(self, test.func)[0] is not isinstance or not is_plain_class(cls):
        return None
    if cls.__subclasses__() or cls.__module__ == "builtins":
        return None
    self.unit.registry.watch_leaf(Leaf(cls))
    return value.id, Object(cls), True


def narrow(self: Lowering, found: tuple[str, Object, bool] | None, holds: bool) -> None:
    """At the start of a branch that runs where the test holds, or where it does not."""
    if found is not None and found[2] == holds:
        self.types[found[0]] = found[1]


def _compares_to_none(test: gast.Compare) -> bool:
    right = test.comparators[0]
    return (
        isinstance(test.ops[0], (gast.Is, gast.IsNot))
        and isinstance(right, gast.Constant)
        and right.value is None
    )


_FINDERS: dict[type, Callable[[Lowering, Any], Known | None]] = {
    gast.Name: _named,
    gast.Attribute: _attribute,
    gast.Lambda: _lambda,
    gast.Subscript: _entry,
    gast.Dict: _dict,
    gast.List: _list,
    gast.Tuple: _list,
    gast.BoolOp: _either,
    gast.IfExp: _chosen,
    gast.Call: _made,
}
