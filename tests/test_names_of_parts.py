"""Names of what stands in lists, behind references and in components: nothing else moves them."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.contract import Contract, build
from tallystick.contract.keys import Keys
from tallystick.contract.settled import paired
from tallystick.document import lift
from tallystick.document.record import Document
from tallystick.errors import Location
from tallystick.names import read_lock
from test_names_frozen import names


def contract(data: dict[str, Any], lock: str | None = None) -> Contract:
    whole = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}, **data}
    document = lift(Document("a.json", whole, lambda _: Location("a.json", 1), whole))
    return build(document, None if lock is None else read_lock(lock, "names.lock"))


def thing(*members: str, **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {each: {"type": "string"} for each in members}, **more}


# Branches and parameters that differ in content; none has a name that another wants.
_BRANCHES: list[dict[str, Any]] = [
    thing("a"),
    thing("b", title="Second one"),
    thing("c", "d", title="Third"),
    {"$ref": "#/components/schemas/Other"},
    {"type": "null"},
    {"type": "array", "items": thing("e")},
    thing("f", required=["f"]),
]
_PARAMETERS: list[dict[str, Any]] = [
    {"name": name, "in": "query", "schema": schema}
    for name, schema in (
        ("x", {"type": "string"}),
        ("filter", thing("a")),
        ("page", thing("a", "b")),
        ("either", {"oneOf": [thing("k"), thing("l")]}),
        ("y-z", {"type": "integer"}),
    )
]
_some_branches = st.lists(st.sampled_from(range(len(_BRANCHES))), unique=True, min_size=1)
_some_parameters = st.lists(st.sampled_from(range(len(_PARAMETERS))), unique=True)


def listed(branches: list[int], parameters: list[int], keyword: str = "anyOf") -> dict[str, Any]:
    item = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "components": {
            "schemas": {"Union": {keyword: [_BRANCHES[each] for each in branches]}, "Other": {}}
        },
        "paths": {
            "/v1/things/{id}": {
                "get": {
                    "parameters": [item, *(_PARAMETERS[each] for each in parameters)],
                    "responses": {"204": {"description": ""}},
                }
            }
        },
    }


def by_part(made: Contract, branches: list[int], parameters: list[int], keyword: str) -> Any:
    """The names by the part of the document, wherever it stands."""
    places = {f"/Union/{keyword}/{index}": f"branch {each}" for index, each in enumerate(branches)}
    places |= {f"/parameters/{i + 1}": f"parameter {p}" for i, p in enumerate(parameters)}

    def part(pointer: str) -> str:
        head = next((place for place in places if f"{place}/" in f"{pointer}/"), None)
        return pointer if head is None else places[head] + pointer.partition(head)[2]

    return {part(key): value for key, value in names(made).items()} | {
        (each.name, each.location): each.identifier
        for operation in made.operations
        for each in operation.parameters
    }


@given(
    _some_branches,
    _some_branches,
    _some_parameters,
    _some_parameters,
    st.sampled_from(["anyOf", "oneOf", "allOf", "prefixItems"]),
)
@settings(deadline=None, max_examples=60)
def test_what_comes_goes_or_moves_in_a_list_renames_nothing_else(
    old: list[int], new: list[int], old_parameters: list[int], parameters: list[int], keyword: str
) -> None:
    first = contract(listed(old, old_parameters, keyword))
    second = contract(listed(new, parameters, keyword), first.names_lock)
    before = by_part(first, old, old_parameters, keyword)
    after = by_part(second, new, parameters, keyword)
    kept = before.keys() & after.keys()
    assert {key: after[key] for key in kept} == {key: before[key] for key in kept}


@given(_some_parameters, _some_parameters)
@settings(deadline=None, max_examples=20)
def test_parameters_are_named_without_regard_to_the_others(old: list[int], new: list[int]) -> None:
    before = by_part(contract(listed([0], old)), [0], old, "anyOf")
    after = by_part(contract(listed([0], new)), [0], new, "anyOf")
    kept = before.keys() & after.keys()
    assert {key: after[key] for key in kept} == {key: before[key] for key in kept}


def test_a_branch_that_is_edited_where_it_stands_keeps_its_name() -> None:
    union = {"oneOf": [thing("a"), thing("b", title="B")]}
    before = contract({"components": {"schemas": {"U": union}}})
    assert before.schemas["#/components/schemas/U/oneOf/0"].name == "UVariant1"
    edited = {"oneOf": [{"type": "null"}, thing("b", "c", title="B"), thing("a", "z")]}
    after = contract({"components": {"schemas": {"U": edited}}}, before.names_lock)
    assert after.schemas["#/components/schemas/U/oneOf/1"].name == "UB"
    assert after.schemas["#/components/schemas/U/oneOf/2"].name == "UVariant1"


def test_a_new_parameter_does_not_take_the_class_of_one_that_went() -> None:
    def of(name: str) -> dict[str, Any]:
        parameter = {"name": name, "in": "query", "schema": thing("a")}
        answers = {"204": {"description": ""}}
        return {"paths": {"/a": {"get": {"parameters": [parameter], "responses": answers}}}}

    before = contract(of("old"))
    after = contract(of("new"), before.names_lock)
    pointer = "#/paths/~1a/get/parameters/0/schema"
    assert before.schemas[pointer].name == "ARetrieveOld"
    assert after.schemas[pointer].name == "ARetrieveNew"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (["a 11111111"], ["a 22222222", "b 33333333"], {"a 11111111": 0}),
        (["a 11111111"], ["b 11111111", "a 33333333"], {"a 11111111": 0}),
        (["11111111"], ["22222222", "33333333"], {}),
        (["11111111", "22222222"], ["33333333", "44444444"], {}),
        (["11111111", "22222222"], ["22222222", "44444444"], {"11111111": 1, "22222222": 0}),
    ],
)
def test_an_edited_item_is_known_again_only_for_certain(
    old: list[str], new: list[str], expected: dict[str, int]
) -> None:
    assert paired(old, new, [thing("a") for _ in new]) == expected


def test_a_name_does_not_depend_on_who_refers_to_it_first() -> None:
    inner = {"type": "object", "properties": {"x": thing("a"), "ys": {"items": thing("b")}}}
    refers = {"properties": {"r": {"$ref": "#/components/schemas/B/properties/x"}}}
    one = contract({"components": {"schemas": {"A": refers, "B": inner}}})
    other = contract({"components": {"schemas": {"B": inner, "A": refers}}})
    assert names(one) == names(other)
    assert one.schemas["#/components/schemas/B/properties/x"].name == "BX"
    assert one.schemas["#/components/schemas/B/properties/ys/items"].name == "BYsItem"


def test_a_schema_in_a_shared_answer_is_called_by_the_component() -> None:
    content = {"application/json": {"schema": thing("code")}}
    shared = {"responses": {"Not found": {"description": "", "content": content}}}
    uses = {"get": {"responses": {"404": {"$ref": "#/components/responses/Not found"}}}}
    pointer = "#/components/responses/Not found/content/application~1json/schema"
    for paths in ({"/a": uses}, {"/b": uses, "/a": uses}):
        assert contract({"components": shared, "paths": paths}).schemas[pointer].name == (
            "NotFoundResponse"
        )


def test_two_paths_that_share_an_item_keep_their_places() -> None:
    item = {"get": {"responses": {"204": {"description": ""}}}}
    data = {
        "components": {"pathItems": {"I": item}},
        "paths": {each: {"$ref": "#/components/pathItems/I"} for each in ("/a", "/b")},
    }
    first = contract(data)
    second = contract(data, first.names_lock)
    assert [each.name for each in first.operations] == ["a.retrieve", "b.retrieve"]
    assert [each.name for each in second.operations] == ["a.retrieve", "b.retrieve"]
    assert second.names_lock == first.names_lock


@given(st.permutations(["/v1/things", "/v1/other/{id}", "/health", "/v1"]), st.integers(1, 4))
@settings(deadline=None, max_examples=25)
def test_paths_stand_where_they_stand_without_the_others(paths: list[str], count: int) -> None:
    def placed(some: list[str]) -> dict[str, Any]:
        nodes = {path: {"delete": {"responses": {"204": {"description": ""}}}} for path in some}
        made = contract({"paths": {**nodes, "/v1/last": nodes[some[0]]}})
        return {each.path: (each.resource, each.verb) for each in made.operations}

    assert placed(paths[:count]).items() <= placed(paths).items()


_UNRELATED = st.sampled_from(["schemas", "paths", "parameters", "members", "branches"])


def _whole() -> dict[str, Any]:
    """A document with something of every kind that has a name."""
    answers = {"200": {"description": "", "content": {"application/json": {"schema": thing("r")}}}}
    body = {"content": {"application/json": {"schema": {"items": thing("b", "if", "a-b", "a_b")}}}}
    return {
        "components": {
            "schemas": {
                "a-b": thing("x"),
                "a_b": thing("x", "y"),
                "Union": {"oneOf": copy.deepcopy(_BRANCHES)},
                "Other": thing("class", "Class"),
                "D": {"properties": {"n": {"type": "integer", "default": 1}, "o": thing("p")}},
            }
        },
        "paths": {
            f"/v1/{name}": {
                "parameters": copy.deepcopy(_PARAMETERS[:2]),
                "get": {"parameters": copy.deepcopy(_PARAMETERS[1:]), "responses": answers},
                "post": {"requestBody": body, "responses": answers},
            }
            for name in ("things", "Things", "a-b")
        },
    }


def _edit(data: dict[str, Any], kind: str, random: Random) -> None:
    """One unrelated edit: something comes, goes or all of a kind is put in another order."""
    schemas, paths = data["components"]["schemas"], data["paths"]
    members = schemas["Other"]["properties"] if "Other" in schemas else {}
    where: dict[str, Any] = {
        "schemas": schemas,
        "paths": paths,
        "members": members,
        "parameters": next((each["parameters"] for each in paths.values() if len(each) > 1), []),
        "branches": schemas.get("Union", {}).get("oneOf", []),
    }  # fmt: skip
    target = where[kind]
    new: Any = {
        "schemas": ("New thing", thing("n")),
        "paths": ("/new", {"get": {"responses": {"204": {"description": ""}}}}),
        "members": ("cLaSs", {"type": "integer"}),
        "parameters": {"name": "new", "in": "query", "schema": thing("n")},
        "branches": thing("brand", "new"),
    }[kind]
    items = list(target.items()) if isinstance(target, dict) else list(target)
    choice = random.choice(["add", "remove", "shuffle"])
    if choice == "add" and new not in items:
        items.insert(random.randint(0, len(items)), new)
    elif choice == "remove" and items and kind != "schemas":
        items.pop(random.randrange(len(items)))
    else:
        random.shuffle(items)
    target.clear()
    target.update(items) if isinstance(target, dict) else target.extend(items)


def _called(made: Contract) -> dict[str, Any]:
    """Every name by the key of its place, which no edit elsewhere changes."""
    keys = Keys(made.document.data)
    found: dict[Any, Any] = {}
    for pointer, schema in made.schemas.items():
        key = keys.of(pointer)
        found[key] = schema.name
        found |= {f"{key} {each.name}": each.identifier for each in schema.properties}
    for each in made.operations:
        found[each.pointer] = (each.resource, each.verb)
        found |= {(each.pointer, p.location, p.name): p.identifier for p in each.parameters}
    return found


@given(st.lists(_UNRELATED, min_size=1, max_size=6), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=25)
def test_no_edit_elsewhere_renames_what_was_not_touched(kinds: list[str], random: Random) -> None:
    data = _whole()
    before = contract(data)
    for kind in kinds:
        data = copy.deepcopy(data)
        _edit(data, kind, random)
        after = contract(data, before.names_lock)
        old, new = _called(before), _called(after)
        kept = old.keys() & new.keys()
        assert {key: new[key] for key in kept} == {key: old[key] for key in kept}
        before = after


def test_a_credential_never_has_the_name_of_what_the_constructor_calls_its_own() -> None:
    schemes = {name: {"type": "http", "scheme": "bearer"} for name in ("keys", "base_url", "a")}
    made = contract({"components": {"securitySchemes": schemes}})
    assert [each.identifier for each in made.security.values()] == ["keys_", "base_url_", "a"]


def test_a_parameter_never_has_the_name_of_an_argument_of_ours() -> None:
    parameter = {"name": "content_type", "in": "query", "schema": {"type": "string"}}
    node = {"post": {"parameters": [parameter], "responses": {"204": {"description": ""}}}}
    (operation,) = contract({"paths": {"/a": node}}).operations
    assert operation.parameters[0].identifier == "content_type_"
