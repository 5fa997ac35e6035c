"""What is renamed in a document keeps its old name, deprecated, until the next major version."""

from __future__ import annotations

import asyncio
import copy
import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tallystick.errors import UsageError
from tallystick.generate import Generated, generate
from tallystick.names import read_lock
from tallystick.output import write
from tallystick.render import render

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


def test_checkers_accept_the_package_and_the_old_names(package: Path) -> None:
    (package / "user.py").write_text(USER)
    options = ["--strict", "--config-file=", f"--cache-dir={package / 'cache'}"]
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "former", "user.py"],
        cwd=package,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
    (package / "wrong.py").write_text(f"{USER}\nclient.pets.feed(1)\n")
    wrong = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "wrong.py"],
        cwd=package,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "incompatible type" in wrong.stdout
