"""The states of a member: absent, null, its default, falsy, boundaries, other values, wrong ones."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from pydantic import MISSING

from tallystick.contract import Contract, Schema
from tallystick.document import Json

from .members import Member
from .oracle import Oracle
from .places import same
from .samples import Samples, Unsatisfiable, bounds

ABSENT, NULL, DEFAULT, OTHER = "absent", "null", "default", "other value"
INTEGRAL_FLOAT = "integral float"
LONGEST = "longest"
MOST_ENTRIES, DOZEN = "most entries", "a dozen items"
NOT_IN_ENUM = (
    *("unknown enum value", "enum in another case", "enum with a blank"),
    "number of an enum value",
)
WIDE = "é"
"""A letter of more bytes than characters."""
LARGE = "2^53 + 1"
"""The first integer that a double cannot hold."""
HUGE = "2^63"
"""The first integer that 64 bits with a sign cannot hold."""
_WIDEST = ("shortest", LONGEST, MOST_ENTRIES, DOZEN, LARGE, HUGE, "minus one")
"""Values that come after all others: a finding is easier to read without."""
FALSY: tuple[Json, ...] = (0, False, "", [], {})


@dataclass(frozen=True, slots=True)
class State:
    """A member in one state."""

    name: str
    value: Json | MISSING
    """MISSING for absent."""
    valid: bool
    """Whether the member's schema admits the value, by the oracle (for absent: not required)."""
    promised: bool = False
    """Whether the contract names this state, so that no other reason may refuse it."""

    falsy: bool = field(init=False)
    """Whether a careless server may take it for absent."""

    def __post_init__(self) -> None:
        alike = self.value is not None and any(same(self.value, each) for each in FALSY)
        object.__setattr__(self, "falsy", self.valid and alike)


