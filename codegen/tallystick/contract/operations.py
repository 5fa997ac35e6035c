"""Operations of the document made into records: parameters, bodies, answers, place on the client."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast

from tallystick.contract import notes
from tallystick.contract.arguments import Arguments
from tallystick.contract.given import given
from tallystick.contract.naming import TEMPLATE, Placement
from tallystick.contract.records import (
    Body,
    Encoding,
    Header,
    Media,
    Operation,
    Parameter,
    ParameterLocation,
    Response,
)
from tallystick.contract.refs import follow
from tallystick.contract.schemas import Schemas
from tallystick.contract.security import requirements, scopes
from tallystick.contract.servers import servers
from tallystick.document import Document, Json, get, has, join, split
from tallystick.errors import DocumentError
from tallystick.names import RESERVED_ARGUMENTS, RESERVED_METHODS, Names, pascal, snake

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

_RESERVED = RESERVED_METHODS | {"operations", "schemes"}

Node = Mapping[str, Json]

_DEEPEST = 100
"""How many segments a path may have."""
_STYLES = {
    "path": "simple",
    "header": "simple",
    "query": "form",
    "cookie": "form",
    "querystring": "form",
}
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A method (RFC 9110, 9.1)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A path item of the document and where it stands."""

    path: str
    pointer: str
    node: Node


def paths(document: Document) -> list[Place]:
    """Every path item, ``$ref`` followed, in document order."""
    declared = document.data.get("paths")
    found: list[Place] = []
    for path in declared if isinstance(declared, dict) else {}:
        if path.startswith("x-"):  # an extension (OpenAPI 3.1.1, 4.8.8)
            continue
        if path.count("/") > _DEEPEST:
            pointer = join("#", "paths")
            raise DocumentError(
                f"a path of more than {_DEEPEST} segments: {path[:60]!r}…",
                where=document.locate(pointer),
                pointer=pointer,
                hint="each segment is a place on the client; shorten it",
            )
        node, pointer = follow(document, join("#", "paths", path))
        found.append(Place(path, pointer, node))
    return found


def operations(
    document: Document, schemas: Schemas, names: Names, arguments: Arguments
) -> tuple[Operation, ...]:
    """Every operation of the document, in document order; ``arguments`` takes in their parameters."""
    places = paths(document)
    placement = Placement(
        ((each.path, [_spoken(m) for m, _ in _methods(document, each)]) for each in places), names
    )
    reader = _Reader(document, schemas, names, placement, arguments)
    return tuple(
        reader.operation(place, method, pointer)
        for place in places
        for method, pointer in _methods(document, place)
    )


def incoming(
    document: Document, operations: Iterable[Operation], schemas: Schemas, names: Names
) -> tuple[Operation, ...]:
    """What the API asks of its clients: webhooks, then callbacks, in document order."""
    reader = _Reader(document, schemas, names)
    found: list[Operation] = []
    declared = document.data.get("webhooks")
    for name in declared if isinstance(declared, dict) else {}:
        node, pointer = follow(document, join("#", "webhooks", name))
        place = Place(name, pointer, node)
        found += [reader.received(place, *each, "webhook") for each in _methods(document, place)]
    for place in _callbacks(document, operations):
        found += [reader.received(place, *each, "callback") for each in _methods(document, place)]
    return tuple({each.pointer: each for each in found}.values())


def _methods(document: Document, place: Place) -> Iterator[tuple[str, str]]:
    """The methods of a path item, each with the pointer of its operation.

    Raises:
        DocumentError: one of ``additionalOperations`` (OpenAPI 3.2, 4.8.1) is no HTTP method.
    """
    for field in place.node:
        if field in METHODS:
            yield field.upper(), join(place.pointer, field)
    more = place.node.get("additionalOperations")
    for method in more if isinstance(more, dict) else {}:
        pointer = join(place.pointer, "additionalOperations", method)
        if not _TOKEN.fullmatch(method):
            where = document.locate(pointer)
            raise DocumentError("this is no HTTP method", where=where, pointer=pointer)
        yield method, pointer


