"""A whole answer from what was given: mirrored members as they are, the rest by default or made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import MISSING

from tallystick.contract import Contract, Property, Schema
from tallystick.document import Json

from ..mirror import Pair, comparable, meaning_of_absent, pairs
from .sample import Samples
from .validators import Validators

Table = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known of the item that a value belongs to."""

    identity: str
    """Which item: text that only a server knows differs with it."""
    known: Table = field(default_factory=dict[str, Json])
    """Members of the item that the path says."""


class Shapes:
    """Answers made from requests, for one contract."""

    def __init__(self, contract: Contract, validators: Validators, samples: Samples) -> None:
        self._contract = contract
        self._validators = validators
        self._samples = samples
        self._pairs: dict[tuple[str, str], Mapping[str, Pair]] = {}
        self._plain: dict[str, bool] = {}
        self._comparable: dict[tuple[str, str], bool] = {}
        self._unset: dict[tuple[str, str, bool], Json | MISSING] = {}
        """By a member of a request and of an answer: what the answer shows of it, unset, where
        that is the same for every item."""

    def complete(
        self, given: Table, request: str | None, response: str, ground: Ground
    ) -> dict[str, Json]:
        """The object of the schema ``response`` that shows ``given``, an object of ``request``.

        Each member of the answer is the given one; where that is absent, or null and stands for
        absent, it is what the path says, else its default, else nothing where it is optional,
        else null where that is admitted, else a value made up.
        """
        core = self._contract.core(response)
        if core.properties or not core.branches:
            return self._object(given, request, core, ground)
        return self._one_of(given, request, response, ground)

    def value(self, given: Json, request: str | None, response: str, ground: Ground) -> Json:
        """The value of the schema ``response`` that shows ``given``, a value of ``request``."""
        if isinstance(given, dict | list):
            core = self._contract.core(response)
            if isinstance(given, dict) and core.properties:
                return self._object(given, request, core, Ground(ground.identity))
            if isinstance(given, list) and core.items:
                return self._items(given, request, core.items, ground)
            if isinstance(given, dict) and isinstance(core.additional, str):
                return self._entries(given, request, core.additional, ground)
        return given if self.fits(given, request, response) else self._made(response, ground)

    def _items(
        self, given: list[Json], request: str | None, response: str, ground: Ground
    ) -> list[Json]:
        source = self._contract.core(request).items if request else None
        return [
            self.value(each, source, response, Ground(f"{ground.identity}/{index}"))
            for index, each in enumerate(given)
        ]

    def _entries(
        self, given: Table, request: str | None, response: str, ground: Ground
    ) -> dict[str, Json]:
        """A map, each value as the answer shows it."""
        of = self._contract.core(request).additional if request else None
        source = of if isinstance(of, str) else None
        return {
            name: self.value(each, source, response, Ground(f"{ground.identity}/{name}"))
            for name, each in given.items()
        }

    def fits(self, given: Json, request: str | None, response: str) -> bool:
        """Whether the answer may show the value as it is."""
        if given is not None and request is not None:
            key = (request, response)
            if key not in self._comparable:
                self._comparable[key] = comparable(self._contract, request, response)
            if self._comparable[key]:
                return True
        return self._validators.admits(response, given)

    def paired(self, request: str | None, core: Schema) -> Mapping[str, Pair]:
        """The pairs of a request's schema and an answer's, by the member of the answer.

        Without a request the value given is of the answer's own schema: each member pairs with
        itself, and null is null.
        """
        key = (request or "", core.pointer)
        if key not in self._pairs:
            if request is None:
                both = [Pair(replace(each, null=None), each) for each in core.properties]
            else:
                both = list(pairs(self._contract, self._contract.core(request), core))
            self._pairs[key] = {each.response.name: each for each in both}
        return self._pairs[key]

    def variant(self, given: Table, request: str | None) -> str | None:
        """The schema of a request, or the one of a union that admits what was given."""
        core = self._contract.core(request) if request else None
        if core is None or core.properties or len(core.branches) < 2:
            return request
        admits = (b for b in core.branches if self._validators.admits(b, dict(given)))
        return next(admits, request)

    def settable(self, request: str | None, core: Schema) -> set[str]:
        """The members of an answer that a request, in any of its variants, may set."""
        asked = self._contract.core(request) if request else None
        branches = asked.branches if asked is not None and not asked.properties else ()
        return {name for each in (request, *branches) for name in self.paired(each, core)}

    def given(self, pair: Pair, table: Table) -> Json | MISSING:
        """What a request says of the answer's member: null is absent where it changes nothing."""
        value = said(table, pair.request.name)
        if value is MISSING or (value is None and not self.keeps_null(pair)):
            return MISSING
        if pair.inner:
            return {"id": value}
        return value

    def keeps_null(self, pair: Pair) -> bool:
        """Whether a null that is given is stored: not where the contract says that null changes
        nothing, nor where the answer cannot show it. Where nothing is declared it is a value."""
        admitted = self._contract.schema(pair.shown.pointer).nullable
        return admitted and pair.request.null != "unchanged"

    def _one_of(
        self, given: Table, request: str | None, response: str, ground: Ground
    ) -> dict[str, Json]:
        """By the first branch of a union that makes a valid answer; else what was given."""
        for branch in self._contract.core(response).branches:
            shown = self.complete(given, request, branch, ground)
            if self._validators.admits(response, shown):
                return shown
        return dict(given)

    def _object(
        self, given: Table, request: str | None, core: Schema, ground: Ground
    ) -> dict[str, Json]:
        request = self.variant(given, request)
        paired = self.paired(request, core)
        shown: dict[str, Json] = {}
        for member in core.properties:
            if member.write_only and not member.required:
                continue
            value = self._member(given, paired.get(member.name), request, member, ground)
            if value is not MISSING:
                shown[member.name] = value
        if self._keeps_others(core):
            shown.update(
                {
                    name: each
                    for name, each in given.items()
                    if name not in shown and core.property(name) is None
                }
            )
        return shown

    def _member(
        self, given: Table, pair: Pair | None, request: str | None, member: Property, ground: Ground
    ) -> Json | MISSING:
        told = self.given(pair, given) if pair else MISSING
        if pair and told is not MISSING:
            source = None if pair.inner else pair.request.pointer
            return self.value(told, source, member.pointer, _within(ground, member))
        if member.name in ground.known:
            return ground.known[member.name]
        return self._absent(pair, member, ground)

    def _absent(self, pair: Pair | None, member: Property, ground: Ground) -> Json | MISSING:
        # One schema may be a member that is required here, and not there (allOf).
        key = pair.request.pointer if pair else "", member.pointer, member.required
        if key in self._unset:
            return self._unset[key]
        default = meaning_of_absent(pair.request if pair else None, pair.shown if pair else member)
        if default is not MISSING:
            told: Json = {"id": default} if pair and pair.inner else default
            # It is read by the schema that declares it: what is within may have defaults, too.
            asked = pair is not None and not pair.inner and pair.shown.default is MISSING
            source = pair.request.pointer if pair and asked else None
            value = self.value(told, source, member.pointer, _within(ground, member))
            if not isinstance(value, dict | list) and value == told:
                self._unset[key] = value
            return value
        if not member.required or self._contract.schema(member.pointer).nullable:
            self._unset[key] = None if member.required else MISSING
            return self._unset[key]
        return self._made(member.pointer, _within(ground, member), member.name)

    def _made(self, response: str, ground: Ground, name: str = "") -> Json:
        """A value that nobody gave: an object by the defaults of its members, if it fits so."""
        core = self._contract.core(response)
        if core.properties and self._plain.get(core.pointer, True):
            made = self._object({}, None, core, Ground(ground.identity))
            if core.pointer not in self._plain:
                self._plain[core.pointer] = self._validators.admits(core.pointer, made)
            if self._plain[core.pointer]:
                return made
        return self._samples.value(response, ground.identity, name)

    def _keeps_others(self, core: Schema) -> bool:
        """Whether members without a name of their own are part of the value: maps, and objects
        that say ``additionalProperties``. An object that is silent ignores them."""
        if isinstance(core.node, bool) or not core.properties:
            return True
        return core.node.get("additionalProperties", False) is not False


def said(table: Table, name: str) -> Json | MISSING:
    """What an object says of a member."""
    if name in table:
        return table[name]
    return MISSING


def _within(ground: Ground, member: Property) -> Ground:
    return Ground(f"{ground.identity}/{member.name}")
