"""A `defaultdict` and a set that changes as dicts, a `deque` as a list, as long as they have names
of their own.

groups = defaultdict(list)              groups = {}
groups[k].append(v)             ->      groups.setdefault(k, []).append(v)

recent = deque(maxlen=3)                recent = []
recent.append(v)                ->      recent.append(v)
                                        if len(recent) > 3:
                                            recent.pop(0)
"""

from __future__ import annotations

import collections
import copy
from dataclasses import dataclass
from types import BuiltinFunctionType
from typing import Any

import gast
import numpy as np

from tangent.passes.lowering import Lowering, static_of
from tangent.syntax.trees import (
    assign,
    call,
    literal,
    method_call,
    name,
    names_in,
    quote,
    rebuild,
    replaced,
    same,
    stored,
)

_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


@dataclass(frozen=True)
class _Kept:
    """What a name stands for: a dict with a default, a list that may have a greatest length, or
    the keys of a dict.
    """

    default: Any = None  # the expression of what a new entry is
    longest: Any = None
    keys: bool = False


def plain_collections(self: Lowering, body: list[Any]) -> list[Any]:
    """`body`, that of a function, with lists and dicts in place of what `collections` makes."""
    kept: dict[str, _Kept] = {}
    body = _one_by_one(self, body)
    nodes = [n for s in body for n in gast.walk(s)]
    changed = {_grown_set(n) for n in nodes} - {None}
    bindings = [n for n in nodes if isinstance(n, gast.Assign) and len(n.targets) == 1]
    changing = {n.id for n in nodes if _binds(n)}
    held: dict[int, Any] = {}
    for node in bindings:
        identifier = getattr(node.targets[0], "id", None)
        made = _made(self, node.value, identifier in changed)
        if made is not None and not _stays(made.longest, changing):
            bound = assign(self.flag("longest"), made.longest)
            held[id(node)] = gast.copy_location(bound, node)
            made = _Kept(longest=name(bound.targets[0].id))
        if made is not None and identifier is not None:
            kept[identifier] = _of_one(self, node, identifier, made, nodes)
    while more := [n for n in bindings if _second_name(n, kept)]:
        for node in more:
            identifier = node.targets[0].id
            kept[identifier] = _of_one(self, node, identifier, kept[_shown(node.value)], nodes)
    _refuse_hidden(self, nodes, kept)
    _refuse_order(self, nodes, {i for i, k in kept.items() if k.keys})
    body = _in_front(body, held)
    return _block(self, body, kept) if kept else body


def _stays(longest: Any, changing: set[str]) -> bool:
    """Is a length the same number whenever it is asked for?"""
    plain = longest is None or isinstance(longest, (gast.Constant, gast.Name))
    return plain and getattr(longest, "id", None) not in changing


def _of_one(self: Lowering, node: Any, identifier: str, made: _Kept, nodes: list[Any]) -> _Kept:
    """What a name stands for that is bound to nothing else."""
    bound = [n for n in nodes if getattr(n, "id", None) == identifier and _binds(n)]
    if len(bound) > 1 or identifier in self.unit.all_parameters:
        what = f"`{identifier}` is bound to `{_text(node.value)}` and to something else"
        self.refuse(what, "collections", node, "use a list or a dict")
    return made


def _in_front(body: list[Any], held: dict[int, Any]) -> list[Any]:
    """The statements with the assignments that are held in front of some of them."""
    found: list[Any] = []
    for node in body:
        for part in _BLOCKS:
            if isinstance(getattr(node, part, None), list):
                setattr(node, part, _in_front(getattr(node, part), held))
        found += [held[id(node)]] if id(node) in held else []
        found.append(node)
    return found


def _second_name(node: gast.Assign, kept: dict[str, _Kept]) -> bool:
    """Does `b = a` give a second name to what `a` stands for, or `b = a.copy()` the like of it?"""
    target = node.targets[0]
    new = isinstance(target, gast.Name) and target.id not in kept
    return new and _shown(node.value) in kept


def _shown(node: Any) -> str:
    """`a` of `a` and of `a.copy()`."""
    base = _copied(node) or node
    return str(base.id) if isinstance(base, gast.Name) else ""


def _copied(node: Any) -> Any | None:
    """`a` of `a.copy()`."""
    function: Any = node.func if isinstance(node, gast.Call) and not node.args else None
    copies = isinstance(function, gast.Attribute) and function.attr in ("copy", "__copy__")
    return function.value if copies else None


