"""Operators built on both modes: Jacobians, Hessians, their products and traces."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from tangent.api import grad, halves_of, pullback_at, signature_of, vjp
from tangent.arguments import complete, positions
from tangent.errors import InvalidArgument
from tangent.forward import Pushforward
from tangent.runtime import like, tangent_like
from tangent.trees import flatten, is_inexact, leaves, tree_map

__all__ = [
    "Operator",
    "elementwise_grad",
    "hessian",
    "hutchinson_trace",
    "hvp",
    "jacobian",
    "linearize",
]


class Operator:
    """A function made from a function: call it; `.source` is the text that it runs, `.primal` what
    it was made from.
    """

    def __init__(self, call: Callable[..., Any], primal: Any, text: Callable[[], str]) -> None:
        self._call, self._text, self.primal = call, text, primal
        functools.update_wrapper(self, primal, updated=())
        self.__dict__.pop("__wrapped__", None)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(*args, **kwargs)

    @property
    def source(self) -> str:
        """The generated text."""
        return self._text()


def _arguments(f: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    return complete(signature_of(f), args, kwargs)


def _halves_source(f: Any, chosen: tuple[int, ...]) -> str:
    parameters = tuple(signature_of(f).parameters)
    return halves_of(f, tuple(parameters[i] for i in chosen)).source


def _positions(f: Any, wrt: Any) -> tuple[int, ...]:
    return positions(wrt, signature_of(f), getattr(f, "__name__", "function"))


# ---------------------------------------------------------------- Jacobians


def jacobian(f: Callable[..., Any], wrt: Any = 0, mode: str = "auto") -> Operator:
    """The matrix of all partial derivatives of `f`, as a function of the same arguments.

    Forward mode gives one column for each run, reverse mode one row; `auto` takes forward mode
    where an argument has fewer numbers than the result, and reverse mode elsewhere.

    Arguments: `wrt` is a position or a name, or a tuple of them (then a tuple comes back); `mode`
    is "forward", "reverse" or "auto".  For a result of shape s and an argument of shape t it is an
    array of shape s + t, in the dtype of the result.  A result that is a container gives that
    container of Jacobians, and for an argument that is one, each is a container in its turn;
    integers give None.

    Raises `InvalidArgument` for another mode, and what `vjp` and `jvp` raise.

        >>> import numpy as np, tangent
        >>> def polar(p):
        ...     return p[0] * np.array([np.cos(p[1]), np.sin(p[1])])
        >>> tangent.jacobian(polar)(np.array([2.0, 0.5])).round(3)
        array([[ 0.878, -0.959],
               [ 0.479,  1.755]])

    Griewank & Walther, Evaluating Derivatives, sections 3.1 and 3.2.
    """
    if mode not in ("auto", "forward", "reverse"):
        raise InvalidArgument(
            f"`mode={mode!r}` is no mode", code="mode", help='use "forward", "reverse" or "auto"'
        )
    chosen = _positions(f, wrt)
    push = Pushforward(f, chosen)

    def call(*args: Any, **kwargs: Any) -> Any:
        values = _arguments(f, args, kwargs)
        inputs = tuple(values[i] for i in chosen)
        value, matrix = _matrix(f, push, values, chosen, mode)
        blocks = tuple(_blocks(matrix, value, inputs, i) for i in range(len(chosen)))
        return blocks if isinstance(wrt, tuple) else blocks[0]

    def text() -> str:
        return push.source if mode == "forward" else _halves_source(f, chosen)

    return Operator(call, f, text)


def _matrix(f: Any, push: Any, values: Any, chosen: tuple[int, ...], mode: str) -> tuple[Any, Any]:
    """The value, and the Jacobian of its numbers with respect to those of the inputs."""
    inputs = tuple(values[i] for i in chosen)
    columns = sum(np.size(leaf) for leaf in leaves(inputs))
    if mode == "forward" and columns:
        return _by_columns(push, values, inputs, columns)
    value, pullback = pullback_at(f, values, chosen)
    rows = sum(np.size(leaf) for leaf in leaves(value))
    if mode == "auto" and 0 < columns < rows:
        return _by_columns(push, values, inputs, columns)
    return value, _by_rows(pullback, value, inputs, chosen, rows, columns)


def _by_columns(push: Any, values: Any, inputs: Any, columns: int) -> tuple[Any, Any]:
    vector, unflatten = flatten(inputs)
    found, value = [], None
    for unit in np.eye(columns, dtype=vector.dtype):
        value, tangent = push(values, _tangent(unflatten(unit), inputs))
        found.append(_numbers(tangent, value))
    return value, np.stack(found, axis=-1)


def _by_rows(
    pullback: Any, value: Any, inputs: Any, chosen: tuple[int, ...], rows: int, columns: int
) -> Any:
    vector, unflatten = flatten(value)
    matrix = np.zeros((rows, columns), vector.dtype)
    for row, unit in enumerate(np.eye(rows, dtype=vector.dtype)):
        entries = pullback(_tangent(unflatten(unit), value))
        matrix[row] = _numbers(tuple(entries[i] for i in chosen), inputs)
    return matrix


def _tangent(tree: Any, like_: Any) -> Any:
    """A tangent or cotangent: None for what is no floating-point number."""
    if isinstance(like_, dict):
        return {key: _tangent(tree[key], entry) for key, entry in like_.items()}
    if isinstance(like_, (list, tuple)):
        entries = [_tangent(t, e) for t, e in zip(tree, like_, strict=True)]
        return entries if isinstance(like_, list) else tuple(entries)
    return tree if is_inexact(like_) else None


def _numbers(tangent: Any, value: Any) -> Any:
    """The numbers of a tangent of `value` as one vector."""
    return flatten(like(tangent, value))[0]


def _blocks(matrix: Any, value: Any, inputs: Any, position: int) -> Any:
    """The part of a Jacobian that belongs to one argument, in the structures of both sides."""
    sizes = [sum(np.size(leaf) for leaf in leaves(i)) for i in inputs]
    start = sum(sizes[:position])
    part = matrix[:, start : start + sizes[position]]
    row = 0

    def outer(leaf: Any) -> Any:
        nonlocal row
        rows = part[row : row + np.size(leaf)]
        row += np.size(leaf)
        return _split(rows, np.shape(leaf), inputs[position])

    return _none_for_constants(tree_map(outer, value), value)


def _split(rows: Any, shape: tuple[int, ...], argument: Any) -> Any:
    column = 0

    def inner(leaf: Any) -> Any:
        nonlocal column
        block = rows[:, column : column + np.size(leaf)]
        column += np.size(leaf)
        return block.reshape(shape + np.shape(leaf))[()]

    return _none_for_constants(tree_map(inner, argument), argument)


def _none_for_constants(mapped: Any, tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _none_for_constants(mapped[key], entry) for key, entry in tree.items()}
    if isinstance(tree, (list, tuple)):
        entries = [_none_for_constants(m, t) for m, t in zip(mapped, tree, strict=True)]
        return type(tree)(*entries) if hasattr(tree, "_fields") else type(tree)(entries)
    return mapped if is_inexact(tree) else None


# ---------------------------------------------------------------- second order


def hessian(f: Callable[..., Any], wrt: Any = 0) -> Operator:
    """The matrix of second derivatives of a function that returns a real scalar.

    It is the Jacobian, in forward mode, of the generated gradient.  For an argument of shape t it
    is an array of shape t + t; for a tuple `wrt` a tuple of tuples comes back, one row for each
    argument.

        >>> import numpy as np, tangent
        >>> tangent.hessian(lambda x: x[0] ** 2 * x[1])(np.array([3.0, 1.0]))
        array([[2., 6.],
               [6., 0.]])
    """
    df = grad(f, wrt=wrt)
    second = jacobian(df, wrt, "forward")

    def call(*args: Any, **kwargs: Any) -> Any:
        columns = second(*args, **kwargs)
        return tuple(zip(*columns, strict=True)) if isinstance(wrt, tuple) else columns

    return Operator(call, f, lambda: second.source)


def hvp(f: Callable[..., Any], wrt: Any = 0, mode: str = "forward_over_reverse") -> Operator:
    """`hvp(f)(*args, v)`: the Hessian of `f` at `args`, times `v`, at the cost of a few gradients.

    "forward_over_reverse" is the tangent of the generated gradient in the direction v, as one text;
    "reverse_over_reverse" is the gradient of <gradient, v>; "reverse_over_forward" the gradient of
    the derivative in the direction v, which also holds where the gradient writes into arrays.

    Arguments: `f` returns a real scalar; `v` has the structure and shapes of the argument that
    `wrt` names, or is a tuple of such if `wrt` is one.  The product has these, too.  Raises
    `InvalidArgument` for another mode or a `v` that does not fit.

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
    chosen, df = _positions(f, wrt), grad(f, wrt=wrt)
    name = f"{getattr(f, '__name__', 'f')}_hvp".replace("<lambda>", "lambda")

    def tangent() -> Pushforward:
        return Pushforward(df, chosen, value=False, name=name)

    def call(*given: Any, **kwargs: Any) -> Any:
        *args, v = given
        values = _arguments(f, tuple(args), kwargs)
        if mode == "forward_over_reverse":
            direction = v if isinstance(wrt, tuple) else (v,)
            product = tangent()(values, direction)
        else:
            if mode == "reverse_over_reverse":
                entries = pullback_at(df, values, chosen)[1](v)
            else:
                entries = _of_slope(f, values, chosen, v if isinstance(wrt, tuple) else (v,))
            product = tuple(entries[i] for i in chosen)
            product = product if isinstance(wrt, tuple) else product[0]
        argument = tuple(values[i] for i in chosen)
        return like(product, argument if isinstance(wrt, tuple) else argument[0], copy=True)

    def text() -> str:
        if mode == "reverse_over_forward":
            push = Pushforward(f, chosen)
            return _halves_source(push.module[0], tuple(i + len(push.leading) for i in chosen))
        return tangent().source if mode == "forward_over_reverse" else _halves_source(df, chosen)

    return Operator(call, f, text)


