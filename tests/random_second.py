"""Second derivatives of a random program: by each mode over each."""

import numpy as np

import checks
import tangent
from derivatives import three_ways

NAMES = "forward over reverse", "reverse over reverse", "reverse over forward"


def compared(function, args, seed):
    """The ways that are refused, with the code of the refusal; those that are not give the same
    <u, H v>.
    """
    wrt = tuple(i for i, a in enumerate(args) if checks.active_leaves(a))
    df = tangent.grad(function, wrt=wrt)
    rng, gradient = np.random.default_rng(seed), df(*args)
    u = checks.random_cotangent(rng, gradient)
    direction = checks.random_direction(rng, args, wrt)
    v = [checks.tangents_along(args, direction)[i] for i in wrt]
    ways = three_ways(function, args, wrt, df)
    found, refused = {}, []
    for name, way, given in zip(NAMES, ways, (v, u, v), strict=True):
        try:
            found[name] = product(name, way(given), u, wrt, direction, len(args))
        except tangent.BrokenInvariant:
            raise
        except tangent.TangentError as error:
            refused.append(f"{name}: {error.code}")
    values = list(found.values())
    scale = max([1e-2, *map(abs, values)])
    same = all(abs(value - values[0]) <= 1e-6 * scale for value in values)
    assert same or not all(map(np.isfinite, values)), str(found)
    return refused


def product(name, made, u, wrt, direction, count):
    """<u, H v>, from H v or from u H."""
    if name == NAMES[0]:
        return checks.inner_product(u, made)
    if name == NAMES[2]:
        return checks.inner_product(u, tuple(made[i] for i in wrt))
    return checks.contraction(made, tuple(range(count)), direction)[0]
