"""Tests of the lints: each finds its fault at the exact place, and not on the mended twin."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora import files, needs_corpus
from tallystick.contract import build
from tallystick.document import Document, get, lift, load, parse
from tallystick.document.overlay import apply
from tallystick.errors import DocumentError
from tallystick.lint import LINTS, Finding, lines, lint
from tallystick.lint.sample_curl import curl_bodies
from tallystick.lint.sample_python import python_bodies

ROOT = Path(__file__).parent.parent
HEAD = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n"  # lines 1 and 2
OLD = HEAD.replace("3.1.0", "3.0.3")


def document(text: str, head: str = HEAD) -> Document:
    return lift(parse(head + textwrap.dedent(text).lstrip("\n"), "api.yaml"))


def found(document: Document) -> list[tuple[str, str, str]]:
    try:
        contract = build(document)
    except DocumentError:
        contract = None
    return [(each.id, str(each.where), each.pointer) for each in lint(document, contract)]


def only(text: str, lint_id: str, head: str = HEAD) -> list[tuple[str, str]]:
    return [(where, at) for each, where, at in found(document(text, head)) if each == lint_id]


# What a lint objects to: id, document, the words that mend it, line and column, pointer.
CASES = [
    (
        "structure",
        """
        paths:
          /a:
            get:
              responses: {'200': {}, default: {description: d}}
        """,
        ("'200': {}", "'200': {description: ok}"),
        "6:19",
        "#/paths/~1a/get/responses/200",
    ),
    (
        "structure",
        """
        paths: {}
        components:
          schemas:
            A:
              type: object
              properties:
                x: {type: strnig}
        """,
        ("strnig", "string"),
        "9:13",
        "#/components/schemas/A/properties/x/type",
    ),
    (
        "structure",
        """
        paths:
          /a:
            get:
              respones: {}
        """,
        ("respones: {}", "responses: {'200': {description: ok}}"),
        "6:7",
        "#/paths/~1a/get/respones",
    ),
    (
        "duplicate-tag",
        """
        paths: {}
        tags:
          - name: a
          - name: a
        """,
        ("- name: a\n", "- name: b\n"),
        "6:5",
        "#/tags/1",
    ),
    (
        "default-refused",
        """
        paths: {}
        components:
          schemas:
            Day: {type: string, format: date}
            A:
              properties:
                since:
                  anyOf: [{$ref: '#/components/schemas/Day'}, {type: 'null'}]
                  default: 2024-02-31
        """,
        ("2024-02-31", "2024-02-29"),
        "11:11",
        "#/components/schemas/A/properties/since/default",
    ),
    (
        "default-refused",
        """
        paths: {}
        components:
          schemas:
            Mode: {enum: [a, b]}
            A:
              properties:
                mode: {$ref: '#/components/schemas/Mode', default: c}
        """,
        ("default: c", "default: b"),
        "9:51",
        "#/components/schemas/A/properties/mode/default",
    ),
    (
        "default-null",
        """
        paths: {}
        components:
          schemas:
            A:
              properties:
                n: {type: integer, default: null}
        """,
        ("type: integer", "type: [integer, 'null']"),
        "8:28",
        "#/components/schemas/A/properties/n/default",
    ),
    (
        "reset-trap",
        """
        paths:
          /a:
            patch:
              requestBody:
                content:
                  application/json:
                    schema: {$ref: '#/components/schemas/Update'}
              responses: {default: {description: d}}
        components:
          schemas:
            Update:
              additionalProperties: false
              properties:
                inner:
                  anyOf: [{$ref: '#/components/schemas/Inner'}, {type: 'null'}]
            Inner:
              additionalProperties: false
              properties:
                size: {type: [integer, 'null'], default: 10}
        """,
        ("default: 10", "default: null"),
        "21:41",
        "#/components/schemas/Inner/properties/size/default",
    ),
    (
        "required-default",
        """
        paths: {}
        components:
          schemas:
            A:
              required: [n]
              properties:
                n: {type: integer, default: 1}
        """,
        (", default: 1", ""),
        "9:28",
        "#/components/schemas/A/properties/n/default",
    ),
    (
        "required-unknown",
        """
        paths: {}
        components:
          schemas:
            A:
              required: [n, m]
              properties:
                n: {type: integer}
        """,
        ("[n, m]", "[n]"),
        "7:21",
        "#/components/schemas/A/required/1",
    ),
    (
        "example-refused",
        """
        paths: {}
        components:
          schemas:
            A:
              properties:
                n: {type: integer}
              examples: [{n: 1}, {n: x}]
        """,
        ("{n: x}", "{n: 2}"),
        "9:27",
        "#/components/schemas/A/examples/1/n",
    ),
    (
        "example-refused",
        """
        paths:
          /a:
            get:
              parameters:
                - {name: n, in: query, schema: {type: integer}, example: one}
              responses: {default: {description: d}}
        """,
        ("example: one", "example: 1"),
        "7:57",
        "#/paths/~1a/get/parameters/0/example",
    ),
    (
        "example-refused",
        """
        paths:
          /a:
            get:
              responses:
                '200':
                  description: d
                  content:
                    application/json:
                      schema: {type: integer}
                      examples: {one: {$ref: '#/components/examples/One'}}
                default: {description: d}
        components:
          examples:
            One: {value: one}
        """,
        ("value: one", "value: 1"),
        "16:11",
        "#/components/examples/One/value",
    ),
    (
        "path-parameter-undeclared",
        """
        paths:
          /a/{id}:
            get:
              responses: {default: {description: d}}
        """,
        ("/a/{id}", "/a/id"),
        "5:5",
        "#/paths/~1a~1{id}/get",
    ),
    (
        "path-parameter-unused",
        """
        paths:
          /a/id:
            parameters: [{name: id, in: path, required: true, schema: {type: string}}]
            get:
              responses: {default: {description: d}}
        """,
        ("/a/id", "/a/{id}"),
        "5:18",
        "#/paths/~1a~1id/parameters/0",
    ),
    (
        "duplicate-parameter",
        """
        paths:
          /a:
            get:
              parameters:
                - {name: n, in: query, schema: {}}
                - {name: n, in: query, schema: {}}
              responses: {default: {description: d}}
        """,
        ("{name: n, in: query, schema: {}}\n      r", "{name: n, in: header, schema: {}}\n      r"),
        "8:11",
        "#/paths/~1a/get/parameters/1",
    ),
    (
        "duplicate-operation-id",
        """
        paths:
          /a:
            get: {operationId: x, responses: {default: {description: d}}}
            put: {operationId: x, responses: {default: {description: d}}}
        """,
        ("put: {operationId: x", "put: {operationId: y"),
        "6:11",
        "#/paths/~1a/put/operationId",
    ),
    (
        "no-error-answer",
        """
        paths:
          /a:
            get:
              responses:
                '200': {description: d}
        """,
        ("'200'", "4XX"),
        "6:7",
        "#/paths/~1a/get/responses",
    ),
    (
        "note-unknown",
        """
        paths:
          /a:
            get:
              x-tallystick-pool: {}
              responses: {default: {description: d}}
        """,
        ("x-tallystick-pool: {}", "x-tallystick-poll: {read: /a, budget-seconds: 1}"),
        "6:7",
        "#/paths/~1a/get/x-tallystick-pool",
    ),
    (
        "note-unknown",
        """
        paths: {}
        components:
          schemas:
            A:
              x-tallystick-null: cleared
              properties:
                n: {type: 'null'}
        """,
        ("      x-tallystick-null: cleared\n", ""),
        "7:7",
        "#/components/schemas/A/x-tallystick-null",
    ),
]


@pytest.mark.parametrize(("lint_id", "text", "mending", "where", "pointer"), CASES)
def test_a_lint_finds_its_fault_and_spares_the_mended_twin(
    lint_id: str, text: str, mending: tuple[str, str], where: str, pointer: str
) -> None:
    text = textwrap.dedent(text)
    wrong, right = mending
    head, _, tail = text.rpartition(wrong)
    assert only(text, lint_id) == [(f"api.yaml:{where}", pointer)]
    assert only(head + right + tail, lint_id) == []


def test_every_lint_has_a_case() -> None:
    tried = {each[0] for each in CASES} | {"ref-siblings-30", "sample-refused", "misspelt-members"}
    assert {each.id for each in LINTS} == tried


def test_a_default_of_null_is_reported_once() -> None:
    text = """
        paths: {}
        components: {schemas: {A: {properties: {n: {type: integer, default: null}}}}}
        """
    assert [each for each, _, _ in found(document(text))] == ["default-null"]


SIBLINGS = """
    paths: {}
    components:
      schemas:
        A: {type: integer}
        B: {properties: {a: {$ref: '#/components/schemas/A', default: 1}}}
    """


def test_siblings_of_a_reference_are_lost_in_a_3_0_document_only() -> None:
    where = ("api.yaml:7:22", "#/components/schemas/B/properties/a")
    assert only(SIBLINGS, "ref-siblings-30", OLD) == [where]
    assert only(SIBLINGS, "ref-siblings-30") == []


def test_a_3_0_example_keeps_the_pointer_and_line_that_it_has_in_the_file() -> None:
    text = """
        paths: {}
        components: {schemas: {A: {type: integer, nullable: true, example: x}}}
        """
    where = ("api.yaml:4:59", "#/components/schemas/A/example")
    assert only(text, "example-refused", OLD) == [where]
    assert only(text.replace("example: x", "example: null"), "example-refused", OLD) == []


def test_a_3_0_document_is_judged_by_the_rules_of_3_0() -> None:
    text = "paths: {}\ncomponents: {schemas: {A: {type: integer, const: 1}}}\n"
    where = ("api.yaml:4:43", "#/components/schemas/A/const")
    assert only(text, "structure", OLD) == [where]
    assert only(text, "structure") == []


def test_an_overlay_mends_what_it_mends_and_answers_for_what_it_adds() -> None:
    broken = parse(OLD + "paths: {/a: {get: {responses: {'200': {}}}}}\n", "api.yaml")
    overlay = parse(
        textwrap.dedent(
            """
            overlay: 1.0.0
            info: {title: o, version: '1'}
            actions:
              - target: $.paths['/a'].get.responses['200']
                update: {description: ok}
              - target: $
                update:
                  tags: [{}]
            """
        ),
        "overlay.yaml",
    )
    errors = [each for each in found(lift(apply(broken, overlay))) if each[0] == "structure"]
    assert errors == [("structure", "overlay.yaml:9:14", "#/tags/0")]


def test_members_required_in_one_direction_may_miss_in_an_example() -> None:
    text = """
        paths: {}
        components:
          schemas:
            A:
              required: [id, n]
              properties: {id: {type: string, readOnly: true}, n: {type: string}}
              examples: [{n: x}, {id: x}]
        """
    where = ("api.yaml:9:26", "#/components/schemas/A/examples/1")
    assert only(text, "example-refused") == [where]


REQUEST = """
    paths:
      /things/{id}:
        post:
          parameters: [{name: id, in: path, required: true, schema: {type: string}}]
          requestBody:
            content:
              application/json:
                schema:
                  additionalProperties: false
                  properties: {n: {type: integer}, m: {type: [string, 'null']}}
          responses: {default: {description: d}}
          KEY:
            - lang: any
              source: SAMPLE
    """

CURL = "curl -X POST https://x/things/1 %s"
REFUSED = [
    CURL % """--data '{"n": "1"}'""",
    CURL % """-d '{"n": 1.5}'""",
    CURL % """-d'{"n": null}'""",
    CURL % """--data-raw "{\\"k\\": 1}" """,
    CURL % """--json '{"n": 1,}'""",
    """curl -X POST \\\n            --data-binary '{\n              "m": 1\n            }' https://x""",
    "requests.post(url, json={'n': '1'})",
    "body = {'m': False}\nrequests.post(url, json=body)",
    "client.post(url, data=json.dumps({'k': None}))",
]
ACCEPTED = [
    CURL % """--data '{"n": 1, "m": null}'""",
    CURL % """-d '{"n": 1.0}'""",
    CURL % """-d '{"n": $N}'""",
    CURL % """-d @body.json""",
    CURL % """-d n=1""",
    CURL % """-d '{"n": "open""",
    "requests.post(url, json={'n': 1, 'm': None})",
    "requests.post(url, json=make())",
    "requests.post(url, json={'n': object})",
    "body = {'n': '1'}\nbody = {'n': 1}\nrequests.post(url, json=body)",
    "curl https://x/login -d '{\"u\": 1}' && curl https://x/things/1 -d '{\"n\": 1}'",
    "post('/login', json={'u': 1}); post(f'/things/{id}', json={'n': 1})",
    "json = {{{",
]


