"""Averages and covariances, as programs."""

import numpy as np

from tangent.rules.language import constant, defprogram
from tangent.runtime import along_axis
from tangent.runtime.refusals import Refusal


@defprogram(np.average)
def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    """The weights are those of the elements, or of the places along `axis`."""
    if weights is None:
        mean = np.mean(a, axis, keepdims=keepdims)
        if returned:
            return mean, np.full_like(mean, np.size(a) / np.size(mean))
        return mean
    w = along_axis(weights, a, axis)
    total = np.sum(w, axis, keepdims=keepdims)
    mean = np.sum(w * a, axis, keepdims=keepdims) / total
    if returned:
        return mean, total + np.zeros_like(mean)
    return mean


@defprogram(np.cov)
def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None):
    """Rows are variables, columns observations."""
    X = np.atleast_2d(m)
    X = X.astype(np.result_type(X, np.float64))
    if not rowvar and np.ndim(m) != 1:
        X = X.T
    if y is not None:
        Y = np.atleast_2d(y)
        if not rowvar and np.shape(Y)[0] != 1:
            Y = Y.T
        X = np.concatenate((X, Y), axis=0)
    if ddof is None:
        ddof = 0 if bias else 1
    if fweights is None and aweights is None:
        D = X - np.mean(X, axis=1, keepdims=True)
        return np.squeeze(D @ np.conj(D.T) / (np.shape(X)[1] - ddof))
    w = np.ones(np.shape(X)[1])
    if fweights is not None:
        w = w * np.array(fweights)
    if aweights is not None:
        w = w * aweights
    total = np.sum(w)
    if ddof == 0:
        fact = total
    elif aweights is None:
        fact = total - ddof
    else:
        fact = total - ddof * np.sum(w * aweights) / total
    D = X - np.sum(X * w, axis=1, keepdims=True) / total
    return np.squeeze(D @ np.conj((D * w).T) / fact)


@defprogram(np.corrcoef)
def corrcoef(x, y=None, rowvar=True):
    """The covariance over the product of the deviations, between -1 and 1."""
    c = np.cov(x, y, rowvar)
    if np.ndim(c) == 0:
        return c / c
    deviation = np.sqrt(np.real(np.diag(c)))
    return np.clip(c / deviation[:, None] / deviation[None, :], -1, 1)


@defprogram(np.histogram)
def histogram(a, bins=10, range=None, density=None, weights=None):
    """The sums of the weights of what lies between edges; the last edge belongs to the last one."""
    refuse_words(bins)
    if np.ndim(bins) > 0:
        edges = np.asarray(bins)
    elif range is None:
        first, last = ends(np.ravel(a))
        edges = evenly(first, last, bins, a)
    else:
        edges = evenly(range[0], range[1], bins, a)
    places = bin_places(np.ravel(a), edges)
    n = np.size(edges) - 1
    if weights is None:
        sums = np.bincount(places, minlength=n + 1)[:n]
    else:
        totals = np.bincount(places, weights=np.ravel(weights), minlength=n + 1)[:n]
        sums = np.asarray(totals, np.result_type(weights))
    if density:
        return sums / np.asarray(np.diff(edges), float) / np.sum(sums), edges
    return sums, edges


def refuse_words(bins):
    if isinstance(bins, str):
        what = f"the number of bins that bins={bins!r} finds"
        raise Refusal(what, "bins", "give it as a number, or the edges")


def ends(a):
    return (np.min(a), np.max(a)) if np.size(a) else (0.0, 1.0)


def evenly(first, last, bins, a):
    """Edges between two numbers, which are moved apart if they are equal."""
    apart = 0.5 if first == last else 0.0
    kind = np.result_type(np.asarray(a), np.float16)
    return np.linspace(first - apart, last + apart, bins + 1, dtype=kind)


def bin_places(a, edges):
    """The number of the bin of each element, one more than there are for what lies outside."""
    n = np.size(edges) - 1
    places = np.searchsorted(edges, a, side="right") - 1
    places = np.where(a == edges[-1], n - 1, places)
    return np.where(places < 0, n, places)


constant(refuse_words, bin_places, pure=False)
