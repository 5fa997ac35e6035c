"""An ASGI application on a loopback port, in a thread, for as long as it is wanted."""

from __future__ import annotations

import errno
import socket
import threading
import time
from types import TracebackType
from typing import Any, Self

import uvicorn

from tallystick.errors import TallystickError, UsageError

_PATIENCE = 10.0
"""Seconds to start, and to stop."""


class Server:
    """A running server::

    with Server(app) as server:
        fetch(f"{server.url}/v1/things")
    """

    def __init__(self, app: Any, host: str = "127.0.0.1", port: int = 0) -> None:
        """Take the port, so that ``url`` is known.

        Args:
            app: any ASGI application.
            port: 0 for any free one.

        Raises:
            UsageError: the port is taken or the address cannot be used.
        """
        self._socket = _bound(host, port)
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            app,
            log_level="critical",
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="tallystick-server", daemon=True)
        self._error: BaseException | None = None

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        deadline = time.monotonic() + _PATIENCE
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                self.stop()
                raise TallystickError(f"the server did not start: {self._error or 'no answer'}")
            time.sleep(0.005)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop serving and give the port back; a second time does nothing."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(_PATIENCE)
        self._socket.close()

    def wait(self) -> None:
        """Serve until the server ends or an interrupt comes."""
        while self._thread.is_alive():
            self._thread.join(0.2)

    def _serve(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        except (Exception, SystemExit) as error:  # noqa: BLE001  # told by __enter__
            self._error = error


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sends at once (TCP_NODELAY); without, each answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except (OSError, OverflowError) as error:
        listener.close()
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        what = (
            f"port {port} of {host} is taken"
            if taken
            else f"cannot serve at {host}:{port}: {error}"
        )
        raise UsageError(what, hint="name another port, or 0 for any free one") from None
    return listener
