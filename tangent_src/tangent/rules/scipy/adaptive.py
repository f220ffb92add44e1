"""`scipy.integrate`: adaptive quadrature, and solvers of differential equations.

The solver is run as it stands, and its value kept (`valued`).  The derivative is that of a rule
whose points do not move: of Gauss on intervals that resolve the integrand and its derivatives, or
of Runge and Kutta on the steps that were taken.
"""

import itertools

import numpy as np
from scipy import integrate

from tangent.rules.language import constant, defprogram, no_rule_yet
from tangent.runtime import (
    Refusal,
    bare_end,
    call_backward,
    call_forward,
    call_jvp,
    end,
    stop_gradient,
    valued,
)
from tangent.runtime.calling import Closure

ORDER = 20  # of the rule of Gauss on each interval
TOO_MANY = 2000  # steps of an explicit method

# ------------------------------------------------------------------------------ integrals


def solved(solver, f, *places, **options):
    """What a function of SciPy finds."""
    return getattr(integrate, solver)(f, *places, **options)


def nodes(f, a, b, epsabs, epsrel):
    """The points and weights of a rule of Gauss that integrates `f`, and the derivatives with
    respect to the values that it holds, as well as asked.
    """
    low, high, place = _range(float(a), float(b))

    def integrand(u):
        x, stretch = place(u)
        return stretch * np.concatenate([np.ravel(f(x)), *_changes(f, x)])

    if np.asarray(f(place((low + high) / 2)[0])).dtype == np.float32:
        epsabs, epsrel = max(epsabs, 1e-5), max(epsrel, 1e-5)
    with np.errstate(all="ignore"):  # near an end the integrand may be infinite
        _, _, found = integrate.quad_vec(
            integrand, low, high, epsabs, epsrel, quadrature="gk21", full_output=True
        )
    if not found.success:
        raise Refusal(
            "the derivative of an integral does not converge",
            "integral",
            "part the range where the integrand is not smooth, or ask for less",
        )
    points, weights = np.polynomial.legendre.leggauss(ORDER)
    starts, ends = found.intervals.T[:, :, None]
    u = ((ends - starts) * points + ends + starts) / 2
    x, stretch = place(u)
    return np.ravel(x), np.ravel(stretch * weights * (ends - starts) / 2)


def regular(f, x):
    """Are `f` and its derivatives numbers at an end of a range?"""
    if not np.isfinite(x):
        return False
    try:
        return bool(np.all(np.isfinite(np.concatenate([np.ravel(f(x)), *_changes(f, x)]))))
    except (ArithmeticError, ValueError):  # `math.log(0)`
        return False


def _range(a, b):
    """A finite range, and x and dx/du as functions of u in it."""
    if np.isfinite(a) and np.isfinite(b):
        return a, b, lambda u: (u, np.ones_like(u))
    if np.isfinite(a):
        side = np.sign(b)
        return 0.0, 1.0, lambda u: (a + side * u / (1 - u), side / (1 - u) ** 2)
    if np.isfinite(b):
        side = np.sign(a)
        return 0.0, 1.0, lambda u: (b + side * u / (1 - u), -side / (1 - u) ** 2)
    side = np.sign(b) * (a != b)
    return -1.0, 1.0, lambda u: (side * u / (1 - u * u), side * (1 + u * u) / (1 - u * u) ** 2)


def _changes(f, x):
    """The derivatives of `f(x)` with respect to the numbers that `f` holds."""
    if not isinstance(f, Closure):
        return []
    return _numbers(call_backward(1.0, call_forward(f, x, wrt=(0,))[1]))


def _numbers(tree):
    if isinstance(tree, dict):
        return [n for one in tree.values() for n in _numbers(one)]
    if isinstance(tree, (list, tuple)):
        return [n for one in tree for n in _numbers(one)]
    return [] if tree is None else [np.ravel(tree)]


constant(solved, nodes, regular, pure=False)


@defprogram(integrate.quad)
def quad(func, a, b, args=None, *, epsabs=1.49e-8, epsrel=1.49e-8, limit=50):
    if args is None:
        return integral(func, a, b, epsabs, epsrel, limit)
    given = args if isinstance(args, tuple) else (args,)
    return integral(lambda x: func(x, *given), a, b, epsabs, epsrel, limit)


