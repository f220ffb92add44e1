"""Jacobians: column by column in forward mode, row by row in reverse mode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tangent.errors import InvalidArgument
from tangent.forward import Pushforward
from tangent.jacobian_text import JacobianOfFirst, jacobian_at
from tangent.operator_parts import (
    Operator,
    arguments_of,
    halves_at,
    numbers_of,
    positions_of,
    refuse_integers,
    tangent_of,
)
from tangent.pullbacks import Pullback, pullback_at, several_cotangents
from tangent.rules.language import defprogram
from tangent.sparsity import pattern, refuse_missing, sums
from tangent.trees import flatten, is_inexact, leaves, tree_map

__all__ = ["jacobian"]

AT_ONCE = 2**17  # numbers in the seeds of one run: more of them would not stay in the cache


def jacobian(
    f: Callable[..., Any],
    wrt: Any = 0,
    mode: str = "auto",
    sparsity: Any = None,
    has_aux: bool = False,
) -> Operator:
    """The matrix of all partial derivatives of `f`, as a function of the same arguments.

    Forward mode gives columns, reverse mode rows; `auto` takes forward mode where an argument has
    fewer numbers than the result, and reverse mode elsewhere.  Where the arguments (and the
    result, in reverse mode) are arrays, one run gives many columns, or rows: tangents, or adjoints,
    have an axis more in it (vector mode), if the program shows that this is the same.  Else there
    is one run for each.

    Arguments: `wrt` is a position or a name, or a tuple of them (then a tuple comes back); `mode`
    is "forward", "reverse" or "auto".  For a result of shape s and an argument of shape t it is an
    array of shape s + t, in the dtype of the result.  A result that is a container gives that
    container of Jacobians, and for an argument that is one, each is a container in its turn;
    integers give None.  With `has_aux` the function returns a pair, and (Jacobian, aux) comes back.

    Of a real result by complex numbers each row is its gradient, dy/dRe - i dy/dIm; of a complex
    result by complex numbers it is the complex derivative, and refused where there is none.

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
    _refuse_mode(mode)
    chosen = positions_of(f, wrt)
    push = Pushforward(f, chosen, has_aux=has_aux)

    def call(*args: Any, **kwargs: Any) -> Any:
        values = arguments_of(f, args, kwargs)
        refuse_integers(f, values, chosen)
        at = _Place(f, push, values, chosen, has_aux)
        blocks = at.blocks(mode, sparsity)
        found = blocks if isinstance(wrt, tuple) or not isinstance(blocks, tuple) else blocks[0]
        return (found, at.aux) if has_aux else found

    text = lambda: _text(f, push, chosen, mode, has_aux)  # noqa: E731
    plain = wrt == 0 and type(wrt) is int and not has_aux and sparsity is None
    return JacobianOfFirst(call, f, text, f) if plain else Operator(call, f, text)


defprogram(jacobian, makes=True)(jacobian_at)


def _refuse_mode(mode: str) -> None:
    if mode not in ("auto", "forward", "reverse"):
        raise InvalidArgument(
            f"`mode={mode!r}` is no mode", code="mode", help='use "forward", "reverse" or "auto"'
        )


def _text(f: Any, push: Pushforward, chosen: tuple[int, ...], mode: str, has_aux: bool) -> str:
    """The text that a Jacobian runs: that of several seeds where there is one."""
    if mode != "forward":
        halves = halves_at(f, chosen, has_aux)
        at_once = several_cotangents(halves)
        return "\n".join(m.source for m in (halves, at_once) if m is not None)
    several = push.several(())
    return push.source if several is None else several.source


def _array(value: Any) -> bool:
    """Is a value an array of floating-point numbers, or such a number?"""
    return isinstance(value, float | complex | np.inexact) or (
        type(value) is np.ndarray and value.dtype.kind in "fc"
    )


def _dtype(value: Any) -> Any:
    return np.asarray(value).dtype


