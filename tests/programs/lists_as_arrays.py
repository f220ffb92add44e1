"""Lists and tuples where NumPy makes arrays of them."""

import numpy as np

from programs.registry import normal, positive, program


@program(positive((3,)), smooth=True)
def weights_in_a_list(x):
    weights = [0.1, 0.2, 0.3]
    return np.sum(x * weights) + np.sum(weights / x) + np.sum((x - weights) ** [1.0, 2.0, 3.0])


@program(normal((3,)), smooth=True)
def lists_that_meet_arrays(x):
    w = [a * a for a in x]
    return np.sum(np.sin(x) * w) + np.sum(x * w) + np.sum(x[:2] * [w[0], 2.0]) + w @ x


@program(normal((3,)), smooth=True)
def list_added_to_an_array(x):
    y = np.zeros(3)
    y += [x[0], x[1] * x[2], 1.0]
    y *= (1.0, 2.0, x[0])
    return np.sum(y**2) + np.sum(np.exp(x) + [x[1], x[0], 0.5])


@program(positive((4,)), smooth=True)
def reductions_of_a_list(x):
    losses = []
    for i in range(4):
        losses.append(x[i] * (i + 1))
    spread = np.std(losses) + np.var(losses)
    return spread + np.prod(losses) + np.cumsum(losses)[-2] + np.linalg.norm(losses)


@program(lambda rng: (rng.uniform(0.5, 2.0, size=3).tolist(),), smooth=True)
def list_argument(w):
    return np.std(w) + np.sum(np.sin(w)) + np.dot(w, [1.0, 2.0, 3.0]) + np.sum(np.array(w) * w)


@program(
    lambda rng: (tuple(tuple(row) for row in rng.uniform(0.5, 2.0, size=(2, 2)).tolist()),),
    smooth=True,
)
def rows_in_tuples(A):
    return np.linalg.det(A) + np.trace(A) + np.prod(A)


def _pair(values, n):
    return values, n


@program(positive((3,)))
def list_that_went_through_a_callee(x):
    values = []
    for i in range(3):
        values, _ = _pair(values, 1.0)
        values.append(x[i] * i + x[0])
    doubled, n = _pair([2 * v for v in values], 2.0)
    return np.prod(values) + np.var(doubled) * n


@program(positive((3,)))
def lists_in_a_dict_that_functions_of_arrays_read(x):
    d = {}
    d["rows"] = [x, 2 * x * x]
    d["doubled"] = [2 * row for row in d["rows"]]
    top, _ = _pair([d["rows"][1] * row for row in d["doubled"]], 1.0)
    return np.prod(d["doubled"]) * np.mean(d["rows"]) + np.var(top)
