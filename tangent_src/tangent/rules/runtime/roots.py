"""Roots, by the implicit function theorem.

f(x, a) = 0, and so f_x x_dot + f_a a_dot = 0: Griewank & Walther, Evaluating Derivatives, chapter
15.  The root is read under its own name, so that derivatives of any order follow.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

import tangent.runtime as runtime
from tangent.rules.language import constant, defjvp, defprogram, defvjp
from tangent.runtime import call_backward, call_forward, call_jvp, slope, slopes

constant(runtime.refuse_no_root, pure=False)
defprogram(slope)(slope)
defprogram(slopes)(slopes)


@defvjp(runtime.zero, fresh=False)
def zero(x_bar, x, f, x_0):
    return call_backward(-x_bar / slope(f, x), call_forward(f, x, wrt=(0,))[1]), None


@defjvp(runtime.zero)
def zero_tangent(f_dot, x, f, x_0):
    return -call_jvp(f, x, f_dot=f_dot)[1] / slope(f, x)


@defvjp(runtime.zeros, fresh=False)
def zeros(x_bar, x, f, x_0):
    f_bar = -np.linalg.solve(slopes(f, x).T, np.ravel(x_bar))
    return call_backward(np.reshape(f_bar, np.shape(x)), call_forward(f, x, wrt=(0,))[1]), None


@defjvp(runtime.zeros)
def zeros_tangent(f_dot, x, f, x_0):
    moved = np.ravel(call_jvp(f, x, f_dot=f_dot)[1])
    return -np.reshape(np.linalg.solve(slopes(f, x), moved), np.shape(x))
