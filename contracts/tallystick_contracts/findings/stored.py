"""A finding as a JSON file: written masked, read again to be replayed."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from tallystick.document import Json
from tallystick.errors import UsageError, printable

from ..exchange import Answer, Request
from ..mask import Mask
from ..verdicts import Claim, Kind, Step, Subject, Verdict
from .causes import Cause
from .checks import expected
from .recipe import Recipe, Source, Variable

FORMAT = 1
"""Of the file; it changes when a member goes or means something else."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A finding as it was read."""

    id: str
    rule: str
    subject: Subject
    expectation: str
    recipe: Recipe
    """With ``$NAME`` where a secret stood."""
    secrets: tuple[str, ...]
    """The names of the environment variables that it takes."""


def finding_json(cause: Cause, mask: Mask) -> dict[str, Json]:
    """A cause as JSON: everything that a reader, or a replay, needs."""
    finding, subject = cause.finding, cause.shown.subject
    return {
        "format": FORMAT,
        "id": cause.id,
        "rule": mask.text(cause.rule),
        "law": cause.law.value,
        "promise": mask.text(cause.promise),
        "severity": cause.severity.word,
        "why": cause.why,
        **_subject_json(subject, mask),
        "clause": {
            "pointer": mask.text(cause.clause.pointer),
            "file": mask.text(cause.clause.file),
            "line": cause.clause.line,
            "column": cause.clause.column,
        },
        "expectation": mask.text(finding.expectation),
        "observation": mask.text(finding.observation),
        "seen": finding.seen,
        "tries": finding.tries,
        "again": {
            "outcome": cause.again.value,
            "shown": cause.repeats[0],
            "tried": cause.repeats[1],
            "reason": mask.text(cause.why_untried),
        },
        "others": [_other_json(each, mask) for each in cause.others],
        "also": [_other_json(each, mask) for each in cause.also],
        **recipe_json(cause.recipe, mask),
    }


def _subject_json(subject: Subject, mask: Mask) -> dict[str, Json]:
    return {
        "operation": mask.text(subject.operation),
        "pointer": mask.text(subject.pointer),
        "member": mask.text(subject.member),
        "state": mask.text(subject.state),
    }


def _other_json(verdict: Verdict, mask: Mask) -> Json:
    observation = verdict.finding.observation if verdict.finding else verdict.reason
    return {
        "rule": mask.text(verdict.rule),
        **_subject_json(verdict.subject, mask),
        "observation": mask.text(observation),
    }


def recipe_json(recipe: Recipe, mask: Mask) -> dict[str, Json]:
    """The steps, the claims, and the values that a replay makes anew."""
    return {
        "steps": [_step_json(each, mask) for each in recipe.steps],
        "together": recipe.together,
        "claims": [_claim_json(each, recipe, mask) for each in recipe.claims],
        "variables": [_variable_json(each, mask) for each in recipe.variables],
        "patience": recipe.patience,
        "secrets": list(_used(recipe, mask)),
    }


def _used(recipe: Recipe, mask: Mask) -> list[str]:
    """The environment variables whose values stand in the requests."""
    texts = [
        text
        for step in recipe.steps
        for text in (
            step.request.target,
            *(value for _, value in step.request.headers),
            (step.request.body or b"").decode("utf-8", "replace"),
        )
    ]
    shown = "\n".join(mask.text(each) for each in texts)
    names = dict.fromkeys(mask.secrets.values())
    return [name for name in names if f"${name}" in shown]


def _step_json(step: Step, mask: Mask) -> Json:
    request, answer = step.request, step.answer
    return {
        "request": {
            "method": mask.text(request.method),
            "target": mask.text(request.target),
            "headers": _headers_json(request.headers, mask),
            "body": body_json(request.body, mask),
        },
        "answer": {
            "status": answer.status,
            "headers": _headers_json(answer.headers, mask),
            "body": body_json(answer.body, mask),
            "seconds": round(answer.seconds, 6),
            "failure": mask.text(answer.failure),
        },
    }


def _headers_json(headers: tuple[tuple[str, str], ...], mask: Mask) -> Json:
    return [[mask.text(name), mask.text(value)] for name, value in headers]


def body_json(body: bytes | None, mask: Mask) -> Json:
    """``{"text": ...}`` where a body is UTF-8, else ``{"base64": ...}``; null where there is none."""
    if body is None:
        return None
    shown = mask.body(body)
    try:
        return {"text": shown.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(shown).decode()}


def _claim_json(claim: Claim, recipe: Recipe, mask: Mask) -> Json:
    reference = recipe.steps[claim.of].answer if claim.of >= 0 else None
    return {
        "kind": claim.kind.value,
        "step": claim.step,
        "path": [mask.text(each) for each in claim.path],
        "value": mask.record(claim).value,
        "of": claim.of,
        "of_path": [mask.text(each) for each in claim.of_path],
        "says": mask.text(expected(claim, reference)),
    }


