"""Null in a create, where an overlay says what it does: stored, the same as absent, or refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tallystick.contract import Contract, build
from tallystick.document import parse
from tallystick.document.lift import lift
from tallystick_contracts.run import plan, run
from tallystick_contracts.target import in_process

RULE = "null_in_a_create_follows_its_convention"
DOCUMENT = """
openapi: 3.1.0
info: {title: Books, version: '1'}
paths:
  /books:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [title]
              properties:
                title: {type: string}
                language: {type: [string, 'null'], default: en, x-tallystick-null: NOTE}
      responses: {'201': {$ref: '#/components/responses/Book'}, '400': {description: no}}
  /books/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      responses: {'200': {$ref: '#/components/responses/Book'}, '404': {description: no}}
components:
  responses:
    Book:
      description: The book.
      content:
        application/json:
          schema:
            type: object
            required: [id, title, language]
            properties:
              id: {type: integer}
              title: {type: string}
              language: {type: [string, 'null']}
"""

Create = Callable[[dict[str, Any]], str | None]
"""What becomes of the language; ``refuse`` for a refusal."""


def keeps(body: dict[str, Any]) -> str | None:
    language: str | None = body.get("language", "en")
    return language


def defaults(body: dict[str, Any]) -> str | None:
    return body.get("language") or "en"


def refuses(body: dict[str, Any]) -> str | None:
    return "refuse" if body.get("language", "en") is None else keeps(body)


def books(create: Create) -> Any:
    kept: list[dict[str, Any]] = []

    def answer(scope: Any, body: bytes) -> tuple[int, Any]:
        name = scope["path"].removeprefix("/books").strip("/")
        if scope["method"] == "POST" and not name:
            given = json.loads(body)
            language = create(given)
            if language == "refuse":
                return 400, {}
            kept.append({"id": len(kept) + 1, "title": given["title"], "language": language})
            return 201, kept[-1]
        found = [each for each in kept if str(each["id"]) == name]
        return (200, found[0]) if found else (404, {})

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            status, value = answer(scope, (await receive())["body"])
            fields = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": status, "headers": fields})
            await send({"type": "http.response.body", "body": json.dumps(value).encode()})

    return app


def contract(note: str) -> Contract:
    return build(lift(parse(DOCUMENT.replace("NOTE", note), "books.yaml")))


@pytest.mark.parametrize(
    ("note", "create", "observed"),
    [
        ("cleared", keeps, None),
        ("cleared", defaults, 'It reads "en".'),
        ("unchanged", defaults, None),
        ("unchanged", keeps, "It reads null."),
        ("refused", refuses, None),
        ("refused", keeps, "It was accepted: the answer was 201."),
    ],
)
def test_null_does_what_is_declared(note: str, create: Create, observed: str | None) -> None:
    made = contract(note)
    target = in_process(made, books(create), poll_budget=0.1)
    result = run(made, target, cases=[each for each in plan(made) if each.rule.name == RULE])
    target.close()
    own = [each for each in result.verdicts if each.rule == RULE]
    assert [each.finding and each.finding.observation for each in own] == [observed]


def test_without_a_note_nothing_is_promised() -> None:
    made = build(lift(parse(DOCUMENT.replace(", x-tallystick-null: NOTE", ""), "books.yaml")))
    assert RULE not in {each.rule.name for each in plan(made)}
