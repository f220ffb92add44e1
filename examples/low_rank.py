"""The derivative of singular values: a matrix of low rank, completed from a part of its entries.

    python examples/low_rank.py

For W = U S V^T the derivative of what depends on S alone is dL/dW = U (dL/dS) V^T.  Here that is
the sum of the singular values, which is small for a matrix of low rank.  Prints the generated
gradient, compares it with the formula by hand, and fills the missing entries in by descent.
"""

import argparse
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from tqdm import tqdm

from tangent import grad, value_and_grad

SIZE, RANK, KNOWN = 30, 2, 0.5


def spectrum(W, weights):
    """A weighted sum of the singular values."""
    s = np.linalg.svdvals(W)
    return np.sum(weights * s)


def objective(W, M, known, strength):
    """The squared distance at the entries that are known, and the sum of the singular values."""
    s = np.linalg.svdvals(W)
    return np.sum((W - M) ** 2, where=known) / 2 + strength * np.sum(s)


def by_hand(W, weights):
    """dL/dW = U (dL/dS) V^T."""
    U, _, Vt = np.linalg.svd(W)
    return U @ np.diag(weights) @ Vt


def completed(M, known, steps):
    """The matrix, filled in; the weight of the singular values falls on the way."""
    W, losses = np.where(known, M, 0.0), []
    slope = value_and_grad(objective)
    for step in tqdm(range(steps), desc="descent"):
        strength = 2.0 * 0.01 ** (step / steps)
        loss, W_bar = slope(W, M, known, strength)
        losses.append(loss)
        W = W - 0.5 * W_bar
    return W, losses


def draw(M, known, W, losses, target):
    figure, axes = plt.subplots(1, 4, figsize=(13, 3.4), layout="constrained")
    shown = {"matrix": M, "known entries": np.where(known, M, np.nan), "completed": W}
    for ax, (title, matrix) in zip(axes, shown.items(), strict=False):
        ax.imshow(matrix, cmap="viridis", vmin=M.min(), vmax=M.max())
        ax.set(title=title, xticks=[], yticks=[])
    axes[3].semilogy(np.linalg.svdvals(M)[:10] + 1e-16, "o-", color="0.6", label="matrix")
    axes[3].semilogy(np.linalg.svdvals(W)[:10], "x-", color="tab:red", label="completed")
    axes[3].set(title="singular values", ylim=(1e-3, None))
    axes[3].legend()
    figure.savefig(target, dpi=120)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "output")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)

    rng = np.random.default_rng(0)
    M = rng.normal(size=(SIZE, RANK)) @ rng.normal(size=(RANK, SIZE))
    known = rng.random(M.shape) < KNOWN
    weights = np.linspace(1.0, 2.0, SIZE)
    gradient = grad(spectrum)
    W_bar = gradient(M + np.eye(SIZE), weights)
    print(gradient.source)
    error = np.max(np.abs(W_bar - by_hand(M + np.eye(SIZE), weights)))
    print(f"largest difference to U (dL/dS) V^T: {error:.1e}")

    W, losses = completed(M, known, options.steps)
    rest = np.linalg.norm((W - M)[~known]) / np.linalg.norm(M[~known])
    print(f"relative error of the entries that were not known: {rest:.3f}")
    draw(M, known, W, losses, options.output / "low_rank.png")


if __name__ == "__main__":
    main()
