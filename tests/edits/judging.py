"""A judge of its own: values against the schemas of a document, with nothing of the comparison."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias
from urllib.parse import quote

import jsonschema_rs

from tallystick.contract import Contract, Operation, directed
from tallystick.document import Json, split
from tallystick.evolve import Change, Comparison, Spot, Witness


class Judge:
    """Says whether a value is valid where a schema of one contract stands."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._documents = {
            each: jsonschema_rs.Registry([(f"urn:{each}", directed(contract, each))])
            for each in ("request", "response")
        }
        self._known: dict[tuple[str, str], jsonschema_rs.Draft202012Validator] = {}

    def validator(self, direction: str, pointer: str) -> jsonschema_rs.Draft202012Validator:
        """What checks values of the schema at ``pointer``, as requests or answers."""
        found = self._known.get((direction, pointer))
        if found is None:
            there = f"urn:{direction}#{quote(pointer[1:], safe='/~')}"
            found = self._known[direction, pointer] = jsonschema_rs.Draft202012Validator(
                {"$ref": there},
                registry=self._documents[direction],
                validate_formats=True,
                offline=True,
            )
        return found

    def at(self, spot: Spot) -> jsonschema_rs.Draft202012Validator:
        """The same, for what travels at a spot."""
        pointer = schema_at(self.contract, spot.operation, spot.part)
        assert pointer is not None, spot
        return self.validator(spot.direction, pointer)


def spots(operation: Operation) -> Iterator[tuple[str, str, str]]:
    """Of an operation, each direction, part, and the schema of what travels there."""
    for each in operation.parameters:
        yield "request", f"{each.location} parameter {each.name}", each.schema
    for media in operation.body.content if operation.body else ():
        if media.schema is not None:
            yield "request", f"request body {media.media_type}", media.schema
    for answer in operation.responses:
        for media in answer.content:
            if media.schema is not None:
                yield "response", f"answer {answer.status} {media.media_type}", media.schema


def found(contract: Contract, key: str) -> Operation | None:
    """The operation that goes by this method and path, whatever its path parameters are called."""
    every = (*contract.operations, *contract.incoming)
    exact = (each for each in every if each.key == key)
    alike = (each for each in every if _nameless(each.key) == _nameless(key))
    return next(exact, None) or next(alike, None)


def schema_at(contract: Contract, key: str, part: str) -> str | None:
    """The pointer of the schema at a part of an operation."""
    operation = found(contract, key)
    if operation is None:
        return None
    every = [(name, pointer) for _, name, pointer in spots(operation)]
    exact = next((pointer for name, pointer in every if name.lower() == part.lower()), None)
    return exact


def _nameless(key: str) -> str:
    parts = key.split("{")
    return "{".join([parts[0], *(each[each.find("}") :] for each in parts[1:])])


def unproved(comparison: Comparison, *, smallest: bool = True) -> Iterator[str]:
    """What is wrong with the witnesses of a comparison, a line each.

    Args:
        smallest: whether nothing of a witness may be superfluous. Where many changes stand in one
            object, what is left without a member shows another one.
    """
    old, new = Judge(comparison.old), Judge(comparison.new)
    for change in comparison.changes:
        for witness in change.witnesses:
            # A witness of a whole request or of a header is of no schema of the document.
            ends = [
                schema_at(each, witness.spot.operation, witness.spot.part)
                for each in (comparison.old, comparison.new)
            ]
            if None in ends:
                yield from _wrong_whole(change, witness, old if witness.valid_in == "old" else new)
                continue
            yield from _wrong(change, witness, (old, new), smallest)


def _wrong(
    change: Change, witness: Witness, judges: tuple[Judge, Judge], smallest: bool
) -> Iterator[str]:
    old, new = judges
    valid, other = (old, new) if witness.valid_in == "old" else (new, old)
    line = f"{change.id}: {witness.value!r} at {witness.at!r} in {witness.spot}"
    if not valid.at(witness.spot).is_valid(witness.value):
        yield f"{line} is refused by the {witness.valid_in} contract"
        return
    if other.at(witness.spot).is_valid(witness.value):
        yield f"{line} is admitted by both"
        return
    reasons = _reasons(other, witness, witness.value)
    for smaller in removals(witness.value) if smallest else ():
        if valid.at(witness.spot).is_valid(smaller):
            shown = _reasons(other, witness, smaller)
            if _there(shown, witness) and shown <= reasons:
                yield f"{line} is larger than {smaller!r}"
                return


def _wrong_whole(change: Change, witness: Witness, judge: Judge) -> Iterator[str]:
    """A request or answer as a whole: its body is one, and no other witness is the same."""
    same = [each for each in change.witnesses if each.value == witness.value]
    # The same members of a form are another text in each contract, which the sentence shows.
    if {each.valid_in for each in same} == {"old", "new"} and change.kind != "encoding-changed":
        yield f"{change.id}: {witness.value!r} is said to be valid before only, and after only"
    whole = witness.value
    if not isinstance(whole, dict) or "body" not in whole:
        return
    headers = whole.get("headers")
    written = headers.get("Content-Type") if isinstance(headers, dict) else None
    part = f"{_WHOLE[witness.spot.part]} {written}".replace("STATUS", str(whole.get("status")))
    pointer = schema_at(judge.contract, witness.spot.operation, part)
    if pointer and not judge.validator(witness.spot.direction, pointer).is_valid(whole["body"]):
        yield f"{change.id}: {whole['body']!r} is no body of {witness.spot}"


_WHOLE = {"request": "request body", "answer": "answer STATUS"}
_Reason: TypeAlias = tuple[tuple[str, ...], str]


def _there(reasons: set[_Reason], witness: Witness) -> bool:
    """Whether one of them is at the place that the witness points to, or names it from above."""
    at = split(f"#{witness.at}")
    if not at:
        return bool(reasons)
    above = (path == at[:-1] and at[-1] in message for path, message in reasons)
    return any(path[: len(at)] == at for path, _ in reasons) or any(above)


def _reasons(judge: Judge, witness: Witness, value: Json) -> set[_Reason]:
    """Where a value is refused, and what is said of it."""
    return {
        (tuple(map(str, error.instance_path)), error.message)
        for error in judge.at(witness.spot).iter_errors(value)
    }


def removals(value: Json) -> Iterator[Json]:
    """The value with one member or one item less, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {name: each for name, each in value.items() if name != key}
            for less in removals(inner):
                yield {**value, key: less}
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield [*value[:index], *value[index + 1 :]]
            for less in removals(inner):
                yield [*value[:index], less, *value[index + 1 :]]


def shown(comparison: Comparison, *, smallest: bool = True) -> None:
    """Assert that every break has an example, and that every example is one."""
    wrong = list(unproved(comparison, smallest=smallest))
    assert not wrong, wrong
    lacking = {each.id: list(without_proof(each)) for each in comparison.changes}
    assert not any(lacking.values()), lacking


def without_proof(change: Change) -> Iterator[str]:
    """The readers whom a change breaks with no witness that shows it."""
    shown = {(w.spot.direction == "request") == (w.valid_in == "old") for w in change.witnesses}
    # True: what a client does, or will get, fails; False: what a server does, or will get.
    if "breaking" in (change.severity["typed client"], change.severity["hand-written client"]):
        yield from () if True in shown else ("clients",)
    if change.severity["server"] == "breaking":
        yield from () if False in shown else ("servers",)
