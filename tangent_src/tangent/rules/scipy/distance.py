"""`scipy.spatial.distance`: the distances of all pairs of points."""

import numpy as np
from scipy.spatial import distance

from tangent.rules.language import constant, defprogram
from tangent.runtime.refusals import Refusal


@defprogram(distance.cdist)
def cdist(XA, XB, metric="euclidean"):
    refuse_metric(metric)
    return between(np.subtract(XA[:, None, :], XB[None, :, :], dtype=np.float64), metric)


@defprogram(distance.pdist)
def pdist(X, metric="euclidean"):
    refuse_metric(metric)
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
    return np.max(np.abs(steps), axis=-1)


def refuse_metric(metric):
    if metric not in ("euclidean", "sqeuclidean", "cityblock", "chebyshev"):
        what = f"the distance {metric!r} has no derivative here"
        raise Refusal(
            what, "metric", "choose `euclidean`, `sqeuclidean`, `cityblock` or `chebyshev`"
        )


defprogram(between)(between)
constant(refuse_metric, pure=False)
