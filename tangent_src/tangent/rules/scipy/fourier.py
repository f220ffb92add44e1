"""`scipy.fft`: the transforms of NumPy under SciPy's names, and cosine transforms."""

import numpy as np
from scipy import fft

from tangent.rules.language import LIKE_FIRST, defprogram, linear
from tangent.runtime import scaled_end, scaled_ends

# ------------------------------------------------------------------------------ as in NumPy


@defprogram(fft.fft)
def fft_(x, n=None, axis=-1, norm=None):
    return np.fft.fft(x, n, axis, norm)


@defprogram(fft.ifft)
def ifft(x, n=None, axis=-1, norm=None):
    return np.fft.ifft(x, n, axis, norm)


@defprogram(fft.rfft)
def rfft(x, n=None, axis=-1, norm=None):
    return np.fft.rfft(x, n, axis, norm)


@defprogram(fft.irfft)
def irfft(x, n=None, axis=-1, norm=None):
    return np.fft.irfft(x, n, axis, norm)


@defprogram(fft.hfft)
def hfft(x, n=None, axis=-1, norm=None):
    return np.fft.hfft(x, n, axis, norm)


@defprogram(fft.ihfft)
def ihfft(x, n=None, axis=-1, norm=None):
    return np.fft.ihfft(x, n, axis, norm)


@defprogram(fft.fft2)
def fft2(x, s=None, axes=(-2, -1), norm=None):
    return np.fft.fft2(x, s, axes, norm)


@defprogram(fft.ifft2)
def ifft2(x, s=None, axes=(-2, -1), norm=None):
    return np.fft.ifft2(x, s, axes, norm)


@defprogram(fft.fftn)
def fftn(x, s=None, axes=None, norm=None):
    return np.fft.fftn(x, s, axes, norm)


@defprogram(fft.ifftn)
def ifftn(x, s=None, axes=None, norm=None):
    return np.fft.ifftn(x, s, axes, norm)


@defprogram(fft.rfft2)
def rfft2(x, s=None, axes=(-2, -1), norm=None):
    return np.fft.rfft2(x, s, axes, norm)


@defprogram(fft.irfft2)
def irfft2(x, s=None, axes=(-2, -1), norm=None):
    return np.fft.irfft2(x, s, axes, norm)


@defprogram(fft.rfftn)
def rfftn(x, s=None, axes=None, norm=None):
    return np.fft.rfftn(x, s, axes, norm)


@defprogram(fft.irfftn)
def irfftn(x, s=None, axes=None, norm=None):
    return np.fft.irfftn(x, s, axes, norm)


# ------------------------------------------------------------------------------ cosine transforms
# Each type is a matrix of cosines, which is symmetric or another type's transposed, up to the scale
# of the coefficients at the ends.

# fmt: off

def dct_back(y_bar, x, type=2, *, axis=-1, norm=None):
    y_bar = y_bar / (2 * np.shape(x)[axis] - 2 * (type == 1)) if norm == "forward" else y_bar
    return (
        fft.idct(y_bar, type, axis=axis, norm=norm) if norm == "ortho"
        else fft.dct(scaled_end(y_bar, 2, axis), 3, axis=axis) if type == 2
        else scaled_end(fft.dct(y_bar, 2, axis=axis), 0.5, axis) if type == 3
        else fft.dct(y_bar, 4, axis=axis) if type == 4
        else scaled_ends(fft.dct(scaled_ends(y_bar, 2, axis), 1, axis=axis), 0.5, axis)
    )


def idct_back(y_bar, x, type=2, *, axis=-1, norm=None):
    y_bar = y_bar * (2 * np.shape(x)[axis] - 2 * (type == 1)) if norm == "forward" else y_bar
    return (
        fft.dct(y_bar, type, axis=axis, norm=norm) if norm == "ortho"
        else scaled_end(fft.dct(y_bar, 2, axis=axis), 0.5, axis) / (2 * np.shape(x)[axis])
        if type == 2
        else fft.dct(scaled_end(y_bar, 2, axis), 3, axis=axis) / (2 * np.shape(x)[axis])
        if type == 3
        else fft.idct(y_bar, 4, axis=axis) if type == 4
        else scaled_ends(fft.idct(scaled_ends(y_bar, 2, axis), 1, axis=axis), 0.5, axis)
    )
# fmt: on


linear(fft.dct, transpose=dct_back, shape=LIKE_FIRST)
linear(fft.idct, transpose=idct_back, shape=LIKE_FIRST)
