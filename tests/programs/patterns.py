"""`match`: values, sequences, mappings, classes, guards; and imports inside a function."""

import numpy as np

from programs.registry import exactly, floats, followed_by, normal, program


@program(
    followed_by(floats(1), "tanh"),
    followed_by(floats(1), "relu"),
    followed_by(floats(1), ""),
    smooth=True,
)
def by_value(x, name):
    match name:
        case "tanh":
            y = np.tanh(x)
        case "relu" | "linear":
            y = x * x
        case _:
            y = 2 * x
    return y * x


@program(
    followed_by(floats(1), 1), followed_by(floats(1), 3), followed_by(floats(1), 9), smooth=True
)
def with_guards(x, n):
    match n:
        case 1:
            y = x
        case k if k < 5:
            y = x * k
        case _:
            y = x * x
    return y * x


@program(floats(1), smooth=True)
def sequences(x):
    match [x, (x * x, 3), 2.0]:
        case [a, [b, 4], *_]:
            y = a
        case [a, [b, 3], *rest]:
            y = a * b + rest[0] * x
    return y


@program(floats(1), smooth=True)
def mappings(x):
    match {"layer": {"w": x, "b": x * x}, "kind": "dense"}:
        case {"kind": "conv"}:
            y = x
        case {"kind": "dense", "layer": {"w": w, "b": b}}:
            y = w * b
    return y


@program(exactly(0.7), exactly(np.float64(0.7)), smooth=True)
def by_class(x):
    match x * 2:
        case int():
            y = x
        case float(v):
            y = v * v
    return y


@program(normal((3,)), smooth=True)
def an_array_is_a_sequence_or_not(x):
    match x:
        case [a, b, c]:
            y = a + b + c
        case None:
            y = 0.0
        case whole:
            y = np.sum(whole * x)
    return y


@program(floats(1), smooth=True)
def commands_in_a_loop(x):
    total = x
    for command in [("add", x), ("skip",), ("mul", x * x), ("stop",), ("add", 5.0)]:
        match command:
            case ("add", v):
                total = total + v
            case ("mul", v):
                total = total * v
            case ("stop",):
                break
            case _:
                continue
    return total


@program(followed_by(floats(1), 2), followed_by(floats(1), 7), smooth=True)
def returns_from_a_case(x, n):
    for k in range(4):
        match k:
            case 3:
                return x * k
            case j if j == n:
                return x**3
    return x


@program(floats(1), smooth=True)
def imports(x):
    import math
    from math import cos as cosine

    import numpy as other

    def inner(v):
        return math.exp(v)

    return math.sin(x) * cosine(x) + other.tanh(x) * inner(x)


@program(normal((3,)), smooth=True)
def guards_of_captures(x):
    total = 0.0
    for v in x:
        match v:
            case w if w > 0.5:
                total += w * w
            case w if w < 0:
                total -= w**3
            case _:
                total *= 2
    return total


@program(normal((3,)), smooth=True)
def guard_that_leaves_a_name_bound(x):
    total, w = 0.0, 1.0
    for pair in [(x[0], 1), (x[1], 2), (x[2],), (x[0], 3)]:
        match pair:
            case (w, k) if k == 2:
                total += w * w
            case (u,):
                total -= u**3 * w
            case _:
                total += w
    return total * w


@program(normal((3,)), smooth=True)
def patterns_that_bind_either_way(x):
    total = 0.0
    for step in [("add", x[0]), ("sub", x[1]), ("neg", x[2]), ("mul", x[2])]:
        match step:
            case ("add", v) | ("plus", v):
                total = total + v * v
            case ("sub" | "neg" as kind, v):
                total = total - v**3 * len(kind)
            case (_, v):
                total = total * v
    return total


@program(normal((3,)), smooth=True)
def rest_of_a_mapping(x):
    options = {"kind": "poly", "c": x[0], "d": x[1], "e": x[2]}
    match options:
        case {"kind": "poly", "c": c, **rest}:
            total = c
            for v in rest.values():
                total = total * v + c
            return total + len(rest)
        case _:
            return x[0]
