"""Filters in sections, whose first coefficients are ones."""

import numpy as np
import pytest
from scipy import signal

import tangent

SECTIONS = np.array([[0.5, 0.2, 0.1, 1.0, -0.3, 0.1], [1.0, 0.4, 0.0, 1.0, 0.2, 0.0]])


@pytest.mark.parametrize("axis", [0, -1])
def test_sections(axis):
    x = np.random.default_rng(0).normal(size=(5, 6))

    def filtered(x):
        return signal.sosfilt(SECTIONS, x, axis)

    np.testing.assert_allclose(tangent.vjp(filtered, x)[0], filtered(x))
    tangent.check_grads(filtered, (x,))


def test_coefficients_that_depend_on_the_input():
    x = np.random.default_rng(0).normal(size=7)

    def filtered(u):
        numerators = SECTIONS[:, :3] * u
        return signal.sosfilt(np.concatenate((numerators, SECTIONS[:, 3:]), axis=1), x)

    tangent.check_grads(filtered, (np.array([0.7, 1.2, 0.4]),))


@pytest.mark.parametrize("padding", [("odd", None), ("even", 3), (None, None)])
def test_sections_there_and_back(padding):
    x = np.random.default_rng(0).normal(size=(2, 17))

    def filtered(x, gain):
        sections = np.concatenate((SECTIONS[:, :3] * gain, SECTIONS[:, 3:]), axis=1)
        return signal.sosfiltfilt(sections, x, -1, *padding)

    np.testing.assert_allclose(tangent.vjp(filtered, x, 0.7)[0], filtered(x, 0.7), atol=1e-12)
    tangent.check_grads(filtered, (x, 0.7), order=1)
