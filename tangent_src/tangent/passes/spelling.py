"""Calls of builtins that say in other words what the language holds.

list(map(f, xs))        ->      [f(x) for x in xs]
list(zip(xs, ys))       ->      [(x, y) for x, y in zip(xs, ys)]
filter(f, xs)           ->      [x for x in xs if f(x)]
max(xs, key=f)          ->      xs[max(range(len(keys)), key=keys.__getitem__)]
sorted(xs)              ->      [xs[i] for i in order]
np.einsum(x, [0, 0])    ->      np.einsum("aa", x)
np.atleast_1d(x, y)     ->      (np.atleast_1d(x), np.atleast_1d(y))
"""

from __future__ import annotations

import collections
import dataclasses
import functools
import math
from collections.abc import Callable
from typing import Any

import gast
import numpy as np

from tangent.passes.class_operators import best_of_objects
from tangent.passes.container_methods import method_spelled_out
from tangent.passes.functions import function_of
from tangent.passes.inert import captured
from tangent.passes.itertools_ import listed
from tangent.passes.kinds import SEQUENCES, kind_of_atom
from tangent.passes.literals import literal_word
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.members import known_object
from tangent.passes.objects import Each, Many, Object, in_class
from tangent.passes.stars import gathered, items_of
from tangent.passes.subscripts import written_subscripts
from tangent.passes.templates import (
    builtin_call,
    comprehension,
    dict_comprehension,
    lowered,
    named,
    placed,
)
from tangent.passes.units import MISSING
from tangent.rules.language import class_for
from tangent.syntax.program import Plain
from tangent.syntax.trees import call, literal, name, names_in, quote, stored


def spelled_out(self: Lowering, node: gast.Call) -> Any | None:
    """The expression that a call stands for; None if it is an ordinary call."""
    if any(k.arg is None for k in node.keywords):
        return None
    found, _ = static_of(self, node.func)
    if _starred(node) and found not in (max, min, math.hypot, np.ndindex):
        return None
    if found is MISSING:
        return method_spelled_out(self, node) if isinstance(node.func, gast.Attribute) else None
    items = listed(self, node)
    if items is not None:
        return items
    speller = next((s for f, s in _SPELLERS.items() if f is found), None)
    expr = speller(self, node) if speller is not None else None
    return None if expr is None else placed(expr, node)


def _starred(node: gast.Call) -> bool:
    return any(isinstance(a, gast.Starred) for a in node.args)


def _as_function(self: Lowering, node: Any) -> Any | None:
    """What may be called item by item: a function, or a value that holds one; None of a class or
    builtin without rule, and of `None`.
    """
    if function_of(self, node) is not None:
        return node
    known = static_of(self, node)[0] if isinstance(node, (gast.Name, gast.Attribute)) else MISSING
    if known is not MISSING or isinstance(node, gast.Constant):
        return None
    return named(self, node, node)


def _words(node: gast.Call) -> dict[str, Any]:
    return {k.arg: k.value for k in node.keywords}


def _mapped(self: Lowering, node: gast.Call) -> Any | None:
    function = _as_function(self, node.args[0]) if not node.keywords and node.args[1:] else None
    if function is None:
        return None
    items = [self.names.fresh("item") for _ in node.args[1:]]
    element = _call(function, *(name(i) for i in items))
    if len(items) == 1:
        return comprehension(element, stored(items[0]), node.args[1])
    target = gast.Tuple(elts=[stored(i) for i in items], ctx=gast.Store())
    return comprehension(element, target, builtin_call("zip", *node.args[1:]))


def _filtered(self: Lowering, node: gast.Call) -> Any | None:
    if node.keywords or len(node.args) != 2:
        return None
    item = self.names.fresh("item")
    truth: Any = name(item)
    function = _as_function(self, node.args[0])
    if function is not None:
        truth = _call(function, truth)
    elif not (isinstance(node.args[0], gast.Constant) and node.args[0].value is None):
        return None
    return comprehension(name(item), stored(item), node.args[1], [truth])


