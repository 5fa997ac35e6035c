"""What the client and the server of a contract do not do as the document says, for the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tallystick.contract import (
    JSON_TYPES,
    Contract,
    Media,
    Operation,
    Parameter,
    Response,
    StreamItems,
    is_json,
    stream_items,
)
from tallystick.document import get, join, split
from tallystick.models import Note
from tallystick.render.bodies import (
    body_forms,
    fields,
    has_content,
    is_plain_text,
    offered,
    querystring,
    sent_items,
    textual,
)
from tallystick.render.comparison import poll
from tallystick.render.deep import levels
from tallystick.render.entries import parameters
from tallystick.render.servers import own_server
from tallystick.runtime.operation import codec
from tallystick.runtime.styles import supported, undefined


def notes(contract: Contract) -> tuple[Note, ...]:
    """Every deviation, in document order."""
    every = (*contract.operations, *contract.incoming)
    found = [note for each in every for note in _operation(contract, each)]
    return (*found, *_security(contract))


def _twice(contract: Contract, operation: Operation) -> bool:
    """Whether an alternative needs two schemes in one place, so that it is never chosen."""
    for alternative in operation.security:
        found = [contract.security[name] for name in alternative if name in contract.security]
        places = [(each.location, (each.parameter or "").lower()) for each in found]
        if len(set(places)) < len(places):
            return True
    return False


def _operation(contract: Contract, operation: Operation) -> Iterator[Note]:
    kept = parameters(operation)
    for each in operation.parameters:
        if each not in kept:
            reason = "a header parameter of this name is to be ignored (OpenAPI 3.1, 4.8.12.2)"
            if each.location == "path":
                reason = "what the API sends has no path template of its own"
            yield Note(each.pointer, "name", "ignored", reason)
    for each in kept:
        yield from _parameter(contract, each)
    yield from _media(contract, operation)
    if operation.servers and own_server(operation) is None:
        reason = "no https URL with a default for each variable: it is called at `base_url`"
        yield Note(operation.pointer, "servers", "ignored", reason)
    elif len(operation.servers) > 1:
        yield Note(operation.pointer, "servers", "approximated", "the first of them is called")
    for each in kept:
        if each.location == "path" and _is_borrowed(operation, each):
            reason = "a name in the path is declared by another operation of the path only"
            yield Note(operation.pointer, "parameters", "approximated", reason)
    if _twice(contract, operation):
        reason = "two schemes of one alternative have the same place: it is never chosen"
        yield Note(operation.pointer, "security", "ignored", reason)
    if operation.poll is not None and poll(contract, operation) is None:
        reason = "the document has no readable GET for it, so the client offers no `wait`"
        yield Note(operation.pointer, "x-tallystick-poll", "ignored", reason)


def _is_borrowed(operation: Operation, parameter: Parameter) -> bool:
    """Whether it stands in another operation; one in the components may be anybody's."""
    item = operation.pointer.rpartition("/")[0]
    own = (f"{operation.pointer}/", f"{item}/parameters/")
    return parameter.pointer.startswith(f"{item}/") and not parameter.pointer.startswith(own)


def _parameter(contract: Contract, parameter: Parameter) -> Iterator[Note]:
    if parameter.location == "querystring":
        if querystring(contract, parameter) is None:
            reason = "a query of this media type is not written: sending it raises Unsupported"
            yield Note(parameter.pointer, "content", "ignored", reason)
        return
    if has_content(parameter):
        yield from _content(contract, parameter)
        return
    style, location = parameter.style, parameter.location
    types = contract.target(parameter.schema).types
    if not supported(style, location, types):
        reason = f"style {style} in {location}: sending it raises Unsupported"
        yield Note(parameter.pointer, "style", "ignored", reason)
        return
    left_open = [undefined(style, location, parameter.explode, types)]
    if style == "deepObject":
        left_open += levels(contract, parameter.schema).reasons()
    told = "; ".join(each for each in left_open if each is not None)
    if told:
        yield Note(parameter.pointer, "style", "approximated", told)
    if any("string" in each and each & _READ_AS for each in _leaves(contract, parameter)):
        reason = "text cannot tell a string from a number or boolean: the server reads the latter"
        yield Note(parameter.pointer, "schema", "approximated", reason)
    core = contract.core(parameter.schema)
    exploded = style in ("form", "cookie") and parameter.explode
    among_others = location in ("query", "cookie") and exploded
    if among_others and "object" in core.types and not core.closed:
        reason = "a member that is not declared cannot be told from another parameter: refused"
        yield Note(parameter.pointer, "explode", "approximated", reason)


