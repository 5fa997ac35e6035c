"""Values that only a server can know, made from a seed: schema-valid and the same each time.

Text depends on the item that it belongs to, for an id must tell items apart; numbers, truth and
enums depend on the place in the contract only, so that two items differ in nothing else.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from functools import lru_cache, partial
from random import Random
from typing import cast

from hypothesis import HealthCheck, Phase, Verbosity, find, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException
from pydantic import MISSING

from tallystick.contract import Contract, Property
from tallystick.document import Json, join

from .formats import FORMATS
from .validators import Validators

_DEEP = 12


class Samples:
    """The made-up values of one sandbox."""

    def __init__(self, contract: Contract, validators: Validators, seed: int) -> None:
        self._contract = contract
        self._validators = validators
        self._fixed: dict[str, Json] = {}
        self._keywords: dict[str, dict[str, Json]] = {}
        self._patterns: dict[tuple[str, str], str] = {}
        self._digest = lru_cache(maxsize=4096)(partial(_digest, seed))

    def value(self, pointer: str, identity: str, name: str = "", depth: int = 0) -> Json:
        """A value that the schema at ``pointer`` admits.

        Args:
            identity: of the item to which it belongs; text differs with it.
            name: what to call a made-up text.

        The best that could be made is returned where nothing fits; whoever sends it checks.
        """
        if pointer in self._fixed:
            return self._fixed[pointer]
        core = self._contract.core(pointer)
        if core.branches and not core.properties:
            found = (self.value(each, identity, name, depth + 1) for each in core.branches)
            candidates = found if depth < _DEEP else iter(())
        else:
            candidates = (
                self._plain(pointer, kind, identity, name, depth) for kind in _kinds(core.types)
            )
        first: Json | MISSING = MISSING
        for candidate in candidates:
            if self._validators.admits(pointer, candidate):
                if isinstance(candidate, bool | int | float) or _listed(self._node(pointer)):
                    self._fixed[pointer] = candidate  # it differs with no item
                return candidate
            first = candidate if first is MISSING else first
        for example in _examples(keywords(self._contract, pointer)):
            if self._validators.admits(pointer, example):
                return example
        return None if first is MISSING else first

    def absent(self, member: Property, identity: str, depth: int = 0) -> Json | MISSING:
        """What a complete answer shows in a member that nobody set.

        Its default; else nothing where it is optional; else null where that is admitted; else a
        made-up value.
        """
        if member.default is not MISSING:
            return member.default
        if not member.required:
            return MISSING
        if self._contract.schema(member.pointer).nullable:
            return None
        return self.value(member.pointer, identity, member.name, depth + 1)

    def object(self, members: tuple[Property, ...], identity: str, depth: int) -> dict[str, Json]:
        """An object with every member that ``absent`` gives."""
        shown: dict[str, Json] = {}
        for each in members:
            if not each.write_only or each.required:
                value = self.absent(each, identity, depth)
                if value is not MISSING:
                    shown[each.name] = value
        return shown

    def _plain(self, pointer: str, kind: str, identity: str, name: str, depth: int) -> Json:
        node = self._node(pointer)
        values = _listed(node)
        if values:
            return values[self._draw(pointer).randrange(len(values))]
        match kind:
            case "object":
                return self._object(pointer, identity, depth) if depth < _DEEP else {}
            case "array":
                return self._array(pointer, node, identity, name, depth)
            case "string":
                return self._string(node, identity, name, pointer)
            case "integer" | "number":
                return number(node, kind, self._draw(pointer))
            case "boolean":
                return self._draw(pointer).random() < 0.5
            case _:
                return None

    def _draw(self, pointer: str) -> Random:
        return Random(self._digest(pointer))

    def _node(self, pointer: str) -> dict[str, Json]:
        if pointer not in self._keywords:
            self._keywords[pointer] = keywords(self._contract, pointer)
        return self._keywords[pointer]

    def _object(self, pointer: str, identity: str, depth: int) -> dict[str, Json]:
        """Its own members, and those of a branch of each union that is part of it."""
        own = self.object(self._contract.core(pointer).properties, identity, depth)
        for part in parts(self._contract, pointer):
            for branch in self._contract.schema(part).branches:
                value = self.value(branch, identity, "", depth + 1)
                together = {**value, **own} if isinstance(value, dict) else own
                if self._validators.admits(part, together):
                    own = together
                    break
        return own

    def _array(
        self, pointer: str, node: Mapping[str, Json], identity: str, name: str, depth: int
    ) -> Json:
        least, items = node.get("minItems"), self._contract.core(pointer).items
        count = least if isinstance(least, int) and depth < _DEEP else 0
        return [
            self.value(items, f"{identity}/{index}", name, depth + 1) if items else index
            for index in range(min(count, 100))
        ]

    def _string(self, node: Mapping[str, Json], identity: str, name: str, pointer: str) -> str:
        digest = f"{self._digest(pointer, identity):032x}"
        form = node.get("format")
        if isinstance(form, str) and form in FORMATS:
            return FORMATS[form](digest)
        pattern = node.get("pattern")
        if isinstance(pattern, str):
            return self._matching(pattern, digest, node)
        word = f"{name or 'text'}-{digest[:10]}"
        least, most = node.get("minLength"), node.get("maxLength")
        word += digest * ((least // 32 + 1) if isinstance(least, int) else 0)
        length = max(least if isinstance(least, int) else 0, len(name or "text") + 11)
        short = digest if isinstance(most, int) and most < len(name) + 7 else word
        return short[: min(length, most) if isinstance(most, int) else length]

    def _matching(self, pattern: str, digest: str, node: Mapping[str, Json]) -> str:
        """A text that a pattern admits; ECMA-262 searches, it does not anchor."""
        known = self._patterns.get((pattern, digest))
        if known is None:
            known = self._patterns[pattern, digest] = _drawn(pattern, digest, node)
        return known


def keywords(contract: Contract, pointer: str) -> dict[str, Json]:
    """The keywords that bear on a value: those of ``$ref``, its siblings and ``allOf`` together."""
    merged: dict[str, Json] = {}
    for part in parts(contract, pointer):
        node = contract.schema(part).node
        for keyword, value in node.items() if not isinstance(node, bool) else ():
            merged.setdefault(keyword, value)
    return merged


def parts(contract: Contract, pointer: str) -> list[str]:
    """The schemas that all bear on a value of the one at ``pointer``, itself first."""
    found: list[str] = []
    pending = [contract.core(pointer).pointer, pointer]
    while pending:
        schema = contract.schemas[pending.pop()]
        if schema.pointer in found:
            continue
        found.append(schema.pointer)
        several = schema.node.get("allOf") if not isinstance(schema.node, bool) else None
        count = len(several) if isinstance(several, list) else 0
        pending.extend(join(schema.pointer, "allOf", index) for index in range(count))
        pending.extend([schema.ref] if schema.ref else [])
    return found


def number(node: Mapping[str, Json], kind: str, draw: Random) -> int | float:
    """A number within the bounds; at most 100 above the least."""
    low, high = (
        _bound(node, "minimum", "exclusiveMinimum"),
        _bound(node, "maximum", "exclusiveMaximum"),
    )
    step = node.get("multipleOf")
    step = step if isinstance(step, int | float) and step > 0 else 1
    if low is None and high is None:
        low = 1
    least = low if low is not None else cast("float", high) - 100 * step
    first = math.ceil(least / step)
    if _excluded(node, "exclusiveMinimum", first * step):
        first += 1
    last = math.floor((high if high is not None else (first + 99) * step) / step)
    if _excluded(node, "exclusiveMaximum", last * step):
        last -= 1
    if last < first:
        return least if kind == "number" and high is None else (least + (high or least)) / 2
    chosen = draw.randint(first, min(last, first + 99)) * step
    return int(chosen) if float(chosen).is_integer() else chosen


def _bound(node: Mapping[str, Json], *names: str) -> float | None:
    values = [node[name] for name in names if isinstance(node.get(name), int | float)]
    return cast("float", values[0]) if values else None


def _excluded(node: Mapping[str, Json], name: str, value: float) -> bool:
    return node.get(name) == value


def _kinds(types: frozenset[str]) -> list[str]:
    """The types to try, the plainest first; null only where nothing else is admitted."""
    order = ("object", "array", "string", "integer", "number", "boolean", "null")
    if len(types) == 7:
        return ["object", "string"]
    return [kind for kind in order if kind in types]


def _listed(node: Mapping[str, Json]) -> list[Json]:
    if "const" in node:
        return [node["const"]]
    values = node.get("enum")
    return [each for each in values if each is not None] if isinstance(values, list) else []


def _examples(node: Mapping[str, Json]) -> list[Json]:
    several = node.get("examples")
    found = list(several) if isinstance(several, list) else []
    return [*found, *(node[each] for each in ("example", "default") if each in node)]


def _digest(*parts: object) -> int:
    text = "\x00".join(str(part) for part in parts)
    return int.from_bytes(
        hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16], "big"
    )


def _drawn(pattern: str, digest: str, node: Mapping[str, Json]) -> str:
    least, most = node.get("minLength"), node.get("maxLength")
    low = least if isinstance(least, int) else 0
    high = most if isinstance(most, int) else 1000
    calm = settings(
        database=None,
        derandomize=False,
        max_examples=200,
        phases=[Phase.generate],
        verbosity=Verbosity.quiet,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    try:
        return find(
            st.from_regex(pattern),
            lambda text: low <= len(text) <= high,
            settings=calm,
            random=Random(int(digest, 16)),
        )
    except (HypothesisException, ValueError, TypeError):
        return digest
