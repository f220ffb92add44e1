"""Operators built on both modes: Hessians and their products, linear maps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tangent.api import grad
from tangent.errors import InvalidArgument
from tangent.forward import Pushforward, tangent_names
from tangent.jacobian_text import JacobianOfFirst
from tangent.jacobians import jacobian
from tangent.operator_parts import (
    Operator,
    halves_source,
    positions_of,
    refuse_integers,
    with_direction,
)
from tangent.pullbacks import pullback_at, vjp
from tangent.runtime import like, seed, tangent_like
from tangent.tracing import explained
from tangent.trees import leaves, tree_map

__all__ = ["gauss_newton", "hessian", "hvp", "linearize"]


# ---------------------------------------------------------------- second order


def hessian(f: Callable[..., Any], wrt: Any = 0, has_aux: bool = False) -> Operator:
    """The matrix of second derivatives of a function that returns a real scalar.

    It is the Jacobian, in forward mode, of the generated gradient.  For an argument of shape t it
    is an array of shape t + t; for a tuple `wrt` a tuple of tuples comes back, one row for each
    argument.  With `has_aux` the function returns a pair, and (Hessian, aux) comes back.

        >>> import numpy as np, tangent
        >>> tangent.hessian(lambda x: x[0] ** 2 * x[1])(np.array([3.0, 1.0]))
        array([[2., 6.],
               [6., 0.]])
    """
    df = grad(f, wrt=wrt, has_aux=has_aux)
    second = jacobian(df, wrt, "forward", has_aux=has_aux)

    def call(*args: Any, **kwargs: Any) -> Any:
        found = second(*args, **kwargs)
        columns, aux = found if has_aux else (found, None)
        rows = tuple(zip(*columns, strict=True)) if isinstance(wrt, tuple) else columns
        return (rows, aux) if has_aux else rows

    if isinstance(second, JacobianOfFirst):
        return JacobianOfFirst(call, f, lambda: second.source, df)
    return Operator(call, f, lambda: second.source)


def hvp(
    f: Callable[..., Any],
    wrt: Any = 0,
    mode: str = "forward_over_reverse",
    has_aux: bool = False,
) -> Operator:
    """`hvp(f)(*args, v)`: the Hessian of `f` at `args`, times `v`, at the cost of a few gradients.

    "forward_over_reverse" is the tangent of the generated gradient in the direction v, as one text;
    "reverse_over_reverse" is the gradient of <gradient, v>; "reverse_over_forward" the gradient of
    the derivative in the direction v, which also holds where the gradient writes into arrays.

    Arguments: `f` returns a real scalar; `v` has the structure and shapes of the argument that
    `wrt` names, or is a tuple of such if `wrt` is one.  The product has these, too.  With `has_aux`
    the function returns a pair, and (product, aux) comes back.  Raises `InvalidArgument` for
    another mode or a `v` that does not fit.

        >>> import numpy as np, tangent
        >>> tangent.hvp(lambda x: np.sum(x ** 3))(np.array([1.0, 2.0]), np.array([1.0, 0.5]))
        array([6., 6.])

    Pearlmutter 1994, "Fast exact multiplication by the Hessian"; Griewank & Walther, section 5.4.
    """
    if mode not in _WAYS:
        raise InvalidArgument(
            f"`mode={mode!r}` is no way to a Hessian-vector product",
            code="mode",
            help=f"use one of: {', '.join(_WAYS)}",
        )
    product = _Product(f, wrt, mode, has_aux)
    return Operator(product.at, f, product.text)


@dataclass
class _Product:
    """The Hessian times a vector, by one mode over another."""

    f: Any
    wrt: Any
    mode: str
    has_aux: bool

    def __post_init__(self) -> None:
        self.chosen = positions_of(self.f, self.wrt)
        self.df = grad(self.f, wrt=self.wrt, has_aux=self.has_aux)

    def at(self, *given: Any, **kwargs: Any) -> Any:
        """The product in the structure of the arguments, and what the function returns besides."""
        values, v, direction = with_direction(self.f, self.wrt, self.chosen, given, kwargs)
        product, aux = self.found(values, v, direction)
        inputs = self.of_wrt(values)
        product = like(product, inputs, copy=True)
        return (product, aux) if self.has_aux else product

    def found(self, values: Any, v: Any, direction: Any) -> tuple[Any, Any]:
        self.df.written_for(values)
        if self.mode == "forward_over_reverse":
            found = self.tangent()(values, direction)
            return found if self.has_aux else (found, None)
        if self.mode == "reverse_over_reverse":
            value, pullback = pullback_at(self.df, values, self.chosen, has_aux=self.has_aux)
            return self.of_wrt(pullback(v)), value[1] if self.has_aux else None
        entries, aux = _of_slope(self.f, values, self.chosen, direction, self.has_aux)
        return self.of_wrt(entries), aux

    def of_wrt(self, entries: Any) -> Any:
        """The entries of the arguments that `wrt` names."""
        found = tuple(entries[i] for i in self.chosen)
        return found if isinstance(self.wrt, tuple) else found[0]

    def tangent(self) -> Pushforward:
        name = f"{getattr(self.f, '__name__', 'f')}_hvp".replace("<lambda>", "lambda")
        return Pushforward(self.df, self.chosen, value=False, name=name, has_aux=self.has_aux)

    def text(self) -> str:
        if self.mode == "forward_over_reverse":
            return self.tangent().source
        if self.mode == "reverse_over_reverse":
            return halves_source(self.df, self.chosen, self.has_aux)
        push = Pushforward(self.f, self.chosen, has_aux=self.has_aux)
        return halves_source(push.module[0], tuple(i + len(push.leading) for i in self.chosen))


def gauss_newton(f: Callable[..., Any], wrt: Any = 0, loss: Any = None) -> Operator:
    """`gauss_newton(f)(*args, v)`: the product J^T H J v, with J the Jacobian of `f` at `args`,
    conjugated if it is complex.

    H is the Hessian of `loss` at the result of `f`, or the identity: J^T J v is the curvature of
    the sum of squares 1/2 |f|^2 without the term that holds second derivatives of `f`.  It is never
    negative where `loss` is convex.

    Arguments: `f` returns an array or a container, `loss` takes what it returns to a real scalar;
    `v` and the product have the structure and shapes of the argument that `wrt` names, or are
    tuples of such if `wrt` is one.

        >>> import numpy as np, tangent
        >>> A = np.array([[1.0, 2.0], [0.0, 1.0]])
        >>> tangent.gauss_newton(lambda x: A @ x)(np.zeros(2), np.array([1.0, 0.0]))
        array([1., 2.])

    Schraudolph 2002, "Fast curvature matrix-vector products for second-order gradient descent".
    """
    chosen = positions_of(f, wrt)
    push, curved = Pushforward(f, chosen), None if loss is None else hvp(loss)

    def call(*given: Any, **kwargs: Any) -> Any:
        values, _, direction = with_direction(f, wrt, chosen, given, kwargs)
        refuse_integers(f, values, chosen)
        value, pullback = pullback_at(f, values, chosen)
        _, moved = push(values, direction)
        entries = pullback(tree_map(np.conj, moved) if curved is None else curved(value, moved))
        found = tuple(entries[i] for i in chosen)
        return found if isinstance(wrt, tuple) else found[0]

    return Operator(call, f, lambda: f"{push.source}\n\n{halves_source(f, chosen)}")


_WAYS = ("forward_over_reverse", "reverse_over_reverse", "reverse_over_forward")


def _of_slope(
    f: Any, values: tuple[Any, ...], chosen: tuple[int, ...], v: Any, has_aux: bool
) -> tuple[tuple[Any, ...], Any]:
    """The adjoints of the derivative of `f` in the direction v, and what `f` returns besides."""
    push = Pushforward(f, chosen, has_aux=has_aux)
    given = dict(zip(chosen, v, strict=True))
    moving = [tangent_like(given[i], values[i]) for i in sorted(chosen)]
    module = push.module_for(values)
    words = dict(zip(tangent_names(module), moving, strict=True))
    found, pullback = vjp(module[0], *push.leading, *values, **words)
    with explained(module):
        seed(1.0, found[0])  # refuses what is no real number
    cotangent = (None, type(found[1])(1.0), *(None for _ in found[2:]))
    return pullback(cotangent)[len(push.leading) :], found[2] if has_aux else None


# ---------------------------------------------------------------- linear maps


def linearize(f: Callable[..., Any], *args: Any) -> tuple[Any, Operator]:
    """(value, map): the value of `f` at `args`, and the linear map of tangents to tangents there.

    The map takes one tangent for each argument (None where it does not move) and runs the tangent
    program anew: it stores nothing.  `.source` is the text for all floating-point arguments moving.

        >>> import numpy as np, tangent
        >>> value, push = tangent.linearize(lambda x, y: x * y, 2.0, 3.0)
        >>> value, push(1.0, 0.0), push(None, 1.0)
        (6.0, 3.0, 2.0)
    """
    moving = tuple(i for i, a in enumerate(args) if leaves(a))
    value, _ = Pushforward(f, moving)(args, [None for _ in moving])

    def call(*tangents: Any) -> Any:
        if len(tangents) != len(args):
            raise InvalidArgument(
                f"{len(tangents)} tangents for {len(args)} arguments",
                code="tangents",
                help="pass one tangent for each argument; None where it does not move",
            )
        wrt = tuple(i for i, t in enumerate(tangents) if t is not None)
        return Pushforward(f, wrt)(args, [tangents[i] for i in wrt])[1]

    return value, Operator(call, f, lambda: Pushforward(f, moving).source)
