"""Directions in the spaces of values: random ones, steps along them, and inner products."""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime import is_record
from tangent.trees import is_inexact

Tree = Any


def random_like(value: Tree, rng: np.random.Generator) -> Tree:
    """Normal random numbers in the structure of a value; None for what has no derivative."""
    if isinstance(value, dict):
        return {k: random_like(v, rng) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [random_like(v, rng) for v in value]
    if not is_inexact(value):
        return None
    drawn = rng.normal(size=np.shape(value))
    return (
        float(drawn)
        if isinstance(value, float)
        else np.asarray(drawn, dtype=np.asarray(value).dtype)[()]
    )


def moved(value: Tree, direction: Tree, t: float) -> Tree:
    """`value + t direction`, in the structure and dtype of the value."""
    if isinstance(value, dict):
        return {k: moved(v, direction[k], t) for k, v in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(moved(v, d, t) for v, d in zip(value, direction, strict=True)))
    if isinstance(value, (list, tuple)):
        return type(value)(moved(v, d, t) for v, d in zip(value, direction, strict=True))
    if direction is None:
        return value
    if isinstance(value, float):
        return float(value + t * direction)
    shifted = np.asarray(value + t * direction, dtype=np.asarray(value).dtype)
    return shifted if isinstance(value, np.ndarray) else shifted[()]


def inner(a: Tree, b: Tree) -> float:
    """The sum of the products of all entries."""
    if isinstance(a, dict):
        return sum(inner(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return sum(inner(x, y) for x, y in zip(a, b, strict=True))
    if a is None or b is None:
        return 0.0
    return float(np.real(np.sum(np.asarray(a, dtype=np.result_type(a, np.float64)) * b)))


def pairing(bar: Tree, dot: Tree) -> tuple[float, float]:
    """<bar, dot>, and the sum of the magnitudes of its terms.

    Either may be None or 0.0 for zeros of any structure, a dict or list may lack entries, an array
    may still have to be summed over axes along which it was broadcast, and what was used as an
    array may be the list of its rows.
    """
    bar, dot = (vars(v) if is_record(v) else v for v in (bar, dot))
    if isinstance(bar, (list, tuple)) != isinstance(dot, (list, tuple)):
        bar, dot = (list(v) if isinstance(v, np.ndarray) and v.ndim else v for v in (bar, dot))
    if isinstance(bar, dict) and isinstance(dot, dict):
        pairs = [pairing(bar[k], dot[k]) for k in bar.keys() & dot.keys()]
    elif isinstance(bar, (list, tuple)) and isinstance(dot, (list, tuple)):
        pairs = [pairing(b, d) for b, d in zip(bar, dot, strict=False)]
    elif bar is None or dot is None or isinstance(bar, _CONTAINERS) or isinstance(dot, _CONTAINERS):
        return 0.0, 0.0
    else:
        terms = np.real(np.multiply(bar, dot, dtype=np.result_type(bar, dot, np.float64)))
        return float(np.sum(terms)), float(np.sum(np.abs(terms)))
    return sum(p[0] for p in pairs), sum(p[1] for p in pairs)


_CONTAINERS = (dict, list, tuple)


class Unsure(Exception):
    """There is a kink nearby, and differences say nothing."""


def differences(
    function: Any, values: tuple[Any, ...], direction: tuple[Any, ...], instead: Tree = None
) -> Tree:
    """The derivative of `function` at `values` in a direction, by differences of fourth order.

    Where two steps do not agree there is a kink nearby: such numbers are taken from `instead`.
    Raises `Unsure` where there is none.
    """
    coarse = single(values)
    h = 1e-2 if coarse else 1e-4

    def at(t: float) -> Tree:
        return function(*(moved(v, d, t * h) for v, d in zip(values, direction, strict=True)))

    points = [at(t) for t in (-2, -1, -0.5, 0, 0.5, 1, 2)]
    return _slope(points, instead, h, 1e-2 if coarse else 1e-7)


def _slope(points: list[Tree], instead: Tree, h: float, bound: float) -> Tree:
    """The slope through values at -2, -1, -1/2, 0, 1/2, 1 and 2 times h."""
    middle = points[3]
    if isinstance(middle, dict):
        keys = list(middle)
        return {k: _slope([p[k] for p in points], _entry(instead, k), h, bound) for k in keys}
    if isinstance(middle, (list, tuple)):
        columns = enumerate(zip(*points, strict=True))
        return [_slope(list(c), _entry(instead, i), h, bound) for i, c in columns]
    if not is_inexact(middle) or np.size(middle) == 0:
        return instead
    a, b, c, here, d, e, f = (np.asarray(p) for p in points)
    wide, fine = (a - f + 8 * (e - b)) / (12 * h), (b - e + 8 * (d - c)) / (6 * h)
    size = np.abs(wide) + np.abs(fine) + np.max(np.abs(fine)) + 1e-3
    kink = (np.abs(wide - fine) > bound * size) | (np.abs(e - 2 * here + b) / h > 1e-2 * size)
    if np.any(kink):
        if instead is None:
            raise Unsure
        fine = np.where(kink, instead, fine)
    made = np.asarray(fine, here.dtype)
    return made if isinstance(middle, np.ndarray) else type(middle)(made[()])


def _entry(tree: Tree, key: Any) -> Tree:
    return tree if tree is None or isinstance(tree, float) else tree[key]


def distance(a: Tree, b: Tree) -> tuple[float, float]:
    """The largest distance between the entries of two trees, and how large the entries are."""
    if isinstance(a, dict) and isinstance(b, dict):
        pairs = [distance(a[k], b[k]) for k in a.keys() & b.keys()]
    elif isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        pairs = [distance(x, y) for x, y in zip(a, b, strict=False)]
    elif a is None or b is None or np.size(a) == 0 or np.size(b) == 0:
        return 0.0, 0.0
    else:
        gap = float(np.max(np.abs(np.subtract(a, b))))
        return gap, float(max(np.max(np.abs(a)), np.max(np.abs(b))))
    return max((p[0] for p in pairs), default=0.0), max((p[1] for p in pairs), default=0.0)


def single(value: Tree) -> bool:
    """Is a number in a value of less than double precision?"""
    if isinstance(value, dict):
        return any(single(v) for v in value.values())
    if isinstance(value, (list, tuple)):
        return any(single(v) for v in value)
    return getattr(value, "dtype", None) in (np.float32, np.float16)