class States:
    """The states of the members of a contract's bodies, the same for the same seed."""

    def __init__(self, contract: Contract, oracle: Oracle, samples: Samples) -> None:
        self._contract, self._oracle, self._samples = contract, oracle, samples
        self._kept: dict[tuple[str, bool], tuple[State, ...]] = {}
        self._values: dict[tuple[str, bool], tuple[State, ...]] = {}

    def of(self, member: Member) -> tuple[State, ...]:
        """Every state of a member, each with a name and a value of its own."""
        key = member.pointer, member.declared.required
        if key not in self._kept:
            self._kept[key] = tuple(self._distinct(member))
        return self._kept[key]

    def named(self, member: Member, name: str) -> State | None:
        """The state of this name."""
        return next((each for each in self.of(member) if each.name == name), None)

    def values(self, member: Member) -> tuple[State, ...]:
        """The valid states which are a value: neither absent nor null, nor an integral float."""
        key = member.pointer, member.declared.required
        if key not in self._values:
            spoken = (each for each in self.of(member) if each.valid and each.value is not MISSING)
            found = [e for e in spoken if e.value is not None and e.name != INTEGRAL_FLOAT]
            found.sort(key=lambda each: each.name in _WIDEST)
            self._values[key] = tuple(found)
        return self._values[key]

    def _distinct(self, member: Member) -> Iterator[State]:
        seen: list[State] = []
        for name, value, promised in self._candidates(member):
            if value is MISSING:
                state = State(name, value, not member.declared.required, promised)
            else:
                state = State(name, value, self._oracle.fits(member.pointer, value), promised)
            if not any(_alike(state, each) for each in seen):
                seen.append(state)
                yield state

    def _candidates(self, member: Member) -> Iterator[tuple[str, Json | MISSING, bool]]:
        pointer, default = member.pointer, member.declared.default
        core = self._contract.core(pointer)
        yield ABSENT, MISSING, True
        yield NULL, None, True
        if default is not MISSING and default is not None:
            yield DEFAULT, default, True
        yield from self._enum(pointer)
        if "boolean" in core.types and len(core.types) < 7:
            yield "false", False, True
            yield "true", True, True
        written = self._samples.examples(pointer)
        for index, value in enumerate(written[:3]):
            yield f"example {index + 1}" if index else "example", value, True
        yield from self._falsy(core.types)
        yield from self._boundaries(pointer)
        yield from self._others(pointer)
        yield from _counts(self._samples.keywords(pointer), self._some(pointer, full=True))
        yield from self._integral(pointer)
        if "integer" in core.types and "number" not in core.types and len(core.types) < 7:
            yield LARGE, 2**53 + 1, False
            yield HUGE, 2**63, False
        if {"integer", "number"} & core.types and len(core.types) < 7:
            yield "minus one", -1, False
        yield from self._wrong(core.types)
        yield from self._almost(core)

    def _enum(self, pointer: str) -> Iterator[tuple[str, Json, bool]]:
        words = [v for v in self._values_of_enum(pointer) if v is not None]
        for value in words:
            yield f"enum: {value}", value, True
        for value in words[:2]:
            if isinstance(value, str):
                yield "unknown enum value", f"{value}_unknown", False
                yield "enum in another case", value.swapcase(), False
                yield "enum with a blank", f"{value} ", False
        if words and all(isinstance(each, str) for each in words):
            yield "number of an enum value", min(1, len(words) - 1), False

    def _values_of_enum(self, pointer: str) -> tuple[Json, ...]:
        core = self._contract.core(pointer)
        if core.enum is not None:
            return core.enum
        values = self._samples.keywords(pointer).get("enum")
        return tuple(values) if isinstance(values, list) else ()

    def _falsy(self, types: frozenset[str]) -> Iterator[tuple[str, Json, bool]]:
        if "integer" in types or "number" in types:
            yield "zero", 0, False
        if "string" in types:
            yield "empty string", "", False
        if "array" in types:
            yield "empty array", [], types == frozenset({"array"})
        if "object" in types:
            yield "empty object", {}, False

    def _boundaries(self, pointer: str) -> Iterator[tuple[str, Json, bool]]:
        keywords = self._samples.keywords(pointer)
        low, high = bounds(keywords)
        whole = "number" not in self._contract.core(pointer).types
        if low is not None:
            yield "minimum", int(low) if whole else low, True
            yield "below the minimum", int(low) - 1 if whole else low - 1, False
        if high is not None:
            yield "maximum", int(high) if whole else high, True
            yield "above the maximum", int(high) + 1 if whole else high + 1, False
        step = keywords.get("multipleOf")
        if isinstance(step, int | float) and step > 1:
            yield "no multiple", step * 2 + 1, False
        yield from _lengths(keywords, self._some(pointer))
        yield from self._sizes(keywords, pointer)
        for name, value in _near(keywords, self._some(pointer, full=True)):
            if not self._oracle.fits(pointer, value):
                yield name, value, False

    def _sizes(
        self, keywords: Mapping[str, Json], pointer: str
    ) -> Iterator[tuple[str, Json, bool]]:
        """Arrays with fewer and more items than they may have, all of them different if need be."""
        least, most = keywords.get("minItems"), keywords.get("maxItems")
        some, whole = self._some(pointer), self._some(pointer, full=True)
        if isinstance(least, int) and isinstance(some, list) and 0 < least < 1000:
            yield "too few items", some[: least - 1], False
        if isinstance(most, int) and isinstance(whole, list) and whole and most < 1000:
            items = self._contract.core(pointer).items
            several = [e for e in _several(whole[0], 2 * most + 9) if self._fits(items, e)]
            many = several if len(several) > most else [whole[0]] * (most + 1)
            yield "too many items", many[: most + 1], False
        items = self._contract.core(pointer).items
        if items is not None and isinstance(whole, list) and whole:
            yield DOZEN, self._dozen(items, whole[0]), False

    def _dozen(self, items: str, first: Json) -> list[Json]:
        """Twelve items, different in what each must have, as far as they can be."""
        core = self._contract.core(items)
        needed = {each.name for each in core.properties if each.required}
        if not isinstance(first, dict):
            return [each for each in _several(first, 30) if self._fits(items, each)][:12]
        try:
            first = self._samples.one(items)
        except Unsatisfiable:
            return [first] * 12
        found: list[Json] = []
        for number, letter in enumerate(_LETTERS[:12]):
            fresh: Json = {
                name: f"{letter}{value}" if name in needed and isinstance(value, str) else value
                for name, value in (first.items() if isinstance(first, dict) else ())
            }
            found.append(fresh if number and self._fits(items, fresh) else first)
        return found

    def _fits(self, pointer: str | None, value: Json) -> bool:
        return pointer is None or self._oracle.fits(pointer, value)

    def _some(self, pointer: str, *, full: bool = False) -> Json:
        try:
            return self._samples.one(pointer, full=full)
        except Unsatisfiable:
            return None

    def _others(self, pointer: str) -> Iterator[tuple[str, Json, bool]]:
        """Values beside the examples: their neighbours, which a real server accepts most likely."""
        try:
            first = self._samples.one(pointer)
            whole = self._samples.one(pointer, full=True)
        except Unsatisfiable:
            return
        core = self._contract.core(pointer)
        if "object" in core.types or "array" in core.types:
            yield "minimal", first, True
            yield "full", whole, False
            return
        count = 0
        for value in [*self._neighbours(first, pointer), *self._samples.several(pointer)]:
            if value is not None and not same(value, first) and self._oracle.fits(pointer, value):
                count += 1
                yield OTHER if count == 1 else f"{OTHER} {count}", value, False
            if count == 2:
                return
        yield "value", first, False

    def _neighbours(self, value: Json, pointer: str) -> Iterator[Json]:
        step = self._samples.source("neighbour", pointer).randrange(1, 4)
        if isinstance(value, bool):
            yield not value
        elif isinstance(value, int | float):
            if "number" in self._contract.core(pointer).types:
                yield from (value + 0.5, value - 0.5)
            yield from (value + step, value - step, value + step + 1)
        elif isinstance(value, str):
            yield f"{value}-{string.ascii_lowercase[step]}"

    def _integral(self, pointer: str) -> Iterator[tuple[str, Json, bool]]:
        types = self._contract.core(pointer).types
        whole = next((v for v in self._samples.several(pointer) if _whole(v)), None)
        if "integer" in types and isinstance(whole, int) and len(types) < 7:
            yield INTEGRAL_FLOAT, float(whole), False

    def _wrong(self, types: frozenset[str]) -> Iterator[tuple[str, Json, bool]]:
        if "string" not in types:
            yield "wrong type: numeric string", "5", False
            yield "wrong type: string", "text", False
        if "boolean" not in types:
            yield "wrong type: boolean", True, False
        if "number" not in types and "integer" not in types:
            yield "wrong type: number", 5, False
        elif "number" not in types:
            yield "wrong type: fraction", 5.5, False
        if "array" not in types:
            yield "wrong type: array", [], False
        if "object" not in types:
            yield "wrong type: object", {}, False

    def _almost(self, core: Schema) -> Iterator[tuple[str, Json, bool]]:
        """Values of a wrong type which a lenient server takes for right ones."""
        if core.types == frozenset({"boolean"}):
            yield "wrong type: the word true", "true", False
            yield "wrong type: one", 1, False
        if core.types == frozenset({"integer"}):
            yield "wrong type: empty text", "", False
        if core.types == frozenset({"object"}):
            yield "wrong type: false", False, False
        if core.types == frozenset({"array"}) and core.items is not None:
            with suppress(Unsatisfiable):
                yield "wrong type: one item without an array", self._samples.one(core.items), False


