"""What a document leaves open, and that pasting the proposed overlay decides it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest

import corpora
from command_line import Line
from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick_contracts.dry import overlay, questions, rehearse, target
from tallystick_contracts.dry.fragment import lines as fragment
from tallystick_contracts.verdicts import Law

ROOT = Path(__file__).parent.parent
SPEC = ROOT / "spec"
JSON_OF = "content: {application/json: {schema: {$ref: '#/components/schemas/%s'}}}"
OPEN = f"""
openapi: 3.1.0
info: {{title: Open, version: '1'}}
security: [{{Key: []}}]
paths:
  /gardens/{{garden}}/beds:
    parameters: [{{$ref: '#/components/parameters/garden'}}]
    post:
      requestBody: {{required: true, {JSON_OF % "Bed"}}}
      responses: {{'201': {{description: ok, {JSON_OF % "Bed"}}}}}
  /gardens/{{garden}}/beds/{{which}}:
    parameters: [{{$ref: '#/components/parameters/garden'}},
                 {{name: which, in: path, required: true, schema: {{type: string}}}}]
    get:
      responses: {{'200': {{description: ok, {JSON_OF % "Bed"}}}}}
    patch:
      requestBody: {{required: true, {JSON_OF % "Change"}}}
      responses: {{'202': {{description: ok, {JSON_OF % "Word"}}}}}
  /tools/{{id}}:
    parameters: [{{name: id, in: path, required: true, schema: {{enum: [rake, spade]}}}}]
    put:
      requestBody: {{required: true, {JSON_OF % "Bed"}}}
      responses: {{'200': {{description: ok, {JSON_OF % "Bed"}}}}}
components:
  parameters:
    garden: {{name: garden, in: path, required: true, schema: {{type: string}}}}
  securitySchemes:
    Key: {{type: apiKey, in: header, name: Authorization}}
  schemas:
    Bed:
      type: object
      required: [label]
      properties: {{label: {{type: string}}, depth: {{type: [integer, 'null']}}}}
    Change: {{type: object, properties: {{depth: {{type: [integer, 'null']}}, label: {{type: string}}}}}}
    Word: {{type: object, required: [result], properties: {{result: {{enum: [SAME, LATER]}}}}}}
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "open.yaml"
    path.write_text(dedent(OPEN))
    return path


@cache
def vendored() -> Contract:
    return build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))


def asked(contract: Contract) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in questions(contract):
        found.setdefault(each.note, set()).add(each.target)
    return found


def test_every_open_thing_is_asked_once_with_the_node_that_decides_it(spec: Path) -> None:
    bed = "$.paths['/gardens/{garden}/beds/{which}']"
    found = asked(build(load(spec)))
    answers = found.pop("responses")
    assert found == {
        "x-tallystick-given": {"$.components.parameters.garden"},
        "x-tallystick-identifies": {f"{bed}.parameters[1]", "$.paths['/tools/{id}'].parameters[0]"},
        "x-tallystick-null": {"$.components.schemas.Change.properties.depth"},
        "x-tallystick-poll": {f"{bed}.patch"},
        "x-tallystick-outcome": {f"{bed}.patch"},
        "x-tallystick-prefix": {"$.components.securitySchemes.Key"},
        "x-tallystick-env": {"$.components.securitySchemes.Key"},
        "get": {"$.paths['/tools/{id}']"},
    }
    assert f"{bed}.patch.responses" in answers


def test_pasting_the_proposal_decides_everything(spec: Path, tmp_path: Path) -> None:
    before = build(load(spec))
    proposal = tmp_path / "overlay.yaml"
    proposal.write_text(overlay(before.title, [each.action for each in questions(before)]))
    after = build(load(spec, [proposal]))
    assert questions(after) == ()
    patch = after.find("PATCH", "/gardens/{garden}/beds/{which}")
    assert patch is not None
    assert patch.outcome is not None
    assert (patch.outcome.unchanged, patch.outcome.accepted) == (("SAME",), ("LATER",))
    assert patch.poll is not None
    assert {each.key for each in after.resources if each.item and "beds" in each.item} == {"label"}


