"""Objects in lists and dicts whose attributes change: layers, bodies, optimisers with a state."""

import numpy as np

from programs.registry import normal, program


class Layer:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def __call__(self, h):
        return np.tanh(h * self.W + self.b)

    def step(self, rate):
        self.W = self.W - rate * self.b


class Net:
    def __init__(self, w):
        self.layers = [Layer(w[0], w[1]), Layer(w[1], w[2])]

    def __call__(self, h):
        for layer in self.layers:
            h = layer(h)
        return h

    def step(self, rate):
        for layer in self.layers:
            layer.step(rate)


@program(normal((3,)), saves=False, smooth=True)
def attributes_of_each_layer(w):
    layers = [Layer(w[i], 0.1 * i) for i in range(3)]
    for layer in layers:
        layer.W = layer.W * 0.9 - 0.1 * layer.b
    h = 0.5
    for layer in layers:
        h = layer(h)
    return h


@program(normal((3,)), saves=False, smooth=True)
def method_of_each_layer(w):
    layers = [Layer(w[i], w[2 - i]) for i in range(3)]
    for _ in range(2):
        for layer in layers:
            layer.step(0.1)
    h = 0.5
    for layer in layers:
        h = layer(h)
    return h


@program(normal((3,)), saves=False, smooth=True)
def steps_of_a_network(w):
    net = Net(w)
    for _ in range(3):
        y = net(w[2])
        net.step(0.1)
    for layer in net.layers:
        layer.b = layer.b * w[0]
    return net(y)


@program(normal((3,)), saves=False, smooth=True)
def layers_by_their_positions(w):
    layers = [Layer(w[0], w[1]), Layer(w[1], w[2])]
    for i in range(2):
        layers[i].W = layers[i].W * 0.9 - layers[i].b
        layers[i].b *= w[0]
    return layers[0].W * layers[1].b


@program(normal((3,)), saves=False, smooth=True)
def layers_of_arrays(w):
    layers = [Layer(w * 2, w), Layer(w, w * w)]
    for _ in range(2):
        for layer in layers:
            layer.W = layer.W - 0.1 * layer.b
            layer.b = np.sin(layer.W) * layer.b
    return np.sum(layers[0].W * layers[1].b)


class Body:
    def __init__(self, x, v):
        self.x, self.v = x, v


@program(normal((3,)), saves=False, smooth=True)
def bodies_one_after_the_other(w):
    bodies = [Body(w[0], w[1]), Body(w[2], 0.3)]
    for _ in range(3):
        for body in bodies:
            body.v = body.v - 0.1 * np.sin(body.x)
        for body in bodies:
            body.x = body.x + 0.1 * body.v
    return sum(body.x * body.v for body in bodies)


@program(normal((3,)), saves=False, smooth=True)
def bodies_in_pairs(w):
    bodies = [Body(w[0], w[1]), Body(w[2], 1.0)]
    for one in bodies:
        for other in bodies:
            if one is not other:
                one.v = one.v + 0.1 * other.x
    return bodies[0].v * bodies[1].v


@program(normal((3,)), saves=False, smooth=True)
def attributes_and_what_belongs_to_them(w):
    layers = [Layer(w[0], w[1]), Layer(w[2], 1.0)]
    for i, layer in enumerate(layers):
        layer.b = layer.b * w[i]
    for layer, slope in zip(layers, [w[1], w[2]], strict=True):
        layer.W = layer.W - 0.1 * slope
    return sum(layer.b * layer.W for layer in layers)


@program(normal((3,)), saves=False, smooth=True)
def attributes_changed_on_one_path(w):
    layers = [Layer(w[0], w[1]), Layer(w[2], 1.0)]
    for layer in layers:
        if layer.W > 0.3:
            layer.W = layer.W * w[1]
        else:
            layer.b = layer.W
    return layers[0].W * layers[1].W * layers[0].b


@program(normal((3,)), saves=False, smooth=True)
def attributes_read_before_they_change(w):
    layers, total = [Layer(w[0], w[1]), Layer(w[2], 1.0)], 0.0
    for _ in range(3):
        for layer in layers:
            total = total + layer.W * layer.W * layer.b
            layer.W = layer.W * w[1] + layer.b
            layer.b = total * 0.1
    return total


def decay(layers, factor):
    for layer in layers:
        layer.W = layer.W * factor


@program(normal((3,)), saves=False, smooth=True)
def changed_by_a_function(w):
    def change(layer, factor):
        layer.b = layer.b - factor * layer.W

    layers = [Layer(w[0], w[1]), Layer(w[2], 1.0)]
    decay(layers, w[1])
    for layer in layers:
        change(layer, w[0])
    return layers[0].W * layers[1].b


@program(normal((3,)), saves=False, smooth=True)
def object_replaced_in_its_list(w):
    layers = [Layer(w[0], w[1]), Layer(w[2], 1.0)]
    old = layers[0]
    layers[0] = Layer(w[1], w[2])
    old.W = old.W * w[0]
    layers[0].W = layers[0].W * w[2]
    return layers[0].W * old.W


class Linear:
    def __init__(self, k):
        self.k = k

    def __call__(self, h):
        return self.k * h


class Wave:
    def __init__(self, k):
        self.k = k

    def __call__(self, h):
        return self.k + np.sin(h)


class Holder:
    def __init__(self, part):
        self.part = part


@program(normal((3,)), saves=False, smooth=True)
def attributes_of_held_objects(w):
    holders = [Holder(Linear(w[0])), Holder(Wave(w[1]))]
    for holder in holders:
        holder.part.k = holder.part.k * w[2]
    return sum([holder.part(w[0]) for holder in holders])


class Momentum:
    def __init__(self, rate):
        self.rate, self.m = rate, {}

    def step(self, params, slopes):
        new = {}
        for k in params:
            self.m[k] = 0.9 * self.m.get(k, 0.0) + slopes[k]
            new[k] = params[k] - self.rate * self.m[k]
        return new


@program(normal((3,)), saves=False, smooth=True)
def optimiser_with_a_state(w):
    optimiser, p = Momentum(0.1), {"a": w[0], "b": w[1]}
    for _ in range(3):
        p = optimiser.step(p, {"a": np.sin(p["a"]) * w[2], "b": 2 * p["b"]})
    return p["a"] * p["b"]
