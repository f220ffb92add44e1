"""`scipy.spatial.distance`: the distances of all pairs of points."""

import numpy as np
from scipy.spatial import distance

from tangent.rules.language import defprogram


@defprogram(distance.cdist)
def cdist(XA, XB, metric="euclidean"):
    return between(np.subtract(XA[:, None, :], XB[None, :, :], dtype=np.float64), metric)


@defprogram(distance.pdist)
def pdist(X, metric="euclidean"):
    i, j = np.triu_indices(np.shape(X)[0], 1)
    return between(np.subtract(X[i], X[j], dtype=np.float64), metric)


def between(steps, metric):
    """The lengths of steps, along the last axis; a step of length 0 has the derivative 0."""
    if metric == "euclidean":
        return np.linalg.norm(steps, axis=-1)
    if metric == "sqeuclidean":
        return np.sum(steps**2, axis=-1)
    if metric == "cityblock":
        return np.sum(np.abs(steps), axis=-1)
    if metric == "chebyshev":
        return np.max(np.abs(steps), axis=-1)
    raise ValueError(f"no derivative for the distance {metric!r}")


defprogram(between)(between)
