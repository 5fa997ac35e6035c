"""Names of a contract are frozen: what comes, goes or moves elsewhere in a document renames nothing."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.contract import Contract, build
from tallystick.document import lift
from tallystick.document.record import Document
from tallystick.errors import Location
from tallystick.names import read_lock

_WORDS = ["thing", "Thing", "a-b", "a_b", "aB", "class", "model_config", "v1", "run", "Api", "list"]
_KEYS = st.sampled_from([*_WORDS, "ThingsApi", "ThingsResource", "AsyncThingsApi", "Client", "é"])
_MEMBERS = st.dictionaries(
    _KEYS, st.sampled_from([{"type": "string"}, {"type": "integer", "default": 1}]), max_size=4
)
_SCHEMAS = st.dictionaries(_KEYS, _MEMBERS, max_size=4)
_SEGMENTS = st.lists(
    st.sampled_from(["v1", "things", "Things", "a-b", "a_b", "run", "{id}", "close"]),
    min_size=1,
    max_size=4,
).filter(lambda parts: parts.count("{id}") < 2)
_PATHS = st.dictionaries(
    _SEGMENTS.map(lambda parts: "/" + "/".join(parts)),
    st.sets(st.sampled_from(["get", "post", "put", "patch", "delete"]), min_size=1).map(sorted),
    max_size=5,
)


def contract(
    schemas: dict[str, Any], paths: dict[str, list[str]], lock: str | None = None
) -> Contract:
    inline = {"type": "object", "properties": {"n": {"type": "integer"}}}
    answers = {"200": {"description": "", "content": {"application/json": {"schema": inline}}}}
    data: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "components": {
            "schemas": {n: {"type": "object", "properties": m} for n, m in schemas.items()}
        },
        "paths": {
            path: {method: {"responses": answers} for method in methods}
            for path, methods in paths.items()
        },
    }
    document = lift(Document("a.json", data, lambda _: Location("a.json", 1), data))
    return build(document, None if lock is None else read_lock(lock, "names.lock"))


def names(made: Contract) -> dict[str, Any]:
    """Every name that a reader of the package could have written down."""
    found: dict[str, Any] = {}
    for pointer, schema in made.schemas.items():
        found[pointer] = (schema.name, schema.reading)
        found.update({member.pointer + " =": member.identifier for member in schema.properties})
    for each in made.operations:
        stems = [made.stems[each.resource[:end]] for end in range(1, len(each.resource) + 1)]
        found[each.pointer] = (each.resource, each.verb, stems)
    return found


def shuffled(random: Random, *parts: dict[str, Any]) -> dict[str, Any]:
    """The members of all, the first taking precedence, in any order."""
    items = [item for part in reversed(parts) for item in part.items()]
    merged = list(dict(items).items())
    random.shuffle(merged)
    return dict(merged)


@given(_SCHEMAS, _PATHS, _SCHEMAS, _PATHS, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=150)
def test_an_unrelated_edit_renames_nothing(
    schemas: dict[str, Any],
    paths: dict[str, list[str]],
    more_schemas: dict[str, Any],
    more_paths: dict[str, list[str]],
    random: Random,
) -> None:
    before = contract(schemas, paths)
    grown = {
        name: shuffled(random, members, more_schemas.get(name, {}))
        for name, members in schemas.items()
    }
    wider = {path: sorted({*methods, *more_paths.get(path, [])}) for path, methods in paths.items()}
    after = contract(
        shuffled(random, grown, more_schemas),
        shuffled(random, wider, more_paths),
        before.names_lock,
    )
    old, new = names(before), names(after)
    assert {key: new[key] for key in old} == old | {
        key: new[key]
        for key in old
        # A schema that gains its first default gains a reading: an added name, not a new one.
        if isinstance(old[key], tuple) and old[key][1:] == (None,) and new[key][0] == old[key][0]
    }


@given(_SCHEMAS, _PATHS, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=100)
def test_what_stays_keeps_its_name_when_the_rest_goes(
    schemas: dict[str, Any], paths: dict[str, list[str]], random: Random
) -> None:
    before = contract(schemas, paths)

    def some(whole: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in whole.items() if random.random() < 0.6}

    after = contract(
        {name: some(members) for name, members in some(schemas).items()},
        some(paths),
        before.names_lock,
    )
    old, new = names(before), names(after)
    for key, name in new.items():
        if isinstance(name, tuple) and name[1:] == (None,):
            assert name[0] == old[key][0]  # with its last default, its reading went
        else:
            assert name == old[key]


def test_a_new_class_does_not_take_the_name_of_a_resource() -> None:
    before = contract({}, {"/things": ["get"]})
    assert before.stems == {("things",): "Things"}
    after = contract({"ThingsApi": {}}, {"/things": ["get"]}, before.names_lock)
    assert after.stems == before.stems
    assert after.schemas["#/components/schemas/ThingsApi"].name == "ThingsApi_2"


def test_a_resource_yields_to_the_classes_of_the_document() -> None:
    made = contract({"AsyncThingsResource": {}}, {"/things": ["get"]})
    assert made.stems == {("things",): "Things2"}


def test_a_path_outside_of_the_common_prefix_moves_no_operation() -> None:
    before = contract({}, {"/v1/things": ["get"]})
    after = contract({}, {"/health": ["get"], "/v1/things": ["get"]}, before.names_lock)
    moved = next(each for each in after.operations if each.path == "/v1/things")
    assert moved.resource == before.operations[0].resource == ("things",)
