"""A document becomes a contract: presence, types, names, resources, notes."""

import pickle
from pathlib import Path
from textwrap import dedent, indent

import pytest
from pydantic import MISSING

from tallystick.contract import Contract, build
from tallystick.document import load, parse
from tallystick.document.lift import lift
from tallystick.errors import DocumentError

SPEC = Path(__file__).parent.parent / "spec"


def contract(paths: str = "{}", schemas: str = "{}", version: str = "3.1.0") -> Contract:
    text = f"openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths:\n"
    text += indent(dedent(paths), "  ") + "\ncomponents:\n  schemas:\n"
    text += indent(dedent(schemas), "    ") + "\n"
    return build(lift(parse(text, "t.yaml")))


@pytest.fixture(scope="module")
def vendored() -> Contract:
    return build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))


def test_presence_depends_on_required_and_null_alone() -> None:
    made = contract(
        schemas="""
        A:
          type: object
          required: [a, b]
          properties:
            a: {type: integer}
            b: {type: [integer, 'null'], default: 1}
            c: {type: integer, default: 1}
            d: {anyOf: [{type: integer}, {type: 'null'}], default: null}
        """
    )
    members = made.schema("#/components/schemas/A").properties
    facts = [(m.required, made.schema(m.pointer).nullable, m.default) for m in members]
    assert facts == [
        (True, False, MISSING),
        (True, True, 1),
        (False, False, 1),
        (False, True, None),
    ]


def test_a_default_beside_a_ref_counts_before_the_one_behind_it() -> None:
    made = contract(
        schemas="""
        Kind: {type: string, enum: [a, b], default: a}
        A: {properties: {x: {$ref: '#/components/schemas/Kind', default: b},
                         y: {$ref: '#/components/schemas/Kind'}}}
        """
    )
    members = made.schema("#/components/schemas/A").properties
    assert [member.default for member in members] == ["b", "a"]


def test_nullable_of_3_0_admits_null() -> None:
    schemas = "A: {type: object, properties: {x: {type: string, nullable: true}}}"
    made = contract(schemas=schemas, version="3.0.3")
    assert made.schema("#/components/schemas/A/properties/x").types == {"string", "null"}


def test_all_of_gathers_members_and_what_is_required() -> None:
    made = contract(
        schemas="""
        Base: {type: object, properties: {id: {type: integer}}}
        A:
          allOf:
            - $ref: '#/components/schemas/Base'
            - {properties: {name: {type: string}}, required: [id, name]}
        """
    )
    members = made.schema("#/components/schemas/A").properties
    assert [(m.name, m.required) for m in members] == [("id", True), ("name", True)]


def test_core_looks_through_references_and_unions_with_null() -> None:
    made = contract(
        schemas="""
        B: {type: object, properties: {x: {type: string}}}
        A: {properties: {b: {anyOf: [{$ref: '#/components/schemas/B'}, {type: 'null'}]}}}
        """
    )
    pointer = "#/components/schemas/A/properties/b"
    assert made.core(pointer).name == "B"
    assert made.schema(pointer).types == {"object", "null"}


def test_a_recursive_schema_is_finite() -> None:
    made = contract(
        schemas="""
        Node: {type: object, properties: {next: {$ref: '#/components/schemas/Node'}}}
        Json: {anyOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/Json'}}]}
        """
    )
    assert made.core("#/components/schemas/Node/properties/next").name == "Node"
    assert made.schema("#/components/schemas/Json").types == {"string", "array"}


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("post", "/v1/models/{model_id}/environments", "models.environments.create"),
        ("get", "/v1/models/{model_id}/environments/{env}", "models.environments.retrieve"),
        ("patch", "/v1/models/{model_id}/environments/{env}", "models.environments.update"),
        ("put", "/v1/models/{id}", "models.replace"),
        ("delete", "/v1/models/{id}", "models.delete"),
        ("post", "/v1/models/{id}/activate", "models.activate"),
        ("post", "/v1/models/{id}/import", "models.import_"),
        ("get", "/v1/status", "status.retrieve"),
    ],
)
def test_an_operation_is_named_by_its_path(method: str, path: str, name: str) -> None:
    parameters = "".join(
        f"{{name: {part[1:-1]}, in: path, required: true, schema: {{type: string}}}}, "
        for part in path.split("/")
        if part.startswith("{")
    )
    operation = f"{{parameters: [{parameters}], responses: {{'200': {{description: ''}}}}}}"
    made = contract(paths=f"{path}: {{{method}: {operation}}}\n/v1/x: {{get: {{responses: {{}}}}}}")
    assert made.operations[0].name == name


