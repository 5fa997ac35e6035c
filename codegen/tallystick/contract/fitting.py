"""Contract notes that name something else in the document: what they name must be there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tallystick.contract import notes
from tallystick.contract.records import Operation, Schema
from tallystick.contract.types import type_of
from tallystick.document import Document, has, join
from tallystick.errors import DocumentError


def check_notes(
    document: Document, operations: Iterable[Operation], schemas: Mapping[str, Schema]
) -> None:
    """Refuse a note that leads nowhere: it would be ignored in silence.

    Raises:
        DocumentError: a poll reads what has no GET, an outcome is told by a member that no answer
            has, or a given value is of a type that its parameter does not admit.
    """
    every = tuple(operations)
    readable = {each.path for each in every if each.method == "GET"}
    for operation in every:
        if operation.poll and operation.poll.read not in readable:
            where = join(operation.pointer, notes.POLL, "read")
            raise _wrong(document, where, f"{operation.poll.read} has no GET operation")
        if operation.outcome and operation.outcome.member not in _answered(operation, schemas):
            where = join(operation.pointer, notes.OUTCOME, "member")
            raise _wrong(document, where, f"no answer has a member {operation.outcome.member!r}")
        for parameter in operation.parameters:
            types = schemas[parameter.schema].types
            odd = [value for value in parameter.given if type_of(value) not in types]
            if odd and has(document.data, join(parameter.pointer, notes.GIVEN)):
                where = join(parameter.pointer, notes.GIVEN)
                raise _wrong(document, where, f"{odd[0]!r} is not of the parameter's type")


def _answered(operation: Operation, schemas: Mapping[str, Schema]) -> set[str]:
    """The members of the successful JSON answer."""
    media = operation.success.json if operation.success else None
    schema = schemas[media.schema] if media and media.schema else None
    while schema is not None and schema.ref is not None:
        schema = schemas[schema.ref]
    return {member.name for member in schema.properties} if schema else set()


def _wrong(document: Document, pointer: str, what: str) -> DocumentError:
    hint = "see docs/overlay-vocabulary.md"
    return DocumentError(what, where=document.locate(pointer), pointer=pointer, hint=hint)
