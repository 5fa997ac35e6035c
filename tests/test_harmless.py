"""What a correct server may do beside: answers that change by themselves, a request lost on the way."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tallystick.contract import Contract, build
from tallystick.document import Json, load
from tallystick_contracts.exchange import Answer, Request
from tallystick_contracts.probes.flaky import passing, sent_again
from tallystick_contracts.probes.ground import Ground, ground

SPEC = Path(__file__).parent.parent / "spec"
REQUEST = Request("GET", "/")


@cache
def vendored() -> Contract:
    return build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))


def steady(value: Json) -> Json:
    base: Ground = ground(vendored(), 1)
    resource = next(r for r in vendored().resources if "models" in r.collection)
    return base.steady(resource, value)


@pytest.mark.parametrize(
    "member", ["current_deployment", "in_progress_promotion", "instance_type", "undeclared"]
)
def test_what_no_request_sets_may_change(member: str) -> None:
    one: dict[str, Json] = {"name": "a", member: None}
    assert steady({**one, member: {"status": "BUILDING"}}) == steady(one)


@pytest.mark.parametrize("member", ["name", "created_at", "model_id"])
def test_ids_and_the_moment_of_creation_stand_still(member: str) -> None:
    assert steady({member: "x"}) == {member: "x"}


def test_what_requests_set_is_kept_at_every_depth() -> None:
    settings: Json = {"rolling_deploy_config": {"max_surge_percent": 0}, "rolling_deploy": False}
    assert steady({"promotion_settings": settings}) == {"promotion_settings": settings}


def answering(*answers: Answer) -> Answer:
    """What comes in the end where these come one after the other."""
    coming = list(answers)
    first = coming.pop(0)
    if not passing(first):
        return first
    return sent_again(REQUEST, first, lambda _: coming.pop(0), lambda: 60.0)


@pytest.mark.parametrize(
    "first", [Answer(503), Answer(502), Answer(504), Answer(0, failure="the connection was reset")]
)
def test_a_request_that_got_lost_is_sent_again_and_its_answer_called_flaky(first: Answer) -> None:
    answer = answering(first, Answer(400))
    assert answer.status == 400
    assert answer.flaky


def test_a_server_that_stays_unavailable_has_failed() -> None:
    assert answering(Answer(503), Answer(503), Answer(503)) == Answer(503)


@pytest.mark.parametrize(
    "first",
    [
        Answer(500),
        Answer(404),
        Answer(0, failure="the application raised KeyError: 1", crashed=True),
        Answer(0, seconds=30.0, failure="no whole answer within 30 seconds"),
    ],
)
def test_what_the_request_brought_about_is_not_sent_again(first: Answer) -> None:
    assert answering(first) is first


def test_a_server_that_asks_for_too_much_patience_is_not_asked_again() -> None:
    first = Answer(503, (("Retry-After", "3600"),))
    assert answering(first) is first
