"""An implementation of the API as an ASGI application, on Starlette.

Bodies and answers are read and checked by the same exact models that the client uses.
"""

from __future__ import annotations

import contextvars
import inspect
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, TypeAlias, cast
from urllib.parse import quote

from pydantic import MISSING
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from . import bodies, incoming, json_text, streaming
from .incoming import Presented, Received, Table
from .operation import Answer, Chunks, Operation, Raw, Scheme, codec
from .problems import Refusal, Shape
from .reading_page import page

MAX_BODY = 16 * 1024 * 1024

logger = logging.getLogger(__name__)

Authenticate: TypeAlias = Callable[[Presented], object]
"""Gives who calls, for a credential; None: nobody that is known. It may be a coroutine function."""

_principal: contextvars.ContextVar[object | None] = contextvars.ContextVar(
    "principal", default=None
)


def principal() -> object | None:
    """Who calls: what ``authenticate`` gave for the request that is being answered."""
    return _principal.get()


@dataclass(frozen=True, slots=True)
class Page:
    """A file that the server shows beside the operations."""

    content: bytes
    media_type: str


class Application:
    """Answers requests by calling an implementation.

    Args:
        implementation: an object with the resources as attributes and operations as methods.
        operations: the operations of the document.
        schemes: its security schemes, by name.
        authenticate: says who presents a credential.
        shape: how refusals are written.
        pages: further files, by path, behind the operations.
        max_body: the cap of a request body in bytes.
    """

    def __init__(
        self,
        implementation: object,
        operations: Sequence[Operation[Any]],
        schemes: Mapping[str, Scheme],
        authenticate: Authenticate | None,
        shape: Shape,
        pages: Mapping[str, Page],
        max_body: int = MAX_BODY,
    ) -> None:
        if authenticate is None and any(_closed(operation) for operation in operations):
            raise ValueError("`authenticate` is needed: the document declares security")
        self._table = Table(operations)
        self._methods = {each.place: _method(implementation, each) for each in operations}
        self._schemes = schemes
        self._authenticate = authenticate
        self._shape = shape
        self._pages = pages
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI interface, for HTTP."""
        if scope["type"] != "http":
            await WebSocketClose()(scope, receive, send)
            return
        request = Request(scope, receive)
        token = _principal.set(None)
        try:
            await (await self._made(request))(scope, receive, send)
        except ClientDisconnect:
            return
        finally:
            _principal.reset(token)

    async def _made(self, request: Request) -> Response:
        try:
            response = await self._response(request)
            await streaming.prepare(response)
        except Refusal as refusal:
            response = self._refused(refusal)
        except ClientDisconnect:
            raise
        except Exception:
            logger.exception("%s of an implementation failed", request.method)
            response = self._refused(Refusal(500, "the server failed"))
        return response

    async def _response(self, request: Request) -> Response:
        received = _received(request)
        page = self._pages.get(received.path)
        try:
            operation, values = self._table.find(received.method, received.path)
        except Refusal as refusal:
            if page is None or refusal.status != 404:
                raise
            if received.method not in ("GET", "HEAD"):
                allowed = {"Allow": "GET, HEAD"}
                raise Refusal(405, "the methods here are GET, HEAD", headers=allowed) from None
            return Response(page.content, media_type=page.media_type)
        _principal.set(await self._caller(operation, received))
        return _answer(operation, await self._call(operation, request, received, values))

    async def _call(
        self,
        operation: Operation[Any],
        request: Request,
        received: Received,
        values: Mapping[str, str],
    ) -> object:
        given = incoming.arguments(operation, received, values)
        positional = [
            given.pop(each.argument) for each in operation.parameters if each.location == "path"
        ]
        if operation.body is not None:
            data = await _content(request, self._max_body)
            media_type = incoming.media_type(operation.body, received, not data)
            body = incoming.body(operation.body, media_type, data)
            if body is not MISSING:
                given["body"] = body
                if operation.body.told:
                    given["content_type"] = media_type
        method = self._methods[operation.place]
        if inspect.iscoroutinefunction(method):
            return await method(*positional, **given)
        result = await run_in_threadpool(method, *positional, **given)
        return await result if inspect.isawaitable(result) else result

    async def _caller(self, operation: Operation[Any], received: Received) -> object | None:
        """Who calls; raises ``Refusal`` 401."""
        if self._authenticate is None:
            return None
        for alternative in incoming.presented(operation, received, self._schemes):
            callers = [await self._identity(credential) for credential in alternative]
            if all(caller is not None for caller in callers):
                return callers[0] if callers else None
        if operation.security:
            raise incoming.unauthorized(operation, self._schemes)
        return None

    async def _identity(self, credential: Presented) -> object | None:
        authenticate = cast("Authenticate", self._authenticate)
        found = authenticate(credential)
        return await found if inspect.isawaitable(found) else found

    def _refused(self, refusal: Refusal) -> Response:
        try:
            content = self._shape.written(refusal)
        except (TypeError, ValueError):
            logger.exception("the body of a refusal is no JSON")
            refusal = Refusal(500, "the server failed")
            content = self._shape.written(refusal)
        declared = "application/json" if refusal.body is not None else self._shape.media_type
        return Response(content, refusal.status, {**refusal.headers, "Content-Type": declared})


def served(
    implementation: object,
    module: str,
    operations: Sequence[Operation[Any]],
    schemes: Sequence[Scheme],
    shape: Shape,
    *,
    authenticate: Authenticate | None,
    max_body: int = MAX_BODY,
) -> ASGIApp:
    """An ``Application`` within Starlette, for its lifespan and middleware.

    Args:
        module: the name of the generated ``server``; the document lies beside it.
    """
    package = module.rpartition(".")[0]
    text = resources.files(package).joinpath("openapi.json").read_bytes()
    document = json_text.read(text)
    shown = page(document if isinstance(document, dict) else {}, operations)
    pages = {
        "/openapi.json": Page(text, "application/json"),
        "/docs": Page(shown, "text/html; charset=utf-8"),
    }
    named = {each.name: each for each in schemes}
    app = Application(implementation, operations, named, authenticate, shape, pages, max_body)
    starlette = Starlette()
    # Not a Mount: its pattern, like a Route's, does not match every decoded path.
    starlette.router.default = app
    return starlette


def listening(
    implementation: object,
    operations: Sequence[Operation[Any, Any]],
    schemes: Sequence[Scheme],
    *,
    authenticate: Authenticate | None,
    max_body: int = MAX_BODY,
) -> ASGIApp:
    """An ``Application`` that answers webhooks and callbacks, each at the path ``/<its method>``."""
    named = {each.name: each for each in schemes}
    return Application(implementation, operations, named, authenticate, Shape(), {}, max_body)


def _method(implementation: object, operation: Operation[Any]) -> Callable[..., object]:
    found: object = implementation
    for name in operation.place:
        found = getattr(found, name, None)
    if not callable(found):
        place = ".".join(operation.place)
        raise TypeError(f"the implementation has no method `{place}`")
    return found


def _closed(operation: Operation[Any]) -> bool:
    return bool(operation.security) and () not in operation.security


def _received(request: Request) -> Received:
    """The head of a request, with the raw path below the mount."""
    scope = request.scope
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    root = quote(scope.get("root_path", "")).rstrip("/")
    path = raw.decode("latin-1").partition("?")[0].removeprefix(root)
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        between = "; " if name == "cookie" else ", "
        headers[name] = f"{headers[name]}{between}{value}" if name in headers else value
    query: bytes = scope.get("query_string", b"")
    return Received(request.method, path, query.decode("latin-1"), headers, _certificate(scope))


def _certificate(scope: Scope) -> str | None:
    """The subject of the client's certificate (the ASGI extension ``tls``)."""
    extensions: Mapping[str, Mapping[str, object]] = scope.get("extensions") or {}
    name = extensions.get("tls", {}).get("client_cert_name")
    return name if isinstance(name, str) else None


