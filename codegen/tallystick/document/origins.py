"""Where the nodes of a changed document come from: itself, or what was put over it."""

from __future__ import annotations

from tallystick.document.record import Locate, Tokens
from tallystick.errors import Location


class Origins:
    """For each node its source: a way to locate, and the path to ask it for."""

    def __init__(self, base: Locate) -> None:
        self._sources: dict[Tokens, tuple[Locate, Tokens]] = {(): (base, ())}

    def locate(self, tokens: Tokens) -> Location:
        """The place in the file where the node at ``tokens`` was written."""
        locate, path = self.source(tokens)
        return locate(path)

    def source(self, tokens: Tokens) -> tuple[Locate, Tokens]:
        """The source of the node at ``tokens``, by its nearest ancestor that has one."""
        length = len(tokens)
        while tokens[:length] not in self._sources:
            length -= 1
        locate, path = self._sources[tokens[:length]]
        return locate, path + tokens[length:]

    def put(self, tokens: Tokens, source: tuple[Locate, Tokens]) -> None:
        """The node at ``tokens`` now comes from ``source``."""
        self._sources[tokens] = source

    def removed(self, tokens: Tokens, items_left: int | None) -> None:
        """The node at ``tokens`` is gone; of an array, ``items_left`` tells how many remain."""
        self._drop(tokens)
        if items_left is None:
            return
        array, gap = tokens[:-1], int(tokens[-1])
        for index in range(gap, items_left):
            self._move((*array, str(index + 1)), (*array, str(index)))

    def _drop(self, tokens: Tokens) -> None:
        for known in [known for known in self._sources if known[: len(tokens)] == tokens]:
            del self._sources[known]

    def _move(self, old: Tokens, new: Tokens) -> None:
        self._sources.setdefault(old, self.source(old))
        for known in [known for known in self._sources if known[: len(old)] == old]:
            self._sources[new + known[len(old) :]] = self._sources.pop(known)