def _refuse_hidden(self: Lowering, nodes: list[Any], kept: dict[str, _Kept]) -> None:
    """Refuses what may be read where no name tells what it is: an entry of something else, or what
    is made of it.
    """
    bindings = (n for n in nodes if isinstance(n, gast.Assign) and len(n.targets) == 1)
    named = {id(n.value) for n in bindings if getattr(n.targets[0], "id", None) in kept}
    called = {id(n.func) for n in nodes if isinstance(n, gast.Call)}
    for node in nodes:
        parts: list[Any] = []
        if isinstance(node, (gast.Tuple, gast.List, gast.Set)):
            parts = node.elts
        elif isinstance(node, gast.Dict):
            parts = node.values
        elif isinstance(node, (gast.IfExp, gast.BinOp)):
            parts = [getattr(node, f, None) for f in ("body", "orelse", "left", "right")]
        elif isinstance(node, gast.BoolOp):
            parts = node.values
        elif isinstance(node, gast.Attribute) and id(node) not in called:
            parts = [node.value]
        elif _copied(node) is not None and id(node) not in named:
            parts = [_copied(node)]
        elif isinstance(node, (gast.Assign, gast.NamedExpr, gast.Return)):
            plain = isinstance(node, gast.Assign) and isinstance(node.targets[0], gast.Name)
            parts = [] if plain and len(node.targets) == 1 else [node.value]
        elif isinstance(node, gast.Call) and not isinstance(static_of(self, node.func)[0], _KNOWN):
            parts = [*node.args, *(k.value for k in node.keywords)]
        for part in parts:
            known = kept.get(getattr(part, "id", ""))
            if known is not None and not (known.longest is None and known.default is None):
                what = f"`{part.id}` is read where it has no name of its own"
                self.refuse(what, "collections", node, "use a list or a dict")


_KNOWN = (type, BuiltinFunctionType, np.ufunc, type(np.sum))  # what reads them as they are


def _one_by_one(self: Lowering, body: list[Any]) -> list[Any]:
    """`a, b = deque(), 0.0` as two assignments."""
    found: list[Any] = []
    for node in body:
        node = copy.copy(node)
        for part in _BLOCKS:
            if isinstance(getattr(node, part, None), list):
                setattr(node, part, _one_by_one(self, getattr(node, part)))
        if isinstance(node, gast.AnnAssign) and _made(self, node.value, True):
            node = gast.copy_location(assign(node.target, node.value), node)
        targets = node.targets if isinstance(node, gast.Assign) else []
        pair = [getattr(p, "elts", []) for p in (*targets, getattr(node, "value", None))]
        apart = len(pair) == 2 and len(pair[0]) == len(pair[1]) > 0
        apart = apart and all(isinstance(t, gast.Name) for t in pair[0])
        apart = apart and any(_made(self, v, True) for v in pair[1])
        if apart and names_in(node.value).isdisjoint(names_in(targets[0])):
            parts = [assign(t, v) for t, v in zip(*pair, strict=True)]
            found += [gast.copy_location(p, node) for p in parts]
        else:
            found.append(node)
    return found


def _grown_set(node: Any) -> str | None:
    """`seen` of `seen.add(v)`."""
    function: Any = node.func if isinstance(node, gast.Call) else None
    adds = isinstance(function, gast.Attribute) and function.attr in ("add", "discard")
    return getattr(function.value, "id", None) if adds else None


def _refuse_order(self: Lowering, nodes: list[Any], sets: set[str]) -> None:
    """Refuses all but questions of what a set holds, and what gives it more."""
    asked: set[int] = set()
    for node in nodes:
        if isinstance(node, gast.Compare) and isinstance(node.ops[-1], (gast.In, gast.NotIn)):
            asked.add(id(node.comparators[-1]))
        elif isinstance(node, (gast.If, gast.While, gast.IfExp)):
            asked.add(id(node.test))
        elif _grown_set(node) is not None:
            asked.add(id(node.func.value))
        elif isinstance(node, gast.Call) and getattr(node.func, "id", "") in ("len", "sorted"):
            asked |= {id(a) for a in node.args}
    for node in nodes:
        read = getattr(node, "id", None) in sets and isinstance(node.ctx, gast.Load)
        if read and id(node) not in asked:
            what = f"the set `{node.id}` changes, and is more than asked what it holds"
            self.refuse(what, "set", node, f"use `sorted({node.id})`, or a list or a dict")


def _binds(node: Any) -> bool:
    return isinstance(node, gast.Name) and isinstance(node.ctx, (gast.Store, gast.Param, gast.Del))


def _text(node: Any) -> str:
    function = getattr(node, "func", None)
    return str(getattr(function, "attr", getattr(function, "id", "a set")))


