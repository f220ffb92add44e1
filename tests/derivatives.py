"""Derivatives that the tests of one program share: asked for again and again, as users do.

The tests of a program stand together (`conftest`); behind them what was written for it goes.
"""

import functools

import tangent
from tangent import grad
from tangent.forward import tangent_names
from tangent.runtime import tangent_like

again = functools.lru_cache(maxsize=8)(grad)  # for one function and one `wrt` the same derivative


@functools.lru_cache(maxsize=8)
def derivative(program, door=grad):
    """The derivative of a program of the corpus, by `grad` or by `value_and_grad`."""
    return door(program.function, wrt=program.wrt)


def three_ways(function, args, wrt, df):
    """The Hessian-vector products of a function by each mode over each, `df` being its gradient:
    H v, u H and again H v, the last two with an entry for each argument.
    """
    push = tangent.Pushforward(function, wrt)

    def forward_over_reverse(v):
        return tangent.Pushforward(df, wrt)(args, v)[1]

    def reverse_over_reverse(u):
        return tangent.vjp(df, *args)[1](u)

    def reverse_over_forward(v):
        given = dict(zip(wrt, v, strict=True))
        moving = [tangent_like(given[i], args[i]) for i in sorted(wrt)]
        module = push.module_for(tuple(args))
        words = dict(zip(tangent_names(module), moving, strict=True))
        value, pullback = tangent.vjp(module[0], *args, **words)
        return pullback((None, type(value[1])(1.0)))

    return forward_over_reverse, reverse_over_reverse, reverse_over_forward


def forget(program):
    """Let go what the library keeps at a function as long as that lives."""
    for table in ("_tangent_halves", "_tangent_jvp", "_tangent_calls"):
        vars(program.function).pop(table, None)
