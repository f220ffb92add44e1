"""Blocks of `adjoint_of` that have no meaning where they stand."""

import numpy as np

from errors.registry import refused
from tangent import adjoint_of

X = np.ones(2)


@refused("UnsupportedSyntax", X)
def read_before(x):
    y = x * 2
    z = y * 3
    with adjoint_of(y) as y_bar:  # error[incomplete-adjoint]: reads `y` before
        print(y_bar)
    return np.sum(z * y)


@refused("UnsupportedSyntax", X)
def other_name_before(x):
    y = x * 2
    z = y
    with adjoint_of(y) as y_bar:  # error[incomplete-adjoint]: reads `y` before
        print(y_bar)
    return np.sum(z)


@refused("UnsupportedSyntax", X)
def read_in_an_earlier_iteration(x):
    s = 0.0
    for i in range(3):
        with adjoint_of(x) as x_bar:  # error[incomplete-adjoint]: reads `x` before
            print(x_bar)
        s = s + np.sum(x * i)
    return s


@refused("UnsupportedSyntax", X)
def read_on_one_path(x):
    y = x * 2
    z = y * 3 if x[0] > 0 else x * 1.0
    with adjoint_of(y) as y_bar:  # error[incomplete-adjoint]
        print(y_bar)
    return np.sum(y + z)


@refused("UnsupportedSyntax", X)
def pattern(x):
    with adjoint_of(x) as (a, b):  # error[adjoint-of]: a pattern
        print(a, b)
    return np.sum(x)


@refused("UnsupportedSyntax", X)
def expression(x):
    with adjoint_of(x * 2) as t_bar:  # error[adjoint-of]: one variable
        print(t_bar)
    return np.sum(x * 2)


@refused("UnsupportedSyntax", X)
def value_from_outside(x):
    with adjoint_of(X) as x_bar:  # error[adjoint-of]: one variable
        print(x_bar)
    return np.sum(x * X)


@refused("UnsupportedSyntax", X)
def two_at_once(x):
    y = x + 1
    with adjoint_of(x) as a, adjoint_of(y) as b:  # error[adjoint-of]: beside another context
        print(a, b)
    return np.sum(y)


@refused("UnsupportedSyntax", X)
def name_of_the_function(x):
    norm = np.sum(x)
    y = x * norm  # error[adjoint-of]: `norm` is bound in a block
    with adjoint_of(y) as y_bar:
        norm = np.sum(y_bar)
    return np.sum(y)


@refused("UnsupportedSyntax", X)
def adjoint_read_outside(x):
    y = x * 2
    with adjoint_of(y) as y_bar:
        y_bar = y_bar * 2
    return np.sum(y) + np.sum(y_bar)  # error[adjoint-of]: `y_bar` is bound in a block


@refused("UnsupportedSyntax", X)
def name_of_another_block(x):
    y = x * 2
    with adjoint_of(y) as y_bar:
        seen = y_bar
    z = y * 2
    with adjoint_of(z) as z_bar:
        print(z_bar, seen)  # error[adjoint-of]: `seen` is bound in a block
    return np.sum(z)


@refused("UnsupportedSyntax", X)
def writes_into_a_value(x):
    y = x * 2
    with adjoint_of(y) as y_bar:
        y[0] = y_bar[0]  # error[adjoint-of]: writes into `y`
    return np.sum(y)


@refused("UnsupportedSyntax", X)
def returns(x):
    y = x * 2
    with adjoint_of(y):
        return 2.0  # error[adjoint-of]: `return`
    return np.sum(y)


@refused("UnsupportedSyntax", X)
def jumps_out(x):
    for _ in range(2):
        x = x * 2
        with adjoint_of(x):
            break  # error[adjoint-of]: a jump
    return np.sum(x)


@refused("UnsupportedSyntax", X)
def function_defined_here(x):
    def twice(a):
        return 2 * a

    y = twice(x)
    with adjoint_of(y) as y_bar:
        y_bar = twice(y_bar)  # error[adjoint-of]: a function defined in this one
    return np.sum(y)


@refused("InvalidArgument", X)
def other_shape(x):
    y = x * 2
    with adjoint_of(y) as y_bar:  # error[shape]
        y_bar = np.append(y_bar, 1.0)
    return np.sum(y)