def _reduced(self: Lowering, node: gast.Call) -> Any | None:
    """`functools.reduce(f, xs, start)`: a loop that carries the value so far."""
    fits = not node.keywords and 2 <= len(node.args) <= 3
    function = _as_function(self, node.args[0]) if fits else None
    if function is None:
        return None
    items = node.args[1]
    items = _listed(self, items) if _pairs(self, items) else items
    total, item = self.names.fresh("total"), self.names.fresh("item")
    self.local.update((total, item))
    if len(node.args) == 3:
        start = node.args[2]
    else:  # the first item is the start; of no items Python makes a TypeError, this an IndexError
        items = named(self, items, node)
        start, items = quote("xs[0]", xs=items), quote("xs[1:]", xs=items)
    first = gast.Assign(targets=[stored(total)], value=start, type_comment=None)
    step = gast.Assign(
        targets=[stored(total)],
        value=_call(function, name(total), name(item)),
        type_comment=None,
    )
    loop = gast.For(target=stored(item), iter=items, body=[step], orelse=[], type_comment=None)
    lowered(self, [first, loop], node)
    return name(total)


def _summed(self: Lowering, node: gast.Call) -> Any | None:
    """`sum(xs, start)` of objects, by the `+` of their class: a loop."""
    items, *rest = node.args
    start = _words(node).get("start", rest[0] if rest else literal(0))
    if isinstance(items, (gast.ListComp, gast.List, gast.Tuple)) and names_in(items):
        items = named(self, items, node)
    elif not isinstance(items, gast.Name):
        return None
    onto_object = known_object(self, start) is not None
    if not (onto_object or _of_objects(self.types.get(items.id))):
        return None if items is node.args[0] else _call(node.func, items, start)
    if not onto_object:  # of no items Python gives the start, this an IndexError
        start, items = quote("start + xs[0]", start=start, xs=items), quote("xs[1:]", xs=items)
    total, item = self.names.fresh("total"), self.names.fresh("item")
    self.local.update((total, item))
    step = quote("total + item", total=name(total), item=name(item))
    first, later = (
        gast.Assign(targets=[stored(total)], value=v, type_comment=None) for v in (start, step)
    )
    loop = gast.For(target=stored(item), iter=items, body=[later], orelse=[], type_comment=None)
    lowered(self, [first, loop], node)
    return name(total)


def _of_objects(known: Any) -> bool:
    """Is it the type of a list or tuple that holds objects alone?"""
    items = (known.item,) if isinstance(known, Many) else ()
    items = known.items if isinstance(known, Each) else items
    return bool(items) and all(isinstance(one, Object) for one in items)


def _collected(self: Lowering, node: gast.Call) -> Any | None:
    if len(node.args) != 1 or node.keywords:
        return None
    if isinstance(node.args[0], gast.Name) and self.kinds.get(node.args[0].id) == "dict":
        keys = gast.Call(func=captured(self, node.func).expr, args=node.args, keywords=[])
        return _kept(self, Plain(keys, frozenset(names_in(keys))))
    found = static_of(self, node.func)[0]
    written = _written_items(self, node.args[0])
    if written is not None and found in (list, tuple):
        return (gast.List if found is list else gast.Tuple)(elts=written, ctx=gast.Load())
    if not _pairs(self, node.args[0]) or found in (set, frozenset):
        return None
    listed = _listed(self, node.args[0])
    return listed if found is list else _call(node.func, listed)


def _written_items(self: Lowering, node: Any) -> list[Any] | None:
    """The items of `args`, which the signature of this function holds; None of anything else."""
    starred = gast.Starred(value=node, ctx=gast.Load())
    items = items_of(self, starred) if isinstance(node, gast.Name) else [starred]
    return None if items == [starred] else items


def _drawn(self: Lowering, node: gast.Call) -> Any | None:
    """`zip(xs, ys)` where it is handed on to one who goes through it once."""
    return None if node.keywords or _starred(node) else _listed(self, node)


def _pairs(self: Lowering, node: Any) -> bool:
    """`zip(…)`, `enumerate(…)`, `reversed(…)`: iterables that `for` takes apart."""
    if not isinstance(node, gast.Call) or _starred(node):
        return False
    return static_of(self, node.func)[0] in (zip, enumerate, reversed)


def _listed(self: Lowering, node: gast.Call) -> Any:
    found = static_of(self, node.func)[0]
    if found is reversed:
        item = self.names.fresh("item")
        return placed(comprehension(name(item), stored(item), node), node)
    items = [self.names.fresh("item") for _ in (node.args if found is zip else range(2))]
    element = gast.Tuple(elts=[name(i) for i in items], ctx=gast.Load())
    target = gast.Tuple(elts=[stored(i) for i in items], ctx=gast.Store())
    return placed(comprehension(element, target, node), node)


