"""Before and after: one `return` on every path, at its end."""

import pytest

from passes.texts import lines, parsed, printed
from tangent.passes.returns import single_return


class Refused(Exception):
    """What `single_return` is told to raise: (message, code, node, help)."""


def refuse(*details):
    raise Refused(*details)


def returned(text):
    return printed(single_return(parsed(text), refuse))


CASES = {
    "at the end": ("y = x\nreturn y", "y = x\nreturn y"),
    "nothing": ("y = x", "y = x\nreturn None"),
    "what follows is never run": ("return x\ny = x", "return x"),
    "early": (
        """
        if n == 0:
            return x
        y = f(x)
        return y
        """,
        """
        if n == 0:
            return x
        else:
            y = f(x)
            return y
        """,
    ),
    "both": (
        """
        if c:
            return x
        else:
            return y
        return z
        """,
        """
        if c:
            return x
        else:
            return y
        """,
    ),
    "in the else": (
        """
        if c:
            y = 1
        else:
            return x
        return y
        """,
        """
        if c:
            y = 1
            return y
        else:
            return x
        """,
    ),
    "a chain": (
        """
        if a:
            return x
        elif b:
            return y
        return z
        """,
        """
        if a:
            return x
        elif b:
            return y
        else:
            return z
        """,
    ),
    "nested": (
        """
        if a:
            if b:
                return x
            y = 1
        return y
        """,
        """
        if a:
            if b:
                return x
            else:
                y = 1
                return y
        else:
            return y
        """,
    ),
    "a path without": (
        """
        if a:
            return x
        y = 1
        """,
        """
        if a:
            return x
        else:
            y = 1
            return None
        """,
    ),
    "a branch without return stays": (
        """
        if a:
            y = 1
        return y
        """,
        """
        if a:
            y = 1
        return y
        """,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_single_return(case):
    before, after = CASES[case]
    assert returned(before) == lines(after)


def test_the_returns_of_a_nested_function_are_its_own():
    text = "def g(x):\n    return x\nreturn g(y)"
    assert "return g(y)" in returned(text)


@pytest.mark.parametrize("block", ["for x in xs:", "while x:", "with x:"])
def test_a_return_inside_a_block_is_refused(block):
    with pytest.raises(Refused) as refused:
        returned(f"{block}\n    return x\nreturn y")
    assert refused.value.args[1] == "return-in-loop"


def test_a_return_with_much_code_behind_it_is_refused():
    """It would be written once for every path, and the paths multiply."""
    rest = "\n".join(f"y = y + {i}" for i in range(60))
    with pytest.raises(Refused) as refused:
        returned(f"if a:\n    if b:\n        return x\n    y = 1\n{rest}\nreturn y")
    assert refused.value.args[1] == "return"
