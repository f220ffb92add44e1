"""A wrong rule is refused when it is registered, at the rule's own line."""

import inspect

import numpy as np
import pytest

import tangent.rules.load  # noqa: F401
from tangent.errors import RuleError
from tangent.rules.language import (
    Constant,
    Gap,
    Rule,
    constant,
    defjvp,
    defvjp,
    elementwise,
    forward_rule,
    linear,
    lookup,
    multilinear,
    no_rule_yet,
    registered,
)


def two(x, y, scale=1.0):
    """A function of two operands and an option."""
    return scale * x * y


@pytest.fixture(autouse=True)
def _own_registry(registry):
    """What is registered here is forgotten behind each test."""


def refused(register):
    with pytest.raises(RuleError) as caught:
        register()
    assert lookup(two) is None, "a wrong rule was registered"
    return caught.value


def test_a_right_rule():
    elementwise(two, lambda z, x, y, scale=1.0: (scale * y, scale * x))
    rule = lookup(two)
    assert isinstance(rule, Rule)
    assert list(rule.entries) == ["x", "y"]
    assert list(rule.signature.parameters) == ["x", "y", "scale"]
    assert (rule.kind, rule.adjoint, rule.result) == ("partials", None, "z")
    assert rule.call(0.0, 2.0, 3.0) == (3.0, 2.0)


def test_a_rule_by_its_transposed_map():
    linear(two, transpose=lambda z_bar, x, y: (z_bar * y, None))
    rule = lookup(two)
    assert (rule.kind, rule.adjoint, rule.result) == ("transpose", "z_bar", None)
    assert rule.entries["y"] is None


def test_a_rule_with_a_body():
    @defvjp(two, differentiable=("scale",))
    def backward(z_bar, z, x, y, scale=1.0):
        """The docstring is no statement."""
        common = z_bar * x
        return z_bar * y * scale, common * scale, common * y

    rule = lookup(two)
    assert len(rule.body) == 1
    assert list(rule.entries) == ["x", "y", "scale"]


def test_a_rule_for_literals():
    elementwise(two, lambda z, x, y: (y, x), literal={"y": lambda z, x, y: (y, None)})
    assert lookup(two).literal["y"].entries["y"] is None


def test_two_rules():
    elementwise(two, lambda z, x, y: (y, x))
    with pytest.raises(RuleError, match=r"`two` has two rules \[two-rules\]"):
        constant(two)
    assert isinstance(lookup(two), Rule)


def test_unknown_name():
    error = refused(lambda: elementwise(two, lambda z, x, y: (yy, x)))  # noqa: F821
    assert "`yy` is no name that a rule may use" in str(error)
    assert error.location.filename == __file__
    assert "(yy, x)" in error.location.text


def test_a_name_that_generated_code_does_not_have():
    error = refused(lambda: elementwise(two, lambda z, x, y: (pytest.approx(y), x)))
    assert "`pytest` is no name that a rule may use" in str(error)


def test_unknown_attribute():
    error = refused(lambda: elementwise(two, lambda z, x, y: (np.tanhh(y), x)))
    assert "`np.tanhh` does not exist" in str(error)


def test_one_partial_for_two_operands():
    error = refused(lambda: elementwise(two, lambda z, x, y: y))
    assert "1 entries for 2 inputs" in str(error)


def test_too_few_entries():
    def backward(z_bar, z, x, y, w):
        return z_bar * y, z_bar * x

    error = refused(lambda: defvjp(two)(backward))
    assert "2 entries for 3 inputs" in str(error)


def test_too_many_entries():
    error = refused(lambda: elementwise(two, lambda z, x, y: (y, x, x)))
    assert "3 entries for 2 inputs" in str(error)


def test_unknown_keyword():
    error = refused(
        lambda: linear(two, transpose=lambda z_bar, x, y, factor=1.0: (z_bar * y, None))
    )
    assert "`two` has no parameter `factor`" in str(error)


