"""Calls of functions that are known only when the program runs.

    y, f_3 = call_forward(f, x)         as `y, f_3 = f_forward(x)` for a known function
    x_bar = call_backward(y_bar, f_3)

Which functions `f` stands for is asked at each call; its halves are written at the first call, and
kept.  A function that the program makes is an object that holds the values it reads, so that their
adjoints have a place: a `Closure`, a `Partial`, or a `Gradient`.

`engine` writes the functions; it is put in by `tangent.calling`, since the runtime imports nothing
of the library.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from types import MethodType
from typing import Any

from tangent.runtime.refusals import Refusal

engine: Any = None


class Closure:
    """A function made by the program: its code, called with the values that it holds as well.

    The code belongs to the class of the object (`closure` makes one for each code), so that what
    the object itself holds are values alone, whatever their names: of the class one asks itself.
    """

    code: Any = None
    parameters: tuple[str, ...] = ()

    def __call__(self, *args: Any, **words: Any) -> Any:
        return type(self).code(*args, **{**held_by(self, len(args)), **words})


def held_by(function: Closure, count: int) -> dict[str, Any]:
    """The values that are passed behind `count` positional arguments."""
    given = type(function).parameters[:count]
    return {k: v for k, v in vars(function).items() if k not in given}


def closure(code: Any, /, **values: Any) -> Any:
    """The function `code` together with values for some of its parameters."""
    kind = vars(code).get("_closure")
    if kind is None:
        names = code.__code__.co_varnames[: code.__code__.co_argcount]
        own = {"code": staticmethod(code), "parameters": names, "__module__": __name__}
        kind = code._closure = type("Closure", (Closure,), own)
    made = object.__new__(kind)
    made.__dict__.update(values)
    return made


class Partial:
    """`functools.partial(function, *args, **words)` as an object that is nothing but these."""

    def __init__(self, function: Any, args: tuple[Any, ...], words: dict[str, Any]) -> None:
        self.function, self.args, self.words = function, args, words

    def __call__(self, *args: Any, **words: Any) -> Any:
        return self.function(*self.args, *args, **{**self.words, **words})


class Gradient:
    """`grad(function, wrt)` (or `value_and_grad`, as `kind` says), which holds the function."""

    def __init__(self, function: Any, kind: str, wrt: Any) -> None:
        self.function, self.kind, self.wrt = function, kind, wrt

    def __call__(self, *args: Any, **words: Any) -> Any:
        return _engine().derivative(self)(*args, **words)


def callee_of(f: Any) -> Any:
    """The function itself; of a bound method or a partial function what it is made of."""
    if isinstance(f, MethodType):
        return Partial(f.__func__, (f.__self__,), {})
    if isinstance(f, functools.partial):
        return Partial(f.func, f.args, dict(f.keywords))
    return f


def method_of(value: Any, word: str) -> Any:
    """The function that the class of `value` has under a name, which is called with it in front."""
    own = getattr(value, "__dict__", {})
    function = inspect.getattr_static(type(value), word, None)
    if word in own or isinstance(function, staticmethod | classmethod | property):
        raise Refusal(
            f"`{word}` of a {type(value).__name__}, whose class was not known in time",
            "attribute",
            "call a method of the class that does it",
        )
    return getattr(type(value), word)


def rebuilt(value: Any, items: Any) -> Any:
    """`type(value)(*items)`, whose class is known once this is called."""
    return type(value)(*items)


def call(f: Any, *args: Any, **words: Any) -> Any:
    """`f(*args, **words)`; refuses a function that writes into its arguments."""
    if engine is not None:
        engine.check(f, args)
    return f(*args, **words)


def call_forward(
    f: Any, *args: Any, wrt: tuple[int, ...] | None = None, words: tuple[str, ...] = ()
) -> tuple[Any, Any]:
    """The value of `f(*args)`, and the record for `call_backward`.

    `wrt` are the positions that get an adjoint; 0 is the function, for the values that it holds,
    and without it all arguments count.  `words` are the keywords of the last arguments.
    """
    forward, backward = halves_of_call(f, args, wrt, words)
    value, record = forward(callee_of(f), *args)
    return value, (backward, record)


def call_backward(value_bar: Any, record: Any) -> Any:
    """The adjoints of the arguments of `call_forward`; a tuple, if there are several."""
    backward, kept = record
    return backward(value_bar, kept)


def call_jvp(f: Any, *args: Any, words: tuple[str, ...] = (), **tangents: Any) -> tuple[Any, Any]:
    """The value of `f(*args)` and its tangent.

    `x0_dot` is the tangent of the first argument, `f_dot` that of the values that `f` holds.
    """
    moved = tangent_of_call(f, args, tuple(tangents), words)
    found: tuple[Any, Any] = moved(callee_of(f), *args, **tangents)
    return found


def halves_of_call(
    f: Any, args: tuple[Any, ...], wrt: tuple[int, ...] | None, words: tuple[str, ...]
) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The halves of `f(*args)`: functions of `f` and the arguments, all by position."""
    places = tuple(range(1, len(args) + 1)) if wrt is None else wrt
    found: tuple[Any, Any] = _engine().halves(f, args, places, words)
    return found


def tangent_of_call(
    f: Any, args: tuple[Any, ...], tangents: tuple[str, ...], words: tuple[str, ...]
) -> Callable[..., Any]:
    """The function that gives `f(*args)` and its tangent, for the tangents of these names."""
    found: Callable[..., Any] = _engine().tangent(f, args, tangents, words)
    return found


def _engine() -> Any:
    if engine is None:
        raise Refusal(
            "a function that is known only at run time is called here",
            "unknown-call",
            "call a function by its name",
        )
    return engine
