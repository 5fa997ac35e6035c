"""Every keyword of a document has exactly one entry: a walk of its own says which there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpora import files, needs_corpus
from tallystick.contract import build
from tallystick.document import load
from tallystick.ledger import Ledger, ledger
from tallystick.models import print_models
from tallystick.render import notes

ROOT = Path(__file__).parents[1]
OURS = [
    ROOT / "spec/openapi.yaml",
    ROOT / "tests/models/hard.yaml",
    ROOT / "tests/generate/wide.yaml",
    *sorted(each.parent / "openapi.yaml" for each in ROOT.glob("tests/cases/*/expected")),
]
DOCUMENTS = files("documents")

# Keys whose value is one object, or a list of objects; keys whose value holds objects by name.
OBJECTS = {
    *(
        [
            "additionalProperties",
            "allOf",
            "anyOf",
            "contains",
            "contentSchema",
            "else",
            "if",
            "items",
            "not",
            "oneOf",
        ]
    ),
    *(["prefixItems", "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties", "xml"]),
    *(
        [
            "discriminator",
            "externalDocs",
            "info",
            "contact",
            "license",
            "servers",
            "components",
            "tags",
        ]
    ),
    *(
        [
            "get",
            "put",
            "post",
            "delete",
            "options",
            "head",
            "patch",
            "trace",
            "query",
            "requestBody",
            "schema",
            "itemSchema",
        ]
    ),
    *(
        [
            "flows",
            "implicit",
            "password",
            "clientCredentials",
            "authorizationCode",
            "parameters",
            "server",
        ]
    ),
}
MAPS = {
    *(
        [
            "$defs",
            "definitions",
            "dependentSchemas",
            "patternProperties",
            "properties",
            "variables",
            "webhooks",
        ]
    ),
    *(
        [
            "schemas",
            "responses",
            "parameters",
            "requestBodies",
            "headers",
            "securitySchemes",
            "links",
        ]
    ),
    *(["pathItems", "mediaTypes", "content", "encoding", "paths", "callbacks"]),
}


def keywords(node: Any, pointer: str = "#", above: str = "") -> Iterator[str]:
    """The pointer of every keyword below an object that is no map."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from keywords(item, f"{pointer}/{index}", above)
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        at = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
        yield at
        if above == "links" and key != "server":
            continue
        if key in MAPS and isinstance(value, dict):
            yield from named(value, at, key, within_components=above == "components")
        elif key in OBJECTS:
            yield from keywords(value, at, key)


def named(
    node: dict[str, Any], pointer: str, kind: str, *, within_components: bool
) -> Iterator[str]:
    for name, value in node.items():
        at = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
        extensible = kind == "paths" or (kind == "responses" and not within_components)
        if extensible and name.startswith("x-"):
            yield at
        elif kind == "callbacks" and isinstance(value, dict) and "$ref" not in value:
            yield from named(value, at, "paths", within_components=False)
        else:
            yield from keywords(value, at, kind)


def read(file: Path) -> tuple[dict[str, Any], Ledger]:
    overlays = [each for each in [file.parent / "overlay.yaml"] if each.is_file()]
    contract = build(load(file, overlays))
    return dict(contract.document.written), ledger(
        contract, print_models(contract), notes(contract)
    )


def check(file: Path) -> None:
    written, book = read(file)
    expected = set(keywords(written))
    found = Counter(each.pointer for each in book.entries)
    assert not expected - found.keys()
    assert [each for each, count in found.items() if count > 1] == []
    assert all(each.reason.strip() for each in book.entries)
    assert sum(book.totals.values()) == len(book.entries)


@pytest.mark.parametrize("file", OURS, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_keyword_of_our_documents_has_one_entry(file: Path) -> None:
    check(file)


@needs_corpus
@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)
def test_every_keyword_of_real_documents_has_one_entry(file: Path) -> None:
    check(file)


