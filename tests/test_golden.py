"""The golden texts: exactly what is written now, and what every generated text promises.

    python -m pytest tests/test_golden.py --update-golden

writes them anew; read the difference as documentation.
"""

import ast
import io
import json
import math
import os
import re
import subprocess
import sys
import tokenize
from pathlib import Path

import numpy as np
import pytest

import checks
from golden.registry import every

ROOT = Path(__file__).parents[1]
GOLDEN = every()
BY_NAME = {g.name: g for g in GOLDEN}


@pytest.fixture(params=GOLDEN, ids=lambda g: g.name)
def golden(request):
    return request.param


# ---------------------------------------------------------------- the texts


def test_the_text_is_the_golden_one(golden, request):
    if request.config.getoption("--update-golden"):
        golden.path.write_text(golden.source(), encoding="utf-8")
    assert golden.source() == golden.path.read_text(encoding="utf-8")


def test_there_is_no_text_without_primal():
    assert {p.stem for p in golden_folder().glob("*.txt")} == set(BY_NAME)


def golden_folder():
    return GOLDEN[0].path.parent


def test_the_gradient_is_right(golden):
    args = golden.draw(np.random.default_rng(0))
    positions = checks.positions_of(golden.primal, golden.wrt)
    gradients = golden.gradients(*checks.copied(args))
    checks.check_value(gradients, lambda *a: np.sum(golden.primal(*a)), args, positions)
    for gradient, position in zip(gradients, positions, strict=True):
        checks.check_structure(gradient, args[position])


