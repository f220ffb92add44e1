"""What is covered, as a table: written from the registry and from the domains of its tests.

python -m pytest tests/rules/test_coverage.py --update-golden
"""

import builtins
import inspect
import math
import operator
from types import SimpleNamespace

import numpy as np
import scipy
import scipy.ndimage

from rules import test_given_programs, test_rules
from rules.second_order import recorded as second_order_record
from tangent.rules.language import (
    Constant,
    Gap,
    Program,
    Rule,
    canonical,
    classes,
    forward_rule,
    lookup,
    registered,
)


def public(module):
    """A module without what it imports."""
    return SimpleNamespace(**{name: getattr(module, name) for name in module.__all__})


SPACES = {
    "np": np, "np.linalg": np.linalg, "np.fft": np.fft, "np.random": np.random,
    "np.ndarray": np.ndarray, "operator": operator, "math": math, "": builtins,
    "scipy.special": scipy.special, "scipy.linalg": scipy.linalg, "scipy.fft": scipy.fft,
    "scipy.optimize": scipy.optimize, "scipy.signal": scipy.signal,
    "scipy.ndimage": public(scipy.ndimage),
    "scipy.integrate": scipy.integrate, "scipy.spatial.distance": public(scipy.spatial.distance),
}  # fmt: skip
DENSITIES = (
    "logpdf", "pdf", "logpmf", "pmf", "cdf", "sf", "logcdf", "logsf", "ppf", "entropy",
)  # fmt: skip
CHAPTERS = {
    "NumPy": ("np.", "np.linalg.", "np.fft.", "np.random."),
    "Methods of arrays": ("np.ndarray.",),
    "Python": ("operator.", "math.", ""),
    "SciPy": ("scipy.",),
}
HEAD = """# Coverage

Which functions have a derivative, and which variants of them are tested. This page is written by
`tests/rules/coverage.py` from the registry of rules and the tables of their tests, and a test fails
where it is not true.

* *Variants*: the options of the tested calls; every rule is tested with arrays of several shapes.
* *Forward*, *reverse*: the modes. Each is compared with differences, and with the other.
* *Second order*: what came out when `check_grads` to second order, each mode over each, was last
  run on a tested call (`tests/rules/second_order.py`, whose record the suite holds against new runs
  of a part of it). *not run*: the tested calls cannot be written as one function of arrays.
* *float32*: every tested call is run again in single precision, and must give such a gradient.

A function known by a *program* is Python, which is differentiated as a user's is. So are the
classes that stand for objects of SciPy, whose parameters may move.
"""


GONE = ("row_stack",)  # which newer NumPys do not have: the page is the same on each


def public_names():
    """Every public name under which a registered function can be reached."""
    names = {}
    for space, module in SPACES.items():
        for name in sorted(vars(module)):
            value = inspect.getattr_static(module, name)
            if name in GONE:
                continue
            if not name.startswith("_") and _hashable(value) and lookup(value) is not None:
                names.setdefault(id(canonical(value)), []).append(f"{space}.{name}".lstrip("."))
    for name, ufunc in vars(np).items():
        for method in ("reduce", "accumulate", "reduceat", "outer", "at"):
            found = getattr(ufunc, method, None) if isinstance(ufunc, np.ufunc) else None
            if found is not None and lookup(found) is not None and ufunc.__name__ == name:
                names.setdefault(id(canonical(found)), []).append(f"np.{name}.{method}")
    for name, law in vars(scipy.stats).items():
        for method in DENSITIES:
            found = getattr(law, method, None)
            if type(law).__module__.startswith("scipy.stats.") and lookup(found) is not None:
                names.setdefault(id(canonical(found)), []).append(f"scipy.stats.{name}.{method}")
    return names


def _hashable(value):
    return callable(value) or inspect.isdatadescriptor(value) or value is np.c_ or value is np.r_


