"""`match` as `if` and `elif`.

    match command:                        subject = command
        case ("scale", k):                if isinstance(subject, (list, tuple, range)) and …:
            y = x * k             ->          k = subject[1]
        case _:                               y = x * k
            y = x                         else:
                                              y = x

A pattern is a test of the subject, and what its names stand for: parts of the subject.  A guard is
asked with these parts in place of the names.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

import gast
import numpy as np

from tangent.passes.lowering import Lowering, static_of
from tangent.syntax.trees import (
    assign,
    call,
    copied,
    item,
    literal,
    name,
    quote,
    stored,
    substitute,
)

_SEQUENCE = 1 << 5  # the flag of types that patterns such as `[a, b]` match


@dataclass
class _Pattern:
    """The tests of a pattern, in their order, and (name, part) of what it binds."""

    tests: list[Any] = field(default_factory=list)
    names: list[tuple[str, Any]] = field(default_factory=list)


def unmatched(self: Lowering, body: list[Any]) -> list[Any]:
    """`body` without `match` statements."""
    code: list[Any] = []
    for node in body:
        if isinstance(node, gast.Match):
            code += _cases(self, node)
            continue
        if isinstance(node, (gast.If, gast.For, gast.While, gast.Try)):
            node = copy.copy(node)
            node.body, node.orelse = unmatched(self, node.body), unmatched(self, node.orelse)
        if isinstance(node, gast.Try):
            node.finalbody = unmatched(self, node.finalbody)
            node.handlers = [copy.copy(h) for h in node.handlers]
            for handler in node.handlers:
                handler.body = unmatched(self, handler.body)
        code.append(node)
    return code


def _cases(self: Lowering, node: gast.Match) -> list[Any]:
    subject = self.flag("subject")
    first = gast.Assign(targets=[stored(subject)], value=node.subject, type_comment=None)
    chain: list[Any] = []
    for case in reversed([one for whole in node.cases for one in _apart(whole)]):
        found = _Pattern()
        _pattern(self, case.pattern, name(subject), found)
        self.local.update(n for n, _ in found.names)
        chain = [_at(s, case.pattern) for s in _chosen(self, case, found, chain)]
    return [_at(s, node) for s in (first, *chain)]


def _apart(case: Any) -> list[Any]:
    """`case ("a", v) | ("b", v)` as two cases; with a guard, which is asked once, it stays one."""
    if not isinstance(case.pattern, gast.MatchOr) or case.guard is not None:
        return [case]
    return [
        gast.match_case(pattern, None, list(map(copied, case.body)))
        for pattern in case.pattern.patterns
    ]


def _chosen(self: Lowering, case: Any, found: _Pattern, rest: list[Any]) -> list[Any]:
    """The statements of a case, and of the others where it does not match."""
    bound = [assign(n, part) for n, part in found.names]
    body, tests = unmatched(self, case.body), list(found.tests)
    if case.guard is None:
        return [_if(tests, [*bound, *body], rest)] if tests else [*bound, *body]
    if not tests:
        return [*bound, _if([case.guard], body, rest)]
    if not _read_elsewhere(self, case, found):
        tests.append(substitute(case.guard, dict(found.names)))
        return [_if(tests, [*bound, *body], rest)]
    matched = self.flag("matched")
    no, yes = assign(matched, literal(False)), assign(matched, literal(True))
    asked = _if([case.guard], [yes], [no])
    return [_if(tests, [*bound, asked], [copied(no)]), _if([name(matched)], body, rest)]


def _if(tests: list[Any], body: list[Any], orelse: list[Any]) -> Any:
    test = tests[0] if len(tests) == 1 else gast.BoolOp(op=gast.And(), values=tests)
    return gast.If(test=test, body=body, orelse=orelse)


def _at(statement: Any, place: Any) -> Any:
    for one in gast.walk(statement):
        if not hasattr(one, "lineno") and "lineno" in getattr(one, "_attributes", ()):
            gast.copy_location(one, place)
    return statement


def _read_elsewhere(self: Lowering, case: Any, found: _Pattern) -> bool:
    """Is a name read outside of the case?  A guard that fails leaves it bound."""
    inside = {id(n) for n in gast.walk(case)}
    nodes = (n for n in gast.walk(self.unit.tree) if id(n) not in inside)
    read = {n.id for n in nodes if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load)}
    return any(n in read for n, _ in found.names)


def _pattern(self: Lowering, node: Any, subject: Any, found: _Pattern) -> None:
    handler = _PATTERNS[type(node).__name__]
    handler(self, node, subject, found)


def _value(self: Lowering, node: Any, subject: Any, found: _Pattern) -> None:
    found.tests.append(quote("s == v", s=subject, v=node.value))


def _singleton(self: Lowering, node: Any, subject: Any, found: _Pattern) -> None:
    found.tests.append(quote("s is v", s=subject, v=literal(node.value)))


def _as(self: Lowering, node: Any, subject: Any, found: _Pattern) -> None:
    if node.pattern is not None:
        _pattern(self, node.pattern, subject, found)
    if node.name is not None:
        found.names.append((_text(node.name), subject))


def _text(bound: Any) -> str:
    return str(getattr(bound, "id", bound))


def _or(self: Lowering, node: Any, subject: Any, found: _Pattern) -> None:
    options = []
    for pattern in node.patterns:
        one = _Pattern()
        _pattern(self, pattern, subject, one)
        if one.names:
            self.refuse("`|` between patterns that bind names", "match", pattern, "write two cases")
        if not one.tests:
            return
        options.append(
            one.tests[0] if len(one.tests) == 1 else gast.BoolOp(op=gast.And(), values=one.tests)
        )
    found.tests.append(gast.BoolOp(op=gast.Or(), values=options))


def _sequence(self: Lowering, node: Any, subject: Any, found: _Pattern) -> None:
    kinds: list[Any] = [name(f"@builtin:{k}") for k in ("list", "tuple", "range")]
    if np.ndarray.__flags__ & _SEQUENCE:  # from NumPy 2.5 on
        module = name(self.unit.registry.symbols.imported(np))
        kinds.append(gast.Attribute(value=module, attr="ndarray", ctx=gast.Load()))
    which = gast.Tuple(elts=kinds, ctx=gast.Load())
    found.tests.append(call("@builtin:isinstance", subject, which))
    starred = [i for i, p in enumerate(node.patterns) if type(p).__name__ == "MatchStar"]
    length, count = call("@builtin:len", subject), len(node.patterns) - len(starred)
    test = "n >= k" if starred else "n == k"
    found.tests.append(quote(test, n=length, k=literal(count)))
    for position, pattern in enumerate(node.patterns):
        if position in starred:
            behind = len(node.patterns) - position - 1
            stop = literal(-behind) if behind else None
            rest = item(subject, gast.Slice(literal(position), stop, None))
            if pattern.name is not None:
                listed = call("@builtin:list", rest)
                found.names.append((_text(pattern.name), listed))
            continue
        after = bool(starred) and position > starred[0]
        index = position - len(node.patterns) if after else position
        _pattern(self, pattern, item(subject, literal(index)), found)


def _mapping(self: Lowering, node: Any, subject: Any, found: _Pattern) -> None:
    found.tests.append(call("@builtin:isinstance", subject, name("@builtin:dict")))
    for key in node.keys:
        found.tests.append(quote("k in s", k=key, s=subject))
    for key, pattern in zip(node.keys, node.patterns, strict=True):
        _pattern(self, pattern, item(subject, key), found)
    if node.rest is not None:
        found.names.append((_text(node.rest), _without(self, subject, node.keys)))


def _without(self: Lowering, subject: Any, keys: list[Any]) -> Any:
    """A dict of the entries under other keys."""
    key = self.flag("key")
    other = quote("k not in ks", k=name(key), ks=gast.Tuple(list(keys), gast.Load()))
    loop = gast.comprehension(stored(key), subject, [other], 0)
    return gast.DictComp(name(key), item(subject, name(key)), [loop])


def _class(self: Lowering, node: Any, subject: Any, found: _Pattern) -> None:
    kind, _ = static_of(self, node.cls)
    if not isinstance(kind, type):
        self.refuse("a pattern of an unknown class", "match", node, "name a class from outside")
    found.tests.append(call("@builtin:isinstance", subject, node.cls))
    if node.patterns and kind in _WHOLE:
        _pattern(self, node.patterns[0], subject, found)
        return
    attributes = [*getattr(kind, "__match_args__", ())[: len(node.patterns)], *node.kwd_attrs]
    if len(attributes) != len(node.patterns) + len(node.kwd_patterns):
        self.refuse("a pattern with too many parts", "match", node, "name the attributes")
    for attribute, pattern in zip(attributes, [*node.patterns, *node.kwd_patterns], strict=True):
        part = gast.Attribute(value=subject, attr=attribute, ctx=gast.Load())
        found.tests.append(call("@builtin:hasattr", subject, literal(attribute)))
        _pattern(self, pattern, part, found)


_WHOLE = (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple)

_PATTERNS = {
    "MatchValue": _value,
    "MatchSingleton": _singleton,
    "MatchAs": _as,
    "MatchOr": _or,
    "MatchSequence": _sequence,
    "MatchMapping": _mapping,
    "MatchClass": _class,
}
