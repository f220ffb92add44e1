"""What the operators share: their kind, and tangents of whole values as vectors."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from tangent.api import signature_of
from tangent.arguments import check_differentiable, check_direction, complete, positions
from tangent.errors import InvalidArgument
from tangent.pullbacks import halves_of
from tangent.runtime import like
from tangent.trees import flatten, is_inexact


class Operator:
    """A function made from a function: call it; `.source` is the text that it runs, `.primal` what
    it was made from.
    """

    def __init__(self, call: Callable[..., Any], primal: Any, text: Callable[[], str]) -> None:
        self._call, self._text, self.primal = call, text, primal
        functools.update_wrapper(self, primal, updated=())
        self.__dict__.pop("__wrapped__", None)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(*args, **kwargs)

    @property
    def source(self) -> str:
        """The generated text."""
        return self._text()


def arguments_of(f: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    return complete(signature_of(f), args, kwargs)


def refuse_integers(f: Any, values: tuple[Any, ...], chosen: tuple[int, ...]) -> None:
    """Refuse arguments that are integers, or no numbers at all; inside containers they may be."""
    parameters = tuple(signature_of(f).parameters)
    for position in chosen:
        check_differentiable(values[position], parameters[position])


def with_direction(
    f: Any, wrt: Any, chosen: tuple[int, ...], given: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], Any, tuple[Any, ...]]:
    """All arguments of `f`, the direction `v` that comes behind them, and v as a tuple."""
    if not given:
        raise InvalidArgument(
            "there is no vector to multiply with",
            code="direction",
            help="pass it behind the arguments of the function",
        )
    *args, v = given
    values = arguments_of(f, tuple(args), kwargs)
    if not isinstance(wrt, tuple):
        check_direction(v, values[chosen[0]], "`v`")
        return values, v, (v,)
    if not isinstance(v, (tuple, list)) or len(v) != len(wrt):
        raise InvalidArgument(
            f"`v` is no tuple of {len(wrt)}, as `wrt` is",
            code="direction",
            help="pass one entry for each argument in `wrt`; None where it does not move",
        )
    for index, (one, position) in enumerate(zip(v, chosen, strict=True)):
        check_direction(one, values[position], f"`v[{index}]`")
    return values, tuple(v), tuple(v)


def halves_source(f: Any, chosen: tuple[int, ...], has_aux: bool = False) -> str:
    """The text of both halves of a function."""
    return str(halves_at(f, chosen, has_aux).source)


def halves_at(f: Any, chosen: tuple[int, ...], has_aux: bool = False) -> Any:
    """Both halves of a function, for the arguments at these positions."""
    parameters = tuple(signature_of(f).parameters)
    return halves_of(f, tuple(parameters[i] for i in chosen), has_aux)


def positions_of(f: Any, wrt: Any) -> tuple[int, ...]:
    return positions(wrt, signature_of(f), getattr(f, "__name__", "function"))


def tangent_of(tree: Any, like_: Any) -> Any:
    """A tangent or cotangent: None for what is no floating-point number."""
    if isinstance(like_, dict):
        return {key: tangent_of(tree[key], entry) for key, entry in like_.items()}
    if isinstance(like_, (list, tuple)):
        entries = [tangent_of(t, e) for t, e in zip(tree, like_, strict=True)]
        return entries if isinstance(like_, list) else tuple(entries)
    return tree if is_inexact(like_) else None


def numbers_of(tangent: Any, value: Any) -> Any:
    """The numbers of a tangent of `value` as one vector."""
    return flatten(like(tangent, value))[0]
