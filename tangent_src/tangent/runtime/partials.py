"""Partials that need care at single points.  All keep the dtype of their operands."""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.refusals import Refusal


def quotient(x: Any, y: Any) -> Any:
    """`x / y`, and 0 where `y` is 0: the subgradient of least norm of a norm at its kink."""
    if type(y) is float:
        return x / y if y else 0.0 * x
    return x / np.where(y == 0, np.inf, y)


def abs_adjoint(y_bar: Any, x: Any) -> Any:
    """The adjoint of `x` in `abs(x)`: y_bar sign(x), and Re(y_bar) conj(x) / |x| for complex x; 0
    at the kink, the middle of its subgradients.
    """
    if np.iscomplexobj(x):
        return np.real(y_bar) * np.conj(np.sign(x))
    return y_bar * np.sign(x)


def abs_tangent(x_dot: Any, x: Any) -> Any:
    """The tangent of `abs(x)`: Re(conj(x) x_dot) / |x|."""
    return np.real(x_dot * np.conj(np.sign(x))) if np.iscomplexobj(x) else x_dot * np.sign(x)


def sign(x: Any) -> Any:
    """`np.sign(x)` of real `x`, a staircase; of complex numbers it is x / |x|, and no constant."""
    if np.iscomplexobj(x):
        raise Refusal("`np.sign` of complex numbers", "complex", "write `z / np.abs(z)`")
    return np.sign(x)


def turning(w: Any, x: Any) -> Any:
    """The adjoint of `x` in w conj(x) / |x|, of which the real part counts: 0 for real `x`.

    With r = |x| and s = conj(x) / r, ds = -i s Im(s dx) / r, hence Re(w ds) = Re(x_bar dx) for
    x_bar = -i s Im(w s) / r.
    """
    s = np.conj(np.sign(x))
    return -1j * s * quotient(np.imag(w * s), np.abs(x)) if np.iscomplexobj(x) else 0.0 * s


def turned(x_dot: Any, x: Any) -> Any:
    """The tangent of conj(x) / |x|: -i s Im(s x_dot) / r in the names of `turning`."""
    s = np.conj(np.sign(x))
    return -1j * s * quotient(np.imag(s * x_dot), np.abs(x)) if np.iscomplexobj(x) else 0.0 * s


def log_or_zero(x: Any) -> Any:
    """`np.log(x)`, and 0 where `x` is 0, as the limit of `x**y * log(x)` for `y > 0` asks for;
    nan below 0.
    """
    if type(x) is float or type(x) is int:
        return float(np.log(x)) if x > 0 else (np.nan if x < 0 else 0.0)
    if np.iscomplexobj(x):
        return np.log(np.where(x == 0, 1, x))
    return np.where(x < 0, x.dtype.type(np.nan), np.log(np.where(x > 0, x, x.dtype.type(1))))


def power_partial(x: Any, y: Any, order: int = 1) -> Any:
    """The derivative of `x ** y` in `x`: `y * x ** (y - 1)`, and 0 where `y` is 0, even at 0."""
    if np.ndim(y) == 0:
        return falling_power(x, y, order)
    factor = 1.0 * y
    for k in range(1, order):
        factor = factor * (y - k)
    return factor * x ** np.where(factor == 0, 1, y - order)


def falling_power(x: Any, y: Any, order: int) -> Any:
    """`power_partial` for one exponent `y`."""
    factor = y
    for k in range(1, order):
        factor = factor * (y - k)
    if factor == 0:
        return np.zeros_like(x) if isinstance(x, np.ndarray) else 0.0 * y
    if type(x) is float and x == 0 and y < order:
        return factor * np.inf
    return factor * x ** (y - order)


def power_partial_in_exponent(x: Any, y: Any, order: int = 1) -> Any:
    """The derivative of `power_partial(x, y, order)` in `y`."""
    slope = 0.0
    for j in range(order):
        product = 1.0
        for k in range(order):
            product = product * (y - k if k != j else 1.0)
        slope = slope + product
    return slope * x ** (y - order) + power_partial(x, y, order) * log_or_zero(x)


def if_moving(partial: Any, x_dot: Any) -> Any:
    """`partial`, and 0 where `x_dot` is: a partial need not exist where its operand stays."""
    if type(x_dot) is float and x_dot:
        return partial
    value = np.where(np.equal(x_dot, 0), 0, partial)
    return value if value.ndim else value[()]


def exponent_moved(y_dot: Any, x: Any, y: Any, order: int = 1) -> Any:
    """`y_dot` times the derivative of `power_partial(x, y, order)` in `y`; 0 where `y` stays."""
    if np.ndim(y_dot) == 0 and y_dot == 0:
        return 0.0
    return y_dot * if_moving(power_partial_in_exponent(x, y, order), y_dot)


def known(adjoint: Any, x: Any, where: Any = None) -> Any:
    """`adjoint`, and 0 where `x` is not a number, or outside of `where`."""
    return np.where(counted(x, where), adjoint, 0)


def counted(x: Any, where: Any = None) -> Any:
    """Where `x` is a number, and `where` holds."""
    return ~np.isnan(x) if where is None else ~np.isnan(x) & where


def refuse_order(chosen: Any) -> None:
    """Refuses the greatest of tuples or objects, which is one of them and no mixture."""
    if not isinstance(chosen, np.ndarray | np.generic | int | float):
        raise Refusal(
            f"the greatest or least {type(chosen).__name__}, where numbers were expected",
            "order",
            "say what is compared: `max(xs, key=lambda v: v)`",
        )


def tie_share(x: Any, y: Any, z: Any) -> Any:
    """The part of the adjoint of `z`, an extreme of two, that `x` gets: a half at a tie."""
    refuse_order(z)
    if type(z) is float:
        return 0.5 if x == y else float(x == z)
    share = np.where(x == y, 0.5, x == z)
    return share.astype(np.result_type(z))


def logaddexp_share(x: Any, y: Any) -> Any:
    """`exp(x) / (exp(x) + exp(y))` without overflow; a half where both are the same infinity."""
    same = x == y  # as two infinities may be, which have no distance
    distance = np.where(same, 0, x) - np.where(same, 0, y)
    small = np.exp(-np.abs(distance))
    share = np.where(distance >= 0, 1, small) / (1 + small)
    return share if np.ndim(share) else share[()]


def sinc_derivative(x: Any, order: int = 1) -> Any:
    """The derivative of `np.sinc` of that order, everywhere exact to rounding.

    `x s^(n) = pi^(n-1) sin(pi x + n pi/2) - n s^(n-1)` away from 0, and the Taylor series near it,
    where the recurrence cancels.
    """
    near = np.abs(x) < 1 + order / 2
    inside, outside = np.where(near, x, 0), np.where(near, 1, x)
    far = np.sinc(outside)
    for n in range(1, order + 1):
        far = (np.pi ** (n - 1) * np.sin(np.pi * outside + n * (np.pi / 2)) - n * far) / outside
    series, term = np.zeros_like(inside), 1.0
    for k in range(1, 30 + 2 * order):
        term *= -(np.pi**2) / ((2 * k) * (2 * k + 1))
        if 2 * k >= order:
            falling = float(np.prod(np.arange(2 * k - order + 1.0, 2 * k + 1.0)))
            series = series + term * falling * inside ** (2 * k - order)
    value = np.where(near, series, far)
    return value if np.ndim(value) else value[()]
