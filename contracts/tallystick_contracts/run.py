"""A run of the rules: the plan, made before anything is sent, and the verdicts on a server."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tallystick.contract import Contract

from .exchange import Recorder, asked_by
from .probes.acquaint import acquaint
from .probes.cleaning import clean
from .probes.crew import crew, hands
from .probes.ground import ground
from .probes.lab import Lab
from .probes.live import Gone, NotReached, OutOfTime
from .probes.restoring import restored
from .rules import RULES, Case
from .rules.choice import EVERY, Choice
from .rules.groups import Group, groups, name_of
from .rules.kept import Kept
from .rules.own import own_rules
from .rules.passive import Watch
from .rules.rule import Judgement, names_item, not_applicable, not_reached
from .rules.silent import silent
from .safety import Leftover
from .target import Target
from .verdicts import Result, Standing, Verdict

Progress = Callable[[int, int, str], None]
"""Called with how many cases are done, how many there are, and what is being tried."""


def plan(contract: Contract, *, seed: int = 1) -> list[Case]:
    """Every case of a contract, in the order in which it is tried: the same for the same seed."""
    base = ground(contract, seed)
    return [Case(rule, spot) for rule in (*RULES, *own_rules()) for spot in rule.where(base)]


def run(
    contract: Contract,
    target: Target,
    *,
    seed: int = 1,
    on_progress: Progress = lambda done, total, label: None,
    cases: Sequence[Case] | None = None,
    workers: int | None = 1,
    database: Path | None = None,
    choice: Choice = EVERY,
) -> Result:
    """Try every rule on a server.

    Args:
        contract: what the server claims to keep.
        target: the server; its meter holds the budget of the run.
        seed: which values are sent; the same seed sends the same ones.
        on_progress: told before each case.
        cases: of the plan, which to try; all when None.
        workers: how many cases are tried at the same time, of those that do not interfere; any
            number sends the same requests; as many as hide the time that the server takes when
            None.
        database: the folder in which found faults are kept, to be tried first the next time; None
            keeps nothing.
        choice: which rules count; of the others nothing is told but their names.

    Returns:
        The verdicts; after Ctrl-C or at the end of the budget those reached so far, with what was
        left out.
    """
    base = ground(contract, seed)
    todo = plan(contract, seed=seed) if cases is None else list(cases)
    recorder = Recorder(contract, target.meter.started)
    target = replace(target, exchange=recorder.over(target.exchange, "laws"))
    watch = Watch(base, target)
    lab = Lab(base, target, watch.see)
    wanted = [case for case in todo if choice.admits(case.rule.name)]
    chosen = workers or hands(target)
    session, kept = _Session(lab, wanted, chosen, choice=choice), Kept(contract, database)
    try:
        left_out = session.try_all(kept.groups(), on_progress)
    finally:
        kept.keep(*session.groups())
        residue = (*restored(lab), *clean(base, target))
    watched = watch.verdicts()
    said = [(case.spot.subject.operation, case.rule.law) for case in todo]
    said += [(each.subject.operation, each.law) for each in watched]
    unsaid = silent(contract, said) if cases is None else ()
    watched = tuple(each for each in watched if choice.admits(each.rule))
    unsaid = tuple(each for each in unsaid if each.law in choice.laws)
    return Result(
        title=contract.title,
        digest=contract.digest,
        target=target.mask(target.name),
        seed=seed,
        verdicts=(*session.verdicts, *watched, *unsaid),
        requests=target.meter.requests,
        seconds=target.meter.seconds,
        engines={"laws": target.meter.requests},
        switched_off=choice.off,
        left_out=left_out,
        residue=residue,
        removed=target.ledger.removed if target.ledger else 0,
        interrupted=session.interrupted or target.stop.heard,
        log=recorder.log(),
    )


@dataclass(frozen=True, slots=True)
class _Word:
    """What is told of a case, by its number: that it is begun, or its verdict."""

    number: int
    verdict: Verdict | None = None


_Cause = tuple[str, str, str]
"""The rule, the operation and the clause: what a fault is named by."""


class Bench:
    """Where single cases are tried, each once, in whatever order they are asked for.

    Args:
        contract: what the server claims to keep.
        target: the server.
        seed: which values are sent.
        choice: which rules count.
    """

    def __init__(
        self, contract: Contract, target: Target, *, seed: int = 1, choice: Choice = EVERY
    ) -> None:
        base = ground(contract, seed)
        self._watch = Watch(base, target)
        self._lab = Lab(base, target, self._watch.see)
        self._session = _Session(self._lab, (), choice=choice)
        self._parts: dict[str, Lab] = {}
        self._told: dict[int, tuple[Case, Verdict]] = {}
        self._ended = ""

    def verdict(self, case: Case) -> Verdict:
        """The verdict on a case; it is tried the first time that this is asked."""
        if id(case) not in self._told:
            self._told[id(case)] = (case, self._tried(case))
        return self._told[id(case)][1]

    def watched(self, rule: str, operation: str, cases: Iterable[Case]) -> tuple[Verdict, ...]:
        """The verdicts of a passive rule on an operation.

        Args:
            rule: its name.
            operation: the key of the operation.
            cases: whose answers are judged; those that were not tried yet are now, until the rule
                is broken.
        """
        for case in cases:
            if id(case) not in self._told and not self._ended:
                found = self._seen(rule, operation)
                if any(each.standing is Standing.BROKEN for each in found):
                    return found
                self.verdict(case)
        return self._seen(rule, operation)

    def restored(self) -> tuple[Leftover, ...]:
        """Put back what there is one of, and tell what could not be put back."""
        return restored(self._lab)

    def _seen(self, rule: str, operation: str) -> tuple[Verdict, ...]:
        every = self._watch.verdicts()
        return tuple(v for v in every if v.rule == rule and v.subject.operation == operation)

    def _part(self, name: str) -> Lab:
        if not self._parts:
            self._lab.skip_taken_names()
        if name not in self._parts:
            self._parts[name] = self._lab.part(name)
        return self._parts[name]

    def _tried(self, case: Case) -> Verdict:
        try:
            if not self._ended:
                return self._session.verdict(self._part(name_of(case)), case)
        except OutOfTime:
            self._ended = "the budget was used up"
        except Gone as reason:
            self._ended = f"the server was gone: {reason}"
        law, subject = case.rule.law, case.spot.subject
        return Verdict(case.rule.name, law, subject, Standing.NOT_REACHED, self._ended)


@dataclass(slots=True)
class _Session:
    lab: Lab
    cases: Sequence[Case]
    workers: int = 1
    choice: Choice = EVERY
    told: dict[int, Verdict] = field(default_factory=dict[int, Verdict])
    """By number of the case, in the order in which they were reached."""
    interrupted: bool = False
    _causes: Counter[_Cause] = field(default_factory=Counter[_Cause])
    """How often each was confirmed, or in vain (negative)."""

    @property
    def verdicts(self) -> list[Verdict]:
        """In the order of the cases."""
        return [self.told[number] for number in sorted(self.told)]

    def groups(self) -> tuple[frozenset[str], frozenset[str]]:
        """The groups in which something was tried, and those in which something is broken."""
        names = {number: name_of(self.cases[number]) for number in self.told}
        broken = (n for n, each in self.told.items() if each.standing is Standing.BROKEN)
        return frozenset(names.values()), frozenset(names[number] for number in broken)

    def try_all(self, first: Container[str], on_progress: Progress) -> tuple[str, ...]:
        """Try the cases; say what was left out.

        Args:
            first: which groups come first, by name.
            on_progress: told before each case.
        """
        try:
            if self.cases:
                self.lab.skip_taken_names()
            for word in self._words(first):
                if word.verdict is not None:
                    self.told[word.number] = word.verdict
                else:
                    on_progress(len(self.told), len(self.cases), self.cases[word.number].label)
            self._look_again()
        except OutOfTime:
            return self._left_out("the budget was used up")
        except Gone as reason:
            kept = _before_it_went(self.told.values(), str(reason))
            self.told = dict(zip(self.told, kept, strict=True))
            return self._left_out(f"the server was gone: {reason}")
        except KeyboardInterrupt:
            self.interrupted = True
            return self._left_out("the run was interrupted")
        on_progress(len(self.cases), len(self.cases), "")
        return ()

    def _words(self, first: Container[str]) -> Iterator[_Word]:
        """Those that want to be alone come last, but for those that found something before."""
        every = groups(self.lab.ground, self.cases)
        early = [each for each in every if each.name in first]
        rest = [each for each in every if each.name not in first]
        for some in (early, rest):
            yield from crew([each for each in some if each.apart], self._group, self.workers)
            yield from crew([each for each in some if not each.apart], self._group, 1)

    def _group(self, group: Group, stop: threading.Event) -> Iterator[_Word]:
        lab = self.lab.part(group.name, stop)
        for number, case in group.cases:
            if stop.is_set():
                return
            yield _Word(number)
            yield _Word(number, self.verdict(lab, case))

    def verdict(self, lab: Lab, case: Case) -> Verdict:
        """Try a case on a bench, and once more where it seems broken."""
        before = lab.sent
        judgement = self._judged(lab, case)
        if judgement.rule and self.choice.refuses(judgement.rule):
            judgement = not_applicable(f"it shows {judgement.rule} broken, which is switched off")
        elif judgement.rule and not self.choice.admits(judgement.rule):
            judgement = replace(judgement, rule="")  # nobody asked for the other one by name
        rule = _BY_NAME.get(judgement.rule, case.rule)
        return Verdict(
            rule.name,
            rule.law,
            judgement.subject or case.spot.subject,
            judgement.standing,
            judgement.reason,
            judgement.finding,
            max(1, lab.sent - before),
        )

    def _judged(self, lab: Lab, case: Case) -> Judgement:
        first = _once(lab, case)
        once = case.rule.once or names_item(lab.ground, case.spot)
        if first.standing is not Standing.BROKEN or once:
            return first
        cause = case.rule.name, case.spot.operation.key, case.spot.pointer
        if self._causes[cause] > 0:
            return first  # the same fault in another state
        acquaint(lab, case.spot.operation)
        # Again with nothing shared: confirms the fault, and its exchange is the shortest.
        again = [_afresh(lab, case)]
        if again[0].standing is not Standing.BROKEN and self._causes[cause] > -_IN_VAIN:
            again.append(_afresh(lab, case))
        confirmed = next((each for each in again if each.standing is Standing.BROKEN), None)
        self._causes[cause] += 1 if confirmed else -1
        if confirmed is None or confirmed.finding is None:
            return not_reached("seen broken once, and not when it was tried again, twice")
        tries = 1 + len(again)
        return replace(confirmed, finding=replace(confirmed.finding, seen=2, tries=tries))

    def _look_again(self) -> None:
        """With nothing at the same time, for each rule, what was seen while other cases ran."""
        if self.workers <= 1:
            return
        seen: dict[str, list[int]] = {}
        for number, verdict in self.told.items():
            rule = self.cases[number].rule
            if verdict.standing is Standing.BROKEN and rule.apart and not rule.once:
                seen.setdefault(rule.name, []).append(number)
        for numbers in seen.values():
            for count, number in enumerate(numbers):
                alone = _afresh(self.lab.part(f"alone {number}"), self.cases[number])
                if alone.standing is Standing.BROKEN:
                    break
                if count < _IN_VAIN:
                    reason = "seen broken only while other cases were tried at the same time"
                    self.told[number] = replace(
                        self.told[number],
                        standing=Standing.NOT_REACHED,
                        finding=None,
                        reason=reason,
                    )

    def _left_out(self, reason: str) -> tuple[str, ...]:
        return _left_out(
            (case for number, case in enumerate(self.cases) if number not in self.told), reason
        )


_BY_NAME = {each.name: each for each in RULES}

_IN_VAIN = 3
"""How often a cause is confirmed in vain before it is tried again only once."""


def _afresh(lab: Lab, case: Case) -> Judgement:
    with lab.afresh():
        return _once(lab, case)


def _once(lab: Lab, case: Case) -> Judgement:
    try:
        with asked_by(case.rule.name):
            return case.rule.judge(lab, case.spot)
    except NotReached as reason:
        return not_reached(str(reason))


def _before_it_went(verdicts: Iterable[Verdict], reason: str) -> list[Verdict]:
    """Of the verdicts on unanswered requests only the first: it names what the server died of."""
    kept: list[Verdict] = []
    died = False
    for each in verdicts:
        unanswered = each.finding is not None and bool(each.finding.steps[-1].answer.failure)
        if unanswered and died:
            standing = Standing.NOT_REACHED
            each = replace(each, standing=standing, finding=None, reason=f"no answer: {reason}")
        died = died or unanswered
        kept.append(each)
    return kept


def _left_out(cases: Iterable[Case], reason: str) -> tuple[str, ...]:
    by_rule = Counter((case.rule.law, case.rule.name) for case in cases)
    return tuple(
        f"{law}: {name}: {count} cases, {reason}" for (law, name), count in by_rule.items()
    )