def test_another_process_writes_the_same_text():
    """Whatever the order of sets is there, and whatever was transformed before."""
    program = (
        "import json; from golden.registry import every;"
        "print(json.dumps({g.name: g.source() for g in reversed(every())}))"
    )
    roots = [str(ROOT / part) for part in ("tangent_src", "backends", "tests")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(roots), "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {g.name: g.source() for g in GOLDEN}


# ---------------------------------------------------------------- the contract

HEADING = re.compile(r"^ *# (\d+): (.*)$")
TEMPORARY = re.compile(r"^t(\d+)(?:_|$)")


def text_of(golden):
    return golden.path.read_text(encoding="utf-8")


def functions(text):
    return [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]


def wide_lines(text):
    return [line for line in text.splitlines() if len(line) > 100]


def marks(text):
    """Whatever looks like an address, a hash, or a name that only the library can read."""
    return re.findall(r"0x[0-9a-fA-F]+|\b[0-9a-f]{8,}\b|[0-9a-f]{8}-[0-9a-f]{4}|[@%#$]\w", text)


def skipped_numbers(function):
    """The `t` numbers that are missing in a function."""
    names = [n.id for n in ast.walk(function) if isinstance(n, ast.Name)]
    numbers = {int(found[1]) for found in map(TEMPORARY.match, names) if found}
    return set(range(1, max(numbers, default=0) + 1)) - numbers


def wrong_headings(text, lines):
    """Headings that do not quote the primal's line of that number."""
    for line in text.splitlines():
        found = HEADING.match(line)
        if found:
            quoted = lines[int(found[1])].strip().removeprefix("return ").removesuffix(":")
            if found[2] != quoted:
                yield f"{line.strip()}   (the line is: {quoted})"


def unheaded(text):
    """Statements of a backward sweep that add to an adjoint, and no line of the primal above."""
    lines = text.splitlines()
    for function in functions(text):
        start = function.lineno
        section = range(function.lineno, function.end_lineno)
        sweeps = [n for n in section if lines[n].strip() == "# backward"]
        if not sweeps and "_backward" not in function.name:
            continue
        yield from _unheaded(function.body, max([start, *sweeps]), lines, start)


def _unheaded(block, sweep, lines, above, headed=False):
    """`above` is the last line in front of the block; only what follows `sweep` is looked at.

    The heading directly above an `if` (a conditional expression, reversed) is that of its branches.
    """
    for statement in block:
        if statement.lineno <= sweep:
            above = statement.end_lineno
            continue
        between = lines[max(above, sweep) : statement.lineno - 1]
        headed = headed or any(HEADING.match(line) for line in between)
        above = statement.end_lineno
        if isinstance(statement, ast.For | ast.If):
            own = isinstance(statement, ast.If) and any(map(HEADING.match, between))
            yield from _unheaded(statement.body, sweep, lines, statement.lineno, own)
            end = statement.body[-1].end_lineno
            yield from _unheaded(statement.orelse, sweep, lines, end, own)
        elif not headed and _contributes(statement):
            yield lines[statement.lineno - 1].strip()


def _contributes(statement):
    """`x_bar += …` and `x_bar = …`, but for what an adjoint starts with: zeros, another adjoint."""
    if isinstance(statement, ast.AugAssign):
        return True
    if not isinstance(statement, ast.Assign):
        return False
    value = statement.value
    zeros = isinstance(value, ast.Call) and ast.unparse(value.func).endswith("zeros_like")
    empty = isinstance(value, ast.Dict) and not value.keys
    return "_bar" in ast.unparse(statement.targets[0]) and not (
        zeros or empty or isinstance(value, ast.Constant | ast.Name)
    )


def test_the_contract(golden):
    text = text_of(golden)
    compile(text, golden.path.name, "exec")
    assert wide_lines(text) == []
    assert marks(text) == []
    assert [f.name for f in functions(text) if skipped_numbers(f)] == []
    assert list(wrong_headings(text, golden.lines)) == []
    assert list(unheaded(text)) == []
    assert all(ast.get_docstring(f) for f in functions(text))


def test_the_checks_of_the_contract_can_fail():
    text = text_of(BY_NAME["recurrence"])
    heading = next(line for line in text.splitlines() if HEADING.match(line) and "tanh" in line)
    lines = BY_NAME["recurrence"].lines
    assert list(wrong_headings(text.replace("np.tanh", "np.sinh"), lines))
    assert len(list(unheaded(text.replace(heading + "\n", "")))) > 2
    assert wide_lines(text.replace(heading, heading + " " * 100))
    assert marks("x_0x7f3a = 1")
    assert marks("x_7c9e6679 = 1") == []
    assert marks("y = 7c9e6679")
    assert marks("@np.sin(x)")
    assert skipped_numbers(functions("def f():\n    t1_bar = t3")[0]) == {2}


# ---------------------------------------------------------------- what was promised by hand

# What a text written by hand stores, and its number of code lines, for the same primal.
BY_HAND = {
    "expression": ([], 4),
    "mlp": ([], 19),
    "recurrence": (["h once per iteration"], 15),
    "branch": ([], 12),
    "calls": ([], 23),
    "tree_loop": (["x once per iteration"], 15),
    "decay": (["u once per iteration"], 19),
}


def stored(text):
    """The values that a text stores, by the notes on its lines."""
    for line in text.splitlines():
        if "# store" in line:
            code = line.partition("#")[0].strip()
            in_a_list = re.fullmatch(r"\w+\.append\((.*)\)", code)
            once = "" if in_a_list is None else " once per iteration"
            yield (in_a_list[1] if in_a_list else code.partition(" = ")[2]) + once


def code_lines(text):
    """The number of lines that hold code: no comments, blank lines, docstrings or imports."""
    kinds = (tokenize.NAME, tokenize.OP, tokenize.NUMBER)
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    lines = {token.start[0] for token in tokens if token.type in kinds}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            lines -= set(range(node.lineno, node.end_lineno + 1))
    return len(lines)


@pytest.mark.parametrize("name", BY_HAND)
def test_nothing_is_stored_that_is_not_stored_by_hand(name):
    text = text_of(BY_NAME[name])
    found = list(stored(text))
    assert found == BY_HAND[name][0]
    # every append is one of the notes: the primals have no lists of their own
    assert text.count(".append(") == sum("once per iteration" in f for f in found)


@pytest.mark.parametrize("name", BY_HAND)
def test_the_text_is_not_much_longer_than_by_hand(name):
    assert code_lines(text_of(BY_NAME[name])) <= math.floor(1.6 * BY_HAND[name][1])
