"""Functions as values: in lists and dicts, chosen by a branch, returned, known at run time only."""

import functools
import operator

import numpy as np

import tangent
from programs.registry import exactly, floats, normal, program

HIDDEN = (np.tanh, np.sin)
ACTIVATIONS = {"tanh": np.tanh, "sin": np.sin, "half": lambda v: v * 0.5}


@program(normal((3,)), smooth=True, saves=False)
def functions_in_a_list(x):
    layers = [lambda v: v * x, np.sin]
    layers.append(np.tanh)
    y = x
    for layer in layers:
        y = layer(y)
    return np.sum(y)


@program(normal((3,), (2,)), wrt=(0, 1), smooth=True, saves=False)
def lambdas_made_in_a_loop(x, w):
    fs = []
    for k in range(2):
        fs.append(lambda v, k=k: v * w[k] + k)
    y = x
    for f in reversed(fs):
        y = f(y)
    return np.sum(y * fs[-1](x))


@program(exactly(1.5, 0.7), exactly(-1.5, 0.7), wrt=(0, 1), smooth=True, saves=False)
def function_chosen_by_branch(x, w):
    f = np.sin if x > 0 else lambda v: v * w
    if w > 0.5:

        def g(v):
            return f(v) * w

    else:
        g = np.cos
    return g(x) * f(w)


@program(exactly(0.5, 1.5, 3), exactly(0.5, 1.5, 0), wrt=(0, 1), smooth=True, saves=False)
def function_bound_again_in_a_loop(x, w, n):
    f = lambda v: v * w
    for k in range(n):
        x = f(x)
        f = lambda v, k=k: np.sin(v) + w * k
    return f(x) * x


@program(exactly(1.5, 2.5), wrt=(0, 1), smooth=True, saves=False)
def function_bound_again_under_a_test(x, y):
    f = lambda q: q * x
    if x > 100.0:
        f = lambda q: q * y
    return f(y)


def compose(f, g):
    return lambda v: f(g(v))


@program(floats(2), wrt=(0, 1), smooth=True, saves=False)
def functions_returned_by_functions(x, w):
    h = np.sin
    for _ in range(3):
        h = compose(h, lambda v: v * w)
    return h(x) * w


@program(floats(2), wrt=(0, 1), smooth=True, saves=False)
def function_and_its_inverse(x, w):
    def pair():
        return (lambda v: v * w), (lambda v: v / w + w)

    there, back = pair()
    return there(np.sin(back(x)))


@program(normal((3,)), smooth=True, saves=False)
def functions_in_a_dict(x):
    steps = {"a": lambda v: v * x[0], "b": np.sin}
    for key in ("a", "b", "a"):
        x = steps[key](x)
    total = 0.0
    for name, step in steps.items():
        total = total + np.sum(step(x)) * (2.0 if name == "a" else 0.5)
    return total


def through(fs, x):
    for f in fs:
        x = f(x)
    return x


@program(normal((3,)), smooth=True, saves=False)
def functions_handed_on(x):
    return np.sum(through(HIDDEN, x)) + np.sum(through([np.cos, lambda v: v * x], x))


@program(
    lambda rng: (rng.normal(size=3), lambda v: v * v, ["tanh", "half"]), smooth=True, saves=False
)
def functions_as_arguments(x, f, names):
    y = f(x) * x
    for name in names:
        y = ACTIVATIONS[name](y)
    return np.sum(y)


@program(exactly(0.5), exactly(-0.5), saves=False, smooth=True)
def function_or_none(x):
    act = None
    if x > 0:
        act = np.tanh
    y = x * x
    if act is not None:
        y = act(y)
    return y * x


@program(normal((3,)), saves=False, smooth=True)
def keywords_at_run_time(x):
    def weighted(v, scale=2.0, *, shift=0.0):
        return v * scale + shift * x[0]

    def plain(v, scale=1.0, shift=1.0):
        return v * scale - shift

    total = 0.0
    for f in [weighted, plain] + [functools.partial(weighted, shift=x[1])]:
        total = total + np.sum(f(x, scale=x[2]) * f(x[0], shift=x[1]))
    return total


@program(floats(2), wrt=(0, 1), smooth=True, saves=False)
def recursion_through_a_value(x, w):
    def power(itself, n):
        return 1.0 if n == 0 else w * itself(itself, n - 1) + x

    return power(power, 3) * x


