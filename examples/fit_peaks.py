"""A parameter tree in `scipy.optimize.minimize`: peaks of a spectrum, with and without gradient.

    python examples/fit_peaks.py

A sum of peaks on a sloping background is fitted to noisy counts.  The parameters are a dict of
arrays and numbers; `flatten` makes one vector of it, and the way back, so that SciPy sees a vector
and the model a tree.  The same BFGS runs with the generated gradient and with SciPy's differences.
Prints the generated text and what both take; saves a picture of the fit and of the losses against
the number of calls of the model.
"""

import argparse
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import minimize
from tqdm import tqdm

from tangent import flatten, value_and_grad

TRUTH = {
    "height": np.array([9.0, 5.0, 7.0]),
    "center": np.array([2.0, 4.6, 5.6]),
    "width": np.array([0.35, 0.7, 0.3]),
    "background": {"level": 2.0, "slope": -0.15},
}
GUESS = {
    "height": np.array([5.0, 5.0, 5.0]),
    "center": np.array([1.6, 4.2, 6.0]),
    "width": np.array([0.5, 0.5, 0.5]),
    "background": {"level": 1.0, "slope": 0.0},
}


def model(params, x):
    """Gaussian peaks on a straight line."""
    background = params["background"]["level"] + params["background"]["slope"] * x
    distance = (x[:, None] - params["center"]) / params["width"]
    return background + np.exp(-0.5 * distance**2) @ params["height"]


def loss(params, x, counts):
    """Half the mean square of what the model misses."""
    return 0.5 * np.mean((model(params, x) - counts) ** 2)


class Watched:
    """A function of vectors that notes its losses, and how often it was called."""

    def __init__(self, fun, name, steps):
        self.fun, self.losses = fun, []
        self.bar = tqdm(total=steps, desc=f"{name:20}")

    def __call__(self, flat):
        found = self.fun(flat)
        self.losses.append(float(found[0] if isinstance(found, tuple) else found))
        return found

    def step(self, _):
        self.bar.update()

    def done(self):
        self.bar.total = self.bar.n
        self.bar.refresh()
        self.bar.close()


def fitted(x, counts, steps):
    """For each kind of gradient: SciPy's result as a tree, and the losses of all calls."""
    flat, unflatten = flatten(GUESS)
    df = value_and_grad(loss)

    def with_gradient(vector):
        value, gradient = df(unflatten(vector), x, counts)
        return value, flatten(gradient)[0]

    kinds = {
        "generated gradient": (with_gradient, True),
        "differences": (lambda vector: loss(unflatten(vector), x, counts), None),
    }
    runs = {}
    for name, (fun, jac) in kinds.items():
        watched = Watched(fun, name, steps)
        options = {"maxiter": steps, "gtol": 1e-8}
        found = minimize(watched, flat, jac=jac, callback=watched.step, options=options)
        watched.done()
        runs[name] = unflatten(found.x), np.minimum.accumulate(watched.losses), found
    return runs


def draw(x, counts, runs, target):
    params = runs["generated gradient"][0]
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    left.plot(x, counts, ".", color="0.6", label="counts")
    left.plot(x, model(GUESS, x), "tab:blue", lw=1, ls="--", label="first guess")
    left.plot(x, model(params, x), "tab:red", label="fit")
    left.set(xlabel="x", ylabel="counts", title="Peaks on a background")
    left.legend()
    for name, (_, losses, _) in runs.items():
        right.semilogy(np.arange(1, len(losses) + 1), losses, label=name)
    right.set(xlabel="calls of the model", ylabel="least loss so far", title="BFGS")
    right.grid(alpha=0.3)
    right.legend()
    figure.savefig(target, dpi=120)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=200, help="steps of BFGS at most")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "output")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)

    print(value_and_grad(loss).source)
    x = np.linspace(0.0, 8.0, 240)
    counts = model(TRUTH, x) + np.random.default_rng(options.seed).normal(scale=0.2, size=x.size)
    runs = fitted(x, counts, options.steps)
    for name, (params, losses, found) in runs.items():
        print(f"{name}: loss {losses[-1]:.6f} after {found.nit} steps, {len(losses)} calls")
        print(f"  centers {params['center'].round(3)}, {params['background']}")
    draw(x, counts, runs, options.output / "fit_peaks.png")


if __name__ == "__main__":
    main()
