"""Runs random programs through the library and compares with differences.

    python tests/random_programs.py --programs 2000 --minutes 10 --seed 0 --jobs 2
    python tests/random_programs.py --programs 200 --seed 0 --second

With `--second` the Hessian of each program, times a vector, is computed by each mode over each.
Each program (see `random_writer`, `random_containers`, `random_nested`, `random_functions`) is
right, refused (by one of the library's own errors, counted by code), wrong or failed.  A failing
program is cut down while it still fails in the same way, printed, and kept in the folder given by
`--keep`.
"""

import argparse
import ast
import collections
import contextlib
import importlib.util
import itertools
import linecache
import multiprocessing
import os
import signal
import sys
import tempfile
import time
import traceback
import warnings
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "tangent_src"), str(ROOT / "backends")]

import checks  # noqa: E402
import random_broadcasts  # noqa: E402
import random_containers  # noqa: E402
import random_functions  # noqa: E402
import random_nested  # noqa: E402
import random_objects  # noqa: E402
import random_places  # noqa: E402
import random_second  # noqa: E402
import random_writer  # noqa: E402
import tangent  # noqa: E402

SECONDS = 20  # for one program
STEPS = (4e-4, 1e-4)


@dataclass(frozen=True)
class Verdict:
    """What became of a program: `right`, `refused`, `wrong`, `failed`, or `skipped`."""

    kind: str
    detail: str = ""
    source: str = ""

    def fails(self):
        return self.kind in ("wrong", "failed")

    def like(self, other):
        """The same kind of failure, so that a smaller program may stand for the first."""
        return (self.kind, self.detail.split(":")[0]) == (other.kind, other.detail.split(":")[0])


class Mistake(Exception):
    """The derivative is not what it must be."""


# ---------------------------------------------------------------- one program


def judge(text, folder, seconds=SECONDS):
    """Run the program, its gradient and its pullback; or its second derivatives."""
    with warnings.catch_warnings(), np.errstate(all="ignore"), limited(seconds):
        warnings.simplefilter("ignore")
        function = imported(text.source, folder)
        try:
            value, again = (function(*text.arguments()) for _ in range(2))
            checks.check_same(value, again)
        except AssertionError:
            return Verdict("skipped", "not the same twice")
        except Exception as error:
            return Verdict("skipped", f"primal: {type(error).__name__}")
        if not reasonable(value) or overflows(function, text):
            return Verdict("skipped", "values")
        try:
            if text.second:
                return compared_second(function, text, value)
            return compared(function, text, value)
        except tangent.BrokenInvariant as error:
            return Verdict("failed", f"BrokenInvariant: {error}")
        except tangent.TangentError as error:
            return Verdict("refused", error.code)
        except Mistake as error:
            return Verdict("wrong", str(error))
        except Exception as error:
            trace = "".join(traceback.format_exception(error)[-4:])
            return Verdict("failed", f"{type(error).__name__}: {error}\n{trace}")


def overflows(function, text):
    """Is a number on the way too large?"""
    try:
        with np.errstate(over="raise"):
            function(*text.arguments())
    except FloatingPointError:
        return True
    return False


def compared(function, text, value):
    active = tuple(i for i, a in enumerate(text.arguments()) if checks.active_leaves(a))
    cotangent = checks.random_cotangent(np.random.default_rng(text.seed), value)
    args = text.arguments()
    with mistakes("pullback"), checks.unchanged(args):
        found, pullback = tangent.vjp(function, *args)
        checks.check_same(value, found, zeros=False)
        first, again = pullback(cotangent), pullback(cotangent)
        checks.check_same(first, again, "a pullback called again")
        for entry, argument in zip(first, args, strict=True):
            checks.check_pullback_structure(entry, argument, "gradient")
        checks.check_separate(first, args, function, again, found, cotangent)
        checks.spoil(found, args, function)
        checks.check_same(first, pullback(cotangent), "a pullback after its value was overwritten")
    outside = agrees(first, function, text.arguments(), cotangent)
    if isinstance(value, float | np.floating):
        check_gradient(function, text, active, value, pullback(type(value)(1.0)))
        if text.seed % 8 == 0 and not text.single:
            check_second(function, text.arguments(), active)
    if text.seed % 2:
        check_tangent(function, text.arguments(), value, cotangent, first)
    return outside


