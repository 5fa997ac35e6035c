"""What a fault is: a step of the correct server with another in its place."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from .server import Server

Step = Callable[..., Any]
"""``step(server, correct, *arguments)``, where ``correct`` is the step that it replaces."""


@dataclass(frozen=True)
class Fault:
    """One way in which the server is wrong."""

    name: str
    family: str
    sentence: str
    steps: dict[str, Step] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The text of the steps."""
        return "\n".join(inspect.getsource(step) for step in self.steps.values())


FAULTS: dict[str, Fault] = {}


def family(name: str) -> Callable[..., Callable[[Step], Step]]:
    """A decorator for the steps of a family: ``@fault("sentence", "step", ...)``."""

    def fault(sentence: str, step: str, **settings: Any) -> Callable[[Step], Step]:
        def keep(function: Step) -> Step:
            known = FAULTS.get(function.__name__)
            if known is not None and known.family != name:
                raise ValueError(f"two faults are called {function.__name__}")
            if not hasattr(Server, step):
                raise ValueError(f"{function.__name__}: no step {step}")
            more = Fault(function.__name__, name, sentence, {step: function}, settings)
            if known is not None:
                more = Fault(known.name, name, known.sentence, {**known.steps, **more.steps})
            FAULTS[function.__name__] = more
            return function

        return keep

    return fault


def faulty(*faults: Fault, of: type[Server] = Server) -> Server:
    """A server with these faults; none is the correct one."""
    kind = of
    for fault in faults:
        members = {step: _replaced(step, fault.steps[step], kind) for step in fault.steps}
        kind = type(fault.name, (kind,), {**members, **fault.settings})
    return kind()


def _replaced(name: str, step: Step, kind: type[Server]) -> Step:
    correct = getattr(kind, name)

    def replaced(self: Server, *arguments: Any) -> Any:
        return step(self, partial(correct, self), *arguments)

    return replaced
