"""The entry of a CHANGELOG for one release of a generated package, in Markdown."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from ..kinds import KINDS
from ..python.records import PythonChange, PythonKind
from ..records import SEVERITIES, Change, Comparison, Severity
from ..show.escaped import code, prose
from ..show.words import counted, several, short
from ..show.words import names as names_of
from .advice import python_advice, wire_advice
from .verdict import Verdict

Heading: TypeAlias = Literal["Removed", "Changed", "Deprecated", "Added", "Fixed"]

HEADINGS: tuple[Heading, ...] = ("Removed", "Changed", "Deprecated", "Added", "Fixed")
"""Those of Keep a Changelog 1.1.0: first what may need something done."""
PLACES = 8
"""How many places of one change are named."""


@dataclass(frozen=True, slots=True)
class _Item:
    heading: Heading
    severity: Severity
    text: str


def changelog_entry(
    version: str,
    released: date,
    comparison: Comparison,
    python: Sequence[PythonChange],
    verdict: Verdict,
) -> str:
    """What a release changes for who uses the package, and for who talks to the API by hand.

    Under each heading what breaks comes first, with what to do about it; names of Python come before
    what travels. Text of the documents is shown and never read as Markdown.

    Args:
        version: of the package.
        released: the day that is named.
    """
    items = [
        *(_of_python(each) for each in python if not _is_class(each)),
        *_classes([each for each in python if _is_class(each)]),
        *_of_wire([each for each in comparison.changes if each.kind not in _LISTED]),
        *_listed([each for each in comparison.changes if each.kind in _LISTED]),
    ]
    held: defaultdict[Heading, list[_Item]] = defaultdict(list)
    for each in sorted(items, key=lambda each: SEVERITIES.index(each.severity)):
        held[each.heading].append(each)
    if comparison.notes:
        told = counted(len(comparison.notes), "change")
        text = f"{told} of texts, examples or names in the document, of which nothing travels."
        held["Changed"].append(_Item("Changed", "compatible", text))
    lines = [f"## {version} - {released.isoformat()}", "", _summary(verdict)]
    for heading in HEADINGS:
        if held[heading]:
            lines += ["", f"### {heading}", ""]
            lines += [f"- {_marked(each)}" for each in held[heading]]
    return "\n".join(lines) + "\n"


def _summary(verdict: Verdict) -> str:
    return f"For the package {_LEVELS[verdict.package]}, for the API {_LEVELS[verdict.wire]}."


_LEVELS = {
    "major": "a **breaking** release",
    "minor": "a release that breaks nothing",
    "patch": "a release of texts and repairs",
    "none": "no change",
}


def _marked(item: _Item) -> str:
    return f"**Breaking:** {item.text}" if item.severity == "breaking" else item.text


def _of_python(change: PythonChange) -> _Item:
    known = change.after if change.kind in ("deprecated", "removed") else None
    names = sorted({change.name, known or change.name}, key=len, reverse=True)
    text = prose(re.sub("|".join(map(re.escape, names)), r"`\g<0>`", change.sentence))
    return _Item(
        _PYTHON[change.kind], change.severity, " ".join((f"{text}.", *python_advice(change)))
    )


def _is_class(change: PythonChange) -> bool:
    """Whether it is one of the many that come and go with operations, and no other took its place."""
    gone = change.kind == "removed" and change.after is None
    return (gone or change.kind == "added") and re.fullmatch(
        r"models\.\w+", change.name
    ) is not None


def _classes(changes: Sequence[PythonChange]) -> Iterator[_Item]:
    """All that went on one line, and all that came."""
    names: defaultdict[PythonKind, list[str]] = defaultdict(list)
    for each in changes:
        names[each.kind].append(code(each.name.removeprefix("models.")))
    if names["removed"]:
        yield _Item("Removed", "breaking", f"Gone from `models`: {', '.join(names['removed'])}.")
    if names["added"]:
        yield _Item("Added", "compatible", f"New in `models`: {', '.join(names['added'])}.")


_PYTHON: dict[PythonKind, Heading] = {
    "removed": "Removed",
    "changed": "Changed",
    "deprecated": "Deprecated",
    "added": "Added",
}


def _of_wire(changes: Sequence[Change]) -> Iterator[_Item]:
    """Those that say the same of several places are one item."""
    same: defaultdict[tuple[Heading, Severity, str], list[Change]] = defaultdict(list)
    for each in changes:
        same[_heading(each), _severity(each), each.sentence].append(each)
    for (heading, severity, sentence), found in same.items():
        told = prose(_marked_up(sentence, found[0].operations))
        text = " ".join((f"{told}{_places(found)}.", *wire_advice(found[0], heading)))
        yield _Item(heading, severity, f"On the wire: {text}")


def _listed(changes: Sequence[Change]) -> Iterator[_Item]:
    """Operations that came or went, in one item each."""
    for kind, text in _LISTED.items():
        found = [each for each in changes if each.kind == kind]
        if found:
            names = ", ".join(code(each) for each in names_of(found))
            yield _Item(_heading(found[0]), _severity(found[0]), text.format(names))


_LISTED = {
    "operation-removed": "Gone on the wire: {}. Do not call what is gone.",
    "deprecated-operation-removed": "Gone on the wire, deprecated before: {}.",
    "operation-added": "New on the wire: {}.",
}


def _marked_up(sentence: str, operations: Sequence[str]) -> str:
    """The sentence with the operations that it names between backticks."""
    if not operations or any(f"`{each}" in sentence for each in operations):
        return sentence
    longest = sorted(operations, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest)), r"`\g<0>`", sentence)


def _places(same: Sequence[Change]) -> str:
    """Where it is, unless the sentence says so."""
    places = list(dict.fromkeys(short(each).strip("`") for each in same))
    if len(places) == 1 and places[0].partition(", ")[0] in same[0].sentence:
        return ""
    return f" ({several([code(each) for each in places], PLACES)})"


def _heading(change: Change) -> Heading:
    """By what became of it; what only the package before could not read is repaired."""
    kind = change.kind
    if kind.endswith("-deprecated"):
        return "Deprecated"
    if _is_repaired(change):
        return "Fixed"
    if kind.startswith(_THINGS) and kind.endswith(("-removed", "-refused")):
        return "Removed"
    if kind.startswith(_THINGS) and kind.endswith(("-added", "-admitted")):
        return "Added"
    return "Changed"


_THINGS = (
    *("operation-", "deprecated-operation-", "webhook-", "parameter-", "member-", "server-"),
    *("required-", "optional-", "success-status-", "redirect-status-", "error-status-", "body-"),
    "answer-",
)
"""What comes and goes; the other kinds are conditions."""


def _is_repaired(change: Change) -> bool:
    """Whether it is more in an answer, which the package before could not decode."""
    widened = KINDS[change.kind].effect == "widened"
    broke = change.severity["typed client"] == "breaking"
    return widened and broke and change.direction != "request"


def _severity(change: Change) -> Severity:
    """For the worst of the clients."""
    if _is_repaired(change):
        return "compatible"
    found = (change.severity["typed client"], change.severity["hand-written client"])
    return min(found, key=SEVERITIES.index)
