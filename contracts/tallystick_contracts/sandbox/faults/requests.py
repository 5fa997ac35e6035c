"""Faults of the check of requests: too lenient, too strict, or half done."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from tallystick.contract import Contract, Schema
from tallystick.document import Json

from ...verdicts import Law
from ..fault import Fault, needs
from ..records import Call
from ..world import Behaviour, World
from .edits import Install, lenient, strict
from .halves import half_applied, no_check
from .mends import (
    any_case,
    fill_required,
    first_of_enum,
    integral,
    no_zero,
    number_of_text,
    number_of_truth,
    only_known,
    open_up,
    text_of_number,
    truth_of_any,
    whole_of_fraction,
)
from .places import WRITES, Applies, readable, some_schema, within
from .places import planned as plans_in

_TYPES = frozenset({Law.TYPES})


def _any_media(correct: Behaviour) -> Behaviour:
    def as_json(call: Call) -> Call:
        return replace(call, headers={**call.headers, "content-type": "application/json"})

    def accept(world: World, call: Call) -> None:
        return None

    def read(world: World, call: Call) -> Call:
        return replace(correct.read(world, as_json(call)), headers=call.headers)

    return replace(correct, accept=accept, read=read)


def _loose_json(content: bytes) -> Json:
    """What can be made of a text: trailing text, open brackets and members twice are let pass."""
    text = content.decode("utf-8", "replace")
    for closing in ("", "}", "}}", "]}", "}]}"):
        try:
            value: Json
            value, _ = json.JSONDecoder(parse_constant=lambda _: None).raw_decode(
                text.strip() + closing
            )
        except (ValueError, RecursionError):
            continue
        return value
    return {}


def _loose(correct: Behaviour) -> Behaviour:
    return replace(correct, parse=_loose_json)


def _closed(top: bool) -> Applies:
    @needs("a closed object in a body" if top else "a closed object within a body")
    def applies(contract: Contract) -> bool:
        for plan in plans_in(contract, WRITES):
            core = contract.core(plan.body) if plan.body else None
            inner = (
                [contract.core(each) for each in within(contract, plan.body or "")[1:]]
                if core
                else []
            )
            if (top and core and core.closed) or (not top and any(each.closed for each in inner)):
                return True
        return False

    return applies


def _kind(*types: str, but: str = "") -> Applies:
    return some_schema(
        WRITES, lambda _, s: bool(s.types & set(types)) and but not in s.types and not s.properties
    )


_ENUM = some_schema(
    WRITES, lambda _, schema: bool(schema.enum) and "string" in schema.types, "with an enum"
)


def _cased(contract: Contract, schema: Schema) -> bool:
    return any(isinstance(each, str) and each.swapcase() != each for each in schema.enum or ())


@needs("a create, update or replace with a JSON body")
def _has_body(contract: Contract) -> bool:
    return any(plan.body for plan in plans_in(contract, WRITES))


def _some_integer(contract: Contract, schema: Schema) -> bool:
    return "integer" in schema.types and "number" not in schema.types


def _zero(contract: Contract, schema: Schema) -> bool:
    least = schema.node.get("minimum") if isinstance(schema.node, Mapping) else None
    positive = isinstance(least, int | float) and least > 0
    return _some_integer(contract, schema) and not positive and not schema.enum


def _fault(name: str, sentence: str, install: Install, applies: Applies, *laws: Law) -> Fault:
    return Fault(name, "requests", sentence, frozenset(laws), install, applies)


FAULTS = (
    _fault(
        "unknown_accepted",
        "A misspelt member of a closed body is accepted.",
        open_up(True),
        _closed(True),
        Law.CLOSEDNESS,
    ),
    _fault(
        "unknown_accepted_within",
        "A misspelt member of a closed object within is accepted.",
        open_up(False),
        _closed(False),
        Law.CLOSEDNESS,
    ),
    _fault(
        "unknown_refused",
        "A member that an open object does not name is refused.",
        strict(only_known),
        some_schema(
            WRITES,
            lambda _, s: bool(s.properties) and s.additional is True,
            "that is an open object",
        ),
        Law.CLOSEDNESS,
    ),
    _fault(
        "text_for_number",
        "The text '5' is accepted for a number.",
        lenient(number_of_text),
        _kind("integer", "number", but="string"),
        Law.TYPES,
    ),
    _fault(
        "truth_for_number",
        "true is accepted for a number.",
        lenient(number_of_truth),
        _kind("integer", "number", but="boolean"),
        Law.TYPES,
    ),
    _fault(
        "any_for_truth",
        "A text or a number is accepted for a boolean.",
        lenient(truth_of_any),
        some_schema(WRITES, lambda _, s: s.types == frozenset({"boolean"}), "that is a boolean"),
        Law.TYPES,
    ),
    _fault(
        "number_for_text",
        "A number is accepted for a text.",
        lenient(text_of_number),
        some_schema(
            WRITES,
            lambda _, s: s.types == frozenset({"string"}) and not s.enum,
            "that is a free text",
        ),
        Law.TYPES,
    ),
    _fault(
        "fraction_for_integer",
        "1.5 is accepted for an integer.",
        lenient(whole_of_fraction),
        some_schema(WRITES, _some_integer, "that is an integer"),
        Law.TYPES,
    ),
    _fault(
        "integral_float_refused",
        "1.0 is refused for an integer.",
        strict(integral),
        some_schema(WRITES, _some_integer, "that is an integer"),
        Law.TYPES,
    ),
    _fault(
        "zero_refused",
        "0 is refused where the schema admits it.",
        strict(no_zero),
        some_schema(WRITES, _zero, "that is an integer which may be 0"),
        Law.TYPES,
        Law.PRESENCE,
        Law.DEFAULTS,
        Law.READS,
        Law.UPDATES,
    ),
    _fault(
        "enum_accepted",
        "An undeclared value of an enum is accepted.",
        lenient(first_of_enum),
        _ENUM,
        Law.TYPES,
    ),
    _fault(
        "enum_any_case",
        "A value of an enum is accepted in another case.",
        lenient(any_case),
        some_schema(WRITES, _cased, "with an enum of words"),
        Law.TYPES,
    ),
    _fault(
        "required_not_checked",
        "A body without a required member is accepted.",
        lenient(fill_required),
        some_schema(
            WRITES, lambda _, s: any(m.required for m in s.properties), "with a required member"
        ),
        Law.PRESENCE,
    ),
    _fault(
        "body_not_checked",
        "What does not fit in a body is dropped instead of refused.",
        no_check,
        _has_body,
        Law.TYPES,
        Law.CLOSEDNESS,
        Law.PRESENCE,
        Law.REFUSALS,
        Law.NULL,
    ),
    _fault(
        "media_type_not_checked",
        "A body of any content type is read as JSON.",
        _any_media,
        _has_body,
        Law.REFUSALS,
    ),
    _fault(
        "json_read_loosely",
        "A body that is not JSON is read as if it were.",
        _loose,
        _has_body,
        Law.REFUSALS,
    ),
    _fault(
        "refused_update_half_applied",
        "A refused update is applied as far as it fits.",
        half_applied("update"),
        readable("update"),
        Law.REFUSALS,
    ),
    _fault(
        "refused_create_stored",
        "A refused create is stored as far as it fits.",
        half_applied("create"),
        readable("create"),
        Law.REFUSALS,
    ),
)
