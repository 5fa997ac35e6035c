"""Values held against schemas of the document, all of them in one compiled validator."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from jsonschema_rs import (
    Draft202012Validator,
    Registry,
    ValidationError,
    ValidationErrorKind,
    Validator,
)

from ..contract import Contract
from ..document import Json, join
from .explain import relevant
from .weight import too_heavy

_BASE = "urn:tallystick:document"
_SAFE = "/~!$&'()*+,;=:@"  # What a URI fragment may hold, RFC 3986, 3.5.
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Case:
    """A value, and the schema that must accept it."""

    schema: str
    value: Json
    at: str
    """Where the value stands."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value that its schema refuses, with the reason that says most."""

    case: Case
    path: tuple[str | int, ...]
    """What is refused inside the value; empty: the value itself."""
    reason: str

    @property
    def pointer(self) -> str:
        """Where the refused part of the value stands."""
        return join(self.case.at, *self.path)


def refusals(
    contract: Contract, cases: Sequence[Case], *, one_way: bool = False
) -> Iterator[Refusal]:
    """The first refusal of each refused case (JSON Schema 2020-12, formats asserted).

    A schema that cannot be compiled refuses nothing: what is wrong with it is told elsewhere.
    Neither does one that branches without end (``too_heavy``).

    Args:
        contract: its document holds the schemas.
        cases: compiled together, so that a shared component is compiled once.
        one_way: a required member may be missing if it is readOnly or writeOnly (OpenAPI 3.0.4,
            4.7.24.2: there, ``required`` speaks of one direction only).
    """
    registry = Registry([(_BASE, dict(contract.document.data))])
    light = [case for case in cases if not too_heavy(contract, case.schema, case.value)]
    for part, validator in _compiled(registry, light):
        told: dict[int, list[ValidationError]] = {}
        for error in validator.iter_errors([case.value for case in part]):
            index = error.instance_path[0]
            if isinstance(index, int) and not (one_way and _is_one_way(contract, error)):
                told.setdefault(index, []).append(error)
        for index in sorted(told):
            yield _refusal(part[index], [leaf for each in told[index] for leaf in relevant(each)])


def shown(value: Json) -> str:
    """``value`` as short JSON text."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _refusal(case: Case, errors: list[ValidationError]) -> Refusal:
    first = errors[0]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return Refusal(case, tuple(first.instance_path[1:]), first.message + more)


def _compiled(
    registry: Registry, cases: Sequence[Case]
) -> Iterator[tuple[Sequence[Case], Validator]]:
    """One validator for all cases; where some do not compile, one for each half of them."""
    pending = [cases] if cases else []
    while pending:
        part = pending.pop()
        try:
            yield part, _validator(registry, part)
        except ValueError:
            half = len(part) // 2
            pending.extend([part[half:], part[:half]] if half else [])


def _validator(registry: Registry, cases: Sequence[Case]) -> Validator:
    return Draft202012Validator(
        {"prefixItems": [{"$ref": _BASE + quote(case.schema, safe="#" + _SAFE)} for case in cases]},
        registry=registry,
        validate_formats=True,
        offline=True,
        mask="it",
    )


def _is_one_way(contract: Contract, error: ValidationError) -> bool:
    if not isinstance(error.kind, ValidationErrorKind.Required):
        return False
    location = unquote((error.absolute_keyword_location or "").removeprefix(_BASE))
    owner = contract.schemas.get(location.removesuffix("/required"))
    member = owner.property(error.kind.property) if owner else None
    return member is not None and (member.read_only or member.write_only)
