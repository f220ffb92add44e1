"""Arguments for the tables of domains: numbers that keep away from kinks and from each other."""

import numpy as np

RNG = np.random.default_rng(20240607)


def restart(number):
    """Begins anew, so that a table does not depend on which others are there."""
    RNG.bit_generator.state = np.random.default_rng(number).bit_generator.state


def r(*shape, low=-2.0, high=2.0):
    """Random numbers that differ from each other and from 0 by more than a difference step."""
    n = int(np.prod(shape))
    numbers = (
        np.linspace(low, high, n + 2)[1:-1]
        + 0.013
        + RNG.uniform(-0.2, 0.2, n) * (high - low) / (n + 2)
    )
    return RNG.permutation(numbers).reshape(shape)


def symmetric(n, *batch):
    A = r(*batch, n, n)
    return A + np.swapaxes(A, -1, -2) + np.diag(np.arange(1.0, n + 1) * 3)


def positive(n, *batch):
    A = r(*batch, n, n)
    return A @ np.swapaxes(A, -1, -2) + n * np.eye(n)


def regular(n, *batch):
    return r(*batch, n, n) + 3 * np.eye(n)


def separated(m, n, *batch):
    """Matrices whose singular values are far from each other."""
    return 0.3 * r(*batch, m, n) + np.eye(m, n) * np.arange(1.0, n + 1) * 2


def distinct(n, *batch):
    """Matrices whose eigenvalues are real and far from each other."""
    return 0.1 * r(*batch, n, n) + np.diag(np.arange(1.0, n + 1) * 2)


class Case:
    """Positional arguments and options; which arguments move follows from their types."""

    def __init__(self, *args, **options):
        self.args, self.options = args, options

    def __repr__(self):
        parts = [repr(np.shape(a)) if isinstance(a, np.ndarray) else repr(a) for a in self.args]
        return ", ".join(parts + [f"{k}={v!r}" for k, v in self.options.items()])[:80]


C = Case
