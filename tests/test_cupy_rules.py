"""Each rule and each golden text on CuPy: on the strict double for a part of the rules, on a device
for all of them.
"""

import re

import numpy as np
import pytest

import checks
import strict_cupy
import tangent
from golden.registry import every
from rules import second_order, test_rules
from rules.test_given_programs import called
from tangent.rules.language import Rule
from test_cupy import LACKING, REFUSALS, compare, device_reason, leaves

# NumPy's functions and the methods of its ufuncs; those of arrays are in the corpus
RULES = {
    name: entry
    for name, entry in second_order.entries().items()
    if entry.function not in (np.c_, np.r_)
    if name.startswith("numpy.") or isinstance(getattr(np, name.split(".")[0], None), np.ufunc)
}
CONSTANT = re.compile(r"f\d+")  # what a case gives to a function and does not move
GRADIENTS = [g for g in every() if g.form == "grad"]


def still(entry, case):
    """The positions of what does not move."""
    known = test_rules.places(entry, case.args) if isinstance(entry, Rule) else range(9)
    return [i for i in range(len(case.args)) if i not in known]


def halves_on_numpy(entry):
    """A case of a rule as a function, its arguments, a cotangent and what this gives; or None."""
    for case in second_order.cases(entry):
        try:
            function, args = called(entry, case, still(entry, case))
            value, pullback = tangent.vjp(function, *args)
        except (tangent.TangentError, NameError):
            continue
        if test_rules.inexact(value):
            bar = test_rules.cotangent(value)
            return function, args, bar, pullback(bar)
    return None


def placed(bar, value):
    """A cotangent where the value is: an array on the device for an array there."""
    if isinstance(value, list | tuple):
        return type(value)(placed(b, v) for b, v in zip(bar, value, strict=True))
    return tangent.to_device(np.asarray(bar)) if hasattr(value, "get") else bar


def on_device(function, args, bar):
    captured = function.__globals__
    constants = {k: v for k, v in captured.items() if CONSTANT.fullmatch(k)}
    captured.update(tangent.to_device(constants))
    try:
        value, pullback = tangent.vjp(function, *tangent.to_device(args))
        return tangent.to_host(pullback(placed(bar, value)))
    finally:
        captured.update(constants)


def tolerance(wanted):
    single = any(np.asarray(leaf).dtype == np.float32 for leaf in leaves(wanted))
    return 1e-5 if single else 1e-12


def check_rule(entry, lacking):
    known = halves_on_numpy(entry)
    if known is None:
        return
    *given, wanted = known
    try:
        found = on_device(*given)
    except (tangent.TangentError, *REFUSALS) as error:
        assert re.search(lacking, str(error))  # noqa: PT017
        return
    compare(found, wanted, tolerance(wanted))


@pytest.mark.parametrize("name", list(RULES)[::9])
def test_rules_on_the_double(name):
    with strict_cupy.installed():
        check_rule(RULES[name], LACKING)


@pytest.mark.gpu
@pytest.mark.parametrize("name", RULES)
def test_rules_on_the_device(name):
    if (reason := device_reason()) is not None:
        pytest.skip(reason)
    check_rule(RULES[name], "")


def check_golden(golden):
    args = golden.draw(np.random.default_rng(0))
    wrt = golden.wrt if len(golden.wrt) > 1 else golden.wrt[0]
    wanted = tangent.grad(golden.primal, wrt=wrt)(*checks.copied(args))
    found = tangent.grad(golden.primal, wrt=wrt, backend="cupy")(*tangent.to_device(args))
    compare(tangent.to_host(found), wanted, tolerance(wanted))


@pytest.mark.parametrize("golden", GRADIENTS[::3], ids=lambda g: g.name)
def test_golden_texts_on_the_double(golden):
    with strict_cupy.installed():
        check_golden(golden)


@pytest.mark.gpu
@pytest.mark.parametrize("golden", GRADIENTS, ids=lambda g: g.name)
def test_golden_texts_on_the_device(golden):
    if (reason := device_reason()) is not None:
        pytest.skip(reason)
    check_golden(golden)
