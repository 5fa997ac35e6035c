"""A change in words: where it stands, how bad it is and for whom, how it was proved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from tallystick.document import split

from ..kinds import KINDS
from ..python.records import PythonChange
from ..records import READERS, SEVERITIES, Change, Severity, Witness
from .view import CLIENTS, View

API = "the whole API"

_AND_MORE = re.compile(r" \(and \d+ more\)$")
"""The other operations are named, and counted, apart."""


def place(change: Change) -> str:
    """The heading that a change stands under: a component, an operation, or the whole API."""
    match split(_pointer(change)):
        case ("components", "schemas", name, *_):
            return name
        case ("components", kind, name, *_):
            return f"{name} (components/{kind})"
        case ("paths", path, *_) if len(change.operations) != 1:
            return path
        case _:
            return change.operations[0] if len(change.operations) == 1 else API


def in_component(change: Change) -> bool:
    """Whether a change stands in a component, which many operations may use."""
    return _pointer(change).startswith("#/components/")


def short(change: Change) -> str:
    """The place of a change in a list of many: ``Plant.height``, or the operation and what of it."""
    match split(_pointer(change)):
        case ("components", "schemas", name, *tokens):
            members = [below for keyword, below in pairwise(tokens) if keyword == "properties"]
            known = members[-1:] == [change.name] or not change.name
            return ".".join((name, *members, *(() if known else (change.name,))))
        case _:
            return whereabouts(change)[0]


def whereabouts(change: Change) -> tuple[str, list[str]]:
    """The place of a change in words, and the other operations that it touches."""
    if not change.operations:
        return change.where or API, []
    where = _AND_MORE.sub("", change.where)
    own, _, _ = where.partition(", ")
    if own in change.operations:
        return where, [each for each in change.operations if each != own]
    first, *others = change.operations
    return f"{first}, {_part(change)}", others


def _part(change: Change) -> str:
    """What of an operation it is, where nobody said so."""
    spots = [w.spot for w in change.witnesses if w.spot.operation == change.operations[0]]
    parts = dict.fromkeys(each.part.removesuffix(" application/json") for each in spots)
    told = {"request": "request", "response": "answer", "both": "request and answer"}
    enough = len(parts) == (2 if change.direction == "both" else 1)
    return " and ".join(parts) if enough else told[change.direction]


def names(changes: Iterable[Change]) -> list[str]:
    """The places of changes, each once."""
    return list(dict.fromkeys(short(each) for each in changes))


def in_short(same: Sequence[Change], limit: int) -> str:
    """Changes of one kind on one line: what the only one is, or how many there are, and where."""
    first = same[0]
    if len(same) == 1:
        return f"{told(first)}  [{first.kind}]"
    return f"{len(same)} of {first.kind}: {several(names(same), limit)}"


def told(change: Change) -> str:
    """The sentence, after its place unless it says that itself."""
    where = short(change)
    return change.sentence if where in change.sentence else f"{where}: {change.sentence}"


def others_of(row: Sequence[Change]) -> list[str]:
    """The places of the others in a row of many: members alone where all are in one component."""
    first, *others = row
    alone = all(place(each) == place(first) for each in others)
    return [each.removeprefix(f"{place(first)}." if alone else "") for each in names(others)]


def proof(change: Change, view: View) -> str:
    """How it was proved, in words.

    An example shows what a change breaks. That it breaks nobody who was asked about, though it
    has one, is known from its effect: a set of values that only grew, or only shrank.
    """
    if change.proof == "search":
        return f"not refuted in {change.tries} {'try' if change.tries == 1 else 'tries'}"
    if change.proof == "structure":
        return "proved by structure"
    if view.severity(change) != "compatible":
        return "shown by an example"
    kind = KINDS.get(change.kind)
    return "not refuted" if kind is None or kind.effect == "changed" else "proved by structure"


def shown(change: Change, view: View) -> tuple[Witness, ...]:
    """The examples that are told: one of each claim, or every one."""
    if view.everything:
        return change.witnesses
    return tuple({each.claim: each for each in reversed(change.witnesses)}.values())[::-1]


def whom(change: Change, view: View) -> str:
    """How bad a change is, and for whom: ``breaking for clients``."""
    worst = view.severity(change)
    first = f"{worst}{_for(change, worst)}"
    rest: list[Severity] = [each for each in SEVERITIES[:2] if each != worst]
    return ", ".join((first, *(f"{each}{who}" for each in rest if (who := _for(change, each)))))


def _for(change: Change, severity: Severity) -> str:
    """For whom it is of this severity; nothing where it is for all, or for nobody."""
    found = tuple(each for each in READERS if change.severity[each] == severity)
    if not found or found == READERS:
        return ""
    return " for clients" if found == CLIENTS else f" for {several([f'{each}s' for each in found])}"


def python_sentence(change: PythonChange) -> str:
    """What became of a public name, which the sentence need not say again."""
    named = change.sentence.startswith(change.name)
    return change.sentence if named else f"{change.name}: {change.sentence}"


def several(names: Sequence[str], limit: int = 3) -> str:
    """A list in words of which no more than ``limit`` are named."""
    more = len(names) - limit
    comma = "; " if any(", " in each for each in names) else ", "
    return comma.join(names[:limit]) + (f" and {more} more" if more > 0 else "")


def counts(view: View) -> str:
    """How much there is for each reader: ``typed client 2 breaking, 1 risky; server ok``."""
    said: list[str] = []
    for reader, found in view.counts.items():
        bad = [f"{found[each]} {each}" for each in SEVERITIES[:2] if found[each]]
        said.append(f"{reader} {', '.join(bad) or 'ok'}")
    return "; ".join(said)


def counted(count: int, word: str) -> str:
    """``1 change``, ``2 changes``."""
    return f"{count} {word}{'' if count == 1 else 's'}"


def _pointer(change: Change) -> str:
    return change.new or change.old or "#"
