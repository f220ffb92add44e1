"""Which mode for a Jacobian: time against the number of outputs, for 400 inputs.

    python examples/mode_choice.py

Reverse mode runs once for each output.  Forward mode would run once for each input; here one run
finds all columns (`tangent.jacobian`, vector mode), so that reverse mode is better only where there
are few outputs.  Prints the times, and saves a picture with
the crossing.
"""

import argparse
import time
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from tqdm import tqdm

from tangent import jacobian

INPUTS = 400
OUTPUTS = (1, 3, 10, 30, 60, 100, 160, 300, 600)


def f(x, A, B):
    """Two layers: 400 numbers in, as many out as A has rows."""
    return np.tanh(A @ np.tanh(B @ x))


def seconds(call, repetitions):
    """The shortest time of a call."""
    best = np.inf
    for _ in range(repetitions):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best


def measured(repetitions, seed=0):
    """Times of both modes for each number of outputs; the two Jacobians must agree."""
    rng = np.random.default_rng(seed)
    x, B = rng.normal(size=INPUTS), rng.normal(size=(INPUTS, INPUTS)) / 20
    modes = {mode: jacobian(f, mode=mode) for mode in ("forward", "reverse")}
    times = {mode: [] for mode in modes}
    for outputs in tqdm(OUTPUTS, desc="outputs"):
        A = rng.normal(size=(outputs, INPUTS)) / 20
        found = [df(x, A, B) for df in modes.values()]  # also writes the texts
        np.testing.assert_allclose(*found, rtol=1e-10, atol=1e-14)
        for mode, df in modes.items():
            times[mode].append(seconds(lambda df=df, A=A: df(x, A, B), repetitions))
    return {mode: np.array(t) for mode, t in times.items()}


def crossing(times):
    """The number of outputs at which both modes take as long, on straight lines between points."""
    ratio = np.log(times["reverse"] / times["forward"])
    place = np.flatnonzero((ratio[:-1] < 0) & (ratio[1:] >= 0))
    if not place.size:
        return None
    i = place[-1]
    part = ratio[i] / (ratio[i] - ratio[i + 1])
    return float(np.exp(np.log(OUTPUTS[i]) + part * np.log(OUTPUTS[i + 1] / OUTPUTS[i])))


def draw(times, where, target):
    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    for mode, color in (("forward", "tab:blue"), ("reverse", "tab:orange")):
        axes.loglog(OUTPUTS, 1e3 * times[mode], "o-", color=color, label=mode)
    axes.axvline(INPUTS, color="0.6", linestyle=":", label="as many outputs as inputs")
    if where is not None:
        axes.axvline(where, color="tab:red", linestyle="--", label=f"crossing, at {where:.0f}")
    axes.set(xlabel="outputs", ylabel="milliseconds", title=f"A Jacobian with {INPUTS} inputs")
    axes.grid(alpha=0.3, which="both")
    axes.legend()
    figure.savefig(target, dpi=120)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "output")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)

    times = measured(options.repetitions)
    print("outputs   forward   reverse   (milliseconds)")
    for outputs, forward, reverse in zip(OUTPUTS, times["forward"], times["reverse"], strict=True):
        print(f"{outputs:7}  {1e3 * forward:8.2f}  {1e3 * reverse:8.2f}")
    where = crossing(times)
    print(f"they cross at {where:.0f} outputs" if where else "they do not cross")
    draw(times, where, options.output / "mode_choice.png")


if __name__ == "__main__":
    main()
