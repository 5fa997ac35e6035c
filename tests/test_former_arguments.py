"""A renamed parameter keeps its old keyword, deprecated, until the next major version."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tallystick.generate import Generated, generate
from tallystick.names import read_lock
from tallystick.output import write
from type_checkers import lines, mypy, pyright, serious


def parameter(name: str, location: str = "query", **more: Any) -> dict[str, Any]:
    return {"name": name, "in": location, "schema": {"type": "integer"}, **more}


def document(
    *parameters: dict[str, Any], version: str = "1.1", path: str = "/pets", **more: Any
) -> dict[str, Any]:
    content: dict[str, Any] = {"application/octet-stream": {}} if more.get("raw") else {}
    operation = {
        "operationId": "listPets",
        "parameters": list(parameters),
        "responses": {"200": {"description": "", "content": content}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": version},
        "servers": [{"url": "https://api.example"}],
        "paths": {path: {"get": operation}},
    }


def made(folder: Path, *stages: dict[str, Any]) -> Generated:
    """The package of the last of some editions of a document, each with the lock of the one before."""
    lock = folder / "names.lock"
    lock.unlink(missing_ok=True)
    for each in stages:
        (folder / "api.json").write_text(json.dumps(each))
        found = generate(
            folder / "api.json", package="renamed", lock=lock if lock.exists() else None
        )
        lock.write_text(found.files["names.lock"])
    return found


def arguments(package: Generated) -> dict[str, dict[str, str]]:
    return {key: dict(held) for key, held in package.contract.former.arguments.items()}


def aliases(package: Generated) -> dict[str, str]:
    return read_lock(package.files["names.lock"], "names.lock").get("aliases", {})


KEY = "#/paths/~1pets/get"


@pytest.mark.parametrize("location", ["query", "header", "cookie"])
def test_a_renamed_parameter_keeps_its_keyword_until_the_next_major(
    tmp_path: Path, location: str
) -> None:
    stages = document(parameter("limit", location)), document(parameter("page-size", location))
    after = made(tmp_path, *stages)
    assert arguments(after) == {"pets.retrieve": {"limit": "page_size"}}
    assert aliases(after) == {f"argument {KEY} limit": f"1 {location} page-size"}
    again = made(tmp_path, *stages, document(parameter("page-size", location), version="1.9"))
    assert again.contract.former == after.contract.former
    assert again.files["names.lock"] == after.files["names.lock"]
    last = made(tmp_path, *stages, document(parameter("page-size", location), version="2.0"))
    assert not arguments(last)
    assert not aliases(last)


def test_two_renames_one_after_the_other_keep_both_keywords(tmp_path: Path) -> None:
    stages = [document(parameter(each)) for each in ("a", "b", "c")]
    assert arguments(made(tmp_path, *stages)) == {"pets.retrieve": {"a": "c", "b": "c"}}
    back = made(tmp_path, *stages, document(parameter("a")))
    assert arguments(back) == {"pets.retrieve": {"b": "a", "c": "a"}}


def test_only_what_is_alike_was_renamed(tmp_path: Path) -> None:
    before = document(parameter("limit"))
    for other in (
        document(parameter("size", "header")),
        document(parameter("size", required=True)),
        document(parameter("size", description="Another.")),
        document(parameter("size", explode=False)),
        document({**parameter("size"), "schema": {"type": "string"}}),
        document(parameter("size"), parameter("more")),
    ):
        assert arguments(made(tmp_path, before, other)) == {}


def test_one_that_says_enough_is_known_among_others(tmp_path: Path) -> None:
    telling = {"schema": {"type": "string", "enum": ["a", "b"]}}
    before = document({**parameter("sort"), **telling}, parameter("limit"))
    after = document({**parameter("order"), **telling}, parameter("x"), parameter("y"))
    assert arguments(made(tmp_path, before, after)) == {"pets.retrieve": {"sort": "order"}}


def test_a_parameter_behind_a_reference_and_of_the_path_item_is_known_again(tmp_path: Path) -> None:
    def edition(name: str) -> dict[str, Any]:
        data = document()
        data["components"] = {"parameters": {"P": parameter(name)}}
        data["paths"]["/pets"]["parameters"] = [{"$ref": "#/components/parameters/P"}]
        return data

    after = made(tmp_path, edition("limit"), edition("size"))
    assert arguments(after) == {"pets.retrieve": {"limit": "size"}}


def test_a_renamed_path_parameter_is_the_same_path(tmp_path: Path) -> None:
    def edition(name: str) -> dict[str, Any]:
        return document(parameter(name, "path", required=True), path=f"/pets/{{{name}}}")

    after = made(tmp_path, edition("id"), edition("pet_id"))
    assert arguments(after) == {"pets.retrieve": {"id": "pet_id"}}
    other = edition("pet_id")
    other["paths"]["/pets/{pet_id}"]["get"]["parameters"][0]["schema"] = {"type": "string"}
    assert arguments(made(tmp_path, edition("id"), other)) == arguments(after)
    assert after.contract.former.methods == {}
    assert after.contract.former.resources == {}


def test_a_moved_operation_keeps_the_keywords_that_it_had(tmp_path: Path) -> None:
    stages = document(parameter("limit")), document(parameter("size"))
    moved = document(parameter("size"), path="/animals")
    moved["paths"]["/animals"]["get"]["responses"]["200"]["content"] = {"application/json": {}}
    for each in stages:
        content = each["paths"]["/pets"]["get"]["responses"]["200"]
        content["content"] = {"application/json": {}}
    assert arguments(made(tmp_path, *stages, moved)) == {"animals.retrieve": {"limit": "size"}}


def test_a_former_keyword_yields_to_a_parameter_of_its_name(tmp_path: Path) -> None:
    taken = document(parameter("size"), parameter("Limit", "header"))
    after = made(tmp_path, document(parameter("limit")), document(parameter("size")), taken)
    given = {each.name: each.identifier for each in after.contract.operations[0].parameters}
    assert given == {"size": "size", "Limit": "limit"}
    assert arguments(after) == {}


def test_a_broken_line_of_a_parameter_gives_no_keyword(tmp_path: Path) -> None:
    lock = json.loads(made(tmp_path, document(parameter("limit"))).files["names.lock"])
    lock["aliases"] = {
        f"argument {KEY} a-b": "1 query limit",
        f"argument {KEY} a": "1 query nothing",
        "argument b": "1 query limit",
        "argument #/paths/~1x/get c": "1 query limit",
        f"argument {KEY} class": "1 query limit",
        f"argument {KEY} body": "1 query limit",
        f"argument {KEY} limit": "1 query limit",
        f"argument {KEY} d": "x query limit",
    }
    lock[f"parameters {KEY}"] = {"query gone": "", "query limit": "x y z"}
    (tmp_path / "names.lock").write_text(json.dumps(lock))
    after = generate(tmp_path / "api.json", package="renamed", lock=tmp_path / "names.lock")
    assert not aliases(after)
    assert not arguments(after)


OLD = (
    parameter("id", "path", required=True),
    parameter("limit", required=True),
    {**parameter("sort", "header"), "schema": {"type": "string", "enum": ["a", "b"]}},
    parameter("kept", "cookie"),
)
NEW = (
    parameter("pet_id", "path", required=True),
    parameter("size", required=True),
    {**parameter("order", "header"), "schema": {"type": "string", "enum": ["a", "b"]}},
    parameter("kept", "cookie"),
)


KINDS = {"plain": False, "as_stream": True}
"""What the method may be, and whether its answer is raw."""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a folder for each kind, which holds the package ``renamed``."""
    top = tmp_path_factory.mktemp("renamed")
    for kind, raw in KINDS.items():
        before = document(*OLD, path="/pets/{id}", raw=raw)
        after = document(*NEW, path="/pets/{pet_id}", raw=raw)
        write(made(tmp_path_factory.mktemp(kind), before, after).files, top / kind)
    return top


