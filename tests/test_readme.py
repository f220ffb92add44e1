"""Every block of the README and of the docs runs, and prints what stands below it.

A `python` block is run as a file of its own, all blocks of a page in one namespace.  What it
prints stands in the next block, of language `text`, or `python` where it is generated source.  A
block that prints and shows nothing is an error, and so is the reverse.  `sh` blocks are read, not
run: `.ci/run` runs the one that counts, in a fresh environment.

    python -m pytest tests/test_readme.py --update-golden

writes what is printed into the pages; read the difference.
"""

import contextlib
import io
import linecache
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import numpy as np
import pytest

import tangent

ROOT = Path(__file__).parent.parent
PAGES = ["README.md", "docs/architecture.md", "docs/operators.md", "docs/writing_rules.md"]


def blocks(text):
    """(language, text) of each fenced block of a page."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


def run(text, namespace, name):
    """What a block prints when it is run as the file `model.py`."""
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, name, "exec"), namespace)
    return printed.getvalue().replace(name, "model.py")


def as_printed(text):
    """A page with each output as it is, and how many there are; AssertionError where a block prints
    and nothing is shown, or the reverse.
    """
    namespace, printed, shown = {"__name__": "page"}, "", 0
    for number, (kind, block) in enumerate(blocks(text)):
        if printed:
            assert kind in ("text", "python"), "what was printed is not shown"
            text = text.replace(f"```{kind}\n{block}```", f"```{kind}\n{printed.strip()}\n```", 1)
            printed, shown = "", shown + 1
        elif kind == "python":
            printed = run(block, namespace, f"model-{number}.py")
        else:
            assert kind == "sh", f"a block of language {kind!r} is checked by nobody"
    assert not printed, "what was printed is not shown"
    return text, shown


@pytest.fixture(autouse=True)
def _own_registry(registry):
    """What is registered here is forgotten behind each test."""


@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs_and_prints_what_stands_there(page, request):
    path = ROOT / page
    printed, shown = as_printed(path.read_text(encoding="utf-8"))
    assert shown >= 3
    if request.config.getoption("--update-golden"):
        path.write_text(printed, encoding="utf-8")
    assert printed == path.read_text(encoding="utf-8")


TAMPERED = {
    "wrong number": "```python\nprint(1)\n```\n\n```text\n2\n```\n",
    "nothing shown": "```python\nprint(1)\n```\n",
    "nothing printed": "```python\nx = 1\n```\n\n```text\n2\n```\n",
    "wrong source": (
        "```python\nimport tangent\n\n\ndef f(x):\n    return x * x\n\n\n"
        "print(tangent.grad(f).source)\n```\n\n```python\ndef f_grad(x):\n    return 3 * x\n```\n"
    ),
}


@pytest.mark.parametrize("page", TAMPERED.values(), ids=TAMPERED)
def test_a_page_that_says_what_is_not_so_is_found(page):
    with pytest.raises(AssertionError):
        assert as_printed(page)[0] == page


@pytest.mark.parametrize("page", PAGES)
def test_the_files_that_a_page_names_exist(page):
    text = re.sub(r"```.*?```", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    roots = ("docs", "examples", "tests", "tangent_src", "backends")
    named = re.findall(rf"`((?:{'|'.join(roots)})/[\w./]*)`", text)
    named += [str(Path(page).parent / link) for link in re.findall(r"\]\(([^)#:]+)\)", text)]
    named = [n for n in named if n.rstrip("/") != "examples/output"]  # made by the examples
    assert named
    assert [n for n in named if not (ROOT / n).exists()] == []


def test_the_first_screen_is_one_sentence_the_function_its_derivative_and_a_call():
    first = (ROOT / "README.md").read_text(encoding="utf-8").split("```sh")[0]
    kinds = [kind for kind, _ in blocks(first)]
    assert kinds == ["python", "python", "python", "text"]
    assert first.startswith("# tangent\n\n")
    assert first.split("```")[0].removeprefix("# tangent\n\n").count(". ") == 0


# ---------------------------------------------------------------- shell blocks


def shell_blocks():
    return [
        b for kind, b in blocks((ROOT / "README.md").read_text(encoding="utf-8")) if kind == "sh"
    ]


def test_the_first_two_shell_blocks_are_the_main_job_and_the_tests():
    first, second = shell_blocks()[:2]
    assert first.splitlines() == [
        "python3 -m venv .venv",
        ".venv/bin/pip install '.[examples]'",
        ".venv/bin/python examples/train_digits.py",
    ]
    assert second.splitlines() == [
        "python3 -m venv .venv",
        ".venv/bin/pip install -e '.[test]'",
        ".venv/bin/python -m pytest",
    ]


def test_shell_blocks_are_scripts_that_name_what_is_there():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for text in shell_blocks():
        if shutil.which("bash"):
            subprocess.run(["bash", "-n"], input=text, text=True, check=True)
        for path in re.findall(r"(?<![\w/.])(?:examples|tests|docs)/[\w/]+\.\w+", text):
            assert (ROOT / path).exists()
        for extra in re.findall(r"\.\[(\w+)\]", text):
            assert extra in project["optional-dependencies"]


# ---------------------------------------------------------------- what the README says is refused


def uses_class(x):
    class Point:
        def value(self):
            return x

    return np.sum(Point().value())


def uses_yield(x):
    yield np.sum(x)


def writes_into_its_argument(y, x, n=2):
    y[n] = x[n]
    if n > 0:
        writes_into_its_argument(y, x, n - 1)


def uses_writing_callee(x):
    y = np.zeros(3)
    writes_into_its_argument(y, x)
    return np.sum(y * y)


REFUSED = {
    "a class that reads variables of its function": uses_class,
    "`yield` in the function that is differentiated": uses_yield,
    "a function that writes into its argument and calls itself": uses_writing_callee,
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_the_readme_calls_refused_is_refused(words):
    text = re.sub(r"\s+", " ", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert words in text
    with pytest.raises(tangent.UnsupportedSyntax) as refusal:
        _ = tangent.grad(REFUSED[words]).source
    assert refusal.value.location is not None
    assert refusal.value.help
