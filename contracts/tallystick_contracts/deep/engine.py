"""Schemathesis called as an engine: its events become entries of a tally, its time is ours."""

# Schemathesis leaves its type parameters open, so what comes from it is only partly known.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownLambdaType=false

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.core import EventStream
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.schemas import BaseSchema

from tallystick.contract import Contract
from tallystick.document import Json

from ..probes.ground import Ground
from ..target import Target
from ..verdicts import Step
from .checks import registered
from .judge import UNANSWERED, Failure
from .relay import DOCUMENT, OutOfTime, Relay
from .setup import configuration
from .tally import Tally
from .within import within

_TAIL = 0.5
"""Seconds that the engine has to tell its last failures."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a search is asked to do."""

    contract: Contract
    target: Target
    seed: int
    budget: float
    examples: int
    on_progress: Callable[[int, int, str], None]
    database: Path | None = None
    """Where found faults are kept; None keeps nothing."""


def loaded(run: Run, relay: Relay, ids: Mapping[str, tuple[Json, ...]]) -> BaseSchema:
    """The contract as Schemathesis holds it, bound to the relay."""
    settings = configuration(run.contract, run.target, run.seed, run.examples, ids, run.database)
    config = SchemathesisConfig.from_dict(settings)
    return schemathesis.openapi.from_asgi(DOCUMENT, relay, config=config)


def search(
    run: Run, ground: Ground, relay: Relay, tally: Tally, ids: Mapping[str, tuple[Json, ...]]
) -> list[str]:
    """Run every phase until all are done or the budget is spent; say what was left out."""
    left_out: list[str] = []
    with registered(ground, run.target):
        stream = from_schema(loaded(run, relay, ids)).execute()
        started, interrupted = time.monotonic(), False
        # Drawing and shrinking take time without sending anything: a timer ends those too.
        timer = threading.Timer(max(0.0, relay.left), stream.stop)
        timer.daemon = True
        timer.start()
        for event in _until(stream, relay):
            if isinstance(event, events.ScenarioStarted):
                label = f"schemathesis {event.phase.value}: {event.label or ''}"
                run.on_progress(int(time.monotonic() - started), int(run.budget), label)
            elif isinstance(event, events.ScenarioFinished):
                _count(run.contract, event.recorder, relay, tally)
            elif isinstance(event, events.NonFatalError) and not relay.spent:
                left_out.append(_sentence(event))
            elif isinstance(event, events.Interrupted) and relay.left > 0:
                interrupted = True  # by Ctrl-C; the timer's own stop looks the same
        timer.cancel()
    if interrupted:
        raise KeyboardInterrupt  # which the engine caught and made an event of
    if relay.spent:
        left_out.append("Schemathesis: its share of the budget was spent")
    return sorted(set(left_out))


def _until(stream: EventStream, relay: Relay) -> Iterator[events.EngineEvent]:
    """The events until the time is over, and a moment longer for the last failures to be told."""
    try:
        yield from within(stream, lambda: relay.left + _TAIL)
    except OutOfTime:
        return
    finally:
        stream.stop()


def _sentence(event: events.NonFatalError) -> str:
    first = str(event.info.title or event.value).splitlines()[0]
    phase = event.phase.value if event.phase else "run"
    return f"Schemathesis, {phase}, {event.label}: {first}"


def _count(contract: Contract, recorder: ScenarioRecorder, relay: Relay, tally: Tally) -> None:
    for failure in _failures(contract, recorder, relay, tally):
        tally.fails(failure)
    for case in recorder.cases:
        relay.sent.pop(case, None)


def _failures(
    contract: Contract, recorder: ScenarioRecorder, relay: Relay, tally: Tally
) -> Iterator[Failure]:
    for case_id, node in recorder.cases.items():
        operation = contract.find(*node.value.operation.label.split(" ", 1))
        if operation is None:
            continue
        own = relay.sent.get(case_id)
        if own is not None and own.request.method == operation.method:
            tally.answered(operation, own.answer)
        if own is not None and own.answer.failure and not relay.spent:
            yield Failure(
                UNANSWERED,
                operation,
                "no answer",
                own.answer.failure,
                _chain(recorder, relay, case_id),
                node.value.method,
            )
        for check in recorder.checks.get(case_id, ()):
            if check.status is Status.SUCCESS:
                tally.holds(check.name, operation.key)
            if check.status is not Status.FAILURE or check.failure_info is None:
                continue
            told = check.failure_info.failure
            steps = _chain(recorder, relay, told.case_id or case_id)
            if steps:
                yield Failure(
                    check.name, operation, told.title, told.message, steps, steps[-1].request.method
                )


def _chain(recorder: ScenarioRecorder, relay: Relay, case_id: str) -> tuple[Step, ...]:
    """The exchanges that lead to a case, in order."""
    steps: list[Step] = []
    for case in recorder.iter_chain_cases(case_id=case_id):
        with suppress(KeyError):
            steps.append(relay.sent[case.id])
    return tuple(steps)
