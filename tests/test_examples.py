"""Each example runs without a warning, prints what it promises, and saves its pictures."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import matplotlib.image
import numpy as np
import PIL.Image
import pytest

ROOT = Path(__file__).parent.parent
PICTURES = {
    "train_digits": ["train_digits_loss.png", "train_digits_misread.png"],
    "linear_regression": ["linear_regression.png"],
    "two_modes": ["two_modes.png"],
    "mds": ["mds_losses.png"],
    "mode_choice": ["mode_choice.png"],
    "hessian_spectrum": ["hessian_spectrum.png"],
    "fit_peaks": ["fit_peaks.png"],
    "springs": ["springs.png"],
    "low_rank": ["low_rank.png"],
    "gpt2_memory": ["gpt2_memory.png"],
    "heat_inverse": ["heat_inverse.png", "heat_inverse_memory.png"],
}


def run(script, folder, *options):
    """What an example prints when it is run in `folder`; a warning is an error."""
    roots = os.pathsep.join(str(ROOT / r) for r in ("tangent_src", "backends"))
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script), *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": roots, "MPLCONFIGDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "100%" in done.stderr, "no progress bar"
    return done.stdout


@pytest.fixture
def printed(tmp_path):
    """Runs an example: what it printed, and where its pictures are, which show something."""

    def run_it(name):
        text = run(ROOT / "examples" / f"{name}.py", tmp_path, "--output", str(tmp_path))
        for picture in PICTURES[name]:
            pixels = matplotlib.image.imread(tmp_path / picture)
            assert min(pixels.shape[:2]) > 200
            drawn = np.mean(pixels[..., :3].min(axis=-1) < 0.9)
            assert drawn > 0.01, f"hardly anything is drawn in {picture}"
        return text, tmp_path

    return run_it


def number(pattern, text):
    return float(re.search(pattern, text)[1])


def test_every_example_is_run():
    text = Path(__file__).read_text()
    names = {p.stem for p in (ROOT / "examples").glob("*.py")}
    assert names == set(PICTURES) == set(re.findall(r'printed\("(\w+)"\)', text))


def test_train_digits_prints_its_gradient_once_and_reads_97_percent(printed):
    text, _ = printed("train_digits")
    assert text.count("def loss_value_and_grad(") == 1
    assert text.count("# backward") == 1
    assert number(r"test accuracy (\S+) %", text) >= 97
    assert number(r"steps in (\S+) s", text) > 0
    first, last = re.search(r"loss (\S+) -> (\S+)", text).groups()
    assert float(last) < 0.1 * float(first)


def test_linear_regression_prints_the_numbers_of_the_course(printed):
    text, _ = printed("linear_regression")
    assert "step 0: loss 980, gradient (-130, -1700)" in text
    step5 = next(line for line in text.splitlines() if line.startswith("step 5:"))
    assert "loss 646.589," in step5
    assert "w = (0.13813, 0.24422)" in step5
    assert "after 1001 steps: w = (1.99996, 1.00000)" in text


def test_the_two_modes_and_the_library_agree(printed):
    text, _ = printed("two_modes")
    forward = re.search(r"L = v2 \+ v3 +\S+ +(\S+) +(\S+)", text).groups()
    w1_bar = re.search(r"w1_bar = v1_bar / w1 +(\d\.\d+)", text)[1]
    w2_bar = re.search(r"w2_bar = v2_bar v1 +(\d\.\d+)", text)[1]
    assert (w1_bar, w2_bar) == forward == ("0.650140", "1.802572")
    assert f"by the library: w1_bar = {w1_bar}, w2_bar = {w2_bar}" in text
    side_by_side = r"^  v1 = log w1 .* import numpy"
    assert re.search(side_by_side, text, flags=re.MULTILINE)


def test_points_are_found_from_their_distances(printed):
    text, folder = printed("mds")
    found = dict(re.findall(r"^(\S[\w -]*?) *: L = (\S+) after", text, flags=re.MULTILINE))
    assert float(found["gradient"]) < 1e-20
    for method in ("two-point random", "multipoint"):
        assert 1e-12 < float(found[method]) < 0.1
    with PIL.Image.open(folder / "mds_layout.gif") as animation:
        assert animation.n_frames == 40


def test_the_mode_that_is_better_depends_on_the_number_of_outputs(printed):
    text, _ = printed("mode_choice")
    rows = re.findall(r"^ +(\d+) +([\d.]+) +([\d.]+) +[\d.]+ +[\d.]+$", text, flags=re.MULTILINE)
    first, last = rows[0], rows[-1]
    assert float(first[1]) > 3 * float(first[2])
    assert float(last[1]) < float(last[2])
    assert 10 < number(r"a run for each: they cross at (\d+) outputs", text) < 1000


def test_the_spectrum_by_products_is_that_of_the_dense_hessian(printed):
    text, _ = printed("hessian_spectrum")
    traces = re.findall(r"trace (\S+) \+- (\S+) by Hutchinson, (\S+) by all", text)
    ends = re.findall(r"eigenvalues (\S+) to (\S+) by Lanczos, (\S+) to (\S+) by all", text)
    assert len(traces) == len(ends) == 2
    for estimate, error, exact in (map(float, t) for t in traces):
        assert abs(estimate - exact) < 3 * error
    for low, high, exact_low, exact_high in ends:
        assert (low, high) == (exact_low, exact_high)
    assert float(ends[1][1]) < 0.1 * float(ends[0][1])  # training ends in a flat place


def test_the_fit_takes_few_calls_with_the_gradient(printed):
    text, _ = printed("fit_peaks")
    runs = re.findall(r"^(.+): loss (\S+) after \d+ steps, (\d+) calls", text, flags=re.MULTILINE)
    (_, loss, calls), (_, other_loss, other_calls) = runs
    assert abs(float(loss) - float(other_loss)) < 1e-5
    assert 5 * int(calls) < int(other_calls)
    assert "centers [1.998 4.618 5.606]" in text


def test_the_picture_goes_beside_the_example_wherever_it_is_run_from(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    script = shutil.copy(ROOT / "examples/linear_regression.py", tmp_path)
    text = run(script, elsewhere, "--steps", "3")
    assert "after 3 steps" in text
    assert (tmp_path / "output/linear_regression.png").exists()


def test_a_short_training_reads_a_little(tmp_path):
    script = ROOT / "examples/train_digits.py"
    text = run(script, tmp_path, "--epochs", "1", "--output", str(tmp_path))
    assert 50 < number(r"test accuracy (\S+) %", text) < 97


def test_springs_are_found_by_the_derivative_of_a_system(printed):
    text, _ = printed("springs")
    assert "solve_adjoint_side(x_bar, A, b)" in text
    assert number(r"x\^T: (\S+)", text) < 1e-12
    assert number(r"of a stiffness (\S+)", text) < 1e-8


def test_a_matrix_is_completed_by_the_derivative_of_its_singular_values(printed):
    text, _ = printed("low_rank")
    assert "np.linalg.svd(W, False)" in text
    assert number(r"V\^T: (\S+)", text) < 1e-12
    assert number(r"not known: (\S+)", text) < 0.05


def test_a_checkpoint_at_each_block_keeps_the_inputs_alone(printed):
    text, _ = printed("gpt2_memory")
    assert "the same bits: yes" in text
    plain, small = (number(rf"peak {name}: (\S+) MB", text) for name in ("plain", "checkpoints"))
    assert small < 0.3 * plain
    assert number(r"peak checkpoints: .*, (\S+) of the inputs", text) < 1.1


def test_the_conductivity_is_found_through_a_thousand_steps(printed):
    text, _ = printed("heat_inverse")
    first, last = re.search(r"misfit (\S+) -> (\S+), by", text).groups()
    assert float(last) < 0.01 * float(first)
    assert number(r"off by (\S+) %", text) < 20
    assert number(r"snapshots hold (\d+) times less", text) > 30
    assert "the same bits: yes" in text
