"""Expressions -> values over atoms.

`value` gives the value of an expression, `atom` a name or literal for it.  What needs no derivative
and may be evaluated again stays as it stands (`passes.inert`).
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any

import gast
import numpy as np

from tangent.passes.bound_methods import refuse_method
from tangent.passes.calls import call_function, call_value
from tangent.passes.carrying import Carried, Held, carried, kept
from tangent.passes.class_operators import operator_call
from tangent.passes.companions import taken_out, widen_by
from tangent.passes.comprehensions import as_list, consumed, list_comprehension
from tangent.passes.comprehensions import dict_comprehension as dict_comprehension_
from tangent.passes.displays import dict_display, display, repeated, set_display
from tangent.passes.function_values import function_value, partial_value
from tangent.passes.functions import function_of, known_truth, narrow, narrowed
from tangent.passes.inert import captured, inert, is_new
from tangent.passes.itertools_ import columns
from tangent.passes.kinds import GIVEN, joined_kinds
from tangent.passes.known import Table
from tangent.passes.lowering import (
    Lowering,
    atom_value,
    method_key,
    nested_function,
    owned_base,
    rule_of,
    static_of,
)
from tangent.passes.members import call_method_of, known_object, member
from tangent.passes.met_objects import asked_operands
from tangent.passes.no_objects import asked, of_no_object
from tangent.passes.object_calls import call_of_object
from tangent.passes.objects import Object, in_class, joined_types
from tangent.passes.operands import operands, repetition
from tangent.passes.operator_rules import methods_of, operator_rule
from tangent.passes.random_numbers import random_number
from tangent.passes.rule_arguments import bind_arguments
from tangent.passes.second_names import first_name, in_front
from tangent.passes.spelling import spelled_out
from tangent.passes.stars import STARS, Spread, refuse_stars, unstarred
from tangent.passes.stepping import lower_next
from tangent.passes.units import MISSING
from tangent.rules.language import Constant, Rule
from tangent.syntax.program import (
    Append,
    Apply,
    Assign,
    Copy,
    For,
    If,
    Item,
    Plain,
    Pop,
    Value,
    While,
)
from tangent.syntax.trees import field, is_literal, is_number, literal, name, names_in, rebuild


def atom(self: Lowering, node: Any) -> Any:
    """A name or a literal that holds the value of an expression."""
    if is_literal(node):
        return node
    if isinstance(node, gast.Name) and self.is_local(node.id) and node.id not in self.functions:
        return name(first_name(self, node.id))
    result = value(self, node)
    if isinstance(result, Copy) or (isinstance(result, Plain) and _is_atom(result.expr)):
        return result.expr
    return self.temporary(result, _wish(self, result))


def _is_atom(expr: Any) -> bool:
    return is_literal(expr) or (isinstance(expr, gast.Name) and expr.id[0] == "@")


def _wish(self: Lowering, result: Value) -> str | None:
    """`params["W1"]` is called `W1` where that name is free."""
    if isinstance(result, Item) and isinstance(result.index, gast.Constant):
        key = result.index.value
        if isinstance(key, str) and key.isidentifier() and not self.names.taken(key):
            return key
    return None


def value(self: Lowering, node: Any) -> Value:
    """The value of an expression."""
    if id(node) in self.done:
        return atom_value(self.done.pop(id(node))[1])
    if is_literal(node):
        return Plain(node, frozenset(), scalar=is_number(node))
    handler = _VALUES.get(type(node))
    if handler is None:
        kind = _KINDS.get(type(node).__name__, type(node).__name__)
        code = type(node).__name__.lower()
        self.refuse(
            f"{kind} is not supported", code, node, "compute the value in a statement of its own"
        )
    return handler(self, node)


# ---------------------------------------------------------------- tests and indices


def test(self: Lowering, node: Any) -> Plain:
    """The condition of an `if`: as it stands where that is possible.

    An entry or attribute may be a list, which what follows changes.
    """
    entry = isinstance(node, (gast.Subscript, gast.Attribute))
    expr = None if entry else inert(self, node)
    if expr is None:
        expr = atom(self, node)
    return Plain(expr, frozenset(names_in(expr)), scalar=True)


def named_test(self: Lowering, condition: Plain) -> Plain:
    """The condition under a name: what the backward sweep asks again, or finds stored."""
    if isinstance(condition.expr, gast.Name):
        return condition
    return self.held(condition)


def index_expression(self: Lowering, node: Any) -> Any:
    """An index: as it stands where that is possible, else with atoms for its parts."""
    expr = inert(self, node)
    if expr is not None:
        return expr
    if isinstance(node, gast.Tuple):
        return gast.Tuple(elts=_in_order(self, node.elts), ctx=gast.Load())
    if isinstance(node, gast.Slice):
        return gast.Slice(*_in_order(self, [node.lower, node.upper, node.step]))
    return atom(self, node)


def _in_order(self: Lowering, nodes: list[Any]) -> list[Any]:
    """The parts of an index; in front of one that is computed no other is read later."""
    made: list[Any] = []
    for place, node in enumerate(nodes):
        part = None if node is None else index_expression(self, node)
        behind = (n for n in nodes[place + 1 :] if n is not None)
        if part is not None and any(inert(self, n) is None for n in behind):
            part = _settled(self, part)
        made.append(part)
    return made


def store_index(self: Lowering, node: Any) -> Any:
    """The index of a store: computed once, in front of it, unless it is plain arithmetic on
    counters.
    """
    return _settled(self, index_expression(self, node))


def _settled(self: Lowering, index: Any) -> Any:
    plain = (gast.Name, gast.Constant, gast.BinOp, gast.UnaryOp, gast.Slice, gast.Tuple)
    context = (gast.expr_context, gast.operator, gast.unaryop)
    if all(isinstance(n, (*plain, *context)) for n in gast.walk(index)):
        return index
    if isinstance(index, gast.Tuple):
        return gast.Tuple(elts=[_settled(self, e) for e in index.elts], ctx=gast.Load())
    if isinstance(index, gast.Slice):
        ends = index.lower, index.upper, index.step
        return gast.Slice(*(e and _settled(self, e) for e in ends))
    return self.temporary(Plain(index, frozenset(names_in(index)), fresh=is_new(index)))


# ---------------------------------------------------------------- values


def _name(self: Lowering, node: gast.Name) -> Value:
    if node.id in self.functions:
        known = self.functions[node.id]
        if not isinstance(known, Table) or node.id in self.unheld or not self.is_local(node.id):
            return function_value(self, known, node)
        del self.functions[node.id]  # a list or dict, which whoever has it may change
    if self.is_local(node.id):
        held = first_name(self, node.id)
        return Copy(name(held), frozenset({held}), held)
    return captured(self, node)


def _attribute(self: Lowering, node: gast.Attribute) -> Value:
    found, _ = static_of(self, node)
    if found is not MISSING:
        return captured(self, node)
    of_object = member(self, node)
    if of_object is not None:
        return of_object
    known = _of_array(node.attr)
    base = atom(self, node.value)
    expr = gast.Attribute(value=base, attr=node.attr, ctx=gast.Load())
    reads = frozenset(names_in(expr))
    if isinstance(base, gast.Name) and base.id in self.types:
        self.local.add(base.id)
        again = gast.Attribute(value=name(base.id), attr=node.attr, ctx=gast.Load())
        of_object = member(self, gast.copy_location(again, node))
        if of_object is not None:
            return of_object
    if isinstance(known, Constant):
        sure = asked(self, base, node.attr)
        expr = gast.Attribute(value=sure, attr=node.attr, ctx=gast.Load())
        reads = frozenset(names_in(expr))
        return Plain(expr, reads, known.pure, known.cheap, True, known.fresh, known.scalar)
    position = field_of(self, base, node.attr)
    if position is not None:
        entry = gast.Subscript(value=base, slice=literal(position), ctx=gast.Load())
        return Item(entry, reads, base.id, literal(position))
    refuse_method(self, node)
    plain = known is None and not node.attr.startswith("__")
    if plain and isinstance(base, gast.Name) and base.id[0] != "@":
        self.unit.registry.symbols.untyped = True
        return Item(expr, reads, base.id, field(node.attr))
    if not isinstance(known, Rule):  # of an object; refused where the object depends on the input
        return Plain(expr, reads, True, True, False, False)
    return Apply(expr, reads, known, bind_arguments(self, known, node, [base], {}))


def _of_array(attribute: str) -> Any:
    """What is known of an attribute of arrays; `o.var`, not called, is one of an object."""
    found = method_key(attribute)
    return None if inspect.ismethoddescriptor(found) else rule_of(found)


def field_of(self: Lowering, base: Any, attribute: str) -> int | None:
    """The place of an item that is read by its name, of a named tuple that a rule gives."""
    for statement in reversed(self.code):
        if isinstance(statement, Assign) and statement.target == getattr(base, "id", None):
            value = statement.value
            fields = value.rule.fields if isinstance(value, Apply) else ()
            return fields.index(attribute) if attribute in fields else None
        if isinstance(statement, (If, For, While)):
            return None
    return None


def _operator(self: Lowering, node: Any) -> Value:
    """A unary or binary operator."""
    parts = ["left", "right"] if isinstance(node, gast.BinOp) else ["operand"]
    atoms = [atom(self, getattr(node, p)) for p in parts]
    defined = operator_call(self, node, node.op, atoms)
    if defined is not None:
        return defined
    if isinstance(node, gast.BinOp):
        again = repetition(self, node, atoms)
        if again is not None:
            return value(self, repeated(self, node, *again))
        atoms = operands(self, node, atoms)
    known = operator_rule(self, node.op, node, atoms[0], atoms[-1] if atoms[1:] else None)
    if isinstance(known, Constant):  # `|` may also join two dicts
        expr = of_no_object(self, _operation(node, atoms), atoms, methods_of(node.op) or ())
        return Plain(expr, frozenset(names_in(expr)), known=not isinstance(node.op, gast.BitOr))
    atoms = asked_operands(self, node.op, atoms)
    expr = _operation(node, atoms)
    reads = frozenset(names_in(expr))
    return Apply(expr, reads, known, bind_arguments(self, known, node, atoms, {}))


def _operation(node: Any, atoms: list[Any]) -> Any:
    if len(atoms) == 2:
        return gast.BinOp(left=atoms[0], op=node.op, right=atoms[1])
    return gast.UnaryOp(op=node.op, operand=atoms[0])


def _truth(self: Lowering, node: Any) -> Value:
    """`not`, comparisons: truth values, which have no derivative."""
    if isinstance(node, gast.UnaryOp) and not isinstance(node.op, gast.Not):
        return _operator(self, node)
    if isinstance(node, gast.Compare) and self.unit.registry.objects:
        return _comparison(self, node)
    expr = inert(self, node)
    expr = _of_atoms(self, node) if expr is None else expr
    return Plain(expr, frozenset(names_in(expr)))


def _comparison(self: Lowering, node: gast.Compare) -> Value:
    """A comparison where objects are about: their classes may say what it is."""
    expr = inert(self, node)
    expr = _of_atoms(self, node) if expr is None else expr
    atoms, words = [expr.left, *expr.comparators], list(map(methods_of, node.ops))
    defined = operator_call(self, node, node.ops[0], atoms) if len(words) == 1 else None
    if defined is not None:
        return defined
    names = {w for pair in words if pair is not None for w in pair} - {"__eq__", "__ne__"}
    expr = of_no_object(self, expr, atoms, names)
    return Plain(expr, frozenset(names_in(expr)))


def _of_atoms(self: Lowering, node: Any) -> Any:
    """An expression with atoms in place of its parts."""
    inner = (c for c in gast.iter_child_nodes(node) if isinstance(c, gast.expr))
    parts = {id(c): _items_view(self, c) or atom(self, c) for c in inner}
    return rebuild(node, lambda n: parts.get(id(n)))


def _items_view(self: Lowering, node: Any) -> Any | None:
    """`d.items()` in a comparison, where it is a set."""
    function: Any = getattr(node, "func", None)
    if getattr(function, "attr", "") != "items" or node.args or node.keywords:
        return None
    base = atom(self, function.value)
    if getattr(base, "id", "") in self.types:
        return None
    return gast.Call(
        func=gast.Attribute(value=base, attr="items", ctx=gast.Load()), args=[], keywords=[]
    )


def _lowered_if(
    self: Lowering, condition: Plain, body: Any, orelse: Any, asked_of: Any = None
) -> Value:
    target = self.names.temporary()
    origin = self.here()

    def write(node: Any) -> Callable[[], None]:
        def emit() -> None:
            one = value(self, node) if not isinstance(node, str) else atom_value(name(node))
            self.emit(target, one)

        return emit

    in_front(self, [n for n in (body, orelse) if not isinstance(n, str)])
    kinds, types = dict(self.kinds), dict(self.types)
    narrow(self, asked_of, True)
    first = self.block(write(body))
    kinds_after, self.kinds = self.kinds, kinds
    types_after, self.types = self.types, types
    narrow(self, asked_of, False)
    second = self.block(write(orelse))
    self.kinds = joined_kinds(kinds_after, self.kinds)
    self.types = joined_types(types_after, self.types)
    self.code.append(If(origin, condition, first, second))
    return Copy(name(target), frozenset({target}), target)


def _conditional(self: Lowering, node: gast.IfExp) -> Value:
    truth = known_truth(self, node.test)
    if truth is not None:
        return value(self, node.body if truth else node.orelse)
    condition, found = named_test(self, test(self, node.test)), narrowed(self, node.test)
    return _lowered_if(self, condition, node.body, node.orelse, found)


def _short_circuit(self: Lowering, node: gast.BoolOp) -> Value:
    """`a and b` is `b if a else a`, `a` evaluated once."""
    first = atom(self, node.values[0])
    for position, _ in enumerate(node.values[1:], 1):
        held = first if isinstance(first, gast.Name) else self.temporary(atom_value(first))
        condition = Plain(held, frozenset(names_in(held)), scalar=True)
        rest = (
            node.values[position]
            if position == len(node.values) - 1
            else gast.BoolOp(node.op, node.values[position:])
        )
        keep = held.id if held.id[0] != "@" else held
        pair = (rest, keep) if isinstance(node.op, gast.And) else (keep, rest)
        return _lowered_if(self, condition, *pair)
    return atom_value(first)


def _subscript(self: Lowering, node: gast.Subscript) -> Value:
    node = _of_flat(self, node)
    found, _ = static_of(self, node.value)
    whole = known_object(self, node.value) if isinstance(node.value, gast.Name) else None
    getter = in_class(whole[0].cls, "__getitem__") if whole is not None else None
    if whole is not None and isinstance(getter, FunctionType):
        return call_method_of(self, node, getter, [whole[1], atom(self, node.slice)], {})
    if isinstance(rule_of(found), Rule):
        return _joined(self, node, rule_of(found))
    expr = inert(self, node)
    base = atom(self, node.value)
    typed = self.types.get(getattr(base, "id", ""))
    getter = in_class(typed.cls, "__getitem__") if isinstance(typed, Object) else None
    if isinstance(getter, FunctionType):
        return call_method_of(self, node, getter, [base, atom(self, node.slice)], {})
    index = index_expression(self, node.slice)
    if not isinstance(base, gast.Name) or base.id[0] == "@":
        whole = (
            expr if expr is not None else gast.Subscript(value=base, slice=index, ctx=gast.Load())
        )
        known = found is MISSING or isinstance(found, _INDEXED)
        return Plain(whole, frozenset(names_in(whole)), known=known, fresh=False)
    base = asked(self, base, "__getitem__")
    whole = gast.Subscript(value=base, slice=index, ctx=gast.Load())
    return Item(whole, frozenset(names_in(whole)), base.id, index)


def _of_flat(self: Lowering, node: gast.Subscript) -> gast.Subscript:
    """`x.flat[i]`, which is a copy, as `x.flatten()[i]`."""
    flat = node.value
    if not (isinstance(flat, gast.Attribute) and flat.attr == "flat"):
        return node
    if static_of(self, flat)[0] is not MISSING or getattr(flat.value, "id", None) in self.types:
        return node
    made = gast.Call(gast.Attribute(flat.value, "flatten", gast.Load()), [], [])
    read = gast.Subscript(gast.copy_location(made, flat), node.slice, node.ctx)
    return gast.copy_location(read, node)


# what picks an item, by an index without derivative; `np.c_[x, y]` and its kin compute one
_INDEXED = (np.ndarray, np.generic, list, tuple, dict, str, bytes, range)


def _is_text(node: Any) -> bool:
    return isinstance(node, gast.Constant) and isinstance(node.value, str)


def _joined(self: Lowering, node: gast.Subscript, known: Any) -> Value:
    """`np.c_[x, y]`: a function of the parts, in the spelling of an index."""
    parts = node.slice.elts if isinstance(node.slice, gast.Tuple) else [node.slice]
    if any(isinstance(p, gast.Slice) or _is_text(p) for p in parts):
        return Plain(
            expr := gast.Subscript(
                value=captured(self, node.value).expr,
                slice=index_expression(self, node.slice),
                ctx=gast.Load(),
            ),
            frozenset(names_in(expr)),
            known=False,
        )
    held = atom(self, node.slice)
    expr = gast.Subscript(value=captured(self, node.value).expr, slice=held, ctx=gast.Load())
    arguments = bind_arguments(self, known, node, [held], {})
    return Apply(expr, frozenset(names_in(expr)), known, arguments)


def _call(self: Lowering, node: gast.Call) -> Value:
    if (listed := columns(self, node)) is not None:
        return value(self, listed)
    if static_of(self, node.func)[0] is next and node.args:
        stepped = lower_next(self, node)
        if stepped is not None:
            return stepped
    node = unstarred(self, consumed(self, node))
    of_object = call_of_object(self, node, lambda: arguments(self, node))
    if of_object is not None:
        return of_object
    mapped = spelled_out(self, node)
    if mapped is not None:
        return value(self, gast.copy_location(mapped, node))
    number = random_number(self, node)
    if number is not None:
        return number
    method = call_method(self, node)
    found, _ = static_of(self, node.func)
    from tangent.passes.writes import lower_out, takes_out

    if takes_out(node, found):
        return lower_out(self, node, found)
    if method == "append" and len(node.args) == 1:
        base, one = atom(self, node.func.value), atom(self, node.args[0])
        self.code.append(Append(self.here(), owned_base(self, base, node), one))
        widen_by(self, base.id, one)
        if self.kinds.get(base.id) is None:
            self.kinds[base.id] = GIVEN  # nothing else has `append`
        return Plain(literal(None), frozenset())
    if method == "pop" and not node.args:
        base = atom(self, node.func.value)
        target = self.names.temporary()
        self.code.append(Pop(self.here(), target, owned_base(self, base, node)))
        taken_out(self, base.id, target)
        return Copy(name(target), frozenset({target}), target)
    if found is functools.partial and node.args:
        return partial_value(self, node)
    known = function_of(self, node.func) if method is None else None
    receiver = atom(self, node.func.value) if method is not None else None
    args, words = arguments(self, node)
    if known is not None:
        return call_function(self, node, known, args, words)
    return call_value(self, node, receiver, args, words)


def arguments(self: Lowering, node: gast.Call) -> tuple[list[Any], dict[str, Any]]:
    args = [_argument(self, a) for a in node.args]
    words = {k.arg: _argument(self, k.value) for k in node.keywords if k.arg is not None}
    entries = [k.value for k in node.keywords if k.arg is None]
    if len(entries) > 1:
        refuse_stars(self, node)
    return args, {**words, STARS: Spread(entries[0])} if entries else words


def _argument(self: Lowering, node: Any) -> Any:
    """An argument of a call: an atom, but options that are inert tuples of literals stay as they
    are written.
    """
    if isinstance(node, (gast.Tuple, gast.List)) and all(is_literal(e) for e in node.elts):
        return node
    if isinstance(node, gast.Starred):
        return Spread(node.value)
    known = function_of(self, node)
    if known is not None:
        return known
    if isinstance(node, (gast.Attribute, gast.Name)):
        found, _ = static_of(self, node)
        if found is not MISSING:
            return captured(self, node).expr
    if isinstance(node, gast.Tuple):
        expr = inert(self, node)
        if expr is not None and all(_shape_like(e) for e in node.elts):
            return expr
    return atom(self, node)


def _shape_like(node: Any) -> bool:
    """Surely an integer: `len(x)`, `x.shape[0]`, a literal."""
    if isinstance(node, gast.Subscript):
        return isinstance(node.value, gast.Attribute) and node.value.attr == "shape"
    if isinstance(node, gast.Call):
        return isinstance(node.func, gast.Name) and node.func.id == "len"
    return is_literal(node)


def call_method(self: Lowering, node: Any) -> str | None:
    """The name of the method if `node` calls a method of a value."""
    if isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute):
        found, _ = static_of(self, node.func)
        return node.func.attr if found is MISSING else None
    return None


def _text(self: Lowering, node: Any) -> Value:
    """An f-string: text, no derivative."""
    parts: dict[int, Any] = {}
    for child in gast.walk(node):
        if isinstance(child, gast.FormattedValue):
            expr = inert(self, child.value)
            parts[id(child.value)] = atom(self, child.value) if expr is None else expr
    expr = rebuild(node, lambda n: parts.get(id(n)))
    return Plain(expr, frozenset(names_in(expr)))


def _walrus(self: Lowering, node: gast.NamedExpr) -> Value:
    """`(y := f(x))`: bound first, then read."""
    target = node.target.id
    self.local.add(target)
    self.functions.pop(target, None)
    self.emit(target, value(self, node.value))
    return Copy(name(target), frozenset({target}), target)


def _lambda(self: Lowering, node: gast.Lambda) -> Value:
    return function_value(self, nested_function(self, node, self.names.fresh("lambda_")), node)


_VALUES: Mapping[type, Callable[[Lowering, Any], Value]] = {
    gast.Name: _name,
    gast.Attribute: _attribute,
    gast.BinOp: _operator,
    gast.UnaryOp: _truth,
    gast.Compare: _truth,
    gast.BoolOp: _short_circuit,
    gast.IfExp: _conditional,
    gast.Subscript: _subscript,
    gast.Tuple: display,
    gast.List: display,
    gast.Dict: dict_display,
    gast.Call: _call,
    gast.ListComp: list_comprehension,
    gast.GeneratorExp: lambda self, node: list_comprehension(self, as_list(node)),
    gast.DictComp: dict_comprehension_,
    gast.Set: set_display,
    gast.SetComp: set_display,
    gast.NamedExpr: _walrus,
    gast.JoinedStr: _text,
    gast.Lambda: _lambda,
    Carried: carried,
    Held: kept,
}

_KINDS = {
    "Yield": "a generator",
    "YieldFrom": "a generator",
    "Await": "`await`",
    "Starred": "a starred expression",
}
