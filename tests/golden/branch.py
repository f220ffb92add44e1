"""The test of a branch is evaluated again, since its inputs are unchanged; a sum loop stores
nothing, and its reversed loop keeps the primal's shape.
"""

from golden.registry import golden
from programs.registry import followed_by, normal


@golden(followed_by(normal((9,)), 1.1), wrt="r delta")
def huber(r, delta):
    total = 0.0
    for i in range(len(r)):
        if abs(r[i]) < delta:
            total = total + 0.5 * r[i] ** 2
        else:
            total = total + delta * (abs(r[i]) - 0.5 * delta)
    return total
