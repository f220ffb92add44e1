"""The second derivatives of every function with a rule or a program, as they come out.

    python tests/rules/second_order.py [--missing]

runs them all (or those that are not there yet), in each mode over each, against differences, and
writes `second_order.txt`, from which `docs/coverage.md` is made.  The suite repeats a part of it
(`test_second_order.py`).
"""

import sys
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

import tangent
from rules import test_given_programs, test_rules
from rules.test_given_programs import called
from tangent.rules.language import Program, Rule, registered

RECORD = Path(__file__).with_suffix(".txt")
ROUNDED = (np.float32, np.float16)  # to less than a difference resolves
TRIES = 3


def entries():
    """The functions of NumPy, SciPy and Python that have a derivative, by name."""
    found = {}
    for entry in registered():
        if isinstance(entry, (Rule, Program)) and entry.function is not getattr(entry, "text", 0):
            name = test_rules.keys(entry.function)[0]
            rounded = any(entry.function is one for one in ROUNDED)
            known = _of_library(entry) and not name.startswith("runtime.")
            if known and not rounded and name != "numpy.row_stack":
                found[name] = entry
    return dict(sorted(found.items()))


def _of_library(entry):
    """Is it of NumPy, SciPy or Python, known by the library itself?"""
    home = (entry.text if isinstance(entry, Program) else entry.call).__module__
    return home.startswith("tangent.rules.") and ".runtime" not in home


def cases(entry):
    program = isinstance(entry, Program)
    return test_given_programs.domain(entry) if program else test_rules.domain(entry)


def function_of(entry, case):
    """A function of real numbers in a case, and the arguments that move."""
    opened = getattr(entry.function, "__name__", "")
    if entry.function is np.c_ or entry.function is np.r_:
        two = (lambda x, y: np.c_[x, y]) if entry.function is np.c_ else (lambda x, y: np.r_[x, y])
        return two, tuple(case.args[0])
    if type(entry.function).__name__ == "getset_descriptor":
        return _ATTRIBUTES[opened], case.args
    still = () if isinstance(entry, Program) else _unknown(entry, case)
    function, args = called(entry, case, still)
    value = function(*args)
    parts = value if isinstance(value, tuple) else (value,)
    if any(map(np.iscomplexobj, parts)):
        one = lambda x: np.real(function(x)) - np.imag(function(x))  # noqa: E731
        two = lambda x, y: np.real(function(x, y)) - np.imag(function(x, y))  # noqa: E731
        return (one if len(args) == 1 else two), args
    return function, args


def _unknown(rule, case):
    """The positions of arguments in which a function is continuous, but not differentiated."""
    known = test_rules.places(rule, case.args)
    return [i for i in range(len(case.args)) if i not in known]


_ATTRIBUTES = {
    "T": lambda x: x.T,
    "mT": lambda x: x.mT,
    "real": lambda x: x.real,
    "imag": lambda x: x.imag,
}


def outcome(entry):
    """What came out: "yes", "not run", the code of an error, or the kind of one not ours."""
    met = "not run"
    for case in cases(entry)[:TRIES]:
        try:
            function, args = function_of(entry, case)
            if not any(test_given_programs.moves(a) for a in args):
                continue
            tangent.check_grads(function, args, order=2)
        except tangent.TangentError as error:
            met = error.code
        except NameError:  # the case cannot be written as text
            continue
        except AssertionError:
            met = "wrong"
        except Exception as error:
            met = type(error).__name__
        else:
            return "yes"
    return met


def line(name):
    warnings.simplefilter("ignore")
    with np.errstate(all="ignore"):
        return f"{name} {outcome(entries()[name])}"


def recorded():
    """What the record says of each function."""
    lines = RECORD.read_text(encoding="utf-8").splitlines()
    return dict(one.split(" ", 1) for one in lines)


if __name__ == "__main__":
    known = recorded() if "--missing" in sys.argv else {}
    asked = [name for name in entries() if name not in known]
    with ProcessPoolExecutor() as pool:
        known |= dict(one.split(" ", 1) for one in pool.map(line, asked, chunksize=8))
    lines = [f"{name} {known[name]}\n" for name in entries()]
    RECORD.write_text("".join(lines), encoding="utf-8")
