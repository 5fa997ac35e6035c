"""Which broken verdicts have one cause: those of one rule first, then rules by what they look at."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from tallystick.contract import Contract

from ..exchange import Paths
from ..rules.answers import PASSIVE
from ..verdicts import Kind, Law, Result, Standing, Step, Subject, Verdict

Place: TypeAlias = tuple[str, str]
"""An operation and a pointer."""
Look: TypeAlias = tuple[str, tuple[str, ...]]
"""An operation whose answer was looked at, and the member of it."""

T = TypeVar("T")

SYSTEMATIC = 3
"""Places from which on the same observation of one rule counts as one cause."""
_ON_VALUES = frozenset({Kind.EQUALS, Kind.ONE_OF, Kind.NONE_OF, Kind.SAME, Kind.FITS, Kind.LENGTH})


@dataclass(slots=True)
class Cluster:
    """Broken verdicts of one rule with one cause."""

    rule: str
    law: Law
    verdicts: list[Verdict]
    systematic: bool = False
    """Whether the rule is broken wherever it was judged in these states, or nearly so."""
    looks: frozenset[Look] = frozenset()
    statuses: frozenset[str] = frozenset()
    operations: frozenset[str] = field(default=frozenset())

    @property
    def places(self) -> set[Place]:
        """Where it is broken."""
        return {place_of(each) for each in self.verdicts}

    @property
    def members(self) -> set[Place]:
        """The same by member of the body."""
        return {(v.subject.operation, v.subject.member) for v in self.verdicts if v.subject.member}


def grouped(
    result: Result, contract: Contract | None
) -> list[tuple[tuple[Verdict, ...], tuple[Verdict, ...]]]:
    """For each cause the verdicts of the rule that names it, and those of the rules beside it."""
    by_rule: dict[str, list[Verdict]] = defaultdict(list)
    for each in result.broken:
        by_rule[each.rule].append(each)
    judged = _judged(result)
    clusters = [
        cluster
        for rule, verdicts in by_rule.items()
        for cluster in _of_rule(verdicts, judged[rule])
    ]
    finder = Finder(contract)
    for cluster in clusters:
        finder.look(cluster)
    joined = _components(clusters, _one_cause)
    return [_headed(each) for each in joined]


def _judged(result: Result) -> Mapping[str, dict[str, set[Place]]]:
    """By rule and state the places at which it was judged at all."""
    found: dict[str, dict[str, set[Place]]] = defaultdict(lambda: defaultdict(set))
    for each in result.verdicts:
        if each.standing in (Standing.HELD, Standing.BROKEN):
            found[each.rule][each.subject.state].add(place_of(each))
    return found


def place_of(verdict: Verdict) -> Place:
    """Where a verdict stands."""
    return verdict.subject.operation, verdict.subject.pointer


# --- one rule ----------------------------------------------------------------------------------


def _of_rule(verdicts: list[Verdict], judged: Mapping[str, set[Place]]) -> list[Cluster]:
    """The verdicts of one rule, joined where they have a pointer, a member or all in common."""
    states = {each.subject.state for each in verdicts}
    places = {place_of(each) for each in verdicts}
    everywhere = set[Place]().union(*(judged.get(state, set()) for state in states))
    whole = len(places) > 1 and places >= everywhere and verdicts[0].rule not in PASSIVE
    gists = [gist(each) for each in verdicts]
    spread: dict[str, set[Place]] = defaultdict(set)
    for text, each in zip(gists, verdicts, strict=True):
        spread[text].add(place_of(each))

    def keys(index: int) -> Iterable[Hashable]:
        subject, text = verdicts[index].subject, gists[index]
        yield "pointer", "whole" if whole else subject.pointer
        if subject.member:
            yield "member", subject.member
        if len(spread[text]) >= SYSTEMATIC:
            yield "gist", text

    found: list[Cluster] = []
    for indices in _sharing(len(verdicts), keys):
        group = [verdicts[index] for index in indices]
        broad = whole or len({place_of(each) for each in group}) >= SYSTEMATIC
        found.append(Cluster(group[0].rule, group[0].law, group, broad))
    return found


def _sharing(count: int, keys: Callable[[int], Iterable[Hashable]]) -> list[list[int]]:
    """The numbers below ``count`` in groups: those that have a key in common, directly or not."""
    group_of: dict[Hashable, list[int]] = {}
    groups: dict[int, list[int]] = {}
    for index in range(count):
        own = [index]
        for key in keys(index):
            other = group_of.get(key)
            if other is not None and other is not own:
                other.extend(own)
                groups.pop(id(own), None)
                for known, group in group_of.items():
                    if group is own:
                        group_of[known] = other
                own = other
            group_of[key] = own
        groups[id(own)] = own
    return [sorted(group) for group in groups.values()]


def gist(verdict: Verdict) -> str:
    """An observation without the names and values in it."""
    text = verdict.finding.observation if verdict.finding else verdict.reason
    text = re.sub(r'"(?:[^"\\]|\\.)*"|\{[^{}]*\}|\[[^\[\]]*\]|(?<!\w)/[\w/*~.-]+', "_", text)
    text = re.sub(r"\bTrue\b|\btrue\b|\bfalse\b|\bnull\b|\bnothing\b|-?\d[\d.eE+-]*", "_", text)
    return re.sub(r"At the top|At _|\w+_\w+", "_", text)


# --- several rules -----------------------------------------------------------------------------


class Finder:
    """Tells at which answers, and where in them, the claims of a finding look.

    Args:
        contract: whose operations answered; without one a request is known by its path alone.
    """

    def __init__(self, contract: Contract | None) -> None:
        self._paths = Paths(contract) if contract else None

    def look(self, cluster: Cluster) -> None:
        """Note at what the verdicts of a cluster look."""
        looks: set[Look] = set()
        statuses: set[str] = set()
        for verdict in cluster.verdicts:
            finding = verdict.finding
            for claim in finding.claims if finding else ():
                if finding is None or not -len(finding.steps) <= claim.step < len(finding.steps):
                    continue
                if claim.kind in _ON_VALUES:
                    looks.add((self.operation(finding.steps[claim.step]), claim.path))
                elif claim.kind is Kind.STATUS:
                    statuses.add(str(claim.value))
        cluster.looks, cluster.statuses = frozenset(looks), frozenset(statuses)
        cluster.operations = frozenset(v.subject.operation for v in cluster.verdicts)

    def operation(self, step: Step) -> str:
        """The operation that a step asks for."""
        method, path = step.request.method, step.request.target.partition("?")[0]
        found = self._paths.operation(method, path) if self._paths else ""
        return found or f"{method} {path}"


def _one_cause(left: Cluster, right: Cluster) -> bool:
    """Whether two rules, or two groups of verdicts of one, are broken by one evident cause."""
    if left.rule == right.rule:
        return False
    if left.rule in PASSIVE or right.rule in PASSIVE:
        return _explained(left, right) if left.rule in PASSIVE else _explained(right, left)
    if not left.operations & right.operations:
        return False
    if Law.CREDENTIALS in (left.law, right.law):
        return False
    if left.members & right.members:
        return True
    if _meet(left.looks, right.looks):
        return True
    same_status = bool(left.statuses & right.statuses)
    return same_status and left.systematic and right.systematic


def _explained(answers: Cluster, other: Cluster) -> bool:
    """Whether what is wrong with the answers of an operation explains what another rule saw there."""
    if other.rule in PASSIVE:
        return bool(answers.places & other.places) or _meet(answers.looks, other.looks)
    if other.law is Law.CREDENTIALS:
        return False
    if not answers.looks:
        return bool(answers.operations & {look[0] for look in other.looks})
    return _meet(answers.looks, other.looks)


def _meet(one: Iterable[Look], other: Iterable[Look]) -> bool:
    by_operation: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for operation, path in other:
        by_operation[operation].append(path)
    return any(
        path[: len(there)] == there or there[: len(path)] == path
        for operation, path in one
        for there in by_operation[operation]
    )


def _components(items: Iterable[T], joined: Callable[[T, T], bool]) -> list[list[T]]:
    """Items in groups, such that those that belong together directly or by others are in one."""
    groups: list[list[T]] = []
    for item in items:
        near = [group for group in groups if any(joined(item, each) for each in group)]
        rest = [group for group in groups if not any(group is each for each in near)]
        merged = [each for group in near for each in group]
        groups = [*rest, [*merged, item]]
    return groups


# --- the rule that names a cause ---------------------------------------------------------------

NAMING: Mapping[str, int] = {
    "no_request_makes_the_server_fail": 0,
    "statuses_are_declared": 1,
    "content_types_are_declared": 1,
    "unset_reads_as_its_default": 3,
    "required_members_are_answered": 3,
    "bodies_fit_their_schema": 3,
    "formats_are_kept": 3,
    "unknown_ids_are_not_found": 4,
    "other_parents_do_not_show_it": 5,
    "reserved_names_are_there": 5,
    "the_same_update_twice_changes_nothing": 7,
    "an_empty_update_changes_nothing": 7,
    "two_members_at_once_both_take_effect": 8,
    "updates_in_a_row_add_up": 8,
    "the_last_update_stands": 8,
    "concurrent_updates_both_take_effect": 8,
    "accepted_names_can_be_addressed": 8,
    "lists_show_what_was_created": 8,
    "the_answer_of_a_create_is_the_item": 8,
}
"""Which of several rules names a cause: the least first; then the one that is broken most often."""
_USUAL = 6


def _headed(clusters: list[Cluster]) -> tuple[tuple[Verdict, ...], tuple[Verdict, ...]]:
    counts: dict[str, int] = defaultdict(int)
    for each in clusters:
        counts[each.rule] += len(each.verdicts)
    laws = {each.rule: list(Law).index(each.law) for each in clusters}
    subjects: dict[str, set[Subject]] = defaultdict(set)
    for each in clusters:
        subjects[each.rule].update(verdict.subject for verdict in each.verdicts)

    def order(rule: str) -> tuple[int, bool, int, int]:
        # A rule that is broken only where another is, too, tells less.
        covered = any(r != rule and subjects[rule] <= subjects[r] for r in counts)
        return NAMING.get(rule, _USUAL), covered, -counts[rule], -laws[rule]

    head = min(counts, key=order)
    heads = [v for each in clusters if each.rule == head for v in each.verdicts]
    also = [v for each in clusters if each.rule != head for v in each.verdicts]
    return tuple(heads), tuple(also)