@program(normal((3,)), smooth=True, saves=False)
def containers_through_run_time_calls(x):
    def split(v):
        return {"a": v[0], "b": [v[1:], v * v]}

    def join(parts, more=(1.0, 2.0)):
        return np.sum(parts["a"] * parts["b"][0]) + np.sum(parts["b"][1]) * more[1]

    stages = []
    stages.append(split)
    stages.append(join)
    value = x
    for stage in stages:
        value = stage(value)
    return value * x[0]


@program(exactly(np.arange(3.0) / 3, np.float32(0.5)), wrt=(0, 1), saves=False, smooth=True)
def float32_through_a_run_time_call(x, w):
    fs = [lambda v: v * w, lambda v: np.sum(v) * np.float32(2.0)]
    fs = fs[::-1]
    return fs[1](x)[1] * fs[0](x)


def scaled_by(k):
    def decorate(f):
        @functools.wraps(f)
        def wrapper(*args, **kwargs):
            return k * f(*args, **kwargs)

        return wrapper

    return decorate


@scaled_by(3.0)
def weighted_sum(x, w):
    return np.sum(x * w)


@program(normal((3,), ()), wrt=(0, 1), smooth=True, saves=False)
def decorated_functions(x, w):
    def twice(f):
        return lambda v: f(f(v))

    @twice
    @scaled_by(2.0)
    def step(v):
        return np.sin(v) * w

    @functools.lru_cache
    def factor(n):
        return 2.0 * n

    return weighted_sum(step(x), w=w) * factor(2)


@functools.cache
def cached_power(w, n):
    return w if n <= 1 else w * cached_power(w, n - 1)


@program(floats(2), wrt=(0, 1), smooth=True, saves=False)
def cached_callee(x, w):
    return cached_power(w, 4) * x * cached_power(2.0, 3)


@program(normal((3,), ()), wrt=(0, 1), smooth=True, saves=False)
def folded_by_a_function(x, w):
    def composed(*fs):
        return functools.reduce(lambda f, g: lambda v: f(g(v)), fs)

    h = composed(np.sin, lambda v: v * w, np.tanh)
    op = (lambda a, b: a * b + w) if w > 0 else (lambda a, b: a + b * w)
    return np.sum(h(x)) + functools.reduce(op, x, 1.0)


@program(normal((3,), ()), wrt=(0, 1), smooth=True, saves=False)
def mapped_filtered_and_ordered(x, w):
    f = (lambda v: v * w) if w > 9 else (lambda v: np.sin(v) * w)
    keep = (lambda v: v < 9) if w > 9 else (lambda v: v > -9)
    key = (lambda v: -v) if w > 9 else (lambda v: v * v)
    ys = sorted(map(f, [x[0], x[1], x[2]]), key=key)
    return ys[0] * 2 + ys[1] * ys[2] + sum(filter(keep, ys)) + max(ys, key=key)


@program(normal((3,), ()), wrt=(0, 1), smooth=True, saves=False)
def partial_functions(x, w):
    def g(a, b, c=1.0):
        return a * b + c * w

    fs = [functools.partial(g, w), functools.partial(g, c=w), functools.partial(g, b=2.0)]
    h = functools.partial(np.multiply if w > 9 else np.add, w)
    return np.sum(fs[0](x)) + np.sum(fs[1](x, x)) + np.sum(fs[2](h(x), c=w))


class Dense:
    def __init__(self, w, act):
        self.w, self.act = w, act

    def __call__(self, x):
        return self.act(x * self.w)

    def apply(self, x):
        return x * self.w


class Sum:
    def __init__(self, *parts, **more):
        self.parts, self.more = parts, more

    def total(self, w):
        return self.parts[0] * w + self.parts[1] + self.more["c"]


@program(normal((3,), ()), wrt=(0, 1), smooth=True, saves=False)
def objects_that_are_called(x, w):
    layers = [Dense(w * k, act) for k, act in ((1.0, np.tanh), (2.0, np.sin))]
    bound = [layers[0].apply, Dense(w, lambda v: v * w), np.sin]
    first = layers[1].apply
    for f in [*layers, *bound]:
        x = f(x)
    return np.sum(first(x)) * Sum(w, x[0], c=x[1]).total(w)


@program(floats(2), wrt=(0, 1), smooth=True, saves=False)
def mutual_recursion_of_nested_functions(x, w):
    def even(n, v):
        return v if n == 0 else odd(n - 1, v * w)

    def odd(n, v):
        return v * 2 if n == 0 else even(n - 1, v + w)

    both = [even, odd]
    return both[0](3, x) * odd(2, x)