def check_tangent(function, args, value, cotangent, pulled):
    """Forward mode gives what reverse mode gives: <w, J v> = <J^T w, v>, all and one at a time."""
    positions = tuple(range(len(args)))
    for direction in checks.directions(np.random.default_rng(2), args, positions, limit=2)[1:]:
        with mistakes("tangent"), checks.unchanged(args):
            tangents = checks.tangents_along(args, direction)
            found, tangent_ = tangent.jvp(function, args, tangents)
            checks.check_same(value, found, zeros=False)
            checks.check_structure(tangent_, value, "tangent")
            checks.check_separate([tangent_], args, function, tangents)
            have = checks.inner_product(cotangent, tangent_)
            want, scale = checks.contraction(pulled, positions, direction)
            allowed = 100 * checks.tolerance(args) * max(scale, abs(want), 1e-2)
            where = checks.names_of(direction)
            assert abs(have - want) <= allowed, f"along {where}: {have!r}, the pullback {want!r}"


def check_gradient(function, text, active, value, pulled):
    """`value_and_grad` or `grad` (sometimes both) give what the pullback gives."""
    args, found = text.arguments(), []
    with mistakes("gradient"), checks.unchanged(args):
        if text.seed % 8 < 4:
            given, gradients = tangent.value_and_grad(function, wrt=active)(*args)
            checks.check_same(value, given, zeros=False)
            found.append(gradients)
        if text.seed % 8 >= 3:
            found.append(tangent.grad(function, wrt=active)(*args))
        gradients = found[0]
        checks.check_same(gradients, found[-1], "grad and value_and_grad")
        checks.check_separate(found, args, function)
        for position, entry in zip(active, gradients, strict=True):
            checks.check_structure(entry, args[position])
            for path, leaf in checks.active_leaves(entry):
                other = np.asarray(checks.at(pulled[position], path), dtype=float)
                assert close(leaf, other, args), f"grad gives {leaf!r}, the pullback {other!r}"


def check_second(function, args, active):
    """The gradient of the slope along a random direction agrees with differences."""
    df = tangent.grad(function, wrt=active)
    gradients = df(*args)
    along = checks.random_cotangent(np.random.default_rng(2), gradients)
    slope = checks.slope(df, args, gradients, along)
    with mistakes("second order"), checks.unchanged(args):
        try:
            found = tangent.grad(slope, wrt=active)(*args)
        except tangent.BrokenInvariant:
            raise
        except tangent.TangentError:
            return  # refused at second order: counted as right, for the first
        for position, entry in zip(active, found, strict=True):
            checks.check_structure(entry, args[position], f"second derivative {position}")
    entries = [None] * len(args)
    for position, entry in zip(active, found, strict=True):
        entries[position] = entry
    agrees(entries, slope, args, 1.0)


def compared_second(function, text, value):
    """The Hessian, times a vector, by each mode over each."""
    if not isinstance(value, float | np.floating) or text.single:
        return Verdict("skipped", "no number of double precision")
    with mistakes("second order"), checks.unchanged(text.arguments()):
        refused = random_second.compared(function, text.arguments(), text.seed)
    return Verdict("refused", refused[0]) if refused else Verdict("right")


def close(leaf, other, args):
    scale = float(np.max(np.abs(other), initial=1e-3))
    return np.allclose(leaf, other, rtol=0, atol=10 * checks.tolerance(args) * scale)


@contextlib.contextmanager
def mistakes(what):
    """An assertion inside is a mistake of the library's; its own errors pass."""
    try:
        yield
    except AssertionError as error:
        raise Mistake(f"{what}: {error}") from None


def agrees(entries, function, args, cotangent):
    """Compare with differences along a few directions; where there is a kink nothing is said."""
    wide = checks.widened(tuple(args))
    single = checks.tolerance(args) > 1e-6
    positions = tuple(range(len(args)))
    judged = 0
    for direction in checks.directions(np.random.default_rng(1), wide, positions, limit=6):

        def scalar(*xs):
            return checks.inner_product(cotangent, function(*xs))

        have, scale = checks.contraction(entries, positions, direction)
        want = smooth_difference(scalar, wide, direction)
        if want is None:
            continue
        judged += 1
        allowed = (5e-3 if single else 3e-6) * max(scale, abs(want), 1e-2)
        if not abs(have - want) <= allowed:
            where = checks.names_of(direction)
            raise Mistake(f"differences: along {where}: {have!r}, differences give {want!r}")
    return Verdict("right") if judged else Verdict("skipped", "kink")


