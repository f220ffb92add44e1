"""Statements and expressions that are not part of the language."""

import contextlib
import itertools
import math
import random

import numpy as np

from errors.registry import refused

COUNT = 0
mystery = np.frompyfunc(lambda x: x * x, 1, 1)
ORDER = [2, 0, 1]


class Holder:
    value = 1.0


HOLDER = Holder()


@refused("UnsupportedSyntax", 1.5)
def generator(x):
    y = x * x
    yield y * x  # error[yield]: a generator


@refused("UnsupportedSyntax", 1.5)
def delegating_generator(x):
    yield from [x, x * x]  # error: a generator


def _drawn(x, n=3):
    for _ in range(n):
        x = x * x
        yield x


def _through_itself(x, n):
    if n:
        yield x
        yield from _through_itself(x * x, n - 1)  # error[generator]: goes through itself


def _handed(items):
    return sum(items)


def _guarded(x):
    try:  # error[generator]: a `yield` under `try` or `with`
        yield x
    finally:
        x = x * x


def _answered(x):
    y = yield x  # error[generator]: what `yield` gives
    yield x * y


@refused("UnsupportedSyntax", 1.5)
def generator_kept(x):
    drawn = _drawn(x)  # error[generator]: a generator that is not gone through here
    return _handed(drawn) * x


@refused("UnsupportedSyntax", 1.5)
def generator_that_is_kept_while_what_it_reads_changes(x):
    y = [x, x]
    drawn = _drawn(y[0])  # error[generator]: a generator that is not gone through here
    y[0] = x * x
    return sum(drawn) * y[0]


@refused("UnsupportedSyntax", 1.5)
def generator_perhaps_left(x):
    return x if any(v > 2 for v in _drawn(x)) else x * x  # error[generator]: a generator in `any`


@refused("UnsupportedSyntax", 1.5)
def two_generators_in_turn(x):
    total = 0.0
    for a, b in zip(_drawn(x), _drawn(x * 2)):  # error[generator]: a `zip` of several generators
        total = total + a * b
    return total


@refused("UnsupportedSyntax", 1.5)
def generator_beside_a_dict(x):
    d, total = {0: x, 1: x * x}, 0.0
    for k, v in zip(d, _drawn(x)):  # error[generator]: a `zip` of a generator and a dict
        total = total + k * v
    return total


@refused("UnsupportedSyntax", 1.5, marked=_through_itself)
def generator_through_itself(x):
    return sum(_through_itself(x, 3))


@refused("UnsupportedSyntax", 1.5, marked=_guarded)
def guarded_generator(x):
    total = 0.0
    for v in _guarded(x):
        total = total + v
        if total > 9.0:
            break
    return total


@refused("UnsupportedSyntax", 1.5, marked=_answered)
def answered_generator(x):
    return sum(_answered(x))


@refused("UnsupportedSyntax", np.array([1.0, 2.0]))
def iterator_used_twice(x):
    doubled = map(lambda v: v * v, x)  # error[iterator]: the iterator `doubled` may be used twice
    return sum(doubled) if any(doubled) else x[0]


@refused("UnsupportedSyntax", 1.5, 2.5)
def iterator_over_what_changes(x, y):
    values = [x, y]
    squares = map(lambda v: v * v, values)  # error[iterator]: is changed before it is used up
    values.append(x * y)
    return sum(squares)


@refused("UnsupportedSyntax", np.array([1.0, 2.0]))
def generator_that_sees_the_loop(x):
    k, total = 1.0, 0.0
    for v in (one * k for one in x):  # error[iterator]: is changed before it is used up
        total, k = total + v, k + 1.0
    return total


@refused("UnsupportedSyntax", 1.5)
async def coroutine(x):  # error[async]: an `async def`
    return x * x


@refused("UnsupportedSyntax", 1.5)
def with_statement(x):
    y = x * x
    with np.printoptions(precision=3):  # error[with]: a `with` statement
        y = y * x
    return y + x


class Swallowing:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return True


