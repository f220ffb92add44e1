"""`scipy.signal`: convolution, correlation, and filters."""

import numpy as np
from scipy import ndimage, signal

from tangent.rules.language import constant, defjvp, defprogram, defvjp
from tangent.runtime import lagged_products
from tangent.runtime.refusals import Refusal

# ------------------------------------------------------------------------------ along all axes


@defprogram(signal.convolve)
def convolve(in1, in2, mode="full", method="auto"):
    """The shorter results are cut from the middle of the full one."""
    if np.ndim(in1) == 1:
        return middle(np.convolve(in1, in2), in1, in2, mode)
    return signal.fftconvolve(in1, in2, mode)


@defprogram(signal.fftconvolve, signal.oaconvolve)
def fftconvolve(in1, in2, mode="full", axes=None):
    """The product of the spectra of arrays that are filled up with zeros."""
    axes = axes_of(in1, axes)
    shape = lengths(in1, in2, axes)
    part = window(shape_of(in1, shape, axes), np.shape(in1), np.shape(in2), mode, axes)
    if np.iscomplexobj(in1) or np.iscomplexobj(in2):
        both = np.multiply(np.fft.fftn(in1, shape, axes), np.fft.fftn(in2, shape, axes))
        return np.fft.ifftn(both, shape, axes)[part]
    spectrum = np.multiply(np.fft.rfftn(in1, shape, axes), np.fft.rfftn(in2, shape, axes))
    return np.fft.irfftn(spectrum, shape, axes)[part]


@defprogram(signal.correlate)
def correlate(in1, in2, mode="full", method="auto"):
    turned = np.conj(np.flip(in2))
    if np.ndim(in1) == 1:
        return middle(np.convolve(in1, turned), in1, turned, mode)
    return signal.fftconvolve(in1, turned, mode)


def middle(full, in1, in2, mode):
    return full[window(np.shape(full), np.shape(in1), np.shape(in2), mode, (0,))]


def axes_of(x, axes):
    """The axes along which is convolved, as numbers from 0 on."""
    n = np.ndim(x)
    if axes is None:
        return tuple(range(n))
    return tuple(int(a) % n for a in np.atleast_1d(axes))


def lengths(in1, in2, axes):
    return tuple(np.shape(in1)[a] + np.shape(in2)[a] - 1 for a in axes)


def shape_of(x, lengths_there, axes):
    """The shape of a full convolution."""
    shape = list(np.shape(x))
    for a, length in zip(axes, lengths_there, strict=True):
        shape[a] = length
    return tuple(shape)


def window(full, one, other, mode, axes):
    """The part of a full convolution that a mode gives."""
    if mode == "full":
        return ...
    parts = [slice(None)] * len(full)
    for a in axes:
        length = one[a] if mode == "same" else abs(one[a] - other[a]) + 1
        start = (full[a] - length) // 2
        parts[a] = slice(start, start + length)
    return tuple(parts)


constant(axes_of, lengths, shape_of, window)

# ------------------------------------------------------------------------------ of pictures


@defprogram(signal.convolve2d)
def convolve2d(in1, in2, mode="full", boundary="fill", fillvalue=0):
    rows, columns = np.shape(in2)[0] - 1, np.shape(in2)[1] - 1
    if (boundary == "fill" and fillvalue == 0) or mode == "valid":
        return signal.fftconvolve(in1, in2, mode)
    around = ((rows, rows), (columns, columns))
    if boundary == "fill":
        wide = np.pad(in1, around, "constant", constant_values=fillvalue)
    elif boundary == "wrap":
        wide = np.pad(in1, around, "wrap")
    else:
        wide = np.pad(in1, around, "symmetric")
    full = signal.fftconvolve(wide, in2, "valid")
    return full[window(np.shape(full), np.shape(in1), np.shape(in2), mode, (0, 1))]


