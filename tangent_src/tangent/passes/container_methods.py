"""Methods of lists and dicts that say in other words what the language holds.

ys.extend(zs)           ->      ys += zs
ys.insert(0, x)         ->      ys = ys[:0] + [x] + ys[0:]
d.update(e)             ->      d |= e
d.setdefault(k, x)      ->      if k not in d: d[k] = x
d.get(k, x)             ->      d[k] if k in d else x
xs[1:3] = ys            ->      xs = xs[:1] + ys + xs[3:]

A list or dict that is bound anew in place of being changed is first asked for as if it were changed
(`in_place`): if another name shows it, that is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast

from tangent.passes.companions import widen
from tangent.passes.functions import written_number
from tangent.passes.kinds import GIVEN, SEQUENCES
from tangent.passes.lowering import Lowering, method_key, owned_base, rule_of
from tangent.passes.templates import (
    builtin_call,
    comprehension,
    lowered,
    named,
    placed,
)
from tangent.runtime import in_place
from tangent.syntax.program import Augment, Effect, Plain
from tangent.syntax.trees import call, is_literal, item, literal, name, names_in, quote, stored


def method_spelled_out(self: Lowering, node: gast.Call) -> Any | None:
    """The expression that a call of a method stands for; None if it is an ordinary call."""
    speller = _METHODS.get(node.func.attr)
    if speller is None:
        return None
    receiver = node.func.value
    kind = self.kinds.get(receiver.id) if isinstance(receiver, gast.Name) else None
    if kind is None and method_key(node.func.attr) is not None:  # of an array, perhaps
        return None
    if isinstance(receiver, gast.Name) and not self.is_local(receiver.id):
        return None
    expr = speller(self, node, kind)
    return None if expr is None else placed(expr, node)


def _base(self: Lowering, node: gast.Call) -> Any:
    """The list or dict, under a name."""
    return named(self, node.func.value, node)


def _owned(self: Lowering, base: Any, node: Any) -> None:
    """From here on `base` may be bound anew in place of being changed."""
    target = owned_base(self, base, node)
    nothing = gast.List(elts=[], ctx=gast.Load())
    self.code.append(Augment(self.here(), target, gast.Add(), rule_of(in_place), nothing))
    widen(self, target, None)


def _rebound(self: Lowering, base: Any, value: Any, node: Any) -> None:
    _owned(self, base, node)
    lowered(self, [gast.Assign(targets=[stored(base.id)], value=value, type_comment=None)], node)


# ---------------------------------------------------------------- lists


def _extend(self: Lowering, node: gast.Call, kind: str | None) -> Any | None:
    if len(node.args) != 1 or node.keywords or kind not in (None, "list"):
        return None
    base, items = _base(self, node), node.args[0]
    if isinstance(items, gast.GeneratorExp):
        items = gast.ListComp(elt=items.elt, generators=items.generators)
    items = named(self, items, node)
    item = self.names.fresh("item")
    append = gast.Call(
        func=gast.Attribute(value=base, attr="append", ctx=gast.Load()),
        args=[name(item)],
        keywords=[],
    )
    if kind == "list" and self.kinds.get(items.id) in SEQUENCES:
        plus = gast.AugAssign(target=stored(base.id), op=gast.Add(), value=items)
        lowered(self, [plus], node)
        return literal(None)
    body = [gast.Expr(value=append)]
    if items.id == base.id:
        items = quote("xs[:]", xs=items)
    loop = gast.For(target=stored(item), iter=items, body=body, orelse=[], type_comment=None)
    lowered(self, [loop], node)
    return literal(None)


def grown_entry(self: Lowering, node: gast.AugAssign, entry: Any, operand: Any) -> bool:
    """`d[k] += [x]` as `d[k].extend([x])`, where `d` is a list or dict and the operand a list."""
    base = node.target.value
    while isinstance(base, gast.Subscript):
        base = base.value
    of_container = isinstance(base, gast.Name) and self.kinds.get(base.id) in ("list", "dict")
    listed = isinstance(operand, gast.Name) and self.kinds.get(operand.id) in SEQUENCES
    if not (of_container and listed and isinstance(node.op, gast.Add)):
        return False
    self.local |= {operand.id, entry.value.id}
    extend = gast.Attribute(value=entry, attr="extend", ctx=gast.Load())
    made = gast.Call(func=extend, args=[operand], keywords=[])
    lowered(self, [gast.Expr(value=made)], node)
    return True


def merged_entry(self: Lowering, node: gast.AugAssign, entry: Any, operand: Any) -> bool:
    """`d[k] |= e` as `d[k].update(e)`, where `e` is a dict; where it may be one, the text asks."""
    if not isinstance(node.op, gast.BitOr) or is_literal(operand):
        return False
    kind = self.kinds.get(operand.id)
    if kind == "dict":
        self.local |= {operand.id} | ({entry.id} if isinstance(entry, gast.Name) else set())
        update = gast.Attribute(value=entry, attr="update", ctx=gast.Load())
        made = gast.Call(func=update, args=[operand], keywords=[])
        lowered(self, [gast.Expr(value=made)], node)
        return True
    if kind is None and not isinstance(node.value, (gast.Compare, gast.UnaryOp)):
        asked = call(self.unit.registry.symbols.runtime("no_dict"), operand)
        effect = gast.Expr(value=asked)
        self.code.append(Effect(self.here(), effect, frozenset(names_in(asked)), asks=True))
    return False


def _position(self: Lowering, base: Any, index: Any, node: Any) -> Any:
    """An index that is not negative: the position that `index` means."""
    length = call("@builtin:len", base)
    if isinstance(index, gast.Constant):
        return index
    if is_literal(index) and isinstance(index.operand, gast.Constant):
        return named(self, quote("n + i", n=length, i=index), node)
    return named(self, quote("i % n", n=length, i=index), node)


def _insert(self: Lowering, node: gast.Call, kind: str | None) -> Any | None:
    if len(node.args) != 2 or node.keywords or kind != "list":
        return None
    base, index = _base(self, node), node.args[0]
    if not is_literal(index):
        index = named(self, index, node)
    entry = named(self, node.args[1], node)
    joined = quote("xs[:i] + [x] + xs[i:]", xs=base, i=index, x=entry)
    _rebound(self, base, joined, node)
    return literal(None)


def _pop(self: Lowering, node: gast.Call, kind: str | None) -> Any | None:
    if node.keywords or not 1 <= len(node.args) <= 2:
        return None
    if kind == "dict":
        return _pop_entry(self, node)
    if kind in (None, GIVEN) and len(node.args) == 1 and written_number(node.args[0]) is not None:
        kind = _as_list_asked(self, node.func.value, node)
    if kind != "list" or len(node.args) != 1:
        return None
    base = _base(self, node)
    index = node.args[0] if is_literal(node.args[0]) else named(self, node.args[0], node)
    taken = self.names.fresh("taken")
    self.local.add(taken)
    self.moved.add(taken)
    first = quote("xs[i]", xs=base, i=index)
    lowered(self, [gast.Assign(targets=[stored(taken)], value=first, type_comment=None)], node)
    delete_entry(self, base, index, node)
    return name(taken)


def _as_list_asked(self: Lowering, base: Any, node: Any) -> str | None:
    """What is taken out by its position comes from a list: the text asks."""
    if not isinstance(base, gast.Name) or not self.is_local(base.id) or base.id in self.types:
        return None
    asked = call(self.unit.registry.symbols.runtime("a_list"), name(base.id))
    effect = gast.Expr(value=asked)
    self.code.append(Effect(self.here(), effect, frozenset({base.id}), asks=True))
    self.kinds[base.id] = "list"
    return "list"


def delete_entry(self: Lowering, base: Any, index: Any, node: Any) -> None:
    """`del ys[i]`, of an index that is known to be there."""
    place = _position(self, base, index, node)
    if isinstance(place, gast.Constant) and place.value == 0:
        rest = quote("xs[1:]", xs=base)
    elif isinstance(place, gast.Constant):
        after = literal(place.value + 1)
        rest = quote("xs[:i] + xs[j:]", xs=base, i=place, j=after)
    else:
        rest = quote("xs[:i] + xs[i + 1:]", xs=base, i=place)
    _rebound(self, base, rest, node)


def replace_slice(self: Lowering, target: gast.Subscript, entries: Any) -> None:
    """`xs[i:j] = entries`, of a list, which may get longer or shorter."""
    if isinstance(entries, gast.Name):
        self.local.add(entries.id)
    base, (start, stop) = target.value, _bounds(self, target.value, target.slice)
    if isinstance(entries, gast.List) and not entries.elts and (start is None) != (stop is None):
        rest = gast.Slice(lower=stop, upper=start, step=None)  # what stands behind, or in front
        _rebound(self, base, item(base, rest), target)
        return
    if self.kinds.get(getattr(entries, "id", "")) != "list":
        entries = builtin_call("list", entries)
    if start is not None:
        entries = quote("xs[:i] + ys", xs=base, i=start, ys=entries)
    if stop is not None:
        entries = quote("ys + xs[j:]", ys=entries, xs=base, j=stop)
    _rebound(self, base, entries, target)


def extend_slice(self: Lowering, target: gast.Subscript, op: Any, entries: Any) -> None:
    """`xs[i:j] += entries`, of a list."""
    part = target.slice
    written = all(b is None or is_literal(b) for b in (part.lower, part.upper))
    if not isinstance(op, gast.Add) or not written:
        advice = "write the operation out: `xs[i:j] = ...`"
        self.refuse("a slice of a list is updated", "list-slice", target, advice)
    if isinstance(entries, gast.Name):
        self.local.add(entries.id)
    if self.kinds.get(getattr(entries, "id", "")) != "list":
        entries = builtin_call("list", entries)
    old = gast.Subscript(value=target.value, slice=part, ctx=gast.Load())
    replace_slice(self, target, named(self, quote("a + b", a=old, b=entries), target))


def _bounds(self: Lowering, base: Any, part: gast.Slice) -> tuple[Any, Any]:
    """What stands in front of a slice is `xs[:start]`, what stands behind it `xs[stop:]`."""
    lower, upper = part.lower, part.upper
    if all(b is None or is_literal(b) for b in (lower, upper)):
        if lower is None or upper is None:
            return lower, upper
        if isinstance(lower, gast.Constant) and isinstance(upper, gast.Constant):
            return lower, literal(max(lower.value, upper.value))
    ends = [literal(None) if b is None else _key(self, b, base) for b in (lower, upper)]
    written = call("@builtin:slice", *ends)
    whole = quote("s.indices(n)", s=written, n=call("@builtin:len", base))
    start = _number(self, quote("r[0]", r=whole))
    stop = _number(self, call("@builtin:max", start, quote("r[1]", r=whole)))
    return start, stop


def _number(self: Lowering, expr: Any) -> Any:
    one = self.temporary(Plain(expr, frozenset(names_in(expr)), scalar=True))
    self.local.add(one.id)
    return one


def _reverse(self: Lowering, node: gast.Call, kind: str | None) -> Any | None:
    if node.args or node.keywords or kind not in (None, "list"):
        return None
    base = _base(self, node)
    _rebound(self, base, quote("xs[::-1]", xs=base), node)
    return literal(None)


def _sort(self: Lowering, node: gast.Call, kind: str | None) -> Any | None:
    if node.args or kind != "list":
        return None
    base = _base(self, node)
    ordered = builtin_call("sorted", base)
    ordered.keywords = node.keywords
    _rebound(self, base, ordered, node)
    return literal(None)


def _clear(self: Lowering, node: gast.Call, kind: str | None) -> Any | None:
    if node.args or node.keywords or kind not in ("list", "dict"):
        return None
    base = _base(self, node)
    empty = gast.List(elts=[], ctx=gast.Load()) if kind == "list" else gast.Dict([], [])
    _rebound(self, base, empty, node)
    return literal(None)


def list_slice(self: Lowering, target: gast.Subscript) -> bool:
    """Is a part of a list replaced, as one that may have another length?"""
    base, index = target.value, target.slice
    if not isinstance(base, gast.Name) or self.kinds.get(base.id) != "list":
        return False
    return isinstance(index, gast.Slice) and index.step is None


def delete_element(self: Lowering, target: gast.Subscript) -> None:
    """`del xs[0]`, `del xs[1:]`, `del d[k]`."""
    base = target.value
    kind = self.kinds.get(base.id) if isinstance(base, gast.Name) else None
    if kind in (None, GIVEN) and written_number(target.slice) is not None:
        kind = _as_list_asked(self, base, target)
    if list_slice(self, target):
        replace_slice(self, target, gast.List(elts=[], ctx=gast.Load()))
        return
    if kind not in ("list", "dict") or isinstance(target.slice, gast.Slice):
        self.refuse("`del` of an element", "delete", target, "build a new list or dict")
    key = target.slice if is_literal(target.slice) else named(self, target.slice, target)
    named(self, gast.Subscript(value=base, slice=key, ctx=gast.Load()), target)  # it is there
    delete = delete_entry if kind == "list" else delete_key
    delete(self, base, key, target)


# ---------------------------------------------------------------- dicts


def _get(self: Lowering, node: gast.Call, kind: str | None) -> Any | None:
    """`d.get(key, default)`: Python evaluates both, whether the key is there or not."""
    if node.keywords or not 1 <= len(node.args) <= 2:
        return None
    base = _base(self, node)
    key = _key(self, node.args[0], node)
    default = _key(self, node.args[1], node) if len(node.args) == 2 else literal(None)
    return quote("d[k] if k in d else x", d=base, k=key, x=default)


def _key(self: Lowering, node: Any, place: Any) -> Any:
    return node if isinstance(node, gast.Name) or is_literal(node) else named(self, node, place)


def _update(self: Lowering, node: gast.Call, kind: str | None) -> Any | None:
    if len(node.args) > 1 or kind not in (None, "dict"):
        return None
    base = _base(self, node)
    for items in node.args:
        entries = named(self, items, node)
        if kind == "dict" and self.kinds.get(entries.id) == "dict":
            union = gast.AugAssign(target=stored(base.id), op=gast.BitOr(), value=entries)
            lowered(self, [union], node)
        else:
            _put_all(self, base, entries, node)
    if node.keywords:
        words = [literal(k.arg) for k in node.keywords]
        entries = named(self, gast.Dict(keys=words, values=[k.value for k in node.keywords]), node)
        if kind == "dict":
            union = gast.AugAssign(target=stored(base.id), op=gast.BitOr(), value=entries)
            lowered(self, [union], node)
        else:
            _put_all(self, base, entries, node)
    return literal(None)


def _put_all(self: Lowering, base: Any, entries: Any, node: Any) -> None:
    key, entry = self.names.fresh("key"), self.names.fresh("entry")
    pairs: Any = entries
    if self.kinds.get(entries.id) not in SEQUENCES:
        view = gast.Attribute(value=entries, attr="items", ctx=gast.Load())
        pairs = gast.Call(func=view, args=[], keywords=[])
    target = gast.Tuple(elts=[stored(key), stored(entry)], ctx=gast.Store())
    place = gast.Subscript(value=base, slice=name(key), ctx=gast.Store())
    put = gast.Assign(targets=[place], value=name(entry), type_comment=None)
    loop = gast.For(target=target, iter=pairs, body=[put], orelse=[], type_comment=None)
    lowered(self, [loop], node)


def _setdefault(self: Lowering, node: gast.Call, kind: str | None) -> Any | None:
    if node.keywords or len(node.args) != 2:
        return None
    base = _base(self, node)
    key, default = _key(self, node.args[0], node), _key(self, node.args[1], node)
    entry = gast.Dict(keys=[key], values=[default])
    put: Any = gast.AugAssign(target=stored(base.id), op=gast.BitOr(), value=entry)
    kept = isinstance(default, gast.Name) and self.kinds.get(default.id) in (*SEQUENCES, "dict")
    if kind != "dict" or kept:
        place = gast.Subscript(value=base, slice=key, ctx=gast.Store())
        put = gast.Assign(targets=[place], value=default, type_comment=None)
    missing = quote("k not in d", k=key, d=base)
    lowered(self, [gast.If(test=missing, body=[put], orelse=[])], node)
    return quote("d[k]", d=base, k=key)


def _pop_entry(self: Lowering, node: gast.Call) -> Any:
    base, key = _base(self, node), _key(self, node.args[0], node)
    taken = self.names.fresh("taken")
    self.local.add(taken)
    self.moved.add(taken)
    found: Any = quote("d[k]", d=base, k=key)
    if len(node.args) == 2:
        found = quote("d[k] if k in d else x", d=base, k=key, x=_key(self, node.args[1], node))
    lowered(self, [gast.Assign(targets=[stored(taken)], value=found, type_comment=None)], node)
    delete_key(self, base, key, node)
    return name(taken)


def delete_key(self: Lowering, base: Any, key: Any, node: Any) -> None:
    """`del d[k]`, of a key that may be missing."""
    without = self.unit.registry.symbols.runtime("without")
    _rebound(self, base, call(without, base, key), node)


def _values(self: Lowering, node: gast.Call, kind: str | None) -> Any | None:
    """`d.values()` where a value is asked for: the list of its items."""
    if node.args or node.keywords:
        return None
    item = self.names.fresh("item")
    return comprehension(name(item), stored(item), node)


def _keys(self: Lowering, node: gast.Call, kind: str | None) -> Any | None:
    """`d.keys()` where a value is asked for: a set, as far as anybody asks."""
    if node.args or node.keywords:
        return None
    function = gast.Attribute(value=_base(self, node), attr="keys", ctx=gast.Load())
    view = gast.Call(func=function, args=[], keywords=[])
    keys = self.temporary(Plain(view, frozenset(names_in(view)), fresh=False))
    self.local.add(keys.id)
    return keys


def _items(self: Lowering, node: gast.Call, kind: str | None) -> Any | None:
    if node.args or node.keywords:
        return None
    key, item = self.names.fresh("key"), self.names.fresh("item")
    pair = gast.Tuple(elts=[name(key), name(item)], ctx=gast.Load())
    target = gast.Tuple(elts=[stored(key), stored(item)], ctx=gast.Store())
    return comprehension(pair, target, node)


_METHODS: dict[str, Callable[[Lowering, gast.Call, str | None], Any | None]] = {
    "extend": _extend,
    "insert": _insert,
    "pop": _pop,
    "reverse": _reverse,
    "sort": _sort,
    "clear": _clear,
    "get": _get,
    "update": _update,
    "setdefault": _setdefault,
    "values": _values,
    "keys": _keys,
    "items": _items,
}
