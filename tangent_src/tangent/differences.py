"""Numerical differentiation, for checking, and for what no program can be read of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tangent.errors import InvalidArgument

__all__ = ["finite_difference"]


def finite_difference(
    f: Callable[[Any], Any],
    x: Any,
    method: str = "central",
    *,
    step: float | None = None,
    samples: int = 10,
    seed: int | np.random.Generator = 0,
) -> Any:
    """An approximation of the derivative of `f` at `x` from values of `f` alone.

    central            (f(x + h e) - f(x - h e)) / 2h for each unit vector e, error O(h^2): 2n calls
    forward            (f(x + h e) - f(x)) / h, error O(h): n + 1 calls
    two_point_random   (f(x + h u) - f(x - h u)) / 2h u for one normal vector u: 2 calls
    multipoint         the mean of (f(x + h u) - f(x)) / h u over `samples` normal vectors u:
                       samples + 1 calls
    complex_step       Im f(x + i h e) / h, without cancellation, exact to rounding: n calls

    The two random ones are estimates without bias (but for O(h)) whose spread grows with n.
    `complex_step` asks that `f` is analytic, and takes complex arguments.

    Arguments: `x` is a number or an array of floats, n of them; `f` returns a number or an array;
    `step` is h, by default near the best for float64 and a function of size 1; `seed` is a number
    or a generator.  Returns an array of shape `np.shape(f(x)) + np.shape(x)`, a float where that
    is ().  Raises `InvalidArgument` for an unknown method.

        >>> import numpy as np, tangent
        >>> tangent.finite_difference(np.sin, 0.0, "complex_step")
        1.0
        >>> tangent.finite_difference(lambda x: np.sum(x * x), np.array([1.0, 2.0])).round(6)
        array([2., 4.])

    Nocedal & Wright, Numerical Optimization, section 8.1; Nesterov & Spokoiny 2017, "Random
    gradient-free minimization of convex functions"; Duchi et al. 2015, "Optimal rates for
    zero-order convex optimization"; Martins et al. 2003, "The complex-step derivative
    approximation".
    """
    if method not in _METHODS:
        raise InvalidArgument(
            f"`method={method!r}` is no method of differences",
            code="method-of-differences",
            help=f"use one of: {', '.join(_METHODS)}",
        )
    if isinstance(x, (dict, list, tuple, str)) or np.asarray(x).dtype.kind not in "biuf":
        raise InvalidArgument(
            f"`x` is a {type(x).__name__}, no real number and no array of them",
            code="argument-kind",
            help="`flatten` makes a vector of a tree of parameters, and the way back",
        )
    point = np.asarray(x, float)
    rng = np.random.default_rng(seed)
    shift = _Shifted(f, x, point)
    result = _METHODS[method](shift, step or _STEPS[method], rng, samples)
    return float(result) if np.ndim(result) == 0 else result


class _Shifted:
    """`f` at `x` plus a change, in the kind of `x`."""

    def __init__(self, f: Callable[[Any], Any], x: Any, point: Any) -> None:
        self.f, self.x, self.point = f, x, point

    def __call__(self, change: Any = 0.0) -> Any:
        there = self.point + change
        return np.asarray(self.f(there if isinstance(self.x, np.ndarray) else there[()].item()))

    def units(self) -> Iterator[Any]:
        for place in np.ndindex(self.point.shape):
            unit = np.zeros_like(self.point)
            unit[place] = 1.0
            yield unit

    def collected(self, columns: list[Any]) -> Any:
        """Derivatives along the unit vectors, as one array."""
        if not columns:
            return np.zeros((*self().shape, *self.point.shape))
        stacked = np.stack(columns, axis=-1)
        return stacked.reshape(stacked.shape[:-1] + self.point.shape)


def _central(f: _Shifted, h: float, rng: Any, samples: int) -> Any:
    return f.collected([(f(h * e) - f(-h * e)) / (2 * h) for e in f.units()])


def _forward(f: _Shifted, h: float, rng: Any, samples: int) -> Any:
    here = f()
    return f.collected([(f(h * e) - here) / h for e in f.units()])


def _two_point_random(f: _Shifted, h: float, rng: Any, samples: int) -> Any:
    u = rng.normal(size=f.point.shape)
    return np.multiply.outer((f(h * u) - f(-h * u)) / (2 * h), u)


def _multipoint(f: _Shifted, h: float, rng: Any, samples: int) -> Any:
    here = f()
    drawn = [rng.normal(size=f.point.shape) for _ in range(samples)]
    return sum(np.multiply.outer((f(h * u) - here) / h, u) for u in drawn) / samples


def _complex_step(f: _Shifted, h: float, rng: Any, samples: int) -> Any:
    return f.collected([np.imag(f(1j * h * e)) / h for e in f.units()])


_METHODS: dict[str, Callable[[_Shifted, float, Any, int], Any]] = {
    "central": _central,
    "forward": _forward,
    "two_point_random": _two_point_random,
    "multipoint": _multipoint,
    "complex_step": _complex_step,
}
_STEPS = {
    "central": 6e-6,
    "forward": 1.5e-8,
    "two_point_random": 6e-6,
    "multipoint": 1.5e-8,
    "complex_step": 1e-30,
}
