"""Our passive rules as checks of Schemathesis, so that its search shrinks what breaks them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from schemathesis.checks import CHECKS, CheckContext
from schemathesis.core.transport import Response
from schemathesis.generation.case import Case
from tallystick.contract import Contract, Response as Declared

from ..exchange import Answer
from ..probes.oracle import Complaint, Oracle
from ..probes.places import shown
from ..target import Target

Check = Callable[[CheckContext, Response, Case], bool | None]
_REGISTRY = threading.Lock()


@contextmanager
def registered(contract: Contract, target: Target, oracle: Oracle) -> Generator[None]:
    """Our checks stand in the registry of Schemathesis as long as this lasts, and no longer."""
    checks = [_answer_is_valid(contract, oracle), _no_secret_comes_back(target)]
    with _REGISTRY:
        for each in checks:
            CHECKS.register(each)
        try:
            yield
        finally:
            for each in checks:
                CHECKS.unregister(each.__name__)


def complaints(oracle: Oracle, declared: Declared | None, answer: Answer) -> tuple[Complaint, ...]:
    """Why an answer's JSON body does not fit what is declared; nothing where nothing is."""
    media = declared.json if declared else None
    if media is None or media.schema is None:
        return ()
    try:
        value = answer.json()
    except (ValueError, RecursionError):
        return (Complaint("type", (), media.pointer, "the body is not JSON"),)
    return oracle.complaints(media.schema, value)


def told(found: tuple[Complaint, ...]) -> str:
    """The first complaint in words."""
    first = found[0]
    place = shown(first.path)
    return f"at {place}: {first.message}" if place else first.message


def _answer_is_valid(contract: Contract, oracle: Oracle) -> Check:
    def answer_is_valid(ctx: CheckContext, response: Response, case: Case) -> bool | None:
        operation = contract.find(case.method, case.operation.path)
        declared = operation.response(response.status_code) if operation else None
        answer = Answer(response.status_code, (), response.content or b"")
        found = complaints(oracle, declared, answer)
        if found:
            raise AssertionError(told(found))
        return None

    return answer_is_valid


def _no_secret_comes_back(target: Target) -> Check:
    def no_secret_comes_back(ctx: CheckContext, response: Response, case: Case) -> bool | None:
        fields: dict[str, Any] = dict(response.headers)
        values = " ".join(str(value) for each in fields.values() for value in each)
        text = (response.content or b"").decode("utf-8", "replace") + values
        if any(secret and secret in text for secret in target.secrets):
            raise AssertionError("the answer holds a credential")
        return None

    return no_secret_comes_back
