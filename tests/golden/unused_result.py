"""Values that nothing needs: `a` and the loop are not in the text; an `assert` runs once."""

import numpy as np

from golden.registry import golden
from programs.registry import floats


@golden(floats(1), wrt="x")
def f(x):
    a = np.exp(x)
    b = np.cos(x)
    for _ in range(3):
        a = a * a
    assert b < 2, "a cosine"
    return b * b
