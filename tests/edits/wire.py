"""The catalogue of edits of what is no schema: operations, parameters, bodies, answers, credentials.

Each is a patch of one small document: what stands at which pointers, before and after.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tallystick.document import split
from tallystick.evolve import Direction

from .records import Named, Node
from .severity import expected

ABSENT: Final = object()
"""What stands where a patch takes something away."""
Patch = Mapping[str, Any]
"""By pointer."""

_STRING: Node = {"type": "string"}
_THING: Node = {"type": "object", "properties": {"name": _STRING}, "required": ["name"]}
_JSON: Node = {"application/json": {"schema": _THING}}
_ID: Node = {"name": "id", "in": "path", "required": True, "schema": _STRING}
_QUERY: Node = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
_LIST: Node = {"name": "tag", "in": "query", "schema": {"type": "array", "items": _STRING}}
_OAUTH: Node = {
    "type": "oauth2",
    "flows": {
        "clientCredentials": {
            "tokenUrl": "https://auth.example.com/token",
            "scopes": {"read": "to read", "write": "to write"},
        }
    },
}
BASE: Node = {
    "openapi": "3.1.0",
    "info": {"title": "Things", "version": "1"},
    "servers": [{"url": "https://api.example.com"}],
    "security": [{"key": []}],
    "paths": {
        "/things": {
            "get": {
                "parameters": [_QUERY, _LIST],
                "responses": {
                    "200": {
                        "description": "all",
                        "headers": {"X-Count": {"schema": {"type": "integer"}}},
                        "content": {"application/json": {"schema": {"type": "array"}}},
                    }
                },
            },
            "post": {
                "requestBody": {"required": True, "content": _JSON},
                "responses": {
                    "201": {"description": "made", "content": _JSON},
                    "409": {"description": "there is one already"},
                },
            },
        },
        "/things/{id}": {
            "get": {
                "parameters": [_ID],
                "responses": {"200": {"description": "one", "content": _JSON}},
            },
            "delete": {
                "parameters": [_ID],
                "responses": {"204": {"description": "gone"}},
            },
            "post": {
                "parameters": [_ID],
                "requestBody": {
                    "content": {
                        "application/x-www-form-urlencoded": {
                            "schema": {
                                "type": "object",
                                "properties": {"tags": {"type": "array", "items": _STRING}},
                            }
                        }
                    }
                },
                "responses": {"204": {"description": "done"}},
            },
        },
    },
    "components": {
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "token": {"type": "http", "scheme": "bearer"},
            "oauth": _OAUTH,
        }
    },
}
"""What is edited."""

_P = "#/paths/~1things"
_I = "#/paths/~1things~1{id}"
LIST, CREATE = "GET /things", "POST /things"
READ, DELETE, ACT = "GET /things/{id}", "DELETE /things/{id}", "POST /things/{id}"
EVERY = (LIST, CREATE, READ, DELETE, ACT)
_BODY = f"{_P}/post/requestBody"
_FORM = f"{_I}/post/requestBody"
_LISTED = f"{_P}/get/responses/200"
_MADE = f"{_P}/post/responses/201"


def patched(patch: Patch, document: Node = BASE) -> Node:
    """The document with other values at some pointers."""
    made = copy.deepcopy(document)
    for pointer, value in patch.items():
        *way, last = split(pointer)
        holder: Any = made
        for token in way:
            holder = holder[int(token)] if isinstance(holder, list) else holder[token]
        if isinstance(holder, list):
            holder[int(last) : int(last) + 1] = [] if value is ABSENT else [copy.deepcopy(value)]
        elif value is ABSENT:
            del holder[last]
        else:
            holder[last] = copy.deepcopy(value)
    return made


@dataclass(frozen=True, slots=True)
class WireEdit:
    """One document made into another, by one change that is of no schema."""

    name: str
    kind: str
    back: str
    direction: Direction
    operations: tuple[str, ...]
    at: str
    """The pointer of what changed; the change stands there, above or below it."""
    after: Patch
    before: Patch = field(default_factory=dict[str, Any])
    here: tuple[bool, bool] = (True, True)
    """Whether the old document and the new one have anything of it."""

    def documents(self) -> tuple[Node, Node]:
        """Before and after."""
        return patched(self.before), patched(self.after)

    def named(self, *, back: bool = False) -> Named:
        """What a comparison has to name, there or back."""
        kind = self.back if back else self.kind
        old, new = reversed(self.here) if back else self.here
        severity = expected(kind, self.direction)
        ends = [(self.at,) if each else () for each in (old, new)]
        return Named(kind, self.direction, ends[0], ends[1], self.operations, severity)


_CAME = (False, True)
_OPERATION: Node = {"responses": {"204": {"description": "done"}}, "parameters": [_ID]}

OPERATIONS = (
    WireEdit(
        "an operation comes",
        "operation-added",
        "operation-removed",
        "request",
        ("PUT /things/{id}",),
        f"{_I}/put",
        {f"{_I}/put": _OPERATION},
        here=_CAME,
    ),
    WireEdit(
        "a deprecated operation comes",
        "operation-added",
        "deprecated-operation-removed",
        "request",
        ("PUT /things/{id}",),
        f"{_I}/put",
        {f"{_I}/put": {**_OPERATION, "deprecated": True}},
        here=_CAME,
    ),
    WireEdit(
        "an operation is deprecated",
        "operation-deprecated",
        "operation-undeprecated",
        "both",
        (READ,),
        f"{_I}/get",
        {f"{_I}/get/deprecated": True},
    ),
    WireEdit(
        "an operation has another id",
        "operation-id-changed",
        "operation-id-changed",
        "both",
        (READ,),
        f"{_I}/get",
        {f"{_I}/get/operationId": "retrieveThing"},
        {f"{_I}/get/operationId": "getThing"},
    ),
)
PARAMETERS = (
    WireEdit(
        "a required parameter comes",
        "required-parameter-added",
        "parameter-removed",
        "request",
        (LIST,),
        f"{_P}/get/parameters/2",
        {f"{_P}/get/parameters/2": {**_QUERY, "name": "page", "required": True}},
        here=_CAME,
    ),
    WireEdit(
        "an optional parameter comes",
        "optional-parameter-added",
        "parameter-removed",
        "request",
        (LIST,),
        f"{_P}/get/parameters/2",
        {f"{_P}/get/parameters/2": {**_QUERY, "name": "page"}},
        here=_CAME,
    ),
    WireEdit(
        "a parameter becomes required",
        "parameter-required",
        "parameter-optional",
        "request",
        (LIST,),
        f"{_P}/get/parameters/0",
        {f"{_P}/get/parameters/0/required": True},
    ),
    WireEdit(
        "a parameter moves to a header",
        "parameter-moved",
        "parameter-moved",
        "request",
        (LIST,),
        f"{_P}/get/parameters/0",
        {f"{_P}/get/parameters/0/in": "header"},
    ),
    WireEdit(
        "a list is written otherwise",
        "parameter-style-changed",
        "parameter-style-changed",
        "request",
        (LIST,),
        f"{_P}/get/parameters/1",
        {f"{_P}/get/parameters/1/explode": False},
    ),
    WireEdit(
        "a list is written with pipes",
        "parameter-style-changed",
        "parameter-style-changed",
        "request",
        (LIST,),
        f"{_P}/get/parameters/1",
        {
            f"{_P}/get/parameters/1/style": "pipeDelimited",
            f"{_P}/get/parameters/1/explode": False,
        },
        {f"{_P}/get/parameters/1/explode": False},
    ),
    WireEdit(
        "reserved characters stand as they are",
        "parameter-escaping-changed",
        "parameter-escaping-changed",
        "request",
        (LIST,),
        f"{_P}/get/parameters/1",
        {f"{_P}/get/parameters/1/allowReserved": True},
    ),
    WireEdit(
        "a parameter is deprecated",
        "parameter-deprecated",
        "parameter-undeprecated",
        "request",
        (LIST,),
        f"{_P}/get/parameters/0",
        {f"{_P}/get/parameters/0/deprecated": True},
    ),
)
BODIES = (
    WireEdit(
        "a required body comes",
        "required-body-added",
        "body-removed",
        "request",
        (CREATE,),
        _BODY,
        {},
        {_BODY: ABSENT},
        here=_CAME,
    ),
    WireEdit(
        "an optional body comes",
        "optional-body-added",
        "body-removed",
        "request",
        (CREATE,),
        _BODY,
        {f"{_BODY}/required": False},
        {_BODY: ABSENT},
        here=_CAME,
    ),
    WireEdit(
        "a body becomes optional",
        "body-optional",
        "body-required",
        "request",
        (CREATE,),
        _BODY,
        {f"{_BODY}/required": ABSENT},
    ),
    WireEdit(
        "a body may be of one more media type",
        "body-media-type-added",
        "body-media-type-removed",
        "request",
        (CREATE,),
        f"{_BODY}/content/application~1xml",
        {f"{_BODY}/content/application~1xml": {"schema": _THING}},
        here=_CAME,
    ),
    WireEdit(
        "a list of a form is written otherwise",
        "encoding-changed",
        "encoding-changed",
        "request",
        (ACT,),
        f"{_FORM}/content/application~1x-www-form-urlencoded",
        {
            f"{_FORM}/content/application~1x-www-form-urlencoded/encoding": {
                "tags": {"style": "spaceDelimited", "explode": False}
            }
        },
    ),
)
ANSWERS = (
    WireEdit(
        "one more success",
        "success-status-added",
        "success-status-removed",
        "response",
        (CREATE,),
        f"{_P}/post/responses/202",
        {f"{_P}/post/responses/202": {"description": "later"}},
        here=_CAME,
    ),
    WireEdit(
        "a redirection",
        "redirect-status-added",
        "redirect-status-removed",
        "response",
        (CREATE,),
        f"{_P}/post/responses/303",
        {f"{_P}/post/responses/303": {"description": "see there"}},
        here=_CAME,
    ),
    WireEdit(
        "one more error",
        "error-status-added",
        "error-status-removed",
        "response",
        (CREATE,),
        f"{_P}/post/responses/422",
        {f"{_P}/post/responses/422": {"description": "refused"}},
        here=_CAME,
    ),
    WireEdit(
        "an answer may be of one more media type",
        "answer-media-type-added",
        "answer-media-type-removed",
        "response",
        (LIST,),
        f"{_LISTED}/content/text~1csv",
        {f"{_LISTED}/content/text~1csv": {"schema": _STRING}},
        here=_CAME,
    ),
    WireEdit(
        "an answer is of another media type",
        "answer-media-type-replaced",
        "answer-media-type-replaced",
        "response",
        (LIST,),
        f"{_LISTED}/content",
        {f"{_LISTED}/content": {"text/csv": {"schema": _STRING}}},
    ),
    WireEdit(
        "an answer gets a body",
        "answer-body-added",
        "answer-body-removed",
        "response",
        (CREATE,),
        f"{_P}/post/responses/409",
        {f"{_P}/post/responses/409/content": _JSON},
    ),
    WireEdit(
        "a header that is always there comes",
        "required-header-added",
        "required-header-removed",
        "response",
        (CREATE,),
        f"{_MADE}/headers/Location",
        {f"{_MADE}/headers": {"Location": {"schema": _STRING, "required": True}}},
        here=_CAME,
    ),
    WireEdit(
        "a header that may be there comes",
        "optional-header-added",
        "optional-header-removed",
        "response",
        (CREATE,),
        f"{_MADE}/headers/Location",
        {f"{_MADE}/headers": {"Location": {"schema": _STRING}}},
        here=_CAME,
    ),
    WireEdit(
        "a header is always there",
        "header-required",
        "header-optional",
        "response",
        (LIST,),
        f"{_LISTED}/headers/X-Count",
        {f"{_LISTED}/headers/X-Count/required": True},
    ),
)
CREDENTIALS = (
    WireEdit(
        "a credential is asked for",
        "security-added",
        "security-removed",
        "request",
        EVERY,
        "#/security",
        {},
        {"#/security": ABSENT},
        here=(False, True),
    ),
    WireEdit(
        "one operation asks for no credential any more",
        "security-removed",
        "security-added",
        "request",
        (LIST,),
        f"{_P}/get/security",
        {f"{_P}/get/security": []},
    ),
    WireEdit(
        "one more credential is accepted",
        "security-alternative-added",
        "security-alternative-removed",
        "request",
        EVERY,
        "#/security",
        {"#/security": [{"key": []}, {"token": []}]},
    ),
    WireEdit(
        "another credential is asked for",
        "security-changed",
        "security-changed",
        "request",
        EVERY,
        "#/security",
        {"#/security": [{"token": []}]},
    ),
    WireEdit(
        "a key travels in the query",
        "security-scheme-changed",
        "security-scheme-changed",
        "request",
        EVERY,
        "#/components/securitySchemes/key",
        {"#/components/securitySchemes/key/in": "query"},
    ),
    WireEdit(
        "a key becomes a bearer token",
        "security-scheme-changed",
        "security-scheme-changed",
        "request",
        EVERY,
        "#/components/securitySchemes/key",
        {"#/components/securitySchemes/key": {"type": "http", "scheme": "bearer"}},
    ),
    WireEdit(
        "a token needs one more scope",
        "scope-added",
        "scope-removed",
        "request",
        (LIST,),
        f"{_P}/get/security",
        {f"{_P}/get/security": [{"oauth": ["read", "write"]}]},
        {f"{_P}/get/security": [{"oauth": ["read"]}]},
    ),
)
SERVERS = (
    WireEdit(
        "one more server",
        "server-added",
        "server-removed",
        "request",
        (),
        "#/servers/1",
        {"#/servers/1": {"url": "https://eu.example.com"}},
        here=_CAME,
    ),
    WireEdit(
        "another server",
        "server-changed",
        "server-changed",
        "request",
        (),
        "#/servers/0",
        {"#/servers/0/url": "https://other.example.com"},
    ),
)

WIRE_EDITS: tuple[WireEdit, ...] = (
    *OPERATIONS,
    *PARAMETERS,
    *BODIES,
    *ANSWERS,
    *CREDENTIALS,
    *SERVERS,
)
