"""What NumPy's programs take for granted and a device does not give, put into the text for CuPy.

v = x[i]                     v = element(x[i])           NumPy's `x[i]` is a number, which `v *= 2`
v *= 2                ->     v *= 2                      does not write into; CuPy's is an array of
                                                         no dimensions, a view of `x`
for v in x:                  for v in x:                 nor are the items of a loop, or what is
    x *= v            ->         v = element(v)          unpacked
y[i] = v              ->     y[i] = latest(y, i, v)      where `i` names an element twice, NumPy's
                                                         last value stays; CuPy's order is open
np.sum(x, where=m)    ->     np.sum(np.where(m, x, 0))   CuPy's reductions have no `where`
np.linalg.svdvals(A)  ->     np.linalg.svd(A, compute_uv=False), which CuPy has
sin(x)                ->     np.sin(x)                   a name from `from numpy import sin`
with np.errstate(…):  ->                                 what runs on a device warns of nothing
if x > 0:             ->     if x > 0:  # synchronises   (`passes.waiting`)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

import gast
import numpy as np

from tangent.errors import UnsupportedSyntax
from tangent.passes.glance import inner
from tangent.passes.waiting import host_numbers, synchronising
from tangent.syntax.printing import print_expression
from tangent.syntax.symbols import Symbols
from tangent.syntax.trees import (
    as_argument,
    assign,
    call,
    copied,
    item,
    literal,
    name,
    names_in,
    walk,
)

# reduction -> what stands in the place of elements that are left out, and how `initial` comes in
_REDUCTIONS: dict[str, tuple[Any, str]] = {
    "sum": (0, "add"),
    "prod": (1, "multiply"),
    "any": (False, ""),
    "all": (True, ""),
    "max": (None, "maximum"),
    "amax": (None, "maximum"),
    "min": (None, "minimum"),
    "amin": (None, "minimum"),
}
_OTHERS = ("mean", "std", "var", "nansum", "nanprod", "nanmax", "nanmin", "nanmean", "nanstd")
_OPTIONS = ("where", "initial")


def on_device(functions: Sequence[Any], symbols: Symbols) -> None:
    """Changes the functions of a module in place."""
    for function in functions:
        _each_expression(function, lambda node: _of_the_library(node, symbols))
        _each_expression(function, lambda node: _with_what_it_has(node, symbols))
        _each_expression(function, lambda node: _without_options(node, symbols))
        _each_block(function, _without_warnings)
        nodes = list(walk(function))
        if any(map(_writes, nodes)):
            updated = {getattr(n.target, "id", "") for n in nodes if isinstance(n, gast.AugAssign)}
            for node in nodes:
                _apart(node, symbols, updated)
            _each_block(function, partial(_own_items, symbols=symbols))
        _each_block(function, _Ordered(symbols, host_numbers(function)))
        function.body = synchronising(function)


def _of_the_library(node: Any, symbols: Symbols) -> Any:
    """A function or module of NumPy's under a name of the user's as the attribute that it is."""
    symbol = symbols.table.get(node.id) if isinstance(node, gast.Name) else None
    if symbol is None or symbol.kind not in ("import", "value", "object"):
        return node
    value = symbol.payload.get() if symbol.kind == "value" else symbol.payload
    if isinstance(value, ModuleType):
        path = value.__name__.split(".")
        return _attribute(path[1:], symbols) if path[0] == "numpy" and path[1:] else node
    own = getattr(value, "__name__", "") if callable(value) else ""
    ufunc = getattr(value, "__self__", None)
    if isinstance(ufunc, np.ufunc):
        return _attribute([ufunc.__name__, own], symbols)
    for module in (np, np.linalg, np.fft, np.lib.stride_tricks):
        if own and getattr(module, own, None) is value and not isinstance(value, type):
            return _attribute([*module.__name__.split(".")[1:], own], symbols)
    return node


# of functions that CuPy does not have: another one, and the options that make it the same
_INSTEAD: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "svdvals": (("linalg", "svd"), {"compute_uv": False}),
    "outer": (("outer",), {}),
    "diagonal": (("diagonal",), {"axis1": -2, "axis2": -1}),
    "trace": (("trace",), {"axis1": -2, "axis2": -1}),
}


def _with_what_it_has(node: Any, symbols: Symbols) -> Any:
    """`np.linalg.svdvals(A)` by functions that CuPy has."""
    match node:
        case gast.Call(func=gast.Attribute(value=gast.Attribute(attr="linalg"), attr=one)) if (
            one in _INSTEAD
        ):
            path, options = _INSTEAD[one]
            words = [gast.keyword(k, literal(v)) for k, v in options.items()]
            function = _attribute(list(path), symbols)
            return gast.Call(function, node.args, [*node.keywords, *words])
    return node


def _attribute(path: list[str], symbols: Symbols) -> Any:
    made = name(symbols.imported(np))
    for part in path:
        made = gast.Attribute(value=made, attr=part, ctx=gast.Load())
    return made


# ---------------------------------------------------------------- reductions


def _each_expression(node: Any, change: Callable[[Any], Any]) -> None:
    """Changes expressions in place, inner ones first."""
    for field, value in gast.iter_fields(node):
        for position, part in enumerate(value if isinstance(value, list) else [value]):
            if not hasattr(part, "_fields"):
                continue
            _each_expression(part, change)
            made = change(part)
            if made is part:
                continue
            if isinstance(value, list):
                value[position] = made
            else:
                setattr(node, field, made)


def _without_options(node: Any, symbols: Symbols) -> Any:
    """A reduction without `where` and `initial`."""
    if not (isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute)):
        return node
    reduction = node.func.attr
    given = {k.arg: k.value for k in node.keywords if k.arg in _OPTIONS}
    if not given or reduction not in (*_REDUCTIONS, *_OTHERS):
        return node
    fill, combine = _REDUCTIONS.get(reduction, (None, ""))
    where, initial = given.get("where"), given.get("initial")
    if reduction not in _REDUCTIONS or (fill is None and initial is None):
        _refuse(reduction, next(iter(given)))
    if initial is not None and not isinstance(initial, gast.Constant | gast.Name | gast.UnaryOp):
        _refuse(reduction, "initial")
    numpy = name(symbols.imported(np))
    is_function = isinstance(node.func.value, gast.Name) and node.func.value.id[0] == "@"
    array, *rest = node.args if is_function else (node.func.value, *node.args)
    if where is not None:
        array = _of(numpy, "where", where, array, initial if fill is None else literal(fill))
    reduced = _of(numpy, reduction, array, *rest)
    reduced.keywords = [k for k in node.keywords if k.arg not in _OPTIONS]
    if initial is None:
        return reduced
    if combine in ("maximum", "minimum"):
        return _of(numpy, combine, reduced, copied(initial))
    op = gast.Add() if combine == "add" else gast.Mult()
    return gast.BinOp(left=reduced, op=op, right=initial)


def _of(numpy: Any, function: str, *arguments: Any) -> Any:
    attribute = gast.Attribute(value=copied(numpy), attr=function, ctx=gast.Load())
    return gast.Call(func=attribute, args=list(arguments), keywords=[])


def _refuse(reduction: str, option: str) -> None:
    raise UnsupportedSyntax(
        f"CuPy's `{reduction}` has no `{option}`",
        code="cupy-option",
        help="choose by `np.where` first",
    )


# ---------------------------------------------------------------- warnings


def _without_warnings(block: list[Any]) -> list[Any]:
    """What stands under `np.errstate(…)`, which says what is not to be warned of, without it."""
    return [s for statement in block for s in _under_errstate(statement)]


def _under_errstate(statement: Any) -> list[Any]:
    match inner(statement):
        case gast.With(items=items, body=body) if all(map(_is_errstate, items)):
            return list(body)
    return [statement]


def _is_errstate(entered: Any) -> bool:
    context = entered.context_expr
    return isinstance(context, gast.Call) and getattr(context.func, "attr", "") == "errstate"


# ---------------------------------------------------------------- elements and stores


def _writes(node: Any) -> bool:
    """Does a statement change a value in place?"""
    stores = isinstance(node, gast.Subscript) and isinstance(node.ctx, gast.Store)
    return stores or isinstance(node, gast.AugAssign)


def _apart(node: Any, symbols: Symbols, updated: set[str]) -> None:
    """Where something is written to, no name is a view of one element, unless it says `...`; nor a
    second name of a number, where one of the two is `updated`.
    """
    match node:
        case gast.Assign(targets=[gast.Name(id=one)], value=gast.Name(id=other)):
            if updated & {one, other} and other[0] != "@":
                node.value = call(symbols.runtime("element"), node.value)
        case gast.Assign(targets=[gast.Name()], value=gast.Subscript() as part) if _plain(part):
            node.value = call(symbols.runtime("element"), part)
        case gast.Call(func=gast.Name(id="@shadow"), args=[part, *rest]):
            if isinstance(part, gast.Name) or (isinstance(part, gast.Subscript) and _plain(part)):
                node.args = [call(symbols.runtime("element"), part), *rest]


def _each_block(node: Any, change: Callable[[list[Any]], list[Any]]) -> None:
    """Changes the blocks of statements in a statement, inner ones first."""
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, None)
        if isinstance(block, list):
            for statement in block:
                _each_block(inner(statement), change)
            setattr(node, field, change(block))
    for handler in getattr(node, "handlers", []):
        _each_block(handler, change)


def _own_items(block: list[Any], symbols: Symbols) -> list[Any]:
    """What a loop or an unpacking binds is no view of one element."""
    made = []
    for statement in block:
        made.append(statement)
        match inner(statement):
            case gast.For(target=target, iter=items) as loop if not _counts(items):
                loop.body = [*_own(target, symbols), *loop.body]
            case gast.Assign(targets=[gast.Tuple() as target], value=gast.Name()):
                made += _own(target, symbols)
    return made


def _counts(items: Any) -> bool:
    """Does a loop run over numbers that are in no array?"""
    while isinstance(items, gast.Call) and getattr(items.func, "id", "") == "reversed":
        items = items.args[0]
    return isinstance(items, gast.Call) and getattr(items.func, "id", "") == "range"


def _own(target: Any, symbols: Symbols) -> list[Any]:
    bound = [n.id for n in walk(target) if isinstance(n, gast.Name)]
    return [assign(one, call(symbols.runtime("element"), name(one))) for one in bound]


def _plain(part: Any) -> bool:
    constants = (n.value for n in walk(part.slice) if isinstance(n, gast.Constant))
    return not any(c is Ellipsis for c in constants)


@dataclass(frozen=True)
class _Ordered:
    """Stores in which the last of the values for an element stays, as in NumPy."""

    symbols: Symbols
    numbers: frozenset[str]

    def __call__(self, block: list[Any]) -> list[Any]:
        for position, statement in enumerate(block):
            node = inner(statement)
            made = _store(node, self.symbols, self.numbers)
            if made is not node:
                if node is statement:
                    block[position] = made
                else:
                    statement.statement = made
        return block


def _store(node: Any, symbols: Symbols, numbers: frozenset[str]) -> Any:
    match node:
        case gast.Assign(targets=[gast.Subscript() as target], value=value):
            constant = isinstance(value, gast.Constant)
            popped = isinstance(value, gast.Call) and getattr(value.func, "attr", "") == "pop"
            if constant or popped or _once(target.slice, numbers):
                return node
        case gast.AugAssign(target=gast.Subscript() as target, op=op, value=added):
            if _once(target.slice, numbers):
                return node
            value = gast.BinOp(left=_read(target), op=op, right=added)
        case _:
            return node
    if any(isinstance(n, gast.Call) for n in walk(target)):
        raise UnsupportedSyntax(
            f"a store into `{print_expression(target)}`, whose order CuPy leaves open",
            code="cupy-store",
            help="give the index a name first",
        )
    latest = call(
        symbols.runtime("latest"), copied(target.value), as_argument(copied(target.slice)), value
    )
    return gast.Assign(targets=[target], value=latest, type_comment=None)


def _read(target: Any) -> Any:
    return item(copied(target.value), copied(target.slice))


def _once(index: Any, numbers: frozenset[str]) -> bool:
    """Does an index surely name no element twice?"""
    inside = (n for n in walk(index) if not isinstance(n, gast.expr_context))
    plain = (gast.Name, gast.Constant, gast.Slice, gast.Tuple, gast.UnaryOp, gast.BinOp)
    return names_in(index) <= numbers and all(
        isinstance(n, (*plain, gast.operator, gast.unaryop)) for n in inside
    )
