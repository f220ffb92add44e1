"""Before and after: single-use temporaries are substituted, idle statements go, copies stay.

`t1, t2, …` are the library's temporaries, `…_bar` its adjoints; other names are the user's.
"""

import gast
import pytest

from passes.texts import lines, parsed, printed
from tangent.passes.optimise import optimise


def optimised(text):
    body = parsed(text)
    names = {n.id for s in body for n in gast.walk(s) if isinstance(n, gast.Name)}
    temporaries = {n for n in names if n[0] == "t" and n[1:2].isdigit()}
    return printed(optimise(body, temporaries, {n for n in names if n.endswith("_bar")}))


def unchanged(text):
    return optimised(text) == lines(text)


# ---------------------------------------------------------------- substitution


def test_a_chain_of_temporaries_becomes_the_expression():
    before = """
        t1 = x @ W
        t2 = t1 + b
        h = np.tanh(t2)
        return h
    """
    assert optimised(before) == "h = np.tanh(x @ W + b)\nreturn h"


def test_a_temporary_that_is_read_twice_stays():
    assert unchanged(
        """
        t1 = x @ W
        h = t1 * np.tanh(t1)
        return h
        """
    )


def test_an_element_that_is_read_twice_is_written_twice():
    before = """
        t1 = r[i]
        y = t1 * t1
        return y
    """
    assert optimised(before) == "y = r[i] * r[i]\nreturn y"


def test_the_users_variables_stay():
    assert unchanged(
        """
        y = x * x
        z = np.sin(y)
        return z
        """
    )


@pytest.mark.parametrize(
    "change",
    [
        "x = 2 * x",
        "x[0] = 1.0",
        "x[1:] = y",
        "x += y",
        "x.append(y)",
        "z = x.pop()",
        "x.sort()",
        "x, z = y",
        "for x in y:\n    z = z + x",
        "for i in y:\n    x[i] = z",
        "if y:\n    x = 3",
    ],
)
def test_nothing_moves_past_a_change_of_what_it_reads(change):
    text = f"t1 = x * 2\n{change}\ny = t1 + 1\nreturn x, y, z"
    assert optimised(text) == lines(text)


@pytest.mark.parametrize("other", ["w = 2 * y", "w[0] = 1.0", "for i in y:\n    w = w + i"])
def test_it_moves_past_anything_else(other):
    text = f"t1 = x * 2\n{other}\ny = t1 + 1\nreturn x, y, w"
    assert optimised(text) == f"{other}\ny = x * 2 + 1\nreturn x, y, w"


def test_an_expression_does_not_move_into_a_loop():
    """It would be evaluated again in every iteration."""
    assert unchanged(
        """
        t1 = np.exp(x)
        for i in range(n):
            y = y + t1
        return y
        """
    )


def test_an_expression_does_not_move_into_a_branch():
    assert unchanged(
        """
        t1 = np.exp(x)
        if c:
            y = t1
        return y
        """
    )


def test_an_expression_does_not_move_into_the_test_of_a_while_loop():
    """It is asked again, when the names that are read may have changed."""
    assert unchanged(
        """
        t1 = x * 2
        while x < t1:
            x = x + 1
        return x
        """
    )


def test_what_is_read_behind_a_break_is_alive():
    assert unchanged(
        """
        for v in xs:
            y = v
            if v > 0:
                break
            y = f(v)
        return y
        """
    )


def test_it_moves_into_the_header_of_a_loop():
    before = """
        t1 = len(x)
        for i in range(t1):
            y = y * i
        return y
    """
    assert optimised(before).startswith("for i in range(len(x)):")


# ---------------------------------------------------------------- copies and aliases


@pytest.mark.parametrize("write", ["y_bar[0] = 0", "y_bar += x_bar", "y_bar[1:] += 1"])
def test_a_copy_stays_a_copy(write):
    """`y_bar` has memory of its own: `z_bar` must not see what is written into it."""
    assert unchanged(f"y_bar = z_bar.copy()\n{write}\nreturn y_bar, z_bar")
    assert unchanged(f"t1 = z_bar.copy()\n{write.replace('y_bar', 't1')}\nreturn t1, z_bar")


def test_another_name_for_an_adjoint_goes():
    before = """
        y_bar = result_bar
        x_bar = y_bar * x
        return x_bar
    """
    assert optimised(before) == "x_bar = result_bar * x\nreturn x_bar"


@pytest.mark.parametrize("write", ["result_bar[0] = 0", "result_bar += 1", "result_bar = 2 * x"])
def test_another_name_stays_where_the_first_one_changes(write):
    assert unchanged(f"y_bar = result_bar\n{write}\nx_bar = y_bar * x\nreturn x_bar, result_bar")


@pytest.mark.parametrize("write", ["y_bar[0] = 0", "y_bar += 1"])
def test_a_name_that_is_written_into_keeps_its_value_apart(write):
    """The alias and what it stands for: whatever goes, a write reaches the same memory."""
    text = f"t1_bar = result_bar * 2\ny_bar = t1_bar\n{write}\nreturn y_bar"
    assert run(optimised(text)) == run(text)


def run(text):
    import numpy as np

    body = "\n".join(f"    {line}" for line in lines(text).splitlines())
    namespace = {"np": np}
    exec(f"def f(result_bar, x):\n{body}", namespace)
    return namespace["f"](np.ones(3), np.arange(3.0)).tolist()


# ---------------------------------------------------------------- idle statements


def test_what_nobody_reads_goes():
    before = """
        t1 = np.exp(x)
        y = x * 2
        z = t1 + y
        return y
    """
    assert optimised(before) == "y = x * 2\nreturn y"


def test_idle_loops_and_branches_go():
    before = """
        for i in range(n):
            z = z * i
        if c:
            w = 1
        return y
    """
    assert optimised(before) == "return y"


def test_an_else_that_does_something_stays():
    before = """
        if c:
            w = 1
        else:
            y = 2
        return y
    """
    assert optimised(before) == "if c:\n    pass\nelse:\n    y = 2\nreturn y"


@pytest.mark.parametrize(
    "statement", ["y[0] = 1.0", "y.append(x)", "y += x", "print(x)", "assert x", "z = y.pop()"]
)
def test_effects_stay(statement):
    assert unchanged(f"{statement}\nreturn y")


def test_a_value_that_the_next_iteration_reads_stays():
    assert unchanged(
        """
        for i in range(n):
            y = y * z
            z = i + 1
        return y
        """
    )
