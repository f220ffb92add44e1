"""Stores into the argument, with overlapping slices: the caller's array is left alone, the
overwritten part is stored where it is needed, and the adjoint of a store is take, zero, add.
"""

import numpy as np

from golden.registry import golden
from programs.registry import followed_by, normal


@golden(followed_by(normal((6,)), 0.7), wrt="x a")
def scan(x, a):
    x[1:] = a * x[:-1]
    x[0] = x[0] ** 2
    return np.sum(x * x)
