"""One name for several values: a value that is needed later gets a name of its own before it is
overwritten, and adjoints are assigned anew, never added to what belongs to another value.
"""

import numpy as np

from golden.registry import golden
from programs.registry import floats


@golden(floats(1), wrt="x")
def f(x):
    y = x * x
    y = y * np.sin(y)
    y = y * y
    return y + x
