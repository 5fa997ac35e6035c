"""The contract notes (``x-tallystick-*``): read and checked in one place.

The vocabulary is documented in ``docs/overlay-vocabulary.md``.
"""

from __future__ import annotations

from collections.abc import Mapping

from tallystick.contract.records import NullConvention, Outcome, Poll
from tallystick.document import Document, Json, join
from tallystick.errors import DocumentError

NULL = "x-tallystick-null"
UPDATE = "x-tallystick-update"
POLL = "x-tallystick-poll"
OUTCOME = "x-tallystick-outcome"
GIVEN = "x-tallystick-given"
IDENTIFIES = "x-tallystick-identifies"
RESERVED = "x-tallystick-reserved"
PREFIX = "x-tallystick-prefix"
ENV = "x-tallystick-env"

VOCABULARY = frozenset({NULL, UPDATE, POLL, OUTCOME, GIVEN, IDENTIFIES, RESERVED, PREFIX, ENV})

_CONVENTIONS: dict[str, NullConvention] = {
    "unchanged": "unchanged",
    "cleared": "cleared",
    "refused": "refused",
}

Node = Mapping[str, Json]


def null_convention(document: Document, node: Node, pointer: str) -> NullConvention | None:
    """What null does to a property in an update, where it is declared."""
    value = node.get(NULL)
    if value is None:
        return None
    if isinstance(value, str) and value in _CONVENTIONS:
        return _CONVENTIONS[value]
    raise _bad(document, pointer, NULL, "one of unchanged, cleared, refused")


def replaced(document: Document, node: Node, pointer: str) -> bool:
    """Whether an update that sends an object replaces it whole, where that is declared."""
    value = node.get(UPDATE)
    if value is None or value == "merged":
        return False
    if value == "replaced":
        return True
    raise _bad(document, pointer, UPDATE, "one of merged, replaced")


def poll(document: Document, node: Node, pointer: str) -> Poll | None:
    """Where and within how many seconds an asynchronous effect becomes visible."""
    value = node.get(POLL)
    if value is None:
        return None
    if isinstance(value, dict):
        read, budget = value.get("read"), value.get("budget-seconds")
        number = None if isinstance(budget, bool) else budget
        if isinstance(read, str) and isinstance(number, int | float) and number > 0:
            return Poll(read, float(number))
    raise _bad(document, pointer, POLL, "{read: PATH, budget-seconds: NUMBER}")


def outcome(document: Document, node: Node, pointer: str) -> Outcome | None:
    """Which member of an answer says what became of an update, and with which words."""
    value = node.get(OUTCOME)
    if value is None:
        return None
    if isinstance(value, dict) and isinstance(member := value.get("member"), str):
        unchanged, accepted = _strings(value.get("unchanged")), _strings(value.get("accepted"))
        if unchanged is not None and accepted is not None:
            return Outcome(member, unchanged, accepted)
    raise _bad(document, pointer, OUTCOME, "{member: NAME, unchanged: [...], accepted: [...]}")


def values(document: Document, node: Node, pointer: str, key: str) -> tuple[Json, ...]:
    """A list of values, of ``x-tallystick-given`` or ``x-tallystick-reserved``."""
    value = node.get(key, [])
    if isinstance(value, list):
        return tuple(value)
    raise _bad(document, pointer, key, "a list of values")


def text(document: Document, node: Node, pointer: str, key: str) -> str | None:
    """A string, of ``x-tallystick-identifies``, ``-prefix`` or ``-env``."""
    value = node.get(key)
    if value is None or isinstance(value, str):
        return value
    raise _bad(document, pointer, key, "a string")


def _strings(value: Json) -> tuple[str, ...] | None:
    if value is None:
        return ()
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(str(each) for each in value)
    return None


def _bad(document: Document, pointer: str, key: str, expected: str) -> DocumentError:
    where = join(pointer, key)
    return DocumentError(
        f"a contract note must be {expected}",
        where=document.locate(where),
        pointer=where,
        hint="see docs/overlay-vocabulary.md",
    )