def _spoken(method: str) -> str:
    """A method as a word, for names."""
    return snake(method).upper()


def _callbacks(document: Document, operations: Iterable[Operation]) -> Iterator[Place]:
    for operation in operations:
        node, pointer = follow(document, operation.pointer)
        declared = node.get("callbacks")
        for name in declared if isinstance(declared, dict) else {}:
            callback, at = follow(document, join(pointer, "callbacks", name))
            for expression in (each for each in callback if not each.startswith("x-")):
                item, where = follow(document, join(at, expression))
                yield Place(name, where, item)


class _Reader:
    def __init__(
        self,
        document: Document,
        schemas: Schemas,
        names: Names,
        placement: Placement | None = None,
        arguments: Arguments | None = None,
    ) -> None:
        self._document = document
        self._schemas = schemas
        self._names = names
        self._placement = placement
        self._arguments = arguments
        self._known_headers: dict[str, tuple[Header, ...]] = {}
        """By the pointer of an answer: many operations share one."""
        self._ends: dict[str, str] = {}

    def operation(self, place: Place, method: str, pointer: str) -> Operation:
        # A Path Item behind a reference may serve several paths.
        key = join("#", "paths", place.path) + pointer.removeprefix(place.pointer)
        node, _ = self._follow(pointer)
        operation_id = _text(node, "operationId")
        resource: tuple[str, ...] = ()
        if self._placement is None:
            key = pointer
            wanted = snake(operation_id or place.path)
            verb = self._names.give(key, wanted, "webhooks", _RESERVED)
        else:
            resource, verb = self._placement.place(key, _spoken(method), place.path, operation_id)
        label = "".join(pascal(part) for part in (*resource, verb))
        demanded = node if isinstance(node.get("security"), list) else self._document.data
        return Operation(
            pointer=pointer,
            method=method,
            path=place.path,
            operation_id=operation_id,
            summary=_text(node, "summary"),
            description=_text(node, "description"),
            deprecated=node.get("deprecated") is True,
            parameters=tuple(self._parameters(place, pointer, node, (key, label))),
            body=self._body(pointer, node, label),
            responses=tuple(self._responses(pointer, node, label)),
            security=requirements(demanded.get("security")) or (),
            resource=resource,
            verb=verb,
            poll=notes.poll(self._document, node, pointer),
            outcome=notes.outcome(self._document, node, pointer),
            servers=servers(self._document, node, pointer, self._names)
            or servers(self._document, place.node, place.pointer, self._names),
            scopes=scopes(demanded.get("security")),
        )

    def received(
        self, place: Place, method: str, pointer: str, kind: Literal["webhook", "callback"]
    ) -> Operation:
        """A request of the API to a client: it has no path, and a security of its own or none."""
        made = self.operation(place, method, pointer)
        node, _ = self._follow(made.pointer)
        return replace(
            made,
            path=f"/{made.verb}",
            security=requirements(node.get("security")) or (),
            incoming=kind,
            event=place.path,
            scopes=scopes(node.get("security")),
        )

    def _parameters(
        self, place: Place, pointer: str, node: Node, owner: tuple[str, str]
    ) -> Iterator[Parameter]:
        """Those of the path item, each replaced by the operation's own of the same name and place.

        ``owner`` is the operation: its key, and what its classes begin with.
        """
        merged: dict[tuple[str, str], tuple[Node, str]] = {}
        for holder, at in ((place.node, place.pointer), (node, pointer)):
            declared = holder.get("parameters")
            for index, _ in enumerate(declared if isinstance(declared, list) else ()):
                each, where = self._follow(join(at, "parameters", index))
                merged[(_need(self._document, each, "name", where), str(each.get("in")))] = (
                    each,
                    where,
                )
        for name in TEMPLATE.findall(place.path):
            if (name, "path") not in merged:
                merged |= self._borrowed(place, name)
        nodes = {f"{location} {name}": each for (name, location), (each, _) in merged.items()}
        if self._arguments is not None:
            self._arguments.add(owner[0], nodes)
        self._names.respell(f"arguments {owner[0]}", nodes)
        for each, where in merged.values():
            yield self._parameter(each, where, *owner)

    def _borrowed(self, place: Place, name: str) -> dict[tuple[str, str], tuple[Node, str]]:
        """The path parameter of this name as another operation of the path declares it, if any.

        It is the same part of the same path: what one operation forgot, another says.
        """
        for method in METHODS:
            other = place.node.get(method)
            declared = other.get("parameters") if isinstance(other, dict) else None
            for index, _ in enumerate(declared if isinstance(declared, list) else ()):
                at = join(place.pointer, method, "parameters", index)
                each, where = self._follow(at)
                if each.get("in") == "path" and each.get("name") == name:
                    return {(name, "path"): (each, where)}
        return {}

    def _parameter(self, node: Node, pointer: str, owner: str, label: str) -> Parameter:
        name, location = _need(self._document, node, "name", pointer), node.get("in")
        if location not in _STYLES:
            raise DocumentError(
                "a parameter must say `in: path`, `query`, `header`, `cookie` or `querystring`",
                where=self._document.locate(pointer),
                pointer=pointer,
            )
        location = cast("ParameterLocation", location)
        schema = self._schemas.add(
            self._value(node, pointer), _inline(pointer, f"{label}{pascal(name)}")
        )
        style = _text(node, "style") or _STYLES[location]
        explode = node.get("explode")
        key = f"{location} {name}"
        known: tuple[tuple[Json, ...], bool] = ((), False)
        if location == "path":
            known = given(self._document, node, pointer, schema)
        return Parameter(
            name=name,
            identifier=self._names.give(key, snake(name), f"arguments {owner}", RESERVED_ARGUMENTS),
            pointer=pointer,
            location=location,
            required=location == "path" or node.get("required") is True,
            schema=schema,
            style=style,
            explode=explode if isinstance(explode, bool) else style in ("form", "cookie"),
            description=_text(node, "description"),
            default=self._schemas.default(schema),
            given=known[0],
            allow_reserved=node.get("allowReserved") is True,
            encoding=_encodings(get(self._document.data, schema.rpartition("/")[0])),
            made_up=known[1],
            deprecated=node.get("deprecated") is True,
        )

    def _value(self, node: Node, pointer: str) -> str:
        """Where the schema of a parameter stands: ``schema``, or that of its one ``content``."""
        content = node.get("content")
        if isinstance(content, dict) and content:
            return join(pointer, "content", next(iter(content)), "schema")
        if "schema" not in node:
            raise DocumentError(
                "a parameter needs a schema",
                where=self._document.locate(pointer),
                pointer=pointer,
                hint="say `schema: {type: string}`, or {} for any value",
            )
        return join(pointer, "schema")

    def _body(self, operation: str, node: Node, label: str) -> Body | None:
        if "requestBody" not in node:
            return None
        body, pointer = self._follow(join(operation, "requestBody"))
        return Body(
            pointer=pointer,
            required=body.get("required") is True,
            description=_text(body, "description"),
            content=self._content(body, pointer, _inline(pointer, f"{label}Request")),
        )

    def _responses(self, operation: str, node: Node, label: str) -> Iterator[Response]:
        declared = node.get("responses")
        first = True
        for status in declared if isinstance(declared, dict) else {}:
            if status.startswith("x-"):
                continue
            response, pointer = self._follow(join(operation, "responses", status))
            suffix = "" if first and status.startswith("2") else status.capitalize()
            first = first and not status.startswith("2")
            wanted = f"{label}Response{suffix}"
            yield Response(
                status=status if status == "default" else status.upper(),
                pointer=pointer,
                description=_text(response, "description") or "",
                content=self._content(response, pointer, _inline(pointer, wanted)),
                headers=self._headers(response, pointer),
            )

    def _follow(self, pointer: str) -> tuple[Node, str]:
        return follow(self._document, pointer, self._ends)

    def _headers(self, response: Node, pointer: str) -> tuple[Header, ...]:
        if pointer not in self._known_headers:
            self._known_headers[pointer] = tuple(self._made_headers(response, pointer))
        return self._known_headers[pointer]

    def _made_headers(self, response: Node, pointer: str) -> Iterator[Header]:
        declared = response.get("headers")
        for name in declared if isinstance(declared, dict) else {}:
            # "If a response header is defined with the name Content-Type, it SHALL be ignored."
            if name.lower() == "content-type":
                continue
            node, where = self._follow(join(pointer, "headers", name))
            yield Header(name, where, node.get("required") is True, self._described(node, where))

    def _described(self, node: Node, pointer: str) -> str | None:
        """Where the schema of a header stands, if it has one."""
        content = node.get("content")
        media = (
            [join(pointer, "content", each) for each in content or ()]
            if isinstance(content, dict)
            else []
        )
        schema = join(media[0] if media else pointer, "schema")
        return self._schemas.add(schema) if has(self._document.data, schema) else None

    def _content(self, node: Node, pointer: str, name: str) -> tuple[Media, ...]:
        content = node.get("content")
        return tuple(
            self._media(media_type, join(pointer, "content", media_type), name)
            for media_type in (content if isinstance(content, dict) else {})
        )

    def _media(self, media_type: str, pointer: str, name: str) -> Media:
        node: Json | Node = get(self._document.data, pointer)
        if isinstance(node, dict) and "$ref" in node:  # OpenAPI 3.2: components/mediaTypes
            node, pointer = self._follow(pointer)
        schema = item = None
        if isinstance(node, Mapping) and "schema" in node:
            schema = self._schemas.add(join(pointer, "schema"), name)
        if isinstance(node, Mapping) and "itemSchema" in node:
            item = self._schemas.add(join(pointer, "itemSchema"), f"{name}Item")
        return Media(media_type, pointer, schema, _encodings(node), item)