def test_no_straight_line():
    def backward(z_bar, z, x, y):
        if z > 0:
            z_bar = -z_bar
        return z_bar * y, z_bar * x

    error = refused(lambda: defvjp(two)(backward))
    assert "a rule is assignments and one `return`" in str(error)


def test_constants_and_gaps():
    constant(two, pure=False)
    assert isinstance(lookup(two), Constant)
    assert not lookup(two).pure
    no_rule_yet(test_two_rules, reason="it is a test")
    assert isinstance(lookup(test_two_rules), Gap)


def test_unknown_function():
    assert lookup(two) is None
    assert lookup(two(1.0, 2.0)) is None


RULES = [entry for entry in registered() if isinstance(entry, Rule)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_positions(rule):
    """A positional argument of a call goes to the parameter of the same place in the rule."""
    try:
        theirs = list(inspect.signature(rule.function).parameters.values())
    except (TypeError, ValueError):
        pytest.skip("the function has no signature")
    for mine, other in zip(rule.signature.parameters.values(), theirs, strict=False):
        if mine.kind is mine.KEYWORD_ONLY or other.kind is other.VAR_POSITIONAL:
            break
        if mine.default is not mine.empty and other.kind is not other.POSITIONAL_ONLY:
            assert mine.name == other.name


# ---------------------------------------------------------------- forward rules


@pytest.fixture
def reverse():
    elementwise(two, lambda z, x, y, scale=1.0: (scale * y, scale * x))


def refused_forward(register):
    with pytest.raises(RuleError) as caught:
        register()
    assert forward_rule(two) is None, "a wrong rule was registered"
    return str(caught.value)


@pytest.mark.usefixtures("reverse")
def test_a_right_forward_rule():
    @defjvp(two)
    def tangent(x_dot, y_dot, z, x, y, scale=1.0):
        return scale * (x_dot * y + x * y_dot)

    rule = forward_rule(two)
    assert rule.tangents == {"x": "x_dot", "y": "y_dot"}
    assert rule.result == "z"
    assert list(rule.signature.parameters) == ["x", "y", "scale"]
    assert rule.call(1.0, 0.0, None, 2.0, 3.0) == 3.0
    assert tangent(0.0, 1.0, None, 2.0, 3.0, 2.0) == 4.0


@pytest.mark.usefixtures("reverse")
def test_a_multilinear_function():
    multilinear(two, "x", "y")
    assert forward_rule(two).parameters == ("x", "y")
    with pytest.raises(RuleError, match="two forward rules"):
        multilinear(two, "x", "y")


def test_a_forward_rule_stands_beside_a_reverse_rule():
    assert "no reverse rule" in refused_forward(lambda: multilinear(two, "x", "y"))


def _late(x_dot, z, y_dot, x, y):
    return x_dot + y_dot


def _stranger(x_dot, y_dot, w_dot, z, x, y):
    return x_dot + y_dot + w_dot


def _lacking(x_dot, z, x, y):
    return x_dot


def _looping(x_dot, y_dot, z, x, y):
    for _ in range(2):
        x_dot = x_dot + 1
    return x_dot + y_dot


def _unknown(x_dot, y_dot, z, x, y):
    return nowhere(x_dot) + y_dot  # noqa: F821


def _keyword(x_dot, y_dot, z, x, y, factor=1.0):
    return x_dot + y_dot


@pytest.mark.usefixtures("reverse")
@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (_late, "the tangents come first"),
        (_stranger, "`w_dot` is the tangent of no parameter"),
        (_lacking, "differ in `y`"),
        (_looping, "assignments and one `return`"),
        (_unknown, "`nowhere` is no name"),
        (_keyword, "has no parameter `factor`"),
    ],
)
def test_a_wrong_forward_rule(rule, message):
    assert message in refused_forward(lambda: defjvp(two)(rule))
