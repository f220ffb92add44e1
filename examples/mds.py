"""Points from their distances: multidimensional scaling with and without a gradient.

    python examples/mds.py

L(W) = sum over i, j of (|W_i - W_j|^2 - D_ij)^2 is minimised from a random start, three times: by
gradient descent, and by two methods of order zero, which take `finite_difference` along random
directions for the gradient.  Prints the generated gradient; saves the losses against the number of
calls of L (a gradient counts as 5, the bound of Griewank & Walther, section 4.6), and the layout
on its way as an animation.
"""

import argparse
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation, PillowWriter
from tqdm import tqdm

from tangent import finite_difference, grad

SAMPLES, GRADIENT_COST = 10, 5


def loss(W, D):
    """How far the squared distances between the rows of W are from D."""
    differences = W[:, None, :] - W[None, :, :]
    squares = np.sum(differences * differences, axis=2)
    return np.sum((squares - D) ** 2)


def house():
    """The corners, the door and the window of a house, and its squared distances."""
    outline = [(0, 0), (0, 1), (0.5, 1.6), (1, 1), (1, 0)]
    door = [(0.4, 0), (0.4, 0.45), (0.6, 0.45), (0.6, 0)]
    window = [(0.15, 0.6), (0.15, 0.8), (0.35, 0.8), (0.35, 0.6), (0.25, 0.7)]
    points = np.array([*outline, *door, *window])
    return points, np.sum((points[:, None] - points) ** 2, axis=2)


def descend(direction, W, D, rate, cost, calls, name):
    """The numbers of calls, the losses and the layouts on the way."""
    spent, losses, layouts = [0], [loss(W, D)], [W]
    with tqdm(total=calls, desc=f"{name:16}") as bar:
        while spent[-1] + cost <= calls:
            W = W - rate * direction(W, D)
            spent.append(spent[-1] + cost)
            losses.append(loss(W, D))
            layouts.append(W)
            bar.update(cost)
        bar.update(calls - spent[-1])
    return np.array(spent), np.array(losses), layouts


def methods(seed):
    """Each method: a direction of ascent, its rate, and the calls of L that a step costs."""
    rng = np.random.default_rng(seed)

    def random(W, D, method):
        return finite_difference(
            lambda V: loss(V, D), W, method, step=1e-5, samples=SAMPLES, seed=rng
        )

    return {
        "gradient": (grad(loss), 4e-3, GRADIENT_COST),
        "two-point random": (lambda W, D: random(W, D, "two_point_random"), 6e-5, 2),
        "multipoint": (lambda W, D: random(W, D, "multipoint"), 1e-3, SAMPLES + 1),
    }


def turned(W, points):
    """W moved and turned onto the points as well as may be (Procrustes)."""
    U, _, V = np.linalg.svd((W - W.mean(axis=0)).T @ (points - points.mean(axis=0)))
    return (W - W.mean(axis=0)) @ U @ V + points.mean(axis=0)


def draw_losses(runs, target):
    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    for name, (spent, losses, _) in runs.items():
        axes.semilogy(spent, losses, label=name)
    axes.set(xlabel="calls of L", ylabel="L(W)", title="Scaling with and without a gradient")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(target, dpi=120)
    plt.close(figure)


def draw_layouts(runs, points, target, frames=40):
    figure, panels = plt.subplots(1, 3, figsize=(9, 3.6), layout="constrained")
    shown = {}
    for axes, (name, (_, _, layouts)) in zip(panels, runs.items(), strict=True):
        axes.plot(*points.T, "o", color="0.75", markersize=9)
        (shown[name],) = axes.plot(*turned(layouts[0], points).T, ".", color="tab:red")
        axes.set(xlim=(-0.9, 1.9), ylim=(-0.7, 2.1), title=name, aspect="equal")

    def update(frame):
        for name, (_, _, layouts) in runs.items():
            place = round((frame / (frames - 1)) ** 2 * (len(layouts) - 1))
            shown[name].set_data(*turned(layouts[place], points).T)
        return list(shown.values())

    FuncAnimation(figure, update, frames).save(target, PillowWriter(fps=10), dpi=70)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=6000, help="calls of L for each method")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "output")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)

    print(grad(loss).source)
    points, D = house()
    start = np.random.default_rng(options.seed).normal(scale=0.5, size=points.shape)
    runs = {
        name: descend(direction, start, D, rate, cost, options.calls, name)
        for name, (direction, rate, cost) in methods(options.seed).items()
    }
    for name, (spent, losses, _) in runs.items():
        print(f"{name:16}: L = {losses[-1]:.3g} after {spent[-1]} calls")
    draw_losses(runs, options.output / "mds_losses.png")
    draw_layouts(runs, points, options.output / "mds_layout.gif")


if __name__ == "__main__":
    main()
