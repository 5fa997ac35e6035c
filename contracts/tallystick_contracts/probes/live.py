"""Items that exist on the server, how they came to be, and why a rule cannot be tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import MISSING

from tallystick.contract import Resource
from tallystick.document import Json

from ..exchange import Answer, NotReached
from ..verdicts import Step

__all__ = ["Created", "Gone", "Live", "NotReached", "OutOfTime"]


class OutOfTime(Exception):
    """The budget of the run is used up."""


class Stopped(Exception):
    """Somebody wants no more requests."""


class Gone(Exception):
    """The server has stopped answering; the text is what came instead of the last answers."""


@dataclass(slots=True)
class Live:
    """An item that exists on the server."""

    resource: Resource
    parents: Mapping[str, Json]
    id: Json
    steps: tuple[Step, ...]
    """How it came to be and was changed: what reproduces it."""
    shown: Json | MISSING = MISSING
    """What the last read answered."""
    last: Step | None = None
    """The last read."""

    @property
    def path(self) -> dict[str, Json]:
        """The path parameters that name it."""
        name = self.resource.parameter
        return dict(self.parents) if name is None else {**self.parents, name: self.id}


@dataclass(frozen=True, slots=True)
class Created:
    """What became of a create."""

    body: Json
    step: Step
    live: Live | None = field(default=None, repr=False)

    @property
    def answer(self) -> Answer:
        """The server's answer."""
        return self.step.answer
