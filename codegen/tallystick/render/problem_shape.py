"""How the generated server writes its refusals: a rule that any document can follow."""

from __future__ import annotations

from tallystick.contract import Contract, Media, Operation
from tallystick.jinja import Code, literal

MEMBERS = ("code", "message")


def problem_shape(contract: Contract) -> Code:
    """The shape of refusals.

    Where every JSON body that the document declares for 4xx is an object which
    ``{"code": ..., "message": ...}`` satisfies, and there is one, refusals have it, with the media
    type of the first. Else they are ``application/problem+json`` (RFC 9457).
    """
    declared = [media for each in contract.operations for media in _refusals(each)]
    if declared and all(_satisfied(contract, media) for media in declared):
        media_type = literal(declared[0].media_type)
        return Code(f"Shape({media_type}, {literal(MEMBERS)})")
    return Code("Shape()")


def _refusals(operation: Operation) -> list[Media]:
    answers = [each for each in operation.responses if each.status.startswith("4")]
    return [each.json for each in answers if each.json is not None]


def _satisfied(contract: Contract, media: Media) -> bool:
    if media.schema is None:
        return False
    schema = contract.core(media.schema)
    if schema.types != frozenset({"object"}) or schema.branches:
        return False
    if any(member.required and member.name not in MEMBERS for member in schema.properties):
        return False
    found = [schema.property(name) for name in MEMBERS]
    return all(member is not None and _any_text(contract, member.pointer) for member in found)


def _any_text(contract: Contract, pointer: str) -> bool:
    """Whether a schema admits every short text."""
    schema = contract.core(pointer)
    node = schema.node if isinstance(schema.node, dict) else {}
    narrowing = {"enum", "const", "pattern", "format", "maxLength", "not", "allOf"}
    return "string" in schema.types and not narrowing & set(node)
