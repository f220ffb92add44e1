"""A module of helpers.  `right.py` has functions of the same names, which compute other things."""

import numpy as np

OFFSET = 2.0


def scale(x):
    return 3 * x + OFFSET


def shape(x):
    return np.sin(scale(x))
