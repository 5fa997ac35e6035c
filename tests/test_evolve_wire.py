"""One edit of a small document, and the one change that a comparison names for it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest

from tallystick.contract import Contract, build
from tallystick.document import parse
from tallystick.document.load import assembled
from tallystick.evolve import KINDS, READERS, Change, Comparison, Spot
from tallystick.evolve.compare import compare_with
from tallystick.evolve.kinds import NOTED
from tallystick.evolve.values.readings import Readings
from tallystick.evolve.values.walk import Values

Edit = Callable[[Any], object]

ERROR = {"description": "no", "content": {"application/json": {"schema": {"type": "object"}}}}
BASE: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1.0.0"},
    "servers": [
        {
            "url": "https://{region}.example.com/v1",
            "variables": {"region": {"default": "eu", "enum": ["eu", "us"]}},
        },
        {"url": "https://test.example.com"},
    ],
    "security": [{"key": []}],
    "tags": [{"name": "things"}],
    "paths": {
        "/things": {
            "get": {
                "operationId": "listThings",
                "summary": "Things",
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 10}},
                    {
                        "name": "ids",
                        "in": "query",
                        "schema": {"type": "array", "items": {"type": "string"}},
                    },
                    {"$ref": "#/components/parameters/trace"},
                    {"name": "at", "in": "query", "schema": {"type": "string"}},
                ],
                "responses": {
                    "200": {
                        "description": "yes",
                        "headers": {
                            "ETag": {"required": True, "schema": {"type": "string"}},
                            "X-Left": {"schema": {"type": "integer"}},
                        },
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Things"}},
                            "application/xml": {"schema": {"type": "string"}},
                        },
                    },
                    "404": {"$ref": "#/components/responses/Error"},
                },
            },
            "post": {
                "operationId": "createThing",
                "parameters": [{"$ref": "#/components/parameters/trace"}],
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}},
                        "application/x-www-form-urlencoded": {
                            "schema": {
                                "type": "object",
                                "properties": {
                                    "n": {"type": "string"},
                                    "l": {"type": "array", "items": {"type": "string"}},
                                },
                            },
                            "encoding": {"l": {"style": "form", "explode": True}},
                        },
                    }
                },
                "responses": {"201": {"description": "yes"}, "default": {"description": "no"}},
            },
        },
        "/things/{id}": {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
            ],
            "delete": {
                "deprecated": True,
                "security": [{"login": ["write"]}],
                "responses": {"204": {"description": "yes"}},
            },
            "put": {
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}
                    },
                },
                "responses": {"204": {"description": "yes"}, "4XX": {"description": "no"}},
            },
        },
    },
    "webhooks": {
        "shipped": {
            "post": {
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}
                    }
                },
                "responses": {"204": {"description": "yes"}},
            }
        }
    },
    "components": {
        "parameters": {"trace": {"name": "X-Trace", "in": "header", "schema": {"type": "string"}}},
        "responses": {"Error": ERROR},
        "schemas": {
            "Thing": {
                "type": "object",
                "description": "A thing",
                "properties": {"name": {"type": "string"}, "size": {"type": "integer"}},
                "required": ["name"],
            },
            "Things": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
        },
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "login": {
                "type": "oauth2",
                "flows": {
                    "clientCredentials": {
                        "tokenUrl": "https://example.com/token",
                        "scopes": {"write": "w", "admin": "a"},
                    }
                },
            },
        },
    },
}


class Noted(Values):
    """Only notes what is compared."""

    def __init__(self) -> None:
        self.seen: list[tuple[Spot, str, str]] = []

    def compare(self, spot: Spot, old: str, new: str) -> None:
        self.seen.append((spot, old, new))

    def changes(self) -> tuple[Change, ...]:
        return ()


def contract(data: dict[str, Any]) -> Contract:
    return build(assembled(parse(json.dumps(data), "api.json")))


def edited(*edits: Edit) -> dict[str, Any]:
    data = copy.deepcopy(BASE)
    for edit in edits:
        edit(data)
    return data


def compared(old: dict[str, Any], new: dict[str, Any]) -> tuple[Comparison, Noted]:
    values = Noted()
    before = base() if old is BASE else contract(old)
    after = base() if new is BASE else contract(new)
    return compare_with(values, Readings(before), Readings(after)), values


@lru_cache(maxsize=1)
def base() -> Contract:
    return contract(BASE)


def set_(path: str, value: Any) -> Edit:
    """Put a value at a path of names, joined by ``|``."""

    def run(data: Any) -> None:
        *names, last = path.split("|")
        for name in names:
            data = data[int(name)] if isinstance(data, list) else data.setdefault(name, {})
        if isinstance(data, list):
            data.insert(int(last), value) if int(last) >= len(data) else data.__setitem__(
                int(last), value
            )
        else:
            data[last] = value

    return run


def drop(path: str) -> Edit:
    def run(data: Any) -> None:
        *names, last = path.split("|")
        for name in names:
            data = data[int(name)] if isinstance(data, list) else data[name]
        del data[int(last) if isinstance(data, list) else last]

    return run


def move(path: str, name: str) -> Edit:
    def run(data: Any) -> None:
        *names, last = path.split("|")
        for each in names:
            data = data[int(each)] if isinstance(data, list) else data[each]
        kept = [(name if key == last else key, value) for key, value in data.items()]
        data.clear()
        data.update(kept)

    return run


GET, POST, PUT = "paths|/things|get", "paths|/things|post", "paths|/things/{id}|put"
DELETE = "paths|/things/{id}|delete"
LIMIT, IDS, AT = f"{GET}|parameters|0", f"{GET}|parameters|1", f"{GET}|parameters|3"
OK, MISSING_ = f"{GET}|responses|200", f"{GET}|responses|404"
FORM = "application/x-www-form-urlencoded"
B, R, C = "breaking", "risky", "compatible"
NEW = {"name": "new", "in": "query", "schema": {"type": "string"}}

ROWS: list[tuple[str, Edit, str, tuple[str, str, str], str]] = [
    # operations
    (
        "operation",
        drop(PUT),
        "operation-removed",
        (B, B, C),
        "PUT /things/{id} is gone",
    ),
    (
        "deprecated",
        drop(DELETE),
        "deprecated-operation-removed",
        (B, B, C),
        "DELETE /things/{id}, which was deprecated, is gone",
    ),
    (
        "patch",
        set_("paths|/things|patch", {"responses": {"204": {"description": "y"}}}),
        "operation-added",
        (C, C, B),
        "PATCH /things is new",
    ),
    (
        "moved",
        move("paths|/things", "/items"),
        "operation-moved",
        (B, B, B),
        "GET /things is GET /items now",
    ),
    (
        "deprecate",
        set_(f"{PUT}|deprecated", True),
        "operation-deprecated",
        (C, C, C),
        "PUT /things/{id} is deprecated now",
    ),
    (
        "undeprecate",
        drop(f"{DELETE}|deprecated"),
        "operation-undeprecated",
        (C, C, C),
        "DELETE /things/{id} is deprecated no longer",
    ),
    (
        "id",
        set_(f"{GET}|operationId", "getThings"),
        "operation-id-changed",
        (R, C, C),
        'the operationId of GET /things was "listThings" and is "getThings"',
    ),
    (
        "poll",
        set_(f"{PUT}|x-tallystick-poll", {"read": "/things", "budget-seconds": 5}),
        "poll-changed",
        (R, R, R),
        "what PUT /things/{id} does shows within 5 seconds in GET /things now, and did at once",
    ),
    (
        "reserved",
        set_("components|schemas|Thing|properties|name|x-tallystick-reserved", ["all"]),
        "reserved-values-changed",
        (R, R, R),
        'of `name` in the body of POST /things and PUT /things/{id}, "all" exists from the start now',
    ),
    # parameters
    (
        "required came",
        set_(f"{GET}|parameters|9", {**NEW, "required": True}),
        "required-parameter-added",
        (B, B, C),
        "`new` in the query of GET /things must be given now, and was not known",
    ),
    (
        "optional came",
        set_(f"{GET}|parameters|9", NEW),
        "optional-parameter-added",
        (C, C, R),
        "`new` in the query of GET /things may be given now",
    ),
    (
        "parameter went",
        drop(LIMIT),
        "parameter-removed",
        (R, R, C),
        "`limit` in the query of GET /things is gone",
    ),
    (
        "parameter required",
        set_(f"{AT}|required", True),
        "parameter-required",
        (B, B, C),
        "`at` in the query of GET /things must be given now",
    ),
    (
        "shared parameter required",
        set_("components|parameters|trace|required", True),
        "parameter-required",
        (B, B, C),
        "`X-Trace` in the headers of GET /things and POST /things must be given now",
    ),
    (
        "parameter to header",
        set_(f"{AT}|in", "header"),
        "parameter-moved",
        (B, B, B),
        "`at` in the query of GET /things stands in the headers now",
    ),
    (
        "explode",
        set_(f"{IDS}|explode", False),
        "parameter-style-changed",
        (B, B, B),
        (
            '`ids` in the query of GET /things writes ["a", "b"] as `ids=a,b` now,'
            " and as `ids=a&ids=b` before"
        ),
    ),
    (
        "allowReserved",
        set_(f"{AT}|allowReserved", True),
        "parameter-escaping-changed",
        (R, R, R),
        '`at` in the query of GET /things writes "a/b" as `at=a/b`, not `at=a%2Fb`',
    ),
    (
        "content",
        set_(
            AT,
            {
                "name": "at",
                "in": "query",
                "content": {"application/json": {"schema": {"type": "string"}}},
            },
        ),
        "parameter-media-type-changed",
        (B, B, B),
        "`at` in the query of GET /things is application/json now, and was written by its style",
    ),
    (
        "default",
        set_(f"{LIMIT}|schema|default", 20),
        "default-changed",
        (R, R, R),
        "`limit` in the query of GET /things means 20 where it is left out, and meant 10",
    ),
    (
        "default came",
        set_(f"{AT}|schema|default", "now"),
        "default-added",
        (R, R, R),
        '`at` in the query of GET /things means "now" where it is left out, which was not said',
    ),
    (
        "default null came",
        set_(f"{AT}|schema|default", None),
        "default-documented",
        (C, C, C),
        "`at` in the query of GET /things means null where it is left out, and meant nothing",
    ),
    (
        "parameter deprecated",
        set_(f"{AT}|deprecated", True),
        "parameter-deprecated",
        (C, C, C),
        "`at` in the query of GET /things is deprecated now",
    ),
    # bodies
    (
        "body came",
        set_(f"{DELETE}|requestBody", {"content": {"application/json": {}}}),
        "optional-body-added",
        (C, C, B),
        "DELETE /things/{id} may have a body now",
    ),
    (
        "required body came",
        set_(f"{DELETE}|requestBody", {"required": True, "content": {"text/plain": {}}}),
        "required-body-added",
        (B, B, C),
        "DELETE /things/{id} must have a body now",
    ),
    (
        "body went",
        drop(f"{POST}|requestBody"),
        "body-removed",
        (B, B, C),
        "the body of POST /things is gone",
    ),
    (
        "body required",
        set_(f"{POST}|requestBody|required", True),
        "body-required",
        (B, B, C),
        "the body of POST /things must be sent now",
    ),
    (
        "body optional",
        set_(f"{PUT}|requestBody|required", False),
        "body-optional",
        (C, C, B),
        "the body of PUT /things/{id} may be left out now",
    ),
    (
        "media type went",
        drop(f"{POST}|requestBody|content|{FORM}"),
        "body-media-type-removed",
        (B, B, C),
        f"the body of POST /things may be `{FORM}` no longer",
    ),
    (
        "media type came",
        set_(f"{POST}|requestBody|content|text/csv", {}),
        "body-media-type-added",
        (C, C, B),
        "the body of POST /things may be `text/csv` now",
    ),
    (
        "any media type",
        move(f"{PUT}|requestBody|content|application/json", "*/*"),
        "body-media-type-added",
        (C, C, B),
        "the body of PUT /things/{id} may be `*/*` now",
    ),
    (
        "no schema",
        drop(f"{PUT}|requestBody|content|application/json|schema"),
        "body-schema-removed",
        (C, C, B),
        "the body of PUT /things/{id} as `application/json` has no schema now: it may be anything",
    ),
    (
        "encoding",
        set_(f"{POST}|requestBody|content|{FORM}|encoding|l|explode", False),
        "encoding-changed",
        (B, B, B),
        ("`l` in the body of POST /things is written as `l=a,b` now, and was as `l=a&l=b`"),
    ),
    (
        "stream",
        move(f"{PUT}|requestBody|content|application/json|schema", "itemSchema"),
        "stream-changed",
        (B, B, B),
        "the body of PUT /things/{id} as `application/json` is a stream of items now",
    ),
    # answers
    (
        "success came",
        set_(f"{GET}|responses|206", {"description": "part"}),
        "success-status-added",
        (B, R, C),
        "GET /things may answer 206 now, which the old contract does not declare",
    ),
    (
        "success beside default",
        set_(f"{POST}|responses|202", {"description": "later"}),
        "success-status-added",
        (B, R, C),
        "POST /things may answer 202 now, which the old contract does not declare",
    ),
    (
        "error came",
        set_(f"{GET}|responses|409", {"description": "no"}),
        "error-status-added",
        (R, C, C),
        "GET /things may answer 409 now, which the old contract does not declare",
    ),
    (
        "errors of one component came",
        lambda d: d["paths"]["/things"]["get"]["responses"].update(
            {status: {"$ref": "#/components/responses/Error"} for status in ("400", "409")}
        ),
        "error-status-added",
        (R, C, C),
        "GET /things may answer 400 or 409 now, which the old contract does not declare",
    ),
    (
        "default came",
        set_(f"{GET}|responses|default", {"description": "no"}),
        "error-status-added",
        (R, C, C),
        "GET /things may answer any other status now, which the old contract does not declare",
    ),
    (
        "redirect came",
        set_(f"{GET}|responses|307", {"description": "there"}),
        "redirect-status-added",
        (R, R, C),
        "GET /things may answer 307 now, which the old contract does not declare",
    ),
    (
        "error went",
        drop(MISSING_),
        "error-status-removed",
        (C, C, B),
        "the answer 404 of GET /things is declared no longer",
    ),
    (
        "range for a code",
        move(MISSING_, "4XX"),
        "error-status-added",
        (R, C, C),
        "GET /things may answer 4XX now, which the old contract does not declare",
    ),
    (
        "code for a range",
        move(f"{PUT}|responses|4XX", "404"),
        "error-status-removed",
        (C, C, B),
        "the answer 4XX of PUT /things/{id} is declared no longer",
    ),
    (
        "answer type came",
        set_(f"{OK}|content|text/csv", {}),
        "answer-media-type-added",
        (R, R, C),
        "the answer 200 of GET /things may be `text/csv` now",
    ),
    (
        "answer type went",
        drop(f"{OK}|content|application/xml"),
        "answer-media-type-removed",
        (C, B, B),
        "the answer 200 of GET /things is `application/xml` no longer, even if that is asked for",
    ),
    (
        "answer types replaced",
        set_(f"{OK}|content", {"text/csv": {}}),
        "answer-media-type-replaced",
        (B, B, B),
        (
            "the answer 200 of GET /things is `text/csv` now, and was `application/json` or"
            " `application/xml`"
        ),
    ),
    (
        "answer body went",
        drop(f"{OK}|content"),
        "answer-body-removed",
        (B, B, B),
        "the answer 200 of GET /things has a body no longer",
    ),
    (
        "answer body came",
        set_(f"{POST}|responses|201|content", {"application/json": {}}),
        "answer-body-added",
        (C, C, B),
        "the answer 201 of POST /things has a body now",
    ),
    (
        "header came",
        set_(f"{OK}|headers|X-New", {"required": True, "schema": {}}),
        "required-header-added",
        (C, C, B),
        "the answer 200 of GET /things has the header `X-New` now",
    ),
    (
        "optional header came",
        set_(f"{OK}|headers|X-New", {"schema": {}}),
        "optional-header-added",
        (C, C, C),
        "the answer 200 of GET /things may have the header `X-New` now",
    ),
    (
        "header optional",
        drop(f"{OK}|headers|ETag|required"),
        "header-optional",
        (C, B, C),
        "the answer 200 of GET /things may lack the header `ETag` now",
    ),
    (
        "header required",
        set_(f"{OK}|headers|X-Left|required", True),
        "header-required",
        (C, C, B),
        "the answer 200 of GET /things has the header `X-Left` always now",
    ),
    (
        "required header went",
        drop(f"{OK}|headers|ETag"),
        "required-header-removed",
        (C, B, C),
        "the answer 200 of GET /things has the header `ETag` no longer",
    ),
    (
        "optional header went",
        drop(f"{OK}|headers|X-Left"),
        "optional-header-removed",
        (C, R, C),
        "the answer 200 of GET /things has the header `X-Left` no longer",
    ),
    # credentials
    (
        "none asked",
        drop("security"),
        "security-removed",
        (C, C, B),
        (
            "no credential is asked for by GET /things, POST /things and PUT /things/{id} any more,"
            " where `key` was"
        ),
    ),
    (
        "optional",
        set_("security|1", {}),
        "security-removed",
        (C, C, B),
        (
            "no credential is asked for by GET /things, POST /things and PUT /things/{id} any more,"
            " where `key` was"
        ),
    ),
    (
        "alternative came",
        set_(f"{DELETE}|security|1", {"key": []}),
        "security-alternative-added",
        (C, C, B),
        "`key` is accepted by DELETE /things/{id} now",
    ),
    (
        "another asked",
        set_(f"{DELETE}|security", [{"key": []}]),
        "security-changed",
        (B, B, B),
        "`key` is asked for by DELETE /things/{id} now, where `login` was",
    ),
    (
        "both asked",
        set_(f"{DELETE}|security", [{"key": [], "login": ["write"]}]),
        "security-alternative-removed",
        (B, B, C),
        "`login` is accepted by DELETE /things/{id} no longer",
    ),
    (
        "scheme",
        set_("components|securitySchemes|key|in", "query"),
        "security-scheme-changed",
        (B, B, B),
        (
            "the credential `key` of GET /things, POST /things and PUT /things/{id} is an apiKey in the"
            " query `X-Key` now, and was an apiKey in the header `X-Key`"
        ),
    ),
    (
        "scope came",
        set_(f"{DELETE}|security|0|login", ["write", "admin"]),
        "scope-added",
        (B, B, C),
        "`login` of DELETE /things/{id} needs the scope `admin` now",
    ),
    (
        "scope went",
        set_(f"{DELETE}|security|0|login", []),
        "scope-removed",
        (C, C, B),
        "`login` of DELETE /things/{id} needs the scope `write` no longer",
    ),
    (
        "token",
        set_(
            "components|securitySchemes|login|flows|clientCredentials|tokenUrl",
            "https://x.example.com",
        ),
        "security-flow-changed",
        (R, R, R),
        "a token for `login` of DELETE /things/{id} is got otherwise",
    ),
    (
        "variable of the key",
        set_("components|securitySchemes|key|x-tallystick-env", "KEY"),
        "credential-variable-changed",
        (R, C, C),
        (
            "typed clients take `key` of GET /things, POST /things and PUT /things/{id} from the"
            ' environment variable "KEY" now, and took it from none'
        ),
    ),
    # servers
    (
        "server came",
        set_("servers|2", {"url": "https://b.example.com"}),
        "server-added",
        (C, C, C),
        "`https://b.example.com` is a server of the API now",
    ),
    (
        "server went",
        drop("servers|1"),
        "server-removed",
        (B, B, C),
        "the server `https://test.example.com` of the API is gone",
    ),
    (
        "server moved",
        set_("servers|1|url", "https://b.example.com"),
        "server-changed",
        (B, B, B),
        "the server of the API is `https://b.example.com` now, and was `https://test.example.com`",
    ),
    (
        "server of one operation",
        set_(f"{PUT}|servers", [{"url": "https://put.example.com"}, BASE["servers"][1]]),
        "server-changed",
        (B, B, B),
        (
            "the server of PUT /things/{id} is `https://put.example.com` now, and was"
            " `https://{region}.example.com/v1`"
        ),
    ),
    (
        "other first",
        lambda d: d["servers"].reverse(),
        "default-server-changed",
        (R, C, C),
        (
            "`https://test.example.com` is the first server of the API now, and"
            " `https://{region}.example.com/v1` was"
        ),
    ),
    (
        "variable default",
        set_("servers|0|variables|region|default", "us"),
        "server-variable-default-changed",
        (R, R, R),
        (
            'the variable `region` of the URL `https://{region}.example.com/v1` is "us" unless another'
            ' is given now, and was "eu"'
        ),
    ),
    (
        "variable value came",
        set_("servers|0|variables|region|enum", ["eu", "us", "ap"]),
        "server-variable-value-added",
        (C, C, C),
        "the variable `region` of the URL `https://{region}.example.com/v1` may be `ap` now",
    ),
    (
        "variable value went",
        set_("servers|0|variables|region|enum", ["eu"]),
        "server-variable-value-removed",
        (B, B, C),
        "the variable `region` of the URL `https://{region}.example.com/v1` may be `us` no longer",
    ),
    # what the API asks of its clients
    (
        "webhook went",
        drop("webhooks|shipped"),
        "webhook-removed",
        (R, R, B),
        "the API calls `shipped` no longer",
    ),
    (
        "webhook came",
        set_("webhooks|made", {"post": {"responses": {"204": {"description": "y"}}}}),
        "webhook-added",
        (C, C, R),
        "the API calls `made` now",
    ),
    (
        "webhook body required",
        set_("webhooks|shipped|post|requestBody|required", True),
        "body-required",
        (C, C, B),
        "the body of the webhook `shipped` must be sent now",
    ),
    (
        "webhook answer went",
        set_("webhooks|shipped|post|responses", {"200": {"description": "yes"}}),
        "success-status-removed",
        (B, B, C),
        "the answer 204 of the webhook `shipped` is declared no longer",
    ),
]
PAIRED = {"moved": 2, "webhook answer went": 2}
"""Edits that are two changes: the first is looked at."""


@pytest.mark.parametrize(
    ("edit", "kind", "severity", "sentence", "count"),
    [pytest.param(*row[1:], PAIRED.get(row[0], 1), id=row[0]) for row in ROWS],
)
def test_one_edit_is_one_change(
    edit: Edit, kind: str, severity: tuple[str, str, str], sentence: str, count: int
) -> None:
    found, _ = compared(BASE, edited(edit))
    assert len(found.changes) == count, [each.sentence for each in found.changes]
    change = next(each for each in found.changes if each.kind == kind)
    assert tuple(change.severity[reader] for reader in READERS) == severity
    assert change.sentence == sentence
    assert shown(change) >= broken(change), change.witnesses
    assert change.proof == ("witness" if change.witnesses else "structure")


def broken(change: Change) -> set[str]:
    """Who of clients and servers is broken."""
    clients = B in (change.severity["typed client"], change.severity["hand-written client"])
    return ({"clients"} if clients else set()) | (
        {"servers"} if change.severity["server"] == B else set()
    )


def shown(change: Change) -> set[str]:
    """Who of them an example shows to be."""
    return {
        "clients" if (each.spot.direction == "request") == (each.valid_in == "old") else "servers"
        for each in change.witnesses
    }


def test_every_kind_of_the_wire_is_tried_here() -> None:
    reverse = {
        *("parameter-optional", "parameter-undeprecated", "body-schema-added", "security-added"),
        *("redirect-status-removed",),
    }
    tried = {row[2] for row in ROWS} | reverse | {"outcome-changed"}
    wire = set(list(KINDS)[list(KINDS).index("operation-added") :]) - NOTED
    assert wire <= tried


@pytest.mark.parametrize(
    ("edit", "kind", "severity", "sentence"),
    [
        (
            set_(f"{AT}|required", True),
            "parameter-optional",
            (C, C, B),
            "`at` in the query of GET /things may be left out now",
        ),
        (
            set_(f"{AT}|deprecated", True),
            "parameter-undeprecated",
            (C, C, C),
            "`at` in the query of GET /things is deprecated no longer",
        ),
        (
            drop(f"{PUT}|requestBody|content|application/json|schema"),
            "body-schema-added",
            (B, B, C),
            (
                "the body of PUT /things/{id} as `application/json` has a schema now, and could be"
                " anything"
            ),
        ),
        (
            drop("security"),
            "security-added",
            (B, B, C),
            (
                "`key` is asked for by GET /things, POST /things and PUT /things/{id} now, where no"
                " credential was"
            ),
        ),
        (
            set_(f"{GET}|responses|304", {"description": "same"}),
            "redirect-status-removed",
            (C, C, B),
            "the answer 304 of GET /things is declared no longer",
        ),
    ],
)
def test_an_edit_taken_back_is_the_reverse_change(
    edit: Edit, kind: str, severity: tuple[str, str, str], sentence: str
) -> None:
    found, _ = compared(edited(edit), BASE)
    (change,) = found.changes
    assert (change.kind, change.sentence) == (kind, sentence)
    assert tuple(change.severity[reader] for reader in READERS) == severity
    assert shown(change) >= broken(change)


@pytest.mark.parametrize(
    ("edit", "kind"),
    [
        (set_("info|title", "U"), "title-changed"),
        (set_("info|version", "2.0.0"), "version-changed"),
        (set_("info|termsOfService", "https://x"), "information-changed"),
        (set_(f"{GET}|summary", "All"), "description-changed"),
        (set_("components|schemas|Thing|description", "One"), "description-changed"),
        (set_("components|schemas|Thing|examples", [{"name": "a"}]), "example-changed"),
        (set_(f"{OK}|content|application/json|example", []), "example-changed"),
        (set_(f"{GET}|x-codeSamples", []), "code-sample-changed"),
        (set_(f"{GET}|tags", ["things"]), "tags-changed"),
        (set_(f"{GET}|externalDocs", {"url": "https://x"}), "documentation-changed"),
        (set_("components|schemas|Thing|properties|size|deprecated", True), "deprecation-changed"),
        (set_(f"{GET}|x-stability", "beta"), "extension-changed"),
        (set_(f"{OK}|links", {"next": {"operationId": "listThings"}}), "link-changed"),
        (set_(f"{GET}|parameters|0|description", "how many"), "description-changed"),
        (
            move("components|schemas|Things|", "")
            if False
            else set_(f"{GET}|responses|200|description", "ok"),
            "description-changed",
        ),
        (
            lambda d: (
                move("paths|/things/{id}", "/things/{key}")(d),
                set_("paths|/things/{key}|parameters|0|name", "key")(d),
            ),
            "path-parameter-renamed",
        ),
        (
            lambda d: d["paths"].update({"/things": d["paths"].pop("/things")}),
            "order-changed",
        ),
        (lambda d: d["paths"]["/things"]["get"]["parameters"].reverse(), "order-changed"),
        (
            lambda d: (
                move("components|schemas|Things", "List")(d),
                set_(f"{OK}|content|application/json|schema|$ref", "#/components/schemas/List")(d),
            ),
            "schema-renamed",
        ),
        (
            lambda d: (
                move("components|securitySchemes|key", "apiKey")(d),
                set_("security", [{"apiKey": []}])(d),
            ),
            "security-scheme-renamed",
        ),
        (
            lambda d: (
                set_("servers|0|url", "https://{area}.example.com/v1")(d),
                move("servers|0|variables|region", "area")(d),
            ),
            "server-variable-renamed",
        ),
        (set_("components|schemas|New", {"type": "string"}), "component-added"),
    ],
)
def test_what_changes_nothing_that_travels_is_a_note(edit: Edit, kind: str) -> None:
    found, _ = compared(BASE, edited(edit))
    assert not found.changes
    assert [each.kind for each in found.notes] == [kind], [each.sentence for each in found.notes]
    assert {each.kind for each in found.notes} <= NOTED


@pytest.mark.parametrize(
    "edit",
    [
        set_(f"{LIMIT}|explode", False),
        set_(f"{LIMIT}|style", "form"),
        move(f"{PUT}|requestBody|content|application/json", "application/json; charset=UTF-8"),
        set_("servers|1|url", "https://test.example.com/"),
        set_(f"{OK}|headers|content-type", {"schema": {"type": "string"}}),
        set_(f"{GET}|parameters|9", {"name": "Accept", "in": "header", "schema": {}}),
        set_(f"{GET}|security", [{"key": []}]),
        set_(f"{POST}|requestBody|content|{FORM}|encoding|n", {"explode": False}),
        set_("components|securitySchemes|key|name", "x-key"),
    ],
)
def test_what_says_the_same_is_no_change(edit: Edit) -> None:
    found, _ = compared(BASE, edited(edit))
    assert not found.changes, found.changes[0].sentence


def test_equal_documents_have_no_change_and_no_note() -> None:
    found, _ = compared(BASE, BASE)
    assert (found.changes, found.notes) == ((), ())


def test_the_values_of_every_place_are_compared_in_their_direction() -> None:
    _, values = compared(BASE, BASE)
    seen = {(each.operation, each.part, each.direction) for each, _, _ in values.seen}
    assert ("GET /things", "query parameter limit", "request") in seen
    assert ("GET /things", "header parameter X-Trace", "request") in seen
    assert ("POST /things", f"request body {FORM}", "request") in seen
    assert ("GET /things", "answer 200 application/json", "response") in seen
    assert ("GET /things", "answer 404 application/json", "response") in seen
    assert ("GET /things", "answer 200 header ETag", "response") in seen
    assert ("webhook shipped", "request body application/json", "response") in seen


def test_a_range_that_covers_a_code_is_compared_with_it() -> None:
    _, values = compared(BASE, edited(move(MISSING_, "4XX")))
    assert any(each.part == "answer 404 application/json" for each, _, _ in values.seen)


def test_a_moved_operation_is_compared_too() -> None:
    new = edited(
        move("paths|/things", "/items"), set_("paths|/items|get|parameters|3|required", True)
    )
    found, _ = compared(BASE, new)
    kinds = [each.kind for each in found.changes]
    assert sorted(kinds) == ["operation-moved", "operation-moved", "parameter-required"]


def test_an_operation_without_id_that_moved_is_known_by_its_content() -> None:
    old = edited(drop(f"{GET}|operationId"), drop(f"{POST}|operationId"))
    new = copy.deepcopy(old)
    move("paths|/things", "/items")(new)
    found, _ = compared(old, new)
    assert [each.sentence for each in found.changes] == [
        "GET /things is GET /items now",
        "POST /things is POST /items now",
    ]


def test_a_change_of_a_shared_component_is_one_change_of_several_operations() -> None:
    found, _ = compared(BASE, edited(set_("components|parameters|trace|required", True)))
    (change,) = found.changes
    assert change.operations == ("GET /things", "POST /things")
    assert (change.old, change.new) == ("#/components/parameters/trace",) * 2


def test_the_worst_changes_come_first_and_ids_are_unique() -> None:
    new = edited(
        set_(f"{PUT}|deprecated", True),
        drop(f"{GET}|responses|200|headers|X-Left"),
        set_(f"{PUT}|requestBody|required", False),
        drop(f"{POST}|requestBody"),
    )
    found, _ = compared(BASE, new)
    assert [each.kind for each in found.changes] == [
        "body-removed",
        "body-optional",
        "optional-header-removed",
        "operation-deprecated",
    ]
    assert len({each.id for each in found.changes}) == len(found.changes)


def test_a_path_that_was_the_value_of_a_parameter_is_shown_too() -> None:
    new = edited(set_("paths|/things/me", {"put": {"responses": {"204": {"description": "y"}}}}))
    found, _ = compared(BASE, new)
    (change,) = found.changes
    assert (change.kind, shown(change)) == ("operation-added", {"servers"})


def test_a_bearer_token_is_no_key() -> None:
    old = edited(set_("components|securitySchemes|key|name", "Authorization"))
    new = copy.deepcopy(old)
    new["components"]["securitySchemes"]["key"] = {"type": "http", "scheme": "bearer"}
    found, _ = compared(old, new)
    (change,) = found.changes
    assert shown(change) == {"clients", "servers"}


def test_what_became_of_an_update_may_be_told_otherwise() -> None:
    told = {"type": "object", "properties": {"status": {"type": "string"}}}
    answer = {"description": "y", "content": {"application/json": {"schema": told}}}
    old = edited(set_(f"{PUT}|responses", {"200": answer}))
    new = copy.deepcopy(old)
    outcome = {"member": "status", "unchanged": ["SAME"], "accepted": ["LATER"]}
    set_(f"{PUT}|x-tallystick-outcome", outcome)(new)
    (change,) = compared(old, new)[0].changes
    assert change.kind == "outcome-changed"
    assert change.sentence == (
        'what became of an update by PUT /things/{id} is told by `status` (unchanged: ["SAME"],'
        ' accepted: ["LATER"]) now, and was by no member'
    )
