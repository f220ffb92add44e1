"""A recursive function: an early return is a branch, and a record holds the record of the call in
it.
"""

from golden.registry import golden
from programs.registry import floats, followed_by


@golden(followed_by(floats(1), 4), wrt="x")
def power(x, n):
    if n == 0:
        return 1.0
    return x * power(x, n - 1)
