"""A bounded, ordered flow of work through a thread pool."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def ordered_map(
    pool: Executor,
    work: Callable[[A], B],
    items: Iterable[A],
    ahead: int,
    quick: Callable[[A], bool] = lambda item: False,
) -> Iterator[B]:
    """`work(item)` for each item, in order, with at most `ahead` of them under way or waiting to be taken; an item that
    is `quick` is not handed to another thread, which takes longer than such work.

    `Executor.map` would take in all items at once, and hold every result that came early: a shoot would not fit.
    """
    waiting: deque[Future[B]] = deque()
    try:
        for item in items:
            waiting.append(_begun(pool, work, item, quick))
            if len(waiting) >= ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def ordered_within(
    pool: Executor,
    work: Callable[[A], B],
    items: Iterable[A],
    share: Callable[[A], float],
    quick: Callable[[A], bool] = lambda item: False,
) -> Iterator[B]:
    """`work(item)` for each item, in order; of all that are under way or waiting to be taken, the shares are together 1
    at most, unless a single one is more. `quick` is as of `ordered_map`.
    """
    waiting: deque[tuple[Future[B], float]] = deque()
    taken = 0.0
    try:
        for item in items:
            wanted = share(item)
            while waiting and taken + wanted > 1:
                taken -= waiting[0][1]
                yield waiting.popleft()[0].result()
            waiting.append((_begun(pool, work, item, quick), wanted))
            taken += wanted
            if taken >= 1:
                taken -= waiting[0][1]
                yield waiting.popleft()[0].result()
        while waiting:
            yield waiting.popleft()[0].result()
    finally:
        for future, _ in waiting:
            future.cancel()


def _begun(pool: Executor, work: Callable[[A], B], item: A, quick: Callable[[A], bool]) -> "Future[B]":
    """The work on an item, under way or done."""
    if not quick(item):
        return pool.submit(work, item)
    done: Future[B] = Future()
    done.set_result(work(item))
    return done
