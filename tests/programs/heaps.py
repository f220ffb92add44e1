"""Heaps: queues of numbers, and of tuples, that `heapq` keeps in order."""

import heapq
from heapq import heappop, heappush

from programs.registry import exactly, program

ROADS = {0: [(1, 1.0), (2, 4.0)], 1: [(2, 2.0), (3, 6.0)], 2: [(3, 3.0)], 3: []}


@program(exactly([1.5, 0.5, 0.9]))
def queue_of_numbers(x):
    queue = [v * v for v in x]
    heapq.heapify(queue)
    first = heapq.heapreplace(queue, queue[0] * 5.0)
    least = heapq.heappushpop(queue, first)
    return first * least + queue[1] * heappop(queue) ** 2


@program(exactly(0.7), saves=False)
def shortest_way(length):
    known = {0: 0.0 * length}
    queue = [(0.0 * length, 0)]
    while queue:
        way, place = heappop(queue)
        if way > known[place]:
            continue
        for other, road in ROADS[place]:
            further = way + road * length
            if other not in known or further < known[other]:
                known[other] = further
                heappush(queue, (further, other))
    return known[3] ** 2


class Queue:
    def __init__(self):
        self.held = []

    def put(self, time, what):
        heappush(self.held, (time, what))


@program(exactly(0.7), saves=False)
def events_of_an_object(x):
    queue = Queue()
    for i in range(3):
        queue.put(x * (i - 1.2) ** 2, i)
    time, first = heappop(queue.held)
    return time * first + heappop(queue.held)[0] ** 2 + len(queue.held)
