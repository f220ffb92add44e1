"""What the library can know of a function: the kinds of entries of the registry."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import gast

from tangent.syntax.trees import is_number

REDUCTION = "reduction"  # shape () where no axis and no keepdims is given
BROADCAST = "broadcast"  # the broadcast of the operands' shapes
LIKE_FIRST = "like first"  # the shape of the first operand
SCALAR = "scalar"  # always ()
UNKNOWN = "unknown"

# Options for which NumPy takes integers, texts and flags only.
# fmt: off
DISCRETE = frozenset({
    "UPLO", "axes", "axis", "axis1", "axis2", "compute_uv", "copy", "deg", "destination",
    "dtype", "endpoint", "full_matrices", "index", "indices", "indices_or_sections", "k",
    "keepdims", "least", "mode", "n", "name", "norm", "num", "offset", "order", "pad_width",
    "repeats", "reps", "s", "shape", "shift", "source", "subscripts", "upper", "where",
})
# fmt: on
PAIRS = frozenset({"c_and_lower", "lu_and_piv"})  # parameters of which SciPy makes no array


@dataclass(frozen=True, eq=False)
class Rule:
    """What is known of one function.

    `entries` maps each differentiable parameter to the expression of its term (for partials:
    without the factor `y_bar`), in the names of the rule; `body` holds the assignments that come
    first.
    """

    function: Any
    name: str
    kind: str  # "partials", "terms", "transpose" or "vjp"
    adjoint: str | None  # the rule's name for the adjoint of the result
    result: str | None  # the rule's name for the result
    signature: inspect.Signature  # the function's own parameters
    body: tuple[gast.AST, ...]
    entries: Mapping[str, gast.AST | None]
    namespace: Mapping[str, Any]  # where the rule's free names live
    call: Callable[
        ..., Any
    ]  # the rule itself, for tests: the transformer reads it, and never calls it
    shape: str = UNKNOWN
    numeric: bool = True  # the result is a number or an array
    deep: bool = False  # a container as the result holds nothing of the operand
    fresh: bool = (
        True  # the result shares no memory with the first operand (with others it never does)
    )
    view: bool = False  # shows the operand, or copies it, as it would any array of that layout
    updates: bool = False  # writes into its first argument, and gives that back, as `+=` does
    cheap: bool = False  # costs about one pass over its operands: may be evaluated twice
    tolerant: bool = False  # accepts an adjoint that is still broadcast, larger than the result
    real: bool = False  # the result is real, also for complex operands
    fields: tuple[str, ...] = ()  # the names by which the result's items can be read
    literal: Mapping[str, Rule] = field(
        default_factory=dict
    )  # used where that argument is a literal, that of "x > 0" where it is positive

    @property
    def elementwise(self) -> bool:
        return self.kind in ("partials", "terms")

    @cached_property
    def converts(self) -> bool:
        """Is `dtype` an option of which the rule says nothing, and leaves it to the engine?"""
        texts = [*self.body, *(e for e in self.entries.values() if e is not None)]
        read = {n.id for t in texts for n in gast.walk(t) if isinstance(n, gast.Name)}
        return "dtype" in self.signature.parameters and "dtype" not in read

    def without_derivative(self, parameter: str) -> bool:
        """Is an option an integer, a text or a flag by nature?  Where a program takes one out of
        a tuple that depends on the input, no derivative is lost.
        """
        own = self.call.__module__.startswith("tangent.rules.")
        return own and parameter in DISCRETE

    def variant(self, arguments: Mapping[str, gast.AST]) -> Rule:
        """The rule for arguments that the program writes as numbers, if there is one."""
        for key, special in self.literal.items():
            parameter, _, bound = key.partition(" > ")
            given = arguments.get(parameter)
            if given is not None and is_number(given) and (not bound or _is_positive(given)):
                return special
        return self


def _is_positive(node: Any) -> bool:
    value = getattr(node, "value", None)
    return isinstance(value, int | float) and value > 0


@dataclass(frozen=True, eq=False)
class Constant:
    """A function without derivative: its result is a constant for differentiation."""

    function: Any
    pure: bool = True  # deterministic and without effects
    fresh: bool = True
    scalar: bool = False  # gives a number, never an array
    array: bool = False  # gives an array, never a container
    cheap: bool = True
    checked: str = ""  # the function of the runtime that is called instead: it refuses some values


@dataclass(frozen=True, eq=False)
class Write:
    """A function that writes into its first argument: `target[region] = value`.

    `region`, `value` and `result` (what the call gives back) are expressions in the parameters of
    the rule: names, literals and calls of functions with a rule.
    """

    function: Any
    name: str
    signature: inspect.Signature
    region: gast.AST
    value: gast.AST
    result: gast.AST
    namespace: Mapping[str, Any]
    call: Callable[..., Any]
    adds: bool = False  # `target[region] += value`, repeated places included
    into: bool = False  # so, and a list or dict that stands there is changed itself
    restores: bool = False  # `value` is what `entry` found there, which may be nothing


@dataclass(frozen=True, eq=False)
class Spelling:
    """A function whose calls are read as `value`, a call of a function with a rule whose arguments
    are parameters, literals and calls of such functions.
    """

    function: Any
    name: str
    signature: inspect.Signature
    value: gast.AST
    namespace: Mapping[str, Any]
    call: Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Gap:
    """A function known to have no rule yet, with the reason."""

    function: Any
    reason: str


@dataclass(frozen=True, eq=False)
class Jvp:
    """The forward rule of a function: `value` is the tangent of its result, `tangents` maps each
    differentiable parameter to the rule's name for its tangent.
    """

    function: Any
    result: str
    signature: inspect.Signature
    tangents: Mapping[str, str]
    body: tuple[gast.AST, ...]
    value: gast.AST
    namespace: Mapping[str, Any]
    call: Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Multilinear:
    """A function that is linear in each of `parameters`, the others held."""

    function: Any
    parameters: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Program:
    """A function whose derivative is that of `text`, a Python function that computes the same.

    `text` is given `first`, functions, in front of the arguments of a call.
    """

    function: Any
    text: Callable[..., Any]
    first: tuple[Any, ...] = ()
    makes: bool = False  # `function` takes the first argument, and makes a function of the others


Entry = Rule | Constant | Write | Spelling | Gap | Program