def _variable_json(variable: Variable, mask: Mask) -> Json:
    return {
        "name": variable.name,
        "source": variable.source.value,
        "value": mask.record(variable).value,
        "step": variable.step,
        "path": list(variable.path),
    }


# --- read again --------------------------------------------------------------------------------


def read_finding(name: str, report: Path | None = None) -> Stored:
    """The finding that a command line means.

    Args:
        name: the path of a finding's file; ``report.json#ID``; or an id, or how one begins.
        report: the folder of the report in which an id is looked up.

    Raises:
        UsageError: there is no such finding, or the file holds none.
    """
    path, hash_, identity = name.partition("#")
    if hash_ or Path(path).is_file():
        return _of_file(Path(path), identity)
    if not re.fullmatch(r"[0-9a-f]{4,64}", name):
        raise UsageError(
            f"there is no file {name!r}",
            hint="name a finding's file, report.json#ID, or an id with --report",
        )
    return _of_file((report or Path("reports")) / "report.json", name)


def _of_file(path: Path, identity: str) -> Stored:
    try:
        data: Json = json.loads(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise UsageError(f"{path} is not JSON") from None
    found = _found(data, identity)
    if len(found) != 1:
        many = "no finding" if not found else "more than one finding"
        which = f" whose id begins with {identity}" if identity else ""
        raise UsageError(f"{path} holds {many}{which}", hint="name one: report.json#ID")
    try:
        return stored(found[0])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise UsageError(
            printable(f"{path} holds no finding that can be read: {error!r}")
        ) from None


def _found(data: Json, identity: str) -> list[dict[str, Json]]:
    if isinstance(data, dict) and isinstance(data.get("findings"), list):
        listed = cast(list[Json], data["findings"])
    else:
        listed = [data]
    findings = [each for each in listed if isinstance(each, dict) and "steps" in each]
    return [each for each in findings if str(each.get("id", "")).startswith(identity)]


def stored(data: Mapping[str, Json]) -> Stored:
    """A finding from its JSON form.

    Raises:
        KeyError, TypeError, ValueError: it is not of that form.
    """
    if data["format"] != FORMAT:
        raise ValueError(f"format {data['format']}; this version reads {FORMAT}")
    parts = (str(data[name]) for name in ("operation", "pointer", "member", "state"))
    steps = tuple(_step(each) for each in _listed(data["steps"]))
    claims = tuple(_claim(each, len(steps)) for each in _listed(data["claims"]))
    variables = tuple(_variable(each) for each in _listed(data["variables"]))
    recipe = Recipe(
        steps, claims, int(str(data["together"])), variables, float(str(data["patience"]))
    )
    secrets = tuple(str(each) for each in _strings(data["secrets"]))
    return Stored(
        str(data["id"]),
        str(data["rule"]),
        Subject(*parts),
        str(data["expectation"]),
        recipe,
        secrets,
    )


def _listed(value: Json) -> list[dict[str, Json]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise TypeError("an array of objects was expected")
    return cast(list[dict[str, Json]], value)


def _strings(value: Json) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError("an array of texts was expected")
    return cast(list[str], value)


def _step(data: Mapping[str, Json]) -> Step:
    request = cast(dict[str, Json], data["request"])
    answer = cast(dict[str, Json], data["answer"])
    return Step(
        Request(
            str(request["method"]),
            str(request["target"]),
            _headers(request["headers"]),
            _body(request["body"]),
        ),
        Answer(
            int(str(answer["status"])),
            _headers(answer["headers"]),
            _body(answer["body"]) or b"",
            failure=str(answer["failure"]),
        ),
    )


def _headers(value: Json) -> tuple[tuple[str, str], ...]:
    pairs = cast(list[list[str]], value)
    return tuple((str(name), str(text)) for name, text in pairs)


def _body(value: Json) -> bytes | None:
    if value is None:
        return None
    body = cast(dict[str, str], value)
    return body["text"].encode() if "text" in body else base64.b64decode(body["base64"])


def _claim(data: Mapping[str, Json], steps: int) -> Claim:
    step, of = int(str(data["step"])), int(str(data["of"]))
    if not (0 <= step < steps and -1 <= of < steps):
        raise ValueError("a claim on a step that is not there")
    return Claim(
        Kind(str(data["kind"])),
        step,
        tuple(_strings(data["path"])),
        data["value"],
        of,
        tuple(_strings(data["of_path"])),
    )


def _variable(data: Mapping[str, Json]) -> Variable:
    return Variable(
        str(data["name"]),
        Source(str(data["source"])),
        data["value"],
        int(str(data["step"])),
        tuple(_strings(data["path"])),
    )
