"""Derivatives against differences: `check_grads`."""

from __future__ import annotations

import functools
import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from tangent.api import grad
from tangent.callables import readable
from tangent.directions import inner, moved, random_like, single
from tangent.errors import InvalidArgument
from tangent.forward import Pushforward, jvp, tangent_names
from tangent.pullbacks import vjp
from tangent.runtime import tangent_like
from tangent.syntax.texts import hide_after, show
from tangent.trees import leaves, misfit
from tangent.verifying import Verified

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
    if not isinstance(args, (tuple, list)):
        raise InvalidArgument(
            "the arguments of `check_grads` are no tuple",
            code="option",
            help="write `check_grads(f, (x,))`",
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
        self.single = single(args)
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
                    + self.where(path)
                )

    def where(self, path: str) -> str:
        """The statement that is to blame: of the function, or of the program that the outer mode
        differentiates.
        """
        try:
            function, leading, values, cotangent = self.differentiated(path.partition(" over ")[2])
            names = list(inspect.signature(function, follow_wrapped=False).parameters)
            names = names[len(leading) :][: len(values)]
            suspect = Verified(function, names, values, self.moving, leading).suspect(cotangent)
        except Exception:  # the numbers are what matters
            return ""
        notes = "".join(f"\n{n}" for n in getattr(suspect, "__notes__", ()))
        return f"\n{suspect}{notes}" if suspect is not None else ""

    def differentiated(self, inner_: str) -> tuple[Any, tuple[Any, ...], tuple[Any, ...], Any]:
        """What is differentiated last, its leading arguments, its arguments, and the cotangent."""
        if inner_ == "forward":
            push = Pushforward(self.product, self.moving)
            moving = [tangent_like(self.v[i], self.args[i]) for i in self.moving]
            return push.module[0], (), (*self.args, *moving), (None, 1.0)
        if inner_ == "reverse":
            return *readable(self.slope), self.args, tuple(self.v[i] for i in self.moving)
        return *readable(self.f), self.args, self.w

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
        _refuse_misfit("the result", "tangent", misfit(value, tangent))
        return inner(self.w, tangent)

    def reverse(self) -> float:
        gradients = vjp(self.f, *self.args)[1](self.w)
        for position, (argument, gradient) in enumerate(zip(self.args, gradients, strict=True)):
            _refuse_misfit(f"argument {position}", "gradient", misfit(argument, gradient))
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
        module = push.module_for(tuple(self.args))
        tangent = module[0]
        moving = [tangent_like(self.v[i], self.args[i]) for i in self.moving]
        if outer == "forward":
            still = (*self.tangents(self.u), *(None for _ in moving))
            wrt = tuple(i for i, d in enumerate(still) if d is not None)
            twice = Pushforward(tangent, wrt)
            return float(twice((*self.args, *moving), [still[i] for i in wrt])[1][1])
        words = dict(zip(tangent_names(module), moving, strict=True))
        value, pullback = vjp(tangent, *self.args, **words)
        return self.contracted(pullback((None, type(value[1])(1.0))), self.u)


def weighted(f: Callable[..., Any], cotangent: Tree, count: int) -> Any:
    """The scalar function <cotangent, f> of `count` arguments, with a text that can be read."""
    names = ", ".join(f"a{i}" for i in range(count))
    namespace: dict[str, Any] = {"f": f, "np": np, "__name__": __name__}
    terms: list[str] = []
    for path, weight in _paths(cotangent, "value"):
        namespace[f"w{len(terms)}"] = weight
        term = f"np.sum({path} * w{len(terms)})"
        terms.append(f"np.real({term})" if np.iscomplexobj(weight) else term)
    lines = [
        f"def product({names}):\n",
        f"    value = f({names})\n",
        f"    return {' + '.join(terms)}\n",
    ]
    file = f"<product {next(_numbers)}>"
    show(file, "".join(lines))
    exec(compile("".join(lines), file, "exec"), namespace)
    hide_after(namespace["product"], file)
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


def _refuse_misfit(where: str, what: str, complaint: str) -> None:
    if complaint:
        raise AssertionError(f"{where}: the {what} {complaint}")
