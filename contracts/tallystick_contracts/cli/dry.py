"""``tallystick test --dry``: what would be tried, what the document leaves open, what decides it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import click
from rich.console import Console
from rich.table import Table

from tallystick.contract import Contract
from tallystick.errors import printable
from tallystick_contracts.cli.plain import as_json
from tallystick_contracts.dry import Question, Rehearsal, overlay, rehearse
from tallystick_contracts.report.off import off_lines
from tallystick_contracts.rules.choice import Choice
from tallystick_contracts.verdicts import Law

_REASONS = 40


def dry(contract: Contract, screen: Console, *, seed: int, form: str, choice: Choice) -> None:
    """Print the plan of a contract and its open questions, as text or as JSON."""
    found = rehearse(contract, seed=seed, choice=choice)
    if form == "json":
        actions = [each.action for each in found.questions]
        more = {"overlay": {"actions": actions}, "switched_off": list(choice.off)}
        click.echo(as_json(found, more))
        return
    for line in _head(found):
        _say(screen, line)
    screen.print(_table(found))
    for line in (*_unjudged(found), *_open(found), *off_lines(choice.off)):
        _say(screen, line)


def _say(screen: Console, line: str) -> None:
    screen.print(printable(line), markup=False, highlight=False, soft_wrap=True)


def _head(found: Rehearsal) -> Iterator[str]:
    operations = {each.operation for each in found.rows}
    rules = {each.rule for each in found.rows if each.cases}
    yield (
        f"{found.title}: {found.cases} cases of {len(rules)} rules on {len(operations)} operations, "
        f"about {found.requests} requests; what is left of the budget goes to drawn values"
    )
    yield ""


def _table(found: Rehearsal) -> Table:
    """Operations by laws: how many cases."""
    counts: Counter[tuple[str, Law]] = Counter()
    for each in found.rows:
        counts[each.operation, each.law] += each.cases
    laws = [law for law in Law if any(counts[key] for key in counts if key[1] is law)]
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("cases", overflow="fold", min_width=20)
    for law in laws:
        table.add_column(law.value[:5], justify="right", no_wrap=True)
    for operation in dict.fromkeys(each.operation for each in found.rows):
        told = [counts[operation, law] for law in laws]
        table.add_row(printable(operation), *(str(each) if each else "-" for each in told))
    return table


def _unjudged(found: Rehearsal) -> Iterator[str]:
    """What cannot be judged even on a server that is right in everything."""
    reasons: Counter[tuple[str, str, str]] = Counter()
    for row in found.rows:
        for standing, reason, count in row.reasons:
            reasons[standing, row.law.value, reason] += count
    for title in ("not reached", "not applicable"):
        some = [(key, count) for key, count in reasons.most_common() if key[0] == title]
        if some:
            yield ""
            yield title
        for (_, law, reason), count in some[:_REASONS]:
            yield f"{count:>6} {law:<11} {reason}"
        if len(some) > _REASONS:
            yield f"{sum(count for _, count in some[_REASONS:]):>6} for other reasons (--format json)"


def _open(found: Rehearsal) -> Iterator[str]:
    yield ""
    if not found.questions:
        yield "the document with its overlays leaves nothing open that a note could decide"
        return
    yield f"what the document leaves open: {len(found.questions)}"
    for each in found.questions:
        yield f"  {_titled(each)}"
        yield f"    {each.sentence} {each.choice}"
    yield ""
    yield "an overlay that would decide it; look at each action, then give it with --overlay:"
    yield ""
    yield from overlay(found.title, [each.action for each in found.questions]).splitlines()


def _titled(question: Question) -> str:
    laws = "every law" if len(question.laws) == len(Law) else ", ".join(sorted(question.laws))
    return f"{question.note} at {question.target}: {laws}"
