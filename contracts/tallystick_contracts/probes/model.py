"""The expected state of an item, computed from the contract: what a read must show after a request.

An item is what its last read told. A create or an update with a body promises, place by place:
what was sent is shown; what was not sent is as it was, or its default in a new item; null does
what its convention says, and where none is declared leaves, clears or is kept, and nothing else.
A refused request changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pydantic import MISSING

from tallystick.contract import Contract
from tallystick.document import Json

from ..mirror import Pair, comparable, meaning_of_absent, pairs
from .ground import Shape
from .places import ITEM, Path, at, differences, same
from .states import FALSY

Why: TypeAlias = Literal["sent", "unsent", "null", "default", "refused", "answer"]


@dataclass(frozen=True, slots=True)
class Deviation:
    """One place where a read does not show what the contract promises."""

    place: Path
    """In the answer."""
    sent: Path
    """In the request; the nearest member of it."""
    why: Why
    """Which promise: a value sent, a member not sent, null, a default, a refused request, or an
    answer that shows the item."""
    wanted: Json | MISSING
    seen: Json | MISSING

    @property
    def falsy(self) -> bool:
        """Whether it is a falsy value that was sent and is not shown."""
        value = self.wanted
        sent = self.why == "sent" and value is not None and value is not MISSING
        return sent and any(same(value, each) for each in FALSY)


@dataclass(frozen=True, slots=True)
class _Claim:
    place: Path
    sent: Path
    why: Why
    allowed: tuple[Json | MISSING, ...]
    counted: bool = False
    """Whether only the number of items is promised."""


@dataclass(frozen=True, slots=True)
class Model:
    """What one operation's body does to an item.

    Args:
        contract: where the schemas and conventions stand.
        shape: the body of the operation and the answer that shows it.
    """

    contract: Contract
    shape: Shape

    def created(self, body: Json, after: Json | MISSING) -> tuple[Deviation, ...]:
        """Where a new item is not what ``body`` said."""
        return self._judged(body, MISSING, after)

    def updated(
        self, before: Json | MISSING, body: Json, after: Json | MISSING
    ) -> tuple[Deviation, ...]:
        """Where an item is not what an accepted update made of it."""
        return self._judged(body, before, after)

    def _judged(
        self, body: Json, before: Json | MISSING, after: Json | MISSING
    ) -> tuple[Deviation, ...]:
        if self.shape.mirrored is None or after is MISSING:
            return ()
        claims = self._claims(
            body, before, self.shape.pointer, self.shape.mirrored, ((), ()), frozenset()
        )
        return tuple(found for claim in claims for found in _against(claim, after))

    def _claims(
        self,
        body: Json,
        before: Json | MISSING,
        request: str,
        response: str,
        here: tuple[Path, Path],
        seen: frozenset[tuple[str, str]],
    ) -> Iterator[_Claim]:
        given, answer = self.contract.core(request), self.contract.core(response)
        both = (given.pointer, answer.pointer)
        if both in seen or not isinstance(body, dict):
            return
        for pair in pairs(self.contract, given, answer):
            sent: Json | MISSING = body.get(pair.request.name, MISSING)
            old = at(before, pair.path)
            there = (*here[0], pair.request.name), (*here[1], *pair.path)
            yield from self._member(pair, sent, old, there, seen | {both}, before is MISSING)

    def _member(
        self,
        pair: Pair,
        sent: Json | MISSING,
        old: Json | MISSING,
        here: tuple[Path, Path],
        seen: frozenset[tuple[str, str]],
        new: bool,
    ) -> Iterator[_Claim]:
        request, place = here
        if sent is MISSING:
            default = meaning_of_absent(pair.request, pair.shown)
            if not new:
                yield _Claim(place, request, "unsent", (old,))
            elif default is None or (default is not MISSING and not self._container(pair)):
                yield _Claim(place, request, "default", (default, MISSING))
            elif self.contract.core(pair.request.pointer).properties and not pair.inner:
                pointers = pair.request.pointer, pair.response.pointer
                whole: Json = dict(default) if isinstance(default, dict) else {}
                yield from self._claims(whole, MISSING, *pointers, here, seen)
            return
        if sent is None:
            yield from self._null(pair, old, here, new)
            return
        given = self.contract.core(pair.request.pointer)
        if given.properties and isinstance(sent, dict) and not pair.inner:
            known = old if isinstance(old, dict) and not pair.request.whole else MISSING
            pointers = pair.request.pointer, pair.response.pointer
            yield from self._claims(sent, known, *pointers, here, seen)
        elif isinstance(sent, list):
            yield from self._array(pair, sent, here, seen)
        elif not isinstance(sent, dict) and self._comparable(pair):
            yield _Claim(place, request, "sent", (sent,))

    def _array(
        self,
        pair: Pair,
        sent: list[Json],
        here: tuple[Path, Path],
        seen: frozenset[tuple[str, str]],
    ) -> Iterator[_Claim]:
        """An array takes the place of the old one; its items show what was sent of them."""
        items = self.contract.core(pair.request.pointer).items
        shown = self.contract.core(pair.shown.pointer).items
        if items is None or shown is None:
            return
        scalar = not ({"object", "array"} & self.contract.core(items).types)
        if scalar and comparable(self.contract, items, shown):
            yield _Claim(here[1], here[0], "sent", (sent,))
            return
        yield _Claim(here[1], here[0], "sent", (sent,), counted=True)
        for index, each in enumerate(sent):
            inside = (*here[0], ITEM), (*here[1], str(index))
            yield from self._claims(each, MISSING, items, shown, inside, seen)

    def _null(
        self, pair: Pair, old: Json | MISSING, here: tuple[Path, Path], new: bool
    ) -> Iterator[_Claim]:
        request, place = here
        default = meaning_of_absent(pair.request, pair.shown)
        empty: tuple[Json | MISSING, ...] = (None, MISSING)
        if default is not MISSING:
            empty = (*empty, default)
        if new:
            # Without a default in the answer a server may choose what null stands for.
            if default is not MISSING and not self._container(pair):
                yield _Claim(place, request, "null", empty)
            return
        convention = pair.request.null
        if convention == "unchanged":
            yield _Claim(place, request, "null", (old,))
        elif not self._container(pair):
            left = () if convention == "cleared" else (old,)
            yield _Claim(place, request, "null", (*left, *empty))

    def _comparable(self, pair: Pair) -> bool:
        return comparable(self.contract, pair.request.pointer, pair.shown.pointer)

    def _container(self, pair: Pair) -> bool:
        kinds = (
            self.contract.core(pair.request.pointer).types
            | self.contract.core(pair.shown.pointer).types
        )
        return bool({"object", "array"} & kinds)


def unmoved(before: Json | MISSING, after: Json | MISSING) -> tuple[Deviation, ...]:
    """Where an item moved although a request was refused, or nobody asked for anything."""
    if before is MISSING or after is MISSING:
        return ()
    return tuple(
        Deviation(place, place, "refused", at(before, place), at(after, place))
        for place in differences(before, after)
    )


def _against(claim: _Claim, after: Json) -> Iterator[Deviation]:
    seen = at(after, claim.place)
    if claim.counted:
        wanted = claim.allowed[0]
        if isinstance(wanted, list) and isinstance(seen, list) and len(wanted) == len(seen):
            return
    if any(same(seen, each) for each in claim.allowed):
        return
    wanted = claim.allowed[0]
    if claim.why == "unsent" and isinstance(wanted, dict | list):
        for place in differences(wanted, seen):
            whole = (*claim.place, *place)
            inner = Deviation(whole, claim.sent, "unsent", at(wanted, place), at(after, whole))
            yield inner
        return
    yield Deviation(claim.place, claim.sent, claim.why, wanted, seen)