def _cast(vectors: Any, value: Any) -> Any:
    """Vectors in the dtype of `value`, which may be real beside complex ones."""
    part = vectors if np.iscomplexobj(value) else vectors.real
    return part.astype(_dtype(value))


def _complex(tree: Any) -> Any:
    """Which numbers are complex, in the order of `flatten`."""
    kinds = [np.full(np.size(leaf), np.iscomplexobj(leaf)) for leaf in leaves(tree)]
    return np.concatenate([np.zeros(0, bool), *kinds])


def _near(found: Any) -> Any:
    """What is as good as zero beside the numbers that were found."""
    size = np.max(np.abs(found), where=np.isfinite(found), initial=0.0)
    return np.sqrt(np.finfo(found.dtype).eps) * size


def _size(tree: Any) -> int:
    return sum(np.size(leaf) for leaf in leaves(tree))


@dataclass
class _Place:
    """A function and its arguments; its value there, once it has been computed."""

    f: Any
    push: Pushforward
    values: tuple[Any, ...]
    chosen: tuple[int, ...]
    has_aux: bool
    value: Any = None
    aux: Any = None

    @property
    def inputs(self) -> tuple[Any, ...]:
        return tuple(self.values[i] for i in self.chosen)

    def blocks(self, mode: str, sparsity: Any) -> Any:
        """The Jacobian with respect to each argument; a sparse one is one matrix for all."""
        matrix = self.matrix(mode) if sparsity is None else self.sparse(mode, sparsity)
        if hasattr(matrix, "tocoo"):
            return matrix
        places = range(len(self.chosen))
        return tuple(_blocks(matrix, self.value, self.inputs, i) for i in places)

    def matrix(self, mode: str) -> Any:
        """The Jacobian of the numbers of the value with respect to those of the inputs."""
        columns = _size(self.inputs)
        if mode != "forward" or not columns:
            pullback = self.pullback()
            rows = _size(self.value)
            if mode == "reverse" or not 0 < columns < rows:
                units = np.eye(rows, dtype=flatten(self.value)[0].dtype)
                return self.whole(lambda units: self.rows(pullback, units), units, False)
        units = np.eye(columns, dtype=flatten(self.inputs)[0].dtype)
        return self.whole(self.columns, units, True)

    def whole(self, run: Callable[[Any], Any], units: Any, forward: bool) -> Any:
        """The Jacobian, by one run along the real axis, and one along the imaginary axis where
        numbers are complex on the side that one starts from.

        A real number has the partials of both parts of a complex result; a real result has the
        gradient of that convention; a complex one by complex numbers has a number for a partial if
        it is holomorphic.
        """
        found = run(units)
        if units.dtype.kind != "c":
            return found
        turned = run(1j * units)
        rows, columns = _complex(self.value)[:, None], _complex(self.inputs)
        if np.any((np.abs(turned - 1j * found) > _near(found)) & rows & columns):
            raise InvalidArgument(
                "a function that is not holomorphic has no Jacobian by complex numbers",
                code="complex",
                help="take real and imaginary parts for arguments, or products with vectors: `jvp`,"
                " `vjp`, `hvp`",
            )
        back = rows & ~columns if not forward else ~rows & columns
        return np.where(back, found - 1j * turned, found)

    def sparse(self, mode: str, sparsity: Any) -> Any:
        """The Jacobian, whose places other than zero are known."""
        pullback = self.pullback()
        if any(_complex(self.inputs)) or any(_complex(self.value)):
            raise InvalidArgument(
                "a pattern for complex numbers",
                code="complex",
                help="leave out `sparsity`, or take real and imaginary parts",
            )
        places = pattern(sparsity, (_size(self.value), _size(self.inputs)))
        forward = mode == "forward" or (mode == "auto" and places.fewer_columns)
        items, partners, colours, number = places.of(forward)
        dtype = flatten(self.inputs if forward else self.value)[0].dtype
        check = np.random.default_rng(0).normal(size=(1, number)).astype(dtype)
        units = np.concatenate([sums(colours, dtype), check])
        found = self.columns(units).T if forward else self.rows(pullback, units)
        entries, want = found[colours[items], partners], np.zeros_like(found[-1])
        np.add.at(want, partners, entries * check[0, items])
        refuse_missing(found[-1], want, "row" if forward else "column")
        return places.matrix(entries)

    def pullback(self) -> Pullback:
        """The pullback; the value is known from now on."""
        value, pullback = pullback_at(self.f, self.values, self.chosen, has_aux=self.has_aux)
        self.value, self.aux = value if self.has_aux else (value, None)
        return pullback

    def columns(self, units: Any) -> Any:
        """The products of the Jacobian with vectors, side by side."""
        found = _in_blocks(self.columns_at_once, units) if self.of_arrays() else None
        return self.columns_one_by_one(units) if found is None else found.T

    def of_arrays(self) -> bool:
        """Are the inputs arrays and numbers?"""
        return all(map(_array, self.inputs))

    def columns_at_once(self, units: Any) -> Any:
        """The products of the Jacobian with vectors, one below the other, by one run; None where
        they are not found so.
        """
        parts = np.split(units, np.cumsum([np.size(i) for i in self.inputs])[:-1], axis=1)
        pairs = zip(parts, self.inputs, strict=True)
        seeds = [_cast(p, i).reshape(-1, *np.shape(i)) for p, i in pairs]
        try:
            moved = self.push.at_once(self.values, seeds)
        except Exception:  # one seed after another says what is wrong, and where
            return None
        if moved is None or not _array(moved[0]):
            return None
        self.value, tangents, self.aux = moved if self.has_aux else (*moved, None)
        return tangents.reshape(len(units), -1)

    def columns_one_by_one(self, units: Any) -> Any:
        _, unflatten = flatten(self.inputs)
        found = []
        for unit in units:
            moved = self.push(self.values, tangent_of(unflatten(unit), self.inputs))
            self.value, tangent, self.aux = moved if self.has_aux else (*moved, None)
            found.append(numbers_of(tangent, self.value))
        return np.stack(found, axis=-1)

    def rows(self, pullback: Pullback, units: Any) -> Any:
        """The products of vectors with the Jacobian, one below the other."""
        found = None
        if self.of_arrays() and _array(self.value):
            found = _in_blocks(lambda some: self.rows_at_once(pullback, some), units)
        return self.rows_one_by_one(pullback, units) if found is None else found

    def rows_at_once(self, pullback: Pullback, units: Any) -> Any:
        """The products of vectors with the Jacobian by one run; None if they are not found so."""
        seeds = units.astype(_dtype(self.value)).reshape(-1, *np.shape(self.value))
        try:
            entries = pullback.at_once(seeds)
        except Exception:  # one seed after another says what is wrong, and where
            return None
        if entries is None:
            return None
        parts = [entries[i].reshape(len(units), -1) for i in self.chosen]
        return np.concatenate(parts, axis=1).astype(self.kind(units), copy=False)

    def kind(self, units: Any) -> Any:
        """The dtype of rows: that of the result, complex where an argument is."""
        return np.result_type(units, np.complex64) if any(_complex(self.inputs)) else units.dtype

    def rows_one_by_one(self, pullback: Pullback, units: Any) -> Any:
        _, unflatten = flatten(self.value)
        matrix = np.zeros((len(units), _size(self.inputs)), self.kind(units))
        for row, unit in enumerate(units):
            entries = pullback(tangent_of(unflatten(unit), self.value))
            matrix[row] = numbers_of(tuple(entries[i] for i in self.chosen), self.inputs)
        return matrix


def _in_blocks(run: Callable[[Any], Any], units: Any) -> Any:
    """What `run` finds for vectors, as many of them at once as is fast; None where it finds
    nothing, or there is one alone.
    """
    number, found = max(1, AT_ONCE // max(1, units[0].size)) if len(units) else 1, []
    for start in range(0, len(units), number) if len(units) > 1 else ():
        block = run(units[start : start + number])
        if block is None:
            return None
        found.append(block)
    return np.concatenate(found) if found else None


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
