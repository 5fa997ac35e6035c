"""Overlays: what each action does, where its nodes come from, and which overlays are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tallystick.document import Document, Json, canonical, get, limits, load, parse
from tallystick.document.overlay import apply
from tallystick.errors import DocumentError

SPEC = Path(__file__).parents[1] / "spec"
BASE = """\
openapi: 3.1.0
tags: [{name: a}, {name: b}, {name: c}]
info:
  title: T
  version: '1'
paths:
  /x:
    get: {responses: {'200': {description: ok}}}
    post: {responses: {'200': {description: ok}}}
"""


def base() -> Document:
    return parse(BASE, "base.yaml")


def overlay(actions: str, version: str = "1.1.0") -> Document:
    head = f"overlay: {version}\ninfo: {{title: O, version: '1'}}\nactions:\n"
    return parse(head + actions, "over.yaml")


def applied(actions: str, version: str = "1.1.0") -> Document:
    return apply(base(), overlay(actions, version))


def refusal(actions: str, version: str = "1.1.0") -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        applied(actions, version)
    assert "over.yaml:" in str(caught.value.where)
    return caught.value


def test_objects_are_merged_and_values_replaced() -> None:
    document = applied("- {target: $.info, update: {title: U, x: {y: 1}}}")
    assert document.data["info"] == {"title": "U", "version": "1", "x": {"y": 1}}


def test_arrays_inside_objects_are_joined() -> None:
    document = applied("- {target: $, update: {tags: [{name: d}]}}")
    assert [get(document.data, f"#/tags/{i}/name") for i in range(4)] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("version", "update", "expected"),
    [
        ("1.0.0", "{name: d}", [{"name": "d"}]),
        ("1.0.0", "[d, e]", [["d", "e"]]),
        ("1.1.0", "[d, e]", ["d", "e"]),
        ("1.1.0", "d", ["d"]),
    ],
)
def test_a_selected_array_gets_an_entry_or_is_joined(
    version: str, update: str, expected: list[Json]
) -> None:
    tags = applied(f"- {{target: $.tags, update: {update}}}", version).data["tags"]
    assert isinstance(tags, list)
    assert tags[3:] == expected


def test_a_primitive_value_is_replaced_in_1_1_and_refused_in_1_0() -> None:
    action = "- {target: $.info.title, update: U}"
    assert get(applied(action).data, "#/info/title") == "U"
    assert "primitive value" in refusal(action, "1.0.0").what


def test_every_selected_node_is_updated() -> None:
    document = applied("- {target: '$.paths.*[?@.responses]', update: {x-a: 1}}")
    assert get(document.data, "#/paths/~1x/get/x-a") == 1
    assert get(document.data, "#/paths/~1x/post/x-a") == 1


def test_updates_of_several_nodes_do_not_share_data() -> None:
    document = applied(
        "- {target: '$.paths.*[?@.responses]', update: {x-a: {b: 1}}}\n"
        "- {target: \"$.paths['/x'].get['x-a']\", update: {b: 2}}"
    )
    assert get(document.data, "#/paths/~1x/post/x-a/b") == 1


def test_remove_takes_members_and_items() -> None:
    document = applied(
        "- {target: '$.tags[0,1]', remove: true}\n- {target: $.paths.*.get, remove: true}"
    )
    assert document.data["tags"] == [{"name": "c"}]
    assert get(document.data, "#/paths/~1x") == {
        "post": {"responses": {"200": {"description": "ok"}}}
    }


def test_remove_wins_over_update() -> None:
    document = applied("- {target: $.tags, remove: true, update: [x]}")
    assert "tags" not in document.data


def test_a_parent_and_its_child_may_be_removed_together() -> None:
    assert applied("- {target: '$.tags..*', remove: true}").data["tags"] == []


def test_copy_merges_another_node() -> None:
    document = applied(
        "- {target: $.paths, update: {/y: {}}}\n"
        "- {target: \"$.paths['/y']\", copy: \"$.paths['/x']\"}"
    )
    assert get(document.data, "#/paths/~1y") == get(document.data, "#/paths/~1x")
    assert document.locate("#/paths/~1y/post").file == "base.yaml"
    assert document.locate("#/paths/~1y/post").line == 9


def test_actions_see_the_result_of_the_one_before() -> None:
    document = applied("- {target: $.info, update: {x: {}}}\n- {target: $.info.x, update: {y: 1}}")
    assert get(document.data, "#/info/x/y") == 1


def test_an_added_node_is_located_in_the_overlay_and_the_rest_in_the_document() -> None:
    document = applied("- target: $.info\n  update:\n    x:\n      y: 1\n    title: U\n")
    places = {p: document.locate("#/info" + p) for p in ("", "/x", "/x/y", "/title", "/version")}
    assert {p: (place.file, place.line) for p, place in places.items()} == {
        "": ("base.yaml", 3),
        "/x": ("over.yaml", 6),
        "/x/y": ("over.yaml", 7),
        "/title": ("over.yaml", 8),
        "/version": ("base.yaml", 5),
    }


def test_items_after_a_removed_one_keep_their_positions() -> None:
    document = applied(
        "- {target: $.tags, update: [{name: d}]}\n- {target: '$.tags[0]', remove: true}"
    )
    before = base()
    assert document.locate("#/tags/0/name") == before.locate("#/tags/1/name")
    assert document.locate("#/tags/1/name") == before.locate("#/tags/2/name")
    assert document.locate("#/tags/2/name").file == "over.yaml"


def test_a_second_overlay_keeps_the_places_of_the_first() -> None:
    once = applied("- {target: $.info, update: {x: {}}}")
    twice = apply(once, overlay("- {target: $.info.x, update: {y: 1}}"))
    assert twice.locate("#/info/x").file == "over.yaml"
    assert twice.locate("#/info/title").file == "base.yaml"


def test_neither_document_nor_overlay_is_changed() -> None:
    document, over = base(), overlay("- {target: $, update: {tags: [{name: d}], x: {}}}")
    texts = canonical(document.data), canonical(over.data)
    result = apply(document, over)
    added = result.data["x"]
    assert isinstance(added, dict)
    added["more"] = 1
    assert (canonical(document.data), canonical(over.data)) == texts


@pytest.mark.parametrize(
    ("actions", "what", "pointer"),
    [
        ("- {target: $.none, update: {}}", "selects nothing", "#/actions/0/target"),
        ("- {target: $.none, remove: true}", "selects nothing", "#/actions/0/target"),
        ("- {target: 'paths[', update: {}}", "is no JSONPath", "#/actions/0/target"),
        ("- {target: $.paths./x, update: {}}", "is no JSONPath", "#/actions/0/target"),
        ("- {target: $.info, update: {title: [1]}}", "an array cannot", "#/actions/0/update/title"),
        ("- {target: $.info, update: [1]}", "an array cannot", "#/actions/0/update"),
        ("- {target: $.info, update: x}", "a primitive value cannot", "#/actions/0/update"),
        ("- {target: '$.*', update: {}}", "mixes", "#/actions/0/target"),
        ("- {target: $, remove: true}", "cannot be removed", "#/actions/0/target"),
        ("- {target: $.info}", "without one clear change", "#/actions/0"),
        ("- {target: $.info, update: {}, copy: $}", "without one clear change", "#/actions/0"),
        ("- {target: $.info, remove: 'yes'}", "true or false", "#/actions/0/remove"),
        ("- {target: $.info, upate: {}}", "unknown field", "#/actions/0/upate"),
        ("- {target: $.info, copy: '$.tags.*'}", "selects 3 nodes", "#/actions/0/copy"),
        ("- {update: {}}", "needs a target", "#/actions/0"),
        ("- x", "needs a target", "#/actions/0"),
        ("  x: 1", "a list of at least one", "#/actions"),
    ],
)
def test_a_bad_action_is_refused_at_its_place(actions: str, what: str, pointer: str) -> None:
    error = refusal(actions)
    assert what in error.what
    assert error.pointer == pointer


def test_copy_is_unknown_in_1_0() -> None:
    assert "unknown field" in refusal("- {target: $.info, copy: $.tags}", "1.0.0").what


def test_primitive_values_are_not_removed_in_1_0() -> None:
    assert "primitive" in refusal("- {target: $.info.title, remove: true}", "1.0.0").what


@pytest.mark.parametrize(
    "text",
    [
        "openapi: 3.1.0",
        "overlay: 2.0.0\ninfo: {title: a, version: b}\nactions: [{target: $, update: {}}]",
        "overlay: 1.0.0\ninfo: {title: a}\nactions: [{target: $, update: {}}]",
        "overlay: 1.0.0\ninfo: {title: a, version: b}\nactions: []",
        "overlay: 1.0.0\ninfo: {title: a, version: b}\nactions: [{target: $, update: {}}]\ny: 1",
    ],
)
def test_what_is_no_overlay_is_refused(text: str) -> None:
    with pytest.raises(DocumentError) as caught:
        apply(base(), parse(text, "over.yaml"))
    assert "over.yaml:" in str(caught.value.where)


def test_copies_of_copies_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    start = "- {target: $, update: {a: {}}}\n"
    double = "".join(
        f"- {{target: $.a, update: {{a{i}: {{}}}}}}\n- {{target: $.a.a{i}, copy: $.a}}\n"
        for i in range(30)
    )
    monkeypatch.setattr(limits, "MAX_NODES", 20_000)
    assert "more than 20,000 nodes" in refusal(start + double).what


def test_the_vendored_overlay_gives_a_valid_document() -> None:
    document = load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"])
    OpenAPIV31SpecValidator(document.data).validate()
    item = get(document.vendored, "#/paths/~1v1~1models~1{model_id}~1environments~1{env_name}")
    assert isinstance(item, dict)
    assert "get" not in item
    assert document.digest != parse((SPEC / "openapi.yaml").read_bytes(), "s").digest


def test_every_operation_of_the_overlaid_document_declares_its_refusals() -> None:
    paths = load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]).data["paths"]
    assert isinstance(paths, dict)
    found: dict[str, list[str]] = {}
    for path, item in paths.items():
        assert isinstance(item, dict)
        for method, operation in item.items():
            if isinstance(operation, dict) and isinstance(operation["responses"], dict):
                found[f"{method} {path}"] = sorted(operation["responses"])
    assert len(found) == 6
    for name, statuses in found.items():
        conflict = ["409"] if name.startswith("post") else []
        assert statuses == ["200", "400", "401", "403", "404", *conflict]


def test_every_property_of_the_update_has_a_null_convention() -> None:
    document = load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"])
    schemas = get(document.data, "#/components/schemas")
    assert isinstance(schemas, dict)
    names = [name for name in schemas if name.startswith("Update") and "Response" not in name]
    properties: list[tuple[str, str, Json]] = []
    for name in names:
        if name.endswith("StatusV1"):
            continue
        node = get(document.data, f"#/components/schemas/{name}/properties")
        assert isinstance(node, dict)
        properties.extend((name, key, member) for key, member in node.items())
    assert len(properties) == 20
    for name, key, node in properties:
        assert isinstance(node, dict)
        assert node["x-tallystick-null"] == "unchanged"
        where = document.locate(f"#/components/schemas/{name}/properties/{key}/x-tallystick-null")
        assert where.file.endswith("overlay.yaml")
