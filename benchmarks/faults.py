"""How many seeded faults the suite finds, beside plain Schemathesis, as a table.

    python benchmarks/faults.py                      # both banks and the variations, the laws
    python benchmarks/faults.py --peer 1             # the same banks through plain Schemathesis too
    python benchmarks/faults.py --write benchmarks/faults.md

Two banks: the switchable faults of the sandbox, and the hand-written server of ``tests/bank``. Each
fault is tried alone, in process, on one core; as many as there are cores at the same time. Results
are kept as lines of JSON (``--keep``), so that a run which was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeAlias

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from bank.fault import Fault, faulty
from bank.faults import ALL
from bank.server import KEY
from bank.trial import planned, vendored
from bank.variations import VARIATIONS
from tallystick.contract import Contract
from tallystick_contracts.exchange import Answer, Exchange, Request
from tallystick_contracts.run import run
from tallystick_contracts.sandbox import FAULTS as SEEDED
from tallystick_contracts.sandbox import sandbox
from tallystick_contracts.target import in_process
from tallystick_contracts.verdicts import Verdict


@dataclass(frozen=True)
class Trial:
    """One server to be judged."""

    bank: str
    """``sandbox``, ``hand-written`` or ``harmless``."""
    family: str
    name: str
    app: Callable[[], Any]
    rule: str = ""
    """The rule that is to name it."""
    poll_budget: float = 0.15


@dataclass(frozen=True)
class Outcome:
    """What one engine said about one server."""

    engine: str
    bank: str
    family: str
    name: str
    seed: int
    found: bool
    named: bool
    first: int
    """Requests until the first finding that is told is complete and confirmed; 0 for none."""
    requests: int
    cpu: float
    """Seconds of the processor."""
    broken: tuple[str, ...] = ()
    """The rules or checks that found something."""


def trials() -> Iterator[Trial]:
    """Every server with one fault."""
    named = tomllib.loads((HERE.parent / "tests/faults_found.toml").read_text(encoding="utf-8"))
    for each in SEEDED.values():
        if each.applies(vendored()):
            app = _seeded(each.name)
            yield Trial("sandbox", each.family, each.name, app, named.get(each.name, ""))
    own = tomllib.loads((HERE.parent / "tests/bank_found.toml").read_text(encoding="utf-8"))
    for fault in ALL:
        app = _hand_written(fault)
        yield Trial("hand-written", fault.family, fault.name, app, own.get(fault.name, ""))


def variations() -> Iterator[Trial]:
    """Every correct server with one peculiarity."""
    yield Trial("harmless", "harmless", "correct", lambda: faulty())
    yield Trial("harmless", "harmless", "sandbox", lambda: sandbox(vendored(), key=KEY))
    for fault in VARIATIONS.values():
        yield Trial("harmless", "harmless", fault.name, _hand_written(fault), "", 1.0)


def _seeded(name: str) -> Callable[[], Any]:
    return lambda: sandbox(vendored(), key=KEY, faults=(name,))


def _hand_written(fault: Fault) -> Callable[[], Any]:
    return lambda: faulty(fault)


class Numbered:
    """An exchange that knows which answer was the how manieth.

    Args:
        exchange: what sends.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._answers: dict[int, tuple[int, Answer]] = {}

    def of(self, verdict: Verdict) -> int:
        """How many requests had been sent when the finding that is told was complete."""
        steps = verdict.finding.steps if verdict.finding else ()
        numbers = [self._answers.get(id(each.answer), (0,))[0] for each in steps]
        return max(numbers, default=0) or len(self._answers)

    def send(self, request: Request) -> Answer:
        answer = self._exchange.send(request)
        self._answers[id(answer)] = len(self._answers) + 1, answer
        return answer

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        answers = self._exchange.send_all(requests)
        for answer in answers:
            self._answers[id(answer)] = len(self._answers) + 1, answer
        return answers

    def close(self) -> None:
        self._exchange.close()


def laws(trial: Trial, seed: int) -> Outcome:
    """The law phase of the suite."""
    started = time.process_time()
    target = in_process(vendored(), trial.app(), key=KEY, poll_budget=trial.poll_budget, budget=90)
    numbered = Numbered(target.exchange)
    target = replace(target, exchange=numbered)
    try:
        result = run(vendored(), target, seed=seed, cases=planned(seed))
    finally:
        target.close()
    rules = tuple(sorted({each.rule for each in result.broken}))
    return Outcome(
        "tallystick",
        trial.bank,
        trial.family,
        trial.name,
        seed,
        bool(rules),
        trial.rule in rules,
        min((numbered.of(each) for each in result.broken), default=0),
        result.requests,
        round(time.process_time() - started, 2),
        rules,
    )


def peer(trial: Trial, seed: int) -> Outcome:
    """Plain Schemathesis: every phase, every check but those that fail on the correct server."""
    from faults_peer import judged

    started = time.process_time()
    document = _document(vendored())
    told = judged(trial.app(), document, f"Api-Key {KEY}", seed)
    return Outcome(
        "schemathesis",
        trial.bank,
        trial.family,
        trial.name,
        seed,
        bool(told.failed),
        False,
        told.first,
        told.requests,
        round(time.process_time() - started, 2),
        told.failed,
    )


def _document(contract: Contract) -> dict[str, Any]:
    from tallystick_contracts.deep.setup import document_of, with_examples

    ids = {"model_id": ("abcd1234",), "chain_id": ("pqrs2468",), "env_name": ("production",)}
    document: dict[str, Any] = with_examples(document_of(contract), contract, ids)
    return document


