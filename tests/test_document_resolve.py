"""Pointers, references, the walk over schemas and the lift from 3.0 to 3.1."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.document import Json, canonical, digest, get, join, lift, parse, resolve, schemas
from tallystick.document import split as split_pointer
from tallystick.errors import DocumentError

DATA: dict[str, Json] = {
    "a/b": {"~": [1, {"": "x"}]},
    "one": {"$ref": "#/two"},
    "two": {"$ref": "#/a~1b"},
    "loop": {"$ref": "#/pool"},
    "pool": {"$ref": "#/loop"},
    "beside": {"$ref": "#/two", "description": "x"},
    "K%69nd": 1,
    "Kind": 2,
    "a b": 3,
}


@given(st.lists(st.text()))
def test_split_undoes_join(tokens: list[str]) -> None:
    assert split_pointer(join("#", *tokens)) == tuple(tokens)


@pytest.mark.parametrize("pointer", ["", "a", "/a", "#a", "#/~", "#/~2", "#/a~"])
def test_what_is_no_pointer_is_refused(pointer: str) -> None:
    with pytest.raises(DocumentError):
        split_pointer(pointer)


def test_get_finds_members_and_items() -> None:
    assert get(DATA, "#/a~1b/~0/1/") == "x"
    assert get(DATA, "#") == DATA


@pytest.mark.parametrize("tail", ["2", "01", "-1", "-", "x", "٣", "9" * 5000])
def test_get_refuses_what_is_no_index(tail: str) -> None:
    with pytest.raises(DocumentError) as caught:
        get(DATA, "#/a~1b/~0/" + tail)
    assert caught.value.pointer == "#/a~1b/~0"


def test_references_are_followed_to_a_definition() -> None:
    assert resolve(DATA, "#/one", "#/x") == "#/a~1b"
    assert resolve(DATA, "#/beside", "#/x") == "#/beside"


def test_percent_encoding_is_removed_exactly_once() -> None:
    assert resolve(DATA, "#/K%69nd", "#/x") == "#/Kind"
    assert resolve(DATA, "#/K%2569nd", "#/x") == "#/K%69nd"
    assert resolve(DATA, "#/a%20b", "#/x") == "#/a b"


@pytest.mark.parametrize(
    "ref",
    [
        *("other.yaml", "./other.yaml#/a", "/etc/passwd", "http://127.0.0.1/x", "//host/x"),
        *("#anchor", "#/none", "# /one", "#/loop", "#/%ff", "#/~5", 5, None, ["#/one"]),
    ],
)
def test_other_references_are_refused_with_the_pointer(ref: Json) -> None:
    with pytest.raises(DocumentError) as caught:
        resolve(DATA, ref, "#/here/$ref")
    assert caught.value.pointer


def test_a_long_chain_of_references_is_followed() -> None:
    chain: dict[str, Json] = {f"n{i}": {"$ref": f"#/n{i + 1}"} for i in range(3000)}
    chain["n3000"] = {"type": "string"}
    assert resolve(chain, "#/n0", "#/x") == "#/n3000"


SPEC_30 = """\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /x:
    get:
      parameters:
        - {name: q, in: query, schema: {type: integer, nullable: true, minimum: 0, exclusiveMinimum: true}}
      responses:
        '200':
          description: ok
          content:
            application/json:
              example: {nullable: true}
              schema: {$ref: '#/components/schemas/A', description: ignored}
components:
  schemas:
    A:
      type: object
      example: {nullable: true, example: 1}
      properties:
        nullable: {type: string, nullable: true, enum: [a, b]}
        example: {type: string, format: byte, nullable: false}
        any: {nullable: true}
        file: {type: string, format: binary}
        either: {nullable: true, anyOf: [{type: string}, {type: integer}]}
        mine: {nullable: true, description: d, allOf: [{$ref: '#/components/schemas/B'}]}
        top: {type: number, maximum: 9, exclusiveMaximum: false}
    B: {type: object}
