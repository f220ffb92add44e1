"""A list of the user's own, used as a stack: an append is undone by a pop and a pop by an append,
on the list and on the list of adjoints.
"""

import numpy as np

from golden.registry import golden
from programs.registry import floats


@golden(floats(1), wrt="x")
def f(x):
    stack = [x]
    for i in range(4):
        stack.append(stack[i] * x)
    total = stack.pop() * np.sin(x)
    return total * stack.pop()