def variants(entry):
    """The options that the tested calls of a function use."""
    if isinstance(entry, Program):
        cases, signature = test_given_programs.domain(entry), inspect.signature(entry.text)
        skipped = len(entry.first)
    else:
        cases, signature, skipped = test_rules.domain(entry), entry.signature, 0
    names = list(signature.parameters)[skipped:]
    kinds = [p.kind for p in signature.parameters.values()][skipped:]
    defaults = {p.name for p in signature.parameters.values() if p.default is not p.empty}
    found = set()
    for case in cases:
        given = [n for n, k, _ in zip(names, kinds, case.args, strict=False) if k != 2]
        found |= {n for n in (*given, *case.options) if n in defaults or n in case.options}
    return ", ".join(f"`{n}`" for n in names if n in found)


def forward(entry):
    """Is there a forward rule?"""
    return (
        isinstance(entry, Program)
        or entry.elementwise
        or entry.kind == "transpose"
        or forward_rule(entry.function) is not None
    )


def second_order(entry, record):
    """What the record of second derivatives says."""
    return record.get(test_rules.keys(entry.function)[0], "not run")


def table(names, prefixes, others):
    """The rows of one chapter."""
    rows, record = [], second_order_record()
    for entry in registered():
        if not isinstance(entry, (Rule, Program)):
            continue
        mine = [n for n in names.get(id(entry.function), ()) if _belongs(n, prefixes, others)]
        if mine:
            kind = " (program)" if isinstance(entry, Program) else ""
            text = " ".join(f"`{n}`" for n in mine) + kind
            modes = "yes" if forward(entry) else "no"
            rows.append([text, variants(entry), modes, "yes", second_order(entry, record), "yes"])
    columns = ["function", "variants", "forward", "reverse", "second order", "float32"]
    rows.sort(key=lambda row: row[0].lower())
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def class_rows():
    """The rows of the classes: each with the methods of its objects that have a derivative."""
    rows = []
    for made, cls in classes():
        home = "scipy.stats" if type(made).__module__.startswith("scipy.stats.") else "scipy"
        name = next((n for n, o in vars(scipy.stats).items() if o is made), None)
        home = home if name else ".".join(made.__module__.split(".")[:2])
        name = name or made.__name__
        methods = [f"`{m}`" for m in vars(cls) if derived(made, cls, m)]
        rows.append(f"| `{home}.{name}(…)` | {', '.join(methods)} |")
    head = "| class | methods |\n|---|---|"
    return "\n".join([head, *sorted(rows, key=str.lower)])


def derived(made, cls, method):
    """Has a method a derivative?  That of a distribution hands over to a function."""
    if method == "__call__" or type(made) is type:
        return method == "__call__" or not method.startswith("_")
    return isinstance(lookup(getattr(made, method, None)), (Rule, Program))


def _belongs(name, prefixes, others):
    home = name.rpartition(".")[0] + "." if "." in name else ""
    fitting = [p for p in others if home.startswith(p) and (p or not home)]
    return max(fitting, key=len, default=None) in prefixes


def document():
    """The whole page."""
    names = public_names()
    everything = [p for prefixes in CHAPTERS.values() for p in prefixes]
    parts = [HEAD]
    for chapter, prefixes in CHAPTERS.items():
        parts.append(f"## {chapter}\n\n{table(names, prefixes, everything)}\n")
    parts.append(f"## Objects of SciPy\n\n{class_rows()}\n")
    constants = [e for e in registered() if isinstance(e, Constant)]
    flat = sorted(n for e in constants for n in names.get(id(e.function), ()))
    parts.append("## Without derivative\n\n" + ", ".join(f"`{n}`" for n in flat) + "\n")
    known = [e for e in registered() if isinstance(e, Gap)]
    gaps = [(e.reason, n) for e in known for n in names.get(id(e.function), ())]
    parts.append("## Known to have no rule\n")
    for reason in dict.fromkeys(r for r, _ in gaps):
        parts.append(f"* {', '.join(f'`{n}`' for r, n in gaps if r == reason)}: {reason}\n")
    return "\n".join(parts)