@defprogram(signal.correlate2d)
def correlate2d(in1, in2, mode="full", boundary="fill", fillvalue=0):
    turned = np.conj(np.flip(in2))
    if mode != "same":
        return signal.convolve2d(in1, turned, mode, boundary, fillvalue)
    rows, columns = np.shape(in2)[0] // 2, np.shape(in2)[1] // 2
    full = signal.convolve2d(in1, turned, "full", boundary, fillvalue)
    return full[rows : rows + np.shape(in1)[0], columns : columns + np.shape(in1)[1]]


# ------------------------------------------------------------------------------ filters
# sum_k a[k] y[n - k] = sum_k b[k] x[n - k]; backward, the same filter runs from the end.


@defvjp(signal.lfilter)
def lfilter(y_bar, y, b, a, x, axis=-1):
    back = np.flip(
        signal.lfilter(np.ones(1, np.result_type(y)), a, np.flip(y_bar, axis), axis), axis
    )
    x_bar = np.flip(signal.lfilter(b, a, np.flip(y_bar, axis), axis), axis)
    return lagged_products(back, x, b, axis), -lagged_products(back, y, a, axis), x_bar


@defjvp(signal.lfilter)
def lfilter_tangent(b_dot, a_dot, x_dot, y, b, a, x, axis=-1):
    moved = signal.lfilter(b, a, x_dot, axis) + signal.lfilter(b_dot, a, x, axis)
    return moved - signal.lfilter(a_dot, a, y, axis)


@defprogram(signal.sosfilt)
def sosfilt(sos, x, axis=-1):
    """One section after the other."""
    for k in range(len(sos)):
        x = signal.lfilter(sos[k, :3], sos[k, 3:], x, axis)
    return x


@defprogram(signal.filtfilt)
def filtfilt(b, a, x, axis=-1, padtype="odd", padlen=None):
    """Forward and backward, from the state that a constant signal would have left."""
    rows = np.moveaxis(x, axis, -1)
    length = around(b, a, padtype, padlen)
    wide = extended(rows, padtype, length)
    state = signal.lfilter_zi(np.atleast_1d(b), np.atleast_1d(a))
    once = settled(b, a, state, wide)[..., ::-1]
    twice = settled(b, a, state, once)[..., ::-1]
    return np.moveaxis(twice[..., length : length + np.shape(rows)[-1]], -1, axis)


@defprogram(signal.lfilter_zi)
def lfilter_zi(b, a):
    """The state that a signal of ones leaves as it is."""
    n = max(np.size(a), np.size(b))
    p = np.pad(a, (0, n - np.size(a))) / a[0]
    q = np.pad(b, (0, n - np.size(b))) / a[0]
    steps = q[1:] - p[1:] * q[0]
    first = np.sum(steps) / np.sum(p)
    return np.cumsum(p)[:-1] * first - np.concatenate((np.zeros(1, p.dtype), np.cumsum(steps)))[:-1]


@defprogram(signal.sosfiltfilt)
def sosfiltfilt(sos, x, axis=-1, padtype="odd", padlen=None):
    """As `filtfilt`, one section after the other."""
    rows = np.moveaxis(x, axis, -1)
    length = around_sections(sos, padtype, padlen)
    once = sections_settled(sos, extended(rows, padtype, length))[..., ::-1]
    twice = sections_settled(sos, once)[..., ::-1]
    return np.moveaxis(twice[..., length : length + np.shape(rows)[-1]], -1, axis)


def sections_settled(sos, rows):
    """Each section starts as a constant signal that came through those before it leaves it."""
    level = rows[..., :1]
    for k in range(len(sos)):
        b, a = sos[k, :3], sos[k, 3:]
        rows = started(b, a, level * signal.lfilter_zi(b, a), rows)
        level = level * (np.sum(b) / np.sum(a))
    return rows


def settled(b, a, state, rows):
    """A filter whose state at the start is `state` times the first element."""
    return started(b, a, rows[..., :1] * state, rows)


