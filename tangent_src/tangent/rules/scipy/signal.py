"""`scipy.signal`: convolution."""

import numpy as np
from scipy import signal

from tangent.rules.language import defprogram


@defprogram(signal.convolve)
def convolve(in1, in2, mode="full", method="auto"):
    """The shorter results are cut from the middle of the full one."""
    if np.ndim(in1) == 1:
        return middle(np.convolve(in1, in2), in1, in2, mode)
    return signal.fftconvolve(in1, in2, mode)


@defprogram(signal.fftconvolve)
def fftconvolve(in1, in2, mode="full"):
    """The product of the spectra of real arrays that are filled up with zeros."""
    shape = np.add(np.shape(in1), np.shape(in2)) - 1
    axes = tuple(range(np.ndim(in1)))
    spectrum = np.multiply(np.fft.rfftn(in1, shape, axes), np.fft.rfftn(in2, shape, axes))
    return middle(np.fft.irfftn(spectrum, shape, axes), in1, in2, mode)


def middle(full, in1, in2, mode):
    if mode == "full":
        return full
    if mode == "same":
        shape = np.shape(in1)
    else:
        shape = np.abs(np.subtract(np.shape(in1), np.shape(in2))) + 1
    starts = (np.array(np.shape(full)) - shape) // 2
    return full[tuple(map(slice, starts, np.add(starts, shape)))]
