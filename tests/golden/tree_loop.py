"""Parameters in a nested dict, visited by key in a loop: the gradient has the same keys, in the
same order; `x` is stored once per iteration.
"""

import numpy as np

from golden.registry import golden


def draw(rng):
    sizes = {"first": (3, 4), "second": (4, 4), "third": (4, 2)}
    params = {
        key: {"W": rng.normal(size=(m, n)), "b": rng.normal(size=n)}
        for key, (m, n) in sizes.items()
    }
    return params, rng.normal(size=(5, 3)), rng.normal(size=(5, 2))


@golden(draw, wrt="params")
def deep(params, x, y):
    for name in ("first", "second", "third"):
        layer = params[name]
        x = np.tanh(x @ layer["W"] + layer["b"])
    return np.mean((x - y) ** 2)
