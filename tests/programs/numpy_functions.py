"""Functions of NumPy: elementwise, reductions, products, shapes, and joining."""

import math

import numpy as np

from programs.registry import exactly, floats, followed_by, normal, positive, program


@program(positive((3,)), smooth=True)
def exponentials_and_logarithms(x):
    a = np.exp(x) + np.log(x) + np.expm1(x) + np.log1p(x) + np.exp2(x) + np.log2(x) + np.log10(x)
    return np.sum(a * x)


@program(lambda rng: (rng.uniform(-0.8, 0.8, size=4),), smooth=True)
def trigonometry(x):
    a = np.sin(x) * np.cos(x) + np.tan(x) - np.arcsin(x) * np.arccos(x) + np.arctan(x)
    return np.sum(a + np.sinh(x) * np.cosh(x) - np.tanh(x) + np.arcsinh(x) + np.arctanh(x))


@program(positive((3,)), smooth=True)
def roots_and_powers(x):
    return np.sum(np.sqrt(x) * np.square(x) + np.cbrt(x) - np.reciprocal(x) + np.power(x, 1.5))


@program(positive((3, 4)), smooth=True)
def one_after_another(A):
    a = np.subtract.reduce(A) * np.divide.reduce(A[:, ::-1]) + np.hypot.reduce(A, initial=0.5)
    b = np.multiply.reduceat(A, [0, 2, 1], axis=1) - np.logaddexp.accumulate(A[:, 1:], axis=-1)
    return np.sum(a * a) + np.sum(b**2)


@program(positive((3,), (3,)), wrt=(0, 1), smooth=True)
def functions_of_two_arrays(x, y):
    a = np.add(x, y) * np.subtract(x, y) + np.multiply(x, y) / np.divide(x, y)
    return np.sum(a + np.arctan2(x, y) + np.hypot(x, y) + np.logaddexp(x, y) + np.true_divide(x, y))


@program(normal((4,)), smooth=True)
def functions_with_kinks(x):
    a = np.abs(x) + np.absolute(x) * np.sign(x) + np.maximum(x, 0) + np.minimum(x, 0.5) * x
    return np.sum(a + np.clip(x, -0.5, 0.8) * x + np.fabs(x) + np.negative(x) + np.positive(x))


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True)
def larger_and_smaller(x, y):
    return np.sum(np.maximum(x, y) * np.minimum(x, y) + np.maximum(x, y[0]) ** 2)


@program(normal((2, 3)), smooth=True)
def sums(x):
    a = np.sum(x**2, axis=0) * np.sum(x, axis=-2)
    b = np.sum(x**3, axis=(0, 1)) + np.sum(x * x, axis=1, keepdims=True)
    return np.sum(a) * np.sum(b)


@program(normal((2, 3)), smooth=True)
def means(x):
    a = np.mean(x, axis=0) * np.mean(x) + np.mean(x**2, axis=1, keepdims=True)
    return np.sum(a) + np.mean(np.mean(x**3, 1))


@program(normal((2, 3)), smooth=True)
def extrema(x):
    a = np.max(x, axis=1, keepdims=True) * x - np.min(x, axis=0)
    return np.sum(a) + np.max(x) * np.min(x) + np.sum(np.amax(x, 0))


@program(normal((2, 3)), smooth=True)
def variance(x):
    return np.var(x) + np.sum(np.var(x, axis=0)) + np.sum(np.std(x, axis=1)) + np.std(x)


@program(normal((2, 3)), smooth=True)
def products_and_running_sums(x):
    return np.prod(x) + np.sum(np.prod(x, axis=1)) + np.sum(np.cumsum(x, axis=1) ** 2)


@program(normal((3,), (3,), (2, 3), (3, 2), (4, 2, 3)), wrt=(0, 1, 2, 3, 4), smooth=True)
def matrix_products(a, b, A, B, stack):
    vectors = np.dot(a, b) + a @ b + A @ a @ A @ b
    matrices = np.sum((A @ B) * np.matmul(A, B)) + np.sum(np.dot(a, B)) + np.sum(np.dot(B, A))
    return vectors + matrices + np.sum(stack @ B * (A @ B)) + np.sum(stack @ a)


