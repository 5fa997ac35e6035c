"""Our passive rules as checks of Schemathesis, so that its search shrinks what breaks them."""

# Schemathesis leaves its type parameters open, so what comes from it is only partly known.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownLambdaType=false

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, TypeAlias

from schemathesis.checks import CHECKS, CheckContext
from schemathesis.core.transport import Response
from schemathesis.generation.case import Case

from tallystick.contract import Operation

from ..exchange import Answer, Request
from ..probes.ground import Ground
from ..rules.answers import PASSIVE, Objection, objections
from ..rules.catalogue import SECRECY
from ..target import Target
from ..verdicts import Step

AnyCase: TypeAlias = "Case[Any]"
Check: TypeAlias = Callable[[CheckContext, Response, AnyCase], bool | None]

_REGISTRY = threading.Lock()


@contextmanager
def registered(ground: Ground, target: Target) -> Generator[None]:
    """Our checks stand in the registry of Schemathesis as long as this lasts, and no longer."""
    checks = [*(_passive(ground, rule) for rule in PASSIVE), _secrecy(target)]
    with _REGISTRY:
        for each in checks:
            CHECKS.register(each)
        try:
            yield
        finally:
            for each in checks:
                CHECKS.unregister(each.__name__)


def objection(ground: Ground, operation: Operation, step: Step, rule: str) -> Objection | None:
    """What a passive rule says against an answer."""
    found = objections(ground, operation, step)
    return next((each for each in found if each.rule == rule), None)


def _passive(ground: Ground, rule: str) -> Check:
    def check(ctx: CheckContext, response: Response, case: AnyCase) -> bool | None:
        operation = ground.contract.find(case.method, case.operation.path)
        if operation is None:
            return None
        step = Step(Request(case.method, ""), _answer(response))
        found = objection(ground, operation, step, rule)
        if found is not None and found.applies:
            raise AssertionError(f"{found.place} {found.state}: {found.observation}")
        return None

    check.__name__ = rule
    return check


def _secrecy(target: Target) -> Check:
    def check(ctx: CheckContext, response: Response, case: AnyCase) -> bool | None:
        answer = _answer(response)
        text = answer.body.decode("utf-8", "replace") + " ".join(v for _, v in answer.headers)
        if any(len(secret) >= 4 and secret in text for secret in target.secrets):
            raise AssertionError(f"The answer {answer.status} holds the credential.")
        return None

    check.__name__ = SECRECY.name
    return check


def _answer(response: Response) -> Answer:
    fields = tuple((name, value) for name, values in response.headers.items() for value in values)
    return Answer(response.status_code, fields, response.content or b"")
