"""What an answer shows of a request: which member of the one mirrors which member of the other.

Two schemas are laid side by side. A member of the request is mirrored by the member of the answer
that has its name; a member called ``x_id`` (or ``xId``) where the answer has no such member but an
object ``x`` with a member ``id`` is mirrored by that ``id``. Objects are paired member by member,
arrays item by item. The sandbox builds its answers by these pairs and the suite reads them by the
same, so the two agree on what "was stored" means.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import MISSING

from tallystick.contract import Contract, Property, Schema
from tallystick.document import Json

ITEM = "*"


@dataclass(frozen=True, slots=True)
class Mirror:
    """One place of a request and the place of the answer that shows it."""

    request: tuple[str, ...]
    """Member names from the top of the body; ``*`` for every item of an array."""
    response: tuple[str, ...]
    """The same in the answer. The n-th item of the request is the n-th of the answer."""
    request_pointer: str
    """The schema of the value in the request: of a property, or of the items."""
    response_pointer: str
    default: Json | MISSING
    """What the answer shows when the request says nothing: the default of the answer's member,
    else a default other than null of the request's member."""
    comparable: bool
    """Whether a value given is shown as it was given: one that is no container, and that the
    answer admits by its types and enums. A container is not: its members may be completed."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A member of a request object and the member of the answer that mirrors it."""

    request: Property
    response: Property
    """The member of the answer; for ``x_id`` it is ``x``."""
    inner: Property | None = None
    """For ``x_id``: the member ``id`` of the answer's ``x``."""

    @property
    def shown(self) -> Property:
        """The member that shows the value itself."""
        return self.inner or self.response

    @property
    def path(self) -> tuple[str, ...]:
        """Where it stands in the answer's object."""
        return (self.response.name, *((self.inner.name,) if self.inner else ()))


def mirrors(contract: Contract, request: str, response: str) -> tuple[Mirror, ...]:
    """Every place of a request that an answer shows, outer places before the ones within.

    Args:
        contract: where both schemas stand.
        request: the pointer of the request's schema (``operation.body.json.schema``).
        response: the pointer of the answer's schema.

    A schema that contains itself is followed once: the inner occurrence is one place, compared
    as a whole where both sides are the same schema.
    """
    return tuple(_below(contract, request, response, (), (), frozenset()))


def pairs(contract: Contract, request: Schema, response: Schema) -> Iterator[Pair]:
    """The members of two objects, paired; ``request`` and ``response`` as ``contract.core``.

    A member that is ``readOnly`` in the request, or ``writeOnly`` in the answer, has no pair.
    """
    for member in request.properties:
        same = response.property(member.name)
        if member.read_only or (same is not None and same.write_only):
            continue
        if same is not None:
            yield Pair(member, same)
            continue
        outer = response.property(_without_id(member.name))
        inner = contract.core(outer.pointer).property("id") if outer else None
        if outer is not None and inner is not None:
            yield Pair(member, outer, inner)


def comparable(contract: Contract, request: str, response: str) -> bool:
    """Whether every value of the request's schema, null apart, may be shown as it was given."""
    given, shown = contract.core(request), contract.core(response)
    if given.pointer == shown.pointer:
        return True
    if given.branches or shown.branches or {"object", "array"} & given.types:
        return False
    if shown.enum is not None:
        return given.enum is not None and all(value in shown.enum for value in given.enum)
    return given.types - {"null"} <= shown.types


def _below(
    contract: Contract,
    request: str,
    response: str,
    sent: tuple[str, ...],
    shown: tuple[str, ...],
    seen: frozenset[tuple[str, str]],
) -> Iterator[Mirror]:
    given, answer = contract.core(request), contract.core(response)
    both = (given.pointer, answer.pointer)
    if both in seen:
        return
    below = seen | {both}
    if given.items and answer.items:
        here = (*sent, ITEM), (*shown, ITEM)
        yield _mirror(contract, here, given.items, answer.items, MISSING)
        yield from _below(contract, given.items, answer.items, *here, below)
    for pair in pairs(contract, given, answer):
        here = (*sent, pair.request.name), (*shown, *pair.path)
        pointers = pair.request.pointer, pair.shown.pointer
        yield _mirror(contract, here, *pointers, meaning_of_absent(pair.request, pair.shown))
        yield from _below(contract, *pointers, *here, below)


def meaning_of_absent(request: Property | None, response: Property) -> Json | MISSING:
    """The default that an answer shows for a member that was not sent.

    The answer's schema has the first word: it describes the reading. A default of null in a
    request says "nothing chosen" and has no say.
    """
    if response.default is not MISSING:
        return response.default
    if request is not None and request.default is not MISSING and request.default is not None:
        return request.default
    return MISSING


def _mirror(
    contract: Contract,
    here: tuple[tuple[str, ...], tuple[str, ...]],
    request: str,
    response: str,
    default: Json | MISSING,
) -> Mirror:
    kinds = contract.core(request).types | contract.core(response).types
    scalar = not ({"object", "array"} & kinds)
    alike = scalar and comparable(contract, request, response)
    return Mirror(*here, request, response, default, alike)


def _without_id(name: str) -> str:
    return name[:-3] if name.endswith("_id") else name[:-2] if name.endswith("Id") else ""
