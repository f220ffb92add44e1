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


@program(normal((3,)))
def key_named_twice(x):
    d = {"a": x, "a": x * x * 2}  # noqa: F601
    return np.sum(d["a"])


@program(normal((3,)))
def one_key_in_three_spellings(x):
    d = {1: x, True: x * x, 1.0: np.sin(x)}  # noqa: F601
    return np.sum(d[1] * x)


@program(followed_by(floats(2), "a"), followed_by(floats(2), "b"), wrt=(0, 1))
def written_key_and_given_key(x, y, key):
    d = {"a": x, key: x * y, "b": y * y}
    return d["a"] * d[key] + d["b"]


@program(followed_by(floats(2), "b"), followed_by(floats(2), "a"), wrt=(0, 1))
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


@program(floats(2), wrt=(0, 1))
def entry_read_by_key_for_nothing_and_by_name(x, y):
    k = "a"
    e = {"a": y, "b": x}
    e[k] = y
    y = e["a"]
    z = e[k]
    e = {"a": x * z, "b": x}
    return e["b"] + y
