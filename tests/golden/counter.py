"""A nested function that counts its calls: it gets the number, and gives it back."""

import numpy as np

from golden.registry import golden
from programs.registry import normal


@golden(normal((3,)), wrt="x")
def counter(x):
    calls = 0

    def damped(v):
        nonlocal calls
        calls += 1
        return v / calls

    y = damped(x * x)
    y = np.sin(damped(y))
    return np.sum(y) * calls