def _dict(self: Lowering, node: gast.Call) -> Any | None:
    """`dict(a=x)`, `dict(pairs)`, `dict(d, a=x)`."""
    words = gast.Dict(
        keys=[literal(k.arg) for k in node.keywords], values=[k.value for k in node.keywords]
    )
    if not node.args:
        return words
    items = node.args[0]
    listed = isinstance(items, gast.Call) and static_of(self, items.func)[0] in (sorted, list)
    written = isinstance(items, (gast.List, gast.ListComp, gast.Tuple))
    if listed or written or _pairs(self, items):
        key, entry = self.names.fresh("key"), self.names.fresh("entry")
        first: Any = dict_comprehension(key, entry, items)
    elif isinstance(items, gast.Name) and self.kinds.get(items.id) == "list":
        key, entry = self.names.fresh("key"), self.names.fresh("entry")
        first = dict_comprehension(key, entry, items)
    elif isinstance(items, gast.Name) and self.kinds.get(items.id) == "dict":
        first = gast.Dict(keys=[None], values=[items])
    else:
        return None
    if not node.keywords:
        return first
    return gast.Dict(keys=[None, None], values=[first, words])


def _ordered_dict(self: Lowering, node: gast.Call) -> Any | None:
    """`OrderedDict(a=x)`: a dict, where nothing is asked of it that dicts have not."""
    attributes = {n.attr for n in gast.walk(self.unit.tree) if isinstance(n, gast.Attribute)}
    return _dict(self, node) if attributes.isdisjoint({"move_to_end", "popitem"}) else None


# ---------------------------------------------------------------- orders


def _keys_of(self: Lowering, items: Any, key: Any, node: Any) -> Any | None:
    """A name for the list of the keys by which `items`, a name, are compared."""
    if key is None or (isinstance(key, gast.Constant) and key.value is None):
        return items
    item = self.names.fresh("item")
    looked_up = isinstance(key, gast.Attribute) and key.attr in ("get", "__getitem__")
    function = _as_function(self, key) if not looked_up else None
    if function is not None:
        element = _call(function, name(item))
    elif isinstance(key, gast.Attribute) and key.attr in ("get", "__getitem__"):
        element = gast.Subscript(value=key.value, slice=name(item), ctx=gast.Load())
    else:
        return None
    return named(self, comprehension(element, stored(item), items), node)


def _items_of(self: Lowering, items: Any, node: Any) -> Any:
    """A name for what is put in order: of a dict its keys, of a set a list."""
    held = named(self, _listed(self, items) if _pairs(self, items) else items, node)
    if kind_of_atom(self.kinds, held) in ("dict", "set"):
        listed = call("@builtin:list", held)
        return _kept(self, Plain(listed, frozenset(names_in(listed))))
    return held


def _sorted(self: Lowering, node: gast.Call) -> Any | None:
    words = _words(node)
    if len(node.args) != 1 or not words.keys() <= {"key", "reverse"}:
        return None
    items = _items_of(self, node.args[0], node)
    keys = _keys_of(self, items, words.get("key"), node)
    if keys is None:
        return None
    order = _order(self, "sorted", items, keys, words.get("reverse"))
    position = self.names.fresh("i")
    entry = gast.Subscript(value=items, slice=name(position), ctx=gast.Load())
    return comprehension(entry, stored(position), order)


def _order(self: Lowering, function: str, items: Any, keys: Any, reverse: Any = None) -> Any:
    """A name for `sorted(range(len(items)), key=keys.__getitem__)`, or `min`, or `max`; what may be
    a dict, whose keys these are not, is asked.
    """
    known = kind_of_atom(self.kinds, items) is not None
    runtime = self.unit.registry.symbols.runtime
    asked = items if known else call(runtime("sequence"), items)
    positions = call("@builtin:range", call("@builtin:len", asked))
    getter = gast.Attribute(value=keys, attr="__getitem__", ctx=gast.Load())
    chosen = call(f"@builtin:{function}", positions, key=getter)
    if reverse is not None:
        chosen.keywords.append(gast.keyword(arg="reverse", value=self.atom(reverse)))
    return _kept(self, Plain(chosen, frozenset(names_in(chosen)), scalar=function != "sorted"))


def _kept(self: Lowering, value: Plain) -> Any:
    """A name for a value, which Python that is still to be lowered may read."""
    one = self.temporary(value)
    self.local.add(one.id)
    return one


