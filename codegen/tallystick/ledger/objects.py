"""How the keywords of the other objects of a document stand: a table by object and keyword."""

from __future__ import annotations

from collections.abc import Mapping

from tallystick.ledger.schemas import ANNOTATION, Told, extension

_ANNOTATIONS = frozenset({"description", "example", "examples", "externalDocs", "summary", "tags"})
_CONTAINER: Told = ("represented", "what it holds stands for itself")
_METHOD: Told = ("enforced", "a method of the client and of the server")
_REFERENCE: Told = ("enforced", "what it refers to")
_SERVER: Told = ("represented", "the first one is where the operation is sent")
_TOKEN: Told = ("ignored", "how to get an access token is up to the caller")
_UNKNOWN: Told = ("ignored", "no keyword of OpenAPI at this place")

_TABLE: Mapping[str, Mapping[str, Told]] = {
    "openapi": {
        "openapi": ("represented", "the specification that is followed"),
        "$self": ANNOTATION,
        "info": _CONTAINER,
        "jsonSchemaDialect": ("ignored", "every schema is read as JSON Schema 2020-12"),
        "servers": ("represented", "the first one serves where no `base_url` is given"),
        "paths": ("enforced", "every operation is a method"),
        "webhooks": _CONTAINER,
        "components": _CONTAINER,
        "security": ("enforced", "a credential is sent with every request"),
    },
    "info": {
        "title": ("represented", "the README and the docstrings"),
        "version": ("represented", "the version of the package"),
        "termsOfService": ANNOTATION,
        "contact": ANNOTATION,
        "license": ANNOTATION,
    },
    "contact": dict.fromkeys(("name", "url", "email"), ANNOTATION),
    "license": dict.fromkeys(("name", "url", "identifier"), ANNOTATION),
    "external documentation": {"url": ANNOTATION},
    "tag": dict.fromkeys(("name", "kind", "parent"), ANNOTATION),
    "server": {
        "url": ("represented", "where requests go, if no `base_url` is given"),
        "name": ANNOTATION,
        "variables": _CONTAINER,
    },
    "server variable": {
        "default": ("represented", "a part of `base_url`"),
        "enum": ("represented", "what the part of `base_url` may be"),
    },
    "components": dict.fromkeys(
        (
            *("schemas", "responses", "parameters", "examples", "requestBodies", "headers"),
            *("securitySchemes", "links", "callbacks", "pathItems", "mediaTypes"),
        ),
        _CONTAINER,
    ),
    "path item": {
        **dict.fromkeys(
            ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query"), _METHOD
        ),
        "additionalOperations": _CONTAINER,
        "parameters": ("enforced", "arguments of every method"),
        "servers": _SERVER,
    },
    "operation": {
        "callbacks": _CONTAINER,
        "deprecated": ("represented", "in the docstring"),
        "operationId": ("represented", "the name, where the path gives none that is clear"),
        "parameters": ("enforced", "arguments"),
        "requestBody": ("enforced", "the argument `body`"),
        "responses": ("enforced", "what is returned, and which errors are raised"),
        "security": ("enforced", "which credential is sent"),
        "servers": _SERVER,
        "summary": ("represented", "a docstring"),
    },
    "parameter": {
        "name": ("enforced", "an argument"),
        "in": ("enforced", "where it is sent"),
        "required": ("enforced", "an argument without MISSING"),
        "deprecated": ANNOTATION,
        "allowEmptyValue": ("ignored", "an empty value is written as the style says"),
        "style": ("enforced", "how it is written"),
        "explode": ("enforced", "how it is written"),
        "allowReserved": ("enforced", "how it is written"),
        "schema": ("enforced", "the type of the argument"),
        "content": ("enforced", "how it is written"),
    },
    "header": {"deprecated": ANNOTATION},
    "request body": {
        "content": ("enforced", "the type of the argument `body`"),
        "required": ("enforced", "an argument without MISSING"),
    },
    "response": {
        "content": ("enforced", "the type of what is returned"),
        "headers": _CONTAINER,
        "links": _CONTAINER,
    },
    "media type": {
        "schema": ("enforced", "the type of the value"),
        "itemSchema": ("enforced", "the type of the items"),
        "encoding": ("enforced", "how the members are written"),
        "prefixEncoding": ("ignored", "the parts are written by their types"),
        "itemEncoding": ("ignored", "the parts are written by their types"),
    },
    "encoding": {
        "contentType": ("enforced", "how the member is written"),
        "style": ("enforced", "how the member is written"),
        "explode": ("enforced", "how the member is written"),
        "allowReserved": ("enforced", "how the member is written"),
        "headers": ("approximated", "sent as the `File` says, and not checked"),
    },
    "security scheme": {
        "type": ("enforced", "an argument of the client"),
        "name": ("enforced", "what carries the credential"),
        "in": ("enforced", "where the credential is sent"),
        "scheme": ("enforced", "how the credential is written"),
        "bearerFormat": ANNOTATION,
        "deprecated": ANNOTATION,
        "flows": _TOKEN,
        "openIdConnectUrl": _TOKEN,
        "oauth2MetadataUrl": _TOKEN,
    },
    "discriminator": dict.fromkeys(
        ("propertyName", "mapping", "defaultMapping"),
        ("represented", "a hint: the content of a value tells its branch"),
    ),
    "xml": {},
    "flows": {},
    "flow": {},
}
_WHOLE: Mapping[str, Told] = {
    "flow": _TOKEN,
    "flows": _TOKEN,
    "xml": ("ignored", "a body of XML travels as bytes"),
}
"""Objects of which no keyword means anything to us."""


def of_object(kind: str, keyword: str) -> Told:
    """How a keyword of an object of this kind usually stands."""
    found = extension(keyword) or _TABLE.get(kind, {}).get(keyword) or _WHOLE.get(kind)
    if found is not None:
        return found
    if keyword == "$ref":
        return _REFERENCE
    return ANNOTATION if keyword in _ANNOTATIONS else _UNKNOWN
