"""Numbers of every kind: Python floats, np.float64, arrays without axes."""

import math

import numpy as np

from programs.registry import exactly, floats, normal, program


@program(exactly(1.5), exactly(np.float64(1.5)), exactly(np.array(1.5)), smooth=True)
def any_kind_of_number(x):
    return x * x + np.sin(x) * 2


@program(exactly(1.5, np.float64(0.5), np.array(2.5)), wrt=(0, 1, 2), smooth=True)
def three_kinds_at_once(x, y, z):
    return x * y * z + x / z - y**2


@program(exactly(np.array(1.5)), smooth=True)
def array_without_axes_in_a_loop(x):
    y = x
    for _ in range(3):
        y = y * x
    return y


@program(exactly(np.array(1.5), 2.5), wrt=(0, 1), smooth=True)
def array_without_axes_in_a_list(x, y):
    parts = [x, y, x * y]
    return parts[0] * parts[2] + np.sum(parts[1])


@program(floats(1), smooth=True)
def number_becomes_array(x):
    v = np.ones(3) * x
    return np.sum(v * v) + np.sum(np.full(2, x))


@program(normal((3,)), smooth=True)
def array_becomes_number(x):
    s = np.sum(x)
    return s * s + float(s) * 2


@program(exactly(np.float64(1.5)), smooth=True)
def numpy_number_by_math(x):
    return math.exp(x) * math.sin(x)


@program(normal((1,)), normal((1, 1)), smooth=True)
def one_element(x):
    return np.sum(x * x) * 2.0


@program(exactly({"a": 1.5, "b": np.float64(0.5), "c": np.array(2.5)}), smooth=True)
def kinds_in_a_dict(table):
    return table["a"] * table["b"] * table["c"] + table["c"] ** 2


@program(exactly(0.5, 2), exactly(0.5, -1), smooth=True)
def integer_exponent(x, n):
    return x**n * n


@program(exactly(2.0), exactly(1.0), smooth=True)
def integral_floats(x):
    return x**2 + x / 2 + 3 * x


@program(exactly(1.5, True), exactly(1.5, False), smooth=True)
def boolean_argument(x, flag):
    return x * flag + x * x


@program(exactly(1e150), exactly(1e-150), smooth=True)
def extreme_magnitudes(x):
    return x * 3.0 + 2.0 * x / 7.0


@program(exactly(np.float64(1.5), np.array([1.0, 2.0])), wrt=(0, 1), smooth=True)
def numpy_number_with_array(s, x):
    y = s
    for item in x:
        y = y * item + s
    return y * s


@program(exactly(0.0), exactly(2.0), smooth=True)
def written_powers_at_zero(x):
    return x**0 + x**1 + x**2 + 3 * x**3


@program(floats(2), wrt=(0, 1), smooth=True)
def distance_of_a_point_of_any_dimension(x, y):
    point = [x * i for i in range(1, 4)]
    return math.hypot(x, y, x * y) * math.hypot(*point) + math.hypot(y)