def _extreme(self: Lowering, node: gast.Call) -> Any | None:
    """`max` and `min` with a key or a default; of three numbers and more; of starred ones."""
    words, function = _words(node), str(static_of(self, node.func)[0].__name__)
    if _starred(node):
        return gast.Call(func=node.func, args=[gathered(node.args)], keywords=node.keywords)
    if len(node.args) == 1 and _pairs(self, node.args[0]):
        listed = _listed(self, node.args[0])
        return gast.Call(func=node.func, args=[listed], keywords=node.keywords)
    ordered = not words and _of_tuples(self, node.args)
    if not words and not ordered and len(node.args) > 2:  # Python keeps the first of equals, too
        return _call(node.func, _call(node.func, *node.args[:-1]), node.args[-1])
    if not words and not ordered:
        return _better(self, node)
    if not words.keys() <= {"key", "default"} or not node.args:
        return None
    several = gast.Tuple(elts=node.args, ctx=gast.Load())
    items = _items_of(self, node.args[0] if len(node.args) == 1 else placed(several, node), node)
    keys = _keys_of(self, items, words.get("key"), node)
    if keys is None:
        return None
    if "default" not in words:
        position = _order(self, function, items, keys)
        return gast.Subscript(value=items, slice=position, ctx=gast.Load())
    chosen = self.names.fresh("chosen")
    self.local.add(chosen)
    default = named(self, words["default"], node)
    rest = [k for k in node.keywords if k.arg != "default"]
    best = gast.Call(func=node.func, args=[items], keywords=[] if keys is items else rest)
    some = quote("len(xs) > 0", len=name("@builtin:len"), xs=items)
    one = gast.Assign(targets=[stored(chosen)], value=best, type_comment=None)
    other = gast.Assign(targets=[stored(chosen)], value=default, type_comment=None)
    lowered(self, [gast.If(test=some, body=[one], orelse=[other])], node)
    return name(chosen)


def _of_tuples(self: Lowering, args: list[Any]) -> bool:
    """Are tuples or lists compared, by the text?  Then one of them is chosen whole."""
    items = [*args] if len(args) > 1 else _items_written(self, *args)
    return any(
        isinstance(one, (gast.Tuple, gast.List)) or kind_of_atom(self.kinds, one) in SEQUENCES
        for one in items
    )


def _items_written(self: Lowering, node: Any) -> list[Any]:
    """What the items of a list are by its text: `[(v, i) for …]`, `xs.append((v, i))`."""
    if isinstance(node, (gast.ListComp, gast.GeneratorExp)):
        return [node.elt]
    if isinstance(node, (gast.List, gast.Tuple)):
        return list(node.elts)
    if not isinstance(node, gast.Name):
        return []
    own, found = self.originals.get(node.id, node.id), []
    for one in gast.walk(self.unit.tree):
        if isinstance(one, gast.Assign) and getattr(one.targets[0], "id", "") == own:
            found += _items_written(self, one.value) if not isinstance(one.value, gast.Name) else []
        if isinstance(one, gast.Call) and isinstance(one.func, gast.Attribute):
            grown = one.func.attr == "append" and getattr(one.func.value, "id", "") == own
            found += one.args if grown else []
    return found


def _distance(self: Lowering, node: gast.Call) -> Any | None:
    """`math.hypot` of other than two numbers: the distance of a point from the origin."""
    if node.keywords or (len(node.args) == 2 and not _starred(node)):
        return None
    point = named(self, gathered(node.args), node)
    origin = quote("[0.0] * count(p)", count=name("@builtin:len"), p=point)
    module = name(self.unit.registry.symbols.imported(math))
    return _call(gast.Attribute(value=module, attr="dist", ctx=gast.Load()), point, origin)


def _attribute(self: Lowering, node: gast.Call) -> Any | None:
    """`getattr(p, "x")`."""
    word = literal_word(self, node.args[1]) if len(node.args) in (2, 3) else None
    if word is None or word.startswith("__"):
        return None
    base = node.args[0]
    if len(node.args) == 3:
        known = self.types.get(base.id) if isinstance(base, gast.Name) else None
        if not isinstance(known, Object) or known.own is None:
            return None
        if word not in known.own and in_class(known.cls, word) is None:
            return node.args[2]
    return gast.Attribute(value=base, attr=word, ctx=gast.Load())


