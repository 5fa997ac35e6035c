"""The values of pairs of schemas compared: which went, which came, and an example of each."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from tallystick.document import Json, join

from ..kinds import KINDS
from ..records import Change, Spot, Witness
from .assembled import Seen, assembled
from .differences import Difference
from .embedding import OneWay, Way
from .forms import Nodes
from .pairs import Step
from .readings import Readings
from .unchanged import Unchanged
from .witnesses import Edition, overlapping, proposals

_ROOTS = 3
"""In so many bodies an example is tried before it is given up."""
_ENOUGH = 10
"""So many times the drawn values are tried at most, what the schemas mention included."""
_IN_ALL = 100
"""So many times at all unions together, and at all conditions; but at each of them once."""


@dataclass(frozen=True, slots=True)
class Key:
    """A pair of schemas in one direction."""

    direction: OneWay
    old: Nodes
    new: Nodes


class Values:
    """Compares what two schemas admit, each pair once, however many operations use it."""

    def __init__(self, old: Readings, new: Readings, tries: int = 200) -> None:
        """``tries``: how many values a search for a counter-example draws."""
        self._tries = tries
        self._ways = {each: Way(old, new, each) for each in ("request", "response")}
        self._spots: dict[Key, list[Spot]] = {}
        self._order: dict[Spot, int] = {}
        self._times = _ENOUGH
        self._above: dict[Key, list[tuple[Key, Step]]] = {}
        self._unions: list[Key] = []
        self._showing: dict[object, list[Json]] = {}
        """What showed a difference before: it may stand in many pairs of schemas."""
        self._unchanged = Unchanged(old.contract, new.contract)

    def compare(self, spot: Spot, old: str, new: str) -> None:
        """Note that values of the schemas at these pointers travel at this spot."""
        for direction in ("request", "response"):
            if spot.direction in (direction, "both"):
                mine, theirs = self._ways[direction].forms
                key = Key(direction, mine.behind((old,)), theirs.behind((new,)))
                self._spots.setdefault(key, []).append(spot)
                self._order.setdefault(spot, len(self._order))

    def changes(self) -> tuple[Change, ...]:
        """Every change that was found, one for each place in the two documents."""
        found = self._walk()
        searched = sum(KINDS[difference.kind].searched for _, difference in found)
        self._times = max(1, min(_ENOUGH, _IN_ALL // max(1, 2 * searched)))
        seen = [(key, self._seen(key, difference)) for key, difference in found]
        return assembled([*(each for _, each in seen), *self._unseen(seen)], self._between)

    def _between(self, went: Seen, came: Seen) -> list[Difference]:
        """How a member that moved differs from what it was, itself, not below."""
        before, after = went.difference.old_form, came.difference.new_form
        mine = before.members.get(went.difference.name or "") if before else None
        theirs = after.members.get(came.difference.name or "") if after else None
        if mine is None or theirs is None:
            return []
        found = self._ways[went.direction].pairs.compare(mine.nodes, theirs.nodes)
        return [each for each in found if isinstance(each, Difference)]

    # --- the walk ----------------------------------------------------------------------------

    def _walk(self) -> list[tuple[Key, Difference]]:
        """All differences, those near to a body first; each pair of schemas is looked at once."""
        found: list[tuple[Key, Difference]] = []
        pending = deque(self._spots)
        seen = set(pending)
        while pending:
            key = pending.popleft()
            if self._unchanged.between(key.old, key.new):
                continue
            way = self._ways[key.direction]
            if way.overlapping(key.old, key.new):
                self._unions.append(key)
            for each in way.pairs.compare(key.old, key.new):
                if isinstance(each, Difference):
                    found.append((key, each))
                    continue
                old, new = way.forms
                below = Key(key.direction, old.behind(each.old), new.behind(each.new))
                self._above.setdefault(below, []).append((key, each.step))
                if below not in seen:
                    seen.add(below)
                    pending.append(below)
        return found

    def _roots(self, key: Key) -> dict[Key, tuple[Step, ...]]:
        """The bodies in which this pair of schemas stands, with the shortest way to it."""
        ways: dict[Key, tuple[Step, ...]] = {key: ()}
        pending = deque([key])
        while pending:
            here = pending.popleft()
            for above, step in self._above.get(here, ()):
                if above not in ways:
                    ways[above] = (step, *ways[here])
                    pending.append(above)
        met = [each for each in ways if each in self._spots]
        return {each: ways[each] for each in sorted(met, key=self._first)}

    def _first(self, key: Key) -> int:
        return self._order[self._spots[key][0]]

    # --- what no form tells ------------------------------------------------------------------

    def _unseen(self, seen: Sequence[tuple[Key, Seen]]) -> Iterator[Seen]:
        """Unions whose branches overlap: values that no change above shows, found by trying."""
        shown: dict[Edition, set[Key]] = {"old": set(), "new": set()}
        for key, each in seen:
            for told in each.witnesses:
                shown[told.valid_in] |= self._all_above(key)
        times = max(1, min(_ENOUGH, _IN_ALL // max(1, 2 * len(self._unions))))
        for key in self._unions:
            forms = self._ways[key.direction].forms
            sides = forms[0].of(key.old), forms[1].of(key.new)
            roots = self._roots(key)
            witnesses: list[Witness] = []
            tried = 0
            editions: tuple[Edition, Edition] = ("old", "new")
            for edition, mine, other, own in zip(editions, sides, sides[::-1], forms, strict=True):
                if key not in shown[edition]:
                    made = overlapping(mine, other, own)
                    witness, count = self._witness(key, made, edition, roots, times=times)
                    witnesses += [witness] if witness else []
                    tried += 0 if witness else count
            if witnesses:
                found = Difference("schema-changed", sides[0][0].top(), sides[1][0].top())
                yield self._told(key, found, roots, witnesses, tried)

    def _all_above(self, key: Key) -> set[Key]:
        """This pair and all in which it stands."""
        found = {key}
        pending = [key]
        while pending:
            for above, _ in self._above.get(pending.pop(), ()):
                if above not in found:
                    found.add(above)
                    pending.append(above)
        return found

    # --- examples ----------------------------------------------------------------------------

    def _seen(self, key: Key, difference: Difference) -> Seen:
        roots = self._roots(key)
        effect = KINDS[difference.kind].effect
        editions: tuple[Edition, ...] = {
            "narrowed": ("old",),
            "widened": ("new",),
            "changed": ("old", "new"),
        }.get(effect, ())  # type: ignore[assignment]
        shown: list[Witness] = []
        tried = 0
        for each in editions:
            made = proposals(difference, each, self._ways[key.direction].forms, self._tries)
            known = self._showing.setdefault((_same(difference), key.direction, each), [])
            times = self._times if KINDS[difference.kind].searched else _ENOUGH
            witness, count = self._witness(
                key, chain(known, made), each, roots, _named(difference), times, known
            )
            shown += [witness] if witness else []
            tried += 0 if witness else count
        return self._told(key, difference, roots, shown, tried)

    def _told(
        self, key: Key, difference: Difference, roots: dict[Key, tuple[Step, ...]],
        witnesses: Sequence[Witness], tried: int,
    ) -> Seen:  # fmt: skip
        places = [
            (spot, tuple(_token(step) for step in steps))
            for root, steps in roots.items()
            for spot in self._spots[root]
        ]
        places.sort(key=lambda each: self._order[each[0]])
        return Seen(difference, key.direction, tuple(places), tuple(witnesses), tried)

    def _witness(
        self, key: Key, made: Iterator[Json], valid_in: Edition,
        roots: dict[Key, tuple[Step, ...]], name: tuple[str, ...] = (), times: int = _ENOUGH,
        known: list[Json] | None = None,
    ) -> tuple[Witness | None, int]:  # fmt: skip
        """The first value that shows a difference, and how many were tried."""
        way = self._ways[key.direction]
        nearest = sorted(roots, key=lambda each: len(roots[each]))[:_ROOTS]
        tried = 0
        for value in islice(made, times * self._tries):
            tried += 1
            # Most proposals do not even tell the two schemas apart: no body is made for them.
            if not way.tells_apart(key.old, key.new, value, valid_in):
                continue
            for root in nearest:
                made_body = way.embedded(value, roots[root], valid_in)
                if made_body is None:
                    continue
                whole, at = made_body
                if way.tells_apart(root.old, root.new, whole, valid_in):
                    if known is not None and not known:
                        known.append(value)
                    where = join("", *at, *name)
                    return Witness(self._spots[root][0], whole, where, valid_in), tried
        return None, tried


def _token(step: Step) -> str | int:
    return "*" if step.token is None else step.token


def _named(difference: Difference) -> tuple[str, ...]:
    return () if difference.name is None else (difference.name,)


def _same(difference: Difference) -> object:
    """What two differences have in common that are the same one, met at two places."""
    values = repr(difference.before), repr(difference.after)
    return (difference.kind, difference.old, difference.new, difference.name, *values)
