"""Lists, tuples and dicts, nested, as arguments and values; entries that are no numbers."""

import copy

import numpy as np

from programs.registry import exactly, floats, normal, program


def two_layer_params(rng):
    return {
        "W2": rng.normal(size=(4, 2)),
        "b2": rng.normal(size=2),
        "W1": rng.normal(size=(3, 4)),
        "b1": rng.normal(size=4),
    }


@program(
    lambda rng: (two_layer_params(rng), rng.normal(size=(5, 3)), rng.normal(size=(5, 2))),
    smooth=True,
)
def dict_of_parameters(params, x, y):
    h = np.tanh(x @ params["W1"] + params["b1"])
    p = h @ params["W2"] + params["b2"]
    return np.mean((p - y) ** 2)


@program(exactly({"z": 1.5, "a": 2.5, "m": 0.5}), smooth=True)
def key_order(params):
    return params["a"] * params["m"] ** 2


@program(exactly({"w": 1.5, "n": 3, "flag": True, "kind": "cubic", "none": None}), smooth=True)
def entries_without_gradient(params):
    if params["kind"] == "cubic" and params["flag"]:
        return params["w"] ** params["n"]
    return params["w"]


@program(lambda rng: ([rng.normal(size=2), 3, rng.normal(size=(2, 2))], np.arange(2)), smooth=True)
def list_with_integers(parts, index):
    return np.sum(parts[2] @ parts[0]) * parts[1] + parts[0][index[1]]


@program(
    lambda rng: (
        {
            "first": {"W": rng.normal(size=(3, 4)), "b": rng.normal(size=4)},
            "second": {"W": rng.normal(size=(4, 4)), "b": rng.normal(size=4)},
            "third": {"W": rng.normal(size=(4, 2)), "b": rng.normal(size=2)},
        },
        rng.normal(size=(5, 3)),
        rng.normal(size=(5, 2)),
    ),
    smooth=True,
)
def dict_of_dicts(params, x, y):
    for name in ("first", "second", "third"):
        layer = params[name]
        x = np.tanh(x @ layer["W"] + layer["b"])
    return np.mean((x - y) ** 2)


@program(
    lambda rng: (
        [(rng.normal(size=(m, n)), rng.normal(size=n)) for m, n in ((3, 4), (4, 2))],
        rng.normal(size=(5, 3)),
    ),
    wrt=(0, 1),
    smooth=True,
)
def list_of_pairs(layers, x):
    for W, b in layers:
        x = np.tanh(x @ W + b)
    return np.sum(x**2)


@program(exactly((1.5, (2.5, [0.5, (0.7,)]))), smooth=True)
def nested_tuples(tree):
    a, (b, (c, (d,))) = tree
    return a * b + c * d * a


@program(exactly([1.5, 2.5]), smooth=True)
def unused_entries(xs):
    return xs[0] ** 2


@program(
    lambda rng: ({"used": rng.normal(size=3), "unused": [rng.normal(size=2), {"deep": 1.0}]},),
    smooth=True,
)
def unused_subtree(tree):
    return np.sum(tree["used"])


@program(floats(2), wrt=(0, 1), smooth=True)
def through_a_list_and_back(x, y):
    parts = [x, y * x, 3.0]
    return parts[0] * parts[1] + parts[2] * parts[0]


@program(floats(2), wrt=(0, 1), smooth=True)
def through_a_dict_and_back(x, y):
    table = {"x": x, "product": x * y, "n": 2}
    return table["x"] * table["product"] ** table["n"]


@program(floats(2), wrt=(0, 1), smooth=True)
def through_nested_values(x, y):
    tree = {"a": [x, (y, x * y)], "b": {"c": x}}
    pair = tree["a"][1]
    return pair[0] * pair[1] * tree["b"]["c"] + tree["a"][0]


@program(normal((3,)), smooth=True)
def tuple_value(x):
    pair = (np.sin(x), np.cos(x))
    s, c = pair
    return np.sum(s * c) + np.sum(pair[0])


@program(exactly(1.5), exactly(-1.5), smooth=True)
def container_chosen_by_branch(x):
    if x > 0:
        pair = (x, x * x)
    else:
        pair = (x * 2, 1.0)
    return pair[0] * pair[1]


@program(
    lambda rng: ({"x": rng.normal(size=3)}, {"x": rng.normal(size=3)}), wrt=(0, 1), smooth=True
)
def containers_joined(first, second):
    both = [first["x"], second["x"], first["x"]]
    total = 0.0
    for item in both:
        total = total + np.sum(item**2) * (1 + total)
    return total


@program(lambda rng: ({"x": rng.normal(size=3), "s": 0.5},), smooth=True)
def dict_under_two_names(params):
    again = params
    return np.sum(again["x"] * params["s"]) * again["s"]


@program(
    lambda rng: ([rng.normal(size=2) for _ in range(3)],), lambda rng: ([np.ones(2)],), smooth=True
)
def length_of_a_list(xs):
    total = xs[0] * 0.0
    for i in range(len(xs)):
        total = total + xs[i] * (i + 1)
    return np.sum(total**2) / len(xs)


