"""Objects of unknown classes where numbers and arrays are met, in operators and functions.

    t = o * x       ->      t = no_object(o) * x

The rule of `*` is one of numbers.  An object whose class defines `*` has another derivative, and
nothing else would tell.
"""

from __future__ import annotations

import io
from typing import Any

import gast

from tangent.passes.lowering import Lowering
from tangent.passes.no_objects import ANYTHING, asked, of_no_object, surely_none
from tangent.passes.objects import GENERATORS
from tangent.passes.operator_rules import COMPARISONS, OPERATORS, methods_of
from tangent.passes.unknown_calls import OF_CONTAINERS, is_stream
from tangent.syntax.program import Effect
from tangent.syntax.trees import names_in


def asked_operands(self: Lowering, op: Any, atoms: list[Any]) -> list[Any]:
    """The operands of an operator that has a rule for numbers and arrays, asked whether they are
    objects whose class may define it.
    """
    words = methods_of(op)
    return (
        atoms if words is None else [asked(self, a, w) for a, w in zip(atoms, words, strict=False)]
    )


def ask_target(self: Lowering, node: gast.AugAssign, one: Any) -> None:
    """Asks of what `a += operand` updates whether it is an object; `one` reads it."""
    words = methods_of(node.op)
    assert words is not None
    sure = of_no_object(self, one, [one], (words[0], words[0].replace("__", "__i", 1)))
    if sure is not one:
        effect = gast.Expr(value=sure)
        self.code.append(Effect(self.here(), effect, frozenset(names_in(one)), asks=True))


def asked_arguments(self: Lowering, function: Any, args: list[Any]) -> list[Any]:
    """The arguments of a function of arrays, which of an object calls what its class defines."""
    about = self.unit.registry.objects & {getattr(function, "__name__", ""), *_ARRAY_LIKE}
    return [asked(self, a, min(about)) for a in args] if about else args


def is_met_method(self: Lowering, base: Any, word: str) -> bool:
    """May a method of this name, which no array or container has, be one of a class that the
    program knows?

    `normal` is a word of random numbers and of surfaces: of whichever class a value is.
    """
    about = self.unit.registry.objects
    known = (word in about or ANYTHING in about) and not surely_none(self, base)
    others = _OF_OTHERS - about if not is_stream(self, base) else _OF_OTHERS
    return known and word not in OF_CONTAINERS and word not in others and word[:2] != "__"


# what is met as well, and is called as it stands
_OF_OTHERS = {w for kind in (*GENERATORS, str, bytes, io.StringIO) for w in dir(kind)}


_ARRAY_LIKE = {
    *(word for op in (*OPERATORS, *COMPARISONS) for word in methods_of(op()) or ()),
    *("__array__", "__array_ufunc__", "__array_function__"),
} - {"__eq__", "__ne__"}
