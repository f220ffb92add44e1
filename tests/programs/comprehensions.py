"""Comprehensions of lists, dicts and sets, and generators that are used up at once."""

import numpy as np

from programs.registry import floats, followed_by, normal, program


@program(followed_by(floats(1), 4), smooth=True)
def with_a_condition(x, n):
    return sum([x**i for i in range(n) if i % 2])


@program(normal((4,)), smooth=True)
def condition_on_values(x):
    return sum([v * v for v in x if v > 0]) + 0.5 * x[0]


@program(followed_by(floats(1), 3), smooth=True)
def two_loops(x, n):
    return sum([x**i * j for i in range(n) for j in range(i + 1)])


@program(normal((2, 3)), smooth=True)
def rows_and_entries(A):
    doubled = [[2 * v * v for v in row] for row in A]
    return doubled[0][1] * doubled[1][2]


@program(followed_by(floats(1), 3), smooth=True)
def dict_of_powers(x, n):
    powers = {i: x**i for i in range(n)}
    return powers[2] * powers[1] + powers[0]


@program(floats(2), wrt=(0, 1), smooth=True)
def dict_of_changed_entries(x, y):
    params = {"w": x, "b": y}
    scaled = {key: 2 * value * x for key, value in params.items()}
    return scaled["w"] * scaled["b"]


@program(floats(1), smooth=True)
def key_twice_the_last_counts(x):
    found = {i // 2: x**i for i in range(4)}
    return found[0] + found[1]


@program(followed_by(floats(1), 3), smooth=True)
def keys_made_of_text(x, n):
    params = {f"w{i}": x * i for i in range(n)}
    return params["w1"] * params["w2"]


@program(normal((2, 2)), smooth=True)
def layers_of_dicts(W):
    layers = {f"layer{i}": {"W": W * i, "b": W[0]} for i in range(1, 3)}
    return np.sum(layers["layer1"]["W"] * layers["layer2"]["W"]) + np.sum(layers["layer2"]["b"])


@program(floats(1), smooth=True)
def filtered_dict(x):
    params = {"w": x, "b": x * x, "skip": 3.0}
    return sum({k: v for k, v in params.items() if k != "skip"}.values())


@program(followed_by(floats(1), 4), smooth=True)
def set_of_constants(x, n):
    kept = {i % 2 for i in range(n)}
    return x * x * len(kept) if 1 in kept else x


@program(floats(1), smooth=True)
def name_of_a_comprehension_is_its_own(x):
    i = x * x
    parts = [x * i for i in range(3)]
    return i * parts[2]


@program(normal((3,)), smooth=True)
def generator_into_sum(x):
    return sum(v * w for v, w in zip(x, x[::-1]))


@program(normal((3,)), smooth=True)
def generator_into_max(x):
    return max(v * v for v in x) * x[0]


@program(normal((3,)), smooth=True)
def generator_into_any_and_all(x):
    scale = 2.0 if any(v > 0 for v in x) else 3.0
    return scale * np.sum(x * x) if all(v > 0 for v in x) else scale * x[0] ** 2


@program(floats(1), smooth=True)
def generator_into_dict(x):
    table = dict((i, x * i) for i in range(3))
    return table[2] * x


@program(followed_by(floats(1), 0), followed_by(floats(1), 2), smooth=True)
def generator_into_extend(x, n):
    values = [x]
    values.extend(x * i for i in range(n))
    return sum(values) * x


@program(normal((3,)), smooth=True)
def first_that_fits(x):
    return next(v for v in [*x, 2.0] if v > 0.0) * x[1] + next((v for v in x if v > 9), 1.5) * x[0]


@program(normal((4,)), smooth=True)
def names_bound_in_conditions(x):
    squares = [y * y for v in x if (y := v * 2) > -5]
    signed = sum(s if (s := np.sin(v)) > 0 else s * 3 for v in x)
    last = 0.0
    sums = [last + v for v in x if (last := v * v) > 0.2]
    return sum(squares) + y * signed + sum(s * s for s in sums) + last
