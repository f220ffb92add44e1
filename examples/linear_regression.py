"""Linear regression by gradient descent, with the numbers of a published course.

    python examples/linear_regression.py

Four points, X = [[1, 40], [2, 30], [3, 20], [4, 10]], true weights w = (2, 1); mean squared error
in float32, learning rate 0.0013, start at 0.  Prints the generated gradient and the first and last
steps, and saves a picture of the descent.
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
TRUE_W = np.array([2, 1], dtype=np.float32)
RATE = np.float32(0.0013)


def loss(w, x, y):
    """Mean squared error of the prediction w1 x1 + w2 x2."""
    prediction = np.sum(x * w, axis=1)
    return np.mean((prediction - y) ** 2)


def descend(step, count):
    """The losses and gradients at each step, and the weights before and behind it (one more)."""
    y = X @ TRUE_W
    w = np.zeros(2, dtype=np.float32)
    losses, gradients, weights = [], [], [w]
    for _ in tqdm(range(count), desc="steps"):
        value, gradient = step(w, X, y)
        w = w - RATE * gradient
        losses.append(float(value))
        gradients.append(gradient)
        weights.append(w)
    return np.array(losses), np.array(gradients), np.array(weights)


def draw(losses, weights, target):
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    left.semilogy(losses)
    left.set(xlabel="step", ylabel="mean squared error", title="Loss, float32")
    left.grid(alpha=0.3)

    w1, w2 = np.meshgrid(np.linspace(-0.2, 2.3, 200), np.linspace(-0.2, 2.6, 200))
    residual = X @ (np.stack([w1.ravel(), w2.ravel()]) - TRUE_W[:, None])
    surface = np.mean(residual**2, axis=0).reshape(w1.shape)
    lines = right.contour(w1, w2, surface, levels=[10, 100, 300, 600, 1000], colors="0.6")
    right.clabel(lines, fmt="%g", fontsize=8, colors="0.3")
    right.plot(*weights.T, ".-", color="tab:blue", markersize=4, linewidth=0.7, label="descent")
    right.plot(*weights[0], "o", color="tab:orange", label="start (0, 0)")
    right.plot(*TRUE_W, "*", color="tab:red", markersize=13, label="true weights (2, 1)")
    right.set(xlabel="$w_1$", ylabel="$w_2$", title="Weights, over contours of the loss")
    right.legend(loc="upper right", framealpha=1)
    figure.savefig(target, dpi=120)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=1001)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "output")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)

    step = value_and_grad(loss)
    print(step.source)
    losses, gradients, weights = descend(step, options.steps)
    for i in range(min(6, options.steps)):
        g, w = gradients[i], weights[i + 1]
        print(
            f"step {i}: loss {losses[i]:.6g}, gradient ({g[0]:.6g}, {g[1]:.6g}), "
            f"then w = ({w[0]:.5f}, {w[1]:.5f})"
        )
    print(f"after {options.steps} steps: w = ({weights[-1][0]:.5f}, {weights[-1][1]:.5f})")
    draw(losses, weights, options.output / "linear_regression.png")
    print(f"picture: {options.output / 'linear_regression.png'}")


if __name__ == "__main__":
    main()
