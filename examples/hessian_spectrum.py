"""The curvature of a small network's loss, before and after training.

    python examples/hessian_spectrum.py

A network with one hidden layer learns to tell two interleaved spirals apart.  Before and after,
its Hessian is looked at by products with vectors alone: Hutchinson's estimate of the trace, and the
spectrum by Lanczos' method; both are held against the dense Hessian, which this network is small
enough for.  Prints the generated Hessian-vector product and the numbers, and saves a picture of
both spectra.
"""

import argparse
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from tqdm import tqdm

from tangent import flatten, grad, hutchinson_trace, hvp, lanczos_spectrum

HIDDEN, POINTS = 16, 80


def loss(params, x, labels):
    """The mean logistic loss of a network with one hidden layer, and a little weight decay."""
    h = np.tanh(x @ params["W1"] + params["b1"])
    margins = labels * (h @ params["w2"] + params["b2"])
    decay = np.sum(params["W1"] ** 2) + np.sum(params["w2"] ** 2)
    return np.mean(np.log1p(np.exp(-margins))) + 1e-4 * decay


def spirals(rng):
    """Points on two arms of a spiral, and the arm of each as -1 or 1."""
    angle = 2.5 * np.sqrt(rng.uniform(0.05, 1.0, POINTS)) * np.pi / 1.5
    labels = np.where(np.arange(POINTS) % 2, 1.0, -1.0)
    arms = np.stack([np.cos(angle), np.sin(angle)], axis=1) * (labels * angle)[:, None]
    return arms / 2 + rng.normal(scale=0.05, size=(POINTS, 2)), labels


def start(rng):
    """Small random weights."""
    return {
        "W1": rng.normal(size=(2, HIDDEN)),
        "b1": rng.normal(size=HIDDEN),
        "w2": rng.normal(size=HIDDEN) / np.sqrt(HIDDEN),
        "b2": 0.0,
    }


def trained(params, x, labels, steps, rate=0.02):
    """The parameters after Adam's method on all points."""
    vector, unflatten = flatten(params)
    df = grad(loss)
    first, second = np.zeros_like(vector), np.zeros_like(vector)
    for step in tqdm(range(1, steps + 1), desc="training"):
        gradient = flatten(df(unflatten(vector), x, labels))[0]
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient**2
        size = np.sqrt(second / (1 - 0.99**step)) + 1e-8
        vector = vector - rate * (first / (1 - 0.9**step)) / size
    return unflatten(vector)


def dense(params, x, labels):
    """The Hessian column by column, for comparison."""
    vector, unflatten = flatten(params)
    product = hvp(loss)
    columns = [
        flatten(product(params, x, labels, unflatten(unit)))[0]
        for unit in tqdm(np.eye(vector.size), desc="columns")
    ]
    return np.stack(columns, axis=1)


def density(values, weights, places, width):
    """The spectrum as a smooth curve: a bell of one width over each value."""
    bells = np.exp(-0.5 * ((places[:, None] - values) / width) ** 2)
    return bells @ weights / (width * np.sqrt(2 * np.pi))


def looked_at(name, params, x, labels):
    """The estimates and the exact spectrum at one set of parameters."""
    estimate, error = hutchinson_trace(loss, samples=64)(params, x, labels)
    spectrum = lanczos_spectrum(loss, steps=24, samples=4)(params, x, labels)
    exact = np.linalg.eigvalsh(dense(params, x, labels))
    print(f"{name} training: loss {loss(params, x, labels):.4f}")
    print(f"  trace {estimate:.3f} +- {error:.3f} by Hutchinson, {exact.sum():.3f} by all columns")
    values = spectrum[0]
    title = f"{name} training: trace {exact.sum():.3g}, estimated {estimate:.3g} ± {error:.2g}"
    print(f"  eigenvalues {values[0]:.4f} to {values[-1]:.4f} by Lanczos,", end=" ")
    print(f"{exact[0]:.4f} to {exact[-1]:.4f} by all columns")
    return spectrum, exact, title


def draw(found, target):
    figure, panels = plt.subplots(2, 1, figsize=(7, 6), layout="constrained")
    for axes, (spectrum, exact, title) in zip(panels, found, strict=True):
        reach = max(exact[-1], 1e-3)
        places = np.linspace(exact[0] - 0.1 * reach, exact[-1] + 0.1 * reach, 600)
        width = 0.02 * reach
        equal = np.full(len(exact), 1 / len(exact))
        axes.semilogy(places, density(exact, equal, places, width), "0.6", lw=4, label="exact")
        axes.semilogy(places, density(*spectrum, places, width), "tab:red", label="Lanczos")
        axes.plot(exact, np.full(len(exact), 2e-3), "k|", markersize=9, label="eigenvalues")
        axes.set(title=title, ylabel="density", ylim=(1e-3, None))
        axes.legend()
    panels[-1].set_xlabel("eigenvalue of the Hessian")
    figure.savefig(target, dpi=120)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=1500, help="steps of training")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "output")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)

    print(hvp(loss).source)
    rng = np.random.default_rng(options.seed)
    x, labels = spirals(rng)
    before = start(rng)
    after = trained(before, x, labels, options.steps)
    pairs = {"before": before, "after": after}
    found = [looked_at(name, params, x, labels) for name, params in pairs.items()]
    draw(found, options.output / "hessian_spectrum.png")


if __name__ == "__main__":
    main()
