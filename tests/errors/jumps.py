"""Jumps: `while`, `break`, `continue`, and `return` inside a loop."""

import numpy as np

from errors.registry import refused


@refused("UnsupportedSyntax", 1.5)
def while_loop(x):
    while x < 10:  # error[while]: a `while` loop
        x = x * 2
    return x


@refused("UnsupportedSyntax", np.ones(3))
def break_in_a_loop(x):
    total = 0.0
    for item in x:
        if item > 3:
            break  # error[break]: `break`
        total = total + item * item
    return total


@refused("UnsupportedSyntax", np.ones(3))
def continue_in_a_loop(x):
    total = 0.0
    for item in x:
        if item > 3:
            continue  # error[continue]: `continue`
        total = total + item * item
    return total


@refused("UnsupportedSyntax", np.ones(3))
def return_in_a_loop(x):
    total = 0.0
    for item in x:
        total = total + item * item
        if total > 1:
            return total  # error: `return` inside a loop
    return total


@refused("UnsupportedSyntax", np.ones(3))
def else_of_a_loop(x):
    total = 0.0
    for item in x:  # error: `else` of a loop
        total = total + item * item
    else:
        total = total * 2
    return total


def callee(x):
    y = x
    while y < 10:  # error[while]: a `while` loop
        y = y * x
    return y


@refused("UnsupportedSyntax", 1.5, marked=callee)
def while_loop_of_a_callee(x):
    return callee(x) * x
