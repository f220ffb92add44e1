"""What users give in place of a plain function: bound methods, and functions known by a rule.

`opened` says which function's source is read, and which arguments it gets in front of the caller's.
Whatever hides a function (a wrapper, a partial, a class) is refused by name: the library does not
look through it in silence.
"""

from __future__ import annotations

import functools
import inspect
import itertools
import linecache
import math
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from tangent.errors import InvalidArgument
from tangent.rules.language import Constant, Program, Rule, canonical, lookup, program_for
from tangent.rules.load import load_optional

_numbers = itertools.count(1)


def opened(function: Any) -> tuple[Any, tuple[Any, ...]]:
    """The Python function, or the derivative, in a callable, and its leading arguments."""
    if _known(function) is None:
        load_optional()
    if _has_rule(function):
        return _written(function), ()
    if isinstance(function, MethodType):
        inner, leading = opened(function.__func__)
        return inner, (function.__self__, *leading)
    if isinstance(_known(function), Constant):
        raise _without_derivative(function)
    if isinstance(function, FunctionType):
        return function, ()
    if hasattr(function, "generated"):  # a derivative
        return function, function.leading
    raise _refused(function)


def readable(function: Any) -> tuple[Any, tuple[Any, ...]]:
    """The Python function that is read for a callable (of a derivative, what was generated for
    it), and its leading arguments.
    """
    inner, leading = opened(function)
    return (inner if isinstance(inner, FunctionType) else inner.generated), leading


def without(signature: inspect.Signature, leading: int) -> inspect.Signature:
    """The parameters but for the leading ones."""
    return signature.replace(parameters=list(signature.parameters.values())[leading:])


def _known(function: Any) -> Any:
    """What the rules know of a callable."""
    try:
        return lookup(function)
    except TypeError:  # not even hashable
        return None


def _has_rule(function: Any) -> bool:
    known = isinstance(_known(function), Rule) or _program(function) is not None
    return known and bool(_operands(function))


def _program(function: Any) -> Program | None:
    """The program of a function; one of a library that is given none is read as it stands."""
    if isinstance(function, FunctionType) and not isinstance(_known(function), Program):
        return None
    try:
        return program_for(function)
    except TypeError:  # not even hashable
        return None


def _operands(function: Any) -> list[str]:
    """The parameters that a function with a rule must be given."""
    rule, program = lookup(function), _program(function)
    if isinstance(rule, Rule):
        parameters = list(rule.signature.parameters.values())
    else:
        assert program is not None
        parameters = list(inspect.signature(program.text).parameters.values())
        parameters = parameters[len(program.first) :]
    return [
        p.name
        for p in parameters
        if p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
    ]


@functools.cache
def _written(function: Any) -> FunctionType:
    """A Python function that calls a function with a rule, with a text that can be read."""
    function = canonical(function)
    name, operands = function.__name__, ", ".join(_operands(function))
    namespace: dict[str, Any] = {"np": np, "math": math, "function": function, "__name__": __name__}
    homes = [h for h in ("np", "math") if getattr(namespace[h], name, None) is function]
    called = f"{homes[0]}.{name}" if homes else "function"
    text = f"def {name}({operands}):\n    return {called}({operands})\n"
    filename = f"<{name} by its rule {next(_numbers)}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    exec(compile(text, filename, "exec"), namespace)
    written = namespace[name]
    assert isinstance(written, FunctionType)
    return written


def _without_derivative(function: Any) -> InvalidArgument:
    name = function.__name__
    return InvalidArgument(
        f"`{name}` is declared to have no derivative",
        code="constant-function",
        help=f"differentiate a function that calls it: `lambda x: x * {name}(x)`",
    )


def _refused(function: Any) -> InvalidArgument:
    name = getattr(function, "__name__", repr(function))
    if isinstance(function, functools.partial):
        name = getattr(function.func, "__name__", repr(function.func))
        what, advice = "hidden in a partial", f"write it out: `lambda x: {name}(…, x)`"
    elif hasattr(function, "__wrapped__"):
        what = f"a {type(function).__name__} around a function, and has no source of its own"
        advice = f"pass `{name}.__wrapped__` if what the wrapper adds is not to be differentiated"
    elif inspect.isclass(function):
        what, advice = "a class", f"wrap it: `lambda x: {name}(x)`"
    elif hasattr(function, "primal"):
        what = "made from a function, and has no text of its own"
        advice = "for second derivatives: `hessian(f)`, `hvp(f)`, `jacobian(grad(f))`"
    elif inspect.isbuiltin(function) or not callable(function):
        what, advice = "no Python function with source", "pass a function written with `def`"
    else:
        what = f"an object of the class {type(function).__name__}"
        advice = "pass its method: `f.__call__`"
    return InvalidArgument(f"`{name}` is {what}", code="no-source", help=advice)
