"""Derivatives against differences: `check_grads`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tangent.api import vjp
from tangent.errors import InvalidArgument

Tree = Any


def check_grads(
    f: Callable[..., Any],
    args: tuple[Any, ...],
    order: int = 1,
    modes: tuple[str, ...] = ("reverse",),
    *,
    rtol: float = 1e-6,
    atol: float = 1e-8,
    seed: int = 0,
) -> None:
    """Compare the derivative of `f` at `args` with central differences along a random direction.

    With a random cotangent w and direction v it compares <w, J v> from differences of fourth
    order with <J^T w, v> from the pullback, then looks at the structure and the dtype of each
    gradient.  All floating-point entries of all arguments take part; the result may be an array
               or a container.

    Arguments: `rtol` and `atol` bound the difference (for float64; a float32 entry takes part in
    the precision of float32).  Raises AssertionError with both numbers when they differ,
    `InvalidArgument` for an
               order or a mode
    that is not there yet.

    Griewank & Walther, Evaluating Derivatives, section 3.2 (the identity <w, J v> = <J^T w, v>).
    """
    if order != 1 or tuple(modes) != ("reverse",):
        raise InvalidArgument(
            f"`order={order}, modes={modes}` is not there yet",
            code="option",
            help='use `order=1, modes=("reverse",)`',
        )
    rng = np.random.default_rng(seed)
    value, pullback = vjp(f, *args)
    cotangent = random_like(value, rng)
    directions = tuple(random_like(a, rng) for a in args)
    gradients = pullback(cotangent)
    single = any(_single(a) for a in args)
    step = 1e-2 if single else 1e-4

    def along(t: float) -> float:
        return inner(cotangent, f(*(moved(a, d, t) for a, d in zip(args, directions, strict=True))))

    differences = (8 * (along(step) - along(-step)) - (along(2 * step) - along(-2 * step))) / (
        12 * step
    )
    products = sum(inner(g, d) for g, d in zip(gradients, directions, strict=True))
    bound = (1e-2 if single else rtol) * max(abs(differences), abs(products)) + (
        1e-3 if single else atol
    )
    if not abs(differences - products) <= bound:
        raise AssertionError(
            f"reverse mode: differences give {differences!r}, the pullback gives {products!r}"
        )
    for position, (argument, gradient) in enumerate(zip(args, gradients, strict=True)):
        _same_structure(argument, gradient, f"argument {position}")


def random_like(value: Tree, rng: np.random.Generator) -> Tree:
    """Normal random numbers in the structure of a value; None for what has no derivative."""
    if isinstance(value, dict):
        return {k: random_like(v, rng) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [random_like(v, rng) for v in value]
    if not _inexact(value):
        return None
    drawn = rng.normal(size=np.shape(value))
    return (
        float(drawn)
        if isinstance(value, float)
        else np.asarray(drawn, dtype=np.asarray(value).dtype)[()]
    )


def moved(value: Tree, direction: Tree, t: float) -> Tree:
    """`value + t direction`, in the structure and dtype of the value."""
    if isinstance(value, dict):
        return {k: moved(v, direction[k], t) for k, v in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(moved(v, d, t) for v, d in zip(value, direction, strict=True)))
    if isinstance(value, (list, tuple)):
        return type(value)(moved(v, d, t) for v, d in zip(value, direction, strict=True))
    if direction is None:
        return value
    if isinstance(value, float):
        return float(value + t * direction)
    shifted = np.asarray(value + t * direction, dtype=np.asarray(value).dtype)
    return shifted if isinstance(value, np.ndarray) else shifted[()]


def inner(a: Tree, b: Tree) -> float:
    """The sum of the products of all entries."""
    if isinstance(a, dict):
        return sum(inner(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return sum(inner(x, y) for x, y in zip(a, b, strict=True))
    if a is None or b is None:
        return 0.0
    return float(np.real(np.sum(np.asarray(a, dtype=np.result_type(a, np.float64)) * b)))


def _inexact(value: Any) -> bool:
    return isinstance(value, (float, complex)) or getattr(
        getattr(value, "dtype", None), "kind", ""
    ) in ("f", "c")


def _single(value: Tree) -> bool:
    if isinstance(value, dict):
        return any(_single(v) for v in value.values())
    if isinstance(value, (list, tuple)):
        return any(_single(v) for v in value)
    return getattr(value, "dtype", None) in (np.float32, np.float16)


def _same_structure(argument: Tree, gradient: Tree, where: str) -> None:
    if isinstance(argument, dict):
        if not isinstance(gradient, dict) or list(gradient) != list(argument):
            raise AssertionError(f"{where}: the gradient has other keys")
        for key in argument:
            _same_structure(argument[key], gradient[key], f"{where}[{key!r}]")
    elif isinstance(argument, (list, tuple)) and gradient is not None:
        if type(gradient) is not type(argument) or len(gradient) != len(argument):
            raise AssertionError(f"{where}: the gradient is a {type(gradient).__name__}")
        for index, (one, other) in enumerate(zip(argument, gradient, strict=True)):
            _same_structure(one, other, f"{where}[{index}]")
    elif _inexact(argument):
        same = type(gradient) is type(argument) and np.shape(gradient) == np.shape(argument)
        if not same or np.asarray(gradient).dtype != np.asarray(argument).dtype:
            raise AssertionError(f"{where}: the gradient is {gradient!r}")
