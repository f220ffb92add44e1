"""`scipy.signal`: convolution of vectors."""

import numpy as np
from scipy import signal

from tangent.rules.language import defprogram


@defprogram(signal.convolve)
def convolve(in1, in2, mode="full", method="auto"):
    """Of vectors; the shorter results are cut from the middle of the full one."""
    full = np.convolve(in1, in2)
    if mode == "full":
        return full
    if mode == "same":
        number = np.size(in1)
    else:
        number = abs(np.size(in1) - np.size(in2)) + 1
    start = (np.size(full) - number) // 2
    return full[start : start + number]
