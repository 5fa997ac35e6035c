"""What leaves a document open is refused before anything is made; what is merely untidy is not."""

from __future__ import annotations

import textwrap

import pytest

from tallystick.contract import build
from tallystick.document import Document, Json, get, lift, parse
from tallystick.errors import DocumentError
from tallystick.ledger import ledger
from tallystick.lint import refuse_unfillable, understood
from tallystick.models import print_models

HEAD = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n"  # lines 1 and 2


def document(text: str, version: str = "3.1.0") -> Document:
    head = HEAD.replace("3.1.0", version)
    return lift(parse(head + textwrap.dedent(text).lstrip("\n"), "api.yaml"))


def schema(text: str) -> Document:
    return document(f"paths: {{}}\ncomponents: {{schemas: {{A: {text}}}}}")


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("{type: string, maxLength: '10'}", "maxLength"),
        ("{type: string, description: {a: 1}}", "description"),
        ("{allOf: []}", "allOf"),
        ("{anyOf: []}", "anyOf"),
        ("{type: object, required: a}", "required"),
        ("{discriminator: {propertyName: 1}}", "discriminator/propertyName"),
        ("{type: object, properties: []}", "properties"),
        ("{enum: a}", "enum"),
        ("{minimum: '0'}", "minimum"),
        ("{type: 5}", "type"),
        ("{type: string, uniqueItems: 'true'}", "uniqueItems"),
    ],
)
def test_a_keyword_whose_value_means_nothing_is_refused_at_its_place(
    text: str, keyword: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        understood(schema(text))
    assert caught.value.pointer == f"#/components/schemas/A/{keyword}"
    assert str(caught.value).startswith("api.yaml:4:")
    assert "overlay" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "{type: string, title: null, description: null, deprecated: null, maxLength: null}",
        "{type: string, description: 404, title: true}",
        "{type: string, pattern: '('}",
        "{enum: []}",
        "{type: string, examples: {a: 1}, example: [], xml: 1, externalDocs: {description: 1}}",
        "{type: object, x-required: true, surplus: 1}",
    ],
)
def test_what_means_one_thing_all_the_same_is_left_to_the_lints(text: str) -> None:
    understood(schema(text))


@pytest.mark.parametrize(
    ("text", "kept", "keyword"),
    [
        ("{type: strng, minLength: 1}", {"minLength": 1}, "type"),
        ("{type: [string, any]}", {}, "type"),
        ("{type: string, required: true}", {"type": "string"}, "required"),
        ("{type: string, deprecated: 'yes'}", {"type": "string"}, "deprecated"),
        ("{type: array, items: [{}, {}]}", {"type": "array"}, "items"),
        ("{$recursiveAnchor: true}", {}, "$recursiveAnchor"),
        ("{$vocabulary: a}", {}, "$vocabulary"),
        ("{type: object, discriminator: kind}", {"type": "object"}, "discriminator"),
    ],
)
@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_a_keyword_that_says_nothing_is_left_out_alone_and_stands_in_the_ledger(
    text: str, kept: Json, keyword: str, version: str
) -> None:
    if version == "3.0.3" and ("type: [" in text or "$" in text):
        return
    found = understood(document(f"paths: {{}}\ncomponents: {{schemas: {{A: {text}}}}}", version))
    assert get(found.data, "#/components/schemas/A") == kept
    contract = build(found)
    entries = {each.pointer: each for each in ledger(contract, print_models(contract)).entries}
    entry = entries[f"#/components/schemas/A/{keyword}"]
    assert entry.standing == "ignored"


def test_a_parameter_whose_required_is_no_boolean_is_refused() -> None:
    parameter = "{name: a, in: query, required: 'true', schema: {type: string}}"
    text = f"paths: {{/a: {{get: {{parameters: [{parameter}], responses: {{}}}}}}}}"
    with pytest.raises(DocumentError, match="required"):
        understood(document(text))


def test_an_old_operation_without_responses_is_refused() -> None:
    text = "paths: {/a: {get: {}}}"
    with pytest.raises(DocumentError, match="responses"):
        understood(document(text, "3.0.3"))
    understood(document(text))  # 3.1 does not ask for them


def test_an_old_schema_is_judged_by_its_own_version() -> None:
    text = "paths: {}\ncomponents: {schemas: {A: {type: integer, exclusiveMinimum: %s}}}"
    assert understood(document(text % "true", "3.0.3")).left_out == {}
    assert understood(document(text % "true")).left_out == {
        "#/components/schemas/A": ("exclusiveMinimum",)
    }


@pytest.mark.parametrize("text", ["{type: integer, exclusiveMinimum: 5}", "{type: 'null'}"])
def test_an_old_schema_may_speak_as_a_newer_one(text: str) -> None:
    spec = document(f"paths: {{}}\ncomponents: {{schemas: {{A: {text}}}}}", "3.0.3")
    found = understood(spec)
    assert found.left_out == {}
    assert get(found.data, "#/components/schemas/A") == get(spec.data, "#/components/schemas/A")


def test_how_many_more_there_are_is_told() -> None:
    with pytest.raises(DocumentError, match="1 more like it") as caught:
        understood(schema("{minimum: a, maximum: b}"))
    assert caught.value.pointer == "#/components/schemas/A/minimum"


@pytest.mark.parametrize("path", ["/a/{id}", "/a/{}"])
def test_a_path_that_cannot_be_filled_is_refused(path: str) -> None:
    text = f"paths: {{'{path}': {{get: {{responses: {{}}}}}}}}"
    with pytest.raises(DocumentError, match="does not declare"):
        refuse_unfillable(build(document(text)))


def test_a_path_parameter_that_is_not_in_the_path_is_left_to_the_lints() -> None:
    parameter = "{name: id, in: path, required: true, schema: {}}"
    text = f"paths: {{/a: {{get: {{parameters: [{parameter}], responses: {{}}}}}}}}"
    refuse_unfillable(build(document(text)))


@pytest.mark.parametrize(
    "scheme",
    [
        "{type: http, scheme: bearer, name: Authorization, in: header}",
        "{type: apiKey, name: X-Key, in: header, scheme: bearer}",
        "{type: openIdConnect, name: me, openIdConnectUrl: 'https://id.example'}",
    ],
)
@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_a_security_scheme_with_a_member_too_many_is_left_to_the_lints(
    scheme: str, version: str
) -> None:
    understood(document(f"paths: {{}}\ncomponents: {{securitySchemes: {{A: {scheme}}}}}", version))
