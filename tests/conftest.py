"""Options and fixtures of the test suite."""

import pytest

from tangent.rules import language


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the generated texts of tests/golden anew, to be read in the diff",
    )


@pytest.fixture
def registry(monkeypatch):
    """A test may register rules: they are gone behind it."""
    monkeypatch.setattr(language, "_REGISTRY", dict(language._REGISTRY))
    monkeypatch.setattr(language, "_TANGENTS", dict(language._TANGENTS))
