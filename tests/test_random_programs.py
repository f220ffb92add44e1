"""Two hundred random programs, always the same, and the judge that they are given to.

More of them: `python tests/random_programs.py --programs 5000 --minutes 20 --seed 1000`.
"""

import dataclasses

import numpy as np
import pytest

import random_programs
import random_writer
import tangent

FOLDS = 8
PROGRAMS = 200


@pytest.mark.parametrize("fold", range(FOLDS))
def test_right_or_refused(fold):
    tasks = [(seed, False, "mixed", False) for seed in range(fold, PROGRAMS, FOLDS)]
    verdicts = dict(random_programs.attempt(task) for task in tasks)
    for seed, verdict in verdicts.items():
        assert not verdict.fails(), f"seed {seed}: {verdict.detail}\n{verdict.source}"
    right = [v for v in verdicts.values() if v.kind == "right"]
    assert len(right) > len(verdicts) / 2, random_programs.table(list(verdicts.values()))


@pytest.mark.parametrize("about", ["containers", "nested", "objects", "broadcasts", "places"])
@pytest.mark.parametrize("fold", range(5))
def test_one_subject_is_right_or_refused(about, fold):
    for seed in range(200 + fold, 225, 5):
        _, verdict = random_programs.attempt((seed, False, about, False))
        assert not verdict.fails(), f"seed {seed}: {verdict.detail}\n{verdict.source}"


def test_programs_are_the_same_each_time():
    first, second = random_writer.write(5), random_writer.write(5)
    assert first == second
    np.testing.assert_equal(first.arguments(), second.arguments())
    assert random_writer.write(6).source != first.source


# ---------------------------------------------------------------- the judge, shown to fail


SQUARE = "import numpy as np\n\ndef main(x):\n    y = x * x\n    z = np.sum(y)\n    return z * 2\n"


def judged(tmp_path, source, kinds=("v",), seed=0):
    return random_programs.judge(random_writer.Text(source, kinds, seed), tmp_path)


def wrong_pullback(monkeypatch, change):
    """Make `vjp` give pullbacks whose entries went through `change`."""
    right = tangent.vjp

    def vjp(function, *args):
        value, pullback = right(function, *args)
        return change(value, args, pullback)

    monkeypatch.setattr(tangent, "vjp", vjp)


def test_a_wrong_tangent_is_found(tmp_path, monkeypatch):
    right = tangent.jvp

    def jvp(*given):
        value, moved = right(*given)
        return value, moved * 1.01

    monkeypatch.setattr(tangent, "jvp", jvp)
    verdict = judged(tmp_path, SQUARE, seed=1)  # tangents are asked of odd seeds
    assert verdict.kind == "wrong"
    assert verdict.detail.startswith("tangent")


def test_a_right_program(tmp_path):
    assert judged(tmp_path, SQUARE) == random_programs.Verdict("right")


def test_a_refused_program(tmp_path):
    source = "def main(x):\n    global SQUARE\n    SQUARE = x * x\n    return SQUARE[0]\n"
    assert judged(tmp_path, source).kind == "refused"


def test_a_program_that_raises(tmp_path):
    assert judged(tmp_path, "def main(x):\n    return x[9]\n").kind == "skipped"


def test_a_kink(tmp_path):
    source = "import numpy as np\n\ndef main(x):\n    return np.sum(np.abs(x - np.array({})))\n"
    point = random_writer.argument("v", np.random.default_rng(0)).tolist()
    verdict = judged(tmp_path, source.format(point))
    assert verdict == random_programs.Verdict("skipped", "kink")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda value, args, back: (value, lambda c: (back(c)[0] * 1.001,)), "differences"),
        (lambda value, args, back: (value + 1e-12, back), "pullback"),
        (lambda value, args, back: (value, lambda c: (args[0],)), "pullback"),
        (lambda value, args, back: (value, lambda c: (back(c)[0].astype("f4"),)), "pullback"),
        (lambda value, args, back: (args[0].fill(0) or value, back), "pullback"),
    ],
    ids=["value", "primal", "memory", "dtype", "arguments"],
)
def test_wrong_derivatives_are_seen(tmp_path, monkeypatch, change, what):
    wrong_pullback(monkeypatch, change)
    verdict = judged(tmp_path, SQUARE)
    assert (verdict.kind, verdict.detail.split(":")[0]) == ("wrong", what)


def test_an_exception_is_a_crash(tmp_path, monkeypatch):
    def crash(value, args, back):
        raise KeyError("lost")

    wrong_pullback(monkeypatch, crash)
    assert judged(tmp_path, SQUARE).kind == "failed"


def test_a_failing_program_is_cut_down(tmp_path, monkeypatch):
    wrong_pullback(monkeypatch, lambda value, args, back: (value, lambda c: (back(c)[0] * 2,)))
    text = random_writer.Text(SQUARE, ("v",), 0)
    verdict = random_programs.judge(text, tmp_path)
    small = random_programs.shrunk(text, verdict, tmp_path, seconds=10)
    assert small.kind == "wrong"
    assert len(small.source) < len(SQUARE)


def test_the_table_counts():
    verdicts = [random_programs.Verdict("right"), random_programs.Verdict("refused", "while")]
    text = random_programs.table([*verdicts, dataclasses.replace(verdicts[0])])
    assert "3 programs: 2 right, 1 refused" in text
    assert "1  while" in text
