"""Plain Schemathesis on an ASGI application: which of its checks fail that do not always fail."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

_PATH = "/openapi.json"
_CASES = 25
_ALWAYS = frozenset(
    {"status_code_conformance: Received: 405", "status_code_conformance: Received: 415"}
)
"""What it says of the correct server too: the document declares no 405 and no 415."""


@dataclass(frozen=True)
class Told:
    """What it said."""

    failed: tuple[str, ...]
    first: int
    requests: int


def judged(app: Any, document: dict[str, Any], credential: str, seed: int) -> Told:
    """Run every phase with every check.

    Args:
        app: the server.
        document: its OpenAPI document.
        credential: the value of its Authorization header.
        seed: the same seed, the same cases.
    """
    counted = _Counted(app, document)
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "workers": 1,
            "cache": {"enabled": False},
            "warnings": False,
            "continue-on-failure": True,
            "suppress-health-check": ["all"],
            "generation": {"max-examples": _CASES, "database": "none"},
            "auth": {"openapi": {"ApiKeyAuth": {"api_key": credential}}},
        }
    )
    schema = schemathesis.openapi.from_asgi(_PATH, counted, config=config)
    failed: set[str] = set()
    first = 0
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            failed |= _failed(event)
            first = first or (counted.requests if failed else 0)
    return Told(tuple(sorted(failed)), first, counted.requests)


def _failed(event: events.ScenarioFinished) -> set[str]:
    checks = [each for nodes in event.recorder.checks.values() for each in nodes]
    return {_said(each) for each in checks if each.status is Status.FAILURE} - _ALWAYS


def _said(check: Any) -> str:
    """The check, and of one on statuses which it was."""
    told = check.failure_info.failure.message if check.failure_info else ""
    status = check.name == "status_code_conformance"
    return f"{check.name}: {told.splitlines()[0]}" if status and told else check.name


class _Counted:
    """The application with its document beside it, and its requests counted."""

    def __init__(self, app: Any, document: dict[str, Any]) -> None:
        self._app, self._document = app, json.dumps(document).encode()
        self.requests = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == _PATH:
            fields = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": 200, "headers": fields})
            await send({"type": "http.response.body", "body": self._document})
            return
        self.requests += scope["type"] == "http"
        try:
            await self._app(scope, receive, send)
        except Exception:  # noqa: BLE001  # an application may raise anything
            # What a server makes of it: an exception that reaches Schemathesis ends its scenario.
            if scope["type"] == "http":
                await send({"type": "http.response.start", "status": 500, "headers": []})
                await send({"type": "http.response.body", "body": b""})
