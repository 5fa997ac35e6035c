"""What is renamed in a document keeps its old name, deprecated, until the next major version."""

from __future__ import annotations

import asyncio
import copy
import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tallystick.errors import UsageError
from tallystick.generate import Generated, generate
from tallystick.names import read_lock
from tallystick.output import write
from tallystick.render import render
from type_checkers import lines, mypy, pyright, serious

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1.4"},
    "servers": [{"url": "https://api.example"}],
    "components": {
        "schemas": {
            "Pet": {
                "type": "object",
                "description": "A pet.",
                "properties": {
                    "name": {"type": "string"},
                    "tag": {"type": "object", "properties": {"x": {"type": "integer"}}},
                    "parent": {"$ref": "#/components/schemas/Pet"},
                    "age": {"type": "integer", "default": 1},
                },
            },
            "Pets": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
            "Id": {"type": "string"},
            "Left": {"type": "object", "properties": {"a": {"type": "string"}}},
        }
    },
    "paths": {
        "/v1/pets": {
            "get": {
                "operationId": "listPets",
                "responses": {
                    "200": {
                        "description": "",
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Pets"}}
                        },
                    }
                },
            }
        },
        "/v1/pets/{id}/feed": {
            "post": {
                "operationId": "feed",
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
                ],
                "responses": {"204": {"description": ""}},
            }
        },
        "/v1/stores/{id}": {
            "delete": {
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
                ],
                "responses": {"204": {"description": ""}},
            }
        },
    },
}


def edited(*replacements: tuple[str, str], version: str = "1.5") -> dict[str, Any]:
    text = json.dumps(DOCUMENT)
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    data: dict[str, Any] = json.loads(text)
    data["info"]["version"] = version
    return data


def made(folder: Path, data: dict[str, Any], before: Generated | None = None) -> Generated:
    (folder / "api.json").write_text(json.dumps(data))
    lock = folder / "names.lock"
    if before is not None:
        lock.write_text(before.files["names.lock"])
    return generate(folder / "api.json", package="former", lock=lock if before else None)


def aliases(package: Generated) -> dict[str, str]:
    return read_lock(package.files["names.lock"], "names.lock").get("aliases", {})


SCHEMA = ('schemas/Pet"', 'schemas/Animal"'), ('"Pet":', '"Animal":')
PATHS = ("/v1/pets", "/v1/animals")
VERB = ("/feed", "/nourish")


def test_a_renamed_schema_keeps_its_names(tmp_path: Path) -> None:
    after = made(tmp_path, edited(*SCHEMA), made(tmp_path, DOCUMENT))
    assert after.contract.former.classes == {
        "Pet": "Animal",
        "PetTag": "AnimalTag",
        "PetEffective": "AnimalEffective",
    }
    assert aliases(after) == {
        "class Pet": "1 #/components/schemas/Animal",
        "class PetTag": "1 #/components/schemas/Animal/properties/tag",
        "class PetEffective": "1 effective #/components/schemas/Animal",
    }


def test_what_refers_to_a_renamed_schema_is_known_again_too(tmp_path: Path) -> None:
    both = (*SCHEMA, ('schemas/Pets"', 'schemas/Zoo"'), ('"Pets":', '"Zoo":'))
    after = made(tmp_path, edited(*both), made(tmp_path, DOCUMENT))
    assert after.contract.former.classes["Pets"] == "Zoo"
    assert after.contract.former.classes["Pet"] == "Animal"


def test_a_renamed_path_keeps_the_resource(tmp_path: Path) -> None:
    after = made(tmp_path, edited(PATHS), made(tmp_path, DOCUMENT))
    assert after.contract.former.resources == {(): {"pets": ("animals",)}}
    assert after.contract.former.methods == {}


def test_a_renamed_action_keeps_the_method(tmp_path: Path) -> None:
    after = made(tmp_path, edited(VERB), made(tmp_path, DOCUMENT))
    assert after.contract.former.methods == {("pets",): {"feed": "nourish"}}
    assert after.contract.former.resources == {}


