"""Options that a rule does not know are refused, and those that it knows mean what they mean."""

import dis
import inspect
import random
import zlib

import numpy as np
import pytest
import scipy.fft
import scipy.linalg
import scipy.ndimage
import scipy.signal
import scipy.spatial.distance
import scipy.stats

import tangent
from rules import second_order, signatures
from rules.draws import positive, r, regular
from tangent.rules.language import Program, registered

ENTRIES = second_order.entries()
SAMPLE, CALLS = 12, 4  # one function in so many, and so many calls of each
NAMES = [name for name in ENTRIES if zlib.crc32(name.encode()) % SAMPLE == 0]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.filterwarnings("ignore")
def test_calls_from_a_signature(name):
    every = list(signatures.calls(ENTRIES[name]))
    for case in random.Random(name).sample(every, min(CALLS, len(every))):
        said = signatures.judged(ENTRIES[name], case)
        assert said in signatures.FINE, f"{case!r}: {said}"


# what no result depends on: how much work it is, what is checked, what may be overwritten
HARMLESS = {
    "overwrite_a", "overwrite_b", "overwrite_ab", "check_finite", "lwork", "method", "maxiter",
    "full_output", "assume_unique", "epsabs", "epsrel", "h0", "hmin", "hmax", "mxstep", "Dfun",
    "col_deriv", "fprime2", "limit", "copy", "order", "optimize", "workers",
}  # fmt: skip


def test_programs_read_their_parameters():
    """An option that a program takes and does not look at is silently another one."""
    for entry in registered():
        if not isinstance(entry, Program) or entry.text is entry.function:
            continue
        code = dis.get_instructions(entry.text)
        read = {step.argval for step in code if step.opname.startswith("LOAD_")}
        if "entropy" in entry.text.__name__:
            continue  # which a mean does not change
        unread = inspect.signature(entry.text).parameters.keys() - read - HARMLESS
        assert not unread, f"{entry.text.__module__}.{entry.text.__name__}: {unread}"


A, B, H = regular(3), r(3, 2), positive(3)
FLAT = np.diag([1.0, 2.0, 0.0])
COMPLEX = A + 1j * r(3, 3)
FOUND = {
    "lengths without axes": (lambda x: np.fft.fftn(x, s=(3,)), r(2, 4)),
    "lengths and back": (lambda x: np.real(np.fft.ifftn(x, s=(3, 5))), r(2, 3, 4)),
    "conjugated and turned": (lambda a: scipy.linalg.solve_triangular(a, B, trans="C"), COMPLEX),
    "factors turned": (lambda a: scipy.linalg.lu_solve(scipy.linalg.lu_factor(a), B, 2), COMPLEX),
    "one triangle": (lambda a: scipy.linalg.solve(a, B, assume_a="upper triangular"), A),
    "another triangle": (lambda a: scipy.linalg.solve(a, B, assume_a="lower triangular"), A),
    "three bands": (lambda a: scipy.linalg.solve(a, B, assume_a="tridiagonal"), H),
    "one band": (lambda a: scipy.linalg.solve(a, B, assume_a="diagonal"), A),
    "a real diagonal": (
        lambda a: scipy.linalg.solve(a, B, assume_a="pos"),
        H + 0.3j * r(3, 3),
    ),
    "a Hermitian pseudo-inverse": (scipy.linalg.pinvh, COMPLEX),
    "what is as good as 0": (lambda a: scipy.linalg.pinv(a @ FLAT, rtol=1e-9), r(3, 3)),
    "complex weights": (
        lambda x: scipy.ndimage.convolve1d(x, np.array([1.0, 2j, 0.3 - 1j])),
        r(5),
    ),
    "complex weights in a plane": (
        lambda x: scipy.ndimage.correlate(x, np.array([[1.0, 2j], [0.3 - 1j, 0.2]])),
        r(3, 4),
    ),
    "an even number of rows": (
        lambda x: scipy.signal.correlate2d(x, np.array([[1.0, 2.0], [0.3, 0.5]]), "same", "wrap"),
        r(3, 4),
    ),
    "no whole number": (lambda p: scipy.stats.binom.pmf([1, 2.5, -1, 7], 5, p), 0.4),
    "below the first": (lambda m: scipy.stats.poisson.cdf([-1, 2, 2.5], m), 1.4),
    "beyond the last": (lambda p: scipy.stats.binom.cdf([-1, 2, 5, 7], 5, p), 0.4),
    "too few for a correction": (lambda x: scipy.stats.kurtosis(x, bias=False), r(3)),
    "all axes": (lambda x: scipy.stats.skew(x, None, bias=False), r(2, 3)),
    "a number along its first axis": (lambda x: np.cumsum(x, 0) * np.sum(x, axis=-1), r()),
    "a number that is repeated": (lambda x: np.cumprod(np.repeat(x, 3, 0)), r()),
    "whole pictures": (
        lambda p: 1.0 * scipy.ndimage.map_coordinates(np.arange(20).reshape(4, 5) ** 2, p),
        r(2, 3, low=0.6, high=2.4),
    ),
}


@pytest.mark.parametrize("name", FOUND)
@pytest.mark.filterwarnings("ignore:`axes` should not be `None`", "ignore:Precision loss")
def test_what_was_wrong(name):
    function, argument = FOUND[name]
    value = tangent.vjp(function, argument)[0]
    np.testing.assert_allclose(value, function(argument), rtol=1e-10, atol=1e-12)
    tangent.check_grads(function, (argument,), order=1)


REFUSED = {
    "fit": lambda x: np.polyfit(r(5), x[0], 1, full=True)[0],
    "columns": lambda x: scipy.linalg.qr(x, pivoting=True)[1],
    "raw": lambda x: scipy.linalg.qr(x, mode="raw")[1],
    "how many": lambda x: scipy.linalg.pinv(x, return_rank=True)[0],
    "what counts as 0": lambda x: np.linalg.pinv(x, rtol=0.5),
    "rows": scipy.linalg.toeplitz,
    "distance": lambda x: scipy.spatial.distance.pdist(x, "cosine"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_now(name):
    with pytest.raises(tangent.TangentError):
        tangent.check_grads(REFUSED[name], (r(5, 5),), order=1)