_OF_3_0 = """
openapi: 3.0.3
info: {title: t, version: '1', x-team: a}
servers: [{url: 'https://{region}.a.example', variables: {region: {default: eu, enum: [eu]}}}]
x-root: 1
components:
  schemas:
    S:
      type: object
      unknownWord: 1
      properties:
        a: {type: string, nullable: true, example: b, format: byte}
        b: {allOf: [{$ref: '#/components/schemas/T'}], nullable: true, description: d}
        c: {type: integer, minimum: 1, exclusiveMinimum: true, nullable: false}
        d: {$ref: '#/components/schemas/T', description: beside}
        e: {type: string, example: {$ref: inside, properties: {x: 1}}, x-a: {type: string}}
    T: {type: object, properties: {properties: {type: string, xml: {name: x}}}}
  headers: {H: {schema: {type: string, minLength: 2}, description: d}}
  parameters: {Unused: {name: a, in: query, schema: {type: string}}}
  links: {L: {operationId: x, parameters: {items: 1}}}
  securitySchemes:
    o: {type: oauth2, flows: {implicit: {authorizationUrl: 'https://a.example', scopes: {a: b}}}}
paths:
  x-paths: 1
  /a:
    servers: [{url: /b}]
    get:
      responses:
        x-answers: 1
        '200':
          description: ''
          headers: {X-A: {$ref: '#/components/headers/H'}}
          content: {application/json: {schema: {$ref: '#/components/schemas/S'}, example: {type: 1}}}
      callbacks: {c: {'{$request.body#/url}': {post: {responses: {'200': {description: ''}}}}}}
"""


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    file = tmp_path_factory.mktemp("old") / "openapi.yaml"
    file.write_text(_OF_3_0)
    check(file)
    return {each.pointer: (each.standing, each.reason) for each in read(file)[1].entries}


_A = "#/components/schemas/S/properties/a"


@pytest.mark.parametrize(
    ("pointer", "standing"),
    [
        ("#/components/schemas/S/properties/a/nullable", "enforced"),
        ("#/components/schemas/S/properties/a/example", "represented"),
        ("#/components/schemas/S/properties/a/format", "represented"),
        ("#/components/schemas/S/properties/b/allOf", "enforced"),
        ("#/components/schemas/S/properties/b/allOf/0/$ref", "enforced"),
        ("#/components/schemas/S/properties/b/nullable", "enforced"),
        ("#/components/schemas/S/properties/c/minimum", "enforced"),
        ("#/components/schemas/S/properties/c/exclusiveMinimum", "enforced"),
        ("#/components/schemas/S/properties/c/nullable", "represented"),
        ("#/components/schemas/S/properties/d/description", "ignored"),
        ("#/components/schemas/S/properties/e/x-a", "ignored"),
        ("#/components/schemas/S/unknownWord", "ignored"),
        ("#/components/schemas/T/properties/properties/xml/name", "ignored"),
        ("#/components/headers/H/schema/minLength", "ignored"),
        ("#/components/headers/H/description", "represented"),
        ("#/components/parameters/Unused/in", "represented"),
        ("#/components/links/L/operationId", "ignored"),
        ("#/components/securitySchemes/o/flows/implicit/authorizationUrl", "ignored"),
        ("#/paths/~1a/servers", "represented"),
        ("#/paths/~1a/get/responses/x-answers", "ignored"),
        ("#/paths/x-paths", "ignored"),
        ("#/info/x-team", "ignored"),
        ("#/x-root", "ignored"),
        ("#/info/title", "represented"),
    ],
)
def test_a_keyword_stands_as_it_was_written(
    old: dict[str, tuple[str, str]], pointer: str, standing: str
) -> None:
    assert old[pointer][0] == standing


def test_what_is_inside_of_data_is_no_keyword(old: dict[str, tuple[str, str]]) -> None:
    assert not [each for each in old if "/example/" in each or "/x-a/" in each]
