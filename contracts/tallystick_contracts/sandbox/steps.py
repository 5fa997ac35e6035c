"""The correct behaviour: each step of an answer as the contract has it."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from pydantic import MISSING

from tallystick.contract import Contract, Header, is_json
from tallystick.document import Json

from . import credentials, parameters, strict_json
from .items import planned
from .perform import complete, merge, perform
from .records import Call, Reply
from .refusal import Refusal
from .routing import decoded
from .sample import keywords
from .showing import outcome
from .tags import tag_of
from .world import Behaviour, Store, World

MAX_BODY = 8 * 1024 * 1024
"""Bytes of a request body."""

_CONTROL = dict.fromkeys((*range(32), 127), " ")
"""Characters that end a header field (RFC 9110, 5.5)."""

log = logging.getLogger("tallystick_contracts.sandbox")


async def serve(world: World, store: Store, call: Call) -> Reply:
    """The answer to a call, whatever it is. Refusals come in the order of ``refusal.ORDER``."""
    steps = world.behaviour
    try:
        call = steps.route(world, call)
        steps.authenticate(world, call)
        steps.accept(world, call)
        call = steps.read(world, call)
        reply = await steps.transact(world, store, call)
    except Refusal as refusal:
        reply = steps.refuse(world, call, refusal)
    except Exception:
        log.exception("a bug of the sandbox, at %s", call.plan.operation.key if call.plan else "")
        return failure()
    return steps.answer(world, call, steps.verify(world, call, reply))


def route(world: World, call: Call) -> Call:
    """The call with its plan; 404 for an unknown path, 405 for a method that it does not have."""
    segments = decoded(call.path)
    for each in world.routes.get(len(segments), ()) if segments is not None else ():
        found = each.match(segments or ())
        if found is not None:
            plan = each.plans.get(call.method)
            if plan is None:
                raise Refusal(405, "the path does not have this method", tuple(each.plans))
            bare = {
                name: text.removeprefix(plan.marks.get(name, "")) for name, text in found.items()
            }
            # As ``replace`` would, which takes as long as all the rest of this.
            return Call(call.method, call.path, call.query, call.headers, call.body, plan, bare)
    raise Refusal(404, "there is no such path")


def authenticate(world: World, call: Call) -> None:
    """401 without the credential that the operation asks for."""
    security = planned(call).operation.security
    if not credentials.authorised(call, security, dict(world.contract.security), world.key):
        raise Refusal(401, "a valid credential is needed")


def accept(world: World, call: Call) -> None:
    """413 for a body that is too large, 415 for one of an undeclared media type."""
    if len(call.body) > MAX_BODY:
        raise Refusal(413, f"the body is larger than {MAX_BODY} bytes")
    declared = planned(call).operation.body
    if declared is None or not call.body:
        return
    sent, _, rest = call.headers.get("content-type", "").partition(";")
    if not any(_covers(media.media_type, sent.strip().lower()) for media in declared.content):
        raise Refusal(415, "the content type is not one of the operation's")
    charset = rest.partition("charset=")[2].strip(' "').lower()
    if is_json(sent) and charset not in ("", "utf-8", "utf8", "us-ascii"):
        raise Refusal(415, "JSON is UTF-8")


def read(world: World, call: Call) -> Call:
    """The call with its body as a value; 400 where parameters or body do not fit their schemas."""
    steps, plan = world.behaviour, planned(call)
    wrong = parameters.complaint(call, lambda schema, value: steps.admits(world, schema, value))
    if wrong:
        raise Refusal(400, wrong)
    declared = plan.operation.body
    if declared is None:
        return call
    if not call.body:
        if declared.required:
            raise Refusal(400, "a body is needed")
        return call
    if plan.body is None or not is_json(call.headers.get("content-type", "")):
        return call
    try:
        value = steps.parse(call.body)
    except (ValueError, RecursionError):
        raise Refusal(400, "the body is not JSON as RFC 8259 has it") from None
    if not steps.admits(world, plan.body, value):
        raise Refusal(400, world.validators.complaint(plan.body, value) or "the body does not fit")
    if plan.role == "update" and _refused_null(world.contract, plan.body, value):
        raise Refusal(400, "null is refused here")
    return replace(call, value=value)


def admits(world: World, schema: str, value: Json) -> bool:
    """Whether the schema at a pointer admits a value, exactly."""
    return world.validators.admits(schema, value)


async def transact(world: World, store: Store, call: Call) -> Reply:
    """The effect computed and committed without a break between."""
    with store.lock:
        effect = world.behaviour.perform(world, store, call)
        if effect.changes:
            store.commit(effect.changes)
    return effect.reply


def refuse(world: World, call: Call, refusal: Refusal) -> Reply:
    """The error body that the contract declares for the status, else a code and a message."""
    headers: list[tuple[str, str]] = []
    if refusal.allow:
        headers.append(("allow", ", ".join(refusal.allow)))
    if refusal.status == 401:
        headers.append(("www-authenticate", _challenge(world, call)))
    declared = call.plan.operation.response(refusal.status) if call.plan else None
    media = declared.json if declared else None
    if declared is not None and declared.status == "default" and media is None and declared.content:
        media = None
    if media is None or media.schema is None:
        plain: Json = {"code": refusal.code, "message": refusal.message}
        return Reply(refusal.status, plain, headers=tuple(headers))
    value = _error(world, media.schema, refusal)
    return Reply(refusal.status, value, media.media_type, tuple(headers))


def verify(world: World, call: Call, reply: Reply) -> Reply:
    """The answer as it is, or a 500 with a line in the log where it breaks the contract."""
    declared = call.plan.operation.response(reply.status) if call.plan else None
    media = declared.json if declared else None
    if media is None or media.schema is None or reply.value is MISSING:
        return reply
    wrong = world.validators.complaint(media.schema, reply.value)
    if wrong is None:
        return reply
    log.error("the sandbox made an answer that breaks %s: %s", media.schema, wrong)
    return failure()


def answer(world: World, call: Call, reply: Reply) -> Reply:
    """The answer as it is, with its entity tag and the header fields that are required beside it."""
    declared = call.plan.operation.response(reply.status) if call.plan else None
    there = {"content-length", *(name.lower() for name, _ in reply.headers)}
    made = tuple(
        (each.name, _field(world, each, call, reply))
        for each in (declared.headers if declared else ())
        if (each.required or each.name.lower() == "etag") and each.name.lower() not in there
    )
    return replace(reply, headers=(*reply.headers, *made)) if made else reply


def _field(world: World, header: Header, call: Call, reply: Reply) -> str:
    if header.name.lower() == "etag" and reply.value is not MISSING:
        tag = tag_of(reply.value)
        if header.schema is None or world.validators.admits(header.schema, tag):
            return tag
    if header.name.lower() == "location" and call.plan and call.plan.role == "create":
        return _location(call, reply)
    value = world.samples.value(header.schema, call.path, header.name) if header.schema else "1"
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("ascii", "replace").decode().translate(_CONTROL)


def _location(call: Call, reply: Reply) -> str:
    """Where the item is that a create made (RFC 9110, 10.2.2)."""
    resource = planned(call).resource
    key = resource.key if resource else None
    named = reply.value if isinstance(reply.value, dict) else call.value
    there = named.get(key or "") if isinstance(named, dict) else None
    return call.path if there is None else f"{call.path.rstrip('/')}/{quote(str(there), safe='')}"


def failure() -> Reply:
    """The answer of a bug."""
    return Reply(
        500, {"code": "INTERNAL_SERVER_ERROR", "message": "the sandbox failed; see its log"}
    )


CORRECT = Behaviour(
    route=route,
    authenticate=authenticate,
    accept=accept,
    parse=strict_json.parse,
    admits=admits,
    read=read,
    perform=perform,
    complete=complete,
    merge=merge,
    outcome=outcome,
    transact=transact,
    refuse=refuse,
    verify=verify,
    answer=answer,
)


def _covers(declared: str, sent: str) -> bool:
    """Whether a declared media type, or a range such as ``text/*``, is what was sent."""
    essence = declared.partition(";")[0].strip().lower()
    return essence in (sent, "*/*") or (
        essence.endswith("/*") and sent.startswith(essence[:-1]) and bool(sent)
    )


