"""Estimates from Hessian-vector products: the trace of the Hessian, and its spectrum."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tangent.errors import InvalidArgument
from tangent.operator_parts import Operator, arguments_of, numbers_of, positions_of, tangent_of
from tangent.operators import hvp
from tangent.trees import flatten

__all__ = ["hutchinson_trace", "lanczos_spectrum"]


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
    product, chosen = hvp(f, wrt), positions_of(f, wrt)

    def call(*args: Any, **kwargs: Any) -> tuple[float, float]:
        times, size, rng = _on_vectors(f, product, args, kwargs, chosen, wrt, seed)
        found = []
        for _ in range(samples):
            signs = rng.choice([-1.0, 1.0], size=size)
            found.append(float(np.dot(signs, times(signs))))
        return float(np.mean(found)), float(np.std(found, ddof=1) / np.sqrt(samples))

    return Operator(call, f, lambda: product.source)


def lanczos_spectrum(
    f: Callable[..., Any],
    wrt: Any = 0,
    steps: int = 32,
    samples: int = 1,
    seed: int | np.random.Generator = 0,
) -> Operator:
    """`lanczos_spectrum(f)(*args)`: values and weights, an estimate of the Hessian's spectrum.

    Each of `samples` runs starts with a random vector and takes `steps` Hessian-vector products;
    its tridiagonal matrix gives as many values, whose weights say what share of all eigenvalues is
    near each.  The weights sum to 1.  The largest and the smallest values are near the largest and
    the smallest eigenvalues; with as many steps as there are numbers they are the eigenvalues.

    Arguments: as for `hvp`.  Returns two arrays of at most `steps * samples` floats, the values in
    ascending order.  Raises `InvalidArgument` for no steps or no samples.

        >>> import numpy as np, tangent
        >>> spectrum = tangent.lanczos_spectrum(lambda x: np.sum(x ** 3))
        >>> spectrum(np.array([1.0, 2.0]))[0].round(6)
        array([ 6., 12.])

    Golub & Meurant, Matrices, Moments and Quadrature with Applications, chapter 4; Ubaru, Chen,
    Saad 2017, "Fast estimation of tr(f(A)) via stochastic Lanczos quadrature".
    """
    if steps < 1 or samples < 1:
        raise InvalidArgument(
            f"`steps={steps}, samples={samples}` gives no estimate",
            code="samples",
            help="take one or more of each",
        )
    product, chosen = hvp(f, wrt), positions_of(f, wrt)

    def call(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        times, size, rng = _on_vectors(f, product, args, kwargs, chosen, wrt, seed)
        runs = [_lanczos(times, rng.normal(size=size), steps) for _ in range(samples)]
        values = np.concatenate([v for v, _ in runs])
        weights = np.concatenate([w for _, w in runs]) / samples
        order = np.argsort(values)
        return values[order], weights[order]

    return Operator(call, f, lambda: product.source)


def _on_vectors(
    f: Any, product: Any, args: Any, kwargs: Any, chosen: tuple[int, ...], wrt: Any, seed: Any
) -> tuple[Callable[[Any], Any], int, np.random.Generator]:
    """The Hessian as a function of vectors, their length, and a generator of random numbers."""
    values = arguments_of(f, args, kwargs)
    inputs = tuple(values[i] for i in chosen)
    vector, unflatten = flatten(inputs)

    def times(direction: Any) -> Any:
        v = tangent_of(unflatten(direction), inputs)
        moved = product(*values, v if isinstance(wrt, tuple) else v[0])
        return numbers_of(moved if isinstance(wrt, tuple) else (moved,), inputs)

    return times, vector.size, np.random.default_rng(seed)


def _lanczos(times: Callable[[Any], Any], start: Any, steps: int) -> tuple[Any, Any]:
    """Eigenvalues of the tridiagonal matrix, and the squares of their vectors' first entries.

    Each vector is made orthogonal to all before it, twice: otherwise rounding finds eigenvalues
    again that were found before.
    """
    basis: list[Any] = []
    diagonal, beside = [], []
    q, norm = start, float(np.linalg.norm(start))
    while norm > 0 and len(basis) < min(steps, start.size):
        q = q / norm
        basis.append(q)
        w = times(q).astype(float)
        diagonal.append(float(np.dot(q, w)))
        size = float(np.linalg.norm(w))
        for _ in range(2):
            known = np.array(basis)
            w = w - known.T @ (known @ w)
        q, norm = w, float(np.linalg.norm(w))
        if norm <= 1e-10 * size:  # the vectors so far span all that the start reaches
            break
        beside.append(norm)
    beside = beside[: len(diagonal) - 1]
    T = np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1)
    values, vectors = np.linalg.eigh(T)
    return values, vectors[0] ** 2
