"""Derivatives that the tests of one program share: asked for again and again, as users do.

The tests of a program stand together (`conftest`); behind them what was written for it goes.
"""

import functools

from tangent import grad

again = functools.lru_cache(maxsize=8)(grad)  # for one function and one `wrt` the same derivative


@functools.lru_cache(maxsize=8)
def derivative(program, door=grad):
    """The derivative of a program of the corpus, by `grad` or by `value_and_grad`."""
    return door(program.function, wrt=program.wrt)


def forget(program):
    """Let go what the library keeps at a function as long as that lives."""
    for table in ("_tangent_halves", "_tangent_jvp"):
        vars(program.function).pop(table, None)
