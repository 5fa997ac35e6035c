"""Faults of answers: a wrong status, media type or form."""

from __future__ import annotations

from dataclasses import replace

from tallystick.contract import Contract, Property
from tallystick.document import Json

from ...verdicts import Law
from ..fault import Fault, needs
from ..records import Call, Reply
from ..sample import keywords
from ..world import World
from .edits import Install, answers, first_shown, refusals
from .places import READS, Applies, has_role, planned, some_answer

_LAWS = frozenset({Law.ANSWERS})
_HTML = b"<html><body><h1>Bad gateway</h1></body></html>"


def _types(contract: Contract, member: Property) -> frozenset[str]:
    return contract.schema(member.pointer).types


def _is_number(contract: Contract, member: Property) -> bool:
    types = _types(contract, member)
    return "integer" in types and "string" not in types


def _is_date(contract: Contract, member: Property) -> bool:
    node = keywords(contract, member.pointer)
    return node.get("format") == "date-time" and "string" in _types(contract, member)


def _is_enum(contract: Contract, member: Property) -> bool:
    return bool(contract.core(member.pointer).enum)


def _is_required(contract: Contract, member: Property) -> bool:
    return member.required


def _as_text(contract: Contract, member: Property, holder: dict[str, Json]) -> bool:
    value = holder[member.name]
    if not _is_number(contract, member) or not isinstance(value, int) or isinstance(value, bool):
        return False
    holder[member.name] = str(value)
    return True


def _bad_date(contract: Contract, member: Property, holder: dict[str, Json]) -> bool:
    if not _is_date(contract, member) or not isinstance(holder[member.name], str):
        return False
    holder[member.name] = str(holder[member.name]).replace("T", " ").replace("Z", "")
    return True


def _epoch(contract: Contract, member: Property, holder: dict[str, Json]) -> bool:
    if not _is_date(contract, member) or not isinstance(holder[member.name], str):
        return False
    holder[member.name] = 1_700_000_000
    return True


def _new_enum(contract: Contract, member: Property, holder: dict[str, Json]) -> bool:
    if not _is_enum(contract, member) or not isinstance(holder[member.name], str):
        return False
    holder[member.name] = "SOMETHING_ELSE"
    return True


def _lower_enum(contract: Contract, member: Property, holder: dict[str, Json]) -> bool:
    value = holder[member.name]
    if not _is_enum(contract, member) or not isinstance(value, str) or value.swapcase() == value:
        return False
    holder[member.name] = value.swapcase()
    return True


def _without(contract: Contract, member: Property, holder: dict[str, Json]) -> bool:
    if not member.required or holder[member.name] is None:
        return False
    del holder[member.name]
    return True


def _status(world: World, call: Call, reply: Reply) -> Reply:
    return replace(reply, status=201 if reply.status != 201 else 200)


def _empty(world: World, call: Call, reply: Reply) -> Reply:
    return Reply(204, headers=reply.headers)


def _text_plain(world: World, call: Call, reply: Reply) -> Reply:
    return replace(reply, media_type="text/plain")


def _html(world: World, call: Call, reply: Reply) -> Reply:
    return Reply(reply.status, media_type="text/html", raw=_HTML, headers=reply.headers)


def _cut(world: World, call: Call, reply: Reply) -> Reply:
    return replace(reply, raw=b'{"code": "CUT_')


def _no_members(world: World, call: Call, reply: Reply) -> Reply:
    return replace(reply, value={})


def _wrapped(world: World, call: Call, reply: Reply) -> Reply:
    return replace(reply, value={"data": reply.value, "success": True})  # type: ignore[dict-item]


def _crash(status: int) -> Install:
    def bend(world: World, call: Call, reply: Reply) -> Reply:
        failed: Json = {"code": "INTERNAL_SERVER_ERROR", "message": "an error"}
        return Reply(500, failed) if reply.status == status else reply

    return refusals(bend)


def _ok_error(world: World, call: Call, reply: Reply) -> Reply:
    """A refusal with the status of success: its word is in the body only."""
    return replace(reply, status=200) if call.plan and reply.status in (400, 404, 409) else reply


@needs("a declared refusal with a schema of its members")
def _error_schema(contract: Contract) -> bool:
    answers = (each for operation in contract.operations for each in operation.responses)
    return any(
        each.json and each.json.schema and contract.core(each.json.schema).properties
        for each in answers
        if not each.success
    )


