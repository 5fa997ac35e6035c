"""A run of the rules: the plan, made before anything is sent, and the verdicts on a server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from tallystick.contract import Contract

from .probes.ground import ground
from .probes.lab import Lab
from .probes.live import Gone, NotReached, OutOfTime
from .rules import RULES, Case
from .rules.passive import Watch
from .rules.rule import Judgement, names_item, not_reached
from .rules.silent import silent
from .target import Target
from .verdicts import Result, Standing, Verdict

Progress = Callable[[int, int, str], None]
"""Called with how many cases are done, how many there are, and what is being tried."""


def plan(contract: Contract, *, seed: int = 1) -> list[Case]:
    """Every case of a contract, in the order in which it is tried: the same for the same seed."""
    base = ground(contract, seed)
    return [Case(rule, spot) for rule in RULES for spot in rule.where(base)]


def run(
    contract: Contract,
    target: Target,
    *,
    seed: int = 1,
    on_progress: Progress = lambda done, total, label: None,
    cases: Sequence[Case] | None = None,
) -> Result:
    """Try every rule on a server.

    Args:
        contract: what the server claims to keep.
        target: the server; its meter holds the budget of the run.
        seed: which values are sent; the same seed sends the same ones.
        on_progress: told before each case.
        cases: of the plan, which to try; all when None.

    Returns:
        The verdicts; after Ctrl-C or at the end of the budget those reached so far, with what was
        left out.
    """
    base = ground(contract, seed)
    todo = plan(contract, seed=seed) if cases is None else list(cases)
    watch = Watch(base, target)
    lab = Lab(base, target, watch.see)
    session = _Session(lab)
    left_out = session.try_all(todo, on_progress)
    lab.cleanup()
    watched = watch.verdicts()
    said = [(case.spot.subject.operation, case.rule.law) for case in todo]
    said += [(each.subject.operation, each.law) for each in watched]
    unsaid = silent(contract, said) if cases is None else ()
    return Result(
        title=contract.title,
        digest=contract.digest,
        target=target.mask(target.name),
        seed=seed,
        verdicts=(*session.verdicts, *watched, *unsaid),
        requests=target.meter.requests,
        seconds=target.meter.seconds,
        engines={"laws": target.meter.requests},
        left_out=left_out,
        interrupted=session.interrupted,
    )


@dataclass(slots=True)
class _Session:
    lab: Lab
    verdicts: list[Verdict] = field(default_factory=list[Verdict])
    interrupted: bool = False

    def try_all(self, cases: Sequence[Case], on_progress: Progress) -> tuple[str, ...]:
        for done, case in enumerate(cases):
            try:
                on_progress(done, len(cases), case.label)
                self.verdicts.append(self._verdict(case))
            except OutOfTime:
                return _left_out(cases[done:], "the budget was used up")
            except Gone as reason:
                self.verdicts = _before_it_went(self.verdicts, str(reason))
                return _left_out(cases[done:], f"the server was gone: {reason}")
            except KeyboardInterrupt:
                self.interrupted = True
                return _left_out(cases[done:], "the run was interrupted")
        on_progress(len(cases), len(cases), "")
        return ()

    def _verdict(self, case: Case) -> Verdict:
        before = self.lab.target.meter.requests
        judgement = self._judged(case)
        rule = next((each for each in RULES if each.name == judgement.rule), case.rule)
        return Verdict(
            rule.name,
            rule.law,
            judgement.subject or case.spot.subject,
            judgement.standing,
            judgement.reason,
            judgement.finding,
            max(1, self.lab.target.meter.requests - before),
        )

    def _judged(self, case: Case) -> Judgement:
        first = self._once(case)
        once = case.rule.once or names_item(self.lab.ground, case.spot)
        if first.standing is not Standing.BROKEN or once:
            return first
        # Again with nothing shared: confirms the fault, and its exchange is the shortest.
        again = [self._afresh(case)]
        if again[0].standing is not Standing.BROKEN:
            again.append(self._afresh(case))
        confirmed = next((each for each in again if each.standing is Standing.BROKEN), None)
        return confirmed or not_reached("seen broken once, and not when it was tried again, twice")

    def _afresh(self, case: Case) -> Judgement:
        with self.lab.afresh():
            return self._once(case)

    def _once(self, case: Case) -> Judgement:
        try:
            return case.rule.judge(self.lab, case.spot)
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
