"""Two callees; one of them calls the other, and a call in an expression is evaluated once."""

import numpy as np

from golden.registry import golden
from programs.registry import normal


def square(x):
    return x * x


def energy(x, weight):
    return np.sum(square(x)) * weight


@golden(normal((3,), ()), wrt="x w")
def f(x, w):
    return energy(x, w) + square(w)
