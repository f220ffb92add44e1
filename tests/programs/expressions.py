"""One expression each: operators, broadcasting, and results that hardly depend on anything."""

import numpy as np

from programs.registry import exactly, floats, followed_by, normal, positive, program


@program(floats(1), exactly(0.0), exactly(-1.5), smooth=True)
def square_and_sine(x):
    return x * x * 3 + np.sin(x)


@program(floats(1), smooth=True)
def powers_of_a_number(x):
    return x**3 + x**2 + x**1 + x**-1 + x**0.5 + 2.0**x + 2**x


@program(floats(2), wrt=(0, 1), smooth=True)
def base_and_exponent(x, p):
    return x**p - p**x


@program(positive((3,), (3,)), wrt=(1, 0), smooth=True)
def arrays_to_the_power(x, p):
    return np.sum(x**p)


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True)
def quotient(x, y):
    return np.sum(-x / (1 + y * y))


@program(floats(1, 0.1, 0.6), smooth=True)
def remainder_and_floor(x):
    return (3.1 * x) % 0.25 + x * (x // 0.7) - -x + +x


@program(normal((3,), (2, 3), (2, 1), (), (1,)), wrt=(0, 1, 2, 3, 4), smooth=True)
def five_shapes(row, table, column, number, one):
    return np.sum((row * table + column) * number - table * one * column)


@program(normal((2, 1), (3,)), wrt=(0, 1), smooth=True)
def outer_by_broadcasting(column, row):
    return np.sum(np.sin(column * row) / (4 + column**2 - row) ** 2)


@program(normal((1, 3), (2, 1)), normal((1, 1), (4, 1)), wrt=(0, 1), smooth=True)
def shapes_with_ones(a, b):
    return np.sum((a + b) * (a - b) * a)


@program(lambda rng: (float(rng.normal()), rng.normal(size=(2, 3))), wrt=(0, 1), smooth=True)
def number_times_array(s, x):
    return np.sum(s * x * x + s)


@program(normal((3,), (3, 3)), wrt=("A", "x"), smooth=True)
def quadratic_form(x, A):
    return x @ A @ x


@program(floats(1, -1.0, 1.0), smooth=True)
def nested_functions(x):
    return np.exp(np.sin(np.cos(np.tanh(x))))


@program(floats(1), smooth=True)
def same_operand(x):
    return x * x * x + (x - x) + x / x


@program(floats(1), normal((3,)), smooth=True)
def constant(x):
    return 3.0


@program(floats(1), smooth=True)
def identity(x):
    return x


@program(floats(2), wrt=(0, 1), smooth=True)
def only_the_first_counts(x, y):
    return x * 2.5


@program(normal((5,)), smooth=True)
def comparison_as_number(x):
    return np.sum(x * (x > 0.25) - (x <= 0.25) * x**2)


@program(floats(2), wrt=(0, 1), smooth=True)
def tuple_literal(x, y):
    return (x, y * y, x * y)[1] * [x, y][0]


@program(floats(1), smooth=True)
def long_sum(x):
    return x + 2 * x + 3 * x - x / 4 + 5 + x * 6 - 7 * x + x * x - 8 + 9 * x * x * x


@program(positive((3,)), smooth=True)
def repeated_subexpression(x):
    return np.sum(np.exp(-x * x) / (1 + np.exp(-x * x)) + np.log(1 + np.exp(-x * x)))


@program(floats(1), smooth=True)
def text_beside_numbers(x):
    table = {"a": 2.0, "b": 5.0}
    key = f"{'a' if len(table) == 2 else 'b'}"
    return table[key] * x * x


@program(floats(1, 1.1, 1.9), exactly(-1.5), smooth=True)
def python_builtins(x):
    return abs(x) + min(x, 3.0) + max(x, 0.5, 1.0) * pow(x, 2) + sum([x, x * x], 1.0)


@program(followed_by(normal((2, 3)), 4), smooth=True)
def integers_inside(x, n):
    return np.sum(x**2) * n / x.size + n // 3 * x.shape[0] * np.mean(x) - (n << 1) * x[0, 0]


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def deep_brackets(x, y):
    return -np.sum(-(-(x - (y - (x - (y * (x - (y - 1)))))))) + np.sum(x - y - (x - y))


@program(normal((0,)), normal((2, 0)), smooth=True)
def empty_array(x):
    return np.sum(x * x) + 1.0


@program(floats(1), smooth=True)
def negative_power_of_sum(x):
    return 1 / (1 + x) ** 2 - (1 - x) ** 2 * -(2**-x)


@program(positive(3), smooth=True)
def array_and_an_element_over_itself_in_a_pair(x):
    _, z = (1.5, x + x[1] / x[1])
    return np.sum(z * np.array([1.0, 2.0, 3.0]))
