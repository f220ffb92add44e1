"""Fourier transforms: symmetric matrices, so each is its own transpose."""

import numpy as np

from tangent.rules.language import LIKE_FIRST, defprogram, linear
from tangent.runtime import (
    irfft_adjoint,
    last_axes,
    other_norm,
    resize_like,
    rfft_adjoint,
    transform_axes,
    transform_lengths,
)

# fmt: off
linear(np.fft.fft,
       transpose=lambda y_bar, a, n=None, axis=-1, norm=None:
           resize_like(np.fft.fft(y_bar, None, axis, norm), a))
linear(np.fft.ifft,
       transpose=lambda y_bar, a, n=None, axis=-1, norm=None:
           resize_like(np.fft.ifft(y_bar, None, axis, norm), a))
linear(np.fft.fft2,
       transpose=lambda y_bar, a, s=None, axes=(-2, -1), norm=None:
           resize_like(np.fft.fft2(y_bar, None, axes, norm), a))
linear(np.fft.ifft2,
       transpose=lambda y_bar, a, s=None, axes=(-2, -1), norm=None:
           resize_like(np.fft.ifft2(y_bar, None, axes, norm), a))
linear(np.fft.fftn,
       transpose=lambda y_bar, a, s=None, axes=None, norm=None:
           resize_like(np.fft.fftn(y_bar, None, last_axes(axes, s), norm), a))
linear(np.fft.ifftn,
       transpose=lambda y_bar, a, s=None, axes=None, norm=None:
           resize_like(np.fft.ifftn(y_bar, None, last_axes(axes, s), norm), a))
linear(np.fft.rfft,
       transpose=lambda y_bar, a, n=None, axis=-1, norm=None: rfft_adjoint(y_bar, a, n, axis, norm))
linear(np.fft.irfft,
       transpose=lambda y_bar, a, n=None, axis=-1, norm=None:
           irfft_adjoint(y_bar, a, n, axis, norm))
linear(np.fft.fftshift,
       transpose=lambda y_bar, x, axes=None: np.fft.ifftshift(y_bar, axes),
       shape=LIKE_FIRST)
linear(np.fft.ifftshift,
       transpose=lambda y_bar, x, axes=None: np.fft.fftshift(y_bar, axes),
       shape=LIKE_FIRST)
# fmt: on

# ------------------------------------------------------------------------------ programs


@defprogram(np.fft.rfftn)
def rfftn(a, s=None, axes=None, norm=None):
    """The real transform along the last axis, then the others."""
    places, lengths = transform_axes(a, s, axes), transform_lengths(a, s, axes)
    a = np.fft.rfft(a, lengths[-1], places[-1], norm)
    for i in range(len(places) - 2, -1, -1):
        a = np.fft.fft(a, lengths[i], places[i], norm)
    return a


@defprogram(np.fft.irfftn)
def irfftn(a, s=None, axes=None, norm=None):
    """The others first, then the real transform along the last axis."""
    places, lengths = transform_axes(a, s, axes), transform_lengths(a, s, axes)
    for i in range(len(places) - 1):
        a = np.fft.ifft(a, lengths[i], places[i], norm)
    last = 2 * (np.shape(a)[places[-1]] - 1) if s is None else lengths[-1]
    return np.fft.irfft(a, last, places[-1], norm)


@defprogram(np.fft.rfft2)
def rfft2(a, s=None, axes=(-2, -1), norm=None):
    return np.fft.rfftn(a, s, axes, norm)


@defprogram(np.fft.irfft2)
def irfft2(a, s=None, axes=(-2, -1), norm=None):
    return np.fft.irfftn(a, s, axes, norm)


@defprogram(np.fft.hfft)
def hfft(a, n=None, axis=-1, norm=None):
    """Of a signal whose transform is real."""
    length = 2 * (np.shape(a)[axis] - 1) if n is None else n
    return np.fft.irfft(np.conj(a), length, axis, other_norm(norm))


@defprogram(np.fft.ihfft)
def ihfft(a, n=None, axis=-1, norm=None):
    """The inverse of `hfft`."""
    length = np.shape(a)[axis] if n is None else n
    return np.conj(np.fft.rfft(a, length, axis, other_norm(norm)))


@defprogram(np.fft.fftfreq)
def fftfreq(n, d=1.0):
    """The frequencies of `np.fft.fft`, for samples at the distance `d`."""
    return np.fft.ifftshift(np.arange(-(n // 2), (n + 1) // 2)) * (1.0 / (n * d))


@defprogram(np.fft.rfftfreq)
def rfftfreq(n, d=1.0):
    """The frequencies of `np.fft.rfft`."""
    return np.arange(n // 2 + 1) * (1.0 / (n * d))
