"""What to do about a change that breaks something, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from ..kinds import KINDS
from ..python.records import PythonChange
from ..records import Change
from ..show.escaped import code
from ..show.json_text import one_line
from ..show.words import several

SHORT = 160
"""Characters of an example that still stands in a line."""
METHODS = 12
"""How many methods of a new resource are named."""


def python_advice(change: PythonChange) -> Iterator[str]:
    """What to do about a changed name, what it was, and what a new one has."""
    argument, member = change.name.endswith(")"), change.name.count(".") == 2
    match change.kind:
        case "removed" if change.after is None:
            yield "Leave it out." if argument else "Nothing took its place."
        case "added" if change.severity == "breaking":
            where = "wherever the object is made" if member and not argument else "in every call"
            yield f"Give it {where}: {_cut(change.after or '')}."
        case "added" if change.name.startswith("client.") and change.after and not argument:
            if not change.after.startswith("("):
                names = [code(each) for each in change.after.split(", ")]
                yield f"It has {several(names, METHODS)}."
        case "changed" if change.before and change.after:
            yield f"It was {_cut(change.before)}, it is {_cut(change.after)}."
        case _:
            pass


def wire_advice(change: Change, heading: str) -> Iterator[str]:
    """What to do about a change of what travels, with an example that shows it."""
    if heading == "Fixed":
        yield "This package reads it; the one before refused it."
    if change.severity["hand-written client"] != "breaking":
        return
    if heading == "Fixed":
        yield "Who talks to the API by hand must be ready for it."
        return
    yield _action(change)
    for each in change.witnesses[:1]:
        text = one_line(each.value)
        if len(text) <= SHORT:
            yield f"For example, {each.claim}: {code(text)}."


def _action(change: Change) -> str:
    """What a client has to do."""
    kind = change.kind
    narrows = KINDS[kind].effect in ("narrowed", "changed")
    if change.direction == "response" or not narrows:
        return "Be ready for it."
    if kind.endswith("operation-removed"):
        return "Do not call it."
    if kind.startswith(("security-", "scope-")):
        return "Send the credential that is asked for."
    if kind.startswith("required-") or kind.endswith("-required"):
        return "Always send it."
    if kind.endswith(("-removed", "-refused")):
        return "Do not send it."
    return "Send only what it takes now."


def _cut(text: str) -> str:
    return code(text if len(text) <= SHORT else f"{text[:SHORT]}…")
