"""An `if` without `else`: its test reads what the branch changes, so its outcome is saved; on the
way back, the adjoint passes by where the branch was not taken.
"""

import numpy as np

from golden.registry import golden
from programs.registry import exactly


@golden(exactly(2.5), wrt="x")
def f(x):
    y = np.exp(x)
    if y > 1.0:
        y = y * x
    return y
