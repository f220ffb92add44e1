"""Fourier transforms: symmetric matrices, so each is its own transpose."""

import numpy as np

from tangent.rules.language import LIKE_FIRST, linear
from tangent.runtime import irfft_adjoint, resize_like, rfft_adjoint

# fmt: off
linear(np.fft.fft,
       transpose=lambda y_bar, a, n=None, axis=-1, norm=None:
           resize_like(np.fft.fft(y_bar, None, axis, norm), a))
linear(np.fft.ifft,
       transpose=lambda y_bar, a, n=None, axis=-1, norm=None:
           resize_like(np.fft.ifft(y_bar, None, axis, norm), a))
linear(np.fft.fft2,
       transpose=lambda y_bar, a, s=None, axes=(-2, -1), norm=None:
           resize_like(np.fft.fft2(y_bar, None, axes, norm), a))
linear(np.fft.ifft2,
       transpose=lambda y_bar, a, s=None, axes=(-2, -1), norm=None:
           resize_like(np.fft.ifft2(y_bar, None, axes, norm), a))
linear(np.fft.fftn,
       transpose=lambda y_bar, a, s=None, axes=None, norm=None:
           resize_like(np.fft.fftn(y_bar, None, axes, norm), a))
linear(np.fft.ifftn,
       transpose=lambda y_bar, a, s=None, axes=None, norm=None:
           resize_like(np.fft.ifftn(y_bar, None, axes, norm), a))
linear(np.fft.rfft,
       transpose=lambda y_bar, a, n=None, axis=-1, norm=None: rfft_adjoint(y_bar, a, n, axis, norm))
linear(np.fft.irfft,
       transpose=lambda y_bar, a, n=None, axis=-1, norm=None:
           irfft_adjoint(y_bar, a, n, axis, norm))
linear(np.fft.fftshift,
       transpose=lambda y_bar, x, axes=None: np.fft.ifftshift(y_bar, axes),
       shape=LIKE_FIRST)
linear(np.fft.ifftshift,
       transpose=lambda y_bar, x, axes=None: np.fft.fftshift(y_bar, axes),
       shape=LIKE_FIRST)
