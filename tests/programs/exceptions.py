"""`try`, `except`, `else`, `finally`, `raise` and `assert`."""

import math

import numpy as np

from programs.registry import exactly, floats, followed_by, normal, program


@program(followed_by(floats(1), 0), followed_by(floats(1), 5), smooth=True)
def handler_for_a_position(x, i):
    values = [x, x * x]
    try:
        y = values[i] * x
    except IndexError:
        y = np.sin(x)
    return y * x


@program(exactly(1.5), exactly(1.0), smooth=True)
def handler_for_a_division(x):
    try:
        y = x / (x - 1.0 if x > 1.2 else 0.0)
    except ZeroDivisionError:
        y = x * x
    return y * y


@program(
    followed_by(floats(1), "a"), followed_by(floats(1), "b"), followed_by(floats(1), 7), smooth=True
)
def several_handlers(x, key):
    table = {"a": [x, x * x]}
    try:
        y = table[key][key == "a"]
    except (ValueError, IndexError):
        y = 2 * x
    except KeyError as error:
        print(error, end="\r")
        y = x**3
    else:
        y = y + x
    return y * x


@program(exactly(0.7), exactly(1.7), smooth=True)
def raised_by_the_program(x):
    try:
        if x > 1:
            raise ValueError(f"{x} is too large")
        y = x * x
    except ValueError:
        y = np.cos(x)
    return y + x


@program(exactly(0.7), exactly(1.7), smooth=True)
def raised_by_a_callee(x):
    def checked(v):
        if v > 1:
            raise ValueError(v)
        return v * v

    try:
        y = checked(x)
    except ValueError:
        y = x
    return y * y


@program(exactly(2.5), exactly(-0.5), smooth=True)
def returns_under_a_try(x):
    try:
        return math.log(x) * x
    except ValueError:
        return x * x * x


@program(exactly(np.array([0.5, -1.0, 2.0, -0.3])), smooth=True)
def handlers_in_a_loop(x):
    total = 0.0
    for v in x:
        try:
            total = total + math.log(v)
        except ValueError:
            total = total * v + v
    return total * x[0]


@program(exactly(np.array([0.5, -1.0, 2.0, -0.3])), smooth=True)
def handler_that_continues(x):
    total = 0.5
    for v in x:
        try:
            term = math.sqrt(v)
        except ValueError:
            continue
        total = total * term + v
    return total


@program(exactly(5.0), exactly(0.4), smooth=True)
def until_it_works(x):
    y = x
    while True:
        try:
            z = math.sqrt(2.0 - y)
            break
        except ValueError:
            y = y * 0.5
    return z * y


@program(followed_by(floats(1), 3), smooth=True)
def a_loop_under_a_try(x, n):
    total = x
    try:
        product = x
        for i in range(5):
            product = product * x
            if i == n:
                raise StopIteration
        total = product
    except StopIteration:
        total = x * x * total
    return total


@program(followed_by(floats(1), 1), followed_by(floats(1), 4), smooth=True)
def a_loop_in_a_callee_under_a_try(x, n):
    def power(v, limit):
        for i in range(4):
            v = v * x
            if i == limit:
                raise OverflowError
        return v

    total = x
    for k in range(n, 6):
        try:
            total = total * 0.5 + power(total, k)
        except OverflowError:
            total = total + x
    return total


@program(floats(1), smooth=True)
def finally_after_both(x):
    y = x
    try:
        y = y * x
    finally:
        y = y + 1.0
    try:
        z = [y][3]
    except IndexError:
        z = y * x
    finally:
        print(end="")
    return y * z


@program(followed_by(floats(1), 0), followed_by(floats(1), 1), smooth=True)
def nested_and_raised_anew(x, i):
    try:
        try:
            y = [x * x][i]
        except IndexError as error:
            raise KeyError("none") from error
    except KeyError:
        y = x * 3
    return y * x


@program(followed_by(floats(1), 0), followed_by(floats(1), 2), smooth=True)
def whatever_was_raised(x, i):
    try:
        y = [x, x * x][i]
    except Exception:
        y = 1.0 / x
    return y


@program(followed_by(floats(1), 0), followed_by(floats(1), 2), smooth=True)
def the_old_value_stays(x, i):
    y = x * x
    try:
        y = y * [x, 2 * x][i]
    except IndexError:
        pass
    return y * x