def _made(self: Lowering, node: Any, changed: bool) -> _Kept | None:
    """What stands for a new `defaultdict`, `deque` or set."""
    if not isinstance(node, gast.Call):
        return _Kept(keys=True) if changed and isinstance(node, gast.Set) else None
    if changed and static_of(self, node.func)[0] is set:
        return _Kept(keys=True)
    found = static_of(self, node.func)[0]
    if found is collections.defaultdict and len(node.args) == 1 and not node.keywords:
        return _Kept(default=_default(self, node.args[0]))
    if found is collections.deque and not any(k.arg != "maxlen" for k in node.keywords):
        given = [k.value for k in node.keywords] + node.args[1:]
        longest = [one for one in given if getattr(one, "value", one) is not None]
        return _Kept(longest=longest[0] if longest else None)
    return None


_NEW = {list: "[]", dict: "{}", float: "0.0", int: "0"}


def _default(self: Lowering, factory: Any) -> Any:
    """What a factory makes."""
    if isinstance(factory, gast.Lambda) and not factory.args.args:
        return factory.body
    found = static_of(self, factory)[0]
    called = gast.Call(func=factory, args=[], keywords=[])
    return quote(_NEW[found]) if found in _NEW else called


# ---------------------------------------------------------------- statements


def _block(self: Lowering, body: list[Any], kept: dict[str, _Kept]) -> list[Any]:
    return [placed for s in body for placed in _statement(self, s, kept)]


def _statement(self: Lowering, node: Any, kept: dict[str, _Kept]) -> list[Any]:
    """The statements that stand for one."""
    before, entered = _entered(node, kept)
    entered |= {id(node.value)} if isinstance(node, gast.Expr) else set()
    found = copy.copy(node)
    for part in node._fields:
        inner = getattr(node, part, None)
        if part in _BLOCKS and isinstance(inner, list):
            setattr(found, part, _block(self, inner, kept))
        elif isinstance(inner, list):
            setattr(found, part, [_rewritten(self, one, kept, entered) for one in inner])
        elif isinstance(inner, gast.AST):
            setattr(found, part, _rewritten(self, inner, kept, entered))
    made = [*before, *_like_a_list(self, found, kept)]
    for one in (n for s in made for n in gast.walk(s)):
        if not hasattr(one, "lineno"):
            gast.copy_location(one, node)
    return made


def _entered(node: Any, kept: dict[str, _Kept]) -> tuple[list[Any], set[int]]:
    """`g.setdefault(k, 0)` in front of `g[k] += v` and of `g[k][i] = v`; what is entered so."""
    targets = [*getattr(node, "targets", ())]
    targets += [node.target] if isinstance(node, gast.AugAssign) else []
    before, entered = [], set()
    for target in targets:
        inner = getattr(target, "value", None)
        whole = target if isinstance(node, gast.AugAssign) else None
        for entry in (whole, inner):
            found = _with_default(entry, kept)
            if found is not None:
                before.append(gast.Expr(value=found))
                entered.add(id(entry))
    return before, entered


def _with_default(node: Any, kept: dict[str, _Kept]) -> Any | None:
    """`g.setdefault(k, 0)` for `g[k]`."""
    known = kept.get(getattr(getattr(node, "value", None), "id", ""))
    if not isinstance(node, gast.Subscript) or known is None or known.default is None:
        return None
    return method_call(node.value, "setdefault", node.slice, copy.deepcopy(known.default))


def _rewritten(self: Lowering, node: Any, kept: dict[str, _Kept], entered: set[int]) -> Any:
    """An expression in which reads of a `defaultdict` make new entries."""

    def change(one: Any) -> Any | None:
        if id(one) in entered or not isinstance(one, (gast.Subscript, gast.Call)):
            return None
        if isinstance(one, gast.Subscript) and isinstance(one.ctx, gast.Load):
            return _with_default(
                replaced(one, slice=_rewritten(self, one.slice, kept, entered)), kept
            )
        known, method = _method(one, kept)
        if known is None:
            return None
        if method == "popleft" and not one.args:
            return method_call(one.func.value, "pop", literal(0))
        if method in _ENDS or (method in _ADDING and known.longest is not None):
            what, advice = (
                f"`deque.{method}` in an expression",
                "write it as a statement of its own",
            )
            self.refuse(what, "collections", one, advice)
        return None

    return rebuild(node, change)


def _method(node: Any, kept: dict[str, _Kept]) -> tuple[_Kept | None, str]:
    """What stands for a `deque`, and which of its methods a call is of."""
    function: Any = getattr(node, "func", None)
    known = kept.get(getattr(getattr(function, "value", None), "id", ""))
    listed = isinstance(function, gast.Attribute) and known is not None and known.default is None
    listed = listed and known is not None and not known.keys
    return (known, function.attr) if listed else (None, "")


