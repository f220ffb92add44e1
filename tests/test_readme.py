"""Every block of README and of the docs runs, and prints what stands below it."""

import contextlib
import io
import linecache
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = ["README.md", "docs/architecture.md", "docs/writing_rules.md"]


def blocks(page):
    """(language, text) of each fenced block."""
    return re.findall(r"```(\w+)\n(.*?)```", (ROOT / page).read_text(), flags=re.DOTALL)


def run(text, namespace, name):
    """Run a block as a file of that name, so that its functions have source."""
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, name, "exec"), namespace)
    return printed.getvalue()


@pytest.mark.parametrize("page", PAGES)
def test_blocks_run_and_print_what_stands_there(page):
    namespace = {"__name__": "page"}
    printed = ""
    seen = 0
    for number, (language, text) in enumerate(blocks(page)):
        if language == "python" and text.startswith("# generated\n"):
            assert text.removeprefix("# generated\n") == namespace["df"].source
            seen += 1
        elif language == "python":
            name = f"{page}#{number}"
            printed = run(text, namespace, name).replace(name, page)
        elif language == "text":
            assert printed.strip() == text.strip()
            seen += 1
    assert seen


def test_the_first_two_shell_blocks_are_the_main_job_and_the_tests():
    shells = [text for language, text in blocks("README.md") if language == "sh"]
    assert "examples/train_digits.py" in shells[0]
    assert ".[examples]" in shells[0]
    assert "pytest" in shells[1]
    assert ".[test]" in shells[1]
    for text in shells[:2]:
        for path in re.findall(r"examples/\w+\.py", text):
            assert (ROOT / path).exists()
