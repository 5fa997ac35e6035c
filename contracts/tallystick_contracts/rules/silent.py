"""What the laws leave unsaid: for each operation and law without a case, the reason why."""

from __future__ import annotations

from collections.abc import Iterable

from tallystick.contract import Contract, Operation

from ..verdicts import Law, Standing, Subject, Verdict

_OF_BODIES = {
    Law.PRESENCE: "its body has no members",
    Law.NULL: "its body has no members",
    Law.DEFAULTS: "no member of its body has a default",
    Law.CLOSEDNESS: "its body holds no object",
    Law.TYPES: "its body has no members",
}
_OTHERS = {
    Law.ANSWERS: "it declares no answer",
    Law.UPDATES: "it is no update of an item",
    Law.READS: "no read shows what it does",
    Law.REFUSALS: "nothing that it could refuse leaves a trace",
    Law.CREDENTIALS: "it needs no credential",
    Law.ROUTING: "its path has no parameter",
}


def silent(contract: Contract, said: Iterable[tuple[str, Law]]) -> tuple[Verdict, ...]:
    """One verdict, not applicable, for each operation and law that is not among ``said``."""
    spoken = frozenset(said)
    return tuple(
        Verdict(
            "no_rule_applies",
            law,
            Subject(operation.key, operation.pointer),
            Standing.NOT_APPLICABLE,
            _reason(operation, law),
            tried=0,
        )
        for operation in contract.operations
        for law in Law
        if (operation.key, law) not in spoken
    )


def _reason(operation: Operation, law: Law) -> str:
    if law not in _OF_BODIES:
        return _OTHERS[law]
    if operation.body is None:
        return "it takes no body"
    return _OF_BODIES[law] if operation.body.json else "its body is not JSON"
