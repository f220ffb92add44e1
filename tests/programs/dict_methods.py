"""Dicts: `get`, `items`, `values`, `update`, `setdefault`, `pop`, `in`, `|` and `**`."""

import numpy as np

from programs.registry import exactly, floats, program


@program(floats(2), wrt=(0, 1), smooth=True)
def get_with_a_default(x, y):
    options = {"scale": x}
    return options.get("scale") * options.get("shift", x * y) + options.get("power", 2.0)


@program(floats(1), smooth=True)
def update_by_a_dict_and_words(x):
    params = {"a": x, "b": 1.0}
    params.update({"b": x * x}, c=x + 1.0)
    return params["a"] * params["b"] * params["c"]


@program(floats(1), smooth=True)
def set_default_twice(x):
    memo = {"a": x}
    first = memo.setdefault("b", x * x)
    second = memo.setdefault("a", 5.0)
    return first * second * memo["b"]


@program(floats(1), smooth=True)
def pop_entries(x):
    options = {"a": x, "b": x * x, "c": 2.0}
    taken = options.pop("a")
    other = options.pop("missing", x + 1.0)
    del options["c"]
    return taken * other * sum(options.values())


@program(floats(1), smooth=True)
def merged(x):
    base = {"a": x, "b": 2.0}
    both = base | {"b": x * x}
    more = {**both, "c": x, **{"a": 3.0}}
    return both["a"] * both["b"] + more["a"] * more["b"] * more["c"]


@program(floats(1), smooth=True)
def updated_in_place(x):
    params = {"a": x}
    params |= {"b": x * x}
    params |= {"a": params["b"] * 2}
    return params["a"] * params["b"]


@program(floats(1), smooth=True)
def made_of_words_and_pairs(x):
    a = dict(w=x, b=x * x)
    b = dict([("w", x), ("b", 2.0)])
    c = dict(zip(["u", "v"], [x, a["b"]]))
    d = dict(a, w=3.0)
    return a["w"] * b["b"] + c["u"] * c["v"] + d["w"] * d["b"]


@program(floats(1), smooth=True)
def views_as_lists(x):
    params = {"a": x, "b": x * x}
    values, pairs = list(params.values()), list(params.items())
    return values[1] * pairs[0][1] + sum(params.values()) + len(params.keys())


@program(floats(1), smooth=True)
def items_in_one_variable(x):
    total = x
    for pair in {"a": x, "bc": x * x}.items():
        total = total * pair[1] + len(pair[0])
    return total


@program(floats(1), smooth=True)
def keys_in_order(x):
    params, total = {"b": x, "a": x * x}, 0.0
    for key in sorted(params):
        total = total * x + params[key]
    return total


@program(floats(1), smooth=True)
def asked_for_keys(x):
    params = {"a": x}
    return params["a"] ** 2 if "a" in params and "b" not in params else np.sin(x)


@program(exactly({(0, 1): 0.5, (1, 2): 1.5}), smooth=True)
def keys_that_are_taken_apart(edges):
    total = 1.0
    for (i, j), w in edges.items():
        total = total * (w + i) + w * j
    return total


@program(exactly({(0, 1): (0.5, 0.2, 1.0), (1, 2): (1.5, 0.4, 2.0)}), smooth=True)
def keys_and_entries_that_are_taken_apart(edges):
    total = 1.0
    for (i, _), (first, *rest) in edges.items():
        total = total * first + rest[0] * rest[-1] * i
    return total
