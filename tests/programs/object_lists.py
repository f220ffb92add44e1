"""Lists of objects that get objects of other classes, and what array methods mean for objects."""

import functools

import numpy as np

from programs.registry import exactly, floats, normal
from programs.registry import program as registered

program = functools.partial(registered, saves=False)


class Gain:
    def __init__(self, w):
        self.w = w

    def __call__(self, v):
        return self.w * v

    @property
    def size(self):
        return self.w * self.w

    def copy(self):
        return Gain(self.w * 2.0)

    def argmax(self):
        return self.w * 3.0


class Wave(Gain):
    def __call__(self, v):
        return self.w * np.sin(v) + v


class Chain:
    def __init__(self, layers):
        self.layers = layers
        self.seen = []

    def __call__(self, v):
        for layer in self.layers:
            v = layer(v)
        self.seen.append(v)
        return v


def replaced(layers, x):
    layers[0] = Wave(x)


@program(floats(2), wrt=(0, 1), smooth=True)
def another_class_is_put_into_a_list(x, y):
    layers = [Gain(y), Gain(x)]
    layers[0] = Wave(x)
    return layers[0](y) + layers[1](x)


class Scaled:
    gain = 2.0

    def __init__(self, w):
        self.w = w


class Steep(Scaled):
    gain = np.float64(3.0)


class Learned(Scaled):
    def __init__(self, w):
        self.w, self.gain = w, w * w


class Slotted:
    __slots__ = ("w",)
    gain = 4

    def __init__(self, w):
        self.w = w


@program(floats(1), smooth=True)
def numbers_of_the_classes_of_a_dict(x):
    layers = {"a": Scaled(x), "b": Steep(x), "c": Learned(x * x), "d": Slotted(x)}
    total = x
    for layer in layers.values():
        total = total * layer.gain * layer.w + layer.w
    return total


@program(floats(1), smooth=True)
def number_of_one_of_two_classes(x):
    layer = Scaled(x * x) if x > 1.0 else Slotted(x)
    first = [layer][0]
    return layer.gain * layer.w * first.gain + first.w


@program(floats(2), wrt=(0, 1), smooth=True)
def another_class_under_a_second_name(x, y):
    layers = [Gain(y), Gain(x)]
    others = layers
    others.append(Wave(x))
    return layers[-1](y) + layers[1](x)


@program(floats(2), wrt=(0, 1), smooth=True)
def lists_that_get_longer_by_other_classes(x, y):
    layers = [Gain(y), Gain(x)]
    layers += [Wave(x)]
    layers.extend([Gain(x * y)])
    for layer in layers:
        y = layer(y)
    return y


@program(floats(2), wrt=(0, 1), smooth=True)
def a_callee_puts_another_class(x, y):
    layers = [Gain(y), Gain(x)]
    replaced(layers, x)
    return layers[0](y) * layers[1](x)


@program(floats(2), wrt=(0, 1), smooth=True)
def another_class_for_the_next_iteration(x, y):
    layers = [Gain(x)]
    for _ in range(3):
        y = layers[0](y)
        layers[0] = Wave(x)
    return y


@program(floats(2), wrt=(0, 1), may_refuse=True)
def a_list_for_the_next_iteration(x, y):
    layers, others = [Gain(x)], [Gain(y)]
    for _ in range(3):
        layers.append(Wave(x))
        y = others[-1](y)
        layers = [Gain(x)]
        others = layers
    return y


@program(floats(2), wrt=(0, 1), smooth=True)
def one_object_many_times(x, y):
    layers = [Gain(x)] * 2
    layers[0] = Wave(y)
    return layers[0](y) * layers[1](x)


@program(floats(2), wrt=(0, 1), smooth=True)
def a_list_of_what_is_unknown(x, y):
    table = {"wave": Wave(x)}
    layers = [table["wave"]]
    layers.append(Gain(y))
    return layers[0](y) + layers[1](x)


@program(floats(2), wrt=(0, 1), smooth=True)
def a_name_holds_an_object_and_then_a_function(x, y):
    f = Gain(x)
    z = f(y)
    f = np.sin
    z = z * f(y)

    def f(v):
        return v * x

    return z * f(y)


@program(floats(2), wrt=(0, 1))
def different_classes_in_a_loop(x, y):
    for layer in [Gain(y), Wave(x), Gain(x * y)]:
        y = layer(y) * layer.size
    return y


@program(floats(2), wrt=(0, 1), may_refuse=True)
def size_of_an_object_of_one_class_or_another(x, y):
    total = 0.0
    for layer in {"a": Gain(y), "b": Wave(x)}.values():
        total = total + layer.size
    return total


@program(floats(2), wrt=(0, 1), may_refuse=True)
def copy_of_an_object_of_one_class_or_another(x, y):
    total = 0.0
    for layer in {"a": Gain(y), "b": Wave(x)}.values():
        total = total + layer.copy().w
    return total


