"""Which values may be infinite, or no number, although all that they are made of is finite.

    y = np.log(x)        may be
    z = 3 * y            may be, since `y` may
    m = y > 0            is a truth value
    h = W @ x            overflows at worst

What is multiplied by such a value is guarded where it is known to be zero (`passes.masks`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import gast

from tangent.passes.glance import COMPOUND, inner
from tangent.syntax.program import Assign, Augment, Call, Program, Statement, Store, Unpack, every
from tangent.syntax.trees import is_literal, name, names_in

POLES = frozenset(
    [
        "arccos",
        "arccosh",
        "arcsin",
        "arctanh",
        "cosh",
        "divide",
        "exp",
        "exp2",
        "expm1",
        "float_power",
        "log",
        "log10",
        "log1p",
        "log2",
        "logaddexp",
        "power",
        "reciprocal",
        "sinh",
        "sqrt",
        "tan",
        "true_divide",
    ]
)
SHAPED = frozenset(  # helpers of generated text whose other arguments count for their shapes
    [
        "@conform",
        "@expand_reduced",
        "@extreme_adjoint",
        "@known",
        "@like",
        "@put_back",
        "@spread",
        "@take_out",
        "@unbroadcast",
        "@unbroadcast_to",
        "@unchoose",
        "@unselect",
    ]
)
TAME = frozenset(  # others that are finite where their arguments are
    ["add", "as_number", "cast", "count", "of_kind", "own", "zero_tangent", "zeros_like"]
)


def risky_names(program: Program, code: list[Any]) -> frozenset[str]:
    """The names in a program, and in code written for it, whose values may be infinite."""
    bound = [*_of_program(program), *_of_code(code)]
    found: set[str] = set()
    before = -1
    while before < len(found):
        before = len(found)
        for target, value in bound:
            if target not in found and (value is None or risky(value, found)):
                found.add(target)
    return frozenset(found)


def risky(node: Any, names: Iterable[str] = ()) -> bool:
    """May an expression be infinite?  `names` are those of which it is known."""
    match node:
        case gast.Compare() | gast.Call(func=gast.Name(id="@tie_share" | "@extreme_shares")):
            return False
        case gast.Name(id=one):
            return one in names
        case gast.BinOp(op=gast.Div(), right=right) if not is_literal(right):
            return True
        case gast.BinOp(op=gast.Pow(), right=right):
            whole = isinstance(right, gast.Constant) and isinstance(right.value, int)
            if not whole or right.value < 0:
                return True
        case gast.Call(func=gast.Name(id=helper), args=[first, *_]) if helper in SHAPED:
            return risky(first, names)
        case gast.Call(func=function) if not _tame(function):
            return True
    return any(risky(part, names) for part in gast.iter_child_nodes(node))


def _tame(function: Any) -> bool:
    """Is what a function gives finite where its arguments are?"""
    if isinstance(function, gast.Attribute):
        return function.attr not in POLES
    word = getattr(function, "id", "@")
    return word.startswith("@builtin:") or word.lstrip("@") in TAME


def _of_program(program: Program) -> list[tuple[str, Any]]:
    """Each name with each expression that it is bound to; None for the value of a call."""
    return [pair for s in every(program.body) for pair in _bound(s)]


def _bound(statement: Statement) -> list[tuple[str, Any]]:
    match statement:
        case Assign(target=target, value=value):
            return [(target, None if isinstance(value, Call) else value.expr)]
        case Augment(target=target):
            return [(target, statement.made)]
        case Unpack(targets=ones, source=source):
            return [(one, name(source)) for one in ones]
        case Store(base=base, value=stored):
            return [(base, stored)]
    return []


def _of_code(code: list[Any]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for statement in code:
        match inner(statement):
            case gast.Assign(targets=[target], value=value):
                found += [(one, value) for one in names_in(target)]
            case gast.AugAssign(target=target, value=value):
                found += [(one, value) for one in names_in(target)]
            case node if isinstance(node, COMPOUND):
                found += _of_code([*node.body, *node.orelse])
    return found
