"""The bench on which a server is tried: things made, shared, named and removed again."""

from __future__ import annotations

import copy
import hashlib
import string
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from pydantic import MISSING

from tallystick.contract import Operation, Parameter, Resource
from tallystick.document import Json

from ..target import Target
from ..verdicts import Step
from .ground import Ground
from .live import Created, Live, NotReached
from .places import at, put
from .reading import Reader
from .requests import is_idempotency_key
from .samples import Unsatisfiable
from .wire import Observe

SETTLE = 1.0
"""Seconds allowed for a created item to become readable."""


_RUNS = 100
"""Earlier runs with the same seed whose items may still be there."""


@dataclass(slots=True)
class _Common:
    """What all parts of a bench count together."""

    runs: int = 0
    """Earlier runs of the same seed that left their items behind."""
    unreadable: int = 0
    """Items that were created and could not be read."""
    originals: dict[str, Live] = field(default_factory=dict[str, Live])
    """What there is one of and no case can have for itself, as it was first read."""
    unique: set[str] = field(default_factory=set[str])
    """The creates, by pointer, which refuse what another item has beside its name (409)."""


class Lab(Reader):
    """One run's bench, or the part of it on which one group of cases is tried.

    Args:
        ground: the contract.
        target: the server.
        observe: called with every exchange that belongs to an operation, and what led to it.
    """

    def __init__(self, ground: Ground, target: Target, observe: Observe) -> None:
        super().__init__(ground, target, observe)
        self._scope, self._names = "", 0
        self._again = 0
        self._common = _Common()
        self._shared: dict[object, Live] = {}
        self._parents: dict[object, Live] = {}
        self._making = threading.RLock()
        self.memory: dict[object, object] = {}
        """What trials remember of each other; empty while everything is tried afresh."""
        self.constants: dict[object, Json] = {}
        """What is worked out once and depends on no server."""

    def part(self, scope: str, stop: threading.Event | None = None) -> Lab:
        """A part of this bench for some cases: with items, names and memory of its own.

        Only parents, what was learned of the server's pace, and the list of what was created are
        common. So what is sent does not depend on which other cases there are, nor on their order.

        Args:
            scope: what the cases are; from it come the names of what they make.
            stop: set when somebody wants no more requests from here.
        """
        part = copy.copy(self)
        part._scope, part._names, part._again, part.sent, part._fresh = scope, 0, 0, 0, 0
        part.memory, part._shared, part.stop, part.taken = {}, {}, stop, set()
        return part

    @contextmanager
    def afresh(self) -> Generator[None]:
        """Within, nothing is shared or remembered: each case makes what it needs."""
        memory, self.memory, self._fresh = self.memory, {}, self._fresh + 1
        shared, self._shared = self._shared, {}
        parents, self._parents = self._parents, {}
        try:
            yield
        finally:
            self.memory, self._shared, self._parents = memory, shared, parents
            self._fresh -= 1

    @contextmanager
    def one_by_one(self) -> Generator[None]:
        """Within, nothing is sent at the same time."""
        before, self.in_turn = self.in_turn, True
        try:
            yield
        finally:
            self.in_turn = before

    def name(self) -> str:
        """A name that nothing has had in this run, the same whatever else is tried."""
        self._names += 1
        digest = hashlib.sha256(self._scope.encode()).digest()
        again = (self._common.runs, self._again)
        suffix = f"x{again[0]}x{again[1]}" if any(again) else ""
        return f"ts{self.ground.seed}{suffix}-{_letters(digest)}{self._names}"

    def parents(self, resource: Resource, which: int = 0) -> dict[str, Json]:
        """Path parameters of a collection that exists; ``which`` counts different ones."""
        found: dict[str, Json] = {}
        for name in resource.parents:
            found[name] = self._known(resource.collection, name, found, which)
        return found

    def sibling_parents(self, resource: Resource) -> dict[str, Json]:
        """The first known parents of a collection, but for the last one: another below the same.

        Raises:
            NotReached: there is one parent only, or no other.
        """
        found = self.parents(resource)
        if len(found) < 2:
            raise NotReached("the items have one parent only")
        *_, last = found
        del found[last]
        return {**found, last: self._known(resource.collection, last, found, 1)}

    def path(self, operation: Operation, live: Live | None = None) -> dict[str, Json]:
        """A value for every path parameter of an operation, of things that exist."""
        if live is not None:
            return dict(live.path)
        owner = self.ground.acts_on(operation)
        found: dict[str, Json] = self.fresh(owner).path if owner else {}
        for parameter in operation.parameters:
            if parameter.location == "path" and parameter.name not in found:
                found[parameter.name] = self._known(operation.path, parameter.name, found, 0)
        return found

    def _known(self, path: str, name: str, so_far: Mapping[str, Json], which: int) -> Json:
        upto = path[: path.index("{" + name + "}") + len(name) + 2]
        maker = next(
            (r for r in self.ground.contract.resources if r.item == upto and r.create), None
        )
        for operation in self.ground.contract.operations:
            parameter = operation.parameter(name, "path")
            values = self.target.known(parameter) if parameter else ()
            if parameter and operation.path.startswith(upto) and values:
                if maker is not None and not self.target.given.get(name):
                    break
                if which >= len(values):
                    raise NotReached(f"only {len(values)} values are known for {{{name}}}")
                if not self.ground.oracle.fits(parameter.schema, values[which]):
                    raise NotReached(
                        f"no existing value is known for {{{name}}} that its schema admits"
                    )
                return values[which]
        if maker is None:
            raise NotReached(f"no existing value is known for the path parameter {{{name}}}")
        above = {each: so_far[each] for each in maker.parents if each in so_far}
        return self._parent(maker, which, above if len(above) == len(maker.parents) else None).id

    def _parent(self, resource: Resource, which: int, parents: Mapping[str, Json] | None) -> Live:
        """An item that all cases may name in a path, as long as they leave it as it is.

        Args:
            resource: of which kind.
            which: counts different ones.
            parents: below which it is to be, as the same path names them; any when None.
        """
        key = resource.collection, which, repr(sorted((parents or {}).items()))
        with self._making:
            if key not in self._parents:
                scope = self.name() if self._fresh else "parent"
                maker = self.part(f"{scope} {key}", self.stop)
                self._parents[key] = maker.fresh(resource, parents)
            return self._parents[key]

    def shared(self, resource: Resource, which: int = 0) -> Live:
        """An item that the cases here may share, as long as they note what they do to it."""
        key = resource.collection, which
        if key not in self._shared:
            self._shared[key] = self.fresh(resource)
        return self._shared[key]

    def fresh(
        self,
        resource: Resource,
        parents: Mapping[str, Json] | None = None,
        body: Json | None = None,
    ) -> Live:
        """Create an item and read it; what there is one of is there, under a new parent if it can be.

        Raises:
            NotReached: the server refuses every create.
        """
        if resource.single:
            return self._single(resource)
        made = self.create(resource, parents, body)
        if made.live is None:
            reason = made.answer.failure or f"answered {made.answer.status}"
            create = self._operation(resource.create)
            raise NotReached(
                f"{create.key if create else resource.collection} with a valid body was {reason}"
            )
        return made.live

    def _single(self, resource: Resource) -> Live:
        maker = self.ground.maker(resource)
        if maker is None:
            live = Live(resource, self.parents(resource), "", ())
        else:
            owner = self.fresh(maker)
            live = Live(resource, owner.path, "", owner.steps)
        self.read(live)
        if maker is None and live.shown is not MISSING:
            key = repr((resource.collection, live.parents))
            self._common.originals.setdefault(key, copy.copy(live))
        return live

    @property
    def originals(self) -> tuple[Live, ...]:
        """What there is one of, as it read before anything was tried on it."""
        return tuple(self._common.originals.values())

    def create(
        self,
        resource: Resource,
        parents: Mapping[str, Json] | None = None,
        body: Json | MISSING | None = None,
        *,
        named: bool = True,
    ) -> Created:
        """Send a create, and read what it made.

        Args:
            resource: of which kind.
            parents: where; the first known ones when None.
            body: what; the minimal body when None.
            named: whether to put a fresh name in.
        """
        operation = self._operation(resource.create)
        if operation is None:
            raise NotReached("the contract has no operation that creates this resource")
        where = dict(self.parents(resource)) if parents is None else dict(parents)
        sent = self._base(operation) if body is None else body
        sent, step = self._sent(operation, where, sent, named)
        live = self._live(resource, where, sent, step) if step.answer.accepted else None
        if live is not None:
            wait = SETTLE if self._common.unreadable < 2 else 0.0
            read = self.read(live, until=lambda answer: answer.accepted, patience=wait)
            self._common.unreadable += read is not None and not read.answer.accepted
        return Created(None if sent is MISSING else sent, step, live)

    def _sent(
        self, operation: Operation, where: Mapping[str, Json], body: Json | MISSING, named: bool
    ) -> tuple[Json | MISSING, Step]:
        """A create, under another name as long as an earlier run left that one behind."""
        attempts = 4 if named and self.ground.key(operation) else 1
        while True:
            sent = self.named(operation, body) if named else body
            step = self.send(operation, self.request(operation, where, sent))
            attempts -= 1
            clash = step.answer.status == 409 and named
            if clash and not attempts and operation.pointer not in self._common.unique:
                self._common.unique.add(operation.pointer)
                attempts = 2
            if step.answer.status != 409 or not attempts:
                return sent, step
            self._again += 1

    def skip_taken_names(self) -> None:
        """Find names that no earlier run left behind, before anything is tried.

        One create tells; without it each part of the bench would have to find out.
        """
        for resource in self.ground.contract.resources:
            operation = self._operation(resource.create)
            if operation is not None and self.ground.key(operation) is not None:
                with suppress(NotReached):
                    while self._is_taken(resource, operation) and self._common.runs < _RUNS:
                        self._common.runs += 1
                return

    def _is_taken(self, resource: Resource, operation: Operation) -> bool:
        first = self.part("first")
        body = first.named(operation, first.base(operation))
        return first.create(resource, body=body, named=False).answer.status == 409

    def named(self, operation: Operation, body: Json | MISSING) -> Json | MISSING:
        """``body`` with a fresh name, where a create takes one that can be chosen.

        Where other items may not have other texts of it either, these are fresh too, if nobody
        chose them.
        """
        if operation.pointer in self._common.unique:
            body = self._varied(operation, body)
        key = self.ground.key(operation)
        if key is None or not isinstance(body, dict) or key.name not in body:
            return body
        return put(body, (key.name,), self.fresh_value(key.pointer, body[key.name]))

    def _varied(self, operation: Operation, body: Json | MISSING) -> Json | MISSING:
        shape = self.ground.shape(operation)
        for member in shape.members if shape else ():
            there = at(body, member.path)
            core = self.ground.contract.core(member.pointer)
            if not isinstance(there, str) or core.enum is not None or len(member.path) > 1:
                continue
            if body is not MISSING and there == self.ground.samples.one(member.pointer):
                body = put(body, member.path, self.fresh_value(member.pointer, there))
        return body

    def _needed(self, parameter: Parameter) -> Json:
        value = super()._needed(parameter)
        named = parameter.location == "header" and is_idempotency_key(parameter.name)
        return self.fresh_value(parameter.schema, value) if named else value

    def fresh_value(self, pointer: str, current: Json) -> Json:
        """A text or number that nothing has had in this run, else ``current``."""
        name = self.name()
        if self.ground.oracle.fits(pointer, name):
            return name
        source = self.ground.samples.source("name", name)
        number = source.randrange(10**6, 10**9)
        digits = f"{source.getrandbits(128):032x}"
        uuid = "-".join(
            (digits[:8], digits[8:12], "4" + digits[13:16], "8" + digits[17:20], digits[20:])
        )
        address = f"{name}@example.com"
        fitting = (
            each
            for each in (address, number, uuid, digits[:8])
            if self.ground.oracle.fits(pointer, each)
        )
        return next(fitting, current)

    def _base(self, operation: Operation) -> Json:
        try:
            body = self.ground.minimal(operation)
        except Unsatisfiable as error:
            raise NotReached(f"no valid body was found for {operation.key}: {error.what}") from None
        key = self.ground.key(operation)
        if key is not None and isinstance(body, dict) and key.name not in body:
            body = put(body, (key.name,), self.ground.samples.one(key.pointer))
        return body

    def base(self, operation: Operation) -> Json:
        """The smallest valid body of an operation, with the item's name if it takes one.

        Raises:
            NotReached: no valid body was found.
        """
        return self._base(operation)

    def noted(
        self, resource: Resource, parents: Mapping[str, Json], body: Json | MISSING, step: Step
    ) -> Live | None:
        """The item that a create made which was sent without it being read; None if it made none."""
        return self._live(resource, parents, body, step) if step.answer.accepted else None

    def _live(
        self, resource: Resource, parents: Mapping[str, Json], body: Json | MISSING, step: Step
    ) -> Live | None:
        key = resource.key
        if key is None or resource.item is None:
            return None
        answered = at(step.answer.content, (key,))
        chosen = at(body, (key,))
        found = chosen if answered is MISSING else answered
        if found is MISSING or found is None or isinstance(found, dict | list) or found == "":
            return None
        return Live(resource, parents, found, (step,))


def _letters(digest: bytes, count: int = 5) -> str:
    """Some letters that stand for a digest."""
    return "".join(string.ascii_lowercase[byte % 26] for byte in digest[:count])
