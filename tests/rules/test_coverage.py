"""`docs/coverage.md` says what the registry and the tables of the tests say."""

from pathlib import Path

import numpy as np

from rules import coverage
from tangent import runtime
from tangent.rules.language import lookup

PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"


def test_the_page_is_true(request):
    text = coverage.document()
    if request.config.getoption("--update-golden"):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text, "run with --update-golden"


def test_the_column_on_second_order(monkeypatch):
    """It follows from what a rule is written in."""
    rule = lookup(np.cumprod)
    assert coverage.second_order(rule) == "yes"
    monkeypatch.setattr(coverage, "_differentiable", lambda f: f is not runtime.cumprod_adjoint)
    assert coverage.second_order(rule) == "no"