def _like_a_list(self: Lowering, node: Any, kept: dict[str, _Kept]) -> list[Any]:
    """A statement that makes one of these, or that changes a `deque` as no list is changed."""
    if isinstance(node, gast.Assign) and len(node.targets) == 1:
        if getattr(node.targets[0], "id", None) in kept:
            node.value = _empty(self, kept[node.targets[0].id], node.value)
            return [node]
    member = _grown_set(getattr(node, "value", None))
    if member in kept and kept[member].keys:
        return [_with_member(node, member)]
    known, method = _method(getattr(node, "value", None), kept)
    if known is None or not isinstance(node, gast.Expr):
        return [node]
    args = node.value.args
    if method in ("append", "appendleft") and len(args) == 1:
        return _grown(node, known, method)
    if method == "rotate":
        return _turned(self, node, *args)
    if method == "extendleft" or (method == "extend" and known.longest is not None):
        item = self.flag("item")
        one = gast.Expr(value=method_call(node.value.func.value, _ONE[method], name(item)))
        loop = gast.For(stored(item), args[0], _grown(one, known, _ONE[method]), [], None)
        return [loop]
    if method == "insert" and known.longest is not None:
        what = "`deque.insert`, which fails where the deque is full"
        self.refuse(what, "collections", node, "use a list")
    return [node]


_ENDS = ("appendleft", "extendleft", "rotate")
_ADDING = ("append", "extend", "insert")
_ONE = {"extend": "append", "extendleft": "appendleft"}


def _turned(self: Lowering, node: gast.Expr, steps: Any = None) -> list[Any]:
    """`d.rotate(k)`: the last item comes to the front, as often as k says."""
    items, place = node.value.func.value, self.flag("start")
    count = call("@builtin:len", items)
    least = call("@builtin:max", count, literal(1))
    start = quote("-k % n", k=steps if steps is not None else literal(1), n=least)
    whole = gast.Subscript(items, gast.Slice(None, None, None), gast.Store())
    parts = quote("xs[i:] + xs[:i]", xs=items, i=name(place))
    return [assign(stored(place), start), assign(whole, parts)]


def _with_member(node: gast.Expr, members: str) -> Any:
    """`seen[v] = True`, or `seen.pop(v, None)`."""
    one = node.value.args[0]
    if node.value.func.attr == "add":
        place = gast.Subscript(value=name(members), slice=one, ctx=gast.Store())
        return gast.Assign(targets=[place], value=literal(True), type_comment=None)
    return gast.Expr(value=method_call(name(members), "pop", one, literal(None)))


def _empty(self: Lowering, known: _Kept, maker: Any) -> Any:
    if isinstance(maker, gast.Name) or _copied(maker) is not None:
        return maker
    if known.keys:
        items = maker.elts if isinstance(maker, gast.Set) else maker.args
        if isinstance(maker, gast.Set) or not items:
            return gast.Dict(keys=list(items), values=[literal(True) for _ in items])
        member = self.flag("member")
        loop = gast.comprehension(target=stored(member), iter=items[0], ifs=[], is_async=0)
        return gast.DictComp(key=name(member), value=literal(True), generators=[loop])
    if known.default is not None:
        return quote("{}")
    if not maker.args:
        return quote("[]")
    items = call("@builtin:list", maker.args[0])
    if known.longest is None or _fits(maker.args[0], known.longest):
        return items
    last = "xs[-n:]" if isinstance(known.longest, gast.Constant) and known.longest.value else _LAST
    return quote(last, xs=items, n=copy.deepcopy(known.longest))


_LAST = "xs[::-1][:n][::-1]"  # none if n is 0


def _fits(items: Any, longest: Any) -> bool:
    """Are there surely no more items: `[0.0] * n` for n?"""
    match items:
        case gast.List(elts=elements) if isinstance(longest, gast.Constant):
            return isinstance(longest.value, int) and len(elements) <= longest.value
        case gast.BinOp(left=gast.List(elts=[_]), op=gast.Mult(), right=times):
            return same(times, longest)
    return False


def _grown(node: gast.Expr, known: _Kept, method: str) -> list[Any]:
    """An item more, at one end, and none too much at the other."""
    items, one = node.value.func.value, node.value.args[0]
    front = method == "appendleft"
    if front:
        node = gast.Expr(value=method_call(items, "insert", literal(0), one))
    if known.longest is None:
        return [node]
    lost = method_call(items, "pop", *([] if front else [literal(0)]))
    full = quote("len(xs) > n", xs=items, n=copy.deepcopy(known.longest))
    return [node, gast.If(test=full, body=[gast.Expr(value=lost)], orelse=[])]
