"""`write_test`: a pytest file for a saved derivative, that does not need the library either."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gast
import numpy as np

from tangent.api import Derivative
from tangent.arguments import complete
from tangent.directions import single as single_precision
from tangent.errors import InvalidArgument
from tangent.forward import Pushforward
from tangent.syntax.printing import print_source
from tangent.syntax.quotes import double_quotes
from tangent.trees import leaves

__all__ = ["write_test"]

LARGEST = 10_000  # numbers that are written into a test


def write_test(df: Derivative, path: str | Path, args: tuple[Any, ...]) -> None:
    """Write a pytest file for the derivative `df`, and beside it the files that it tests.

    The derivative is saved as `f_grad.py`, the tangent program as `f_jvp.py`.  The tests hold them
    against each other along random directions v, at `args` and at the values that captured arrays
    have now:

    * dot product: <gradient, v> is the derivative in the direction v, to rounding;
    * Taylor: f(x + h v) - f(x) - h <gradient, v> shrinks as h^2.

    All three files need NumPy, the test pytest as well.

    Arguments: `df` is what `grad` or `value_and_grad` returns; `args` are numbers, strings, arrays,
    and containers of them, of 10000 numbers at most.  Raises `InvalidArgument` for other arguments,
    or where another file has one of the names, and what `df.save` raises.

        >>> import pathlib, tempfile, numpy as np, tangent
        >>> def energy(x):
        ...     return np.sum(x ** 3)
        >>> folder = pathlib.Path(tempfile.mkdtemp())
        >>> tangent.write_test(tangent.grad(energy), folder / "test_energy.py", (np.ones(3),))
        >>> sorted(p.name for p in folder.iterdir())
        ['energy_grad.py', 'energy_jvp.py', 'test_energy.py']

    Griewank & Walther, Evaluating Derivatives, section 3.2; Farrell et al. 2013, "Automated
    derivation of the adjoint of high-level transient finite element programs", section 5.
    """
    if not isinstance(df, Derivative):
        raise InvalidArgument(
            f"a {type(df).__name__} is no derivative",
            code="write-test",
            help="pass what `grad` or `value_and_grad` returns",
        )
    path = Path(path)
    values = complete(df.__signature__, tuple(args), {})
    push = Pushforward(df.primal, df.wrt)
    if df.leading:
        raise InvalidArgument(
            "a bound method has no file of its own", code="write-test", help="write a function"
        )
    names = df.module.functions[0], push.module.functions[0]
    text = _text(df, names, values, push)
    files = [path.with_name(f"{name}.py") for name in names]
    for file in files:
        _refuse_other(file)
    df.save(files[0])
    push.save(files[1])
    path.write_text(text, encoding="utf-8")


def _refuse_other(file: Path) -> None:
    """A file that this library has not written is not replaced."""
    if file.exists() and "written by tangent" not in file.read_text(encoding="utf-8")[:200]:
        raise InvalidArgument(
            f"the file `{file}` is there, and was not written by this library",
            code="write-test",
            help="write the test into a folder of its own",
        )


def _text(df: Derivative, names: tuple[str, str], values: tuple[Any, ...], push: Any) -> str:
    single = single_precision(values) or any(map(single_precision, _captured(df.module).values()))
    constants = {
        "ARGS": values,
        "ORDER": df.wrt,
        "MOVING": dict(zip(sorted(df.wrt), push.words, strict=True)),
        "CAPTURED": _captured(df.module),
        "CAPTURED_BY_TANGENT": _captured(push.module),
    }
    written = "".join(_constant(name, value) for name, value in constants.items())
    infinite = "\n\ninf, nan = np.inf, np.nan" if re.search(r"\b(inf|nan)\b", written) else ""
    parts = [
        _HEAD.format(gradient=names[0], tangent=names[1], infinite=infinite),
        written,
        _BODY.format(
            gradient=names[0],
            tangent=names[1],
            picked=_picked(df),
            value="value[0]" if df.has_aux else "value",
            slope="slope[0]" if df.has_aux else "slope",
            tolerance="1e-4" if single else "1e-11",
            step="0.1" if single else "0.01",
            order="1.5" if single else "1.9",
        ),
    ]
    return "\n\n\n".join(p.strip("\n") for p in parts) + "\n"


def _picked(df: Derivative) -> str:
    """The gradients as a tuple, of what the derivative returns."""
    gradient = "found[1]" if df.with_value else "found[0]" if df.has_aux else "found"
    return f"({gradient},)" if df.single else gradient


def _captured(module: Any) -> Mapping[str, Any]:
    """The values that a saved file takes as keyword-only parameters."""
    found = {s: module.namespace[s] for s, _ in (*module.captured, *module.objects)}
    return {s: v for s, v in found.items() if isinstance(v, np.ndarray) or leaves(v)}


def _constant(name: str, value: Any) -> str:
    count = sum(np.size(leaf) for leaf in leaves(value))
    if count > LARGEST:
        raise InvalidArgument(
            f"{count} numbers are too many to be written into a test",
            code="write-test",
            help="pass smaller arguments: the text of the derivative is the same",
        )
    tree = gast.parse(f"{name} = {_literal(value)}")
    return double_quotes(print_source(tree))


def _literal(value: Any) -> str:
    """The text of a value."""
    kind = type(value)
    if kind is np.ndarray and value.dtype.kind in "biufc":
        if not value.size:
            return f"np.zeros({value.shape}, {value.dtype.name!r})"
        return f"np.array({value.tolist()!r}, {value.dtype.name!r})"
    if isinstance(value, np.generic):
        return f"np.{kind.__name__}({value.item()!r})"
    if kind is dict:
        return "{" + ", ".join(f"{_literal(k)}: {_literal(v)}" for k, v in value.items()) + "}"
    if kind in (list, tuple):
        inside = ", ".join(map(_literal, value))
        if kind is list:
            return f"[{inside}]"
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if kind in (bool, int, float, complex, str, bytes, type(None)):
        return repr(value)
    raise InvalidArgument(
        f"a value of type {kind.__name__} cannot be written into a test",
        code="write-test",
        help="pass numbers, strings, arrays, and containers of them",
    )


_HEAD = '''"""Tests of {gradient}.py, written by tangent: dot products and Taylor remainders."""

from __future__ import annotations

import numpy as np
import pytest
from {gradient} import {gradient}
from {tangent} import {tangent}{infinite}'''

_BODY = '''def random_like(value, rng):
    """Normal random numbers in the structure of a value; zeros where it does not move."""
    if isinstance(value, dict):
        return {{k: random_like(v, rng) for k, v in value.items()}}
    if isinstance(value, (list, tuple)):
        return type(value)(random_like(v, rng) for v in value)
    if isinstance(value, (np.ndarray, np.generic)):
        drawn = rng.normal(size=value.shape) if value.dtype.kind in "fc" else np.zeros(value.shape)
        return np.asarray(drawn, value.dtype if value.dtype.kind in "fc" else float)[()]
    if isinstance(value, (float, complex)):
        return type(value)(rng.normal())
    return 0.0 if isinstance(value, int) else None


def moved(value, v, h):
    """`value + h v`, in the structure and dtype of the value."""
    if isinstance(value, dict):
        return {{k: moved(entry, v[k], h) for k, entry in value.items()}}
    if isinstance(value, (list, tuple)):
        return type(value)(moved(entry, d, h) for entry, d in zip(value, v, strict=True))
    if isinstance(value, (np.ndarray, np.generic)):
        return np.asarray(value + h * v, value.dtype)[()] if value.dtype.kind in "fc" else value
    return type(value)(value + h * v) if isinstance(value, (float, complex)) else value


def pairing(g, v):
    """<g, v>, and the sum of the magnitudes of its terms."""
    if isinstance(g, dict):
        pairs = [pairing(g[k], v[k]) for k in g]
    elif isinstance(g, (list, tuple)):
        pairs = [pairing(*both) for both in zip(g, v, strict=True)]
    else:
        terms = np.real(np.asarray(g) * v) if g is not None else np.zeros(())
        return float(np.sum(terms, dtype=float)), float(np.sum(np.abs(terms), dtype=float))
    return sum(p[0] for p in pairs), sum(p[1] for p in pairs)


def direction(seed):
    """Random tangents of the arguments that move."""
    rng = np.random.default_rng(seed)
    return {{i: random_like(ARGS[i], rng) for i in MOVING}}


def value_and_slope(args, v):
    """The value, and the derivative in the direction v."""
    words = {{word: v[i] for i, word in MOVING.items()}}
    value, slope = {tangent}(*args, **words, **CAPTURED_BY_TANGENT)
    return float({value}), float({slope})


def gradient_along(v):
    """<gradient, v>, and the sum of the magnitudes of its terms."""
    found = {gradient}(*ARGS, **CAPTURED)
    pairs = [pairing(g, v[i]) for i, g in zip(ORDER, {picked}, strict=True)]
    return sum(p[0] for p in pairs), sum(p[1] for p in pairs)


@pytest.mark.parametrize("seed", range(3))
def test_dot_product(seed):
    v = direction(seed)
    (have, scale), (_, want) = gradient_along(v), value_and_slope(ARGS, v)
    assert abs(have - want) <= {tolerance} * (scale + abs(want))


@pytest.mark.parametrize("seed", range(3))
def test_taylor(seed):
    v = direction(seed)
    value, (slope, scale) = value_and_slope(ARGS, v)[0], gradient_along(v)
    steps = {step} * 0.5 ** np.arange(4)
    remainders = []
    for h in steps:
        there = tuple(moved(a, v[i], h) if i in v else a for i, a in enumerate(ARGS))
        remainders.append(abs(value_and_slope(there, v)[0] - value - h * slope))
    rounding = {tolerance} * (scale + abs(value))
    orders = np.log2(np.array(remainders[:-1]) / np.maximum(remainders[1:], 1e-300))
    assert max(remainders) <= rounding or np.median(orders) > {order}'''