def test_two_operations_never_share_a_name() -> None:
    made = contract(
        paths="""
        /a/{id}: {get: {operationId: getById, parameters: [{name: id, in: path, required: true, schema: {}}], responses: {}}}
        /a/{name}/{id}: {get: {operationId: getByName, parameters: [{name: id, in: path, required: true, schema: {}}], responses: {}}}
        """
    )
    assert [each.name for each in made.operations] == ["a.get_by_id", "a.get_by_name"]


def test_an_inline_object_gets_a_name_and_a_component_keeps_its_own() -> None:
    made = contract(
        paths="""
        /things:
          post:
            requestBody:
              content:
                application/json:
                  schema: {type: object, properties: {size: {type: object, properties: {w: {}}}}}
            responses: {}
        """,
        schemas="ThingsCreateRequest: {type: string}",
    )
    names = {each.name for each in made.schemas.values() if each.name}
    assert names == {"ThingsCreateRequest", "ThingsCreateRequest_2", "ThingsCreateRequest2Size"}


def test_an_operations_parameter_replaces_that_of_its_path() -> None:
    made = contract(
        paths="""
        /a/{id}:
          parameters: [{name: id, in: path, required: true, schema: {type: string}}]
          get:
            parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
            responses: {}
        """
    )
    (parameter,) = made.operations[0].parameters
    assert made.schema(parameter.schema).types == {"integer"}
    assert parameter.given == (1, 2)


def test_a_status_is_answered_by_code_then_range_then_default() -> None:
    made = contract(
        paths="""
        /a:
          get:
            responses: {default: {description: d}, 4XX: {description: r}, '404': {description: c}}
        """
    )
    answers = [made.operations[0].response(status) for status in (404, 400, 500)]
    assert [each and each.description for each in answers] == ["c", "r", "d"]


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("x-tallystick-poll: 3", "{read: PATH, budget-seconds: NUMBER}"),
        ("x-tallystick-poll: {read: /a, budget-seconds: true}", "budget-seconds"),
        ("x-tallystick-outcome: {member: 1}", "member: NAME"),
    ],
)
def test_a_note_of_a_wrong_form_is_refused_where_it_stands(note: str, expected: str) -> None:
    with pytest.raises(DocumentError, match=r"t.yaml:4:\d+: #/paths/~1a/get/x-tallystick") as error:
        contract(paths=f"/a: {{get: {{responses: {{}}, {note}}}}}")
    assert expected in str(error.value)


def test_a_reference_that_leads_nowhere_names_its_place() -> None:
    with pytest.raises(DocumentError, match=r"t\.yaml:7:.*#/components/schemas/A/\$ref"):
        contract(schemas="A: {$ref: '#/components/schemas/B'}")


def test_the_vendored_contract_is_what_its_pages_say(vendored: Contract) -> None:
    components = [p for p in vendored.schemas if p.count("/") == 3 and "/schemas/" in p]
    objects = [vendored.schema(p) for p in components if vendored.schema(p).properties]
    assert [each.name for each in vendored.operations] == [
        "models.environments.create",
        "models.environments.list",
        "chains.environments.create",
        "models.environments.update",
        "models.environments.retrieve",
        "chains.environments.retrieve",
    ]
    closed = {each.name for each in objects if each.closed}
    assert closed == {"UpdateAutoscalingSettingsV1", "UpdateEnvironmentRequestV1"}


def test_the_vendored_table_of_presence(vendored: Contract) -> None:
    members = [
        (member.required, vendored.schema(member.pointer).nullable, member.default)
        for schema in vendored.schemas.values()
        if schema.name and schema.name not in ("ErrorV1", "EnvironmentsV1")
        for member in schema.properties
    ]
    count = {
        "required": sum(r and not n for r, n, _ in members),
        "required null": sum(r and n for r, n, _ in members),
        "optional null, default null": sum(not r and n and d is None for r, n, d in members),
        "optional null, default": sum(
            not r and n and d is not None and d is not MISSING for r, n, d in members
        ),
        "optional, default": sum(not r and not n and d is not MISSING for r, n, d in members),
        "optional": sum(not r and not n and d is MISSING for r, n, d in members),
    }
    assert count == {
        "required": 46,
        "required null": 13,
        "optional null, default null": 32,
        "optional null, default": 6,
        "optional, default": 6,
        "optional": 0,
    }