_WAYS = ("forward_over_reverse", "reverse_over_reverse", "reverse_over_forward")


def _of_slope(f: Any, values: tuple[Any, ...], chosen: tuple[int, ...], v: Any) -> tuple[Any, ...]:
    """The adjoints of the derivative of `f` in the direction v."""
    push = Pushforward(f, chosen)
    given = dict(zip(chosen, v, strict=True))
    moving = [tangent_like(given[i], values[i]) for i in sorted(chosen)]
    words = dict(zip(push.words, moving, strict=True))
    value, pullback = vjp(push.module[0], *push.leading, *values, **words)
    return pullback((None, type(value[1])(1.0)))[len(push.leading) :]


def hutchinson_trace(
    f: Callable[..., Any], wrt: Any = 0, samples: int = 64, seed: int | np.random.Generator = 0
) -> Operator:
    """`hutchinson_trace(f)(*args)`: the estimated trace of the Hessian, and its standard error.

    The mean of `v . H v` over vectors v of random signs, whose expectation is the trace.

    Arguments: as for `hvp`; `samples` is the number of products.  Returns two floats.  Raises
    `InvalidArgument` for fewer than two samples.

        >>> import numpy as np, tangent
        >>> tangent.hutchinson_trace(lambda x: np.sum(x ** 3))(np.array([1.0, 2.0]))
        (18.0, 0.0)

    Hutchinson 1990, "A stochastic estimator of the trace of the influence matrix".
    """
    if samples < 2:
        raise InvalidArgument(
            f"`samples={samples}` gives no standard error", code="samples", help="take two or more"
        )
    product, chosen = hvp(f, wrt), _positions(f, wrt)

    def call(*args: Any, **kwargs: Any) -> tuple[float, float]:
        values, rng = _arguments(f, args, kwargs), np.random.default_rng(seed)
        inputs = tuple(values[i] for i in chosen)
        vector, unflatten = flatten(inputs)
        found = []
        for _ in range(samples):
            signs = rng.choice([-1.0, 1.0], size=vector.size)
            v = _tangent(unflatten(signs), inputs)
            moved = product(*values, v if isinstance(wrt, tuple) else v[0])
            moved = moved if isinstance(wrt, tuple) else (moved,)
            found.append(float(np.dot(signs, _numbers(moved, inputs))))
        return float(np.mean(found)), float(np.std(found, ddof=1) / np.sqrt(samples))

    return Operator(call, f, lambda: product.source)


# ---------------------------------------------------------------- linear maps


def elementwise_grad(f: Callable[..., Any], wrt: Any = 0) -> Operator:
    """The derivative of a function that acts on each element: the gradient of its sum.

    For an `f` that mixes elements it is the sum of each column of the Jacobian.  The result of `f`
    may be an array of any shape; the derivative has the shape and dtype of the argument.

        >>> import numpy as np, tangent
        >>> tangent.elementwise_grad(lambda x: x ** 2)(np.array([1.0, 2.0, 3.0]))
        array([2., 4., 6.])
    """
    chosen = _positions(f, wrt)

    def call(*args: Any, **kwargs: Any) -> Any:
        values = _arguments(f, args, kwargs)
        value, pullback = pullback_at(f, values, chosen)
        vector, unflatten = flatten(value)
        entries = pullback(_tangent(unflatten(np.ones_like(vector)), value))
        found = tuple(entries[i] for i in chosen)
        return found if isinstance(wrt, tuple) else found[0]

    return Operator(call, f, lambda: _halves_source(f, chosen))


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
