"""Recover how well a plate conducts heat, place by place, from pictures of it cooling.

    python examples/heat_inverse.py
    python examples/heat_inverse.py --backend cupy

The plate is hot in some spots, and is seen (with noise) ten times during 1000 steps of an explicit
scheme that updates the temperatures in place.  The gradient of the misfit with respect to the
conductivity of each cell runs backward through all the steps, of which 20 snapshots are kept; what
that saves is printed and drawn.  L-BFGS does the rest.
"""

import argparse
import time
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import minimize
from tqdm import tqdm

import tangent
from tangent import checkpoint

CELLS, STEPS, PICTURES, SNAPSHOTS = 24, 1000, 10, 20


def cool(u, down, across):
    """One step of du/dt = div(k grad u), in place; the rim stays as cold as it is."""
    sinking = down * (u[1:, 1:-1] - u[:-1, 1:-1])
    passing = across * (u[1:-1, 1:] - u[1:-1, :-1])
    u[1:-1, 1:-1] += sinking[1:] - sinking[:-1] + passing[:, 1:] - passing[:, :-1]


def between(k):
    """The conductivity between neighbours: down the columns, and across the rows."""
    return (k[1:, 1:-1] + k[:-1, 1:-1]) / 2, (k[1:-1, 1:] + k[1:-1, :-1]) / 2


def misfit(log_k, hot, seen, steps, snapshots):
    """The mean squared difference between the pictures seen and those computed."""
    down, across = between(np.exp(log_k))
    u = hot.copy()
    total = 0.0
    for t in checkpoint(range(steps), snapshots=snapshots):
        cool(u, down, across)
        if (t + 1) % (steps // len(seen)) == 0:
            picture = t // (steps // len(seen))
            total = total + np.mean((u - seen[picture]) ** 2)
    return total / len(seen)


def plate(rng):
    """The true conductivity, the plate at the start, and its pictures."""
    y, x = np.mgrid[-1 : 1 : CELLS * 1j, -1 : 1 : CELLS * 1j]
    k = 0.06 + 0.1 * np.exp(-8 * ((x - 0.3) ** 2 + (y + 0.2) ** 2)) - 0.04 * (x + y < -0.4)
    spots = [(i, j) for i in range(4, CELLS - 3, 5) for j in range(4, CELLS - 3, 5)]
    u = np.zeros((CELLS, CELLS))
    for i, j in spots:
        u[i - 1 : i + 2, j - 1 : j + 2] = rng.uniform(2, 6)
    hot, seen = u.copy(), []
    down, across = between(k)
    for t in range(STEPS):
        cool(u, down, across)
        if (t + 1) % (STEPS // PICTURES) == 0:
            seen.append(u + rng.normal(scale=1e-3, size=u.shape))
    return k, hot, np.array(seen)


def recovered(hot, seen, backend, iterations):
    """The conductivity for which the misfit is least, and the misfit on the way."""
    on_device = backend == "cupy"
    home = tangent.to_device if on_device else np.asarray
    back = tangent.to_host if on_device else np.asarray
    both = tangent.value_and_grad(misfit, backend=backend)
    hot, seen = home(hot), home(seen)
    misfits = []

    def measured(flat):
        log_k = home(flat.reshape(CELLS, CELLS))
        value, gradient = both(log_k, hot, seen, STEPS, SNAPSHOTS)
        misfits.append(float(value))
        return 1e4 * float(value), 1e4 * back(gradient).ravel()

    start = np.full(CELLS * CELLS, np.log(0.06))
    with tqdm(total=iterations, desc="L-BFGS") as bar:
        found = minimize(
            measured,
            start,
            jac=True,
            method="L-BFGS-B",
            bounds=[(np.log(0.005), np.log(0.24))] * start.size,
            callback=lambda _: bar.update(),
            options={"maxiter": iterations},
        )
        bar.update(iterations - bar.n)
    return np.exp(found.x.reshape(CELLS, CELLS)), misfits


def draw(k, found, hot, cooled, misfits, path):
    figure, panels = plt.subplots(1, 4, figsize=(15, 3.6), layout="constrained")
    limits = {"vmin": k.min(), "vmax": k.max()}
    shown = [("hot at first", hot, {}), ("seen at the end", cooled, {})]
    shown += [("conductivity", k, limits), ("conductivity found", found, limits)]
    for axes, (title, values, how) in zip(panels, shown, strict=True):
        image = axes.imshow(values, cmap="inferno", **how)
        axes.set(title=title, xticks=[], yticks=[])
        figure.colorbar(image, ax=axes, shrink=0.8)
    figure.suptitle(f"misfit {misfits[0]:.1e} -> {misfits[-1]:.1e}", fontsize=10)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def weigh(hot, seen, path):
    """What one gradient stores, with and without the checkpoints; their results are the same."""
    args = np.full((CELLS, CELLS), np.log(0.06)), hot, seen, STEPS, SNAPSHOTS
    few = tangent.grad(misfit)
    all_of_it = tangent.grad(misfit, checkpoint=False)
    same = np.array_equal(few(*args), all_of_it(*args))
    with_, without = few.stored(*args), all_of_it.stored(*args)
    with_.draw(path, beside={"checkpoint=False": without})
    print(with_)
    less = without.total / with_.total
    print(f"{SNAPSHOTS} snapshots hold {less:.0f} times less than all states")
    print(f"the same bits: {'yes' if same else 'no'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backend", choices=["numpy", "cupy"], default="numpy")
    parser.add_argument("--iterations", type=int, default=15)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "output")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    k, hot, seen = plate(np.random.default_rng(0))
    began = time.perf_counter()
    found, misfits = recovered(hot, seen, options.backend, options.iterations)
    seconds = time.perf_counter() - began
    print(f"misfit {misfits[0]:.2e} -> {misfits[-1]:.2e}, by {len(misfits)} gradients")
    print(f"{1000 * seconds / len(misfits):.0f} ms for each gradient through {STEPS} steps")
    error = np.abs(found - k)[2:-2, 2:-2] / k[2:-2, 2:-2]
    print(f"the conductivity is off by {100 * np.median(error):.1f} % (median)")
    draw(k, found, hot, seen[-1], misfits, options.output / "heat_inverse.png")
    if options.backend == "numpy":  # a device's memory is not seen from here
        weigh(hot, seen, options.output / "heat_inverse_memory.png")


if __name__ == "__main__":
    main()
