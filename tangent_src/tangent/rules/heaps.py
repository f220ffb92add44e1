"""`heapq`: the module's own algorithm, as programs that write into the list.

What is compared moves as it stands: numbers, or tuples that begin with one.
"""

from __future__ import annotations

import heapq

from tangent.rules.language import defprogram


def _towards_the_root(heap, start, position):
    item = heap[position]
    while position > start:
        parent = (position - 1) >> 1
        if not item < heap[parent]:
            break
        heap[position] = heap[parent]
        position = parent
    heap[position] = item


def _towards_the_leaves(heap, position):
    end = len(heap)
    start = position
    item = heap[position]
    child = 2 * position + 1
    while child < end:
        right = child + 1
        if right < end and not heap[child] < heap[right]:
            child = right
        heap[position] = heap[child]
        position = child
        child = 2 * position + 1
    heap[position] = item
    _towards_the_root(heap, start, position)


@defprogram(heapq.heappush)
def heappush(heap, item):
    heap.append(item)
    _towards_the_root(heap, 0, len(heap) - 1)


@defprogram(heapq.heappop)
def heappop(heap):
    last = heap.pop()
    if not heap:
        return last
    first = heap[0]
    heap[0] = last
    _towards_the_leaves(heap, 0)
    return first


@defprogram(heapq.heapreplace)
def heapreplace(heap, item):
    first = heap[0]
    heap[0] = item
    _towards_the_leaves(heap, 0)
    return first


@defprogram(heapq.heappushpop)
def heappushpop(heap, item):
    if heap and heap[0] < item:
        first = heap[0]
        heap[0] = item
        _towards_the_leaves(heap, 0)
        return first
    return item


@defprogram(heapq.heapify)
def heapify(x):
    for position in reversed(range(len(x) // 2)):
        _towards_the_leaves(x, position)


@defprogram(heapq.nlargest)
def nlargest(n, iterable, key=None):
    return sorted(iterable, key=key, reverse=True)[:n]


@defprogram(heapq.nsmallest)
def nsmallest(n, iterable, key=None):
    return sorted(iterable, key=key)[:n]
