"""Options and fixtures of the test suite."""

import gc
import os
from importlib import import_module

import pytest

# The processes of pytest-xdist share the cores: threads of BLAS in each of them, and in the
# examples that they start, would wait for each other.  NumPy, imported below, reads it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from derivatives import forget
from tangent.rules import language, load


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the generated texts of tests/golden anew, to be read in the diff",
    )
    parser.addoption(
        "--every",
        type=int,
        default=1,
        metavar="N",
        help="run each Nth program of the corpus with all its tests, and each Nth of the others",
    )


def program_of(item):
    """The program of the corpus that a test is about, or None."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    program = parameters.get("program")
    return program if hasattr(program, "name") else None


def pytest_collection_modifyitems(config, items):
    """The tests of one program of the corpus stand together, where the first of them stood: what
    is written for one is there for the next, also if several processes share the work.
    """
    groups = {}
    for item in items:
        groups.setdefault(program_of(item) or item, []).append(item)
    every = config.getoption("--every")
    ordered = list(enumerate(groups.values()))
    items[:] = [item for at, group in ordered if at % every == 0 for item in group]
    # what takes minutes first, or one process would be waited for at the end
    items.sort(
        key=lambda item: item.path.name != "test_examples.py" and "hash_seed" not in item.name
    )
    config.hook.pytest_deselected(
        items=[item for at, group in ordered if at % every != 0 for item in group]
    )


def pytest_collection_finish():
    """Thousands of tests are made by now, and stay: not to be looked through for garbage again and
    again, nor what each test makes more often than it takes to keep memory small.
    """
    gc.freeze()
    gc.set_threshold(2_000, 10, 100)


def pytest_runtest_teardown(item, nextitem):
    program = program_of(item)
    if program is not None and (nextitem is None or program_of(nextitem) is not program):
        forget(program)


@pytest.fixture
def registry(monkeypatch):
    """A test may register rules: they are gone behind it, but for those that the library loads when
    SciPy is met.
    """
    for file in (file for files in load.OPTIONAL.values() for file in files):
        import_module(f"tangent.rules.scipy.{file}")
    monkeypatch.setattr(language, "_REGISTRY", dict(language._REGISTRY))
    monkeypatch.setattr(language, "_TANGENTS", dict(language._TANGENTS))
