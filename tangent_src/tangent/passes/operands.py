"""What NumPy makes of a list or a tuple: an array.

np.std(losses)      ->      np.std(np.array(losses))
x * [a, b]          ->      x * np.array([a, b])
"""

from __future__ import annotations

from typing import Any

import gast
import numpy as np

from tangent.passes.kinds import ARRAY, GIVEN, SEQUENCES, kind_of_atom
from tangent.passes.lowering import Lowering
from tangent.rules.language import has_methods, lookup, of_library
from tangent.syntax.program import Apply, Assign, Display, Effect, Plain
from tangent.syntax.trees import call, is_literal, name, names_in

# the files of rules whose functions make arrays of the lists that they are given, and the functions
# in them that take lists of arrays
# fmt: off
_ARRAYS = (
    "ufuncs", "linalg", "decompositions", "fourier", "indexing", "quantiles", "signals",
    "reductions", "nan_reductions", "statistics", "polynomials", "shape", "special", "stats",
)
_LISTS = (
    "multi_dot", "concatenate", "stack", "vstack", "hstack", "dstack", "column_stack", "row_stack",
)
# fmt: on


def takes_arrays(function: Any, rule: Any) -> bool:
    """Does a function of NumPy make arrays of its operands, which its rule takes for granted?"""
    if has_methods(getattr(function, "__self__", None)):
        return True
    home = str(rule.__module__).rpartition(".")[2]
    numpys = isinstance(function, np.ufunc) or of_library(function)
    return numpys and home in _ARRAYS and getattr(function, "__name__", "") not in _LISTS


def as_array(self: Lowering, one: Any) -> Any:
    """`np.array(one)` for what is surely a list or a tuple; anything else as it is."""
    written = isinstance(one, (gast.List, gast.Tuple)) and one.elts
    if not written and kind_of_atom(self.kinds, one) not in (*SEQUENCES, GIVEN):
        return one
    array = name(self.unit.registry.symbols.imported(np))
    function = gast.Attribute(value=array, attr="array", ctx=gast.Load())
    known = lookup(np.array)
    expr = gast.Call(func=function, args=[one], keywords=[])
    return self.temporary(Apply(expr, frozenset(names_in(expr)), known, {"x": one}))


def operands(self: Lowering, node: gast.BinOp, atoms: list[Any]) -> list[Any]:
    """The operands of a binary operator, a list as an array where it meets an array.

    `+` joins lists: there an operand must be known as an array.
    """
    if isinstance(node.op, gast.Mod) and isinstance(atoms[0], gast.Constant):
        return atoms  # a text and what is put into it
    kinds = [kind_of_atom(self.kinds, a) for a in atoms]
    if isinstance(node.op, gast.Add) and ARRAY not in kinds:
        return atoms
    if isinstance(node.op, gast.Mult) and any(_constants(self, a) for a in atoms):
        return atoms
    listed = (*SEQUENCES, GIVEN)
    return [as_array(self, a) if k in listed else a for a, k in zip(atoms, kinds, strict=True)]


def repetition(self: Lowering, node: gast.BinOp, atoms: list[Any]) -> tuple[Any, Any] | None:
    """The list and the number of times of `[x] * n`; None where arrays are multiplied.

    What may be an array or a count is taken for a count where it stands behind a list that is
    written there (also in front, if that has one item), and for an array elsewhere: refused at run
    time where that was wrong.
    """
    if not isinstance(node.op, gast.Mult):
        return None
    for written, items, times in ((node.left, *atoms), (node.right, *reversed(atoms))):
        kind = kind_of_atom(self.kinds, items)
        if kind not in (*SEQUENCES, GIVEN) or _constants(self, items):
            continue
        array = kind_of_atom(self.kinds, times) == ARRAY  # or a count of NumPy's: `np.argmax(x)`
        if not array and _is_number(self, times):
            return items, times
        first = isinstance(written, (gast.List, gast.Tuple)) and not array
        first = first and (written is node.left or len(written.elts) == 1)
        check = self.unit.registry.symbols.runtime("a_count" if first else "no_count")
        effect = gast.Expr(value=call(check, times))
        self.code.append(Effect(self.here(), effect, frozenset(names_in(effect)), asks=True))
        return (items, times) if first else None
    return None


def note_repetitions(self: Lowering, atoms: tuple[Any, Any]) -> None:
    """`[x] + [0.0] * n`: beside a list, constants that are repeated are a list as well."""
    for one, other in (atoms, atoms[::-1]):
        made = _assigned(self, one)
        product = made.expr if isinstance(made, Apply) else None
        sequence = kind_of_atom(self.kinds, other)
        if not isinstance(product, gast.BinOp) or sequence not in (*SEQUENCES, GIVEN):
            continue
        items, times = product.left, product.right
        if kind_of_atom(self.kinds, items) not in SEQUENCES:
            items, times = times, items
        kind = kind_of_atom(self.kinds, items)
        array = kind_of_atom(self.kinds, times) == ARRAY
        if not isinstance(product.op, gast.Mult) or kind not in SEQUENCES or array:
            continue
        if not _is_number(self, times):
            effect = gast.Expr(value=call(self.unit.registry.symbols.runtime("a_count"), times))
            self.code.append(Effect(self.here(), effect, frozenset(names_in(effect)), asks=True))
        self.kinds[one.id] = kind


def _constants(self: Lowering, one: Any) -> bool:
    """A list of literals: what Python makes of it, repeated or an array, has no derivative."""
    made = _assigned(self, one)
    if not isinstance(made, Display) or not all(is_literal(e) for e in made.elements):
        return False
    return not any(_changes(n, one.id) for n in gast.walk(self.unit.tree))


def _changes(node: Any, identifier: str) -> bool:
    """Does a piece of a text look as if it changed a list?"""
    if isinstance(node, gast.AugAssign):
        return getattr(node.target, "id", None) == identifier
    inside = isinstance(node, gast.Attribute) or (
        isinstance(node, gast.Subscript) and isinstance(node.ctx, gast.Store)
    )
    return inside and getattr(node.value, "id", None) == identifier


def _is_number(self: Lowering, one: Any) -> bool:
    made = _assigned(self, one)
    return is_literal(one) or (isinstance(made, Plain) and made.scalar)


def _assigned(self: Lowering, one: Any) -> Any:
    """The value that a name was bound to last, in this block."""
    identifier = one.id if isinstance(one, gast.Name) else "@"
    made = (s for s in reversed(self.code) if getattr(s, "target", None) == identifier)
    last = next(made, None)
    return last.value if isinstance(last, Assign) else None