@program(floats(2), wrt=(0, 1), may_refuse=True)
def argmax_of_an_object_of_one_class_or_another(x, y):
    total = 0.0
    for layer in {"a": Gain(y), "b": Wave(x)}.values():
        total = total + layer.argmax()
    return total


@program(floats(2), wrt=(0, 1), smooth=True)
def lists_in_objects_that_get_longer(x, y):
    chain = Chain([Gain(x)])
    y = chain(y)
    chain.layers.append(Wave(x))
    return chain(y) * chain.seen[0]


class Value:
    def __init__(self, data):
        self.data = data

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data)

    def __mul__(self, other):
        if not isinstance(other, Value):
            other = Value(other)
        return Value(self.data * other.data)

    __rmul__ = __mul__

    def relu(self):
        return Value(self.data if self.data > 0.0 else self.data * 0.1)

    def tanh(self):
        return Value(np.tanh(self.data))


class Rated:
    rate = 0.5

    def __init__(self, w):
        self.w = w

    def scaled(self, v):
        return self.w * self.rate * v


@program(floats(2), wrt=(0, 1), smooth=True)
def a_value_or_a_number(x, y):
    a, b = Value(x), Value(y)
    c = (a * b + x * y).tanh()
    d = (b * 2.0 + a).relu()
    for _ in range(3):
        d = d * 0.5 + c
    return (c * d + 1.0).data


@program(floats(2), wrt=(0, 1), smooth=True)
def a_value_chosen_by_a_branch(x, y):
    a = Value(x)
    a = a if y > 0.2 else a * y
    return ((a + y) * a).relu().data * (-0.5 * a).data


@program(floats(2), wrt=(0, 1), smooth=True)
def an_attribute_set_on_one_path(x, y):
    rated = Rated(x)
    if y > 0.0:
        rated.w = x * y
    else:
        rated.other = y
    return rated.scaled(y) * rated.w


@program(floats(2), wrt=(0, 1), may_refuse=True)
def an_attribute_of_the_class_set_on_one_path(x, y):
    rated = Rated(x)
    if y > 0.0:
        rated.rate = x * y
    return rated.scaled(y)


def number_and_wave(x):
    return x, Wave(x)


@program(floats(1), smooth=True)
def unpacked_in_place_of_an_object_of_another_class(x):
    layer = Gain(x)
    y = layer(x)
    z, layer = number_and_wave(y)
    return y + layer(z)


@program(floats(1), smooth=True)
def objects_unpacked(x):
    layers = [Gain(x), Wave(x)]
    first, second = layers
    layers, second = second, first
    return layers(first(x)) + second(x)


class Node:
    def __init__(self, data):
        self.data = data

    def __add__(self, other):
        return Node(self.data + (other.data if isinstance(other, Node) else other))

    def __radd__(self, other):
        return self + other

    def __mul__(self, other):
        return Node(self.data * other.data)

    def tanh(self):
        return Node(np.tanh(self.data))


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def sum_of_objects(x, w):
    xs, ws = [Node(v) for v in x], [Node(v) for v in w]
    out = sum(w * x for w, x in zip(ws, xs, strict=True)) + w[0]
    return out.tanh().data


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def sum_of_objects_onto_one(x, w):
    xs, ws = [Node(v) for v in x], [Node(v) for v in w]
    out = sum((w * x for w, x in zip(ws, xs, strict=True)), Node(x[0]))
    more = sum([x[1], w[1]], start=out)
    return out.tanh().data + sum([more, out * more], Node(w[2])).tanh().data


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def sums_of_no_objects(x, w):
    none = [v for v in (Node(x[0]), Node(x[1])) if v.data > 100.0]
    return sum(none, Node(w[0])).data * sum([Node(x[2])]).data


class Step:
    def __init__(self, w):
        self.w = w

    def __add__(self, other):
        return Step(self.w * other.w)

    def __rmul__(self, number):
        return self.w - number * number


@program(floats(2), wrt=(0, 1), smooth=True)
def object_of_the_iteration_before(x, y):
    total = x
    for k in range(3):
        if k == 0:
            last = Step(x * y)
        else:
            total = total * (last + last).w + last.w
            last = Step(total + k)
    return total * last.w


class Candidate:
    def __init__(self, cost, value):
        self.cost = cost
        self.value = value

    def __lt__(self, other):
        return self.cost < other.cost


class Twice(Candidate):
    def __init__(self, cost, value):
        super().__init__(cost, value * 2.0)


@program(exactly(0.7), smooth=True)
def least_of_objects(x):
    kept = [Candidate(1.0, x), Candidate(x, x * x), Candidate(x, x**3)]
    made = max(Candidate(x * i, x**i) for i in range(3))
    mixed = min([Candidate(2.0, x), Twice(x, x * x)])
    return min(kept).value + 3.0 * max(kept).value * made.value + mixed.value
