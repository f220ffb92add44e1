"""Every rule of the registry against central differences, called as the function that it is."""

import contextlib
import inspect
import itertools

import numpy as np
import pytest
import scipy.fft
import scipy.integrate
import scipy.linalg
import scipy.optimize
import scipy.signal
import scipy.spatial.distance
import scipy.special
import scipy.stats

import checks
import tangent.runtime
from rules import domains, draws, runtime_domains, scipy_domains
from tangent.rules.language import Rule, registered
from tangent.rules.load import load_optional
from tangent.runtime import unbroadcast

load_optional()
# what a function that is passed reads is no argument: tested in tests/programs/roots.py
FOUND = ("zero", "zeros", "valued", "end", "bare_end")  # what no difference of theirs tells
OF_FUNCTIONS = tuple(getattr(tangent.runtime, f) for f in FOUND)
RULES = [e for e in registered() if isinstance(e, Rule) and e.function not in OF_FUNCTIONS]
SHAPES = [
    ((), ()),
    ((3,), (3,)),
    ((2, 3), (2, 3)),
    ((0,), (0,)),
    ((2, 3), (3,)),
    ((2, 1), (1, 3)),
    ((), (2, 3)),
]
CASES = domains.CASES | runtime_domains.CASES | scipy_domains.CASES
INTERVALS = domains.INTERVALS | scipy_domains.INTERVALS
# SciPy's own remark, in single precision
pytestmark = pytest.mark.filterwarnings("ignore:logm result may be inaccurate")
NUMBERS_ONLY = (float, np.float64, np.float32, np.float16)


def keys(function):
    """The names under which a domain may stand, the most exact first."""
    name = {np.c_: "c_", np.r_: "r_"}.get(function) or function.__name__
    if isinstance(getattr(function, "__self__", None), np.ufunc):
        return [f"{function.__self__.__name__}.{name}"]
    home = str(getattr(function, "__module__", None))
    if getattr(scipy.special, name, None) is function and not home.startswith("numpy"):
        return [f"scipy.special.{name}"]
    if home.startswith("scipy."):
        return [f"scipy.{scipy_path(function, home)}.{name}"]
    owner = getattr(function, "__objclass__", None)
    module = "ndarray" if owner is np.ndarray else str(getattr(function, "__module__", None))
    if module.startswith("tangent.runtime"):
        module = "runtime"
    return [f"{module}.{name}", name]


def scipy_path(function, home):
    """`linalg`, or `stats.norm` for a method of a distribution."""
    owner = getattr(function, "__self__", None)
    known = [n for n, o in vars(scipy.stats).items() if owner is not None and o is owner]
    public = itertools.takewhile(lambda part: part[0] != "_", home.split(".")[1:])
    return f"stats.{known[0]}" if known else ".".join(public)


def domain(rule):
    """The cases of a rule: those of the table, or its operands' intervals filled with numbers."""
    for key in keys(rule.function):
        if key in CASES:
            return [case for case in CASES[key] if fits(rule.function, case)]
    for key in keys(rule.function):
        if key in INTERVALS:
            return filled(rule.function, INTERVALS[key])
    return []


def fits(function, case):
    """A method is asked of arrays only."""
    return keys(function)[0].split(".")[0] != "ndarray" or isinstance(case.args[0], np.ndarray)


def filled(function, intervals):
    if function in NUMBERS_ONLY or keys(function)[0].startswith("math."):
        values = [float(draws.r(low=low, high=high)) for low, high in intervals]
        return [draws.C(*values)]
    cases = []
    for shapes in SHAPES[:4] if len(intervals) == 1 else SHAPES:
        three = (*shapes, shapes[0])[: len(intervals)]
        pairs = zip(three, intervals, strict=True)
        cases.append(draws.C(*(draws.r(*s, low=lo, high=hi) for s, (lo, hi) in pairs)))
    return cases


