"""`scipy.optimize`: its test function."""

import numpy as np
from scipy import optimize

from tangent.rules.language import defprogram


@defprogram(optimize.rosen)
def rosen(x):
    """Rosenbrock's function."""
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2.0) ** 2.0 + (1 - x[:-1]) ** 2.0, axis=0)
