"""The values of pairs of schemas compared: which went, which came, and an example of each."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Literal, TypeAlias

from tallystick.contract import Contract
from tallystick.document import Json, join

from .assembled import Seen, assembled
from .forms import Nodes
from .kinds import KINDS
from .normal import Forms
from .oracle import Oracle
from .pairs import Difference, Pairs, Step
from .records import Change, Spot, Witness
from .samples import Side, extra_names, first, item_nodes, values
from .unchanged import Unchanged
from .witnesses import Edition, proposals

OneWay: TypeAlias = Literal["request", "response"]
_ROOTS = 3
"""In so many bodies an example is tried before it is given up."""
_ENOUGH = 10
"""So many times the drawn values are tried at most, what the schemas mention included."""


@dataclass(frozen=True, slots=True)
class Key:
    """A pair of schemas in one direction."""

    direction: OneWay
    old: Nodes
    new: Nodes


class Values:
    """Compares what two schemas admit, each pair once, however many operations use it."""

    def __init__(self, old: Contract, new: Contract, tries: int = 200) -> None:
        """``tries``: how many values a search for a counter-example draws."""
        self._old, self._new, self._tries = old, new, tries
        self._ways = {each: _Way(old, new, each) for each in ("request", "response")}
        self._spots: dict[Key, list[Spot]] = {}
        self._above: dict[Key, list[tuple[Key, Step]]] = {}
        self._unchanged = Unchanged(old, new)

    def compare(self, spot: Spot, old: str, new: str) -> None:
        """Note that values of the schemas at these pointers travel at this spot."""
        for direction in ("request", "response"):
            if spot.direction in (direction, "both"):
                self._spots.setdefault(Key(direction, (old,), (new,)), []).append(spot)

    def changes(self) -> tuple[Change, ...]:
        """Every change that was found, one for each place in the two documents."""
        return assembled([self._seen(key, found) for key, found in self._walk()])

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
            for each in self._ways[key.direction].pairs.compare(key.old, key.new):
                if isinstance(each, Difference):
                    found.append((key, each))
                    continue
                old, new = self._ways[key.direction].forms
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
        return {each: ways[each] for each in self._spots if each in ways}

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
            witness, count = self._witness(key.direction, difference, each, roots)
            shown += [witness] if witness else []
            tried += count
        spots = [spot for each in roots for spot in self._spots[each]]
        steps = next(iter(roots.values()))
        at = tuple(_token(step) for step in steps)
        return Seen(difference, key.direction, tuple(spots), at, tuple(shown), tried)

    def _witness(
        self, direction: OneWay, difference: Difference, valid_in: Edition,
        roots: dict[Key, tuple[Step, ...]],
    ) -> tuple[Witness | None, int]:  # fmt: skip
        """The first value that shows a difference, and how many were tried."""
        way = self._ways[direction]
        nearest = sorted(roots, key=lambda each: len(roots[each]))[:_ROOTS]
        made = proposals(difference, valid_in, way.forms, self._tries)
        tried = 0
        for value in islice(made, _ENOUGH * self._tries):
            tried += 1
            for root in nearest:
                for whole, at in way.embedded(value, roots[root], valid_in):
                    if way.tells_apart(root.old[0], root.new[0], whole, valid_in):
                        where = (*at, *_named(difference))
                        spot = self._spots[root][0]
                        return Witness(spot, whole, join("", *where), valid_in), tried
        return None, tried


class _Way:
    """Both contracts as one direction reads them."""

    def __init__(self, old: Contract, new: Contract, direction: OneWay) -> None:
        self._contracts = old, new
        self._direction: OneWay = direction
        self.forms = Forms(old, direction), Forms(new, direction)
        self.pairs = Pairs(*self.forms)
        self._bases: dict[tuple[int, str], tuple[Step, Json]] = {}

    @cached_property
    def _oracles(self) -> tuple[Oracle, Oracle]:
        old, new = self._contracts
        return Oracle(old, self._direction), Oracle(new, self._direction)

    def tells_apart(self, old: str, new: str, value: Json, valid_in: Edition) -> bool:
        """Whether a value is valid in this edition and in the other is not."""
        fits = self._oracles[0].fits(old, value), self._oracles[1].fits(new, value)
        return fits == ((True, False) if valid_in == "old" else (False, True))

    def embedded(
        self, value: Json, steps: tuple[Step, ...], valid_in: Edition
    ) -> Iterator[tuple[Json, tuple[str | int, ...]]]:
        """The whole body around a value, and the way to the value in it."""
        whole: Json = value
        at: tuple[str | int, ...] = ()
        for step in reversed(steps):
            made = self._around(whole, step, valid_in)
            if made is None:
                return
            whole, token = made
            at = (token, *at)
        yield whole, at

    def _around(self, value: Json, step: Step, valid_in: Edition) -> tuple[Json, str | int] | None:
        base = self._base(step, valid_in)
        if isinstance(base, dict):
            token = step.token
            if not isinstance(token, str) or token.startswith("/"):
                token = next(self._free(step), "extra")
            return {**base, token: value}, token
        if isinstance(base, list):
            index = step.token if isinstance(step.token, int) else 0
            return [*base[:index], value, *base[index + 1 :]], index
        return None

    def _free(self, step: Step) -> Iterator[str]:
        pattern = step.token
        names = extra_names((step.old, step.new))
        if not isinstance(pattern, str):
            return names
        from .facets import matches

        return (name for name in islice(names, 100) if matches(pattern.strip("/"), name))

    def _base(self, step: Step, valid_in: Edition) -> Json:
        """The plainest object or list in which the step can be made, good for both if possible."""
        known = self._bases.get((id(step), valid_in))
        if known is None:
            known = self._bases[id(step), valid_in] = (step, self._plainest(step, valid_in))
        return known[1]

    def _plainest(self, step: Step, valid_in: Edition) -> Json:
        both = tuple(
            Side(f, only=form) for f, form in zip(self.forms, (step.old, step.new), strict=True)
        )
        one = both[:1] if valid_in == "old" else both[1:]
        for sides in (both, one):
            try:
                base = first(sides)
            except LookupError:
                continue
            if isinstance(base, list) and isinstance(step.token, int):
                base = [*base, *self._more(sides, len(base), step.token)]
            return base
        return {} if step.old.type == "object" else []

    def _more(self, sides: tuple[Side, ...], start: int, end: int) -> Iterator[Json]:
        for index in range(start, end):
            below = tuple(Side(s.forms, item_nodes(s.only, index)) for s in sides if s.only)
            yield next(values(below), None)


def _token(step: Step) -> str | int:
    return "*" if step.token is None else step.token


def _named(difference: Difference) -> tuple[str, ...]:
    return () if difference.name is None else (difference.name,)
