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


# ---------------------------------------------------------------- where the mask comes from outside


def root_of(x, scale=1.0):
    return scale * np.sqrt(x)


def deeper(x):
    y = root_of(x, 2.0)
    return y**3


def steps(x):
    y = 0.0
    for k in range(2):
        y = y + k * root_of(x) ** 3
    return y


def in_a_callee(x):
    return np.where(x > 0, root_of(x), x)


def in_a_callee_of_a_callee(x):
    y = deeper(x)
    return np.where(x > 0, x * y, x * x)


def in_a_loop_of_a_callee(x):
    return np.where(x > 0, steps(x), x)


def in_a_loop(x):
    y = 0.0
    for _ in range(2):
        y = y + np.sqrt(x)
    return np.where(x > 0, y, x)


def on_one_branch(x):
    y = np.sqrt(x)
    if x[2] > 0:
        y = y * y * y
    return np.where(x > 0, y, x)


def of_two_adjoints(x):
    y = np.sqrt(x)
    return np.where(x > 0, np.linalg.norm(x) * y / x, y * 0.0 if x[2] < 0 else 0.0)


def not_a_number(x):
    return x * x * np.array([1.0, np.nan, 3.0])


def sum_of_known(x):
    return np.nansum(not_a_number(x))


def spread_of_known(x):
    return np.nanstd(not_a_number(x)) + np.nanvar(not_a_number(x))


def extreme_of_known(x):
    return np.nanmax(not_a_number(x)) + np.nanmedian(not_a_number(x))


def finite(x):
    return np.nan_to_num(np.sqrt(x - 1)) * x


OUTSIDE = [
    (in_a_callee, [1, 1, 1 / 4], [0, 0, -1 / 32]),
    (in_a_callee_of_a_callee, [-2, 0, 160], [2, 2, 60]),
    (in_a_loop_of_a_callee, [1, 1, 3], [0, 0, 3 / 8]),
    (in_a_loop, [1, 1, 1 / 2], [0, 0, -1 / 16]),
    (on_one_branch, [1, 1, 3], [0, 0, 3 / 8]),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("f", "first", "second"), OUTSIDE, ids=[c[0].__name__ for c in OUTSIDE])
def test_a_mask_reaches_callees_and_loops(f, first, second):
    df = tangent.grad(lambda x: np.sum(f(x)))
    np.testing.assert_allclose(df(INPUT), first, atol=1e-15)
    curved = tangent.jvp(df, (INPUT,), (np.ones(3),))[1]
    np.testing.assert_allclose(curved, second, atol=1e-15)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("way", ["by a value", "by its text"])
def test_a_mask_reaches_second_derivatives_in_reverse(way):
    def total(x):
        return np.sum(in_a_callee_of_a_callee(x))

    if way == "by a value":
        curved = tangent.grad(lambda x: np.sum(tangent.grad(total)(x)))(INPUT)
    else:
        df = tangent.grad(lambda x: np.sum(np.where(x > 0, x * deeper(x), x * x)))
        curved = tangent.vjp(df, INPUT)[1](np.ones(3))[0]
    np.testing.assert_allclose(curved, [2, 2, 60])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("f", [sum_of_known, spread_of_known, extreme_of_known, of_two_adjoints])
def test_what_is_left_out_has_no_derivative(f):
    x = np.array([1.0, 0.5, 2.0])
    df = tangent.grad(lambda x: np.sum(f(x)))
    for i, unit in enumerate(np.eye(3)):
        slope = (np.sum(f(x + 1e-6 * unit)) - np.sum(f(x - 1e-6 * unit))) / 2e-6
        np.testing.assert_allclose(df(x)[i], slope, atol=1e-7)
        np.testing.assert_allclose(np.sum(tangent.jvp(f, (x,), (unit,))[1]), slope, atol=1e-7)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_becomes_a_number_is_a_constant():
    df = tangent.grad(lambda x: np.sum(finite(x)))
    np.testing.assert_allclose(df(np.array([0.5, -2.0, 5.0])), [0, 0, 2 + 5 / 4])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_scale_that_is_broadcast_gets_nothing_from_what_is_not_chosen():
    dk = tangent.grad(lambda x, k: np.sum(np.where(x > 0, root_of(k / x), 0)), wrt="k")
    np.testing.assert_allclose(dk(INPUT, 1.0), 1 / 4)
