"""Faults of routing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tallystick.contract import Contract

from ...verdicts import Law
from ..fault import Fault
from ..records import Call, Reply
from ..refusal import Refusal
from ..world import Behaviour, World
from .edits import Install, refusals

_LAWS = frozenset({Law.ROUTING})


def _refused(status: int, bend: Callable[[Behaviour, World, Call, Refusal], Call]) -> Install:
    """Where the route is refused with this status, ``bend`` has another try."""

    def install(correct: Behaviour) -> Behaviour:
        def route(world: World, call: Call) -> Call:
            try:
                return correct.route(world, call)
            except Refusal as refusal:
                if refusal.status != status:
                    raise
                return bend(correct, world, call, refusal)

        return replace(correct, route=route)

    return install


def _any_method(correct: Behaviour, world: World, call: Call, refusal: Refusal) -> Call:
    safe = [each for each in refusal.allow if each == "GET"] or list(refusal.allow)
    return correct.route(world, replace(call, method=safe[0]))


def _junk(correct: Behaviour, world: World, call: Call, refusal: Refusal) -> Call:
    """One segment more than the path has is cut off."""
    shorter = call.path.rpartition("/")[0]
    return correct.route(world, replace(call, path=shorter))


def _case(correct: Behaviour, world: World, call: Call, refusal: Refusal) -> Call:
    for routes in world.routes.values():
        for each in routes:
            sent, parts = call.path.split("/"), each.template.split("/")
            pairs = list(zip(sent, parts, strict=False))
            alike = all("{" in part or part.lower() == said.lower() for said, part in pairs)
            if len(sent) == len(parts) and alike:
                path = "/".join(said if "{" in part else part for said, part in pairs)
                return correct.route(world, replace(call, path=path))
    raise refusal


def _no_allow(world: World, call: Call, reply: Reply) -> Reply:
    kept = tuple(each for each in reply.headers if each[0].lower() != "allow")
    return replace(reply, headers=kept)


def _some(contract: Contract) -> bool:
    return bool(contract.operations)


def _fault(name: str, sentence: str, install: Install) -> Fault:
    return Fault(name, "routing", sentence, _LAWS, install, _some)


FAULTS = (
    _fault(
        "wrong_method_accepted",
        "A method that a path does not have is taken for one that it has.",
        _refused(405, _any_method),
    ),
    _fault(
        "longer_path_accepted", "A path with a segment too many is accepted.", _refused(404, _junk)
    ),
    _fault("path_case_ignored", "A path in another case is accepted.", _refused(404, _case)),
    _fault("allow_left_out", "A 405 does not say which methods the path has.", refusals(_no_allow)),
)