def integral(f, a, b, epsabs, epsrel, limit):
    value, error = solved("quad", f, a, b, epsabs=epsabs, epsrel=epsrel, limit=limit)
    places, weights = nodes(f, a, b, epsabs, epsrel)
    total = 0.0
    for x, weight in zip(places, weights, strict=False):
        total = total + weight * f(x)
    total = total + (end(f, b) if regular(f, b) else bare_end(f, b))
    total = total - (end(f, a) if regular(f, a) else bare_end(f, a))
    return valued(value, total), error


defprogram(integral)(integral)


@defprogram(integrate.dblquad)
def dblquad(func, a, b, gfun, hfun, args=(), *, epsabs=1.49e-8, epsrel=1.49e-8):
    """Along the first argument of `func`, of what the second one is integrated over."""

    def along(x):
        low = gfun(x) if callable(gfun) else gfun
        high = hfun(x) if callable(hfun) else hfun
        return integrate.quad(lambda y: func(y, x, *args), low, high, epsabs=epsabs, epsrel=epsrel)[
            0
        ]

    return integrate.quad(along, a, b, epsabs=epsabs, epsrel=epsrel)


no_rule_yet(
    integrate.tplquad,
    integrate.nquad,
    integrate.quad_vec,
    reason="an integral of numbers along one axis has one: `quad`, also of a `quad`",
)

# ------------------------------------------------------------------------------ equations


def steps(f, y0, t):
    """The steps of a method of order 8 from each time to the next, as parts of the way, that
    resolve the solution and its change along one direction.
    """
    direction = np.random.default_rng(0).normal(size=np.size(y0))
    state = np.concatenate([np.ravel(y0), direction])
    found: list[np.ndarray] = []

    def slopes(time, both):
        y, y_dot = np.split(both, 2)
        return np.concatenate(call_jvp(f, time, y, x1_dot=y_dot))

    for start, stop in itertools.pairwise(t):
        parts, solver = [0.0], integrate.DOP853(slopes, start, state, stop, rtol=1e-10, atol=1e-12)
        while solver.status == "running":
            solver.step()
            parts.append((solver.t - start) / (stop - start))
            _refuse_too_many(sum(one.size for one in found) + len(parts))
        if solver.status == "failed":
            _refuse_too_many(TOO_MANY + 1)
        state = solver.y
        found.append(np.array(parts))
    return found


def _refuse_too_many(number):
    if number > TOO_MANY:
        raise Refusal(
            "the derivative of a differential equation needs too many steps",
            "stiff",
            "write the steps of an implicit method as a loop",
        )


constant(steps, pure=False)


@defprogram(integrate.odeint)
def odeint(
    func,
    y0,
    t,
    args=None,
    Dfun=None,
    col_deriv=0,
    *,
    rtol=None,
    atol=None,
    h0=0.0,
    hmax=0.0,
    hmin=0.0,
    mxstep=0,
    tfirst=False,
):
    given = () if args is None else args if isinstance(args, tuple) else (args,)
    if tfirst:
        return flow(lambda time, y: np.asarray(func(time, y, *given)), y0, t, rtol, atol)
    return flow(lambda time, y: np.asarray(func(y, time, *given)), y0, t, rtol, atol)


def flow(f, y0, t, rtol, atol):
    """The solution at each of the times `t`, the first of which is that of `y0`."""
    value = solved("odeint", f, y0, t, rtol=rtol, atol=atol, tfirst=True)
    parts = steps(f, y0, t)
    y = np.atleast_1d(np.asarray(y0, np.float64))
    rows = [y]
    for i in range(len(parts)):
        way = t[i + 1] - t[i]
        for j in range(len(parts[i]) - 1):
            part = parts[i][j]
            y, _ = stepped(f, t[i] + part * way, y, (parts[i][j + 1] - part) * way, *DOP853)
        rows.append(y)
    return valued(value, np.stack(rows))


