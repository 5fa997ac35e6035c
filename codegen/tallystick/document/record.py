"""A document in memory: its name, its data as plain JSON, and where each node was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tallystick.document.pointer import Json, split
from tallystick.errors import Location

Tokens: TypeAlias = tuple[str, ...]
Locate: TypeAlias = Callable[[Tokens], Location]

CODE_SAMPLES = frozenset({"x-codeSamples", "x-code-samples", "x-readme"})


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML or JSON document.

    Attributes:
        name: as shown in messages, usually the path that was given.
        data: plain JSON data; whoever wants to change them makes a copy.
        vendored: the data as read, before overlays and the lift to 3.1; of a document of several
            files, as one.
        given_names: of schemas that were taken in from elsewhere, the name that each goes by.
        identifiers: of schemas, by pointer, the keywords by which references found their way;
            they are gone from ``data``, whose references are all plain.
        left_out: of schemas, by pointer, the keywords whose values say nothing, or lead nowhere; gone as
            well.
        unlifted: of a document in OpenAPI 3.0, what ``data`` was before the lift to 3.1.
    """

    name: str
    data: dict[str, Json]
    locator: Locate = field(repr=False, compare=False)
    vendored: Mapping[str, Json] = field(repr=False, compare=False)
    given_names: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    identifiers: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict[str, tuple[str, ...]], repr=False
    )
    left_out: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict[str, tuple[str, ...]], repr=False
    )
    unlifted: Mapping[str, Json] | None = field(default=None, repr=False, compare=False)
    _digests: list[str] = field(
        init=False, default_factory=list[str], repr=False, compare=False, hash=False
    )
    """The digest, once somebody asked for it: the data never change."""

    @property
    def written(self) -> Mapping[str, Json]:
        """The data in the terms of their own version, overlays applied, references plain."""
        return self.data if self.unlifted is None else self.unlifted

    def locate(self, pointer: str) -> Location:
        """Where the node at ``pointer``, or else its nearest ancestor, was written."""
        return self.locator(split(pointer))

    @property
    def digest(self) -> str:
        """SHA-256 in hex of what the document promises: its data without code samples."""
        if not self._digests:
            self._digests.append(digest(self.data))
        return self._digests[0]


def digest(data: Mapping[str, Json]) -> str:
    """SHA-256 in hex of the canonical JSON of ``data`` without code samples.

    The order of members does not count; ``1`` and ``1.0`` are one number, as in JSON Schema.
    """
    return hashlib.sha256(canonical(without_code_samples(dict(data))).encode()).hexdigest()


def canonical(data: Json) -> str:
    """``data`` as JSON text that is equal exactly when the data are equal as JSON."""
    return json.dumps(_integral(data), sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def without_code_samples(data: Json) -> Json:
    """A copy of ``data`` without code samples at any depth."""
    if isinstance(data, dict):
        kept = {key: node for key, node in data.items() if key not in CODE_SAMPLES}
        return {key: without_code_samples(node) for key, node in kept.items()}
    if isinstance(data, list):
        return [without_code_samples(node) for node in data]
    return data


def copy_of(data: Json) -> Json:
    """A deep copy in which no node is shared."""
    if isinstance(data, dict):
        return {key: copy_of(node) for key, node in data.items()}
    if isinstance(data, list):
        return [copy_of(node) for node in data]
    return data


def _integral(data: Json) -> Json:
    if isinstance(data, dict):
        return {key: _integral(node) for key, node in data.items()}
    if isinstance(data, list):
        return [_integral(node) for node in data]
    return int(data) if isinstance(data, float) and data.is_integer() else data
