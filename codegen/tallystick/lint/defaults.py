"""Lints of defaults: what absent means must be possible, and must not be sent."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import MISSING

from ..contract import Contract
from ..document import Json, join
from .judge import Case, refusals, shown
from .reach import bodies, reach
from .records import Spot


def default_refused(contract: Contract) -> Iterator[Spot]:
    """Defaults which their own schema refuses."""
    cases = [
        Case(owner, value, at)
        for owner, value, at in _defaults(contract)
        if value is not None or contract.schema(owner).nullable
    ]
    for refusal in refusals(contract, cases):
        where = f" at {join('', *refusal.path)}" if refusal.path else ""
        value = shown(refusal.case.value)
        yield Spot(
            refusal.pointer,
            f"the default {value} is refused by its schema{where}: {refusal.reason}",
        )


def default_null(contract: Contract) -> Iterator[Spot]:
    """Defaults of null where null is not admitted."""
    for owner, value, at in _defaults(contract):
        if value is None and not contract.schema(owner).nullable:
            yield Spot(at, "the default is null, which the schema does not admit")


def reset_trap(contract: Contract) -> Iterator[Spot]:
    """Optional properties of a PATCH body that have a default which is not null.

    Not inside arrays: those are replaced as a whole, and their items start anew.
    """
    for operation in contract.operations:
        if operation.method != "PATCH":
            continue
        for reached in reach(contract, bodies([operation]), items=False):
            for member in reached.schema.properties:
                is_trap = not member.required and not member.read_only
                if is_trap and member.default is not MISSING and member.default is not None:
                    yield Spot(
                        _default_pointer(contract, member.pointer),
                        f"{member.name!r} may be absent from a PATCH body and has the default "
                        f"{shown(member.default)}: a client that sends defaults resets it",
                    )


def required_default(contract: Contract) -> Iterator[Spot]:
    """Required properties that have a default."""
    for schema in contract.schemas.values():
        for member in schema.properties:
            if member.required and member.default is not MISSING:
                yield Spot(
                    _default_pointer(contract, member.pointer),
                    f"{member.name!r} is required, so its default {shown(member.default)} "
                    "never applies",
                )


def _defaults(contract: Contract) -> Iterator[tuple[str, Json, str]]:
    """Pointer of the schema, value and pointer of each default."""
    for pointer, schema in contract.schemas.items():
        if isinstance(schema.node, dict) and "default" in schema.node:
            yield pointer, schema.node["default"], join(pointer, "default")


def _default_pointer(contract: Contract, pointer: str) -> str:
    """Where the default of the property at ``pointer`` is written: there, or behind ``$ref``."""
    schema = contract.schema(pointer)
    while schema.ref is not None and not (
        isinstance(schema.node, dict) and "default" in schema.node
    ):
        schema = contract.schema(schema.ref)
    return join(schema.pointer, "default")
