"""``tallystick replay``: a finding sent again, to see whether the fault still shows."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from tallystick.contract import Contract
from tallystick.errors import UsageError, printable
from tallystick_contracts.cli.options import contract_of, key_of
from tallystick_contracts.cli.progress import console
from tallystick_contracts.cli.proving import target_of
from tallystick_contracts.exchange import AsgiExchange, Exchange, application
from tallystick_contracts.findings import Again, Outcome, revealed
from tallystick_contracts.findings import replay as sent_again
from tallystick_contracts.findings.stored import Stored, read_finding
from tallystick_contracts.mask import Mask
from tallystick_contracts.run import plan, run
from tallystick_contracts.target import Target, sendable, way_to
from tallystick_contracts.verdicts import Standing

EXIT = {Again.SHOWS: 1, Again.GONE: 0, Again.UNTRIED: 2}


def replay(
    finding: str,
    server: str,
    report: Path | None,
    key: str | None,
    headers: tuple[str, ...],
    hosts: tuple[str, ...],
    wait: float | None,
    spec: Path | None,
    overlays: tuple[Path, ...],
    root: Path | None,
) -> None:
    """What the verb does; see its options."""
    found = read_finding(finding, report)
    if not found.recipe.claims:
        contract = contract_of(spec, overlays, root)
        target = target_of(contract, server, key_of(contract, key), headers, (), hosts, None)
        outcome = _rule_asked(found, target, contract)
        target.close()
        _print(found, outcome, Mask(target.secrets), console())
        sys.exit(EXIT[outcome.again])
    secrets = _secrets(found, key, headers)
    mask = Mask({value: name for name, value in secrets.items()})
    exchange = _way(server, hosts)
    try:
        recipe = revealed(found.recipe, mask.revealed())
        outcome = sent_again(recipe, exchange, secrets=tuple(secrets.values()), patience=wait)
    finally:
        exchange.close()
    _print(found, outcome, mask, console())
    sys.exit(EXIT[outcome.again])


def _way(server: str, hosts: Sequence[str]) -> Exchange:
    if "://" in server:
        return way_to(server, hosts)
    return AsgiExchange(application(server))


# --- secrets -----------------------------------------------------------------------------------


def _secrets(found: Stored, key: str | None, lines: Sequence[str]) -> Mapping[str, str]:
    """The value of each environment variable that the finding names.

    Raises:
        UsageError: one is not there.
    """
    values = {name: os.environ[name] for name in found.secrets if os.environ.get(name)}
    for line in lines:
        values.update(_of_header(found, line))
    missing = [name for name in found.secrets if name not in values]
    if key is not None:
        names = missing or list(found.secrets)[:1]
        values.update(dict.fromkeys(names[:1], key))
        missing = missing[1:]
    if missing:
        hint = "set it, or say --key or --header"
        raise UsageError(f"the requests hold ${missing[0]}, which is not set", hint=hint)
    for name, value in values.items():
        sendable(value, f"${name}")
    return values


def _of_header(found: Stored, line: str) -> dict[str, str]:
    """The secret in a header line: what stands where the finding has a variable."""
    field, colon, value = (each.strip() for each in line.partition(":"))
    if not colon or not value:
        raise UsageError("a header must be given as 'Name: value'")
    for step in found.recipe.steps:
        for name, shown in step.request.headers:
            prefix, dollar, variable = shown.rpartition("$")
            if name.lower() == field.lower() and dollar and variable in found.secrets:
                return {variable: value.removeprefix(prefix)}
    raise UsageError(f"the finding sends no header {field!r} that holds a secret")


# --- a finding without claims ------------------------------------------------------------------


def _rule_asked(found: Stored, target: Target, contract: Contract) -> Outcome:
    """The rule itself tried again, where a finding says no expectation as data."""
    cases = [
        case
        for case in plan(contract)
        if (case.rule.name, case.spot.subject) == (found.rule, found.subject)
    ]
    result = run(contract, target, cases=cases)
    told = [
        each for each in result.verdicts if (each.rule, each.subject) == (found.rule, found.subject)
    ]
    if any(each.standing is Standing.BROKEN for each in told):
        return Outcome(Again.SHOWS)
    if any(each.standing is Standing.HELD for each in told):
        return Outcome(Again.GONE)
    reasons = [each.reason for each in told] or ["the document has no such case"]
    return Outcome(Again.UNTRIED, (), reasons[0])


# --- what is printed ---------------------------------------------------------------------------


def _print(found: Stored, outcome: Outcome, mask: Mask, screen: Console) -> None:
    def line(text: str) -> None:
        clean = printable(mask.text(text))
        screen.print(clean, markup=False, highlight=False, soft_wrap=True)

    line(f"{found.id} {found.rule}: {found.subject.operation}")
    line(f"expected: {found.expectation}")
    for number, sent in enumerate(outcome.sent, 1):
        then = sent.then.failure or str(sent.then.status)
        now = sent.answer.failure or str(sent.answer.status)
        changed = "" if now == then else f" ({then} when it was found)"
        line(f"{number}. {sent.request.method} {sent.request.target}: {now}{changed}")
        for seen in sent.claims:
            line(f"   {'✓' if seen.holds else '✗'} expected {seen.expected}; got {seen.got}")
    line(_LAST[outcome.again] + (f": {outcome.reason}" if outcome.reason else ""))


_LAST = {
    Again.SHOWS: "the fault still shows",
    Again.GONE: "the fault does not show: everything is as the contract says",
    Again.UNTRIED: "it could not be tried",
}
