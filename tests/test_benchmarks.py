"""The adjoints by hand that the library is timed against are right, and the table prints."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import checks

FOLDER = Path(__file__).parents[1] / "benchmarks"
WORKLOADS = checks.load(FOLDER / "handwritten.py", "handwritten").WORKLOADS


@pytest.mark.parametrize("workload", WORKLOADS, ids=[w[0].__name__ for w in WORKLOADS])
def test_an_adjoint_written_by_hand(workload):
    program, by_hand, names, draw = workload
    args = draw(np.random.default_rng(0))
    value, gradients = by_hand(*args)
    assert value == pytest.approx(program(*args), rel=1e-12)
    positions = checks.positions_of(program, names)
    if program.__name__ == "logistic_map":  # chaotic: differences hold for few steps only
        args = (*args[:2], 3)
        gradients = by_hand(*args)[1]
    checks.check_value(gradients, program, args, positions)


@pytest.mark.parametrize(
    "arguments",
    [
        ["gradient_time.py", "--rounds", "1", "--only", "e"],
        ["checkpoints.py", "--steps", "120", "--megabytes", "0.01"],
    ],
    ids=lambda a: a[0],
)
def test_a_table_prints(arguments):
    script, *options = arguments
    done = subprocess.run(
        [sys.executable, str(FOLDER / script), *options],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) >= 2 + sum("e" in w[0].__name__ for w in WORKLOADS)
    assert "refused" not in done.stdout


def test_the_table_for_a_device_prints_on_the_host():
    options = ["--backend", "numpy", "--small", "--rounds", "1"]
    done = subprocess.run(
        [sys.executable, str(FOLDER / "gpu.py"), *options], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert [line.split(" | ")[0] for line in done.stdout.splitlines()[-3:]] == [
        "| perceptron",
        "| GPT block",
        "| heat",
    ]
