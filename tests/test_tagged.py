"""Unions with a discriminator: a dog is never a cat, and what is neither is refused or kept."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Annotated, Any, ClassVar

import httpx2
import pytest
from pydantic import Field, TypeAdapter, ValidationError

from tallystick.document import Json
from tallystick.generate import generate
from tallystick.output import write
from tallystick.runtime.drift import Trail
from tallystick.runtime.operation import Kind
from tallystick.runtime.presence import MISSING, Model, Reading, reading
from tallystick.runtime.scalars import Integer
from tallystick.runtime.tagged import Tagged


class Cat(Model):
    pet_type: Annotated[str | MISSING, Field(alias="petType")] = MISSING
    name: str | MISSING = MISSING
    lives: Integer | MISSING = MISSING


class Dog(Model):
    pet_type: Annotated[str | MISSING, Field(alias="petType")] = MISSING
    name: str | MISSING = MISSING
    lives: str | MISSING = MISSING
    friend: Pet | None | MISSING = MISSING

    def effective(self) -> DogEffective:
        return reading(DogEffective, self)


class DogEffective(Reading):
    defaults: ClassVar[dict[str, Any]] = {"name": "Rex"}
    pet_type: Annotated[str | MISSING, Field(alias="petType")] = MISSING
    name: str
    lives: str | MISSING = MISSING
    friend: Annotated[
        Cat | DogEffective, Tagged("petType", {"cat": "Cat", "dog": "DogEffective", "Dog": "DogEffective"})
    ] | None | MISSING = MISSING  # fmt: skip


Pet = Annotated[Cat | Dog, Tagged("petType", {"cat": "Cat", "dog": "Dog", "Dog": "Dog"})]

Dog.model_rebuild()

PET: Kind[Any] = Kind(lambda: TypeAdapter(Pet))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"petType": "cat"}, Cat),
        ({"petType": "dog"}, Dog),
        ({"petType": "Dog", "name": "x", "lives": "9", "more": None}, Dog),
        ({"lives": 9}, Cat),
        ({"lives": "9"}, Dog),
    ],
)
def test_the_tag_says_the_class_and_without_one_the_content(value: Json, kind: type) -> None:
    made = PET.read(value)
    assert type(made) is kind
    assert PET.write(made) == value


@pytest.mark.parametrize(
    "value",
    [
        {"petType": "dog", "lives": 9},
        {"petType": "cat", "lives": "9"},
        {"petType": "cow"},
        {"petType": ""},
        {"petType": 0},
        {"petType": None},
        {"petType": "dog", "friend": {"petType": "cow"}},
        None,
        "dog",
    ],
)
def test_what_is_not_of_the_class_of_its_tag_is_refused(value: Json) -> None:
    with pytest.raises(ValidationError):
        PET.read(value)


def test_a_model_with_the_tag_of_another_is_refused() -> None:
    assert PET.write(Dog(pet_type="dog", friend=Cat())) == {"petType": "dog", "friend": {}}
    with pytest.raises(ValidationError):
        PET.write(Cat(pet_type="dog", lives=9))
    with pytest.raises(ValidationError):
        Dog(friend=Cat(pet_type="dog"))


def test_an_unknown_variant_is_kept_by_a_lenient_reader_and_sent_back() -> None:
    value: Any = {"petType": "dog", "friend": {"petType": "cow", "milk": [1.5]}}
    trail = Trail()
    made = PET.read(value, trail)
    assert [(each.what, each.pointer) for each in trail.found] == [("variant", "/friend")]
    assert type(made) is Dog
    assert made.friend == value["friend"]
    assert PET.write(made) == value
    assert made.effective().friend == value["friend"]
    assert made.effective().name == "Rex"
    with pytest.raises(ValidationError):
        PET.read({"petType": "dog", "lives": 9}, Trail())


def test_a_reading_keeps_the_class_of_the_tag() -> None:
    made = PET.read({"petType": "dog", "friend": {"petType": "Dog"}})
    assert type(made.effective().friend) is DogEffective


def _document() -> dict[str, Json]:
    def ref(name: str) -> dict[str, Json]:
        return {"$ref": f"#/components/schemas/{name}"}

    def pet(**members: Json) -> dict[str, Json]:
        return {"type": "object", "properties": {"petType": {"type": "string"}, **members}}

    def told(keyword: str, mapping: Json = None, names: tuple[str, ...] = ("Cat", "Dog")) -> Json:
        given: dict[str, Json] = {"propertyName": "petType"}
        if mapping is not None:
            given["mapping"] = mapping
        return {keyword: [ref(name) for name in names], "discriminator": given}

    def listed(kind: Json, **members: Json) -> dict[str, Json]:
        return {"type": "object", "properties": {"kind": kind, **members}}

    schemas: dict[str, Json] = {
        "Cat": pet(claws={"type": "integer"}),
        "Dog": pet(bark={"type": "string"}),
        "Mapped": told("oneOf", {"cat": "#/components/schemas/Cat", "dog": "Dog"}),
        "Implicit": told("anyOf"),
        "Swapped": told("oneOf", {"Cat": "Dog", "Dog": "#/components/schemas/Cat"}),
        "And": listed({"const": "and"}, left=ref("Term"), right=ref("Term")),
        "Or": listed({"enum": ["or", "xor"]}, left=ref("Term"), right=ref("Term")),
        "Term": {"oneOf": [ref("And"), ref("Or")]},
        "Holder": {
            "type": "object",
            "properties": {
                "pets": {"type": "array", "items": told("oneOf")},
                "pet": {"anyOf": [ref("Cat"), ref("Dog"), {"type": "null"}],
                        "discriminator": {"propertyName": "petType"}},
                "fill": {"type": "integer", "default": 3},
            },
        },
    }  # fmt: skip
    answer: Json = {"description": "", "content": {"application/json": {"schema": told("oneOf")}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "1"},
        "paths": {"/pet": {"get": {"responses": {"200": answer}}}},
        "components": {"schemas": schemas},
    }


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("tagged")
    path = folder / "given.json"
    path.write_text(json.dumps(_document()))
    write(generate(path, [], package="tagged_pets").files, folder / "out")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder / "out"))
        for each in ("models", "runtime.operation", "runtime.drift", "runtime.presence"):
            importlib.import_module(f"tagged_pets.{each}")
        yield importlib.import_module("tagged_pets")


def test_the_ledger_says_where_the_discriminator_decides(tmp_path: Path) -> None:
    path = tmp_path / "given.json"
    path.write_text(json.dumps(_document()))
    book = generate(path, [], package="tagged_pets").ledger
    stands = {each.pointer: each.standing for each in book.entries}
    assert stands["#/components/schemas/Mapped/oneOf"] == "approximated"
    assert stands["#/components/schemas/Mapped/discriminator"] == "enforced"
    assert stands["#/components/schemas/Term/oneOf"] == "enforced"


def kind_of(package: Any, name: str) -> Any:
    return package.runtime.operation.Kind(lambda: TypeAdapter(getattr(package.models, name)))


@pytest.mark.parametrize(
    ("name", "tag", "kind"),
    [
        ("Mapped", "cat", "Cat"),
        ("Mapped", "dog", "Dog"),
        ("Mapped", "Dog", "Dog"),
        ("Implicit", "Cat", "Cat"),
        ("Implicit", "Dog", "Dog"),
        ("Swapped", "Cat", "Dog"),
        ("Swapped", "Dog", "Cat"),
    ],
)
def test_a_discriminator_of_a_document_says_the_class(
    package: Any, name: str, tag: str, kind: str
) -> None:
    value = {"petType": tag, "more": [None]}
    made = kind_of(package, name).read(value)
    assert type(made).__name__ == kind
    assert kind_of(package, name).write(made) == value


@pytest.mark.parametrize("name", ["Mapped", "Implicit", "Swapped"])
def test_a_tag_that_is_not_known_is_refused_or_kept(package: Any, name: str) -> None:
    kind, trail = kind_of(package, name), package.runtime.drift.Trail()
    value = {"petType": "hamster", "wheel": True}
    with pytest.raises(ValidationError):
        kind.read(value)
    made = kind.read(value, trail)
    assert type(made) not in (package.models.Cat, package.models.Dog)
    assert [(each.what, each.pointer) for each in trail.found] == [("variant", "")]
    assert kind.write(made) == value


def test_exactly_one_where_there_is_no_tag(package: Any) -> None:
    assert type(kind_of(package, "Mapped").read({"claws": 1, "bark": 2})).__name__ == "Cat"
    with pytest.raises(ValidationError):
        kind_of(package, "Mapped").read({"claws": 1, "bark": "loud"})
    assert kind_of(package, "Implicit").read({"claws": 1, "bark": "loud"})


def test_listed_values_say_the_class_and_deep_unions_are_quick(package: Any) -> None:
    value: Json = {"kind": "xor"}
    for _ in range(40):
        value = {"kind": "and", "left": value}
    term = kind_of(package, "Term")
    made = term.read(value)
    assert type(made) is package.models.And
    assert term.write(made) == value
    for bad in ({"kind": "nor"}, {}, {"kind": None}):
        with pytest.raises(ValidationError):
            term.read(bad)


def test_unions_in_members_and_answers_are_told_too(package: Any) -> None:
    value = {"pets": [{"petType": "Dog"}, {"petType": "Cat"}], "pet": None}
    holder = kind_of(package, "Holder").read(value)
    for each in (holder, holder.effective()):
        assert [type(pet).__name__ for pet in each.pets] == ["Dog", "Cat"]
        assert each.pet is None
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json={"petType": "Dog"}))
    client = package.Client(base_url="https://x.test", transport=transport)
    assert type(client.pet.retrieve()) is package.models.Dog
