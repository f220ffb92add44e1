"""How functions act on several seeds at once: what is called on arrays that have the axis of seeds
in front, for each argument that may have it.

Tangents are linear in the seeds, so that one argument has the axis at a time.  A function that does
not stand here is called for one seed after another.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

import numpy as np

import tangent.runtime as runtime

Row = Mapping[str, Any]  # argument -> the function of the runtime
NONE: Row = {}

# fmt: off
TABLE: tuple[tuple[tuple[Any, ...], Row], ...] = (
    ((np.sum, np.ndarray.sum),                  {"a": runtime.sum_each}),
    ((np.mean, np.ndarray.mean),                {"a": runtime.mean_each}),
    ((np.reshape, np.ndarray.reshape),          {"a": runtime.reshape_each}),
    ((np.ravel, np.ndarray.ravel),              {"a": runtime.ravel_each}),
    ((np.transpose, np.ndarray.T),              {"a": runtime.transpose_each}),
    ((np.cumsum, np.ndarray.cumsum),            {"a": runtime.cumsum_each}),
    ((np.matmul, operator.matmul),              {"a": runtime.matmul_left,
                                                 "b": runtime.matmul_right}),
    ((np.dot, np.ndarray.dot),                  {"a": runtime.dot_left, "b": runtime.dot_right}),
    ((runtime.unbroadcast,),                    {"adjoint": runtime.unbroadcast_seeds}),
    ((runtime.own,),                            {"value": runtime.own_each}),
    ((runtime.private,),                        {"adjoint": runtime.private_each}),
    ((runtime.credited,),                       {"buffer": runtime.credited_each}),
    ((runtime.fit,),                            {"adjoint": runtime.fit_seeds}),
    ((runtime.whole,),                          {"adjoint": runtime.whole_seeds}),
    ((runtime.matmul_adjoint_left,),            {"y_bar": runtime.matmul_adjoint_left_seeds}),
    ((runtime.matmul_adjoint_right,),           {"y_bar": runtime.matmul_adjoint_right_seeds}),
    ((runtime.like,),                           {"adjoint": runtime.like_seeds}),
    ((runtime.spread,),                         {"adjoint": runtime.spread_seeds}),
)
# fmt: on

SEEDED: Mapping[Any, Row] = {function: row for functions, row in TABLE for function in functions}


def seeded(function: Any) -> Row:
    """What is called in place of `function`, by the argument that has the axis of seeds."""
    return SEEDED.get(function, NONE)


def element_by_element(rule: Any) -> bool:
    """Does a function act on arrays of any dimensions, element by element?"""
    module = getattr(rule.function, "__module__", "")
    own = module == "_operator" or isinstance(rule.function, np.ufunc)
    return bool(rule.elementwise) and own