def _fields(self: Lowering, node: gast.Call) -> Any | None:
    """`dataclasses.asdict(p)`, `dataclasses.astuple(p)`: of numbers and arrays."""
    found = known_object(self, node.args[0]) if len(node.args) == 1 and not node.keywords else None
    if found is None or found[1].id[0] == "@" or found[0].held:
        self.refuse(
            "the fields of an object that holds others, or of an unknown one",
            *("object", node, "write them out: `{'a': p.a, ...}`"),
        )
    names = [f.name for f in dataclasses.fields(found[0].cls)]
    self.local.add(found[1].id)
    parts = [gast.Attribute(value=found[1], attr=n, ctx=gast.Load()) for n in names]
    if static_of(self, node.func)[0] is dataclasses.astuple:
        return gast.Tuple(elts=parts, ctx=gast.Load())
    return gast.Dict(keys=[literal(n) for n in names], values=parts)


def _better(self: Lowering, node: gast.Call) -> Any | None:
    """`max(a, b)` of two objects, by the order of their class."""
    order = gast.Gt() if static_of(self, node.func)[0] is max else gast.Lt()
    if len(node.args) != 2:
        return best_of_objects(self, node, order) if len(node.args) == 1 else None
    found = [one for a in node.args if (one := known_object(self, a)) is not None]
    if len(found) < 2:
        return None
    first, second = (atom for _, atom in found)
    self.local.update((first.id, second.id))
    return gast.IfExp(gast.Compare(second, [order], [first]), second, first)


def _each(self: Lowering, node: gast.Call) -> Any | None:
    """`np.atleast_1d` of several arrays: of each."""
    if node.keywords or len(node.args) < 2:
        return None
    return gast.Tuple(elts=[_call(node.func, a) for a in node.args], ctx=gast.Load())


def _array(self: Lowering, node: gast.Call) -> Any | None:
    """`np.array(x, copy=None)`, which may be `x` itself: `np.asarray(x, copy=None)`, and
    `np.atleast_1d` of it with `ndmin=1`.
    """
    words = _words(node)
    copied, least = words.get("copy"), words.get("ndmin", literal(0))
    if copied is None or (isinstance(copied, gast.Constant) and copied.value is True):
        return None
    wide = _AT_LEAST.get(getattr(least, "value", -1))
    if words.keys() - {"dtype", "order", "copy", "ndmin"} or wide is None:
        self.refuse("an array that may be a view", "view", node, "reshape it in a second step")
    module = name(self.unit.registry.symbols.imported(np))
    function = gast.Attribute(value=module, attr="asarray", ctx=gast.Load())
    kept = [k for k in node.keywords if k.arg != "ndmin"]
    whole = gast.Call(func=function, args=node.args, keywords=kept)
    if not wide:
        return whole
    return _call(gast.Attribute(value=module, attr=wide, ctx=gast.Load()), whole)


def _instance(self: Lowering, node: gast.Call) -> Any | None:
    """`isinstance(p, Polynomial)`: what stands for such an object is one, too."""
    if len(node.args) != 2 or node.keywords:
        return None
    written = getattr(node.args[1], "elts", [node.args[1]])
    classes = [static_of(self, c)[0] for c in written]
    standing = {class_for(c) for c in classes if isinstance(c, type)} - {None, *classes}
    if not standing:
        return None
    constant = self.unit.registry.symbols.constant
    more = [name(constant(c.__name__, c)) for c in standing if c is not None]
    both = gast.Tuple(elts=[*written, *more], ctx=gast.Load())
    return gast.Call(func=node.func, args=[node.args[0], both], keywords=[])


_AT_LEAST = {0: "", 1: "atleast_1d", 2: "atleast_2d"}


def _call(function: Any, *args: Any) -> Any:
    return gast.Call(func=function, args=list(args), keywords=[])


_SPELLERS: dict[Any, Callable[[Lowering, gast.Call], Any | None]] = {
    map: _mapped,
    filter: _filtered,
    functools.reduce: _reduced,
    sum: _summed,
    list: _collected,
    tuple: _collected,
    set: _collected,
    frozenset: _collected,
    dict: _dict,
    collections.OrderedDict: _ordered_dict,
    sorted: _sorted,
    min: _extreme,
    max: _extreme,
    math.hypot: _distance,
    zip: _drawn,
    enumerate: _drawn,
    reversed: _drawn,
    iter: lambda self, node: node.args[0] if len(node.args) == 1 else None,  # gone through once
    getattr: _attribute,
    dataclasses.asdict: _fields,
    dataclasses.astuple: _fields,
    np.einsum: written_subscripts,
    np.array: _array,
    isinstance: _instance,
    np.atleast_1d: _each,
    np.atleast_2d: _each,
    np.atleast_3d: _each,
}
