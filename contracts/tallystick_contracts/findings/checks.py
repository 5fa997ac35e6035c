"""Claims checked on answers: what was expected in a few words, and what is there instead."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import jsonschema_rs
from pydantic import MISSING

from tallystick.document import Json

from ..exchange import Answer
from ..probes.places import ITEM, at, same, shown
from ..probes.visible import picked
from ..verdicts import Claim, Kind


@dataclass(frozen=True, slots=True)
class Seen:
    """A claim and what became of it."""

    claim: Claim
    holds: bool
    expected: str
    got: str


def check(
    claim: Claim, answers: Sequence[Answer], block: range, secrets: Sequence[str] = ()
) -> Seen:
    """Whether a claim holds on the answers of a replay.

    Args:
        claim: its steps are counted from 0.
        answers: one for each step.
        block: the steps that were sent at the same time.
        secrets: what no answer may hold.
    """
    if claim.kind is Kind.ACCEPTED:
        won = sum(answers[index].accepted for index in block)
        return Seen(claim, won == claim.value, expected(claim), f"{won} were answered with 2xx")
    if claim.kind is Kind.SECRECY:
        holds = not leaked(answers[claim.step], secrets)
        return Seen(claim, holds, expected(claim), "none" if holds else "the answer holds it")
    answer = answers[claim.step]
    if answer.failure:
        return Seen(claim, False, expected(claim), answer.failure)
    reference = answers[claim.of] if claim.of >= 0 else None
    holds, got = _CHECKS[claim.kind](claim, answer, reference)
    wanted = expected(claim, reference)
    return Seen(claim, holds, wanted, got)


def leaked(answer: Answer, secrets: Sequence[str]) -> bool:
    """Whether an answer holds a secret, in its body or in a header field."""
    fields = " ".join(value for _, value in answer.headers)
    return any(
        len(each) >= 4 and (each.encode() in answer.body or each in fields) for each in secrets
    )


def covers(pattern: str, status: int) -> bool:
    """Whether a status falls under a code, a class such as ``4XX``, or ``default``."""
    return pattern in (str(status), f"{status // 100}XX", "default")


Checked = tuple[bool, str]


def _status(claim: Claim, answer: Answer, of: Answer | None) -> Checked:
    return any(covers(str(each), answer.status) for each in _list(claim.value)), str(answer.status)


def _equals(claim: Claim, answer: Answer, of: Answer | None) -> Checked:
    body = answer.content
    if ITEM not in claim.path:
        found = at(body, claim.path)
        return same(found, claim.value), _reads(claim, found)
    items, wanted = picked(body, claim.path), _list(claim.value)
    held = all(
        value is None or (index < len(items) and same(items[index], value))
        for index, value in enumerate(wanted)
    )
    plain: Json = [None if each is MISSING else each for each in items]
    return held, _reads(claim, plain)


def _one_of(claim: Claim, answer: Answer, of: Answer | None) -> Checked:
    found = at(answer.content, claim.path)
    held = found is MISSING or any(same(found, each) for each in _list(claim.value))
    return held and answer.accepted, _reads(claim, found)


def _none_of(claim: Claim, answer: Answer, of: Answer | None) -> Checked:
    found = at(answer.content, claim.path)
    return not any(same(found, each) for each in _list(claim.value)), _reads(claim, found)


def _same(claim: Claim, answer: Answer, of: Answer | None) -> Checked:
    found = at(answer.content, claim.path)
    before = at(of.content, claim.of_path) if of is not None else MISSING
    return same(found, before), _reads(claim, found)


def _fits(claim: Claim, answer: Answer, of: Answer | None) -> Checked:
    body = answer.content
    if body is MISSING:
        return False, "no JSON"
    schema: Json = claim.value
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)  # type: ignore[arg-type]
    for found in picked(body, claim.path):
        if found is not MISSING and not validator.is_valid(found):
            return False, _reads(claim, found)
    return True, "it fits"


def _length(claim: Claim, answer: Answer, of: Answer | None) -> Checked:
    found = at(answer.content, claim.path)
    return isinstance(found, list) and len(found) == claim.value, _reads(claim, found)


def _listed(claim: Claim, answer: Answer, of: Answer | None) -> Checked:
    found = [each for each in items_of(answer.content) if same(at(each, claim.path), claim.value)]
    return len(found) == 1, f"it is in the list {len(found)} times"


def _unlisted(claim: Claim, answer: Answer, of: Answer | None) -> Checked:
    held, got = _listed(claim, answer, of)
    return not held and got.endswith(" 0 times"), got


def _changed(claim: Claim, answer: Answer, of: Answer | None) -> Checked:
    held, got = _same(claim, answer, of)
    return not held, got


def _listed_same(claim: Claim, answer: Answer, of: Answer | None) -> Checked:
    found = [each for each in items_of(answer.content) if same(at(each, claim.path), claim.value)]
    read = at(of.content, claim.of_path) if of is not None else MISSING
    listed = at(found[0], claim.of_path) if found else MISSING
    return same(listed, read), f"the list shows {said(listed)}, the read {said(read)}"


def items_of(body: Json | MISSING) -> list[Json]:
    """The list in an answer: the body itself, or its first member that is one."""
    if isinstance(body, list):
        return body
    members = body.values() if isinstance(body, dict) else ()
    for each in members:
        if isinstance(each, list):
            return each
    return []


def _media_type(claim: Claim, answer: Answer, of: Answer | None) -> Checked:
    sent = (answer.header("content-type") or "").split(";")[0].strip().lower()
    wanted = [str(each).split(";")[0].strip().lower() for each in _list(claim.value)]
    held = any(
        each in (sent, "*/*") or (each.endswith("/*") and sent.startswith(each[:-1]))
        for each in wanted
    )
    return held, sent or "no content type"


def _allow(claim: Claim, answer: Answer, of: Answer | None) -> Checked:
    field = answer.header("allow")
    named = {each.strip().upper() for each in (field or "").split(",")}
    held = answer.status != 405 or all(str(each) in named for each in _list(claim.value))
    return held, "no Allow header" if field is None else f"Allow: {field}"


_CHECKS: Mapping[Kind, Callable[[Claim, Answer, Answer | None], Checked]] = {
    Kind.STATUS: _status,
    Kind.EQUALS: _equals,
    Kind.ONE_OF: _one_of,
    Kind.NONE_OF: _none_of,
    Kind.SAME: _same,
    Kind.FITS: _fits,
    Kind.LENGTH: _length,
    Kind.LISTED: _listed,
    Kind.LISTED_SAME: _listed_same,
    Kind.UNLISTED: _unlisted,
    Kind.CHANGED: _changed,
    Kind.MEDIA_TYPE: _media_type,
    Kind.ALLOW: _allow,
}


# --- in words ----------------------------------------------------------------------------------


def expected(claim: Claim, reference: Answer | None = None) -> str:
    """A claim in a few words."""
    place, value = shown(claim.path) or "the body", claim.value
    listed = ", ".join(said(each) for each in _list(value))
    match claim.kind:
        case Kind.STATUS:
            return "status " + " or ".join(str(each) for each in _list(value))
        case Kind.EQUALS:
            return f"{place} is {said(value)}"
        case Kind.ONE_OF:
            return f"{place} is {listed}, or left out"
        case Kind.NONE_OF:
            return f"{place} is not {listed}"
        case Kind.SAME:
            return _as_before(claim, place, reference)
        case Kind.FITS:
            return f"{place} fits {said(value)}" if value is not True else "the body is JSON"
        case Kind.LENGTH:
            return f"{place} has {said(value)} items"
        case Kind.LISTED:
            return f"the list has one item with {place} {said(value)}"
        case Kind.UNLISTED:
            return f"the list has no item with {place} {said(value)}"
        case Kind.CHANGED:
            return f"{place} is not as in step {claim.of + 1}"
        case Kind.LISTED_SAME:
            member = shown(claim.of_path)
            return f"the list shows {member} of {said(value)} as step {claim.of + 1} does"
        case Kind.MEDIA_TYPE:
            return f"content type {' or '.join(str(each) for each in _list(value))}"
        case Kind.ALLOW:
            return f"an Allow header with {', '.join(str(each) for each in _list(value))}"
        case Kind.ACCEPTED:
            return f"exactly {said(value)} of them is answered with 2xx"
        case Kind.SECRECY:
            return "no credential in the answer"


def _as_before(claim: Claim, place: str, reference: Answer | None) -> str:
    where = f"step {claim.of + 1}"
    if claim.of_path != claim.path:
        where = f"{shown(claim.of_path) or 'the body'} of {where}"
    value = at(reference.content, claim.of_path) if reference is not None else MISSING
    told = f", {said(value)}" if value is not MISSING and claim.path else ""
    return f"{place} is as in {where}{told}"


def _reads(claim: Claim, found: Json | MISSING) -> str:
    place = shown(claim.path)
    return f"{place} is {said(found)}" if place else said(found)


def said(value: Json | MISSING) -> str:
    """A value as JSON, shortened."""
    if value is MISSING:
        return "left out"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else text[:117] + "..."


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]
