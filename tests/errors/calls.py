"""Calls whose derivative is not known, and options that a rule does not handle."""

import operator

import numpy as np
from scipy import integrate, interpolate, optimize, signal, sparse, special

from errors.registry import refused


class Quadratic:
    def __call__(self, x):
        return x * x


MODEL = Quadratic()
SPARSE = sparse.csr_matrix(np.eye(3))
mystery = np.frompyfunc(lambda x: x * x, 1, 1)
vectorised = np.vectorize(lambda x, n: x * n, excluded=[1])
fetch = operator.itemgetter(slice(0, 1))


@refused("NoRule", 1.5)
def function_without_rule(x):
    y = x * x
    return mystery(y) * x  # error[no-rule]: mystery


@refused("NoRule", np.ones(3))
def result_that_is_not_read(x):
    mystery(x)  # error[no-rule]: mystery
    return np.sum(x)


@refused("NoRule", 1.5)
def function_written_in_c(x):
    return operator.countOf([0.5, 1.0], x) * x  # error: rule


@refused("NoRule", (1.5, 2.5))
def compiled_callable(x):
    return fetch(x)[0] * 2.0  # error: rule


@refused("NoRule", np.ones(3))
def callable_of_numpy(x):
    return np.sum(vectorised(x, 2))  # error: rule


@refused("TangentError", np.ones(3))
def option_of_a_rule(x):
    return np.sort(x * x, order="f")[0]  # error: order


@refused("TangentError", np.ones(3))
def order_of_a_special_function(x):
    return np.sum(special.jv(x, 1.5) + special.gammainc(2.0, x))  # error[option]: v


@refused("TangentError", 1.5)
def option_of_a_solver(x):
    return optimize.newton(lambda v: v * v - x, 1.0, rtol=1e-3)  # error[rule-arguments]: rtol


def parabola(x, a):
    return x * x + a


@refused("InvalidArgument", 1.3)
def root_that_was_not_found(a):
    return optimize.bisect(parabola, 0.0, 9.0, (-a,), 2.0)  # error[no-root]: no root


@refused("UnsupportedSyntax", 1.5, [np.hypot], (1.0, 2.0))
def stars_of_a_function_value(x, functions, items):
    function = functions[0]
    return function(*items) * x  # error[star-call]: starred


@refused("TangentError", 1.5)
def object_of_scipy(x):
    near = interpolate.RBFInterpolator([[0.0], [1.0], [2.0]], [1.0, 2.0, 0.0])
    return near(x)  # error[no-rule]: RBFInterpolator


@refused("NoRule", 1.5)
def adaptive_integral(x):
    return integrate.quad_vec(lambda v: np.exp(-x * v), 0.0, 1.0)[0]  # error[no-rule-yet]: quad


@refused("NoRule", np.ones(40))
def filter_of_scipy(x):
    return np.sum(signal.decimate(x, 2))  # error[no-rule]: decimate


@refused("NoRule", 1.5)
def minimum_of_a_function(a):
    return optimize.minimize(parabola, 1.0, args=(a,)).x[0]  # error[no-rule]: minimize


@refused("TangentError", np.ones(3))
def star_of_a_sparse_matrix(x):
    return np.sum(SPARSE * x)  # error[sparse]: `@`


@refused("NoRule", np.ones(3))
def permutation_of_what_varies(x):
    return np.random.permutation(x)[0]  # noqa: NPY002  # error[no-rule-yet]: permut


@refused("TangentError", np.ones(3))
def unknown_method(x):
    return np.sum(x.byteswap())  # error


def inner(x):
    return mystery(x)  # error[no-rule]: mystery


@refused("NoRule", 1.5, marked=inner)
def function_without_rule_in_a_callee(x):
    return inner(x) * x


def tested(x):
    if mystery(x) > 1:  # error[no-rule]: mystery
        return x
    return x * 2


@refused("NoRule", 1.5, marked=tested)
def function_without_rule_in_the_test_of_a_callee(x):
    return tested(x * 3) * x


def dropped(x):
    mystery(x)  # error[no-rule]: mystery
    return 2.0


def passed_on(x):
    return dropped(x)


@refused("NoRule", 1.5, marked=dropped)
def function_without_rule_whose_result_nobody_reads(x):
    return x * passed_on(x)


@refused("NoRule", np.ones(4))
def function_without_rule_in_a_loop(x):
    total = 0.0
    for item in x:
        y = item * total
        total = total + mystery(y)  # error[no-rule]: mystery
    return total + np.sum(x)


# ---------------------------------------------------------------- what looks like something else


@refused("UnsupportedSyntax", np.array([1.5, 2.5]))
def floor_division_in_place(x):
    y = x * 3
    y //= 2.0  # error[update]: no derivative
    return np.sum(y * x)


@refused("UnsupportedSyntax", 1.5)
def evaluated_text(x):
    return eval("x") * x  # error[frame]: `eval`


@refused("UnsupportedSyntax", 1.5)
def variables_by_name(x):
    return locals()["x"] * x  # error[frame]: `locals`


@refused("UnsupportedSyntax", 1.5)
def globals_by_name(x):
    return globals()["MODEL"](x)  # error: run time


@refused("NoRule", 1.5)
def class_of_the_argument(x):
    y = x.__class__(x)  # error[no-rule]: `x.__class__`
    return y * x


@refused("UnsupportedSyntax", 1.5)
def function_value_over_a_variable_that_changes(x):
    fs = []
    for k in range(3):
        fs.append(lambda v: v * k)  # error[function-value]: k
    return fs[0](x)


@refused("UnsupportedSyntax", 1.5)
def function_value_over_a_variable_bound_again(x):
    k = x
    fs = []
    fs.append(lambda v: v * k)  # error[function-value]: k
    k = 2.0
    return fs[0](x) * k


