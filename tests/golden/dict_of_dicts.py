"""Nested parameters under written keys: no loop over keys, and entries that the primal does not
read are zeros in the gradient.
"""

import numpy as np

from golden.registry import golden


def draw(rng):
    first, last = ({"w": rng.normal(size=3), "b": 0.5} for _ in range(2))
    return {"in": first, "out": last, "spare": rng.normal(size=2)}, rng.normal(size=3)


@golden(draw, wrt="params")
def f(params, x):
    first, last = params["in"], params["out"]
    h = np.tanh(first["w"] * x + first["b"])
    return np.sum(last["w"] * h)