"""


def lifted_properties() -> dict[str, Json]:
    found = get(lift(parse(SPEC_30, "a.yaml")).data, "#/components/schemas/A/properties")
    assert isinstance(found, dict)
    return found


def test_the_lift_rewrites_schemas_and_nothing_else() -> None:
    document = lift(parse(SPEC_30, "a.yaml"))
    media = get(document.data, "#/paths/~1x/get/responses/200/content/application~1json")
    assert media == {
        "example": {"nullable": True},
        "schema": {"$ref": "#/components/schemas/A"},
    }
    parameter = get(document.data, "#/paths/~1x/get/parameters/0/schema")
    assert parameter == {"type": ["integer", "null"], "exclusiveMinimum": 0}
    assert document.data["openapi"] == "3.1.0"


def test_the_lift_knows_keywords_from_property_names() -> None:
    document = lift(parse(SPEC_30, "a.yaml"))
    examples = get(document.data, "#/components/schemas/A/examples")
    assert examples == [{"nullable": True, "example": 1}]
    assert list(lifted_properties())[:2] == ["nullable", "example"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nullable", {"type": ["string", "null"], "enum": ["a", "b", None]}),
        ("example", {"type": "string", "contentEncoding": "base64"}),
        ("any", {}),
        (
            "file",
            {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"},
        ),
        ("either", {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}),
        (
            "mine",
            {
                "description": "d",
                "anyOf": [{"$ref": "#/components/schemas/B"}, {"type": "null"}],
            },
        ),
        ("top", {"type": "number", "maximum": 9}),
    ],
)
def test_the_lift_of_one_schema(name: str, expected: Json) -> None:
    assert lifted_properties()[name] == expected


def test_lifted_nodes_keep_their_positions() -> None:
    before = parse(SPEC_30, "a.yaml")
    after = lift(before)
    pointer = "#/components/schemas/A/properties/mine"
    assert after.locate(pointer) == before.locate(pointer)
    assert after.locate(pointer + "/anyOf/0") == before.locate(pointer + "/allOf/0")
    assert before.data["openapi"] == "3.0.3"


def test_a_oneof_whose_branch_is_nullable_gets_no_second_null() -> None:
    text = SPEC_30 + "    C: {nullable: true, oneOf: [{$ref: '#/components/schemas/N'}]}\n"
    document = lift(parse(text + "    N: {type: string, nullable: true}\n", "a.yaml"))
    found = get(document.data, "#/components/schemas/C")
    assert found == {"oneOf": [{"$ref": "#/components/schemas/N"}]}


def test_a_note_beside_a_reference_survives_the_lift() -> None:
    ref = "$ref: '#/components/schemas/B', x-tallystick-null: cleared, nullable: true"
    document = lift(parse(SPEC_30 + f"    C: {{{ref}}}\n", "a.yaml"))
    found = get(document.data, "#/components/schemas/C")
    assert found == {"$ref": "#/components/schemas/B", "x-tallystick-null": "cleared"}


def test_a_type_list_in_3_0_is_refused() -> None:
    text = SPEC_30 + "    C: {type: [string, 'null']}\n"
    with pytest.raises(DocumentError) as caught:
        lift(parse(text, "a.yaml"))
    assert caught.value.pointer == "#/components/schemas/C/type"
    assert ":29:" in str(caught.value.where)


def test_a_3_1_document_is_not_lifted() -> None:
    document = parse("openapi: 3.1.0\n", "a.yaml")
    assert lift(document) is document


def test_the_walk_finds_every_schema_with_its_pointer() -> None:
    document = parse(SPEC_30, "a.yaml")
    found = dict(schemas(document.data))
    assert all(get(document.data, pointer) is node for pointer, node in found.items())
    assert len(found) == 14
    assert "#/components/schemas/A/example" not in found


def test_the_digest_leaves_out_order_and_code_samples() -> None:
    one: dict[str, Json] = {"a": 1, "b": [{"x-codeSamples": 1, "c": 2}]}
    other: dict[str, Json] = {"b": [{"c": 2.0}], "x-readme": {}, "a": 1}
    assert digest(one) == digest(other)
    assert digest({"a": 1}) != digest({"a": True})


def test_canonical_text_tells_true_from_one() -> None:
    assert canonical([1, 1.0, True, "1"]) == '[1,1,true,"1"]'


def test_a_loaded_document_keeps_what_was_read(tmp_path: Path) -> None:
    from tallystick.document import load

    path = tmp_path / "a.yaml"
    path.write_text(SPEC_30)
    document = load(path)
    assert document.vendored["openapi"] == "3.0.3"
    assert document.digest == digest(document.data) != digest(document.vendored)