def started(b, a, state, rows):
    """A filter with a state at the start, which comes out as a signal that the poles filter."""
    start = np.pad(state, [(0, 0)] * (np.ndim(rows) - 1) + rest(rows, state))
    return signal.lfilter(b, a, rows) + signal.lfilter(np.ravel(a)[:1], a, start)


def rest(rows, state):
    return [(0, np.shape(rows)[-1] - np.shape(state)[-1])]


def extended(rows, kind, length):
    """Rows with `length` further elements at both ends."""
    if kind is None or length == 0:
        return rows
    first, last = rows[..., length:0:-1], rows[..., -2 : -(length + 2) : -1]
    if kind == "odd":
        first, last = 2 * rows[..., :1] - first, 2 * rows[..., -1:] - last
    elif kind == "constant":
        first, last = first * 0 + rows[..., :1], last * 0 + rows[..., -1:]
    return np.concatenate((first, rows, last), axis=-1)


def around(b, a, kind, length):
    if kind is None:
        return 0
    return 3 * max(np.size(a), np.size(b)) if length is None else length


def around_sections(sos, kind, length):
    if kind is None:
        return 0
    taps = 2 * len(sos) + 1 - min(np.sum(sos[:, 2] == 0), np.sum(sos[:, 5] == 0))
    return int(3 * taps) if length is None else length


constant(rest, around, around_sections)


@defprogram(signal.savgol_filter)
def savgol_filter(
    x, window_length, polyorder, deriv=0, delta=1.0, axis=-1, mode="interp", cval=0.0
):
    """The values of polynomials that fit the elements around; near the ends, of the last one.
    SciPy drops imaginary parts.
    """
    rows, fit = np.moveaxis(np.real(x), axis, -1), fitted(window_length, polyorder, deriv)
    half, n = window_length // 2, np.shape(rows)[-1]
    if mode != "interp":
        smooth = ndimage.correlate1d(rows, fit[half], mode=mode, cval=cval)
    else:
        middle = 0.0
        for k in range(window_length):
            middle = middle + fit[half, k] * rows[..., k : k + n - window_length + 1]
        start = rows[..., :window_length] @ fit[:half].T
        end = rows[..., n - window_length :] @ fit[window_length - half :].T
        smooth = np.concatenate((start, middle, end), axis=-1)
    return np.moveaxis(np.asarray(smooth / delta**deriv, np.result_type(rows)), -1, axis)


def fitted(length, order, deriv):
    """The matrix that takes `length` elements to the values of the polynomial that fits them."""
    if length % 2 == 0:
        what = "`savgol_filter` with an even number of elements"
        raise Refusal(what, "window", "choose an odd one")
    places = np.arange(length)
    values = [
        np.polyval(np.polyder(np.polyfit(places, one, order), deriv), places)
        for one in np.eye(length)
    ]
    return np.array(values).T


constant(fitted)


@defprogram(signal.detrend)
def detrend(data, axis=-1, type="linear"):
    if type == "constant":
        return data - np.mean(data, axis, keepdims=True)
    n = np.shape(data)[axis]
    line = np.asarray(np.linspace(-1.0, 1.0, n), np.result_type(data))
    rows = np.moveaxis(data, axis, -1)
    slope = rows @ line / np.sum(line * line)
    flat = rows - np.mean(rows, -1, keepdims=True) - np.expand_dims(slope, -1) * line
    return np.moveaxis(flat, -1, axis)


@defprogram(signal.hilbert)
def hilbert(x, N=None, axis=-1):
    n = np.shape(x)[axis] if N is None else N
    spectrum = np.moveaxis(np.fft.fft(x, n, axis), axis, -1)
    weights = np.asarray(half(n), np.result_type(x))
    return np.moveaxis(np.fft.ifft(spectrum * weights), -1, axis)


def half(n):
    """The positive frequencies twice, the negative ones not at all."""
    weights = np.zeros(n)
    weights[0] = 1
    weights[1 : (n + 1) // 2] = 2
    if n % 2 == 0:
        weights[n // 2] = 1
    return weights


constant(half)
