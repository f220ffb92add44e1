"""Functions of samples along an axis: gradients, convolution, padding, Bessel functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.broadcasting import axes_from_zero, unpack_like

# ---------------------------------------------------------------- gradients


def gradient_axes(axis: Any, ndim: int) -> list[int]:
    """The axes along which `np.gradient(f, axis=axis)` goes."""
    return axes_from_zero(axis, ndim)


def gradient_along(f: Any, h: Any, axis: int, edge_order: int = 1) -> Any:
    """The gradient along one axis, by steps of `h` or between the coordinates `h`.

    Quarteroni, Sacco & Saleri 2007, "Numerical Mathematics", section 10.10.
    """
    v = np.moveaxis(f, axis, -1)
    if np.ndim(h) == 0:
        inner = (v[..., 2:] - v[..., :-2]) / (2.0 * h)
        if edge_order == 1:
            first, last = (v[..., 1:2] - v[..., :1]) / h, (v[..., -1:] - v[..., -2:-1]) / h
        else:
            first = (-1.5 * v[..., :1] + 2.0 * v[..., 1:2] - 0.5 * v[..., 2:3]) / h
            last = (1.5 * v[..., -1:] - 2.0 * v[..., -2:-1] + 0.5 * v[..., -3:-2]) / h
    else:
        steps = np.diff(h)
        p, q = steps[:-1], steps[1:]
        inner = (
            v[..., 2:] * (p / (q * (p + q)))
            + v[..., 1:-1] * ((q - p) / (p * q))
            - v[..., :-2] * (q / (p * (p + q)))
        )
        if edge_order == 1:
            first = (v[..., 1:2] - v[..., :1]) / steps[0]
            last = (v[..., -1:] - v[..., -2:-1]) / steps[-1]
        else:
            p, q = steps[0], steps[1]
            first = (
                v[..., 1:2] * ((p + q) / (p * q))
                - v[..., :1] * ((2.0 * p + q) / (p * (p + q)))
                - v[..., 2:3] * (p / (q * (p + q)))
            )
            p, q = steps[-2], steps[-1]
            last = (
                v[..., -1:] * ((2.0 * q + p) / (q * (p + q)))
                - v[..., -2:-1] * ((p + q) / (p * q))
                + v[..., -3:-2] * (q / (p * (p + q)))
            )
    rows = np.concatenate((first, inner, last), -1).astype(np.result_type(f, np.float16))
    return np.moveaxis(rows, -1, axis)


def only(parts: Any) -> Any:
    """The one part if there is one, else all of them as a tuple."""
    return parts[0] if len(parts) == 1 else tuple(parts)


def only_back(w: Any, parts: Any) -> Any:
    """The transposed map of `only`."""
    return [w] if len(parts) == 1 else list(w)


# ---------------------------------------------------------------- convolution


def convolve_adjoint(y_bar: Any, a: Any, v: Any, mode: str = "full") -> Any:
    """The adjoint of `a` in `y = np.convolve(a, v, mode)`."""
    shorter = min(np.size(a), np.size(v))
    start = {"full": 0, "same": (shorter - 1) // 2, "valid": shorter - 1}[mode]
    whole = np.zeros(np.size(a) + np.size(v) - 1, np.result_type(y_bar))
    whole[start : start + np.size(y_bar)] = y_bar
    full = np.convolve(whole, np.flip(np.ravel(v)))
    return unpack_like(np.reshape(full[np.size(v) - 1 :][: np.size(a)], np.shape(a)), a)


def correlate_whole(y_bar: Any, a: Any, v: Any, mode: str) -> Any:
    """`y_bar` in the place that it has in the full correlation, with zeros around it.

    For "same" NumPy exchanges the operands if the second is longer.
    """
    shorter = min(np.size(a), np.size(v))
    middle = shorter // 2 if np.size(a) < np.size(v) else (shorter - 1) // 2
    start = {"full": 0, "same": middle, "valid": shorter - 1}[mode]
    whole = np.zeros(np.size(a) + np.size(v) - 1, np.result_type(y_bar))
    whole[start : start + np.size(y_bar)] = y_bar
    return whole


def correlate_adjoint_left(y_bar: Any, a: Any, v: Any, mode: str = "valid") -> Any:
    """The adjoint of `a` in `y = np.correlate(a, v, mode)`."""
    full = np.convolve(correlate_whole(y_bar, a, v, mode), np.conj(np.ravel(v)))
    return unpack_like(np.reshape(full[np.size(v) - 1 :][: np.size(a)], np.shape(a)), a)


def correlate_adjoint_right(y_bar: Any, a: Any, v: Any, mode: str = "valid") -> Any:
    """The adjoint of `v` in `y = np.correlate(a, v, mode)`, which conjugates it."""
    full = np.convolve(correlate_whole(y_bar, a, v, mode), np.flip(np.ravel(a)))
    flipped = np.conj(np.flip(full[np.size(a) - 1 :][: np.size(v)]))
    return unpack_like(np.reshape(flipped, np.shape(v)), v)


# ---------------------------------------------------------------- Bessel functions


def bessel_i(x: Any, order: int = 0) -> Any:
    """The modified Bessel function of the first kind, of an integer order, by its power series.

    Abramowitz & Stegun, 9.6.10: all terms have one sign, so that nothing cancels.
    """
    half, n = np.multiply(x, 0.5), abs(order)
    term = half**n
    for k in range(1, n + 1):
        term = term / k
    total, k = term, 0
    while k < 20 or np.any(np.abs(term) > 1e-17 * np.abs(total)):
        k += 1
        term = term * half * half / (k * (k + n))
        total = total + term
    return total


def lagged_products(u: Any, x: Any, like: Any, axis: int = -1) -> Any:
    """The sums of `u[n] x[n - k]` over n along `axis`, and over all other axes, for as many k as
    `like` has elements.
    """
    u, x = np.moveaxis(u, axis, -1), np.moveaxis(x, axis, -1)
    n = np.shape(x)[-1]
    sums = [np.sum(u[..., k:] * x[..., : max(n - k, 0)]) for k in range(np.size(like))]
    return np.stack(sums)
