"""`scipy.fft`: the transforms of NumPy under SciPy's names, and those by cosines and sines."""

import numpy as np
from scipy import fft

from tangent.rules.language import defprogram, linear
from tangent.runtime import (
    other_norm,
    resize_like,
    scaled_end,
    scaled_ends,
    transform_axes,
    transform_lengths,
)

# ------------------------------------------------------------------------------ as in NumPy


@defprogram(fft.fft)
def fft_(x, n=None, axis=-1, norm=None, *, workers=None):
    return np.fft.fft(x, n, axis, norm)


@defprogram(fft.ifft)
def ifft(x, n=None, axis=-1, norm=None, *, workers=None):
    return np.fft.ifft(x, n, axis, norm)


@defprogram(fft.rfft)
def rfft(x, n=None, axis=-1, norm=None, *, workers=None):
    return np.fft.rfft(x, n, axis, norm)


@defprogram(fft.irfft)
def irfft(x, n=None, axis=-1, norm=None, *, workers=None):
    return np.fft.irfft(x, n, axis, norm)


@defprogram(fft.hfft)
def hfft(x, n=None, axis=-1, norm=None, *, workers=None):
    return np.fft.hfft(x, n, axis, norm)


@defprogram(fft.ihfft)
def ihfft(x, n=None, axis=-1, norm=None, *, workers=None):
    return np.fft.ihfft(x, n, axis, norm)


@defprogram(fft.fft2)
def fft2(x, s=None, axes=(-2, -1), norm=None, *, workers=None):
    return np.fft.fft2(x, s, axes, norm)


@defprogram(fft.ifft2)
def ifft2(x, s=None, axes=(-2, -1), norm=None, *, workers=None):
    return np.fft.ifft2(x, s, axes, norm)


@defprogram(fft.fftn)
def fftn(x, s=None, axes=None, norm=None, *, workers=None):
    return np.fft.fftn(x, s, axes, norm)


@defprogram(fft.ifftn)
def ifftn(x, s=None, axes=None, norm=None, *, workers=None):
    return np.fft.ifftn(x, s, axes, norm)


@defprogram(fft.rfft2)
def rfft2(x, s=None, axes=(-2, -1), norm=None, *, workers=None):
    return np.fft.rfft2(x, s, axes, norm)


@defprogram(fft.irfft2)
def irfft2(x, s=None, axes=(-2, -1), norm=None, *, workers=None):
    return np.fft.irfft2(x, s, axes, norm)


@defprogram(fft.rfftn)
def rfftn(x, s=None, axes=None, norm=None, *, workers=None):
    return np.fft.rfftn(x, s, axes, norm)


@defprogram(fft.irfftn)
def irfftn(x, s=None, axes=None, norm=None, *, workers=None):
    return np.fft.irfftn(x, s, axes, norm)


@defprogram(fft.fftshift)
def fftshift(x, axes=None):
    return np.fft.fftshift(x, axes)


@defprogram(fft.ifftshift)
def ifftshift(x, axes=None):
    return np.fft.ifftshift(x, axes)


# ------------------------------------------------------------------------------ cosine transforms
# Each type is a matrix of cosines, which is symmetric or another type's transposed, up to the scale
# of the coefficients at the ends.

# fmt: off

def dct_back(y_bar, x, type=2, n=None, axis=-1, norm=None):
    y_bar = y_bar / (2 * np.shape(y_bar)[axis] - 2 * (type == 1)) if norm == "forward" else y_bar
    return resize_like(
        fft.idct(y_bar, type, axis=axis, norm=norm) if norm == "ortho"
        else fft.dct(scaled_end(y_bar, 2, axis), 3, axis=axis) if type == 2
        else scaled_end(fft.dct(y_bar, 2, axis=axis), 0.5, axis) if type == 3
        else fft.dct(y_bar, 4, axis=axis) if type == 4
        else scaled_ends(fft.dct(scaled_ends(y_bar, 2, axis), 1, axis=axis), 0.5, axis), x)


def idct_back(y_bar, x, type=2, n=None, axis=-1, norm=None):
    length = 2 * np.shape(y_bar)[axis]
    y_bar = y_bar * (length - 2 * (type == 1)) if norm == "forward" else y_bar
    return resize_like(
        fft.dct(y_bar, type, axis=axis, norm=norm) if norm == "ortho"
        else scaled_end(fft.dct(y_bar, 2, axis=axis), 0.5, axis) / length if type == 2
        else fft.dct(scaled_end(y_bar, 2, axis), 3, axis=axis) / length if type == 3
        else fft.idct(y_bar, 4, axis=axis) if type == 4
        else scaled_ends(fft.idct(scaled_ends(y_bar, 2, axis), 1, axis=axis), 0.5, axis), x)
# fmt: on


linear(fft.dct, transpose=dct_back)
linear(fft.idct, transpose=idct_back)


# ------------------------------------------------------------------------------ sine transforms
# Of the types 2 to 4: those by cosines, of samples or coefficients in the other order, and with
# every second sign changed.  Type 1 is a symmetric matrix.


@defprogram(fft.dst)
def dst(x, type=2, n=None, axis=-1, norm=None):
    rows = of_length(np.moveaxis(x, axis, -1), n)
    if type == 1:
        y = sines(rows, norm)
    elif type == 2:
        y = fft.dct(alternating(rows), 2, norm=norm)[..., ::-1]
    else:
        y = alternating(fft.dct(rows[..., ::-1], type, norm=norm))
    return np.moveaxis(y, -1, axis)


@defprogram(fft.idst)
def idst(x, type=2, n=None, axis=-1, norm=None):
    rows = of_length(np.moveaxis(x, axis, -1), n)
    if type == 1:
        y = sines(rows, other_norm(norm))
    elif type == 2:
        y = alternating(fft.idct(rows[..., ::-1], 2, norm=norm))
    else:
        y = fft.idct(alternating(rows), type, norm=norm)[..., ::-1]
    return np.moveaxis(y, -1, axis)


def of_length(rows, n):
    """Rows that are cut off or filled up with zeros, if a length is given."""
    missing = 0 if n is None else n - np.shape(rows)[-1]
    if missing > 0:
        zeros = np.zeros((*np.shape(rows)[:-1], missing), rows.dtype)
        return np.concatenate((rows, zeros), axis=-1)
    return rows[..., :n]


def alternating(rows):
    """With every second sign changed."""
    return rows * (1 - 2 * (np.arange(np.shape(rows)[-1]) % 2)).astype(np.int8)


def sines(rows, norm):
    """The first type, from the Fourier transform of an odd signal."""
    zero = np.zeros_like(rows[..., :1])
    odd = np.concatenate((zero, rows, zero, -rows[..., ::-1]), axis=-1)
    return -np.imag(np.fft.rfft(odd, norm=norm))[..., 1:-1]


# ------------------------------------------------------------------------------ along several axes


def along_axes(one, x, type=2, s=None, axes=None, norm=None):
    """The transform `one` of each axis in turn."""
    for axis, n in zip(transform_axes(x, s, axes), transform_lengths(x, s, axes), strict=True):
        x = one(x, type, n, axis, norm)
    return x


for _several, _one in (
    (fft.dctn, fft.dct),
    (fft.idctn, fft.idct),
    (fft.dstn, fft.dst),
    (fft.idstn, fft.idst),
):
    defprogram(_several, first=(_one,))(along_axes)
