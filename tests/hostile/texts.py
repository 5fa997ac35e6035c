"""Hostile text, and every position of a document where text can stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_RUN = "__import__('os').system('touch MARKER')"

TEXTS = {
    "double": f'a" + {_RUN} + "',
    "single": f"a' + {_RUN} + '",
    "triple": f'"""\n{_RUN}\n"""',
    "raw-triple": f"'''\n{_RUN}\n'''",
    "backslash": "a\\",
    "backslash-quote": f'a\\"\n{_RUN}\n#\\',
    "newline": f"a\n{_RUN}\n",
    "return": f"a\r{_RUN}\r",
    "form-feed": f"a\x0c{_RUN}\x0b",
    "line-separator": f"a\u2028{_RUN}\u2029\x85{_RUN}",
    "nul": f"a\x00{_RUN}",
    "bidi": f"a\u202e\u2066{_RUN}\u2069\u200b\ufeff",
    "terminal": "a\x1b]0;owned\x07\x1b[2J",
    "template": "{{ ''.__class__.__mro__ }}{% for x in () %}{# ${HOME} #}",
    "format": "{0.__class__} %s %(a)s ${a} {" + _RUN + "}",
    "keyword": "class",
    "soft-keyword": "match",
    "dunder": "__init__",
    "slots": "__class__",
    "pydantic": "model_config",
    "model-dump": "model_dump",
    "traversal": "../../../MARKER",
    "absolute": "/tmp/MARKER",
    "windows": "C:\\..\\con",
    "builtin": "print",
    "look-alike": "\uff4d\uff4f\uff44\uff45\uff4c\u017f\u2102",
    "call": _RUN,
    "comment": f"# type: ignore\n{_RUN} # noqa",
    "escape-name": "\\N{BULLET}\\x41\\u0041\\101",
    "long": "a" * 5000,
    "digits": "123",
    "empty-looking": "\u3164",
    "astral": "\U0001f600\U000e0041",
    "header-break": "a\r\nX-Evil: 1\r\n\r\n<b>",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>&amp;]]>-->",
    "link": "](javascript:alert(1)) ![x](//evil.example/?`` |",
    "table": f'"\n[tool.evil]\nrun = "{_RUN}',
    "interpolated": "f'{" + _RUN + "}'",
    "ours": "MISSING",
    "reading": "effective",
    "method": "copy",
    "first": "self",
    "fields": "model_fields",
    "mangled": "__private",
    "private-use": "\ue000\U0010ffff\ufffe",
    "combining": "e" + "\u0301" * 500,
}

_SCHEMA = "#/components/schemas/Thing"


def document() -> dict[str, Any]:
    """A small document without harm, with a place for each position."""
    json = {"application/json": {"schema": {"$ref": _SCHEMA}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://api.example"}],
        "tags": [{"name": "things"}],
        "components": {
            "schemas": {
                "Thing": {"type": "object", "properties": {"p": {"type": "string"}}},
                "Cat": {"type": "object", "properties": {"kind": {"const": "c"}}},
                "Dog": {"type": "object", "properties": {"kind": {"const": "d"}}},
            },
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
        },
        "paths": {
            "/things/{id}": {
                "post": {
                    "operationId": "make",
                    "tags": ["things"],
                    "security": [{"key": []}],
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
                    ],
                    "requestBody": {"content": json},
                    "responses": {"200": {"description": "d", "content": json}},
                }
            }
        },
    }


def placed(position: str, text: str) -> dict[str, Any]:
    """The small document with ``text`` at ``position``."""
    made = document()
    thing = made["components"]["schemas"]["Thing"]
    operation = made["paths"]["/things/{id}"]["post"]
    _PLACES[position](made, thing, operation, text)
    return made


def _parameter(location: str) -> Any:
    def place(_made: Any, _thing: Any, operation: Any, text: str) -> None:
        schema = {"type": "string", "default": text}
        operation["parameters"].append({"name": text, "in": location, "schema": schema})

    return place


def _member(**keywords: Any) -> Any:
    """Puts a member with ``keywords`` in the schema; ``...`` stands for the text."""

    def place(_made: Any, thing: Any, _operation: Any, text: str) -> None:
        thing["properties"]["x"] = _filled(keywords, text)

    return place


def _filled(value: Any, text: str) -> Any:
    if isinstance(value, dict):
        return {key: _filled(each, text) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, text) for each in value]
    return text if value is ... else value


def _discriminator(made: Any, thing: Any, _operation: Any, text: str) -> None:
    schemas = made["components"]["schemas"]
    schemas["Cat"]["properties"] = {text: {"const": text}}
    schemas["Cat"]["required"] = [text]
    mapping = {text: "#/components/schemas/Cat", "d": "#/components/schemas/Dog"}
    thing["properties"]["pet"] = {
        "oneOf": [{"$ref": mapping[text]}, {"$ref": mapping["d"]}],
        "discriminator": {"propertyName": text, "mapping": mapping},
    }


def _schema_name(made: Any, thing: Any, _operation: Any, text: str) -> None:
    pointer = text.replace("~", "~0").replace("/", "~1")
    made["components"]["schemas"][text] = {"type": "object", "title": text}
    thing["properties"]["x"] = {"$ref": f"#/components/schemas/{pointer}"}


def _path_parameter(made: Any, _thing: Any, operation: Any, text: str) -> None:
    operation["parameters"][0]["name"] = text
    made["paths"] = {f"/things/{{{text}}}": {"post": operation}}


def _security(made: Any, _thing: Any, operation: Any, text: str) -> None:
    scheme = {"type": "apiKey", "in": "header", "name": text, "x-tallystick-env": text}
    made["components"]["securitySchemes"] = {text: scheme}
    operation["security"] = [{text: []}]


def _link(_made: Any, _thing: Any, operation: Any, text: str) -> None:
    operation["responses"]["200"]["links"] = {text: {"operationId": text}}
    operation["callbacks"] = {text: {"{$request.body#/u}": {"post": {"operationId": text}}}}


def _documented(made: Any, _thing: Any, operation: Any, text: str) -> None:
    docs = {"url": text, "description": text}
    made["externalDocs"] = operation["externalDocs"] = docs
    made["tags"] = [{"name": "things", "description": text, "externalDocs": docs, "x-a": text}]
    made["info"] |= {"summary": text, "termsOfService": text}
    made["info"]["contact"] = {"name": text, "url": text, "email": text}


def _described(made: Any, thing: Any, operation: Any, text: str) -> None:
    header = {"X-A": {"description": text, "schema": {"type": "string"}, "example": text}}
    operation["responses"]["200"] |= {"description": text, "headers": header}
    operation["requestBody"]["description"] = text
    example = {"summary": text, "value": text}
    operation["parameters"][0] |= {"description": text, "examples": {text: example}}
    made["components"]["securitySchemes"]["key"]["description"] = text
    thing["properties"]["p"] |= {
        "$comment": text,
        "externalDocs": {"url": text},
        "xml": {"name": text},
    }


def _oauth(made: Any, _thing: Any, operation: Any, text: str) -> None:
    urls = dict.fromkeys(("authorizationUrl", "tokenUrl", "refreshUrl"), text)
    flow = {**urls, "scopes": {text: text}}
    made["components"]["securitySchemes"] = {
        "oauth": {"type": "oauth2", "flows": {"authorizationCode": flow, text: flow}},
        "connect": {"type": "openIdConnect", "openIdConnectUrl": text},
    }
    operation["security"] = [{"oauth": [text], "connect": []}]


def _scheme(**keywords: Any) -> Any:
    def place(made: Any, _thing: Any, _operation: Any, text: str) -> None:
        filled = {key: _filled(value, text) for key, value in keywords.items()}
        made["components"]["securitySchemes"]["key"] = filled

    return place


def _callback(made: Any, _thing: Any, operation: Any, text: str) -> None:
    answer = {"responses": {"200": {"description": text}}}
    operation["callbacks"] = {"c": {text: {"post": answer}, "{$url}": {"post": answer}}}
    link = {"operationRef": text, "parameters": {text: text}, "server": {"url": text}}
    operation["responses"]["200"]["links"] = {"l": {**link, "requestBody": text}}
    made["webhooks"] = {text: {"post": {**answer, "operationId": text}}}


def _form(media: str) -> Any:
    def place(_made: Any, _thing: Any, operation: Any, text: str) -> None:
        members = {text: {"type": "string", "default": text}, "a": {"type": "string"}}
        header = {text: {"schema": {"type": "string"}}}
        encoding = {"contentType": text, "headers": header, "style": text}
        operation["requestBody"]["content"] = {
            media: {
                "schema": {"type": "object", "properties": members, "required": [text]},
                "encoding": {text: encoding, "a": encoding},
            }
        }

    return place


def _defined(_made: Any, thing: Any, _operation: Any, text: str) -> None:
    pointer = text.replace("~", "~0").replace("/", "~1")
    thing["$defs"] = {text: {"type": "object", "properties": {"a": {"const": text}}}}
    thing["properties"]["x"] = {"$ref": f"{_SCHEMA}/$defs/{pointer}"}


def _names_members(_made: Any, thing: Any, _operation: Any, text: str) -> None:
    thing["dependentRequired"] = {text: [text]}
    thing["dependentSchemas"] = {text: {"required": [text]}}
    thing["propertyNames"] = {"not": {"enum": [text, "b"]}}
    thing["required"] = [text]


def _nested(_made: Any, thing: Any, _operation: Any, text: str) -> None:
    inner = {"type": "object", "properties": {text: {"enum": [text, 1]}}, "default": {text: "b"}}
    thing["properties"]["x"] = {"type": "array", "items": inner, "default": [{text: text}]}
    thing["additionalProperties"] = {"type": "object", "properties": {text: {"default": text}}}


def _told_apart(made: Any, thing: Any, _operation: Any, text: str) -> None:
    """A mapping whose value is the text, and union members told apart by it."""
    schemas = made["components"]["schemas"]
    schemas["Cat"]["required"] = schemas["Dog"]["required"] = ["kind"]
    schemas["Cat"]["properties"]["kind"] = {"enum": [text, "c"]}
    thing["properties"]["pet"] = {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind", "mapping": {"d": text}},
    }


def _listed(made: Any, _thing: Any, operation: Any, text: str) -> None:
    """Values of parameters: of an enum, and defaults of each shape."""
    several = {"type": "array", "items": {"enum": [text, "b"]}, "default": [text]}
    keyed = {"type": "object", "properties": {text: {"type": "string"}}, "default": {text: text}}
    operation["parameters"] += [
        {"name": "l", "in": "query", "schema": several},
        {"name": "k", "in": "query", "style": "deepObject", "schema": keyed},
        {"name": "X-L", "in": "header", "schema": several},
        {"name": "c", "in": "cookie", "schema": {"type": "string", "const": text}},
        {"name": "j", "in": "query", "content": {text: {"schema": {"default": text}}}},
    ]
    made["servers"] = [{"url": "https://{h}.example", "variables": {text: {"default": text}}}]


_PLACES: dict[str, Any] = {
    "documented": _documented,
    "described": _described,
    "oauth": _oauth,
    "security.http": _scheme(type="http", scheme=..., bearerFormat=...),
    "security.query": _scheme(type="apiKey", name=..., **{"in": "query"}),
    "security.cookie": _scheme(type="apiKey", name=..., **{"in": "cookie"}),
    "security.kind": _scheme(type=..., name="a", **{"in": "header"}),
    "callback.expression": _callback,
    "form": _form("application/x-www-form-urlencoded"),
    "multipart": _form("multipart/form-data"),
    "media.parameter": lambda _m, _t, o, x: (
        o["requestBody"].update(content={f"text/plain; charset={x}": {}}),
        o["responses"]["200"].update(content={f"application/json; v={x}": {}}),
    ),
    "schema.defs": _defined,
    "schema.names": _names_members,
    "schema.nested": _nested,
    "schema.anchor": _member(**{"$anchor": ..., "$dynamicAnchor": ...}),
    "schema.id": _member(**{"$id": ..., "$schema": ...}),
    "schema.dialect": lambda m, _t, _o, x: m.update({"jsonSchemaDialect": x, "$self": x}),
    "schema.unknown": lambda _m, t, _o, x: t.update({x: x, f"x-{x}": x}),
    "property.content": _member(type="string", contentMediaType=..., contentEncoding=...),
    "property.type": _member(type=...),
    "discriminator.value": _told_apart,
    "parameter.values": _listed,
    "parameter.style": lambda _m, _t, o, x: o["parameters"].append(
        {"name": "q", "in": "query", "style": x, "schema": {"type": "array", "items": {}}}
    ),
    "parameter.in": lambda _m, _t, o, x: o["parameters"].append(
        {"name": "q", "in": x, "schema": {"type": "string"}}
    ),
    "method": lambda m, _t, o, x: m["paths"].update(
        {"/b": {x: o, "additionalOperations": {x: {"responses": {}}}, "x-b": {x: x}}}
    ),
    "root": lambda m, _t, _o, x: m.update({x: x, f"x-{x}": {x: [x]}}),
    "info.title": lambda m, _t, _o, x: m["info"].update(title=x, description=x),
    "info.version": lambda m, _t, _o, x: m["info"].update(version=x),
    "info.license": lambda m, _t, _o, x: m["info"].update(license={"name": x, "identifier": x}),
    "server.url": lambda m, _t, _o, x: m.update(servers=[{"url": x, "description": x}]),
    "server.variable": lambda m, _t, _o, x: m.update(
        servers=[{"url": "https://{h}.example", "variables": {"h": {"default": x, "enum": [x]}}}]
    ),
    "tag": lambda m, _t, o, x: (m.update(tags=[{"name": x}]), o.update(tags=[x])),
    "path": lambda m, _t, o, x: m.update(paths={f"/{x.strip('/')}/{{id}}": {"post": o}}),
    "path.parameter": _path_parameter,
    "operation.summary": lambda _m, _t, o, x: o.update(summary=x, description=x),
    "operation.id": lambda m, _t, o, x: (
        o.update(operationId=x),
        m["paths"].update({"/things/{id}/": {"post": {**o, "operationId": f"{x}2"}}}),
    ),
    "operation.status": lambda _m, _t, o, x: o["responses"].update({x: {"description": x}}),
    "query.name": _parameter("query"),
    "header.name": _parameter("header"),
    "cookie.name": _parameter("cookie"),
    "request.media": lambda _m, _t, o, x: o["requestBody"].update(content={x: {}}),
    "response.media": lambda _m, _t, o, x: o["responses"]["200"].update(content={x: {}}),
    "response.header": lambda _m, _t, o, x: o["responses"]["200"].update(
        headers={x: {"description": x, "schema": {"type": "string"}}}
    ),
    "callback.link": _link,
    "schema.name": _schema_name,
    "schema.title": lambda _m, t, _o, x: t.update(title=x, description=x),
    "property.name": lambda _m, t, _o, x: t.update(properties={x: {}}, required=[x]),
    "property.default": _member(type="string", default=...),
    "property.any-default": _member(default={"k": [...]}),
    "property.const": _member(const=...),
    "property.enum": _member(type="string", enum=[..., "b"], default="b"),
    "property.x-enum": _member(enum=["a"], **{"x-enum-varnames": [...], "x-enumNames": [...]}),
    "property.example": _member(type="string", examples=[...], description=...),
    "property.format": _member(type="string", format=...),
    "property.pattern": _member(type="string", pattern=...),
    "property.patterned": lambda _m, t, _o, x: t.update(patternProperties={x: {"type": "string"}}),
    "property.extension": _member(
        type="string", **{"x-python-type": ..., "x-python-import": ..., "default_factory": ...}
    ),
    "property.ref": _member(**{"$ref": ...}),
    "discriminator": _discriminator,
    "security": _security,
}

READ = frozenset(
    {
        *("info.title", "info.version", "info.license", "operation.summary", "schema.title"),
        *("documented", "described", "schema.nested"),
        *("property.name", "property.default", "property.any-default", "property.const"),
        *("property.enum", "property.x-enum", "property.example", "query.name"),
    }
)
"""Positions of text that says what it says, however odd: it is generated, never refused."""


def placements(every: bool) -> Iterator[tuple[str, str]]:
    """Pairs of position and text: all of them, or so many that each of both stands in some."""
    texts = list(TEXTS)
    for index, position in enumerate(_PLACES):
        for step, text in enumerate(texts):
            if every or (step - 7 * index) % len(texts) in (0, 5):
                yield position, text
