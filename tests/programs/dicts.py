"""Dicts: keys that are computed, keys named twice, entries read before and after rebinding."""

import numpy as np

from programs.registry import floats, followed_by, normal, program


@program(normal((3,)), smooth=True)
def key_joined_from_parts(x):
    key = "_".join(["a", "b"])
    d = {key: x * x}
    return np.sum(d["a_b"])


@program(followed_by(normal((3,)), "a"), smooth=True)
def key_that_was_given(x, key):
    d = {key: x * x}
    return np.sum(d["a"] * x)


@program(normal((3,)), smooth=True)
def key_named_twice(x):
    d = {"a": x, "a": x * x * 2}  # noqa: F601
    return np.sum(d["a"])


@program(normal((3,)), smooth=True)
def one_key_in_three_spellings(x):
    d = {1: x, True: x * x, 1.0: np.sin(x)}  # noqa: F601
    return np.sum(d[1] * x)


@program(followed_by(floats(2), "a"), followed_by(floats(2), "b"), wrt=(0, 1), smooth=True)
def written_key_and_given_key(x, y, key):
    d = {"a": x, key: x * y, "b": y * y}
    return d["a"] * d[key] + d["b"]


@program(followed_by(floats(2), "b"), followed_by(floats(2), "a"), wrt=(0, 1), smooth=True)
def given_key_then_written_key(x, y, key):
    d = {key: x, "a": x * y}
    return d[key] * y + d["a"] * x


@program(normal((2,)), smooth=True)
def dict_within_a_dict_under_a_computed_key(x):
    key = "in" + "ner"
    d = {key: {"b": x * x}}
    return np.sum(d["inner"]["b"])


@program(floats(2), wrt=(0, 1), smooth=True)
def entry_read_into_its_own_source(x, y):
    d = {"a": x}
    e = {"a": y, "b": x * y}
    y = d["a"]
    f = {"a": y * y}
    return f["a"] * y + e["b"]


@program(floats(2), wrt=(0, 1), smooth=True)
def name_reads_an_entry_that_it_went_into(x, y):
    e = {"a": y, "b": x}
    d = {"a": 1.5, "b": y * y}
    y = e["a"]
    return d["a"] + e["b"] + d["b"] * y


@program(floats(2), wrt=(0, 1), smooth=True)
def copy_of_a_dict_and_a_name_read_back(x, y):
    z = x
    d = {"a": x, "b": y}
    e = {"a": y, "b": x}
    y = d["b"]
    d = e.copy()
    return d["a"] * z + e["b"] + d["a"] * y


@program(floats(2), wrt=(0, 1), smooth=True)
def dict_made_anew_in_the_loop_over_its_keys(x, y):
    e = {"a": x, "b": y}
    total = 0.0
    for key in ("a", "b"):
        if x < 100.0:
            e = {"a": x * y, "b": y}
        total = total + e[key] * total + e[key]
    e = {"b": x, "a": 1.5}
    return total * e["b"]


@program(floats(2), wrt=(0, 1), smooth=True)
def entry_read_by_key_for_nothing_and_by_name(x, y):
    k = "a"
    e = {"a": y, "b": x}
    e[k] = y
    y = e["a"]
    z = e[k]
    e = {"a": x * z, "b": x}
    return e["b"] + y


@program(floats(2), wrt=(0, 1), smooth=True)
def dict_under_two_names(x, y):
    d = {"a": 1.5, "b": y}
    e = d
    key = "b"
    d["b"] = 1.5 * x
    z = e[key]
    return e["b"] + z * y


@program(floats(2), wrt=(0, 1), may_refuse=True, smooth=True)
def entry_added_through_a_second_name(x, y):
    e = {"b": 1.5, "a": x}
    d = e
    d["c"] = x * y
    e["b"] = 1.5 * y
    return d["a"] + e["b"] * d["c"] * e["c"]


@program(floats(2), wrt=(0, 1))
def entry_that_is_not_there_in_the_first_iteration(x, y):
    d = {"a": x}
    for _ in range(3):
        d["n"] = np.sin(y * d["a"])
        d["a"] = d["n"] * d["n"] * d["a"]
    return d["a"] * d["n"]


@program(floats(2), wrt=(0, 1), smooth=True)
def entries_added_under_keys_of_the_loop(x, y):
    d = {}
    for key in ("a", "b", "a"):
        d[key] = np.sin(x * y)
        x = d[key] * x
    return d["a"] * d["b"] * x


