"""What NumPy's programs take for granted and a device does not give, put into the text for CuPy.

v = x[i]             v = element(x[i])      NumPy's `x[i]` is a number, which `v *= 2` does not
v *= 2        ->     v *= 2                 write into; CuPy's is an array of no dimensions, a
                                            view of `x`
if x > 0:            if x > 0:  # synchronises
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gast

from tangent.errors import UnsupportedSyntax
from tangent.syntax.symbols import Symbols
from tangent.syntax.trees import call, walk

# reductions that CuPy has without these options
_REDUCTIONS = ("sum", "prod", "mean", "std", "var", "max", "min", "amax", "amin", "any", "all")
_OPTIONS = ("where", "initial")


def on_device(functions: Sequence[Any], symbols: Symbols) -> None:
    """Changes the functions of a module in place."""
    for function in functions:
        nodes = list(walk(function))
        for node in nodes:
            _refuse_option(node)
        if any(map(_writes, nodes)):
            for node in nodes:
                _apart(node, symbols)


def _refuse_option(node: Any) -> None:
    if not (isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute)):
        return
    reduced = node.func.attr.removeprefix("nan")
    for option in (k.arg for k in node.keywords if k.arg in _OPTIONS):
        if reduced in _REDUCTIONS:
            raise UnsupportedSyntax(
                f"CuPy's `{node.func.attr}` has no `{option}`",
                code="cupy-option",
                help="choose by `np.where` first",
            )


def _writes(node: Any) -> bool:
    """Does a statement change a value in place?"""
    stores = isinstance(node, gast.Subscript) and isinstance(node.ctx, gast.Store)
    return stores or isinstance(node, gast.AugAssign)


def _apart(node: Any, symbols: Symbols) -> None:
    """Where something is written to, no name is a view of one element, unless it says `...`."""
    match node:
        case gast.Assign(targets=[gast.Name()], value=gast.Subscript() as part) if _plain(part):
            node.value = call(symbols.runtime("element"), part)
        case gast.Call(func=gast.Name(id="@shadow"), args=[gast.Subscript() as part, *rest]):
            if _plain(part):
                node.args = [call(symbols.runtime("element"), part), *rest]


def _plain(part: Any) -> bool:
    constants = (n.value for n in walk(part.slice) if isinstance(n, gast.Constant))
    return not any(c is Ellipsis for c in constants)
