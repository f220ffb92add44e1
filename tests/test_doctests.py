"""Every example in a docstring of the library runs, and prints what it says."""

import doctest
import importlib
import pkgutil

import pytest

import tangent
import tangent_backends

MODULES = [
    module.name
    for package in (tangent, tangent_backends)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
]


@pytest.mark.parametrize("name", ["tangent", "tangent_backends", *MODULES])
def test_examples_of_a_module(name):
    if name in ("tangent_backends.cupy", "tangent.on_cupy"):
        pytest.importorskip("cupy")
    assert doctest.testmod(importlib.import_module(name)).failed == 0
