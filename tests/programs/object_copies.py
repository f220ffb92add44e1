"""Copies of objects: `copy.copy` and `copy.deepcopy`, and what a class says of them itself."""

import copy

import numpy as np

from programs.registry import normal, program


class State:
    def __init__(self, x, v):
        self.x, self.v = x, v

    def copy(self):
        return copy.copy(self)

    def kick(self, dt):
        new = self.copy()
        new.v = new.v - dt * self.x
        return new

    def drift(self, dt):
        new = self.copy()
        new.x = new.x + dt * new.v
        return new


@program(normal((3,)), saves=False, smooth=True)
def attribute_of_a_copy(x):
    first = State(x, 2 * x)
    second = copy.copy(first)
    second.x = x * x
    return np.sum(first.x * second.x * second.v)


@program(normal((3,)), saves=False, smooth=True)
def attributes_of_a_deep_copy(x):
    first = State(1 * x, 2 * x)
    second = copy.deepcopy(first)
    second.x[0] = 3.0
    second.v = second.v * x
    return np.sum(first.x * second.x * second.v)


@program(normal((3,)), saves=False)
def steps_that_give_copies(x):
    state = State(x, 0.5 * x)
    for _ in range(3):
        state = state.kick(0.1).drift(0.1)
    return np.sum(state.x**2)


@program(normal((3,)), saves=False, smooth=True)
def history_of_copies(x):
    state, history = State(1 * x, 0.5 * x), []
    for _ in range(3):
        state.v = state.v - 0.1 * state.x
        state.x = state.x + 0.1 * state.v
        history.append(copy.deepcopy(state))
    return sum(np.sum(s.x * s.v) for s in history)


class Scaled:
    """Whose copies are others than one would think."""

    def __init__(self, a):
        self.a = a

    def __copy__(self):
        return Scaled(2 * self.a)

    def __deepcopy__(self, memo):
        return Scaled(copy.deepcopy(3 * self.a))


@program(normal((3,)), saves=False, smooth=True)
def copies_as_a_class_makes_them(x):
    scaled = Scaled(x)
    return np.sum(copy.copy(scaled).a * copy.deepcopy(scaled).a)


@program(normal((3,)), saves=False, may_refuse=True)
def deep_copy_of_a_list_of_them(x):
    scaled = [Scaled(x), Scaled(x * x)]
    second = copy.deepcopy(scaled)
    return np.sum(second[0].a * second[1].a)


class Halved:
    def __init__(self, a):
        self.a = a

    def __getstate__(self):
        return {"a": 0.5 * self.a}


@program(normal((3,)), saves=False, may_refuse=True)
def copy_of_a_state_that_is_another(x):
    return np.sum(copy.copy(Halved(x)).a ** 2)