def cube_sum(x):
    return np.sum(x * x * x)


@program(normal((3,), ()), wrt=(0, 1), smooth=True, saves=False)
def gradients_inside(x, w):
    slope = tangent.grad(lambda t: t * t * t * w)
    value, both = tangent.value_and_grad(lambda u, v: np.sum(u * v * w), wrt=(0, 1))(x, w)
    moved = tangent.jvp(lambda u: np.sum(u * u * w), (x,), (x,))[1]
    return slope(x[0]) * x[1] + value * both[1] + moved + np.sum(tangent.grad(cube_sum)(x) * w)


@program(floats(1), smooth=True, saves=False)
def newton_with_a_gradient_inside(w):
    f = lambda t: t * t * t - w - 2.0
    slope = tangent.grad(f)
    t = 1.0
    for _ in range(6):
        t = t - f(t) / slope(t)
    return t * w


@program(exactly(0.5, 0.7, []), exactly(0.5, 0.7, [np.sin]), wrt=(0, 1), smooth=True, saves=False)
def function_of_a_loop_that_may_not_run(x, w, fs):
    f = ACTIVATIONS["half"]
    for g in fs:
        f = compose(g, lambda v: v * w)
    return f(x) * w


def squared(v):
    return v * v


@program(normal((3,)), smooth=True)
def table_by_a_position_in_a_loop(w):
    steps = [squared, np.sin, lambda v: v * w[1]]
    h = w[0]
    for i in range(5):
        h = steps[i % 3](h) + w[2]
    return h


@program(normal((3,)), smooth=True)
def table_by_a_choice_in_a_loop(w):
    steps = (squared, np.sin)
    h, i = w[0], -2
    while i < 2:
        h = steps[i](h) + steps[int(h > 0.5)](w[2])
        i += 1
    return h


@program(normal((3,)), saves=False, smooth=True)
def table_that_changes_in_its_loop(w):
    steps = [squared, np.sin]
    h = w[0]
    for i in range(4):
        h = steps[i % 2](h) + w[2]
        if i == 1:
            steps[0] = np.cos
    return h


@program(normal((3,)), smooth=True, saves=False)
def functions_of_the_second_comprehension_over_i(x):
    scales = [x[i] * 0.5 for i in range(3)]
    fs = [lambda v, i=i: v * scales[i] for i in range(2)]
    gs = {i: lambda v, i=i: v + scales[i] for i in range(3)}
    return fs[0](x[1]) * fs[1](x[2]) + gs[2](x[0]) ** 2


class Pair:
    def __init__(self, a, b):
        self.a, self.b = a, b

    def scaled(self, k, add=0.0):
        return self.a * k + add


second = operator.itemgetter(1)
first_of_pair = operator.attrgetter("a")
tripled = operator.methodcaller("scaled", 3, add=2)


@program(normal((3,)), smooth=True)
def getters_of_operator(x):
    rows = sorted([(x[0], x[1]), (x[2], x[0]), (x[1], x[2])], key=operator.itemgetter(0))
    a, b = operator.itemgetter(0, 2)(x)
    flat = operator.methodcaller("reshape", 3, 1)
    return a * b * second(x) + max(rows, key=second)[0] + np.sum(flat(x) @ flat(x).T)


@program(normal((3,)), smooth=True, saves=False)
def getters_of_objects(x):
    pair = Pair(x[0], x[1])
    pairs = [pair, Pair(x[2], x[0])]
    return sum(map(first_of_pair, pairs)) * tripled(pair) + operator.attrgetter("b")(pair) ** 2


@program(normal((3,)), smooth=True, saves=False)
def made_by_a_comprehension(x):
    w = x[1]
    grown = [lambda v: v * w + x[0] for w in x]
    pairs = [(lambda v, n=n: v * u**n, u) for n, u in enumerate(x)]
    total = pairs[0][0](w) * pairs[1][1] + pairs[1][0](x[0])
    return total + grown[0](x[1]) * grown[2](w)


@program(normal((3,)), smooth=True, saves=False)
def made_by_comprehensions_of_a_loop(x):
    kept = []
    for j in range(3):
        kept.append({n: lambda v: v * u for n, u in enumerate(x[:j])})
    return kept[1][0](x[1]) * kept[2][0](x[2]) * kept[2][1](x[0]) + len(kept[0])
