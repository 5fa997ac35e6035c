"""What was seen at pairs of schemas made into changes: one for each place, with its sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from tallystick.contract import Direction

from ..kinds import KINDS, Effect, severities
from ..records import READERS, SEVERITIES, Change, Proof, Reader, Severity, Spot, Witness
from .differences import Difference
from .sentences import place, sentence, whereabouts

At: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """One difference in one direction, with where it is met and what shows it."""

    difference: Difference
    direction: Literal["request", "response"]
    places: tuple[tuple[Spot, At], ...]
    """Where it is met, and the way from the value there to the one that differs."""
    witnesses: tuple[Witness, ...]
    tried: int
    """How many values were tried that show nothing, where an example was looked for in vain."""

    @property
    def spots(self) -> tuple[Spot, ...]:
        """Where it is met."""
        return tuple(spot for spot, _ in self.places)

    @property
    def nearest(self) -> Spot:
        """The one in whose value the difference lies least deep."""
        return self._nearest[0]

    @property
    def at(self) -> At:
        """The way from its value to the one that differs."""
        return self._nearest[1]

    @property
    def _nearest(self) -> tuple[Spot, At]:
        return min(self.places, key=lambda each: len(each[1]))


Between: TypeAlias = Callable[[Seen, Seen], Sequence[Difference]]
"""How a member differs from itself, there where it went and here where it came."""


def assembled(seen: Sequence[Seen], between: Between) -> tuple[Change, ...]:
    """The changes; what is the same in requests and answers is one."""
    changes: dict[str, Change] = {}
    for each in _moves(seen, between):
        change = each if isinstance(each, Change) else _change(each)
        key = replace(change, direction="both").id
        changes[key] = _joined(changes[key], change) if key in changes else change
    return tuple(changes.values())


def _change(seen: Seen) -> Change:
    found = seen.difference
    kind = KINDS[found.kind]
    shown = _shown(kind.effect, seen.witnesses)
    meant = replace(kind, effect=shown) if shown else kind
    severity: Mapping[Reader, Severity] = severities(meant, seen.direction)
    proof: Proof = "witness" if seen.witnesses else "structure"
    if kind.effect in ("narrowed", "widened", "changed") and not seen.witnesses:
        proof = "search"
        severity = {reader: _unshown(severity[reader], kind.searched) for reader in READERS}
    return Change(
        kind=found.kind,
        direction=seen.direction,
        old=found.old,
        new=found.new,
        operations=tuple(dict.fromkeys(spot.operation for spot in seen.spots)),
        severity=severity,
        sentence=sentence(found, seen.nearest, seen.at),
        proof=proof,
        before=found.before,
        after=found.after,
        tries=seen.tried,
        witnesses=seen.witnesses,
        where=whereabouts(found, seen.nearest, seen.at),
        name=found.name or "",
    )


def _shown(effect: Effect, witnesses: Iterable[Witness]) -> Effect | None:
    """What the examples show of something that changed either way."""
    if effect != "changed":
        return None
    sides = {each.valid_in for each in witnesses}
    if sides == {"old"}:
        return "narrowed"
    return "widened" if sides == {"new"} else None


def _unshown(severity: Severity, searched: bool) -> Severity:
    """How bad it is if no example was found."""
    if searched:
        return "compatible"
    return "risky" if severity == "breaking" else severity


def _joined(one: Change, other: Change) -> Change:
    """A change that was met again, in the other direction or at another place."""
    direction: Direction = one.direction if one.direction == other.direction else "both"
    known = {(each.spot.direction, each.valid_in) for each in one.witnesses}
    more = tuple(w for w in other.witnesses if (w.spot.direction, w.valid_in) not in known)
    return replace(
        one,
        direction=direction,
        operations=tuple(dict.fromkeys((*one.operations, *other.operations))),
        severity=worst(one.severity, other.severity),
        proof="witness" if one.witnesses or more else one.proof,
        witnesses=(*one.witnesses, *more),
    )


def worst(
    one: Mapping[Reader, Severity], other: Mapping[Reader, Severity]
) -> Mapping[Reader, Severity]:
    """The worse severity for each reader."""
    return {
        reader: one[reader] if _rank(one[reader]) <= _rank(other[reader]) else other[reader]
        for reader in READERS
    }


def _rank(severity: Severity) -> int:
    return SEVERITIES.index(severity)


# --- members that moved ----------------------------------------------------------------------

_WENT = ("member-removed", "member-refused", "required-member-removed", "required-member-refused")
_CAME = ("member-added", "member-admitted", "member-required", "required-member-admitted")


def _moves(seen: Sequence[Seen], between: Between) -> list[Seen | Change]:
    """A member that went here and came there, in the same body, has moved.

    Only in the bodies of both: what went or came elsewhere as well stays as it is there.
    """
    left = list(seen)
    moved: dict[int, list[Change]] = {}
    for index, went in enumerate(left):
        if went.difference.kind not in _WENT:
            continue
        for other, came in enumerate(left):
            shared = _bodies(went) & _bodies(came)
            if shared and _new_member(came) and _same_member(went, came):
                one, two = _within(went, shared), _within(came, shared)
                moved.setdefault(index, []).append(_moved(one, two, between(one, two)))
                left[index] = _outside(left[index], shared)
                left[other] = _outside(came, shared)
    result: list[Seen | Change] = []
    for index, each in enumerate(left):
        result += moved.get(index, [])
        result += [each] if each.places else []
    return result


def _bodies(seen: Seen) -> frozenset[tuple[str, str]]:
    return frozenset((spot.operation, spot.part) for spot in seen.spots)


def _within(seen: Seen, bodies: frozenset[tuple[str, str]]) -> Seen:
    places = tuple(each for each in seen.places if (each[0].operation, each[0].part) in bodies)
    own = tuple(w for w in seen.witnesses if (w.spot.operation, w.spot.part) in bodies)
    return replace(seen, places=places, witnesses=own or seen.witnesses)


def _outside(seen: Seen, bodies: frozenset[tuple[str, str]]) -> Seen:
    left = (each for each in seen.places if (each[0].operation, each[0].part) not in bodies)
    return replace(seen, places=tuple(left))


def _new_member(seen: Seen) -> bool:
    found = seen.difference
    if found.kind not in _CAME or found.new_form is None or found.old_form is None:
        return False
    member = found.old_form.members.get(found.name or "")
    return member is None or not member.described


def _same_member(went: Seen, came: Seen) -> bool:
    one, other = went.difference, came.difference
    if one.name != other.name or went.direction != came.direction or went.at == came.at:
        return False
    return _described(one, "old") == _described(other, "new")


def _described(found: Difference, edition: Literal["old", "new"]) -> object:
    """What tells that two members are the same one: the types that they are described with."""
    form = found.old_form if edition == "old" else found.new_form
    member = form.members.get(found.name or "") if form else None
    return member is not None and bool(member.described)


def _moved(went: Seen, came: Seen, also: Sequence[Difference]) -> Change:
    one, other = _change(went), _change(came)
    severity = dict(worst(one.severity, other.severity))
    for reader, each in severity.items():
        severity[reader] = "risky" if each == "compatible" else each
    witnesses = (*one.witnesses, *other.witnesses)
    return replace(
        one,
        kind="member-moved",
        new=other.new,
        severity=severity,
        sentence="; ".join((_says_moved(went, came), *_says_also(came, also))),
        proof="witness" if witnesses else "structure",
        witnesses=witnesses,
    )


def _says_moved(went: Seen, came: Seen) -> str:
    old, new = (
        place(went.difference, went.nearest, went.at),
        place(came.difference, came.nearest, came.at),
    )
    ignored = went.difference.kind in ("member-removed", "required-member-removed")
    left = (
        ", where it is accepted and ignored now" if ignored and went.direction == "request" else ""
    )
    return f"{new} stood at {old}{left}"


def _says_also(came: Seen, also: Sequence[Difference]) -> Iterator[str]:
    """What else is new about a member that moved."""
    at = (*came.at, *((came.difference.name,) if came.difference.name else ()))
    return (sentence(each, came.nearest, at) for each in also)