@refused("UnsupportedSyntax", 1.5)
def context_that_catches(x):
    with Swallowing():  # error[with]: a context whose `__exit__` may say
        y = x * x
    return y


@contextlib.contextmanager
def either(v):
    if v > 0:
        yield v
    else:
        yield -v


@refused("UnsupportedSyntax", 1.5)
def context_with_two_yields(x):
    with either(x) as y:  # error[with]: a context that may yield twice, or not at all
        z = y * x
    return z


class Scope:
    def __init__(self, w):
        self.w = w
        self.log = []

    @contextlib.contextmanager
    def entered(self):
        yield self.w

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.log.append(1.0)


@refused("UnsupportedSyntax", 1.5)
def context_of_a_method(x):
    scope = Scope(x)
    with scope.entered() as y:  # error[with]: a context of `contextlib.contextmanager`
        z = y * x
    return z


@refused("UnsupportedSyntax", 1.5)
def jump_in_the_middle_of_a_with(x):
    y = x
    for _ in range(3):
        with Scope(x):
            try:  # error[try]: a jump in the middle of a `try`
                if y > 2.0:
                    break
                y = y * x
            except ValueError:
                y = x
    return y


@refused("UnsupportedSyntax", 1.5)
def try_bound_half_way(x):
    y = x
    try:  # error[try]: an exception may leave `y` bound or not
        y = x / (x - 1)
        z = [y][int(x)]
    except IndexError:
        z = y
    return z


@refused("UnsupportedSyntax", 1.5)
def try_stored_half_way(x):
    y = np.zeros(2)
    try:
        y[0] = x  # error[try]: changes memory
        y[5] = x * x
    except IndexError:
        y[1] = x
    return np.sum(y)


def put(y, x):
    y[0] = x  # error[try]: changes memory


@refused("UnsupportedSyntax", 1.5, marked=put)
def try_with_a_callee_that_writes(x):
    y = np.ones(2) * x
    try:
        put(y, x * x)
        z = math.sqrt(1 - x)
    except ValueError:
        z = x
    return np.sum(y) * z


@refused("UnsupportedSyntax", 1.5)
def try_stored_half_way_in_a_branch(x):
    y = np.ones(2) * x
    z = x
    try:
        if x > 0:
            y[0] = x * x  # error[try]: changes memory
            z = math.sqrt(1 - x)
    except ValueError:
        z = x
    return np.sum(y) * z


class Counter:
    def __init__(self, total):
        self.total = total

    def add(self, x):
        self.total = self.total + x  # error[try]: changes memory
        return math.sqrt(1 - x)


@refused("UnsupportedSyntax", 1.5, marked=Counter.add)
def try_with_an_object_that_changes(x):
    counter = Counter(x)
    try:
        z = counter.add(x)
    except ValueError:
        z = x
    return z * counter.total


@refused("UnsupportedSyntax", 1.5)
def try_in_a_loop_around_a_loop(x):
    total = 0.0
    for i in range(3):
        try:  # error[try]: an exception could come between
            y = x
            for _ in range(2):
                y = y * math.sqrt(i - y)
            total = total + y
        except ValueError:
            total = total + x
    return total


@refused("UnsupportedSyntax", 1.5)
def error_that_is_looked_into_later(x):
    kept = None
    try:
        raise ValueError(x * x)
    except ValueError as error:
        kept = error
    return kept.args[0]  # error[try]: an error is looked into


@refused("UnsupportedSyntax", 1.5)
def error_that_is_looked_into(x):
    try:
        raise ValueError(x * x)
    except ValueError as error:
        y = error.args[0]  # error[try]: an error is looked into
    return y


@refused("NoRule", 1.5)
def errors_of_the_library_are_not_caught(x):
    try:
        y = mystery(x)  # error[no-rule]: mystery
    except Exception:
        y = x
    return y


@refused("UnsupportedSyntax", 1.5)
def global_statement(x):
    global COUNT  # error[global]: `global`
    COUNT = COUNT + 1
    return x * x


