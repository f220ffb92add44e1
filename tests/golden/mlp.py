"""A two-layer network of unknown shapes: reads like a textbook's forward and backward pass, with
one helper where a broadcast has to be undone.
"""

import numpy as np

from golden.registry import golden
from programs.registry import normal


@golden(normal((3, 5), (5,), (5, 2), (2,), (7, 3), (7, 2)), wrt="W1 b1 W2 b2")
def loss(W1, b1, W2, b2, x, y):
    h = np.tanh(x @ W1 + b1)
    p = h @ W2 + b2
    r = p - y
    return np.mean(r**2)
