"""Parameters of an operation beside each other: which came, went, moved, and how they travel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pydantic import MISSING

from tallystick.contract import Contract, Operation, Parameter
from tallystick.contract.naming import TEMPLATE
from tallystick.document import Json, canonical

from . import styled
from .alignment import Pair
from .collecting import Collection, Draft
from .records import Spot, Witness
from .requests import Asked, request
from .sampled import sample
from .witnessing import Side, sent
from .words import WHO, coded, named, parameter_in, shown

Key = tuple[str, str]
_NOT_OURS = frozenset({"accept", "content-type", "authorization"})
"""Header parameters of these names say nothing (OpenAPI 3.1, 4.8.12.1)."""


def compare_parameters(held: Collection, pair: Pair) -> None:
    """Every parameter of an operation, by its name and place; of the path, by its position."""
    old, new = _keyed(pair.old, pair), _keyed(pair.new, pair)
    gone = {key: each for key, each in old.items() if key not in new}
    came = {key: each for key, each in new.items() if key not in old}
    for key, was in list(gone.items()):
        there = _elsewhere(was, came)
        if there is not None:
            del gone[key], came[there[0]]
            _moved(held, pair, was, there[1])
            _value(held, pair, was, there[1])
    for was in gone.values():
        _removed(held, pair, was)
    for now in came.values():
        _added(held, pair, now)
    for key, was in old.items():
        if key in new:
            _Two(held, pair, was, new[key]).compare()


def _keyed(operation: Operation, pair: Pair) -> dict[Key, Parameter]:
    places = {name: str(index) for index, name in enumerate(TEMPLATE.findall(operation.path))}
    by_place = not pair.moved and pair.new.incoming is None
    found: dict[Key, Parameter] = {}
    for each in operation.parameters:
        if each.location == "header":
            if each.name.lower() not in _NOT_OURS:
                found["header", each.name.lower()] = each
        elif each.location == "path" and by_place:
            found["path", places.get(each.name, each.name)] = each
        elif not (each.location == "path" and pair.moved):
            found[each.location, each.name] = each
    return found


def _elsewhere(was: Parameter, came: Mapping[Key, Parameter]) -> tuple[Key, Parameter] | None:
    found = [(key, each) for key, each in came.items() if each.name.lower() == was.name.lower()]
    return found[0] if len(found) == 1 else None


def _spot(pair: Pair, parameter: Parameter) -> Spot:
    return Spot(named(pair.new), f"{parameter.location} parameter {parameter.name}", pair.asked)


def _where(pair: Pair, parameter: Parameter) -> str:
    return f"{named(pair.new)}, {parameter.location} parameter {parameter.name}"


def _given(contract: Contract, parameter: Parameter, value: Json | MISSING = MISSING) -> Asked:
    given = sample(contract, parameter.schema) if value is MISSING else value
    return Asked(parameters={(parameter.name, parameter.location): given})


def _added(held: Collection, pair: Pair, now: Parameter) -> None:
    kind = "required-parameter-added" if now.required else "optional-parameter-added"
    said = "must be given now, and was not known" if now.required else "may be given now"
    side: Side = "old" if now.required else "new"
    asked = Asked() if now.required else _given(held.new, now)
    held.add(
        Draft(
            kind=kind,
            direction=pair.asked,
            old=None,
            new=now.pointer,
            sentence=f"{parameter_in(now.name, now.location)} of {WHO} {said}",
            where=_where(pair, now),
            operation=pair.new,
            witness=sent(held, _spot(pair, now), pair.old, pair.new, side, asked),
        )
    )


def _removed(held: Collection, pair: Pair, was: Parameter) -> None:
    held.add(
        Draft(
            kind="parameter-removed",
            direction=pair.asked,
            old=was.pointer,
            new=None,
            sentence=f"{parameter_in(was.name, was.location)} of {WHO} is gone",
            where=_where(pair, was),
            operation=pair.new,
        )
    )


def _moved(held: Collection, pair: Pair, was: Parameter, now: Parameter) -> None:
    there = parameter_in(now.name, now.location).removeprefix(f"{coded(now.name)} ")
    held.add(
        Draft(
            kind="parameter-moved",
            direction=pair.asked,
            old=was.pointer,
            new=now.pointer,
            sentence=f"{parameter_in(was.name, was.location)} of {WHO} stands {there} now",
            where=_where(pair, now),
            operation=pair.new,
            before=was.location,
            after=now.location,
            witness=_misread(held, pair, was, sample(held.old, was.schema)),
        )
    )


def _misread(held: Collection, pair: Pair, was: Parameter, value: Json) -> Witness:
    """A request with a value that the new contract looks for elsewhere, or reads as another one."""
    sent_before = request(held.old, pair.old, _given(held.old, was, value))
    return Witness(_spot(pair, was), sent_before, _AT.get(was.location, "/query"), "old")


_AT = {"path": "/path", "header": "/headers", "cookie": "/headers"}


def _value(held: Collection, pair: Pair, was: Parameter, now: Parameter) -> None:
    held.values.compare(_spot(pair, now), was.schema, now.schema)


class _Two:
    """One parameter in both contracts."""

    def __init__(self, held: Collection, pair: Pair, was: Parameter, now: Parameter) -> None:
        self.held, self.pair, self.was, self.now = held, pair, was, now
        self.name = parameter_in(now.name, now.location)

    def compare(self) -> None:
        """Whether it must be given, what absent means, how it is written, what it may be."""
        self._required()
        self._default()
        self._written()
        self._deprecated()
        self._notes()
        _value(self.held, self.pair, self.was, self.now)

    def _say(
        self, kind: str, said: str, was: Json | MISSING, now: Json | MISSING, side: Side | None
    ) -> None:
        spot = _spot(self.pair, self.now)
        pair = self.pair
        asked = Asked()
        found = None if side is None else sent(self.held, spot, pair.old, pair.new, side, asked)
        self.held.add(replace(self._draft(kind, said, was, now), witness=found))

    def _draft(self, kind: str, said: str, was: Json | MISSING, now: Json | MISSING) -> Draft:
        return Draft(
            kind=kind,
            direction=self.pair.asked,
            old=self.was.pointer,
            new=self.now.pointer,
            sentence=f"{self.name} of {WHO} {said}",
            where=_where(self.pair, self.now),
            operation=self.pair.new,
            before=was,
            after=now,
        )

    def _required(self) -> None:
        if self.was.required and not self.now.required:
            self._say("parameter-optional", "may be left out now", True, False, "new")
        if self.now.required and not self.was.required:
            self._say("parameter-required", "must be given now", False, True, "old")

    def _default(self) -> None:
        if self.was.required or self.now.required:
            return  # nobody who may leave it out before may leave it out now, or the reverse
        was, now = self.was.default, self.now.default
        if (was is MISSING) != (now is MISSING) or (was is not MISSING and _differ(was, now)):
            said = f"means {shown(now)} where it is left out, and meant {shown(was)}"
            self.held.add(self._draft("default-changed", said, was, now))

    def _deprecated(self) -> None:
        if self.was.deprecated != self.now.deprecated:
            kind = "parameter-deprecated" if self.now.deprecated else "parameter-undeprecated"
            said = "is deprecated now" if self.now.deprecated else "is deprecated no longer"
            self._say(kind, said, self.was.deprecated, self.now.deprecated, None)

    def _notes(self) -> None:
        was, now = self.was, self.now
        if was.location == "path" and was.name != now.name:
            said = f"was {coded(was.name)}"
            self.held.note(self._draft("path-parameter-renamed", said, was.name, now.name))
        if (was.made_up, now.made_up) == (False, False) and was.given != now.given:
            before, after = list(was.given), list(now.given)
            said = f"has the known values {shown(after)}, and had {shown(before)}"
            self.held.note(self._draft("given-values-changed", said, before, after))

    def _written(self) -> None:
        was, now = styled.media_type(self.was), styled.media_type(self.now)
        if was != now:
            said = (
                f"is {now or 'written by its style'} now, and was {was or 'written by its style'}"
            )
            self._rewritten("parameter-media-type-changed", said, was, now)
        elif was is None and self.now.location != "querystring":
            self._styles()

    def _styles(self) -> None:
        before, after = styled.wire(self.was), styled.wire(self.now)
        plain = (
            replace(each, name=self.now.name, allow_reserved=False) for each in (before, after)
        )
        old, new = plain
        told = [f"{each.style}{', exploded' if each.explode else ''}" for each in (old, new)]
        values = styled.values_of(self.held.old, self.was.schema)
        found = styled.differing(old, new, values)
        if found is not None:
            said = (
                f"writes {shown(found.value)} as {coded(found.new)} now, and wrote"
                f" {coded(found.old)} ({told[1]}, not {told[0]})"
            )
            self._rewritten("parameter-style-changed", said, told[0], told[1], found)
        elif before.allow_reserved != after.allow_reserved:
            before, after = (replace(each, name=self.now.name) for each in (before, after))
            values = styled.values_of(self.held.old, self.was.schema, reserved=True)
            found = styled.differing(before, after, values)
            if found is not None:
                said = f"writes {shown(found.value)} as {coded(found.new)}, not {coded(found.old)}"
                flags = (before.allow_reserved, after.allow_reserved)
                self.held.add(self._draft("parameter-escaping-changed", said, *flags))

    def _rewritten(
        self,
        kind: str,
        said: str,
        was: Json,
        now: Json,
        found: styled.Writings | None = None,
    ) -> None:
        draft = self._draft(kind, said, was, now)
        value = found.value if found else sample(self.held.old, self.was.schema)
        self.held.add(replace(draft, witness=_misread(self.held, self.pair, self.was, value)))


def _differ(was: Json | MISSING, now: Json | MISSING) -> bool:
    return was is not MISSING and now is not MISSING and canonical(was) != canonical(now)