@program(floats(2), wrt=(0, 1), smooth=True)
def entries_added_under_numbers(x, y):
    d = {}
    for i in range(4):
        d[i % 2] = np.sin(x * y)
        x = d[i % 2] * x
    return d[0] * d[1] * x


@program(lambda rng: ({"a": 0.7, "b": 1.2}, 0.4), wrt=(0, 1), writes=True, smooth=True)
def entries_added_to_an_argument(d, y):
    for _ in range(2):
        d["n"] = y * d["a"]
        d["a"] = d["n"] * d["a"]
        d["m"] = y
    return d["a"] * d["n"] * d["b"] * d["m"]


@program(floats(1), smooth=True)
def key_that_a_loop_inside_binds_anew(x):
    key, e = "a", {"a": 1.5, "b": 1.5}
    for _ in range(2):
        for key in ("a", "b"):  # noqa: B007
            pass
        e[key] = x * e["a"]
    return e["b"] * x


@program(floats(2), wrt=(0, 1), smooth=True)
def entry_read_back_from_the_copy_of_a_copy(x, y):
    d = {"a": 1.5, "b": 1.5}
    for _ in range(2):
        e = {"a": x, "b": d["b"]}
        d = e.copy()
    e = e.copy()
    z = y
    y = e["a"]
    e["b"] = 1.5
    return y * z + e["a"]


@program(floats(2), wrt=(0, 1), smooth=True)
def name_bound_to_an_entry_beside_its_old_value(x, y):
    d = {"a": x, "b": 1.5}
    e = {"b": y, "a": d["a"]}
    y = e["a"]
    return 1.5 * y * y + e["b"] * d["b"]


@program(floats(2), wrt=(0, 1), smooth=True)
def lists_of_other_lengths_put_into_a_dict(x, y):
    key, other = "a", "b"
    t = {"a": [1.5, y], "b": [1.5, 1.5, x]}
    z = t[other][2] * y
    t[other] = t[key]
    t["a"] = t[key][::-1]
    return t[other][1] * z + t["a"][0] * x


@program(floats(2), wrt=(0, 1), smooth=True)
def numbers_in_place_of_tuples(x, y):
    p = [(1.5, x), (y, 1.5)]
    for i, (a, b) in enumerate(p):
        x = x * a * b
        p[i] = x
    return p[0] * p[1]


@program(floats(2), wrt=(0, 1), smooth=True)
def keys_of_a_written_dict(x, y):
    total = x
    for key in {"a": y, "b": 0.5}:
        if key == "a":
            total = total * y
        total = np.sin(total)
    return total


@program(normal((3,)), smooth=True)
def keys_by_position(x):
    d = {"a": x, "b": x * x}
    total = 0.0
    for i, key in enumerate(d):
        total = total + i * d[key]
    for key, part in zip(d, (x, 2 * x), strict=True):
        total = total * part + d[key]
    for key in reversed(d):
        d = {"a": total, "b": d[key]}
        total = total * d[key]
    return np.sum(total)


@program(normal((3,)), smooth=True)
def entries_of_a_dict_that_is_also_an_entry(x):
    d = {"b": 1.5, "w": x[0], "l": x}
    e = {"b": 2.0, "w": d["w"], "l": [d, d["w"], 1]}
    return e["w"] * d["b"]


@program(normal((3,)), smooth=True)
def entry_chosen_for_another_dict(x):
    d = {"b": 0, "w": x[0], "l": x}
    e = {"a": d["b"] if x[1] > 0.0 else d["w"], "b": 1.5}
    return d["w"] * d["w"] + e["b"]


def above(v, k):
    return float(v) > k


@program(floats(2), wrt=(0, 1), smooth=True)
def keys_that_are_calls_in_a_display(x, y):
    d = {above(x, -9.0): x * y, "z": y, above(y, 9.0): x}
    return d[True] * d["z"] + d[False]


@program(floats(1))
def dict_of_which_nobody_reads_what_moves(x):
    a = [1.5, 1.5]
    for _ in range(2):
        a[1] *= x
    e = {"b": 1.5, "a": x}
    e["c"] = 1.5
    e = {"b": 1.5, "a": e}
    return e["b"] + a[1]
