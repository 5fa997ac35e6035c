"""Parameters of an operation beside each other: which came, went, moved, and how they travel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pydantic import MISSING

from tallystick.contract import Operation, Parameter
from tallystick.contract.naming import TEMPLATE
from tallystick.document import Json

from ..records import Spot
from ..values.differences import of_defaults
from . import styled
from .alignment import Pair
from .collecting import Collection, Draft
from .requests import Asked
from .sampled import Sampled
from .witnessing import Side, with_misread, with_requests
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


def _draft(kind: str, pair: Pair, was: Parameter | None, now: Parameter | None, said: str) -> Draft:
    one = now or was
    name, location = (one.name, one.location) if one else ("", "query")
    return Draft(
        kind=kind,
        direction=pair.asked,
        old=was.pointer if was else None,
        new=now.pointer if now else None,
        sentence=said,
        where=f"{named(pair.new)}, {location} parameter {name}",
        operation=pair.new,
    )


def _given(held: Sampled, parameter: Parameter, value: Json | MISSING = MISSING) -> Asked:
    """A request that has the parameter."""
    given = held.written(parameter.schema) if value is MISSING else value
    return Asked(parameters={(parameter.name, parameter.location): given})


def _added(held: Collection, pair: Pair, now: Parameter) -> None:
    kind = "required-parameter-added" if now.required else "optional-parameter-added"
    what = "must be given now, and was not known" if now.required else "may be given now"
    said = f"{parameter_in(now.name, now.location)} of {WHO} {what}"
    held.add(with_requests(held, _draft(kind, pair, None, now, said), pair.old, pair.new))


def _removed(held: Collection, pair: Pair, was: Parameter) -> None:
    said = f"{parameter_in(was.name, was.location)} of {WHO} is gone"
    draft = _draft("parameter-removed", pair, was, None, said)
    asked: Mapping[Side, Asked] = {"old": _given(held.old, was)}
    held.add(with_misread(held, draft, pair.old, pair.new, asked, _at(was)))


def _moved(held: Collection, pair: Pair, was: Parameter, now: Parameter) -> None:
    there = parameter_in(now.name, now.location).removeprefix(f"{coded(now.name)} ")
    said = f"{parameter_in(was.name, was.location)} of {WHO} stands {there} now"
    draft = _draft("parameter-moved", pair, was, now, said)
    draft = replace(draft, before=was.location, after=now.location)
    held.add(_misread(held, draft, pair, was, now))


def _misread(
    held: Collection,
    draft: Draft,
    pair: Pair,
    was: Parameter,
    now: Parameter,
    value: Json | MISSING = MISSING,
) -> Draft:
    """A change with a value that the other contract looks for elsewhere, or reads as another one."""
    asked: Mapping[Side, Asked] = {
        "old": _given(held.old, was, value),
        "new": _given(held.new, now, value),
    }
    return with_misread(held, draft, pair.old, pair.new, asked, _at(was))


def _at(parameter: Parameter) -> str:
    """Where in a request it stands."""
    places = {"path": "/path", "header": "/headers", "cookie": "/headers"}
    return places.get(parameter.location, "/query")


def _value(held: Collection, pair: Pair, was: Parameter, now: Parameter) -> None:
    spot = Spot(named(pair.new), f"{now.location} parameter {now.name}", pair.asked)
    held.values.compare(spot, was.schema, now.schema)


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

    def _draft(self, kind: str, said: str, was: Json | MISSING, now: Json | MISSING) -> Draft:
        draft = _draft(kind, self.pair, self.was, self.now, f"{self.name} of {WHO} {said}")
        return replace(draft, before=was, after=now)

    def _presence(self, kind: str, said: str) -> None:
        draft = self._draft(kind, said, self.was.required, self.now.required)
        self.held.add(with_requests(self.held, draft, self.pair.old, self.pair.new))

    def _required(self) -> None:
        if self.was.required and not self.now.required:
            self._presence("parameter-optional", "may be left out now")
        if self.now.required and not self.was.required:
            self._presence("parameter-required", "must be given now")

    def _default(self) -> None:
        if self.was.required or self.now.required:
            return  # nobody could leave it out, or nobody can any more
        was, now = self.was.default, self.now.default
        kind = of_defaults(was, now)
        if kind is None:
            return
        words = {
            "default-added": f"means {shown(now)} where it is left out, which was not said",
            "default-removed": f"meant {shown(was)} where it is left out, which is said no longer",
            "default-documented": f"means {shown(now)} where it is left out, and meant {shown(was)}",
            "default-changed": f"means {shown(now)} where it is left out, and meant {shown(was)}",
        }
        self.held.add(self._draft(kind, words[kind], was, now))

    def _deprecated(self) -> None:
        was, now = self.was.deprecated, self.now.deprecated
        if was != now:
            kind = "parameter-deprecated" if now else "parameter-undeprecated"
            said = "is deprecated now" if now else "is deprecated no longer"
            self.held.add(self._draft(kind, said, was, now))

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
            values = styled.values_of(self.held.old.contract, self.was.schema)
            found = styled.differing(styled.wire(self.was), styled.wire(self.now), values)
            # A number is one text as JSON and by its style.
            if found is not None or {was, now} != {None, "application/json"}:
                self._rewritten("parameter-media-type-changed", said, was, now, found)
        elif was is None and self.now.location != "querystring":
            self._styles()

    def _styles(self) -> None:
        before, after = styled.wire(self.was), styled.wire(self.now)
        plain = (
            replace(each, name=self.now.name, allow_reserved=False) for each in (before, after)
        )
        old, new = plain
        told = [f"{each.style}{', exploded' if each.explode else ''}" for each in (old, new)]
        values = styled.values_of(self.held.old.contract, self.was.schema)
        found = styled.differing(old, new, values)
        if found is not None:
            said = f"writes {shown(found.value)} as {coded(found.new)} now, and as {coded(found.old)} before"
            self._rewritten("parameter-style-changed", said, told[0], told[1], found)
        elif before.allow_reserved != after.allow_reserved:
            before, after = (replace(each, name=self.now.name) for each in (before, after))
            values = styled.values_of(self.held.old.contract, self.was.schema, reserved=True)
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
        value = found.value if found else MISSING
        self.held.add(_misread(self.held, draft, self.pair, self.was, self.now, value))
