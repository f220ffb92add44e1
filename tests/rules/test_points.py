"""Single points: ties, kinks, zeros, infinities, literals; the convention for complex numbers."""

import operator

import numpy as np
import pytest

import tangent
import tangent.rules.load
from rules.test_rules import adjoints, evaluated
from tangent.rules.language import forward_rule, lookup

INF = np.inf


def pulled(function, *args, y_bar=None, **options):
    """The adjoints of all inputs of `function`, as its rule gives them; `y_bar` is 1 everywhere."""
    rule = lookup(function)
    y = evaluated(rule, args, options)
    if y_bar is None:
        y_bar = np.ones_like(y, dtype=float)[()]
    found = adjoints(rule, y_bar, y, args, options)
    return [found.get(i) for i in range(len(args))]


def array(*numbers):
    return np.array(numbers, dtype=float)


# ---------------------------------------------------------------- subgradients


@pytest.mark.parametrize(
    ("function", "args", "wanted"),
    [
        (np.maximum, (1.0, 1.0), (0.5, 0.5)),
        (np.minimum, (1.0, 1.0), (0.5, 0.5)),
        (np.maximum, (array(1, 2), array(1, 1)), (array(0.5, 1), array(0.5, 0))),
        (max, (1.0, 1.0), (0.5, 0.5)),
        (max, ([1.0, 2.0, 2.0],), ([0.0, 0.5, 0.5],)),
        (np.max, (array(1, 3, 3),), (array(0, 0.5, 0.5),)),
        (np.min, (array(1, 1, 1, 3),), (array(1, 1, 1, 0) / 3,)),
        (np.abs, (array(-2, 0, 3),), (array(-1, 0, 1),)),
        (np.fabs, (0.0,), (0.0,)),
        (np.sort, (array(2, 2, 1),), (array(1, 1, 1),)),
        (np.linalg.norm, (np.zeros(3),), (np.zeros(3),)),
        (np.std, (array(1, 1, 1),), (np.zeros(3),)),
        (np.hypot, (0.0, 0.0), (0.0, 0.0)),
        (np.arctan2, (0.0, 0.0), (0.0, 0.0)),
        (np.sinc, (array(0, 0.0),), (array(0, 0),)),
        (np.power, (array(0, 2), 0.0), (array(0, 0), array(0, np.log(2)).sum())),
        (operator.pow, (0.0, 2.0), (0.0, 0.0)),
        (operator.pow, (0.0, 1.0), (1.0, 0.0)),
        (np.power, (array(0, 0), array(2, 1)), (array(0, 1), array(0, 0))),
        (np.prod, (array(3, 0, 2),), (array(0, 6, 0),)),
        (np.prod, (array(0, 0, 2),), (array(0, 0, 0),)),
        (np.logaddexp, (INF, 1.0), (1.0, 0.0)),
        (np.logaddexp, (-INF, -INF), (0.5, 0.5)),
        (np.logaddexp, (-INF, 1.0), (0.0, 1.0)),
        (np.logaddexp, (800.0, -800.0), (1.0, 0.0)),
        (np.clip, (array(-1, 0, 0.5, 1, 2), 0.0, 1.0), (array(0, 0, 1, 0, 0), 2.0, 2.0)),
        (np.nan_to_num, (array(np.nan, 1, INF),), (array(0, 1, 0),)),
        (np.where, (True, 1.0, 2.0), (None, 1.0, 0.0)),
        (np.array, ([1.0, 2], int), ([0.0, 0.0], None)),
    ],
)
def test_subgradient(function, args, wanted):
    found = pulled(function, *args)
    for have, want in zip(found, wanted, strict=False):
        np.testing.assert_allclose(have, want, atol=1e-15) if want is not None else None


def test_rows_of_a_norm_are_independent():
    A = np.array([[3.0, 4.0], [0.0, 0.0]])
    found = pulled(np.linalg.norm, A, axis=1, y_bar=np.ones(2))[0]
    np.testing.assert_allclose(found, [[0.6, 0.8], [0.0, 0.0]])


