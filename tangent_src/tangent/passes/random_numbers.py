"""Random numbers whose distribution depends on the input.

    y = rng.normal(mu, sigma)       ->      t1 = rng.normal(mu, sigma)      drawn once
                                            y = t1                          located(…, mu, sigma)

The draw itself is a constant; its second name is a function of the parameters, whose rule reads
nothing but these and the number that was drawn (`runtime.samples`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gast
import numpy as np

import tangent.runtime as runtime
from tangent.passes.inert import captured
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.met_objects import is_met_method
from tangent.passes.objects import GENERATORS
from tangent.passes.units import MISSING
from tangent.passes.unknown_calls import is_stream
from tangent.rules.language import lookup
from tangent.syntax.program import Apply, Plain, Value
from tangent.syntax.trees import call, is_literal, literal, names_in


@dataclass(frozen=True)
class Family:
    """A distribution: its parameters with their defaults (None: there is none), the helper that is
    the function of them, those that must be written as numbers.
    """

    parameters: dict[str, float | None]
    helper: str
    fixed: tuple[str, ...] = ()


_LOCATED = Family({"loc": 0.0, "scale": 1.0}, "located")
FAMILIES = {
    "normal": _LOCATED,
    "laplace": _LOCATED,
    "logistic": _LOCATED,
    "gumbel": _LOCATED,
    "uniform": Family({"low": 0.0, "high": 1.0}, "between"),
    "exponential": Family({"scale": 1.0}, "scaled"),
    "rayleigh": Family({"scale": 1.0}, "scaled"),
    "gamma": Family({"shape": None, "scale": 1.0}, "scaled", ("shape",)),
    "lognormal": Family({"mean": 0.0, "sigma": 1.0}, "log_located"),
    "weibull": Family({"a": None}, "rooted"),
    "power": Family({"a": None}, "rooted"),
    "pareto": Family({"a": None}, "grown"),
}

INTEGERS = ("integers", "randint", "binomial", "poisson", "geometric")  # may be Python's integers
# methods of generators that make the numbers they return, and keep none; `choice` and `shuffle`
# may show what they are given
_DRAWS = frozenset((
    *FAMILIES,
    *("rand", "randn", "random", "random_sample", "standard_normal", "standard_exponential"),
    *("permutation", "beta", *INTEGERS),
    *("dirichlet", "multinomial", "multivariate_normal", "standard_gamma", "standard_t"),
    *("standard_cauchy", "chisquare", "triangular", "vonmises"),
))  # fmt: skip


def is_draw(self: Lowering, node: Any, key: Any, first: list[Any]) -> bool:
    """Is this call of `key`, or of a method of `first`, a draw, so that its numbers are new?"""
    if not isinstance(node, gast.Call) or not isinstance(node.func, gast.Attribute):
        return False
    if node.func.attr not in _DRAWS or any(k.arg in ("out", None) for k in node.keywords):
        return False
    if not first:
        return isinstance(getattr(key, "__self__", None), GENERATORS)
    return is_stream(self, first[0])


def random_number(self: Lowering, node: gast.Call) -> Value | None:
    """The value of a draw whose parameters are not all numbers; None of any other call."""
    family = FAMILIES.get(node.func.attr) if isinstance(node.func, gast.Attribute) else None
    if family is None or any(isinstance(a, gast.Starred) for a in node.args):
        return None
    words = {k.arg: k.value for k in node.keywords}
    given = dict(zip((*family.parameters, "size"), node.args, strict=False)) | words
    own = {p: given[p] for p in family.parameters if p in given}
    if not own.keys() | {"size"} >= given.keys() or all(map(is_literal, own.values())):
        return None
    if not all(is_literal(given[p]) for p in family.fixed if p in given):
        return None
    function = _function(self, node.func)
    if function is None:
        return None
    atoms = {p: self.atom(one) for p, one in given.items()}
    left = [atoms[p] for p in list(given)[: len(node.args)]]
    rest = [gast.keyword(arg=p, value=atoms[p]) for p in list(given)[len(node.args) :]]
    drawn = gast.Call(func=function, args=left, keywords=rest)
    reads = frozenset(names_in(drawn))
    one = self.temporary(Plain(drawn, reads, pure=False, cheap=False))
    arguments = {p: atoms.get(p, literal(d)) for p, d in family.parameters.items()}
    arguments = {p: a for p, a in arguments.items() if p not in family.fixed}
    used = frozenset(n for a in (one, *arguments.values()) for n in names_in(a))
    rule = lookup(getattr(runtime, family.helper))
    return Apply(one, used, rule, {"standard": one, **arguments})


def _function(self: Lowering, node: gast.Attribute) -> Any | None:
    """`rng.normal`, `np.random.normal`; None if it is known to be something else."""
    found, _ = static_of(self, node)
    if found is not MISSING:
        drawn = found == getattr(np.random, node.attr)
        return captured(self, node).expr if drawn else None
    held, reference = static_of(self, node.value)
    if isinstance(held, GENERATORS):
        if reference is not None:
            self.unit.registry.watch(reference, held)
        return gast.Attribute(value=captured(self, node.value).expr, attr=node.attr, ctx=node.ctx)
    base = self.atom(node.value)
    stream = is_stream(self, base)
    if is_met_method(self, base, node.attr):
        return None
    if getattr(base, "id", "@") in self.types and not stream:
        return None
    if not stream:
        base = call(self.unit.registry.symbols.runtime("drawing"), base)
    return gast.Attribute(value=base, attr=node.attr, ctx=gast.Load())
