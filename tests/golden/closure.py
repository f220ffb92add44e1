"""A value from a closure and a global: names of the generated module, read at each call and never
copied into the text.
"""

import numpy as np

from golden.registry import golden
from programs.registry import normal

SCALE = 0.5


def scaled(factor):
    def f(x):
        return np.sum(np.sin(x * factor)) * SCALE

    return f


f = golden(normal((3,)), wrt="x")(scaled(2.0))
