"""An old client at a server of a new contract: what is tried, and what is seen of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

from tallystick.contract import Contract
from tallystick.evolve import Comparison
from tallystick.generate import generated
from tallystick.output import write

from ..rules import Case
from ..run import Progress, plan, run
from ..sandbox import Server, sandbox
from ..target import Target, at_url
from ..through import Called, imported, through_client
from ..verdicts import Law, Result
from .controls import control_servers
from .foreseen import foreseen
from .records import Uses
from .troubles import use_of


def uses(
    old: Contract,
    new: Contract,
    package: str,
    scratch: Path,
    *,
    key: str,
    budget: float,
    seed: int = 1,
    comparison: Comparison | None = None,
    on_progress: Progress = lambda done, total, label: None,
) -> Uses:
    """What users of the client of ``old`` see of a server of ``new``.

    Args:
        package: a name for the client of old, which no other package that is loaded has.
        scratch: a folder to generate it into.
        budget: seconds.
        comparison: of both contracts; its examples of answers are read by the old client too.

    Raises:
        TallystickError: no client can be made of the old contract.
    """
    write(generated(old, package).files, scratch)
    half = imported(scratch, package)
    calls: list[Called] = []
    with Server(sandbox(new, key=key, seed=seed)) as server:
        target = at_url(old, server.url, key=key, budget=budget)
        client = through_client(target, old, half, server.url, key, budget, calls.append)
        try:
            cases = in_turn(old, seed)
            result = run(old, client.target, seed=seed, on_progress=on_progress, cases=cases)
        finally:
            client.close()
            target.close()
    if result.interrupted:
        return Uses((), len(calls), result.seconds, result.left_out, interrupted=True)
    with control_servers(old, new, key, seed) as controls:
        result = _new_in(result, cases, old, controls.before, seed)
        found = [use_of(each, calls, result, controls) for each in old.operations]
    if comparison is not None:
        found = [foreseen(each, half, comparison) for each in found]
    return Uses(tuple(found), len(calls), result.seconds, result.left_out, result.interrupted)


def _new_in(
    result: Result, cases: Sequence[Case], old: Contract, before: Target, seed: int
) -> Result:
    """``result`` without what a server of the old contract breaks as well."""
    broken = {(each.rule, each.subject) for each in result.broken}
    again = [each for each in cases if (each.rule.name, each.spot.subject) in broken]
    if not again:
        return result
    tried = run(old, before, seed=seed, cases=again)
    known = {(each.rule, each.subject) for each in tried.broken}
    left = (each for each in result.verdicts if (each.rule, each.subject) not in known)
    return replace(result, verdicts=tuple(left))


_SAID = frozenset({Law.PRESENCE, Law.NULL, Law.DEFAULTS, Law.ANSWERS, Law.UPDATES, Law.READS})
"""The laws whose requests a typed client can say, for the most part."""


def in_turn(contract: Contract, seed: int) -> list[Case]:
    """What is tried: the operations in turn, so that a short budget leaves none of them out.

    First whether each succeeds at all. What deletes comes last: the others may need what it deletes.
    """
    cases: dict[str, list[Case]] = {each.key: [] for each in contract.operations}
    for case in plan(contract, seed=seed):
        if case.rule.law in _SAID:
            cases.setdefault(case.spot.subject.operation, []).append(case)
    deletes = {each.key for each in contract.operations if each.method == "DELETE"}
    for each in cases.values():
        each.sort(key=lambda case: case.rule.law is not Law.ANSWERS)
    rounds = list(zip_longest(*(each for key, each in cases.items() if key not in deletes)))
    rounds += zip_longest(*(each for key, each in cases.items() if key in deletes))
    return [case for each in rounds for case in each if case is not None]
