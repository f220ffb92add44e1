"""Reversible functions whose inverse cannot stand for what was there."""

import numpy as np

from errors.registry import refused
from tangent import reversible


def printing(x, k):
    print(x)
    return x / k


@reversible(printing)
def seen(x, k):
    return x * k


@refused("UnsupportedSyntax", np.ones(2), 1.5)
def an_inverse_that_prints(x, k):
    for _ in range(3):
        x = seen(x, k)  # error[reversible-inverse]: prints, draws or changes
    return np.sum(x)


def writing(x, k):
    x[0] = k
    return x / k


@reversible(writing)
def written(x, k):
    return x * k


@refused("UnsupportedSyntax", np.ones(2), 1.5)
def an_inverse_that_writes(x, k):
    for _ in range(3):
        x = written(x, k)  # error[reversible-inverse]: writes into what it is given
    return np.sum(x)


def longer(x, k):
    return x / k, k


@reversible(longer)
def single(x, k):
    return x * k


@refused("UnsupportedSyntax", np.ones(2), 1.5)
def an_inverse_that_returns_more(x, k):
    for _ in range(3):
        x = single(x, k)  # error[reversible-inverse]: returns 2 values in the place of 1
    return np.sum(x)
