"""Parameter trees as vectors: `flatten`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tangent.errors import InvalidArgument

Tree = Any


def flatten(tree: Tree) -> tuple[Any, Callable[[Any], Tree]]:
    """(vector, unflatten): the numbers of a tree as one vector, and the way back.

    A tree is a number, an array, or a dict, list or tuple of trees.  The floating-point numbers are
    taken depth first, in the containers' own order; all else (integers, strings, None) stays out of
    the vector and comes back as it is.  So the gradient of a tree gives the vector of the gradient.

    Returns a one-dimensional array (of the common dtype of the numbers; float64 where there are
    none), and a function that makes a tree of the first one's structure, kinds, shapes and dtypes
    from such a vector.  It raises `InvalidArgument` for a vector of another length.

        >>> import numpy as np, tangent
        >>> vector, unflatten = tangent.flatten({"W": np.ones((2, 2)), "b": 0.5, "n": 3})
        >>> vector
        array([1. , 1. , 1. , 1. , 0.5])
        >>> unflatten(2 * vector)["b"]
        1.0
    """
    found = leaves(tree)
    kinds = [np.asarray(leaf).dtype for leaf in found]
    dtype = np.result_type(*kinds) if kinds else np.dtype(float)
    parts = [np.ravel(np.asarray(leaf, dtype)) for leaf in found]
    vector = np.concatenate(parts) if parts else np.zeros(0, dtype)

    def unflatten(values: Any) -> Tree:
        """The tree whose numbers are `values`."""
        if np.shape(values) != vector.shape:
            raise InvalidArgument(
                f"a vector of shape {np.shape(values)} for a tree of {vector.size} numbers",
                code="vector",
                help=f"pass a vector of length {vector.size}",
            )
        place = iter(np.split(np.asarray(values), np.cumsum([p.size for p in parts])[:-1]))
        return tree_map(lambda leaf: _like(next(place), leaf), tree)

    return vector, unflatten


def leaves(tree: Tree) -> list[Any]:
    """The floating-point numbers and arrays of a tree, depth first."""
    if isinstance(tree, dict):
        return [leaf for entry in tree.values() for leaf in leaves(entry)]
    if isinstance(tree, (list, tuple)):
        return [leaf for entry in tree for leaf in leaves(entry)]
    return [tree] if is_inexact(tree) else []


def tree_map(change: Callable[[Any], Any], tree: Tree) -> Tree:
    """The tree with `change(leaf)` for each floating-point leaf; what is no number stays."""
    if isinstance(tree, dict):
        return {key: tree_map(change, entry) for key, entry in tree.items()}
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(tree_map(change, entry) for entry in tree))
    if isinstance(tree, (list, tuple)):
        return type(tree)([tree_map(change, entry) for entry in tree])
    return change(tree) if is_inexact(tree) else tree


def is_inexact(value: Any) -> bool:
    """Is a value a floating-point or complex number, or an array of them?"""
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    return kind in ("f", "c") or isinstance(value, (float, complex))


def _like(values: Any, leaf: Any) -> Any:
    dtype = np.asarray(leaf).dtype
    if dtype.kind == "f" and np.iscomplexobj(values):
        values = values.real
    shaped = np.array(values, dtype).reshape(np.shape(leaf))
    if isinstance(leaf, np.ndarray):
        return shaped
    return type(leaf)(shaped[()])


def misfit(argument: Any, gradient: Any) -> str:
    """What is wrong with the structure of a gradient; empty if nothing is."""
    if gradient is None and not leaves(argument):
        return ""
    if isinstance(argument, dict):
        if not isinstance(gradient, dict) or list(gradient) != list(argument):
            return "has other keys"
        entries = [(f"[{k!r}]", argument[k], gradient[k]) for k in argument]
    elif isinstance(argument, (list, tuple)):
        if type(gradient) is not type(argument) or len(gradient) != len(argument):
            return f"is a {type(gradient).__name__}"
        pairs = zip(argument, gradient, strict=True)
        entries = [(f"[{i}]", a, g) for i, (a, g) in enumerate(pairs)]
    else:
        return _misfit_of_leaf(argument, gradient)
    found = ((where, misfit(a, g)) for where, a, g in entries)
    return next((f"at {where} {complaint}" for where, complaint in found if complaint), "")


def _misfit_of_leaf(argument: Any, gradient: Any) -> str:
    if not leaves(argument):
        return "" if gradient is None else f"is {gradient!r} for a constant"
    if type(gradient) is not type(argument) or np.shape(gradient) != np.shape(argument):
        return f"is {gradient!r}"
    dtypes = np.asarray(gradient).dtype, np.asarray(argument).dtype
    return "" if dtypes[0] == dtypes[1] else f"is of dtype {dtypes[0]}"
