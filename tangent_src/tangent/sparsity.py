"""Sparse Jacobians from few products: columns that share no row are found together.

    1 . 2 .          colours of the columns   a b b a           1 2
    . 3 . .    ->    one product for each     a: column 0 + 3    . 3
    . . 4 5                                   b: column 1 + 2    5 4

Two columns of one colour have no row in common, so that each entry of their sum belongs to one of
them.  The same holds for rows, in reverse mode.

Curtis, Powell, Reid 1974, "On the estimation of sparse Jacobian matrices"; Gebremedhin, Manne,
Pothen 2005, "What color is your Jacobian?".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tangent.errors import InvalidArgument


@dataclass(frozen=True)
class Pattern:
    """The places of a matrix that may hold something else than zero."""

    rows: Any
    columns: Any
    shape: tuple[int, int]
    given: Any  # as the user gave it

    @cached_property
    def of_columns(self) -> Any:
        """The colour of each column."""
        return _colours(self.columns, self.rows, self.shape[1])

    @cached_property
    def of_rows(self) -> Any:
        """The colour of each row."""
        return _colours(self.rows, self.columns, self.shape[0])

    @property
    def fewer_columns(self) -> bool:
        """Do the columns need no more colours than the rows?"""
        return bool(self.of_columns.max(initial=0) <= self.of_rows.max(initial=0))

    def of(self, columns: bool) -> tuple[Any, Any, Any, int]:
        """Of each place its column and its row; the colours of columns, and how many there are.
        Or all that with rows in place of columns.
        """
        if columns:
            return self.columns, self.rows, self.of_columns, self.shape[1]
        return self.rows, self.columns, self.of_rows, self.shape[0]

    def matrix(self, entries: Any) -> Any:
        """The matrix that holds `entries` at the places; sparse where the pattern is."""
        if hasattr(self.given, "tocoo"):
            places = entries, (self.rows, self.columns)
            made: Any = type(self.given.tocoo())(places, shape=self.shape)
            return made.asformat(self.given.format)
        dense = np.zeros(self.shape, entries.dtype)
        dense[self.rows, self.columns] = entries
        return dense


def pattern(sparsity: Any, shape: tuple[int, int]) -> Pattern:
    """The pattern that a user gives: a matrix whose nonzero entries are the places.

    Raises `InvalidArgument` where it is not of the shape of the Jacobian.
    """
    array = sparsity if hasattr(sparsity, "tocoo") else np.asarray(sparsity)
    if array.shape != shape:
        raise InvalidArgument(
            f"a pattern of shape {array.shape} for a Jacobian of {shape[0]} rows and "
            f"{shape[1]} columns",
            code="sparsity",
            help="give one row for each number of the result, one column for each of the argument",
        )
    rows, columns = array.nonzero()
    return Pattern(rows, columns, shape, sparsity)


def _colours(items: Any, neighbours: Any, count: int) -> Any:
    """A colour for each item, so that two items with a neighbour in common differ; the items with
    most neighbours first.
    """
    near: list[list[int]] = [[] for _ in range(count)]
    for item, neighbour in zip(items.tolist(), neighbours.tolist(), strict=True):
        near[item].append(neighbour)
    used: dict[int, set[int]] = {}
    colours = np.zeros(count, int)
    for item in sorted(range(count), key=lambda i: -len(near[i])):
        taken = set().union(*(used.get(n, ()) for n in near[item]))
        colour = next(c for c in range(len(taken) + 1) if c not in taken)
        colours[item] = colour
        for neighbour in near[item]:
            used.setdefault(neighbour, set()).add(colour)
    return colours


def sums(colours: Any, dtype: Any) -> Any:
    """For each colour the sum of the unit vectors of its items."""
    return (np.arange(colours.max(initial=-1) + 1)[:, None] == colours).astype(dtype)


def refuse_missing(have: Any, want: Any, what: str) -> None:
    """Refuse a pattern that lacks entries: with one, a product is not what it should be."""
    bound = 1e-6 if have.dtype.itemsize >= 8 else 1e-3
    wrong = np.abs(have - want) > bound * (np.abs(want).max(initial=0.0) + np.abs(have))
    if wrong.any():
        raise InvalidArgument(
            f"{what} {int(wrong.argmax())} of the Jacobian has entries outside of the pattern",
            code="sparsity",
            help="mark every entry that may be other than zero, for any argument",
        )
