"""Nested functions that change variables of the function around: counters, sums, memos."""

import functools

import numpy as np

from programs.registry import normal, positive, program


@program(positive(()), smooth=True)
def counter_in_an_expression(x):
    count = 0

    def f(v):
        nonlocal count
        count += 1
        return np.sin(v) * count

    return f(x) + f(x * x) * x - count * f(f(x))


@program(normal((3,)), smooth=True)
def number_read_in_front_of_a_call(w):
    t = w[0]

    def f(v):
        nonlocal t
        t = t * v
        return t

    return t * f(w[1]) + t * (f(w[2]) - t) + np.sin(t) * f(t)


@program(normal((3,)), smooth=True)
def array_read_in_front_of_a_call(w):
    t = w

    def f(v):
        nonlocal t
        t = t * v
        return t

    return np.sum(t * f(w[1]) + t * (f(w[2]) - t))


@program(positive(()), smooth=True)
def calls_in_conditions_and_comprehensions(x):
    n = 0

    def f(v):
        nonlocal n
        n += 1
        return v * n

    a = f(x) if x > 0 else f(x * 2) * n
    b = x > 0 and f(x) > 0 and f(x * x) > 0
    c = [f(x + k) for k in range(3) if f(x) > -10]
    return a * n + sum(c) * b


@program(positive(()), smooth=True)
def call_in_the_test_of_a_loop(x):
    n = 0

    def f(v):
        nonlocal n
        n += 1
        return v * 0.5

    y = x
    while f(y) > 0.1:
        y = y * 0.6
    return y * n


@program(normal((3,)), smooth=True)
def two_functions_one_calls_the_other(w):
    a, b = w[0], 1.0

    def f(v):
        nonlocal a
        a = a * v
        return a + b

    def g(v):
        nonlocal b
        b = f(v) * b
        return b

    return f(w[1]) + g(w[2]) * a + f(b)


@program(normal((3,)), smooth=True)
def signatures_of_every_kind(w):
    total = w[0]

    def add(*values, scale=1.0, **options):
        nonlocal total
        for v in values:
            total = total + v * scale * options.get("k", 1.0)
        return total

    add(w[1], w[2])
    return add(w[0], scale=w[1]) * add(w[0], k=w[2]) * total


@program(normal((3,)), positive((3,)), smooth=True)
def early_returns_and_no_call(w):
    hits, other = 0, 1.0

    def f(v):
        nonlocal hits
        for k in range(4):
            if v * k > 1:
                hits += 1
                return v * k
            if k == 3:
                return v
        hits += 10
        return None

    def never(v):
        nonlocal other
        other = v

    for k in range(0):
        never(w[k])
    return (f(w[0]) + f(w[1]) * f(w[2])) * (hits + 1) * other


@program(normal((3,)), smooth=True)
def history_and_count(w):
    losses, count = [], 0

    def loss(v):
        nonlocal count
        count = count + 1
        losses.append(count * np.sum(v))
        return np.sum(v * v)

    v = w
    for _ in range(3):
        v = v - 0.1 * loss(v) * v
    return sum(losses) * count


@program(normal((3,)), smooth=True)
def variable_that_another_function_reads(w):
    n = w[0]

    def scaled(v):
        return v * n

    def both(v):
        return scaled(v) + 1.0

    def change(v):
        nonlocal n
        n = n * v
        return both(v)

    return change(w[1]) + scaled(w[2]) * change(w[2])


# ------------------------------------------------------------------------------ memos


@program(positive(()))
def memo_asked_first(x):
    memo = {}

    def fib(n):
        if n in memo:
            return memo[n]
        if n < 2:
            return x * (n + 1)
        memo[n] = np.sin(fib(n - 1)) + fib(n - 2) * x
        return memo[n]

    return fib(7)


@program(normal((3,)), smooth=True)
def memo_of_pairs(w):
    memo = {}

    def paths(i, j):
        if i < 0 or j < 0:
            return 0.1
        if (i, j) not in memo:
            first, second = paths(i - 1, j) * w[0], paths(i, j - 1) * w[1]
            memo[i, j] = np.logaddexp(first, second) + w[2] * (i - j)
        return memo[(i, j)]

    return paths(3, 3) + len(memo)


