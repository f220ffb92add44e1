"""A loop over an enumeration: the position and the item are had again from the index."""

from golden.registry import golden
from programs.registry import normal


@golden(normal((5,)), wrt="coefficients")
def polynomial(coefficients, x=0.5):
    total = 0.0
    for power, c in enumerate(coefficients):
        total += c * x**power
    return total