def test_extremes_share_in_each_row():
    A = np.array([[1.0, 1.0, 0.0], [2.0, 0.0, 1.0]])
    found = pulled(np.max, A, axis=1, y_bar=array(1, 10))[0]
    np.testing.assert_allclose(found, [[0.5, 0.5, 0.0], [10.0, 0.0, 0.0]])


def test_equal_eigenvalues():
    """The trace of a function of the matrix is smooth where eigenvalues meet."""
    found = pulled(np.linalg.eigh, 2 * np.eye(2), y_bar=(array(1, 1), np.zeros((2, 2))))[0]
    np.testing.assert_allclose(found, np.eye(2), atol=1e-15)


def test_vectors_of_equal_eigenvalues_are_refused():
    """A factor of 0 in place of an infinite one would be finite, and wrong."""
    for function, A in ((np.linalg.eigh, 2 * np.eye(2)), (np.linalg.svd, 2 * np.eye(3))):
        y_bar = tuple(np.arange(1.0, y.size + 1).reshape(y.shape) for y in function(A))
        with pytest.raises(TypeError, match="equal"):
            pulled(function, A, y_bar=y_bar)


def test_vectors_of_equal_eigenvalues_are_nan_in_forward_mode():
    A, A_dot = 2 * np.eye(2), np.array([[1.0, 3.0], [3.0, 5.0]])
    w_dot, V_dot = forward_rule(np.linalg.eigh).call(A_dot, np.linalg.eigh(A), A)
    np.testing.assert_allclose(np.sum(w_dot), 6.0)
    assert np.isnan(V_dot).any()


def test_the_sum_of_equal_singular_values():
    """The nuclear norm is smooth where they meet, as long as none is 0."""
    for y_bar in ((np.zeros((2, 2)), array(1, 1), np.zeros((2, 2))),):
        found = pulled(np.linalg.svd, 2 * np.eye(2), y_bar=y_bar)[0]
        np.testing.assert_allclose(found, np.eye(2), atol=1e-15)


def test_determinants_of_singular_matrices():
    for A, wanted in (
        (np.array([[1.0, 2.0], [2.0, 4.0]]), [[4.0, -2.0], [-2.0, 1.0]]),
        (np.zeros((3, 3)), np.zeros((3, 3))),
    ):
        np.testing.assert_allclose(pulled(np.linalg.det, A)[0], wanted, atol=1e-14)


GENERAL = np.array([[2.0, 1 + 0.3j, 0.2j], [0.4 - 0.3j, 3.0, 0.5], [0.1j, 0.3, 4.5]])


@pytest.mark.parametrize("upper", ["L", "U"])
def test_the_phase_of_complex_eigenvectors_is_that_of_lapack(upper):
    def vectors(A):
        return np.linalg.eigh(A + np.conj(A.T), upper)[1]

    tangent.check_grads(vectors, (GENERAL,))


@pytest.mark.parametrize("A", [GENERAL[:, :2], GENERAL[:2]], ids=["tall", "wide"])
def test_the_phase_of_complex_singular_vectors_is_that_of_lapack(A):
    tangent.check_grads(lambda A: np.linalg.svd(A, full_matrices=False), (A,))


def test_a_phase_that_nothing_determines_is_refused():
    A = np.diag([1.0, 2.0]) + 0j
    with pytest.raises(TypeError, match="phase"):
        pulled(np.linalg.eigh, A, y_bar=(np.zeros(2), np.array([[0, 0], [0, 1j]])))


