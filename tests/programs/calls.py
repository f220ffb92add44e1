"""Calls of the user's own functions."""

import math

import numpy as np
from numpy import exp, sin

from programs import left, right
from programs.left import scale
from programs.registry import exactly, floats, followed_by, normal, positive, program
from programs.right import scale as other_scale


def square(x):
    return x * x


def affine(x, slope=2.0, offset=1.0):
    return slope * x + offset


def statistics(x):
    mean = np.mean(x)
    return mean, np.mean((x - mean) ** 2), len(x)


def dense(x, W, b):
    return np.maximum(x @ W + b, 0)


def either(x, positive):
    if positive:
        return x * x
    return np.sin(x)


def add_up(xs, power):
    total = 0.0
    for x in xs:
        total = total + x**power
    return total


def first_of(x, y):
    return x


def layer(params, x):
    return {"h": np.tanh(params["W"] @ x), "penalty": np.sum(params["W"] ** 2), "n": 3}


def overwrites_its_parameter(x):
    x = x * 2
    x = x * x
    return x


@program(floats(1), smooth=True)
def one_call(x):
    return square(x) * x


@program(floats(1), normal(()), smooth=True)
def nested_calls(x):
    return square(square(x) + square(square(x) * x))


@program(floats(3), wrt=(0, 1, 2), smooth=True)
def keywords_and_defaults(x, y, z):
    return affine(x) + affine(x, y) * affine(y, offset=z) - affine(offset=x, slope=z, x=y)


@program(normal((5,)), smooth=True)
def several_results(x):
    mean, variance, n = statistics(x)
    return mean / variance + variance * n


@program(normal((5,)), smooth=True)
def one_of_several_results(x):
    return statistics(x)[1] * 2 + statistics(x * x)[0]


@program(
    lambda rng: (
        {
            "W1": rng.normal(size=(3, 4)),
            "b1": rng.normal(size=4),
            "W2": rng.normal(size=(4, 2)),
            "b2": rng.normal(size=2),
        },
        rng.normal(size=(5, 3)),
        rng.normal(size=(5, 2)),
    ),
    smooth=True,
)
def two_layers(params, x, y):
    h = dense(x, params["W1"], params["b1"])
    p = dense(h, params["W2"], params["b2"])
    return np.sum((p - y) ** 2)


@program(floats(2), wrt=(0, 1), smooth=True)
def callee_with_branches(x, y):
    return either(x, True) * either(y, False) + either(y, x > 0)


@program(lambda rng: ([0.5, float(rng.normal()), 1.5], 3), smooth=True)
def callee_with_a_loop(xs, n):
    return add_up(xs, 2) * add_up(xs, n)


@program(floats(2), wrt=(0, 1), smooth=True)
def callee_returns_its_argument(x, y):
    z = first_of(x, y)
    return z * x + first_of(y, x) * first_of(x, x)


@program(normal((3,)), smooth=True)
def returned_argument_is_updated_after_a_copy(x):
    z = first_of(x, 0) * 1.0
    z += x
    return np.sum(z * x)


@program(
    lambda rng: ({"W": rng.normal(size=(3, 3)), "unused": rng.normal(size=2)}, rng.normal(size=3)),
    wrt=(0, 1),
    smooth=True,
)
def callee_returns_a_dict(params, x):
    out = layer(params, x)
    again = layer(params, out["h"])
    return np.sum(again["h"]) + 0.1 * out["penalty"] * out["n"]


@program(floats(1), smooth=True)
def callee_overwrites_its_parameter(x):
    y = overwrites_its_parameter(x)
    return x * y


@program(floats(1), smooth=True)
def two_callees_of_one_name(x):
    return left.scale(x) * right.scale(x) + scale(x) - other_scale(x)


@program(floats(1), smooth=True)
def callees_that_call_one_name(x):
    return left.shape(x) + right.shape(x) * 2


