"""Two editions of a document, each as a package: what of it people's code reaches has changed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from editions import (
    DOCUMENT,
    Edit,
    body,
    files,
    member,
    named,
    renamed_class,
    renamed_member,
    renamed_parameter,
    renamed_path,
    schema,
    shelves,
)
from tallystick.evolve import PythonChange
from tallystick.evolve.python.api import python_changes
from tallystick.models import MANY
from type_checkers import pyright


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("editions")


@pytest.fixture
def after(folder: Path) -> Callable[..., tuple[PythonChange, ...]]:
    """The changes from the document to what some edits make of it, each on the edition before."""

    def changes(*edits: Edit, many: int = MANY) -> tuple[PythonChange, ...]:
        data, lock = copy.deepcopy(DOCUMENT), ""
        editions: list[dict[str, str]] = []
        for edit in (lambda _: None, *edits):
            edit(data)
            editions.append(files(json.dumps(data), lock, folder, many))
            lock = editions[-1]["names.lock"]
        return python_changes(*editions[-2:])

    return changes


def told(changes: tuple[PythonChange, ...]) -> list[tuple[str, str, str]]:
    return [(each.kind, each.name, each.severity) for each in changes]


Changes = Callable[..., tuple[PythonChange, ...]]


def test_the_same_package_has_no_changes(after: Changes) -> None:
    assert after(lambda _: None) == ()


def test_texts_are_no_changes(after: Changes) -> None:
    assert after(lambda data: shelves(data, "get").update(summary="All of them")) == ()


CASES: dict[str, tuple[Edit, list[tuple[str, str, str]]]] = {
    "an operation went": (
        lambda data: data["paths"].pop("/shelves/{id}"),
        [("removed", "client.shelves.delete", "breaking")],
    ),
    "an operation came": (
        lambda data: data["paths"].update(
            {"/racks": {"get": {"responses": {"204": {"description": ""}}}}}
        ),
        [("added", "client.racks", "compatible")],
    ),
    "a method came": (
        lambda data: data["paths"]["/shelves"].update(
            put={"responses": {"204": {"description": ""}}}
        ),
        [("added", "client.shelves.replace", "compatible")],
    ),
    "a parameter went": (
        lambda data: shelves(data, "get")["parameters"].pop(1),
        [("removed", "client.shelves.list(limit)", "breaking")],
    ),
    "a parameter came": (
        lambda data: shelves(data, "get")["parameters"].append(named("sort")),
        [("added", "client.shelves.list(sort)", "compatible")],
    ),
    "a parameter that must be given came": (
        lambda data: shelves(data, "get")["parameters"].append(named("sort", required=True)),
        [("added", "client.shelves.list(sort)", "breaking")],
    ),
    "a parameter must be given": (
        lambda data: shelves(data, "get")["parameters"][0].update(required=True),
        [("changed", "client.shelves.list(after)", "breaking")],
    ),
    "a parameter takes more": (
        lambda data: shelves(data, "get")["parameters"][1].update(
            schema={"type": ["integer", "string"]}
        ),
        [("changed", "client.shelves.list(limit)", "compatible")],
    ),
    "a parameter takes other values": (
        lambda data: shelves(data, "get")["parameters"][1].update(schema={"type": "boolean"}),
        [("changed", "client.shelves.list(limit)", "breaking")],
    ),
    "the limits of a member are others": (
        lambda data: member(data, "NewShelf", "name").update(maxLength=9),
        [("changed", "models.NewShelf.name", "risky")],
    ),
    "another answer": (
        lambda data: shelves(data, "post")["responses"]["201"].update(body("NewShelf")),
        [("changed", "client.shelves.create", "breaking")],
    ),
    "an answer where was none": (
        lambda data: data["paths"]["/shelves/{id}"]["delete"].update(
            responses={"200": {"description": "", **body("Shelf")}}
        ),
        [("changed", "client.shelves.delete", "compatible")],
    ),
    "a body may be left out": (
        lambda data: shelves(data, "post")["requestBody"].update(required=False),
        [("changed", "client.shelves.create(body)", "compatible")],
    ),
    "a credential is asked for": (
        lambda data: (
            data.update(security=[{"key": []}]),
            data["components"].update(
                securitySchemes={"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}
            ),
        ),
        [
            ("changed", "server.application(authenticate)", "breaking"),
            ("added", "Client(key)", "compatible"),
        ],
    ),
    "no server is named": (
        lambda data: data.pop("servers"),
        [("changed", "Client(base_url)", "breaking")],
    ),
    "another server": (
        lambda data: data.update(servers=[{"url": "https://other.example"}]),
        [("changed", "Client(base_url)", "risky")],
    ),
    "an operation is deprecated": (
        lambda data: shelves(data, "get").update(deprecated=True),
        [("deprecated", "client.shelves.list", "compatible")],
    ),
    "a member of an answer went": (
        lambda data: schema(data, "Shelf")["properties"].pop("note"),
        [("removed", "models.Shelf.note", "breaking")],
    ),
    "a required member of an answer came": (
        lambda data: (
            schema(data, "Shelf")["properties"].update(size={"type": "integer"}),
            schema(data, "Shelf")["required"].append("size"),
        ),
        [("added", "models.Shelf.size", "compatible")],
    ),
    "a required member of a request came": (
        lambda data: (
            schema(data, "NewShelf")["properties"].update(size={"type": "integer"}),
            schema(data, "NewShelf")["required"].append("size"),
        ),
        [("added", "models.NewShelf.size", "breaking")],
    ),
    "a member of an answer may be absent": (
        lambda data: schema(data, "Shelf")["required"].remove("id"),
        [("changed", "models.Shelf.id", "breaking")],
    ),
    "a member of a request may be absent": (
        lambda data: schema(data, "NewShelf").pop("required"),
        [("changed", "models.NewShelf.name", "compatible")],
    ),
    "a member of an answer is always there": (
        lambda data: schema(data, "Shelf")["required"].append("note"),
        [("changed", "models.Shelf.note", "compatible")],
    ),
    "an answer may say null": (
        lambda data: member(data, "Shelf", "note").update(type=["string", "null"]),
        [("changed", "models.Shelf.note", "breaking")],
    ),
    "an answer may say one more of the listed values": (
        lambda data: member(data, "Shelf", "state")["enum"].append("broken"),
        [("changed", "models.Shelf.state", "risky")],
    ),
    "a request may say one more of the listed values": (
        lambda data: member(data, "NewShelf", "colour")["enum"].append("blue"),
        [("changed", "models.NewShelf.colour", "compatible")],
    ),
    "a request may say one less of the listed values": (
        lambda data: member(data, "NewShelf", "colour")["enum"].remove("green"),
        [("changed", "models.NewShelf.colour", "breaking")],
    ),
    "another default": (
        lambda data: member(data, "NewShelf", "colour").update(default="green"),
        [("changed", "models.NewShelfEffective.colour", "risky")],
    ),
    "a request is closed": (
        lambda data: schema(data, "NewShelf").update(additionalProperties=False),
        [("changed", "models.NewShelf", "breaking")],
    ),
    "an answer is closed": (
        lambda data: schema(data, "Shelf").update(additionalProperties=False),
        [("changed", "models.Shelf", "compatible")],
    ),
    "a class came": (
        lambda data: data["components"]["schemas"].update(Rack={"type": "object"}),
        [("added", "models.Rack", "compatible")],
    ),
    "a class became an alias": (
        lambda data: data["components"]["schemas"].update(Shelf={"type": "string"}),
        [("changed", "models.Shelf", "breaking")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_told_once_and_by_the_name_people_use(name: str, after: Changes) -> None:
    edit, expected = CASES[name]
    assert told(after(edit)) == expected


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (renamed_class, [("models.Shelf", "models.Board")]),
        (renamed_path, [("client.shelves", "client.boards")]),
        (renamed_member, [("models.NewShelf.width", "models.NewShelf.breadth")]),
        (renamed_parameter, [("client.shelves.list(limit)", "size")]),
    ],
)
def test_what_is_renamed_is_deprecated_and_nothing_else(
    edit: Edit, expected: list[tuple[str, str]], after: Changes
) -> None:
    changes = after(edit)
    assert {each.kind for each in changes} == {"deprecated"}
    assert [(each.name, each.after) for each in changes] == expected


@pytest.mark.parametrize("edit", [renamed_class, renamed_path, renamed_member, renamed_parameter])
def test_a_former_name_is_told_when_it_comes_and_when_it_goes(edit: Edit, after: Changes) -> None:
    first = after(edit)
    assert after(edit, lambda _: None) == ()
    last = after(edit, lambda data: data["info"].update(version="2.0.0"))
    assert told(last) == [("removed", each.name, "breaking") for each in first]


def test_a_change_beside_a_rename_is_told_by_the_name_that_people_know(after: Changes) -> None:
    def edit(data: Any) -> None:
        renamed_path(data)
        data["paths"]["/boards/{id}"]["patch"] = {"responses": {"204": {"description": ""}}}

    changes = after(edit, lambda data: data["paths"].pop("/boards/{id}"))
    assert told(after(edit)) == [
        ("deprecated", "client.shelves", "compatible"),
        ("added", "client.boards.update", "compatible"),
    ]
    assert [each.name for each in changes] == ["client.boards.delete", "client.boards.update"]


def test_a_closed_class_with_defaults_is_renamed(after: Changes) -> None:
    def closed(data: Any) -> None:
        schema(data, "Shelf").update(additionalProperties=False)
        member(data, "Shelf", "note").update(default="none")

    def both(data: Any) -> None:
        renamed_class(data)
        member(data, "Board", "note").update(default="other")

    assert {each.kind for each in after(closed, renamed_class)} == {"deprecated"}
    assert after(closed, renamed_class, both) != ()


def test_models_in_modules_of_their_own_tell_the_same(after: Changes) -> None:
    for edit in (renamed_class, renamed_member, CASES["a member of an answer went"][0]):
        assert after(edit, many=2) == after(edit)


def test_before_and_after_are_what_the_package_says(after: Changes) -> None:
    edit, _ = CASES["an answer may say null"]
    (change,) = after(edit)
    assert change.before == "str | MISSING"
    assert change.after == "str | None | MISSING"
    assert change.sentence == "models.Shelf.note may be None now"


def test_one_change_is_one_sentence(after: Changes) -> None:
    edit, _ = CASES["a parameter must be given"]
    (change,) = after(edit)
    assert change.sentence == "client.shelves.list(after) must be given now"
    assert change.before == "after: str | MISSING = MISSING"
    assert change.after == "after: str"


def test_a_list_of_values_that_gets_a_name_promises_no_more(after: Changes) -> None:
    def edit(data: Any) -> None:
        data["components"]["schemas"]["State"] = member(data, "Shelf", "state")
        schema(data, "Shelf")["properties"]["state"] = {"$ref": "#/components/schemas/State"}

    assert told(after(edit)) == [("added", "models.State", "compatible")]


def called(name: str, **more: Any) -> dict[str, Any]:
    answers = {"responses": {"204": {"description": ""}}}
    return {name: {"post": {"requestBody": {"required": True, **body("Shelf")}, **answers, **more}}}


def test_who_answers_webhooks_must_answer_what_came(after: Changes) -> None:
    def one(data: Any) -> None:
        data["webhooks"] = called("fell")

    assert told(after(one)) == [("added", "webhooks", "compatible")]
    more = after(one, lambda data: data["webhooks"].update(called("stood")))
    assert told(more) == [("added", "webhooks.Webhooks.stood", "risky")]
    gone = after(one, lambda data: data["webhooks"].pop("fell"))
    assert told(gone) == [("removed", "webhooks", "breaking")]


def test_a_model_that_is_received_is_read(after: Changes) -> None:
    def one(data: Any) -> None:
        data["webhooks"] = called("fell", requestBody={"required": True, **body("Fall")})
        data["components"]["schemas"]["Fall"] = {
            "type": "object",
            "properties": {"how": {"type": "string"}},
        }

    changes = after(one, lambda data: schema(data, "Fall").update(required=["how"]))
    assert told(changes) == [("changed", "models.Fall.how", "compatible")]


def test_functions_for_servers_are_compared(after: Changes) -> None:
    def one(data: Any) -> None:
        variable = {"default": "eu", "enum": ["eu", "us"]}
        data["servers"] = [{"url": "https://{at}.example", "variables": {"at": variable}}]

    changes = after(one, lambda data: data["servers"][0]["variables"]["at"]["enum"].pop())
    assert [each.severity for each in changes if each.name.startswith("servers.")] == ["breaking"]


def test_an_answer_that_may_come_in_pieces_is_called_as_before(after: Changes) -> None:
    def raw(data: Any) -> None:
        content: dict[str, Any] = {"application/octet-stream": {}}
        data["paths"]["/shelves/{id}"]["delete"]["responses"] = {
            "200": {"description": "", "content": content}
        }

    assert told(after(raw)) == [
        ("changed", "client.shelves.delete", "compatible"),
        ("added", "client.shelves.delete(as_stream)", "compatible"),
    ]


PROGRAM = """\
from shelves import MISSING, Client
from shelves.models import NewShelf, NewShelfEffective, Shelf


def program(client: Client) -> None:
    found: Shelf = client.shelves.list(after="a", limit=3)
    client.shelves.list()
    sent = NewShelf(name="a", colour="red", width=1)
    made: Shelf = client.shelves.create(sent)
    client.shelves.delete("1")
    state: str = found.state
    note: str | MISSING = made.note
    read: NewShelfEffective = sent.effective()
    colour: str = read.colour
    print(made.id, state, note, colour, Client())
"""


def test_a_program_of_everything_is_well_after_all_that_breaks_nothing(
    folder: Path, tmp_path: Path
) -> None:
    data = copy.deepcopy(DOCUMENT)
    old = files(json.dumps(data), "", folder)
    fine = [each for each, expected in CASES.values() if expected[0][2] != "breaking"]
    for edit in fine:
        edit(data)
    new = files(json.dumps(data), old["names.lock"], folder)
    changes = python_changes(old, new)
    assert len(changes) >= len(fine) - 1, "two are of one member"
    assert {each.severity for each in changes} == {"risky", "compatible"}
    for path, text in new.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    (tmp_path / "program.py").write_text(PROGRAM)
    assert [each for each in pyright(tmp_path, "program.py") if not each.deprecated] == []
