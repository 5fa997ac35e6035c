"""Findings as SARIF 2.1.0: each at the line of the clause in the document that it breaks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import quote

from tallystick.document import Json

from ..exchange import Answer, Request
from ..findings import Cause, Clause, Severity
from ..mask import Mask
from ..rules.choice import CLIENT
from ..rules.pages import address, page
from ..verdicts import Result

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
_RANKS = {
    Severity.CRITICAL: 95.0,
    Severity.HIGH: 75.0,
    Severity.MEDIUM: 50.0,
    Severity.LOW: 20.0,
}
FINGERPRINT = "tallystickFinding/v1"


def tool_version() -> str:
    """The version of the distribution that wrote a report."""
    try:
        return version("tallystick")
    except PackageNotFoundError:
        return "0"


def sarif(result: Result, found: Sequence[Cause], mask: Mask) -> str:
    """A run as a SARIF log, secrets masked."""
    rules = list(dict.fromkeys(each.rule for each in found))
    run: dict[str, Json] = {
        "tool": {
            "driver": {
                "name": "tallystick",
                "semanticVersion": tool_version(),
                "rules": [_rule(rule, found, mask) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not result.interrupted}],
        "properties": {"target": mask.text(result.target), "seed": result.seed},
        "results": [_result(each, rules.index(each.rule), mask) for each in found],
    }
    log: Json = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=1) + "\n"


def _rule(rule: str, found: Sequence[Cause], mask: Mask) -> Json:
    cause = next(each for each in found if each.rule == rule)
    return {
        "id": mask.text(rule),
        "name": "".join(part.capitalize() for part in mask.text(rule).split("_")),
        "shortDescription": {"text": mask.text(cause.promise)},
        "fullDescription": {"text": f"{mask.text(cause.promise)} When broken: {cause.why}."},
        "helpUri": address(rule) or f"urn:tallystick:rule:{quote(mask.text(rule), safe='')}",
        "help": _help(rule, cause, mask),
        "defaultConfiguration": {"level": _LEVELS[cause.severity]},
        "properties": {"law": cause.law.value, "severity": cause.severity.word},
    }


def _help(rule: str, cause: Cause, mask: Mask) -> Json:
    """The page of the rule; of an own check, its promise."""
    text = page(rule)
    if not text:
        return {"text": mask.text(cause.promise)}
    return {"text": f"tallystick rules {rule.removesuffix(CLIENT)}", "markdown": mask.text(text)}


def _result(cause: Cause, index: int, mask: Mask) -> Json:
    finding, subject = cause.finding, cause.shown.subject
    flaky = "" if cause.again.value != "not repeated" else "Not repeated when sent again. "
    text = f"{flaky}{cause.operation}: {finding.expectation} {finding.observation}"
    told: dict[str, Json] = {
        "ruleId": mask.text(cause.rule),
        "ruleIndex": index,
        "level": _LEVELS[cause.severity],
        "rank": _RANKS[cause.severity],
        "message": {"text": mask.text(text)},
        "locations": [_location(cause.clause, cause.operation, mask)],
        "partialFingerprints": {FINGERPRINT: cause.id},
        "occurrenceCount": max(1, len(cause.verdicts)),
        "properties": {
            "severity": cause.severity.word,
            "operation": mask.text(subject.operation),
            "member": mask.text(subject.member),
            "state": mask.text(subject.state),
            "seen": finding.seen,
            "tries": finding.tries,
            "again": cause.again.value,
            "alsoBroken": [mask.text(each.rule) for each in cause.also],
        },
    }
    if finding.steps:
        last = finding.steps[-1]
        told["webRequest"] = _web_request(last.request, mask)
        told["webResponse"] = _web_response(last.answer, mask)
    return told


def _location(clause: Clause, operation: str, mask: Mask) -> Json:
    logical: list[Json] = [
        {"fullyQualifiedName": mask.text(clause.pointer), "kind": "object"},
        {"name": mask.text(operation), "kind": "function"},
    ]
    place: dict[str, Json] = {"logicalLocations": logical}
    if clause.file:
        place["physicalLocation"] = {
            "artifactLocation": _artifact(clause.file),
            "region": {"startLine": clause.line, "startColumn": clause.column},
        }
    return place


def _artifact(file: str) -> Json:
    path = Path(file)
    if path.is_absolute():
        return {"uri": path.as_uri()}
    return {"uri": quote(path.as_posix()), "uriBaseId": "%SRCROOT%"}


def _web_request(request: Request, mask: Mask) -> Json:
    told: dict[str, Json] = {
        "protocol": "http",
        "version": "1.1",
        "method": mask.text(request.method),
        "target": mask.text(request.target),
        "headers": {mask.text(name): mask.text(value) for name, value in request.headers},
    }
    if request.body is not None:
        told["body"] = {"text": mask.body(request.body).decode("utf-8", "backslashreplace")}
    return told


def _web_response(answer: Answer, mask: Mask) -> Json:
    if answer.failure:
        return {"noResponseReceived": True}
    return {
        "protocol": "http",
        "version": "1.1",
        "statusCode": answer.status,
        "headers": {mask.text(name): mask.text(value) for name, value in answer.headers},
        "body": {"text": mask.body(answer.body).decode("utf-8", "backslashreplace")},
    }
