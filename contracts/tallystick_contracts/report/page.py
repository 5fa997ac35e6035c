"""What the HTML page shows, as plain records of masked text: the template asks no questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..findings import Cause
from ..mask import Mask
from ..verdicts import Law, Result, Standing
from .clean import clean_result
from .found import Found, found
from .listings import Listing, listings
from .marks import Mark, mark
from .matrix import Cell, cell, matrix
from .sections import Section, sections
from .timeline import Timeline, timeline


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page."""

    title: str
    target: str
    digest: str
    seed: int
    verdict: str
    kind: str
    symbol: str
    contents: tuple[tuple[str, str, str], ...]
    """The sections: anchor, title, and how much there is, which may be empty."""
    figures: tuple[tuple[str, str], ...]
    engines: tuple[tuple[str, str], ...]
    counts: tuple[Mark, ...]
    laws: tuple[str, ...]
    sections: tuple[Section, ...]
    found: Found
    timeline: Timeline
    listings: tuple[Listing, ...]


def page(
    result: Result,
    mask: Mask,
    told: Sequence[Cause] | None = None,
    tests: Mapping[str, str] | None = None,
) -> Page:
    """``result`` laid out for the template, masked, and without control characters.

    Args:
        result: the run.
        mask: the secrets.
        told: its findings, the worst first; those of ``result`` without their places if None.
        tests: by the id of a finding, the text of its pytest file.
    """
    faults = found(result, mask, told, tests)
    clean = clean_result(result, mask)
    cells = matrix(clean)
    laws = tuple(law for law in Law if any(key[1] is law for key in cells))
    kind, symbol, verdict = _verdict(clean, faults.count)
    time = timeline(result.log, faults.requests, mask)
    lists = listings(clean)
    return Page(
        title=clean.title,
        target=clean.target,
        digest=clean.digest,
        seed=clean.seed,
        verdict=verdict,
        kind=kind,
        symbol=symbol,
        contents=tuple(_contents(faults, time, lists)),
        figures=_figures(clean),
        engines=tuple((name, f"{count:,}") for name, count in sorted(clean.engines.items())),
        counts=tuple(mark(Cell({s: cell(clean.verdicts).counts[s]}), s) for s in Standing),
        laws=tuple(law.value for law in laws),
        sections=sections(clean, cells, laws, faults.links),
        found=faults,
        timeline=time,
        listings=lists,
    )


def _verdict(result: Result, faults: int) -> tuple[str, str, str]:
    """Kind, symbol and sentence of the outcome."""
    if faults:
        return "broken", "✗", f"{faults:,} {'fault' if faults == 1 else 'faults'} found"
    if result.interrupted:
        return "not-reached", "?", "Stopped before the end; no fault found until then"
    if result.holds:
        return "held", "✓", "The contract holds"
    return "not-reached", "?", "Nothing was tried"


def _contents(
    faults: Found, time: Timeline, lists: tuple[Listing, ...]
) -> Iterator[tuple[str, str, str]]:
    yield "matrix", "Operations and laws", ""
    if faults.count:
        yield "findings", "Findings", f"{faults.count:,}"
    yield "operations", "Members and states", ""
    if time.count:
        yield "requests", "Requests", f"{time.count:,}"
    for each in lists:
        yield each.anchor, each.title, f"{each.count:,}"


def _figures(result: Result) -> tuple[tuple[str, str], ...]:
    return (
        ("rules", str(len({each.rule for each in result.verdicts}))),
        ("verdicts", f"{len(result.verdicts):,}"),
        ("judgements", f"{sum(each.tried for each in result.verdicts):,}"),
        ("requests", f"{result.requests:,}"),
        ("seconds", f"{result.seconds:.1f}"),
    )
