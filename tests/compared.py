"""A comparison made by hand: two small documents, and changes of every sort between them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tallystick.contract import Contract, build
from tallystick.document import Json, load
from tallystick.evolve import (
    KINDS,
    READERS,
    Change,
    Comparison,
    Direction,
    Spot,
    Witness,
    severities,
)
from tallystick.evolve.python.records import PythonChange
from tallystick.evolve.release.verdict import Verdict
from tallystick.evolve.show import View

OLD = """\
openapi: 3.1.0
info: {title: Things, version: 1.4.0}
servers: [{url: "https://things.example"}]
paths:
  /v1/things:
    get:
      operationId: list
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 1000}}
      responses:
        "200":
          description: all of them
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Thing"}}
    post:
      operationId: create
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Thing"}
      responses:
        "201":
          description: made
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Thing"}
  /v1/things/{id}:
    delete:
      operationId: remove
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        "204": {description: gone}
components:
  schemas:
    Thing:
      type: object
      required: [name]
      properties:
        name:
          type: string
          maxLength: 64
        size:
          type: object
          properties:
            width: {type: integer, minimum: 0}
            depth: {type: integer, minimum: 0}
        state:
          type: string
          enum:
            - new
            - used
        colour:
          type: string
          default: grey
"""

_EDITS = (
    ("version: 1.4.0", "version: 2.0.0"),
    ("type: integer, maximum: 1000", "type: integer, maximum: 500"),
    ("maxLength: 64", "maxLength: 32"),
    ("- used\n", "- used\n            - broken\n"),
    ("default: grey", "default: black"),
    ("width: {type: integer, minimum: 0}", "width: {type: [integer, 'null'], minimum: 0}"),
)
_THING = "#/components/schemas/Thing"
_POST, _LIST = "POST /v1/things", "GET /v1/things"
_BODY = Spot(_POST, "request body application/json", "request")
_ANSWER = Spot(_LIST, "answer 200 application/json", "response")


def contract(path: Path, text: str) -> Contract:
    """The contract of a document."""
    path.write_text(text, encoding="utf-8")
    return build(load(path))


def new_text() -> str:
    """The new edition."""
    text = OLD
    for before, after in _EDITS:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    start, end = text.index("  /v1/things/{id}"), text.index("components:")
    return text[:start] + text[end:]


def change(kind: str, direction: Direction, sentence: str, **more: object) -> Change:
    """A change with the severities of its kind."""
    fields: dict[str, object] = {
        "old": None,
        "new": None,
        "operations": (_POST,),
        "severity": severities(KINDS[kind], direction),
        "proof": "structure",
    }
    return Change(kind=kind, direction=direction, sentence=sentence, **{**fields, **more})  # type: ignore[arg-type]


def comparison(folder: Path, text: str = "") -> Comparison:
    """The two documents compared.

    Args:
        folder: where the documents are written.
        text: stands in every text of the changes.
    """
    old, new = contract(folder / "old.yaml", OLD), contract(folder / "new.yaml", new_text())
    return Comparison(old, new, tuple(_changes(text)), tuple(_notes(text)))


def _changes(text: str) -> list[Change]:
    name, state = f"{_THING}/properties/name", f"{_THING}/properties/state"
    colour, width = f"{_THING}/properties/colour", f"{_THING}/properties/size/properties/width"
    gone: Mapping[object, str] = {
        "typed client": "breaking",
        "hand-written client": "breaking",
        "server": "compatible",
    }
    limit = "#/paths/~1v1~1things/get/parameters/0/schema"
    long: Json = {"name": "x" * 33, "size": {"width": 1}, f"note{text}": text}
    return [
        change(
            "bound-narrowed", "request", f"A name has at most 32 characters, no longer 64{text}",
            old=name, new=name, before=64, after=32, proof="witness",
            where=f"{_POST}, request body, name{text}",
            witnesses=(Witness(_BODY, long, "#/name", "old"),),
        ),
        change(
            "enum-value-added", "response", f"A state may be 'broken' as well{text}",
            old=state, new=state, operations=(_LIST, _POST), before=["new", "used"],
            after=["new", "used", "broken"], proof="witness", where=f"{_LIST}, answer 200, state",
            witnesses=(Witness(_ANSWER, [{"name": "a", "state": "broken"}], "#/0/state", "new"),),
        ),
        change(
            "null-admitted", "both", f"The width may be null{text}", old=width, new=width,
            operations=tuple(f"GET /v1/things/{n}{text}" for n in range(9)),
            where="size.width", severity=severities(KINDS["null-admitted"], "response"),
        ),
        change(
            "member-refused", "request", f"Things cannot be deleted any more{text}",
            old="#/paths/~1v1~1things~1{id}/delete", operations=("DELETE /v1/things/{id}",),
            severity=gone, where="DELETE /v1/things/{id}",
        ),
        change(
            "default-changed", "request", f"A thing without a colour is black, no longer grey{text}",
            old=colour, new=colour, before=f"grey{text}", after="black",
            where=f"{_POST}, request body, colour",
        ),
        change(
            "bound-narrowed", "request", f"A page has at most 500 things{text}", old=limit,
            new=limit, proof="search", tries=200, operations=(_LIST,), before=1000, after=500,
            severity=dict.fromkeys(("typed client", "hand-written client", "server"), "compatible"),
            where=f"{_LIST}, query parameter limit",
        ),
    ]  # fmt: skip


def _notes(text: str) -> list[Change]:
    note = dict.fromkeys(("typed client", "hand-written client", "server"), "compatible")
    return [
        change(
            "pattern-changed", "both", f"The description is another{text}", old=_THING, new=_THING,
            severity=note, where=f"Thing{text}",
        )
    ]  # fmt: skip


def python(text: str = "") -> list[PythonChange]:
    """What changed in the package."""
    signature = f"(self, id: str{text}) -> None"
    return [
        PythonChange("removed", f"client.things.remove{text}", signature, None, "breaking", f"went{text}"),
        PythonChange("changed", "models.Thing.state", "Literal['new']", "str", "risky", "is wider"),
        PythonChange("added", "models.Size", None, "class", "compatible", "came"),
    ]  # fmt: skip


def view(folder: Path, text: str = "", package: str | None = None) -> View:
    """All of it, as it is shown to everybody."""
    given, changes = comparison(folder, text), python(text if package is None else package)
    release = verdict(given, changes)
    return View(given, READERS, True, tuple(changes), release, folder)


def verdict(given: Comparison, python: list[PythonChange]) -> Verdict:
    """What to release."""
    return Verdict("major", "minor", (given.changes[0], given.changes[1], python[0]))
