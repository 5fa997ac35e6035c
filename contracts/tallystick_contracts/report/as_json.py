"""A run as JSON, by the schema ``report.schema.json`` beside this file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import cast

from tallystick.document import Json

from ..findings import Cause
from ..findings.stored import FORMAT, finding_json
from ..mask import Mask
from ..observed import Observation, Unseen
from ..verdicts import Result, Standing, Verdict
from .reproduction import shell_lines
from .sarif import tool_version

SCHEMA_NAME = "report.schema.json"


@cache
def schema() -> dict[str, Json]:
    """The JSON Schema of ``report.json``; its ``$defs/finding`` is that of a finding's own file."""
    text = files("tallystick_contracts.report").joinpath(SCHEMA_NAME).read_text(encoding="utf-8")
    return cast(dict[str, Json], json.loads(text))


def report_json(result: Result, found: Sequence[Cause], mask: Mask) -> str:
    """The whole run as JSON text, secrets masked."""
    findings: list[Json] = [told_finding(each, result.target, mask) for each in found]
    of = {id(verdict): cause.id for cause in found for verdict in cause.verdicts}
    data: Json = {
        "$schema": schema()["$id"],
        "format": FORMAT,
        "tool": {"name": "tallystick", "version": tool_version()},
        "run": _run(result, mask),
        "findings": findings,
        "verdicts": [_verdict(each, of, mask) for each in result.verdicts],
        "observed": None if result.observed is None else _observed(result.observed, mask),
    }
    return dumped(data)


def told_finding(cause: Cause, origin: str, mask: Mask) -> dict[str, Json]:
    """A finding's own file, with the lines that replay it."""
    curl: list[Json] = list(shell_lines(cause.recipe, origin, mask))
    target = mask.text(origin)
    return {**finding_json(cause, mask), "target": target, "curl": curl, "test": test_name(cause)}


def test_name(cause: Cause) -> str:
    """The file of a finding's test, beside its JSON file."""
    return f"test_{cause.id}.py"


def dumped(data: Json) -> str:
    """JSON text, keys in order, the same for the same data."""
    return json.dumps(data, indent=1, sort_keys=True) + "\n"


def _run(result: Result, mask: Mask) -> Json:
    counts = Counter(each.standing for each in result.verdicts)
    engines = {mask.text(name): count for name, count in result.engines.items()}
    return {
        "title": mask.text(result.title),
        "digest": result.digest,
        "target": mask.text(result.target),
        "seed": result.seed,
        "requests": result.requests,
        "seconds": result.seconds,
        "engines": cast(Json, engines),
        "switched_off": [mask.text(each) for each in result.switched_off],
        "left_out": [mask.text(each) for each in result.left_out],
        "residue": [
            {name: mask.text(getattr(each, name)) for name in ("operation", "path", "reason")}
            for each in result.residue
        ],
        "removed": result.removed,
        "interrupted": result.interrupted,
        "holds": result.holds,
        "counts": {each.value: counts[each] for each in Standing},
    }


def _verdict(verdict: Verdict, of: Mapping[int, str], mask: Mask) -> Json:
    subject = verdict.subject
    return {
        "rule": mask.text(verdict.rule),
        "law": verdict.law.value,
        "operation": mask.text(subject.operation),
        "pointer": mask.text(subject.pointer),
        "member": mask.text(subject.member),
        "state": mask.text(subject.state),
        "standing": verdict.standing.value,
        "reason": mask.text(verdict.reason),
        "tried": verdict.tried,
        "finding": of.get(id(verdict)),
    }


def _observed(observation: Observation, mask: Mask) -> Json:
    return {
        "seen": observation.seen,
        "total": observation.total,
        "shares": [
            {"kind": each.kind.value, "way": each.way, "seen": each.seen, "total": each.total}
            for each in observation.shares
        ],
        "never": [_unseen(each, mask) for each in observation.never],
    }


def _unseen(unseen: Unseen, mask: Mask) -> Json:
    sight = unseen.sight
    return {
        "kind": sight.kind.value,
        "way": sight.way,
        "operation": mask.text(sight.operation),
        "pointer": mask.text(sight.pointer),
        "place": mask.text(sight.place),
        "what": mask.text(sight.what),
        "status": sight.status,
        "reason": mask.text(unseen.reason),
        "under": mask.text(unseen.under),
    }
