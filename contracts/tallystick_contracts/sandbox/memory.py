"""Items kept in memory."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock

from .records import Item


class Memory:
    """A store that ends with the process."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self.lock = Lock()
        self._collections: dict[tuple[str, tuple[str, ...]], dict[str, Item]] = {}
        self.commit(tuple(items))

    def get(self, collection: str, parents: tuple[str, ...], key: str) -> Item | None:
        """The item, a deleted one too."""
        return self._collections.get((collection, parents), {}).get(key)

    def items(self, collection: str, parents: tuple[str, ...]) -> tuple[Item, ...]:
        """All items of a collection in the order of their creation, deleted ones too."""
        return tuple(self._collections.get((collection, parents), {}).values())

    def commit(self, changes: tuple[Item, ...]) -> None:
        """Put items in."""
        for item in changes:
            self._collections.setdefault((item.collection, item.parents), {})[item.key] = item

    def close(self) -> None:
        """Nothing to give back."""
