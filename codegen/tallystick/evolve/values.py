"""The values of pairs of schemas compared: which went, which came, and an example of each."""

from __future__ import annotations

from tallystick.contract import Contract

from .records import Change, Spot


class Values:
    """Compares what two schemas admit, each pair once, however many operations use it."""

    def __init__(self, old: Contract, new: Contract, tries: int = 200) -> None:
        """``tries``: how many values a search for a counter-example draws."""
        self._old, self._new, self._tries = old, new, tries

    def compare(self, spot: Spot, old: str, new: str) -> None:
        """Note that values of the schemas at these pointers travel at this spot."""
        raise NotImplementedError

    def changes(self) -> tuple[Change, ...]:
        """Every change that was found, one for each place in the two documents."""
        raise NotImplementedError
