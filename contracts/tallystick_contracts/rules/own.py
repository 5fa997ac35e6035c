"""Own checks of a project as rules: tried, confirmed, told and counted like those of the suite."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from pydantic import MISSING

from tallystick.contract import Operation
from tallystick.document import Json
from tallystick.errors import UsageError

from ..exchange import Answer
from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live, NotReached
from ..registry import CHECKS, Check
from ..target import with_headers
from ..verdicts import Step
from .rule import REGISTERED, Judgement, Rule, Spot, at_operations, broken, held


class Call:
    """What an own check is given: an operation, and a way to try it; each attempt makes a new one."""

    def __init__(self, lab: Lab, operation: Operation) -> None:
        self._lab = lab
        self._live: Live | None = None
        self.operation = operation
        """The record of the operation: ``key``, ``method``, ``path``, ``parameters``, ..."""
        self.steps: list[Step] = []
        """The exchanges so far; a finding shows them."""

    @property
    def body(self) -> Json:
        """The smallest valid JSON body, with a new name where it takes one; None without a body."""
        if self._lab.ground.shape(self.operation) is None:
            return None
        body = self._lab.named(self.operation, self._lab.base(self.operation))
        return None if body is MISSING else body

    @property
    def path(self) -> dict[str, Json]:
        """Values of the path parameters: those of a new item where the operation is on one."""
        ground, operation = self._lab.ground, self.operation
        resource = ground.of_item(operation)
        if resource is not None:
            if self._live is None:
                self._live = self._lab.fresh(resource)
                self.steps.extend(self._live.steps)
            return self._lab.path(operation, self._live)
        return self._lab.path(operation)

    def send(
        self,
        body: Json | MISSING = MISSING,
        *,
        path: Mapping[str, Json] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send the operation once, valid as far as nothing else is said.

        Args:
            body: in place of the smallest valid one.
            path: values of path parameters, in place of existing ones.
            headers: more header fields.

        Raises:
            NotReached: it cannot be sent; the check is then told as not reached.
        """
        sent = self.body if body is MISSING else body
        bodied = body is not MISSING or self._lab.ground.shape(self.operation) is not None
        where = {**({} if path else self.path), **(path or {})}
        request = self._lab.request(self.operation, where, sent if bodied else MISSING)
        request = with_headers(request, *(headers or {}).items())
        step = self._lab.send(self.operation, request, tuple(self.steps))
        self.steps.append(step)
        return step.answer

    def skip(self, reason: str) -> None:
        """Leave the check: it is told as not reached, with this reason."""
        raise NotReached(reason)


def own_rules() -> tuple[Rule, ...]:
    """The own checks as rules.

    Raises:
        UsageError: one has the name of a rule of the suite.
    """
    known = {each.name for each in REGISTERED}
    for name in CHECKS:
        if name in known:
            raise UsageError(f"the check {name!r} has the name of a rule of the suite")
    return tuple(_rule(each) for each in CHECKS.values())


def _rule(check: Check) -> Rule:
    def where(ground: Ground) -> list[Spot]:
        return list(at_operations(ground, lambda each: _wanted(check, each)))

    def judge(lab: Lab, spot: Spot) -> Judgement:
        call = Call(lab, spot.operation)
        try:
            said = check.judge(call)
        except AssertionError as error:
            said = " ".join(str(error).split()) or "The assertion of the check failed."
        except (TypeError, ValueError, LookupError, AttributeError) as error:
            what = f"the check {check.name!r} raised {type(error).__name__}: {error}"
            raise UsageError(what) from error
        if said is not None:
            return broken(check.promise, said, call.steps)
        if not call.steps:
            raise NotReached("the check sent nothing")
        return held()

    return Rule(check.name, check.law, check.promise, where, judge)


def _wanted(check: Check, operation: Operation) -> bool:
    return any(fnmatchcase(operation.key, each) for each in check.operations)