@pytest.fixture(params=KINDS)
def package(request: pytest.FixtureRequest, packages: Path) -> Path:
    return packages / str(request.param)


@pytest.fixture
def client(package: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(package))
    for name in [each for each in sys.modules if each.split(".")[0] == "renamed"]:
        monkeypatch.delitem(sys.modules, name)
    return importlib.import_module("renamed.client")


def test_an_old_keyword_is_sent_under_the_new_name_and_tells(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = client.Client()
    sent: list[Any] = []
    monkeypatch.setattr(type(one._session), "send", lambda _, *each, **__: sent.append(each))
    with pytest.warns(DeprecationWarning, match="`limit` was renamed: use `size`") as told:
        one.pets.retrieve(1, limit=2, order="a")
    assert [each.filename for each in told] == [__file__]
    with pytest.warns(DeprecationWarning, match="was renamed") as told:
        one.pets.retrieve(id=1, limit=2, sort="a")
    assert len(told) == 3
    one.pets.retrieve(1, size=2, order="a")
    assert sent[0] == sent[1] == sent[2]
    assert "size" in inspect.signature(one.pets.retrieve).parameters
    assert "limit" not in inspect.signature(one.pets.retrieve).parameters


def test_an_asyncio_client_does_the_same_when_it_is_called(client: Any) -> None:
    other = client.AsyncClient()
    with pytest.warns(DeprecationWarning, match="use `size`") as told:
        call = other.pets.retrieve(1, limit=2)
    assert told[0].filename == __file__
    assert asyncio.iscoroutine(call)
    call.close()


@pytest.mark.parametrize("kind", ["Client", "AsyncClient"])
def test_both_keywords_are_an_error(client: Any, kind: str) -> None:
    one = getattr(client, kind)()
    with pytest.raises(TypeError, match="`limit` was renamed: `size` is given too"):
        one.pets.retrieve(1, limit=2, size=2)
    with (
        pytest.warns(DeprecationWarning, match="`id`"),
        pytest.raises(TypeError, match="multiple values"),
    ):
        one.pets.retrieve(1, id=1, size=2)
    with pytest.raises(TypeError, match="unexpected keyword"):
        one.pets.retrieve(1, nothing=2, size=2)


def test_the_server_half_has_the_new_name_only(package: Path) -> None:
    text = (package / "renamed/api.py").read_text()
    assert "limit" not in text
    assert "size: " in text


USER = """\
from renamed import AsyncClient, Client
from renamed.api import Api


def used(client: Client, api: Api) -> None:
    client.pets.retrieve(1, size=2)
    client.pets.retrieve(1, limit=2)
    client.pets.retrieve(id=1, size=2, kept=1)
    client.pets.retrieve(1, size=2, sort="a")
    client.pets.retrieve(id=1, limit=2, sort="b", kept=1)


async def main() -> None:
    await AsyncClient().pets.retrieve(1, limit=2)


api: type[Api]
used(Client(), Client())
"""
WRONG = """\
from renamed import Client

client = Client()
client.pets.retrieve(1)
client.pets.retrieve(1, limit="x")
client.pets.retrieve(1, limit=2, size=2)
client.pets.retrieve(1, kept=2)
client.pets.retrieve(1, sort="c", size=2)
"""


def test_checkers_accept_the_old_keywords_and_report_their_use(
    packages: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for folder in (packages / name for name in KINDS):
        (folder / "user.py").write_text(USER)
        (folder / "wrong.py").write_text(WRONG)
        told = mypy(tmp_path_factory, folder, "renamed", "user.py", "wrong.py")
        assert lines(told, "user.py") == [7, 8, 9, 10, 14], told
        assert {each.file for each in serious(told)} == {"wrong.py"}, told
        assert lines(serious(told), "wrong.py") == [4, 5, 6, 7, 8], told
    files = ("renamed/*.py", "user.py", "wrong.py")
    told = pyright(packages, *(f"{kind}/{each}" for kind in KINDS for each in files), roots=KINDS)
    assert {each.file.partition("/")[2] for each in told} == {"user.py", "wrong.py"}, told
    for kind in KINDS:
        assert lines(told, f"{kind}/user.py") == [7, 8, 9, 10, 14], told
        assert lines(told, f"{kind}/wrong.py") == [4, 5, 6, 7, 8], told