@program(lambda rng: ({1: rng.normal(size=2), (0, 1): rng.normal(size=2), "1": 2.0},), smooth=True)
def keys_of_other_types(table):
    return np.sum(table[1] * table[(0, 1)]) * table["1"]


@program(exactly({"a": [], "b": {}, "c": (), "x": 1.5}), smooth=True)
def empty_containers(tree):
    return tree["x"] ** 2 + len(tree["a"])


@program(exactly(((1.5,), 2.5), [0.5]), wrt=("second", "first"), smooth=True)
def wrt_by_name_in_other_order(first, second):
    return first[0][0] * first[1] * second[0]


@program(lambda rng: ([rng.normal(size=(2, 2)), rng.normal(size=2)],), smooth=True)
def returned_tree(params):
    W, b = params
    return {"y": W @ b, "parts": [np.sum(W), (b, b * 2)], "n": 4}


@program(floats(2), normal((3,), (3,)), smooth=True)
def returned_tuple(x, y):
    return x * y, y, np.sin(x)


@program(normal((2, 3), (3,)), smooth=True)
def returned_array(x, y):
    return np.tanh(x) * y


@program(normal((3,), (3,)), smooth=True)
def returned_argument(x, y):
    return x


@program(normal((3,)), smooth=True)
def same_value_returned_twice(x):
    y = x * x
    return y, [y, y]


@program(normal((3, 2)), smooth=True)
def dict_with_pairs_for_keys(x):
    edges = {(0, 1): np.array([1.0, 0.5]), (1, 2): np.array([0.0, 1.0])}
    cost = np.dot(x[0], x[0])
    for (i, j), gap in edges.items():
        cost += np.sum((x[j] - x[i] - gap) ** 2)
    for i, j in edges.keys():
        cost += x[i] @ x[j]
    return cost


WEIGHTS = [0.5, 1.25, 2.0]


@program(exactly(1.5, -0.4), smooth=True, captured={"WEIGHTS": WEIGHTS})
def dict_of_which_only_constants_are_read(x, y):
    parts = {"scale": 1.5, "weights": WEIGHTS, "state": x}
    y = parts["weights"][2]
    if x > 0:
        b = x
    return max(b, b * b) * y + parts["scale"] * np.sum(parts["weights"])


@program(exactly((np.array([0.5, -1.2]), np.array([1.5, 0.7]))), smooth=True)
def tuples_that_are_joined(t):
    u = (np.ones(2), *t[:1]) + t
    v = t[1:] + (u[1] * u[2],)
    return np.sum(u[2] * u[3]) + np.sum(v[0] * v[1]) + len(t + t) * np.sum(t[0])


@program(exactly([np.array([0.5, -1.2]), np.array([1.5, 0.7])]), smooth=True)
def a_list_behind_another(xs):
    ys = [np.ones(2)] + xs
    ys = ys + xs
    return np.sum(ys[0] * ys[1] * ys[3]) + np.sum(ys[2] ** 2)


@program(
    exactly({"w": np.array([0.5, -1.2]), "b": 1.5}, {"b": 0.3, "w": np.array([0.5, 2.0])}),
    wrt=(0, 1),
    smooth=True,
)
def dicts_beside_counts(p, q):
    total = 0.0
    for i, key in enumerate(p):
        total = total * 1.5 + (i + 1) * np.sum(p[key] ** 2 * q[key])
    for key, scale in zip(q, (2.0, 3.0), strict=True):
        total = total * p["b"] + scale * np.sum(q[key])
    for key in reversed(p):
        total = total * 0.5 + np.sum(np.sin(p[key]))
    return total


@program(exactly(1.5, {"a": 2.0}), wrt=(0, 1), smooth=True, writes=True)
def unions_with_an_argument(x, more):
    y = more | {"b": x}
    z = more
    z |= {"c": x * x}
    return y["a"] * y["b"] + z["a"] * z["c"]


@program(exactly([np.array([1.0, 0.5]), np.array([2.0, 1.5])], 1), smooth=True)
def a_list_of_arrays_three_times(xs, c):
    y = 1.0
    if c > 0:
        y = np.sum(xs[1] / 2.0)
    z = xs * 3
    return y * np.sum(np.array(z) ** 2) + len(z)


@program(normal((3,)), smooth=True)
def tuple_that_is_kept_and_read(w):
    kept, pair = {}, (w[0], w[1] * w[2])
    kept["a"] = pair
    first, second = pair
    return first * kept["a"][1] + second


@program(exactly({"w": np.array([0.5, -1.2]), "h": [np.array([0.3, 0.8]), 0.7]}), smooth=True)
def deep_and_shallow_copies(params):
    kept = copy.deepcopy(params)
    shown = copy.copy(params)
    shown["w"] = shown["w"] * 2
    w = copy.deepcopy(params["w"])
    w[0] = params["w"][1] * kept["h"][1]
    return np.sum(w * shown["w"] * kept["w"]) + np.sum(kept["h"][0] ** 2 * params["h"][0])