def smooth_difference(scalar, args, direction):
    """The derivative along a direction if two step sizes and both sides agree, else None."""
    h = STEPS[-1]
    sides = [float(scalar(*checks.moved(args, direction, t))) for t in (-h, 0.0, h)]
    want, second = (checks.central_difference(scalar, args, direction, step) for step in STEPS)
    size = max(abs(want), 1e-2)
    jump = abs(sides[0] - 2 * sides[1] + sides[2]) / h
    if not abs(want - second) <= 1e-6 * size or not jump <= 3e-2 * size:
        return None
    return want


def reasonable(value):
    leaves = checks.active_leaves(value)
    return bool(leaves) and all(
        np.all(np.isfinite(leaf)) and np.max(np.abs(leaf), initial=0.0) < 1e6 for _, leaf in leaves
    )


_numbers = itertools.count()


def imported(source, folder):
    """`main` of a program written to a file of its own, so that `inspect` finds its source."""
    path = Path(folder) / f"program_{os.getpid()}_{next(_numbers)}.py"
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    linecache.checkcache(str(path))
    return module.main


class TooLong(Exception):
    """A program took more time of the processor than it may."""


@contextlib.contextmanager
def limited(seconds):
    def stop(*_):
        raise TooLong(f"more than {seconds} s")

    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


# ---------------------------------------------------------------- cutting down


def shrunk(text, verdict, folder, seconds=60):
    """The smallest program found that fails as `verdict` says."""
    end = time.monotonic() + seconds
    source, before = text.source, None
    while source != before and time.monotonic() < end:
        before = source
        for category in (ast.stmt, ast.expr):
            source = cut_all(text, source, category, verdict, folder, end)
    return Verdict(verdict.kind, judged(text, source, folder).detail, source)


def cut_all(text, source, category, verdict, folder, end):
    """Cut wherever a node of this category can go, from the outside in."""
    position = 0
    while time.monotonic() < end:
        smaller = list(simpler(source, category, position))
        if not smaller:
            break
        able = (s for s in smaller if size(s) < size(source))
        found = next((s for s in able if judged(text, s, folder).like(verdict)), None)
        source, position = found or source, position + (found is None)
    return source


def size(source):
    """Nodes first; among programs of as many, fewer names that are read."""
    nodes = list(ast.walk(ast.parse(source)))
    names = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return len(nodes), len(names), len(source)


def judged(text, source, folder):
    candidate = replace(text, source=source)
    try:
        return judge(candidate, folder, 2)  # a loop that has lost its counter may never end
    except Exception as error:
        return Verdict("skipped", repr(error))


def simpler(source, category, position):
    """The programs with the node at a position cut in one way or another; none past the end."""
    for kind in range(5):
        tree = ast.parse(source)
        nodes = [node for node in ast.walk(tree) if isinstance(node, category)]
        if position >= len(nodes):
            return
        if not cut(tree, nodes[position], kind):
            yield source
            continue
        with contextlib.suppress(Exception):
            smaller = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
            ast.parse(smaller)
            yield smaller


def cut(tree, node, kind):
    """Make the node smaller in the `kind`-th way; False if there is none."""
    if isinstance(node, ast.stmt):
        return cut_statement(tree, node, kind)
    if isinstance(node, ast.expr):
        return cut_expression(tree, node, kind)
    return False


def cut_statement(tree, node, kind):
    parts = [[], getattr(node, "body", None), getattr(node, "orelse", None)]
    if kind >= len(parts) or parts[kind] is None or isinstance(node, ast.Import):
        return False
    if isinstance(node, ast.FunctionDef | ast.Return) and kind > 0:
        return False
    for owner in ast.walk(tree):
        for name in ("body", "orelse"):
            block = getattr(owner, name, None)
            if isinstance(block, list) and node in block:
                i = block.index(node)
                block[i : i + 1] = parts[kind]
                if not block and name == "body":
                    block.append(ast.Pass())
                return True
    return False


