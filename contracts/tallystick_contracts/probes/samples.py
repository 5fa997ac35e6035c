"""Valid values of a schema, the same for the same seed; examples and enums of the document first."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException

from tallystick.contract import Contract, Schema
from tallystick.document import Json, join
from tallystick.errors import DocumentError

from ..registry import own_values
from .oracle import Oracle
from .places import same

DEPTH = 12
"""Containers within containers beyond which only values without members are tried."""

FORMATS: Mapping[str, tuple[str, ...]] = {
    "date-time": ("2026-01-02T03:04:05Z", "2025-06-07T08:09:10Z"),
    "date": ("2026-01-02", "2025-06-07"),
    "time": ("03:04:05Z", "08:09:10Z"),
    "duration": ("PT1H", "P2D"),
    "email": ("someone@example.com", "another@example.com"),
    "hostname": ("example.com", "another.example.com"),
    "ipv4": ("192.0.2.1", "192.0.2.2"),
    "ipv6": ("2001:db8::1", "2001:db8::2"),
    "uri": ("https://example.com/a", "https://example.com/b"),
    "uri-reference": ("/a", "/b"),
    "uuid": ("6f1c2b9e-3d4a-4b5c-8d6e-7f8091a2b3c4", "0a1b2c3d-4e5f-4a6b-9c7d-8e9fa0b1c2d3"),
    "json-pointer": ("/a", "/b"),
    "regex": ("a+", "b+"),
}


class Unsatisfiable(DocumentError):
    """No valid value was found for a schema."""


class Samples:
    """Valid values for the schemas of a contract.

    Args:
        contract: whose schemas.
        oracle: the judge of validity.
        seed: the same seed gives the same values.
    """

    def __init__(self, contract: Contract, oracle: Oracle, seed: int) -> None:
        self._contract, self._oracle, self._seed = contract, oracle, seed
        self._kept: dict[tuple[str, bool], Json] = {}

    def source(self, *case: object) -> random.Random:
        """A source of chance which depends on the document, the seed and the case only."""
        text = "|".join(map(str, (self._contract.digest, self._seed, *case)))
        return random.Random(hashlib.sha256(text.encode()).digest())

    def examples(self, pointer: str) -> tuple[Json, ...]:
        """The valid examples and enum values that the document gives, without duplicates."""
        found: list[Json] = []
        for value in self._written(pointer, set()):
            known = any(same(value, each) for each in found)
            if value is not None and not known and self._oracle.fits(pointer, value):
                found.append(value)
        return tuple(found)

    def one(self, pointer: str, *, full: bool = False) -> Json:
        """A valid value: of an object the required members only, or all when ``full``.

        Raises:
            Unsatisfiable: none was found.
        """
        kept = self._kept.get((pointer, full))
        if kept is None:
            kept = self._first(pointer, full)
            self._kept[pointer, full] = kept
        return kept

    def several(self, pointer: str, *, full: bool = False, depth: int = 0) -> Iterator[Json]:
        """Candidates, the most telling first; not all need be valid, and they may repeat."""
        core = self._contract.core(pointer)
        scalar = not ({"object", "array"} & core.types)
        if scalar or full or len(core.types) == len(_EVERY):
            yield from self.examples(pointer)
        if len(core.branches) > 1:
            for branch in core.branches:
                yield from self.several(branch, full=full, depth=depth)
        yield from self._made(core, full, depth)
        yield from self.examples(pointer)

    def _first(self, pointer: str, full: bool, depth: int = 0) -> Json:
        for value in self.several(pointer, full=full, depth=depth):
            if value is not None and self._oracle.fits(pointer, value):
                return value
        if self._oracle.fits(pointer, None):
            return None
        raise Unsatisfiable("no valid value was found for this schema", pointer=pointer)

    def _written(self, pointer: str, seen: set[str]) -> Iterator[Json]:
        if pointer in seen:
            return
        seen.add(pointer)
        schema = self._contract.schemas[pointer]
        node: Mapping[str, Json] = schema.node if isinstance(schema.node, Mapping) else {}
        form = node.get("format")
        for key in (pointer, form):
            if isinstance(key, str):
                yield from own_values(key, self.source("own", key))
        several = node.get("examples")
        yield from several if isinstance(several, list) else ()
        if "example" in node:
            yield node["example"]
        yield from schema.enum or ()
        parts = node.get("allOf")
        inner = (
            [join(pointer, "allOf", i) for i in range(len(parts))]
            if isinstance(parts, list)
            else []
        )
        behind = [schema.ref] if schema.ref else []
        for each in (*behind, *inner, *schema.branches):
            yield from self._written(each, seen)

    def _made(self, core: Schema, full: bool, depth: int) -> Iterator[Json]:
        keywords = self._keywords(core.pointer)
        types = core.types
        if "object" in types:
            yield from self._objects(core, full, depth)
        if "boolean" in types:
            yield from (True, False)
        if "integer" in types and "number" not in types:
            yield from self._integers(keywords, core.pointer)
        if "number" in types:
            yield from self._numbers(keywords, core.pointer)
        if "string" in types:
            yield from self._strings(keywords, core.pointer)
        if "array" in types:
            yield from self._arrays(core, keywords, full, depth)

    def _objects(self, core: Schema, full: bool, depth: int) -> Iterator[Json]:
        wanted = [
            each for each in core.properties if not each.read_only and (full or each.required)
        ]
        if depth >= DEPTH:
            wanted = [each for each in wanted if each.required]
        if depth > 2 * DEPTH:
            return
        made: dict[str, Json] = {}
        for each in wanted:
            try:
                made[each.name] = self._first(each.pointer, full, depth + 1)
            except Unsatisfiable:
                if each.required:
                    return
        if full and not made:
            yield from self._entries(core, full, depth)
        yield dict(made)
        for entry in self._entries(core, full, depth):
            yield made | entry
        yield from self._filled(core, made, full, depth)

    def _filled(
        self, core: Schema, made: dict[str, Json], full: bool, depth: int
    ) -> Iterator[Json]:
        """With as many optional members as an object has to have in all."""
        least = self._keywords(core.pointer).get("minProperties")
        for each in core.properties:
            if not isinstance(least, int) or len(made) >= least or depth >= DEPTH:
                break
            if each.name not in made and not each.read_only:
                with suppress(Unsatisfiable):
                    made = made | {each.name: self._first(each.pointer, full, depth + 1)}
        yield made

    def _entries(self, core: Schema, full: bool, depth: int) -> Iterator[dict[str, Json]]:
        """What a map may hold: one entry."""
        if isinstance(core.additional, str) and depth < DEPTH:
            with suppress(Unsatisfiable):
                yield {"key": self._first(core.additional, full, depth + 1)}

    def _arrays(
        self, core: Schema, keywords: Mapping[str, Json], full: bool, depth: int
    ) -> Iterator[Json]:
        least = keywords.get("minItems")
        count = int(least) if isinstance(least, int | float) else 0
        wanted = max(count, 1 if full and depth < DEPTH else 0)
        if core.items is None:
            yield [None for _ in range(wanted)]
            yield [f"text-{index}" for index in range(wanted)]
            return
        if wanted == 0 or depth > 2 * DEPTH:
            yield []
            return
        item = self._first(core.items, full, depth + 1)
        yield [item] * wanted
        distinct = list(self.several(core.items, full=full, depth=depth + 1))
        yield list(distinct[:wanted])

    def _integers(self, keywords: Mapping[str, Json], pointer: str) -> Iterator[Json]:
        low, high = bounds(keywords)
        step = keywords.get("multipleOf")
        step = int(step) if isinstance(step, int | float) and step >= 1 else 1
        start = 1 if low is None else int(low)
        start = min(start, int(high)) if high is not None else start
        start = -(-start // step) * step
        end = start + 100 * step if high is None else int(high)
        yield start
        yield self.source("integer", pointer).randrange(start, max(start + 1, end), step)
        yield start + step
        yield end // step * step

    def _numbers(self, keywords: Mapping[str, Json], pointer: str) -> Iterator[Json]:
        low, high = bounds(keywords)
        start = 1.0 if low is None else float(low)
        end = start + 100 if high is None else float(high)
        start = min(start, end)
        yield (start + end) / 2
        yield round(start + self.source("number", pointer).random() * (end - start), 2)
        yield from self._integers(keywords, pointer)

    def _strings(self, keywords: Mapping[str, Json], pointer: str) -> Iterator[Json]:
        form = keywords.get("format")
        if isinstance(form, str):
            yield from FORMATS.get(form, ())
        least, most = keywords.get("minLength"), keywords.get("maxLength")
        text = f"text-{self.source('string', pointer).randrange(16**4):04x}"
        if isinstance(most, int | float):
            text = text[-int(most) :] if most else ""
        if isinstance(least, int | float):
            text = text.ljust(int(least), "x") if least <= 100_000 else text
        pattern = keywords.get("pattern")
        if isinstance(pattern, str):
            yield from matching(pattern)
        yield text

    def _keywords(self, pointer: str) -> dict[str, Json]:
        """The keywords of a schema and of the parts of its ``allOf``."""
        schema = self._contract.schemas[pointer]
        if not isinstance(schema.node, Mapping):
            return {}
        merged: dict[str, Json] = dict(self._keywords(schema.ref)) if schema.ref else {}
        parts = schema.node.get("allOf")
        for index in range(len(parts) if isinstance(parts, list) else 0):
            merged |= self._keywords(join(pointer, "allOf", index))
        return merged | dict(schema.node)

    def keywords(self, pointer: str) -> dict[str, Json]:
        """The keywords that bear on a value that is not null, ``allOf`` and references merged."""
        return self._keywords(self._contract.core(pointer).pointer)


_EVERY = ("null", "boolean", "integer", "number", "string", "array", "object")


def bounds(keywords: Mapping[str, Json]) -> tuple[float | None, float | None]:
    """The least and the greatest integer-stepped value that the bounds allow."""
    low, high = _number(keywords, "minimum"), _number(keywords, "maximum")
    over, under = _number(keywords, "exclusiveMinimum"), _number(keywords, "exclusiveMaximum")
    if over is not None and (low is None or over >= low):
        low = over + 1
    if under is not None and (high is None or under <= high):
        high = under - 1
    return low, high


def _number(keywords: Mapping[str, Json], name: str) -> float | None:
    value = keywords.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


@lru_cache(maxsize=256)
def matching(pattern: str) -> tuple[str, ...]:
    """Texts that match an ECMA-262 pattern, as far as Python reads it the same; none otherwise."""
    try:
        compiled = re.compile(pattern)
        quick = settings(
            max_examples=50,
            database=None,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        )
        ascii_text = st.from_regex(
            compiled, alphabet=st.characters(min_codepoint=32, max_codepoint=126)
        )
        return (find(ascii_text, lambda text: True, settings=quick, random=random.Random(0)),)
    except (re.error, HypothesisException, RecursionError, OverflowError):
        return ()
