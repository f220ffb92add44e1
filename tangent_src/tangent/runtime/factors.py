"""The adjoints of factors of matrices that SciPy knows beside NumPy: triangles, bands, LU."""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.linalg import mT


def outer_rows(B_bar: Any, X: Any) -> Any:
    """`B_bar X^T`, for vectors and for matrices with the same number of columns."""
    if np.ndim(X) == 1:
        return B_bar[:, None] * X[None, :]
    return B_bar @ mT(X)


def pivot_order(piv: Any) -> Any:
    """The permutation of rows that the exchanges `piv` of `scipy.linalg.lu_factor` make."""
    order = np.arange(np.size(piv))
    for i, j in enumerate(piv):
        order[[i, j]] = order[[j, i]]
    return order


def lu_adjoint(lu_bar: Any, lu: Any, piv: Any) -> Any:
    """The adjoint of `A` in `lu, piv = scipy.linalg.lu_factor(A)`, for square `A`.

    Walter & Lehmann 2010, section 2: `dL = L tril(F, -1)`, `dU = triu(F) U` with
    `F = L^-1 P dA U^-1`.
    """
    n = np.shape(lu)[-1]
    L, U = np.tril(lu, -1) + np.eye(n, dtype=lu.dtype), np.triu(lu)
    F_bar = np.tril(mT(L) @ np.tril(lu_bar, -1), -1) + np.triu(np.triu(lu_bar) @ mT(U))
    inner = mT(np.linalg.solve(U, mT(np.linalg.solve(mT(L), F_bar))))
    return inner[np.argsort(pivot_order(piv))]


def lu_tangent(A_dot: Any, lu: Any, piv: Any) -> Any:
    """The tangent of `lu` in `lu, piv = scipy.linalg.lu_factor(A)`; as in `lu_adjoint`."""
    n = np.shape(lu)[-1]
    L, U = np.tril(lu, -1) + np.eye(n, dtype=lu.dtype), np.triu(lu)
    left = np.linalg.solve(L, A_dot[pivot_order(piv)])
    F = mT(np.linalg.solve(mT(U), mT(left)))
    return L @ np.tril(F, -1) + np.triu(F) @ U


def bands_turned(ab: Any, lower: int, upper: int) -> Any:
    """The bands of the transposed matrix: `upper` below its diagonal, and `lower` above it."""
    n = np.shape(ab)[1]
    i = np.arange(lower + upper + 1)[:, None] - lower
    places = np.arange(n)[None, :] + i
    inside = (places >= 0) & (places < n)
    rows = upper - i + np.zeros_like(places)
    return np.where(inside, ab[rows, np.clip(places, 0, n - 1)], 0)


def bands_of(B_bar: Any, X: Any, lower: int, upper: int) -> Any:
    """The bands of `B_bar X^T`."""
    n = np.shape(X)[0]
    i = np.arange(lower + upper + 1)[:, None] - upper
    places = np.arange(n)[None, :] + i
    inside = (places >= 0) & (places < n)
    rows = np.clip(places, 0, n - 1)
    products = B_bar[rows] * X[None, :]
    return np.where(inside, products if np.ndim(X) == 1 else np.sum(products, -1), 0)


def blocks_back(Y_bar: Any, arrays: Any) -> Any:
    """The adjoints of `arrays` in `scipy.linalg.block_diag(*arrays)`."""
    bars, row, column = [], 0, 0
    for x in arrays:
        m, n = np.shape(np.atleast_2d(x))
        bars.append(np.reshape(Y_bar[row : row + m, column : column + n], np.shape(x)))
        row, column = row + m, column + n
    return bars


def bands_times(ab: Any, X: Any, lower: int, upper: int) -> Any:
    """The matrix with the bands `ab`, times `X`."""
    n = np.shape(X)[0]
    i = np.arange(n)[:, None]
    j = np.arange(n)[None, :]
    inside = (i - j <= lower) & (j - i <= upper)
    rows = np.clip(upper + i - j, 0, lower + upper)
    return np.where(inside, ab[rows, j + np.zeros_like(i)], 0) @ X
