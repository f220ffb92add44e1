"""Where a program for a device waits for it: the places that read a number off the device.

    if np.sum(u) > 1.0:          ->     if np.sum(u) > 1.0:          # synchronises
    n = int(np.argmax(u))        ->     n = int(np.argmax(u))        # synchronises

Names are on the device that come from NumPy's functions, or from such names; what `len`, `range`, a
shape or a literal gives is on the host.  Arguments are on the device if they have an adjoint or a
tangent.
"""

from __future__ import annotations

from typing import Any

import gast

from tangent.passes.glance import inner
from tangent.syntax.printing import Noted
from tangent.syntax.trees import names_in, walk

REMARK = "synchronises"
_ON_HOST = {"shape", "ndim", "size", "dtype", "result_type", "broadcast_shapes", "keys"}
_NUMBERS = ("@builtin:float", "@builtin:int", "@builtin:bool", "@builtin:complex")


def synchronising(function: Any) -> list[Any]:
    """The body of a function, with a remark where it waits."""
    device = _on_device(function)
    return [_marked(statement, device) for statement in function.body]


def host_numbers(function: Any) -> frozenset[str]:
    """Names that are integers for sure: what loops over ranges count, and lengths."""
    ranges: set[str] = set()
    numbers: set[str] = set()
    others: set[str] = set()
    for node in walk(function):
        match node:
            case gast.For(target=gast.Name(id=index), iter=header):
                (numbers if _is_range(header, ranges) else others).add(index)
            case gast.Assign(targets=[gast.Name(id=target)], value=value):
                if _is_range(value, ranges):
                    ranges.add(target)
                elif _calls(value, "@builtin:len") or _is_integer(value):
                    numbers.add(target)
                else:
                    others.add(target)
            case gast.Name(id=one, ctx=gast.Param()):
                others.add(one)
            case gast.Tuple(ctx=gast.Store()):
                others |= names_in(node)
    return frozenset(numbers - others)


def _is_range(node: Any, ranges: set[str]) -> bool:
    if _calls(node, "@builtin:reversed"):
        node = node.args[0]
    if isinstance(node, gast.Subscript):
        node = node.value
    named = isinstance(node, gast.Name) and node.id in ranges
    return named or _calls(node, "@builtin:range")


def _is_integer(node: Any) -> bool:
    return isinstance(node, gast.Constant) and type(node.value) is int


def _calls(node: Any, function: str) -> bool:
    return isinstance(node, gast.Call) and getattr(node.func, "id", "") == function


def _on_device(function: Any) -> frozenset[str]:
    """The names whose values live on the device, as far as the text shows."""
    nodes = list(walk(function))
    names = {n.id for n in nodes if isinstance(n, gast.Name)}
    device = {n for n in names if f"{n}_bar" in names or f"{n}_dot" in names}
    device |= {n for n in names if n.endswith(("_bar", "_dot"))}
    while True:
        before = len(device)
        for node in nodes:
            if isinstance(node, gast.Assign | gast.AugAssign) and _reads(node.value, device):
                bound = node.targets if isinstance(node, gast.Assign) else [node.target]
                device |= {n for t in bound for n in names_in(t)}
            elif isinstance(node, gast.For) and _reads(node.iter, device):
                device |= set(names_in(node.target))
        if len(device) == before:
            return frozenset(device)


def _reads(node: Any, device: set[str] | frozenset[str]) -> bool:
    """Is the value of an expression on the device?"""
    match node:
        case gast.Name(id=one):
            return one in device
        case gast.Call(func=gast.Attribute(attr=attr)) if attr in (*_ON_HOST, "item"):
            return False
        case gast.Attribute(attr=attr) if attr in _ON_HOST:
            return False
        case gast.Call(func=gast.Name(id=one)) if one in (*_NUMBERS, "@builtin:len"):
            return False
        case gast.Call(func=gast.Attribute(value=gast.Name(id="@import:np"))):
            return True
        case gast.Compare(ops=[gast.Is() | gast.IsNot()]):
            return False
    return any(_reads(part, device) for part in gast.iter_child_nodes(node))


def _marked(statement: Any, device: frozenset[str]) -> Any:
    node = inner(statement)
    for field in ("body", "orelse", "finalbody"):
        if isinstance(getattr(node, field, None), list):
            setattr(node, field, [_marked(s, device) for s in getattr(node, field)])
    for handler in getattr(node, "handlers", []):
        handler.body = [_marked(s, device) for s in handler.body]
    if not _waits(node, device):
        return statement
    note = statement.note if isinstance(statement, Noted) else ""
    return Noted(node, f"{note}, {REMARK}" if note else REMARK)


def _waits(node: Any, device: frozenset[str]) -> bool:
    """Does a statement itself read a number off the device?"""
    if isinstance(node, gast.If | gast.While):
        return _reads(node.test, device) or _fetches(node.test, device)
    if isinstance(node, gast.For):
        return _fetches(node.iter, device)
    simple = isinstance(node, gast.Assign | gast.AugAssign | gast.Expr | gast.Return | gast.Assert)
    return simple and _fetches(node, device)


def _fetches(node: Any, device: frozenset[str]) -> bool:
    """Is there `float(x)`, `x.item()`, or a choice by a value on the device?"""
    for part in walk(node):
        match part:
            case gast.Call(func=gast.Name(id=one), args=[value]) if one in _NUMBERS:
                found = _reads(value, device)
            case gast.Call(func=gast.Attribute(attr="item" | "tolist")):
                found = True
            case gast.IfExp(test=test):
                found = _reads(test, device)
            case gast.BoolOp(values=values):
                found = any(_reads(v, device) for v in values)
            case gast.Call(func=gast.Name(id="@builtin:range"), args=args):
                found = any(_reads(a, device) for a in args)
            case _:
                found = False
        if found:
            return True
    return False
