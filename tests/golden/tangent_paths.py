"""Zeros stand only where a value is constant on one path and moves on another."""

import numpy as np

from golden.registry import golden
from programs.registry import normal


@golden(normal((3,), (3,)), wrt="x", form="jvp")
def paths(x, c):
    total = 0.0
    out = np.zeros(3)
    for i in range(3):
        if c[i] > 0:
            y = x[i] * np.exp(x)
        else:
            y = c
        out[i] = np.sum(y)
        total += np.sum(y * y)
    return total + np.sum(out / 2)
