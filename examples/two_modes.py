"""Forward and reverse mode on one small function, by hand and by the library.

    python examples/two_modes.py

L(w1, w2) = w2 log w1 + sqrt(w2 log w1).  The traces are worked out by hand, step by step; beside
the backward trace stands the source that the library writes.  A picture shows L and its gradient.
"""

import argparse
import math
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from tqdm import tqdm

from tangent import grad


def L(w1, w2):
    v = w2 * np.log(w1)
    return v + np.sqrt(v)


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
    """Adjoints, last to first: one run for all inputs."""
    v1 = math.log(w1)
    v2 = w2 * v1
    v3 = math.sqrt(v2)
    v3_bar = 1.0
    v2_bar = 1.0 + v3_bar / (2 * v3)
    v1_bar = v2_bar * w2
    return [
        ("L_bar", 1.0),
        ("v3_bar = L_bar", v3_bar),
        ("v2_bar = L_bar + v3_bar / (2 v3)", v2_bar),
        ("w2_bar = v2_bar v1", v2_bar * v1),
        ("v1_bar = v2_bar w2", v1_bar),
        ("w1_bar = v1_bar / w1", v1_bar / w1),
    ]


def draw(gradient, target):
    w1, w2 = np.meshgrid(np.linspace(1.2, 6, 13), np.linspace(0.3, 4, 13))
    arrows = np.zeros((*w1.shape, 2))
    for i in tqdm(range(w1.shape[0]), desc="rows"):
        for j in range(w1.shape[1]):
            arrows[i, j] = gradient(float(w1[i, j]), float(w2[i, j]))
    figure, axes = plt.subplots(figsize=(6.5, 5), layout="constrained")
    shades = axes.contourf(w1, w2, L(w1, w2), levels=20, cmap="viridis")
    axes.quiver(w1, w2, arrows[..., 0], arrows[..., 1], color="white", width=0.003)
    figure.colorbar(shades, label="L")
    axes.set(xlabel="$w_1$", ylabel="$w_2$")
    axes.set_title(r"$L = w_2 \log w_1 + \sqrt{w_2 \log w_1}$ and its gradient")
    figure.savefig(target, dpi=120)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "output")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    w1, w2 = 4.0, 2.0
    for name, seeds in (("w1", (1.0, 0.0)), ("w2", (0.0, 1.0))):
        print(f"forward trace, tangent with respect to {name}")
        for step, value, tangent in forward_trace(w1, w2, *seeds):
            print(f"  {step:14} {value:9.6f}   {tangent:9.6f}")
    print("backward trace: both derivatives at once")
    for step, adjoint in backward_trace(w1, w2):
        print(f"  {step:34} {adjoint:9.6f}")
    gradient = grad(L, wrt=("w1", "w2"))
    print("\nwhat the library writes\n\n" + gradient.source)
    by_library = gradient(w1, w2)
    print(f"its result at ({w1}, {w2}): ({by_library[0]:.6f}, {by_library[1]:.6f})")
    draw(gradient, options.output / "two_modes.png")
    print(f"picture in {options.output}")


if __name__ == "__main__":
    main()
