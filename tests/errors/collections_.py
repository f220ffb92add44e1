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
def a_deque_that_turns(x):
    recent = deque()
    for v in x:
        recent.append(v)
        recent.rotate(1)  # error[collections]: `deque.rotate`
    return recent[0]


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
