"""Tells the pages that are open what happens: server-sent events, each page with a queue that cannot grow."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

WAITING = 4000
"""Events that wait for a page at most. One that falls behind is told to ask for everything again."""
PAGES = 8
"""Pages that may listen at once."""
QUIET = 15.0
"""Seconds after which a page is told that there is nothing to tell, so that a dead one is noticed."""


class Events:
    """Hands on events to all pages that listen."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[str | None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Says in which loop the pages are answered."""
        self._loop = loop

    @property
    def full(self) -> bool:
        """Whether no other page may listen."""
        return len(self._queues) >= PAGES

    def publish(self, kind: str, told: dict[str, Any]) -> None:
        """Tells all pages; by any thread, and it never waits."""
        text = spell(kind, told)
        self._in_loop(lambda: self._spread(text))

    def close(self) -> None:
        """Tells all pages that this is the end; by any thread."""
        self._in_loop(self._end)

    async def listen(self) -> AsyncIterator[str]:
        """The events from now on, as the protocol spells them."""
        queue: asyncio.Queue[str | None] = asyncio.Queue(WAITING)
        if self._closed:
            yield spell("stopped", {})
            return
        self._queues.add(queue)
        try:
            yield "retry: 1000\n\n"
            while True:
                try:
                    text = await asyncio.wait_for(queue.get(), QUIET)
                except TimeoutError:
                    yield ": quiet\n\n"
                    continue
                if text is None:
                    yield spell("stopped", {})
                    return
                yield text
        finally:
            self._queues.discard(queue)

    def _in_loop(self, what: Callable[[], None]) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                self._loop.call_soon_threadsafe(what)

    def _spread(self, text: str) -> None:
        for queue in self._queues:
            _put(queue, text)

    def _end(self) -> None:
        self._closed = True
        for queue in self._queues:
            _put(queue, None)


def _put(queue: asyncio.Queue[str | None], text: str | None) -> None:
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(spell("reload", {}))
    queue.put_nowait(text)


def spell(kind: str, told: dict[str, Any]) -> str:
    """One event as the protocol spells it."""
    return f"event: {kind}\ndata: {json.dumps(told)}\n\n"
