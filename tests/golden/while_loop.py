"""A `while` loop: the overwritten iterate is stored, and its list counts the iterations."""

from golden.registry import golden
from programs.registry import exactly


@golden(exactly(5.0, 1.5), wrt="c x")
def cube_root(c, x):
    while abs(x * x * x - c) > 1e-9:
        x = x - (x * x * x - c) / (3 * x * x)
    return x
