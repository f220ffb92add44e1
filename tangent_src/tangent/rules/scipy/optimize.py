"""`scipy.optimize`: roots, by the implicit function theorem, and its test function.

A solver is run as it stands; of the root that it found only the equation counts (`runtime.zero`).
A derivative is as exact as the root; where a solver starts, and between which bounds, has none.
"""

import numpy as np
from scipy import optimize

from tangent.rules.language import constant, defprogram
from tangent.runtime import zero, zeros

# ------------------------------------------------------------------------------ what was found


def found(solver, f, *start):
    """What a solver of SciPy finds."""
    return getattr(optimize, solver)(f, *start)


constant(found, pure=False)


class Found:
    """What `scipy.optimize.root` and `root_scalar` give: the root, and how they came to it."""

    def __init__(self, root, how):
        self.x = self.root = root
        self.success, self.message, self.fun = (
            how.get("success"),
            how.get("message"),
            how.get("fun"),
        )
        self.converged, self.flag = how.get("converged"), how.get("flag")
        self.nfev, self.nit, self.status = how.get("nfev"), how.get("nit"), how.get("status")
        self.iterations, self.function_calls = how.get("iterations"), how.get("function_calls")


# ------------------------------------------------------------------------------ one unknown


def crossing(solver, f, a, b, args, xtol, rtol, maxiter, full_output):
    if args is None:
        how = found(solver, f, a, b, (), xtol, rtol, maxiter, full_output)
        return (zero(f, how[0]), Found(how[0], how[1])) if full_output else zero(f, how)
    given = args if isinstance(args, tuple) else (args,)

    def g(x):
        return f(x, *given)

    how = found(solver, g, a, b, (), xtol, rtol, maxiter, full_output)
    return (zero(g, how[0]), Found(how[0], how[1])) if full_output else zero(g, how)


defprogram(crossing)(crossing)


@defprogram(optimize.brentq)
def brentq(
    f, a, b, args=None, xtol=2e-12, rtol=8.881784197001252e-16, maxiter=100, full_output=False
):
    return crossing("brentq", f, a, b, args, xtol, rtol, maxiter, full_output)


@defprogram(optimize.brenth)
def brenth(
    f, a, b, args=None, xtol=2e-12, rtol=8.881784197001252e-16, maxiter=100, full_output=False
):
    return crossing("brenth", f, a, b, args, xtol, rtol, maxiter, full_output)


@defprogram(optimize.bisect)
def bisect(
    f, a, b, args=None, xtol=2e-12, rtol=8.881784197001252e-16, maxiter=100, full_output=False
):
    return crossing("bisect", f, a, b, args, xtol, rtol, maxiter, full_output)


@defprogram(optimize.ridder)
def ridder(
    f, a, b, args=None, xtol=2e-12, rtol=8.881784197001252e-16, maxiter=100, full_output=False
):
    return crossing("ridder", f, a, b, args, xtol, rtol, maxiter, full_output)


@defprogram(optimize.newton)
def newton(func, x0, fprime=None, args=None, tol=1.48e-08, maxiter=50, fprime2=None, x1=None):
    """Of each element by itself, where `x0` is an array."""
    if args is None:
        return zero(func, found("newton", func, x0, fprime, (), tol, maxiter, fprime2, x1))
    given = args if isinstance(args, tuple) else (args,)

    def f(x):
        return func(x, *given)

    if fprime is None:
        return zero(f, found("newton", f, x0, None, (), tol, maxiter, None, x1))

    def slope(x):
        return fprime(x, *given)

    return zero(f, found("newton", f, x0, slope, (), tol, maxiter, None, x1))


@defprogram(optimize.root_scalar)
def root_scalar(
    f,
    args=None,
    method=None,
    bracket=None,
    fprime=None,
    fprime2=None,
    x0=None,
    x1=None,
    xtol=None,
    rtol=None,
    maxiter=None,
):
    how = scalar_root(f, args, method, bracket, fprime, x0, x1, xtol, rtol, maxiter)
    if args is None:
        return Found(zero(f, how.root), how)
    given = args if isinstance(args, tuple) else (args,)

    def g(x):
        return f(x, *given)

    return Found(zero(g, how.root), how)


def scalar_root(f, args, method, bracket, fprime, x0, x1, xtol, rtol, maxiter):
    return optimize.root_scalar(
        f,
        () if args is None else args,
        method,
        bracket,
        fprime,
        x0=x0,
        x1=x1,
        xtol=xtol,
        rtol=rtol,
        maxiter=maxiter,
    )


constant(scalar_root, pure=False)


# ------------------------------------------------------------------------------ systems


@defprogram(optimize.fsolve)
def fsolve(
    func, x0, args=None, fprime=None, full_output=0, col_deriv=0, xtol=1.49012e-08, maxfev=0
):
    if args is None:
        how = found("fsolve", func, x0, (), fprime, full_output, col_deriv, xtol, maxfev)
        x = zeros(lambda v: np.asarray(func(v)), how[0] if full_output else how)
    else:
        given = args if isinstance(args, tuple) else (args,)
        how = found("fsolve", func, x0, given, fprime, full_output, col_deriv, xtol, maxfev)
        x = zeros(lambda v: np.asarray(func(v, *given)), how[0] if full_output else how)
    if full_output:  # the factors of the Jacobian would have derivatives
        return x, {"nfev": how[1]["nfev"], "fvec": how[1]["fvec"]}, how[2], how[3]
    return x


@defprogram(optimize.root)
def root(fun, x0, args=None, method="hybr", jac=None, tol=None, callback=None, options=None):
    if args is None:
        how = found("root", fun, x0, (), method, jac, tol, callback, options)
        if jac is True:
            return Found(zeros(lambda v: np.asarray(fun(v)[0]), how["x"]), how)
        return Found(zeros(lambda v: np.asarray(fun(v)), how["x"]), how)
    given = args if isinstance(args, tuple) else (args,)
    how = found("root", fun, x0, given, method, jac, tol, callback, options)
    if jac is True:
        return Found(zeros(lambda v: np.asarray(fun(v, *given)[0]), how["x"]), how)
    return Found(zeros(lambda v: np.asarray(fun(v, *given)), how["x"]), how)


@defprogram(optimize.fixed_point)
def fixed_point(func, x0, args=None, xtol=1e-08, maxiter=500, method="del2"):
    if args is None:
        return zeros(
            lambda x: func(x) - x, found("fixed_point", func, x0, (), xtol, maxiter, method)
        )
    given = args if isinstance(args, tuple) else (args,)
    x = found("fixed_point", func, x0, given, xtol, maxiter, method)
    return zeros(lambda x: func(x, *given) - x, x)


# ------------------------------------------------------------------------------ its test function


@defprogram(optimize.rosen)
def rosen(x):
    """Rosenbrock's function."""
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2.0) ** 2.0 + (1 - x[:-1]) ** 2.0, axis=0)
