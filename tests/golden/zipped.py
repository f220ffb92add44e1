"""A loop over a zip: pairs are taken by one index, in reverse; nothing is stored."""

from golden.registry import golden
from programs.registry import normal


@golden(normal((5,), (5,)), wrt="a b")
def dot(a, b):
    total = 0.0
    for x, y in zip(a, b, strict=False):
        total = total + x * y
    return total