@pytest.mark.parametrize(
    "f",
    [
        lambda A: np.abs(np.linalg.svd(A, full_matrices=False)[0]),
        lambda A: np.linalg.svd(A, full_matrices=False)[1],
        lambda A: np.abs(np.linalg.svd(A)[2]),
        lambda A: np.abs(np.linalg.qr(A)[0]),
        lambda A: np.abs(np.linalg.eig(A[:2])[1]),
        lambda A: np.real(np.linalg.eigvals(A[:2])),
        lambda A: np.abs(np.linalg.eigh(A[:2] @ np.conj(A[:2].T))[1]),
        lambda A: np.abs(np.linalg.cholesky(A[:2] @ np.conj(A[:2].T))),
        lambda A: np.abs(np.linalg.solve(A[:2], A[2])),
        lambda A: np.abs(np.linalg.pinv(A)),
    ],
)
def test_complex_matrices(f):
    """Of a real matrix that is made complex on the way, in both modes."""
    turn = np.array([[1, 0.3j], [0.5 - 0.2j, 2], [0.1 + 1j, -0.7]])
    B = np.array([[1.5, 0.4], [-0.3, 2.0], [0.8, 0.6]])
    tangent.check_grads(lambda B: f(B * turn), (B,), order=1)


def test_only_the_triangle_that_is_read():
    A = np.array([[2.0, 7.0], [0.5, 3.0]])
    found = pulled(np.linalg.cholesky, A, y_bar=np.ones((2, 2)))[0]
    assert found[0, 1] == 0
    assert found[1, 0] != 0


def test_the_choice_of_vectors_of_nothing_has_no_derivative():
    A = np.array([[1.0, 0.5, -0.3, 0.2], [0.4, 2.0, 0.7, -1.1]])
    tangent.check_grads(lambda A: (lambda N: N.T @ N)(np.linalg.svd(A)[2][2:]), (A,), order=1)
    with pytest.raises(tangent.TangentError, match="equal-values"):
        tangent.grad(lambda A: np.sum(np.abs(np.linalg.svd(A)[2][2:])))(A)


# ---------------------------------------------------------------- literals


def literal(function, parameter, *args):
    """The partials used where the program writes `parameter` as a number."""
    rule = lookup(function).literal[parameter]
    return rule.call(function(*args), *args)


def test_a_literal_exponent():
    x = array(-1, 0, 2)
    np.testing.assert_allclose(literal(np.power, "y", x, 2)[0], 2 * x)
    np.testing.assert_allclose(literal(operator.pow, "y", x, 3)[0], 3 * x**2)
    assert literal(operator.pow, "y", 2.0, 3)[1] is None


def test_a_literal_base():
    y = array(-1, 0, 2).astype(np.float32)
    partial = literal(np.power, "x > 0", 2, y)[1]
    np.testing.assert_allclose(partial, np.log(2) * 2**y, rtol=1e-6)
    assert partial.dtype == np.float32


def test_a_literal_base_that_has_no_logarithm():
    assert tangent.grad(lambda y: 0.0**y)(2.5) == 0
    with np.errstate(invalid="ignore"):
        assert np.isnan(tangent.grad(lambda y: np.power(-2.0, y))(2.5))


def test_relu_is_flat_at_its_kink():
    assert list(literal(np.maximum, "y", array(-1, 0, 2), 0)[0]) == [False, False, True]
    assert list(literal(np.maximum, "x", 0, array(-1, 0, 2))[1]) == [False, False, True]
    assert list(literal(np.minimum, "y", array(-1, 0, 2), 0)[0]) == [True, False, False]


@pytest.mark.parametrize("function", [np.power, np.maximum, np.minimum, operator.mul, np.add])
def test_python_numbers_leave_float32_alone(function):
    x = array(0.5, 1, 2).astype(np.float32)
    for args in ((x, 1.5), (1.5, x)):
        y_bar = np.ones(3, np.float32)
        position = 0 if args[0] is x else 1
        assert pulled(function, *args, y_bar=y_bar)[position].dtype == np.float32


# ---------------------------------------------------------------- complex numbers

HOLOMORPHIC = [np.exp, np.sin, np.cos, np.tanh, np.square, np.reciprocal, np.sqrt, np.log, np.sinh]
REAL_VALUED = [np.abs, np.real, np.imag, np.angle, np.linalg.norm, np.var, np.std]
LINEAR = [np.conj, np.fft.fft, np.fft.ifft, np.cumsum, np.sum, np.mean, np.flip, np.prod]
Z = array(0.3, -1.2, 0.8) + 1j * array(0.7, 0.4, -1.1)


