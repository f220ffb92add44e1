"""Each analysis as text: what it finds stands in the comments of the programs below."""

import numpy as np
import pytest

from analyses.facts import DESCRIBE, claims, found

PROGRAMS = []


def claimed(function):
    PROGRAMS.append(function)
    return function


# ---------------------------------------------------------------- activity


@claimed
def varied_and_useful(x, y):
    a = x * y  # active: x
    b = y * 2  # active: -
    c = np.sin(x)  # active: -; kept: no
    c = c * a  # active: -; kept: no
    return a * b  # active: a


@claimed
def whole_names_are_overwritten(x):
    y = x * 2  # active: -
    y = 3.0  # active: -
    z = y * 2  # active: -
    y = x * z  # active: x
    return y * z  # active: y


@claimed
def elements_are_not_the_whole(x):
    y = x * 2  # active: x
    y[0] = 3.0  # active: y
    return np.sum(y)  # active: y


@claimed
def either_branch(x, c):
    if c > 0:
        y = x * x  # active: x
    else:
        y = c * c  # active: -
    return y * 2  # active: y


@claimed
def around_the_loop(x, n):
    y = 1.0  # active: -
    z = 1.0  # active: -
    for i in range(n):
        z = z * y  # active: y, z
        y = x * i  # active: x
    return z + 0.0  # active: z


# ---------------------------------------------------------------- liveness


@claimed
def the_result_is_checked(x, a):
    y = x * a  # kept: yes
    z = y + x  # kept: yes
    y = a * a  # kept: no
    return z * a  # kept: yes


@claimed
def by_the_result(x):
    y = np.exp(x)  # kept: yes
    z = y * 2  # kept: no
    print(end="")  # kept: yes
    z = np.sin(x)  # kept: yes
    return z * y  # kept: yes


@claimed
def dead_overwriting(x, n):
    z = 1.0
    for _ in range(n):  # kept: yes
        y = z * x  # kept: yes
        z = np.sin(y)  # kept: yes
        y = 7.0  # kept: no
    return z * 1.0


# ---------------------------------------------------------------- recording and recomputation


@claimed
def overwritten_once(x):
    y = np.sin(x)  # saves: -
    z = y * y  # saves: -
    y = np.cos(x)  # saves: y
    return z * y


@claimed
def linear_in_what_is_overwritten(x, a):
    y = x * a
    y = y * a  # saves: -
    y = y + x  # saves: -
    return y * 1.0


@claimed
def by_its_result(x, n):
    y = x
    for _ in range(n):
        y = np.tanh(y)  # saves: y
    return y * 1.0


@claimed
def out_of_scope(x, n):
    y = x
    for _ in range(n):
        t = y @ y  # saves: t at the end; again: -
        y = y * np.sin(t)  # saves: y
    return np.sum(y)


@claimed
def cheap_values_are_computed_again(x, n):
    y = x
    for i in range(n):
        t = x * i  # again: t; saves: -
        u = t + 1.0  # again: u; saves: -
        y = y * u  # saves: y
    return np.sum(y)


@claimed
def one_element(x):
    y = x * 1.0
    z = y * y
    y[0] = 0.0  # saves: y (a part)
    return np.sum(z * y)


@claimed
def undone(x):
    ys = [x]
    ys.append(x * x)  # saves: -
    z = 0.0
    for y in ys:
        z = z + y * y
    ys.append(z)  # saves: ys (undone)
    return z * ys[2]


# ---------------------------------------------------------------- shapes


@claimed
def broadcasts(x, y):
    a = np.sin(x)  # shape: x
    b = 2 * a - x  # shape: x
    c = a * y  # shape: [c]
    d = c / b  # shape: [c] & x
    e = np.sum(d)  # shape: ()
    return e * 2  # shape: ()


@claimed
def backward_from_the_result(x, y):
    a = x * y  # shape: ()
    b = np.cos(a)  # shape: ()
    return b * x  # shape: ()


@claimed
def around_a_loop(x, w, n):
    y = x  # shape: x
    for _ in range(n):
        y = np.tanh(y)  # shape: x
        w = w * y  # shape: [w]
    return np.sum(y) + np.sum(w)


# ---------------------------------------------------------------- sharing


@claimed
def views_and_copies(x):
    a = x * 2
    b = a
    c = a[1:]
    d = a.copy()
    e = a + 1
    a[0] = 1.0  # shared: b, c
    d[0] = 2.0  # shared: -
    return np.sum(a) + np.sum(b) + np.sum(c) + np.sum(d) + np.sum(e)


@claimed
def containers_hold(x):
    a = x * 2
    xs = [a]
    a[0] = 1.0  # shared: xs
    xs.append(a)  # shared: -
    return np.sum(a) + np.sum(xs[0])


@claimed
def each_iteration_makes_its_own(x, n):
    total = 0.0
    for _ in range(n):
        a = x * 2
        a[0] = 1.0  # shared: -
        total = total + np.sum(a)
    return total


# ---------------------------------------------------------------- adjoints


@claimed
def first_contribution_assigns(x, y):
    a = x * y  # adjoint: -
    b = a * x  # adjoint: sets a
    return b * x  # adjoint: sets b, sets x


@claimed
def branches_agree(x, c):
    a = x * 2  # adjoint: -
    if c > 0:  # adjoint: zeros of x in the body, zeros of a in the else
        y = a * 3  # adjoint: sets a
    else:
        y = x * 4  # adjoint: sets x
    return y * 5  # adjoint: sets y


@claimed
def loops_start_with_zeros(x, n):
    y = 1.0
    for _ in range(n):  # adjoint: zeros of x before
        y = y * x  # adjoint: sets y
    return y * 2  # adjoint: sets y


CLAIMS = [(f, key) for f in PROGRAMS for key in DESCRIBE if key in {k for _, k in claims(f)}]


@pytest.mark.parametrize(("function", "key"), CLAIMS, ids=lambda v: getattr(v, "__name__", v))
def test_what_the_comments_claim(function, key):
    wanted = {line: text for (line, k), text in claims(function).items() if k == key}
    have = found(function, key)
    assert {line: have[line] for line in wanted} == wanted


def test_every_comment_is_a_claim():
    assert {key for f in PROGRAMS for _, key in claims(f)} == set(DESCRIBE)


def test_the_comments_are_read():
    lines = sorted(claims(views_and_copies).items())
    assert [(key, text) for (_, key), text in lines] == [("shared", "b, c"), ("shared", "-")]
    have = found(views_and_copies, "shared")
    assert [have[line] for (line, _), _ in lines] == ["b, c", "-"]
