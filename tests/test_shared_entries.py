"""What two holders show, arrays and objects: a change through one of them is seen in the other.

Tangents share memory as their primals do, so that forward mode is exact for all of these; reverse
mode refuses them.
"""

import numpy as np
import pytest

import tangent

X = np.array([0.7, -0.4, 1.1])


class Holder:
    def __init__(self, w):
        self.w = w

    def halve(self):
        self.w *= 0.5


class Doubling:
    def __init__(self, w):
        self.w = w
        self.w *= 2.0
        self.first = w[0]


def made(w):
    return {"a": w * 2}


def updated(d, factor):
    new = d.copy()
    for k in list(new):
        new[k] *= factor
    return new


def copy_of_a_dict(w):
    d = {"a": w * 2}
    e = d.copy()
    e["a"] *= w
    return np.sum(e["a"] * d["a"])


def copy_of_what_a_call_gave(w):
    d = made(w)
    e = d.copy()
    e["a"] *= w
    return np.sum(e["a"] * d["a"])


def original_of_a_copy(w):
    d = made(w)
    e = d.copy()
    d["a"] *= w
    return np.sum(e["a"] * d["a"])


def part_of_an_original(w):
    d = made(w)
    e = d.copy()
    p = d["a"]
    p[1] = w[0]
    return np.sum(e["a"] * d["a"])


def copies_by_a_function(w):
    d = {"a": w * 2}
    e = updated(d, w)
    f = updated(e, w)
    return np.sum(d["a"] * e["a"] * f["a"])


def list_of_an_array_twice(w):
    q = w * 2
    d = [q, q]
    d[0] *= w
    return np.sum(d[0] * d[1])


def list_repeated(w):
    d = [w * 2] * 2
    d[0] += w
    return np.sum(d[0] * d[1])


def appended_twice(w):
    q, d = w * 2, []
    for _ in range(2):
        d.append(q)
    d[1] *= w
    return np.sum(d[0] * d[1])


def stored_twice(w):
    d = {"a": w * 2}
    d["b"] = d["a"]
    d["a"] += w
    return np.sum(d["a"] * d["b"])


def pair(q):
    return [q, q]


def twice_by_a_function(w):
    d = pair(w * 2)
    d[0] *= w
    return np.sum(d[0] * d[1])


def in_two_lists_of_a_dict(w):
    q = w * 2
    d = {"x": [q], "y": [q]}
    d["x"][0] *= w
    return np.sum(d["x"][0] * d["y"][0])


def rounded_down(w):
    d = {"a": w * 2}
    q = d["a"]
    d["a"] //= 0.3
    return np.sum(w * q)


def attribute_and_a_name(w):
    o = Holder(w * 2)
    q = o.w
    o.w *= w
    return np.sum(q * o.w)


def attribute_and_a_name_in_a_sum(w):
    o = Holder(w * 2)
    q = o.w
    o.w += w
    return np.sum(q * o.w)


def attribute_changed_by_a_method(w):
    q = w * 2
    o = Holder(q)
    o.halve()
    return np.sum(q * o.w)


def attributes_of_two_objects(w):
    o = Holder(w * 2)
    p = Holder(o.w)
    o.w **= 2
    return np.sum(p.w * o.w)


def changed_where_it_is_made(w):
    q = w * 1.5
    o = Doubling(q)
    return np.sum(q * o.w) * o.first


def name_bound_to_its_own_view(w):
    a = w * 1.5
    x = a
    t = x
    t *= 2.0
    x = t
    return np.sum(x) * a[0]


def object_in_a_list_twice(w):
    o = Holder(w[0])
    for one in [o, o]:
        one.w = one.w * w[2]
    return o.w


def object_in_a_list_and_under_a_name(w):
    o = Holder(w[0])
    holders = [o, Holder(w[2])]
    for one in holders:
        one.w = one.w * w[2]
    return holders[0].w * o.w * holders[1].w


def object_changed_after_it_was_appended(w):
    holders = []
    for i in range(3):
        o = Holder(w[i])
        holders.append(o)
        o.w = o.w * w[0]
    return holders[0].w * holders[1].w + holders[2].w


def objects_of_two_lists(w):
    first = [Holder(w[0]), Holder(w[2])]
    second = [first[1], first[0]]
    for one in first:
        one.w = one.w * w[1]
    return second[0].w + second[1].w * first[1].w


def one_of_two_objects(w):
    o = Holder(w[0])
    p = o if w[0] > 0 else Holder(w[2])
    p.w = p.w * w[1]
    return o.w * p.w


def objects_in_order(w):
    holders = [Holder(w[0]), Holder(w[2]), Holder(w[1])]
    ordered = sorted(holders, key=lambda one: one.w)
    ordered[0].w = ordered[0].w * w[0]
    return holders[2].w * holders[0].w


PROGRAMS = [
    copy_of_a_dict,
    copy_of_what_a_call_gave,
    original_of_a_copy,
    part_of_an_original,
    copies_by_a_function,
    list_of_an_array_twice,
    list_repeated,
    appended_twice,
    stored_twice,
    twice_by_a_function,
    in_two_lists_of_a_dict,
    rounded_down,
    attribute_and_a_name,
    attribute_and_a_name_in_a_sum,
    attribute_changed_by_a_method,
    attributes_of_two_objects,
    changed_where_it_is_made,
    name_bound_to_its_own_view,
    object_in_a_list_twice,
    object_in_a_list_and_under_a_name,
    object_changed_after_it_was_appended,
    objects_of_two_lists,
    one_of_two_objects,
    objects_in_order,
]


def differences(f):
    steps = 1e-6 * np.eye(3)
    return np.array([(f(X + e) - f(X - e)) / 2e-6 for e in steps])


@pytest.mark.parametrize("f", PROGRAMS)
def test_forward_mode_is_exact(f):
    along = np.array([0.5, -1.2, 0.3])
    value, moved = tangent.jvp(f, (X,), (along,))
    assert value == f(X)
    np.testing.assert_allclose(moved, differences(f) @ along, rtol=1e-6)


@pytest.mark.parametrize("f", PROGRAMS)
def test_reverse_mode_refuses(f):
    with pytest.raises(tangent.TangentError) as caught:
        tangent.grad(f)(X)
    assert caught.value.code == "shared-store"
