"""Names that mean one thing in a function and another around it; functions bound again."""

import functools

import numpy as np

from programs.registry import floats, normal, program

shape = 50.0


@program(normal((3,)), smooth=True)
def variable_of_an_inner_function(w):
    shape = w[0] * 2

    def outer(v):
        def inner(z):
            shape = 3.0
            return shape * z

        return inner(v) + shape * v

    return outer(w[1])


@program(normal((3,)), smooth=True)
def variable_of_a_comprehension(w):
    shape = w[0] * 2

    def outer(v):
        return sum([shape * v for shape in (1.0, 2.0)]) * shape

    return outer(w[1])


@program(normal((3,)), smooth=True)
def comprehension_over_its_own_name(w):
    shape = [w[0] * 2, w[1]]

    def outer(v):
        return sum([shape * v for shape in shape])

    return outer(w[1])


@program(normal((3,)), smooth=True)
def name_of_an_inner_pattern(w):
    shape = w[0] * 2

    def outer(v):
        def inner(z):
            match z:
                case [shape, other]:
                    return shape * other

        return inner([v, w[2]]) * shape

    return outer(w[1])


@program(normal((3,)), smooth=True, saves=False)
def parameters_of_a_returned_lambda(w):
    def dense(a):
        return lambda h: np.tanh(h * a)

    layers = [dense(w[i]) for i in range(3)] + [np.sin]
    h = 0.7
    for layer in layers:
        h = layer(h)
    return h


@program(normal((3,)), smooth=True)
def variables_bound_later_outside(w):
    def outer(v):
        def inner(z):
            q = z * 2
            return q

        return inner(v)

    r = outer(w[1])
    q, z = 3.0, 2.0
    return r * q * z * w[0]


@program(normal((3,)), smooth=True)
def variable_beside_one_that_a_callee_reads(w):
    y = w[0] * 2

    def g(v):
        return v * y

    def f(v):
        y = 3.0 * v
        return g(v) * y

    return f(w[1])


@program(normal((3,)), smooth=True)
def parameter_beside_one_that_a_callee_reads(w):
    y = w[0] * 2

    def g(v):
        return v * y

    def f(y):
        return g(y) * y

    return f(w[1]) + f(y=w[2])


@program(normal((3,)), smooth=True)
def loop_variable_beside_one_that_a_callee_reads(w):
    y = w[0] * 2

    def g(v):
        return v * y

    def f(v):
        total = 0.0
        for y in range(3):
            total = total + g(v) * y
        return total

    return f(w[1])


@program(normal((3,)), smooth=True)
def three_scopes_with_one_name(w):
    a = w[0]

    def g(v):
        return v * a

    def f1(v):
        def f2(z):
            a = z * 3.0

            def f3(q):
                return q * a

            return f3(z) + g(a)

        return f2(v) * a

    return f1(w[1])


@program(normal((3,)), smooth=True)
def hidden_name_in_a_recursion(w):
    y = w[0]

    def g(v, n):
        return h(v * y, n - 1)

    def h(v, n):
        y = v * 2
        return y if n < 1 else g(y, n) * y

    return g(w[1], 3)


@program(normal((3,)), smooth=True)
def hidden_name_of_a_function_that_is_passed(w):
    y = w[0]

    def g(v):
        return v * y

    def h(y):
        return g(y) * y

    def apply(f, y):
        return f(y) + y

    return apply(h, w[1])


@program(normal((3,)), smooth=True, saves=False)
def hidden_name_in_a_factory(w):
    def make(y):
        def g(v):
            return v * y

        def h(y):
            return g(y) * y

        return h

    return make(w[0])(w[1])


@program(normal((3,)), smooth=True, saves=False)
def hidden_name_in_a_factory_of_lambdas(w):
    def make(y):
        def g(v):
            return v * y

        return lambda y: g(y) * y

    return make(w[0])(w[1])


@program(normal((3,)), smooth=True)
def hidden_names_of_functions_in_a_list(w):
    y = w[0]

    def g(v):
        return v * y

    def f(v):
        y = 3.0 * v
        t = y
        for h in [lambda y: g(y) * y, g, np.sin]:
            t = h(t)
        return t

    return f(w[1])


@program(normal((3,)), smooth=True)
def hidden_name_of_a_function_that_writes(w):
    y, z = w[0], np.zeros(3)

    def g(v):
        z[1] = v * y
        return v * y

    def h(y):
        return g(y) * y

    return h(w[1]) + z[1]


@program(normal((3,)), smooth=True)
def default_that_is_not_used(w):
    def h(v, y=w[0]):
        return v * np.sin(y)

    return h(w[1]) * h(w[1], w[2]) * h(w[2], y=3.0)


@program(normal((3,)), smooth=True)
def function_bound_again_between_calls(w):
    g = lambda v: v * w[0]

    def h(v):
        return g(v)

    a = h(w[1])
    g = lambda v: v * w[2]
    return a + h(w[1])


@program(normal((3,)), smooth=True)
def callee_of_a_callee_bound_again(w):
    g = np.sin

    def k(v):
        return g(v) + 1.0

    def h(v):
        return k(v) * 2.0

    a = h(w[1])
    g = np.cos
    return a * h(w[1])


@program(normal((3,)), smooth=True)
def partial_function_bound_again(w):
    g = functools.partial(np.multiply, 2.0)

    def h(v):
        return g(v) * w[2]

    a = h(w[0])
    g = functools.partial(np.multiply, 3.0)
    return a * h(w[1])


@program(normal((3,)), smooth=True)
def one_of_two_that_call_each_other_bound_again(w):
    def even(n, v):
        return v if n == 0 else odd(n - 1, v * w[0])

    def odd(n, v):
        return w[1] if n == 0 else even(n - 1, v + w[2])

    a = even(4, w[0])

    def odd(n, v):  # noqa: F811
        return w[2] * v

    return a * even(3, w[1])


@program(normal((3,)), smooth=True)
def table_bound_again(w):
    table = {"a": np.sin, "b": np.cos}

    def h(v, k):
        return table[k](v)

    a = h(w[0], "a")
    table = {"a": np.tanh, "b": np.exp}
    return a * h(w[0], "a")


def _twice(v, n):
    return v, n


@program(floats(1), smooth=True)
def a_blank_that_is_read(x):
    y, _ = _twice(x * 2, np.sin(x))
    for i in range(3):
        y = y * x
    return y * _


@program(floats(1), smooth=True)
def a_blank_that_counts_and_is_read(x):
    for _ in range(3):
        for i in range(2):
            x = x * np.cos(x)
        x = x + 0.1 * _

    def inside(y):
        a, _ = (y, y * 2)
        for i in range(2):
            a = a * y
        return a * _

    return inside(x) + _
