"""When a run sent what: a strip for each operation, the slowest exchanges, those of findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ..exchange import Entry, Log
from ..mask import Mask
from .cards import shown_text
from .island import island
from .sections import pieces
from .strips import HEIGHT, WIDTH, Ticks, axis, kind_of, ticks

SLOWEST = 20
IN_FINDINGS = 300
STRIPS = 300
NOWHERE = "no operation of the contract"

Requests = Mapping[tuple[str, str, int], str]
"""By method, target and status: the anchor of the finding that tells the exchange."""


@dataclass(frozen=True, slots=True)
class Status:
    """How often one status came; of kind ``accepted``, ``refused``, ``failed``, ``other``."""

    kind: str
    status: str
    count: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The exchanges of one operation, or of all."""

    all: bool
    operation: str
    method: str
    path: tuple[str, ...]
    count: str
    ticks: tuple[Ticks, ...]
    statuses: tuple[Status, ...]
    latencies: tuple[str, ...]
    """Median, 95th percentile, longest: in milliseconds."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One exchange as a row of a table."""

    number: str
    at: str
    duration: str
    method: str
    target: str
    operation: str
    status: str
    kind: str
    rule: str
    engine: str
    finding: str
    """The anchor of the finding that tells it; empty where none does."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The exchanges of a run."""

    count: int
    kept: int
    """How many there is an entry of."""
    seconds: float
    width: int
    height: int
    axis: tuple[tuple[int, str], ...]
    strips: tuple[Strip, ...]
    more: int
    """Operations without a strip here."""
    slowest: tuple[Sent, ...]
    in_findings: tuple[Sent, ...]
    more_in_findings: int
    island: str
    """The entries as JSON that may stand in a script element."""
    listed: int
    """How many entries the island holds."""


def timeline(log: Log, requests: Requests, mask: Mask) -> Timeline:
    """The log laid out; texts are masked and printable."""

    @cache
    def shown(text: str) -> str:
        return shown_text(text, mask)

    finding = _finder(log.entries, requests)
    seconds = max((each.at + each.seconds for each in log.entries), default=0.0)
    groups = _groups(log.entries)
    counts = Counter[str]()
    for total in log.totals:
        counts[total.operation] += total.count
    busiest = sorted(counts, key=lambda name: (name == "", -counts[name]))[:STRIPS]
    strips = [
        _strip(each, groups.get(each, []), log, seconds, finding, shown)
        for each in ([None, *busiest] if len(counts) > 1 else busiest)
    ]
    slowest = sorted(log.entries, key=lambda each: -each.seconds)[:SLOWEST]
    told = [each for each in log.entries if finding(each)]
    rows, listed = island(log.entries, finding, shown)
    return Timeline(
        count=log.count,
        kept=len(log.entries),
        seconds=seconds,
        width=WIDTH,
        height=HEIGHT,
        axis=axis(seconds),
        strips=tuple(strips),
        more=len(counts) - len(busiest),
        slowest=tuple(_sent(each, finding, shown) for each in slowest),
        in_findings=tuple(_sent(each, finding, shown) for each in told[:IN_FINDINGS]),
        more_in_findings=max(0, len(told) - IN_FINDINGS),
        island=rows,
        listed=listed,
    )


def _finder(entries: Iterable[Entry], requests: Requests) -> Callable[[Entry], str]:
    """Of alike exchanges the last one is told: a fault is confirmed last, and the last read counts."""
    last = {(each.method, each.target, each.status): each.number for each in entries}
    told = {last[key]: anchor for key, anchor in requests.items() if key in last}
    return lambda each: told.get(each.number, "")


def _groups(entries: Iterable[Entry]) -> dict[str | None, list[Entry]]:
    """The entries by operation; under None all of them."""
    groups: dict[str | None, list[Entry]] = {None: list(entries)}
    for each in groups[None]:
        groups.setdefault(each.operation, []).append(each)
    return groups


def _strip(
    operation: str | None,
    entries: Sequence[Entry],
    log: Log,
    seconds: float,
    finding: Callable[[Entry], str],
    shown: Callable[[str], str],
) -> Strip:
    counts = Counter[int]()
    for total in log.totals:
        if operation is None or total.operation == operation:
            counts[total.status] += total.count
    name = "all requests" if operation is None else shown(operation) or NOWHERE
    method, _, path = name.partition(" ") if operation else ("", "", name)
    return Strip(
        all=operation is None,
        operation=shown(operation or ""),
        method=method,
        path=pieces(path),
        count=f"{counts.total():,}",
        ticks=ticks(entries, seconds, lambda each: bool(finding(each))),
        statuses=tuple(_status(status, counts[status]) for status in sorted(counts)),
        latencies=latencies(entries),
    )


def _status(status: int, count: int) -> Status:
    return Status(kind_of(status), _code(status), f"{count:,}")


def _code(status: int) -> str:
    return str(status) if status else "no answer"


def latencies(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Median, 95th percentile and longest duration in milliseconds, by nearest rank."""
    times = sorted(each.seconds for each in entries)
    if not times:
        return ("", "", "")
    ranks = (-(-len(times) * percent // 100) - 1 for percent in (50, 95, 100))
    return tuple(_milliseconds(times[rank]) for rank in ranks)


def _milliseconds(seconds: float) -> str:
    value = seconds * 1000
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def _sent(each: Entry, finding: Callable[[Entry], str], shown: Callable[[str], str]) -> Sent:
    return Sent(
        number=f"{each.number:,}",
        at=f"{each.at:.3f}",
        duration=_milliseconds(each.seconds),
        method=shown(each.method),
        target=shown(each.target),
        operation=shown(each.operation),
        status=_code(each.status),
        kind=kind_of(each.status),
        rule=shown(each.rule),
        engine=shown(each.engine),
        finding=finding(each),
    )
