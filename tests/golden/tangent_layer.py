"""Forward mode: each statement is followed by that of its tangent."""

import numpy as np

from golden.registry import golden
from programs.registry import normal


@golden(normal((4,), (3, 4)), wrt="x", form="jvp")
def f(x, A):
    y = np.tanh(A @ x)
    return np.sum(y * y)
