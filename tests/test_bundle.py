"""References by ``$id``, anchor, dynamic scope and file, all made plain ones at load."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tallystick.contract import build
from tallystick.document import Document, Json, Reach, bundle, get, has, load, parse
from tallystick.document.uris import joined
from tallystick.errors import DocumentError

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"


def of(**schemas: Json) -> Document:
    data = {"openapi": "3.1.0", "paths": {}, "components": {"schemas": schemas}}
    return parse(json.dumps(data), "api.json")


def schemas_of(document: Document) -> dict[str, Json]:
    found = get(document.data, "#/components/schemas")
    assert isinstance(found, dict)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "schemas").mkdir()
    return tmp_path


def write(folder: Path, **files: str) -> Path:
    """Files by name, ``__`` for ``/`` and ``_yaml`` for ``.yaml``; the path of ``api.yaml``."""
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_yaml", ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "api.yaml"


def opened(path: Path, *overlays: Path) -> Document:
    """The document, whose references may name the files beside it."""
    return load(path, overlays, Reach(path.parent))


def refused(path: Path) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        build(opened(path))
    return caught.value


def test_a_document_of_plain_references_is_left_as_it_is() -> None:
    document = of(A={"$ref": "#/components/schemas/B"}, B={"type": "string"})
    assert bundle(document) is document


@pytest.mark.parametrize(
    ("base", "reference", "expected"),
    [
        ("https://a.example/x/y.json", "z.json#/a%20b", ("https://a.example/x/z.json", "/a b")),
        ("https://a.example/x/y.json", "#name", ("https://a.example/x/y.json", "name")),
        ("https://a.example/x/y.json", "/z", ("https://a.example/z", "")),
        ("urn:uuid:1", "#/a", ("urn:uuid:1", "/a")),
        ("file:///a/b.json", "urn:x:y", ("urn:x:y", "")),
    ],
)
def test_a_reference_is_joined_to_its_base(
    base: str, reference: str, expected: tuple[str, str]
) -> None:
    assert joined(base, reference) == expected


def test_an_id_an_anchor_and_a_pointer_at_an_id_are_found() -> None:
    tree: Json = {
        "$id": "https://a.example/tree.json",
        "properties": {
            "node": {"$ref": "node.json"},
            "leaf": {"$ref": "#leaf"},
            "inner": {"$ref": "node.json#/$defs/inner"},
        },
        "$defs": {
            "node": {"$id": "node.json", "$defs": {"inner": {"type": "integer"}}},
            "leaf": {"$anchor": "leaf", "type": "string"},
        },
    }
    document = bundle(of(A={"$ref": "https://a.example/tree.json#leaf"}, Tree=tree))
    assert schemas_of(document) == {
        "A": {"$ref": "#/components/schemas/Tree/$defs/leaf"},
        "Tree": {
            "properties": {
                "node": {"$ref": "#/components/schemas/Tree/$defs/node"},
                "leaf": {"$ref": "#/components/schemas/Tree/$defs/leaf"},
                "inner": {"$ref": "#/components/schemas/Tree/$defs/node/$defs/inner"},
            },
            "$defs": {
                "node": {"$defs": {"inner": {"type": "integer"}}},
                "leaf": {"type": "string"},
            },
        },
    }
    assert document.identifiers["#/components/schemas/Tree/$defs/leaf"] == ("$anchor",)


def test_what_only_looks_like_an_id_is_none() -> None:
    document = of(
        A={"const": {"$id": "x", "$ref": "y.json"}, "properties": {"$id": {"type": "string"}}},
        B={"$anchor": "b"},
    )
    assert schemas_of(bundle(document))["A"] == schemas_of(document)["A"]


def test_a_reference_from_the_root_of_the_document_is_found_inside_an_id_too() -> None:
    document = of(A={"$id": "A", "$ref": "#/components/schemas/B"}, B={"type": "string"})
    assert schemas_of(bundle(document))["A"] == {"$ref": "#/components/schemas/B"}


def test_one_id_for_two_schemas_is_refused_where_it_is_used() -> None:
    same: dict[str, Json] = {
        "A": {"$id": "X", "type": "string"},
        "B": {"$id": "X", "type": "integer"},
    }
    bundle(of(**same))
    with pytest.raises(DocumentError, match="ambiguous"):
        bundle(of(**same, C={"$ref": "X"}))


def test_a_dynamic_reference_with_one_target_is_a_plain_one() -> None:
    tree: Json = {"$dynamicAnchor": "node", "items": {"$dynamicRef": "#node"}}
    document = bundle(of(Tree=tree))
    assert schemas_of(document) == {"Tree": {"items": {"$ref": "#/components/schemas/Tree"}}}
    assert document.identifiers["#/components/schemas/Tree/items"] == ("$dynamicRef",)


def test_a_dynamic_reference_to_no_anchor_is_left_out_and_others_are_refused() -> None:
    document = bundle(of(A={"$dynamicRef": "#none", "type": "object"}))
    assert schemas_of(document) == {"A": {"type": "object"}}
    assert document.left_out == {"#/components/schemas/A": ("$dynamicRef",)}
    for reference in ("other#none", "https://a.example/x#none"):
        with pytest.raises(DocumentError):
            bundle(of(A={"$dynamicRef": reference}))
    with pytest.raises(DocumentError, match="no target"):
        bundle(of(A={"$ref": "#none"}))


def test_a_schema_that_others_extend_is_written_once_for_each() -> None:
    tree: Json = {
        "$id": "tree",
        "$dynamicAnchor": "node",
        "type": "object",
        "properties": {"child": {"$dynamicRef": "#node"}},
    }
    strict: Json = {"$id": "strict", "$dynamicAnchor": "node", "$ref": "tree", "minProperties": 1}
    found = schemas_of(bundle(of(Tree=tree, Strict=strict)))
    assert get(found["Tree"], "#/properties/child") == {"$ref": "#/components/schemas/Tree"}
    copied = get(found["Strict"], "#/$ref")
    assert copied != "#/components/schemas/Tree"
    own = found[str(copied).rpartition("/")[2]]
    assert get(own, "#/properties/child") == {"$ref": "#/components/schemas/Strict"}


def test_the_metaschema_is_known_without_a_network() -> None:
    document = bundle(of(A={"items": {"$ref": "https://json-schema.org/draft/2020-12/schema"}}))
    reference = get(document.data, "#/components/schemas/A/items/$ref")
    assert isinstance(reference, str)
    assert get(document.data, reference + "/type") == ["object", "boolean"]
    assert "Schema" in {each.name for each in build(document).schemas.values()}


PET = "type: object\nproperties:\n  owner: {$ref: './owner.yaml'}\n  next: {$ref: '#'}\n"


def test_schemas_in_files_become_classes_named_after_them(folder: Path) -> None:
    path = write(
        folder,
        api_yaml=HEAD + "components: {schemas: {Top: {items: {$ref: schemas/pet.yaml}}}}\n",
        schemas__pet_yaml=PET,
        schemas__owner_yaml="$ref: '../common.yaml#/components/schemas/Person'\n",
        common_yaml="components: {schemas: {Person: {type: object, properties: {n: {}}}}}\n",
    )
    document = opened(path)
    contract = build(document)
    names = {each.name: each.pointer for each in contract.schemas.values() if each.name}
    assert names["Pet"] == "#/components/schemas/schemas.pet.yaml"
    assert names["Person"] == "#/components/schemas/common.yaml.Person"
    member = contract.schema(names["Pet"]).property("next")
    assert member is not None
    assert contract.schema(member.pointer).ref == names["Pet"]


def test_positions_name_the_right_file(folder: Path) -> None:
    text = "properties:\n  a: {$ref: '#/nowhere'}\n"
    path = write(
        folder,
        api_yaml=HEAD + "components: {schemas: {A: {$ref: schemas/pet.yaml}}}\n",
        schemas__pet_yaml=text,
    )
    error = refused(path)
    assert str(error.where) == f"{folder}/schemas/pet.yaml:2:7"
    (folder / "schemas/pet.yaml").write_text("type: object\nminLength: {}\n")
    where = opened(path).locate("#/components/schemas/A/minLength")
    assert str(where) == f"{folder}/schemas/pet.yaml:2:1"


def test_paths_and_whole_maps_in_files_stand_where_they_are_referred_to(folder: Path) -> None:
    response = "{'200': {description: ok, content: {application/json: {schema: {$ref: '#/S'}}}}}"
    path = write(
        folder,
        api_yaml="openapi: 3.0.3\ninfo: {title: T, version: '1'}\n"
        "paths: {$ref: paths/index.yaml}\ncomponents: {schemas: {$ref: schemas/index.yaml}}\n",
        paths__index_yaml="/a: {$ref: a.yaml}\n/b: {get: {$ref: a.yaml#/get}}\n",
        paths__a_yaml=f"get: {{responses: {response}}}\nS: {{$ref: ../api.yaml#/components/schemas/T}}\n",
        schemas__index_yaml="T: {type: string, nullable: true}\n",
    )
    document = opened(path)
    contract = build(document)
    assert [each.path for each in contract.operations] == ["/a", "/b"]
    assert get(document.data, "#/components/schemas/T") == {"type": ["string", "null"]}
    assert str(document.locate("#/paths/~1b/get/responses")).startswith(f"{folder}/paths/a.yaml:1")
    assert has(document.vendored, "#/paths/~1a/get")


@pytest.mark.parametrize(
    "reference",
    [
        "../secret.yaml",
        "schemas/../../secret.yaml",
        "%2e%2e/secret.yaml",
        "schemas\\..\\..\\secret.yaml",
        "link.yaml",
        "linked/secret.yaml",
        "file:///etc/passwd",
        "//host/a.yaml",
        "http://127.0.0.1/a.yaml",
        "none.yaml",
        "schemas",
        "notes.txt",
        "pipe.yaml",
        "a.yaml?b",
        "schemas/%00.yaml",
        "%ff.yaml",
    ],
)
def test_a_reference_out_of_the_folder_is_refused_at_its_place(
    reference: str, tmp_path: Path
) -> None:
    import os

    folder = tmp_path / "inner"
    (folder / "schemas").mkdir(parents=True)
    (tmp_path / "secret.yaml").write_text("CANARY: 1\n")
    (folder / "notes.txt").write_text("CANARY: 1\n")
    (folder / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "linked").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.yaml")
    schemas = f"components: {{schemas: {{A: {{$ref: {json.dumps(reference)}}}}}}}\n"
    error = refused(write(folder, api_yaml=HEAD + schemas))
    assert error.pointer == "#/components/schemas/A/$ref"
    assert str(error.where).startswith(f"{folder}/api.yaml:4:")
    assert "CANARY" not in str(error)


def test_an_absolute_path_is_refused(folder: Path) -> None:
    write(folder, schemas__a_yaml="type: string\n")
    schemas = f"components: {{schemas: {{A: {{$ref: '{folder}/schemas/a.yaml'}}}}}}\n"
    assert "leaves the folder" in str(refused(write(folder, api_yaml=HEAD + schemas)))


def test_a_wider_folder_may_be_given(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        apis__api_yaml=HEAD + "components: {schemas: {A: {items: {$ref: ../common/a.yaml}}}}\n",
        common__a_yaml="type: string\n",
    )
    path = tmp_path / "apis/api.yaml"
    assert "leaves the folder" in str(refused(path))
    assert has(load(path, (), Reach(tmp_path)).data, "#/components/schemas/common.a.yaml")


def test_files_that_stand_for_hosts_may_be_given(tmp_path: Path) -> None:
    schemas = "components: {schemas: {A: {items: {$ref: 'https://a.example/v1/a.json#/x'}}}}\n"
    path = write(tmp_path, api_yaml=HEAD + schemas, copies__a_yaml="x: {type: string}\n")
    document = load(
        path, (), Reach(known={"https://a.example/v1/a.json": tmp_path / "copies/a.yaml"})
    )
    assert get(document.data, "#/components/schemas/a.yaml.x") == {"type": "string"}


def test_an_overlay_mends_a_reference_and_reaches_what_files_hold(tmp_path: Path) -> None:
    schemas = (
        "components: {schemas: {A: {$ref: 'http://a.example/'}, B: {items: {$ref: b.yaml}}}}\n"
    )
    path = write(tmp_path, api_yaml=HEAD + schemas, b_yaml="type: string\n")
    actions = [
        {"target": "$.components.schemas.A", "remove": True},
        {"target": "$.components.schemas['b.yaml']", "update": {"x-tallystick-note": "n"}},
    ]
    overlay = tmp_path / "overlay.yaml"
    info = {"title": "O", "version": "1"}
    overlay.write_text(yaml.safe_dump({"overlay": "1.0.0", "info": info, "actions": actions}))
    assert "leaves the document" in str(refused(path))
    found = schemas_of(opened(path, overlay))
    assert found["b.yaml"] == {"type": "string", "x-tallystick-note": "n"}


def test_a_file_that_holds_itself_ends_with_one_line(folder: Path) -> None:
    paths = HEAD.replace("{}", "{/a: {$ref: p.yaml}}")
    item = "get: {callbacks: {c: {'{$url}': {$ref: p.yaml}}}, responses: {}}\n"
    assert "nested deeper" in str(refused(write(folder, api_yaml=paths, p_yaml=item)))


def test_a_component_that_is_in_the_way_keeps_its_name(folder: Path) -> None:
    schemas = "components: {schemas: {a.yaml: {type: integer}, A: {items: {$ref: a.yaml}}}}\n"
    path = write(folder, api_yaml=HEAD + schemas, a_yaml="type: string\n")
    found = schemas_of(opened(path))
    assert found["a.yaml"] == {"type": "integer"}
    assert found["a.yaml-2"] == {"type": "string"}


def test_meanings_that_double_with_every_step_end_with_one_line() -> None:
    steps = 18
    schemas: dict[str, Json] = {}
    for i in range(steps):
        schemas[f"S{i}"] = {"$id": f"S{i}", "anyOf": [{"$ref": f"X{i}a"}, {"$ref": f"X{i}b"}]}
        for each in "ab":
            anchor: Json = {"here": {"$dynamicAnchor": f"n{i}", "type": "string"}}
            schemas[f"X{i}{each}"] = {"$id": f"X{i}{each}", "$ref": f"S{i + 1}", "$defs": anchor}
    members: Json = {f"p{i}": {"$dynamicRef": f"X{i}a#n{i}"} for i in range(steps)}
    schemas[f"S{steps}"] = {"$id": f"S{steps}", "properties": members}
    with pytest.raises(DocumentError, match="meanings"):
        bundle(of(**schemas))


def test_a_component_that_only_names_a_file_becomes_what_it_holds(folder: Path) -> None:
    schemas = "components:\n  schemas:\n    Animal: {$ref: pet.yaml}\n    Other: {$ref: pet.yaml}\n"
    path = write(
        folder,
        api_yaml=HEAD + schemas + "    Loop: {$ref: loop.yaml}\n",
        pet_yaml="$ref: schemas/pet.yaml\n",
        schemas__pet_yaml="properties: {next: {$ref: '#'}}\n",
        loop_yaml="$ref: loop.yaml\n",
    )
    with pytest.raises(DocumentError, match="back to itself"):
        build(opened(path))
    (folder / "loop.yaml").write_text("type: string\n")
    found = schemas_of(opened(path))
    assert found["Animal"] == {"properties": {"next": {"$ref": "#/components/schemas/Animal"}}}
    assert found["Loop"] == {"type": "string"}
    assert list(found)[:3] == ["Animal", "Other", "Loop"]
    assert str(opened(path).locate("#/components/schemas/Animal/properties/next")).endswith(
        "schemas/pet.yaml:1:14"
    )
