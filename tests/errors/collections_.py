"""Sets, `deque` and `defaultdict` where they are not what a list or a dict is."""

from collections import defaultdict, deque

import numpy as np

from errors.registry import refused


@refused("UnsupportedSyntax", np.ones(4))
def order_of_a_set_that_changes(x):
    seen, total = {1}, 0.0
    seen.add(3)
    for i in seen:  # error[set]: the set `seen` changes
        total = total * 1.1 + x[i]
    return total


@refused("UnsupportedSyntax", np.ones(4))
def a_deque_that_grows_in_an_expression(x):
    recent = deque(maxlen=2)
    for v in x:
        recent.append(v) if v > 0 else recent.append(-v)  # error[collections]: `deque.append` in an
    return recent[0]


@refused("UnsupportedSyntax", np.ones(4))
def a_sum_of_deques(x):
    recent = deque([x[0], x[1]], maxlen=3)
    more = recent + recent  # error[collections]: `recent` is read where
    return more[0]


@refused("UnsupportedSyntax", np.ones(4))
def an_insert_into_a_deque_of_a_length(x):
    recent = deque([x[0], x[1]], maxlen=3)
    recent.insert(0, x[2])  # error[collections]: `deque.insert`, which fails
    return recent[0]


@refused("UnsupportedSyntax", np.ones(4))
def a_method_that_is_handed_on(x):
    def each(f, xs):
        for v in xs:
            f(v)

    out = []
    each(out.append, x)  # error[function-value]: the method `append` as a value
    return sum(out)


@refused("UnsupportedSyntax", np.ones(4))
def a_method_of_a_list_that_is_another_one_later(x):
    out = []
    push = out.append  # error[function-value]: the method `append` as a value
    push(x[0])
    out = []
    push(x[1])
    return x[0] * len(out)


@refused("UnsupportedSyntax", np.ones(4))
def a_method_of_the_list_of_an_earlier_iteration(x):
    total = 0.0
    for i in range(3):
        out = [1.0]
        if i == 0:
            push = out.append  # error[function-value]: the method `append` as a value
        push(x[i] * x[i])
        total = total + sum(out)
    return total


@refused("UnsupportedSyntax", np.ones(4), 1)
def one_name_for_two_collections(x, n):
    groups = defaultdict(list)  # error[collections]: `groups` is bound to `defaultdict`
    if n > 0:
        groups = {}
    groups[0] = x[1]
    return groups[0]


@refused("UnsupportedSyntax", np.ones(4), {5})
def a_set_that_is_given_and_grows(x, seen):
    total = 0.0
    for i in (0, 1, 1):
        if i not in seen:
            seen.add(i)  # error[change]: `add` changes a value
            total = total + x[i] * len(seen)
    return total


SEEN = set()


@refused("UnsupportedSyntax", np.ones(4))
def a_set_of_the_module_that_grows(x):
    SEEN.update([1])  # error[change]: `update` changes a value
    return x[0] * len(SEEN)


@refused("UnsupportedSyntax", np.ones(4))
def a_set_in_a_dict_that_grows(x):
    held = {"seen": set()}
    held["seen"].add(1)  # error[change]: `add` changes a value
    return x[0] * len(held["seen"])


@refused("UnsupportedSyntax", np.ones(4))
def a_view_of_a_dict_under_a_name(x):
    d = {"a": x[0], "b": x[1]}
    entries = d.values()  # error[dict-view]: `.values()` of a dict under a name
    d["a"] = x[2]
    return sum(entries)