@program(normal((3,)), smooth=True)
def asserted(x):
    assert len(x) == 3, f"{len(x)} numbers"
    y = x * x
    if y.ndim != 1:
        raise TypeError("not a vector") from None
    return np.sum(y * x)


@program(exactly(np.array([0.5, -1.0, 2.0])), smooth=True)
def sums_at_the_end_of_a_try(x):
    total, product = 0.0, 1.0
    for v in x:
        try:
            if v > 1.5:
                raise ValueError
            total += math.sqrt(v)
        except ValueError:
            total -= v * v
            continue
        try:
            product *= math.log(v)
        except ValueError:
            product = 0.1
    return total * product


def square(v):
    return v * v


def negative(v):
    if v > 0:
        raise ValueError
    return v


@program(exactly(-0.8), exactly(0.8), exactly(1.1), smooth=True)
def raised_behind_a_call_in_a_loop(x):
    total = 0.0
    for i in range(4):
        try:
            a = square(x + i)
            u = math.sqrt(2.0 - a) * a
            total = total + u * a
        except ValueError:
            total = total + x * x
    return total


@program(exactly(0.8), exactly(1.3), smooth=True)
def raised_anywhere_in_a_loop(x):
    y = x
    for _ in range(6):
        try:
            a = math.exp(y * x)
            b = math.log(a - 2.0)
            y = y + math.sqrt(2.0 - b) * a * 0.01
        except ValueError:
            y = y * 0.9
    return y


@program(exactly(-0.7), exactly(-0.2), exactly(0.8), smooth=True)
def what_a_branch_binds_under_a_try(x):
    y = x
    try:
        if x > -0.5:
            y = x * x
        u = x * negative(x)
        if x < 0.1:
            w = u * u
            u = w * w
        total = u * y
    except ValueError:
        total, y = 3 * x, 2 * x
    return total * y


@program(exactly(-0.7), exactly(0.8), smooth=True)
def read_where_nothing_was_raised(x):
    try:
        z = x * negative(x)
        t = z * z
        ok = True
    except ValueError:
        ok = False
    if ok:
        return t * z
    return x * x


@program(exactly(-0.7), exactly(0.8), smooth=True)
def a_list_filled_under_a_try(x):
    try:
        values = []
        for i in range(3):
            values.append(x * i)
        total = sum(values) * negative(x)
    except ValueError:
        total = x * x
    return total


@program(exactly(-0.7), exactly(0.8), exactly(1.3), smooth=True)
def a_list_that_handlers_fill_too(x):
    found = []
    for i in range(4):
        try:
            v = negative(x - i + 1)
            found.append(v * x)
        except ValueError:
            found.append(x * x)
    return sum(found)


@program(exactly(-0.7), exactly(0.8), smooth=True)
def two_names_at_the_end_of_a_try(x):
    try:
        a, b = x * x, negative(x)
    except ValueError:
        a, b = x, x * x * x
    return a * b


@program(floats(1), smooth=True)
def bound_on_both_paths_under_a_try(x):
    try:
        if x > 0.0:
            y = x * 2.0
        else:
            y = x * x
        z = y * y
    except ZeroDivisionError:
        raise
    return z * y


@program(floats(1), smooth=True)
def argument_bound_on_one_path_under_a_try(x):
    try:
        if x > 100.0:
            x = x * 2.0
        z = x * x
    except ZeroDivisionError:
        raise
    return z * x


@program(normal(3), smooth=True)
def parameter_with_the_name_that_a_try_binds(w):
    x = w * 3.0
    try:
        x = np.array([(lambda x: x * w[0])(v) for v in x])
    except ZeroDivisionError:
        pass
    return np.sum(x * x * w)


@program(normal(3), smooth=True)
def item_with_the_name_that_a_try_binds(w):
    try:
        y = [y * w for y in w]
        x = sum([np.sum(y) for y in y])
    except ZeroDivisionError:
        x = w[0]
    y = w * x
    return np.sum(x * y)


@program(exactly(0.7), exactly(-0.2))
def early_value_of_a_try(x):
    table = {"a": x}

    def get(key):
        try:
            v = table[key]
            if v > 0.5:
                return v * v
        except KeyError:
            return x
        return v

    return get("a") * get("b")
