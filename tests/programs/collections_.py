"""`defaultdict`, `deque` and sets that change."""

from collections import OrderedDict, defaultdict, deque

import numpy as np

from programs.registry import exactly, followed_by, normal, program


@program(normal((5,)), smooth=True)
def groups_by_default(x):
    groups = defaultdict(list)
    for i, v in enumerate(x):
        groups[i % 2].append(v * v)
    return sum((k + 1) * sum(vs) for k, vs in groups.items())


@program(normal((5,)), smooth=True)
def counts_by_default(x):
    totals = defaultdict(float)
    for i, v in enumerate(x):
        totals[i % 3] += v * v
    return totals[0] * totals[1] + totals[7] + len(totals) * totals[2]


@program(normal((4,)), smooth=True)
def tables_by_default(x):
    table = defaultdict(dict)
    for i, v in enumerate(x):
        table[i % 2][i] = v * np.sin(v)
    return sum((k + 1) * sum(row.values()) for k, row in table.items())


@program(exactly(np.array([0.5, -0.3, 1.2])), smooth=True)
def neighbours_by_default(x):
    edges = defaultdict(list)
    for a, b in [(0, 1), (1, 2), (0, 2)]:
        edges[a].append((b, x[a] * x[b]))
        edges[b].append((a, x[b]))
    return sum(w * (n + 1) for node in sorted(edges) for n, w in edges[node])


@program(normal((6,)), smooth=True)
def the_last_three(x):
    recent, total = deque(maxlen=3), 0.0
    for v in x:
        recent.append(v * v)
        total += sum(recent) / len(recent) * recent[0]
    return total


@program(normal((6,)), smooth=True)
def in_front_of_a_deque(x):
    recent = deque(maxlen=2)
    waiting = deque(x[:3])
    total = 0.0
    while waiting:
        v = waiting.popleft()
        recent.appendleft(np.sin(v))
        total = total * 0.5 + recent[0] * recent[-1] * v
    return total


@program(normal((6,)), smooth=True)
def breadth_first(x):
    waiting, seen, total = deque([0]), {0}, 0.0
    while waiting:
        i = waiting.popleft()
        total = total * 0.9 + x[i] ** 2 * len(seen)
        for j in (2 * i + 1, 2 * i + 2, 0):
            if j < len(x) and j not in seen:
                seen.add(j)
                waiting.append(j)
    return total


@program(normal((6,)), smooth=True)
def a_set_that_changes(x):
    seen = set(range(2))
    total = 0.0
    for i in (0, 2, 1, 2, 4):
        if i in seen:
            continue
        seen.add(i)
        total += x[i] ** 2 * len(seen)
        if i > 2:
            seen.discard(0)
    for i in sorted(seen):
        total = total * 1.1 + x[i]
    return total if seen else 0.0


@program(followed_by(normal((4,)), 3), followed_by(normal((4,)), 2), smooth=True)
def windows_that_start_full(x, n):
    delayed, last = deque([0.0, 0.0], maxlen=2), deque([0.0] * n, maxlen=n)
    kept, all_, total = deque(x * 2.0, maxlen=n), deque([x[0]], maxlen=None), 0.0
    for v in x:
        delayed.append(v + 0.5 * delayed[0])
        last.appendleft(v * delayed[1])
        all_.append(v)
        total = total + last[-1] * last[0]
    kept.append(total)
    return total * delayed[0] + kept[0] * kept[-1] * len(all_)


@program(exactly(np.array([0.3, 0.4, 1.2, -0.4]), np.array([0, 1, 0, 2])))
def groups_by_computed_keys(x, labels):
    groups, rows = defaultdict(list), {}
    for v, label in zip(x, labels, strict=True):
        groups[int(label)].append(v)
        rows.setdefault(f"row{int(label) % 2}", [0.0, 0.0])[abs(int(label) - 1)] += v * v
    total = rows["row0"][1] * rows["row1"][0]
    for key in sorted(groups):
        group = groups[key]
        mean = sum(group) / len(group)
        total += (key + 1) * sum((v - mean) ** 2 for v in group)
    return total


@program(normal((4,)))
def turned_deques(x):
    ring = deque(x)
    for k in (1, -2, 7, 0):
        ring.rotate(k)
    ring.rotate()
    none = deque()
    none.rotate(3)
    return sum(v * i for i, v in enumerate(ring)) ** 2 + len(none) * x[0]


@program(normal((4,)), smooth=True)
def deque_that_is_filled_at_once(x):
    recent: deque = deque(maxlen=3)
    recent.extend([x[0], x[1]])
    recent.extend(np.sin(x[2:]) * 2)
    recent.extendleft([x[1]])
    return recent[0] * recent[1] + recent[2] ** 2


@program(normal((4,)), smooth=True)
def copy_of_a_deque_keeps_its_length(x):
    recent = deque([x[0], x[1]], maxlen=2)
    other = recent.copy()
    other.append(x[2])
    return other[0] * other[1] ** 2 * len(other) + recent[0]


@program(normal((4,)), smooth=True)
def length_of_a_deque_is_that_of_the_beginning(x):
    total = 0.0
    for n in (1, 2):
        recent = deque([x[3]] * n, maxlen=n * 2)
        n = 7
        for v in x:
            recent.append(v * n)
        total = total + recent[0] * recent[1] ** 2 * len(recent)
    return total


@program(normal((3,)), smooth=True)
def copy_of_a_table_by_default(x):
    sums = defaultdict(float)
    sums["a"] += x[0]
    other = sums.copy()
    other["b"] += x[1]
    other["a"] *= x[2]
    return other["a"] * other["b"] + sums["a"] * len(sums)


@program(normal((3,)), smooth=True)
def ordered_dicts(x):
    one = OrderedDict(b=x[0], a=x[1] * x[0])
    one["c"] = x[2]
    other = OrderedDict(sorted(one.items()))
    last = dict(sorted(one.items(), key=lambda pair: pair[0], reverse=True), d=x[0])
    return list(other.values())[0] * one["c"] + sum(v * k for k, v in enumerate(last.values()))


@program(normal((2, 3)), smooth=True)
def products_by_lists_of_indices(a):
    b = np.einsum(a, (0, 1), a, (2, 1), (0, 2))
    return np.einsum(a, [0, 1], a, [0, 1], []) * np.einsum(a, [1, 0])[0, 1] + np.sum(b**2)