@pytest.mark.parametrize("sample", REFUSED)
def test_a_sample_with_a_refused_body_is_found(sample: str) -> None:
    text = REQUEST.replace("KEY", "x-codeSamples").replace("SAMPLE", json.dumps(sample))
    pointer = "#/paths/~1things~1{id}/post/x-codeSamples/0/source"
    assert only(text, "sample-refused") == [("api.yaml:16:11", pointer)]


@pytest.mark.parametrize("sample", ACCEPTED)
def test_a_sample_with_a_valid_body_or_none_that_can_be_read_is_spared(sample: str) -> None:
    text = REQUEST.replace("KEY", "x-codeSamples").replace("SAMPLE", json.dumps(sample))
    assert only(text, "sample-refused") == []


def test_samples_are_read_under_their_other_names() -> None:
    sample = REQUEST.replace("SAMPLE", json.dumps(REFUSED[0]))
    other = sample.replace("KEY", "x-code-samples")
    assert [at for _, at in only(other, "sample-refused")] == [
        "#/paths/~1things~1{id}/post/x-code-samples/0/source"
    ]
    code = json.dumps({"code-samples": [{"code": REFUSED[0]}]})
    readme = sample.replace("KEY:", f"x-readme: {code}\n          other:")
    assert [at for _, at in only(readme, "sample-refused")] == [
        "#/paths/~1things~1{id}/post/x-readme/code-samples/0/code"
    ]


