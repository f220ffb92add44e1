"""The adjoints of Fourier transforms, in the bilinear convention: transposed, not conjugated."""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.broadcasting import unbroadcast


def resize_like(y_bar: Any, x: Any) -> Any:
    """`y_bar` cut off or filled up with zeros to the shape of `x`; real where `x` is."""
    cut = y_bar[tuple(slice(n) for n in np.shape(x))]
    missing = [(0, n - m) for n, m in zip(np.shape(x), cut.shape, strict=True)]
    return unbroadcast(np.pad(cut, missing) if cut.shape != np.shape(x) else cut, x)


def rfft_adjoint(y_bar: Any, x: Any, n: int | None = None, axis: int = -1, norm: Any = None) -> Any:
    """The adjoint of `x` in `np.fft.rfft(x, n, axis, norm)`: the full transform, its real part."""
    length = np.shape(x)[axis] if n is None else n
    return resize_like(np.fft.fft(y_bar, length, axis, norm), x)


def irfft_adjoint(
    y_bar: Any, x: Any, n: int | None = None, axis: int = -1, norm: Any = None
) -> Any:
    """The adjoint of `x` in `np.fft.irfft(x, n, axis, norm)`.

    Every frequency but the first and, for even lengths, the last stands for two.
    """
    length = np.shape(y_bar)[axis]
    other = {"ortho": "ortho", "forward": "backward"}.get(norm, "forward")
    half = np.moveaxis(np.conj(np.fft.rfft(y_bar, axis=axis, norm=other)), axis, -1)  # type: ignore[arg-type]
    weights = np.full(half.shape[-1], 2, half.real.dtype)
    weights[0] = 1
    if length % 2 == 0:
        weights[-1] = 1
    return resize_like(np.moveaxis(half * weights, -1, axis), x)


def last_axes(axes: Any, s: Any) -> Any:
    """The axes of a transform to the lengths `s`; None for all of them."""
    return list(range(-len(s), 0)) if axes is None and s is not None else axes


def transform_axes(x: Any, s: Any = None, axes: Any = None) -> list[int]:
    """The axes of an n-dimensional transform."""
    chosen = last_axes(axes, s)
    return list(range(-np.ndim(x), 0) if chosen is None else np.atleast_1d(chosen))


def transform_lengths(x: Any, s: Any = None, axes: Any = None) -> list[Any]:
    """The lengths along `transform_axes`."""
    return (
        [np.shape(x)[a] for a in transform_axes(x, s, axes)]
        if s is None
        else list(np.atleast_1d(s))
    )


def other_norm(norm: str | None) -> Any:
    """What scales the transform in the other direction as `norm` scales this one."""
    return {"ortho": "ortho", "forward": "backward"}.get(norm or "backward", "forward")


def scaled_end(x: Any, factor: float, axis: int = -1) -> Any:
    """`x` with its first entry along `axis` times `factor`."""
    rows = np.moveaxis(x, axis, 0)
    return np.moveaxis(np.concatenate([factor * rows[:1], rows[1:]]), 0, axis)


def scaled_ends(x: Any, factor: float, axis: int = -1) -> Any:
    """`x` with its first and its last entry along `axis` times `factor`."""
    rows = np.moveaxis(x, axis, 0)
    return np.moveaxis(np.concatenate([factor * rows[:1], rows[1:-1], factor * rows[-1:]]), 0, axis)
