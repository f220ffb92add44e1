"""Before and after: rules whose options are literals."""

import pytest

from passes.texts import parsed
from tangent.rules.folding import fold
from tangent.syntax.printing import print_expression

CASES = {
    "2 - 1": "1",
    "1 - 3": "-2",
    "y * x ** (2 - 1)": "y * x",
    "y * 2 * x ** (3 - 1)": "y * 2 * x ** 2",
    "y * x ** (1 - 1)": "y",
    "x * 1": "x",
    "1 * x": "x",
    "1 * 1 * x": "x",
    "2.0 * 3": "6.0",
    "-1 * 3": "-3",
    # what might change a value, a dtype or a type stays
    "x + 0": "x + 0",
    "x * 0": "x * 0",
    "x * 1.5": "x * 1.5",
    "x / 1": "x / 1",
    "3 / 2": "3 / 2",
    "True * 2": "True * 2",
    "2 ** x": "2 ** x",
    # options
    "a if None is None else b": "a",
    "a if 0 is None else b": "b",
    "a if (0, 1) is None else b": "b",
    "a if None is not None else b": "b",
    "a if -1 is not None else b": "a",
    "a if True else b": "a",
    "a if False else b": "b",
    "a if axis is None else b": "a if axis is None else b",
}


def folded(text):
    return print_expression(fold(parsed(text)[0].value))


@pytest.mark.parametrize("text", CASES)
def test_fold(text):
    assert folded(text) == CASES[text]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("spread(y_bar, x, None, False)", "spread(y_bar, x)"),
        ("spread(y_bar, x, 0, False)", "spread(y_bar, x, 0)"),
        ("spread(y_bar, x, None, True)", "spread(y_bar, x, None, True)"),
        ("unbroadcast(y_bar, x)", "unbroadcast(y_bar, x)"),
    ],
)
def test_arguments_that_are_a_helpers_defaults_go(text, after):
    node = parsed(text)[0].value
    node.func.id = f"@{node.func.id}"
    assert print_expression(fold(node)) == f"@{after}"
