"""The world of one sandbox: the contract, its plans, and how it behaves, as data."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol, TypeAlias

from tallystick.contract import Contract
from tallystick.document import Json

from .complete import Shapes
from .records import Call, Effect, Item, Reply
from .refusal import Refusal
from .routing import Routes
from .sample import Samples
from .validators import Validators


class Store(Protocol):
    """Where items are kept. A commit is done, whole, when it returns."""

    @property
    def lock(self) -> Lock:
        """Held by whoever reads and then commits."""
        ...

    def get(self, collection: str, parents: tuple[str, ...], key: str) -> Item | None:
        """The item, a deleted one too."""
        ...

    def items(self, collection: str, parents: tuple[str, ...]) -> tuple[Item, ...]:
        """All items of a collection in the order of their creation, deleted ones too."""
        ...

    def commit(self, changes: tuple[Item, ...]) -> None:
        """Put items in, all or none."""
        ...

    def close(self) -> None:
        """Give back the file."""
        ...


Perform: TypeAlias = "Callable[[World, Store, Call], Effect]"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a sandbox does each step of an answer; a fault is one step replaced.

    In the order in which a request meets them. A step refuses by raising ``Refusal``.
    """

    route: Callable[[World, Call], Call]
    """The call with its plan and path arguments: 404, 405."""
    authenticate: Callable[[World, Call], None]
    """401."""
    accept: Callable[[World, Call], None]
    """The media type of the body: 413, 415."""
    parse: Callable[[bytes], Json]
    """ValueError where the bytes are not strict JSON."""
    admits: Callable[[World, str, Json], bool]
    """Whether the schema at a pointer admits a value of a request."""
    read: Callable[[World, Call], Call]
    """The call with its body read and all parameters checked: 400."""
    perform: Perform
    """The effect of a call on a store, which it only reads: 404, 409."""
    complete: Callable[[World, Call, str], dict[str, Json]]
    """The item, with this identity, that a create or a replace stores."""
    merge: Callable[[World, Call, dict[str, Json]], dict[str, Json]]
    """The item that an update makes of the stored one."""
    outcome: Callable[[World, Call, bool], Json]
    """What an update says that does not answer with the item; whether anything changed."""
    transact: Callable[[World, Store, Call], Awaitable[Reply]]
    """The call performed and its changes committed, as if it were alone."""
    refuse: Callable[[World, Call, Refusal], Reply]
    """The answer of a refused call."""
    verify: Callable[[World, Call, Reply], Reply]
    """The answer, or a 500 where it breaks the contract: a bug of the sandbox."""
    answer: Callable[[World, Call, Reply], Reply]
    """The last word on an answer; the correct one lets it be."""


@dataclass(frozen=True, slots=True)
class World:
    """Everything that does not change while a sandbox runs."""

    contract: Contract
    key: str = field(repr=False)
    seed: int
    delay: float
    behaviour: Behaviour
    routes: Routes
    validators: Validators
    samples: Samples
    shapes: Shapes
    clock: Callable[[], float] = time.time
