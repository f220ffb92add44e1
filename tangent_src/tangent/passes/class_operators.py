"""Operators of objects whose class defines them: calls of its methods."""

from __future__ import annotations

from types import FunctionType
from typing import Any

import gast

from tangent.passes.lowering import Lowering
from tangent.passes.members import call_method_of
from tangent.passes.objects import Each, Many, Object, in_class
from tangent.passes.operator_rules import COMPARISONS, OPERATORS, methods_of
from tangent.passes.templates import lowered, named
from tangent.rules.language import lookup
from tangent.runtime import is_sparse, no_array
from tangent.syntax.program import Apply, Value
from tangent.syntax.trees import assign, call, name, names_in, quote, stored


def best_of_objects(self: Lowering, node: gast.Call, order: Any) -> Any | None:
    """`min(xs)` of a list of objects, by the order of their class: the first of equals stays."""
    given = node.args[0]
    if not isinstance(given, gast.Name):
        if not isinstance(given, _LISTED) or not self.unit.registry.objects:
            return None
        items = named(self, given, node)  # then it is asked once more
        return gast.Call(func=node.func, args=[items], keywords=[])
    known, items = self.types.get(given.id), given
    held = [known.item] if isinstance(known, Many) else getattr(known, "items", [])
    if not isinstance(known, Many | Each) or not all(isinstance(t, Object) for t in held):
        return None
    best, one = self.flag("best"), self.flag("one")
    self.local.add(items.id)
    better = gast.Compare(left=name(one), ops=[order], comparators=[name(best)])
    chosen = gast.If(test=better, body=[assign(best, name(one))], orelse=[])
    rest = quote("xs[1:]", xs=items)
    loop = gast.For(target=stored(one), iter=rest, body=[chosen], orelse=[], type_comment=None)
    lowered(self, [assign(best, quote("xs[0]", xs=items)), loop], node)
    return name(best)


_LISTED = (gast.List, gast.Tuple, gast.ListComp)


def operator_call(self: Lowering, node: Any, op: Any, atoms: list[Any]) -> Value | None:
    """`a + b`, `-a`, `a < b` of objects whose class defines the operator."""
    if type(op) in OPERATORS and not isinstance(op, gast.MatMult):
        _no_sparse(self, node, atoms)
    words = methods_of(op)
    if words is None:
        return None
    found = [_method(self, one, word) for one, word in zip(atoms, words, strict=False)]
    if found[0] is not None and not _right_first(self, op, atoms, found):
        return call_method_of(self, node, found[0], atoms, {})
    if found[-1] is None or len(found) == 1:
        return None
    left, right = atoms
    if not isinstance(left, gast.Constant) and not _is_object(self, left):
        left = _no_array(self, left)
    return call_method_of(self, node, found[1], [right, left], {})


def _method(self: Lowering, one: Any, word: str) -> Any | None:
    """What the class of an operand says of an operator, if it was written by the user."""
    known = self.types.get(getattr(one, "id", ""))
    inside = in_class(known.cls, word) if isinstance(known, Object) else None
    written = isinstance(inside, FunctionType) and inside.__code__.co_filename != "<string>"
    return inside if written else None


def _is_object(self: Lowering, one: Any) -> bool:
    return isinstance(self.types.get(getattr(one, "id", "")), Object)


def _right_first(self: Lowering, op: Any, atoms: list[Any], found: list[Any]) -> bool:
    """Python asks the right operand first if its class is made from that of the left one; of an
    operator that is no comparison only if it says something else.
    """
    known = [self.types.get(getattr(a, "id", "")) for a in atoms]
    classes = [k.cls for k in known if isinstance(k, Object)]
    if len(classes) != 2 or found[1] is None or classes[0] is classes[1]:
        return False
    left, right = classes
    other = in_class(left, found[1].__name__) is not found[1]
    return issubclass(right, left) and (other or type(op) in COMPARISONS)


def updated(self: Lowering, node: gast.AugAssign, operand: Any) -> Value | None:
    """The value of `a += operand` where the class of one of the two says what that is."""
    words = methods_of(node.op)
    assert words is not None
    inside = _method(self, node.target, words[0].replace("__", "__i", 1))
    if inside is not None:
        return call_method_of(self, node, inside, [name(node.target.id), operand], {})
    return operator_call(self, node, node.op, [name(node.target.id), operand])


def _no_sparse(self: Lowering, node: Any, atoms: list[Any]) -> None:
    """`*` of a matrix of `scipy.sparse` may be a product of matrices, `+` gives another one."""
    for one in atoms:
        symbol = self.unit.registry.symbols.table.get(getattr(one, "id", ""))
        if symbol is not None and symbol.kind == "value" and is_sparse(symbol.payload.get()):
            what = "arithmetic with a sparse matrix, other than `@`, cannot be differentiated"
            self.refuse(what, "sparse", node, "write a product of matrices with `@`")


def _no_array(self: Lowering, atom: Any) -> Any:
    """An array would take the operator itself, entry by entry: asked at run time."""
    expr = call(self.unit.registry.symbols.runtime("no_array"), atom)
    rule, reads = lookup(no_array), frozenset(names_in(atom))
    return self.temporary(Apply(expr, reads, rule, {"value": atom}))
