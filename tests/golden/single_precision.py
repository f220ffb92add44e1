"""Nothing in the text is about dtypes: constants are Python numbers, so float32 stays float32."""

import numpy as np

from golden.registry import golden
from programs.registry import normal


@golden(normal((4,), (4,), dtype=np.float32), wrt="w")
def f(w, x):
    z = 1 / (1 + np.exp(-w * x))
    return np.mean(z * z) * 0.5
