"""Methods and functions that change an object, and get `*args`, `**kwargs` and functions."""

import functools

import numpy as np

from programs.registry import normal
from programs.registry import program as registered

program = functools.partial(registered, saves=False)


class Module:
    def __init__(self):
        self.training = True

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)


class Normalised(Module):
    """Batch normalisation, with the running mean of what it has seen."""

    def __init__(self, gain, momentum=0.8):
        super().__init__()
        self.gain, self.momentum = gain, momentum
        self.mean, self.calls = np.zeros(3), 0

    def forward(self, x, scale=1.0, *shifts, **more):
        self.calls += 1
        args = x
        if self.training:
            mean = args.mean(axis=0)
            self.mean = self.momentum * self.mean + (1 - self.momentum) * mean
        else:
            mean = self.mean
        return self.gain * (x - mean) * scale + sum(shifts) + more.get("last", 0.0)


class Tally:
    def __init__(self):
        self.total = 0.0

    def add(self, *values, **named):
        for v in values:
            self.total = self.total + v * v
        for k, v in named.items():
            self.total = self.total + v**3 * len(k)
        return len(values) + len(named)

    def add_twice(self, *values, **named):
        count = self.add(*values, **named)
        return count + self.add(values[0]) + self.add(*values[1:], last=values[-1])


class Descent:
    def __init__(self, w, rate=0.1):
        self.w, self.rate, self.steps = w, rate, 0

    def step(self, slope, through=np.tanh):
        self.steps += 1
        self.w = self.w - self.rate * through(slope(self.w))

    def run(self, closure, *args):
        for _ in range(2):
            self.w = self.w - self.rate * closure(*args)


def moved(descent, function, gain=2.0):
    descent.w = function(descent.w) * gain
    return descent.w


@program(normal((3,), (4, 3)), wrt=(0, 1), smooth=True)
def called_through_args_and_kwargs(gain, x):
    layer = Normalised(gain)
    total = 0.0
    for i in range(0, 4, 2):
        total += np.sum(layer(x[i : i + 2]) ** 3) + np.sum(layer(x[i : i + 2], scale=2.0) ** 2)
    layer.training = False
    return total + np.sum(np.sin(layer(x, 1.5, x[0], x[1], last=x[3]))) * layer.calls


@program(normal((3,)), smooth=True)
def values_that_are_counted(x):
    tally = Tally()
    count = tally.add(x[0], u=x[1])
    count += tally.add_twice(x[1], x[2], size=x[0])
    for k in range(2):
        count += tally.add(*x[k:])
    return tally.total * count


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def slopes_of_a_step(w, x):
    descent = Descent(w)
    for _ in range(2):
        descent.step(lambda v: 2 * (v - x) * v)
    descent.step(np.sin, through=lambda z: z * 2)
    return np.sum(descent.w**2) * descent.steps


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def closure_that_reads_the_object(w, x):
    descent = Descent(w, rate=0.3)

    def closure(scale):
        return 2 * (descent.w - x) * scale

    descent.run(closure, 0.5)
    descent.run(lambda: np.sin(descent.w) * x)
    return np.sum(descent.w**2)


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def function_that_changes_by_a_function(w, x):
    descent = Descent(w)
    y = moved(descent, lambda v: v * x) + moved(descent, np.sin, gain=3.0)
    return np.sum(y * descent.w)


class Layer:
    def __init__(self, *sizes, scale=1.0, **options):
        self.sizes, self.scale, self.options = sizes, scale, options
        self.shift = options.get("shift", 0.0)


class Linear(Layer):
    def __init__(self, w, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.w = w

    def __call__(self, x):
        return (x * self.w * self.scale + self.shift) * self.sizes[0]


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def made_with_args_and_kwargs(w, x):
    first = Linear(w, 2, 3, scale=x[0], shift=x[1])
    second = Linear(w, *[3, 4], **{"scale": x[2]})
    return np.sum(first(x) ** 2) + np.sum(second(x)) * len(first.sizes)
