"""Forward and reverse mode on one small function, by hand and by the library.

    python examples/two_modes.py

L(w1, w2) = w2 log w1 + sqrt(w2 log w1).  The traces are worked out by hand, step by step; beside
the backward trace stands the source that the library writes, and both give the same numbers.  A
picture shows L and its gradient, as the generated source computes it on a grid.
"""

import argparse
import itertools
import math
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from tqdm import tqdm

from tangent import grad

POINT = 4.0, 2.0


def L(w1, w2):
    v2 = w2 * np.log(w1)
    return v2 + np.sqrt(v2)


def forward_trace(w1, w2, w1_dot, w2_dot):
    """Values and tangents, first to last: one run for each input."""
    v1, v1_dot = math.log(w1), w1_dot / w1
    v2, v2_dot = w2 * v1, w2_dot * v1 + w2 * v1_dot
    v3, v3_dot = math.sqrt(v2), v2_dot / (2 * math.sqrt(v2))
    return [
        ("v1 = log w1", v1, v1_dot),
        ("v2 = w2 v1", v2, v2_dot),
        ("v3 = sqrt v2", v3, v3_dot),
        ("L = v2 + v3", v2 + v3, v2_dot + v3_dot),
    ]


def backward_trace(w1, w2):
    """Values first to last, then adjoints last to first: one run for all inputs."""
    v1 = math.log(w1)
    v2 = w2 * v1
    v3 = math.sqrt(v2)
    v3_bar = 1.0
    v2_bar = 1.0 + v3_bar / (2 * v3)
    v1_bar = v2_bar * w2
    return [
        ("v1 = log w1", v1),
        ("v2 = w2 v1", v2),
        ("v3 = sqrt v2", v3),
        ("", None),
        ("L_bar", 1.0),
        ("v3_bar = L_bar", v3_bar),
        ("v2_bar = L_bar + v3_bar / (2 v3)", v2_bar),
        ("w2_bar = v2_bar v1", v2_bar * v1),
        ("v1_bar = v2_bar w2", v1_bar),
        ("w1_bar = v1_bar / w1", v1_bar / w1),
    ]


def print_forward(w1, w2):
    """Both runs of the forward trace in one table."""
    by_w1, by_w2 = forward_trace(w1, w2, 1, 0), forward_trace(w1, w2, 0, 1)
    print(f"{'forward trace by hand':24}{'value':>10}{'d/dw1':>12}{'d/dw2':>12}")
    for (step, value, first), (_, _, second) in zip(by_w1, by_w2, strict=True):
        print(f"  {step:22}{value:10.6f}{first:12.6f}{second:12.6f}")


def print_backward(w1, w2, source):
    """The backward trace, and beside it the generated function."""
    trace = [
        f"  {step:34}" + ("" if value is None else f"{value:9.6f}")
        for step, value in backward_trace(w1, w2)
    ]
    print(f"{'backward trace by hand':48}what the library writes\n")
    for left, right in itertools.zip_longest(trace, source.splitlines(), fillvalue=""):
        print(f"{left:48}{right}".rstrip())


def draw(gradient, target):
    w1, w2 = np.meshgrid(np.linspace(1.4, 6.0, 12), np.linspace(0.4, 4.0, 10))
    arrows = np.zeros((2, *w1.shape))
    for at in tqdm(list(np.ndindex(w1.shape)), desc="gradients"):
        arrows[:, *at] = gradient(float(w1[at]), float(w2[at]))

    fine = np.meshgrid(np.linspace(1.2, 6.4, 200), np.linspace(0.0, 4.6, 200))
    figure, axes = plt.subplots(figsize=(7.5, 5), layout="constrained")
    shades = axes.contourf(*fine, L(*fine), levels=np.arange(0, 13), cmap="viridis")
    arrow_style = {"color": "white", "width": 0.003, "angles": "xy"}
    axes.quiver(w1, w2, *arrows, scale=6, scale_units="xy", **arrow_style)
    axes.plot(*POINT, "o", color="tab:red", label=f"point of the traces, {POINT}")
    axes.legend(loc="lower right")
    axes.set_aspect("equal")
    axes.set(xlabel="$w_1$", ylabel="$w_2$")
    axes.set_title(r"$L = w_2 \log w_1 + \sqrt{w_2 \log w_1}$ and its gradient (1/6 of its length)")
    figure.colorbar(shades, label="$L$", shrink=0.8)
    figure.savefig(target, dpi=120)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "output")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)

    gradient = grad(L, wrt=("w1", "w2"))
    print(f"L = w2 log w1 + sqrt(w2 log w1) at (w1, w2) = {POINT}\n")
    print_forward(*POINT)
    print()
    print_backward(*POINT, gradient.source)
    w1_bar, w2_bar = gradient(*POINT)
    print(f"\nby the library: w1_bar = {w1_bar:.6f}, w2_bar = {w2_bar:.6f}")
    draw(gradient, options.output / "two_modes.png")
    print(f"picture: {options.output / 'two_modes.png'}")


if __name__ == "__main__":
    main()
