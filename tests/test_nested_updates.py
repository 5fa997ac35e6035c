"""A nested object whose members have two values each: the update that prepares a case is judged too."""

from __future__ import annotations

from pathlib import Path

from tallystick.contract import build
from tallystick.document import load
from tallystick_contracts.run import plan, run
from tallystick_contracts.sandbox import sandbox
from tallystick_contracts.target import in_process

DOCUMENT = """
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /things:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
      responses: {'201': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}, '400': {description: bad}}
  /things/{name}:
    parameters: [{name: name, in: path, required: true, schema: {type: string}}]
    get:
      responses: {'200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}, '404': {description: none}}
    patch:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Change'}}}}
      responses: {'200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}, '404': {description: none}, '400': {description: bad}}
components:
  schemas:
    Inner: {type: object, additionalProperties: false, properties: {on: {type: boolean}, off: {type: boolean}}}
    Change: {type: object, additionalProperties: false, properties: {inner: {$ref: '#/components/schemas/Inner'}}}
    Thing:
      type: object
      additionalProperties: false
      required: [name]
      properties: {name: {type: string, minLength: 1}, inner: {$ref: '#/components/schemas/Inner'}}
"""


def spots(folder: Path, *faults: str) -> list[str]:
    path = folder / "nested.yaml"
    path.write_text(DOCUMENT)
    contract = build(load(path))
    target = in_process(contract, sandbox(contract, key="k", faults=faults), key="k")
    try:
        result = run(contract, target, cases=tuple(plan(contract)))
    finally:
        target.close()
    return [v.rule for v in result.broken if v.rule == "other_members_do_not_move"]


def test_every_state_shows_that_the_object_is_replaced(tmp_path: Path) -> None:
    assert spots(tmp_path) == []
    assert len(spots(tmp_path, "nested_replaced")) == 4  # two members, two values each
