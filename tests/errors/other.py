"""What the failing programs call in another module."""

import numpy as np


def shifted(y):
    scale = 2.0
    return y * scale + np.ones(7)  # raises