async def _content(request: Request, longest: int) -> bytes:
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared[:20]) > longest:
        raise Refusal(413, f"the body is larger than {longest} bytes")
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > longest:
            raise Refusal(413, f"the body is larger than {longest} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


def _answer(operation: Operation[Any], result: object) -> Response:
    """A result in the first declared form that it fits; raises where it fits none."""
    problems: list[Exception] = []
    for form in operation.successes:
        try:
            return _written(form, result)
        except (TypeError, ValueError) as error:
            problems.append(error)
    if not operation.successes and result is None:
        return Response(status_code=204)
    raise TypeError(f"{operation.method} {operation.path}: no declared answer fits") from (
        problems[0] if problems else None
    )


def _written(form: Answer, result: object) -> Response:
    status = int(form.status) if form.status.isdigit() else 200
    if form.media_type is None:
        if result is not None:
            raise TypeError("this answer has no body")
        return Response(status_code=status)
    if form.items is not None:
        if not streaming.is_stream(result):
            raise TypeError("this answer is a stream: give an iterator")
        return streaming.streamed(form, form.items, cast("streaming.Many", result), status)
    if form.kind is None:
        if isinstance(result, Chunks):
            return streaming.chunked(result, status)
        if not isinstance(result, Raw):
            raise TypeError("this answer has no type: give a Raw or Chunks")
        return Response(result.content, status, {"Content-Type": result.media_type})
    if codec(form.media_type) == "text":
        content = bodies.text_bytes(form.kind.write(result))
        return Response(content, status, {"Content-Type": bodies.with_charset(form.media_type)})
    content = json_text.write(form.kind.write(result))
    return Response(content, status, {"Content-Type": form.media_type})