@refused("UnsupportedSyntax", 1.5, [2.0, 3.0])
def deleted_entry(x, y):
    z = y[0] * x
    del y[::2]  # error[delete]: `del`
    return z


@refused("UnsupportedSyntax", 1.5)
def class_definition(x):
    k = x * x

    class Local:  # error[classdef]: the class `Local` reads variables of this function
        def scaled(self):
            return k * x

    return Local().scaled()


@refused("UnsupportedSyntax", 1.5)
def import_statement(x):
    import nowhere as math  # error[import]: an import that cannot be followed

    return math.sin(x)


@refused("UnsupportedSyntax", 1.5, 2.5)
def starred_parameter(x, *rest):  # error[star-parameter]: `*rest`
    return x * rest[0]


@refused("UnsupportedSyntax", 1.5)
def keyword_parameters(x, **options):  # error[star-parameter]: `**options`
    return x * x


@refused("UnsupportedSyntax", (1.5, 2.5))
def starred_argument(xs):
    return np.clip(*xs, 2.0)  # error[star-call]: a starred argument


@refused("UnsupportedSyntax", {"x1": 1.5, "x2": 2.5})
def keyword_arguments(options):
    return np.hypot(1.0, **options)  # error: starred


@refused("UnsupportedSyntax", 1.5)
def walrus(x):
    y = x
    return y * (y := x * x)  # error[namedexpr]: `:=`


@refused("UnsupportedSyntax", 1.5)
def set_of_values(x):
    values = {x, x * x}  # error[set]: a set
    return sum(values)


@refused("UnsupportedSyntax", 1.5)
def attribute_is_assigned(x):
    HOLDER.value = x * x  # error[attribute-store]: an attribute is assigned to
    return HOLDER.value * x


@refused("UnsupportedSyntax", 1.5)
def attribute_is_updated(x):
    HOLDER.value += x  # error[attribute-store]: an attribute is assigned to
    return HOLDER.value * x


def identity(f):
    return f


def helper(x):
    with np.printoptions(precision=3):  # error[with]: a `with` statement
        y = x * x
    return y + x


@refused("UnsupportedSyntax", 1.5, marked=helper)
def statement_of_a_callee(x):
    return helper(x) * x


@refused("InvalidArgument", np.array([1.5, 2.5]))
def list_times_a_count_of_numpy(x):
    values = [x[0], x[1] * x[0]]
    return sum(values * np.argmax(x)) + sum(values)  # error[repetition]: repeated by a number


def _twice(items):
    return sum(items) + sum(items)


class _Kept:
    def rate(self, items):
        return sum(items)


@refused("UnsupportedSyntax", np.array([1.0, 2.0]))
def iterator_for_one_who_reads_it_twice(x):
    return _twice(map(lambda v: v * v, x))  # error[iterator]: an iterator is handed on


@refused("UnsupportedSyntax", np.array([1.0, 2.0]))
def named_iterator_for_one_who_reads_it_twice(x):
    doubled = (2 * v for v in x)
    return _twice(doubled)  # error[iterator]: an iterator is handed on


@refused("UnsupportedSyntax", np.array([1.0, 2.0]))
def iterator_in_a_list(x):
    held = [zip(x, x)]  # error[iterator]: an iterator is handed on
    return sum(a * b for a, b in held[0])


@refused("UnsupportedSyntax", np.array([1.0, 2.0]))
def iterator_for_a_method(x):
    return _Kept().rate(v * v for v in x)  # error[iterator]: an iterator is handed on


def _pair(v, i):
    return (v * v, i)


@refused("InvalidArgument", np.array([1.0, 2.0]))
def greatest_of_what_turn_out_to_be_tuples(x):
    found = [_pair(v, i) for i, v in enumerate(x)]
    return max(found)[0]  # error[order]: the greatest or least tuple, where numbers were expected


@refused("UnsupportedSyntax", np.array([1.0, 2.0]))
def items_of_what_changes(x):
    k = 2.0

    def scaled(v):
        return v * k

    it = map(scaled, x)  # error[iterator]: the iterator `it` may be used twice
    first = next(it)
    k = x[1]
    return first * next(it) * k


