"""Drawn round trips: what was created is read back as it was given, shrunk by Hypothesis."""

# Schemathesis leaves its type parameters open, so what comes from it is only partly known.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownLambdaType=false

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.database import DirectoryBasedExampleDatabase
from hypothesis.errors import HypothesisException
from pydantic import MISSING
from schemathesis import GenerationMode

from tallystick.contract import Operation, Resource
from tallystick.document import Json

from ..exchange import Answer, Request
from ..mirror import Mirror
from ..probes.ground import Ground, Shape
from ..probes.places import ITEM, at, same, shown
from ..probes.requests import build, encoded
from ..rules.catalogue import ROUND_TRIP
from ..verdicts import Claim, Finding, Kind, Law, Standing, Step, Subject, Verdict
from .engine import Run, loaded
from .relay import OutOfTime, Relay
from .within import within

_NOT_FOUND = 404
RULE, PROMISE = ROUND_TRIP.name, ROUND_TRIP.promise
SETTLE = 1.0
"""Seconds allowed for a created item to become readable."""


@dataclass(frozen=True, slots=True)
class Trip:
    """A create and the read that shows what it made."""

    resource: Resource
    create: Operation
    read: Operation
    shape: Shape


class Differs(AssertionError):
    """A value was not read back."""

    def __init__(
        self, mirror: Mirror | None, given: Json, shown: Json | MISSING, steps: tuple[Step, ...]
    ) -> None:
        super().__init__(mirror)
        self.mirror, self.given, self.shown, self.steps = mirror, given, shown, steps


class _Over(BaseException):
    """The time is over. No ``Exception``: Hypothesis would take that for a fault and shrink it."""


def round_trips(run: Run, ground: Ground, relay: Relay) -> tuple[list[Verdict], list[str]]:
    """A verdict for each resource that can be created and read, and what was left out."""
    found: list[Verdict] = []
    cut: list[str] = []
    for number, trip in enumerate(_trips(ground)):
        run.on_progress(
            int(run.budget - max(0.0, relay.left)),
            int(run.budget),
            f"hypothesis: {trip.create.key}",
        )
        found.append(_Traveller(run, ground, relay, trip, number).verdict())
        if relay.spent:
            cut.append(f"Hypothesis, {trip.create.key}: its share of the budget was spent")
            break
    return found, cut


def _trips(ground: Ground) -> list[Trip]:
    contract = ground.contract
    trips: list[Trip] = []
    for resource in contract.resources:
        if not (resource.create and resource.retrieve and resource.key):
            continue
        create, read = contract.operation(resource.create), contract.operation(resource.retrieve)
        shape = ground.shape(create)
        if shape and ground.key(create):
            trips.append(Trip(resource, create, read, shape))
    return trips


