"""Values that a solver found, and the ends of integrals.

F(x) = integral of f(t, a) to x: dF/dx = f(x, a), and what `f` holds counts to second order, where
the end moves.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import tangent.runtime as runtime
from tangent.rules.language import defjvp, defvjp
from tangent.runtime import call, call_backward, call_forward, call_jvp, stop_gradient


@defvjp(runtime.valued)
def valued(y_bar, y, value, model):
    return None, y_bar


@defjvp(runtime.valued)
def valued_tangent(model_dot, y, value, model):
    return model_dot


@defvjp(runtime.end, fresh=False)
def end(y_bar, y, f, x):
    """The adjoint of what `f` holds is 0, and changes where the end moves."""
    way = x - stop_gradient(x)
    return call_backward(way * y_bar, call_forward(f, x, wrt=(0,))[1]), y_bar * call(f, x)


@defjvp(runtime.end)
def end_tangent(f_dot, x_dot, y, f, x):
    return (x - stop_gradient(x)) * call_jvp(f, x, f_dot=f_dot)[1] + x_dot * call(f, x)


@defvjp(runtime.bare_end, fresh=False)
def bare_end(y_bar, y, f, x):
    return None, y_bar * call(f, x)


@defjvp(runtime.bare_end)
def bare_end_tangent(x_dot, y, f, x):
    return x_dot * call(f, x)
