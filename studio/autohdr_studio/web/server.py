"""Runs the server of a studio, on this computer's own address alone, until it is asked to end."""

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from types import FrameType

import uvicorn

from autohdr.errors import SettingsError
from autohdr_studio.shoot.studio import Studio
from autohdr_studio.web.events import Events
from autohdr_studio.web.guard import HOST, Guard
from autohdr_studio.web.routes import Routes

GRACE = 5
"""Seconds that requests under way have to end."""


class Server(uvicorn.Server):
    """A server that says so to the pages before it ends, and ends without a traceback."""

    def __init__(self, config: uvicorn.Config, events: Events) -> None:
        super().__init__(config)
        self._events = events

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """See `uvicorn.Server.serve`."""
        self._events.begin(asyncio.get_running_loop())
        await super().serve(sockets)

    def end(self) -> None:
        """Ends the server; by any thread."""
        self._events.close()
        self.should_exit = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """See `uvicorn.Server.handle_exit`; asked a second time, it waits for nobody."""
        self.force_exit = self.should_exit
        self.end()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Hears of Ctrl-C and of a request to end, and gives both back afterwards."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {one: signal.signal(one, self.handle_exit) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


def serve(studio: Studio, port: int = 0, on_open: Callable[[str, Server], None] = lambda address, server: None) -> None:
    """Serves a studio until Ctrl-C.

    Args:
        studio: an open one.
        port: 0 for any that is free.
        on_open: told the address to open, which works once, and the server; before the first request is answered.

    Raises:
        SettingsError: the port is taken.
    """
    try:
        listening = socket.create_server((HOST, port))
    except OSError as error:
        raise SettingsError(f"--port {port} cannot be used ({error.strerror}); name another, or none") from error
    port = listening.getsockname()[1]
    events = Events()
    guard = Guard(Routes(studio, events).app(), port)
    config = uvicorn.Config(
        guard,
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=30,
    )
    server = Server(config, events)
    studio.shoot.listener = events.publish
    on_open(f"http://{HOST}:{port}/?token={guard.token}", server)
    try:
        server.run(sockets=[listening])
    finally:
        studio.shoot.listener = lambda kind, told: None
        listening.close()
