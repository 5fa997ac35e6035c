"""Unions with a discriminator: a dog is never a cat, and what is neither is refused or kept."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from tallystick.document import Json
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
        Cat | DogEffective, Tagged("petType", {"cat": Cat, "dog": DogEffective, "Dog": DogEffective})
    ] | None | MISSING = MISSING  # fmt: skip


Pet = Annotated[Cat | Dog, Tagged("petType", {"cat": Cat, "dog": Dog, "Dog": Dog})]

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