def test_the_vendored_notes_are_read(vendored: Contract) -> None:
    update = next(each for each in vendored.operations if each.verb == "update")
    assert update.poll is not None
    assert update.outcome is not None
    assert update.outcome.unchanged == ("UNCHANGED",)
    (resource, chains) = vendored.resources
    assert (resource.key, resource.parents) == ("name", ("model_id",))
    assert chains.item is not None
    assert vendored.security["ApiKeyAuth"].prefix == "Api-Key "


@pytest.mark.parametrize(
    ("media", "note", "null"),
    [
        ("application/merge-patch+json", "", "cleared"),
        ("application/merge-patch+json", ", x-tallystick-null: unchanged", "unchanged"),
        ("application/json", "", None),
    ],
)
def test_null_in_a_merge_patch_takes_away(media: str, note: str, null: str | None) -> None:
    schema = f"{{type: object, properties: {{a: {{type: [string, 'null']{note}}}, b: {{type: string}}}}}}"
    body = f"requestBody: {{content: {{{media}: {{schema: {schema}}}}}}}"
    made = contract(paths=f"/a: {{patch: {{{body}, responses: {{}}}}}}")
    found = made.operations[0].body
    assert found is not None
    assert found.json is not None
    assert found.json.schema is not None
    assert [each.null for each in made.core(found.json.schema).properties] == [null, None]


def test_a_schema_that_is_no_patch_elsewhere_says_nothing_of_null() -> None:
    media = "content: {MEDIA: {schema: {$ref: '#/components/schemas/A'}}}"
    patch = f"patch: {{requestBody: {{{media.replace('MEDIA', 'application/merge-patch+json')}}}, responses: {{}}}}"
    put = f"put: {{requestBody: {{{media.replace('MEDIA', 'application/json')}}}, responses: {{}}}}"
    made = contract(
        paths=f"/a: {{{patch}, {put}}}",
        schemas="A: {type: object, properties: {a: {type: [string, 'null']}}}",
    )
    assert made.schema("#/components/schemas/A").properties[0].null is None


@pytest.mark.parametrize(("note", "whole"), [("replaced", True), ("merged", False)])
def test_an_update_may_replace_an_object_whole(note: str, whole: bool) -> None:
    made = contract(
        schemas=f"A: {{properties: {{a: {{type: object, x-tallystick-update: {note}}}}}}}"
    )
    assert made.schema("#/components/schemas/A").properties[0].whole is whole


def test_what_else_an_update_may_do_is_not_known() -> None:
    with pytest.raises(DocumentError, match="one of merged, replaced"):
        contract(schemas="A: {properties: {a: {type: object, x-tallystick-update: added}}}")


ONE = "{'200': {description: it, content: {application/json: {schema: {type: object}}}}}"


@pytest.mark.parametrize(
    ("paths", "single"),
    [
        (f"/settings: {{get: {{responses: {ONE}}}, patch: {{responses: {{}}}}}}", True),
        (f"/settings: {{get: {{responses: {ONE}}}, put: {{responses: {{}}}}}}", True),
        (f"/settings: {{get: {{responses: {ONE}}}}}", False),  # nobody changes it
        (
            f"/logo: {{get: {{responses: {ONE}}}, put: {{responses: {{}}}}, delete: {{responses: {{}}}}}}",
            False,
        ),
        (
            f"/all: {{get: {{responses: {ONE}}}, post: {{responses: {{}}}}, put: {{responses: {{}}}}}}",
            False,
        ),
        ("/rows: {get: {responses: {}}, put: {responses: {}}}", False),  # no object is answered
    ],
)
def test_what_there_is_one_of(paths: str, single: bool) -> None:
    found = contract(paths=paths).resources
    assert [each.single for each in found] == [True] * single
    assert all((each.key, each.parameter, each.create) == (None, None, None) for each in found)


def test_what_there_is_one_of_may_have_parents() -> None:
    given = "parameters: [{name: id, in: path, required: true, schema: {type: string}}]"
    (one,) = contract(
        paths=f"/a/{{id}}/plan: {{{given}, get: {{responses: {ONE}}}, put: {{responses: {{}}}}}}"
    ).resources
    assert one.single
    assert one.parents == ("id",)


