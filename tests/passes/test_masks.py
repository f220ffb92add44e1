"""A branch of `np.where` that is infinite, or no number, where it is not chosen."""

import numpy as np
import pytest

import tangent

INPUT = np.array([-1.0, 0.0, 4.0])


def root(x):
    return np.where(x > 0, np.sqrt(x), 0)


def named_root(x):
    y = np.sqrt(x)
    return np.where(x > 0, y * 3, 0)


def entropy(x):
    return np.where(x <= 0, 0, x * np.log(x))


def quotient(x):
    return np.where(x != 0, np.sin(x) / x, 1)


def mask_of_rows(x):
    rows = np.array([[False, False, True], [False, False, True]])
    return np.where(rows, 1 / np.sqrt(x), 0)


def mask_that_is_bound_again(x):
    m = x > 0
    y = np.where(m, x * np.log(x), 0)
    m = x > -2
    return np.where(m, y * y, np.log(x))


CASES = [
    (root, [0, 0, 1 / 4]),
    (named_root, [0, 0, 3 / 4]),
    (entropy, [0, 0, np.log(4) + 1]),
    (quotient, [np.sin(1) - np.cos(1), 0, np.cos(4) / 4 - np.sin(4) / 16]),
    (mask_of_rows, [0, 0, -2 / 16]),
    (mask_that_is_bound_again, [0, 0, 8 * np.log(4) * (np.log(4) + 1)]),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("f", "wanted"), CASES, ids=[f.__name__ for f, _ in CASES])
def test_what_is_not_chosen_has_no_derivative(f, wanted):
    df = tangent.grad(lambda x: np.sum(f(x)))
    np.testing.assert_allclose(df(INPUT), wanted, atol=1e-15)
    moved = tangent.jvp(f, (INPUT,), (np.ones(3),))[1]
    np.testing.assert_allclose(np.sum(moved), sum(wanted), rtol=1e-14)
    curved = tangent.hvp(lambda x: np.sum(f(x)))(INPUT, np.array([0.0, 0.0, 1.0]))
    assert np.isfinite(curved[2])


def test_one_mask_is_enough():
    text = tangent.grad(lambda x: np.sum(np.where(x > 0, 3 * np.sqrt(x), 0))).source
    assert "x_bar = np.where(t1, result_bar * 3 * 0.5 / t2, 0)" in text