def test_everything_at_once_and_again(tmp_path: Path) -> None:
    after = made(tmp_path, edited(*SCHEMA, PATHS, VERB), made(tmp_path, DOCUMENT))
    kept = after.contract.former
    assert kept.resources == {(): {"pets": ("animals",)}}
    assert kept.methods == {("animals",): {"feed": "nourish"}}
    again = made(tmp_path, edited(*SCHEMA, PATHS, VERB, version="1.6"), after)
    assert again.contract.former == kept
    assert again.files["names.lock"] == after.files["names.lock"]


def test_a_second_rename_keeps_both_names(tmp_path: Path) -> None:
    second = made(tmp_path, edited(*SCHEMA), made(tmp_path, DOCUMENT))
    names = ('schemas/Pet"', 'schemas/Beast"'), ('"Pet":', '"Beast":')
    third = made(tmp_path, edited(*names), second)
    assert third.contract.former.classes["Pet"] == "Beast"
    assert third.contract.former.classes["Animal"] == "Beast"


def test_the_next_major_version_drops_the_old_names(tmp_path: Path) -> None:
    after = made(tmp_path, edited(*SCHEMA, PATHS, VERB), made(tmp_path, DOCUMENT))
    last = made(tmp_path, edited(*SCHEMA, PATHS, VERB, version="2.0"), after)
    assert aliases(last) == {}
    assert last.contract.former.classes == {}


def test_something_new_of_the_old_name_has_it(tmp_path: Path) -> None:
    data = edited(*SCHEMA)
    data["components"]["schemas"]["Pet"] = {"type": "integer"}
    after = made(tmp_path, data, made(tmp_path, DOCUMENT))
    assert after.contract.schemas["#/components/schemas/Pet"].name == "Pet"
    assert "Pet" not in after.contract.former.classes


def test_what_is_not_certain_is_no_rename(tmp_path: Path) -> None:
    before = made(tmp_path, DOCUMENT)
    two = edited(('"Left":', '"One":'))
    two["components"]["schemas"]["Two"] = copy.deepcopy(two["components"]["schemas"]["One"])
    plain = edited(('"Id":', '"Key":'))
    bare = edited(("/v1/stores", "/v1/shops"))
    for data in (two, plain, bare):
        assert (
            made(tmp_path, data, before).contract.former == made(tmp_path, DOCUMENT).contract.former
        )


def test_a_broken_line_of_the_lock_gives_no_name(tmp_path: Path) -> None:
    before = made(tmp_path, DOCUMENT)
    lock = json.loads(before.files["names.lock"])
    lock["aliases"] = {
        "class import os": "1 #/components/schemas/Pet",
        "class A": "x #/components/schemas/Pet",
        "method pets.a b": "1 #/paths/~1v1~1pets/get",
        "resource a-b": "1 pets",
        "resource c": "1 ",
        "nonsense": "",
    }
    (tmp_path / "names.lock").write_text(json.dumps(lock))
    after = generate(tmp_path / "api.json", package="former", lock=tmp_path / "names.lock")
    assert aliases(after) == {}
    lock["aliases"] = {"class A": 1}
    with pytest.raises(UsageError, match="not a lock of names"):
        read_lock(json.dumps(lock), "names.lock")


