"""Roots, integrals and distances of SciPy, of functions that read what is differentiated."""

import numpy as np
from scipy import integrate, optimize
from scipy.spatial import distance

from programs.registry import exactly, normal, program

MIX = np.array([[3.0, 1.0], [0.5, 2.0]])


@program(exactly(1.3), exactly(0.4), smooth=True, saves=False)
def root_between_bounds(a):
    return optimize.brentq(lambda x: x**3 + a * x - 2.0, 0.0, 5.0)


@program(exactly(1.3, 0.7), wrt=(0, 1), smooth=True, saves=False)
def root_with_arguments(a, c):
    def balance(x, rate):
        return np.exp(x) - rate * c

    return optimize.newton(balance, 0.5, args=(a + 1.0,), tol=1e-13) * c


@program(exactly(1.3), smooth=True, saves=False)
def roots_in_a_loop(a):
    total = 0.0
    for k in range(3):
        total += optimize.bisect(lambda x, k=k: x * x * (k + 1) - a, 0.0, 10.0, xtol=1e-14)
    return total * a


@program(normal((2,)), smooth=True, saves=False)
def root_of_a_system(w):
    x = optimize.fsolve(lambda x: MIX @ x + 0.3 * x**3 - w, np.zeros(2), xtol=1e-13)
    return np.sum(x * x * w)


@program(exactly(1.3), smooth=True, saves=False)
def root_and_whether_it_was_found(a):
    def equations(v, a):
        x, y = v
        return [x + a * y - 1.0, x * y - 0.1 * a]

    found = optimize.root(equations, [1.0, 0.2], args=(a,), tol=1e-11)
    if not found.success:
        raise ValueError(found.message)
    return found.x[0] * a + found.x[1]


@program(exactly(1.3), smooth=True, saves=False)
def scalar_root(a):
    found = optimize.root_scalar(lambda x: x**3 - a, bracket=[0.0, 5.0], xtol=1e-14)
    return found.root**2 if found.converged else 0.0


@program(exactly(1.3), smooth=True, saves=False)
def root_of_a_root(a):
    def inner(y):
        return optimize.brentq(lambda x: x * x - y * a, 0.0, 10.0, xtol=1e-14)

    return optimize.brentq(lambda y: inner(y) * y - 2.0, 0.1, 10.0, xtol=1e-14)


@program(exactly(0.8), smooth=True, saves=False)
def fixed_point_of_a_map(a):
    return optimize.fixed_point(lambda x: np.cos(a * x), 0.5, xtol=1e-13)


@program(exactly(0.7, 1.2), wrt=(0, 1), smooth=True, saves=False)
def integral_by_points_of_gauss(rate, end):
    whole, _ = integrate.fixed_quad(lambda x: np.exp(-rate * x * x), 0.0, end, n=7)
    part = integrate.fixed_quad(lambda x, k: np.cos(k * x), 0.0, rate, args=(end,))[0]
    return whole * part


@program(normal((5,), (4,)), wrt=(0, 1), smooth=True)
def integrals_of_samples(y, x):
    steps = np.cumsum(np.exp(x))
    area = integrate.cumulative_trapezoid(y[:4], steps, initial=0)
    return integrate.simpson(y[:4] ** 2, x=steps) + integrate.simpson(y, dx=0.3) * area[-1]


@program(normal((3, 2), (4, 2)), wrt=(0, 1), smooth=True)
def distances_of_points(a, b):
    return np.sum(distance.cdist(a, b) ** 3) + np.sum(distance.pdist(a, "sqeuclidean") ** 2)


@program(exactly(1.3), smooth=True, saves=False)
def root_and_how_it_was_found(a):
    x, how, flag, _ = optimize.fsolve(lambda x: MIX @ x - a, np.zeros(2), full_output=True)
    return np.sum(x * x) * a if flag == 1 and how["nfev"] > 0 else 0.0