_KINDS = {"parameters": "Parameter", "requestBodies": "Request", "responses": "Response"}


def _inline(pointer: str, wanted: str) -> str:
    """What a schema inside of a component is called: by the component, whoever uses it first."""
    tokens = split(pointer)
    if len(tokens) != 3 or tokens[0] != "components":
        return wanted
    name, kind = pascal(tokens[2]), _KINDS.get(tokens[1], "")
    return name if name.endswith(kind) else f"{name}{kind}"


def _encodings(media: Json | Node) -> tuple[tuple[str, Encoding], ...]:
    declared = media.get("encoding") if isinstance(media, Mapping) else None
    members = declared if isinstance(declared, dict) else {}
    return tuple(
        (name, _encoding(each)) for name, each in members.items() if isinstance(each, dict)
    )


def _encoding(node: Node) -> Encoding:
    explode, headers = node.get("explode"), node.get("headers")
    return Encoding(
        content_type=_text(node, "contentType"),
        style=_text(node, "style"),
        explode=explode if isinstance(explode, bool) else None,
        allow_reserved=node.get("allowReserved") is True,
        headers=tuple(headers) if isinstance(headers, dict) else (),
    )


def _need(document: Document, node: Node, key: str, pointer: str) -> str:
    value = node.get(key)
    if isinstance(value, str):
        return value
    raise DocumentError(
        f"`{key}` is needed here and must be a string",
        where=document.locate(pointer),
        pointer=pointer,
    )


def _text(node: Node, key: str) -> str | None:
    value = node.get(key)
    return value if isinstance(value, str) else None
