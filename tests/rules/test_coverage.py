"""`docs/coverage.md` says what the registry and the tables of the tests say."""

from pathlib import Path

from rules import coverage

PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"


def test_the_page_is_true(request):
    text = coverage.document()
    if request.config.getoption("--update-golden"):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text, "run with --update-golden"
