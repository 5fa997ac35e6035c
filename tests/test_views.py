"""``readOnly`` and ``writeOnly``: two classes only where requests and answers differ."""

from __future__ import annotations

import json

import pytest

from tallystick.contract import Contract, build
from tallystick.document import Json, load
from tallystick.models import Alias, ModelClass, Models, checked_schemas, print_models

REF = "#/components/schemas/"


def ref(name: str) -> dict[str, Json]:
    return {"$ref": f"{REF}{name}"}


def content(name: str) -> dict[str, Json]:
    return {"content": {"application/json": {"schema": ref(name)}}}


def document() -> dict[str, Json]:
    number: Json = {"type": "integer", "readOnly": True}
    pin: Json = {"type": "string", "writeOnly": True}
    both: Json = {"id": number, "pin": pin, "name": {"type": "string", "default": "Rex"}}
    required: Json = ["id", "pin"]
    done: Json = {"204": {"description": "done"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Views", "version": "1"},
        "paths": {
            "/pets": {
                "post": {
                    "requestBody": {"required": True, **content("Pet")},
                    "responses": {"201": {"description": "made", **content("Pets")}},
                }
            },
            "/users": {"post": {"requestBody": content("User"), "responses": done}},
            "/seen": {"get": {"responses": {"200": {"description": "s", **content("Seen")}}}},
        },
        "components": {
            "schemas": {
                "Pet": {
                    "type": "object", "required": required, "properties": both,
                    "minProperties": 1,
                },
                "Pets": {"type": "array", "items": ref("Pet")},
                "PetRequest": {"type": "object", "properties": {"taken": {"type": "string"}}},
                "User": {
                    "type": "object", "required": ["pet", "pin", "id"],
                    "properties": {"pet": ref("Pet"), "pin": pin, "id": number},
                },
                "Seen": {"type": "object", "required": required, "properties": both},
                "Unused": {"type": "object", "required": required, "properties": both},
            }
        },
    }  # fmt: skip


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    path = tmp_path_factory.mktemp("views") / "views.json"
    path.write_text(json.dumps(document()))
    return build(load(path, []))


@pytest.fixture(scope="module")
def models(contract: Contract) -> Models:
    return print_models(contract)


def fields(models: Models, name: str) -> dict[str, str]:
    (found,) = [each for each in models.definitions if each.name == name]
    assert isinstance(found, ModelClass)
    return {each.wire: str(each.annotation) for each in found.fields}


def test_what_the_server_sets_is_required_in_answers_only(models: Models) -> None:
    assert fields(models, "Pet") == {
        "id": "Integer",
        "pin": "str | MISSING",
        "name": "str | MISSING",
    }


def test_what_only_requests_have_is_required_there(models: Models) -> None:
    assert fields(models, "PetRequest_2")["id"] == "Integer | MISSING"
    assert fields(models, "PetRequest_2")["pin"] == "str"


def test_a_schema_that_stands_in_requests_only_is_one_class(models: Models) -> None:
    assert fields(models, "User") == {
        "pet": "PetRequest_2",
        "pin": "str",
        "id": "Integer | MISSING",
    }
    assert fields(models, "Seen")["pin"] == "str | MISSING"
    assert "UserRequest" not in models.names


def test_without_a_direction_a_schema_is_taken_as_it_stands(models: Models) -> None:
    assert fields(models, "Unused")["id"] == "Integer"
    assert fields(models, "Unused")["pin"] == "str"


def test_an_alias_over_such_a_class_is_two_only_where_both_are_used(models: Models) -> None:
    aliases = {each.name: each.annotation for each in models.definitions if isinstance(each, Alias)}
    assert aliases == {"Pets": "list[Pet]", "PetsEffective": "list[PetEffective]"}


def test_bodies_and_answers_have_their_own_view(contract: Contract, models: Models) -> None:
    (create,) = [each for each in contract.operations if each.path == "/pets"]
    (asked,) = create.body.content if create.body else ()
    (answered,) = create.responses[0].content
    assert models.expressions[str(asked.schema)].text == "PetRequest_2"
    assert models.expressions[str(answered.schema)].text == "Pets"


def test_the_schema_beside_a_class_leaves_to_it_what_one_direction_requires(
    contract: Contract, models: Models
) -> None:
    checked = json.loads(checked_schemas(contract, models.exact))
    assert checked["components"]["schemas"]["Pet"]["required"] == []


def test_the_name_of_the_second_class_is_frozen(contract: Contract) -> None:
    lock = json.loads(contract.names_lock)
    assert lock["classes"][f"request {REF}Pet"] == "PetRequest_2"
