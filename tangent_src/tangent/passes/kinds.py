"""Which names surely hold a list, a tuple, a dict or a set: `+` and `*` mean something else there.

    ys = [x]            ys: list
    zs = ys + [x]       zs: list, so that this joins two lists
    total = zs[0] + x   a sum

A fact holds from the assignment on.  Where paths meet it survives if each of them that binds the
name gives it: on the others nobody can read it.  Into a loop it goes if each assignment in the body
keeps it, as one sees from its text alone.  A name of which nothing is known has the kind None; one
that is not in the table is bound on no path.
"""

from __future__ import annotations

import copy
from typing import Any

import gast
import numpy as np

import tangent.runtime as runtime
from tangent.analyses.heap import JOINS
from tangent.runtime import keyed
from tangent.syntax.program import Apply, Copy, Display, Item, Plain, Value

SEQUENCES = ("list", "tuple")
GIVEN = "given"  # a list of numbers that is an argument: others may have it as well
CONTAINERS = {"list": "list", "tuple": "tuple", "dict": "dict", GIVEN: "list"}
STREAM = "stream"  # a generator of random numbers
ARRAY = "array"  # or a NumPy scalar, which makes an array of a list as well
_SAME: tuple[Any, ...] = (  # of the kind of the first
    *(runtime.own, runtime.private, runtime.unshared, runtime.whole, runtime.inexact),
    runtime.no_copier,
    *(np.ndarray.copy, copy.copy, copy.deepcopy),
)
_ARRAYS: tuple[Any, ...] = (np.array, np.asarray, np.stack, np.concatenate)
_STREAMS = ("default_rng", "RandomState", "Random")


Kinds = dict[str, str | None]


def note_kind(kinds: Kinds, target: str, value: Value) -> None:
    """After `target = value`."""
    kinds[target] = _kind_of(kinds, value)


def _kind_of(kinds: Kinds, value: Value) -> str | None:
    match value:
        case Display(kind=kind):
            return kind
        case Copy(source=source):
            return kinds.get(source)
        case Item(base=base, index=gast.Slice()):
            return kinds.get(base) if kinds.get(base) in (*SEQUENCES, GIVEN, ARRAY) else None
        case Plain(expr=gast.Call(func=gast.Name(id="@zero_tangent"), args=[first])):
            return kind_of_atom(kinds, first)
        case Plain(array=True):
            return ARRAY
        case Plain(expr=gast.Call(func=gast.Attribute(attr=made))) if made in _STREAMS:
            return STREAM
        case Plain(expr=expr) | Apply(expr=expr) if _is_set(kinds, expr):
            return "set"
        case Apply(rule=rule) if rule.function is keyed:
            return "dict"
        case Apply(rule=rule) if rule.function in _ARRAYS or isinstance(rule.function, np.ufunc):
            return ARRAY
        case Apply(rule=rule) if rule.function in (list, tuple):
            return str(rule.function.__name__)
        case Apply(rule=rule, arguments=arguments) if rule.function in (*JOINS, *_SAME):
            first = next(iter(arguments.values()))
            return kind_of_atom(kinds, first)
        case Apply(expr=gast.BinOp(left=left, op=op, right=right)):
            found = {kind_of_atom(kinds, left), kind_of_atom(kinds, right)}
            floats = any(isinstance(getattr(e, "value", None), float) for e in (left, right))
            return ARRAY if ARRAY in found or floats or isinstance(op, gast.Div) else None
    return None


_OF_SETS = (gast.Sub, gast.BitOr, gast.BitAnd, gast.BitXor)
_SETS = ("union", "intersection", "difference", "symmetric_difference", "copy")


def _is_set(kinds: Kinds, expr: Any) -> bool:
    match expr:
        case gast.Name():
            return kinds.get(expr.id) == "set"
        case gast.Call(func=gast.Name(id="@builtin:set" | "@builtin:frozenset")):
            return True
        case gast.Call(func=gast.Attribute(attr="keys"), args=[], keywords=[]):
            return True
        case gast.Call(func=gast.Attribute(value=base, attr=attr)):
            return attr in _SETS and _is_set(kinds, base)
        case gast.BinOp(left=left, op=op):
            return isinstance(op, _OF_SETS) and _is_set(kinds, left)
    return False


def may_be_set(node: Any) -> bool:
    """Is it written with an operator or a method of sets?"""
    if isinstance(node, gast.Call):
        return getattr(node.func, "attr", "") in _SETS[:-1]
    return isinstance(node, gast.BinOp) and isinstance(node.op, _OF_SETS)


def kind_of_atom(kinds: Kinds, atom: Any) -> str | None:
    return kinds.get(atom.id) if isinstance(atom, gast.Name) else None


def joined_kinds(first: Kinds, second: Kinds) -> Kinds:
    """What holds behind a branch."""
    other = {n: (k, second[n]) for n, k in first.items() if second.get(n, k) != k}
    listed = {n: GIVEN if {*both} == {"list", GIVEN} else None for n, both in other.items()}
    return {**first, **second, **listed}


def kept_in_loop(kinds: Kinds, body: list[Any], *targets: Any) -> Kinds:
    """What holds in each iteration, of what holds in front of the loop.

    Of what the body binds first nothing is said: nobody reads it before.
    """
    lost = {n.id for t in targets for n in gast.walk(t) if isinstance(n, gast.Name)}
    inside = [n for s in body for n in gast.walk(s)]
    while True:
        kept = {n: k for n, k in kinds.items() if n not in lost}
        more = {n for node in inside for n in _bound(node, kept)} & kept.keys()
        if not more:
            return dict.fromkeys(lost) | kept
        lost |= more


def _bound(node: Any, kinds: Kinds) -> set[str]:
    """The names that a statement binds to what may be of another kind."""
    if isinstance(node, gast.AugAssign):
        return set()
    targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
    if isinstance(node, gast.Assign) and len(targets) == 1 and isinstance(targets[0], gast.Name):
        if _written(node.value, kinds.get(targets[0].id), kinds):
            return set()
    inside = (n for t in targets if t is not None for n in gast.walk(t))
    return {n.id for n in inside if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)}


def _written(node: Any, kind: str | None, kinds: Kinds) -> bool:
    """Does the text of a value show that it is of this kind?"""
    if kind is None:
        return False
    if isinstance(node, gast.Name):
        return kinds.get(node.id) == kind
    if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Add):
        return _written(node.left, kind, kinds) or _written(node.right, kind, kinds)
    if isinstance(node, gast.Subscript) and isinstance(node.slice, gast.Slice):
        return _written(node.value, kind, kinds)
    copied = isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute)
    if copied and node.func.attr == "copy":
        return _written(node.func.value, kind, kinds)
    return bool(_DISPLAYS.get(type(node)) == kind)


_DISPLAYS = {
    gast.List: "list",
    gast.ListComp: "list",
    gast.Tuple: "tuple",
    gast.Dict: "dict",
    gast.DictComp: "dict",
}
