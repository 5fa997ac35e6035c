"""The exchanges of all findings as a HAR 1.2 archive: one page for each finding."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from tallystick.document import Json

from ..exchange import Answer
from ..findings import Cause
from ..mask import Mask
from ..verdicts import Result, Step
from .sarif import tool_version

_START = datetime(1970, 1, 1, tzinfo=UTC)
"""A finding does not say when it was sent; the order and the durations are true."""


def har(result: Result, found: Sequence[Cause], mask: Mask) -> str:
    """The steps of every finding as HAR text, secrets masked."""
    origin = result.target if "://" in result.target else "http://in-process"
    pages: list[Json] = []
    entries: list[Json] = []
    now = _START
    for cause in found:
        title = f"{cause.rule}: {cause.operation}"
        pages.append(
            {
                "startedDateTime": _moment(now),
                "id": cause.id,
                "title": mask.text(title),
                "pageTimings": {},
                "comment": mask.text(cause.finding.observation),
            }
        )
        for step in cause.recipe.steps or cause.finding.steps:
            entries.append(_entry(step, cause.id, now, origin, mask))
            now += timedelta(seconds=step.answer.seconds)
    log: Json = {
        "version": "1.2",
        "creator": {"name": "tallystick", "version": tool_version()},
        "pages": pages,
        "entries": entries,
        "comment": "The exchanges of each finding. Times of day are not kept; durations are.",
    }
    return json.dumps({"log": log}, indent=1) + "\n"


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _entry(step: Step, page: str, now: datetime, origin: str, mask: Mask) -> Json:
    milliseconds = round(step.answer.seconds * 1000, 3)
    return {
        "pageref": page,
        "startedDateTime": _moment(now),
        "time": milliseconds,
        "request": _request(step, origin, mask),
        "response": _response(step.answer, mask),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
    }


def _fields(fields: tuple[tuple[str, str], ...], mask: Mask) -> Json:
    return [{"name": mask.text(name), "value": mask.text(value)} for name, value in fields]


def _request(step: Step, origin: str, mask: Mask) -> Json:
    request = step.request
    # Masked before it is split and decoded: a part of a secret would not be found.
    query = parse_qsl(mask.text(request.target).partition("?")[2], keep_blank_values=True)
    told: dict[str, Json] = {
        "method": mask.text(request.method),
        "url": mask.text(origin.rstrip("/") + request.target),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _fields(request.headers, mask),
        "queryString": _fields(tuple(query), mask),
        "headersSize": -1,
        "bodySize": len(request.body or b""),
    }
    if request.body is not None:
        media = next((v for n, v in request.headers if n.lower() == "content-type"), "")
        text = mask.body(request.body).decode("utf-8", "backslashreplace")
        told["postData"] = {"mimeType": media, "params": [], "text": text}
    return told


def _response(answer: Answer, mask: Mask) -> Json:
    return {
        "status": answer.status,
        "statusText": mask.text(answer.failure),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _fields(answer.headers, mask),
        "content": _content(answer, mask),
        "redirectURL": mask.text(answer.header("location") or ""),
        "headersSize": -1,
        "bodySize": len(answer.body),
    }


def _content(answer: Answer, mask: Mask) -> Json:
    shown = mask.body(answer.body)
    told: dict[str, Json] = {
        "size": len(answer.body),
        "mimeType": mask.text(answer.header("content-type") or "x-unknown"),
    }
    try:
        return {**told, "text": shown.decode()}
    except UnicodeDecodeError:
        return {**told, "text": base64.b64encode(shown).decode(), "encoding": "base64"}
