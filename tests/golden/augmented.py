"""Augmented assignments to names: `+=` needs nothing of the old value, `*=` needs it."""

import numpy as np

from golden.registry import golden
from programs.registry import floats


@golden(floats(2), wrt="x y")
def f(x, y):
    s = np.sin(x)
    s += y
    s *= y
    s -= x
    s /= y
    return s