@pytest.fixture(scope="module", params=[250, 1], ids=["models.py", "models/"])
def package(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("former")
    after = made(folder, edited(*SCHEMA, PATHS, VERB), made(folder, DOCUMENT))
    many: int = request.param
    files = render(after.contract, after.models, "former", after.ledger.to_json(), many)
    write(files, folder / "out")
    return folder / "out"


def test_an_old_name_works_and_tells(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(package))
    for name in [each for each in sys.modules if each.split(".")[0] == "former"]:
        monkeypatch.delitem(sys.modules, name)
    models = importlib.import_module("former.models")
    client = importlib.import_module("former.client")
    with pytest.warns(DeprecationWarning, match="models.Pet was renamed: use Animal") as told:
        assert models.Pet is models.Animal
    assert told[0].filename == __file__
    with pytest.raises(AttributeError, match="has no attribute 'Pett'"):
        _ = models.Pett
    one = client.Client()
    with pytest.warns(DeprecationWarning, match="renamed: use `animals`"):
        old = one.pets
    assert type(old) is type(one.animals)
    sent: list[Any] = []
    monkeypatch.setattr(type(old._session), "send", lambda _, *each, **__: sent.append(each))
    with pytest.warns(DeprecationWarning, match="renamed: use `nourish`") as told:
        old.feed("a")
    one.animals.nourish("a")
    assert told[0].filename == __file__
    assert sent[0] == sent[1]
    other = client.AsyncClient()
    with pytest.warns(DeprecationWarning, match="renamed"):
        call = other.pets.feed("a")
    assert asyncio.iscoroutine(call)
    call.close()


USER = """
from former import AsyncClient, Client
from former.models import Animal, Pet

client = Client()
pet: Animal = Pet(name="a")
client.pets.feed("a")
client.animals.feed("a")


async def main() -> None:
    await AsyncClient().pets.feed("a")
"""


def test_checkers_accept_the_package_and_the_old_names(
    package: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (package / "user.py").write_text(USER)
    (package / "wrong.py").write_text(f"{USER}\nclient.pets.feed(1)\n")
    told = mypy(tmp_path_factory, package, "former", "user.py", "wrong.py")
    assert [(each.file, each.code) for each in serious(told)] == [("wrong.py", "arg-type")], told


MEMBER = ('"tag": {"type"', '"label": {"type"')
PET = "#/components/schemas/Pet"


def members(package: Generated) -> dict[str, dict[str, str]]:
    return {key: dict(held) for key, held in package.contract.former.members.items()}


def test_a_renamed_member_keeps_its_identifier_and_the_class_of_its_schema(tmp_path: Path) -> None:
    after = made(tmp_path, edited(MEMBER), made(tmp_path, DOCUMENT))
    assert members(after) == {PET: {"tag": "label"}}
    assert after.contract.former.classes == {"PetTag": "PetLabel"}
    assert aliases(after) == {
        "class PetTag": f"1 {PET}/properties/label",
        f"member {PET} tag": "1 label",
    }
    again = made(tmp_path, edited(MEMBER, version="1.6"), after)
    assert again.contract.former == after.contract.former
    assert again.files["names.lock"] == after.files["names.lock"]
    last = made(tmp_path, edited(MEMBER, version="2.0"), after)
    assert not aliases(last)
    assert not members(last)


def test_a_bare_member_was_renamed_if_no_other_went_or_came(tmp_path: Path) -> None:
    before = made(tmp_path, DOCUMENT)
    one = ('"name": {', '"title": {')
    assert members(made(tmp_path, edited(one), before)) == {PET: {"name": "title"}}
    parent = ('"parent": {', '"mother": {')
    both = made(tmp_path, edited(one, parent), before)
    assert members(both) == {}
    with_label = made(tmp_path, edited(one, MEMBER), before)
    assert members(with_label) == {PET: {"tag": "label"}}
    other = edited(one)
    other["components"]["schemas"]["Pet"]["properties"]["title"]["description"] = "A title."
    assert members(made(tmp_path, other, before)) == {}
    needed = edited(one)
    needed["components"]["schemas"]["Pet"]["required"] = ["title"]
    assert members(made(tmp_path, needed, before)) == {}
    added = edited(one)
    added["components"]["schemas"]["Pet"]["properties"]["more"] = {"type": "boolean"}
    assert members(made(tmp_path, added, before)) == {}


def test_a_member_in_another_spelling_keeps_its_identifier(tmp_path: Path) -> None:
    data = edited(('"name": {', '"petName": {'), version="1.4")
    other = edited(('"name": {', '"pet_name": {"maxLength": 3, '))
    after = made(tmp_path, other, made(tmp_path, data))
    pet = after.contract.schemas[PET]
    assert [each.identifier for each in pet.properties if each.name == "pet_name"] == ["pet_name"]
    assert members(after) == {}


def test_a_parameter_in_another_spelling_keeps_its_identifier(tmp_path: Path) -> None:
    before = edited(('{"name": "id", "in"', '{"name": "petId", "in"'), ("/{id}", "/{petId}"))
    after = edited(('{"name": "id", "in"', '{"name": "pet_id", "in"'), ("/{id}", "/{petId}"))
    for data in (before, after):
        for path in data["paths"].values():
            for operation in path.values():
                for each in operation.get("parameters", []):
                    each |= {"in": "query"}
        data["paths"] = {key.replace("/{petId}", ""): path for key, path in data["paths"].items()}
    found = made(tmp_path, after, made(tmp_path, before)).contract.operations
    parameters = [each for operation in found for each in operation.parameters]
    assert {(each.name, each.identifier) for each in parameters} == {("pet_id", "pet_id")}


def test_a_member_and_its_object_can_be_renamed_one_after_the_other(tmp_path: Path) -> None:
    second = made(tmp_path, edited(MEMBER), made(tmp_path, DOCUMENT))
    third = made(tmp_path, edited(MEMBER, *SCHEMA), second)
    assert members(third) == {"#/components/schemas/Animal": {"tag": "label"}}
    again = ('"tag": {"type"', '"sign": {"type"')
    fourth = made(tmp_path, edited(again, *SCHEMA), third)
    assert members(fourth) == {"#/components/schemas/Animal": {"tag": "sign", "label": "sign"}}
    back = made(tmp_path, edited(*SCHEMA), fourth)
    assert members(back) == {"#/components/schemas/Animal": {"label": "tag", "sign": "tag"}}


def test_a_member_that_refers_to_a_renamed_schema_is_known_again(tmp_path: Path) -> None:
    after = made(tmp_path, edited(*SCHEMA), made(tmp_path, DOCUMENT))
    both = edited(*SCHEMA, ('"parent": {', '"mother": {'))
    third = made(tmp_path, both, after)
    assert members(third) == {"#/components/schemas/Animal": {"parent": "mother"}}


def test_a_former_name_yields_to_a_member_and_to_what_a_property_needs(tmp_path: Path) -> None:
    before = edited(('"tag": {"type"', '"property": {"type"'))
    after = made(tmp_path, edited(MEMBER), made(tmp_path, before))
    assert members(after) == {}
    before = edited(('"age": {', '"property": {'))
    after = made(tmp_path, edited(('"age": {', '"property": {'), MEMBER), made(tmp_path, before))
    assert members(after) == {}
    data = edited(MEMBER)
    data["components"]["schemas"]["Pet"]["properties"]["Tag"] = {"type": "string"}
    after = made(tmp_path, data, made(tmp_path, DOCUMENT))
    assert members(after) == {}


def test_a_broken_line_of_a_member_gives_no_name(tmp_path: Path) -> None:
    lock = json.loads(made(tmp_path, DOCUMENT).files["names.lock"])
    lock["aliases"] = {
        f"member {PET} a-b": "1 name",
        f"member {PET} a": "1 nothing",
        "member b": "1 name",
        f"member {PET}/nowhere c": "1 name",
        f"member {PET} class": "1 name",
        f"member {PET} effective": "1 name",
        f"member {PET} age": "1 name",
    }
    lock[f"members {PET}"] = {"gone": "", "name": "x y z"}
    (tmp_path / "names.lock").write_text(json.dumps(lock))
    after = generate(tmp_path / "api.json", package="former", lock=tmp_path / "names.lock")
    assert not aliases(after)
    assert not members(after)


SIZES = {"whole": 250, "parted": 1}
"""The classes in one module, by the place of the package."""


@pytest.fixture(scope="module")
def renamed_packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package in which members of three classes were renamed: open, closed, and exact."""
    folder = tmp_path_factory.mktemp("members")
    data = edited(version="1.4")
    pet = data["components"]["schemas"]["Pet"]
    closed = {**copy.deepcopy(pet), "additionalProperties": False, "required": ["name"]}
    exact = {**copy.deepcopy(pet), "minProperties": 1}
    data["components"]["schemas"] |= {"Closed": closed, "Exact": exact}
    before = made(folder, data)
    new = json.loads(json.dumps(data).replace(*MEMBER))
    for each in ("Closed", "Exact"):
        properties = new["components"]["schemas"][each]["properties"]
        properties["tag"] = properties.pop("label")
        properties["title"] = properties.pop("name")
    new["components"]["schemas"]["Closed"]["required"] = ["title"]
    new["info"]["version"] = "1.5"
    after = made(folder, new, before)
    for name, many in SIZES.items():
        files = render(after.contract, after.models, "renamed", after.ledger.to_json(), many)
        write(files, folder / "out" / name)
    return folder / "out"


@pytest.fixture(params=SIZES)
def renamed(request: pytest.FixtureRequest, renamed_packages: Path) -> Path:
    return renamed_packages / str(request.param)


@pytest.fixture
def models(renamed: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(renamed))
    for name in [each for each in sys.modules if each.split(".")[0] == "renamed"]:
        monkeypatch.delitem(sys.modules, name)
    return importlib.import_module("renamed.models")


def test_a_former_member_is_read_and_written_and_tells(models: Any) -> None:
    tag = models.PetLabel(x=1)
    pet = models.Pet(label=tag)
    with pytest.warns(DeprecationWarning, match="renamed: use `label`") as told:
        assert pet.tag is tag
    assert told[0].filename == __file__
    for one, old, new in (
        (pet, "tag", "label"),
        (models.Closed(title="a"), "name", "title"),
        (models.Exact(title="a"), "name", "title"),
    ):
        value: Any = models.PetLabel(x=2) if new == "label" else "b"
        for _ in range(2):
            with pytest.warns(DeprecationWarning, match=f"renamed: use `{new}`") as told:
                setattr(one, old, value)
            assert [each.filename for each in told] == [__file__]
        assert getattr(one, new) == value
        assert old not in dict(one)
        assert old not in json.loads(one.model_dump_json())
        with (
            pytest.warns(DeprecationWarning, match=new),
            pytest.raises(ValueError, match=new),
        ):
            setattr(one, old, 1)
        assert getattr(one, new) == value


def test_a_reading_has_the_former_member_too_and_stays_frozen(models: Any) -> None:
    read = models.Pet(label=models.PetLabel(x=1)).effective()
    with pytest.warns(DeprecationWarning, match="renamed: use `label`"):
        assert read.tag == models.PetLabel(x=1)
    with pytest.raises(ValueError, match="frozen"):
        read.tag = models.PetLabel(x=2)


def test_the_constructor_takes_the_former_name(models: Any) -> None:
    with pytest.warns(DeprecationWarning, match="`name` was renamed: use `title`") as told:
        one = models.Closed(name="a")
    assert one == models.Closed(title="a")
    assert told[0].filename == __file__
    with pytest.raises(ValueError, match="Extra inputs"):
        models.Closed(name="a", title="b")


@pytest.mark.filterwarnings("error")
def test_a_former_name_on_the_wire_is_an_unknown_member(models: Any) -> None:
    text = {"tag": {"x": 1}}
    pet = models.Pet.model_validate(text)
    assert pet.model_extra == text
    assert not pet.model_fields_set - {"tag"}
    assert json.loads(pet.model_dump_json(exclude_unset=True)) == text
    assert models.Pet(**dict(pet)) == pet
    assert "label" not in repr(pet)
    with pytest.raises(ValueError, match="Field required"):
        models.Closed.model_validate({"name": "a"})


MEMBER_USER = """
from renamed.models import Closed, Pet, PetEffective, PetLabel

pet = Pet(label=PetLabel(x=1))
pet.tag = PetLabel(x=2)
tag = pet.tag
name: str = Closed(title="a").name


def read(pet: PetEffective) -> object:
    return pet.tag
"""


def test_checkers_accept_a_former_member_and_report_its_use(
    renamed_packages: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for each in SIZES:
        (renamed_packages / each / "user.py").write_text(MEMBER_USER)
        told = mypy(tmp_path_factory, renamed_packages / each, "renamed", "user.py")
        assert serious(told) == []
        # mypy does not tell of a getter that has a setter.
        assert lines(told, "user.py") == [5, 11], told
    files = ("renamed/models*", "user.py")
    told = pyright(
        renamed_packages, *(f"{top}/{each}" for top in SIZES for each in files), roots=SIZES
    )
    assert len(told) == 4 * len(SIZES), told
    for each in SIZES:
        assert lines(told, f"{each}/user.py") == [5, 6, 7, 11], told
