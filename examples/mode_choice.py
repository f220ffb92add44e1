"""Which mode for a Jacobian: time against the number of outputs, for 100 inputs.

    python examples/mode_choice.py

Forward mode runs once for each input, reverse mode once for each output, so one is better where
there are many outputs, the other where there are few.  Where the text allows it, `jacobian` takes
all inputs through one forward run, or all outputs through one backward sweep: two more curves.
Prints the times, and saves a picture with the crossings.
"""

import argparse
import time
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from tqdm import tqdm

from tangent import Pushforward, grad, jacobian

INPUTS = 100
OUTPUTS = (1, 3, 10, 30, 60, 100, 160, 300, 600)


def f(x, A, B):
    """Two layers: 100 numbers in, as many out as A has rows."""
    return np.tanh(A @ np.tanh(B @ x))


tangent_of_f = Pushforward(f)


def column_by_column(x, A, B):
    """The Jacobian by one forward run for each input."""
    columns = [tangent_of_f((x, A, B), (unit,))[1] for unit in np.eye(INPUTS)]
    return np.stack(columns, axis=-1)


@grad
def row_of_f(x, A, B, unit):
    """A row of the Jacobian."""
    return unit @ f(x, A, B)


def row_by_row(x, A, B):
    """The Jacobian by one reverse run for each output."""
    return np.stack([row_of_f(x, A, B, unit) for unit in np.eye(len(A))])


MODES = {
    "forward": column_by_column,
    "reverse": row_by_row,
    "forward at once": jacobian(f, mode="forward"),
    "reverse at once": jacobian(f, mode="reverse"),
}


def seconds(call, repetitions):
    """The shortest time of a call."""
    best = np.inf
    for _ in range(repetitions):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best


def measured(repetitions, seed=0):
    """Times of the modes for each number of outputs; the Jacobians must agree."""
    rng = np.random.default_rng(seed)
    x, B = rng.normal(size=INPUTS), rng.normal(size=(INPUTS, INPUTS)) / 10
    times = {mode: [] for mode in MODES}
    for outputs in tqdm(OUTPUTS, desc="outputs"):
        A = rng.normal(size=(outputs, INPUTS)) / 10
        first, *others = [df(x, A, B) for df in MODES.values()]  # also writes the texts
        for other in others:
            np.testing.assert_allclose(first, other, rtol=1e-10, atol=1e-14)
        for mode, df in MODES.items():
            times[mode].append(seconds(lambda df=df, A=A: df(x, A, B), repetitions))
    return {mode: np.array(t) for mode, t in times.items()}


def crossing(times, how=""):
    """The number of outputs at which both modes take as long, on straight lines between points."""
    ratio = np.log(times["reverse" + how] / times["forward" + how])
    place = np.flatnonzero((ratio[:-1] < 0) & (ratio[1:] >= 0))
    if not place.size:
        return None
    i = place[-1]
    part = ratio[i] / (ratio[i] - ratio[i + 1])
    return float(np.exp(np.log(OUTPUTS[i]) + part * np.log(OUTPUTS[i + 1] / OUTPUTS[i])))


CURVES = (
    ("forward", "tab:blue", "forward, a run for each input"),
    ("reverse", "tab:orange", "reverse, a run for each output"),
    ("forward at once", "tab:green", "forward, all inputs in one run"),
    ("reverse at once", "tab:purple", "reverse, all outputs in one run"),
)


def draw(times, crossings, target):
    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    for mode, color, label in CURVES:
        axes.loglog(OUTPUTS, 1e3 * times[mode], "o-", color=color, label=label)
    axes.axvline(INPUTS, color="0.6", linestyle=":", label="as many outputs as inputs")
    for where, style in zip(crossings, ("--", "-."), strict=True):
        if where is not None:
            axes.axvline(where, color="tab:red", linestyle=style, label=f"crossing, at {where:.0f}")
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
    print("outputs", *(f"{mode:>17}" for mode in MODES), "  (milliseconds)")
    for outputs, *found in zip(OUTPUTS, *times.values(), strict=True):
        print(f"{outputs:7}", *(f"{1e3 * t:17.2f}" for t in found))
    crossings = crossing(times), crossing(times, " at once")
    for where, how in zip(crossings, ("a run for each", "at once"), strict=True):
        print(f"{how}: they cross at {where:.0f} outputs" if where else f"{how}: no crossing")
    draw(times, crossings, options.output / "mode_choice.png")


if __name__ == "__main__":
    main()
