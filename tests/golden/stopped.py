"""What `stop_gradient` returns is a constant: its operand gets no adjoint from it."""

import numpy as np

from golden.registry import golden
from programs.registry import floats
from tangent import stop_gradient


@golden(floats(2), wrt="x")
def f(x, y):
    scale = stop_gradient(np.exp(y))
    return scale * x * x
