"""Stores through something that is not understood, and arguments that share the memory written to.

The exact refusal is not fixed: what is fixed is that there is one, at that line.
"""

import numpy as np

from errors.registry import refused

CACHE = {}
HISTORY = []
BUFFER = np.zeros(3)
ONE = np.ones(3)


@refused("TangentError", np.ones(3))
def cache_of_the_module(x):
    CACHE["y"] = x * x  # error
    return np.sum(CACHE["y"])


@refused("InvalidArgument", 1.5)
def array_of_integers(x):
    y = np.zeros(3, int)
    y[0] = x * 10  # error
    return np.sum(y) * x


@refused("InvalidArgument", 1.5, np.arange(3))
def copy_of_an_argument_of_integers(x, k):
    k = k.copy()
    k[0] = x  # error
    return np.sum(k) * x


@refused("TangentError", np.ones(3))
def entry_of_a_dict_that_another_name_shows(x):
    y = x * 2
    tree = {"a": y}
    tree["a"] -= x * x  # error
    return np.sum(y * y)


@refused("TangentError", np.ones(3))
def argument_updated_as_an_entry(x):
    tree = {"a": x}
    tree["a"] += 1.0  # error
    return np.sum(tree["a"] * tree["a"])


@refused("TangentError", np.ones(3))
def list_of_the_module(x):
    HISTORY.append(x * x)  # error
    return np.sum(HISTORY[-1])


@refused("TangentError", np.ones(3))
def array_of_the_module(x):
    BUFFER[:] = x * x  # error
    return np.sum(BUFFER)


@refused("TangentError", np.ones(3))
def array_of_the_module_by_another_name(x):
    y = BUFFER
    y += x * x  # error
    return np.sum(BUFFER)


@refused("TangentError", ONE, ONE, wrt=(0, 1))
def two_arguments_share_what_is_written(x, y):
    x += y
    return np.sum(x * y)


@refused("TangentError", ONE[:2], ONE[1:], wrt=(0, 1))
def two_views_share_what_is_written(x, y):
    x *= 2
    return np.sum(x * y)


@refused("TangentError", {"a": ONE, "b": ONE})
def entries_share_what_is_written(params):
    params["a"] += 1
    return np.sum(params["a"] * params["b"])


@refused("TangentError", np.ones(3))
def method_that_writes(x):
    y = x * 2
    y.fill(0.5)  # error
    return np.sum(y * x)


@refused("TangentError", np.ones(3))
def method_that_sorts(x):
    y = x * 2
    y.sort()  # error
    return np.sum(y * x)


@refused("TangentError", np.ones(3))
def function_that_writes(x):
    y = np.zeros(3)
    np.copyto(y, x)  # error
    return np.sum(y)


@refused("TangentError", np.ones(3))
def function_that_adds_at(x):
    y = np.zeros(3)
    np.add.at(y, [0, 0, 1], x)  # error
    return np.sum(y * y)


@refused("TangentError", np.ones((2, 2)))
def fill_of_the_diagonal(x):
    y = x * 2
    np.fill_diagonal(y, 0.0)  # error
    return np.sum(y)


@refused("TangentError", np.ones(4))
def shape_is_assigned(x):
    y = x * 2
    y.shape = (2, 2)  # error
    return np.sum(y[0])


@refused("TangentError", np.ones(4))
def flat_is_written(x):
    y = x * 2
    y.flat[0] = 3.0  # error
    return np.sum(y)


@refused("TangentError", np.ones(3))
def sum_into_an_element_that_is_named_twice(x):
    y = np.zeros(2)
    y[[0, 0, 1]] += x  # error[repeated-index]
    return np.sum(y * y)


@refused("TangentError", np.ones(3))
def array_of_the_module_among_others(x):
    y, z = BUFFER, BUFFER * x
    y[0] = 1.5  # error
    return np.sum(z)
