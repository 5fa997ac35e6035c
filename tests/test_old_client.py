"""What users of an old client see: refusals, answers that it cannot read, promises that changed."""

from __future__ import annotations

from pathlib import Path

from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick.evolve.compare import compare
from tallystick_contracts.old_client import Use, uses

SHELVES = """
openapi: 3.1.0
info: {title: Shelves, version: "1"}
paths:
  /books:
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}
      responses:
        '201':
          description: The book.
          content: {application/json: {schema: {$ref: '#/components/schemas/Kept'}}}
  /books/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
    get:
      responses:
        '200':
          description: The book.
          content: {application/json: {schema: {$ref: '#/components/schemas/Kept'}}}
components:
  schemas:
    Book:
      type: object
      required: [title]
      properties:
        title: {type: string}
        pages: {type: integer, default: 100}
        lent: {type: [boolean, 'null'], default: null}
    Kept:
      type: object
      required: [id, title, pages]
      properties:
        id: {type: string}
        title: {type: string}
        pages: {type: integer}
        state: {type: string, enum: [NEW, OLD]}
"""


def contract(folder: Path, name: str, *edits: tuple[str, str]) -> Contract:
    text = SHELVES
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    (folder / f"{name}.yaml").write_text(text)
    return build(load(folder / f"{name}.yaml"))


def seen(folder: Path, *edits: tuple[str, str]) -> dict[str, Use]:
    """What users see of each operation after the edits."""
    old, new = contract(folder, "old"), contract(folder, "new", *edits)
    found = uses(
        old,
        new,
        "shelves_before",
        folder / "before",
        key="key",
        budget=60.0,
        comparison=compare(old, new),
    )
    return {each.operation: each for each in found.operations}


def test_where_nothing_changed_everything_works(tmp_path: Path) -> None:
    found = seen(tmp_path)
    assert list(found) == ["POST /books", "GET /books/{id}"]
    assert all(each.works for each in found.values())


def test_a_request_that_is_taken_no_longer_is_refused(tmp_path: Path) -> None:
    found = seen(tmp_path, ("required: [title]", "required: [title, pages]"))
    trouble, ahead = found["POST /books"].troubles
    assert (trouble.kind, ahead.kind) == ("refused", "may be refused")
    assert trouble.steps[-1].answer.status == 400
    assert b"pages" not in (trouble.steps[-1].request.body or b"")
    assert found["GET /books/{id}"].works


def test_an_operation_that_went_fails_and_an_answer_that_may_come_is_foreseen(
    tmp_path: Path,
) -> None:
    edits = ("  /books/{id}:", "  /volumes/{id}:"), ("enum: [NEW, OLD]", "enum: [NEW, OLD, LOST]")
    found = seen(tmp_path, *edits)
    gone = found["GET /books/{id}"].troubles[0]
    assert gone.sentence == "the operation is gone"
    assert gone.steps[-1].answer.status == 404
    (step,) = (t.steps for t in found["POST /books"].troubles if t.kind == "may be unreadable")
    assert b'"LOST"' in step[-1].answer.body


def test_an_answer_of_another_type_cannot_be_read(tmp_path: Path) -> None:
    edit = ("pages: {type: integer}\n        state", "pages: {type: string}\n        state")
    found = seen(tmp_path, edit)
    troubles = {each.kind: each for each in found["POST /books"].troubles}
    assert "pages" in troubles["unreadable"].sentence
    assert troubles["unreadable"].steps[-1].answer.accepted


def test_an_absent_member_that_means_another_value_is_told(tmp_path: Path) -> None:
    found = seen(tmp_path, ("default: 100", "default: 250"))
    (trouble,) = found["POST /books"].troubles
    assert trouble.kind == "different"
    assert trouble.sentence == "/pages: Left out, /pages reads 250; spelled out, 100."
