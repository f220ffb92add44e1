"""The language of rules: what the library knows of one function, written as ordinary functions on
arrays.

A rule is never called by the transformer: its body is *read*, and written into the generated text.
So it can be called and tested by itself, linted, and written by a user who learns nothing new::

    elementwise(np.tanh, lambda y, x: 1 - y * y)                  # the partial dy/dx
    elementwise(np.multiply, lambda z, x, y: (y, x))              # one partial for each operand
    linear(np.positive, transpose=lambda y_bar, x: y_bar)         # the transposed linear map
    constant(np.shape)                                            # no derivative: a constant

    @defvjp(np.linalg.inv)
    def inv(Y_bar, Y, A):
        return -Y.T @ Y_bar @ Y.T

    @defjvp(np.linalg.inv)
    def inv_tangent(A_dot, Y, A):
        return -Y @ A_dot @ Y

Partials and linear maps serve forward mode as they stand: the tangent of an elementwise function
is the sum of its partials times tangents, that of a linear function is the function itself, applied
to tangents.  A rule by `defvjp` needs a `defjvp` beside it, or `multilinear(f, "a", "b")`: the sum
of `f` with each of these arguments in turn replaced by its tangent.

A function may also be known by a program: Python that computes the same, in functions that are
known.  It is differentiated as a function of the user's is, in both modes and to any order::

    @defprogram(np.average)
    def average(a, axis=None, weights=None):
        ...

Conventions

* The parameters of a rule are the adjoint of the result (`y_bar`; not for partials), the result
  (`y`; not for `transpose`), then the function's own parameters with *its* defaults.  An argument
  that a rule does not list is refused when a program passes it.
* One entry is returned for each differentiable input, in order; `None` where the derivative is 0,
  `...` where it is not known: an input that depends on what is differentiated is refused there.
* Free names are NumPy, `math`, builtins and the functions of `tangent.runtime`.
* A rule by `defjvp` takes the tangents of the differentiable inputs first (`A_dot` is that of `A`),
  then the result and the function's own parameters, and returns the tangent of the result.  The
  tangent of an input that does not move is zero: products with it, and linear functions of it, are
  left out of the text.
* Only elementwise results are summed over broadcast axes, and that is the engine's business: no
  rule unbroadcasts, casts or fills with zeros.
* Straight-line: assignments, then one `return`.  `a if option is None else b` folds where the
  option is written in the program as a literal.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Mapping
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any

import gast
import numpy as np

from tangent.errors import RuleError
from tangent.rules.kinds import BROADCAST as BROADCAST
from tangent.rules.kinds import LIKE_FIRST as LIKE_FIRST
from tangent.rules.kinds import REDUCTION as REDUCTION
from tangent.rules.kinds import SCALAR as SCALAR
from tangent.rules.kinds import UNKNOWN as UNKNOWN
from tangent.rules.kinds import Constant as Constant
from tangent.rules.kinds import Entry as Entry
from tangent.rules.kinds import Gap as Gap
from tangent.rules.kinds import Jvp as Jvp
from tangent.rules.kinds import Multilinear as Multilinear
from tangent.rules.kinds import Program as Program
from tangent.rules.kinds import Rule as Rule
from tangent.rules.kinds import Spelling as Spelling
from tangent.rules.kinds import Write as Write
from tangent.rules.reading import check_names, error, name_of, read_jvp, read_rule
from tangent.syntax.source import read

_REGISTRY: dict[int, Entry] = {}
_CLASSES: dict[int, tuple[Any, type]] = {}
_TANGENTS: dict[int, Jvp | Multilinear] = {}
_TEXTS: dict[int, Program] = {}  # functions of libraries that were read
_METHODS: dict[tuple[int, str], Any] = {}  # `np.add.reduce` is another object each time


def canonical(function: Any) -> Any:
    """The same object for each reading of a method, of a ufunc or of a distribution of SciPy:
    `np.add.reduce`, `scipy.stats.norm.pdf`.
    """
    if type(function) in (BuiltinMethodType, MethodType) and has_methods(function.__self__):
        return _METHODS.setdefault((id(function.__self__), function.__name__), function)
    return function


def has_methods(owner: Any) -> bool:
    """Is it an object whose methods are functions with rules?"""
    return isinstance(owner, np.ufunc) or type(owner).__module__.startswith("scipy.stats.")


def lookup(function: object) -> Entry | None:
    """What is known of `function` (by identity), or None."""
    function = canonical(function)
    found = _REGISTRY.get(id(function))
    return found if found is not None and found.function is function else None


def program_for(function: Any) -> Program | None:
    """The program of a function: the one that is given for it, or its own text where NumPy or
    SciPy wrote it in Python.
    """
    found = lookup(function)
    if found is not None:
        return found if isinstance(found, Program) and not found.makes else None
    wrapped = type(function) is type(np.polyval)  # NumPy chooses by the type of the operands
    text = getattr(function, "__wrapped__", None) if wrapped else function
    if not isinstance(text, FunctionType) or not of_library(text):
        return None
    return _TEXTS.setdefault(id(function), Program(function, text))


def maker(function: Any) -> Program | None:
    """The program of what `function` makes of a function, as `np.vectorize` does."""
    found = lookup(function)
    return found if isinstance(found, Program) and found.makes else None


def of_library(function: Any) -> bool:
    return str(getattr(function, "__module__", "")).partition(".")[0] in ("numpy", "scipy")


def forward_rule(function: object) -> Jvp | Multilinear | None:
    """The forward rule that is given for `function` besides its reverse rule, or None."""
    function = canonical(function)
    found = _TANGENTS.get(id(function))
    return found if found is not None and found.function is function else None


def registered() -> tuple[Entry, ...]:
    """Every registered entry, in the order of registration."""
    return tuple(_REGISTRY.values())


def elementwise(
    functions: Any,
    partials: Callable[..., Any] | None = None,
    *,
    terms: Callable[..., Any] | None = None,
    literal: Mapping[str, Callable[..., Any]] | None = None,
    real: bool = False,
) -> None:
    """Register functions that act on each element and broadcast their operands.

    `partials(y, x1, …)` returns the partials; or `terms(y_bar, y, x1, …)` the terms themselves.
    `literal={"x2": partials}` is used where the program writes argument `x2` as a number, that of
    `"x2 > 0"` as a positive one;
    `real` says that the result is real for complex operands, too.
    """
    rule_function = partials if terms is None else terms
    assert rule_function is not None
    kind = "partials" if terms is None else "terms"
    for function in _tuple(functions):
        variants = {
            name: read_rule(
                canonical(function), kind, variant, shape=BROADCAST, cheap=True, real=real
            )
            for name, variant in (literal or {}).items()
        }
        shared: dict[str, Any] = {"shape": BROADCAST, "cheap": True, "real": real}
        rule = read_rule(canonical(function), kind, rule_function, literal=variants, **shared)
        _register(rule)


def linear(
    functions: Any,
    *,
    transpose: Callable[..., Any],
    differentiable: tuple[str, ...] = (),
    shape: str = UNKNOWN,
    fresh: bool = True,
    view: bool = False,
    updates: bool = False,
    cheap: bool = False,
    numeric: bool = True,
    deep: bool = False,
    tolerant: bool = False,
    real: bool = False,
) -> None:
    """Register linear functions by `transpose(y_bar, x, …)`, the transposed map.

    `differentiable` names options in which the function is linear, too; their entries come last.
    `shape` declares the shape of the result, `fresh=False` that it may share memory with the
    operand; `view=True` that it moves elements only, so that the adjoint of a view that is written
    to is the same view of the operand's adjoint.  `updates=True`: a function of two arguments that
    writes into the first one where that is an array, and returns it, as `x += y` does.
    """
    for function in _tuple(functions):
        _register(
            read_rule(
                canonical(function),
                "transpose",
                transpose,
                differentiable,
                shape=shape,
                fresh=fresh and not view,
                view=view,
                updates=updates,
                cheap=cheap or view,
                numeric=numeric,
                deep=deep,
                tolerant=tolerant,
                real=real,
            )
        )


def defvjp(
    *functions: Any,
    differentiable: tuple[str, ...] = (),
    shape: str = UNKNOWN,
    fresh: bool = True,
    cheap: bool = False,
    numeric: bool = True,
    tolerant: bool = False,
    real: bool = False,
    fields: tuple[str, ...] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a reverse rule `rule(y_bar, y, x1, …)`; one entry is returned for each input.

    `differentiable` names further parameters that have an entry; `fields` are the names of the
    items of a result that is a named tuple.
    """

    def register(rule_function: Callable[..., Any]) -> Callable[..., Any]:
        for function in functions:
            _register(
                read_rule(
                    canonical(function),
                    "vjp",
                    rule_function,
                    shape=shape,
                    fresh=fresh,
                    cheap=cheap,
                    numeric=numeric,
                    tolerant=tolerant,
                    real=real,
                    fields=fields,
                    differentiable=differentiable,
                )
            )
        return rule_function

    return register


