"""Jacobians: column by column in forward mode, row by row in reverse mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tangent.api import pullback_at
from tangent.errors import InvalidArgument
from tangent.forward import Pushforward
from tangent.operator_parts import (
    Operator,
    arguments_of,
    halves_source,
    numbers_of,
    positions_of,
    refuse_integers,
    tangent_of,
)
from tangent.sparsity import pattern, refuse_missing, sums
from tangent.trees import flatten, is_inexact, leaves, tree_map

__all__ = ["jacobian"]


def jacobian(
    f: Callable[..., Any], wrt: Any = 0, mode: str = "auto", sparsity: Any = None
) -> Operator:
    """The matrix of all partial derivatives of `f`, as a function of the same arguments.

    Forward mode gives one column for each run, reverse mode one row; `auto` takes forward mode
    where an argument has fewer numbers than the result, and reverse mode elsewhere.

    Arguments: `wrt` is a position or a name, or a tuple of them (then a tuple comes back); `mode`
    is "forward", "reverse" or "auto".  For a result of shape s and an argument of shape t it is an
    array of shape s + t, in the dtype of the result.  A result that is a container gives that
    container of Jacobians, and for an argument that is one, each is a container in its turn;
    integers give None.

    `sparsity` is a matrix with one row for each number of the result and one column for each of
    the arguments, whose entries are zero where the Jacobian always is.  Then columns that share no
    row are found in one run (or rows, in reverse mode): a tridiagonal Jacobian takes three, and one
    more in a random direction, to refuse a pattern that lacks entries.  For a matrix of
    `scipy.sparse` a sparse matrix of the same format comes back.

    Raises `InvalidArgument` for another mode or a wrong pattern, and what `vjp` and `jvp` raise.

        >>> import numpy as np, tangent
        >>> def polar(p):
        ...     return p[0] * np.array([np.cos(p[1]), np.sin(p[1])])
        >>> tangent.jacobian(polar)(np.array([2.0, 0.5])).round(3)
        array([[ 0.878, -0.959],
               [ 0.479,  1.755]])

    Griewank & Walther, Evaluating Derivatives, sections 3.1, 3.2 and 8.1.
    """
    if mode not in ("auto", "forward", "reverse"):
        raise InvalidArgument(
            f"`mode={mode!r}` is no mode", code="mode", help='use "forward", "reverse" or "auto"'
        )
    chosen = positions_of(f, wrt)
    push = Pushforward(f, chosen)

    def call(*args: Any, **kwargs: Any) -> Any:
        values = arguments_of(f, args, kwargs)
        refuse_integers(f, values, chosen)
        inputs = tuple(values[i] for i in chosen)
        if sparsity is None:
            value, matrix = _matrix(f, push, values, chosen, mode)
        else:
            value, matrix = _sparse(f, push, values, chosen, mode, sparsity)
        if hasattr(matrix, "tocoo"):
            return matrix
        blocks = tuple(_blocks(matrix, value, inputs, i) for i in range(len(chosen)))
        return blocks if isinstance(wrt, tuple) else blocks[0]

    def text() -> str:
        return push.source if mode == "forward" else halves_source(f, chosen)

    return Operator(call, f, text)


def _size(tree: Any) -> int:
    return sum(np.size(leaf) for leaf in leaves(tree))


def _matrix(f: Any, push: Any, values: Any, chosen: tuple[int, ...], mode: str) -> tuple[Any, Any]:
    """The value, and the Jacobian of its numbers with respect to those of the inputs."""
    inputs = tuple(values[i] for i in chosen)
    columns = _size(inputs)
    if mode != "forward" or not columns:
        value, pullback = pullback_at(f, values, chosen)
        rows = _size(value)
        if mode == "reverse" or not 0 < columns < rows:
            units = np.eye(rows, dtype=flatten(value)[0].dtype)
            return value, _rows(pullback, units, value, inputs, chosen, columns)
    return _columns(push, values, inputs, np.eye(columns, dtype=flatten(inputs)[0].dtype))


def _sparse(
    f: Any, push: Any, values: Any, chosen: tuple[int, ...], mode: str, sparsity: Any
) -> tuple[Any, Any]:
    """The value and the Jacobian, whose places other than zero are known."""
    inputs = tuple(values[i] for i in chosen)
    value, pullback = pullback_at(f, values, chosen)
    places = pattern(sparsity, (_size(value), _size(inputs)))
    forward = mode == "forward" or (mode == "auto" and places.fewer_columns)
    items, partners, colours, number = places.of(forward)
    dtype = flatten(inputs if forward else value)[0].dtype
    check = np.random.default_rng(0).normal(size=(1, number)).astype(dtype)
    units = np.concatenate([sums(colours, dtype), check])
    if forward:
        found = _columns(push, values, inputs, units)[1].T
    else:
        found = _rows(pullback, units, value, inputs, chosen, places.shape[1])
    entries, want = found[colours[items], partners], np.zeros_like(found[-1])
    np.add.at(want, partners, entries * check[0, items])
    refuse_missing(found[-1], want, "row" if forward else "column")
    return value, places.matrix(entries)


def _columns(push: Any, values: Any, inputs: Any, units: Any) -> tuple[Any, Any]:
    """The value, and the products of the Jacobian with vectors, side by side."""
    _, unflatten = flatten(inputs)
    found, value = [], None
    for unit in units:
        value, tangent = push(values, tangent_of(unflatten(unit), inputs))
        found.append(numbers_of(tangent, value))
    return value, np.stack(found, axis=-1)


def _rows(
    pullback: Any, units: Any, value: Any, inputs: Any, chosen: tuple[int, ...], columns: int
) -> Any:
    """The products of vectors with the Jacobian, one below the other."""
    _, unflatten = flatten(value)
    matrix = np.zeros((len(units), columns), units.dtype)
    for row, unit in enumerate(units):
        entries = pullback(tangent_of(unflatten(unit), value))
        matrix[row] = numbers_of(tuple(entries[i] for i in chosen), inputs)
    return matrix


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
