"""The catalogue of edits of what is no schema: operations, parameters, bodies, answers, credentials.

Each is a patch of one small document: what stands at which pointers, before and after.
"""

from __future__ import annotations

import copy
import json
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
    made: Any = json.loads(json.dumps(document))  # parts of it are the same object
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
    return dict(made)


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
    at_before: str | None = None
    """The pointer in the old document, where it is another."""
    operations_before: tuple[str, ...] | None = None
    """The operations as the old document has them, where they are others."""
    here: tuple[bool, bool] = (True, True)
    """Whether the old document and the new one have anything of it."""

    def documents(self) -> tuple[Node, Node]:
        """Before and after."""
        return patched(self.before), patched(self.after)

    def named(self, *, back: bool = False) -> Named:
        """What a comparison has to name, there or back."""
        kind = self.back if back else self.kind
        severity = expected(kind, self.direction)
        places = (self.at if self.at_before is None else self.at_before, self.at)
        ends = [(at,) if here else () for at, here in zip(places, self.here, strict=True)]
        old, new = reversed(ends) if back else ends
        back_to = self.operations if self.operations_before is None else self.operations_before
        operations = back_to if back else self.operations
        return Named(kind, self.direction, old, new, operations, severity)


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
        _LISTED,
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
        at_before="#/security",
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

NOTES = (
    WireEdit(
        "an effect becomes visible later",
        "poll-changed",
        "poll-changed",
        "both",
        (CREATE,),
        f"{_P}/post",
        {f"{_P}/post/x-tallystick-poll": {"read": "/things/{id}", "budget-seconds": 30}},
        {f"{_P}/post/x-tallystick-poll": {"read": "/things/{id}", "budget-seconds": 3}},
    ),
    WireEdit(
        "what became of an update is told otherwise",
        "outcome-changed",
        "outcome-changed",
        "both",
        (CREATE,),
        f"{_P}/post",
        {f"{_P}/post/x-tallystick-outcome": {"member": "name", "accepted": ["A", "B"]}},
        {f"{_P}/post/x-tallystick-outcome": {"member": "name", "accepted": ["A"]}},
    ),
    WireEdit(
        "another name is reserved",
        "reserved-values-changed",
        "reserved-values-changed",
        "request",
        (CREATE,),
        f"{_BODY}/content/application~1json/schema/properties/name",
        {
            f"{_BODY}/content/application~1json/schema/properties/name": {
                "type": "string",
                "x-tallystick-reserved": ["first", "second"],
            }
        },
        {
            f"{_BODY}/content/application~1json/schema/properties/name": {
                "type": "string",
                "x-tallystick-reserved": ["first"],
            }
        },
    ),
    WireEdit(
        "a key stands in another variable",
        "credential-variable-changed",
        "credential-variable-changed",
        "request",
        EVERY,
        "#/components/securitySchemes/key",
        {"#/components/securitySchemes/key/x-tallystick-env": "THINGS_KEY"},
        {"#/components/securitySchemes/key/x-tallystick-env": "API_KEY"},
    ),
)
_HOST: Node = {"default": "eu", "enum": ["eu", "us"]}
_FIRST: Node = {"url": "https://api.example.com"}
_OTHER: Node = {"url": "https://eu.example.com"}


def _variable(**said: Any) -> Patch:
    server = {"url": "https://{host}.example.com", "variables": {"host": {**_HOST, **said}}}
    return {"#/servers": [server]}


_EVENT: Node = {
    "requestBody": {"content": _JSON},
    "responses": {"204": {"description": "heard"}},
}
MORE = (
    WireEdit(
        "an operation stands at another path",
        "operation-moved",
        "operation-moved",
        "request",
        ("GET /items/{id}",),
        "#/paths/~1items~1{id}/get",
        {
            f"{_I}/get": ABSENT,
            "#/paths/~1items~1{id}": {
                "get": {**BASE["paths"]["/things/{id}"]["get"], "operationId": "getThing"}
            },
        },
        {f"{_I}/get/operationId": "getThing"},
        at_before=f"{_I}/get",
        operations_before=(READ,),
    ),
    WireEdit(
        "a webhook comes",
        "webhook-added",
        "webhook-removed",
        "response",
        ("webhook made",),
        "#/webhooks/made/post",
        {"#/webhooks": {"made": {"post": _EVENT}}},
        here=_CAME,
    ),
    WireEdit(
        "a parameter is JSON",
        "parameter-media-type-changed",
        "parameter-media-type-changed",
        "request",
        (LIST,),
        f"{_P}/get/parameters/1",
        {
            f"{_P}/get/parameters/1": {
                "name": "tag",
                "in": "query",
                "content": {"application/json": {"schema": _LIST["schema"]}},
            }
        },
    ),
    WireEdit(
        "a body gets a schema",
        "body-schema-added",
        "body-schema-removed",
        "request",
        (CREATE,),
        f"{_BODY}/content/application~1json/schema",
        {},
        {f"{_BODY}/content/application~1json/schema": ABSENT},
        at_before=f"{_BODY}/content/application~1json",
    ),
    WireEdit(
        "an answer becomes a stream",
        "stream-changed",
        "stream-changed",
        "response",
        (LIST,),
        f"{_LISTED}/content/application~1jsonl",
        {
            "#/openapi": "3.2.0",
            f"{_LISTED}/content": {"application/jsonl": {"itemSchema": _THING}},
        },
        {"#/openapi": "3.2.0", f"{_LISTED}/content": {"application/jsonl": {"schema": _THING}}},
    ),
    WireEdit(
        "a token is got elsewhere",
        "security-flow-changed",
        "security-flow-changed",
        "request",
        (LIST,),
        "#/components/securitySchemes/oauth",
        {
            f"{_P}/get/security": [{"oauth": ["read"]}],
            "#/components/securitySchemes/oauth/flows/clientCredentials/tokenUrl": (
                "https://login.example.com/token"
            ),
        },
        {f"{_P}/get/security": [{"oauth": ["read"]}]},
    ),
    WireEdit(
        "another server comes first",
        "default-server-changed",
        "default-server-changed",
        "request",
        (),
        "#/servers/0",
        {"#/servers": [_OTHER, _FIRST]},
        {"#/servers": [_FIRST, _OTHER]},
    ),
    WireEdit(
        "a variable of a server is something else",
        "server-variable-default-changed",
        "server-variable-default-changed",
        "request",
        (),
        "#/servers/0",
        _variable(default="us"),
        _variable(),
    ),
    WireEdit(
        "a variable of a server may be one thing more",
        "server-variable-value-added",
        "server-variable-value-removed",
        "request",
        (),
        "#/servers/0",
        _variable(enum=["eu", "us", "ap"]),
        _variable(),
    ),
)

WIRE_EDITS: tuple[WireEdit, ...] = (
    *OPERATIONS,
    *PARAMETERS,
    *BODIES,
    *ANSWERS,
    *CREDENTIALS,
    *SERVERS,
    *NOTES,
    *MORE,
)
