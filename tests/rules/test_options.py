"""Options that the engine handles, and options that are differentiated themselves."""

import numpy as np
import pytest

import tangent

X = np.array([[0.3, -1.2, 0.8], [1.1, 0.4, -0.6]])


@pytest.mark.parametrize(
    "reduce",
    [
        lambda x: np.sum(x, dtype=int),
        lambda x: np.sum(x, None, np.int64),
        lambda x: np.cumsum(x, dtype="i8"),
        lambda x: np.prod(x, axis=0, dtype=int),
        lambda x: x.cumprod(dtype=int),
    ],
)
def test_a_result_of_integers_is_a_staircase(reduce):
    value, pullback = tangent.vjp(lambda x: reduce(x) * 1.5, X)
    np.testing.assert_array_equal(pullback(np.ones_like(value))[0], np.zeros_like(X))
    moved = tangent.jvp(lambda x: reduce(x) * 1.5, (X,), (X,))[1]
    np.testing.assert_array_equal(moved, np.zeros_like(value))


@pytest.mark.parametrize(
    "reduce",
    [
        lambda x, y: np.sum(x * x, axis=0, initial=y),
        lambda x, y: np.var(x, axis=1, mean=x[:, :1] * y, keepdims=True),
        lambda x, y: np.std(x, mean=y),
        lambda x, y: np.add.reduce(x, initial=y) ** 2,
        lambda x, y: np.exp(x, dtype=np.float64) * y,
        lambda x, y: np.mean(x * y, 0, np.float64),
    ],
)
def test_options_that_move(reduce):
    tangent.check_grads(reduce, (X, 0.7))


def test_a_conversion_leaves_the_argument_its_precision():
    narrow = X.astype(np.float32)
    value, pullback = tangent.vjp(lambda x: np.sum(x * x, axis=0, dtype=np.float64), narrow)
    assert value.dtype == np.float64
    assert pullback(value)[0].dtype == np.float32
    assert tangent.jvp(lambda x: np.cumsum(x, dtype=np.float64), (narrow,), (narrow,))[1].dtype == (
        np.float64
    )


def test_a_method_of_a_ufunc_is_one_function():
    assert tangent.grad(lambda x: np.multiply.reduce(x))(np.array([2.0, 3.0])).tolist() == [3, 2]
    assert tangent.vjp(np.add.reduce, X)[1](np.ones(3))[0].tolist() == np.ones((2, 3)).tolist()


def test_a_function_of_numpy_is_read():
    """`np.polyval` is Python; where it is not active it stays the call that it is."""
    value = tangent.grad(lambda x: np.polyval([2.0, 0.0, 1.0], x))(3.0)
    assert value == 12.0
    df = tangent.grad(lambda x: x * np.polyval([2.0, 1.0], 3.0))
    assert df(2.0) == 7.0
    assert "np.polyval([2.0, 1.0], 3.0)" in df.source
