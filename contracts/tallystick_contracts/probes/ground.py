"""What a contract's rules stand on before anything is sent: its bodies, members, states, mirrors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from pydantic import MISSING

from tallystick.contract import Contract, Operation, Outcome, Property, Resource
from tallystick.document import Json, copy_of

from ..exchange import read, remembered
from ..lists import Query, query_of
from ..mirror import Mirror, mirrors
from .meanings import Meanings
from .members import Member, Owner, members, owners
from .oracle import Oracle
from .places import ITEM, Path, at, put
from .samples import Samples, Unsatisfiable
from .states import States
from .steady import Steady
from .variants import variant


@dataclass(frozen=True, slots=True)
class Shape:
    """The JSON body of an operation and what an answer shows of it."""

    operation: Operation
    pointer: str
    members: tuple[Member, ...]
    owners: tuple[Owner, ...]
    mirrors: tuple[Mirror, ...]
    """Against what a read answers with; against the operation's own answer if there is no read."""
    mirrored: str | None
    """The pointer of that answer's schema."""

    def whole(self, path: Path) -> Path:
        """The object on the way to ``path`` that an update replaces whole; ``path`` if none is."""
        whole = {each.path for each in self.members if each.declared.whole}
        sizes = (size for size in range(1, len(path) + 1) if path[:size] in whole)
        return path[: next(sizes, len(path))]

    def mirror(self, path: Path) -> Mirror | None:
        """Where the answer shows the member at ``path``."""
        return next((each for each in self.mirrors if each.request == path), None)


