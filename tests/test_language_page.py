"""docs/language.md is what the code and the tests say."""

import language_page


def test_the_page_is_what_its_script_writes(request):
    if request.config.getoption("--update-golden"):
        language_page.PAGE.write_text(language_page.page(), encoding="utf-8")
    found = language_page.PAGE.read_text(encoding="utf-8")
    assert found == language_page.page(), "run `pytest --update-golden`"


def test_a_program_is_refused_or_not():
    assert language_page.outcome("def f(x):\n    return x * x\n") is None
    assert "`global`" in language_page.outcome("def f(x):\n    global y\n    return x\n")


def test_refusals_are_read_from_the_code():
    rows = [row for row in language_page.refusals() if row.startswith("| `try`")]
    assert any("a jump in the middle of a `try`" in row for row in rows)