def defjvp(*functions: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a forward rule `rule(x1_dot, …, y, x1, …)`, beside the reverse rule of a function.

    `x1_dot` is the tangent of the parameter `x1`; the rule returns the tangent of the result.
    """

    def register(rule_function: Callable[..., Any]) -> Callable[..., Any]:
        for function in functions:
            _register_forward(read_jvp(canonical(function), rule_function))
        return rule_function

    return register


def multilinear(functions: Any, *parameters: str) -> None:
    """Declare functions that are linear in each of `parameters` (of their rule), the others held.

    `multilinear(np.dot, "a", "b")`: the tangent is `np.dot(a_dot, b) + np.dot(a, b_dot)`.
    """
    for function in _tuple(functions):
        _register_forward(Multilinear(canonical(function), parameters))


def constant(
    *functions: Any,
    pure: bool = True,
    fresh: bool = True,
    scalar: bool = False,
    array: bool = False,
    cheap: bool = True,
    checked: str = "",
) -> None:
    """Register functions whose result is a constant for differentiation.

    `pure=False` marks results that differ from call to call (random draws) or that have effects:
    such a call runs once; `array` says that it is an array, not a container of arrays; `checked`
    names the function of the runtime that does the same and refuses where it is no constant.
    """
    for function in functions:
        _register(Constant(canonical(function), pure, fresh, scalar, array, cheap, checked))


def store(
    functions: Any,
    write: Callable[..., Any],
    *,
    adds: bool = False,
    into: bool = False,
    restores: bool = False,
) -> None:
    """Register functions that write into their first argument.

    `write(target, …)` returns `(target, region, value)`, read as `target[region] = value`, or also
    what the call gives back: `(target, region, value, result)`.
    """
    for function in _tuple(functions):
        source = read(write)
        own = list(inspect.signature(write).parameters.values())
        last = source.tree.body[-1]
        parts = last.value.elts if isinstance(last.value, gast.Tuple) else []
        if len(parts) not in (3, 4) or getattr(parts[0], "id", None) != own[0].name:
            raise error("a store is `(target, region, value)`", source, last)
        check_names(source, write, {p.name for p in own})
        nothing = gast.Constant(value=None, kind=None)
        result = parts[3] if len(parts) == 4 else nothing
        signature = inspect.Signature(own)
        rule = Write(
            canonical(function),
            name_of(function),
            signature,
            region=parts[1],
            value=parts[2],
            result=result,
            namespace=write.__globals__,
            call=write,
            adds=adds,
            into=into,
            restores=restores,
        )
        _register(rule)


def spelled(function: Any, text: Callable[..., Any]) -> None:
    """Register a function whose calls are read as what `text(x, …)` returns: a call of a function
    with a rule.
    """
    source = read(text)
    own, last = inspect.signature(text), source.tree.body[-1]
    if len(source.tree.body) != 1 or not isinstance(last.value, gast.Call):
        raise error("a function is spelled as one call", source, last)
    check_names(source, text, set(own.parameters))
    _register(Spelling(function, name_of(function), own, last.value, text.__globals__, text))


def no_rule_yet(*functions: Any, reason: str) -> None:
    """Declare functions that have no rule, and why: another error than an unknown function."""
    for function in functions:
        _register(Gap(function, reason))


def defprogram(
    *functions: Any, first: tuple[Any, ...] = (), makes: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a program for functions: Python that computes the same, and is differentiated.

    Options that a call writes as literals are put into its text, and the tests on them decided.
    `first` are functions that it gets in front of the arguments; with `makes` the function itself
    takes the first argument, a function, and makes a function of the others, as `np.vectorize`.
    """

    def register(text: Callable[..., Any]) -> Callable[..., Any]:
        for function in functions:
            _register(Program(canonical(function), text, first, makes))
        if makes:
            _register(Program(text, text))
        return text

    return register


def defclass(*functions: Any) -> Callable[[type], type]:
    """Register a class, whose instances stand for what functions make of their arguments."""

    def register(cls: type) -> type:
        for function in functions:
            _CLASSES[id(function)] = function, cls
        _CLASSES[id(cls)] = cls, cls  # its methods make further instances
        return cls

    return register


def classes() -> tuple[tuple[Any, type], ...]:
    """Every function whose results are known by a class, with that class."""
    return tuple((made, cls) for made, cls in _CLASSES.values() if made is not cls)


def stood_for(cls: type) -> type:
    """The class of NumPy or SciPy for which `cls` stands, or itself."""
    found = [made for made, own in classes() if own is cls and isinstance(made, type)]
    return found[0] if len(found) == 1 else cls


def class_for(function: Any) -> type | None:
    """The class that stands for what a function makes, or None."""
    lookup(function)  # the rules of its module may be there now
    known, cls = _CLASSES.get(id(function), (None, None))
    return cls if known is function else None


def _tuple(functions: Any) -> tuple[Any, ...]:
    return functions if isinstance(functions, tuple) else (functions,)


def _register(entry: Entry) -> None:
    known = lookup(entry.function)
    if known is not None:
        raise RuleError(f"`{name_of(entry.function)}` has two rules", code="two-rules")
    _REGISTRY[id(entry.function)] = entry


def _register_forward(entry: Jvp | Multilinear) -> None:
    name, known = name_of(entry.function), lookup(entry.function)
    if not isinstance(known, Rule):
        raise RuleError(f"`{name}` has no reverse rule to stand beside", code="no-reverse-rule")
    if forward_rule(entry.function) is not None:
        raise RuleError(f"`{name}` has two forward rules", code="two-rules")
    moving = entry.parameters if isinstance(entry, Multilinear) else tuple(entry.tangents)
    lacking = {p for p, e in known.entries.items() if e is not None}.symmetric_difference(moving)
    if lacking:
        message = f"the forward and the reverse rule of `{name}` differ in `{sorted(lacking)[0]}`"
        raise RuleError(message, code="rule", help="give both rules the same inputs")
    _TANGENTS[id(entry.function)] = entry


def _optional(entry: Entry) -> bool:
    """Is it of SciPy, and known only where something has imported that?"""
    own = getattr(entry, "call", None) or getattr(entry, "text", None)
    return str(getattr(own, "__module__", "")).startswith("tangent.rules.scipy.")


def near_matches(text: str) -> list[str]:
    """Names of functions with a rule that look like the last part of `text`."""
    given = [e for e in registered() if not isinstance(e, Gap) and not _optional(e)]
    known = {name_of(e.function) for e in given}
    return difflib.get_close_matches(text.split(".")[-1], sorted(known), n=3)