NAMES = [keys(rule.function)[0] for rule in RULES]
each = pytest.mark.parametrize("rule", RULES, ids=NAMES)


# ---------------------------------------------------------------- a rule as a function


def evaluated(rule, args, options):
    """The value of the function that the rule is for; one that updates writes into a copy."""
    function = rule.function
    args = checks.copied(args) if rule.updates else args
    if function in (np.c_, np.r_):
        return function[args[0]]
    if type(function).__name__ == "getset_descriptor":
        return function.__get__(args[0])
    value = function(*args, **options)
    return tuple(value) if isinstance(value, tuple) else value


def adjoints(rule, y_bar, y, args, options):
    """What the rule returns: each moving argument's position and its adjoint."""
    given = {
        "partials": (y, *args),
        "terms": (y_bar, y, *args),
        "transpose": (y_bar, *args),
        "vjp": (y_bar, y, *args),
    }[rule.kind]
    returned = rule.call(*given, **options)
    several = isinstance(returned, tuple) and any(entry is ... for entry in returned)
    entries = returned if several or len(rule.entries) > 1 else (returned,)
    entries = [entry for entry in entries if entry is not ...]
    found = {}
    for name, entry in zip(rule.entries, entries, strict=True):
        position = place(rule, name)
        if rule.signature.parameters[name].kind is inspect.Parameter.VAR_POSITIONAL:
            found.update({position + i: one for i, one in enumerate(entry)})
            continue
        if position < len(args) and rule.entries[name] is not None and entry is not None:
            term = y_bar * entry if rule.kind == "partials" else entry
            found[position] = unbroadcast(term, args[position]) if rule.elementwise else term
    return found


def place(rule, name):
    """The position of a parameter; options that are given by keyword have none."""
    names = [n for n, p in rule.signature.parameters.items() if p.kind is not p.KEYWORD_ONLY]
    return names.index(name) if name in names else len(rule.signature.parameters)


def moving(rule, args):
    """The positions of the arguments that the rule has an entry for and that hold real numbers."""
    return tuple(i for i in places(rule, args) if checks.active_leaves(args[i]))


def places(rule, args):
    """The positions of the arguments that the rule has an entry for."""
    found = []
    for name, entry in rule.entries.items():
        if entry is not None:
            several = rule.signature.parameters[name].kind is inspect.Parameter.VAR_POSITIONAL
            found += range(place(rule, name), len(args)) if several else [place(rule, name)]
    return [i for i in found if i < len(args)]


def cotangent(value, seed=3):
    """Random numbers in the structure of a result, complex where it is."""
    rng = np.random.default_rng(seed)

    def draw(_, leaf):
        drawn = rng.normal(size=np.shape(leaf))
        if np.iscomplexobj(leaf):
            drawn = drawn + 1j * rng.normal(size=np.shape(leaf))
        return type(leaf)(drawn) if not isinstance(leaf, np.ndarray) else drawn.astype(leaf.dtype)

    return checks.tree_map(draw, value)


def inner(y_bar, y):
    """The real number whose gradient the rule gives: Re of the sum of products, in every leaf."""
    total = 0.0
    for path, leaf in checks.leaves(y):
        bar = checks.at(y_bar, path)
        total += float(np.real(np.sum(np.asarray(bar) * np.asarray(leaf))))
    return total


def inexact(value):
    """Whether a result is of inexact numbers; that of a cast to integers is not."""
    return any(np.asarray(leaf).dtype.kind in "fc" for _, leaf in checks.leaves(value))


# ---------------------------------------------------------------- tests


@contextlib.contextmanager
def about(case):
    """Says which case a failure is about."""
    try:
        yield
    except Exception as error:
        error.add_note(f"in the case ({case!r})")
        raise


@each
def test_every_rule_has_a_domain(rule):
    cases = domain(rule)
    assert cases, f"no case for {keys(rule.function)} in tests/rules/domains.py"
    entries = [name for name, entry in rule.entries.items() if entry is not None]
    moved = [i for case in cases for i in moving(rule, case.args)]
    assert moved, f"no case moves any of {entries}"


