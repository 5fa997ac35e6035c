"""A comparison as JSON, by the schema ``diff.schema.json`` beside this file."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import cast

from pydantic import MISSING

from tallystick.contract import Contract
from tallystick.document import Json

from ..python.records import PythonChange
from ..records import SEVERITIES, Change, Witness
from ..release.verdict import Verdict
from .view import View

FORMAT = 1
SCHEMA_NAME = "diff.schema.json"


@cache
def schema() -> dict[str, Json]:
    """The JSON Schema of what ``diff_json`` makes."""
    text = files("tallystick.evolve.show").joinpath(SCHEMA_NAME).read_text(encoding="utf-8")
    return cast(dict[str, Json], json.loads(text))


def diff_json(view: View) -> str:
    """The whole comparison as JSON text: every change by itself; notes if everything is asked for.

    Absent and null are two things: a change has ``before`` or ``after`` only where there is one.
    """
    both = view.comparison
    data: dict[str, Json] = {
        "$schema": schema()["$id"],
        "format": FORMAT,
        "tool": {"name": "tallystick", "version": _version()},
        "old": _end(view, both.old),
        "new": _end(view, both.new),
        "readers": list(view.readers),
        "verdict": view.worst,
        "counts": {
            reader: {each: counts[each] for each in SEVERITIES}
            for reader, counts in view.counts.items()
        },
        "changes": [_change(view, each) for each in both.changes],
    }
    if view.release is not None:
        data["release"] = _release(view, view.release)
    if view.package is not None:
        data["package"] = [_python(each) for each in view.package]
    if view.everything:
        data["notes"] = [_change(view, each) for each in both.notes]
    return json.dumps(data, indent=1) + "\n"


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # slow to import, here alone used

    try:
        return version("tallystick")
    except PackageNotFoundError:  # run from its sources
        return "0"


def _end(view: View, contract: Contract) -> Json:
    return {
        "document": view.file(contract.document.name),
        "title": contract.title,
        "version": contract.version,
        "digest": contract.digest,
    }


def _change(view: View, change: Change) -> Json:
    both = view.comparison
    told: dict[str, Json] = {
        "id": change.id,
        "kind": change.kind,
        "direction": change.direction,
        "severity": cast(Json, dict(change.severity)),
        "worst": view.severity(change),
        "sentence": change.sentence,
        "where": change.where,
        "operations": list(change.operations),
        "old": _at(view, both.old, change.old),
        "new": _at(view, both.new, change.new),
        "proof": change.proof,
        "witnesses": [_witness(each) for each in change.witnesses],
    }
    if change.proof == "search":
        told["tries"] = change.tries
    if change.before is not MISSING:
        told["before"] = change.before
    if change.after is not MISSING:
        told["after"] = change.after
    return told


def _at(view: View, contract: Contract, pointer: str | None) -> Json:
    if pointer is None:
        return None
    at = view.location(contract, pointer)
    return {"pointer": pointer, "file": at.file, "line": at.line, "column": at.column}


def _witness(witness: Witness) -> Json:
    return {
        "operation": witness.spot.operation,
        "part": witness.spot.part,
        "direction": witness.spot.direction,
        "value": witness.value,
        "at": witness.at,
        "valid_in": witness.valid_in,
        "claim": witness.claim,
    }


def _release(view: View, release: Verdict) -> Json:
    told: dict[str, Json] = {"wire": release.wire, "because": [each.id for each in release.because]}
    return told if view.package is None else {**told, "package": release.package}


def _python(change: PythonChange) -> Json:
    return {
        "id": change.id,
        "kind": change.kind,
        "name": change.name,
        "before": change.before,
        "after": change.after,
        "severity": change.severity,
        "sentence": change.sentence,
    }
