"""Tests of what is written in the call: a function that is written out here takes one branch.

    self.b = zeros(n) if bias else None          # Linear(w, bias=False)
    if activation == "relu": …                   # Linear(w, activation="relu")

Told of the names that the library gave to parameters, not of the user's variables, whose text stays
as it was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gast

from tangent.passes.lowering import Lowering, function_at, static_of
from tangent.passes.objects import Object, in_class, is_bare
from tangent.passes.operator_rules import COMPARISONS
from tangent.passes.stars import packed_items
from tangent.syntax.program import Apply, Assign, Copy, Display, Plain, Value, every, targets
from tangent.syntax.trees import is_literal

_THING = object()  # an array, list, object, …: it is not None, and no more is known


class _Open(Exception):
    """A value is not known."""


def literal_truth(self: Lowering, test: Any) -> bool | None:
    """Whether a test holds, if it is one of literals and of parameters that stand for literals."""
    if isinstance(test, gast.Constant):
        return None
    try:
        found = _value(self, test)
    except (_Open, TypeError):
        return None
    return None if found is _THING else bool(found)


def _value(self: Lowering, node: Any) -> Any:
    match node:
        case gast.Constant(value=value):
            return value
        case gast.Name(id=one) if one in self.names.temporaries:
            return _bound(self, one, len(self.code))
        case gast.Call(func=function, args=[gast.Name(id=one), word], keywords=[]):
            if static_of(self, function)[0] is hasattr:
                return _has(self, one, _known(self, word))
        case gast.JoinedStr() | gast.BinOp(op=gast.Add() | gast.Mod()):
            return _text(self, node)
        case gast.UnaryOp(op=gast.Not(), operand=operand):
            return not _known(self, operand)
        case gast.UnaryOp(op=gast.USub(), operand=operand):
            return -_known(self, operand)
        case gast.BoolOp(op=gast.And(), values=values):
            return all(_known(self, v) for v in values)
        case gast.BoolOp(op=gast.Or(), values=values):
            return any(_known(self, v) for v in values)
        case gast.Compare(left=left, ops=[op], comparators=[right]):
            return _compared(self, left, op, right)
    raise _Open


def _has(self: Lowering, one: str, attribute: Any) -> bool:
    """Whether an object has an attribute, where that is known of it and its class."""
    known = self.types.get(one)
    if one in self.virtual:
        cls, fields = self.making[one], self.virtual[one]
        own, perhaps = frozenset(fields.sure), frozenset(fields.perhaps)
    elif isinstance(known, Object) and known.own is not None:
        cls, own, perhaps = known.cls, known.own, known.perhaps
    else:
        raise _Open
    plain = is_bare(cls, "__getattribute__") or issubclass(cls, tuple)
    if in_class(cls, "__getattr__") is not None or not plain:
        raise _Open
    inside = in_class(cls, attribute)
    if isinstance(inside, property) or (attribute in perhaps and inside is None):
        raise _Open
    return attribute in own or inside is not None


def literal_word(self: Lowering, node: Any) -> str | None:
    """The text that an expression stands for: `"w"`, `f"w{0}"`, a parameter that the call gives."""
    try:
        found = _value(self, node)
    except (_Open, TypeError, ValueError):
        return None
    return found if isinstance(found, str) else None


def _text(self: Lowering, node: Any) -> str:
    """The value of an f-string, or of a sum or format of texts."""
    match node:
        case gast.JoinedStr(values=parts):
            return "".join(_text(self, p) for p in parts)
        case gast.FormattedValue(value=value, conversion=-1, format_spec=None):
            return format(_known(self, value))
        case gast.Constant(value=str() as text):
            return text
        case gast.BinOp(left=left, op=op, right=right):
            first, second = _known(self, left), _known(self, right)
            if isinstance(first, str):
                return str(first + second if isinstance(op, gast.Add) else first % second)
    raise _Open


def _known(self: Lowering, node: Any) -> Any:
    """The value of a part of a test."""
    found = _value(self, node)
    if found is _THING:
        raise _Open
    return found


def _compared(self: Lowering, left: Any, op: Any, right: Any) -> Any:
    if isinstance(op, (gast.Is, gast.IsNot)) and getattr(right, "value", right) is None:
        return (_value(self, left) is None) == isinstance(op, gast.Is)
    packed = packed_items(self, right)
    if isinstance(op, (gast.In, gast.NotIn)) and isinstance(packed, Mapping):  # `**options`
        return (_known(self, left) in packed) == isinstance(op, gast.In)
    if isinstance(op, (gast.In, gast.NotIn)) and isinstance(right, (gast.Tuple, gast.List)):
        held = [_known(self, v) for v in right.elts]
        return (_known(self, left) in held) == isinstance(op, gast.In)
    if type(op) in COMPARISONS:
        return COMPARISONS[type(op)](_known(self, left), _known(self, right))
    raise _Open


def _bound(self: Lowering, one: str, end: int) -> Any:
    """What a name surely stands for, as the first `end` statements of the same block say."""
    for position in reversed(range(end)):
        statement = self.code[position]
        if any(one in targets(s) for s in every((statement,))):
            if isinstance(statement, Assign):
                return _of_value(self, statement.value, position)
            break
    raise _Open


def _of_value(self: Lowering, value: Value, end: int) -> Any:
    match value:
        case Plain(expr=expr) if is_literal(expr):
            return _value(self, expr)
        case Plain(expr=gast.Name() | gast.Attribute() as expr):
            if function_at(self, expr) is not None:
                return _THING
        case Copy(source=source):
            return _bound(self, source, end)
        case Display():
            return _THING
        case Apply(rule=rule) if rule.numeric:  # another may give back the None that it is given
            return _THING
    raise _Open