@needs("an operation")
def _any(contract: Contract) -> bool:
    return bool(planned(contract, (*READS, "update", "other")))


@needs("a declared refusal with required members")
def _error_requires(contract: Contract) -> bool:
    answers = (each for operation in contract.operations for each in operation.responses)
    return any(
        any(member.required for member in contract.core(each.json.schema).properties)
        for each in answers
        if not each.success and each.json and each.json.schema
    )


@needs("an operation that does not leave its statuses open (default, 2XX)")
def _closed_statuses(contract: Contract) -> bool:
    return any(
        each.success is not None and each.response(299) is None for each in contract.operations
    )


@needs("a create that shows something and does not declare 204")
def _shows_made(contract: Contract) -> bool:
    return any(
        plan.media is not None and plan.operation.response(204) is None
        for plan in planned(contract, ("create",))
    )


def _fault(name: str, sentence: str, install: Install, applies: Applies, *laws: Law) -> Fault:
    return Fault(name, "answers", sentence, _LAWS | set(laws), install, applies)


_ALL = (*READS, "update", "other")

FAULTS = (
    _fault(
        "number_as_text",
        "A number is answered as a text.",
        first_shown(_as_text),
        some_answer(READS, _is_number, "that is a number"),
        Law.TYPES,
    ),
    _fault(
        "date_without_zone",
        "A date-time is answered without 'T' and zone.",
        first_shown(_bad_date),
        some_answer(READS, _is_date, "that is a date"),
        Law.TYPES,
    ),
    _fault(
        "date_as_number",
        "A date-time is answered as seconds since 1970.",
        first_shown(_epoch),
        some_answer(READS, _is_date, "that is a date"),
        Law.TYPES,
    ),
    _fault(
        "enum_undeclared",
        "A value outside the declared enum is answered.",
        first_shown(_new_enum),
        some_answer(_ALL, _is_enum, "with an enum"),
        Law.TYPES,
        Law.UPDATES,
    ),
    _fault(
        "enum_other_case",
        "A value of an enum is answered in another case.",
        first_shown(_lower_enum),
        some_answer(_ALL, _is_enum, "with an enum"),
        Law.TYPES,
        Law.UPDATES,
    ),
    _fault(
        "required_left_out",
        "A required member is left out of an answer.",
        first_shown(_without),
        some_answer(_ALL, _is_required, "that is required"),
        Law.PRESENCE,
    ),
    _fault(
        "answer_wrapped",
        "An answer is wrapped in an envelope.",
        answers(_wrapped),
        some_answer(_ALL, _is_required, "that is required"),
        Law.PRESENCE,
    ),
    _fault(
        "status_undeclared",
        "Success is answered with a status that is not declared.",
        answers(_status),
        _closed_statuses,
    ),
    _fault(
        "answer_empty",
        "A create answers 204 without a body.",
        answers(_empty, ("create",)),
        _shows_made,
    ),
    _fault("media_type_undeclared", "JSON is answered as text/plain.", answers(_text_plain), _any),
    _fault(
        "answer_html",
        "A read answers with a page.",
        answers(_html, ("retrieve", "list")),
        has_role("retrieve", "list"),
        Law.READS,
    ),
    _fault(
        "error_html", "A refusal answers with a page.", refusals(_html), _error_schema, Law.REFUSALS
    ),
    _fault(
        "error_cut",
        "The JSON of a refusal is cut off.",
        refusals(_cut),
        _error_schema,
        Law.REFUSALS,
    ),
    _fault(
        "error_without_members",
        "The body of a refusal lacks its required members.",
        refusals(_no_members),
        _error_requires,
        Law.REFUSALS,
    ),
    _fault("error_says_200", "A refusal has the status 200.", refusals(_ok_error), _any, *Law),
    _fault(
        "unknown_crashes",
        "An unknown id ends in a 500.",
        _crash(404),
        has_role("retrieve", "update", "delete"),
        Law.REFUSALS,
        Law.READS,
        Law.ROUTING,
    ),
    _fault(
        "bad_body_crashes",
        "A body that does not fit ends in a 500.",
        _crash(400),
        has_role("create", "update", "replace"),
        Law.REFUSALS,
        Law.TYPES,
        Law.CLOSEDNESS,
        Law.PRESENCE,
    ),
)