@pytest.mark.parametrize("note", ["x-tallystick-null", "x-tallystick-given", "get", "responses"])
def test_pasting_one_action_decides_that_alone(spec: Path, tmp_path: Path, note: str) -> None:
    before = build(load(spec))
    some = [each.action for each in questions(before) if each.note == note]
    assert some
    proposal = tmp_path / "overlay.yaml"
    proposal.write_text(overlay(before.title, some))
    left = asked(build(load(spec, [proposal])))
    wanted = {each for each in asked(before) if each != note}
    assert set(left) == wanted


def test_with_the_notes_the_rules_judge_what_they_could_not(spec: Path, tmp_path: Path) -> None:
    before = build(load(spec))
    proposal = tmp_path / "overlay.yaml"
    proposal.write_text(overlay(before.title, [each.action for each in questions(before)]))
    name = "null_follows_its_convention"
    counts = [
        sum(row.judged for row in rehearse(made).rows if row.rule == name)
        for made in (before, build(load(spec, [proposal])))
    ]
    assert counts[0] == 0
    assert counts[1] > 0


@pytest.mark.parametrize(
    ("pointer", "path"),
    [
        ("#/a/b", "$.a.b"),
        ("#/paths/~1a~1{b}/get", "$.paths['/a/{b}'].get"),
        ("#/l/1/x", "$.l[1].x"),
        ("#/it's", r"$['it\'s']"),
        ('#/say "a"\\b', r"""$['say "a"\\b']"""),
    ],
)
def test_a_pointer_is_written_as_a_path_that_selects_the_same_node(pointer: str, path: str) -> None:
    assert target(pointer, {"l": [0, {}]}) == path


def test_the_vendored_document_with_its_overlay_leaves_nothing_open() -> None:
    assert questions(vendored()) == ()


def test_a_rehearsal_counts_what_would_be_tried() -> None:
    found = rehearse(vendored())
    assert found.cases > 1000
    assert found.requests > 500
    assert {row.law for row in found.rows if row.judged} == set(Law)
    assert all(row.judged <= max(row.cases, 1) for row in found.rows)


@pytest.mark.parametrize("document", ["museum.yaml", "petstore.yaml", "meilisearch.json"])
def test_pasting_the_proposal_decides_everything_in_other_documents(
    document: str, tmp_path: Path
) -> None:
    path = corpora.document(document)
    before = build(load(path))
    proposal = tmp_path / "overlay.yaml"
    proposal.write_text(overlay(before.title, [each.action for each in questions(before)]))
    assert questions(before)
    assert questions(build(load(path, [proposal]))) == ()


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.chdir(ROOT)
    return Line(capsys)


def test_the_command_line_prints_the_plan_the_reasons_and_the_overlay(
    line: Line, spec: Path, tmp_path: Path
) -> None:
    assert line("test", "--dry", "--spec", spec) == 0
    assert line.out.startswith("Open: ")
    assert "not applicable" in line.out
    told = line.out[line.out.index("overlay: 1.0.0") :]
    (tmp_path / "pasted.yaml").write_text(told)
    pasted = ("--overlay", tmp_path / "pasted.yaml")
    assert line("test", "--dry", "--spec", spec, *pasted) == 0
    assert "leaves nothing open" in line.out


def test_the_same_as_json(line: Line, spec: Path) -> None:
    assert line("test", "--dry", "--spec", spec, "--format", "json") == 0
    told = json.loads(line.out)
    assert {each["note"] for each in told["questions"]} >= {"x-tallystick-null", "get"}
    assert len(told["overlay"]["actions"]) == len(told["questions"])
    assert fragment(told["overlay"]["actions"]).startswith("- target: ")
