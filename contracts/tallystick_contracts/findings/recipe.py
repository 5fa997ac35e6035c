"""What it takes to send a finding again: its steps, and the values in them that cannot be repeated."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias, cast
from urllib.parse import quote, unquote

from tallystick.contract import Contract, Operation, Resource
from tallystick.document import Json

from ..exchange import Answer, Paths, Request
from ..probes.places import at
from ..probes.requests import plain
from ..verdicts import Claim, Finding, Kind, Step, Verdict

SETTLE = 1.0
"""Seconds that an effect may take where the contract names no budget."""
MADE_UP = re.compile(r"(?:ts|trip-)\d+(?:x\d+x\d+)?-[a-z]*\d+(?:-\d+)?")
"""A name that the suite chose."""


class Source(StrEnum):
    """Where a replay takes a value from."""

    FRESH = "fresh"
    """It is made anew, since a name can be used once only."""
    ANSWER = "answer"
    """The server chose it, and says it in an earlier answer."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A value of a finding that is another one each time."""

    name: str
    source: Source
    value: Json
    """What it was when the fault was found."""
    step: int
    """The create that sends or answers it, counted from 0."""
    path: tuple[str, ...]
    """Where in that body or answer it stands."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A finding as something to do."""

    steps: tuple[Step, ...]
    claims: tuple[Claim, ...]
    together: int = 0
    variables: tuple[Variable, ...] = ()
    patience: float = SETTLE
    """Seconds within which the last read must come to show what is expected."""

    @property
    def block(self) -> range:
        """The steps that are sent at the same time; empty where there are none."""
        last = len(self.steps)
        writes = [n for n, step in enumerate(self.steps) if step.request.method != "GET"]
        end = writes[-1] + 1 if writes and writes[-1] >= last - self.together else last
        return range(max(0, end - self.together), end)


def recipe_of(verdict: Verdict, contract: Contract | None) -> Recipe:
    """How the finding of a verdict is sent again."""
    finding = verdict.finding or Finding("", "", ())
    claims = tuple(
        replace(claim, step=claim.step % max(1, len(finding.steps)), of=_of(claim, finding))
        for claim in finding.claims
    )
    if contract is None:
        return Recipe(finding.steps, claims, finding.together)
    paths = Paths(contract)
    sent = [step.request for step in finding.steps]
    operations = [paths.find(each.method, each.target) for each in sent]
    found = tuple(_variables(verdict, finding.steps, operations, contract))
    budgets = [each.poll.budget for each in operations if each is not None and each.poll]
    return Recipe(finding.steps, claims, finding.together, found, max(budgets, default=SETTLE))


def _of(claim: Claim, finding: Finding) -> int:
    refers = claim.kind in (Kind.SAME, Kind.CHANGED, Kind.LISTED_SAME)
    return claim.of % max(1, len(finding.steps)) if refers else -1


def _variables(
    verdict: Verdict,
    steps: tuple[Step, ...],
    operations: list[Operation | None],
    contract: Contract,
) -> Iterator[Variable]:
    seen: list[Json] = []
    for index, (step, operation) in enumerate(zip(steps, operations, strict=True)):
        resource = _made_by(operation, contract)
        if resource is None or resource.key is None:
            continue
        found = _named(verdict, step, resource.key, index, f"id{len(seen) + 1}")
        if found is not None and found.value not in seen:
            seen.append(found.value)
            yield found


def _made_by(operation: Operation | None, contract: Contract) -> Resource | None:
    if operation is None:
        return None
    return next((r for r in contract.resources if r.create == operation.pointer), None)


def _named(verdict: Verdict, step: Step, key: str, index: int, name: str) -> Variable | None:
    """The name in a create, unless the name itself is what was tried."""
    sent = at(Answer(200, body=step.request.body or b"").content, (key,))
    if isinstance(sent, str | int) and not isinstance(sent, bool) and sent != "":
        tried = verdict.subject.member == f"/{key}" or verdict.subject.state.startswith("reserved")
        own = isinstance(sent, str) and MADE_UP.search(sent)
        # A name that was drawn may be why the create was refused, and nothing has it yet.
        drawn = not own and step.answer.refused
        if drawn or (tried and not own):
            return None
        return Variable(name, Source.FRESH, sent, index, (key,))
    answered = at(step.answer.content, (key,))
    if step.answer.accepted and isinstance(answered, str | int) and not isinstance(answered, bool):
        return Variable(name, Source.ANSWER, answered, index, (key,))
    return None