def _kept(path: Path | None) -> list[Outcome]:
    if path is None or not path.exists():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Outcome(**{**row, "broken": tuple(row["broken"])}) for row in rows]


def measured(options: argparse.Namespace) -> list[Outcome]:
    """Every outcome that is asked for, those that are kept not again."""
    outcomes = _kept(options.keep)
    done = {(each.engine, each.bank, each.name, each.seed) for each in outcomes}
    servers = list(trials())[:: options.every]
    todo: list[Job] = [("tallystick", each.bank, each.name, 1) for each in servers]
    if options.peer:
        todo += [("schemathesis", e.bank, e.name, 1) for e in servers[:: options.peer]]
    for seed in options.seeds:
        todo += [("tallystick", each.bank, each.name, seed) for each in variations()]
    if options.peer_only:
        todo = [each for each in todo if each[0] == "schemathesis"]
    with ProcessPoolExecutor(options.at_once, get_context("spawn")) as processes:
        for outcome in processes.map(judged, [each for each in todo if each not in done]):
            outcomes.append(outcome)
            _note(outcome, options.keep)
    return outcomes


Job: TypeAlias = tuple[str, str, str, int]
"""An engine, a bank, the name of a server there, and a seed."""


def judged(job: Job) -> Outcome:
    """What an engine says of a server, in a process that may judge others after it."""
    engine, bank, name, seed = job
    return {"tallystick": laws, "schemathesis": peer}[engine](_every()[bank, name], seed)


@cache
def _every() -> dict[tuple[str, str], Trial]:
    return {(each.bank, each.name): each for each in (*trials(), *variations())}


def _note(outcome: Outcome, keep: Path | None) -> None:
    """Keep an outcome, and say at once what is a surprise."""
    if keep:
        with keep.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(outcome)) + "\n")
    if outcome.found != (outcome.bank != "harmless"):
        print(
            f"{outcome.engine}: {outcome.bank}, {outcome.family}, {outcome.name}, "
            f"seed {outcome.seed}: {', '.join(outcome.broken) or 'not found'}",
            flush=True,
        )


def table(outcomes: list[Outcome]) -> str:
    """The figures as Markdown."""
    lines = [
        (
            "| bank | family | faults | found | rightly named | requests to the first finding "
            "(median) | CPU s a run | Schemathesis: found | to the first finding | CPU s a run |"
        ),
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    faults = [each for each in outcomes if each.bank != "harmless"]
    for bank in dict.fromkeys(each.bank for each in faults):
        own = [each for each in faults if each.bank == bank]
        for family in dict.fromkeys(each.family for each in own):
            lines.append(_row(bank, family, [each for each in own if each.family == family]))
        lines.append(_row(bank, "**all**", own))
    return "\n".join(lines)


def _row(bank: str, family: str, outcomes: list[Outcome]) -> str:
    ours = [each for each in outcomes if each.engine == "tallystick"]
    other = [each for each in outcomes if each.engine == "schemathesis"]
    named = f"{sum(each.named for each in ours)}"
    cells = [bank, family, f"{len(ours)}", _share(ours), named, _median(ours), _cpu(ours)]
    cells += [_share(other), _median(other), _cpu(other)] if other else ["-", "-", "-"]
    return f"| {' | '.join(cells)} |"


def _share(outcomes: list[Outcome]) -> str:
    found = sum(each.found for each in outcomes)
    return f"{found} of {len(outcomes)}"


def _median(outcomes: list[Outcome]) -> str:
    first = sorted(each.first for each in outcomes if each.found)
    return str(first[len(first) // 2]) if first else "-"


def _cpu(outcomes: list[Outcome]) -> str:
    return f"{sum(each.cpu for each in outcomes) / max(1, len(outcomes)):.1f}"


def harmless(outcomes: list[Outcome]) -> str:
    """What was said about correct servers."""
    own = [each for each in outcomes if each.bank == "harmless"]
    alarms = [each for each in own if each.found]
    seeds = len({each.seed for each in own})
    kinds = len({each.name for each in own})
    lines = [f"{kinds} correct servers under {seeds} seeds, {len(own)} runs: {len(alarms)} alarms."]
    lines += [f"- {each.name}, seed {each.seed}: {', '.join(each.broken)}" for each in alarms]
    return "\n".join(lines)


def main() -> None:
    options = _options()
    outcomes = measured(options)
    missed = [each for each in outcomes if each.engine == "tallystick" and each.bank != "harmless"]
    missed = [each for each in missed if not each.found]
    text = f"{table(outcomes)}\n\n{harmless(outcomes)}\n\nNot found: " + (
        ", ".join(f"{each.name} ({each.family})" for each in missed) or "none"
    )
    print(text)
    if options.write:
        head = options.write.read_text(encoding="utf-8").split("<!-- figures -->")[0]
        options.write.write_text(f"{head}<!-- figures -->\n\n{text}\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--every", type=int, default=1, help="of the faults, every so manieth")
    parser.add_argument(
        "--peer", type=int, default=0, help="of those, every so manieth through Schemathesis too"
    )
    parser.add_argument("--peer-only", action="store_true", help="do not run the laws")
    parser.add_argument(
        "--at-once", type=int, default=os.cpu_count() or 1, help="servers judged at the same time"
    )
    parser.add_argument("--seeds", type=int, nargs="*", default=[1], help="of the variations")
    parser.add_argument(
        "--keep", type=Path, help="a file of results; those in it are not run again"
    )
    parser.add_argument("--write", type=Path, help="a Markdown file whose figures are replaced")
    return parser.parse_args()


if __name__ == "__main__":
    main()