@program(positive((3,)), smooth=True)
def imported_names(x):
    return np.sum(exp(-x) * sin(x)) + math.pi * x[0] + math.log(x[1]) * math.sqrt(x[2])


@program(floats(1), smooth=True, may_refuse=True)
def function_under_a_local_name(x):
    f = square
    g = np.tanh
    return f(g(x)) + g(f(x))


@program(followed_by(floats(1), 4), smooth=True)
def called_in_a_loop(x, n):
    y = x
    for i in range(n):
        y = affine(square(y), slope=0.3, offset=i * x)
    return y


@program(exactly(1.5, 0.5), exactly(-1.5, 0.5), wrt=(0, 1), smooth=True)
def called_in_one_branch(x, y):
    return square(x) * y if x > 0 else affine(y, x)


@program(floats(2), wrt=(0, 1), smooth=True)
def same_argument_twice(x, y):
    return affine(x, x, x) * affine(y, slope=y)


@program(lambda rng: (a := rng.normal(size=3), a), wrt=(0, 1), smooth=True)
def one_object_in_two_slots(x, y):
    return np.sum(x * x * y)


@program(lambda rng: (a := rng.normal(size=3), {"a": a, "b": [a, a]}), wrt=(0, 1), smooth=True)
def one_object_all_over(x, tree):
    return np.sum(x * tree["a"] ** 2 + tree["b"][0] * x)


@program(normal((3,)), smooth=True)
def constant_through_a_callee(x):
    weights = affine(np.arange(3.0))
    return np.sum(square(weights) * x**2)


@program(floats(2), wrt=1, smooth=True)
def callee_with_other_active_arguments(x, y):
    return affine(x, y) + affine(y, x) + affine(2.0, 3.0, y) + affine(x, 3.0)


def no_result(x):
    x * x


@program(floats(1), smooth=True)
def call_as_a_statement(x):
    no_result(x)
    square(x)
    return x * x


def returns_nested(x, y):
    return {"pair": (x * y, [x, y]), "n": 2}, x


@program(floats(2), wrt=(0, 1), smooth=True)
def nested_results(x, y):
    tree, z = returns_nested(x, y)
    a, (b, c) = tree["pair"]
    return a * b + c * z * tree["n"]


@program(normal((3,)), smooth=True)
def callee_of_mixed_shapes(x):
    return np.sum(affine(x, 2.0, x[0])) + affine(x[1], x[2])


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def callee_result_is_updated(x, y):
    z = affine(x, y)
    z *= x
    w = square(z)
    z += w
    return np.sum(z * w)


# ---------------------------------------------------------------- calls that a choice passes over


def scaled_steps(x, scale=2.0):
    for k in range(3):
        if k == 2:
            return x * scale
        x = np.sin(x) * scale
    return x


def two_of_them(x):
    return scaled_steps(x), np.exp(x) * np.linalg.norm(x)


@program(normal((3,), ()), wrt=(0, 1), smooth=True)
def callees_that_are_chosen_among(x, scale):
    a, b = two_of_them(x)
    return np.sum(np.where(x > 0, a * b + scaled_steps(x, scale), scaled_steps(b)))


@program(normal((3,)), smooth=True)
def callee_with_stores_that_is_chosen(x):
    def stored(v):
        y = v * v
        y[0] = y[1] * v[2]
        y *= x
        return y

    return np.sum(np.where(x > 0.1, stored(np.cos(x)), stored(x)))


def first_times_rest(first, *rest):
    return first * (1.0 + len(rest)) + sum(rest) ** 2


def model(t, *parameters):
    return parameters[0] * np.exp(-parameters[1] * t) + parameters[-1]


@program(normal((3,), (3, 2)), wrt=(0, 1), smooth=True)
def starred_array_of_which_a_part_has_names(x, rows):
    total = first_times_rest(*x) + first_times_rest(*x[:1])
    total = total + np.sum(model(np.linspace(0.0, 1.0, 4), *x))
    return total * np.sum(first_times_rest(*rows) * first_times_rest(*rows[0]))
