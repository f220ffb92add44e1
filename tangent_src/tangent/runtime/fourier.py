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
