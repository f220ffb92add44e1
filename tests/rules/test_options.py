"""Options that the engine handles, and options that are differentiated themselves."""

import operator

import numpy as np
import pytest
import scipy.special
import scipy.stats

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


def test_options_by_position():
    """What says nothing may be said, and what a rule takes by its word may stand by position."""
    for f, g in (
        (lambda x: np.sum(x, 0, None, None, True), lambda x: np.sum(x, 0, keepdims=True)),
        (lambda x: x.sum(0, None, None, True), lambda x: np.sum(x, 0, keepdims=True)),
        (lambda x: np.var(x, 1, None, None, 1), lambda x: np.var(x, 1, ddof=1)),
        (lambda x: np.add(x, x, None), lambda x: x + x),
        (lambda x: np.take(x, [0, 1], 1, None, "clip"), lambda x: x[:, :2]),
        (lambda x: np.dot(x, x.T, out=None), lambda x: x @ x.T),
    ):
        value, pullback = tangent.vjp(f, X)
        np.testing.assert_array_equal(value, g(X))
        np.testing.assert_array_equal(pullback(value)[0], tangent.vjp(g, X)[1](value)[0])
        np.testing.assert_array_equal(tangent.jvp(f, (X,), (X,))[1], tangent.jvp(g, (X,), (X,))[1])


def test_a_conversion_leaves_the_argument_its_precision():
    narrow = X.astype(np.float32)
    value, pullback = tangent.vjp(lambda x: np.sum(x * x, axis=0, dtype=np.float64), narrow)
    assert value.dtype == np.float64
    assert pullback(value)[0].dtype == np.float32
    assert tangent.jvp(lambda x: np.cumsum(x, dtype=np.float64), (narrow,), (narrow,))[1].dtype == (
        np.float64
    )


def test_a_name_of_a_rule_that_was_zero():
    """The rule of `linspace` adds up under one name; what was zero at first is not zero."""
    assert tangent.jvp(lambda x: np.linspace(0.0, x, 3), (1.0,), (2.0,))[1].tolist() == [0, 1, 2]


def test_a_method_of_a_ufunc_is_one_function():
    assert tangent.grad(lambda x: np.multiply.reduce(x))(np.array([2.0, 3.0])).tolist() == [3, 2]
    assert tangent.vjp(np.add.reduce, X)[1](np.ones(3))[0].tolist() == np.ones((2, 3)).tolist()


def test_functions_of_libraries_are_differentiated_themselves():
    x = np.array([0.3, 0.5, 0.9])
    assert tangent.grad(np.trapezoid)(x).tolist() == [0.5, 1.0, 0.5]
    assert tangent.grad(np.average)(x).tolist() == [1 / 3] * 3
    assert tangent.grad(operator.mul, wrt=(0, 1))(2.0, 3.0) == (3.0, 2.0)
    assert tangent.grad(scipy.special.erf)(0.0) == 2 / np.sqrt(np.pi)
    assert tangent.grad(scipy.stats.norm.logpdf)(0.5) == -0.5


def test_lists_of_indices_are_refused_where_they_are_not_written_out():
    places = [0, 0]
    A = np.arange(9.0).reshape(3, 3)
    assert tangent.jvp(lambda A: np.einsum(A, places), (A,), (np.eye(3),))[1] == 3.0
    assert tangent.grad(lambda A: np.einsum(A, [0, 0]))(A).tolist() == np.eye(3).tolist()
    with pytest.raises(tangent.TangentError, match="lists of indices"):
        tangent.grad(lambda A: np.einsum(A, places))(A)


def test_sets_of_numbers():
    """Of equal elements the first counts; an element that is gone has no derivative."""
    x, y = np.array([1.5, 0.5, 2.5, 0.5]), np.array([0.5, 3.0, 1.5])
    for f, wanted in (
        (lambda x: np.unique(x), [2.0, 1.0, 3.0, 0.0]),
        (lambda x: np.intersect1d(x, y), [2.0, 1.0, 0.0, 0.0]),
        (lambda x: np.setdiff1d(x, y), [0.0, 0.0, 1.0, 0.0]),
        (lambda x: np.trim_zeros(np.where(x > 1, x, 0.0)), [1.0, 0.0, 3.0, 0.0]),
    ):
        value, pullback = tangent.vjp(f, x)
        np.testing.assert_array_equal(value, f(x))
        np.testing.assert_array_equal(pullback(np.arange(1.0, value.size + 1))[0], wanted)


@pytest.mark.parametrize(
    "f",
    [
        lambda x, y: np.exp([x, y]),
        lambda x, y: np.add([x, 1.0], [y, x]),
        lambda x, y: np.linalg.solve([[x, y], [1.0, x]], [1.0, y]),
        lambda x, y: np.einsum("i,i->", [x, y], [y, 1.0]),
        lambda x, y: np.sort([x, y, 0.5]),
        lambda x, y: np.gradient([x, y, x * y]),
        lambda x, y: np.interp(0.3, [0.0, 1.0], [x, y]),
        lambda x, y: np.logaddexp.reduce([x, y]),
    ],
)
def test_lists_of_numbers_are_arrays(f):
    tangent.check_grads(f, (0.3, 2.0), order=1)


def test_lists_of_arrays_stay_lists():
    df = tangent.grad(lambda x: np.sum(np.concatenate([x, x])))
    assert df(np.ones(2)).tolist() == [2, 2]
    assert "np.array" not in df.source


def test_a_mask_is_written_out():
    df = tangent.grad(lambda x, m: np.sum(x * x, where=m))
    assert df(X, X > 0).tolist() == np.where(X > 0, 2 * X, 0).tolist()
    assert " if m is None" not in df.source


SQUARE = np.vectorize(lambda t: t * t)


def test_functions_of_functions():
    assert tangent.grad(lambda x: np.sum(SQUARE(x)))(X).tolist() == (2 * X).tolist()
    tangent.check_grads(lambda x, y: np.vectorize(lambda a, b: a * b * b)(x, y), (X, X[0]))
    tangent.check_grads(lambda x: np.apply_along_axis(lambda row: row * row[0], 1, x), (X,))
    tangent.check_grads(
        lambda x: np.piecewise(x, [x < 0, x > 1], [np.exp, lambda t: t * t, np.sqrt]),
        (X,),
        order=1,
    )
    tangent.check_grads(
        lambda x: np.fromfunction(lambda i, j: x[0] * i + x[1] * j, (2, 3)), (X[0],), order=1
    )


def test_a_function_of_numpy_is_read():
    """`np.polyval` is Python; where it is not active it stays the call that it is."""
    value = tangent.grad(lambda x: np.polyval([2.0, 0.0, 1.0], x))(3.0)
    assert value == 12.0
    df = tangent.grad(lambda x: x * np.polyval([2.0, 1.0], 3.0))
    assert df(2.0) == 7.0
    assert "np.polyval([2.0, 1.0], 3.0)" in df.source