@refused("UnsupportedSyntax", np.array([0.5, 1.3, 0.7]))
def function_of_a_comprehension_s_second_counter(x):
    scales = [i * 0.5 for i in range(3)]
    fs = [lambda v: v * x[i] for _ in x for i in range(2)]  # error[function-value]: i
    return fs[0](scales[1]) * fs[1](x[0])


@refused("UnsupportedSyntax", 1.5)
def function_value_that_writes(x):
    kept = []

    def keep(v):
        kept.append(v)
        return v

    fs = []
    fs.append(keep)  # error[function-value]: kept
    return fs[0](x)


def halves_in_place(v):
    v *= 0.5
    return np.sum(v)


@refused("InvalidArgument", np.ones(3), [halves_in_place])
def function_known_at_run_time_that_writes(x, fs):
    return fs[0](x * 2.0)  # error[callee-store]: halves_in_place


class Unclear:
    def take_in(self, f, *given):
        self.total = f(*given)


@refused("InvalidArgument", np.ones(3))
def method_known_at_run_time_that_stores_and_is_not_understood(x):
    held = [Unclear(), 1.0]
    one = held[0]
    one.take_in(lambda v: v * x, x)  # error[callee-store]: Unclear.take_in
    return np.sum(x)


@refused("InvalidArgument", np.ones(3), [np.random.default_rng(0).shuffle])
def function_in_c_known_at_run_time_that_writes(x, fs):
    y = x * 2.0
    fs[0](y)  # error[callee-store]: shuffle
    return np.sum(y * x)


@refused("NoRule", np.ones(3), [mystery])
def function_known_at_run_time_without_rule(x, fs):
    return fs[0](x)  # error: rule


@refused("UnsupportedSyntax", 1.5)
def function_made_over_a_variable_of_the_caller(x):
    z = x * 0.5

    def make(k):
        def inner(v):
            return v * k + z

        return inner

    f = np.sin
    for _ in range(2):
        f = make(x)  # error[function-value]: z
        z = z * 0.5 + x
    return f(x) * z


@refused("UnsupportedSyntax", 1.5)
def function_over_another_one_that_changes(x):
    z = x
    f = lambda v: v * z
    fs = []
    fs.append(lambda v: f(v) * 2.0)  # error[function-value]: f
    f = np.sin
    return fs[0](x)


@refused("UnsupportedSyntax", 1.5)
def function_for_the_next_iteration_over_what_changes(x):
    z = x
    g = np.sin
    for _ in range(3):
        z = g(z)
        g = lambda v: v * z * x  # error[function-value]: z
    return z


class Gate:
    def __init__(self, level):
        self.level = level

    def __and__(self, other):
        return Gate(self.level * other.level)


@refused("InvalidArgument", 1.5)
def constant_of_numbers_that_is_given_objects(x):
    both = operator.and_(Gate(x), Gate(x * x))  # error[attribute]: of a Gate something is asked
    return both.level


class Odd:
    def __init__(self, level):
        self.level = level

    def __add__(self, other):
        return self.level * other

    def __rmul__(self, other):
        return self.level - other * other


@refused("InvalidArgument", 1.5)
def operator_of_an_object_that_was_a_number(x):
    o = 3.0
    for _ in range(2):
        t = o + x  # error[attribute]: of a Odd something is asked
        o = Odd(2.0)
    return t


@refused("InvalidArgument", 1.5)
def function_of_arrays_of_an_object_that_was_a_number(x):
    o = 3.0
    for _ in range(2):
        t = np.multiply(x, o)  # error[attribute]: of a Odd something is asked
        o = Odd(2.0)
    return t


@refused("InvalidArgument", 1.5)
def update_of_an_object_that_was_a_number(x):
    o = 3.0
    for _ in range(2):
        o += x  # error[attribute]: of a Odd something is asked
        t = x * x
        o = Odd(2.0)
    return t


def listed(x, as_list):
    if as_list:
        return [x, x]
    return np.array([x, x])


@refused("InvalidArgument", 1.5)
def array_added_to_what_may_be_a_list(x):
    both = listed(x, False) + listed(x, False)  # error[joined]: a ndarray stands where a list
    return both[0]


class Perhaps:
    k = 2.0

    def __init__(self, w):
        self.w = w
        if w > 0:
            self.k = w


@refused("UnsupportedSyntax", 1.5)
def attribute_that_one_branch_sets(w):
    one = Perhaps(w)  # error[object]: `k`
    return one.w * one.k


class Plain:
    def __init__(self, w, act=None):
        self.w = w
        if act is not None:
            self.act = act

    def act(self, v):
        return v * self.w


@refused("UnsupportedSyntax", 1.5)
def method_that_may_be_hidden(w):
    one = Plain(w)
    if w > 0:
        one.act = np.sin
    return one.act(w)  # error[attribute]: `act`


@refused("InvalidArgument", np.ones(2))
def keys_that_depend_on_the_input(x):
    d = {}
    for v in x:
        d[v] = v * v  # error[key]: a key of a dict
    return sum(k * v for k, v in d.items())


def counted(k):
    return {k: 1.0}  # error[key]: a key of a dict


@refused("UnsupportedSyntax", 1.5)
def key_that_a_callee_takes(x):
    return sum(counted(x)) * 2.0


class Listed:
    def __init__(self, items):
        self.items = items


@refused("UnsupportedSyntax", 1.5)
def class_that_would_hold_an_iterator(x):
    one = Listed([x, x * x])
    made = type(one)(v * 2.0 for v in one.items)  # error[iterator]
    return sum(made.items) + sum(made.items)
