"""Names that were taken before are made new on the way out, so that no conflict hides an answer."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

from tallystick.contract import Property
from tallystick.contract.paths import template
from tallystick.document import Json

from ..exchange import Request
from ..probes.ground import Ground
from ..probes.requests import encoded, is_idempotency_key


@dataclass(frozen=True, slots=True)
class _Create:
    """A create, by the paths of its requests, and the member that names the item."""

    path: re.Pattern[str]
    key: Property


class FreshNames:
    """Gives each created item of a search a name of its own.

    A name is kept where it was not sent before, where a new one would not be valid, and where it
    is no text: what is tried with such a body stays as it was drawn.
    """

    def __init__(self, ground: Ground) -> None:
        self._oracle = ground.oracle
        self._prefix = f"t{ground.seed}"
        self._taken: set[tuple[str, str]] = set()
        self._creates: list[_Create] = []
        self._keys = 0
        for operation in ground.contract.operations:
            key = ground.key(operation) if ground.role(operation) == "create" else None
            if key is not None:
                self._creates.append(_Create(template(operation.path), key))

    def request(self, request: Request) -> Request:
        """``request``, with a new name if it creates an item whose name was sent before, and a new
        ``Idempotency-Key``: the same one with another body is another request, and may be refused.
        """
        request = replace(request, headers=tuple(map(self._once, request.headers)))
        path = request.target.partition("?")[0]
        create = next((each for each in self._creates if each.path.fullmatch(path)), None)
        if create is None or request.method != "POST" or not request.body:
            return request
        try:
            body: Json = json.loads(request.body)
        except (ValueError, RecursionError):
            return request
        name = body.get(create.key.name) if isinstance(body, dict) else None
        if not isinstance(body, dict) or not isinstance(name, str):
            return request
        fresh = self._fresh(path, name, create.key.pointer)
        if fresh == name:
            return request
        return replace(request, body=encoded({**body, create.key.name: fresh}))

    def _once(self, field: tuple[str, str]) -> tuple[str, str]:
        name, value = field
        if not is_idempotency_key(name) or not value:
            return field
        self._keys += 1
        return name, value if self._keys == 1 else f"{value}-{self._prefix}{self._keys}"

    def _fresh(self, path: str, name: str, pointer: str) -> str:
        if (path, name) in self._taken and self._oracle.fits(pointer, name):
            other = f"{self._prefix}-{len(self._taken)}"
            name = other if self._oracle.fits(pointer, other) else name
        self._taken.add((path, name))
        return name
