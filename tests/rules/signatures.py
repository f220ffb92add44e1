"""Calls of every function that has a derivative, made from its signature.

    python tests/rules/signatures.py [NAME ...] [--share=PART/PARTS]

To the tested calls of a function one option is added at a time, whatever the function itself takes,
also what its rule does not know; and its arrays are made complex, empty, a view with steps.  What
is asked of each call: the value is that of the function, and both modes agree with differences, or
it is refused, or ends in an error.  A sample is in the suite (`test_signatures.py`).
"""

import inspect
import sys
import warnings
from collections import Counter
from pathlib import Path

import numpy as np

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

import checks
import tangent
from rules import second_order
from rules.draws import Case
from rules.test_given_programs import called


class Text(str):
    """A value that a call writes as it stands."""

    def __repr__(self):
        return str(self)


AXES = (0, 1, -1, -2, None, (0, 1), (-1,), (0, -1), ())
MODES = (
    "full", "same", "valid", "reflect", "constant", "nearest", "mirror", "wrap", "grid-wrap",
    "grid-constant", "grid-mirror", "raise", "clip", "edge", "symmetric", "linear_ramp", "maximum",
    "mean", "median", "minimum", "reduced", "complete", "r", "raw", "economic", "interp",
)  # fmt: skip
METHODS = (  # those of quantiles that have kinks where the tables look are left out
    "linear", "lower", "higher", "midpoint", "median_unbiased", "normal_unbiased", "direct", "fft",
    "auto", "gust", "pad", "bilinear",
)  # fmt: skip
KINDS = (
    "sym", "pos", "her", "gen", "diagonal", "upper triangular", "lower triangular", "tridiagonal",
    "banded", "general", "symmetric", "positive definite",
)  # fmt: skip
DTYPES = (Text("np.float32"), Text("np.float64"), Text("np.complex128"), Text("np.complex64"))
TRUE, FALSE = (True,), (False,)
VALUES = {
    "axis": AXES, "axes": ((0,), (0, 1), (-1, -2), (1, 0), None, 1), "mode": MODES,
    "keepdims": TRUE, "dtype": DTYPES, "initial": (0.5, 2, None), "ddof": (1, 0.5),
    "correction": (1,), "norm": ("ortho", "forward", "backward"), "n": (0, 1, 2, 4, 7),
    "s": ((3, 5), (2,), (2, 2)), "N": (3, 7, None), "M": (3,), "num": (1, 2, 5), "endpoint": FALSE,
    "order": (0, 1, 2, 3, 4, 5, "C", "F", "A", "K"),
    "ord": (None, 1, 2, -1, -2, 0, 3, 0.5, Text("np.inf"), Text("-np.inf"), "fro", "nuc"),
    "p": (1, 2, -2, -1, Text("np.inf"), Text("-np.inf"), "fro", "nuc"),
    "method": METHODS, "trans": (0, 1, 2, "N", "T", "C"), "lower": (True, False), "UPLO": "UL",
    "upper": TRUE, "full_matrices": FALSE, "compute_uv": FALSE, "hermitian": TRUE,
    "k": (1, -1, 2), "offset": (1, -1), "axis1": (1, -1), "axis2": (0, -1), "side": ("left",),
    "assume_a": KINDS, "transposed": TRUE, "unit_diagonal": TRUE, "check_finite": FALSE,
    "include_initial": TRUE, "prepend": (0.5,), "append": (0.5,), "bias": TRUE, "rowvar": FALSE,
    "type": (1, 2, 3, 4, "linear", "constant"), "cval": (0.7,), "origin": (1, -1, (0, 1)),
    "truncate": (2.0,), "radius": (1, 2), "output": DTYPES[:1], "bins": (2, 5, "auto"),
    "range": ((0.0, 1.0),), "density": TRUE, "padtype": ("even", "odd", "constant", None),
    "padlen": (0, 1, 2), "deriv": (1, 2), "delta": (0.5,), "increasing": TRUE,
    "assume_unique": TRUE, "return_index": TRUE, "return_inverse": TRUE, "return_counts": TRUE,
    "return_indices": TRUE, "sorted": FALSE, "equal_nan": FALSE, "period": (4.0,), "left": (0.3,),
    "right": (0.3,), "discont": (1.0, 4.0), "nan": (0.5,), "posinf": (0.5,), "copy": (True, False),
    "optimize": (True, "greedy"), "trim": ("f", "b"), "edge_order": (2,), "returned": TRUE,
    "return_sign": TRUE, "orthogonalize": (True, False), "overwrite_x": TRUE, "overwrite_a": TRUE,
    "overwrite_b": TRUE, "workers": (1,), "indexing": ("ij",), "sparse": TRUE, "stable": TRUE,
    "kind": ("stable", "heapsort"), "stat_length": (1, (1, 2)), "reflect_type": ("odd",),
    "constant_values": (0.5,), "end_values": (0.5,), "prefix": (), "retstep": TRUE,
    "base": (2.0,), "ndmin": (0, 3), "deg": TRUE, "full": TRUE, "cov": TRUE, "rcond": (0.1, None),
    "rtol": (0.1, None), "atol": (0.1,), "cond": (0.1,), "metric": ("cityblock", "sqeuclidean",
    "chebyshev", "cosine", "correlation", "minkowski", "canberra", "braycurtis", "seuclidean"),
    "dx": (0.5,), "to_end": (0.5,), "to_begin": (0.5,), "minlength": (9,), "decimals": (1,),
    "shape": ((2, 2),), "weights": (), "fillvalue": (0.7,), "boundary": ("wrap", "symm", "fill"),
    "symmetrize": (), "pivoting": TRUE, "permute_l": TRUE, "p_indices": TRUE, "loc": (0.2, -0.1),
    "scale": (1.5,), "extrapolate": (True, False), "sym": (), "ndim": (), "casting": ("unsafe",),
    "subok": FALSE, "device": ("cpu",), "max_iter": (), "start": (1,), "spacing": (),
    "a_min": (), "a_max": (), "descending": (), "out": (None,), "eigvals_only": TRUE,
    "subset_by_index": ((0, 1),), "driver": (), "left_inv": (), "homogeneous_coords": (),
    "zi": (), "lapack_driver": (), "return_rank": TRUE, "disp": FALSE, "batch": (), "fweights": (),
    "mean": (), "interpolation": ("lower",), "alpha": (), "size": (2,), "footprint": (),
    "prefilter": FALSE, "grid_mode": TRUE, "structure": (), "rank": (1,), "alternative": (),
    "nan_policy": ("omit", "propagate"), "b": (), "correct": (),
}  # fmt: skip
FINE = ("right", "refused", "raised", "no case")
PHASES = ("eigh", "svd", "eig", "pinv", "pinvh")  # of a complex matrix: undetermined, or Hermitian
LAW = {"loc": (0.2,), "scale": (1.5,)}


