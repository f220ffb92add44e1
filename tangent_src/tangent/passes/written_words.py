"""Loops over words that name attributes: the body once for each of them.

    for word, v in zip(("w", "b"), (w, b)):             model.w = w
        setattr(model, word, v)                 ->      model.b = b

The words stand in the text: in a tuple, as the keys of `**options` or of a dict that is written
there, in a tuple of strings from outside or of the class.  What else the loop goes through is
computed in front, as Python does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import gast

from tangent.passes.functions import held, written_number
from tangent.passes.jumps import jumps_of
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.objects import Object, in_class
from tangent.passes.stars import packed_items
from tangent.passes.templates import builtin_call, lowered, named, placed
from tangent.passes.units import MISSING
from tangent.syntax.symbols import Reference
from tangent.syntax.trees import call, is_literal, item, literal, name, names_in, quote, rebuild

MOST = 64
_NAMING = (setattr, getattr, hasattr, object.__setattr__)
_LATER = (gast.Lambda, gast.FunctionDef, gast.GeneratorExp, gast.ListComp, gast.DictComp)
Items = Callable[[], list[Any]]


def over_words(self: Lowering, node: gast.For) -> bool:
    """Writes a loop whose variables name attributes; False of any other."""
    bound = {n.id for s in node.body for n in gast.walk(s) if _is_stored(n)}
    later = any(isinstance(n, _LATER) for s in node.body for n in gast.walk(s))
    targets = {n.id for n in gast.walk(node.target) if isinstance(n, gast.Name)}
    if later or bound & targets or jumps_of(node.body):
        return False
    items = _items_for(self, node.body, node.target, node.iter)
    for one in items() if items is not None else ():
        words = dict(_words(node.target, one))
        first = gast.Assign(targets=[node.target], value=one, type_comment=None)
        lowered(self, [gast.copy_location(first, node)], node)
        self.lower([_named_by(s, words) for s in node.body])
    return items is not None


def written_elements(self: Lowering, node: Any) -> Any | None:
    """`[getattr(p, w) for w in ("a", "b")]` as a list that is written there; None of any other."""
    generator = node.generators[0]
    if len(node.generators) != 1 or generator.ifs:
        return None
    pair = isinstance(node, gast.DictComp)
    elements = [node.key, node.value] if pair else [node.elt]
    if any(isinstance(n, _LATER) for e in elements for n in gast.walk(e)):
        return None
    items = _items_for(self, elements, generator.target, generator.iter)
    if items is None:
        return None
    instead = [dict(_parts(generator.target, one)) for one in items()]
    self.local |= {n for parts in instead for p in parts.values() for n in names_in(p)}
    written = [[_named_by(e, parts) for e in elements] for parts in instead]
    if pair:
        whole: Any = gast.Dict(keys=[k for k, _ in written], values=[v for _, v in written])
    else:
        whole = gast.List(elts=[e for (e,) in written], ctx=gast.Load())
    return gast.copy_location(whole, node)


def _is_stored(node: Any) -> bool:
    return isinstance(node, gast.Name) and isinstance(node.ctx, gast.Store)


def _items_for(self: Lowering, body: list[Any], target: Any, items: Any) -> Items | None:
    """What a loop goes through, if one of its variables names an attribute."""
    own = {n.id for n in gast.walk(target) if isinstance(n, gast.Name)}
    calls = [n for s in body for n in gast.walk(s) if isinstance(n, gast.Call)]
    asked = [c.args[1] for c in calls if len(c.args) > 1 and _is_naming(self, c)]
    return shown(self, items) if any(names_in(word) & own for word in asked) else None


def _is_naming(self: Lowering, node: gast.Call) -> bool:
    found = static_of(self, node.func)[0]
    return any(found is one for one in _NAMING)


def _parts(target: Any, one: Any) -> Iterator[tuple[str, Any]]:
    """The variables of a pattern, with what each of them is bound to."""
    if isinstance(target, gast.Name):
        yield target.id, one
    elif isinstance(target, (gast.Tuple, gast.List)) and isinstance(one, gast.Tuple):
        for inner, part in zip(target.elts, one.elts, strict=False):
            yield from _parts(inner, part)


def _words(target: Any, one: Any) -> Iterator[tuple[str, Any]]:
    return ((n, part) for n, part in _parts(target, one) if is_literal(part))


def _named_by(node: Any, instead: Mapping[str, Any]) -> Any:
    def change(n: Any) -> Any | None:
        read = isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load) and n.id in instead
        return gast.copy_location(placed(_again(instead[n.id]), n), n) if read else None

    return rebuild(node, change)


def _again(node: Any) -> Any:
    """A node like this one, to stand in another place."""
    if isinstance(node, gast.Constant):
        return literal(node.value)
    return name(node.id) if isinstance(node, gast.Name) else rebuild(node, lambda n: None)


# ---------------------------------------------------------------- what is gone through


def shown(self: Lowering, node: Any) -> Items | None:
    """The items of what a loop goes through, if the text shows how many; else None.

    They are computed when they are asked for: words as they stand, the rest under names.
    """
    packed = packed_items(self, node)
    if packed is not None:
        return _of_packed(packed, "keys")
    match node:
        case gast.Tuple(elts=elts) | gast.List(elts=elts):
            if any(isinstance(e, gast.Starred) for e in elts):
                return None
            return lambda: [_held(self, e) for e in elts]
        case gast.Dict():
            return _of_dict(self, node, "keys")
        case gast.Call(func=gast.Attribute(value=base, attr=attr), args=[], keywords=[]):
            return _of_view(self, base, attr)
        case gast.Call(args=args, keywords=[]) if args:
            return _of_call(self, static_of(self, node.func)[0], args)
    words = _written_once(self, node) or _outside(self, node)
    return None if words is None else lambda: [literal(w) for w in words]


def _of_call(self: Lowering, function: Any, args: list[Any]) -> Items | None:
    if function is range and len(args) == 1:
        count = written_number(args[0])
        return _counted(count) if count is not None and count <= MOST else None
    if function is zip:
        return _zipped(self, args)
    inner = shown(self, args[0]) if len(args) == 1 else None
    if inner is None or function not in (enumerate, list, tuple):
        return None
    return inner if function is not enumerate else lambda: _numbered(inner())


def _counted(count: int) -> Items:
    return lambda: [literal(i) for i in range(count)]


def _numbered(items: list[Any]) -> list[Any]:
    return [_pair(literal(i), one) for i, one in enumerate(items)]


def _pair(*parts: Any) -> Any:
    return gast.Tuple(elts=list(parts), ctx=gast.Load())


def _held(self: Lowering, node: Any) -> Any:
    """An item: literals as they stand, other parts by the value that they have now."""
    if is_literal(node):
        return node
    if isinstance(node, gast.Tuple) and not any(isinstance(e, gast.Starred) for e in node.elts):
        return _pair(*(_held(self, e) for e in node.elts))
    return _local(self, held(self, node))


def _local(self: Lowering, one: Any) -> Any:
    self.local |= {n for n in names_in(one) if n[0] != "@"}
    return one


def _of_packed(packed: Any, attr: str) -> Items | None:
    """`args`, and `options.items()`, of this function's own signature."""
    if isinstance(packed, tuple):
        return (lambda: [name(p) for p in packed]) if attr == "keys" else None
    made = {
        "keys": [literal(k) for k in packed],
        "values": [name(p) for p in packed.values()],
        "items": [_pair(literal(k), name(p)) for k, p in packed.items()],
    }.get(attr)
    return None if made is None else lambda: made


