"""The derivative of a linear system: stiffnesses of springs, found from displacements.

    python examples/springs.py

For x = A^-1 b the derivative is dL/dA = -A^-T (dL/dx) x^T.  Here A is the matrix of a chain of
springs, b the load, x the displacement, and L the squared distance to a measurement.  Prints the
generated gradient, compares it with the formula by hand, and finds the stiffnesses by the method of
Gauss and Newton, on the generated Jacobian.
"""

import argparse
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from tqdm import tqdm

from tangent import grad, jacobian

SPRINGS = 12


def displacement(A, b):
    """Where a load moves the masses."""
    return np.linalg.solve(A, b)


def distance(A, b, measured):
    """The squared distance of the displacement to a measurement."""
    x = np.linalg.solve(A, b)
    return np.sum((x - measured) ** 2) / 2


def chain(k):
    """The matrix of a chain of springs with one fixed end: k[i] stands in front of mass i."""
    behind = np.append(k[1:], 0.0)
    return np.diag(k + behind) - np.diag(k[1:], 1) - np.diag(k[1:], -1)


def residuals(log_k, loads, measured):
    """What is left of several measurements; the stiffnesses are powers, and stay positive."""
    return np.ravel(np.linalg.solve(chain(np.exp(log_k)), loads) - measured)


def by_hand(A, b, measured):
    """dL/dA = -A^-T (dL/dx) x^T."""
    x = np.linalg.solve(A, b)
    return -np.outer(np.linalg.solve(A.T, x - measured), x)


def found(loads, measured, steps):
    """The stiffnesses, starting from equal ones, and the loss on the way."""
    log_k, losses = np.zeros(SPRINGS), []
    slope = jacobian(residuals, mode="forward")
    for _ in tqdm(range(steps), desc="Gauss-Newton"):
        r, J = residuals(log_k, loads, measured), slope(log_k, loads, measured)
        losses.append(np.sum(r * r) / 2)
        change = np.linalg.lstsq(J, -r, rcond=None)[0]
        log_k = log_k + change * min(1.0, 1.0 / np.max(np.abs(change)))
    return np.exp(log_k), losses


def draw(k, true, losses, target):
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
    places = np.arange(1, SPRINGS + 1)
    left.bar(places, true, color="0.8", label="true")
    left.plot(places, k, "o", color="tab:red", label="found")
    left.set(xlabel="spring", ylabel="stiffness", title="Stiffnesses")
    left.legend()
    right.semilogy(np.maximum(losses, 1e-32), "o-")
    right.set(xlabel="step", ylabel="loss", title="Gauss-Newton")
    right.grid(alpha=0.3)
    figure.savefig(target, dpi=120)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=15)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "output")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)

    rng = np.random.default_rng(0)
    true = rng.uniform(0.5, 2.0, SPRINGS)
    A, b = chain(true), rng.normal(size=SPRINGS)
    measured = displacement(A, b) + 0.1 * rng.normal(size=SPRINGS)
    gradient = grad(distance)
    A_bar = gradient(A, b, measured)
    print(gradient.source)
    error = np.max(np.abs(A_bar - by_hand(A, b, measured))) / np.max(np.abs(A_bar))
    print(f"largest difference to -A^-T (dL/dx) x^T: {error:.1e}")

    loads = rng.normal(size=(SPRINGS, 4))
    k, losses = found(loads, displacement(A, loads), options.steps)
    print(f"loss {losses[-1]:.1e}, largest error of a stiffness {np.max(np.abs(k - true)):.1e}")
    draw(k, true, losses, options.output / "springs.png")


if __name__ == "__main__":
    main()