@program(normal((3,)), smooth=True)
def memo_of_arrays(w):
    memo = {}

    def power(k):
        if k not in memo:
            memo[k] = w if k == 1 else power(k // 2) * power(k - k // 2)
        return memo[k]

    return np.sum(power(5)) + np.sum(power(3) * memo[2])


@program(normal((3,)), smooth=True)
def memo_asked_by_get(w):
    memo = {}

    def f(n):
        hit = memo.get(n)
        if hit is not None:
            return hit
        memo[n] = w[n % 3] if n < 2 else f(n - 1) * w[n % 3] + f(n - 2)
        return memo[n]

    return f(6) * f(3)


@program(normal((3,)), smooth=True)
def memo_filled_by_a_helper(w):
    memo = {}

    def put(k, v):
        memo[k] = v
        return v

    def f(n):
        if n in memo:
            return memo[n]
        return put(n, w[n % 3] if n < 2 else f(n - 1) * f(n - 2))

    return f(5) + put("x", w[0]) * memo["x"]


@program(normal((3,)), smooth=True)
def memo_emptied(w):
    memo = {}

    def f(n, c):
        if n in memo:
            return memo[n]
        memo[n] = c * w[n % 3] if n < 2 else f(n - 1, c) * f(n - 2, c)
        return memo[n]

    a = f(4, 1.0)
    memo = {}
    return a + f(4, w[0])


@program(normal((3,)), smooth=True)
def two_memos_of_two_functions(w):
    even, odd = {}, {}

    def e(n):
        if n <= 0:
            return w[0]
        if n not in even:
            even[n] = np.sin(o(n - 1)) * w[1]
        return even[n]

    def o(n):
        if n <= 0:
            return w[2]
        if n not in odd:
            odd[n] = e(n - 1) + o(n - 2)
        return odd[n]

    return e(5) * o(5) + len(even)


@program(normal((3,)), smooth=True)
def memo_in_a_comprehension(w):
    memo = {}

    def f(n):
        if n not in memo:
            memo[n] = w[0] if n == 0 else sum([f(k) * w[1] for k in range(n)])
        return memo[n]

    return f(4) + sum([f(k) for k in range(3)])


@program(normal((3,)), smooth=True)
def memo_of_tuples(w):
    memo = {}

    def f(n):
        if n in memo:
            return memo[n]
        if n == 0:
            r = (w[0], w[1])
        else:
            a, b = f(n - 1)
            r = (b, a * w[2] + b)
        memo[n] = r
        return r

    return f(5)[0] * f(3)[1]


@program(normal((3,)), smooth=True)
def memo_of_lists(w):
    memo = {}

    def f(n):
        if n in memo:
            return memo[n]
        r = [w[0], w[1]] if n == 0 else [v * w[2] for v in f(n - 1)] + [f(n - 1)[0]]
        memo[n] = r
        return r

    return sum(f(3))


@program(normal((3,)), smooth=True)
def missing_key_of_a_memo(w):
    memo = {}

    def f(n):
        try:
            return memo[n]
        except KeyError:
            memo[n] = w[n % 3] if n < 2 else f(n - 1) * f(n - 2)
            return memo[n]

    return f(5)


@program(normal((3,)), smooth=True)
def memo_of_each_call(w):
    def outer(v):
        memo = {}

        def f(n):
            if n in memo:
                return memo[n]
            memo[n] = v * w[n % 3] if n < 2 else f(n - 1) * f(n - 2)
            return memo[n]

        return f(4)

    return outer(w[0]) + outer(w[1])


@program(positive(()), smooth=True)
def list_filled_by_a_recursion(x):
    out = []

    def walk(n):
        out.append(x**n)
        if n > 0:
            walk(n - 1)

    walk(4)
    return sum(out)


@program(normal((3,)), smooth=True)
def stack_of_a_recursion(w):
    stack = [w[0]]

    def f(n):
        v = stack.pop()
        stack.append(v * w[1])
        stack.append(v + w[2])
        if n > 0:
            f(n - 1)
        return stack[0]

    return f(3) * stack[-1] + len(stack)


@program(normal((3,)), smooth=True)
def sums_under_keys(w):
    sums = {"a": 0.0}

    def f(n):
        sums["a"] += w[n % 3]
        if n > 0:
            return f(n - 1) * 2 + sums["a"]
        return w[0]

    return f(4) * sums["a"]


@program(normal((3,)), smooth=True)
def entries_read_and_replaced_on_the_way(w):
    memo = {0: w[0]}

    def f(n):
        if n not in memo:
            memo[n] = memo[0] * f(n - 1)
            memo[0] = memo[0] * w[1]
        return memo[n] + memo[0]

    return f(4)


def scaled_by(a, out=2.0):
    return a * out


@program(normal((3,)), smooth=True)
def parameter_named_out(w):
    def f(a, out=3.0):
        return a * out

    return f(w[0], out=w[1]) * f(w[1]) + scaled_by(w[2], out=w[0])


@program(normal((3,)), smooth=True)
def results_that_are_kept_while_what_they_read_changes(x):
    scale, rates = x[0], {"a": x[1]}

    @functools.cache
    def power(k):
        return rates["a"] * scale if k == 0 else power(k - 1) * scale + rates["a"]

    early = power(2)
    scale = scale * x[2]
    rates["a"] = x[2]
    return early * power(2) * power(3)


@program(normal((3,)), smooth=True)
def results_that_are_kept_in_each_iteration(x):
    calls, total = [], 0.0
    for k in range(3):

        @functools.lru_cache(maxsize=None)
        def part(i):
            calls.append(i)
            return x[i] * k * len(calls)

        total = total + part(k) * part(0) + part(1)
    return total * len(calls)