def _of_view(self: Lowering, base: Any, attr: str) -> Items | None:
    packed = packed_items(self, base)
    if isinstance(packed, Mapping):
        return _of_packed(packed, attr)
    return _of_dict(self, base, attr) if isinstance(base, gast.Dict) else None


def _of_dict(self: Lowering, node: gast.Dict, attr: str) -> Items | None:
    keys, values = node.keys, node.values
    if not all(isinstance(k, gast.Constant) for k in keys):
        return None
    if len({k.value for k in keys}) < len(keys) or attr not in ("keys", "values", "items"):
        return None

    def items() -> list[Any]:
        found = [_held(self, v) for v in values]
        pairs = [_pair(k, v) for k, v in zip(keys, found, strict=True)]
        made: dict[str, list[Any]] = {"keys": keys, "values": found, "items": pairs}
        return made[attr]

    return items


def _zipped(self: Lowering, args: list[Any]) -> Items | None:
    """`zip` of items that the text shows, and of others, of which there must be as many."""
    found = [shown(self, a) for a in args]
    if all(f is None for f in found):
        return None

    def items() -> list[Any]:
        columns = [None if f is None else f() for f in found]
        others = [
            None if c is not None else named(self, builtin_call("list", a), a)
            for c, a in zip(columns, args, strict=True)
        ]
        count = min(len(c) for c in columns if c is not None)
        for one in (o for o in others if o is not None):
            _check_number(self, one, count, args[0])
        whole = [
            c[:count] if c is not None else [_entry(self, o, i) for i in range(count)]
            for c, o in zip(columns, others, strict=True)
        ]
        return [_pair(*parts) for parts in zip(*whole, strict=True)]

    return items