class Ground:
    """A contract with everything that is worked out once."""

    def __init__(self, contract: Contract, seed: int) -> None:
        self.contract = contract
        self.seed = seed
        self.oracle = Oracle(contract)
        self.samples = Samples(contract, self.oracle, seed)
        self.states = States(contract, self.oracle, self.samples)
        self.asking: dict[str, tuple[str, ...]] = {}
        """By media type of an answer: the rules for which its schema has something."""
        self._shapes: dict[str, Shape | None] = {}
        self.worked_out: dict[object, object] = {}
        """What rules work out once for the contract and the seed, by a key of their own."""
        self._meanings = Meanings(contract)
        self._steady: dict[str, Steady] = {}
        self._queries: dict[str, Query] = {}
        self.standing = remembered(self._standing)
        """What stands still of the item that an answer to a read has, not to be changed.

        By the collection and the body; MISSING where the body has no declared member.
        """
        self._roles: dict[str, str] = {}
        self._resources = {each.key: contract.resource_of(each) for each in contract.operations}

    def shape(self, operation: Operation) -> Shape | None:
        """The JSON body of an operation; None if it has none."""
        if operation.pointer not in self._shapes:
            self._shapes[operation.pointer] = self._shape(operation)
        return self._shapes[operation.pointer]

    @cached_property
    def bodied(self) -> tuple[Shape, ...]:
        """Every operation with a JSON body."""
        every = (self.shape(each) for each in self.contract.operations)
        return tuple(each for each in every if each is not None)

    def role(self, operation: Operation) -> str:
        """What it does to a resource: ``create``, ``list``, ``retrieve``, ...; else ``action``."""
        if operation.key not in self._roles:
            self._roles[operation.key] = self._role(operation)
        return self._roles[operation.key]

    def _role(self, operation: Operation) -> str:
        resource = self.resource(operation)
        roles = ("create", "list", "retrieve", "update", "replace", "delete")
        if resource is None:
            return "action"
        return next((r for r in roles if getattr(resource, r) == operation.pointer), "action")

    def resource(self, operation: Operation) -> Resource | None:
        """The resource on which the operation works."""
        return self._resources[operation.key]

    def of_item(self, operation: Operation) -> Resource | None:
        """The resource on one of whose items an operation works, where such can be made."""
        resource = self.resource(operation)
        on_one = self.role(operation) in ("retrieve", "update", "replace", "delete")
        return resource if resource is not None and resource.create and on_one else None

    def read_of(self, operation: Operation) -> Operation | None:
        """The read of one item of the operation's resource."""
        resource = self.resource(operation)
        pointer = resource.retrieve if resource else None
        return self.contract.operation(pointer) if pointer else None

    def maker(self, resource: Resource) -> Resource | None:
        """Whose items are the parents of a resource; None if they cannot be made, or it has none."""
        above = (each for each in self.contract.resources if each.create and each.parameter)
        for each in above:
            inside = resource.collection.startswith(f"{each.item}/")
            if inside and (*each.parents, each.parameter or "") == resource.parents:
                return each
        return None

    def acts_on(self, operation: Operation) -> Resource | None:
        """The resource whose items an action changes, so that each of its requests needs a new one.

        An action may be possible once only, and what comes after it impossible.
        """
        if self.role(operation) != "action" or operation.method not in ("POST", "DELETE"):
            return None
        made = [r for r in self.contract.resources if r.create and r.item and not r.single]
        around = [r for r in made if operation.path.startswith(f"{r.item}/")]
        return max(around, key=lambda each: len(each.item or ""), default=None)

    def stands_alone(self, operation: Operation) -> bool:
        """Whether it works on something that all cases have in common, and not only reads it."""
        resource = self.resource(operation)
        changes = self.role(operation) in ("update", "replace")
        return resource is not None and resource.single and changes and not self.maker(resource)

    def query(self, operation: Operation) -> Query:
        """What the query parameters of an operation mean."""
        if operation.pointer not in self._queries:
            self._queries[operation.pointer] = query_of(self.contract, operation)
        return self._queries[operation.pointer]

    def key_name(self, operation: Operation) -> str | None:
        """The name of that member."""
        key = self.key(operation)
        return key.name if key else None

    def outcome(self, operation: Operation) -> Outcome:
        """What the operation's answer says of an update; empty if it says nothing."""
        return operation.outcome or Outcome("", (), ())

    def key(self, operation: Operation) -> Property | None:
        """The member of a body that names the item; one that is read-only is in no request."""
        resource, shape = self.resource(operation), self.shape(operation)
        if resource is None or resource.key is None or shape is None:
            return None
        found = self.contract.core(shape.pointer).property(resource.key)
        return None if found is None or found.read_only else found

    def reserved(self, resource: Resource | None) -> tuple[Json, ...]:
        """The names of a resource that are there from the start, and which no create may use."""
        pointer = resource.create if resource else None
        key = self.key(self.contract.operation(pointer)) if pointer else None
        return key.reserved if key else ()

    def names_item(self, operation: Operation, member: Member) -> bool:
        """Whether the member of a body is the name by which the item is addressed."""
        key = self.key(operation)
        return key is not None and member.path == (key.name,)

    def minimal(self, operation: Operation) -> Json:
        """The smallest valid body.

        Raises:
            Unsatisfiable: none was found.
        """
        shape = self.shape(operation)
        return copy_of(self.samples.one(shape.pointer)) if shape else None

    def full(self, operation: Operation) -> Json:
        """A valid body with every member."""
        shape = self.shape(operation)
        return copy_of(self.samples.one(shape.pointer, full=True)) if shape else None

    def with_member(
        self, operation: Operation, base: Json, path: Path, value: Json | MISSING
    ) -> Json:
        """``base`` with ``value`` at ``path``; containers on the way are made, minimal."""
        shape, body = self.shape(operation), base
        pointer = shape.pointer if shape else ""
        for depth, token in enumerate(path):
            here = path[:depth]
            core = self.contract.core(pointer)
            wanted = at(body, here)
            if token == ITEM:
                pointer = core.items or pointer
                if not isinstance(wanted, list) or not wanted:
                    body = put(body, here, [self.samples.one(pointer)])
                continue
            if not isinstance(wanted, dict):
                body = put(body, here, self._container(core.pointer))
            member = core.property(token)
            value_of = core.additional if isinstance(core.additional, str) else pointer
            pointer = member.pointer if member else value_of
        return put(body, path, value)

    def _container(self, pointer: str) -> Json:
        try:
            made = self.samples.one(pointer)
        except Unsatisfiable:
            made = {}
        return made if isinstance(made, dict) else {}

    def _shape(self, operation: Operation) -> Shape | None:
        media = operation.body.json if operation.body else None
        if media is None or media.schema is None:
            return None
        pointer = variant(self.contract, media.schema, self.seed)
        answer = self.answer_schema(self.read_of(operation) or operation)
        own = answer or self.answer_schema(operation)
        found = mirrors(self.contract, pointer, own) if own else ()
        return Shape(
            operation,
            pointer,
            members(self.contract, pointer),
            owners(self.contract, pointer),
            found,
            own,
        )

    def reading(self, pointer: str | None, value: Json) -> Json:
        """An answer of this schema as a reader takes it: defaults filled in, the undeclared out."""
        return value if pointer is None else self._meanings.reading(pointer, value)

    def steady(self, resource: Resource, value: Json) -> Json:
        """An item as a read answers it, without what may change though nobody updates it."""
        read = self.contract.operation(resource.retrieve) if resource.retrieve else None
        schema = self.answer_schema(read) if read else None
        if schema is None:
            return value
        if resource.collection not in self._steady:
            self._steady[resource.collection] = Steady(self.contract, self._settable(resource))
        return self._steady[resource.collection].of(schema, value)

    def _standing(self, collection: str, body: bytes) -> Json | MISSING:
        resource = next(e for e in self.contract.resources if e.collection == collection)
        read_by = self.contract.operation(resource.retrieve) if resource.retrieve else None
        schema = self.answer_schema(read_by) if read_by else None
        members = self.contract.core(schema).properties if schema else ()
        value, _ = read(body)
        known = isinstance(value, dict) and any(each.name in value for each in members)
        if value is MISSING or not (known or not members):
            return MISSING
        return self.steady(resource, self.reading(schema, value))

    def _settable(self, resource: Resource) -> set[Path]:
        """The places of an item that requests set, and its ids."""
        made = (resource.create, resource.update, resource.replace)
        bodies = [each for each in self.bodied if each.operation.pointer in made]
        places = {mirror.response for each in bodies for mirror in each.mirrors}
        return places | {(each,) for each in (resource.key, *resource.parents) if each}

    def answer_schema(self, operation: Operation) -> str | None:
        """The schema of an operation's successful JSON answer."""
        media = operation.success.json if operation.success else None
        return media.schema if media else None


@lru_cache(maxsize=8)
def _grounds(digest: str, seed: int) -> list[Ground]:
    return []


def ground(contract: Contract, seed: int) -> Ground:
    """The ground of a contract, made once for each document and seed."""
    kept = _grounds(contract.digest, seed)
    if not kept or kept[0].contract is not contract:
        kept[:] = [Ground(contract, seed)]
    return kept[0]
