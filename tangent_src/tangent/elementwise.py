"""The derivative of a function that acts on each element, which may be differentiated again."""

from __future__ import annotations

import functools
import itertools
import linecache
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np

from tangent.api import Derivative, grad, signature_of
from tangent.operator_parts import (
    Operator,
    arguments_of,
    halves_source,
    positions_of,
    refuse_integers,
    tangent_of,
)
from tangent.pullbacks import pullback_at
from tangent.trees import flatten

__all__ = ["elementwise_grad"]

_numbers = itertools.count(1)


class _ElementwiseGrad(Operator):
    """What is read when it is differentiated is the gradient of the sum."""

    def __init__(self, call: Callable[..., Any], f: Any, chosen: tuple[int, ...], wrt: Any) -> None:
        super().__init__(call, f, lambda: halves_source(f, chosen))
        self._wrt = wrt
        self.__signature__ = signature_of(f)

    @functools.cached_property
    def _whole(self) -> Derivative:
        whole: Derivative = grad(_summed(self.primal), wrt=self._wrt)
        return whole

    @property
    def generated(self) -> FunctionType:
        """The generated gradient of the sum."""
        function = self._whole.generated
        assert isinstance(function, FunctionType)
        return function

    @property
    def leading(self) -> tuple[Any, ...]:
        """Its leading arguments."""
        found: Derivative = self._whole
        return found.leading


def elementwise_grad(f: Callable[..., Any], wrt: Any = 0) -> Operator:
    """The derivative of a function that acts on each element: the gradient of its sum.

    For an `f` that mixes elements it is the sum of each column of the Jacobian.  The result of `f`
    may be an array of any shape; the derivative has the shape and dtype of the argument.  It can be
    differentiated again.

        >>> import numpy as np, tangent
        >>> tangent.elementwise_grad(lambda x: x ** 2)(np.array([1.0, 2.0, 3.0]))
        array([2., 4., 6.])
    """
    chosen = positions_of(f, wrt)

    def call(*args: Any, **kwargs: Any) -> Any:
        values = arguments_of(f, args, kwargs)
        refuse_integers(f, values, chosen)
        value, pullback = pullback_at(f, values, chosen)
        vector, unflatten = flatten(value)
        entries = pullback(tangent_of(unflatten(np.ones_like(vector)), value))
        found = tuple(entries[i] for i in chosen)
        return found if isinstance(wrt, tuple) else found[0]

    return _ElementwiseGrad(call, f, chosen, wrt)


def _summed(f: Any) -> FunctionType:
    """`np.sum(f(x))` as a Python function with a text that can be read."""
    names = ", ".join(signature_of(f).parameters)
    text = f"def summed({names}):\n    return np.sum(function({names}))\n"
    filename = f"<sum {next(_numbers)}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    namespace: dict[str, Any] = {"np": np, "function": f, "__name__": __name__}
    exec(compile(text, filename, "exec"), namespace)
    summed = namespace["summed"]
    assert isinstance(summed, FunctionType)
    return summed
