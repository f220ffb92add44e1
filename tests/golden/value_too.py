"""With the value: the result has a name, and both come back."""

import numpy as np

from golden.registry import golden
from programs.registry import normal


@golden(normal((4,), (3, 4), (3,)), wrt="x", form="value_and_grad")
def residual(x, A, y):
    r = A @ x - y
    return np.sum(r * r) / 2
