"""Calls that write into an argument -> stores, by the rules that declare them as such.

np.put(a, ind, v)              ->      t1 = flat_places(a, ind)
                                       a[t1] = v
np.exp(x, out=y[1:])           ->      t1 = np.exp(x)
                                       y[1:] = t1
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import gast
import numpy as np

import tangent.runtime
from tangent.passes.calls import is_own, known_value
from tangent.passes.expressions import atom, store_index
from tangent.passes.inert import captured, inert
from tangent.passes.lowering import Lowering, atom_value, method_key, owned_base, rule_of, static_of
from tangent.passes.objects import GENERATORS
from tangent.passes.rule_arguments import bind_arguments
from tangent.passes.units import MISSING
from tangent.rules.language import Rule, Spelling, Write
from tangent.syntax.program import INTO, RESTORE, SCATTER, Augment, Copy, Item, Store, Value
from tangent.syntax.trees import as_argument, item, literal, name, names_in

# ---------------------------------------------------------------- what a subscript writes to


def place(self: Lowering, target: gast.Subscript) -> tuple[str, Any]:
    """The base and the index of an element, a slice, … that is written to."""
    whole = target.value
    flat = isinstance(whole, gast.Attribute) and whole.attr == "flat"
    base = atom(self, whole.value if flat else whole)
    index = store_index(self, target.slice)
    if flat:
        index = _runtime(self, target, "flat_places", base, as_argument(index))
    return owned_base(self, base, target), index


def _runtime(self: Lowering, node: Any, helper: str, *atoms: Any) -> Any:
    """The value of a helper of the runtime, under a name."""
    function, text = getattr(tangent.runtime, helper), self.unit.registry.symbols.runtime(helper)
    return self.temporary(known_value(self, node, function, name(text), [], list(atoms), {}))


# ---------------------------------------------------------------- functions declared as stores


def lower_write(
    self: Lowering, rule: Write, node: Any, atoms: list[Any], words: Mapping[str, Any]
) -> Value:
    """Emit the store; the value is what the call gives back."""
    values = _bound(self, rule, node, atoms, words)
    base = owned_base(self, next(iter(values.values())), node)
    if isinstance(rule.region, gast.Name):
        values[rule.region.id] = _index(self, rule, node, values[rule.region.id])
    region = _lowered(self, rule.region, rule, values, node)
    values = {n: as_argument(v) for n, v in values.items()}
    result = _lowered(self, rule.result, rule, values, node)
    value = _lowered(self, rule.value, rule, values, node)
    adds = INTO if rule.into else SCATTER if rule.adds else None
    operator = RESTORE if rule.restores else adds
    self.code.append(Store(self.here(), base, region, value, operator))
    return atom_value(result)


def lower_spelling(
    self: Lowering, rule: Spelling, node: Any, atoms: list[Any], words: Mapping[str, Any]
) -> Value:
    """The value of the call that stands for a call of a function."""
    values, spelling = _bound(self, rule, node, atoms, words), rule.value
    assert isinstance(spelling, gast.Call)
    atoms = [_lowered(self, a, rule, values, node) for a in spelling.args]
    return _called(self, spelling.func, rule, atoms, node)


def _bound(
    self: Lowering,
    rule: Write | Spelling,
    node: Any,
    atoms: list[Any],
    words: Mapping[str, Any],
) -> dict[str, Any]:
    """The atom of each parameter of a rule."""
    try:
        given = rule.signature.bind(*atoms, **words).arguments
    except TypeError as error:
        advice = f"it handles `{rule.name}{rule.signature}`"
        self.refuse(f"the rule of `{rule.name}`: {error}", "rule-arguments", node, advice)
    return {p.name: literal(p.default) for p in rule.signature.parameters.values()} | given


def _index(self: Lowering, rule: Write, node: Any, given: Any) -> Any:
    """The region where it is an argument: as an index, `slice(1, n)` as `1:n`."""
    position = list(rule.signature.parameters).index(rule.region.id)
    position -= isinstance(node.func, gast.Attribute) and len(node.args) < len(
        rule.signature.parameters
    )
    raw = node.args[position] if 0 <= position < len(node.args) else None
    if raw is None or inert(self, raw) is None:
        return given
    return store_index(self, _unquoted(raw))


def _unquoted(index: Any) -> Any:
    match index:
        case gast.Tuple(elts=elements):
            return gast.Tuple(elts=[_unquoted(e) for e in elements], ctx=gast.Load())
        case gast.Call(func=gast.Name(id="slice"), args=args, keywords=[]):
            parts = [None if _is_none(a) else a for a in args]
            bounds = [None, *parts] if len(parts) == 1 else parts
            return gast.Slice(*bounds, *([None] * (3 - len(bounds))))
    return index


def _is_none(node: Any) -> bool:
    return isinstance(node, gast.Constant) and node.value is None


def _lowered(
    self: Lowering,
    expr: Any,
    rule: Write | Spelling,
    values: Mapping[str, Any],
    node: Any,
) -> Any:
    """An expression of a rule over the atoms of a call, as an atom or an index."""
    match expr:
        case gast.Name(id=identifier):
            return values[identifier]
        case gast.IfExp(test=gast.Compare(left=gast.Name(id=option)), body=body, orelse=orelse):
            chosen = body if _is_none(values[option]) else orelse
            return _lowered(self, chosen, rule, values, node)
        case gast.Call(func=function, args=args):
            atoms = [_lowered(self, a, rule, values, node) for a in args]
            return self.temporary(_called(self, function, rule, atoms, node))
    return expr


def _called(
    self: Lowering, function: Any, rule: Write | Spelling, atoms: list[Any], node: Any
) -> Value:
    symbols = self.unit.registry.symbols
    if isinstance(function, gast.Attribute):
        module = rule.namespace[function.value.id]
        found = getattr(module, function.attr)
        base = name(symbols.imported(module))
        text: Any = gast.Attribute(value=base, attr=function.attr, ctx=gast.Load())
    else:
        found = rule.namespace[function.id]
        text = name(symbols.runtime(function.id))
    return known_value(self, node, found, text, [], atoms, {})


# ---------------------------------------------------------------- functions declared as updates


def lower_update(
    self: Lowering,
    rule: Rule,
    node: Any,
    function: Any,
    atoms: list[Any],
    words: Mapping[str, Any],
) -> Value:
    """`overwrite(x, value)`: `t = x`, and an update of `t`."""
    old, operand = bind_arguments(self, rule, node, atoms, words).values()
    updated = self.temporary(atom_value(old)).id
    self.code.append(Augment(self.here(), updated, function, rule, operand))
    return Copy(name(updated), frozenset({updated}), updated)


def lower_own_update(self: Lowering, node: gast.Assign) -> bool:
    """`x = overwrite(x, value)`: an update of `x`, as `x += value` is one."""
    target, made = node.targets[0], node.value
    if not isinstance(made, gast.Call) or made.keywords or len(made.args) != 2:
        return False
    rule = rule_of(static_of(self, made.func)[0])
    own = getattr(made.args[0], "id", None) == target.id
    if not own or not isinstance(rule, Rule) or not rule.updates:
        return False
    function, operand = captured(self, made.func).expr, atom(self, made.args[1])
    self.code.append(Augment(self.here(), target.id, function, rule, operand))
    return True


# ---------------------------------------------------------------- `out=`


def takes_out(node: gast.Call, found: Any) -> bool:
    """Does a call of NumPy say where its result goes?  `found` is MISSING for a method.

    The `out` of the user's own functions means what it likes, and that of draws is filled.  In
    `separate(s=s, out=out)`, as generated text has it, the words are names of the user's.
    """
    if found is MISSING:
        if not isinstance(node.func, gast.Attribute) or method_key(node.func.attr) is None:
            return False
    elif is_own(found) or _is_helper(found) or _is_draw(found):
        return False
    position = _place_of_out(node, found)
    if position is not None and not all(map(_is_none, node.args[position : position + 1])):
        return True
    return any(k.arg == "out" and not _is_none(k.value) for k in node.keywords)


def _is_helper(found: Any) -> bool:
    return getattr(tangent.runtime, getattr(found, "__name__", ""), MISSING) is found


def _is_draw(found: Any) -> bool:
    return isinstance(getattr(found, "__self__", None), GENERATORS)


def _place_of_out(node: gast.Call, found: Any) -> int | None:
    """Where `out` stands among the arguments by position: those of a method are those of NumPy's
    function without the first.
    """
    method = found is MISSING
    function = getattr(np, node.func.attr, None) if method else found
    if isinstance(function, np.ufunc):
        return int(function.nin) - method
    try:
        parameters = inspect.signature(function).parameters  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    out = parameters.get("out")
    if out is None or out.kind is not out.POSITIONAL_OR_KEYWORD:
        return None
    return list(parameters).index("out") - method


def lower_out(self: Lowering, node: gast.Call, found: Any) -> Value:
    """`np.add(x, y, out=z[1:])`: the value, then a store of it."""
    words = {k.arg: k.value for k in node.keywords}
    args, out = list(node.args), words.pop("out", None)
    if out is None:
        position = _place_of_out(node, found)
        assert position is not None
        out, args[position] = args[position], literal(None)  # others may stand behind
        args = args if args[position + 1 :] else args[:position]
    if isinstance(out, gast.Tuple) and len(out.elts) == 1:
        out = out.elts[0]
    mask = words.pop("where", None) if isinstance(found, np.ufunc) else None
    keywords = [gast.keyword(arg=k, value=v) for k, v in words.items()]
    plain = gast.copy_location(gast.Call(func=node.func, args=args, keywords=keywords), node)
    if mask is not None:
        return _masked(self, plain, found, out, mask)
    made = atom(self, plain)
    subscript = isinstance(out, gast.Subscript)
    base, index = place(self, out) if subscript else (owned_base(self, atom(self, out), node), ...)
    index = literal(...) if index is ... else index
    self.code.append(Store(self.here(), base, index, made))
    if not subscript:
        return Copy(name(base), frozenset({base}), base)
    whole = item(name(base), index)
    return Item(whole, frozenset(names_in(whole)), base, index)


def _masked(self: Lowering, plain: gast.Call, found: Any, out: Any, where: Any) -> Value:
    """With `where=`, only the elements that count are computed: the others may be undefined."""
    args = [atom(self, a) for a in plain.args]
    words = {k.arg: atom(self, k.value) for k in plain.keywords}
    mask = atom(self, where)
    target = owned_base(self, atom(self, out), plain)
    picked = [_runtime(self, plain, "picked", a, mask, name(target)) for a in args]
    function = captured(self, plain.func).expr
    made = self.temporary(known_value(self, plain, found, function, [], picked, words))
    whole = _runtime(self, plain, "whole_mask", mask, name(target))
    self.code.append(Store(self.here(), target, whole, made))
    return Copy(name(target), frozenset({target}), target)