@refused("UnsupportedSyntax", np.array([1.0, 2.0]))
def items_of_what_changes_under_another_name(x):
    y = x.copy()
    z = y
    it = map(np.sin, y)  # error[iterator]: the iterator `it` may be used twice
    first = next(it)
    z[1] = first * 5.0
    return first * next(it)


@refused("UnsupportedSyntax", np.array([1.0, 2.0]))
def item_in_the_middle_of_a_try(x):
    it = iter(x)  # error[iterator]: the iterator `it` may be used twice
    try:
        first = next(it)
        second = {}[first]
    except KeyError:
        second = next(it)
    return first * second


class Odds:
    def __init__(self, x):
        self.x = x

    def __iter__(self):
        return self

    def __next__(self):
        while True:
            self.x = self.x + 1.0
            if self.x % 2.0 == 1.0:
                return self.x


@refused("UnsupportedSyntax", 1.5)
def next_that_returns_in_a_loop(x):
    for v in Odds(x):  # error[iteration]: a `__next__` that returns in a loop
        if v > 5.0:
            break
    return v * x


class Backwards:
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        return reversed(self.items)


@refused("UnsupportedSyntax", 1.5)
def items_of_an_object_that_change_meanwhile(x):
    back = Backwards([x, x * x])
    total = 0.0
    for v in back:  # error[iterator]: what an iterator reads is changed before it is used up
        total = total + v
        back.items[0] = v * 3.0
    return total


@refused("UnsupportedSyntax", np.array([1.0, 2.0]))
def iterator_over_what_changes_under_another_name(x):
    y = x.copy()
    z = y
    squares = map(np.square, y)  # error[iterator]: what an iterator reads is changed
    z[0] = x[1] * 3.0
    return sum(squares)


@refused("UnsupportedSyntax", 1.5)
def shuffles_what_is_outside(x):
    random.shuffle(ORDER)  # error[captured-store]: from outside the function
    return x * ORDER[0]


@refused("UnsupportedSyntax", 1.5, 2.0)
def blank_parameter_that_is_read(_, x):
    return x * _  # error[name]: `_` is a parameter that is read


@refused("UnsupportedSyntax", 1.5)
def blank_that_a_function_inside_knows(x):
    _ = x * 2  # error: `_` is a parameter that is read, or a variable
    return (lambda y: y * _)(x)


@refused("UnsupportedSyntax", np.ones(4))
def group_that_is_used_twice(x):
    total = 0.0
    for _, group in itertools.groupby(x):  # error[iterator]: a group of `groupby`
        total = total + sum(group) * sum(group)
    return total


def stepped(state, v):
    state["n"] += 1
    return v * state["n"]


@refused("UnsupportedSyntax", np.ones(4))
def items_that_change_something_later(x):
    state = {"n": 0}
    items = map(lambda v: stepped(state, v), x)  # error[iterator]: an iterator whose items change
    before = state["n"] + 1
    return sum(items) * before


@refused("UnsupportedSyntax", np.ones(4))
def pairs_of_items_that_change_something(x):
    state, total = {"n": 0}, 0.0
    for a, b in itertools.pairwise(stepped(state, v) for v in x):  # error[iterator]: an iterator
        total = total + a * b * state["n"]
    return total


@refused("UnsupportedSyntax", np.ones(4))
def items_that_change_something_for_any(x):
    state = {"n": 0}
    if any(stepped(state, v) > 1 for v in x):  # error[iterator]: an iterator whose items change
        return x[0] * state["n"]
    return x[1]


def sums(x):
    total = np.zeros(2)
    for v in x:
        total += v
        yield total


@refused("UnsupportedSyntax", np.ones((3, 2)))
def items_that_are_one_array(x):
    it = sums(x)  # error[generator]: a generator that is not gone through here
    a = np.sum(next(it) ** 2)
    return a * np.sum(next(it) ** 3)