@each
def test_against_differences(rule):
    if rule.function in (np.float32, np.float16):
        pytest.skip("rounds to less than a difference resolves")
    for case in domain(rule):
        with about(case):
            check_against_differences(rule, checks.copied(case.args), case.options)


def check_against_differences(rule, args, options):
    with checks.unchanged(args):
        y = evaluated(rule, args, options)
        y_bar = cotangent(y)
        before = checks.copied(y_bar)
        found = adjoints(rule, y_bar, y, args, options)
    checks.check_same(before, y_bar, "the adjoint of the result")

    def scalar(*moved):
        value = evaluated(rule, moved, options)
        return inner(y_bar, value) if inexact(value) else 0.0

    positions = moving(rule, args)
    missing = [p for p in positions if p not in found]
    assert not missing, f"no entry for arguments {missing}"
    checks.check_value([found[p] for p in positions], scalar, args, positions)


@each
def test_shape_and_dtype(rule):
    """float32 in gives float32 out, and each adjoint has the shape of its argument."""
    for case in domain(rule):
        given = (*case.args, *case.options.values())
        if not any(isinstance(value, type | np.dtype) for value in given):
            with about(case):
                options = checks.tree_map(narrowed, case.options)
                check_shape_and_dtype(rule, checks.tree_map(narrowed, case.args), options)


def check_shape_and_dtype(rule, args, options):
    y = evaluated(rule, args, options)
    found = adjoints(rule, cotangent(y), y, args, options)
    for position in moving(rule, args):
        for path, leaf in checks.active_leaves(args[position]):
            bar = checks.at(found[position], path)
            assert np.shape(bar) == np.shape(leaf), f"argument {position}: {np.shape(bar)}"
            if isinstance(leaf, np.ndarray) and inexact(y):
                assert bar.dtype == leaf.dtype, f"argument {position}: {bar.dtype}"


def narrowed(_, leaf):
    return leaf.astype(np.float32) if checks.is_active(leaf) and np.ndim(leaf) else leaf


@each
def test_declared_memory(rule):
    """A result that is declared fresh shares no memory with an argument."""
    for case in domain(rule) if rule.fresh else []:
        for mine in checks.arrays_in(evaluated(rule, case.args, case.options)):
            for theirs in checks.arrays_in(case.args):
                assert not np.shares_memory(mine, theirs), case


@each
def test_declared_shape(rule):
    """What the rule declares of its result is so: a number or an array, and of which shape."""
    for case in domain(rule):
        made = evaluated(rule, case.args, case.options)
        assert not (rule.numeric and isinstance(made, list | tuple | dict)), case
        shape = np.shape(made) if rule.numeric or isinstance(made, np.ndarray) else None
        if rule.shape == "scalar":
            assert shape == (), case
        elif rule.shape == "like first":
            assert shape == np.shape(case.args[0]), case
        elif rule.shape == "reduction" and len(case.args) == 1 and not case.options:
            assert shape == (), case
        elif rule.shape == "broadcast":
            operands = [np.shape(a) for a in case.args if not isinstance(a, bool)]
            assert shape == np.broadcast_shapes(*operands), case


@each
def test_declared_tolerance(rule):
    """A tolerant rule takes an adjoint that is still broadcast for the sum of its copies."""
    for case in domain(rule) if rule.tolerant else []:
        with about(case):
            y = evaluated(rule, case.args, case.options)
            wide = cotangent(np.stack([y, y]))
            larger = adjoints(rule, wide, y, case.args, case.options)
            summed = adjoints(rule, np.sum(wide, axis=0), y, case.args, case.options)
            for path, leaf in checks.leaves(summed):
                have = checks.at(larger, path)
                np.testing.assert_allclose(have, leaf, rtol=1e-12, atol=1e-14)