def parameters(function):
    """The options that a function takes: of its own signature, or those of every ufunc."""
    if isinstance(function, np.ufunc):
        return ("where", "dtype", "out", "casting")
    if isinstance(getattr(function, "__self__", None), np.ufunc):
        return ("axis", "keepdims", "dtype", "initial", "where", "out")
    owner = type(getattr(function, "__self__", None)).__module__
    if owner.startswith("scipy.stats."):
        return tuple(LAW)
    try:
        found = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return ("axis", "keepdims", "dtype", "out")
    return tuple(found)


def values(name, case):
    if name == "where":
        masks = [np.arange(a.size).reshape(a.shape) % 2 == 0 for a in arrays(case)[:1]]
        return [Text(f"np.array({m.tolist()})") for m in masks]
    return VALUES.get(name, ())


def arrays(case):
    return [a for a in case.args if isinstance(a, np.ndarray) and a.dtype.kind == "f"]


def with_options(entry, case):
    """The case with each option added that it does not have."""
    for name in parameters(entry.function):
        for value in values(name, case) if name not in case.options else ():
            yield Case(*case.args, **case.options, **{name: value})


def turned(case, change):
    """The case with every array of floats changed, or None."""
    if not arrays(case):
        return None
    floats = [isinstance(a, np.ndarray) and a.dtype.kind == "f" for a in case.args]
    args = [change(a) if f else a for a, f in zip(case.args, floats, strict=True)]
    return Case(*args, **case.options)


CHANGES = {
    "complex": lambda a: a + 0.3j * np.roll(a, 1),
    "empty": lambda a: a[:0] if np.ndim(a) else a,
    "steps": lambda a: np.repeat(a, 2, -1)[..., ::2] if np.ndim(a) else a,
    "backwards": lambda a: np.flip(a).copy()[tuple([slice(None, None, -1)] * np.ndim(a))],
    "number": lambda a: np.asarray(a.flat[0]) if a.size else a,
    "stacked": lambda a: np.stack([a, a * 1.3]),
    "columns": np.asfortranarray,
}


def calls(entry):
    """All cases that the tested ones of a function give."""
    for case in second_order.cases(entry):
        yield from with_options(entry, case)
        for word, change in CHANGES.items():
            if word != "complex" or entry.function.__name__ not in PHASES:
                yield from filter(None, [turned(case, change)])


def judged(entry, case):
    """What came out for one call: `right`, `refused`, `raised`, `no case`, or what is wrong."""
    try:
        function, args = called(entry, case)
        plain = function(*kept(args))
        again = function(*kept(args))
    except Exception:
        return "no case"
    if not args or not differentiable(plain) or not same(plain, again):
        return "no case"
    try:
        value = tangent.vjp(function, *args)[0]
    except tangent.TangentError:
        return "refused"
    except Exception:
        return "raised"
    if not same(plain, value):
        return f"value {value} for {plain}"
    try:
        tangent.check_grads(function, args, order=1, rtol=1e-5, atol=1e-7)
    except AssertionError as said:
        return str(said)
    except tangent.TangentError:
        return "refused"
    except Exception:
        return "raised"
    return "right"


def kept(args):
    """Copies that stand in memory as these do."""
    return [a.copy("K") if isinstance(a, np.ndarray) else checks.copied(a) for a in args]


def differentiable(value):
    found = [leaf for _, leaf in checks.leaves(value)]
    return all(type(x) is not str and np.asarray(x).dtype.kind in "fciub" for x in found) and any(
        np.asarray(x).dtype.kind in "fc" and np.all(np.isfinite(x)) for x in found
    )


def same(one, other):
    pairs = list(checks.leaves(one)), list(checks.leaves(other))
    return len(pairs[0]) == len(pairs[1]) and all(
        np.shape(a) == np.shape(b)
        and np.asarray(a).dtype == np.asarray(b).dtype
        and np.allclose(a, b, rtol=1e-5, atol=1e-7, equal_nan=True)
        for (_, a), (_, b) in zip(*pairs, strict=True)
    )


def main(names, part, parts):
    found = Counter()
    entries = second_order.entries()
    chosen = [n for n in entries if not names or any(w in n for w in names)][part::parts]
    for name in chosen:
        for case in calls(entries[name]):
            said = judged(entries[name], case)
            found[said if said in FINE else "wrong"] += 1
            if said not in FINE:
                print(f"{name}({case!r}): {said[:300]}", flush=True)
    print(dict(found))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    words = [w for w in sys.argv[1:] if not w.startswith("--")]
    share = next((w for w in sys.argv if w.startswith("--share=")), "--share=0/1")[8:]
    main(words, *map(int, share.split("/")))