def test_a_sample_is_never_run(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    code = f"__import__('pathlib').Path({str(mark)!r}).touch()"
    list(python_bodies(f"{code}\npost(url, json={code})"))
    list(curl_bodies(f"curl -d '{{}}' $(touch {mark}) `touch {mark}`"))
    assert not mark.exists()


MISSPELT = """
    paths:
      /a: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}, responses: {default: {description: d}}}}
      /b: {put: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}, responses: {default: {description: d}}}}
    components:
      schemas:
        A: {properties: {list: {items: {$ref: '#/components/schemas/B'}}}, additionalProperties: false}
        B: {allOf: [{$ref: '#/components/schemas/C'}], properties: {b: {}}}
        C: {properties: {c: {}}}
        Answer: {properties: {n: {}}}
    """


def test_an_open_object_of_requests_is_found_once_and_its_parts_are_not() -> None:
    where = ("api.yaml:9:5", "#/components/schemas/B")
    assert only(MISSPELT, "misspelt-members") == [where]
    for said in ("additionalProperties: true", "unevaluatedProperties: false"):
        mended = MISSPELT.replace("{b: {}}}", f"{{b: {{}}}}, {said}}}")
        assert only(mended, "misspelt-members") == []


def test_a_reset_trap_is_not_seen_inside_arrays_and_outside_of_patch() -> None:
    text = """
        paths:
          /a:
            VERB:
              requestBody: {content: {application/json: {schema: SCHEMA}}}
              responses: {default: {description: d}}
        """
    trap = "{properties: {n: {default: 1}}}"
    for verb, schema, count in (
        ("patch", trap, 1),
        ("post", trap, 0),
        ("patch", f"{{items: {trap}}}", 0),
        ("patch", f"{{additionalProperties: {trap}}}", 1),
        ("patch", f"{{allOf: [{trap}]}}", 1),
        ("patch", f"{{oneOf: [{trap}, {{type: string}}]}}", 1),
    ):
        said = text.replace("VERB", verb).replace("SCHEMA", schema)
        assert len(only(said, "reset-trap")) == count, (verb, schema)


def test_a_broken_node_is_told_by_the_branch_that_was_meant_and_not_twice() -> None:
    text = """
        paths:
          /a:
            get:
              parameters: [{name: 1, in: query, schema: {}}, {}]
              responses: {default: {description: d, foo: 1}}
        """
    for head in (HEAD, OLD):
        told = [
            (at, each.what) for each in lint(document(text, head), None) for at in [each.pointer]
        ]
        assert told == [
            ("#/paths/~1a/get/parameters/0/name", "'name' is not of type \"string\""),
            ("#/paths/~1a/get/parameters/1", "'1': \"in\" is a required property"),
            ("#/paths/~1a/get/parameters/1", "'1': \"name\" is a required property"),
            ("#/paths/~1a/get/responses/default/foo", "'foo' is not a member of this object"),
        ]


def test_structure_is_found_where_no_contract_can_be_built() -> None:
    broken = document("paths: {/a: {get: {parameters: [{name: n, in: nowhere}]}}}\n")
    with pytest.raises(DocumentError):
        build(broken)
    assert "#/paths/~1a/get/parameters/0/in" in [each.pointer for each in lint(broken, None)]


def test_a_reference_out_of_the_document_is_never_followed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr("socket.socket.connect", refuse)
    (tmp_path / "secret.json").write_text('{"type": 5}')
    for target in ("http://127.0.0.1:9/x", (tmp_path / "secret.json").as_uri(), "other.yaml"):
        text = f"paths: {{}}\ncomponents: {{schemas: {{A: {{$ref: '{target}'}}}}}}\n"
        assert lint(document(text), None) == ()


def test_a_schema_that_cannot_be_compiled_hides_no_other_fault() -> None:
    text = """
        paths: {}
        components:
          schemas:
            A: {type: string, pattern: '(', default: x}
            B: {type: string, default: 1}
            C: {type: string, default: 2}
        """
    assert [at for _, at in only(text, "default-refused")] == [
        "#/components/schemas/B/default",
        "#/components/schemas/C/default",
    ]


def test_a_schema_that_doubles_without_end_is_not_held_against_values() -> None:
    def doubling(times: int) -> list[str]:
        schemas: dict[str, object] = {
            f"S{i}": {"allOf": [{"$ref": f"#/components/schemas/S{i + 1}"}] * 2}
            for i in range(times)
        }
        schemas[f"S{times}"] = {"type": "string"}
        schemas["Top"] = {"properties": {"p": {"$ref": "#/components/schemas/S0", "default": 1}}}
        text = f"paths: {{}}\ncomponents: {json.dumps({'schemas': schemas})}\n"
        return [each for each, _, _ in found(document(text))]

    assert doubling(3) == ["default-refused"]
    assert doubling(12) == []


def test_a_value_that_doubles_with_each_level_is_not_held_against_its_schema() -> None:
    def nested(depth: int) -> list[str]:
        value: object = 1
        for _ in range(depth):
            value = {"a": value}
        both = [{"$ref": "#/components/schemas/T"}] * 2
        tree = {"type": "object", "properties": {"a": {"allOf": both}}, "examples": [value]}
        text = f"paths: {{}}\ncomponents: {json.dumps({'schemas': {'T': tree}})}\n"
        return [each for each, _, _ in found(document(text))]

    assert nested(3) == ["example-refused"]
    assert nested(60) == []


def test_findings_stand_in_the_order_of_the_file() -> None:
    all_of_them = lint(load(ROOT / "spec/openapi.yaml"), build(load(ROOT / "spec/openapi.yaml")))
    places = [(each.where.line, each.where.column) for each in all_of_them]
    assert places == sorted(places)
    assert len(set(places)) > 5


def test_a_line_tells_place_severity_id_pointer_sentence_and_hint_without_control_signs() -> None:
    text = 'paths: {}\ntags: [{name: "\\e[31m"}, {name: "\\e[31m"}]\n'
    (line,) = lines(lint(document(text), None))
    assert line == (
        "api.yaml:4:26: error duplicate-tag #/tags/1: the tag '\\x1b[31m' is described before; "
        "merge the two descriptions"
    )


def vendored() -> tuple[Finding, ...]:
    contract = load(ROOT / "spec/openapi.yaml", [ROOT / "spec/overlay.yaml"])
    return lint(contract, build(contract))


def test_the_vendored_contract_has_these_findings_and_no_others() -> None:
    assert [(each.severity, each.id, each.pointer) for each in vendored()] == [
        ("warning", "misspelt-members", "#/components/schemas/CreateEnvironmentRequestV1"),
        ("warning", "misspelt-members", "#/components/schemas/UpdatePromotionSettingsV1"),
        ("warning", "misspelt-members", "#/components/schemas/UpdateRollingDeployConfigV1"),
        (
            "warning",
            "reset-trap",
            "#/components/schemas/UpdateRollingDeployConfigV1/properties/max_surge_percent/default",
        ),
        ("warning", "misspelt-members", "#/components/schemas/CreateChainEnvironmentRequestV1"),
        (
            "warning",
            "misspelt-members",
            "#/components/schemas/ChainletEnvironmentSettingsRequestV1",
        ),
    ]


def test_the_samples_of_the_vendored_contract_are_lifted() -> None:
    contract = build(load(ROOT / "spec/openapi.yaml"))
    for operation in contract.operations:
        node = get(contract.document.data, operation.pointer)
        assert isinstance(node, dict)
        texts: Any = node["x-codeSamples"]
        shell, python = (text["source"] for text in texts)
        (curl,), (call,) = curl_bodies(shell), python_bodies(python)
        assert curl.body == call.body != {}
        assert curl.fault is None


def test_the_page_of_lints_is_the_table() -> None:
    rows = [
        line for line in (ROOT / "docs/lints.md").read_text().splitlines() if line.startswith("| `")
    ]
    assert rows == [
        f"| `{each.id}` | {each.severity} | {each.what} | {each.why} | {each.mend} |"
        for each in LINTS
    ]


@needs_corpus
@pytest.mark.parametrize(
    "path", [*files("hostile"), *files("documents")], ids=lambda path: path.name
)
def test_no_document_of_the_corpus_makes_a_lint_fail(path: Path) -> None:
    try:
        loaded = load(path)
    except DocumentError:
        return
    try:
        contract = build(loaded)
    except DocumentError:
        contract = None
    findings = lint(loaded, contract)
    assert len(list(lines(findings))) == len(set(findings))
    assert set(lint(loaded, None)) <= set(findings)


WORDS = [
    *("type", "properties", "required", "default", "examples", "example", "allOf", "anyOf", "$ref"),
    *("items", "enum", "additionalProperties", "x-tallystick-null", "x-tallystick-odd", "nullable"),
    *("parameters", "requestBody", "responses", "content", "application/json", "schema", "get"),
    *("patch", "x-codeSamples", "source", "name", "in", "operationId", "tags", "/a/{b}", "200"),
]

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(WORDS), below, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["3.0.3", "3.1.0", "3.2.0"]),
    st.dictionaries(st.sampled_from(["paths", "components", "tags", "servers"]), json_values),
    st.dictionaries(st.sampled_from(WORDS), json_values),
)
def test_no_document_that_loads_makes_a_lint_fail(
    version: str, rest: dict[str, object], schema: dict[str, object]
) -> None:
    data = {"openapi": version, "info": {"title": "t", "version": "1"}, **rest}
    data.setdefault("components", {"schemas": {"A": schema}})
    data.setdefault("paths", {"/a/{b}": {"patch": schema}})
    try:
        loaded = lift(parse(json.dumps(data), "api.json"))
    except DocumentError:
        return
    try:
        contract = build(loaded)
    except DocumentError:
        contract = None
    found = lint(loaded, contract)
    assert len(list(lines(found))) == len({(each.id, each.pointer, each.what) for each in found})


def test_extra_members_that_are_no_schema_are_told_and_nothing_fails() -> None:
    text = """
        paths: {}
        components: {schemas: {A: {additionalProperties: '', default: {a: 1}}}}
        """
    told = only(text, "structure")
    assert [at for _, at in told] == ["#/components/schemas/A/additionalProperties"]