@program(normal((2,), (3,), (2, 3)), wrt=(0, 1, 2), smooth=True)
def outer_inner_and_trace(a, b, A):
    return np.sum(np.outer(a, b) * A) + np.inner(b, b) + np.trace(A @ A.T) + np.vdot(a, a)


@program(normal((2, 3), (3, 4)), wrt=(0, 1), smooth=True)
def einsum_and_tensordot(A, B):
    return np.sum(np.einsum("ij,jk->ik", A, B) ** 2) + np.sum(np.tensordot(A, B, axes=1) ** 3)


@program(normal((2, 6)), smooth=True)
def shapes(x):
    a = np.reshape(x, (3, 4)) @ np.transpose(np.reshape(x, (3, -1)))
    b = np.ravel(x)[2] * np.squeeze(x[:1])[0] + np.sum(np.expand_dims(x, 1)[:, 0] ** 2)
    return np.sum(a**2) + b + np.sum(np.swapaxes(x, 0, 1)[2])


@program(normal((2, 3, 4)), smooth=True)
def transposed_by_axes(x):
    y = np.transpose(x, (2, 0, 1))
    return np.sum(y[1] * y[2]) + np.sum(np.moveaxis(x, 0, -1)[0] ** 2)


@program(normal((3,), (2,), (3,)), wrt=(0, 1, 2), smooth=True)
def joined(x, y, z):
    a = np.concatenate([x, y, x * z])
    b = np.stack((x, z), axis=1)
    c = np.vstack([x, z]) * np.hstack([x[:1], y])
    return np.sum(a[1:] * a[:-1]) + np.sum(b**3) + np.sum(c)


@program(normal((2, 3), (2, 1)), wrt=(0, 1), smooth=True)
def joined_along_an_axis(x, y):
    a = np.concatenate((x, y, x), axis=1)
    return np.sum(a * np.arange(14.0).reshape(2, 7)) + np.sum(a[:, 2:4] ** 2)


@program(normal((6,)), smooth=True)
def split_in_parts(x):
    a, b, c = np.split(x, 3)
    d, e = np.split(x, [4])
    return np.sum(a * b * c) + np.sum(d**2) * np.sum(e)


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True)
def chosen_elements(x, y):
    return np.sum(np.where(x > y, x * x, y) * np.where(x > 0, 2.0, y))


@program(normal((3, 1), (4,), ()), wrt=(0, 1, 2), smooth=True)
def chosen_with_broadcasting(x, y, z):
    return np.sum(np.where(x > 0, y * y, z * x)) + np.sum(np.where(y > 0, z, 1.0))


@program(normal((3,)), smooth=True)
def new_arrays(x):
    a = np.zeros(3) + np.ones((2, 3)) * x + np.ones_like(x) - np.zeros_like(x) * x
    b = np.full((3,), x[0]) * np.full_like(x, x[1]) + np.arange(3) * x + np.eye(3) @ x
    return np.sum(a) * np.sum(b) + np.sum(np.linspace(0, 1, 3) * x)


@program(floats(2), wrt=(0, 1), smooth=True)
def array_of_numbers(x, y):
    v = np.array([x, y, x * y, 1.0])
    m = np.array([[x, 2.0], [y, x]])
    return np.sum(v**2) + np.sum(m @ m)


@program(normal((3,)), smooth=True)
def copies(x):
    a = np.copy(x)
    a *= x
    b = np.array(x)
    b += a
    return np.sum(np.asarray(b) * a)


@program(normal((3, 4)), smooth=True)
def log_sum_exp(x):
    top = np.max(x, axis=1, keepdims=True)
    return np.sum(np.log(np.sum(np.exp(x - top), axis=1, keepdims=True)) + top)