def _content(contract: Contract, parameter: Parameter) -> Iterator[Note]:
    pointer = parameter.schema.rpartition("/")[0]
    node = get(contract.document.data, pointer)
    if isinstance(node, Mapping) and "itemSchema" in node:
        reason = "a parameter is one value: its items are not told apart"
        yield Note(pointer, "itemSchema", "ignored", reason)
    if not (is_json(split(pointer)[-1]) or is_plain_text(contract, parameter)):
        reason = "written as JSON, whatever the media type would be"
        yield Note(parameter.pointer, "content", "approximated", reason)


_READ_AS = frozenset({"integer", "number", "boolean"})


def _leaves(contract: Contract, parameter: Parameter) -> Iterator[frozenset[str]]:
    """The JSON types at each place of a value where text stands."""
    core = contract.core(parameter.schema)
    yield contract.target(parameter.schema).types
    if parameter.style == "deepObject":
        yield from levels(contract, parameter.schema).leaves()
    inner = [core.items, core.additional, *(each.pointer for each in core.properties)]
    yield from (contract.target(each).types for each in inner if isinstance(each, str))
    undeclared = core.types & {"object"} and core.additional is True and parameter.style != "form"
    if undeclared or ("array" in core.types and core.items is None):
        yield JSON_TYPES


def _media(contract: Contract, operation: Operation) -> Iterator[Note]:
    if operation.body is not None:
        forms = body_forms(contract, operation.body.content)
        typed = [each.media for each in forms if each.media is not None]
        names = {name for each in forms for name in each.media_types}
        for media in operation.body.content:
            if media in typed:
                yield from _typed(contract, media)
                if items := sent_items(contract, media):
                    yield from _items(media, items)
            elif media.media_type not in names:
                yield Note(media.pointer, "content", "ignored", _SAME)
            elif not is_json(media.media_type):
                yield Note(media.pointer, "content", "approximated", _BYTES)
    for answer in operation.responses:
        asked = offered(contract, answer.content)
        for media in answer.content:
            if media not in asked:
                yield Note(media.pointer, "content", "ignored", _SAME)
            elif items := stream_items(contract, media):
                yield from _stream(answer, media, items)
            elif codec(media.media_type) == "text":
                yield from _typed(contract, media)
            elif not is_json(media.media_type):
                yield Note(media.pointer, "content", "approximated", _BYTES)


_SAME = "not used: the same value travels as JSON"
_BYTES = "travels as bytes; its schema is not enforced"


def _stream(answer: Response, media: Media, items: StreamItems) -> Iterator[Note]:
    if not (answer.success or answer.status == "default"):
        reason = "a refusal: read to its end within the limits of a call, then given as bytes"
        yield Note(media.pointer, "content", "approximated", reason)
    else:
        yield from _items(media, items)


def _items(media: Media, items: StreamItems) -> Iterator[Note]:
    if media.schema is not None and media.item is None:
        reason = "read as the schema of each item"
        if media.schema not in items.schemas:
            reason = "its items are read one by one; the array as a whole is not checked"
        yield Note(media.pointer, "schema", "approximated", reason)
    elif media.item is not None and media.item not in items.schemas:
        reason = "the data is checked, and not the event as an object"
        yield Note(media.pointer, "itemSchema", "approximated", reason)


def _typed(contract: Contract, media: Media) -> Iterator[Note]:
    if codec(media.media_type) == "text" and media.schema and not textual(contract, media):
        yield Note(media.pointer, "schema", "approximated", "a text; its schema is not enforced")
    given = dict(media.encoding)
    for field in fields(contract, media):
        at = join(media.pointer, "encoding", field.name)
        style = given[field.name].style if field.name in given else None
        if style not in (None, field.style):
            yield Note(at, "style", "ignored", f"style {style} is not used here: form is")
        elif field.deep is not None and (told := "; ".join(field.deep.reasons())):
            yield Note(at, "style", "approximated", told)
        if field.name in given and given[field.name].headers:
            yield Note(at, "headers", "approximated", "sent as the `File` says, and not checked")
        elif not field.json and "string" in field.types and field.types & _READ_AS:
            reason = "text cannot tell a string from a number or boolean: the latter is read"
            yield Note(at, "schema", "approximated", reason)


def _security(contract: Contract) -> Iterator[Note]:
    for scheme in contract.security.values():
        if scheme.kind == "mutualTLS":
            reason = "give the certificate with `transport=`; a server must be told who ended TLS"
            yield Note(scheme.pointer, "type", "approximated", reason)
        elif scheme.location is None or scheme.parameter is None:
            reason = f"{scheme.kind or 'no type'}: no request can carry it"
            yield Note(scheme.pointer, "type", "ignored", reason)
        elif (scheme.scheme or "").lower() == "digest":
            reason = "the credential is what stands behind `Digest`: the caller answers challenges"
            yield Note(scheme.pointer, "scheme", "approximated", reason)
        elif scheme.kind in ("oauth2", "openIdConnect"):
            reason = (
                "the access token is the credential: to get one, and to check scopes, is up to you"
            )
            yield Note(scheme.pointer, "type", "approximated", reason)
