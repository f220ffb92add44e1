"""Tuples that are unpacked, and a swap: the adjoints are swapped back."""

from golden.registry import golden
from programs.registry import exactly


@golden(exactly((1.5, 0.4)), wrt="point")
def f(point):
    x, y = point
    for _ in range(3):
        x, y = y * x, x
    return x * y
