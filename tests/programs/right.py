"""A module of helpers.  `left.py` has functions of the same names, which compute other things."""

import numpy as np

OFFSET = 5.0


def scale(x):
    return x * x * OFFSET


def shape(x):
    return np.cos(scale(x) / 9)