@pytest.mark.parametrize(
    "function", [*HOLOMORPHIC, *REAL_VALUED, *LINEAR], ids=lambda f: f.__name__
)
def test_complex(function):
    """dF = Re(z_bar dz) for F = Re(sum(y_bar y)), along the real and the imaginary axis."""
    y = function(Z)
    y_bar = np.ones_like(y) * 0.7
    if np.iscomplexobj(y):
        y_bar = y_bar * (1 - 0.4j)
    found = pulled(function, Z, y_bar=y_bar)[0]
    for direction in (np.eye(3)[1], 1j * np.eye(3)[2]):
        step = 1e-6 * direction
        change = np.sum(y_bar * (function(Z + step) - function(Z - step))).real / 2e-6
        np.testing.assert_allclose(np.sum(found * direction).real, change, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("function", REAL_VALUED, ids=lambda f: f.__name__)
def test_what_is_real_for_complex_operands_says_so(function):
    """Else a real result asks no real adjoint of what the operand was made of."""
    assert lookup(function).real


def test_a_real_operand_beside_a_complex_one():
    x = array(0.5, 2.0, 1.0)
    x_bar, z_bar = pulled(operator.mul, x, Z, y_bar=Z)
    assert x_bar.dtype == float
    np.testing.assert_allclose(x_bar, (Z * Z).real)
    np.testing.assert_allclose(z_bar, Z * x)


def test_a_real_matrix_beside_a_complex_one():
    A, B = np.ones((2, 3)), np.outer(Z, Z)
    A_bar, B_bar = pulled(operator.matmul, A, B, y_bar=np.ones((2, 3)) * (1 + 2j))
    assert A_bar.dtype == float
    assert B_bar.dtype == complex


# ---------------------------------------------------------------- what the tables cannot say


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_convolution_of_complex_arrays(mode):
    signal = pytest.importorskip("scipy.signal")

    def f(x, y):
        u, v = np.array([x[0] + 1j * x[1], x[2], 1j * x[0]]), y * (1 + 2j)
        both = signal.correlate(u, v, mode) + signal.fftconvolve(u, v, mode)
        grid = signal.convolve(np.outer(u, x), np.outer(v, y), mode)
        return np.sum(np.abs(both) ** 2) + np.sum(np.real(grid * grid))

    tangent.check_grads(f, (array(0.4, -0.7, 1.1), array(0.6, -0.2)))


def test_convolution_along_some_axes():
    signal = pytest.importorskip("scipy.signal")
    x, y = np.arange(6.0).reshape(2, 3) - 2.3, np.arange(4.0).reshape(2, 2) - 1.4
    tangent.check_grads(lambda x, y: signal.fftconvolve(x, y, "same", axes=1), (x, y))


def test_least_squares_of_scipy():
    linalg = pytest.importorskip("scipy.linalg")
    a, b = np.array([[1.0, 0.3], [-0.4, 2.0], [0.7, 0.1]]), array(0.4, -0.7, 1.1)
    tangent.check_grads(lambda a, b: linalg.lstsq(a, b)[0], (a, b))
    tangent.check_grads(lambda a, b: linalg.lstsq(a, b)[1], (a, b))


def test_a_sparse_matrix_that_a_callee_keeps():
    """Its tangent, in that of the record, is a matrix of zeros and no number."""
    sparse = pytest.importorskip("scipy.sparse")
    A = sparse.csr_array(np.array([[2.0, 0.5, 0.0], [0.0, 1.0, -1.0], [0.3, 0.0, 1.0]]))

    def turned(x):
        return A.T @ x

    def f(x):
        v = turned(x)
        return np.sum(v * v * x)

    x, v = array(0.4, -0.7, 1.1), array(1, 0.5, -0.3)
    step = (tangent.grad(f)(x + 1e-5 * v) - tangent.grad(f)(x - 1e-5 * v)) / 2e-5
    np.testing.assert_allclose(tangent.hvp(f)(x, v), step, rtol=1e-7)
