"""Why a thing that the contract allows was not seen, in one short sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from .records import Kind, Sight, Unseen, Way

_NOBODY = ("401", "403", "408", "409", "410", "423", "425", "429", "5", "default")
"""Statuses, by how they begin, that no body can ask for: the server's state decides."""
_OPENS = {
    Kind.MEMBER: "present",
    Kind.NULL: "not null",
    Kind.ARRAY: "not empty",
    Kind.ENTRY: "present",
}
"""By kind, what has to be seen before anything within can be."""
_Where = tuple[Way, str, str, str]


class Reasons:
    """The reasons of one run.

    Args:
        unseen: every sight that was not seen.
        asked: the operations that were sent a request.
        taken: those of which one was accepted.
    """

    def __init__(
        self, unseen: Iterable[Sight], asked: Collection[str], taken: Collection[str]
    ) -> None:
        self._asked, self._taken = asked, taken
        self._statuses: set[tuple[str, str]] = set()
        self._closed: set[_Where] = set()
        for each in unseen:
            if each.kind is Kind.STATUS:
                self._statuses.add((each.operation, each.status))
            if _OPENS.get(each.kind) == each.what:
                inner = f"{each.place}/*" if each.kind is Kind.ARRAY else each.place
                self._closed.add((each.way, each.operation, each.status, inner))

    def of(self, sight: Sight, *, sent: bool) -> Unseen:
        """Why ``sight`` was not seen; ``sent``: whether a refused request had it."""
        if sight.operation not in self._asked:
            reason = "not reached: no request of this operation was sent"
            return Unseen(sight, reason, "operation")
        return self._of_request(sight, sent) if sight.way == "request" else self._of_answer(sight)

    def _of_request(self, sight: Sight, sent: bool) -> Unseen:
        if sent:
            return Unseen(sight, "sent, and never accepted")
        if sight.operation not in self._taken:
            return Unseen(sight, "no request of this operation was accepted")
        return self._within(sight) or Unseen(sight, "never sent")

    def _of_answer(self, sight: Sight) -> Unseen:
        if (sight.operation, sight.status) in self._statuses:
            reason = f"no request was answered {sight.status}"
            if sight.status.startswith(_NOBODY):
                reason += ", and only the server can produce it"
            under = "" if sight.kind is Kind.STATUS else f"answer {sight.status}"
            return Unseen(sight, reason, under)
        reason = "no answer showed it, and only the server can produce it"
        return self._within(sight) or Unseen(sight, reason)

    def _within(self, sight: Sight) -> Unseen | None:
        """Unseen because of the outermost place around it that was never shown."""
        for place in _around(sight):
            if (sight.way, sight.operation, sight.status, place) in self._closed:
                return Unseen(sight, f"within {place}, which was never seen", place)
        return None


def _around(sight: Sight) -> Iterator[str]:
    """The places around a sight, outermost first; its own only where that must be open first."""
    parts = sight.place.split("/")
    for length in range(2, len(parts)):
        yield "/".join(parts[:length])
    if sight.kind in (Kind.VALUE, Kind.ARRAY, Kind.BRANCH):
        yield sight.place
