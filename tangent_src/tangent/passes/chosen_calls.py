"""Calls whose values may be passed over by a choice among elements.

    y = f(x)                                 def f(x):
    z = np.where(x > 0, y, 0)                    return np.sqrt(x)
    z = y[x > 0]

Nothing arrives at the elements of `y` that were not chosen, and what they are multiplied by may be
infinite.  Which ones these are is known where the choice stands (`passes.masks`): so `f` is
written into the function that chooses, and so is what `f` calls.
"""

from __future__ import annotations

from typing import Any

import gast

from tangent.syntax.trees import names_in

LARGEST = 100  # statements of a function that is written into its caller
CHOICES = frozenset({"where", "select", "choose", "compress", "extract", "piecewise"})
DEEPEST = 20  # functions that are being written into each other


def chosen_calls(tree: Any) -> frozenset[int]:
    """The call nodes of a function whose values reach a choice in the same function."""
    nodes = list(gast.walk(tree))
    bound = [(_targets(n), n.value) for n in nodes if _binds(n)]
    masks = {one for ones, value in bound if _is_mask(value, set()) for one in ones}
    read = [e for n in nodes if isinstance(n, gast.Call) and _chooses(n) for e in _operands(n)]
    read += [n.value for n in nodes if isinstance(n, gast.Subscript) and _is_mask(n.slice, masks)]
    done = 0
    names: set[str] = set()
    while done < len(read):
        names |= {n for e in read[done:] for n in names_in(e)}
        done = len(read)
        read += [value for targets, value in bound if targets & names]
        bound = [(targets, value) for targets, value in bound if not targets & names]
    return frozenset(id(n) for e in read for n in gast.walk(e) if isinstance(n, gast.Call))


def _chooses(node: gast.Call) -> bool:
    last = getattr(node.func, "attr", getattr(node.func, "id", ""))
    chooses = last in CHOICES or last.startswith("nan")  # `np.nansum` leaves elements out
    return chooses or any(k.arg == "where" for k in node.keywords)


def _is_mask(index: Any, masks: set[str]) -> bool:
    """Is an index made of comparisons?  `masks` are names of such."""
    match index:
        case gast.Name(id=one):
            return one in masks
        case gast.UnaryOp(op=gast.Invert(), operand=operand):
            return _is_mask(operand, masks)
        case gast.BinOp(left=left, op=gast.BitAnd() | gast.BitOr(), right=right):
            return _is_mask(left, masks) or _is_mask(right, masks)
    return isinstance(index, gast.Compare)


def _operands(node: gast.Call) -> list[Any]:
    return [*node.args, *(k.value for k in node.keywords)]


def _binds(node: Any) -> bool:
    kinds = (gast.Assign, gast.AugAssign, gast.AnnAssign, gast.NamedExpr)
    return isinstance(node, kinds) and node.value is not None


def _targets(node: Any) -> set[str]:
    targets = node.targets if isinstance(node, gast.Assign) else [node.target]
    return {n for t in targets for n in names_in(t)}
