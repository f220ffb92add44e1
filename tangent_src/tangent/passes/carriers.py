"""Which nested functions change variables of the function around, and which variables these are.

A function that binds one by `nonlocal`, or calls such a function, carries it.  Lists and dicts that
a function changes in place are carried where that calls itself: other functions are written into
their callers (`passes.inlining`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import gast

from tangent.passes.lowering import Lowering
from tangent.passes.yielding import own_nodes, yields_of
from tangent.syntax.scopes import bound_names, outer_names
from tangent.syntax.stores import CHANGING
from tangent.syntax.trees import names_in, walk

_READING = ("get", "items", "keys", "values", "copy", "count", "index")
_DISPLAYS = (gast.Dict, gast.List, gast.DictComp, gast.ListComp)
_COMPREHENSIONS = (gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp)
_INNER = (gast.FunctionDef, gast.Lambda)


@dataclass(frozen=True)
class Carriers:
    """Each function with the variables that it gets and gives back; `copied` are those that are
    changed in place, `counters` those that hold nothing but numbers made of literals.
    """

    variables: Mapping[str, tuple[str, ...]]
    copied: tuple[str, ...] = ()
    counters: frozenset[str] = frozenset()


def carriers(self: Lowering, tree: Any) -> Carriers:
    """The functions of a function that change its variables."""
    found = {s.name: s for s in tree.body if isinstance(s, gast.FunctionDef)}
    if not found:
        return Carriers({})
    calls = {f: _called(one) & found.keys() for f, one in found.items()}
    reached = {f: _reached(f, calls) for f in found}
    bound = {f: _shared(one) for f, one in found.items()}
    copied = tuple(v for v in _containers(tree) if _is_carried(tree, v, found, reached))
    changed = {f: {*bound[f], *_changed(found[f], copied)} for f in found}
    carried = _carried(found, reached, changed)
    variables = {f: tuple(sorted(some)) for f, some in carried.items() if some}
    all_of_them = {v for some in variables.values() for v in some}
    counters = frozenset(v for v in all_of_them if _counts(v, (tree, *found.values())))
    known = Carriers(variables, copied, counters)
    _check(self, tree, found, known)
    return known


def _called(function: Any) -> set[str]:
    nodes = (n for n in walk(function) if isinstance(n, gast.Call))
    return {n.func.id for n in nodes if isinstance(n.func, gast.Name)}


def _carried(
    found: Mapping[str, Any], reached: Mapping[str, set[str]], changed: Mapping[str, set[str]]
) -> dict[str, set[str]]:
    """What each function carries: what it changes, what those that it calls do, and what it reads
    of the variables that one which calls it has changed.
    """
    read = {f: {n.id for n in outer_names(one)} for f, one in found.items()}
    carried = {f: set(some) for f, some in changed.items()}
    while True:
        before = {f: set(some) for f, some in carried.items()}
        for f, others in reached.items():
            carried[f] |= set().union(*(carried[g] for g in others))
            for g in others:
                carried[g] |= carried[f] & read[g]
        if carried == before:
            return carried


def _reached(function: str, calls: Mapping[str, set[str]]) -> set[str]:
    """The functions that it calls, those that these call, and so on."""
    found: set[str] = set()
    todo = list(calls[function])
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo.extend(calls[one])
    return found


def _shared(function: Any) -> set[str]:
    """The variables from outside that it binds; one that is written into need not be told."""
    nodes = list(own_nodes(function))
    named = {v for n in nodes if isinstance(n, gast.Nonlocal) for v in n.names}
    return named & {n.id for n in nodes if _is_stored(n)}


def _counts(variable: str, functions: Iterable[Any]) -> bool:
    """Is each value that is bound to it made of numbers in the text, and of its last value?"""
    stores = 0
    for node in (n for f in functions for n in own_nodes(f)):
        stores += _is_stored(node) and node.id == variable
        match node:
            case (
                gast.Assign(targets=[gast.Name(id=one)], value=value)
                | gast.AugAssign(target=gast.Name(id=one), value=value)
            ) if one == variable:
                stores -= all(_is_counted(n, variable) for n in walk(value))
    return stores == 0


def _is_counted(node: Any, variable: str) -> bool:
    match node:
        case gast.Constant(value=value):
            return isinstance(value, int | float)
        case gast.Name(id=one):
            return bool(one == variable)
    return isinstance(node, gast.BinOp | gast.UnaryOp | gast.operator | gast.unaryop | gast.Load)


# ---------------------------------------------------------------- lists and dicts


def mutates(node: Any, variable: str) -> bool:
    """Does a piece of text change the container that a name holds?"""
    match node:
        case gast.Subscript(value=gast.Name(id=base), ctx=gast.Store() | gast.Del()):
            return bool(base == variable)
        case gast.Call(func=gast.Attribute(value=gast.Name(id=base), attr=method)):
            return bool(base == variable) and method in CHANGING
    return False


def _changed(function: Any, variables: tuple[str, ...]) -> set[str]:
    own = bound_names(function) - _shared(function)
    nodes = list(own_nodes(function))
    return {v for v in variables if v not in own and any(mutates(n, v) for n in nodes)}


def _containers(tree: Any) -> list[str]:
    """The variables that hold nothing but lists and dicts that are made here."""
    bindings: dict[str, list[Any]] = {}
    for node in own_nodes(tree):
        if isinstance(node, gast.Assign) and len(node.targets) == 1:
            for target, value in _pairs(node.targets[0], node.value):
                if isinstance(target, gast.Name):
                    bindings.setdefault(target.id, []).append(value)
    stores = [n.id for n in own_nodes(tree) if _is_stored(n)]
    return [
        v
        for v, values in bindings.items()
        if stores.count(v) == len(values) and all(map(_is_made, values))
    ]


def _pairs(target: Any, value: Any) -> list[tuple[Any, Any]]:
    """`even, odd = {}, {}`: each name with its value."""
    both = isinstance(target, gast.Tuple) and isinstance(value, gast.Tuple)
    if not both or len(target.elts) != len(value.elts):
        return [(target, value)]
    return list(zip(target.elts, value.elts, strict=True))


def _is_stored(node: Any) -> bool:
    return isinstance(node, gast.Name) and not isinstance(node.ctx, gast.Load)


def _is_made(value: Any) -> bool:
    if isinstance(value, gast.BinOp) and isinstance(value.op, gast.Mult):
        return isinstance(value.left, gast.List)
    bare = isinstance(value, gast.Call) and not value.args
    return isinstance(value, _DISPLAYS) or (
        bare and isinstance(value.func, gast.Name) and value.func.id in ("dict", "list")
    )


def _is_carried(
    tree: Any, variable: str, found: Mapping[str, Any], reached: Mapping[str, set[str]]
) -> bool:
    """Does a function that calls itself change this container, whose one name is this?"""
    changing = {f for f, one in found.items() if _changed(one, (variable,))}
    carrying = {f for f in found if f in changing or reached[f] & changing}
    if not any(f in reached[f] for f in carrying) or not _is_alone(tree, variable, found):
        return False
    nodes = [n for one in (tree, *found.values()) for n in own_nodes(one)]
    return all(_is_clear(n, variable, carrying) for n in nodes)


def _is_alone(tree: Any, variable: str, found: Mapping[str, Any]) -> bool:
    """Is the container never shown under another name, nor changed by functions in functions?"""
    safe: set[int] = set()
    for node in walk(tree):
        match node:
            case gast.Subscript(value=gast.Name() as base):
                safe.add(id(base))
            case gast.Attribute(value=gast.Name() as base, attr=method):
                if method in CHANGING or method in _READING:
                    safe.add(id(base))
            case gast.Compare(ops=[gast.In() | gast.NotIn()], comparators=[gast.Name() as base]):
                safe.add(id(base))
            case gast.For(iter=gast.Name() as base) | gast.comprehension(iter=gast.Name() as base):
                safe.add(id(base))
            case gast.Call(func=gast.Name(id="len" | "sum" | "max" | "min" | "sorted"), args=args):
                safe.update(map(id, args))
    names = [n for n in walk(tree) if isinstance(n, gast.Name) and n.id == variable]
    safe |= {id(n.value) for n in own_nodes(tree) if isinstance(n, gast.Return)}
    if any(isinstance(n.ctx, gast.Load) and id(n) not in safe for n in names):
        return False
    called = {id(n.func) for n in walk(tree) if isinstance(n, gast.Call)}
    values = {n.id for n in walk(tree) if isinstance(n, gast.Name) and id(n) not in called}
    inner = (n for n in walk(tree) if isinstance(n, _INNER) and n is not tree)
    free = (n for n in inner if n not in found.values() or n.name in values)
    return not any(n.id == variable for one in free for n in outer_names(one))


def _is_clear(node: Any, variable: str, carrying: set[str]) -> bool:
    """Is it clear in which order a statement, or a loop over the container, changes it?"""

    def changed_in(nodes: Iterable[Any]) -> bool:
        return any(mutates(n, variable) for n in nodes)

    def called_in(nodes: Iterable[Any]) -> bool:
        called = (n.func for n in nodes if isinstance(n, gast.Call))
        return any(getattr(f, "id", "") in carrying for f in called)

    if isinstance(node, gast.For) and variable in names_in(node.iter):
        body = [n for s in node.body for n in walk(s)]
        return not changed_in(body) and not called_in(body)
    if isinstance(node, _COMPREHENSIONS):
        over = any(variable in names_in(one.iter) for one in node.generators)
        return not over or not (changed_in(walk(node)) or called_in(walk(node)))
    if not isinstance(node, gast.stmt) or isinstance(node, gast.FunctionDef):
        return True
    inside = list(statement_nodes(node))
    both = changed_in(inside) and called_in(inside)
    return not both or _stores_last(node, variable, carrying)


def _stores_last(node: Any, variable: str, carrying: set[str]) -> bool:
    """`memo[n] = f(n - 1)` and `out.append(f(n - 1))`."""
    match node:
        case gast.Assign(targets=[gast.Subscript(value=gast.Name(), slice=index)]):
            later: list[Any] = list(walk(index))
            first = node.value
        case gast.Expr(value=gast.Call(func=gast.Attribute(attr="append"), args=[first])):
            later = []
        case _:
            return False
    inside = any(mutates(n, variable) for n in walk(first))
    return not inside and not any(getattr(n, "id", "") in carrying for n in later)


def statement_nodes(statement: Any) -> Iterator[Any]:
    """The nodes of a statement, those of the statements in it aside."""
    todo = [statement]
    while todo:
        node = todo.pop()
        yield node
        inner = gast.iter_child_nodes(node)
        todo.extend(p for p in inner if not isinstance(p, (gast.stmt, gast.ExceptHandler)))


# ---------------------------------------------------------------- what is refused


def _check(self: Lowering, tree: Any, found: Mapping[str, Any], known: Carriers) -> None:
    own = bound_names(tree)
    for f in known.variables:
        _check_function(self, found[f], own)
        _check_once(self, tree, f)
    places = {id(n.func) for n in _plain_calls(tree, found, known)}
    for node in (n for n in walk(tree) if isinstance(n, gast.Name) and n.id in known.variables):
        if id(node) not in places:
            what = f"`{node.id}` changes variables of this function, and is more than called"
            advice = f"call it in this function: `{node.id}(…)`"
            self.refuse(what, "nonlocal", node, advice)
    _check_readers(self, tree, found, known)
    for one in (tree, *(found[f] for f in known.variables)):
        _check_tries(self, one, known)
        _check_updates(self, one, known)
        _check_comprehensions(self, one, known)
    for f in known.variables:
        _check_hidden(self, found[f], known)
    _check_first(self, tree, known)


def _check_function(self: Lowering, function: Any, own: set[str]) -> None:
    plain = not function.decorator_list and not any(yields_of(function))
    if plain and not _shared(function) - own:
        return
    shared = (n for n in own_nodes(function) if isinstance(n, gast.Nonlocal))
    place = next(shared, function)
    self.refuse("`nonlocal`", "nonlocal", place, "return the value and assign it outside")


def _check_once(self: Lowering, tree: Any, f: str) -> None:
    found = [s for s in tree.body if getattr(s, "name", "") == f]
    if len(found) > 1:
        self.refuse(f"`{f}` is defined twice", "nonlocal", found[-1], "give it another name")


def _check_readers(self: Lowering, tree: Any, found: Mapping[str, Any], known: Carriers) -> None:
    """A function that is a value reads the variable of this function, which is behind what a
    function that carries it has changed.
    """
    carried = {v for some in known.variables.values() for v in some} - set(known.copied)
    called = {id(n.func) for n in walk(tree) if isinstance(n, gast.Call)}
    values = {n.id for n in walk(tree) if isinstance(n, gast.Name) and id(n) not in called}
    for one in (n for n in walk(tree) if isinstance(n, _INNER) and n is not tree):
        value = isinstance(one, gast.Lambda) or one.name in values or one.name not in found
        read = carried & {n.id for n in outer_names(one)} if value else set()
        if read and getattr(one, "name", "") not in known.variables:
            what = f"`{min(read)}` is read by a function that is a value, and changed by another"
            self.refuse(what, "nonlocal", one, "pass it as an argument")


def _plain_calls(tree: Any, found: Mapping[str, Any], known: Carriers) -> Iterator[Any]:
    """The calls of these functions by the function and by those among them."""
    for one in (tree, *(found[f] for f in known.variables)):
        yield from (n for n in own_nodes(one) if isinstance(n, gast.Call))


def _check_tries(self: Lowering, function: Any, known: Carriers) -> None:
    """What an exception leaves behind would be lost."""
    under = (s for n in own_nodes(function) if isinstance(n, gast.Try) for s in n.body)
    for call in (n for s in under for n in walk(s) if _is_call(n, known)):
        function = call.func.id
        what = f"`{function}` is called under a `try`, and changes variables around it"
        self.refuse(what, "nonlocal", call, "let it return what it changes")


def _check_updates(self: Lowering, function: Any, known: Carriers) -> None:
    """`total += f(x)`: Python reads `total` first."""
    for node in (n for n in own_nodes(function) if isinstance(n, gast.AugAssign)):
        target = node.target
        base = target.value if isinstance(target, gast.Subscript) else target
        for call in (n for n in walk(node) if _is_call(n, known)):
            if getattr(base, "id", "") in known.variables[call.func.id]:
                what = f"`{base.id}` is changed by what is added to it"
                self.refuse(what, "nonlocal", call, "call it in a statement of its own")


def _is_call(node: Any, known: Carriers) -> bool:
    return isinstance(node, gast.Call) and getattr(node.func, "id", "") in known.variables


def _check_comprehensions(self: Lowering, function: Any, known: Carriers) -> None:
    """A variable of a comprehension has not the name of one that is changed."""
    changed = {v for n in walk(function) if _is_call(n, known) for v in known.variables[n.func.id]}
    for node in (n for n in own_nodes(function) if isinstance(n, gast.comprehension)):
        if changed & {n.id for n in walk(node.target) if _is_stored(n)}:
            what = "two variables of one name"
            self.refuse(what, "nonlocal", node.target, "rename one of them")


def _check_hidden(self: Lowering, function: Any, known: Carriers) -> None:
    """Nor has a variable of a function that calls what changes it."""
    own = bound_names(function) - _shared(function)
    for call in (n for n in own_nodes(function) if _is_call(n, known)):
        both = own & set(known.variables[call.func.id])
        if both:
            what = f"`{call.func.id}` changes `{min(both)}`, which is another variable here"
            self.refuse(what, "nonlocal", call, "give it another name")


def _check_first(self: Lowering, tree: Any, known: Carriers) -> None:
    """The variables are bound when such a function is called first."""
    nodes = sorted((n for n in own_nodes(tree) if hasattr(n, "col_offset")), key=_place)
    bound = {n.id for n in walk(tree.args) if isinstance(n, gast.Name)}
    for node in nodes:
        if _is_call(node, known):
            missing = sorted(set(known.variables[node.func.id]) - bound)
            if missing:
                what = f"`{missing[0]}` is not bound in front of the call of `{node.func.id}`"
                advice = f"bind it in front: `{missing[0]} = None`"
                self.refuse(what, "nonlocal", node, advice)
        bound |= {node.id} if _is_stored(node) else set()


def _place(node: Any) -> tuple[int, int]:
    return node.lineno, node.col_offset
