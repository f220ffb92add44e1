"""Calls of functions that are known only when the program runs.

    y = layer(x)        y, layer_5 = call_forward(layer, x)
                        x_bar = call_backward(y_bar, layer_5)

Such a call has a callee like any other, of which only the worst is known: the arguments and the
values that the function holds reach the result, the result may be part of any of them or of what
lives outside, and the call has effects.  That it writes into no argument is asked when it runs.

A derivative is differentiated again by what these calls stand for: `call_forward(f, x)` is the call
of one half of `f`, which is a function known at run time as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import gast

import tangent.runtime as runtime
from tangent.analyses.sharing import UNKNOWN
from tangent.passes.lowering import Lowering
from tangent.passes.stars import Spread, refuse_stars
from tangent.passes.templates import named, placed
from tangent.syntax.names import Names
from tangent.syntax.program import Call, Effect, Origin, Program, Value
from tangent.syntax.trees import call, is_literal, literal, names_in, quote

HALVES = {"forward": "call_forward", "backward": "call_backward", "jvp": "call_jvp"}
_CALLS = (runtime.call, runtime.call_forward, runtime.call_backward, runtime.call_jvp)


@dataclass(frozen=True, eq=False)
class Later:
    """The callee of such a call: what is asked of a `Unit` elsewhere."""

    name: str
    count: int  # of its arguments
    words: tuple[str, ...]  # the keywords of the last ones
    origin: Origin

    shares_outside = frozenset({UNKNOWN})
    effects = doubles = True
    checkpointed = library = repeatable = lends = lists = False
    returns = types = inverse = None

    @property
    def all_parameters(self) -> tuple[str, ...]:
        return ("f", *(f"x{i}" for i in range(self.count)))

    @cached_property
    def useful_parameters(self) -> frozenset[str]:
        return frozenset(self.all_parameters)

    @property
    def shared_parameters(self) -> frozenset[str]:
        return self.useful_parameters

    @property
    def escaping(self) -> frozenset[str]:
        return self.useful_parameters

    @cached_property
    def accepted(self) -> set[frozenset[str]]:
        return set()

    @property
    def shown(self) -> dict[Any, frozenset[str]]:
        return {}

    @property
    def stores(self) -> frozenset[str]:
        return frozenset()

    @property
    def changes(self) -> frozenset[str]:
        return frozenset()

    @cached_property
    def program(self) -> Program:
        """A program of its parameters that does something once."""
        names, names_taken = self.all_parameters, Names(set(self.all_parameters))
        body = (Effect(self.origin, gast.Pass(), frozenset()),)
        return Program(self.name, names, body, "f", self.origin, self.origin.line, names_taken)

    def options(self, active: frozenset[str], half: str) -> dict[str, Any]:
        """What its half is given beside the arguments."""
        words: dict[str, Any] = {}
        wrt = tuple(i for i, p in enumerate(self.all_parameters) if p in active)
        if half == "forward" and wrt != tuple(range(1, self.count + 1)):
            words["wrt"] = _tuple(map(literal, wrt))
        if self.words:
            words["words"] = _tuple(map(literal, self.words))
        return words


def _tuple(elements: Any) -> Any:
    return gast.Tuple(elts=list(elements), ctx=gast.Load())


def call_later(
    self: Lowering, node: Any, function: Any, args: list[Any], words: dict[str, Any]
) -> Call:
    """The value of a call of a function that is held by an atom; the arguments are atoms, too."""
    given = [function, *args, *words.values()]
    if any(isinstance(one, Spread) for one in given):
        refuse_stars(self, node)
    text = getattr(node.func, "attr", getattr(node.func, "id", "function"))
    spelled = text if not text.startswith("@") else "function"
    callee = Later(spelled, len(given) - 1, tuple(words), self.here())
    symbol = self.unit.registry.symbols.runtime("call")
    plain = call(symbol, function, *args, **words)
    reads = frozenset(n for one in given for n in names_in(one))
    self.calls += 1
    arguments = dict(zip(callee.all_parameters, given, strict=True))
    return Call(plain, reads, callee, arguments, self.calls, plain)


def written_later(self: Lowering, node: gast.Call, found: Any) -> Value | None:
    """The value of a call in generated code that stands for one of a function known at run time;
    None if it is another one.
    """
    if not any(found is one for one in _CALLS):
        return None
    if found is runtime.call_backward:
        one = quote("record[0](bar, record[1])", bar=node.args[0], record=node.args[1])
        return self.value(placed(one, node))
    f, *args = (a if is_literal(a) else named(self, a, node) for a in node.args)
    words = {k.arg: k.value for k in node.keywords}
    if found is runtime.call:
        return self.value(placed(gast.Call(func=f, args=args, keywords=node.keywords), node))
    symbol = self.unit.registry.symbols.runtime
    spelled = words.pop("words", _tuple([]))
    if found is runtime.call_jvp:
        which = _tuple(map(literal, words))
        half = call(symbol("tangent_of_call"), f, _tuple(args), which, spelled)
        keywords = [gast.keyword(arg=k, value=v) for k, v in words.items()]
        whole = gast.Call(func=half, args=[_callee(self, f), *args], keywords=keywords)
        return self.value(placed(whole, node))
    wrt = words.get("wrt", literal(None))
    asked = call(symbol("halves_of_call"), f, _tuple(args), wrt, spelled)
    halves = named(self, asked, node)
    forward = quote("halves[0]", halves=halves)
    pair = named(self, gast.Call(func=forward, args=[_callee(self, f), *args], keywords=[]), node)
    record = quote("(pair[0], (halves[1], pair[1]))", pair=pair, halves=halves)
    return self.value(placed(record, node))


def moved_value(self: Lowering, node: gast.Call) -> Value:
    """`jvp(f, (x, y), (x_dot, None))`."""
    primals, tangents = (getattr(a, "elts", []) for a in (*node.args[1:3], None, None)[:2])
    if len(node.args) != 3 or node.keywords or not primals or len(primals) != len(tangents):
        advice = "write `jvp(f, (x, y), (x_dot, y_dot))`"
        self.refuse("`jvp` of tuples that are not written out", "option", node, advice)
    moving = {
        f"x{i}_dot": t
        for i, t in enumerate(tangents)
        if not (isinstance(t, gast.Constant) and t.value is None)
    }
    symbol = self.unit.registry.symbols.runtime("call_jvp")
    return self.value(placed(call(symbol, node.args[0], *primals, **moving), node))


def _callee(self: Lowering, f: Any) -> Any:
    return call(self.unit.registry.symbols.runtime("callee_of"), f)
