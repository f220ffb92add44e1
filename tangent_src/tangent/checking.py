"""Derivatives against differences: `check_grads`."""

from __future__ import annotations

import functools
import itertools
import linecache
import weakref
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from tangent.api import grad, vjp
from tangent.errors import InvalidArgument
from tangent.forward import Pushforward, jvp
from tangent.runtime import tangent_like
from tangent.trees import is_inexact, leaves

Tree = Any
_numbers = itertools.count(1)


def check_grads(
    f: Callable[..., Any],
    args: tuple[Any, ...],
    order: int = 2,
    modes: tuple[str, ...] = ("forward", "reverse"),
    *,
    rtol: float = 1e-6,
    atol: float = 1e-8,
    seed: int = 0,
) -> None:
    """Compare the derivatives of `f` at `args` with central differences along random directions.

    With a random cotangent w and direction v, <w, J v> from differences of fourth order is
    compared with `jvp` (forward mode) and with <J^T w, v> from the pullback (reverse mode); then
    the structure and the dtype of what comes back are looked at.  To second order, the derivative
    of <w, J v> in another direction u is compared in the same way, for each mode over each.  All
    floating-point entries of all arguments take part; the result may be an array or a container.

    Arguments: `order` is 1 or 2, `modes` any of "forward" and "reverse"; `rtol` and `atol` bound
    the difference (for float64; a float32 entry takes part in the precision of float32).  Raises
    AssertionError, which names the path and gives both numbers, where they differ;
    `InvalidArgument` for another order or mode.

        >>> import numpy as np, tangent
        >>> tangent.check_grads(lambda x, y: np.sin(x) * y, (np.ones(3), 0.5))

    Griewank & Walther, Evaluating Derivatives, section 3.2 (the identity <w, J v> = <J^T w, v>).
    """
    if order not in (1, 2) or not modes or not set(modes) <= {"forward", "reverse"}:
        raise InvalidArgument(
            f"`order={order}, modes={modes}` is not there",
            code="option",
            help='use order 1 or 2, and modes of "forward" and "reverse"',
        )
    check = _Check(f, args, np.random.default_rng(seed), rtol, atol)
    if not check.moving:
        return
    found = {
        "forward mode": lambda: check.forward() if "forward" in modes else None,
        "reverse mode": lambda: check.reverse() if "reverse" in modes else None,
    }
    check.compare(found, check.differences(check.value_along, check.v))
    if order == 2:
        paths = {f"{outer} over {inner}": (outer, inner) for outer in modes for inner in modes}
        second = {name: functools.partial(check.second, *path) for name, path in paths.items()}
        check.compare(second, check.differences(check.slope_along, check.u))


class _Check:
    """One function at one place, with a cotangent w and directions v and u."""

    def __init__(
        self, f: Any, args: tuple[Any, ...], rng: np.random.Generator, rtol: float, atol: float
    ) -> None:
        self.f, self.args = f, args
        self.single = any(_single(a) for a in args)
        self.rtol, self.atol = (1e-2, 1e-3) if self.single else (rtol, atol)
        self.w = random_like(f(*args), rng)
        self.v, self.u = (tuple(random_like(a, rng) for a in args) for _ in range(2))
        self.moving = tuple(i for i, a in enumerate(args) if leaves(a))

    def compare(self, found: Mapping[str, Callable[[], float | None]], differences: float) -> None:
        for path, product in found.items():
            have = product()
            if have is None:
                continue
            bound = self.rtol * max(abs(differences), abs(have)) + self.atol
            if not abs(differences - have) <= bound:
                raise AssertionError(
                    f"{path}: differences give {differences!r}, the derivative gives {have!r}"
                )

    def differences(self, along: Callable[[tuple[Any, ...]], float], direction: Tree) -> float:
        """The derivative of `along` in a direction, of fourth order in the step."""
        step = 1e-2 if self.single else 1e-4

        def at(t: float) -> float:
            return along(tuple(moved(a, d, t) for a, d in zip(self.args, direction, strict=True)))

        return (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step)

    # ------------------------------------------------------------ first order

    def value_along(self, args: tuple[Any, ...]) -> float:
        return inner(self.w, self.f(*args))

    def forward(self) -> float:
        value, tangent = jvp(self.f, self.args, self.tangents(self.v))
        _same_structure(value, tangent, "the result", "tangent")
        return inner(self.w, tangent)

    def reverse(self) -> float:
        gradients = vjp(self.f, *self.args)[1](self.w)
        for position, (argument, gradient) in enumerate(zip(self.args, gradients, strict=True)):
            _same_structure(argument, gradient, f"argument {position}", "gradient")
        return self.contracted(gradients, self.v)

    def tangents(self, direction: Tree) -> tuple[Any, ...]:
        """A direction as tangents: None where an argument does not move."""
        return tuple(d if i in self.moving else None for i, d in enumerate(direction))

    def contracted(self, gradients: Tree, direction: Tree) -> float:
        return sum(inner(gradients[i], direction[i]) for i in self.moving)

    # ------------------------------------------------------------ second order

    @functools.cached_property
    def product(self) -> Any:
        """<w, f> as a function with its own source, so that it can be differentiated twice."""
        return weighted(self.f, self.w, len(self.args))

    @functools.cached_property
    def slope(self) -> Any:
        return grad(self.product, wrt=self.moving)

    def slope_along(self, args: tuple[Any, ...]) -> float:
        found = self.slope(*args)
        return sum(inner(g, self.v[i]) for i, g in zip(self.moving, found, strict=True))

    def second(self, outer: str, inner_: str) -> float:
        """The derivative of <w, J v> in the direction u, by one mode over another."""
        if inner_ == "reverse":
            along = tuple(self.v[i] for i in self.moving)
            if outer == "forward":
                return inner(along, jvp(self.slope, self.args, self.tangents(self.u))[1])
            return self.contracted(vjp(self.slope, *self.args)[1](along), self.u)
        push = Pushforward(self.product, self.moving)
        tangent = push.module[0]
        moving = [tangent_like(self.v[i], self.args[i]) for i in self.moving]
        if outer == "forward":
            still = (*self.tangents(self.u), *(None for _ in moving))
            wrt = tuple(i for i, d in enumerate(still) if d is not None)
            twice = Pushforward(tangent, wrt)
            return float(twice((*self.args, *moving), [still[i] for i in wrt])[1][1])
        words = dict(zip(push.words, moving, strict=True))
        value, pullback = vjp(tangent, *self.args, **words)
        return self.contracted(pullback((None, type(value[1])(1.0))), self.u)


