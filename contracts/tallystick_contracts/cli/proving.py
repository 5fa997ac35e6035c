"""The suite against a server, or an ASGI application in this process: what the verb ``test`` does."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from tallystick.contract import Contract
from tallystick.document import Json
from tallystick.errors import UsageError
from tallystick_contracts.cli.judge import Effort, exit_code, judge, present, seen_enough, told
from tallystick_contracts.cli.keeping import kept_clean
from tallystick_contracts.cli.options import (
    chosen,
    contract_of,
    grouped,
    key_of,
    load_own,
)
from tallystick_contracts.cli.progress import console
from tallystick_contracts.exchange import application
from tallystick_contracts.probes.admission import admitted
from tallystick_contracts.rules.choice import Choice
from tallystick_contracts.target import Target, at_url, in_process, reach


def prove(
    server: str | None,
    spec: Path | None,
    overlays: tuple[Path, ...],
    root: Path | None,
    headers: tuple[str, ...],
    hosts: tuple[str, ...],
    read_only: bool,
    rate: float | None,
    is_dry: bool,
    check: bool,
    form: str,
    key: str | None,
    given: tuple[tuple[str, Json], ...],
    budget: float,
    seed: int,
    checks: tuple[str, ...],
    rules: tuple[str, ...],
    without: tuple[str, ...],
    report: Path | None,
    least: float | None,
    verbose: bool,
    workers: int | None,
    database: Path | None,
) -> None:
    """What the verb does; see its options."""
    load_own(checks)
    choice = chosen(rules, without)
    if server is None or is_dry or check:
        how = (form, seed, least, choice)
        sys.exit(_without_server(server, spec, overlays, root, is_dry, check, how))
    contract = contract_of(spec, overlays, root)
    target = target_of(
        contract, server, key_of(contract, key), headers, given, hosts, budget, read_only, rate
    )
    with kept_clean(contract, target, seed):
        reach(target)
        admitted(contract, target)
        effort = Effort(seed, budget, workers, database)
        result = judge(contract, target, effort, choice=choice)
        result, found = told(result, contract, target)
        present(result, target, console(), report, found=found, verbose=verbose)
    sys.exit(exit_code(result) or (0 if seen_enough(result, least) else 1))


def _without_server(
    server: str | None,
    spec: Path | None,
    overlays: tuple[Path, ...],
    root: Path | None,
    is_dry: bool,
    check: bool,
    how: tuple[str, int, float | None, Choice],
) -> int:
    """What needs none; imported only here, like what it needs.

    Args:
        how: the form of the text, the seed, the least percentage, and which rules count.

    Raises:
        UsageError: a server that would not be asked, two modes at once, or neither.
    """
    if is_dry is check:
        both = "--dry and --self-check are two things" if check else "no SERVER was named"
        raise UsageError(both, hint="a URL or MODULE:NAME; or --dry, or --self-check, without one")
    if server is not None:
        mode = "--dry" if is_dry else "--self-check"
        raise UsageError(
            f"{mode} asks no server, so {server!r} has no meaning", hint="leave it out"
        )
    contract = contract_of(spec, overlays, root)
    form, seed, least, choice = how
    if is_dry:
        from tallystick_contracts.cli.dry import dry

        dry(contract, console(), seed=seed, form=form, choice=choice)
        return 0
    from tallystick_contracts.cli.self_check import self_check

    return self_check(contract, console(), seed=seed, form=form, least=least, choice=choice)


def target_of(
    contract: Contract,
    server: str,
    key: str | None,
    headers: Sequence[str],
    given: Sequence[tuple[str, Json]],
    hosts: Sequence[str],
    budget: float | None,
    read_only: bool = False,
    rate: float | None = None,
) -> Target:
    """The server that a command line means.

    Raises:
        UsageError: a host that was not allowed, a bad URL, no such application.
    """
    known = grouped(contract, given)
    if "://" in server:
        return at_url(
            contract,
            server,
            key=key,
            headers=headers,
            given=known,
            allow_hosts=hosts,
            budget=budget,
            read_only=read_only,
            rate=rate,
        )
    app = application(server)
    return in_process(
        contract,
        app,
        key=key,
        headers=headers,
        given=known,
        budget=budget,
        read_only=read_only,
        rate=rate,
    )
