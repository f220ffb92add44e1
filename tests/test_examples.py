"""Each example runs, prints what it promises, and saves its pictures."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def run(example, tmp_path, *options):
    """The example's output; a warning is an error, as in all tests."""
    roots = os.pathsep.join(str(ROOT / r) for r in ("tangent_src", "backends"))
    command = [sys.executable, "-W", "error", f"examples/{example}.py", "--output", str(tmp_path)]
    done = subprocess.run(
        [*command, *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": roots, "MPLCONFIGDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_train_digits_reads_97_percent(tmp_path):
    printed = run("train_digits", tmp_path)
    assert printed.count("def loss_value_and_grad(") == 1
    assert float(re.search(r"test accuracy (\S+) %", printed).group(1)) >= 97
    for picture in ("train_digits_loss.png", "train_digits_misread.png"):
        assert (tmp_path / picture).stat().st_size > 5000


def test_linear_regression_prints_the_numbers_of_the_course(tmp_path):
    printed = run("linear_regression", tmp_path)
    assert "loss 980, gradient (-130, -1700)" in printed
    assert "loss 646.589, then w = (0.13813, 0.24422)" in printed
    assert "after 1001 steps: w = (1.99996, 1.00000)" in printed
    assert (tmp_path / "linear_regression.png").stat().st_size > 5000


def test_two_modes_agree(tmp_path):
    printed = run("two_modes", tmp_path)
    by_hand = [re.search(rf"{n}_bar = .*?(\d+\.\d+)\n", printed).group(1) for n in ("w1", "w2")]
    assert f"({by_hand[0]}, {by_hand[1]})" in printed
    tangents = re.findall(r"L = v2 \+ v3 +\S+ +(\S+)", printed)
    assert tangents == by_hand
    assert (tmp_path / "two_modes.png").stat().st_size > 5000
