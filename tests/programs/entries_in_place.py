"""Arrays in lists and dicts that are changed in place, through names of their own."""

import numpy as np

from programs.registry import floats, normal, program


def two_lists(rng):
    return (
        [rng.normal(size=3), rng.normal(size=(2, 2))],
        [rng.normal(size=3), rng.normal(size=(2, 2))],
        0.3,
    )


def list_and_number(rng):
    return [rng.normal(size=2), rng.normal(size=2)], 0.3


def list_of_numbers(rng):
    return [1.3, -0.4], 0.3


def two_dicts(rng):
    return {"a": rng.normal(size=3), "b": rng.normal(size=2)}, 0.3


def lists_in_a_dict(rng):
    return {"w": [rng.normal(size=2), rng.normal(size=2)], "b": [0.5, rng.normal(size=2)]}, 0.3


@program(two_lists, wrt=(0, 1, 2), writes=True, smooth=True)
def step_of_gradient_descent(params, grads, rate):
    for p, g in zip(params, grads, strict=True):
        p -= rate * g * p
    return sum([np.sum(p * p * p) for p in params])


@program(list_and_number, list_of_numbers, wrt=(0, 1), writes=True, smooth=True)
def numbers_stay_and_arrays_change(params, rate):
    for p in params:
        p *= rate * p
    q = params[0]
    q += rate
    return np.sum(q * params[1]) + np.sum(params[0])


@program(list_and_number, wrt=(0, 1), smooth=True)
def list_made_here(xs, rate):
    params = [xs[0] * xs[1], np.sin(xs[0])]
    for p in params:
        p *= rate
        p += np.sum(p * p)
    first, second = params
    return np.sum(first * second) + np.sum(params[0] * xs[1])


@program(list_and_number, wrt=(0, 1), smooth=True)
def list_that_grew(xs, rate):
    params = []
    for x in xs:
        params.append(x * x)
    for _ in range(2):
        for p in params:
            p -= rate * p * p
    return np.sum(params[0] * params[1])


@program(list_and_number, wrt=(0, 1), writes=True, smooth=True)
def elements_of_entries(params, rate):
    params[0][1] = rate * params[1][0]
    params[1][0] *= params[0][1]
    for i in range(len(params)):
        p = params[i]
        p[0] = np.sum(p) * rate
    return np.sum(params[0] * params[1])


@program(list_and_number, wrt=(0, 1), writes=True, smooth=True)
def two_names_of_an_entry(params, rate):
    p, q = params[0], params[1]
    r = params[0]
    p *= rate * q
    q += r
    r -= q * q
    return np.sum(p * q) + np.sum(params[0] * params[1])


@program(list_and_number, wrt=(0, 1), writes=True, smooth=True)
def views_of_an_entry(params, rate):
    p = params[0]
    v = p[1:]
    v *= rate
    p += np.sum(v)
    return np.sum(v * v) + np.sum(params[0] * params[1])


@program(two_dicts, wrt=(0, 1), writes=True, smooth=True)
def entries_of_a_dict(d, rate):
    for p in d.values():
        p -= rate * p * p
    w = d["a"]
    w *= np.sum(d["b"])
    return np.sum(d["a"] * w) + np.sum(d["b"])


@program(lists_in_a_dict, wrt=(0, 1), writes=True, smooth=True)
def entries_of_lists_in_a_dict(d, rate):
    for p in d["w"]:
        p *= rate * p
    b = d["b"][1]
    b += d["b"][0] * d["w"][0]
    d["w"][1][0] = np.sum(b)
    return np.sum(d["w"][0] * d["w"][1]) + np.sum(b * d["b"][1])


@program(list_and_number, wrt=(0, 1), writes=True, smooth=True)
def name_bound_again(params, rate):
    p = params[0]
    p *= rate
    total = np.sum(p * p)
    p = np.cos(params[1])
    p *= params[0]
    return total + np.sum(p * params[0])


def halved(p, rate):
    p *= rate
    return np.sum(p)


@program(list_and_number, wrt=(0, 1), writes=True, smooth=True)
def callee_changes_an_entry(params, rate):
    total = 0.0
    for p in params:
        total = total + halved(p, rate) * np.sum(params[1])
    return total + np.sum(params[0] * params[0])


@program(normal((3,)), smooth=True)
def entry_put_back(w):
    d = {"a": w * 2, "b": w[0]}
    for k in ("a", "b"):
        p = d[k]
        p *= np.sin(w[1])
        d[k] = p
    return np.sum(d["a"] * d["b"])


class Layer:
    def __init__(self, W, k):
        self.W, self.k = W, k

    def decay(self, factor):
        self.W *= factor
        self.k *= factor


@program(normal((3,)), saves=False, smooth=True)
def attribute_put_back(w):
    layer = Layer(w * 2, w[0])
    p = layer.W
    p *= w
    layer.W = p
    return np.sum(layer.W * layer.k)


@program(normal((3,)), saves=False, smooth=True)
def attributes_scaled_in_place(w):
    layer = Layer(w * 2, w[0])
    for _ in range(3):
        layer.decay(w[1])
        layer.W -= 0.1 * w
    layer.W **= 2
    return np.sum(layer.W) * layer.k


@program(normal((3,)), smooth=True)
def copies_of_lists_of_numbers(w):
    def stepped(state):
        new = state.copy()
        for i in range(len(new)):
            new[i] *= 0.5
            new[i] += state[i - 1] * w[2]
        return new

    state = [w[0], w[1], 1.0]
    for _ in range(3):
        state = stepped(state)
    return sum(state)


@program(normal((3,)), smooth=True)
def entry_put_under_another_key(w):
    d = {"a": w * 3}
    p = d["a"]
    p *= w
    d["b"] = p
    return np.sum(d["a"] * d["b"])


class Sums:
    def __init__(self):
        self.held = [0.0, 1.0]


@program(floats(1), smooth=True, saves=False)
def values_behind_names_of_entries(x):
    table, sums = {"held": [0.0]}, Sums()
    for i in range(3):
        table["held"][0] = table["held"][0] + x * i
        sums.held[1] = sums.held[1] * x
    last, other = table["held"], sums.held
    return last[0] * other[1]


@program(floats(1), smooth=True)
def value_behind_a_name_of_an_entry(x):
    table = {"held": [0.0]}
    for i in range(3):
        table["held"][0] = table["held"][0] + x * x * i
    last = table["held"]
    return last[0]


@program(normal((3,)), smooth=True)
def number_beside_an_array_with_a_name(x):
    y = x * 2.0
    d = {"array": y, "count": 1.0}
    d["count"] += x[0] * x[1]
    return np.sum(y * d["array"]) * d["count"]


class Averaged:
    def __init__(self, start, betas=(0.5, 0.25)):
        self.m = start
        self.betas = betas
        self.steps = 0

    def step(self, g):
        self.steps += 1
        fast, slow = self.betas
        self.m = fast * self.m + slow * g / self.steps


@program(normal((3,)), smooth=True, saves=False)
def tuple_that_is_a_default(x):
    average = Averaged(x * x)
    for _ in range(3):
        average.step(np.sin(x) * average.m)
    return np.sum(average.m)


def doubled_and_moved(x):
    return [x * 2.0, x + 1.0]


@program(normal((3,)), smooth=True)
def rows_of_a_callee(x):
    rows = doubled_and_moved(x)
    for row in rows:
        row *= x
    rows[1][0] = x[2] * x[1]
    return np.sum(rows[0] * rows[1])