def cut_expression(tree, node, kind):
    inner = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    options = [*inner, ast.Constant(1.5)]
    if isinstance(node, ast.Name) and node.id != "x":
        options.append(ast.Name("x", ast.Load()))
    constant = isinstance(node, ast.Constant)
    if (
        kind >= len(options)
        or constant
        or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
    ):
        return False
    for owner in ast.walk(tree):
        for name, value in ast.iter_fields(owner):
            if value is node:
                setattr(owner, name, options[kind])
                return True
            if isinstance(value, list) and node in value:
                value[value.index(node)] = options[kind]
                return True
    return False


# ---------------------------------------------------------------- many programs


def mixed(seed):
    return random_writer.write(seed, scalar=seed % 4 != 3, risky=(0.0, 0.15, 0.5)[seed % 3])


WRITERS = {
    "mixed": mixed,
    "containers": random_containers.write,
    "nested": random_nested.write,
    "functions": random_functions.write,
    "objects": random_objects.write,
    "broadcasts": random_broadcasts.write,
    "places": random_places.write,
}


def attempt(task):
    """Write, judge and if need be cut down the program of one seed."""
    seed, cutting, about, second = task
    text = replace(WRITERS[about](seed), second=second)
    with tempfile.TemporaryDirectory() as folder:
        try:
            verdict = judge(text, folder, SECONDS * (5 if second else 1))
        except TooLong as error:
            return seed, Verdict("failed", f"TooLong: {error}", text.source)
        if verdict.fails() and cutting:
            verdict = shrunk(text, verdict, folder)
    forget()
    return seed, Verdict(verdict.kind, verdict.detail, verdict.source or text.source)


def forget():
    """Drop what is remembered of the files, which no longer exist."""
    ours = [n for n in linecache.cache if "program_" in n or n.startswith("<tangent ")]
    for name in ours:
        del linecache.cache[name]


def table(verdicts):
    """Counts by kind, and of refusals by code."""
    kinds = collections.Counter(v.kind for v in verdicts)
    codes = collections.Counter(v.detail for v in verdicts if v.kind == "refused")
    skipped = collections.Counter(v.detail for v in verdicts if v.kind == "skipped")
    lines = [f"{len(verdicts)} programs: " + ", ".join(f"{n} {k}" for k, n in kinds.most_common())]
    lines += [f"  refused {n:5d}  {code}" for code, n in codes.most_common()]
    lines += [f"  skipped {n:5d}  {why}" for why, n in skipped.most_common(5)]
    return "\n".join(lines)


def run(tasks, minutes, keep=None, jobs=None):
    end = time.monotonic() + 60 * minutes
    verdicts = []
    with multiprocessing.Pool(jobs) as pool:
        for seed, verdict in pool.imap_unordered(attempt, tasks, 4):
            verdicts.append(verdict)
            if verdict.fails():
                show(seed, verdict, keep)
            if time.monotonic() > end:
                pool.terminate()
                break
    print(table(verdicts))
    return verdicts


def show(seed, verdict, keep):
    note = "".join(f"# {line}\n" for line in verdict.detail.splitlines())
    print(f"---- seed {seed}: {verdict.kind}\n{note}{verdict.source}", flush=True)
    if keep:
        Path(keep).mkdir(parents=True, exist_ok=True)
        (Path(keep) / f"{verdict.kind}_{seed}.py").write_text(
            note + verdict.source, encoding="utf-8"
        )


def command_line():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--about", choices=WRITERS, default="mixed")
    parser.add_argument("--second", action="store_true", help="judge second derivatives")
    parser.add_argument("--keep", help="a folder for failing programs")
    parser.add_argument("--whole", action="store_true", help="do not cut failing programs down")
    parser.add_argument("--jobs", type=int, help="processes; one per core if left out")
    given = parser.parse_args()
    seeds = range(given.seed, given.seed + given.programs)
    tasks = ((seed, not given.whole, given.about, given.second) for seed in seeds)
    verdicts = run(tasks, given.minutes, given.keep, given.jobs)
    sys.exit(any(v.fails() for v in verdicts))


if __name__ == "__main__":
    command_line()
