"""The sandbox as an ASGI application: bytes in, bytes out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from pydantic import MISSING

from . import strict_json
from .records import Call, Reply
from .steps import MAX_BODY, serve
from .world import Store, World

Message: TypeAlias = MutableMapping[str, Any]  # as the ASGI specification has it
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

DOCUMENT = "/openapi.json"
"""Where the contract's document is served, unless the contract has that path itself."""


class Sandbox:
    """A server of one contract."""

    any_thread = True
    """Nothing that it holds is tied to a thread or an event loop."""

    def __init__(self, world: World, store: Store) -> None:
        self.world = world
        self.store = store
        self._document = strict_json.text(world.contract.document.data)
        self._declares_document = any(each.path == DOCUMENT for each in world.contract.operations)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3.0, HTTP and lifespan)."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        body = await _body(receive)
        if body is None:
            return
        call = _call(scope, body)
        if call.path == DOCUMENT and not self._declares_document:
            reply = self._describe(call)
        else:
            reply = await serve(self.world, self.store, call)
        await _send(send, reply, call.method)

    def close(self) -> None:
        """Give back the state file."""
        self.store.close()

    def _describe(self, call: Call) -> Reply:
        if call.method == "GET":
            return Reply(200, raw=self._document)
        wrong = {"code": "METHOD_NOT_ALLOWED", "message": "the path does not have this method"}
        return Reply(405, dict(wrong), headers=(("allow", "GET"),))


def _call(scope: Message, body: bytes) -> Call:
    raw: bytes = scope.get("raw_path") or str(scope["path"]).encode()
    parts = bytes(scope.get("query_string", b"")).decode("latin-1").split("&")
    query = [(name, value) for name, _, value in (part.partition("=") for part in parts if part)]
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = bytes(name).decode("latin-1").lower(), bytes(value).decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    path = raw.partition(b"?")[0].decode("latin-1")
    return Call(str(scope["method"]), path, tuple(query), headers, body)


async def _body(receive: Receive) -> bytes | None:
    """The whole body, cut just over the limit; None if the client went away."""
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part: bytes = message.get("body", b"")
        if size <= MAX_BODY:
            parts.append(part)
            size += len(part)
        more = message.get("more_body", False)
    return b"".join(parts)


async def _send(send: Send, reply: Reply, method: str) -> None:
    content = reply.raw
    if content is None:
        content = b"" if reply.value is MISSING else strict_json.text(reply.value)
    bare = reply.status in (204, 304) or (reply.raw is None and reply.value is MISSING)
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
    if not bare:
        headers.append((b"content-type", reply.media_type.encode("latin-1")))
    if reply.status not in (204, 304):
        headers.append((b"content-length", str(len(content)).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    silent = method == "HEAD" or reply.status in (204, 304)
    await send({"type": "http.response.body", "body": b"" if silent else content})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