def weighted(f: Callable[..., Any], cotangent: Tree, count: int) -> Any:
    """The scalar function <cotangent, f> of `count` arguments, with a text that can be read."""
    names = ", ".join(f"a{i}" for i in range(count))
    namespace: dict[str, Any] = {"f": f, "np": np, "__name__": __name__}
    terms: list[str] = []
    for path, weight in _paths(cotangent, "value"):
        namespace[f"w{len(terms)}"] = weight
        terms.append(f"np.sum({path} * w{len(terms)})")
    lines = [
        f"def product({names}):\n",
        f"    value = f({names})\n",
        f"    return {' + '.join(terms)}\n",
    ]
    file = f"<product {next(_numbers)}>"
    linecache.cache[file] = (sum(map(len, lines)), None, lines, file)
    exec(compile("".join(lines), file, "exec"), namespace)
    weakref.finalize(namespace["product"], linecache.cache.pop, file, None).atexit = False
    return namespace["product"]


def _paths(tree: Tree, path: str) -> Iterator[tuple[str, Any]]:
    """The weights of a cotangent, and how the entries that they belong to are written."""
    if isinstance(tree, dict):
        for key, entry in tree.items():
            yield from _paths(entry, f"{path}[{key!r}]")
    elif isinstance(tree, (list, tuple)):
        for index, entry in enumerate(tree):
            yield from _paths(entry, f"{path}[{index}]")
    elif tree is not None:
        yield path, tree


def random_like(value: Tree, rng: np.random.Generator) -> Tree:
    """Normal random numbers in the structure of a value; None for what has no derivative."""
    if isinstance(value, dict):
        return {k: random_like(v, rng) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [random_like(v, rng) for v in value]
    if not is_inexact(value):
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


def _single(value: Tree) -> bool:
    if isinstance(value, dict):
        return any(_single(v) for v in value.values())
    if isinstance(value, (list, tuple)):
        return any(_single(v) for v in value)
    return getattr(value, "dtype", None) in (np.float32, np.float16)


def _same_structure(argument: Tree, gradient: Tree, where: str, what: str) -> None:
    if isinstance(argument, dict):
        if not isinstance(gradient, dict) or list(gradient) != list(argument):
            raise AssertionError(f"{where}: the {what} has other keys")
        for key in argument:
            _same_structure(argument[key], gradient[key], f"{where}[{key!r}]", what)
    elif isinstance(argument, (list, tuple)) and gradient is not None:
        if type(gradient) is not type(argument) or len(gradient) != len(argument):
            raise AssertionError(f"{where}: the {what} is a {type(gradient).__name__}")
        for index, (one, other) in enumerate(zip(argument, gradient, strict=True)):
            _same_structure(one, other, f"{where}[{index}]", what)
    elif is_inexact(argument):
        same = type(gradient) is type(argument) and np.shape(gradient) == np.shape(argument)
        if not same or np.asarray(gradient).dtype != np.asarray(argument).dtype:
            raise AssertionError(f"{where}: the {what} is {gradient!r}")