def stepped(f, time, y, h, A, B, C):
    """One explicit step of Runge and Kutta, and its slopes."""
    slopes = [f(time, y)]
    for s in range(1, len(B)):
        moved = y
        for j in range(s):
            moved = moved + h * A[s][j] * slopes[j]
        slopes.append(f(time + C[s] * h, moved))
    end_of_step = y
    for j in range(len(B)):
        end_of_step = end_of_step + h * B[j] * slopes[j]
    return end_of_step, slopes


def _table(method):
    n = method.n_stages
    return method.A[:n, :n], method.B, method.C[:n]


DOP853, RK45, RK23 = map(_table, (integrate.DOP853, integrate.RK45, integrate.RK23))

defprogram(flow)(flow)
defprogram(stepped)(stepped)

# ------------------------------------------------------------------------------ their own steps


class Solution:
    """What `solve_ivp` gives: the times, the values, and how it came to them."""

    def __init__(self, t, y, how):
        self.t, self.y = t, y
        self.success, self.status, self.message = how.success, how.status, how.message
        self.nfev, self.njev, self.nlu = how.nfev, how.njev, how.nlu
        self.sol, self.t_events, self.y_events = None, None, None


def found_by(f, t_span, y0, method, t_eval, rtol, atol, max_step, first_step):
    return integrate.solve_ivp(
        f,
        t_span,
        y0,
        method,
        t_eval,
        rtol=rtol,
        atol=atol,
        max_step=max_step,
        first_step=first_step,
    )


def table_of(method, dense):
    """The table of an explicit method, and the polynomials between its steps."""
    tables = {"RK45": (*RK45, integrate.RK45.P), "RK23": (*RK23, integrate.RK23.P)}
    if not dense:
        tables["DOP853"] = (*DOP853, None)
    if method not in tables:
        raise Refusal(
            f"`solve_ivp` by the method {method!r}" + " at given times" * dense,
            "solver",
            "choose RK45 or RK23",
        )
    return tables[method]


def step_of(times, t_eval):
    """The step in which each time of `t_eval` lies, as SciPy has it."""
    if times[-1] >= times[0]:
        return np.clip(np.searchsorted(times, t_eval, side="left") - 1, 0, len(times) - 2)
    return np.clip(np.searchsorted(-times, -np.asarray(t_eval), side="left") - 1, 0, len(times) - 2)


constant(found_by, table_of, step_of, pure=False)


@defprogram(integrate.solve_ivp)
def solve_ivp(
    fun,
    t_span,
    y0,
    method="RK45",
    t_eval=None,
    *,
    args=None,
    rtol=1e-3,
    atol=1e-6,
    max_step=np.inf,
    first_step=None,
):
    given = () if args is None else args if isinstance(args, tuple) else (args,)

    def f(time, y):
        return np.asarray(fun(time, y, *given))

    A, B, C, P = table_of(method, t_eval is not None)
    how = found_by(f, t_span, y0, method, None, rtol, atol, max_step, first_step)
    start, way = t_span[0], t_span[1] - t_span[0]
    parts = (how.t - start) / way
    parts = stop_gradient(parts)
    rows, slopes = [np.asarray(y0)], []
    for i in range(len(parts) - 1):
        y, found = stepped(
            f, start + parts[i] * way, rows[i], (parts[i + 1] - parts[i]) * way, A, B, C
        )
        rows.append(y)
        slopes.append([*found, f(start + parts[i + 1] * way, y)])
    if t_eval is None:
        return Solution(start + parts * way, valued(how.y, np.stack(rows, axis=-1)), how)
    places = step_of(how.t, t_eval)
    columns = []
    for m in range(len(places)):
        i = places[m]
        h = (parts[i + 1] - parts[i]) * way
        x = (t_eval[m] - start - parts[i] * way) / h
        y = rows[i]
        for j in range(len(P)):
            y = y + h * np.sum(P[j] * x ** np.arange(1, len(P[j]) + 1)) * slopes[i][j]
        columns.append(y)
    at_times = found_by(f, t_span, y0, method, t_eval, rtol, atol, max_step, first_step)
    return Solution(t_eval, valued(at_times.y, np.stack(columns, axis=-1)), at_times)
