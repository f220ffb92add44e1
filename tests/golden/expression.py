"""A scalar expression: nothing needs storing, so there is no forward sweep, and equal operands
combine: `x * x` contributes `2 * x`, not `x` twice.
"""

import numpy as np

from golden.registry import golden
from programs.registry import floats


@golden(floats(1), wrt="x")
def f(x):
    return x * x * 3 + np.sin(x)