# --- values put in -----------------------------------------------------------------------------

Values: TypeAlias = Mapping[str, Json]
"""What each variable is this time."""


def request_with(recipe: Recipe, index: int, values: Values) -> Request:
    """A request of the recipe with the values of this time."""
    request = recipe.steps[index].request
    path, question, query = request.target.partition("?")
    body = request.body
    for variable in recipe.variables:
        if variable.name in values:
            path = _in_path(path, variable.value, values[variable.name])
            body = _in_body(body, variable, values[variable.name])
    return replace(request, target=path + question + query, body=body)


def _in_path(path: str, old: Json, new: Json) -> str:
    wanted, put = plain(old), quote(plain(new), safe="")
    return "/".join(put if unquote(each) == wanted else each for each in path.split("/"))


def _in_body(body: bytes | None, variable: Variable, new: Json) -> bytes | None:
    """The name where a create has it, and wherever a text is equal to it."""
    if body is None:
        return None
    old = variable.value
    if isinstance(old, str) and isinstance(new, str):
        # In the bytes, since they may be no JSON, and are to stay as they are.
        quoted, put = (json.dumps(each, ensure_ascii=False).encode() for each in (old, new))
        inner = json.dumps(old)[1:-1].encode(), json.dumps(new)[1:-1].encode()
        return body.replace(quoted, put) if quoted in body else _made_up(body, old, *inner)
    try:
        data: Json = json.loads(body)
    except (ValueError, RecursionError):
        return body
    if not isinstance(data, dict) or data.get(variable.path[0]) != old:
        return body
    changed = {**data, variable.path[0]: new}
    return json.dumps(changed, ensure_ascii=False, separators=(",", ":")).encode()


def _made_up(body: bytes, old: str, inner: bytes, put: bytes) -> bytes:
    """A name of ours inside other text, such as a body that was sent as a text."""
    return body.replace(inner, put) if MADE_UP.search(old) else body


def claim_with(recipe: Recipe, claim: Claim, values: Values) -> Claim:
    """A claim with the values of this time."""
    value = claim.value
    names = claim.kind in (Kind.LISTED, Kind.UNLISTED, Kind.LISTED_SAME)
    for variable in recipe.variables:
        if variable.name in values:
            own = names or claim.path == variable.path or isinstance(variable.value, str)
            value = _exchanged(value, variable.value, values[variable.name]) if own else value
    return replace(claim, value=value)


def _exchanged(value: Json, old: Json, new: Json) -> Json:
    if isinstance(value, list):
        return [_exchanged(each, old, new) for each in value]
    if isinstance(value, dict):
        return {key: _exchanged(each, old, new) for key, each in value.items()}
    same = value == old and isinstance(value, bool) == isinstance(old, bool)
    return new if same else value


def anew(variable: Variable, number: int) -> Json:
    """A value like that of a fresh variable which nothing has had: same length, same characters.

    Args:
        variable: what it was.
        number: decides the new value; the same number, the same value.
    """
    old = variable.value
    if isinstance(old, int):
        low: int = 10 ** (len(str(abs(old))) - 1)
        return low + number % (9 * low)
    text = cast(str, old)
    own = MADE_UP.search(text)
    if own:
        return text.replace(own.group(), f"ts{number % 10**8}-{own.group().rpartition('-')[2]}")
    return _like(text, number)


def _like(text: str, number: int) -> str:
    """``text`` with its last letters and digits exchanged for others of their kind."""
    hexadecimal = re.fullmatch(r"[0-9a-fA-F-]+", text) is not None
    kinds = ["0123456789", "abcdef" if hexadecimal else "abcdefghijklmnopqrstuvwxyz"]
    kinds.append(kinds[1].upper())
    found: list[str] = []
    for place, char in enumerate(reversed(text)):
        kind = next((each for each in kinds if char in each), "")
        number, digit = divmod(number, len(kind)) if kind and place < 10 else (number, 0)
        found.append(kind[digit] if kind and place < 10 else char)
    return "".join(reversed(found))