def _alike(one: State, other: State) -> bool:
    if INTEGRAL_FLOAT in (one.name, other.name):
        return one.name == other.name
    return same(one.value, other.value) or one.name == other.name


def _whole(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _near(keywords: Mapping[str, Json], some: Json) -> Iterator[tuple[str, Json]]:
    """Values which a careless check takes, for one that is right."""
    if "pattern" in keywords and isinstance(some, str) and some:
        yield "text behind the pattern", f"{some}!"
        yield "text before the pattern", f"!{some}"
        yield "newline behind the pattern", f"{some}\n"
        yield "pattern in another case", some.swapcase()
    form = keywords.get("format")
    if form in ("date", "date-time"):
        yield "a day that is none", "2023-02-30" + ("T10:00:00Z" if form == "date-time" else "")
    if keywords.get("uniqueItems") is True and isinstance(some, list) and some:
        yield "an item twice", [some[0], some[0]]
    least = keywords.get("minLength")
    if isinstance(least, int) and isinstance(some, str) and 2 <= least < 1000:
        yield "too short, but not in bytes", WIDE * (least - 1)


def _lengths(keywords: Mapping[str, Json], some: Json) -> Iterator[tuple[str, Json, bool]]:
    least, most = keywords.get("minLength"), keywords.get("maxLength")
    if isinstance(least, int) and isinstance(some, str) and 0 < least < 10_000:
        yield "too short", some[: least - 1], False
        yield "shortest", some[:least], "format" not in keywords and "pattern" not in keywords
    if isinstance(most, int) and isinstance(some, str) and most < 10_000:
        if "format" not in keywords:  # what has one is not made longer by letters behind it
            yield LONGEST, some.ljust(most, "x")[:most], False
        yield "too long", some.ljust(most + 1, "x"), False


def _several(item: Json, count: int) -> list[Json]:
    """Items like one, as far as possible all different."""
    if isinstance(item, bool) or not isinstance(item, str | int | float):
        return [item] * count
    if isinstance(item, str):
        words = [f"{n}" for n in range(count)] + [
            f"{_LETTERS[n % 26]}{n // 26 * 'x'}" for n in range(count)
        ]
        return [item, *(item[: -len(word)] + word for word in words if len(word) <= len(item))]
    return [item + number for number in range(count)]


_LETTERS = string.ascii_lowercase


def _counts(keywords: Mapping[str, Json], some: Json) -> Iterator[tuple[str, Json, bool]]:
    """Maps of the greatest size, and beyond it, for one with an entry."""
    most = keywords.get("maxProperties")
    if not isinstance(most, int) or "properties" in keywords or not isinstance(some, dict):
        return
    if some and 0 < most < 1000:
        value = next(iter(some.values()))
        yield MOST_ENTRIES, {f"key{number}": value for number in range(most)}, False
        yield "too many entries", {f"key{number}": value for number in range(most + 1)}, False