@program(floats(1), exactly(np.float64(0.7)), smooth=True)
def functions_of_math(x):
    a = math.sin(x) * math.exp(x) + math.sqrt(x) - math.log(x) + math.atan(x) * math.tanh(x)
    return a + math.pow(x, 3) - math.cos(x) * math.pi


@program(positive((3,)), floats(1), smooth=True)
def number_or_array(x):
    y = x if isinstance(x, float) else x[1]
    return math.hypot(y, 2.0) * y


@program(normal((2, 3)), smooth=True)
def flips_and_rolls(x):
    return np.sum(np.flip(x) * x) + np.sum(np.roll(x, 1, axis=1) * x) + np.sum(x[::-1] * x**2)


@program(normal((2, 3)), smooth=True)
def repeats_and_tiles(x):
    return np.sum(np.repeat(x, 2, axis=0) ** 2) + np.sum(np.tile(x, (2, 1)) ** 3)


@program(normal((3, 3)), smooth=True)
def diagonals_and_triangles(x):
    return np.sum(np.diag(x) ** 2) + np.sum(np.triu(x) * np.tril(x)) + np.sum(np.diag(x[0]) @ x)


@program(normal((5,)), may_refuse=True, smooth=True)
def sorted_values(x):
    return np.sum(np.sort(x) * np.arange(5.0)) + np.median(x)


@program(
    lambda rng: (rng.normal(size=(3, 3)) + 4 * np.eye(3), rng.normal(size=3)),
    wrt=(0, 1),
    smooth=True,
)
def linear_system(A, b):
    return np.sum(np.linalg.solve(A, b) ** 2) + np.linalg.det(A) + np.sum(np.linalg.inv(A))


@program(normal((4,)), smooth=True)
def norms(x):
    return np.linalg.norm(x) * np.linalg.norm(x[:2])


@program(normal((3,)), smooth=True)
def broadcast_explicitly(x):
    return np.sum(np.broadcast_to(x, (2, 3)) ** 2)


@program(followed_by(normal((2, 3)), 2), smooth=True)
def queries_of_shape(x, n):
    a, b = np.shape(x)
    return np.sum(x) * a * np.ndim(x) + x[0, 0] * np.size(x) * len(x) * n + b


@program(exactly(np.array([0.0, 1.0, -1.0, 2.0])), smooth=True)
def zero_among_the_factors(x):
    return np.sum(x * x * np.cos(x)) + np.sum(x**3) + np.sum(x**2)


@program(normal((3,), (3, 2)), wrt=(0, 1), smooth=True)
def joined_by_index(x, A):
    return np.sum(np.c_[np.ones(3), A, x] ** 2) + np.sum(np.r_[x, 1.0, x[:2]] ** 3)


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True)
def amplitude_times_phase(x, p):
    w = np.abs(np.fft.fft(x)) * np.exp(1j * p)
    back = np.real(np.fft.ifft(w) * (2 + 1j)) * (1 - 1j)
    return np.sum(np.abs(back + 3) ** 2) + np.abs(np.sum(x * np.exp(1j * p)))


@program(followed_by(normal((3, 4)), (3,)), smooth=True)
def shape_out_of_a_tuple(x, shape):
    def transposed(x):
        return x.T, x.shape[0], 2

    y, n, k = transposed(x)
    return np.sum(y.reshape(n * k, -1)[: shape[0]] ** 2)


@program(normal((4,)), smooth=True)
def options_of_constants_that_a_rule_does_not_know(x):
    t = np.arange(len(x), dtype=float)
    return np.sum(x**2 * t)


@program(normal((4,)), smooth=True, saves=False)
def pieces_that_are_numbers(x):
    one = np.piecewise(x, [x < 0.1, x > 0.9], [lambda v: v * v, 2, -1.0])
    return np.sum(one * x) + np.sum(np.piecewise(x, [x < 0.1], [x[1], np.exp]) * x)
