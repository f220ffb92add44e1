"""Linear regression by gradient descent, with the numbers of a published course.

    python examples/linear_regression.py

Four points, X = [[1, 40], [2, 30], [3, 20], [4, 10]], true weights w = (2, 1); mean squared error
in float32, learning rate 0.0013, start at 0.  Prints the first steps and the last one, and saves
a picture of the descent.
"""

import argparse
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from tqdm import tqdm

from tangent import value_and_grad

X = np.array([[1, 40], [2, 30], [3, 20], [4, 10]], dtype=np.float32)
TRUE = np.array([2, 1], dtype=np.float32)
RATE = np.float32(0.0013)


def loss(w, x, y):
    """Mean squared error of the prediction w1 x1 + w2 x2."""
    prediction = np.sum(x * w, axis=1)
    return np.mean((prediction - y) ** 2)


def descend(steps):
    """The weights before each step, the losses, and the gradient at the start."""
    step = value_and_grad(loss)
    print(step.source)
    y = X @ TRUE
    w = np.zeros(2, dtype=np.float32)
    path, losses, first = [w], [], None
    for _ in tqdm(range(steps + 1), desc="steps"):
        value, gradient = step(w, X, y)
        first = gradient if first is None else first
        losses.append(float(value))
        w = w - RATE * gradient
        path.append(w)
    return np.array(path), losses, first


def draw(path, losses, target):
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    left.loglog(np.arange(1, len(losses) + 1), losses)
    left.set(xlabel="step + 1", ylabel="mean squared error", title="Loss")
    right.plot(path[:, 0], path[:, 1], ".-", markersize=3, linewidth=0.8)
    right.plot(*TRUE, "k*", markersize=12, label="true weights (2, 1)")
    right.set(xlabel="$w_1$", ylabel="$w_2$", title="Weights, from (0, 0)")
    right.legend()
    figure.savefig(target, dpi=120)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "output")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    path, losses, first = descend(1001)
    print(f"step    0: loss {losses[0]:.0f}, gradient ({first[0]:.0f}, {first[1]:.0f})")
    print(f"step    5: loss {losses[5]:.3f}, then w = ({path[6][0]:.5f}, {path[6][1]:.5f})")
    print(f"after 1001 steps: w = ({path[1001][0]:.5f}, {path[1001][1]:.5f})")
    draw(path, losses, options.output / "linear_regression.png")
    print(f"picture in {options.output}")


if __name__ == "__main__":
    main()
