"""Code of the user's in the backward sweep: it stands there as it was written."""

import numpy as np

from golden.registry import golden
from programs.registry import normal
from tangent import adjoint_of

NORMS = []


@golden(normal((4, 4), (4,), (5, 4)), wrt="W h")
def rnn(W, h, xs):
    for x in xs:
        h = np.tanh(W @ h + x)
        with adjoint_of(h) as h_bar:
            norm = np.linalg.norm(h_bar)
            h_bar *= min(1.0, 1e3 / norm)
            NORMS.append(float(norm))
    return np.sum(h)
