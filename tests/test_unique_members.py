"""A create that refuses what another item has beside its name: the suite varies it, and goes on."""

from __future__ import annotations

import json
from typing import Any

from tallystick.contract import build
from tallystick.document import parse
from tallystick.document.lift import lift
from tallystick_contracts.probes.oracle import Oracle
from tallystick_contracts.run import run
from tallystick_contracts.target import in_process
from tallystick_contracts.verdicts import Standing

DOCUMENT = """
openapi: 3.1.0
info: {title: Club, version: '1'}
paths:
  /members:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [email, nick]
              additionalProperties: false
              properties:
                email: {type: string, format: email}
                nick: {type: string, minLength: 1}
                age: {type: integer, minimum: 0, default: 30}
      responses:
        '201': {$ref: '#/components/responses/Member'}
        '400': {description: no}
        '409': {description: somebody has it}
  /members/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      responses:
        '200': {$ref: '#/components/responses/Member'}
        '404': {description: no}
components:
  responses:
    Member:
      description: The member.
      content:
        application/json:
          schema:
            type: object
            required: [id, email, nick, age]
            properties:
              id: {type: integer}
              email: {type: string, format: email}
              nick: {type: string}
              age: {type: integer}
"""


class Club:
    """A server on which no two members have one address or one nick."""

    def __init__(self, validator: Any) -> None:
        self.members: list[dict[str, Any]] = []
        self.validator = validator

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = (await receive())["body"]
        status, value = self.answer(scope, body)
        octets = b"" if value is None else json.dumps(value).encode()
        fields = [(b"content-type", b"application/json")] if octets else []
        await send({"type": "http.response.start", "status": status, "headers": fields})
        await send({"type": "http.response.body", "body": octets})

    def answer(self, scope: Any, body: bytes) -> tuple[int, Any]:
        parts = scope["path"].strip("/").split("/")
        if parts == ["members"] and scope["method"] == "POST":
            types = [v for k, v in scope["headers"] if k == b"content-type"]
            if not types or types[0].split(b";")[0].strip().lower() != b"application/json":
                return 400, None
            return self.create(body)
        if len(parts) == 2 and parts[0] == "members" and parts[1].isdigit():
            found = [each for each in self.members if str(each["id"]) == parts[1]]
            return (200, found[0]) if found and scope["method"] == "GET" else (404, None)
        return 404, None

    def create(self, body: bytes) -> tuple[int, Any]:
        try:
            given = json.loads(body, parse_constant=lambda _: int("x"))
            fits = self.validator(given)
        except (ValueError, RecursionError):
            return 400, None
        if not fits:
            return 400, None
        for name in ("email", "nick"):
            if any(each[name] == given[name] for each in self.members):
                return 409, None
        self.members.append({"id": len(self.members) + 1, "age": 30, **given})
        return 201, self.members[-1]


def test_the_rules_are_tried_all_the_same() -> None:
    contract = build(lift(parse(DOCUMENT, "club.yaml")))
    create = next(each for each in contract.operations if each.method == "POST")
    media = create.body.json if create.body else None
    assert media is not None
    assert media.schema is not None
    schema, judge = media.schema, Oracle(contract)
    target = in_process(contract, Club(lambda value: judge.fits(schema, value)), poll_budget=0.1)
    result = run(contract, target)
    target.close()
    missed = {v.rule: v.reason for v in result.verdicts if v.standing is Standing.NOT_REACHED}
    # Creates at the same time are told apart by values of their own, which may be taken.
    assert missed.keys() <= {"concurrent_creates_do_not_mix"}, missed
    held = {each.rule for each in result.verdicts if each.standing is Standing.HELD}
    assert {"absent_means_default", "created_values_can_be_read_back"} <= held
    assert [(v.rule, v.finding and v.finding.observation) for v in result.broken] == []
