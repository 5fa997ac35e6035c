"""What a comparison said, held against what it has to say."""

from __future__ import annotations

from tallystick.evolve import Change, Comparison

from .records import Named


def told(comparison: Comparison) -> str:
    """Every change on a line, for the message of a test that failed."""
    lines = [
        f"  {each.kind} [{each.direction}] {each.old} -> {each.new} {dict(each.severity)}"
        f" {each.operations}: {each.sentence}"
        for each in comparison.changes
    ]
    return "\n".join(lines) or "  nothing"


def names_exactly(comparison: Comparison, named: Named) -> Change:
    """The one change of a comparison, which has to be this one."""
    said = f"expected {named}, found\n{told(comparison)}"
    assert len(comparison.changes) == 1, said
    change = comparison.changes[0]
    assert change.kind == named.kind, said
    assert change.direction == named.direction, said
    assert dict(change.severity) == dict(named.severity), said
    assert change.old or change.new, said
    assert (change.old is None) if not named.old else _at(change.old, named.old), said
    assert (change.new is None) if not named.new else _at(change.new, named.new), said
    assert change.operations == named.operations, said
    return change


def _at(pointer: str | None, among: tuple[str, ...]) -> bool:
    # Where the other document has no such member, None says so; of a schema, the keyword that makes
    # a union of it may be named.
    plain = pointer and pointer.removesuffix("/type").removesuffix("/anyOf").removesuffix("/oneOf")
    return pointer is None or pointer in among or plain in among
