"""A server of which nothing can be learned holds nothing; what held on a correct server was tried."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick_contracts.probes import flaky
from tallystick_contracts.run import run
from tallystick_contracts.sandbox import sandbox
from tallystick_contracts.target import in_process
from tallystick_contracts.verdicts import Result, Standing

SPEC = Path(__file__).parent.parent / "spec"
KEY = "sesame-open-7"
ANSWERED = {
    "no_request_makes_the_server_fail",
    "credentials_never_come_back",
    "extreme_bodies_are_answered",
}
"""What any answer at all shows."""
DECLARED = {
    *ANSWERED,
    "statuses_are_declared",
    "content_types_are_declared",
    "bodies_fit_their_schema",
    "required_members_are_answered",
    "undeclared_paths_are_not_served",
}
"""What a refusal of the declared form shows."""


@cache
def vendored() -> Contract:
    return build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))


def judged(app: Any, key: str = KEY) -> Result:
    target = in_process(vendored(), app, key=key, poll_budget=0.05)
    try:
        return run(vendored(), target)
    finally:
        target.close()


def held(result: Result) -> set[str]:
    return {each.rule for each in result.verdicts if each.standing is Standing.HELD}


def always(status: int, body: bytes, media_type: str = "application/json") -> Any:
    """A server that gives one answer to everything."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        fields = [(b"content-type", media_type.encode())]
        await send({"type": "http.response.start", "status": status, "headers": fields})
        await send({"type": "http.response.body", "body": body})

    return app


@pytest.mark.parametrize("status", [401, 404, 400])
def test_a_server_that_refuses_everything_holds_nothing_but_the_form_of_its_refusals(
    status: int,
) -> None:
    result = judged(always(status, b'{"code": "C", "message": "m"}'))
    assert held(result) <= DECLARED
    assert any(each.standing is Standing.NOT_REACHED for each in result.verdicts)


def test_a_refusal_that_is_not_declared_shows_even_less() -> None:
    result = judged(always(418, b"teapot", "text/plain"))
    assert held(result) <= {*ANSWERED, "statuses_are_declared", "undeclared_paths_are_not_served"}


def test_a_server_that_fails_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flaky, "_PAUSE", 0.0)  # it is asked some thousand times
    assert held(judged(always(503, b"{}"))) <= {"credentials_never_come_back"}


def test_with_a_wrong_key_no_refusal_is_a_merit() -> None:
    result = judged(sandbox(vendored(), key="another-key"))
    assert held(result) <= {*DECLARED, "a_405_says_which_methods_there_are"}
    of_keys = [v for v in result.verdicts if v.rule == "wrong_credentials_are_refused"]
    assert {each.standing for each in of_keys} <= {
        Standing.NOT_REACHED,
        Standing.NOT_APPLICABLE,
    }


def test_a_server_that_accepts_everything_and_shows_nothing_holds_no_effect() -> None:
    result = judged(always(200, b"{}"))
    effects = {"updates", "reads", "defaults", "null"}
    told = {each.rule for each in result.verdicts if each.standing is Standing.HELD}
    laws = {e.rule: str(e.law) for e in result.verdicts}
    assert {rule for rule in told if laws[rule] in effects} <= {
        "every_parent_takes_items",  # it promises no more than that they are taken
        "null_is_accepted_where_admitted",
        "null_is_accepted_in_every_member",
    }