def _refused_null(contract: Contract, schema: str, value: Json) -> bool:
    """Whether somewhere in an update null stands where its convention refuses it."""
    core = contract.core(schema)
    if isinstance(value, list) and core.items:
        items = core.items
        return any(_refused_null(contract, items, each) for each in value)
    if not isinstance(value, dict):
        return False
    for member in core.properties:
        if member.name in value:
            inner = value[member.name]
            if inner is None and member.null == "refused":
                return True
            if inner is not None and _refused_null(contract, member.pointer, inner):
                return True
    return False


def _error(world: World, schema: str, refusal: Refusal) -> Json:
    """An error of the declared schema, told in the members that are known by their names."""
    value = world.samples.value(schema, refusal.code)
    if not isinstance(value, dict):
        return value
    said: Mapping[str, Json] = {
        "code": refusal.code,
        "message": refusal.message,
        "title": refusal.code,
        "detail": refusal.message,
        "error": refusal.message,
        "status": refusal.status,
    }
    for member in world.contract.core(schema).properties:
        for word in (said.get(member.name), refusal.status):
            if member.name in said and world.validators.admits(member.pointer, word):
                if "enum" not in keywords(world.contract, member.pointer):
                    value[member.name] = word
                break
    return value


def _challenge(world: World, call: Call) -> str:
    """The ``WWW-Authenticate`` of a 401 (RFC 9110, 11.6.1)."""
    names = [name for each in planned(call).operation.security for name in each]
    scheme = world.contract.security.get(names[0]) if names else None
    word = (scheme.prefix.strip() if scheme else "") or "Key"
    return word if word.isascii() and word.replace("-", "").isalnum() else "Key"