def _entry(self: Lowering, whole: Any, position: int) -> Any:
    return _local(self, held(self, item(whole, literal(position))))


def _check_number(self: Lowering, items: Any, least: int, place: Any) -> None:
    """Of fewer items there would be fewer attributes."""
    few = quote("n < least", n=call("@builtin:len", items), least=literal(least))
    text = f"the derivative was written for at least {least} items"
    error = builtin_call("TypeError", literal(text))
    raised = gast.Raise(exc=error, cause=None)
    lowered(self, [gast.If(test=few, body=[raised], orelse=[])], place)


# ---------------------------------------------------------------- words from outside


@dataclass(frozen=True)
class Words:
    """Where words are listed outside: a text that names them holds while they are the same."""

    where: Reference
    known: tuple[str, ...]

    def get(self) -> Any:
        return self.known if _are_words(self.where.get()) == self.known else None


def _written_once(self: Lowering, node: Any) -> tuple[str, ...] | None:
    """The words of a list or tuple that a name of the function holds, and nobody changes."""
    if not isinstance(node, gast.Name) or not self.is_local(node.id):
        return None
    own, nodes = self.originals.get(node.id, node.id), list(gast.walk(self.unit.tree))
    bound = [n for n in nodes if isinstance(n, gast.Name) and n.id == own and _is_bound(n)]
    match [n for n in nodes if isinstance(n, gast.Assign) and n.targets == bound]:
        case [gast.Assign(value=gast.Tuple(elts=elts) | gast.List(elts=elts) as listed)]:
            if isinstance(listed, gast.Tuple) or _is_only_read(self, nodes, own):
                return _are_words([getattr(e, "value", None) for e in elts])
    return None


_READERS = (zip, enumerate, len, list, tuple, sorted)


def _is_reader(found: Any) -> bool:
    return any(found is reader for reader in _READERS)


def _is_only_read(self: Lowering, nodes: list[Any], own: str) -> bool:
    """Is a list only gone through, or given to functions that do no more?"""
    safe: set[int] = set()
    for node in nodes:
        if isinstance(node, (gast.For, gast.comprehension)):
            safe.add(id(node.iter))
        elif isinstance(node, gast.Call) and _is_reader(static_of(self, node.func)[0]):
            safe |= set(map(id, node.args))
    reads = (n for n in nodes if isinstance(n, gast.Name) and n.id == own and not _is_bound(n))
    return all(id(n) in safe for n in reads)


def _is_bound(node: gast.Name) -> bool:
    return not isinstance(node.ctx, gast.Load)


def _are_words(value: Any) -> tuple[str, ...] | None:
    listed = isinstance(value, tuple | list) and all(type(w) is str for w in value)
    return tuple(value) if listed and len(value) <= MOST else None


def _outside(self: Lowering, node: Any) -> tuple[str, ...] | None:
    """The words of a tuple or list from outside, or of the class of an object."""
    if not isinstance(node, (gast.Name, gast.Attribute)):
        return None
    found, reference = static_of(self, node)
    if found is MISSING and isinstance(node, gast.Attribute):
        cls = _class_of(self, node.value, node.attr)
        found = MISSING if cls is None else in_class(cls, node.attr)
        reference = None if cls is None else Reference(cls, node.attr)
    words = _are_words(found)
    if words is None or reference is None:
        return None
    self.unit.registry.watch_type(Words(reference, words))
    return words


def _class_of(self: Lowering, base: Any, attribute: str) -> type | None:
    """The class of an object that has no attribute of its own under this name."""
    one = getattr(base, "id", "")
    if one in self.virtual:
        return self.making[one] if attribute not in self.virtual[one] else None
    known = self.types.get(one)
    if not isinstance(known, Object) or known.own is None:
        return None
    return None if attribute in known.own | known.perhaps else known.cls
