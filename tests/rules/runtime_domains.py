"""One domain for each rule of the runtime's functions: see `rules.domains`."""

import numpy as np

import tangent.runtime as runtime
from rules.domains import (
    CONVOLVED,
    DOT_PAIRS,
    EINSUM,
    INDICES,
    INNER_PAIRS,
    KRON_PAIRS,
    MASK,
    MATRIX_PAIRS,
    OUTER_PAIRS,
    PARTS,
    TENSORDOT,
)
from rules.draws import C, r, regular, restart

restart(3)

# fmt: off
CASES = {
    "unbroadcast": [
        C(r(2, 3), r(3)), C(r(2, 3), r(2, 1)), C(r(3), 0.5), C(0.5, r(3)), C(r(3), r(2, 3)),
        C(r(4, 1), r(1, 4)),
    ],
    "unbroadcast_to": [C(r(2, 3), (3,)), C(r(2, 3), ()), C(r(3), (2, 3))],
    "cast": [C(r(3), np.dtype(float))],
    "callee_of": [C([r(3), 0.5])],
    "fit": [C(r(2, 3), r(3)), C(r(3), 0.5), C(r(3), r(2, 3)), C([0.5, r(2)], [1.5, r(2)])],
    "spread": [
        C(0.5, r(3)), C(r(2), r(2, 3), 1), C(r(2, 1), r(2, 3), -1, True), C(r(4, 3), r(2, 3), 0),
        C(0.5, [1.0, 2.0]), C(0.5, 2.0),
    ],
    "collect": [C(r(3), 0.5), C(r(2, 3), r(2), 1), C(r(2, 3), r(4, 3), 0)],
    "expand_reduced": [
        C(r(2), r(2, 3), 1), C(0.5, r(2, 3)), C(r(1, 3), r(2, 3), 0, True), C(r(4, 2), r(2, 3), 1),
    ],
    "spread_items": [C(0.5, [1.0, 2.0]), C(r(3), r(2, 3)), C(r(3), [r(3), 2.0])],
    "collect_items": [C([0.5, 1.5], 1.0), C([r(3), r(3)], r(3)), C(r(2, 3), r(3))],
    "unpack_like": [
        C(r(3), r(3), int), C(r(2), [0.5, 0.7], np.float64), C(r(2, 3), [r(3), r(3)]),
        C(r(2), [0.5, 1.5]), C(r(3), r(3)),
    ],
    "pack_array_like": [C(r(2), r(2), int), C([0.5, 1.5], r(2)), C([r(3), r(3)], r(2, 3))],
    "like": [
        C({"b": r(3), "a": 0.5}, {"a": 1.5, "b": r(3)}), C([r(3), 0.5], (r(3), 0.5)), C(r(3), r(3)),
        C(0.5, r(2)), C(r(3), r(3), True),
    ],
    "unlike": [C({"a": 0.5, "b": r(3)}, {"b": r(3)}), C([0.5], [0.5]), C(r(3), 0.5)],
    "seed": [C(0.5, 1.5)],
    "whole": [C({"a": 0.5}, {"a": 1.5, "b": r(2)}), C(r(3), r(3)), C([0.5, r(2)], [1.5, r(2)])],
    "runtime.add": [
        C({"a": 0.5}, {"b": r(2), "a": 1.5}), C([0.5, r(2)], (0.5, r(2))), C(r(2), r(2)),
    ],
    "pack_like": [C([0.5, 1.5], r(2)), C([r(2), 0.5], [r(2), 1.5])], "own": [C(r(2)), C(0.5)],
    "inexact": [C(r(3)), C(0.5)],
    "unshared": [C(0.5, "x")], "private": [C(r(2)), C([r(2), 0.5])],
    "replayable": [C([0.5, 1.5]), C(r(2, 2))], "sequence": [C([0.5, 1.5]), C(r(2, 2))],
    "located": [C(r(2, 3), r(3), r(2, 1))], "between": [C(r(3), 0.5, r(3, low=1.0))],
    "scaled": [C(r(3), r(2, 1))], "log_located": [C(r(3), r(3), r(2, 1, low=0.5))],
    "rooted": [C(r(3, low=0.3), r(2, 1, low=0.5))], "grown": [C(r(3, low=0.3), r(3, low=0.5))],
    "reshape_like": [C(r(6), r(2, 3)), C(r(6), r(2, 3), "F"), C(r(2), [0.5, 1.5])],
    "reshape_by": [C(r(2, 3), r(6), r(3, 2).T, "K"), C(r(2, 3), r(3, 2), r(3, 2).T, "A")],
    "transpose_back": [C(r(2, 3)), C(r(2, 3, 4), (2, 0, 1))],
    "transpose_by": [C(r(2, 3)), C(r(2, 3, 4), (2, 0, 1))], "on_matrices": [C(r(3)), C(0.5)],
    "split_like": [
        C(r(3, 3), PARTS), C(r(3, 3), PARTS, 0, 2), C(r(3, 3), [r(2, 3), r(3)], 0, 2),
        C(r(5), [r(2), r(3)], None),
    ],
    "split_rows_like": [C(r(5), [r(2), r(3)]), C(r(2, 3), [r(2, 2), r(2, 1)])],
    "join_parts": [
        C(PARTS, r(3, 3)), C([r(2), r(3)], r(5), None), C([r(2), r(2)], r(2, 2), 1),
    ],
    "unstack_like": [C(r(2, 3), [r(3), r(3)]), C(r(3, 2), [r(3), r(3)], 1)],
    "join_like": [C([r(2), r(1)], r(3))],
    "repeat_adjoint": [C(r(6), r(3), 2), C(r(4, 3), r(2, 3), 2, 0)],
    "windows_adjoint": [C(r(4, 2), r(5), 2), C(r(2, 4, 3), r(4, 4), 3, 0)],
    "tile_adjoint": [C(r(2, 6), r(3), (2, 2))],
    "diff_adjoint": [C(r(4), r(5)), C(r(1, 2), r(3, 2), 2, 0)],
    "put_back": [C(r(3), r(4), np.array([0, 2, 2])), C(r(3, 2, 2), r(3, 4), INDICES, 1)],
    "put_back_along": [C(r(2, 3), r(2, 3), np.array([[0, 2, 2], [1, 1, 0]]))],
    "apart": [C((r(2), 0.5)), C([r(2), 0.5])],
    "credited": [C(r(4), [0, 2, 2]), C(r(3, 2), slice(1, 3)), C(r(2), 1), C([0.5, r(2)], 1)],
    "credited_back": [
        C(r(3), r(4), [0, 2, 2]), C(r(2, 2), r(3, 2), slice(1, 3)), C(r(2), [0.5, r(2)], 1),
    ],
    "masked_value": [C(r(2, 3), r(2, 3)), C(0.5, r(2, 3))],
    "picked": [C(r(3), np.array([True, False, True]), r(2, 3)), C(0.5, True, r(2))],
    "picked_back": [C(r(4), r(3), np.array([True, False, True]), r(2, 3))],
    "unsort": [C(r(5), r(5)), C(r(2, 3), r(2, 3), 0)],
    "diagonal_back": [C(r(2), r(2, 3), 1), C(r(2, 3), r(2, 3, 4), 0, 1, 2)],
    "trace_adjoint": [C(0.5, r(2, 3), 1), C(r(2), r(2, 3, 4), 0, 1, 2)],
    "diag_back": [C(r(3, 3), r(3)), C(r(2), r(2, 3), 1)],
    "cumsum_adjoint": [C(r(3), r(3)), C(r(2, 3), r(2, 3), 0), C(r(6), r(2, 3))],
    "deviation": [
        C(r(4)), C(r(2, 3), 0), C(r(2, 3), 1, where=MASK), C(r(2, 3), 1, MASK, mean=r(2, 1)),
    ],
    "extreme_adjoint": [
        C(0.5, r(4).max(), r(4)),
        C(r(2), np.ones(2), np.array([[0.0, 1.0, 1.0], [1.0, 0.5, 0.2]]), 1),
    ],
    "resize_like": [C(r(5), r(3)), C(r(3), r(5)), C(r(2, 3), r(2, 3))],
    "rfft_adjoint": [C(r(3), r(5)), C(r(3), r(6), 4)],
    "irfft_adjoint": [C(r(5), r(3), 5), C(r(6), r(4))], "lower_half": [C(r(3, 3))],
    "triangle_adjoint": [C(r(3, 3)), C(r(2, 3, 3), True)],
    "of_its_rank": [C(r(2, 3), np.zeros((3, 2), int))],
    "triangle_sum": [C(r(3, 3)), C(r(3, 3), True)], "gaps": [C(r(4)), C(r(2, 3))],
    "product_of_others": [
        C(r(4)), C(r(2, 3), 0), C(np.array([1.5, 0.0, 0.0, 2.0])), C(r(2, 3)),
    ],
    "cofactors": [C(regular(3)), C(regular(2, 3))],
    "solve_adjoint_side": [
        C(r(3), regular(3), r(3)), C(r(3, 2), regular(3), r(3, 2)), C(r(3, 2), regular(2, 3), r(2)),
        C(r(3, 2, 2), regular(2), r(3, 2, 2)),
    ],
    "solve_adjoint_matrix": [
        C(r(3), r(3), regular(3), r(3)), C(r(3, 2), r(3, 2), regular(3), r(3, 2)),
        C(r(3, 2), r(3, 2), regular(2, 3), r(2)), C(r(3, 2, 2), r(3, 2, 2), regular(2), r(3, 2, 2)),
    ],
    "contract": EINSUM,
    "conform": [C(0.5, r(3)), C(r(3), r(2, 3)), C(r(3), r(3)), C(0.5, 1.5)],
    "recast": [C(r(3), np.float64), C(r(3))],
    "tangent_like": [C([r(3), 0.5], [r(3), 0.5]), C({"a": r(2)}, {"a": r(2)}), C(r(3), r(3))],
    "if_moving": [C(r(3), r(3)), C(0.5, 1.5), C(r(3), np.array([0.0, 1.0, 0.0])), C(0.5, 0.0)],
    "solve_tangent_matrix": [
        C(r(3, 3), r(3), regular(3), r(3)), C(r(3, 3), r(3, 2), regular(3), r(3, 2)),
        C(r(3, 2, 2), r(3, 2), regular(2, 3), r(2)),
    ],
    "axes_as_last": [C(r(2, 3)), C(r(2, 3, 2), (0, 2)), C(r(2, 3), 0)],
    "axes_put_back": [C(r(6), r(2, 3)), C(r(3, 2), r(2, 3), 0)],
    "gaps_for": [C(np.eye(3), r(3)), C(np.ones((2, 3, 3)), r(2, 3))],
    "gaps_or_nan": [C(np.eye(3), r(3))],
    "placed_at": [C(r(2), r(3), np.array([True, False, True])), C(0.5, r(2, 3), MASK)],
    "item_back": [C(0.5, r(3), (1,)), C(0.5, r(2, 3), (1, 2)), C(0.5, r(2, 3), ((1, 2),))],
    "weighted_sum": [C(r(3, 2), r(3)), C(r(2, 3), r(3), 1)],
    "weighted": [C(0.5, r(3)), C(r(2), r(3), -1)],
    "along_axis": [C(r(3), r(2, 3), 1), C(r(2, 3), r(2, 3), 0), C(r(3, 2), r(2, 4, 3), (2, 0))],
    "along_axis_back": [C(r(1, 3), r(3), 1), C(r(2, 1, 3), r(3, 2), (2, 0)), C(r(3), r(3), 0)],
    "unchoose": [C(r(3), np.array([0, 1, 0]), [r(3), 0.5]), C(r(2), [1, 4], r(2, 2), "wrap")],
    "unselect": [C(r(2, 3), [MASK, ~MASK], [r(2, 3), r(3)])],
    "unselect_default": [C(r(2, 3), [MASK, MASK], r(3)), C(r(2, 3), [MASK], 0.5)],
    "uninsert": [C(r(4), r(3), 1), C(r(2, 5), r(2, 3), [0, 2], 1)],
    "inserted": [C(r(4), r(3), 1, 0.5), C(r(2, 5), r(2, 3), [0, 2], r(2, 1), 1)],
    "unblock": [C(r(5), [r(2), r(3)]), C(r(2, 3), [[r(2, 2), r(2, 1)]])],
    "roll_axis_back": [C(r(4, 2, 3), 2), C(r(2, 4, 3), -1, 1)],
    "unbroadcast_each": [C([r(2, 3), r(2, 3)], [r(3), 0.5])],
    "unmesh": [
        C([r(2, 3), r(2, 3)], [r(3), r(2)]), C([r(3, 2), r(3, 2)], [r(3), r(2)], False, "ij"),
    ],
    "mesh": [C([r(3), r(2)]), C([r(3), r(2)], True)],
    "expand_quantiles": [C(r(2), r(3), np.array([0.2, 0.3])), C(r(2, 1), r(2, 3), 0.5, 1, True)],
    "expand_q": [C(r(2), r(3)), C(0.5, r(2, 3))],
    "quantile_shares": [C(r(5), 0.37), C(r(2, 4), np.array([0.3, 0.6]), 1, "hazen")],
    "only": [C([r(2)]), C([r(2), r(2)])], "only_back": [C(r(2), [r(2)])],
    "pad_adjoint": [
        C(r(5), r(3), 1), C(r(7), r(3), 2, "wrap"), C(r(7), r(3), 2, "mean"),
        C(r(4, 5), r(2, 3), 1, "maximum"), C(r(7), r(3), 2, "reflect", None, "odd"),
    ],
    "pad_tangent": [
        C(r(3), 0.5, r(3), 1), C(r(3), 0.5, r(3), 1, "linear_ramp"), C(r(3), 0, r(3), 2, "median"),
        C(r(3), 0, r(3), 2, "mean", 2), C(r(3), 0, r(3), 2, "symmetric", None, "odd"),
    ],
    "pad_values_adjoint": [
        C(r(5), r(3), 1, "constant", 0.5), C(r(7), r(3), 2, "linear_ramp", 0.5),
        C(r(4, 5), r(2, 3), 1, "constant", ((0.5, 0.7), (1.0, 2.0))),
    ],
    "polygamma": [C(0.7), C(2.5, 1), C(-1.3, 2)],
    "bessel_i": [C(r(3)), C(0.7, 2), C(r(2, 3), -1)],
    "running_sum_adjoint": [C(r(3), r(3)), C(r(2, 4), r(2, 3), 1, True)],
    "spread_segments": [C(r(3), r(5), [0, 3, 1]), C(r(2, 2), r(2, 5), [1, 4], 1)],
    "smooth": [C(r(3), float), C(r(3), int)],
    "known": [C(r(3), np.array([1.0, np.nan, 2.0])), C(r(3), r(3), np.array([True, False, True]))],
    "entry": [C(r(3), 1), C({"a": 0.5, "b": r(2)}, "b"), C(r(3), [1, 1]), C({"a": 0.5}, "b")],
    "entry_back": [
        C([0.5], r(3), 1), C([r(2)], {"a": 0.5, "b": r(2)}, "b"), C([r(2)], r(3), [1, 1]),
    ],
    "entry_adjoint": [C(r(2, 3), (r(3),)), C(0.5, (1.5,)), C(r(2), (r(2),))],
    "only_entry": [C([r(3)], r(2, 3)), C([0.5], 1.5)],
    "as_number": [C(np.asarray(r()), True), C(r(3), True), C(0.5, True), C([0.5, r(2)], False)],
    "laid_out": [C(r(2, 3), r(3, 2).T), C(0.5, 0.7), C([0.5, r(2)], [1.5, r(2)])],
    "shadow_if": [C(r(3), True), C(r(2, 3), False), C(0.5, False)],
    "overwrite": [C(r(3), r(3)), C(r(2, 3), r(3)), C(0.5, 0.7), C([0.5, r(2)], [0.7, r(2)])],
    "accumulate": [C(r(3), r(3)), C(r(2, 3), r(3)), C(0.5, 0.7), C([0.5, r(2)], [0.7, r(2)])],
}
# fmt: on


def adjoint_cases(product, cases):
    """The cases of a function's adjoint helper: an adjoint of its result comes first."""
    return [C(r(*np.shape(product(*c.args, **c.options))), *c.args, **c.options) for c in cases]


# fmt: off
PRODUCTS = {
    "matmul": (np.matmul, MATRIX_PAIRS), "dot": (np.dot, DOT_PAIRS),
    "inner": (np.inner, INNER_PAIRS), "outer": (np.outer, OUTER_PAIRS),
    "kron": (np.kron, KRON_PAIRS), "tensordot": (np.tensordot, TENSORDOT),
}
# fmt: on
for _name, (_product, _cases) in PRODUCTS.items():
    CASES[f"{_name}_adjoint_left"] = CASES[f"{_name}_adjoint_right"] = adjoint_cases(
        _product, _cases
    )
CASES["contract_adjoint"] = [C(r(*np.shape(runtime.contract(*c.args))), *c.args) for c in EINSUM]

CASES["convolve_adjoint"] = adjoint_cases(np.convolve, CONVOLVED)
CASES["correlate_adjoint_left"] = adjoint_cases(np.correlate, CONVOLVED)
CASES["correlate_adjoint_right"] = adjoint_cases(np.correlate, CONVOLVED)