def test_schemas_that_meet_again_and_again_are_counted_once() -> None:
    levels = "\n".join(
        f"L{n}: {{allOf: [{{$ref: '#/components/schemas/L{n + 1}'}}, "
        f"{{$ref: '#/components/schemas/L{n + 1}'}}]}}"
        for n in range(40)
    )
    made = contract(schemas=f"{levels}\nL40: {{type: object, properties: {{x: {{}}}}}}")
    assert made.schema("#/components/schemas/L0").types == {"object"}
    assert [each.name for each in made.schema("#/components/schemas/L0").properties] == ["x"]


def test_a_union_that_contains_itself_admits_what_its_other_branches_do() -> None:
    union = "A: {anyOf: [{type: string}, {$ref: '#/components/schemas/A'}]}"
    assert contract(schemas=union).schema("#/components/schemas/A").types == {"string"}


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("x-tallystick-poll: {read: /nope, budget-seconds: 1}", "/nope has no GET operation"),
        ("x-tallystick-outcome: {member: nope}", "no answer has a member 'nope'"),
    ],
)
def test_a_note_that_leads_nowhere_is_refused(note: str, expected: str) -> None:
    with pytest.raises(
        DocumentError, match=r"t.yaml:4:\d+: #/paths/~1a/patch/x-tallystick"
    ) as error:
        contract(paths=f"/a: {{patch: {{responses: {{}}, {note}}}}}")
    assert expected in str(error.value)


def test_a_given_value_of_another_type_is_refused() -> None:
    parameter = (
        "{name: id, in: path, required: true, schema: {type: string}, x-tallystick-given: [1]}"
    )
    with pytest.raises(DocumentError, match="1 is not of the parameter's type"):
        contract(paths=f"/a/{{id}}: {{get: {{parameters: [{parameter}], responses: {{}}}}}}")


@pytest.mark.parametrize(
    ("schema", "closed"),
    [
        ("{unevaluatedProperties: false, properties: {a: {}}}", True),
        ("{unevaluatedProperties: false, allOf: [{properties: {a: {}}}]}", True),
        ("{unevaluatedProperties: false, properties: {a: {}}, additionalProperties: true}", False),
        ("{unevaluatedProperties: false, allOf: [{additionalProperties: true}]}", False),
        ("{unevaluatedProperties: false, allOf: [{patternProperties: {x: {}}}]}", False),
        ("{unevaluatedProperties: false, allOf: [{unevaluatedProperties: true}]}", False),
        ("{unevaluatedProperties: false, allOf: [{oneOf: [{properties: {a: {}}}]}]}", False),
        ("{unevaluatedProperties: false, anyOf: [{properties: {a: {}}}]}", False),
    ],
)
def test_an_object_is_closed_if_nothing_evaluates_other_members(schema: str, closed: bool) -> None:
    found = contract(schemas=f"A: {schema}")
    assert found.schema("#/components/schemas/A").closed is closed


def test_an_answer_says_which_header_fields_it_may_have() -> None:
    made = contract(
        paths="""
        /a:
          get:
            responses:
              '200':
                description: ok
                headers:
                  ETag: {required: true, schema: {type: string}}
                  content-type: {schema: {type: string}}
                  X-Left: {schema: {type: integer}}
              '204':
                description: none
                headers:
                  X-Left: {$ref: '#/paths/~1a/get/responses/200/headers/X-Left'}
        """
    )
    ok, empty = made.operations[0].responses
    assert [(each.name, each.required) for each in ok.headers] == [
        ("ETag", True),
        ("X-Left", False),
    ]
    assert empty.headers == ok.headers[1:]


@pytest.mark.parametrize(
    ("written", "made_up"),
    [("", True), ("example: a,", True), ("x-tallystick-given: [a],", False)],
)
def test_a_path_parameter_says_whether_its_values_are_made_up(written: str, made_up: bool) -> None:
    made = contract(
        f"/a/{{id}}:\n  get:\n    parameters: [{{name: id, in: path, required: true, {written}"
        " schema: {type: string}}]\n    responses: {}"
    )
    assert made.operations[0].parameters[0].made_up is made_up


def test_a_contract_can_be_given_to_another_process() -> None:
    made = contract(
        "/a:\n  get:\n    parameters: [{name: b, in: query, schema: {}}]\n    responses: {}"
    )
    twin = pickle.loads(pickle.dumps(made))
    assert twin == made
    assert twin.names_lock == made.names_lock