class _Traveller:
    """Makes round trips of one resource."""

    def __init__(self, run: Run, ground: Ground, relay: Relay, trip: Trip, number: int) -> None:
        self._run, self._ground, self._relay, self._trip = run, ground, relay, trip
        self._prefix = f"trip-{run.seed}-{number}"
        self._count = 0
        self._read = 0
        self._lost = False

    def verdict(self) -> Verdict:
        """Draw bodies until one is not read back, the examples are used up, or the time is."""
        trip = self._trip
        subject = Subject(trip.create.key, trip.create.pointer)
        if self._run.target.read_only:
            reason = "read-only: nothing is created"
            return Verdict(RULE, Law.READS, subject, Standing.NOT_REACHED, reason)
        parents = self._parents()
        if parents is None:
            reason = "no parent is known"
            return Verdict(RULE, Law.READS, subject, Standing.NOT_REACHED, reason)
        try:
            for _ in within(self._drawn(parents), lambda: self._relay.left):
                pass
        except Differs as error:
            return self._broken(error)
        except (OutOfTime, _Over):
            pass
        except HypothesisException as error:
            reason = f"no body could be drawn ({type(error).__name__})"
            return Verdict(RULE, Law.READS, subject, Standing.NOT_REACHED, reason)
        if not self._read:
            reason = "no drawn body was accepted and read back"
            return Verdict(RULE, Law.READS, subject, Standing.NOT_REACHED, reason)
        return Verdict(RULE, Law.READS, subject, Standing.HELD, tried=self._read)

    def _parents(self) -> dict[str, Json] | None:
        path = [each for each in self._trip.create.parameters if each.location == "path"]
        known = {each.name: self._run.target.known(each) for each in path}
        return (
            {name: values[0] for name, values in known.items() if values}
            if all(known.values())
            else None
        )

    def _drawn(self, parents: Mapping[str, Json]) -> Iterator[bool]:
        self._draw(parents)
        yield True

    def _draw(self, parents: Mapping[str, Json]) -> None:
        schema = loaded(self._run, self._relay, {})
        operation = schema[self._trip.create.path][self._trip.create.method]
        cases = operation.as_strategy(
            generation_mode=GenerationMode.POSITIVE, path_parameters=dict(parents)
        )
        kept = self._run.database
        bodies = cases.map(lambda case: _plain(case.body)).filter(lambda body: body is not None)

        @seeded(self._run.seed)
        @settings(
            max_examples=self._run.examples,
            database=DirectoryBasedExampleDatabase(kept) if kept else None,
            deadline=None,
            phases=[Phase.reuse, Phase.generate, Phase.shrink],
            suppress_health_check=[
                HealthCheck.too_slow,
                HealthCheck.data_too_large,
                HealthCheck.filter_too_much,
                HealthCheck.large_base_example,
            ],
            print_blob=False,
            report_multiple_bugs=False,
        )
        @given(body=bodies)
        def trip(body: dict[str, Json]) -> None:
            try:
                self._travel(parents, body)
            except OutOfTime:
                raise _Over from None

        trip()

    def _travel(self, parents: Mapping[str, Json], body: dict[str, Json]) -> None:
        trip, key = self._trip, self._trip.resource.key
        if key is None or trip.resource.parameter is None:
            return
        self._count += 1
        body = {**body, key: f"{self._prefix}-{self._count}"}
        create = build(
            self._run.contract, self._run.target, trip.create, parents, (), encoded(body)
        )
        made = Step(create, self._relay.send(create))
        if not made.answer.accepted:
            return
        path = {**parents, trip.resource.parameter: body[key]}
        seen = self._seen(build(self._run.contract, self._run.target, trip.read, path))
        if seen.answer.status == _NOT_FOUND:
            raise Differs(None, body[key], MISSING, (made, seen))
        if seen.answer.accepted:
            self._read += 1
            self._compare(body, seen.answer, (made, seen))

    def _seen(self, read: Request) -> Step:
        """The read of what was created, which a server may take a moment to show."""
        started = time.monotonic()
        while True:
            answer = self._relay.send(read)
            waited = time.monotonic() - started
            if self._lost or answer.status != _NOT_FOUND or waited > SETTLE:
                self._lost = answer.status == _NOT_FOUND
                return Step(read, answer)
            time.sleep(0.05)

    def _compare(self, body: Json, answer: Answer, steps: tuple[Step, ...]) -> None:
        try:
            shown_value = answer.json()
        except ValueError:
            return
        for mirror in self._trip.shape.mirrors:
            value = at(body, mirror.request)
            if not mirror.comparable or ITEM in mirror.request or value is None:
                continue
            there = at(shown_value, mirror.response)
            if value is MISSING or same(value, there):
                continue
            if there is MISSING and same(value, mirror.default):
                continue  # absent means the default, in an answer too
            raise Differs(mirror, value, at(shown_value, mirror.response), steps)

    def _broken(self, error: Differs) -> Verdict:
        mirror, seen = error.mirror, error.shown
        subject = Subject(self._trip.create.key, self._trip.create.pointer)
        observation = f"{json.dumps(error.given)} was created and cannot be found"
        if mirror is not None:
            place = shown(mirror.request)
            subject = Subject(subject.operation, mirror.request_pointer, place, "drawn value")
            read = "nothing" if seen is MISSING else json.dumps(seen)
            observation = f"{place} was given as {json.dumps(error.given)} and is read as {read}"
        claim = Claim(Kind.STATUS, value=["2XX"])
        if mirror is not None:
            claim = Claim(Kind.EQUALS, -1, mirror.response, error.given)
        finding = Finding(PROMISE, observation, error.steps, (claim,), tries=self._count)
        return Verdict(
            RULE, Law.READS, subject, Standing.BROKEN, finding=finding, tried=self._count
        )


def _plain(body: object) -> dict[str, Json] | None:
    """A drawn body as plain JSON data; None for no body, or one of another media type."""
    try:
        data: Json = json.loads(json.dumps(body))
    except (TypeError, ValueError):
        return None
    return data if isinstance(data, dict) else None
