"""What an operator is: the function that it stands for, and what a class calls it."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

import gast

from tangent.passes.kinds import ARRAY, GIVEN, kind_of_atom
from tangent.passes.lowering import Lowering, rule_of
from tangent.passes.operands import note_repetitions
from tangent.rules.language import Constant, Rule
from tangent.syntax.program import Effect
from tangent.syntax.trees import call

OPERATORS: Mapping[type, Any] = {
    gast.Add: operator.add,
    gast.Sub: operator.sub,
    gast.Mult: operator.mul,
    gast.Div: operator.truediv,
    gast.FloorDiv: operator.floordiv,
    gast.Mod: operator.mod,
    gast.Pow: operator.pow,
    gast.MatMult: operator.matmul,
    gast.USub: operator.neg,
    gast.UAdd: operator.pos,
    gast.Invert: operator.invert,
    gast.BitAnd: operator.and_,
    gast.BitOr: operator.or_,
    gast.BitXor: operator.xor,
    gast.LShift: operator.lshift,
    gast.RShift: operator.rshift,
}
COMPARISONS: Mapping[type, Any] = {
    gast.Eq: operator.eq,
    gast.NotEq: operator.ne,
    gast.Lt: operator.lt,
    gast.LtE: operator.le,
    gast.Gt: operator.gt,
    gast.GtE: operator.ge,
}
_MIRRORED = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le", "eq": "eq", "ne": "ne"}


def methods_of(op: Any) -> tuple[str, str] | None:
    """The methods of the left and of the right operand that Python calls for an operator."""
    function = OPERATORS.get(type(op)) or COMPARISONS.get(type(op))
    if function is None:
        return None
    word = function.__name__.strip("_")
    return f"__{word}__", f"__{_MIRRORED.get(word, 'r' + word)}__"


def operator_rule(self: Lowering, op: Any, node: Any, left: Any, right: Any) -> Any:
    """What is known of an operator on these operands: `+` joins lists."""
    new = isinstance(node, gast.BinOp)  # makes a new list, and changes none
    if isinstance(op, gast.Add) and right is not None:
        note_repetitions(self, (left, right))
    if isinstance(op, gast.Add) and (new or kind_of_atom(self.kinds, left) == "list"):
        _ask_for_lists(self, [left, right])
    kinds = [kind_of_atom(self.kinds, a) for a in (left, right)]
    kinds = ["list" if k == GIVEN and (new or n) else k for n, k in enumerate(kinds)]
    if kinds[0] == kinds[1] and kinds[0] not in (None, GIVEN, ARRAY):
        joins = {gast.Add: operator.concat, gast.BitOr: dict.__or__}
        if isinstance(op, gast.BitOr) == (kinds[0] == "dict") and type(op) in joins:
            return rule_of(joins[type(op)])
    known = rule_of(OPERATORS[type(op)])
    if not isinstance(known, (Rule, Constant)):
        self.refuse("this operator is not supported", "operator", node, "use a function of NumPy")
    return known


def _ask_for_lists(self: Lowering, operands: list[Any]) -> None:
    """Where what may be a list meets lists, the text asks: `+` would add arrays.

    A function of the user's may give a list if its text shows one behind `return`.
    """
    kinds = [kind_of_atom(self.kinds, a) for a in operands]
    unknown = (a for a, k in zip(operands, kinds, strict=True) if k is None)
    perhaps = [a for a in unknown if getattr(a, "id", "") in self.perhaps]
    if not perhaps or len(perhaps) + sum(k in ("list", GIVEN) for k in kinds) < len(operands):
        return
    for one in perhaps:
        effect = gast.Expr(value=call(self.unit.registry.symbols.runtime("a_list"), one))
        self.code.append(Effect(self.here(), effect, frozenset({one.id}), asks=True))
        self.kinds[one.id] = GIVEN
