"""``tallystick test``: the suite against a server, or an ASGI application in this process."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from tallystick.cli import PathType, overlay_option, root_option
from tallystick.contract import Contract
from tallystick.document import Json
from tallystick_contracts.cli.judge import exit_code, judge, present, seen_enough, told
from tallystick_contracts.cli.keeping import kept_clean
from tallystick_contracts.cli.options import (
    Rate,
    chosen,
    contract_of,
    grouped,
    key_of,
    load_own,
    suite_options,
)
from tallystick_contracts.cli.progress import console
from tallystick_contracts.exchange import application
from tallystick_contracts.target import Target, at_url, in_process, reach


@click.command()
@click.argument("server")
@click.option("--spec", type=PathType, help="The document that the server claims to keep.")
@overlay_option
@root_option
@click.option("--header", "headers", multiple=True, help="'Name: value', sent with every request.")
@click.option("--allow-host", "hosts", multiple=True, help="A host beside loopback to be tested.")
@click.option("--read-only", is_flag=True, help="Send GET, HEAD, OPTIONS and QUERY only.")
@click.option("--rate", type=Rate(), help="Requests in a second at most: 20/s.")
@suite_options
def test(
    server: str,
    spec: Path | None,
    overlays: tuple[Path, ...],
    root: Path | None,
    headers: tuple[str, ...],
    hosts: tuple[str, ...],
    read_only: bool,
    rate: float | None,
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
    """Prove that SERVER keeps the contract of a document.

    SERVER is a URL, or MODULE:NAME of an ASGI application, which is then called in this process.
    """
    load_own(checks)
    choice = chosen(rules, without)
    contract = contract_of(spec, overlays, root)
    target = target_of(
        contract, server, key_of(contract, key), headers, given, hosts, budget, read_only, rate
    )
    with kept_clean(contract, target, seed):
        reach(target)
        result = judge(
            contract,
            target,
            seed=seed,
            budget=budget,
            workers=workers,
            database=database,
            choice=choice,
        )
        result, found = told(result, contract, target)
        present(result, target, console(), report, found=found, verbose=verbose)
    sys.exit(exit_code(result) or (0 if seen_enough(result, least) else 1))


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
