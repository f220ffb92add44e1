"""The array libraries for which text is written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Home:
    """The array library that the text runs on: what stands in the place of `import numpy as np`,
    and the module of the helpers.
    """

    module: str = "numpy"
    alias: str = "np"
    helpers: str = "tangent.runtime"


NUMPY = Home()
HOMES = {"numpy": NUMPY, "cupy": Home("cupy", "cp", "tangent.on_cupy")}
