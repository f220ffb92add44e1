"""Histograms of points in the plane and in space, which may be given as lists of coordinates."""

import numpy as np

from tangent.rules.language import constant, defprogram
from tangent.rules.numpy.statistics import bin_places, ends


@defprogram(np.histogram2d)
def histogram2d(x, y, bins=10, range=None, density=None, weights=None):
    """One list of edges serves both axes."""
    both = bins if np.ndim(bins) == 0 else for_both(bins)
    sums, edges = np.histogramdd((x, y), both, range, density, weights)
    return sums, edges[0], edges[1]


@defprogram(np.histogramdd)
def histogramdd(sample, bins=10, range=None, density=None, weights=None):
    """As `np.histogram`, in the boxes between the edges along each axis."""
    table = np.asarray(sample).T if as_table(sample) else np.atleast_2d(sample)
    edges = []
    for axis in np.arange(len(table)):
        given, limits = own_option(bins, axis), own_option(range, axis)
        if np.ndim(given) > 0:
            edges.append(np.asarray(given))
        elif limits is None:
            first, last = ends(table[axis])
            apart = 0.5 if first == last else 0.0
            edges.append(np.linspace(first - apart, last + apart, given + 1))
        else:
            edges.append(np.linspace(limits[0], limits[1], given + 1))
    places, shape = box_places(table, edges)
    n = int(np.prod(shape))
    each = np.ones(len(places)) if weights is None else np.ravel(weights)
    sums = np.reshape(np.bincount(places, weights=each, minlength=n + 1)[:n], shape)
    if density:
        whole = np.sum(sums)
        for axis in np.arange(len(table)):
            width = np.diff(edges[axis])
            sums = sums / np.reshape(width, box_sides(len(table), axis))
        sums = sums / whole
    return sums, edges


def for_both(bins):
    return bins if len(bins) == 2 else (bins, bins)


def as_table(sample):
    """Is it an array with a row for each point, rather than a list of coordinates?"""
    return isinstance(sample, np.ndarray) and np.ndim(sample) == 2


def own_option(given, axis):
    """The entry for one axis of an option, which may be one number for all of them."""
    return given if given is None or isinstance(given, int | np.integer) else given[axis]


def box_sides(n, axis):
    return tuple(-1 if i == axis else 1 for i in np.arange(n).tolist())


def box_places(table, edges):
    """The number of the box of each point, one more than there are outside, and the shape."""
    shape = tuple(np.size(e) - 1 for e in edges)
    each = [bin_places(np.asarray(a), np.asarray(e)) for a, e in zip(table, edges, strict=True)]
    inside = np.all([p < n for p, n in zip(each, shape, strict=True)], axis=0)
    kept = [np.where(inside, p, 0) for p in each]
    return np.where(inside, np.ravel_multi_index(kept, shape), np.prod(shape)), shape


constant(box_places, as_table, box_sides, pure=False)
