"""An answer as the declared type, or as a typed error: decided by status and media type alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar, cast

from pydantic import ValidationError

from . import bodies, json_text
from .drift import Drift, Trail, tell, trail_of
from .errors import ClientError, DecodeError, status_error
from .exchanges import Reply
from .json_text import Json
from .operation import Answer, Items, Operation, Raw, admits, codec, essence, is_json
from .requests import Request
from .styles import Inexpressible

T = TypeVar("T")

_REQUEST_IDS = ("x-request-id", "request-id", "x-correlation-id", "x-amzn-requestid", "cf-ray")
_EXCERPT = 300


def decode(
    operation: Operation[T, Any], request: Request, reply: Reply, drift: Drift = "strict"
) -> T:
    """The value of a successful answer.

    Args:
        drift: what happens to what the document does not know.

    Raises:
        StatusError: the answer is no success.
        DecodeError: it is one, and not what the document declares.
    """
    if not 200 <= reply.status < 300:
        _refused(operation, request, _scrubbed(request, reply), drift)
    forms = _forms(operation, reply.status)
    if all(form.media_type is None for form in forms) or operation.method == "HEAD":
        return cast("T", None)
    if not reply.body and any(form.media_type is None for form in operation.successes):
        return cast("T", None)
    form = _form(forms, reply)
    problem = _media_problem(forms, reply)
    if form is not None:
        try:
            return cast("T", _read(form, request, reply, drift))
        except (Inexpressible, json_text.JsonError) as error:
            problem = f"cannot be read: {error}"
        except (ValidationError, RecursionError) as error:
            problem = _invalid(error)
    what = f"the answer {reply.status} {problem}"
    _fail(request, _scrubbed(request, reply), what, DecodeError)


def streamed(
    operation: Operation[Any, Any], status: int, headers: Mapping[str, str]
) -> Items | None:
    """What comes item by item, where the answer with this head is a declared stream."""
    form = success(operation, status, headers)
    return None if form is None else form.items


def success(
    operation: Operation[Any, Any], status: int, headers: Mapping[str, str]
) -> Answer | None:
    """The declared form of the answer with this head, where it is a success with a body."""
    if not 200 <= status < 300 or operation.method == "HEAD":
        return None
    return _form(_forms(operation, status), Reply(status, headers, b""))


def _forms(operation: Operation[Any, Any], status: int) -> tuple[Answer, ...]:
    declared = tuple(each for each in operation.declared(status) if each in operation.successes)
    return declared or operation.successes


def unexpected(
    operation: Operation[Any, Any], request: Request, reply: Reply, drift: Drift = "strict"
) -> ClientError:
    """The error for an answer that is no body to be read in pieces: refused, or undeclared."""
    try:
        decode(operation, request, reply, drift)
    except ClientError as error:
        return error
    what = f"the answer {reply.status} has no body"
    return DecodeError(what, method=request.method, path=request.template, status=reply.status)


def _scrubbed(request: Request, reply: Reply) -> Reply:
    """An answer in which every echo of a credential is masked."""
    headers = {name: request.scrub(value) for name, value in reply.headers.items()}
    return Reply(reply.status, headers, request.scrub_bytes(reply.body))


def _read(form: Answer, request: Request, reply: Reply, drift: Drift) -> object:
    """The body of an answer in a declared form; what has drifted is kept and told as ``drift`` says."""
    trail = trail_of(drift)
    value = read(form, reply, trail)
    if drift == "report" and trail is not None:
        tell(f"{request.method} {request.template}", reply.status, trail.found, request.scrub)
    return value


def read(form: Answer, reply: Reply, trail: Trail | None = None) -> object:
    """The body of an answer in a declared form; what has drifted is noted on the trail."""
    given = reply.headers.get("content-type", form.media_type or "")
    if form.kind is None:  # a refusal may be a stream: it is read to its end
        return Raw(reply.body, given)
    if codec(form.media_type or "") == "text":
        return form.kind.read(bodies.text_of(reply.body, given), trail)
    return form.kind.decode(reply.body, trail)


def _form(forms: tuple[Answer, ...] | list[Answer], reply: Reply) -> Answer | None:
    """The declared form of the answer's media type; without Content-Type, the first one."""
    given = reply.headers.get("content-type")
    declared = [form for form in forms if form.media_type is not None]
    if given is None:
        return declared[0] if declared else None
    for form in declared:
        if admits(form.media_type or "", given):
            return form
    # Another JSON media type is JSON all the same.
    json = [form for form in declared if is_json(form.media_type or "")]
    return json[0] if json and is_json(given) else None


def _media_problem(forms: tuple[Answer, ...] | list[Answer], reply: Reply) -> str:
    declared = ", ".join(form.media_type for form in forms if form.media_type)
    given = essence(reply.headers.get("content-type", "")) or "nothing"
    return f"is {given} where {declared} is declared"


def _invalid(error: ValidationError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "is nested too deep"
    first = error.errors(include_url=False, include_input=False)[0]
    at = "/".join(str(part) for part in first["loc"])
    return f"does not fit its schema at /{at}: {first['msg']}"


def _refused(
    operation: Operation[Any, Any], request: Request, reply: Reply, drift: Drift
) -> NoReturn:
    parsed: object = None
    message = ""
    form = _form(operation.declared(reply.status), reply)
    if form is not None:
        try:
            parsed = _read(form, request, reply, drift)
        except (ValueError, RecursionError):
            parsed = None
    try:
        message = _message(json_text.read(reply.body))
    except json_text.JsonError:
        message = reply.body[:_EXCERPT].decode("utf-8", "replace").strip()
    what = f"the server answered {reply.status}{f': {message[:1000]}' if message else ''}"
    _fail(request, reply, what, status_error(reply.status), parsed)


def _message(body: Json) -> str:
    """The human part of an error body, as servers usually name it."""
    if isinstance(body, dict):
        parts = [body.get(name) for name in ("code", "title", "message", "detail", "error")]
        found = ": ".join(str(part) for part in parts if isinstance(part, str | int) and part)
        if found:
            return found
    return json_text.write(body)[:_EXCERPT].decode("utf-8", "replace")


def _fail(
    request: Request,
    reply: Reply,
    what: str,
    kind: type[ClientError],
    parsed: object = None,
) -> NoReturn:
    found = (reply.headers[name] for name in _REQUEST_IDS if name in reply.headers)
    identifier = next(found, None)
    raise kind(
        request.scrub(what),
        method=request.method,
        path=request.template,
        status=reply.status,
        body=reply.body,
        parsed=parsed,
        request_id=None if identifier is None else identifier[:200],
    )
