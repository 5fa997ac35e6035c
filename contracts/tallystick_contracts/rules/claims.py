"""Expectations as data: what a rule says of the answers that it objects to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import MISSING

from tallystick.contract import Contract
from tallystick.document import Json, get, join
from tallystick.errors import DocumentError

from ..mirror import ITEM, Mirror
from ..probes.oracle import Complaint
from ..probes.places import Path
from ..probes.visible import picked
from ..verdicts import Claim, Kind


def refused(step: int = -1) -> Claim:
    """It is answered with 4xx."""
    return Claim(Kind.STATUS, step, value=["4XX"])


def accepted(step: int = -1) -> Claim:
    """It is answered with 2xx."""
    return Claim(Kind.STATUS, step, value=["2XX"])


def answered(step: int = -1) -> Claim:
    """It is answered, and not with 5xx."""
    return Claim(Kind.STATUS, step, value=["1XX", "2XX", "3XX", "4XX"])


def statuses(*patterns: str, step: int = -1) -> Claim:
    """The status is one of these."""
    return Claim(Kind.STATUS, step, value=list(patterns))


def reads(path: Path, value: Json, step: int = -1) -> Claim:
    """This value stands there."""
    return Claim(Kind.EQUALS, step, path, value)


def reads_one_of(path: Path, values: Sequence[Json | MISSING], step: int = -1) -> Claim:
    """One of these values stands there, or nothing does."""
    return Claim(Kind.ONE_OF, step, path, [each for each in values if each is not MISSING])


def reads_none_of(path: Path, values: Sequence[Json], step: int = -1) -> Claim:
    """None of these values stands there."""
    return Claim(Kind.NONE_OF, step, path, list(values))


def shows(mirror: Mirror, body: Json, step: int = -1) -> Claim:
    """The answer shows at a mirrored place what a body said."""
    sent = picked(body, mirror.request)
    if not mirror.comparable:
        items = sent[0] if sent else MISSING
        return Claim(
            Kind.LENGTH, step, mirror.response, len(items) if isinstance(items, list) else 0
        )
    if ITEM in mirror.response:
        return reads(mirror.response, [None if each is MISSING else each for each in sent], step)
    return reads(mirror.response, None if sent[0] is MISSING else sent[0], step)


def same(path: Path, of: int, of_path: Path | None = None, step: int = -1) -> Claim:
    """There stands what another step answered, at the same place if no other is named."""
    return Claim(Kind.SAME, step, path, None, of, path if of_path is None else of_path)


def listed(key: str, value: Json) -> Claim:
    """The list of the answer shows the item of this key once."""
    return Claim(Kind.LISTED, -1, (key,), value)


def unlisted(key: str, value: Json) -> Claim:
    """The list of the answer shows no item of this key."""
    return Claim(Kind.UNLISTED, -1, (key,), value)


def listed_same(key: str, value: Json, member: str, of: int) -> Claim:
    """The list shows a member of the item of this key as another step does."""
    return Claim(Kind.LISTED_SAME, -1, (key,), value, of, (member,))


# --- answers against their schema --------------------------------------------------------------


def fits(contract: Contract, complaint: Complaint) -> tuple[Claim, ...]:
    """What refused an answer, as a schema that stands alone; none where it cannot."""
    schema = _alone(contract, complaint)
    return (Claim(Kind.FITS, -1, complaint.path, schema),) if schema else ()


def _alone(contract: Contract, complaint: Complaint) -> dict[str, Json]:
    owner, _, keyword = complaint.pointer.rpartition("/")
    try:
        node = get(contract.document.data, owner)
    except DocumentError:
        return {}
    if not isinstance(node, Mapping) or keyword not in node:
        return {}
    value = node[keyword]
    if keyword in ("additionalProperties", "unevaluatedProperties") and value is False:
        found = contract.schemas.get(owner)
        if found is None:
            return {}
        known: dict[str, Json] = {each.name: True for each in found.properties}
        return {"properties": known, "additionalProperties": False}
    if keyword in ("anyOf", "oneOf", "$ref", "allOf"):
        schema = _inlined(contract, owner, frozenset())
        return schema if isinstance(schema, dict) else {}
    return {keyword: value} if isinstance(value, str | int | float | bool) or _flat(value) else {}


def _flat(value: Json) -> bool:
    return isinstance(value, list) and not any(isinstance(each, dict | list) for each in value)


_BELOW = ("anyOf", "oneOf", "allOf", "items", "properties", "additionalProperties")
_PLAIN = (
    "type",
    "enum",
    "const",
    "required",
    "format",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
)


def _inlined(contract: Contract, pointer: str, seen: frozenset[str]) -> Json:
    """A schema without references; True below a schema that contains itself."""
    schema = contract.schemas.get(pointer)
    if schema is None or pointer in seen or len(seen) > 12:
        return True
    if isinstance(schema.node, bool):
        return schema.node
    seen = seen | {pointer}
    node: dict[str, Json] = {key: schema.node[key] for key in _PLAIN if key in schema.node}
    if schema.ref is not None:
        node["allOf"] = [_inlined(contract, schema.ref, seen)]
    for key in _BELOW:
        below = schema.node.get(key)
        if key == "properties" and isinstance(below, dict):
            node[key] = {name: _inlined(contract, join(pointer, key, name), seen) for name in below}
        elif isinstance(below, list) and key in ("anyOf", "oneOf", "allOf"):
            parts = [_inlined(contract, join(pointer, key, n), seen) for n in range(len(below))]
            node[key] = [*_list(node.get(key)), *parts]
        elif isinstance(below, dict | bool):
            node[key] = _inlined(contract, join(pointer, key), seen)
    return node


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
